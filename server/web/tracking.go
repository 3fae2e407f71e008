package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// trackingDesk is a plan that lives, and who reads it.
type trackingDesk struct {
	*dossier
	storage.PlanTracking
}

// trackingDesk reads the living plan in the path; a document that is none has no
// such page.
func (s *Server) trackingDesk(r *http.Request, actor staff.Actor) (*trackingDesk, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	p, err := s.store.PlanTracking(r.Context(), d.DocumentView)
	return &trackingDesk{dossier: d, PlanTracking: p}, err
}

// mayWrite tells whether the reader may write about the plan's tasks.
func (d *trackingDesk) mayWrite() bool {
	_, may := document.AskerOf(d.actor, d.Unit.Code)
	return may
}

func (d *trackingDesk) task(key string) (storage.TrackedTask, error) {
	at := slices.IndexFunc(d.Tasks, func(t storage.TrackedTask) bool { return t.Key == key })
	if at < 0 {
		return storage.TrackedTask{}, storage.ErrNotFound
	}
	return d.Tasks[at], nil
}

func (d *trackingDesk) taskPath(key, below string) string { return d.path("/tracking/" + key + below) }

// trackingButton leads from a living plan's document to its tasks; where nothing
// else is to be done it is the main thing.
func (s *Server) trackingButton(r *http.Request, d *dossier, buttons []templates.Button) ([]templates.Button, error) {
	if d.Kind != document.Plan {
		return buttons, nil
	}
	tracked, err := s.store.TracksPlan(r.Context(), d.ID)
	if err != nil || !tracked {
		return buttons, err
	}
	button := templates.Button{Label: templates.TitleTracking, URL: d.path("/tracking"), Primary: d.Stage == document.Approved}
	if button.Primary {
		return append(buttons, button), nil
	}
	return slices.Insert(buttons, 0, button), nil
}

// showTracking lists the tasks of a living plan, all or of one status.
func (s *Server) showTracking(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.trackingDesk(r, actor)
	if err != nil {
		return err
	}
	chosen := plan.Status(r.URL.Query().Get("status"))
	if !slices.Contains(plan.Statuses, chosen) {
		chosen = ""
	}
	page := templates.TrackingPage{
		Shell: s.shellOf(r, d.dossier, templates.TitleTracking), Document: d.head(),
		Facts: d.facts(), Board: d.path("/board"), Late: templates.LateFact(d.Tally),
		Tabs: d.statusTabs(chosen), Empty: templates.NoTrackedTasks(d.path("/tracking")),
	}
	if page.Adjustments, err = s.adjustmentsLink(r, d); err != nil {
		return err
	}
	tasks, rows := []plan.Task{}, map[string]storage.TrackedTask{}
	for _, task := range d.Tasks {
		if chosen == "" || task.Status == chosen {
			tasks, rows[task.Key] = append(tasks, task.Task), task
		}
	}
	for number, group := range d.Table.Groups(tasks) {
		shown := templates.TrackedGroup{Name: words.TaskGroup(number+1, group.Field.Name)}
		for _, task := range group.Tasks {
			shown.Rows = append(shown.Rows, d.trackedRow(rows[task.Key]))
		}
		page.Groups = append(page.Groups, shown)
	}
	return s.show(w, "plan/tracking", page)
}

// facts sum the plan up, with what outages took and gave.
func (d *trackingDesk) facts() []string {
	given := 0
	for _, task := range d.Tasks {
		if task.Given {
			given++
		}
	}
	facts := slices.Concat(templates.TrackingFacts(d.Tally), templates.OutageGave(0, 0, given))
	p, err := period.Parse(d.Campaign.Period)
	if err != nil {
		return facts
	}
	return append(facts, templates.OutageStood(stillInYear(d.Calendar, p.Year, d.PlanTracking.Now))...)
}

