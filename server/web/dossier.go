package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// dossier is one document's page in the making: what is read once and shown in
// several places.
type dossier struct {
	storage.DocumentView
	actor     staff.Actor
	authority string // code of the authority's unit
	calendar  calendar.Calendar
	offers    []document.Action
	waiting   []storage.WaitingDecision
	events    []storage.Event // newest first
	issued    []storage.IssuedFile
	asked     bool                      // a request for more time is open; known to the pages that show it
	list      string                    // query of the task list that the reader came from; may be empty
	present   []storage.Presence        // who else writes it; only for those who do
	risk      *document.Risk            // will probably be late; known to the document's own page
	points    []storage.ReturnPoint     // what it came back for, while it is being mended
	appraised storage.AppraisalStanding // of a self-assessment that was handed in
}

// dossier reads what every page about the document in the path, {id}, needs.
func (s *Server) dossier(r *http.Request, actor staff.Actor) (*dossier, error) {
	return s.dossierOf(r, actor, documentID(r))
}

// documentID is the document in the path, {id}.
func documentID(r *http.Request) string { return chi.URLParam(r, "id") }

func (s *Server) dossierOf(r *http.Request, actor staff.Actor, id string) (*dossier, error) {
	ctx := r.Context()
	d := &dossier{actor: actor, authority: s.store.Authority(), list: cameFrom(r)}
	var err error
	if d.DocumentView, err = s.store.DocumentView(ctx, actor.Reads(), id); err != nil {
		return nil, err
	}
	if d.calendar, err = s.store.Calendar(ctx); err != nil {
		return nil, err
	}
	if d.waiting, err = s.store.WaitingDecisions(ctx, id); err != nil {
		return nil, err
	}
	if d.events, err = s.store.Timeline(ctx, id); err != nil {
		return nil, err
	}
	if d.issued, err = s.store.IssuedFiles(ctx, id); err != nil {
		return nil, err
	}
	if d.writes() {
		if d.present, err = s.store.Present(ctx, id, actor.Person); err != nil {
			return nil, err
		}
	}
	if d.Returned {
		if d.points, err = s.store.ReturnPoints(ctx, id, !d.ownPeople()); err != nil {
			return nil, err
		}
	}
	if d.Stage == document.HandedIn {
		if d.appraised, err = s.store.AppraisalStanding(ctx, id); err != nil {
			return nil, err
		}
	}
	if len(d.waiting) == 0 { // a recorded decision is answered before the next is taken
		d.offers = document.Offers(d.State(), actor, d.authority)
	}
	return d, nil
}

// may tells whether the reader is offered the action now.
func (d *dossier) may(action document.Action) bool {
	for _, offer := range d.offers {
		if offer == action {
			return true
		}
	}
	return false
}

// ownPeople tells whether the reader belongs to the document's unit: only they
// see what is being written.
func (d *dossier) ownPeople() bool { return belongs(d.actor, d.Unit.Code) }

// belongs tells whether the actor works on the unit's documents.
func belongs(actor staff.Actor, unit string) bool { return slices.Contains(actor.WorksAt(), unit) }

// shellOf is the frame of a page below a document; the document's own page has
// an empty title.
func (s *Server) shellOf(r *http.Request, d *dossier, title string) templates.Shell {
	shell := s.shell(r, title, templates.AtTasks)
	shell.Live.Also(watchDocument + d.ID)
	shell.Crumbs = []templates.Crumb{{Label: words.TitleTasks, URL: pathWith("/tasks", d.list)}}
	if title == "" {
		shell.Title = d.Campaign.Name
		shell.Crumbs = append(shell.Crumbs, templates.Crumb{Label: d.Campaign.Name})
		return shell
	}
	shell.Crumbs = append(shell.Crumbs,
		templates.Crumb{Label: d.Campaign.Name, URL: d.path("")}, templates.Crumb{Label: title})
	return shell
}

