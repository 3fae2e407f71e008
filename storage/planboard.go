package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/domain/staff"
)

// LeadSort is the order of those who lead tasks.
type LeadSort string

// The orders; the empty one is LeadsByLate.
const (
	LeadsByLate  LeadSort = "late"  // the most overdue tasks on top
	LeadsByShare LeadSort = "share" // the lowest share of completed tasks on top
	LeadsByName  LeadSort = "name"  // Vietnamese order
)

// TasksAll is how many rows of tasks in one piece may have.
const TasksAll = 10_000

// PlanBoardFilter says which tasks of a plan campaign are counted and which are
// listed. The zero value of a field does not narrow; Page counts from 1.
type PlanBoardFilter struct {
	Document string // one plan alone; those who lead are then told by their names in it
	Lead     string // a unit's code, or of one plan a name
	Status   plan.Status
	Field    string
	Month    string // yyyy-mm, or NoMonth
	Group    string // of the leading unit
	Page     int
	All      bool // every row at once: for print and export
}

// NoMonth narrows to tasks whose deadline names no day.
const NoMonth = "none"

// PlanCount is how many tasks are alike in all that a board narrows by.
type PlanCount struct {
	Group  string      `db:"unit_group"`
	Field  string      `db:"field"`
	Month  string      `db:"month"` // yyyy-mm; "": no day is named
	Status plan.Status `db:"status"`
	N      int         `db:"n"`
}

// Fits tells whether the tasks are among those that the filter keeps.
func (f PlanBoardFilter) Fits(c PlanCount) bool {
	month := c.Month
	if month == "" {
		month = NoMonth
	}
	return (f.Status == "" || f.Status == c.Status) && (f.Field == "" || f.Field == c.Field) &&
		(f.Month == "" || f.Month == month) && (f.Group == "" || f.Group == c.Group)
}

// PlanBoard is the tasks of a plan campaign over the reader's scope at one instant:
// all counts and rows are of the same snapshot.
type PlanBoard struct {
	Now    time.Time
	Plans  int         // that live or have lived
	Counts []PlanCount // of one lead, where the filter names one; else nothing is left out
	Rows   []PlanBoardRow
	Leads  []PlanLead
	// LeadsMatching is how many lead, over all pages.
	LeadsMatching int
}

// Tally sums up what fits the filter.
func (b PlanBoard) Tally(f PlanBoardFilter) plan.Tally {
	tally := plan.Tally{}
	for _, one := range b.Counts {
		if f.Fits(one) {
			tally[one.Status] += one.N
		}
	}
	return tally
}

// PlanBoardRow is one task.
type PlanBoardRow struct {
	Document string        `db:"document_id"`
	UnitName string        `db:"unit_name"` // of the plan
	LeadUnit string        `db:"lead_name"` // name of the city's unit that leads
	Status   plan.Status   `db:"status"`
	Place    int           `db:"place"`
	EndsAt   *time.Time    `db:"ends_at"`
	LastDay  *calendar.Day `db:"last_day"`
	DoneOn   *calendar.Day `db:"done_on"`
	Given    *calendar.Day `db:"extended_to"` // the last day that was given after an outage; nil: none
	Percent  *int          `db:"percent"`
	Task     plan.Task     `db:"-"`

	Raw []byte `db:"task"`
}

// TaskCounts is tasks by status as columns of a row.
type TaskCounts struct {
	NotStarted int `db:"not_started"`
	InProgress int `db:"in_progress"`
	Overdue    int `db:"overdue"`
	DoneInTime int `db:"done_in_time"`
	DoneLate   int `db:"done_late"`
	Cancelled  int `db:"cancelled"`
}

// Tally is the same, to reckon with.
func (c TaskCounts) Tally() plan.Tally {
	return plan.Tally{
		plan.NotStarted: c.NotStarted, plan.InProgress: c.InProgress, plan.Overdue: c.Overdue,
		plan.DoneInTime: c.DoneInTime, plan.DoneLate: c.DoneLate, plan.Cancelled: c.Cancelled,
	}
}

