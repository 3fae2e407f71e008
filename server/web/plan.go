package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// planPlace is where somebody is who writes a plan's table.
const planPlace = "plan"

// planDesk is the draft of a plan, and who writes it.
type planDesk struct {
	*dossier
	draft storage.Draft
	table plan.Table
	year  period.Period
	city  []plan.CityTask // the tasks of the city's plan that it may carry out
}

// planDesk reads the draft of the document in the path; a form without a table of
// tasks has no such page.
func (s *Server) planDesk(r *http.Request, actor staff.Actor) (*planDesk, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	if draft.Form.Plan == nil {
		return nil, storage.ErrNotFound
	}
	city, err := s.store.CityTasks(r.Context(), d.DocumentView)
	if err != nil {
		return nil, err
	}
	year, err := period.Parse(d.Campaign.Period)
	return &planDesk{dossier: d, draft: draft, table: *draft.Form.Plan, year: year, city: city}, err
}

// columns are those of the plan's table: with the city's tasks where there are any.
func (d *planDesk) columns() []string {
	if len(d.city) > 0 {
		return plan.Columns
	}
	return slices.DeleteFunc(slices.Clone(plan.Columns), func(column string) bool { return column == plan.ColumnCity })
}

// cell is a column of a task as it is typed.
func (d *planDesk) cell(task plan.Task, column string) string {
	if column == plan.ColumnCity {
		return cityText(task, d.city)
	}
	return words.TaskCell(task, column, d.table)
}

func (d *dossier) planURL() string { return d.path("/" + planPlace) }

func (d *dossier) taskURL(key string) string { return d.path("/" + planPlace + "/" + key) }

// newTaskKey is a key that no other task has: 60 random bits.
func newTaskKey() string {
	const letters = 12
	return strings.ToLower(rand.Text())[:letters]
}

// showPlan is the table as it is being written.
func (s *Server) showPlan(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	removed, err := s.store.RemovedTasks(r.Context(), d.ID)
	if err != nil {
		return err
	}
	problems := planProblems(d.draft)
	page := templates.PlanPage{
		Shell: s.shellOf(r, d.dossier, words.TitlePlan), Document: d.head(), Key: newKey(), List: d.sideList(d.draft, planPlace),
		AddURL: d.taskURL(newTaskKey()), Count: words.TaskCount(len(d.draft.Content.Tasks)),
		Summary: words.PlanLeft(problems), Broken: problems > 0, Grid: d.planColumns(),
	}
	page.Saved, page.SavedBy = d.newest()
	page.Stale = len(d.draft.StaleTasks())
	if page.Carry, err = s.carryOffer(r, d, removed); err != nil {
		return err
	}
	broken := byTask(d.draft.Result.Errors)
	for number, group := range d.table.Groups(d.draft.Content.Tasks) {
		shown := templates.PlanGroup{Name: words.TaskGroup(number+1, group.Field.Name)}
		for i, task := range group.Tasks {
			shown.Rows = append(shown.Rows, d.planRow(task, group, i, broken[task.Key]))
		}
		page.Groups = append(page.Groups, shown)
	}
	for _, one := range removed {
		page.Removed = append(page.Removed, templates.RemovedTask{
			Key: one.Key, Version: one.Version, Name: one.Name, About: words.Edited(one.By, one.At, d.Now),
		})
	}
	return s.show(w, "plan/list", page)
}

// newest is when the table was last saved, by whom.
func (d *planDesk) newest() (when, by string) {
	var newest storage.DraftTask
	for _, task := range d.draft.Tasks {
		if task.At.After(newest.At) {
			newest = task
		}
	}
	return savedWhen(newest.At, d.Now), newest.By
}

func (d *planDesk) planRow(task plan.Task, group plan.Group, at int, broken rule.Errors) templates.PlanRow {
	now := d.draft.Tasks[task.Key]
	row := templates.PlanRow{
		TaskText: taskText(task, group.First+at, d.table), Key: task.Key, ID: taskAnchor(task.Key), URL: d.taskURL(task.Key),
		Version: now.Version, Stale: now.Stale, Up: at > 0, Down: at+1 < len(group.Tasks), About: words.Edited(now.By, now.At, d.Now),
	}
	for _, one := range broken {
		row.Problems = append(row.Problems, templates.Problem{Text: words.Message(one), URL: d.taskFieldURL(one.Field)})
	}
	return row
}

func taskAnchor(key string) string { return "task-" + key }

// taskFieldURL leads to the cell of a broken rule, or to the table.
func (d *dossier) taskFieldURL(field string) string {
	key, column, ok := plan.ParseTaskField(field)
	switch {
	case !ok:
		return d.planURL()
	case column == "":
		return d.taskURL(key)
	}
	return d.taskURL(key) + "#" + column
}

