package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// waitingPath is the list of adjustments that wait for the reader.
const waitingPath = "/adjustments"

func adjustmentsPath(document string) string { return "/documents/" + document + "/adjustments" }

func adjustmentPath(document string, id int64) string {
	return adjustmentsPath(document) + "/" + strconv.FormatInt(id, 10)
}

// adjustmentDesk is an adjustment of a living plan, and who reads it.
type adjustmentDesk struct {
	*trackingDesk
	storage.Adjustment
	actions []document.Action // that the reader may take now
}

// adjustmentDesk reads the adjustment in the path. One that lies with its unit is not
// there for readers outside.
func (s *Server) adjustmentDesk(r *http.Request, actor staff.Actor) (*adjustmentDesk, error) {
	d, err := s.anyAdjustment(r, actor)
	if err == nil && !d.Opens(d.ownPeople()) {
		return nil, storage.ErrNotFound
	}
	return d, err
}

// anyAdjustment reads the adjustment in the path, whether the reader may see it or not.
func (s *Server) anyAdjustment(r *http.Request, actor staff.Actor) (*adjustmentDesk, error) {
	id, err := adjustmentID(r)
	if err != nil {
		return nil, err
	}
	d, err := s.trackingDesk(r, actor)
	if err != nil {
		return nil, err
	}
	a, err := s.store.Adjustment(r.Context(), d.DocumentView, d.PlanTracking, id)
	if err != nil {
		return nil, err
	}
	desk := &adjustmentDesk{trackingDesk: d, Adjustment: a}
	if a.Open() {
		acted, err := s.store.ActedOn(r.Context(), id)
		if err != nil {
			return nil, err
		}
		desk.actions = document.AdjustmentOffers(a.State(d.Unit.Code, acted), actor, d.authority)
	}
	return desk, nil
}

// wentBack tells whether a reader outside the unit may have seen the adjustment, and
// does so no more.
func (d *adjustmentDesk) wentBack() bool {
	return d.Submitter != nil && !d.Opens(d.ownPeople())
}

func adjustmentID(r *http.Request) (int64, error) { return number(r, "adjustment") }

func (d *adjustmentDesk) root() string { return adjustmentPath(d.DocumentView.ID, d.Adjustment.ID) }

// drafts tells whether the reader may write the adjustment now.
func (d *adjustmentDesk) drafts() bool {
	return d.Adjustment.Stage == document.Drafting && d.DocumentView.Stage == document.Approved && d.actor.Holds(staff.Specialist, d.Unit.Code)
}

// adjustmentShell is the frame of a page below a plan's adjustments.
func (s *Server) adjustmentShell(r *http.Request, d *trackingDesk, title string, above ...templates.Crumb) templates.Shell {
	shell := s.trackedShell(r, d, title)
	shell.Crumbs = slices.Insert(shell.Crumbs, len(shell.Crumbs)-1, above...)
	return shell
}

func (d *trackingDesk) adjustmentsCrumb() templates.Crumb {
	return templates.Crumb{Label: templates.TitleAdjustments, URL: adjustmentsPath(d.DocumentView.ID)}
}

func (d *adjustmentDesk) crumbs() []templates.Crumb {
	return []templates.Crumb{d.adjustmentsCrumb(), {Label: d.name(), URL: d.root()}}
}

func (d *adjustmentDesk) name() string {
	if d.N != nil {
		return words.AdjustmentNumbered(*d.N)
	}
	return templates.TitleAdjusting
}

// showAdjustments lists every version of a living plan.
func (s *Server) showAdjustments(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.adjustmentsPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "plan/adjustments", page)
}