// PlanLead is the tasks that one unit or part of a unit leads.
type PlanLead struct {
	Code string `db:"code"` // what PlanBoardFilter.Lead takes
	Name string `db:"name"`
	TaskCounts
	Total int `db:"total"` // of all leads
}

// planSnapshot is one reading of a board.
type planSnapshot struct {
	tx    *sqlx.Tx
	scope staff.Scope
	code  string
	board *PlanBoard
}

// PlanTasks counts a campaign's tasks, and lists a page of those that fit.
func (s *Store) PlanTasks(ctx context.Context, scope staff.Scope, code string, f PlanBoardFilter) (PlanBoard, error) {
	return s.planBoard(ctx, scope, code, func(p planSnapshot) error {
		if err := p.counts(ctx, f); err != nil {
			return err
		}
		return p.rows(ctx, f)
	})
}

// PlanMonths counts a campaign's tasks.
func (s *Store) PlanMonths(ctx context.Context, scope staff.Scope, code string, f PlanBoardFilter) (PlanBoard, error) {
	return s.planBoard(ctx, scope, code, func(p planSnapshot) error { return p.counts(ctx, f) })
}

// PlanLeads counts a campaign's tasks, and lists a page of those who lead them; name
// narrows by their name, without diacritics too.
func (s *Store) PlanLeads(ctx context.Context, scope staff.Scope, code string, f PlanBoardFilter, name string, sort LeadSort) (PlanBoard, error) {
	return s.planBoard(ctx, scope, code, func(p planSnapshot) error {
		if err := p.counts(ctx, f); err != nil {
			return err
		}
		if f.Document != "" {
			return p.leadsByName(ctx, f, sort)
		}
		return p.leads(ctx, f, name, sort)
	})
}

func (s *Store) planBoard(ctx context.Context, scope staff.Scope, code string, read func(planSnapshot) error) (PlanBoard, error) {
	var b PlanBoard
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return b, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	if err := tx.GetContext(ctx, &b.Now, `select clock_timestamp()`); err != nil {
		return b, wrap("read the clock", err)
	}
	if err := read(planSnapshot{tx, scope, code, &b}); err != nil {
		return PlanBoard{}, fmt.Errorf("read plan board of %s: %w", code, err)
	}
	return b, nil
}

// statusAt is plan.StatusOf at an instant, of tallied tasks: a closed one is never
// overdue.
func statusAt(now string) string {
	return `case when until <= ` + now + ` then 'overdue' else state end`
}

// taskStatusAt is the same of a task t.
func taskStatusAt(now string) string {
	return `case when not closed and until <= ` + now + ` then 'overdue' else state end`
}

// leadColumn is by what tasks t are told apart: the city's units, or in one plan the
// names in it.
func leadColumn(f PlanBoardFilter) string {
	if f.Document != "" {
		return `t.lead_name`
	}
	return `t.lead_unit`
}

// plannedTasks are the tasks t that the reader may count. Each filter that is set is
// a statement of its own, planned for itself. $1 campaign, $2 units, $3 now, $4 lead,
// $5 plan.
func (p planSnapshot) plannedTasks(f PlanBoardFilter) string {
	where := ` from plan_tasks t where t.campaign = $1 and $3::timestamptz is not null`
	if p.scope.All {
		where += ` and $2::text[] is null`
	} else {
		where += ` and t.unit_code = any($2)`
	}
	where += narrowing(f.Lead != "", ` and `+leadColumn(f)+` = $4`, ` and $4 = ''`)
	return where + narrowing(f.Document != "", ` and t.document_id = $5`, ` and $5 = ''`)
}

func (p planSnapshot) args(f PlanBoardFilter) []any {
	return []any{p.code, scopeUnits(p.scope), p.board.Now, f.Lead, f.Document}
}

