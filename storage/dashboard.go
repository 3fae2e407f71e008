package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// How much of the past a dashboard shows.
const (
	DashboardPeriods = 8  // the chosen campaign and those of its kind before it
	DashboardWorst   = 10 // units that were late most often
	dashboardChoices = 40 // campaigns to choose from
)

// DashboardCampaign is a campaign of a dashboard.
type DashboardCampaign struct {
	Code   string        `db:"code"`
	Kind   document.Kind `db:"kind"`
	Name   string        `db:"name"`
	Period string        `db:"period"`
	DueAt  time.Time     `db:"due_at"`

	LaunchedAt time.Time `db:"launched_at"`
}

// Tally counts the documents of one campaign, or of one group of units in it.
type Tally struct {
	Classes  map[document.Punctuality]int // every document is in one class
	Overdue  int                          // open and past the due of its desk
	Returned int                          // the authority has returned it, whatever its class
	Approved int                          // approved, or an index handed in
}

// Counted is how many must report: all but those exempt.
func (t Tally) Counted() int {
	sum := 0
	for _, class := range document.Punctualities {
		sum += t.Classes[class]
	}
	return sum
}

// InTime is how many were handed in on time, returned later or not.
func (t Tally) InTime() int { return t.Classes[document.OnTime] + t.Classes[document.OnTimeReturned] }

// Parts are the counted classes in their order.
func (t Tally) Parts() []int {
	parts := make([]int, len(document.Punctualities))
	for i, class := range document.Punctualities {
		parts[i] = t.Classes[class]
	}
	return parts
}

func (t *Tally) add(row tally) {
	if t.Classes == nil {
		t.Classes = map[document.Punctuality]int{}
	}
	t.Classes[row.Class] += row.N
	t.Overdue += row.Overdue
	if row.Returned {
		t.Returned += row.N
	}
	if row.Status == document.IsApproved || row.Status == document.IsHandedIn {
		t.Approved += row.N
	}
}

// UnitRecord is how often one unit was late over the campaigns shown.
type UnitRecord struct {
	Unit     string `db:"unit_code"`
	Name     string `db:"name"`
	Asked    int    `db:"asked"` // documents that it had to hand in
	Late     int    `db:"late"`
	Missing  int    `db:"missing"` // not handed in though the due has passed
	Returned int    `db:"returned"`
}

// Dashboard is the state of reporting over the reader's scope at one instant: all
// its numbers are of the same snapshot.
type Dashboard struct {
	Now     time.Time
	Choices []DashboardCampaign // newest first
	Chosen  DashboardCampaign
	Shown   []DashboardCampaign          // the chosen one and those before it, oldest first
	All     map[string]Tally             // by campaign
	Groups  map[string]map[string]*Tally // by campaign, then by kind of units
	Desks   map[document.Stage]DeskLoad  // of the chosen campaign
	Worst   []UnitRecord                 // the most often late first; none without a lapse
}

// Dashboard reads the campaign with the code, or without a code the newest
// periodic report, and what came before it. Only the campaigns shown are counted:
// what it costs does not grow with history. ErrNotFound: the scope has no part in
// such a campaign.
func (s *Store) Dashboard(ctx context.Context, scope staff.Scope, code string) (Dashboard, error) {
	var d Dashboard
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return d, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	for _, part := range []func(context.Context, *sqlx.Tx, staff.Scope, *Dashboard) error{
		dashboardChosen(code), dashboardTallies, dashboardDesks, dashboardWorst,
	} {
		if err := part(ctx, tx, scope, &d); err != nil {
			return Dashboard{}, fmt.Errorf("read dashboard: %w", err)
		}
	}
	return d, nil
}

// inScope keeps campaigns c in which the scope, $1 and $2, has a document.
const inScope = `($1 or exists (select from documents d where d.campaign = c.code and d.unit_code = any($2)))`

func dashboardChosen(code string) func(context.Context, *sqlx.Tx, staff.Scope, *Dashboard) error {
	const columns = `select c.code, c.kind, c.name, c.period, c.due_at, c.launched_at from campaigns c where `
	const choices = columns + inScope + ` order by c.launched_at desc, c.code limit $3`
	const one = columns + inScope + ` and ($3 = '' or c.code = $3)
		order by c.kind <> 'report', c.launched_at desc, c.code limit 1`
	// The fifth letter of a period's code is its length: quarters go with quarters.
	const shown = `
		select * from (` + columns + inScope + ` and c.kind = $3 and substr(c.period, 5, 1) = substr($4, 5, 1)
		    and (c.period, c.launched_at, c.code) <= ($4, (select launched_at from campaigns where code = $5), $5)
		order by c.period desc, c.launched_at desc, c.code desc limit $6) newest
		order by period, due_at, code`
	return func(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, d *Dashboard) error {
		if err := tx.GetContext(ctx, &d.Now, `select clock_timestamp()`); err != nil {
			return wrap("read clock", err)
		}
		all, units := scope.All, pq.Array(scope.Units)
		if err := tx.SelectContext(ctx, &d.Choices, choices, all, units, dashboardChoices); err != nil {
			return wrap("list campaigns", err)
		}
		if err := tx.GetContext(ctx, &d.Chosen, one, all, units, code); err != nil {
			return wrap("choose campaign", err)
		}
		c := d.Chosen
		err := tx.SelectContext(ctx, &d.Shown, shown, all, units, c.Kind, c.Period, c.Code, DashboardPeriods)
		return wrap("list campaigns before", err)
	}
}