func (s *Server) adjustmentsPage(r *http.Request, actor staff.Actor) (templates.AdjustmentsPage, error) {
	d, err := s.trackingDesk(r, actor)
	if err != nil {
		return templates.AdjustmentsPage{}, err
	}
	all, err := s.store.Adjustments(r.Context(), d.ID)
	if err != nil {
		return templates.AdjustmentsPage{}, err
	}
	page := templates.AdjustmentsPage{
		Shell: s.trackedShell(r, d, templates.TitleAdjustments), Document: d.head(), Key: newKey(),
		Begins:   actor.Holds(staff.Specialist, d.Unit.Code) && d.Stage == document.Approved,
		FirstURL: "/documents/" + d.ID + "?" + tableParam + "=" + tableApproved, Count: words.TaskCount(d.Tally.Planned()),
	}
	for _, one := range all {
		if !one.Opens(d.ownPeople()) {
			continue
		}
		page.Begins = page.Begins && !one.Open()
		page.Rows = append(page.Rows, templates.AdjustmentRow{
			Name: templates.AdjustmentName(one.N), URL: adjustmentPath(d.ID, one.ID), Chip: templates.AdjustmentChip(one.Stage, one.Returned),
			Order: templates.OrderText(one.Number, one.IssuedOn, one.Title), Issuer: one.Issuer, When: words.MomentNear(one.HeldSince, d.PlanTracking.Now),
		})
	}
	return page, nil
}

// beginAdjustment opens a draft, or the one that is open.
func (s *Server) beginAdjustment(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	id, err := s.store.BeginAdjustment(r.Context(), key, documentID(r), actor)
	if broken := brokenIn(err); broken != nil {
		page, err := s.adjustmentsPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors = broken
		return s.render(w, refusalStatus(broken), "plan/adjustments", page)
	}
	if err != nil {
		return err
	}
	if task := r.PostFormValue("task"); plan.ValidKey(task) { // from the task's own page
		return goTo(w, r, adjustmentPath(documentID(r), id)+"/tasks/"+task)
	}
	return goTo(w, r, adjustmentPath(documentID(r), id))
}

// showAdjustment is one adjustment: what it changes, who has it, and what the reader
// may do with it. A notice may lead the authority here after it has gone back to its
// unit: they find the versions of the plan.
func (s *Server) showAdjustment(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.anyAdjustment(r, actor)
	switch {
	case err != nil:
		return err
	case d.wentBack():
		return goTo(w, r, d.adjustmentsCrumb().URL)
	case !d.Opens(d.ownPeople()):
		return storage.ErrNotFound
	}
	return s.show(w, "plan/adjustment", s.adjustmentPage(r, d))
}

func (s *Server) adjustmentPage(r *http.Request, d *adjustmentDesk) templates.AdjustmentPage {
	page := templates.AdjustmentPage{
		Shell: s.adjustmentShell(r, d.trackingDesk, d.name(), d.adjustmentsCrumb()), Document: d.head(), Path: d.root(),
		Chip: templates.AdjustmentChip(d.Adjustment.Stage, d.Adjustment.Returned), Missing: templates.OrderText(d.Number, d.IssuedOn, d.Title) == "",
		Order: d.orderPairs(), File: d.orderFile(), Writes: d.drafts(), Changes: d.changed(), AddURL: d.root() + "/tasks/" + newTaskKey(),
		Key: newKey(), Hash: d.Hash, Actions: templates.AdjustmentButtons(d.actions),
		Reasons: slices.Contains(d.actions, document.Return), ReasonOf: templates.AdjustmentReason,
		After: readTasks(d.Table, d.After), Count: words.TaskCount(len(d.After)), ListURL: d.adjustmentsCrumb().URL,
	}
	if d.Open() {
		page.Note = templates.AdjustmentNote
	}
	if d.N != nil {
		page.PrintURL = adjustedPrintPath(d.DocumentView.ID, *d.N)
	}
	if d.Open() && d.Adjustment.Returned && len(d.Steps) > 0 {
		step := d.Steps[0]
		page.Returned = &templates.ReturnNotice{
			By: words.ByAt(step.By, step.Unit), What: words.Done(document.Return), When: words.Moment(step.At), Reason: step.Reason,
		}
	}
	if page.Writes {
		page.Tasks = d.adjustable()
	}
	if page.ProblemsTitle = templates.ProblemsFound; page.Writes {
		page.ProblemsTitle, page.Before = templates.ProblemsBefore, templates.AdjustmentLeft(len(d.Broken))
	}
	if d.Open() {
		for _, one := range d.Broken {
			page.Problems = append(page.Problems, templates.Problem{Text: words.Problem(one), URL: d.problemURL(one)})
		}
	}
	for _, step := range d.Steps {
		line := templates.TimelineEntry{Who: words.ByAt(step.By, step.Unit), Text: words.AdjustmentEvent(step.Action), Quote: step.Reason, At: step.At}
		line.Icon, line.Tone = eventMark(string(step.Action))
		page.History = append(page.History, line)
	}
	return page
}

