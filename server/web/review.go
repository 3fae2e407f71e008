package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showReview is the page on which the division head and the authority decide:
// the content with its differences, and the decision bound to it.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if !d.Reading().Opens(d.Revision, d.ownPeople()) {
		return goTo(w, r, d.tooLate())
	}
	revision, err := s.store.Revision(r.Context(), d.ID, d.Revision)
	if err != nil {
		return err
	}
	checked, err := s.store.Checked(r.Context(), d.DocumentView, revision)
	if err != nil {
		return err
	}
	page := templates.ReviewPage{
		Shell: s.shellOf(r, d, words.ReviewWork), Document: d.head(), Key: newKey(),
		Revision: revision.Number, ContentHash: revision.ContentHash,
		Due: d.due(), Steps: d.steps(), Pending: d.pending(), Timeline: d.timeline(),
		Authority: d.Stage == document.AuthorityReview,
		MayDecide: d.may(document.Approve) || d.may(document.Confirm),
		MayReturn: d.may(document.Return) && !d.may(document.Sign),
		Summary:   d.summary(checked), Returned: d.lastReturn(d.Revision),
	}
	if page.Request, err = s.request(r, d); err != nil {
		return err
	}
	if page.Returned != nil {
		points, err := s.store.ReturnPoints(r.Context(), d.ID, d.Stage == document.AuthorityReview || !d.ownPeople())
		if err != nil {
			return err
		}
		page.Points = d.pointList(points, checked)
	}
	if !page.MayDecide {
		page.Why = d.whyNot(d.deskAction())
		next, err := s.next(r, d)
		if err != nil {
			return err
		}
		page.Meanwhile = d.meanwhile(next)
	}
	if page.Prints, err = s.prints(r, d); err != nil {
		return err
	}
	if page.Comments, err = s.comments(r, d); err != nil {
		return err
	}
	if err := s.addReviewTab(r, d, checked, &page); err != nil {
		return err
	}
	return s.show(w, "document/review", page)
}

// deskAction is what the present desk is waited for.
func (d *dossier) deskAction() document.Action {
	switch d.Stage {
	case document.Drafting:
		return document.Submit
	case document.Signing:
		return document.Sign
	case document.AuthorityReview:
		return document.Confirm
	}
	return document.Approve
}

// addReviewTab shows the content, or what has changed since the revision before.
// A second submission opens on the changes.
func (s *Server) addReviewTab(r *http.Request, d *dossier, c storage.Checked, page *templates.ReviewPage) error {
	before := d.Reading().Before(d.Revision, d.ownPeople())
	if before == 0 { // what was recalled or returned inside the unit is not for others
		page.Reading = d.reading(c)
		return nil
	}
	differences, err := s.differencesSince(r, d, before, c)
	if err != nil {
		return err
	}
	content := r.URL.Query().Get("tab") == "content" || differences.Count == 0
	page.Tabs = []templates.Tab{
		{Label: words.TabContent, URL: d.path("/review?tab=content"), Current: content},
		{Label: words.TabChanges(before), URL: d.path("/review?tab=changes"), Count: differences.Count, HasZero: true, Current: !content},
	}
	if content {
		page.Reading = d.reading(c)
	} else {
		page.Changes = &differences
	}
	page.Summary = append(page.Summary, templates.CheckLine{State: "ok", Text: words.ChangesReady(differences.Count, before)})
	return nil
}

func (d *dossier) summary(c storage.Checked) []templates.CheckLine {
	lines := readyLines(c, d)
	if d.FirstSignedAt == nil {
		return lines
	}
	onTime := d.FirstSignedAt.Before(d.UnitDueAt)
	line := templates.CheckLine{
		State: "ok", Text: words.TimeReady(onTime), About: words.OnTime(*d.FirstSignedAt, d.UnitDueAt, d.calendar),
	}
	if !onTime {
		line.State = "warn"
	}
	return append([]templates.CheckLine{line}, lines...)
}

// showReturn is the form that sends a document back.
func (s *Server) showReturn(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if !d.may(document.Return) {
		return s.showRefused(w, r, d, document.Return, d.notOffered(document.Return), "", http.StatusConflict)
	}
	page, err := s.returnPage(r, d, nil)
	if err != nil {
		return err
	}
	return s.show(w, "document/return", page)
}