// head is what every page says of the document.
func (d *dossier) head() templates.DocumentHead {
	head := templates.DocumentHead{
		ID: d.ID, Title: d.Campaign.Name, Noun: words.Noun(d.Kind), Unit: d.Unit.Name, Revision: d.Revision, Status: d.Status,
		Window: words.WindowOf(d.Kind, period.Window{From: d.Campaign.WindowFrom, To: d.Campaign.WindowTo}),
		Form:   words.Form(d.Campaign.FormVersion), List: d.list,
		Company: d.company(),
	}
	if len(d.issued) > 0 && d.issued[0].Revision == d.Revision {
		head.Number = d.issued[0].NumberText()
	}
	head.Appraised = d.appraised.EndedAt != nil
	if d.Overdue() {
		head.Flags = append(head.Flags, templates.OverdueFlag(words.Overdue(d.DueAt, d.Now, d.calendar)))
	}
	if d.risk != nil {
		head.Flags = append(head.Flags, templates.RiskFlag())
	}
	if d.ExtendedAt != nil {
		word := words.Extended(d.UnitDueAt)
		if d.givenByOutage() {
			word = words.ExtendedByOutage(d.UnitDueAt)
		}
		head.Flags = append(head.Flags, templates.Flag{Icon: "calendar-event", Word: word})
	}
	if d.Reopened > 0 {
		head.Flags = append(head.Flags, templates.ReopenedFlag(d.Reopened))
	}
	if d.DeskRole != "" {
		head.Holder = words.Holder(d.holder(), d.DeskSince, d.Now)
	}
	return head
}

// holder names who is waited for: the one person, else the role.
func (d *dossier) holder() string {
	switch len(d.Holders) {
	case 0:
		return words.NobodyHolds(d.DeskRole, d.Unit.Name)
	case 1:
		return d.Holders[0].Name
	}
	return words.Position(d.DeskRole, d.Unit.Name)
}

// chainOf is the desks of a kind, in order; the end is the last step.
func chainOf(kind document.Kind) []document.Stage {
	chain := []document.Stage{document.Drafting, document.DivisionReview, document.Signing}
	if kind == document.Index {
		return append(chain, document.HandedIn)
	}
	return append(chain, document.AuthorityReview, document.Approved)
}

// steps is the stepper: who has done each step of the present round, and who is
// waited for.
func (d *dossier) steps() []templates.Step {
	done := d.round()
	chain := chainOf(d.Kind)
	steps := make([]templates.Step, len(chain))
	for i, stage := range chain {
		steps[i].Name = words.Stage(stage)
		event, finished := done[stage]
		switch {
		case stage == d.Stage && stage == document.HandedIn:
			steps[i] = d.appraisalStep(steps[i].Name)
		case stage == d.Stage && stage.Closed():
			steps[i].State = "done"
			if d.ClosedAt != nil {
				steps[i].When = words.DoneWhen(*d.ClosedAt, d.Now)
			}
		case stage == d.Stage:
			steps[i].State, steps[i].Person = "now", d.holder()
			steps[i].When = words.SinceWhen(d.DeskSince, d.Now)
		case finished:
			steps[i].State, steps[i].Person = "done", event.PersonName
			steps[i].When = words.DoneWhen(event.At, d.Now)
		}
	}
	return steps
}

// appraisalStep is the last step of a self-assessment: the hand-in ends its own chain, and
// the step is done with the appraisal.
func (d *dossier) appraisalStep(name string) templates.Step {
	a := d.appraised
	if a.EndedAt != nil {
		return templates.Step{Name: name, State: "done", When: words.DoneWhen(*a.EndedAt, d.Now)}
	}
	return templates.Step{Name: name, State: "now", Person: words.AppraisalStage(a.Stage), When: words.SinceWhen(a.Since, d.Now)}
}

