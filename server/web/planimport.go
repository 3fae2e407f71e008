package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// The broken rules of a workbook as a whole.
const (
	workbookNoTable rule.Code = "workbook_no_table" // name
	workbookEmpty   rule.Code = "workbook_empty"    // name
)

// importURL is the page of a workbook; below names one that was uploaded.
func (d *dossier) importURL(below string) string { return d.path("/" + planPlace + "/import" + below) }

// showPlanImport asks for a workbook.
func (s *Server) showPlanImport(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	return s.show(w, "plan/import", s.importPage(r, d))
}

func (s *Server) importPage(r *http.Request, d *planDesk) templates.PlanImportPage {
	page := templates.PlanImportPage{
		Shell: s.shellOf(r, d.dossier, words.TitlePlanImport), Document: d.head(), Key: newKey(),
		Template: d.path("/" + planPlace + "/template.xlsx"), MaxSize: words.Size(storage.MaxWorkbook),
	}
	page.Crumbs = append(page.Crumbs[:len(page.Crumbs)-1:len(page.Crumbs)-1],
		templates.Crumb{Label: words.TitlePlan, URL: d.planURL()}, page.Crumbs[len(page.Crumbs)-1])
	if len(d.draft.Content.Tasks) > 0 {
		page.Export = d.path("/" + planPlace + "/tasks.xlsx")
	}
	return page
}

// takePlanImport keeps the workbook and goes on to what it would change.
func (s *Server) takePlanImport(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	var kept storage.PlanImport
	err := takeWorkbook(r, func(name string, from io.Reader) (err error) {
		kept, err = s.store.AddPlanImport(r.Context(), documentID(r), name, from, actor)
		return err
	})
	if broken := brokenIn(err); broken != nil {
		if broken[0].Field == "" {
			return s.notTaken(w, r, actor, broken)
		}
		d, err := s.planDesk(r, actor)
		if err != nil {
			return err
		}
		page := s.importPage(r, d)
		page.Errors = broken
		return s.showBroken(w, "plan/import", page)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+documentID(r)+"/"+planPlace+"/import/"+kept.Hash, cameFrom(r)))
}

// planImport is a workbook held against the draft.
type planImport struct {
	*planDesk
	storage.PlanImport
	*importBook
	table   plan.Sheet
	unread  rule.Errors          // of cells
	lines   map[string]int       // line of the sheet by task
	changes []storage.TaskChange // what it comes to, on the versions that stand now
	missing []storage.TaskChange // tasks that stand in the draft and not in the workbook, taken out
	after   []plan.Task          // the table with the changes
}

// planImport reads the workbook in the path, {hash}. Close its book.
func (s *Server) planImport(r *http.Request, actor staff.Actor) (*planImport, error) {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return nil, err
	}
	p := &planImport{planDesk: d, lines: map[string]int{}}
	var data []byte
	if p.PlanImport, data, err = s.store.PlanImport(r.Context(), d.ID, chi.URLParam(r, "hash")); err != nil {
		return nil, err
	}
	p.importBook, err = openImport(p.PlanImport.Name, data, func(book *importBook) error {
		return errors.Join(p.find(book), s.compareImport(r, p, book))
	})
	return p, err
}

// find looks for the table on the workbook's sheets.
func (p *planImport) find(book *importBook) error {
	reader := plan.Reader{Table: p.planDesk.table, Fold: storage.Fold}
	return book.look(func(texts [][]string) (int, bool) {
		table, found := reader.ReadSheet(texts, planHeads())
		if found {
			p.table = table
		}
		return len(table.Lines), found
	}, workbookNoTable, workbookEmpty)
}

// planHeads are what the columns are called in workbooks.
func planHeads() plan.Heads {
	heads := plan.Heads{plan.KeyHead: {storage.Fold(words.TaskKeyHead)}, plan.NumberHead: strings.Split(templates.PlanPage{}.NumberHeads(), "|")}
	for _, column := range plan.Columns {
		heads[column] = taskHeads(column)
	}
	return heads
}

