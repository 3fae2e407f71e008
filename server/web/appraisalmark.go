package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// markPoints: what was typed is no number of points.
const markPoints rule.Code = "mark_points"

// markingDesk is one field of an appraisal and who marks it.
type markingDesk struct {
	*appraisalDesk
	field storage.FieldView
}

// markingDesk reads the field in the path; one that the reader does not appraise is not
// there.
func (s *Server) markingDesk(r *http.Request, actor staff.Actor) (*markingDesk, error) {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(d.Fields, func(f storage.FieldView) bool { return f.Code == chi.URLParam(r, "field") })
	if at < 0 || !slices.Contains(d.Sight.Fields, d.Fields[at].Code) {
		return nil, storage.ErrNotFound
	}
	return &markingDesk{appraisalDesk: d, field: d.Fields[at]}, nil
}

func (d *markingDesk) path() string { return fieldPath(d.Document.ID, d.field.Code) }

func (d *markingDesk) criteria() []storage.AppraisedCriterion {
	return slices.DeleteFunc(slices.Clone(d.Criteria), func(c storage.AppraisedCriterion) bool { return c.Field != d.field.Code })
}

// showMarking is the page on which a field is marked.
func (s *Server) showMarking(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.markingDesk(r, actor)
	if err != nil {
		return err
	}
	page, err := s.markingPage(r, d)
	if err != nil {
		return err
	}
	return s.show(w, "appraisal/field", page)
}

func (s *Server) markingPage(r *http.Request, d *markingDesk) (templates.MarkingPage, error) {
	heading := d.field.Code + ". " + d.field.Name
	page := templates.MarkingPage{
		Shell: s.appraisalShell(r, d.appraisalDesk, heading), Head: d.head(), Heading: heading, Due: d.due(), Key: newKey(), ResumeK: newKey(),
		Path: d.path(), OneURL: d.appraisalDesk.path(), Seen: d.field.Newest, Reads: d.reads(), Resumes: d.may(appraisal.Resume, d.field.Code),
	}
	for _, f := range d.Fields {
		if slices.Contains(d.Sight.Fields, f.Code) {
			page.List = append(page.List, d.side(f))
		}
	}
	drafts, err := s.store.MarkDrafts(r.Context(), d.AppraisalView)
	if err != nil {
		return page, err
	}
	page.Typed = templates.TypedMarks(d.waiting(drafts))
	agree := 0
	var newest storage.MarkDraft
	for _, c := range d.criteria() {
		row := d.marking(c)
		draft := drafts[c.Code]
		row.Base = draft.Version
		if draft.Waits {
			typedRow(&row, storage.MarkChange{TypedMark: draft.TypedMark, Seen: c.Newest, Base: draft.Version})
			row.Given = words.DraftedMark(draft.By, words.MomentNear(draft.At, d.Now))
			if draft.At.After(newest.At) {
				newest = draft
			}
		}
		if page.Reads == "" && c.Asked && !c.Marked {
			if row.Open = true; page.First == "" {
				page.First = row.Anchor()
			}
			page.Open++
			if row.Agreeable {
				agree++
			}
		}
		page.Rows = append(page.Rows, row)
	}
	page.Saved, page.SavedBy = savedWhen(newest.At, d.Now), newest.By
	page.Agrees = templates.AgreeAllLabel(d.Stage.Round(), agree)
	page.Finishes = d.may(appraisal.Finish, d.field.Code)
	if d.field.Todo > 0 {
		page.Progress = templates.MarkedOf(d.field.Marked, d.field.Todo)
	}
	next, found, err := s.store.NextAppraisal(r.Context(), d.actor, d.Document.ID, d.field.Code)
	if found {
		page.NextURL = fieldPath(next.Document, next.Field)
	}
	return page, err
}

// reads tells why nothing can be marked now; "" where it can.
func (d *markingDesk) reads() string {
	broken := d.State.Check(appraisal.Decision{Action: appraisal.Mark, Person: d.actor.Person, Field: d.field.Code}, d.Now)
	switch {
	case broken == nil:
		return ""
	case d.Stage == appraisal.Explaining:
		return templates.NoteExplainWaits
	case d.Stage == appraisal.Done:
		return templates.NoteAllDone
	case d.field.FinishedAt != nil && d.field.Todo == 0:
		return templates.NoteNotAsked
	case d.field.FinishedAt != nil:
		return templates.NoteFieldDone
	}
	return words.Message(broken[0])
}

func (d *markingDesk) side(f storage.FieldView) templates.SideItem {
	item := templates.SideItem{Code: f.Code, Title: f.Name, URL: fieldPath(d.Document.ID, f.Code), Current: f.Code == d.field.Code}
	chip := templates.FieldChip(f.FinishedAt != nil, f.Marked, f.Todo)
	item.State, item.Icon = chip.Word, "circle"
	if f.FinishedAt != nil {
		item.Icon = "check-lg"
	}
	return item
}