// counts come from the tallies; only a narrow scope, a lead or one plan is counted
// task by task.
func (p planSnapshot) counts(ctx context.Context, f PlanBoardFilter) error {
	count := `
		select t.lead_group as unit_group, t.field, t.month, ` + taskStatusAt(`$3`) + ` as status, count(*)::int as n` +
		p.plannedTasks(f) + ` group by 1, 2, 3, 4`
	const everything = ` where campaign = $1 and $2::text[] is null and $3::timestamptz is not null and $4 = '' and $5 = ''`
	city := p.scope.All && f.Document == ""
	if city && f.Lead == "" {
		count = `
			select unit_group, field, month, ` + statusAt(`$3`) + ` as status, sum(n)::int as n
			from task_tallies` + everything + ` group by 1, 2, 3, 4 having sum(n) <> 0`
	}
	if err := p.tx.SelectContext(ctx, &p.board.Counts, count, p.args(f)...); err != nil {
		return wrap("count tasks", err)
	}
	f.Lead = ""
	plans := `select count(distinct t.document_id)` + p.plannedTasks(f)
	if city {
		plans = `select count(distinct document_id) from plan_leads` + everything
	}
	return wrap("count plans", p.tx.GetContext(ctx, &p.board.Plans, plans, p.args(f)...))
}

// boardStatuses are the statuses as conditions on tasks t.
var boardStatuses = map[plan.Status]string{
	"":              ``,
	plan.NotStarted: ` and not t.closed and t.until > $3 and t.state = 'not_started'`,
	plan.InProgress: ` and not t.closed and t.until > $3 and t.state = 'in_progress'`,
	plan.Overdue:    ` and not t.closed and t.until <= $3`,
	plan.DoneInTime: ` and t.closed and t.state = 'done_in_time'`,
	plan.DoneLate:   ` and t.closed and t.state = 'done_late'`,
	plan.Cancelled:  ` and t.closed and t.state = 'cancelled'`,
}

// rows picks the page's tasks, which an index alone can tell, and then reads them one
// by one (the planner takes a page of unknown length for a tenth of the table): what
// is open first, the nearest deadline on top.
func (p planSnapshot) rows(ctx context.Context, f PlanBoardFilter) error {
	status, known := boardStatuses[f.Status]
	if !known {
		status = ` and false`
	}
	const order = ` order by t.closed, t.until, t.document_id, t.key`
	list := `
		with page as materialized (
			select t.document_id, t.key` + p.plannedTasks(f) + status +
		narrowing(f.Field != "", ` and t.field = $6`, ` and $6 = ''`) +
		narrowing(f.Month != "", ` and t.month = $7`, ` and $7 = ''`) +
		narrowing(f.Group != "", ` and t.lead_group = $8`, ` and $8 = ''`) + order + ` limit $9 offset $10)
		select t.document_id, u.name as unit_name, coalesce((select l.name from units l where l.code = t.lead_unit), '') as lead_name,
		       t.place, t.task, t.ends_at, t.last_day, t.done_on, t.extended_to, t.percent, ` + taskStatusAt(`$3`) + ` as status
		from page cross join lateral (
			select * from plan_tasks where document_id = page.document_id and key = page.key offset 0) t
		cross join lateral (select name from units where code = t.unit_code offset 0) u` + order
	month := f.Month
	if month == NoMonth {
		month = ""
	}
	limit, offset := f.window()
	args := append(p.args(f), f.Field, month, f.Group, limit, offset)
	if err := p.tx.SelectContext(ctx, &p.board.Rows, list, args...); err != nil {
		return wrap("list tasks", err)
	}
	for i := range p.board.Rows {
		row := &p.board.Rows[i]
		if err := json.Unmarshal(row.Raw, &row.Task); err != nil {
			return fmt.Errorf("read task of %s: %w", row.Document, err)
		}
	}
	return nil
}

func (f PlanBoardFilter) window() (limit, offset int) {
	if f.All {
		return TasksAll, 0
	}
	return BoardPage, (max(f.Page, 1) - 1) * BoardPage
}

