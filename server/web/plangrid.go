package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// planSave is what a page that writes the whole table has sent: the rows that were
// changed there, the places that rows took, and how far it knows the table.
type planSave struct {
	rows  []sentRow
	moves []sentMove
	looks []string // keys of tasks that were looked at
	since time.Time
	save  string // what the page calls this save
}

// sentRow is one row, with the cells that were changed alone. One that was taken out
// has none.
type sentRow struct {
	key     string
	base    int
	after   string // of a new row
	removed bool
	cells   plan.Cells
}

type sentMove struct{ key, after string }

// readPlanSave reads the form: "row" for each key in their order, then by key base,
// after, removed and "cell.<key>.<column>"; "move" as "<key>:<after>"; "looked" for each key; since and save.
func readPlanSave(r *http.Request) (planSave, error) {
	f := r.PostForm
	sent := planSave{save: f.Get("save")}
	for _, list := range []string{"row", "move", "looked"} { // a move is a transaction of its own
		if len(f[list]) > 2*plan.MaxTasks {
			return sent, errBadForm
		}
	}
	for _, key := range f["row"] {
		if !plan.ValidKey(key) {
			return sent, errBadForm
		}
		base, err := strconv.Atoi(f.Get("base." + key))
		if err != nil {
			return sent, errBadForm
		}
		row := sentRow{key: key, base: base, after: f.Get("after." + key), removed: f.Has("removed." + key), cells: plan.Cells{}}
		for _, column := range plan.Columns {
			if name := "cell." + key + "." + column; f.Has(name) && !row.removed {
				row.cells[column] = storage.CleanText(f.Get(name))
			}
		}
		sent.rows = append(sent.rows, row)
	}
	for _, text := range f["move"] {
		key, after, _ := strings.Cut(text, ":")
		if !plan.ValidKey(key) || !plan.ValidKey(after) {
			return sent, errBadForm
		}
		sent.moves = append(sent.moves, sentMove{key, after})
	}
	var err error
	for _, key := range f["looked"] {
		if !plan.ValidKey(key) {
			return sent, errBadForm
		}
		sent.looks = append(sent.looks, key)
	}
	sent.since, err = sinceOf(f.Get("since"))
	return sent, err
}

// sinceOf is up to when a page knows the table; the zero time: not at all.
func sinceOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	since, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return since, errBadForm
	}
	return since, nil
}

// planRows tells a page that writes the whole table how it stands.
func (s *Server) planRows(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	since, err := sinceOf(r.URL.Query().Get("since"))
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	return answerJSON(w, http.StatusOK, d.stands(since))
}

// savePlanRows keeps the rows that a page has sent. A cell that cannot be read, and
// a row that somebody else has saved, hold back only themselves.
func (s *Server) savePlanRows(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	sent, err := readPlanSave(r)
	if err != nil {
		return err
	}
	d, err := s.planDesk(r, actor)
	if err != nil {
		return err
	}
	k := planKeeping{planDesk: d, sent: sent}
	err = s.keepPlan(r, &k)
	switch broken := brokenIn(err); {
	case broken != nil && broken[0].Field == "" && wantsJSON(r):
		return answerJSON(w, http.StatusConflict, map[string]any{"error": messages(broken)})
	case broken != nil && broken[0].Field == "":
		return s.notTaken(w, r, actor, broken)
	case broken != nil:
		k.refused = broken
	case err != nil:
		return err
	}
	if !wantsJSON(r) {
		return goTo(w, r, d.planURL())
	}
	if k.planDesk, err = s.planDesk(r, actor); err != nil { // as it stands now
		return err
	}
	return answerJSON(w, http.StatusOK, k.answer())
}

// planKeeping is a save under way and what came of it.
type planKeeping struct {
	*planDesk
	sent    planSave
	saved   map[string]storage.Saved
	clashes storage.Conflicts
	unread  rule.Errors // of cells that were not saved
	refused rule.Errors // why no row was
}

