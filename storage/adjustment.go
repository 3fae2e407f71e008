package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Adjustment is a change of a living plan: the document that orders it, what it does
// to each task, and where it lies.
type Adjustment struct {
	ID        int64          `db:"id"`
	Document  string         `db:"document_id"`
	N         *int           `db:"n"` // in force: its number among the plan's, from 1
	Stage     document.Stage `db:"stage"`
	Returned  bool           `db:"returned"`
	Version   int            `db:"version"` // of the order; a save names the one it was made on
	Number    string         `db:"number"`  // of the order
	IssuedOn  *calendar.Day  `db:"issued_on"`
	Issuer    string         `db:"issuer"`
	Title     string         `db:"title"`
	FileHash  *string        `db:"file_hash"` // nil: none yet
	FileName  string         `db:"file_name"`
	FileSize  int64          `db:"file_size"`
	Submitter *int64         `db:"submitter"`
	Submitted string         `db:"content_hash"` // hash of what was submitted last
	HeldSince time.Time      `db:"held_since"`
	EndedAt   *time.Time     `db:"ended_at"`

	Tasks  []AdjustedTask   // in the order of the table, new ones last
	Steps  []AdjustmentStep // newest first
	Before []plan.Task      // the plan that it changes, arranged
	After  []plan.Task      // as it makes it
	// Of an open one:
	Broken rule.Errors // what is wrong with it now
	Hash   string      // of what it says and changes now: what a decision names
}

const adjustmentColumns = `
	a.id, a.document_id, a.n, a.stage, a.returned, a.version, a.number, a.issued_on, a.issuer, a.title, a.file_hash, a.file_name,
	coalesce(f.size, 0) as file_size, a.submitter, a.content_hash, a.held_since, a.ended_at`

// Open tells whether it is neither in force nor given up.
func (a *Adjustment) Open() bool { return a.EndedAt == nil }

// Opens tells whether readers outside the unit see it: what is being written or
// checked there is the unit's own.
func (a *Adjustment) Opens(own bool) bool {
	return own || a.Stage == document.AuthorityReview || a.Stage == document.Approved
}

func (a *Adjustment) order() plan.Order {
	return plan.Order{Number: a.Number, IssuedOn: a.IssuedOn, Issuer: a.Issuer, Title: a.Title, HasFile: a.FileHash != nil}
}

func (a *Adjustment) changes() []plan.Adjusted {
	changes := make([]plan.Adjusted, len(a.Tasks))
	for i, task := range a.Tasks {
		changes[i] = task.Adjusted
	}
	return changes
}

// AdjustedTask is what an adjustment does to a task, with what a save must be based on.
type AdjustedTask struct {
	plan.Adjusted
	Version int
	By      string // who saved it
	At      time.Time
	dropped bool
}

// AdjustmentStep is one line of an adjustment's history.
type AdjustmentStep struct {
	Action document.Action `db:"action"`
	By     string          `db:"by"`
	Role   staff.Role      `db:"role"`
	Unit   string          `db:"unit"` // name
	Reason string          `db:"reason"`
	At     time.Time       `db:"at"`
}

// plansAdjusted is a living plan as an adjustment sees it.
type plansAdjusted struct {
	table  plan.Table
	living plan.Living
}

// standing is the plan under its document's lock.
func (p *trackedPlan) standing() (plansAdjusted, error) {
	year, err := period.Parse(p.doc.Period)
	if err != nil {
		return plansAdjusted{}, fmt.Errorf("read period of %s: %w", p.doc.ID, err)
	}
	s := plansAdjusted{table: p.table, living: plan.Living{Year: year, Today: calendar.DayOf(p.Now), Calendar: p.days, Done: map[string]bool{}}}
	for _, row := range p.tasks {
		if row.CancelledAt != nil {
			continue
		}
		var task plan.Task
		if err := json.Unmarshal(row.Raw, &task); err != nil {
			return s, fmt.Errorf("read task %s of %s: %w", row.Key, p.doc.ID, err)
		}
		s.living.Tasks = append(s.living.Tasks, task)
		s.living.Done[row.Key] = row.DoneOn != nil
	}
	return s, nil
}

