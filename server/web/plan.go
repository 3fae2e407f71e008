package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

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

func (d *dossier) planURL() string { return "/documents/" + d.ID + "/" + planPlace }

func (d *dossier) taskURL(key string) string { return d.planURL() + "/" + key }

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

// showTask is one task, or a new one under a key that is not taken yet.
func (s *Server) showTask(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	key := chi.URLParam(r, "key")
	if !plan.ValidKey(key) {
		return storage.ErrNotFound
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	page := s.taskPage(r, d, key)
	page.Errors = ofTask(byTask(d.draft.Result.Errors)[key], key)
	return s.show(w, "plan/task", page)
}

// taskPage is the form, filled in with the task as it stands.
func (s *Server) taskPage(r *http.Request, d *planDesk, key string) templates.TaskPage {
	now := d.draft.Tasks[key]
	heading := words.TitleNewTask
	if at := plan.Index(d.draft.Content.Tasks, key); at >= 0 {
		heading = words.TaskNumbered(at + 1)
	}
	page := templates.TaskPage{
		Document: d.head(), List: d.sideList(d.draft, planPlace), Key: key, Base: now.Version, Heading: heading,
		Year: d.year.Year, Saved: savedWhen(now.At, d.Now), SavedBy: now.By, Shell: s.shellOf(r, d.dossier, heading),
	}
	page.Crumbs = slices.Insert(page.Crumbs, len(page.Crumbs)-1, templates.Crumb{Label: words.TitlePlan, URL: d.planURL()})
	text := func(column string) string { return d.cell(now.Task, column) }
	page.Draft = templates.TaskDraft{
		Target: now.Target, Name: now.Name, Product: now.Product, Lead: text(plan.ColumnLead),
		Coordinating: text(plan.ColumnCoordinating), Start: text(plan.ColumnStart), Deadline: text(plan.ColumnDeadline), Note: now.Note,
		City: text(plan.ColumnCity),
	}
	page.CityTasks = offered(d.city)
	page.Fields = choices(d.table.Fields, now.Field, words.ChooseField)
	page.Products = choices(d.table.Products, now.ProductKind, words.NoProductKind)
	return page
}

func choices(all []plan.Choice, chosen, none string) []templates.Option {
	options := []templates.Option{{Label: none, Selected: chosen == ""}}
	for _, one := range all {
		options = append(options, templates.Option{Value: one.Code, Label: one.Name, Selected: one.Code == chosen})
	}
	return options
}

// ofTask are broken rules at the fields of the task's own form.
func ofTask(broken rule.Errors, key string) rule.Errors {
	own := slices.Clone(broken)
	for i, one := range own {
		if k, column, ok := plan.ParseTaskField(one.Field); ok && k == key {
			own[i].Field = column
		}
	}
	return own
}

// saveTask keeps the task, or shows what cannot be read, or who was faster.
func (s *Server) saveTask(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version"); err != nil {
		return err
	}
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	key := chi.URLParam(r, "key")
	task, broken, err := s.readTask(r, d, key)
	if err != nil {
		return err
	}
	if broken != nil {
		return s.taskAgain(w, r, d, task, broken, base)
	}
	saved, err := s.store.SaveTasks(r.Context(), d.ID, []storage.TaskChange{{Task: task, Base: base}}, actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return s.taskConflict(w, r, d, task, conflicts[0])
	case broken != nil && broken[0].Field == "":
		return s.notTaken(w, r, actor, broken)
	case broken != nil:
		return s.taskAgain(w, r, d, task, ofTask(broken, key), base)
	case err != nil:
		return err
	}
	if wantsJSON(r) {
		one := saved[key]
		return answerJSON(w, http.StatusOK, map[string]any{"version": one.Version, "saved": savedWhen(one.At, one.At)})
	}
	if err := s.seen(r, actor, planPlace); err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: words.TaskSaved}); err != nil {
		return err
	}
	if r.PostForm.Get("next") == "add" {
		return goTo(w, r, d.taskURL(newTaskKey()))
	}
	return goTo(w, r, d.planURL()+"#"+taskAnchor(key))
}

// readTask reads the form. Broken rules are of texts that cannot be read; whether the
// task is complete is the plan's check to say.
func (s *Server) readTask(r *http.Request, d *planDesk, key string) (plan.Task, rule.Errors, error) {
	now := d.draft.Tasks[key].Task
	now.Key = key
	return s.readTaskForm(r, d.DocumentView, now, plan.Index(d.draft.Content.Tasks, key)+1, d.table, d.year.Year)
}

