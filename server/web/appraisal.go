package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// appraisalsPath is the queue of those who appraise.
const appraisalsPath = "/appraisals"

// appraisalPath is the appraisal of a document.
func appraisalPath(document string) string { return appraisalsPath + "/" + document }

func fieldPath(document, field string) string {
	return appraisalPath(document) + "/fields/" + url.PathEscape(field)
}

// The rules that look at the appraisal of the document named in the path as {id}.
var (
	appraisalReaders = access{name: "appraisal readers", permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		_, err := s.store.AppraisalSight(r.Context(), documentID(r), actor)
		return unseen(err)
	}}
	appraisers = access{name: "appraisers", permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		sight, err := s.store.AppraisalSight(r.Context(), documentID(r), actor)
		if err != nil {
			return unseen(err)
		}
		return permitted(len(sight.Fields) > 0)
	}}
	appraisalUnit     = atDocument("appraised unit", staff.Specialist, staff.DivisionHead, staff.Director)
	appraisalHeads    = atDocument("appraised unit's heads", staff.DivisionHead, staff.Director)
	appraisalOfficers = holding("appraisal officers", staff.Officer, staff.AuthorityHead)
)

// unseen refuses whoever sees nothing of an appraisal, whether there is one or not.
func unseen(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return errForbidden
	}
	return err
}

// appraisalDesk is an appraisal and who reads it.
type appraisalDesk struct {
	storage.AppraisalView
	actor     staff.Actor
	authority string
	days      calendar.Calendar
	earlier   map[string]storage.EarlierScore
}

func (s *Server) appraisalDesk(r *http.Request, actor staff.Actor) (*appraisalDesk, error) {
	v, err := s.store.Appraisal(r.Context(), documentID(r), actor)
	if err != nil {
		return nil, err
	}
	d := &appraisalDesk{AppraisalView: v, actor: actor, authority: s.store.Authority()}
	if d.days, err = s.store.Calendar(r.Context()); err != nil {
		return nil, err
	}
	d.earlier, err = s.store.EarlierScores(r.Context(), v)
	return d, err
}

func (d *appraisalDesk) path() string { return appraisalPath(d.Document.ID) }

// may tells whether the reader may take the action now, in the field.
func (d *appraisalDesk) may(action appraisal.Action, field string) bool {
	return slices.Contains(d.State.Offers(field, d.actor, d.authority, d.Now), action)
}

// appraisalShell is the frame of a page of an appraisal; the appraisal's own page has no
// title.
func (s *Server) appraisalShell(r *http.Request, d *appraisalDesk, title string) templates.Shell {
	shell := s.shell(r, title, templates.AtTasks)
	shell.Live.Also(watchDocument + d.Document.ID)
	root := templates.Crumb{Label: words.TitleTasks, URL: "/tasks"}
	if len(d.Sight.Fields) > 0 {
		root = templates.Crumb{Label: templates.TitleAppraisals, URL: appraisalsPath}
	}
	name := templates.TitleAppraisal + ": " + d.Document.Unit.Name
	if title == "" {
		shell.Title = name
		shell.Crumbs = []templates.Crumb{root, {Label: name}}
		return shell
	}
	shell.Crumbs = []templates.Crumb{root, {Label: name, URL: d.path()}, {Label: title}}
	return shell
}

func (d *appraisalDesk) head() templates.AppraisalHead {
	head := templates.AppraisalHead{Unit: d.Document.Unit.Name, Campaign: d.Document.Campaign.Name, Chip: templates.AppraisalChip(d.Stage)}
	if d.actor.Reads().Covers(d.Document.Unit.Code) {
		head.DocumentURL = "/documents/" + d.Document.ID
	}
	head.Sum = sumOf(d.Criteria)
	return head
}

// sumOf tells what criteria come to, by the unit and by its appraisers.
func sumOf(criteria []storage.AppraisedCriterion) string {
	var self, final, most par.Points
	unmarked := 0
	for _, c := range criteria {
		end := c.Appraised.Final()
		if !c.Appraised.Self.NotApplicable {
			self += c.Appraised.Self.Points
		}
		most += c.Max
		switch {
		case !end.Known:
			unmarked++
		case !end.NotApplicable:
			final += end.Points
		}
	}
	return templates.AppraisalSum(self, final, most, unmarked)
}

