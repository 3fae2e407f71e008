package storage_test

import (
	"context"
	"errors"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// city is a launched campaign over many units.
type city struct {
	*desk
	code  string
	units []string
}

func newCity(t *testing.T, size int) *city {
	t.Helper()
	d := &desk{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	units, err := d.db.Store.Units(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c := &city{desk: d}
	for _, unit := range units[:size] {
		c.units = append(c.units, unit.Code)
	}
	d.people[staff.Officer] = d.person("officer", staff.Officer, "SNV")
	c.code, err = d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, plan(c.units...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// scatter brings every document into a state of its own, as no rule would care
// to: the board counts what is there.
func (c *city) scatter(random *rand.Rand) {
	c.t.Helper()
	for _, unit := range c.units {
		stage := document.Stages[random.Intn(len(document.Stages))]
		started, returned, late := random.Intn(2) == 0, random.Intn(4) == 0, random.Intn(2) == 0
		due := time.Now().Add(time.Duration(1+random.Intn(100)) * time.Hour)
		if late {
			due = time.Now().Add(-time.Duration(random.Intn(100)) * time.Hour)
		}
		id := c.code + "-" + unit
		c.exec(`update documents set stage = $2, started = $3, returned = $4, due_at = $5,
			desk_since = clock_timestamp() - $6 * interval '1 hour',
			closed_at = case when $7 then clock_timestamp() end, returns = $8,
			unit_due_at = clock_timestamp(),
			first_signed_at = case when $9 <> 0 then clock_timestamp() + $9 * interval '1 hour' end where id = $1`,
			id, stage, started, returned, due, random.Intn(500), stage.Closed(), random.Intn(3), random.Intn(5)-2)
		role, at, open := document.DeskOf(stage)
		if !open {
			c.exec(`update tasks set closed_at = clock_timestamp() where document_id = $1`, id)
			continue
		}
		if at == document.AtAuthority {
			unit = "SNV"
		}
		c.exec(`update tasks set stage = $2, role = $3, unit_code = $4, closed_at = null where document_id = $1`, id, stage, role, unit)
	}
}

func (c *city) board(scope staff.Scope, f storage.BoardFilter) storage.Board {
	c.t.Helper()
	b, err := c.db.Store.Board(context.Background(), scope, c.code, f)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

var everything = staff.Scope{All: true}

// The funnel's sum is the roster, every filter's rows are those the counts
// promise, and overdue means the same in SQL and in Go: whatever the documents.
func TestBoardCountsAreTheRows(t *testing.T) {
	c := newCity(t, 60)
	random := rand.New(rand.NewSource(11))
	for round := range 4 {
		c.scatter(random)
		for range 5 {
			own := staff.Scope{}
			for _, i := range random.Perm(len(c.units))[:1+random.Intn(len(c.units))] {
				own.Units = append(own.Units, c.units[i])
			}
			if b := c.board(own, storage.BoardFilter{All: true}); b.Counts.Sum() != len(own.Units) || len(b.Rows) != len(own.Units) {
				t.Fatalf("round %d: the funnel over %d units sums to %d with %d rows", round, len(own.Units), b.Counts.Sum(), len(b.Rows))
			}
		}
		b := c.board(everything, storage.BoardFilter{})
		if b.Counts.Sum() != len(c.units) || b.Matching != len(c.units) {
			t.Fatalf("round %d: the funnel sums to %d, %d rows match, the roster is %d", round, b.Counts.Sum(), b.Matching, len(c.units))
		}
		groups := 0
		for _, n := range b.Groups {
			groups += n
		}
		if groups != len(c.units) {
			t.Errorf("the groups sum to %d", groups)
		}
		for _, status := range document.Statuses {
			rows := c.all(storage.BoardFilter{Status: status})
			if len(rows) != b.Counts[status] {
				t.Errorf("%d rows are %s, the funnel says %d", len(rows), status, b.Counts[status])
			}
		}
		late := 0
		for _, row := range c.all(storage.BoardFilter{}) {
			if row.Overdue(b.Now) {
				late++
			}
		}
		if flagged := len(c.all(storage.BoardFilter{Flag: storage.BoardOverdue})); late != b.Overdue || flagged != late {
			t.Errorf("overdue: %d by the rule, %d counted, %d filtered", late, b.Overdue, flagged)
		}
		waiting := 0
		for stage, load := range b.Desks {
			waiting += load.Open
			c.sameMedian(b, stage, load)
		}
		if open := len(c.units) - b.Counts[document.IsApproved] - b.Counts[document.IsHandedIn] - b.Counts[document.IsExempt]; waiting != open {
			t.Errorf("%d lie at a desk, %d are open", waiting, open)
		}
	}
}

// sameMedian holds the two arrivals in the middle, which SQL picks, to the rows.
func (c *city) sameMedian(b storage.Board, stage document.Stage, load storage.DeskLoad) {
	c.t.Helper()
	var since []time.Time
	for _, row := range c.all(storage.BoardFilter{}) {
		if row.Stage == stage {
			since = append(since, row.DeskSince)
		}
	}
	slices.SortFunc(since, time.Time.Compare)
	if n := len(since); n != load.Open || !since[(n-1)/2].Equal(load.Middle[0]) || !since[n/2].Equal(load.Middle[1]) || !since[0].Equal(load.Oldest) {
		c.t.Errorf("at %s: %+v, the rows are %v", stage, load, since)
	}
}

// all reads every page of a filter and fails when a row comes twice.
func (c *city) all(f storage.BoardFilter) []storage.BoardRow {
	c.t.Helper()
	var rows []storage.BoardRow
	seen := map[string]bool{}
	for f.Page = 1; ; f.Page++ {
		b := c.board(everything, f)
		for _, row := range b.Rows {
			if seen[row.Document] {
				c.t.Errorf("%s stands on two pages", row.Document)
			}
			seen[row.Document] = true
		}
		rows = append(rows, b.Rows...)
		if len(b.Rows) < storage.BoardPage {
			return rows
		}
	}
}

func TestBoardOrders(t *testing.T) {
	c := newCity(t, 30)
	c.scatter(rand.New(rand.NewSource(5)))
	for sort, before := range map[storage.BoardSort]func(a, b storage.BoardRow) bool{
		storage.BoardByHeld: func(a, b storage.BoardRow) bool {
			return a.ClosedAt == nil && b.ClosedAt != nil || (a.ClosedAt == nil) == (b.ClosedAt == nil) && !b.DeskSince.Before(a.DeskSince)
		},
		storage.BoardByDue: func(a, b storage.BoardRow) bool {
			return a.ClosedAt == nil && b.ClosedAt != nil || (a.ClosedAt == nil) == (b.ClosedAt == nil) && !b.DueAt.Before(a.DueAt)
		},
		storage.BoardByStatus: func(a, b storage.BoardRow) bool {
			return slices.Index(document.Statuses, a.Status) <= slices.Index(document.Statuses, b.Status)
		},
	} {
		rows := c.all(storage.BoardFilter{Sort: sort})
		for i := 1; i < len(rows); i++ {
			if !before(rows[i-1], rows[i]) {
				t.Errorf("by %s: %s stands before %s", sort, rows[i-1].Document, rows[i].Document)
			}
		}
	}
	names := c.all(storage.BoardFilter{Sort: storage.BoardByUnit})
	if len(names) != 30 {
		t.Errorf("%d rows by name", len(names))
	}
}

func TestBoardFindsUnitsWithoutDiacritics(t *testing.T) {
	c := newCity(t, 188)
	for _, query := range []string{"tai chinh", "Tài chính", "TÀI  CHÍNH"} {
		rows := c.all(storage.BoardFilter{Query: query})
		if len(rows) != 1 || rows[0].Unit != "STC" {
			t.Errorf("%q finds %d units", query, len(rows))
		}
	}
	if rows := c.all(storage.BoardFilter{Query: "%"}); len(rows) != 0 {
		t.Errorf("a percent sign finds %d units", len(rows))
	}
	if rows := c.all(storage.BoardFilter{Group: "department"}); len(rows) == 0 || len(rows) >= 188 {
		t.Errorf("%d departments", len(rows))
	}
	if rows := c.all(storage.BoardFilter{}); len(rows) != 188 {
		t.Errorf("%d rows over all pages", len(rows))
	}
}

func TestBoardNamesTheHolders(t *testing.T) {
	d := newDesk(t)
	d.person("second", staff.Specialist, "STC")
	closed := d.person("closed", staff.Specialist, "STC")
	d.exec(`update persons set state = 'closed' where id = $1`, closed.Person)
	c := &city{desk: d, code: "bc-2026q4"}
	byUnit := map[string]storage.BoardRow{}
	for _, row := range c.all(storage.BoardFilter{}) {
		byUnit[row.Unit] = row
	}
	if row := byUnit["STC"]; len(row.Holders) != 2 || row.DeskRole != staff.Specialist {
		t.Errorf("at STC: %q as %s", row.Holders, row.DeskRole)
	}
	if row := byUnit["SYT"]; len(row.Holders) != 0 {
		t.Errorf("nobody works at SYT, the board names %q", row.Holders)
	}
	if rows := c.all(storage.BoardFilter{Flag: storage.BoardVacant}); len(rows) != 1 || rows[0].Unit != "SYT" {
		t.Errorf("desks without a holder: %d", len(rows))
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	for _, row := range c.all(storage.BoardFilter{Status: document.InDivisionReview}) {
		if row.DeskRole != staff.DivisionHead || len(row.Holders) != 1 {
			t.Errorf("after the submission: %q as %s", row.Holders, row.DeskRole)
		}
	}
}

func TestBoardKeepsToTheScope(t *testing.T) {
	c := newCity(t, 5)
	own := staff.Scope{Units: []string{c.units[1]}}
	b := c.board(own, storage.BoardFilter{})
	if b.Counts.Sum() != 1 || len(b.Rows) != 1 || b.Rows[0].Unit != c.units[1] {
		t.Errorf("a unit's people see %d documents", b.Counts.Sum())
	}
	for _, scope := range []staff.Scope{{}, {Units: []string{"nobody"}}} {
		if _, err := c.db.Store.Board(context.Background(), scope, c.code, storage.BoardFilter{}); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("outside the scope: %v", err)
		}
	}
	if _, err := c.db.Store.Board(context.Background(), everything, "bc-none", storage.BoardFilter{}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a campaign that is not there: %v", err)
	}
}