// returnPage is the form with the points that have been typed.
func (s *Server) returnPage(r *http.Request, d *dossier, points []document.Point) (templates.ReturnPage, error) {
	authors, err := s.store.PeopleAt(r.Context(), d.Unit.Code, staff.Specialist)
	if err != nil {
		return templates.ReturnPage{}, err
	}
	page := templates.ReturnPage{
		Shell: s.shellOf(r, d, words.TitleReturn), Document: d.head(), Key: newKey(),
		Revision: d.Revision, ContentHash: d.ContentHash, ReceiverIs: words.ReturnTo(names(authors), d.Unit.Name),
		FromSigning: d.Stage == document.Signing,
	}
	if d.Stage == document.AuthorityReview {
		page.NewDue = words.ResubmitBy(document.ResubmitDue(d.Now, d.UnitDueAt, d.Campaign.ResubmitDays, d.calendar))
	}
	page.Points, err = s.pointRows(r, d, points)
	return page, err
}

// notOffered is why the table of moves does not let the reader act now.
func (d *dossier) notOffered(action document.Action) rule.Errors {
	if len(d.waiting) > 0 {
		return rule.Broken(storage.DecisionPending, "")
	}
	state := d.State()
	position, ok := document.RoleFor(state, action, d.actor, d.authority)
	if !ok {
		for _, move := range document.Moves {
			if move.Action == action && move.From == d.Stage {
				return rule.Broken(document.NotYourRole, "")
			}
		}
		return rule.Broken(document.WrongStage, "", string(d.Stage))
	}
	_, broken := document.Next(state, document.Decision{
		Action: action, Person: d.actor.Person, Role: string(position.Role), Unit: position.Unit,
		Revision: state.Revision, ContentHash: state.ContentHash, Reason: "-", Until: state.DueAt.AddDate(1, 0, 0),
	}, d.authority)
	return broken
}

// showRecall is the form that takes a submission back.
func (s *Server) showRecall(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if !d.may(document.Recall) {
		return s.showRefused(w, r, d, document.Recall, d.notOffered(document.Recall), "", http.StatusConflict)
	}
	return s.show(w, "document/recall", s.recallPage(r, d))
}

func (s *Server) recallPage(r *http.Request, d *dossier) templates.RecallPage {
	return templates.RecallPage{
		Shell: s.shellOf(r, d, words.TitleRecall), Document: d.head(), Key: newKey(), Revision: d.Revision, Holder: d.holder(),
	}
}

// showExtend, showExempt and showReopen are the authority's forms about a
// document's due.
func (s *Server) showExtend(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.showDuePage(w, r, actor, document.Extend)
}

func (s *Server) showExempt(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.showDuePage(w, r, actor, document.Exempt)
}

func (s *Server) showReopen(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.showDuePage(w, r, actor, document.Reopen)
}

func (s *Server) showDuePage(w http.ResponseWriter, r *http.Request, actor staff.Actor, action document.Action) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if !d.may(action) {
		return s.showRefused(w, r, d, action, d.notOffered(action), "", http.StatusConflict)
	}
	page, err := s.duePage(r, d, action)
	if err != nil {
		return err
	}
	return s.show(w, "document/due", page)
}

func (s *Server) duePage(r *http.Request, d *dossier, action document.Action) (templates.DuePage, error) {
	page := templates.DuePage{
		Shell: s.shellOf(r, d, words.Action(action)), Document: d.head(), Key: newKey(), Due: d.due(),
		Action: action, Revision: d.Revision, ContentHash: d.ContentHash,
		Until: words.Date(calendar.DayOf(d.DueAt).Add(d.Campaign.ResubmitDays)),
	}
	if action == document.Reopen {
		page.Until = words.Date(words.LastDay(document.DeskDue(d.Now, d.Campaign.ResubmitDays, d.calendar)))
	}
	request, err := s.store.OpenRequest(r.Context(), d.ID)
	if err == nil && request != nil && action == document.Extend {
		page.Asked, page.Until = d.askedNote(request), words.Date(words.LastDay(request.Until))
		page.Asked.URL = ""
	}
	return page, err
}