// compareImport reads the lines into tasks and holds them against the draft.
func (s *Server) compareImport(r *http.Request, p *planImport, book *importBook) error {
	cells := make([]plan.Cells, len(p.table.Lines))
	for i, line := range p.table.Lines {
		cells[i] = line.Cells
	}
	reader, err := s.taskReader(r, p.city, p.planDesk.table, p.year.Year, cells)
	if err != nil {
		return err
	}
	removed, err := s.store.RemovedTasks(r.Context(), p.ID)
	if err != nil {
		return err
	}
	known := make(map[string]storage.DraftTask, len(removed))
	for _, task := range removed {
		known[task.Key] = task
	}
	p.after = append(p.after, p.draft.Content.Tasks...)
	behind := ""
	for i, line := range p.table.Lines {
		key := p.keyOf(line)
		stands := p.draft.Tasks[key].Task
		stands.Key = key
		task, broken := reader.Read(stands, line.Cells, line.Row)
		p.unread = append(p.unread, append(broken, p.planDesk.table.Acceptable(task, line.Row)...)...)
		base := p.draft.Tasks[key].Version
		if base == 0 {
			base = known[key].Version
		}
		task = task.Clean()
		p.lines[key] = i
		p.changes = append(p.changes, storage.TaskChange{Task: task, Base: base, After: behind})
		p.put(task, behind)
		behind = key
	}
	for _, task := range p.draft.Content.Tasks {
		if _, there := p.lines[task.Key]; !there {
			p.missing = append(p.missing, storage.TaskChange{Task: task, Base: p.draft.Tasks[task.Key].Version, Removed: true})
		}
	}
	p.after = p.planDesk.table.Arrange(p.after)
	if n := len(p.after) - len(p.missing); n > plan.MaxTasks { // too many even without those
		book.broken = rule.Broken(plan.TooMany, "file", plan.MaxTasks, n)
	}
	return nil
}

// keyOf is the task that a line was written out from, the first time it is named; a
// new one's key comes from the workbook, so that taking it over twice adds it once.
func (p *planImport) keyOf(line plan.Line) string {
	if _, stands := p.draft.Tasks[line.Key]; stands {
		if _, twice := p.lines[line.Key]; !twice {
			return line.Key
		}
	}
	const letters = 12
	sum := sha256.Sum256([]byte(p.Hash + "/" + strconv.Itoa(line.Row)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:letters]
}

func (p *planImport) put(task plan.Task, behind string) {
	if at := plan.Index(p.after, task.Key); at >= 0 {
		p.after[at] = task
		return
	}
	at := plan.Index(p.after, behind) + 1
	if at == 0 {
		at = len(p.after)
	}
	p.after = append(p.after[:at], append([]plan.Task{task}, p.after[at:]...)...)
}

// marks are all that is wrong, at the workbook's cells: what cannot be read, then
// what a submission would lack.
func (p *planImport) marks() []sheet.Mark {
	var marks []sheet.Mark
	told := map[string]bool{}
	mark := func(one rule.Error) {
		key, column, ok := plan.ParseTaskField(one.Field)
		line, there := p.lines[key]
		if !ok || !there || told[one.Field] {
			return
		}
		told[one.Field] = true
		at := p.table.Columns[column]
		if at == 0 { // of the row, or in a column that the sheet lacks
			at = p.table.Columns[plan.ColumnName]
		}
		text := words.Message(one)
		if p.table.Columns[column] == 0 && column != "" {
			text = words.TaskColumn(column) + ": " + text
		}
		marks = append(marks, sheet.Mark{Row: p.table.Lines[line].Row, Column: at, Text: text})
	}
	for _, one := range p.unread {
		mark(one)
	}
	for _, one := range p.planDesk.table.Check(p.after, p.year) {
		mark(one)
	}
	return marks
}

// blocked tells whether the workbook cannot be taken over as it is.
func (p *planImport) blocked() bool { return p.broken != nil || p.unread != nil }

// showPlanImported shows what a workbook would change, or all that is wrong with it.
func (s *Server) showPlanImported(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.planImport(r, actor)
	if err != nil {
		return err
	}
	if p.Stage != document.Drafting {
		return errors.Join(goTo(w, r, p.path("")), p.close())
	}
	return errors.Join(s.showImported(w, r, p, nil), p.close())
}

func (s *Server) showImported(w http.ResponseWriter, r *http.Request, p *planImport, broken rule.Errors) error {
	page := s.importPage(r, p.planDesk)
	page.File, page.Action = p.PlanImport.Name, p.importURL("/"+p.Hash)
	page.Errors = append(broken, p.broken...)
	if p.broken != nil {
		return s.showBroken(w, "plan/import", page)
	}
	page.Lines = len(p.table.Lines)
	marks := p.marks()
	page.Marks = importMarks(marks)
	if len(marks) > 0 {
		page.Marked = page.Action + "/marked.xlsx"
	}
	page.Blocked = len(p.unread)
	compared := p.compared()
	page.Differences, page.Same = compared, page.Lines-len(compared)
	for _, change := range append(p.changes, p.missing...) {
		if change.Base > 0 {
			page.Bases = append(page.Bases, templates.HiddenField{Name: "base." + change.Task.Key, Value: strconv.Itoa(change.Base)})
		}
	}
	for _, change := range p.missing {
		page.Missing = append(page.Missing, change.Task.Name)
	}
	if page.Errors != nil {
		return s.showBroken(w, "plan/import", page)
	}
	return s.show(w, "plan/import", page)
}

// compared is what the workbook changes in the table.
func (p *planImport) compared() []templates.TaskDifference {
	var differences []templates.TaskDifference
	for _, change := range plan.Differences(p.draft.Content.Tasks, p.after) {
		differences = append(differences, taskDifference(change, p.planDesk.table))
	}
	return differences
}

// applyPlanImport takes the workbook over, on the versions that were on the screen. A
// task that somebody has changed meanwhile is shown again with what is left to do.
func (s *Server) applyPlanImport(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p, err := s.planImport(r, actor)
	if err != nil {
		return err
	}
	return errors.Join(s.takeOver(w, r, p), p.close())
}

func (s *Server) takeOver(w http.ResponseWriter, r *http.Request, p *planImport) error {
	if p.blocked() {
		return s.showImported(w, r, p, nil)
	}
	changes := p.changes
	if r.PostForm.Has("drop") {
		changes = append(changes, p.missing...)
	}
	for i, change := range changes {
		base, err := strconv.Atoi(r.PostForm.Get("base." + change.Task.Key))
		if err != nil {
			base = 0
		}
		changes[i].Base = base
	}
	_, err := s.store.SaveTasks(r.Context(), p.ID, changes, p.actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case broken != nil && broken[0].Code == plan.TooMany:
		return s.showImported(w, r, p, rule.Broken(plan.TooMany, "drop", broken[0].Args...))
	case errors.As(err, &conflicts):
		return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneWarn, Text: words.ImportMovedOn(len(conflicts))}, p.importURL("/"+p.Hash))
	case broken != nil && broken[0].Field == "":
		return s.notTaken(w, r, p.actor, broken)
	case broken != nil:
		return s.showImported(w, r, p, broken)
	case err != nil:
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.Imported(len(p.changes), p.PlanImport.Name)}, p.planURL())
}

