package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// tally is how many documents of a campaign are alike in all that boards and the
// dashboard count by.
type tally struct {
	Campaign string               `db:"campaign"`
	Group    string               `db:"unit_group"`
	Stage    document.Stage       `db:"stage"`
	Status   document.Status      `db:"status"`
	Class    document.Punctuality `db:"punctuality"`
	Extended bool                 `db:"extended"` // the unit was given more time
	Returned bool                 `db:"returned"` // by the authority, at least once
	N        int                  `db:"n"`
	Overdue  int                  `db:"overdue"` // of them open and past their due
}

// atUnit tells whether these documents lie at a desk of their unit.
func (t tally) atUnit() bool { return !t.Stage.Closed() && t.Stage != document.AuthorityReview }

// everywhere is the scope of those who act for the whole city.
var everywhere = staff.Scope{All: true}

// within keeps documents d in the scope; scopeUnits is the argument at that place.
// Whole and narrow readers have statements of their own, so that each is planned
// for itself.
func within(scope staff.Scope, place int) string {
	if scope.All {
		return fmt.Sprintf(`$%d::text[] is null`, place)
	}
	return fmt.Sprintf(`d.unit_code = any($%d)`, place)
}

// narrowing is a condition that stands in the statement only where it is asked for, so
// that each is planned for itself; without still names the argument.
func narrowing(set bool, condition, without string) string {
	if set {
		return condition
	}
	return without
}

// scopeUnits are the units of a narrow scope, none as none; null is the whole city.
func scopeUnits(scope staff.Scope) any {
	if scope.All {
		return pq.StringArray(nil)
	}
	return pq.Array(append([]string{}, scope.Units...))
}

// documentsOf are the documents d of a campaign within the scope, as a source to
// which conditions may be added. A narrow one goes by its units, unit by unit:
// the planner would rather read the whole campaign, which it takes for small.
func documentsOf(campaign string, scope staff.Scope, place int) string {
	if scope.All {
		return ` from documents d where d.campaign = ` + campaign + ` and ` + within(scope, place)
	}
	return fmt.Sprintf(` from (select distinct unnest($%d::text[]) as code) own cross join lateral (
		select * from documents where campaign = %s and unit_code = own.code offset 0) d where true`, place, campaign)
}

// tallied are the documents of campaign c.code as rows that add up to n. Of the
// whole city, what is closed comes from the sums that triggers keep; what is open
// is counted, and so is all that a narrow scope has.
func tallied(scope staff.Scope, now string, units int) string {
	counted := `
		select d.unit_group, d.stage, d.status, d.punctuality, d.extended_at is not null as extended, d.returns > 0 as returned,
		       1 as n, (not d.closed and d.due_at <= ` + now + `)::int as overdue` + documentsOf(`c.code`, scope, units)
	if !scope.All {
		return counted
	}
	return counted + ` and not d.closed
		union all
		select t.unit_group, t.status, t.status, t.punctuality, t.extended, t.returned, t.n, 0
		from document_tallies t where t.campaign = c.code`
}

// tallies counts campaigns within a scope, one by one: "any" of several would have
// the planner read the whole table, history and all.
func tallies(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, codes []string, now time.Time) ([]tally, error) {
	count := `
		select c.code as campaign, n.*
		from unnest($1::text[]) c(code), lateral (
			select d.unit_group, d.stage, d.status, d.punctuality, d.extended, d.returned, sum(d.n) as n, sum(d.overdue) as overdue
			from (` + tallied(scope, `$3`, 2) + `) d
			group by d.unit_group, d.stage, d.status, d.punctuality, d.extended, d.returned
			having sum(d.n) <> 0) n`
	var rows []tally
	err := tx.SelectContext(ctx, &rows, count, pq.Array(codes), scopeUnits(scope), now)
	return rows, wrap("count documents", err)
}

// settledAtOnce bounds what one call of SettleTallies takes on.
const settledAtOnce = 20_000

// settled are the tables of rows that only ever are added and add up to a count n, each
// with the columns by which its rows are alike.
var settled = []struct {
	table   string
	columns []string
}{
	{"document_tallies", []string{"campaign", "unit_group", "status", "punctuality", "extended", "returned"}},
	{"handled_tallies", []string{"person_id", "unit_code", "status"}},
	{"task_tallies", []string{"campaign", "unit_group", "field", "month", "until", "state"}},
}

// SettleTallies puts one row in the place of those that add up to it, and returns
// how many rows it read and wrote fewer. Whoever counts sees the rows of before or
// of after; whoever adds one does not wait. Two at once do no harm: what the other
// has taken is not summed again.
func (s *Store) SettleTallies(ctx context.Context) (int, error) {
	fewer := 0
	for _, one := range settled {
		var n int
		if err := s.db.GetContext(ctx, &n, settling(one.table, one.columns), settledAtOnce); err != nil {
			return fewer, wrap("settle "+one.table, err)
		}
		fewer += n
	}
	return fewer, nil
}

// settling is the statement that settles a table: alike rows of which one is fresh
// are taken out, and their sum is put in unless it is nothing.
func settling(table string, columns []string) string {
	alike := make([]string, len(columns))
	for i, column := range columns {
		alike[i] = "t." + column + " = f." + column
	}
	key := strings.Join(columns, ", ")
	return `
		with fresh as (
			select distinct ` + key + ` from (select * from ` + table + ` where not settled limit $1) t
		), taken as (
			delete from ` + table + ` t using fresh f where ` + strings.Join(alike, " and ") + ` returning t.*
		), sums as (
			insert into ` + table + ` (` + key + `, n, settled)
			select ` + key + `, sum(n), true from taken group by ` + key + ` having sum(n) <> 0
			returning 1
		) select (select count(*) from taken) - (select count(*) from sums)`
}