// moveDue takes the new last day of an extension or reopening; the document may be
// handed in until the hour that the campaign allows on every last day.
func (s *Server) moveDue(action document.Action) handler {
	return func(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
		n, err := decisionForm(r, action, actor)
		if err != nil {
			return err
		}
		day, ok := dayIn(r.PostFormValue("until"))
		if !ok {
			return s.refused(w, r, n, rule.Broken(dateBad, "until"))
		}
		v, err := s.store.DocumentView(r.Context(), actor.Reads(), n.Document)
		if err != nil {
			return err
		}
		n.Until = day.At(v.Campaign.Cutoff)
		return s.road(w, r, n, func(ctx context.Context) (int64, error) { return s.store.AddDecision(ctx, n) })
	}
}

// dateBad is a text that is no day.
const dateBad rule.Code = "date_bad"

// formAgain shows the form of the action again with what was typed; nil where
// the action has no form of its own.
func (s *Server) formAgain(r *http.Request, d *dossier, n storage.NewDecision, broken rule.Errors) func(http.ResponseWriter) error {
	show := func(page string, view any) func(http.ResponseWriter) error {
		return func(w http.ResponseWriter) error { return s.showBroken(w, page, view) }
	}
	switch n.Action {
	case document.Return:
		page, err := s.returnAgain(r, d, n)
		if err != nil {
			return func(http.ResponseWriter) error { return err }
		}
		page.Errors = broken
		return show("document/return", page)
	case document.Sign:
		return func(w http.ResponseWriter) error { return s.signAgain(w, r, d, broken) }
	case document.Recall:
		page := s.recallPage(r, d)
		page.Errors, page.Reason, page.Revision = broken, n.Reason, n.Revision
		return show("document/recall", page)
	case document.Extend, document.Exempt, document.Reopen:
		page, err := s.duePage(r, d, n.Action)
		if err != nil {
			return func(http.ResponseWriter) error { return err }
		}
		page.Errors, page.Reason, page.Revision, page.ContentHash = broken, n.Reason, n.Revision, n.ContentHash
		if r.PostForm.Has("until") {
			page.Until = r.PostFormValue("until")
		}
		return show("document/due", page)
	}
	return nil
}

// showNumber is the clerk's page: the number that the document will bear.
func (s *Server) showNumber(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Signing {
		return goTo(w, r, d.tooLate())
	}
	page, err := s.numberPage(r, d)
	if err != nil {
		return err
	}
	return s.show(w, "document/number", page)
}

func (s *Server) numberPage(r *http.Request, d *dossier) (templates.NumberPage, error) {
	number, symbol, assigned, err := s.store.NumberOffer(r.Context(), d.ID)
	page := templates.NumberPage{
		Shell: s.shellOf(r, d, words.TitleNumber), Document: d.head(), Key: newKey(),
		Number: templates.NumberChoice{Next: storage.PrintedNumber(number), Symbol: symbol, Assigned: assigned},
	}
	if assigned {
		page.Assigned = storage.NumberText(number, symbol)
	} else {
		page.Number.Number = page.Number.Next
	}
	return page, err
}

// assignNumber sets a number aside for the document. Doing it twice with the
// same number changes nothing.
func (s *Server) assignNumber(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "number"); err != nil {
		return err
	}
	typed := r.PostFormValue("number")
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	number, ok := numberIn(strings.TrimSpace(typed))
	broken := rule.Broken(storage.NumberBad, "number")
	if ok {
		number, err = s.store.AssignNumber(r.Context(), d.ID, actor, number)
		broken = brokenIn(err)
	}
	if broken != nil {
		return s.numberAgain(w, r, d, typed, broken)
	}
	if err != nil {
		return err
	}
	text := words.Numbered(storage.NumberText(number, d.Kind.Symbol(d.Unit.Symbol)))
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: text}); err != nil {
		return err
	}
	return goTo(w, r, d.path(""))
}

func (s *Server) numberAgain(w http.ResponseWriter, r *http.Request, d *dossier, typed string, broken rule.Errors) error {
	if !hasField(broken) {
		return s.showRefused(w, r, d, document.Sign, broken, typed, refusalStatus(broken))
	}
	page, err := s.numberPage(r, d)
	if err != nil {
		return err
	}
	page.Errors, page.Number.Number = broken, typed
	return s.showBroken(w, "document/number", page)
}

// numberIn reads a document number; blank is 0, the next of the series.
func numberIn(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	number, err := strconv.Atoi(text)
	return number, err == nil && number > 0
}