func (d *Dashboard) codes() []string {
	codes := make([]string, len(d.Shown))
	for i, one := range d.Shown {
		codes[i] = one.Code
	}
	return codes
}

func dashboardTallies(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, d *Dashboard) error {
	rows, err := tallies(ctx, tx, scope, d.codes(), d.Now)
	if err != nil {
		return err
	}
	d.All, d.Groups = map[string]Tally{}, map[string]map[string]*Tally{}
	for _, row := range rows {
		groups := d.Groups[row.Campaign]
		if groups == nil {
			groups = map[string]*Tally{}
			d.Groups[row.Campaign] = groups
		}
		if groups[row.Group] == nil {
			groups[row.Group] = &Tally{}
		}
		all := d.All[row.Campaign]
		for _, sum := range []*Tally{&all, groups[row.Group]} {
			sum.add(row)
		}
		d.All[row.Campaign] = all
	}
	return nil
}

func dashboardDesks(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, d *Dashboard) error {
	var err error
	d.Desks, err = deskLoads(ctx, tx, scope, d.Chosen.Code, d.Now)
	return err
}

// dashboardWorst finds the units with lapses, campaign by campaign, what is late
// and what is missing each by its index, and counts the rest for the worst of them
// alone.
func dashboardWorst(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, d *Dashboard) error {
	list := `
		with lapses as (
			select d.unit_code, count(*) filter (where d.late) as late, count(*) filter (where not d.late) as missing
			from unnest($1::text[]) c(code), lateral (
				select d.unit_code, true as late` + documentsOf(`c.code`, scope, 2) + ` and d.punctuality = 'late'
				union all
				select d.unit_code, false` + documentsOf(`c.code`, scope, 2) + ` and not d.closed and d.punctuality = 'missing' and d.due_at <= $3) d
			group by d.unit_code
			order by count(*) desc, 3 desc, d.unit_code
			limit $4)
		select l.*, u.name, a.asked, a.returned
		from lapses l join units u on u.code = l.unit_code, lateral (
			select count(*) filter (where d.punctuality <> 'exempt') as asked,
			       count(*) filter (where d.returns > 0) as returned
			from unnest($1::text[]) c(code), lateral (
				select punctuality, returns from documents
				where campaign = c.code and unit_code = l.unit_code offset 0) d) a
		order by l.late + l.missing desc, l.missing desc, u.name collate "vi-x-icu"`
	err := tx.SelectContext(ctx, &d.Worst, list, pq.Array(d.codes()), scopeUnits(scope), d.Now, DashboardWorst)
	return wrap("list units late most often", err)
}

// UnitDocument is one of a unit's documents, as its record lists them.
type UnitDocument struct {
	Document      string               `db:"id"`
	CampaignName  string               `db:"campaign_name"`
	Period        string               `db:"period"`
	Status        document.Status      `db:"status"`
	Class         document.Punctuality `db:"punctuality"`
	UnitDueAt     time.Time            `db:"unit_due_at"`
	DueAt         time.Time            `db:"due_at"`
	FirstSignedAt *time.Time           `db:"first_signed_at"`
	ClosedAt      *time.Time           `db:"closed_at"`
	Returns       int                  `db:"returns"`
	Reopened      int                  `db:"reopened"`
	ExtendedAt    *time.Time           `db:"extended_at"`
	Given         bool                 `db:"given"` // more time because of an outage
	Total         int                  `db:"total"`
}

// UnitRecordPage is how many documents a page of a unit's record has.
const UnitRecordPage = 20

// UnitDocuments lists a unit's documents, the newest campaign first; page counts
// from 1. The caller has checked that the reader may see the unit.
func (s *Store) UnitDocuments(ctx context.Context, unit string, page int) ([]UnitDocument, error) {
	const list = `
		select d.id, c.name as campaign_name, c.period, d.status, d.punctuality, d.unit_due_at, d.due_at,
		       d.first_signed_at, d.closed_at, d.returns, d.reopened, d.extended_at, ` + dueGiven + ` as given, count(*) over () as total
		from documents d join campaigns c on c.code = d.campaign
		where d.unit_code = $1
		order by d.created_at desc, d.id limit $2 offset $3`
	var rows []UnitDocument
	err := s.db.SelectContext(ctx, &rows, list, unit, UnitRecordPage, (max(page, 1)-1)*UnitRecordPage)
	return rows, wrap("list documents of unit "+unit, err)
}