// readTaskForm reads the fields of the task that stands in the row, of a plan of the
// year. A form that does not ask for the city's task leaves it as it is.
func (s *Server) readTaskForm(r *http.Request, v storage.DocumentView, now plan.Task, row int, table plan.Table, year int) (plan.Task, rule.Errors, error) {
	cells := plan.Cells{}
	for _, column := range plan.Columns {
		if column != plan.ColumnCity || r.PostForm.Has(column) {
			cells[column] = r.PostForm.Get(column)
		}
	}
	reader, err := s.taskReader(r, v, table, year, []plan.Cells{cells})
	if err != nil {
		return plan.Task{}, nil, err
	}
	task, broken := reader.Read(plan.Task{Key: now.Key, City: now.City, CityName: now.CityName}, cells, row)
	return task, ofTask(broken, now.Key), nil
}

// taskReader reads rows of the document's plan as people write them, with the names in
// these looked up.
func (s *Server) taskReader(r *http.Request, v storage.DocumentView, table plan.Table, year int, rows []plan.Cells) (plan.Reader, error) {
	var names []string
	for _, cells := range rows {
		names = append(names, cells.Names()...)
	}
	city, err := s.store.CityTasks(r.Context(), v)
	if err != nil {
		return plan.Reader{}, err
	}
	parties, err := s.store.NamedParties(r.Context(), names)
	return plan.Reader{
		Table: table, Year: year, Fold: storage.Fold, Day: dayIn, City: city,
		Party: func(name string) plan.Party {
			if known, ok := parties[name]; ok {
				return known
			}
			return plan.Party{Name: name}
		},
	}, err
}

// taskAgain shows the form as it was typed, on the version that it was typed on.
func (s *Server) taskAgain(w http.ResponseWriter, r *http.Request, d *planDesk, task plan.Task, broken rule.Errors, base int) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	}
	page := s.taskPage(r, d, task.Key)
	d.keepTyped(&page, r.PostForm)
	page.Errors, page.Base = broken, base
	return s.showBroken(w, "plan/task", page)
}

func (d *planDesk) keepTyped(page *templates.TaskPage, f url.Values) {
	page.Draft = typedTask(f)
	page.Fields = choices(d.table.Fields, f.Get(plan.ColumnField), words.ChooseField)
	page.Products = choices(d.table.Products, f.Get(plan.ColumnProductKind), words.NoProductKind)
}

// cityText is the task of the city's plan in its field.
func cityText(task plan.Task, city []plan.CityTask) string {
	for _, one := range city {
		if one.Key == task.City {
			return one.CityText()
		}
	}
	return task.CityName
}

// offered are the tasks of the city's plan to choose from.
func offered(city []plan.CityTask) []string {
	texts := make([]string, len(city))
	for i, one := range city {
		texts[i] = one.CityText()
	}
	return texts
}

// typedTask is what stands in the fields of a task's form.
func typedTask(f url.Values) templates.TaskDraft {
	return templates.TaskDraft{
		Target: f.Get(plan.ColumnTarget), Name: f.Get(plan.ColumnName), Product: f.Get(plan.ColumnProduct),
		Lead: f.Get(plan.ColumnLead), Coordinating: f.Get(plan.ColumnCoordinating), Start: f.Get(plan.ColumnStart),
		Deadline: f.Get(plan.ColumnDeadline), Note: f.Get(plan.ColumnNote), City: f.Get(plan.ColumnCity),
	}
}

// taskConflict answers 409 with what was typed and where the saved task differs.
func (s *Server) taskConflict(w http.ResponseWriter, r *http.Request, d *planDesk, mine plan.Task, theirs storage.Conflict) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusConflict, map[string]any{"error": storage.Conflicts{theirs}.Error()})
	}
	page := s.taskPage(r, d, mine.Key)
	d.keepTyped(&page, r.PostForm)
	page.Base = theirs.Version
	page.Conflict = &templates.TaskConflict{By: theirs.By, When: words.MomentNear(theirs.At, d.Now), Removed: theirs.Task == nil}
	if theirs.Task != nil {
		for _, column := range mine.Differing(*theirs.Task) {
			page.Conflict.Cells = append(page.Conflict.Cells, templates.Pair{
				Name: words.TaskColumn(column), Value: words.TaskCell(*theirs.Task, column, d.table),
			})
		}
	}
	return s.render(w, http.StatusConflict, "plan/task", page)
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