func (d *adjustmentDesk) orderPairs() []templates.Pair {
	date := templates.OrderUnwritten
	if d.IssuedOn != nil {
		date = words.Date(*d.IssuedOn)
	}
	written := func(text string) string {
		if text == "" {
			return templates.OrderUnwritten
		}
		return text
	}
	return templates.OrderPairs(written(d.Number), date, written(d.Issuer), written(d.Title))
}

func (d *adjustmentDesk) orderFile() *templates.File {
	if d.FileHash == nil {
		return nil
	}
	return &templates.File{Label: d.FileName, About: words.Size(d.FileSize), URL: d.root() + "/file", Icon: "paperclip"}
}

// adjustable are the tasks that the adjustment says nothing of yet and that are not
// done.
func (d *adjustmentDesk) adjustable() []templates.Option {
	options := []templates.Option{templates.ChooseTask()}
	for _, task := range d.PlanTracking.Tasks {
		touched := slices.ContainsFunc(d.Adjustment.Tasks, func(t storage.AdjustedTask) bool { return t.Task.Key == task.Key })
		if task.Status.Open() && !touched {
			options = append(options, templates.Option{Value: task.Key, Label: strconv.Itoa(task.Place) + ". " + words.Shortened(task.Name, 90)})
		}
	}
	return options
}

// changed is what the adjustment does to each task, with the words that differ.
func (d *adjustmentDesk) changed() []templates.AdjustedTask {
	changed := make([]templates.AdjustedTask, len(d.Adjustment.Tasks))
	for i, one := range d.Adjustment.Tasks {
		at, to := plan.Index(d.Adjustment.Before, one.Task.Key), plan.Index(d.After, one.Task.Key)
		change := plan.Change{Key: one.Task.Key, Kind: one.Kind, After: one.Task, RowBefore: at + 1, RowAfter: to + 1}
		if at >= 0 {
			change.Before = d.Adjustment.Before[at]
			change.Columns = change.Before.Differing(one.Task)
		}
		shown := templates.AdjustedTask{TaskDifference: taskDifference(change, d.Table), Reason: one.Reason, About: words.Edited(one.By, one.At, d.PlanTracking.Now)}
		shown.Spot = templates.Spot{Number: i + 1, Of: len(changed)}
		if d.drafts() {
			shown.URL = d.root() + "/tasks/" + one.Task.Key
		}
		changed[i] = shown
	}
	return changed
}

// problemURL leads to the field of a broken rule.
func (d *adjustmentDesk) problemURL(broken rule.Error) string {
	if !d.drafts() {
		return d.root()
	}
	key, column, ok := plan.ParseTaskField(broken.Field)
	switch {
	case ok && column != "":
		return d.root() + "/tasks/" + key + "#" + column
	case ok:
		return d.root() + "/tasks/" + key
	case broken.Field == "" || broken.Field == plan.TableField:
		return d.root() + "#changes-title"
	}
	return d.root() + "/order#" + broken.Field
}

// decideAdjustment moves an adjustment. It is decided before it is read: to whoever
// has sent it back it is not there any more, and a second click is answered as the
// first.
func (s *Server) decideAdjustment(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "hash", "action"); err != nil {
		return err
	}
	key, err := uuid.Parse(r.PostForm.Get("key"))
	if err != nil {
		return errBadForm
	}
	id, err := adjustmentID(r)
	if err != nil {
		return err
	}
	n := storage.AdjustmentDecision{
		Key: key, Document: documentID(r), Adjustment: id, Action: document.Action(r.PostForm.Get("action")), Actor: actor, Hash: r.PostForm.Get("hash"),
	}
	if n.Action == document.Return { // the field stands beside other buttons too
		n.Reason = r.PostForm.Get("reason")
	}
	err = s.store.DecideAdjustment(r.Context(), n)
	if broken := brokenIn(err); broken != nil {
		return s.adjustmentAgain(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.AdjustmentFlash(n.Action)}); err != nil {
		return err
	}
	if n.Action == document.Discard || n.Action == document.Return { // who sent it back may not see it any more
		return goTo(w, r, adjustmentsPath(n.Document))
	}
	return goTo(w, r, adjustmentPath(n.Document, id))
}

