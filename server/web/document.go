package web

import (
	"net/http"
	"strconv"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showDocument is a document's own page.
func (s *Server) showDocument(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	now := hurried{stage: d.Stage, deskSince: d.DeskSince, due: d.DueAt, signed: d.FirstSignedAt != nil}
	risks, err := s.risks(r.Context(), map[string]hurried{d.ID: now}, d.Now, d.calendar)
	if err != nil {
		return err
	}
	if risk, late := risks[d.ID]; late {
		d.risk = &risk
	}
	page := templates.DocumentPage{
		Shell: s.shellOf(r, d, ""), Document: d.head(), Steps: d.steps(), Due: d.due(), Pending: d.pending(),
		Returned: d.returned(), Timeline: d.timeline(), Facts: d.facts(),
	}
	if page.Asked, err = s.asked(r, d); err != nil {
		return err
	}
	if page.Request, err = s.request(r, d); err != nil {
		return err
	}
	if d.list != "" { // they came to act
		next, err := s.next(r, d)
		if err != nil {
			return err
		}
		page.Meanwhile = d.meanwhile(next)
	}
	if page.Actions, err = s.trackingButton(r, d, d.buttons()); err != nil {
		return err
	}
	if d.Stage == document.HandedIn {
		page.Actions = append(page.Actions, templates.Button{Label: templates.SeeAppraisal, URL: appraisalPath(d.ID), Primary: true})
	}
	if err := s.addContent(r, d, &page); err != nil {
		return err
	}
	if page.Prints, err = s.prints(r, d); err != nil {
		return err
	}
	if page.Comments, err = s.comments(r, d); err != nil {
		return err
	}
	link, _ := s.engineLink(d.ID, d.RunID, d.ClosedAt, d.Now)
	if link != "" && actor.Holds(staff.SystemAdmin, s.store.Authority()) {
		page.Operator = &templates.Link{Label: words.OperatorLink, URL: link}
	}
	return s.show(w, "document/show", page)
}

// request is what asks for an ad hoc report; nil for every other document.
func (s *Server) request(r *http.Request, d *dossier) (*templates.RequestCard, error) {
	if d.Kind != document.AdHoc {
		return nil, nil
	}
	q, err := s.store.CampaignRequest(r.Context(), d.Campaign.Code)
	if err != nil {
		return nil, err
	}
	card := &templates.RequestCard{
		Line: words.RequestLine(q.Number, q.Date, q.Issuer), Title: q.Title,
		Allowed: words.Allowed(period.Ahead{Span: q.Span, Count: q.Count}, q.LaunchedAt),
	}
	if q.FileHash != nil {
		card.FileURL, card.File, card.About = d.path("/files/"+*q.FileHash), q.FileName, words.Size(q.FileSize)
	}
	return card, nil
}

// addContent shows the task list to those who write, and the content to read to
// all others: the draft to the unit's own people, signed revisions to the rest.
func (s *Server) addContent(r *http.Request, d *dossier, page *templates.DocumentPage) error {
	drafting := d.Stage == document.Drafting
	switch {
	case drafting && d.ownPeople():
		draft, err := s.store.Draft(r.Context(), d.ID)
		if err != nil {
			return err
		}
		page.Points = d.pointList(d.points, draft.Checked())
		if d.actor.Holds(staff.Specialist, d.Unit.Code) {
			earlier, err := s.store.Earlier(r.Context(), d.ID)
			if err != nil {
				return err
			}
			page.Sections, page.Before = d.sectionList(draft, earlier), d.leftToDo(draft)
			return nil
		}
		page.Reading = d.reading(draft.Checked())
	case d.Reading().Newest(d.ownPeople()) > 0:
		revision, err := s.store.Revision(r.Context(), d.ID, d.Reading().Newest(d.ownPeople()))
		if err != nil {
			return err
		}
		checked, err := s.store.Checked(r.Context(), d.DocumentView, revision)
		if err != nil {
			return err
		}
		page.Points = d.pointList(d.points, checked)
		if page.Reading, err = s.readingNow(r, d, checked, revision.Number); err != nil {
			return err
		}
	default:
		if page.Pending == nil {
			page.Pending = &templates.Note{Tone: templates.ToneInfo, Text: words.NotSubmitted}
		}
	}
	return nil
}

// buttons is what the reader can go on to, the main thing last and primary.
func (d *dossier) buttons() []templates.Button {
	var buttons []templates.Button
	add := func(label, path string, primary bool) {
		buttons = append(buttons, templates.Button{Label: label, URL: d.path(path), Primary: primary})
	}
	if d.may(document.Exempt) {
		buttons = append(buttons, templates.Button{
			Label: words.Action(document.Exempt), URL: d.path("/exempt"), Danger: true})
	}
	if d.may(document.Reopen) {
		add(words.Action(document.Reopen), "/reopen", false)
	}
	if d.may(document.Extend) {
		add(words.Action(document.Extend), "/extend", false)
	}
	if d.may(document.Recall) {
		add(words.Action(document.Recall), "/recall", false)
	}
	if _, asks := document.AskerOf(d.actor, d.Unit.Code); asks && d.Stage.AtUnitDesk() && !d.asked {
		add(templates.AskLabel, "/extension", false)
	}
	if d.Stage == document.Signing && d.actor.Holds(staff.Clerk, d.Unit.Code) {
		add(words.NumberWork, "/number", true)
	}
	switch {
	case d.may(document.Submit):
		add(words.CheckWork, "/check", true)
	case d.may(document.Approve), d.may(document.Confirm):
		add(words.ReviewWork, "/review", true)
	case d.may(document.Sign):
		add(words.SignWork(d.Kind), "/sign", true)
	}
	return buttons
}

func (d *dossier) facts() []templates.Pair {
	var facts []templates.Pair
	if len(d.issued) > 0 {
		facts = append(facts, templates.Pair{Name: words.FactNumber, Value: d.issued[0].NumberText()})
	}
	if d.FirstSignedAt != nil {
		facts = append(facts, templates.Pair{Name: words.FactFirstSigned, Value: words.Moment(*d.FirstSignedAt)})
	}
	if d.Revision > 0 {
		facts = append(facts, templates.Pair{Name: words.FactRevision, Value: words.Number(d.Revision)})
	}
	if d.comparable() {
		facts = append(facts, templates.Pair{Name: words.FactDifferences, Value: words.SeeDifferences, URL: "/documents/" + d.ID + "/differences"})
	}
	if d.Returns > 0 {
		facts = append(facts, templates.Pair{Name: words.FactReturns, Value: words.Number(d.Returns)})
	}
	if d.Reopened > 0 {
		facts = append(facts, templates.Pair{Name: words.FactReopened, Value: words.ReopenedTimes(d.Reopened, *d.ReopenedAt)})
	}
	if d.Campaign.Guidance != "" && d.Kind != document.AdHoc { // what asks for that one has a card of its own
		facts = append(facts, templates.Pair{Name: words.FactGuidance, Value: d.Campaign.Guidance})
	}
	return facts
}

// prints lists signed files and prints of all revisions, newest first; the print
// of the draft is for the unit's own people.
func (s *Server) prints(r *http.Request, d *dossier) ([]templates.File, error) {
	base := "/documents/" + d.ID
	lines, err := s.store.Revisions(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	bundles, err := s.bundlesOf(r, d)
	if err != nil {
		return nil, err
	}
	var files []templates.File
	if d.Kind == document.Plan {
		if files, err = s.adjustedPrint(r, d); err != nil {
			return nil, err
		}
	}
	if d.Stage == document.Drafting && d.ownPeople() {
		files = append(files, templates.File{Label: words.DraftPrint, URL: base + "/print.pdf"})
	}
	signed := map[int]storage.IssuedFile{}
	for _, one := range d.issued {
		signed[one.Revision] = one
	}
	for _, line := range lines {
		number := strconv.Itoa(line.Number)
		if one, ok := signed[line.Number]; ok {
			files = append(files, templates.File{
				Label: words.SignedFile(one.NumberText()), Icon: "patch-check", URL: base + "/issued/" + number + ".pdf",
				About: words.SignedAbout(one.PersonName, one.SignedAt, one.Revision),
			})
			files = append(files, bundleFile(d, bundles, line.Number)...)
			continue
		}
		if !d.Reading().Opens(line.Number, d.ownPeople()) {
			continue
		}
		files = append(files, templates.File{
			Label: words.RevisionPrint(line.Number), URL: base + "/print.pdf?revision=" + number,
			About: words.PrintAbout(line.Submitter, line.SubmittedAt),
		})
		files = append(files, bundleFile(d, bundles, line.Number)...)
	}
	return files, nil
}
