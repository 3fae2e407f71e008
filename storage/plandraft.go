package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// TaskUnitUnknown is the broken rule of a lead or helper that is no unit of the
// city; args: the row, the code.
const TaskUnitUnknown rule.Code = "task_unit_unknown"

// FirstPlace stands for the place before all rows; no key is written like this.
const FirstPlace = "-"

// DraftTask is a row of a plan's table as it stands, with what a save must be based
// on.
type DraftTask struct {
	plan.Task
	Version int
	By      string // who saved it
	At      time.Time
	Stale   bool // taken over from an earlier plan and not looked at yet
}

// TaskChange is one row as it was written. A key comes from the page or the
// workbook, never from here: a form that is sent twice adds one row.
type TaskChange struct {
	Task    plan.Task
	Base    int    // version on the screen; 0: a new row
	After   string // of a new row: the key it stands behind; FirstPlace; "": the last place
	Removed bool   // the row is taken out; a later change on its version puts it back
}

// SaveTasks saves the changes that nobody else has overtaken, all in one statement,
// and returns the versions of all it looked at by key. Conflicts lists those that
// were not saved; the others are. A row that says already what is asked for is
// saved as it stands, whatever it was based on. rule.Errors: not the moment, not the
// person, or rows that no draft takes (codes the form does not have, units that do
// not exist, texts too long, too many rows); then nothing is saved. An incomplete
// row is no error: form.Check tells what a submission lacks. Rows are numbered by
// their place among the changes.
func (s *Store) SaveTasks(ctx context.Context, id string, changes []TaskChange, actor staff.Actor) (map[string]Saved, error) {
	saved := make(map[string]Saved, len(changes))
	var conflicts Conflicts
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, table, err := s.lockPlan(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		changes, err := cleanChanges(ctx, tx, table.rules, changes)
		if err != nil {
			return err
		}
		if err := unknownCity(ctx, tx, doc, changes); err != nil {
			return err
		}
		for _, change := range changes {
			if conflict, stale := table.apply(change); stale {
				conflicts = append(conflicts, conflict)
			}
		}
		if n := table.standing(); n > plan.MaxTasks {
			return rule.Broken(plan.TooMany, plan.TableField, plan.MaxTasks, n)
		}
		if err := table.write(ctx, tx, id, actor.Person); err != nil {
			return err
		}
		for _, change := range changes {
			if _, stale := conflicts.At(plan.TaskField(change.Task.Key, "")); !stale {
				row := table.rows[table.index(change.Task.Key)]
				saved[change.Task.Key] = Saved{Version: row.Version, At: row.At}
			}
		}
		return markStarted(ctx, tx, doc)
	})
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return saved, conflicts
	}
	return saved, nil
}

// MoveTasks puts rows, in the order given, behind the row with that key, or with
// FirstPlace before all. Moving changes no row's version: texts and places do not
// conflict. Keys that do not stand in the table are passed over; ErrNotFound: the
// row to stand behind is not there, or is one of those that move.
func (s *Store) MoveTasks(ctx context.Context, id string, keys []string, after string, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		_, table, err := s.lockPlan(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		if after != FirstPlace && (table.index(after) < 0 || slices.Contains(keys, after)) {
			return fmt.Errorf("move tasks behind %q: %w", after, ErrNotFound)
		}
		table.move(keys, after)
		return table.write(ctx, tx, id, actor.Person)
	})
}

// lockPlan takes the document's row for a change of its table; ErrNotFound: its form
// has none.
func (s *Store) lockPlan(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*lockedDocument, *taskTable, error) {
	doc, err := lockForDraft(ctx, tx, id, actor)
	if err != nil {
		return nil, nil, err
	}
	version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
	if err != nil {
		return nil, nil, err
	}
	if version.Plan == nil {
		return nil, nil, fmt.Errorf("form %s has no table of tasks: %w", doc.Form, ErrNotFound)
	}
	rows, err := taskRows(ctx, tx, id)
	return doc, &taskTable{rules: *version.Plan, rows: rows}, err
}

