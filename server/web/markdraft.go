package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// maxTypedPoints is how much of what was typed as points is kept.
const maxTypedPoints = 40

// readTyped takes from the form what was typed about the criteria on the screen. Whoever
// has seen what somebody else says and keeps their own writes over what was compared
// with; whoever takes the other's says nothing.
func (d *markingDesk) readTyped(f url.Values) ([]storage.MarkChange, error) {
	var typed []storage.MarkChange
	for _, c := range d.criteria() {
		choice := f.Get("choice." + c.Code)
		if !slices.Contains(f["asked"], c.Code) || choice == chooseTheirs {
			continue
		}
		base, seen := f.Get("base."+c.Code), f.Get("seen."+c.Code)
		if choice == chooseMine {
			base, seen = f.Get("clash."+c.Code), f.Get("clash-seen."+c.Code)
		}
		change := storage.MarkChange{TypedMark: par.TypedMark{
			Criterion: c.Code, Points: short(strings.TrimSpace(f.Get(par.MarkField(c.Code))), maxTypedPoints), Reason: f.Get("reason." + c.Code),
			NotApplicable: f.Get("out."+c.Code) != "", Agrees: slices.Contains(f["agree"], c.Code),
		}}
		var errBase, errSeen error
		change.Base, errBase = strconv.Atoi(base)
		change.Seen, errSeen = strconv.ParseInt(seen, 10, 64)
		if errBase != nil || errSeen != nil {
			return nil, errBadForm
		}
		typed = append(typed, change)
	}
	return typed, nil
}

// draftMarks keeps what was typed before anything is given of it: whatever comes next, it
// is not lost, and nobody gives a mark over what a colleague has typed meanwhile. done:
// it has answered, because somebody was faster or it cannot be kept.
func (s *Server) draftMarks(w http.ResponseWriter, r *http.Request, d *markingDesk, n *storage.NewMarks) (done bool, err error) {
	saved, err := s.store.SaveMarkDrafts(r.Context(), *n)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return true, s.marksConflict(w, r, d.actor, n.Typed, conflicts)
	case broken != nil:
		return true, s.marksAgain(w, r, d.actor, n.Typed, broken)
	case err != nil:
		return true, err
	}
	for i, change := range n.Typed {
		if one, kept := saved[change.Criterion]; kept {
			n.Typed[i].Base = one.Version
		}
	}
	return false, nil
}

// autosaveMarks keeps what was typed and tells so. Nothing is given by it.
func (s *Server) autosaveMarks(w http.ResponseWriter, r *http.Request, d *markingDesk, n storage.NewMarks) error {
	saved, err := s.store.SaveMarkDrafts(r.Context(), n)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return answerJSON(w, http.StatusConflict, map[string]any{"error": conflicts.Error()})
	case broken != nil:
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	case err != nil:
		return err
	}
	drafts, err := s.store.MarkDrafts(r.Context(), d.AppraisalView)
	if err != nil {
		return err
	}
	answer := templates.MarksTyped{Saved: words.Clock(d.Now), Versions: make(map[string]int, len(saved)), Typed: templates.TypedMarks(d.waiting(drafts))}
	for code, one := range saved {
		answer.Versions[code] = one.Version
	}
	for _, change := range n.Typed {
		if change.Unread() {
			answer.Unread++
		}
	}
	return answerJSON(w, http.StatusOK, answer)
}

// waiting counts the criteria of the field about which something is typed and not given.
func (d *markingDesk) waiting(drafts map[string]storage.MarkDraft) int {
	n := 0
	for _, c := range d.criteria() {
		if c.Asked && drafts[c.Code].Waits {
			n++
		}
	}
	return n
}

// typedRow puts what was typed into a row, on what it was typed on.
func typedRow(row *templates.MarkingRow, change storage.MarkChange) {
	row.Points, row.Out, row.Agree, row.Reason = change.Points, change.NotApplicable, change.Agrees, change.Reason
	row.Base, row.Seen = change.Base, change.Seen
}

// marksConflict answers 409: what somebody else has typed or given meanwhile stands at
// its criterion beside what was typed, and one of the two is chosen; without a choice it
// is asked again. The rest is kept as it was typed, and nothing has been given.
func (s *Server) marksConflict(w http.ResponseWriter, r *http.Request, actor staff.Actor, typed []storage.MarkChange, conflicts storage.Conflicts) error {
	d, err := s.markingDesk(r, actor) // as it stands now
	if err != nil {
		return err
	}
	page, err := s.markingPage(r, d)
	if err != nil {
		return err
	}
	for _, change := range typed {
		theirs, stale := conflicts.At(par.MarkField(change.Criterion))
		at := slices.IndexFunc(page.Rows, func(row templates.MarkingRow) bool { return row.Code == change.Criterion })
		if !stale || at < 0 {
			continue
		}
		typedRow(&page.Rows[at], change)
		page.Rows[at].Clash = &templates.MarkClash{
			Version: theirs.Version, Seen: theirs.Seen, By: words.MarkConflict(theirs.By, words.MomentNear(theirs.At, d.Now), theirs.Given),
			Theirs: templates.TypedMarkText(*theirs.Mark), Reason: theirs.Mark.Reason,
		}
	}
	return s.render(w, http.StatusConflict, "appraisal/field", page)
}
