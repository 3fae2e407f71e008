package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// EarlierPlan is the plan of the same unit for the year before, as it lives.
type EarlierPlan struct {
	Document string
	Year     int
	Left     []plan.Task // neither completed nor cancelled, in the plan's order
}

// EarlierPlan reads the plan whose tasks may be taken over; nil where none was
// approved. The caller has checked that the reader is one of the document's authors.
func (s *Store) EarlierPlan(ctx context.Context, id string) (*EarlierPlan, error) {
	return earlierPlan(ctx, s.db, id)
}

func earlierPlan(ctx context.Context, q sqlx.ExtContext, id string) (*EarlierPlan, error) {
	const own = `
		select d.unit_code, c.period from documents d join campaigns c on c.code = d.campaign
		where d.id = $1 and d.kind = 'plan'`
	var unit, code string
	err := q.QueryRowxContext(ctx, own, id).Scan(&unit, &code)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("read period of "+id, err)
	}
	year, err := period.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("read period of %s: %w", id, err)
	}
	before := year.SameLastYear()
	const newest = `select id from (` + planOfYear + `) p`
	earlier := EarlierPlan{Year: before.Year}
	err = sqlx.GetContext(ctx, q, &earlier.Document, newest, unit, before.Code())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("find plan before "+id, err)
	}
	const left = `
		select task from plan_tasks
		where document_id = $1 and done_on is null and cancelled_at is null order by place, key limit $2`
	var rows [][]byte
	if err := sqlx.SelectContext(ctx, q, &rows, left, earlier.Document, plan.MaxTasks); err != nil {
		return nil, wrap("list tasks left of "+earlier.Document, err)
	}
	for _, raw := range rows {
		var task plan.Task
		if err := json.Unmarshal(raw, &task); err != nil {
			return nil, fmt.Errorf("read tasks of %s: %w", earlier.Document, err)
		}
		earlier.Left = append(earlier.Left, task)
	}
	return &earlier, nil
}

// CarryTasks takes over the tasks that the plan of the year before has left, behind
// what stands there, and returns how many. Each counts as not looked at until it is
// written anew or LookAtTasks is told. A task that was taken over already is not
// taken again, also where it has been taken out since. rule.Errors: not the moment,
// not the person, NothingEarlier, or too many rows.
func (s *Store) CarryTasks(ctx context.Context, id string, actor staff.Actor) (int, error) {
	taken := 0
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, table, err := s.lockPlan(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		earlier, err := earlierPlan(ctx, tx, id)
		if err != nil {
			return err
		}
		if earlier == nil {
			return rule.Broken(NothingEarlier, "")
		}
		var keys []string
		for _, task := range earlier.Left {
			if table.index(task.Key) >= 0 {
				continue
			}
			table.apply(TaskChange{Task: table.rules.Carry(task, earlier.Year+1)})
			keys = append(keys, task.Key)
		}
		if taken = len(keys); taken == 0 {
			return nil
		}
		if n := table.standing(); n > plan.MaxTasks {
			return rule.Broken(plan.TooMany, "", plan.MaxTasks, n)
		}
		if err := table.write(ctx, tx, id, actor.Person); err != nil {
			return err
		}
		const note = `update draft_tasks set copied_from = $3 where document_id = $1 and key = any($2)`
		if _, err := tx.ExecContext(ctx, note, id, pq.Array(keys), earlier.Document); err != nil {
			return wrap("note where tasks come from", err)
		}
		return markStarted(ctx, tx, doc)
	})
	return taken, err
}

// LookAtTasks notes that tasks that were taken over hold as they stand: those with
// the keys, or with none given all. rule.Errors: not the moment, or not the person.
func (s *Store) LookAtTasks(ctx context.Context, id string, keys []string, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, _, err := s.lockPlan(ctx, tx, id, actor); err != nil {
			return err
		}
		const look = `
			update draft_tasks set looked_at = clock_timestamp()
			where document_id = $1 and copied_from is not null and looked_at is null and ($2::text[] is null or key = any($2))`
		_, err := tx.ExecContext(ctx, look, id, pq.Array(keys))
		return wrap("note tasks looked at", err)
	})
}

// StaleTasks are the rows that stand as they were taken over from an earlier plan and
// that nobody has looked at, in the table's order.
func (d Draft) StaleTasks() []plan.Task {
	var stale []plan.Task
	for _, task := range d.Content.Tasks {
		if d.Tasks[task.Key].Stale {
			stale = append(stale, task)
		}
	}
	return stale
}