// taskRow is a row of draft_tasks.
type taskRow struct {
	DraftTask
	Removed bool
	place   int
	changed bool // what it says, not only its place
}

// taskTable is a plan's table under the document's lock: changed in memory, written
// once.
type taskTable struct {
	rules plan.Table
	rows  []taskRow // removed ones too, in their order
}

func (t *taskTable) index(key string) int {
	return slices.IndexFunc(t.rows, func(r taskRow) bool { return r.Key == key })
}

func (t *taskTable) standing() int {
	n := 0
	for _, row := range t.rows {
		if !row.Removed {
			n++
		}
	}
	return n
}

// apply makes a change, or tells what stands in its way.
func (t *taskTable) apply(change TaskChange) (Conflict, bool) {
	at := t.index(change.Task.Key)
	if at < 0 {
		if change.Removed {
			at = len(t.rows) // never written: its key is taken all the same, and it stays out
			t.rows = append(t.rows, taskRow{})
		} else {
			at = t.open(change.After)
		}
		t.rows[at] = taskRow{DraftTask: DraftTask{Task: change.Task}, Removed: change.Removed, changed: true}
		return Conflict{}, false
	}
	now := &t.rows[at]
	if now.Removed == change.Removed && (now.Removed || now.Same(change.Task)) {
		return Conflict{}, false
	}
	if now.Version != change.Base {
		stands := Conflict{Field: plan.TaskField(now.Key, ""), Version: now.Version, By: now.By, At: now.At}
		if task := now.Task; !now.Removed {
			stands.Task = &task
		}
		return stands, true
	}
	if !change.Removed { // a row taken out keeps its words, to be put back
		now.Task = change.Task
	}
	now.Removed, now.changed = change.Removed, true
	return Conflict{}, false
}

// open makes room for a new row behind the one with the key, and tells where. Behind
// a row that is not there is the last place.
func (t *taskTable) open(after string) int {
	at := t.index(after) + 1
	if at == 0 && after != FirstPlace {
		at = len(t.rows)
	}
	t.rows = slices.Insert(t.rows, at, taskRow{})
	return at
}

func (t *taskTable) move(keys []string, after string) {
	var moved, rest []taskRow
	for _, key := range keys {
		if at := t.index(key); at >= 0 && !slices.ContainsFunc(moved, func(r taskRow) bool { return r.Key == key }) {
			moved = append(moved, t.rows[at])
		}
	}
	for _, row := range t.rows {
		if !slices.Contains(keys, row.Key) {
			rest = append(rest, row)
		}
	}
	t.rows = rest
	t.rows = slices.Insert(rest, t.index(after)+1, moved...)
}