// leadOrders end in the code, so that pages neither repeat nor lose one.
var leadOrders = map[LeadSort]string{
	LeadsByLate:  ` order by overdue desc, code`,
	LeadsByShare: ` order by (done_in_time + done_late)::float8 / nullif(total_planned, 0) nulls last, code`,
	LeadsByName:  ` order by name collate "vi-x-icu", code`,
}

func leadOrder(sort LeadSort) string {
	if order, known := leadOrders[sort]; known {
		return order
	}
	return leadOrders[LeadsByLate]
}

// leads are the units that lead, from the sums of each plan. Names are read for the
// page alone, but where they are the order.
func (p planSnapshot) leads(ctx context.Context, f PlanBoardFilter, name string, sort LeadSort) error {
	scope := narrowing(p.scope.All, ` and $2::text[] is null`, ` and l.unit_code = any($2)`)
	scope += narrowing(f.Group != "", ` and l.unit_group = $4`, ` and $4 = ''`)
	key := Fold(name)
	scope += narrowing(key != "", ` and l.lead_unit in (select code from units where name_key like $5)`, ` and $5::text is not null`)
	order, window := leadOrder(sort), ` limit $6 offset $7`
	list := `
		with leads as materialized (
			select code, not_started - late_not_started as not_started, in_progress - late_in_progress as in_progress,
			       late_not_started + late_in_progress as overdue, done_in_time, done_late, cancelled,
			       not_started + in_progress + done_in_time + done_late as total_planned
			from (
				select l.lead_unit as code, sum(l.not_started)::int as not_started, sum(l.in_progress)::int as in_progress,
				       sum(l.done_in_time)::int as done_in_time, sum(l.done_late)::int as done_late, sum(l.cancelled)::int as cancelled,
				       sum(width_bucket($3::timestamptz, l.not_started_until))::int as late_not_started,
				       sum(width_bucket($3::timestamptz, l.in_progress_until))::int as late_in_progress
				from plan_leads l where l.campaign = $1` + scope + `
				group by l.lead_unit) sums
		)
		select code, name, not_started, in_progress, overdue, done_in_time, done_late, cancelled, (select count(*) from leads) as total
		from (
			select l.*, coalesce(u.name, l.code) as name
			from (select * from leads` + narrowing(sort != LeadsByName, order+window, ``) + `) l left join units u on u.code = l.code) l
		` + order + narrowing(sort == LeadsByName, window, ``)
	limit, offset := f.window()
	return p.leadsOf(ctx, list, p.code, scopeUnits(p.scope), p.board.Now, f.Group, "%"+likeEscape(key)+"%", limit, offset)
}

// leadsByName are those who lead in one plan, by their names in it.
func (p planSnapshot) leadsByName(ctx context.Context, f PlanBoardFilter, sort LeadSort) error {
	f.Lead = ""
	list := `
		select code, name, not_started, in_progress, overdue, done_in_time, done_late, cancelled, count(*) over () as total from (
			select name as code, name, count(*) filter (where status = 'not_started') as not_started,
			       count(*) filter (where status = 'in_progress') as in_progress, count(*) filter (where status = 'overdue') as overdue,
			       count(*) filter (where status = 'done_in_time') as done_in_time, count(*) filter (where status = 'done_late') as done_late,
			       count(*) filter (where status = 'cancelled') as cancelled, count(*) filter (where status <> 'cancelled') as total_planned
			from (select t.lead_name as name, ` + taskStatusAt(`$3`) + ` as status` + p.plannedTasks(f) + `) t
			group by name) l
		` + leadOrder(sort) + ` limit $6 offset $7`
	limit, offset := f.window()
	return p.leadsOf(ctx, list, append(p.args(f), limit, offset)...)
}

func (p planSnapshot) leadsOf(ctx context.Context, list string, args ...any) error {
	if err := p.tx.SelectContext(ctx, &p.board.Leads, list, args...); err != nil {
		return wrap("list leads", err)
	}
	if len(p.board.Leads) > 0 {
		p.board.LeadsMatching = p.board.Leads[0].Total
	}
	return nil
}