// round is by which event each stage was left in the present round: a return or
// recall begins anew.
func (d *dossier) round() map[document.Stage]storage.Event {
	done := map[document.Stage]storage.Event{}
	for i := len(d.events) - 1; i >= 0; i-- {
		event := d.events[i]
		switch document.Action(event.Event) {
		case document.Return, document.Recall, document.Reopen:
			clear(done)
		case document.Submit, document.Approve, document.Sign, document.Confirm:
			done[event.FromStage] = event
		}
	}
	return done
}

// due is the due sentence with its reason.
func (d *dossier) due() *templates.DueLine {
	if d.ClosedAt != nil {
		line := &templates.DueLine{Icon: "check-circle-fill", Tone: "done", Sentence: words.NotDue(d.Status)}
		if d.FirstSignedAt != nil {
			line.Sentence = words.OnTime(*d.FirstSignedAt, d.UnitDueAt, d.calendar)
		}
		if d.Reopened > 0 {
			line.Reason = words.ReopenedFlag(d.Reopened) + "."
		}
		return line
	}
	line := &templates.DueLine{Sentence: words.DueCounted(d.DueAt, d.Now, d.calendar)}
	if d.Overdue() {
		line.Icon, line.Tone = "exclamation-octagon-fill", "late"
	}
	explanation := d.Campaign.Explain(d.calendar)
	switch {
	case d.Stage == document.AuthorityReview:
		line.Reason = d.confirmDue()
	case d.reopening():
		line.Reason = words.ReopenDue(*d.ReopenedAt)
	case !d.DueAt.Equal(d.UnitDueAt):
		line.Reason = words.ResubmitDue(d.Campaign.ResubmitDays)
	case d.ExtendedAt != nil:
		line.Reason = words.DueExtended(*d.ExtendedAt)
		if d.givenByOutage() {
			line.Reason = words.DueExtendedByOutage(*d.ExtendedAt)
		}
		line.Why = &templates.Why{Steps: words.Explain(explanation.Steps)}
	default:
		if !d.Campaign.Inclusive {
			line.Sentence = words.DueBefore(explanation.EffectiveDay, d.DueAt, d.Now, d.calendar)
		}
		line.Why = &templates.Why{Steps: words.Explain(explanation.Steps), Days: d.strip(explanation)}
	}
	if d.risk != nil {
		line.Reason = strings.TrimSpace(line.Reason + " " + words.RiskWhy(*d.risk))
	}
	return line
}

// confirmDue explains the authority's own due: its rule, or that an outage has moved it
// since the document came there.
func (d *dossier) confirmDue() string {
	for _, event := range d.events {
		switch {
		case document.Action(event.Event) == document.Prolong:
			return words.ConfirmProlonged(event.At)
		case event.FromStage != event.ToStage:
			return words.ConfirmDue(d.Campaign.ConfirmDays)
		}
	}
	return words.ConfirmDue(d.Campaign.ConfirmDays)
}

// givenByOutage tells whether the unit's due moved last because of an outage.
func (d *dossier) givenByOutage() bool {
	for _, event := range d.events {
		switch document.Action(event.Event) {
		case document.Extend, document.Excuse:
			return event.Detail["outage"] != nil
		}
	}
	return false
}

// reopening tells whether the document is being corrected after it was reopened:
// neither returned nor extended since.
func (d *dossier) reopening() bool {
	for _, event := range d.events {
		switch document.Action(event.Event) {
		case document.Reopen:
			return true
		case document.Return, document.Extend:
			return false
		}
	}
	return false
}