// write writes the rows that say something else or stand elsewhere, in one
// statement: an imported plan is hundreds of them.
func (t *taskTable) write(ctx context.Context, tx *sqlx.Tx, id string, person int64) error {
	const write = `
		insert into draft_tasks (document_id, key, place, task, removed, updated_by)
		select $1, c.key, c.place, c.task, c.removed, $2
		from unnest($3::text[], $4::int[], $5::jsonb[], $6::bool[]) as c (key, place, task, removed)
		on conflict (document_id, key) do update
		set place = excluded.place,
		    task = case when draft_tasks.key = any($7) then excluded.task else draft_tasks.task end,
		    removed = excluded.removed,
		    version = draft_tasks.version + (draft_tasks.key = any($7))::int,
		    updated_by = case when draft_tasks.key = any($7) then excluded.updated_by else draft_tasks.updated_by end,
		    updated_at = case when draft_tasks.key = any($7) then excluded.updated_at else draft_tasks.updated_at end,
		    looked_at = case when draft_tasks.key = any($7) then coalesce(draft_tasks.looked_at, excluded.updated_at) else draft_tasks.looked_at end
		returning key, version, updated_at`
	var keys, tasks []string
	var places []int64
	var removed []bool
	changed := []string{} // empty, not null
	for i, row := range t.rows {
		if !row.changed && row.place == i+1 {
			continue
		}
		raw, err := json.Marshal(row.Task)
		if err != nil {
			return fmt.Errorf("write task %s: %w", row.Key, err)
		}
		keys, tasks = append(keys, row.Key), append(tasks, string(raw))
		places, removed = append(places, int64(i+1)), append(removed, row.Removed)
		if row.changed {
			changed = append(changed, row.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	written, err := writeSaved(ctx, tx, write, id, person, pq.Array(keys), pq.Array(places), pq.Array(tasks),
		pq.Array(removed), pq.Array(changed))
	for key, one := range written {
		row := &t.rows[t.index(key)]
		row.Version, row.At = one.Version, one.At
	}
	return wrap("write tasks", err)
}

// cleanChanges puts the texts into the form in which they are kept, the last change
// of each row alone, and refuses what no draft takes.
func cleanChanges(ctx context.Context, tx *sqlx.Tx, table plan.Table, changes []TaskChange) ([]TaskChange, error) {
	var broken rule.Errors
	var units []string
	at := make(map[string]int, len(changes))
	once := make([]TaskChange, 0, len(changes))
	for i, change := range changes {
		change.Task = cleanTask(change.Task)
		if !change.Removed {
			broken = append(broken, table.Acceptable(change.Task, i+1)...)
		} else if !plan.ValidKey(change.Task.Key) {
			broken.Add(plan.KeyBad, plan.TaskField(change.Task.Key, ""), i+1)
		}
		for _, party := range append([]plan.Party{change.Task.Lead}, change.Task.Coordinating...) {
			if party.Unit != "" {
				units = append(units, party.Unit)
			}
		}
		if earlier, again := at[change.Task.Key]; again {
			once[earlier] = change
			continue
		}
		at[change.Task.Key] = len(once)
		once = append(once, change)
	}
	if err := broken.Err(); err != nil {
		return nil, err
	}
	return once, unknownUnits(ctx, tx, changes, units)
}

// unknownUnits refuses codes of units that do not exist. A unit that has ended since
// may stand: plans are written before the map of units changes.
func unknownUnits(ctx context.Context, tx *sqlx.Tx, changes []TaskChange, units []string) error {
	if len(units) == 0 {
		return nil
	}
	const unknown = `select u from unnest($1::text[]) u where not exists (select from units where code = u)`
	var missing []string
	if err := tx.SelectContext(ctx, &missing, unknown, pq.Array(units)); err != nil {
		return wrap("look for units", err)
	}
	var broken rule.Errors
	for i, change := range changes {
		if code := change.Task.Lead.Unit; slices.Contains(missing, code) {
			broken.Add(TaskUnitUnknown, plan.TaskField(change.Task.Key, plan.ColumnLead), i+1, code)
		}
		for _, party := range change.Task.Coordinating {
			if slices.Contains(missing, party.Unit) {
				broken.Add(TaskUnitUnknown, plan.TaskField(change.Task.Key, plan.ColumnCoordinating), i+1, party.Unit)
			}
		}
	}
	return broken.Err()
}

// cleanTask is a task as it is kept: texts in NFC without control characters, names
// on one line.
func cleanTask(task plan.Task) plan.Task {
	for _, text := range []*string{&task.Target, &task.Name, &task.Product, &task.Note, &task.CityName} {
		*text = CleanText(*text)
	}
	task.Lead.Name = cleanParty(task.Lead.Name)
	helpers := slices.Clone(task.Coordinating)
	for i := range helpers {
		helpers[i].Name = cleanParty(helpers[i].Name)
	}
	task.Coordinating = helpers
	return task.Clean()
}

func cleanParty(name string) string { return strings.Join(strings.Fields(CleanText(name)), " ") }

// taskRows reads a draft's rows in their order, removed ones too.
func taskRows(ctx context.Context, q sqlx.QueryerContext, id string) ([]taskRow, error) {
	const read = `
		select t.task, t.place, t.removed, t.version, t.updated_at, p.name, t.copied_from is not null and t.looked_at is null
		from draft_tasks t join persons p on p.id = t.updated_by
		where t.document_id = $1 order by t.place, t.key`
	rows, err := q.QueryxContext(ctx, read, id)
	if err != nil {
		return nil, wrap("read tasks", err)
	}
	defer func() { _ = rows.Close() }()
	var all []taskRow
	for rows.Next() {
		var row taskRow
		var raw []byte
		if err := rows.Scan(&raw, &row.place, &row.Removed, &row.Version, &row.At, &row.By, &row.Stale); err != nil {
			return nil, wrap("read tasks", err)
		}
		if err := json.Unmarshal(raw, &row.Task); err != nil {
			return nil, fmt.Errorf("read tasks of %s: %w", id, err)
		}
		all = append(all, row)
	}
	return all, wrap("read tasks", errors.Join(rows.Err(), rows.Close()))
}

// draftTasks reads the standing rows, arranged as they are checked, shown and
// frozen.
func draftTasks(ctx context.Context, q sqlx.QueryerContext, id string, table plan.Table) ([]plan.Task, map[string]DraftTask, error) {
	rows, err := taskRows(ctx, q, id)
	if err != nil {
		return nil, nil, err
	}
	var tasks []plan.Task
	byKey := make(map[string]DraftTask, len(rows))
	for _, row := range rows {
		if !row.Removed {
			tasks = append(tasks, row.Task)
			byKey[row.Key] = row.DraftTask
		}
	}
	return table.Arrange(tasks), byKey, nil
}

// RemovedTasks lists the rows that were taken out of a draft, the newest first. The
// caller has checked that the reader belongs to the unit.
func (s *Store) RemovedTasks(ctx context.Context, id string) ([]DraftTask, error) {
	rows, err := taskRows(ctx, s.db, id)
	var removed []DraftTask
	for _, row := range rows {
		if row.Removed {
			removed = append(removed, row.DraftTask)
		}
	}
	slices.SortStableFunc(removed, func(a, b DraftTask) int { return b.At.Compare(a.At) })
	return removed, err
}

// NamedParties reads names as people write them, a lead or helpers, by the units of
// the city: a name, abbreviation or code of a unit that exists today, with or without
// diacritics, becomes that unit under its own name; any other name stays as written.
// The result has the names of the argument as keys.
func (s *Store) NamedParties(ctx context.Context, names []string) (map[string]plan.Party, error) {
	parties := make(map[string]plan.Party, len(names))
	keys, lowered := make([]string, len(names)), make([]string, len(names))
	for i, name := range names {
		clean := cleanParty(name)
		parties[name] = plan.Party{Name: clean}
		keys[i], lowered[i] = Fold(clean), strings.ToLower(clean)
	}
	const list = `
		select code, name, name_key, lower(abbreviation) as abbreviation from units
		where (name_key = any($1) or lower(code) = any($2) or lower(abbreviation) = any($2))
		  and valid_from <= clock_timestamp()::date and (valid_to is null or valid_to >= clock_timestamp()::date)
		order by code`
	var units []struct {
		Code         string `db:"code"`
		Name         string `db:"name"`
		Key          string `db:"name_key"`
		Abbreviation string `db:"abbreviation"` // small letters
	}
	if err := s.db.SelectContext(ctx, &units, list, pq.Array(keys), pq.Array(lowered)); err != nil {
		return nil, wrap("find units", err)
	}
	for i, name := range names {
		for _, u := range units {
			if u.Key == keys[i] || strings.ToLower(u.Code) == lowered[i] || u.Abbreviation == lowered[i] {
				parties[name] = plan.Party{Unit: u.Code, Name: u.Name}
				break
			}
		}
	}
	return parties, nil
}
