package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

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
	return s.readTaskForm(r, d.city, now, plan.Index(d.draft.Content.Tasks, key)+1, d.table, d.year.Year)
}

// readTaskForm reads the fields of the task that stands in the row, of a plan of the
// year. A form that does not ask for the city's task leaves it as it is.
func (s *Server) readTaskForm(r *http.Request, city []plan.CityTask, now plan.Task, row int, table plan.Table, year int) (plan.Task, rule.Errors, error) {
	cells := plan.Cells{}
	for _, column := range plan.Columns {
		if column != plan.ColumnCity || r.PostForm.Has(column) {
			cells[column] = r.PostForm.Get(column)
		}
	}
	reader, err := s.taskReader(r, city, table, year, []plan.Cells{cells})
	if err != nil {
		return plan.Task{}, nil, err
	}
	task, broken := reader.Read(plan.Task{Key: now.Key, City: now.City, CityName: now.CityName}, cells, row)
	return task, ofTask(broken, now.Key), nil
}

// taskReader reads rows of the document's plan as people write them, with the names in
// these looked up.
func (s *Server) taskReader(r *http.Request, city []plan.CityTask, table plan.Table, year int, rows []plan.Cells) (plan.Reader, error) {
	var names []string
	for _, cells := range rows {
		names = append(names, cells.Names()...)
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