// marking is a criterion with its mark.
func (d *markingDesk) marking(c storage.AppraisedCriterion) templates.MarkingRow {
	round := d.Stage.Round()
	row := templates.MarkingRow{
		AppraisedRow: d.row(c), Rule: words.CriterionRule(d.Set, c.Criterion), Guide: c.Guide, Answer: answerLines(c.Criterion, c.Answer),
		Said: c.Answer.Explanation, SelfWhy: words.Why(c.Appraised.Self.Why), Remark: c.NeedsRemark && round == par.FirstRound,
		MayBeOut: c.MayNotApply || c.Appraised.Self.NotApplicable, Marked: c.Marked, Seen: c.Newest,
	}
	if row.First == templates.UnmarkedScore || round != par.SecondRound {
		row.First = ""
	}
	if before := c.Appraised.Before; before != nil && round == par.SecondRound {
		row.Stood, row.SaidStood = markText(before), before.Reason
	}
	for _, hash := range c.Answer.Evidence {
		row.Evidence = append(row.Evidence, d.file(hash, d.Files[hash]))
	}
	for _, m := range c.Marks {
		if m.Round == par.FirstRound && round == par.SecondRound {
			row.Said1 = m.Reason
		}
		if m.ID != c.Newest || !c.Marked {
			continue
		}
		row.Given = words.ByAt(m.By, m.Unit) + ", " + words.MomentNear(m.At, d.Now)
		row.Out, row.Reason = m.Out, m.Reason
		if !m.Out {
			row.Points = par.Points(m.Points).VN()
		}
	}
	if standing := standingOf(c, round); round != 0 && c.Asked && !c.Marked && standing.Known {
		_, row.Agreeable = c.Agreement(withoutRound(c.Appraised, round), round)
		row.AgreeText = templates.StandingText(round, row.Stood != "", standing)
	}
	return row
}

// standingOf is what an agreement in the round takes over.
func standingOf(c storage.AppraisedCriterion, round int) par.Score {
	m, _ := c.Agreement(withoutRound(c.Appraised, round), round)
	if round == par.FirstRound {
		return c.Appraised.Self
	}
	return par.Score{Points: m.Points, NotApplicable: m.NotApplicable, Known: c.Appraised.First != nil}
}

// withoutRound is a criterion before the round's own marks.
func withoutRound(a par.Appraised, round int) par.Appraised {
	if a.Second = nil; round == par.FirstRound {
		a.First = nil
	}
	return a
}

// saveMarks gives the marks of a field, or shows what is wrong with them; autosave, by the
// same address, only keeps what was typed.
func (s *Server) saveMarks(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, d, err := s.marksForm(r, actor)
	if err != nil {
		return err
	}
	if wantsJSON(r) {
		return s.autosaveMarks(w, r, d, n)
	}
	if done, err := s.draftMarks(w, r, d, &n); done {
		return err
	}
	return s.giveMarks(w, r, d, n, templates.Flash{Tone: templates.ToneOK, Text: templates.MarksSaved})
}

// giveMarks makes marks of what was typed and kept.
func (s *Server) giveMarks(w http.ResponseWriter, r *http.Request, d *markingDesk, n storage.NewMarks, said templates.Flash) error {
	var broken rule.Errors
	var err error
	if n.Marks, broken = d.readMarks(n.Typed); broken == nil {
		err = s.store.SaveMarks(r.Context(), n)
		broken = brokenIn(err)
	}
	if broken != nil {
		return s.marksAgain(w, r, d.actor, n.Typed, broken)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, said, d.path())
}

// marksForm reads what was typed about a field, and the desk that it was typed at.
func (s *Server) marksForm(r *http.Request, actor staff.Actor) (storage.NewMarks, *markingDesk, error) {
	n := storage.NewMarks{Document: documentID(r), Field: chi.URLParam(r, "field"), Actor: actor}
	if err := parseForm(r); err != nil {
		return n, nil, err
	}
	var err error
	if n.Key, err = uuid.Parse(r.PostForm.Get("key")); err != nil {
		return n, nil, errBadForm
	}
	d, err := s.markingDesk(r, actor)
	if err != nil {
		return n, nil, err
	}
	n.Typed, err = d.readTyped(r.PostForm)
	return n, d, err
}