func (d *trackingDesk) statusTabs(chosen plan.Status) []templates.Tab {
	tabs := []templates.Tab{{Label: templates.AllTasks, URL: d.path("/tracking"), Count: d.Tally.Total(), HasZero: true, Current: chosen == ""}}
	for _, status := range plan.Statuses {
		if n := d.Tally[status]; n > 0 || status == chosen {
			tabs = append(tabs, templates.Tab{
				Label: words.TaskStatus(status), URL: d.path("/tracking?status=" + string(status)),
				Count: n, HasZero: true, Current: status == chosen,
			})
		}
	}
	return tabs
}

func (d *trackingDesk) trackedRow(task storage.TrackedTask) templates.TrackedRow {
	row := templates.TrackedRow{
		TaskText: taskText(task.Task, task.Place, d.Table), ID: taskAnchor(task.Key), URL: d.taskPath(task.Key, ""),
		Chip: templates.TaskChip(task.Status),
	}
	row.Given = taskGiven(task)
	if task.EndsAt != nil && task.Status.Open() {
		row.Left = words.Left(*task.EndsAt, d.PlanTracking.Now, d.Calendar)
	}
	if entry := task.Newest; entry != nil {
		row.Progress, row.About = templates.EntryText(*asEntry(entry)), words.ByAt(entry.By, words.MomentNear(entry.At, d.PlanTracking.Now))
	}
	if task.Result != nil {
		row.Result = d.resultOf(task)
	}
	return row
}

// taskGiven tells that a task was given more time after an outage.
func taskGiven(task storage.TrackedTask) string {
	if !task.Given {
		return ""
	}
	return words.TaskGiven(task.LastDay)
}

// asEntry is an entry as templates tell it.
func asEntry(e *storage.TaskEntry) *templates.Entry {
	return &templates.Entry{
		Kind: e.Kind, Note: e.Note, Percent: e.Percent, Number: e.Number, IssuedOn: e.IssuedOn, Title: e.Title,
		FileName: e.FileName, Withdrawn: e.Withdrawn,
	}
}

func (d *trackingDesk) resultOf(task storage.TrackedTask) *templates.TaskResult {
	result := &templates.TaskResult{
		Text: templates.ResultText(*asEntry(task.Result)), Note: task.Result.Note,
		About: words.Edited(task.Result.By, task.Result.At, d.PlanTracking.Now),
	}
	if task.Result.FileHash != "" {
		result.File = &templates.File{
			Label: task.Result.FileName, About: words.Size(task.Result.FileSize), URL: d.resultURL(task.Result.FileHash), Icon: "paperclip",
		}
	}
	return result
}

func (d *trackingDesk) resultURL(hash string) string {
	return "/documents/" + d.ID + "/results/" + hash
}

// showTracked is one task of a living plan: how it stands and why, its history, and
// for those who answer for it the form of progress.
func (s *Server) showTracked(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.trackingDesk(r, actor)
	if err != nil {
		return err
	}
	page, err := s.trackedPage(r, d)
	if err != nil {
		return err
	}
	return s.show(w, "plan/tracked", page)
}