func (s *Server) keepPlan(r *http.Request, k *planKeeping) error {
	changes, err := s.changesOf(r, k)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		k.saved, err = s.store.SaveTasks(r.Context(), k.ID, changes, k.actor)
		if err != nil && !errors.As(err, &k.clashes) {
			return err
		}
	}
	for _, move := range k.sent.moves {
		err := s.store.MoveTasks(r.Context(), k.ID, []string{move.key}, move.after, k.actor)
		if err != nil && !errors.Is(err, storage.ErrNotFound) { // gone meanwhile: nothing to stand behind
			return err
		}
	}
	if len(k.sent.looks) > 0 {
		return s.store.LookAtTasks(r.Context(), k.ID, k.sent.looks, k.actor)
	}
	return nil
}

// changesOf reads the rows over what stands in the table. A cell that a draft cannot
// take is left as it stands.
func (s *Server) changesOf(r *http.Request, k *planKeeping) ([]storage.TaskChange, error) {
	cells := make([]plan.Cells, len(k.sent.rows))
	for i, row := range k.sent.rows {
		cells[i] = row.cells
	}
	reader, err := s.taskReader(r, k.city, k.table, k.year.Year, cells)
	if err != nil {
		return nil, err
	}
	gone, err := s.takenOut(r, k)
	if err != nil {
		return nil, err
	}
	var changes []storage.TaskChange
	for _, row := range k.sent.rows {
		stands := k.draft.Tasks[row.key].Task
		if task, back := gone[row.key]; back {
			stands = task
		}
		stands.Key = row.key
		task, broken := reader.Read(stands, row.cells, 0)
		if tooMuch := k.table.Acceptable(task, 0); tooMuch != nil {
			kept := plan.Cells{}
			for column, text := range row.cells {
				if !slices.ContainsFunc(tooMuch, func(e rule.Error) bool { return e.Field == plan.TaskField(row.key, column) }) {
					kept[column] = text
				}
			}
			task, _ = reader.Read(stands, kept, 0)
			broken = append(broken, tooMuch...)
		}
		k.unread = append(k.unread, broken...)
		changes = append(changes, storage.TaskChange{Task: task, Base: row.base, After: row.after, Removed: row.removed})
	}
	return changes, nil
}

// takenOut are the words of rows that do not stand and that the page puts back: cells
// that it does not send stay as they were.
func (s *Server) takenOut(r *http.Request, k *planKeeping) (map[string]plan.Task, error) {
	back := func(row sentRow) bool {
		_, stands := k.draft.Tasks[row.key]
		return row.base > 0 && !row.removed && !stands
	}
	if !slices.ContainsFunc(k.sent.rows, back) {
		return nil, nil
	}
	removed, err := s.store.RemovedTasks(r.Context(), k.ID)
	gone := make(map[string]plan.Task, len(removed))
	for _, task := range removed {
		gone[task.Key] = task.Task
	}
	return gone, err
}

// answer tells the page what was saved, what was not and why, and what others have
// changed.
func (k *planKeeping) answer() templates.PlanSaved {
	answer := k.stands(k.sent.since)
	answer.Save = k.sent.save
	answer.Versions = make(map[string]int, len(k.saved))
	answer.Clashes = make(map[string]templates.TaskClash, len(k.clashes))
	for key, one := range k.saved {
		answer.Versions[key] = one.Version
	}
	for _, row := range k.sent.rows {
		clash, clashes := k.clashes.At(plan.TaskField(row.key, ""))
		if clashes {
			answer.Clashes[row.key] = k.clash(clash)
			continue
		}
		if _, stands := k.draft.Tasks[row.key]; stands && k.refused == nil {
			answer.Rows[row.key] = k.cells(row.key) // as it was understood
		}
	}
	for _, key := range k.sent.looks {
		if _, stands := k.draft.Tasks[key]; stands {
			answer.Rows[key] = k.cells(key)
		}
	}
	for _, one := range k.unread {
		key, column, _ := plan.ParseTaskField(one.Field)
		answer.Unread = append(answer.Unread, key+"."+column)
		answer.Errors[key] = withCell(answer.Errors[key], column, words.Message(one))
	}
	if k.refused != nil {
		answer.Refused = messages(k.refused)
	}
	answer.Left = len(k.unread) + len(k.clashes) + len(k.refused)
	return answer
}

