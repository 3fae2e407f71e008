package plan

import (
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// EntryKind is what somebody writes about a task while its plan lives.
type EntryKind string

// The kinds. Entries are only ever added: together they are the task's history.
const (
	Progress   EntryKind = "progress"   // how far the work has come
	Result     EntryKind = "result"     // the document that completes the task
	Withdrawal EntryKind = "withdrawal" // the result that stands is none
)

// Limits of an entry's texts, in letters.
const (
	MaxEntryNote   = 2000
	MaxEntryNumber = 60
	MaxEntryTitle  = 500
)

// The codes of broken rules of an entry, at the fields of the same names.
const (
	EntryNoteMissing   rule.Code = "entry_note_missing"   // note
	EntryTooLong       rule.Code = "entry_too_long"       // note, number, title; most letters
	EntryPercentBad    rule.Code = "entry_percent_bad"    // percent
	EntryNumberMissing rule.Code = "entry_number_missing" // number
	EntryDateMissing   rule.Code = "entry_date_missing"   // issued_on
	EntryDateAhead     rule.Code = "entry_date_ahead"     // issued_on; today (ISO)
	EntryTitleMissing  rule.Code = "entry_title_missing"  // title
	EntryNoEvidence    rule.Code = "entry_no_evidence"    // file: neither it nor where the document is kept
	TaskHasResult      rule.Code = "task_has_result"      // no field: another result stands
	TaskHasNoResult    rule.Code = "task_has_no_result"   // no field: nothing to withdraw
	TaskCancelled      rule.Code = "task_cancelled"       // no field
)

// Entry is what somebody writes about a task.
type Entry struct {
	Kind     EntryKind
	Note     string        // progress: what was done; result: a remark; withdrawal: the reason
	Percent  *int          // of progress; nil: not told
	Number   string        // of the result document
	IssuedOn *calendar.Day // its date: the day on which the task was completed
	Title    string
	HasFile  bool
}

// Check finds all that is wrong with an entry at once. today is the day of writing:
// a document dated later does not exist yet.
func (e Entry) Check(f Facts, today calendar.Day) rule.Errors {
	var broken rule.Errors
	switch {
	case f.Cancelled:
		return rule.Broken(TaskCancelled, "")
	case e.Kind == Result && f.Done != nil:
		return rule.Broken(TaskHasResult, "")
	case e.Kind == Withdrawal && f.Done == nil:
		return rule.Broken(TaskHasNoResult, "")
	}
	if e.Kind == Result {
		e.checkDocument(&broken, today)
	} else if strings.TrimSpace(e.Note) == "" {
		broken.Add(EntryNoteMissing, "note")
	}
	if e.Percent != nil && (*e.Percent < 0 || *e.Percent > 100) {
		broken.Add(EntryPercentBad, "percent")
	}
	tooLong(&broken, "note", e.Note, MaxEntryNote)
	return broken
}

// checkDocument holds the result to what proves a task (dossier of the plan: number,
// date and title of the document, and the document itself or where it is kept).
func (e Entry) checkDocument(broken *rule.Errors, today calendar.Day) {
	if strings.TrimSpace(e.Number) == "" {
		broken.Add(EntryNumberMissing, "number")
	}
	switch {
	case e.IssuedOn == nil:
		broken.Add(EntryDateMissing, "issued_on")
	case *e.IssuedOn > today:
		broken.Add(EntryDateAhead, "issued_on", today.String())
	}
	if strings.TrimSpace(e.Title) == "" {
		broken.Add(EntryTitleMissing, "title")
	}
	if !e.HasFile && strings.TrimSpace(e.Note) == "" {
		broken.Add(EntryNoEvidence, "file")
	}
	tooLong(broken, "number", e.Number, MaxEntryNumber)
	tooLong(broken, "title", e.Title, MaxEntryTitle)
}

func tooLong(broken *rule.Errors, field, text string, most int) {
	if len([]rune(text)) > most {
		broken.Add(EntryTooLong, field, most)
	}
}
