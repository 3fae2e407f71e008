package web

import (
	"errors"
	"net/http"
	"net/url"
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

// adjusting reads the adjustment in the path for a page on which it is written; one
// that lies elsewhere has no such page, and its reader is led to it.
func (s *Server) adjusting(w http.ResponseWriter, r *http.Request, actor staff.Actor) (*adjustmentDesk, error) {
	d, err := s.adjustmentDesk(r, actor)
	if err != nil {
		return nil, err
	}
	if !d.drafts() {
		return nil, goTo(w, r, d.root())
	}
	return d, nil
}

// showOrder is the form of the document that orders the adjustment.
func (s *Server) showOrder(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.adjusting(w, r, actor)
	if d == nil {
		return err
	}
	page := s.orderPage(r, d)
	page.Errors = ofOrder(d.Broken)
	if page.Draft == (templates.OrderDraft{}) {
		page.Errors = nil // nobody has begun
	}
	return s.show(w, "plan/order", page)
}

func (s *Server) orderPage(r *http.Request, d *adjustmentDesk) templates.OrderPage {
	page := templates.OrderPage{
		Shell: s.adjustmentShell(r, d.trackingDesk, templates.TitleOrder, d.crumbs()...), Document: d.head(), Path: d.root(), Base: d.Version,
		Draft: templates.OrderDraft{Number: d.Number, Issuer: d.Issuer, Title: d.Adjustment.Title}, File: d.orderFile(),
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload),
	}
	if d.IssuedOn != nil {
		page.Draft.IssuedOn = words.Date(*d.IssuedOn)
	}
	return page
}

// ofOrder are the broken rules of the order alone.
func ofOrder(broken rule.Errors) rule.Errors {
	var own rule.Errors
	for _, one := range broken {
		if _, _, task := plan.ParseTaskField(one.Field); !task && one.Field != "" && one.Field != plan.TableField {
			own = append(own, one)
		}
	}
	return own
}

// saveOrder keeps the order; its file is read as it comes, after the fields.
func (s *Server) saveOrder(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	name, file, err := formWithFile(r, "base_version")
	if err != nil {
		return err
	}
	f := r.PostForm
	base, err := strconv.Atoi(f.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	d, err := s.adjustmentDesk(r, actor)
	if err != nil {
		return err
	}
	n := storage.NewOrder{
		Document: d.DocumentView.ID, Adjustment: d.Adjustment.ID, Actor: actor, Base: base, FileName: name, File: file,
		Order: plan.Order{Number: f.Get("number"), Issuer: f.Get("issuer"), Title: f.Get("title")},
	}
	if text := strings.TrimSpace(f.Get("issued_on")); text != "" {
		day, ok := dayIn(text)
		if n.IssuedOn = &day; !ok {
			return s.orderAgain(w, r, d, rule.Broken(dateBad, "issued_on"), name, false)
		}
	}
	err = fileTooBig(s.store.SaveOrder(r.Context(), n), name)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		d.Version = conflicts[0].Version
		return s.orderAgain(w, r, d, nil, name, true)
	case broken != nil:
		return s.orderAgain(w, r, d, broken, name, false)
	case err != nil:
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.OrderFlash}); err != nil {
		return err
	}
	return goTo(w, r, d.root())
}

// orderAgain shows the form as it was typed; stale: on the version that somebody else
// has saved, so that saving replaces it knowingly.
func (s *Server) orderAgain(w http.ResponseWriter, r *http.Request, d *adjustmentDesk, broken rule.Errors, lost string, stale bool) error {
	f := r.PostForm
	page := s.orderPage(r, d)
	page.Errors, page.Lost, page.Stale = broken, lost, stale
	page.Draft = templates.OrderDraft{Number: f.Get("number"), IssuedOn: f.Get("issued_on"), Issuer: f.Get("issuer"), Title: f.Get("title")}
	if stale {
		return s.render(w, http.StatusConflict, "plan/order", page)
	}
	page.Base, _ = strconv.Atoi(f.Get("base_version"))
	return s.render(w, refusalStatus(broken), "plan/order", page)
}