// withCell says of a cell that was not read only that: what the checks say is about
// what stands there.
func withCell(said map[string][]string, column, text string) map[string][]string {
	if said == nil {
		said = map[string][]string{}
	}
	said[column] = []string{text}
	return said
}

func (k *planKeeping) clash(theirs storage.Conflict) templates.TaskClash {
	clash := templates.TaskClash{
		Version: theirs.Version, Removed: theirs.Task == nil, Text: words.TaskClash(theirs.By, words.MomentNear(theirs.At, k.Now), theirs.Task == nil),
	}
	if theirs.Task != nil {
		clash.Cells = k.cellsOf(*theirs.Task)
	}
	return clash
}

// stands is the table for a page that knows it up to an instant.
func (d *planDesk) stands(since time.Time) templates.PlanSaved {
	problems := planProblems(d.draft)
	now := templates.PlanSaved{
		Rows: map[string]templates.PlanCells{}, Errors: map[string]map[string][]string{},
		Count: words.TaskCount(len(d.draft.Content.Tasks)), Summary: words.PlanLeft(problems), Broken: problems > 0,
		Stale: words.TasksStale(len(d.draft.StaleTasks())), Saved: savedWhen(d.Now, d.Now),
	}
	known := since
	for key, task := range d.draft.Tasks {
		if task.At.After(known) {
			known = task.At
		}
		if task.At.After(since) {
			now.Rows[key] = d.cells(key)
		}
	}
	if !known.IsZero() {
		now.Since = known.UTC().Format(time.RFC3339Nano)
	}
	for number, group := range d.table.Groups(d.draft.Content.Tasks) {
		shown := templates.PlanRun{Name: words.TaskGroup(number+1, group.Field.Name)}
		for _, task := range group.Tasks {
			shown.Keys = append(shown.Keys, task.Key)
		}
		now.Groups = append(now.Groups, shown)
	}
	for key, broken := range byTask(d.draft.Result.Errors) {
		for _, one := range broken {
			_, column, _ := plan.ParseTaskField(one.Field)
			now.Add(key, column, words.Message(one))
		}
	}
	return now
}

func (d *planDesk) cells(key string) templates.PlanCells {
	task := d.draft.Tasks[key]
	return templates.PlanCells{
		Version: task.Version, Stale: task.Stale, Cells: d.cellsOf(task.Task), About: words.Edited(task.By, task.At, d.Now),
	}
}

func (d *planDesk) cellsOf(task plan.Task) map[string]string {
	cells := make(map[string]string, len(plan.Columns))
	for _, column := range d.columns() {
		cells[column] = d.cell(task, column)
	}
	return cells
}

// shortColumns hold one line: a choice, a day, a deadline.
var shortColumns = []string{plan.ColumnField, plan.ColumnProductKind, plan.ColumnStart, plan.ColumnDeadline}

// taskHeads are what a column may be called in a table that is pasted or handed in,
// folded.
func taskHeads(column string) []string {
	heads := words.TaskColumnNames(column)
	for i, head := range heads {
		heads[i] = storage.Fold(head)
	}
	return heads
}

// planColumns are the heads of the grid, with what its cells offer.
func (d *planDesk) planColumns() []templates.PlanColumn {
	names := func(choices []plan.Choice) []string {
		list := make([]string, len(choices))
		for i, one := range choices {
			list[i] = one.Name
		}
		return list
	}
	columns := make([]templates.PlanColumn, len(d.columns()))
	for i, column := range d.columns() {
		columns[i] = templates.PlanColumn{
			Code: column, Name: words.TaskColumn(column), Heads: strings.Join(taskHeads(column), "|"), Most: plan.MaxText,
			Short: slices.Contains(shortColumns, column),
		}
		switch column {
		case plan.ColumnField:
			columns[i].Offers = names(d.table.Fields)
		case plan.ColumnProductKind:
			columns[i].Offers = names(d.table.Products)
		case plan.ColumnDeadline:
			columns[i].Offers = words.DeadlineOffers(d.year.Year)
		case plan.ColumnCity:
			columns[i].Offers = offered(d.city)
		case plan.ColumnLead:
			columns[i].Most = plan.MaxParty
		}
	}
	return columns
}