// standing is the plan as a page has read it.
func (p PlanTracking) standing(code string) (plansAdjusted, error) {
	year, err := period.Parse(code)
	if err != nil {
		return plansAdjusted{}, fmt.Errorf("read period of a plan: %w", err)
	}
	s := plansAdjusted{table: p.Table, living: plan.Living{Year: year, Today: calendar.DayOf(p.Now), Calendar: p.Calendar, Done: map[string]bool{}}}
	for _, task := range p.Tasks {
		if task.Status != plan.Cancelled {
			s.living.Tasks = append(s.living.Tasks, task.Task)
			s.living.Done[task.Key] = task.Status.Done()
		}
	}
	return s, nil
}

// weigh tells what the open adjustment makes of the plan, what is wrong with it, and
// the hash of both: a decision made on another plan or another adjustment is none.
func (a *Adjustment) weigh(on plansAdjusted) error {
	a.Before = on.living.Tasks
	a.After = on.table.Adjust(a.Before, a.changes())
	a.Broken = on.table.CheckAdjustment(on.living, plan.Adjustment{Order: a.order(), Tasks: a.changes()})
	hash := ""
	if a.FileHash != nil {
		hash = *a.FileHash
	}
	day := ""
	if a.IssuedOn != nil {
		day = a.IssuedOn.String()
	}
	said := [][]string{{a.Number, day, a.Issuer, a.Title, hash}}
	for _, change := range a.Tasks {
		line := []string{string(change.Kind), change.Task.Key, change.Reason}
		at := plan.Index(a.Before, change.Task.Key)
		for _, column := range plan.Columns {
			if at >= 0 {
				line = append(line, a.Before[at].Text(column))
			}
			line = append(line, change.Task.Text(column))
		}
		said = append(said, line)
	}
	raw, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("hash adjustment %d: %w", a.ID, err)
	}
	sum := sha256.Sum256(raw)
	a.Hash = hex.EncodeToString(sum[:])
	return nil
}

// arrange puts the changes into the order of the table that they change; new tasks
// come last.
func (a *Adjustment) arrange(tasks []plan.Task) {
	slices.SortStableFunc(a.Tasks, func(x, y AdjustedTask) int { return placeOf(tasks, x) - placeOf(tasks, y) })
}

func placeOf(tasks []plan.Task, one AdjustedTask) int {
	if at := plan.Index(tasks, one.Task.Key); at >= 0 {
		return at
	}
	return len(tasks)
}

// Adjustment reads an adjustment of a plan that the caller has read within the
// reader's scope, whole. ErrNotFound: the plan has no such.
func (s *Store) Adjustment(ctx context.Context, v DocumentView, p PlanTracking, id int64) (Adjustment, error) {
	a, err := readAdjustment(ctx, s.db, v.ID, id)
	if err != nil {
		return a, err
	}
	const steps = `
		select s.action, p.name as by, s.role, u.name as unit, s.reason, s.at
		from adjustment_steps s join persons p on p.id = s.person_id join units u on u.code = s.unit_code
		where s.adjustment_id = $1 order by s.id desc`
	if err := s.db.SelectContext(ctx, &a.Steps, steps, id); err != nil {
		return a, wrap("read steps of an adjustment", err)
	}
	if a.Stage == document.Approved {
		return a, s.readSnapshots(ctx, &a)
	}
	on, err := p.standing(v.Campaign.Period)
	if err != nil {
		return a, err
	}
	a.arrange(on.living.Tasks)
	return a, a.weigh(on)
}

