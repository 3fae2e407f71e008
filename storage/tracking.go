package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/reminder"
)

// trackedPlan is a living plan inside a transaction that holds its document's row.
type trackedPlan struct {
	Revision int        `db:"revision"`
	RungAt   time.Time  `db:"rung_at"`
	EndedAt  *time.Time `db:"ended_at"`
	Now      time.Time  `db:"now"`
	// The plan's open adjustment, wherever it lies; 0: none is open.
	Adjustment int64           `db:"adjustment"`
	AdjustedAt *document.Stage `db:"adjusted_at"` // the desk at which it waits for somebody; nil: it does not
	HeldSince  *time.Time      `db:"held_since"`

	doc   *lockedDocument
	table plan.Table
	days  calendar.Calendar
	tasks []planTask
	// ladders are those that hold where the form has none of its own.
	ladders reminder.Ladders
}

// planTask is one row of plan_tasks: the task and the facts about it.
type planTask struct {
	Key         string        `db:"key"`
	Place       int           `db:"place"`
	Raw         []byte        `db:"task"`
	LastDay     *calendar.Day `db:"last_day"`
	EndsAt      *time.Time    `db:"ends_at"`
	StartedAt   *time.Time    `db:"started_at"`
	Percent     *int          `db:"percent"`
	DoneOn      *calendar.Day `db:"done_on"`
	ResultID    *int64        `db:"result_id"`
	CancelledAt *time.Time    `db:"cancelled_at"`
	ExtendedTo  *calendar.Day `db:"extended_to"` // after an outage; nil: the deadline's own last day
}

const planTaskColumns = `key, place, task, last_day, ends_at, started_at, percent, done_on, result_id, cancelled_at, extended_to`

// facts are what the task's status follows from.
func (t planTask) facts() plan.Facts {
	return plan.Facts{Started: t.StartedAt != nil, Done: t.DoneOn, Cancelled: t.CancelledAt != nil, Extended: t.ExtendedTo}
}

func (t planTask) open() bool { return t.DoneOn == nil && t.CancelledAt == nil }

// beginTracking has the confirmed plan live: its tasks are written, and the relay
// starts its workflow. Confirmed again after a correction, it lives on with the new
// table.
func (r *recorder) beginTracking(ctx context.Context, at time.Time) error {
	const begin = `
		insert into plan_trackings (document_id, rung_at, wake_at, created_at)
		values ($1, $2, $2::timestamptz - interval '2 minutes', $2)
		on conflict (document_id) do update
		set wake_at = excluded.wake_at, relay_at = null, relay_failures = 0, ended_at = null`
	if _, err := r.tx.ExecContext(ctx, begin, r.doc.ID, at); err != nil {
		return wrap("begin tracking", err)
	}
	p, err := r.store.trackedPlan(ctx, r.tx, r.doc)
	if err != nil {
		return err
	}
	return p.sync(ctx, r.tx)
}

// trackedPlan reads a living plan; the caller holds the document's row. ErrNotFound:
// the document is no plan that has been approved.
func (s *Store) trackedPlan(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument) (*trackedPlan, error) {
	const read = `
		select t.revision, t.rung_at, t.ended_at, clock_timestamp() as now, coalesce(a.id, 0) as adjustment,
		       case when a.stage <> 'drafting' or a.returned then a.stage end as adjusted_at, a.held_since
		from plan_trackings t left join plan_adjustments a on a.document_id = t.document_id and a.ended_at is null
		where t.document_id = $1 for no key update of t`
	p := &trackedPlan{doc: doc}
	if err := tx.GetContext(ctx, p, read, doc.ID); err != nil {
		return nil, wrap("read tracking of "+doc.ID, err)
	}
	version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
	if err != nil {
		return nil, err
	}
	if version.Plan == nil {
		return nil, fmt.Errorf("read tracking of %s: the form has no tasks", doc.ID)
	}
	p.table = *version.Plan
	if p.days, err = loadCalendar(ctx, tx); err != nil {
		return nil, err
	}
	if p.ladders, err = loadLadders(ctx, tx); err != nil {
		return nil, err
	}
	const list = `select ` + planTaskColumns + ` from plan_tasks where document_id = $1 order by place, key`
	return p, wrap("list tracked tasks", tx.SelectContext(ctx, &p.tasks, list, doc.ID))
}