// chooseAdjusted leads from the chosen task to its form.
func (s *Server) chooseAdjusted(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.adjusting(w, r, actor)
	if d == nil {
		return err
	}
	if key := r.URL.Query().Get("key"); plan.ValidKey(key) {
		return goTo(w, r, d.root()+"/tasks/"+key)
	}
	return goTo(w, r, d.root()+"#changes-title")
}

// adjusted is what the adjustment does to the task in the path: as it is written, as
// it stands in the plan, or a new one.
func (s *Server) adjusted(r *http.Request, d *adjustmentDesk) (storage.AdjustedTask, error) {
	key := chi.URLParam(r, "key")
	if !plan.ValidKey(key) {
		return storage.AdjustedTask{}, storage.ErrNotFound
	}
	for _, one := range d.Adjustment.Tasks {
		if one.Task.Key == key {
			return one, nil
		}
	}
	version, err := s.store.AdjustedTaskVersion(r.Context(), d.Adjustment.ID, key)
	one := storage.AdjustedTask{Version: version}
	one.Kind, one.Task = plan.Added, plan.Task{Key: key}
	if at := plan.Index(d.Adjustment.Before, key); at >= 0 {
		one.Kind, one.Task = plan.Changed, d.Adjustment.Before[at]
	} else if at := plan.Index(tasksOf(d.PlanTracking.Tasks), key); at >= 0 { // taken out before: may be put back
		one.Task = d.PlanTracking.Tasks[at].Task
	}
	return one, err
}

func tasksOf(tracked []storage.TrackedTask) []plan.Task {
	tasks := make([]plan.Task, len(tracked))
	for i, one := range tracked {
		tasks[i] = one.Task
	}
	return tasks
}

// showAdjusted is the form of one task of an adjustment.
func (s *Server) showAdjusted(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.adjusting(w, r, actor)
	if d == nil {
		return err
	}
	one, err := s.adjusted(r, d)
	if err != nil {
		return err
	}
	page, err := s.adjustedPage(r, d, one)
	if err != nil {
		return err
	}
	page.Errors = ofTask(byTask(d.Broken)[one.Task.Key], one.Task.Key)
	return s.show(w, "plan/adjust", page)
}

func (s *Server) adjustedPage(r *http.Request, d *adjustmentDesk, one storage.AdjustedTask) (templates.AdjustTaskPage, error) {
	city, err := s.store.CityTasks(r.Context(), d.DocumentView)
	key := one.Task.Key
	at := plan.Index(d.Adjustment.Before, key)
	heading := templates.TitleAddTask
	if at >= 0 {
		heading = words.TaskNumbered(at + 1)
	}
	text := func(column string) string { return words.TaskCell(one.Task, column, d.Table) }
	page := templates.AdjustTaskPage{
		Shell: s.adjustmentShell(r, d.trackingDesk, heading, d.crumbs()...), Document: d.head(), Path: d.root(), Action: d.root() + "/tasks/" + key,
		Base: one.Version, Heading: heading, New: at < 0, Touched: one.By != "", Removed: one.Kind == plan.Removed, Reason: one.Reason, Year: d.year().Year,
		Draft: templates.TaskDraft{
			Target: one.Task.Target, Name: one.Task.Name, Product: one.Task.Product, Lead: text(plan.ColumnLead),
			Coordinating: text(plan.ColumnCoordinating), Start: text(plan.ColumnStart), Deadline: text(plan.ColumnDeadline), Note: one.Task.Note,
			City: cityText(one.Task, city),
		},
		CityTasks: offered(city),
		Fields:    choices(d.Table.Fields, one.Task.Field, words.ChooseField), Products: choices(d.Table.Products, one.Task.ProductKind, words.NoProductKind),
	}
	if at >= 0 {
		now := taskText(d.Adjustment.Before[at], at+1, d.Table)
		page.Now = &now
	}
	return page, err
}

// year is the plan's; a campaign of plans has one.
func (d *trackingDesk) year() period.Period {
	year, _ := period.Parse(d.Campaign.Period)
	return year
}