// due tells until when the present round lasts, and why.
func (d *appraisalDesk) due() *templates.DueLine {
	if d.DueAt == nil {
		return nil
	}
	line := &templates.DueLine{Sentence: words.DueCounted(*d.DueAt, d.Now, d.days), Reason: words.AppraisalStage(d.Stage) + " " + words.RoundEnds(*d.DueAt) + "."}
	if d.State.Over(d.Now) {
		line.Tone = "late"
	}
	if d.Extended {
		return line
	}
	t := d.Schedule.Of(d.Stage)
	on := ""
	if t.On != nil {
		on = words.Date(*t.On)
	}
	line.Why = &templates.Why{Steps: []string{words.RoundBegan(d.RoundAt), templates.RoundText(t.Days, on) + "."}}
	return line
}

// showAppraisal is the appraisal of one self-assessment as far as the reader sees it.
func (s *Server) showAppraisal(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "appraisal/show", s.appraisalPage(r, d))
}

func (s *Server) appraisalPage(r *http.Request, d *appraisalDesk) templates.AppraisalPage {
	page := templates.AppraisalPage{
		Shell: s.appraisalShell(r, d, ""), Head: d.head(), Steps: d.steps(), Due: d.due(), Notes: d.notes(), History: d.history(),
	}
	for _, f := range d.Fields {
		if d.Sight.Sees(f.Code) {
			page.Fields = append(page.Fields, d.field(f))
		}
	}
	if d.may(appraisal.RefuseLate, "") {
		page.Late = &templates.LateAnswer{URL: d.path() + "/late", Key: newKey(), Published: d.PublishedAt != nil, About: words.ByAt(d.Answer.By, words.MomentNear(d.Answer.At, d.Now))}
	}
	if d.may(appraisal.Extend, "") {
		page.Extend = &templates.AppraisalForm{URL: d.path() + "/decide", Key: newKey()}
	}
	if d.may(appraisal.Reopen, "") {
		page.Reopen = &templates.ReopenForm{URL: d.path() + "/decide", Key: newKey()}
		for _, c := range d.Criteria {
			page.Reopen.Criteria = append(page.Reopen.Criteria, templates.ReopenChoice{Code: c.Code, Name: c.Name})
		}
	}
	if d.may(appraisal.Write, "") {
		page.Actions = append(page.Actions, templates.Button{Label: templates.TitleExplanation, URL: d.path() + "/explanation", Primary: true})
	}
	return page
}

// steps are the rounds that the appraisal has been through and will go through.
func (d *appraisalDesk) steps() []templates.Step {
	at := slices.Index(appraisal.Stages, d.Stage)
	var steps []templates.Step
	for i, stage := range appraisal.Stages {
		step := templates.Step{Name: words.AppraisalStage(stage)}
		switch {
		case i < at || d.Stage == appraisal.Done && i == at:
			step.State = "done"
		case i == at:
			step.State = "now"
			step.When = words.RoundEnds(*d.DueAt)
		}
		steps = append(steps, step)
	}
	return steps
}

func (d *appraisalDesk) notes() []templates.Note {
	var notes []templates.Note
	say := func(tone templates.Tone, text string) { notes = append(notes, templates.Note{Tone: tone, Text: text}) }
	switch {
	case d.Sight.Whole && !d.Sight.Weighs && d.Stage == appraisal.First:
		say(templates.ToneInfo, templates.NoteWeighing)
	case d.Sight.Whole && !d.Sight.Weighs && d.Stage == appraisal.Second:
		say(templates.ToneInfo, templates.NoteSecond)
	}
	if a := d.Answer; a != nil {
		switch {
		case a.Action == appraisal.Accept:
			say(templates.ToneOK, templates.NoteAccepted)
		case a.Late && a.AnsweredBy == nil:
			say(templates.ToneWarn, templates.NoteLateSent)
		case d.refused():
			say(templates.ToneWarn, templates.NoteLateRefused)
		}
	}
	if d.PublishedAt != nil {
		say(templates.ToneOK, templates.NotePublished)
	}
	return notes
}

// refused tells whether the unit's answer came too late and was not taken.
func (d *appraisalDesk) refused() bool {
	return slices.ContainsFunc(d.Steps, func(step storage.AppraisalStep) bool { return step.Action == appraisal.RefuseLate })
}