// adjustmentAgain shows why the decision was not taken: where somebody else has sent
// the adjustment back meanwhile, above the versions of the plan.
func (s *Server) adjustmentAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	d, err := s.anyAdjustment(r, actor)
	switch {
	case err != nil:
		return err
	case d.wentBack():
		if err := s.flash(r, templates.Flash{Tone: templates.ToneWarn, Text: words.Message(broken[0])}); err != nil {
			return err
		}
		return goTo(w, r, d.adjustmentsCrumb().URL)
	case !d.Opens(d.ownPeople()):
		return storage.ErrNotFound
	}
	page := s.adjustmentPage(r, d)
	page.Reason = r.PostForm.Get("reason")
	if page.Errors = broken; len(page.Problems) > 0 && broken[0].Field != "reason" && broken[0].Field != "" {
		page.Errors = nil // each stands among the problems, with its link
		page.Failed = true
	}
	return s.render(w, refusalStatus(broken), "plan/adjustment", page)
}

// adjustmentFile sends the document that orders an adjustment.
func (s *Server) adjustmentFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.adjustmentDesk(r, actor)
	if err != nil {
		return err
	}
	file, err := s.store.AdjustmentFile(r.Context(), d.Adjustment)
	if err != nil {
		return err
	}
	return s.sendKept(w, r, d.DocumentView.ID, file.Hash, file.Name, file.MediaType)
}

// showWaitingAdjustments lists the adjustments that lie at the reader's desks.
func (s *Server) showWaitingAdjustments(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	waiting, err := s.store.WaitingAdjustments(r.Context(), actor)
	if err != nil {
		return err
	}
	page := templates.WaitingAdjustmentsPage{Shell: s.shell(r, templates.TitleWaiting, templates.AtTasks), Empty: templates.NoWaiting()}
	page.Crumbs = []templates.Crumb{{Label: words.TitleTasks, URL: "/tasks"}, {Label: templates.TitleWaiting}}
	for _, one := range waiting {
		page.Facts = templates.WaitingFacts(one.Total)
		page.Rows = append(page.Rows, templates.WaitingAdjustment{
			URL: adjustmentPath(one.Document, one.ID), Unit: one.UnitName, Campaign: one.CampaignName, Order: templates.OrderText(one.Number, nil, one.Title),
			Tasks: templates.AdjustedCount(one.Tasks), Since: words.Moment(one.HeldSince), Chip: templates.AdjustmentChip(one.Stage, one.Stage == document.Drafting),
		})
	}
	return s.show(w, "plan/waiting", page)
}

// adjustmentsLink leads to the versions of a plan, or to the one that is being made.
func (s *Server) adjustmentsLink(r *http.Request, d *trackingDesk) (templates.Link, error) {
	url := d.adjustmentsCrumb().URL
	open, err := s.store.OpenAdjustment(r.Context(), d.ID)
	if err != nil || open == 0 || !d.ownPeople() {
		return templates.AdjustmentsLink(url, false), err
	}
	return templates.AdjustmentsLink(adjustmentPath(d.ID, open), true), nil
}

// adjustedLines are the lines of a task's history that adjustments wrote.
func (s *Server) adjustedLines(r *http.Request, d *trackingDesk, key string) ([]templates.TimelineEntry, error) {
	adjusted, err := s.store.TaskAdjustments(r.Context(), d.ID, key)
	if err != nil {
		return nil, err
	}
	var lines []templates.TimelineEntry
	for _, one := range adjusted {
		var changes []string
		for _, column := range one.Before.Differing(one.Task) {
			changes = append(changes, words.CellChange(column, words.TaskCell(one.Before, column, d.Table), words.TaskCell(one.Task, column, d.Table)))
		}
		lines = append(lines, templates.TimelineEntry{
			Icon: "arrow-repeat", Tone: "act", Who: one.By, Text: templates.AdjustedText(one.Kind, one.Number, one.IssuedOn, changes),
			Quote: one.Reason, At: one.At, Source: adjustmentPath(d.ID, one.Adjustment),
		})
	}
	return lines, nil
}