// goToFlash goes on with a banner.
func (s *Server) goToFlash(w http.ResponseWriter, r *http.Request, flash templates.Flash, path string) error {
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, path)
}

// markedImport is the workbook with all that is wrong marked in it.
func (s *Server) markedImport(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.planImport(r, actor)
	if err != nil {
		return err
	}
	return errors.Join(s.sendMarked(w, r, p.ID, p.importBook, p.marks()), p.close())
}

// planTemplate is the workbook to fill in, without a task; exportPlan is the same with
// those of the draft.
func (s *Server) planTemplate(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.sendPlan(w, r, actor, "mau-", func(*planDesk) []plan.Task { return nil })
}

func (s *Server) exportPlan(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.sendPlan(w, r, actor, "", func(d *planDesk) []plan.Task { return d.draft.Content.Tasks })
}

func (s *Server) sendPlan(w http.ResponseWriter, r *http.Request, actor staff.Actor, kind string, tasks func(*planDesk) []plan.Task) error {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	var book bytes.Buffer
	e := d.entry(tasks(d))
	if err := sheet.WriteEntry(&book, e); err != nil {
		return err
	}
	return s.sendWorkbook(w, r, d.ID, kind+d.ID+".xlsx", len(e.Rows), &book)
}

// entry is the table as a workbook that comes back: with the tasks' keys in a hidden
// column.
func (d *planDesk) entry(tasks []plan.Task) sheet.Entry {
	e := sheet.Entry{
		Name: words.SheetPlan, Lists: words.SheetLists, Title: words.PaperTasksTitle(d.year), Room: plan.MaxTasks,
		About:   []string{fmt.Sprintf("%s – %s", d.Campaign.Name, d.Unit.Name), words.SheetPlanHint},
		Columns: []sheet.EntryColumn{{Title: words.SheetNumber, Width: 6}},
	}
	for _, column := range d.planColumns() {
		e.Columns = append(e.Columns, sheet.EntryColumn{
			Title: column.Name, Width: planWidths[column.Code], Note: words.TaskColumnNote(column.Code, d.year.Year), Choices: column.Offers,
		})
	}
	e.Columns = append(e.Columns, sheet.EntryColumn{Title: words.TaskKeyHead, Width: 14, Hidden: true})
	for i, task := range tasks {
		row := []string{strconv.Itoa(i + 1)}
		for _, column := range d.columns() {
			row = append(row, d.cell(task, column))
		}
		e.Rows = append(e.Rows, append(row, task.Key))
	}
	return e
}

// planWidths are the widths of the columns in a workbook, in letters.
var planWidths = map[string]int{
	plan.ColumnField: 24, plan.ColumnTarget: 28, plan.ColumnName: 48, plan.ColumnProduct: 26, plan.ColumnProductKind: 14, plan.ColumnLead: 24,
	plan.ColumnCoordinating: 28, plan.ColumnStart: 13, plan.ColumnDeadline: 16, plan.ColumnNote: 24, plan.ColumnCity: 40,
}
