package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/plan"
)

// AdjustedPlan is the table of an approved plan as an adjustment in force has made it.
type AdjustedPlan struct {
	Adjustment int64        `db:"id"`
	Revision   int          `db:"revision"` // that it changes
	N          int          `db:"n"`        // its number among the plan's adjustments, from 1
	Number     string       `db:"number"`   // of the document that orders it
	IssuedOn   calendar.Day `db:"issued_on"`
	Since      time.Time    `db:"ended_at"` // in force
	Raw        []byte       `db:"after"`
	Tasks      []plan.Task  `db:"-"`
}

const readAdjustedPlan = `
	select id, revision, n, number, issued_on, ended_at, after from plan_adjustments where document_id = $1 and `

// AdjustedPlan reads the table as the plan's adjustment number n has made it, of a
// document that the caller has read within the reader's scope. ErrNotFound: there is
// none.
func (s *Store) AdjustedPlan(ctx context.Context, document string, n int) (AdjustedPlan, error) {
	return s.adjustedPlan(ctx, readAdjustedPlan+`n = $2`, document, n)
}

// NewestAdjusted reads the table as the newest adjustment of the revision has made it.
// ErrNotFound: the revision stands as it was approved.
func (s *Store) NewestAdjusted(ctx context.Context, document string, revision int) (AdjustedPlan, error) {
	return s.adjustedPlan(ctx, readAdjustedPlan+`revision = $2 order by id desc limit 1`, document, revision)
}

func (s *Store) adjustedPlan(ctx context.Context, read string, args ...any) (AdjustedPlan, error) {
	var a AdjustedPlan
	if err := s.db.GetContext(ctx, &a, read, args...); err != nil {
		return a, wrap("read adjusted plan", err)
	}
	if err := json.Unmarshal(a.Raw, &a.Tasks); err != nil {
		return a, fmt.Errorf("read adjusted plan: %w", err)
	}
	return a, nil
}

// adjustedTable is the table that the newest adjustment in force makes of a revision,
// as a subselect; null: none does.
func adjustedTable(document, revision string) string {
	return `(select after from plan_adjustments where document_id = ` + document + ` and revision = ` + revision + ` order by id desc limit 1)`
}

// indexAdjusted makes the plan found by its tasks as they are now, from this instant, and
// still by those that were approved: people look for what they once read.
func (p *trackedPlan) indexAdjusted(ctx context.Context, tx *sqlx.Tx, tasks []plan.Task) error {
	const read = `select content from revisions where document_id = $1 and revision = $2`
	var raw []byte
	if err := tx.GetContext(ctx, &raw, read, p.doc.ID, p.doc.ApprovedRev); err != nil {
		return wrap("read approved revision", err)
	}
	var content form.Content
	if err := json.Unmarshal(raw, &content); err != nil {
		return fmt.Errorf("read approved revision: %w", err)
	}
	row, err := newSearchRow(ctx, tx, p.doc.ID, p.doc.ApprovedRev, p.Now)
	if err != nil {
		return err
	}
	row.texts = append(plainTexts(content), taskTexts(tasks)...)
	return writeSearchRows(ctx, tx, []searchRow{row})
}

// tasksIn is the texts of a table; raw may be null.
func tasksIn(raw []byte) ([]string, error) {
	var tasks []plan.Task
	if raw != nil {
		if err := json.Unmarshal(raw, &tasks); err != nil {
			return nil, fmt.Errorf("read a plan's table: %w", err)
		}
	}
	return taskTexts(tasks), nil
}
