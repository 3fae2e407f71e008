package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cchc/domain/outage"
	"cchc/templates/bulletin"
)

// Why an officer's word is not taken.
var (
	errEnded   = errors.New("the outage is over, or its notice has gone out")
	errChanged = errors.New("the draft is not the one that was shown")
	errUsed    = errors.New("the word was given already")
)

// approve takes an officer's word for the draft with that hash. used is the mark of
// the link that carried it; "": a command.
func approve(r *record, word outage.Approval, used string) error {
	if used != "" && slices.Contains(r.Used, used) {
		return errUsed
	}
	if !r.waits() {
		return errEnded
	}
	if word.Hash != r.Notice.Hash {
		return errChanged
	}
	for _, a := range r.Notice.Approvals {
		if a.Hash == word.Hash && a.Party == word.Party && outage.Address(a.Mail) == outage.Address(word.Mail) {
			return errUsed
		}
	}
	r.Notice.Approvals = append(r.Notice.Approvals, word)
	if used != "" {
		r.Used = append(r.Used, used)
	}
	r.changed()
	return nil
}

// amendment is what officers may change in a draft.
type amendment struct {
	Number string
	Until  time.Time
	Note   string
}

const (
	longestNote   = 1000
	longestNumber = 40
)

var numberForm = regexp.MustCompile(`^[0-9]{1,6}/[\p{L}0-9-]+$`)

// faults are what is wrong with an amendment, at its fields.
func (a amendment) faults(now time.Time) []bulletin.Fault {
	var out []bulletin.Fault
	if a.Number != "" && (utf8.RuneCountInString(a.Number) > longestNumber || !numberForm.MatchString(a.Number)) {
		out = append(out, bulletin.NumberFault)
	}
	if !a.Until.IsZero() && !a.Until.After(now) {
		out = append(out, bulletin.UntilFault)
	}
	if utf8.RuneCountInString(a.Note) > longestNote {
		out = append(out, bulletin.NoteFault)
	}
	return out
}

// amend writes the draft anew; words given for the one before no longer count, and
// officers are asked again.
func amend(r *record, a amendment, hash string, facts outage.Facts) error {
	if !r.waits() {
		return errEnded
	}
	if hash != r.Notice.Hash {
		return errChanged
	}
	r.Notice.Number, r.Notice.Until, r.Notice.Note = a.Number, a.Until, strings.TrimSpace(a.Note)
	wordDraft(r, facts)
	r.changed()
	return nil
}