func (s *Server) trackedPage(r *http.Request, d *trackingDesk) (templates.TrackedPage, error) {
	task, err := d.task(chi.URLParam(r, "key"))
	if err != nil {
		return templates.TrackedPage{}, err
	}
	page := templates.TrackedPage{
		Shell: s.trackedShell(r, d, words.TaskNumbered(task.Place)), Document: d.head(), Key: newKey(),
		Task: taskText(task.Task, task.Place, d.Table), Chip: templates.TaskChip(task.Status), Due: d.taskDue(task),
		Writes: d.mayWrite() && task.Status != plan.Cancelled, Path: "/documents/" + d.ID + "/tracking/" + task.Key, ListURL: d.path("/tracking"),
	}
	page.Task.Given = taskGiven(task)
	if task.Result != nil {
		page.Result = d.resultOf(task)
	}
	if actor := d.actor; actor.Holds(staff.Specialist, d.Unit.Code) && task.Status.Open() && d.Stage == document.Approved {
		page.Adjusts, page.TaskKey = d.path("/adjustments"), task.Key
	}
	if err := s.addCity(r, d, task, &page); err != nil {
		return page, err
	}
	entries, err := s.store.TaskEntries(r.Context(), d.ID, task.Key)
	if err != nil {
		return page, err
	}
	for _, entry := range entries {
		line := templates.TimelineEntry{Who: entry.By, Text: templates.EntryText(*asEntry(&entry)), Quote: entry.Note, At: entry.At}
		line.Icon, line.Tone = templates.EntryMark(entry.Kind)
		if entry.Kind == plan.Progress {
			line.Text, line.Quote = templates.ProgressText(entry.Percent), entry.Note
		}
		if entry.FileHash != "" {
			line.Source = d.resultURL(entry.FileHash)
		}
		page.History = append(page.History, line)
	}
	adjusted, err := s.adjustedLines(r, d, task.Key)
	page.History = append(page.History, adjusted...)
	slices.SortStableFunc(page.History, func(a, b templates.TimelineEntry) int { return b.At.Compare(a.At) })
	return page, err
}

func (s *Server) trackedShell(r *http.Request, d *trackingDesk, title string) templates.Shell {
	shell := s.shellOf(r, d.dossier, title)
	shell.Crumbs = slices.Insert(shell.Crumbs, len(shell.Crumbs)-1, templates.Crumb{Label: templates.TitleTracking, URL: d.path("/tracking")})
	return shell
}

// taskDue is the sentence of a task's deadline with its reason.
func (d *trackingDesk) taskDue(task storage.TrackedTask) *templates.DueLine {
	due, named := task.Deadline.Due(d.Table.Deadline)
	switch {
	case task.Status.Done():
		return &templates.DueLine{Icon: "check-circle-fill", Tone: "done", Sentence: templates.DoneSentence(task.Status, *task.DoneOn, task.LastDay)}
	case !named || task.Status == plan.Cancelled:
		return &templates.DueLine{Sentence: templates.UndatedSentence(task.Status, task.Deadline)}
	}
	line := &templates.DueLine{
		Sentence: words.DueCounted(*task.EndsAt, d.PlanTracking.Now, d.Calendar), Reason: templates.DeadlineReason(task.Deadline),
		Why: &templates.Why{Steps: words.Explain(due.Explain(d.Calendar).Steps)},
	}
	if given := taskGiven(task); given != "" {
		line.Reason += " " + given + "."
	}
	if task.Status == plan.Overdue {
		line.Icon, line.Tone = "exclamation-octagon-fill", "late"
	}
	return line
}

// addProgress notes how far a task has come.
func (s *Server) addProgress(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	n := storage.NewTaskEntry{
		Key: key, Document: documentID(r), Task: chi.URLParam(r, "key"), Actor: actor,
		Entry: plan.Entry{Kind: plan.Progress, Note: r.PostFormValue("note")},
	}
	percent, readable := percentIn(r.PostFormValue("percent"))
	if n.Percent = percent; !readable {
		err = rule.Broken(plan.EntryPercentBad, "percent")
	} else {
		err = s.store.AddTaskEntry(r.Context(), n)
	}
	if broken := brokenIn(err); broken != nil {
		d, err := s.trackingDesk(r, actor)
		if err != nil {
			return err
		}
		page, err := s.trackedPage(r, d)
		if err != nil {
			return err
		}
		page.Errors, page.Note, page.Percent = broken, r.PostFormValue("note"), r.PostFormValue("percent")
		return s.render(w, refusalStatus(broken), "plan/tracked", page)
	}
	return s.entryTaken(w, r, err, templates.ProgressFlash)
}

// percentIn reads a percentage; blank is none.
func percentIn(text string) (*int, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if text == "" {
		return nil, true
	}
	n, err := strconv.Atoi(text)
	return &n, err == nil
}