// readMarks are the marks that what was typed asks for: of what was ticked, what stands;
// else what was typed. A row without points, without a tick and without a reason says
// nothing.
func (d *markingDesk) readMarks(typed []storage.MarkChange) ([]storage.MarkGiven, rule.Errors) {
	var broken rule.Errors
	var given []storage.MarkGiven
	round := d.Stage.Round()
	for _, c := range d.criteria() {
		at := slices.IndexFunc(typed, func(change storage.MarkChange) bool { return change.Criterion == c.Code })
		if at < 0 {
			continue
		}
		change := typed[at]
		m := storage.MarkGiven{Criterion: c.Code, Reason: change.Reason, NotApplicable: change.NotApplicable, Seen: change.Seen, Base: change.Base}
		points, read := change.Read()
		switch {
		case change.Unread():
			broken.Add(markPoints, par.MarkField(c.Code))
			continue
		case read:
			m.Points = points
		case m.NotApplicable:
		case change.Agrees:
			standing := standingOf(c, round)
			m.Points, m.NotApplicable = standing.Points, standing.NotApplicable
		case strings.TrimSpace(m.Reason) != "" && !c.Marked:
			broken.Add(markPoints, par.MarkField(c.Code))
			continue
		default:
			continue
		}
		given = append(given, m)
	}
	return given, broken
}

// unsaved tells whether the mark says something that its criterion's does not.
func (d *markingDesk) unsaved(m storage.MarkGiven) bool {
	return slices.ContainsFunc(d.Criteria, func(c storage.AppraisedCriterion) bool { return c.Code == m.Criterion && !c.Says(m) })
}

// marksAgain shows the page as it was typed.
func (s *Server) marksAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, typed []storage.MarkChange, broken rule.Errors) error {
	d, err := s.markingDesk(r, actor) // as it stands now
	if err != nil {
		return err
	}
	page, err := s.markingPage(r, d)
	if err != nil {
		return err
	}
	page.Errors = broken
	for _, change := range typed {
		if at := slices.IndexFunc(page.Rows, func(row templates.MarkingRow) bool { return row.Code == change.Criterion }); at >= 0 {
			typedRow(&page.Rows[at], change)
		}
	}
	return s.render(w, refusalStatus(broken), "appraisal/field", page)
}

// agreeAll gives what was typed, and takes over what stands at every other criterion of
// the page that is not marked yet.
func (s *Server) agreeAll(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, d, err := s.marksForm(r, actor)
	if err != nil {
		return err
	}
	if done, err := s.draftMarks(w, r, d, &n); done {
		return err
	}
	given := 0
	var broken rule.Errors
	if n.Marks, broken = d.readMarks(n.Typed); broken == nil {
		given, err = s.store.AgreeAll(r.Context(), n, r.PostForm["asked"])
		broken = brokenIn(err)
	}
	if broken != nil {
		return s.marksAgain(w, r, actor, n.Typed, broken)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: templates.AgreedFlash(given)}, d.path())
}

// finishField ends the field's round and leads on to the next that waits. What was typed
// and not saved yet is saved instead, to be looked at before it is final.
func (s *Server) finishField(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor, "seen")
	if err != nil {
		return err
	}
	marks, d, err := s.marksForm(r, actor)
	if err != nil {
		return err
	}
	if d.reads() == "" {
		if done, err := s.draftMarks(w, r, d, &marks); done {
			return err
		}
		given, broken := d.readMarks(marks.Typed)
		if broken != nil || slices.ContainsFunc(given, d.unsaved) {
			return s.giveMarks(w, r, d, marks, templates.Flash{Tone: templates.ToneWarn, Text: templates.MarksSavedFirst})
		}
	}
	if n.Seen, err = strconv.ParseInt(r.PostForm.Get("seen"), 10, 64); err != nil {
		return errBadForm
	}
	n.Action, n.Field = appraisal.Finish, chi.URLParam(r, "field")
	return s.decidedField(w, r, actor, n, marks.Typed)
}

// resumeField takes the end of a field's round back.
func (s *Server) resumeField(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor)
	if err != nil {
		return err
	}
	n.Action, n.Field = appraisal.Resume, chi.URLParam(r, "field")
	return s.decidedField(w, r, actor, n, nil)
}

func (s *Server) decidedField(w http.ResponseWriter, r *http.Request, actor staff.Actor, n storage.AppraisalDecision, typed []storage.MarkChange) error {
	err := s.store.DecideAppraisal(r.Context(), n)
	if broken := brokenIn(err); broken != nil {
		return s.marksAgain(w, r, actor, typed, broken)
	}
	if err != nil {
		return err
	}
	flash := templates.Flash{Tone: templates.ToneOK, Text: templates.AppraisalFlash(n.Action)}
	if n.Action == appraisal.Finish {
		next, found, err := s.store.NextAppraisal(r.Context(), actor, n.Document, n.Field)
		if err != nil {
			return err
		}
		if found {
			flash.NextURL, flash.NextText = fieldPath(next.Document, next.Field), templates.NextField
		}
	}
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, fieldPath(n.Document, n.Field))
}
