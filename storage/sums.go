package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// SumsFolded is how many changes FoldSums takes at once: at a hundred figures a
// document some tens of thousands of rows, well within a statement's time.
const SumsFolded = 400

// figuresOfRevision are the figures of a frozen content r: indicator and value.
const figuresOfRevision = `(
	select e.key as indicator, (e.value ->> 'value')::numeric as value
	from jsonb_each(r.content -> 'figures') e where e.value ? 'value')`

// someFigures are those of the codes in the parameter $2.
const someFigures = `(
	select code as indicator, (g.figures -> code ->> 'value')::numeric as value
	from (select r.content -> 'figures' as figures offset 0) g, unnest($2::text[]) code where g.figures -> code ? 'value')`

// FoldSums adds outstanding changes to the stored sums, at most SumsFolded of them,
// and tells how many it took. One program does it at a time; another finds nothing.
// Readers see each change once, before and after.
func (s *Store) FoldSums(ctx context.Context) (int, error) {
	var taken int
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		taken, err = foldSums(ctx, tx, SumsFolded)
		return err
	})
	return taken, err
}

// foldingSums is the key of the lock under which changes are folded in.
const foldingSums = 14390034

func foldSums(ctx context.Context, tx *sqlx.Tx, most int) (int, error) {
	const alone = `select pg_try_advisory_xact_lock($1)`
	const fold = `
		with taken as (
			delete from sum_changes where id in (select id from sum_changes order by id limit $1)
			returning campaign, unit_group, document_id, revision, times
		), summed as (
			insert into indicator_sums (indicator, campaign, unit_group, total)
			select f.indicator, t.campaign, t.unit_group, sum(t.times * f.value)
			from taken t join revisions r on r.document_id = t.document_id and r.revision = t.revision, lateral ` + figuresOfRevision + ` f
			group by 1, 2, 3
			on conflict (indicator, campaign, unit_group) do update set total = indicator_sums.total + excluded.total
		)
		select count(*) from taken`
	var mine bool
	if err := tx.GetContext(ctx, &mine, alone, foldingSums); err != nil {
		return 0, wrap("lock the sums", err)
	}
	if !mine {
		return 0, nil
	}
	var taken int
	err := tx.GetContext(ctx, &taken, fold, most)
	return taken, wrap("fold sums", err)
}

// ResumSums makes all sums anew from the confirmed documents: for a database that
// was filled without its triggers. It needs the owner, and is no work for a system
// in use.
func ResumSums(ctx context.Context, owner *sql.DB) error {
	tx, err := owner.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("sum up again: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	for _, statement := range []string{
		`lock table sum_changes in access exclusive mode`,
		`delete from sum_changes`, `delete from indicator_sums`,
		`insert into indicator_sums (indicator, campaign, unit_group, total) ` + summedAnew,
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("sum up again: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("sum up again: %w", err)
	}
	return nil
}

// summedAnew is what the sums must be, from the documents themselves.
const summedAnew = `
	select f.indicator, d.campaign, d.unit_group, sum(f.value) as total
	from documents d join revisions r on r.document_id = d.id and r.revision = d.revision, lateral ` + figuresOfRevision + ` f
	where d.stage = 'approved' group by 1, 2, 3`

// SumsApart counts the sums that differ from what the documents come to, changes
// that are still outstanding included. It reads every figure: for checks.
func SumsApart(ctx context.Context, db *sql.DB) (int, error) {
	const compare = `
		with summed as (
			select indicator, campaign, unit_group, sum(total) as total from (
				select indicator, campaign, unit_group, total from indicator_sums
				union all
				select f.indicator, x.campaign, x.unit_group, x.times * f.value
				from sum_changes x join revisions r on r.document_id = x.document_id and r.revision = x.revision, lateral ` + figuresOfRevision + ` f) s
			group by 1, 2, 3
		)
		select count(*) from summed s full join (` + summedAnew + `) w using (indicator, campaign, unit_group)
		where coalesce(s.total, 0) <> coalesce(w.total, 0)`
	var apart int
	err := db.QueryRowContext(ctx, compare).Scan(&apart)
	return apart, wrap("compare sums", err)
}