func (d *appraisalDesk) history() []templates.TimelineEntry {
	var lines []templates.TimelineEntry
	for _, step := range d.Steps {
		more := ""
		switch {
		case step.Action == appraisal.Extend && step.Due > 0:
			more = words.RoundEnds(time.Unix(step.Due, 0))
		case step.Field != "":
			if !d.Sight.Sees(step.Field) {
				continue
			}
			f, _ := d.Set.Field(step.Field)
			more = f.Code + ". " + f.Name
		case len(step.Criteria) > 0:
			seen := slices.DeleteFunc(slices.Clone(step.Criteria), d.hides)
			if len(seen) == 0 { // about others' fields, and so is its reason
				continue
			}
			more = words.CriteriaList(seen)
		}
		line := templates.TimelineEntry{Text: words.AppraisalEvent(step.Action, step.To, step.Late, more), Quote: step.Reason, At: step.At}
		if step.By != "" {
			line.Who = words.ByAt(step.By, step.Unit)
		}
		line.Icon, line.Tone = appraisalMark(step)
		lines = append(lines, line)
	}
	return lines
}

// hides tells whether the criterion is out of the reader's sight.
func (d *appraisalDesk) hides(code string) bool {
	return !slices.ContainsFunc(d.Criteria, func(c storage.AppraisedCriterion) bool { return c.Code == code })
}

// appraisalMark is the sign of a line of the history.
func appraisalMark(step storage.AppraisalStep) (icon, tone string) {
	switch step.Action {
	case appraisal.Begin, appraisal.Advance:
		return "arrow-right", ""
	case appraisal.Finish, appraisal.Accept:
		return "check-lg", "ok"
	case appraisal.Explain, appraisal.TakeLate:
		return "send", "act"
	case appraisal.RefuseLate:
		return "x-lg", "warn"
	case appraisal.Extend:
		return "calendar-plus", "act"
	}
	return "arrow-counterclockwise", "warn"
}

func (d *appraisalDesk) field(f storage.FieldView) templates.AppraisedField {
	out := templates.AppraisedField{
		Name: f.Code + ". " + f.Name, ID: "linh-vuc-" + f.Code, Appraiser: f.AppraiserName,
		Chip: templates.FieldChip(f.FinishedAt != nil, f.Marked, f.Todo),
	}
	if d.may(appraisal.Mark, f.Code) || d.may(appraisal.Resume, f.Code) {
		out.URL = fieldPath(d.Document.ID, f.Code)
	}
	var own []storage.AppraisedCriterion
	for _, c := range d.Criteria {
		if c.Field == f.Code {
			own = append(own, c)
			out.Rows = append(out.Rows, d.row(c))
		}
	}
	out.Sum = sumOf(own)
	return out
}

// row is a criterion to read.
func (d *appraisalDesk) row(c storage.AppraisedCriterion) templates.AppraisedRow {
	row := templates.AppraisedRow{
		Code: c.Code, Name: c.Name, Max: c.Max.VN(), Self: selfText(c.Appraised.Self), First: markText(c.Appraised.First), Second: markText(c.Appraised.LastSecond()),
		Final: templates.UnmarkedScore, Differs: c.Appraised.Disputed(), Asked: c.Asked, Earlier: d.earlierText(c.Code),
	}
	if end := c.Appraised.Final(); end.Known {
		row.Final = scoreText(end)
		row.Why = words.Why(end.Why)
	} else {
		row.Why = words.Why(c.Appraised.Self.Why)
	}
	row.Explanation = d.explained(c)
	return row
}

// selfText is what the unit gave itself.
func selfText(s par.Score) string {
	if !s.Known {
		return templates.UnmarkedScore
	}
	return scoreText(s)
}

func markText(m *par.Mark) string {
	if m == nil {
		return templates.UnmarkedScore
	}
	return scoreText(par.Score{Points: m.Points, NotApplicable: m.NotApplicable, Known: true})
}

func (d *appraisalDesk) earlierText(code string) string {
	e, known := d.earlier[code]
	if !known || e.Self == nil {
		return ""
	}
	final := ""
	if e.Final != nil {
		final = scoreText(par.Score{Points: par.Points(*e.Final), NotApplicable: e.FinalOut})
	}
	text := words.EarlierYear(d.Year-1, scoreText(par.Score{Points: par.Points(*e.Self), NotApplicable: e.SelfOut}), final)
	if unlike := unlikeText(e.Then); unlike != "" {
		text += ". " + unlike
	}
	return text
}

func (d *appraisalDesk) explained(c storage.AppraisedCriterion) *templates.ReadExplanation {
	if c.Explanation == nil {
		return nil
	}
	read := &templates.ReadExplanation{Text: c.Explanation.Text}
	if d.Answer.Late {
		read.About = words.SentLate
	}
	for _, file := range c.Explanation.Files {
		read.Files = append(read.Files, d.file(file.Hash, file.Name))
	}
	return read
}