// sync makes the rows agree with the approved table and the calendar: new tasks are
// added, those that stand no more are cancelled and keep what was written about
// them, and last days follow the days off. What was given after an outage stays as long
// as the plan names the same deadline. It may run at any time.
func (p *trackedPlan) sync(ctx context.Context, tx *sqlx.Tx) error {
	tasks, err := p.approved(ctx, tx)
	if err != nil {
		return err
	}
	type row struct {
		Key     string        `json:"key"`
		Place   int           `json:"place"`
		Task    plan.Task     `json:"task"`
		LastDay *calendar.Day `json:"last_day"`
		EndsAt  *time.Time    `json:"ends_at"`
	}
	extended, err := p.extended()
	if err != nil {
		return err
	}
	rows := make([]row, len(tasks))
	for i, task := range tasks {
		rows[i] = row{Key: task.Key, Place: i + 1, Task: task}
		if last, ends, named := task.Deadline.Ends(extended[taskDeadline{task.Key, task.Deadline}], p.table.Deadline, p.days); named {
			rows[i].LastDay, rows[i].EndsAt = &last, &ends
		}
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write tracked tasks: %w", err)
	}
	const write = `
		insert into plan_tasks as t (document_id, key, campaign, unit_code, place, task, last_day, ends_at)
		select $1, r.key, $2, $3, r.place, r.task, r.last_day, r.ends_at
		from jsonb_to_recordset($4) as r(key text, place int, task jsonb, last_day date, ends_at timestamptz)
		on conflict (document_id, key) do update
		set place = excluded.place, task = excluded.task, last_day = excluded.last_day, ends_at = excluded.ends_at, cancelled_at = null,
		    extended_to = case when t.task -> 'deadline' is not distinct from excluded.task -> 'deadline' then t.extended_to end,
		    extended_by = case when t.task -> 'deadline' is not distinct from excluded.task -> 'deadline' then t.extended_by end
		where (t.place, t.task, t.last_day, t.ends_at, t.cancelled_at)
		    is distinct from (excluded.place, excluded.task, excluded.last_day, excluded.ends_at, null)`
	if _, err := tx.ExecContext(ctx, write, p.doc.ID, p.doc.Campaign, p.doc.Unit, string(raw)); err != nil {
		return wrap("write tracked tasks", err)
	}
	const cancel = `
		update plan_tasks set cancelled_at = clock_timestamp()
		where document_id = $1 and cancelled_at is null
		  and key not in (select r.key from jsonb_to_recordset($2) as r(key text))`
	if _, err := tx.ExecContext(ctx, cancel, p.doc.ID, string(raw)); err != nil {
		return wrap("cancel tracked tasks", err)
	}
	const note = `update plan_trackings set revision = $2 where document_id = $1 and revision <> $2`
	if _, err := tx.ExecContext(ctx, note, p.doc.ID, p.doc.ApprovedRev); err != nil {
		return wrap("note tracked revision", err)
	}
	p.tasks = nil
	const list = `select ` + planTaskColumns + ` from plan_tasks where document_id = $1 order by place, key`
	return wrap("list tracked tasks", tx.SelectContext(ctx, &p.tasks, list, p.doc.ID))
}

// taskDeadline is a task with the deadline that it had.
type taskDeadline struct {
	key      string
	deadline plan.Deadline
}

// extended are the last days that were given after an outage.
func (p *trackedPlan) extended() (map[taskDeadline]*calendar.Day, error) {
	given := map[taskDeadline]*calendar.Day{}
	for _, row := range p.tasks {
		if row.ExtendedTo == nil {
			continue
		}
		var task plan.Task
		if err := json.Unmarshal(row.Raw, &task); err != nil {
			return nil, fmt.Errorf("read task %s of %s: %w", row.Key, p.doc.ID, err)
		}
		given[taskDeadline{row.Key, task.Deadline}] = row.ExtendedTo
	}
	return given, nil
}

// approved is the table that is in force: of the revision that was approved last, or
// as the newest adjustment of it has made it.
func (p *trackedPlan) approved(ctx context.Context, tx *sqlx.Tx) ([]plan.Task, error) {
	read := `
		select coalesce(` + adjustedTable(`$1`, `$2`) + `,
			(select coalesce(content -> 'tasks', '[]') from revisions where document_id = $1 and revision = $2))`
	var raw []byte
	if err := tx.GetContext(ctx, &raw, read, p.doc.ID, p.doc.ApprovedRev); err != nil {
		return nil, wrap("read approved tasks", err)
	}
	var tasks []plan.Task
	if err := json.Unmarshal(raw, &tasks); err != nil {
		return nil, fmt.Errorf("read approved tasks of %s: %w", p.doc.ID, err)
	}
	return p.table.Arrange(tasks), nil
}

// agenda is what the plan waits for.
func (p *trackedPlan) agenda() (plan.Agenda, error) {
	year, err := period.Parse(p.doc.Period)
	if err != nil {
		return plan.Agenda{}, fmt.Errorf("read period of %s: %w", p.doc.ID, err)
	}
	a := plan.Agenda{Ladder: p.table.Reminders(p.ladders.Of(reminder.Task)), Calendar: p.days, YearEnds: year.To().At(period.MidnightCutoff)}
	for _, task := range p.tasks {
		one := plan.Tracked{Key: task.Key, Open: task.open()}
		if task.EndsAt != nil {
			one.Ends = *task.EndsAt
		}
		a.Tasks = append(a.Tasks, one)
	}
	if p.AdjustedAt != nil {
		a.Waiting = &plan.Waiting{
			Since: *p.HeldSince, AtAuthority: *p.AdjustedAt == document.AuthorityReview, Ladder: p.table.WaitingReminders(p.ladders.Of(reminder.Adjustment)),
		}
	}
	return a, nil
}

// wakePlan asks for the plan's workflow to look: what is written may change its next
// instant. The relay signals it within seconds.
func wakePlan(ctx context.Context, tx *sqlx.Tx, id string) error {
	const wake = `
		update plan_trackings
		set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0, ended_at = null
		where document_id = $1`
	_, err := tx.ExecContext(ctx, wake, id)
	return wrap("wake plan", err)
}

// wakePlans asks for every living plan's workflow to look.
func wakePlans(ctx context.Context, tx sqlx.ExecerContext) (int64, error) {
	const wake = `
		update plan_trackings
		set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where ended_at is null`
	result, err := tx.ExecContext(ctx, wake)
	if err != nil {
		return 0, wrap("wake plans", err)
	}
	return result.RowsAffected()
}

// lockTracked takes a living plan for writing: the document's row first.
func (s *Store) lockTracked(ctx context.Context, tx *sqlx.Tx, id string) (*trackedPlan, error) {
	doc, err := lockDocument(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return s.trackedPlan(ctx, tx, doc)
}

func (p *trackedPlan) task(key string) (*planTask, error) {
	for i := range p.tasks {
		if p.tasks[i].Key == key {
			return &p.tasks[i], nil
		}
	}
	return nil, errors.Join(fmt.Errorf("task %q of %s", key, p.doc.ID), ErrNotFound)
}