// saveAdjusted keeps what becomes of a task.
func (s *Server) saveAdjusted(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version", "do"); err != nil {
		return err
	}
	f := r.PostForm
	base, err := strconv.Atoi(f.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	d, err := s.adjustmentDesk(r, actor)
	if err != nil {
		return err
	}
	now, err := s.adjusted(r, d)
	if err != nil {
		return err
	}
	change := storage.AdjustedChange{Base: base}
	change.Kind, change.Task, change.Reason = plan.Changed, now.Task, f.Get("reason")
	switch f.Get("do") {
	case "remove":
		change.Kind = plan.Removed
	case "drop":
		change.Dropped, change.Reason = true, ""
	default:
		city, err := s.store.CityTasks(r.Context(), d.DocumentView)
		if err != nil {
			return err
		}
		task, broken, err := s.readTaskForm(r, city, now.Task, plan.Index(d.Adjustment.Before, now.Task.Key)+1, d.Table, d.year().Year)
		if err != nil {
			return err
		}
		if broken != nil {
			return s.adjustedAgain(w, r, d, now, broken)
		}
		change.Task = task
	}
	err = s.store.SaveAdjusted(r.Context(), d.DocumentView.ID, d.Adjustment.ID, change, actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return s.adjustedConflict(w, r, d, now, change.Task, conflicts[0])
	case broken != nil:
		return s.adjustedAgain(w, r, d, now, ofTask(broken, now.Task.Key))
	case err != nil:
		return err
	}
	return s.adjustedTaken(w, r, d, change)
}

// adjustedTaken tells what has been kept. A task to be carried out no more, without a
// reason, is kept, and its page asks for it.
func (s *Server) adjustedTaken(w http.ResponseWriter, r *http.Request, d *adjustmentDesk, change storage.AdjustedChange) error {
	flash := templates.Flash{Tone: templates.ToneOK, Text: templates.AdjustedFlash}
	if change.Dropped {
		flash.Text = templates.DroppedFlash
	}
	if change.Kind == plan.Removed && strings.TrimSpace(change.Reason) == "" {
		return goTo(w, r, d.root()+"/tasks/"+change.Task.Key+"#"+plan.ColumnReason)
	}
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, d.root()+"#changes-title")
}

func (s *Server) adjustedAgain(w http.ResponseWriter, r *http.Request, d *adjustmentDesk, now storage.AdjustedTask, broken rule.Errors) error {
	page, err := s.adjustedPage(r, d, now)
	if err != nil {
		return err
	}
	keepAdjusted(&page, d.Table, r.PostForm)
	page.Errors = broken
	page.Base, _ = strconv.Atoi(r.PostForm.Get("base_version"))
	if broken.Has(document.WrongStage) || broken.Has(document.Closed) {
		return s.render(w, http.StatusConflict, "plan/adjust", page)
	}
	return s.showBroken(w, "plan/adjust", page)
}

func keepAdjusted(page *templates.AdjustTaskPage, table plan.Table, f url.Values) {
	page.Draft, page.Reason = typedTask(f), f.Get("reason")
	page.Fields = choices(table.Fields, f.Get(plan.ColumnField), words.ChooseField)
	page.Products = choices(table.Products, f.Get(plan.ColumnProductKind), words.NoProductKind)
}

// adjustedConflict answers 409 with what was typed and where the saved task differs.
func (s *Server) adjustedConflict(w http.ResponseWriter, r *http.Request, d *adjustmentDesk, now storage.AdjustedTask, mine plan.Task, theirs storage.Conflict) error {
	page, err := s.adjustedPage(r, d, now)
	if err != nil {
		return err
	}
	keepAdjusted(&page, d.Table, r.PostForm)
	page.Base = theirs.Version
	page.Conflict = &templates.TaskConflict{By: theirs.By, When: words.MomentNear(theirs.At, d.PlanTracking.Now), Removed: theirs.Task == nil}
	if theirs.Task != nil {
		for _, column := range mine.Differing(*theirs.Task) {
			page.Conflict.Cells = append(page.Conflict.Cells, templates.Pair{
				Name: words.TaskColumn(column), Value: words.TaskCell(*theirs.Task, column, d.Table),
			})
		}
	}
	if theirs.Reason != "" {
		page.Conflict.Cells = append(page.Conflict.Cells, templates.Pair{Name: words.TaskColumn(plan.ColumnReason), Value: theirs.Reason})
	}
	return s.render(w, http.StatusConflict, "plan/adjust", page)
}