func (d *appraisalDesk) file(hash, name string) templates.File {
	return templates.File{Label: name, Icon: "paperclip", URL: d.path() + "/files/" + hash}
}

// decideAppraisal extends a round or opens criteria again.
func (s *Server) decideAppraisal(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor, "action")
	if err != nil {
		return err
	}
	n.Reason = r.PostForm.Get("reason")
	switch n.Action = appraisal.Action(r.PostForm.Get("action")); n.Action {
	case appraisal.Extend:
		day, ok := dayIn(r.PostForm.Get("until"))
		if !ok {
			return s.appraisalAgain(w, r, actor, n, rule.Broken(dateBad, "until"))
		}
		n.Until = day.At(period.MidnightCutoff)
	case appraisal.Reopen:
		n.Criteria = r.PostForm["criteria"]
	default:
		return errBadForm
	}
	return s.decidedAppraisal(w, r, actor, n)
}

// answerLate takes or refuses an answer that came too late.
func (s *Server) answerLate(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor, "action")
	if err != nil {
		return err
	}
	n.Reason = r.PostForm.Get("reason")
	n.Action = appraisal.Action(r.PostForm.Get("action"))
	if n.Action != appraisal.TakeLate && n.Action != appraisal.RefuseLate {
		return errBadForm
	}
	return s.decidedAppraisal(w, r, actor, n)
}

// appraisalForm reads what every decision carries.
func appraisalForm(r *http.Request, actor staff.Actor, wanted ...string) (storage.AppraisalDecision, error) {
	n := storage.AppraisalDecision{Document: documentID(r), Actor: actor}
	if err := parseForm(r, wanted...); err != nil {
		return n, err
	}
	var err error
	if n.Key, err = uuid.Parse(r.PostForm.Get("key")); err != nil {
		return n, errBadForm
	}
	return n, nil
}

func (s *Server) decidedAppraisal(w http.ResponseWriter, r *http.Request, actor staff.Actor, n storage.AppraisalDecision) error {
	err := s.store.DecideAppraisal(r.Context(), n)
	if broken := brokenIn(err); broken != nil {
		return s.appraisalAgain(w, r, actor, n, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.AppraisalFlash(n.Action)}); err != nil {
		return err
	}
	return goTo(w, r, appraisalPath(n.Document))
}

// appraisalAgain shows why a decision was not taken, with what was typed.
func (s *Server) appraisalAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, n storage.AppraisalDecision, broken rule.Errors) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	page := s.appraisalPage(r, d)
	page.Errors = broken
	switch {
	case page.Late != nil && (n.Action == appraisal.TakeLate || n.Action == appraisal.RefuseLate):
		page.Late.Reason = n.Reason
	case page.Extend != nil && n.Action == appraisal.Extend:
		page.Extend.Reason, page.Extend.Until, page.Extend.Open = n.Reason, r.PostForm.Get("until"), true
	case page.Reopen != nil && n.Action == appraisal.Reopen:
		page.Reopen.Reason, page.Reopen.Open = n.Reason, true
		for i, c := range page.Reopen.Criteria {
			page.Reopen.Criteria[i].Chosen = slices.Contains(n.Criteria, c.Code)
		}
	}
	return s.render(w, refusalStatus(broken), "appraisal/show", page)
}

// appraisalFile sends evidence, or a file of an explanation, to whoever sees the
// criterion.
func (s *Server) appraisalFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	v, err := s.store.Appraisal(r.Context(), documentID(r), actor)
	if err != nil {
		return err
	}
	file, err := s.store.AppraisalFile(r.Context(), v, chi.URLParam(r, "hash"))
	if err != nil {
		return err
	}
	return s.sendKept(w, r, v.Document.ID, file.Hash, file.Name, file.MediaType)
}

// appraisalLinks lead from the tasks to what of appraisals waits for the reader.
func (s *Server) appraisalLinks(r *http.Request, actor staff.Actor) ([]templates.Link, error) {
	work, err := s.store.AppraisalWork(r.Context(), actor)
	if err != nil {
		return nil, err
	}
	return templates.AppraisalLinks(work.Open, work.Late, work.Explaining, appraisalPath(work.Document)+"/explanation",
		work.LateAnswers, appraisalPath(work.LateOne)), nil
}