// byTask sorts broken rules by the task they belong to; those of the table stand
// under no key.
func byTask(broken rule.Errors) map[string]rule.Errors {
	sorted := map[string]rule.Errors{}
	for _, one := range broken {
		key, _, ok := plan.ParseTaskField(one.Field)
		if ok || one.Field == plan.TableField {
			sorted[key] = append(sorted[key], one)
		}
	}
	return sorted
}

// planProblems counts what is wrong with a draft's table.
func planProblems(draft storage.Draft) int {
	n := 0
	for _, broken := range byTask(draft.Result.Errors) {
		n += len(broken)
	}
	return n
}

// taskText is a task in words.
func taskText(task plan.Task, number int, table plan.Table) templates.TaskText {
	return templates.TaskText{
		Number: number, Name: task.Name, Target: task.Target, Product: words.TaskProduct(task, table),
		Lead: task.Lead.Name, Coordinating: words.Parties(task.Coordinating), Time: words.TaskTime(task), Note: task.Note,
		City: task.CityName,
	}
}

// changePlan moves a task within its field, takes one out or puts one back.
func (s *Server) changePlan(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	f := r.PostForm
	switch {
	case f.Has("up"), f.Has("down"):
		return s.moveTask(w, r, d, f.Get("up")+f.Get("down"), f.Has("up"))
	case f.Has("remove"):
		return s.removeTask(w, r, d, f.Get("remove"))
	case f.Has("restore"):
		return s.restoreTask(w, r, d, f.Get("restore"))
	case f.Has("carry"):
		return s.carryTasks(w, r, d)
	case f.Has("looked"):
		return s.lookAtTasks(w, r, d, f.Get("looked"))
	}
	return errBadForm
}

// moveTask makes a task and its neighbour within the field change places.
func (s *Server) moveTask(w http.ResponseWriter, r *http.Request, d *planDesk, key string, up bool) error {
	for _, group := range d.table.Groups(d.draft.Content.Tasks) {
		at := plan.Index(group.Tasks, key)
		if at < 0 || up && at == 0 || !up && at+1 == len(group.Tasks) {
			continue
		}
		// Down, the task goes behind its neighbour; up, the neighbour behind the task.
		// Rows of other fields between them do not matter.
		moved, after := key, ""
		if up {
			moved, after = group.Tasks[at-1].Key, key
		} else {
			after = group.Tasks[at+1].Key
		}
		err := s.store.MoveTasks(r.Context(), d.ID, []string{moved}, after, d.actor)
		if broken := brokenIn(err); broken != nil {
			return s.notTaken(w, r, d.actor, broken)
		}
		if err != nil {
			return err
		}
	}
	if err := s.seen(r, d.actor, planPlace); err != nil {
		return err
	}
	return goTo(w, r, d.planURL()+"#"+taskAnchor(key))
}

func (s *Server) removeTask(w http.ResponseWriter, r *http.Request, d *planDesk, key string) error {
	return s.turnTask(w, r, d, storage.TaskChange{Task: d.draft.Tasks[key].Task, Removed: true}, key,
		words.TaskRemoved(d.draft.Tasks[key].Name))
}

func (s *Server) restoreTask(w http.ResponseWriter, r *http.Request, d *planDesk, key string) error {
	removed, err := s.store.RemovedTasks(r.Context(), d.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(removed, func(t storage.DraftTask) bool { return t.Key == key })
	if at < 0 {
		return goTo(w, r, d.planURL())
	}
	return s.turnTask(w, r, d, storage.TaskChange{Task: removed[at].Task}, key, words.TaskRestored)
}

// turnTask takes a task out or puts it back, by the version on the screen.
func (s *Server) turnTask(w http.ResponseWriter, r *http.Request, d *planDesk, change storage.TaskChange, key, done string) error {
	change.Task.Key = key
	base, err := strconv.Atoi(r.PostForm.Get("base." + key))
	if err != nil {
		return errBadForm
	}
	change.Base = base
	flash := templates.Flash{Tone: templates.ToneOK, Text: done}
	_, err = s.store.SaveTasks(r.Context(), d.ID, []storage.TaskChange{change}, d.actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		flash = templates.Flash{Tone: templates.ToneWarn, Text: words.TaskMovedOn}
	case broken != nil:
		return s.notTaken(w, r, d.actor, broken)
	case err != nil:
		return err
	}
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, d.planURL())
}

// readTasks is a plan's table to read.
func readTasks(table plan.Table, tasks []plan.Task) []templates.ReadTaskGroup {
	var groups []templates.ReadTaskGroup
	for number, group := range table.Groups(tasks) {
		read := templates.ReadTaskGroup{Name: words.TaskGroup(number+1, group.Field.Name)}
		for i, task := range group.Tasks {
			read.Rows = append(read.Rows, taskText(task, group.First+i, table))
		}
		groups = append(groups, read)
	}
	return groups
}