// readSnapshots reads the plan before and after an adjustment that is in force.
func (s *Store) readSnapshots(ctx context.Context, a *Adjustment) error {
	const read = `select before, after from plan_adjustments where id = $1`
	var before, after []byte
	if err := s.db.QueryRowxContext(ctx, read, a.ID).Scan(&before, &after); err != nil {
		return wrap("read versions of a plan", err)
	}
	if err := errors.Join(json.Unmarshal(before, &a.Before), json.Unmarshal(after, &a.After)); err != nil {
		return fmt.Errorf("read versions of a plan: %w", err)
	}
	a.arrange(a.Before)
	return nil
}

// readAdjustment reads an adjustment with its standing changes.
func readAdjustment(ctx context.Context, q sqlx.QueryerContext, document string, id int64) (Adjustment, error) {
	const read = `select` + adjustmentColumns + `
		from plan_adjustments a left join files f on f.hash = a.file_hash
		where a.document_id = $1 and a.id = $2`
	var a Adjustment
	if err := sqlx.GetContext(ctx, q, &a, read, document, id); err != nil {
		return a, wrap("read adjustment", err)
	}
	rows, err := adjustedTasks(ctx, q, id)
	a.Tasks = slices.DeleteFunc(rows, func(t AdjustedTask) bool { return t.dropped })
	return a, err
}

// adjustedTasks reads an adjustment's changes in the order in which they were begun,
// dropped ones too.
func adjustedTasks(ctx context.Context, q sqlx.QueryerContext, id int64) ([]AdjustedTask, error) {
	const list = `
		select t.kind, t.task, t.reason, t.dropped, t.version, t.updated_at, p.name
		from adjusted_tasks t join persons p on p.id = t.updated_by
		where t.adjustment_id = $1 order by t.key`
	rows, err := q.QueryxContext(ctx, list, id)
	if err != nil {
		return nil, wrap("read adjusted tasks", err)
	}
	defer func() { _ = rows.Close() }()
	var all []AdjustedTask
	for rows.Next() {
		var one AdjustedTask
		var raw []byte
		if err := rows.Scan(&one.Kind, &raw, &one.Reason, &one.dropped, &one.Version, &one.At, &one.By); err != nil {
			return nil, wrap("read adjusted tasks", err)
		}
		if err := json.Unmarshal(raw, &one.Task); err != nil {
			return nil, fmt.Errorf("read adjusted tasks of %d: %w", id, err)
		}
		all = append(all, one)
	}
	return all, wrap("read adjusted tasks", rows.Err())
}

// Adjustments lists a plan's adjustments without their tasks, the newest first; given
// up ones are left out. The caller has read the plan within the reader's scope.
func (s *Store) Adjustments(ctx context.Context, id string) ([]Adjustment, error) {
	const list = `select` + adjustmentColumns + `
		from plan_adjustments a left join files f on f.hash = a.file_hash
		where a.document_id = $1 and a.stage <> 'discarded' order by a.id desc`
	var all []Adjustment
	err := s.db.SelectContext(ctx, &all, list, id)
	return all, wrap("list adjustments", err)
}

// TaskAdjustment is what an adjustment in force did to one task.
type TaskAdjustment struct {
	plan.Adjusted
	Adjustment int64
	N          int
	Number     string
	IssuedOn   calendar.Day
	Before     plan.Task // the zero Task where it was added
	By         string    // who confirmed it
	At         time.Time
}

