package storage

import (
	"context"
	"time"

	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/staff"
)

// AppraisalHold is who has a self-assessment that was handed in, and until when.
type AppraisalHold struct {
	Document string          `db:"document_id"`
	Stage    appraisal.Stage `db:"stage"`
	Since    time.Time       `db:"round_at"`
	DueAt    *time.Time      `db:"due_at"`   // nil: done
	EndedAt  *time.Time      `db:"ended_at"` // nil: it goes on
	Waits    pq.StringArray  `db:"waits"`    // names of the departments whose marks are waited for
}

// AppraisalHolds are who has the appraisals of documents, by document; the caller has
// read those within its scope.
func (s *Store) AppraisalHolds(ctx context.Context, documents []string) (map[string]AppraisalHold, error) {
	const list = `
		select a.document_id, a.stage, a.round_at, a.due_at, a.ended_at,
		       array(select distinct u.name from appraisal_fields f join units u on u.code = f.appraiser
		             where f.document_id = a.document_id and f.finished_at is null order by u.name) as waits
		from appraisals a where a.document_id = any($1)`
	var rows []AppraisalHold
	if err := s.db.SelectContext(ctx, &rows, list, pq.Array(documents)); err != nil {
		return nil, wrap("read who has appraisals", err)
	}
	holds := make(map[string]AppraisalHold, len(rows))
	for _, row := range rows {
		holds[row.Document] = row
	}
	return holds, nil
}

// AppraisalDesks is what of a campaign lies in each round of its appraisal, and for how
// long, as DeskLoad tells it of desks.
func (s *Store) AppraisalDesks(ctx context.Context, scope staff.Scope, campaign string, now time.Time) (map[appraisal.Stage]DeskLoad, error) {
	const list = `
		select stage, open, overdue, since[1] as oldest, since[(open + 1) / 2] as lower, since[open / 2 + 1] as upper
		from (
			select a.stage, count(*)::int as open, count(*) filter (where a.due_at <= $4) as overdue,
			       array_agg(a.round_at order by a.round_at) as since
			from appraisals a
			where a.campaign = $1 and a.stage in ('first', 'explaining', 'second') and ($2 or a.unit_code = any($3)) group by a.stage) r`
	var rows []struct {
		Stage   appraisal.Stage `db:"stage"`
		Open    int             `db:"open"`
		Overdue int             `db:"overdue"`
		Oldest  time.Time       `db:"oldest"`
		Lower   time.Time       `db:"lower"`
		Upper   time.Time       `db:"upper"`
	}
	if err := s.db.SelectContext(ctx, &rows, list, campaign, scope.All, pq.Array(scope.Units), now); err != nil {
		return nil, wrap("count appraisals by round", err)
	}
	desks := make(map[appraisal.Stage]DeskLoad, len(rows))
	for _, row := range rows {
		desks[row.Stage] = DeskLoad{Open: row.Open, Overdue: row.Overdue, Oldest: row.Oldest, Middle: [2]time.Time{row.Lower, row.Upper}}
	}
	return desks, nil
}