// strip is the last days before the due day, so that days off are seen.
func (d *dossier) strip(e period.Explanation) []templates.CalendarDay {
	const before = 9
	days := make([]templates.CalendarDay, 0, before+2)
	for day := e.LastDay.Add(-before); day <= e.EffectiveDay; day++ {
		cell := templates.CalendarDay{Weekday: words.WeekdayShort(day), Date: words.DateShort(day)}
		mark, marked := d.calendar.Mark(day)
		switch {
		case !d.calendar.IsWorkingDay(day) && marked:
			cell.Class, cell.Word = "off", words.DayKind(string(mark.Kind))
		case !d.calendar.IsWorkingDay(day):
			cell.Class, cell.Word = "off", words.DayKind(period.Weekend)
		}
		if day == e.LastDay {
			cell.Class, cell.Word = "last", words.LastAllowed
		}
		if day == d.Campaign.WindowTo {
			cell.Class, cell.Word = "key", words.WindowEnds
		}
		days = append(days, cell)
	}
	return days
}

// pending tells everybody of a decision that waits for its answer.
func (d *dossier) pending() *templates.Note {
	if len(d.waiting) > 0 {
		w := d.waiting[0]
		return &templates.Note{Tone: templates.ToneInfo,
			Text: words.PendingDecision(w.PersonName, w.Action, w.ReceivedAt, d.Now)}
	}
	if d.SigningBy != 0 && d.SigningBy != d.actor.Person {
		return &templates.Note{Tone: templates.ToneInfo, Text: words.SigningUntil(d.SigningUntil)}
	}
	return nil
}

// returned tells why the document came back, while it is being mended.
func (d *dossier) returned() *templates.ReturnNotice {
	if !d.Returned || d.Stage != document.Drafting {
		return nil
	}
	return d.lastReturn(d.Revision + 1)
}

// lastReturn is the newest return or reopening, before the given round. The authority
// reads what it has asked for itself, not what the unit's own desks have.
func (d *dossier) lastReturn(round int) *templates.ReturnNotice {
	for _, event := range d.events {
		action := document.Action(event.Event)
		if action != document.Return && action != document.Reopen || event.Revision >= round {
			continue
		}
		if d.Stage == document.AuthorityReview && action == document.Return && event.FromStage != document.AuthorityReview {
			continue
		}
		notice := &templates.ReturnNotice{
			What: words.Done(action), By: words.ByAt(event.PersonName, event.UnitName), When: words.Moment(event.At), Reason: event.Reason,
		}
		if d.Stage == document.Drafting {
			notice.Until, notice.Round = words.ResubmitUntil(d.DueAt), round
		}
		return notice
	}
	return nil
}

// timeline is the history in words, newest first.
func (d *dossier) timeline() []templates.TimelineEntry {
	entries := make([]templates.TimelineEntry, 0, len(d.events))
	for _, event := range d.events {
		entry := templates.TimelineEntry{
			Text: words.Event(event.Event, event.Revision, event.Detail), Quote: event.Reason, At: event.At,
		}
		entry.Icon, entry.Tone = eventMark(event.Event)
		if before := d.Reading().Before(event.Revision, d.ownPeople()); document.Action(event.Event) == document.Submit && before > 0 && d.Reading().Opens(event.Revision, d.ownPeople()) {
			entry.Source = d.differencesURL(strconv.Itoa(before), strconv.Itoa(event.Revision))
		}
		if !words.BySystem(event.Event) {
			entry.Who = words.ByAt(event.PersonName, event.UnitName)
		}
		entries = append(entries, entry)
	}
	return entries
}

func eventMark(event string) (icon, tone string) {
	switch document.Action(event) {
	case document.Submit, document.Approve:
		return "arrow-right", "act"
	case document.Return, document.Recall:
		return "arrow-return-left", "warn"
	case document.Reopen:
		return "arrow-counterclockwise", "warn"
	case document.Sign:
		return "pen", "act"
	case document.Confirm:
		return "check-lg", "ok"
	case document.Exempt:
		return "slash-circle", ""
	case document.Extend, document.Excuse, document.Prolong:
		return "calendar-event", ""
	}
	if event == "due_passed" || event == "escalated" {
		return "exclamation-octagon-fill", "bad"
	}
	return "bell", ""
}