// entryTaken goes back to the task's page with the banner.
func (s *Server) entryTaken(w http.ResponseWriter, r *http.Request, err error, done string) error {
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: done}); err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+documentID(r)+"/tracking/"+chi.URLParam(r, "key"), cameFrom(r)))
}

// showResult is the form of a task's result document, or of its withdrawal.
func (s *Server) showResult(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.resultPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "plan/result", page)
}

func (s *Server) resultPage(r *http.Request, actor staff.Actor) (templates.ResultPage, error) {
	d, err := s.trackingDesk(r, actor)
	if err != nil {
		return templates.ResultPage{}, err
	}
	task, err := d.task(chi.URLParam(r, "key"))
	if err != nil {
		return templates.ResultPage{}, err
	}
	page := templates.ResultPage{
		Shell: s.trackedShell(r, d, templates.TitleResult), Document: d.head(), Key: newKey(),
		Task: taskText(task.Task, task.Place, d.Table), Due: d.taskDue(task), Closed: task.Status == plan.Cancelled,
		Path: "/documents/" + d.ID + "/tracking/" + task.Key, Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload),
		Draft: templates.ResultDraft{IssuedOn: words.Date(calendar.DayOf(d.PlanTracking.Now))},
	}
	if task.Result != nil {
		page.Result = d.resultOf(task)
	}
	return page, nil
}

// addResult keeps a task's result document. Its file is read as it comes, after the
// fields of the form.
func (s *Server) addResult(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	name, file, err := formWithFile(r, "key")
	if err != nil {
		return err
	}
	f := r.PostForm
	key, err := uuid.Parse(f.Get("key"))
	if err != nil {
		return errBadForm
	}
	n := storage.NewTaskEntry{
		Key: key, Document: documentID(r), Task: chi.URLParam(r, "key"), Actor: actor, FileName: name, File: file,
		Entry: plan.Entry{Kind: plan.Result, Number: f.Get("number"), Title: f.Get("title"), Note: f.Get("note")},
	}
	var unread rule.Errors
	if day, ok := dayIn(strings.TrimSpace(f.Get("issued_on"))); ok {
		n.IssuedOn = &day
	} else if strings.TrimSpace(f.Get("issued_on")) != "" {
		unread = rule.Broken(dateBad, "issued_on")
	}
	if unread == nil {
		err = s.store.AddTaskEntry(r.Context(), n)
	} else {
		err = unread
	}
	err = fileTooBig(err, name)
	if broken := brokenIn(err); broken != nil {
		page, err := s.resultPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors, page.Lost = broken, name
		page.Draft = templates.ResultDraft{Number: f.Get("number"), IssuedOn: f.Get("issued_on"), Title: f.Get("title"), Note: f.Get("note")}
		return s.render(w, refusalStatus(broken), "plan/result", page)
	}
	return s.entryTaken(w, r, err, templates.ResultFlash)
}

// withdrawResult takes a task's result back.
func (s *Server) withdrawResult(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	err = s.store.AddTaskEntry(r.Context(), storage.NewTaskEntry{
		Key: key, Document: documentID(r), Task: chi.URLParam(r, "key"), Actor: actor,
		Entry: plan.Entry{Kind: plan.Withdrawal, Note: r.PostFormValue("note")},
	})
	if broken := brokenIn(err); broken != nil {
		page, err := s.resultPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors, page.Draft.Note = broken, r.PostFormValue("note")
		return s.render(w, refusalStatus(broken), "plan/result", page)
	}
	return s.entryTaken(w, r, err, templates.WithdrawnFlash)
}

// resultFile sends the file of a result.
func (s *Server) resultFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	v, err := s.store.DocumentView(r.Context(), actor.Reads(), documentID(r))
	if err != nil {
		return err
	}
	file, err := s.store.ResultFile(r.Context(), v.ID, chi.URLParam(r, "hash"))
	if err != nil {
		return err
	}
	return s.sendKept(w, r, v.ID, file.Hash, file.Name, file.MediaType)
}