// TaskAdjustments are the adjustments in force that changed the task, the newest
// first. The caller has read the plan within the reader's scope.
func (s *Store) TaskAdjustments(ctx context.Context, id, key string) ([]TaskAdjustment, error) {
	const list = `
		select a.id, a.n, a.number, a.issued_on, a.ended_at, t.kind, t.task, t.reason,
		       coalesce((select b from jsonb_array_elements(a.before) b where b ->> 'key' = t.key), '{}') as before,
		       coalesce((select p.name from adjustment_steps s join persons p on p.id = s.person_id
		                 where s.adjustment_id = a.id order by s.id desc limit 1), '') as by
		from plan_adjustments a join adjusted_tasks t on t.adjustment_id = a.id and t.key = $2 and not t.dropped
		where a.document_id = $1 and a.stage = 'approved' order by a.id desc`
	rows, err := s.db.QueryxContext(ctx, list, id, key)
	if err != nil {
		return nil, wrap("list adjustments of a task", err)
	}
	defer func() { _ = rows.Close() }()
	var all []TaskAdjustment
	for rows.Next() {
		var one TaskAdjustment
		var task, before []byte
		if err := rows.Scan(&one.Adjustment, &one.N, &one.Number, &one.IssuedOn, &one.At, &one.Kind, &task, &one.Reason, &before, &one.By); err != nil {
			return nil, wrap("list adjustments of a task", err)
		}
		if err := errors.Join(json.Unmarshal(task, &one.Task), json.Unmarshal(before, &one.Before)); err != nil {
			return nil, fmt.Errorf("list adjustments of a task: %w", err)
		}
		all = append(all, one)
	}
	return all, wrap("list adjustments of a task", rows.Err())
}

// WaitingAdjustment is an open adjustment that waits for the reader.
type WaitingAdjustment struct {
	ID           int64          `db:"id"`
	Document     string         `db:"document_id"`
	CampaignName string         `db:"campaign_name"`
	UnitName     string         `db:"unit_name"`
	Stage        document.Stage `db:"stage"`
	Number       string         `db:"number"`
	Title        string         `db:"title"`
	Tasks        int            `db:"tasks"`
	HeldSince    time.Time      `db:"held_since"`
	Total        int            `db:"total"` // over all
}

// MostWaiting is how many waiting adjustments are listed.
const MostWaiting = 200

// WaitingAdjustments lists the adjustments that lie at the reader's desks, those that
// have waited longest first: a returned one at the specialist's, a submitted one at
// the division head's, a checked one at the authority's.
func (s *Store) WaitingAdjustments(ctx context.Context, actor staff.Actor) ([]WaitingAdjustment, error) {
	const list = `
		select a.id, a.document_id, c.name as campaign_name, u.name as unit_name, a.stage, a.number, a.title,
		       (select count(*) from adjusted_tasks t where t.adjustment_id = a.id and not t.dropped) as tasks,
		       a.held_since, count(*) over () as total
		from plan_adjustments a join campaigns c on c.code = a.campaign join units u on u.code = a.unit_code
		where a.ended_at is null and (a.stage = 'drafting' and a.returned and a.unit_code = any($1)
		    or a.stage = 'division_review' and a.unit_code = any($2)
		    or a.stage = 'authority_review' and $3)
		order by a.held_since, a.id limit $4`
	specialist, head := []string{}, []string{}
	for _, p := range actor.Positions {
		switch p.Role {
		case staff.Specialist:
			specialist = append(specialist, p.Unit)
		case staff.DivisionHead:
			head = append(head, p.Unit)
		}
	}
	confirms := actor.Holds(staff.Officer, s.authority) || actor.Holds(staff.AuthorityHead, s.authority)
	if len(specialist) == 0 && len(head) == 0 && !confirms {
		return nil, nil
	}
	var waiting []WaitingAdjustment
	err := s.db.SelectContext(ctx, &waiting, list, pq.Array(specialist), pq.Array(head), confirms, MostWaiting)
	return waiting, wrap("list waiting adjustments", err)
}

// AdjustmentFile is the file of an adjustment's order; ErrNotFound: it has none. The
// caller has asked whether the reader may see the adjustment.
func (s *Store) AdjustmentFile(ctx context.Context, a Adjustment) (DocumentFile, error) {
	const read = `select hash, size, media_type, $2 as name from files where hash = $1`
	if a.FileHash == nil {
		return DocumentFile{}, ErrNotFound
	}
	var file DocumentFile
	err := s.db.GetContext(ctx, &file, read, *a.FileHash, a.FileName)
	return file, wrap("read file of an adjustment", err)
}
