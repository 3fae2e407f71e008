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
			closed_at = case when $7 then clock_timestamp() end where id = $1`,
			id, stage, started, returned, due, random.Intn(500), stage.Closed())
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
		for _, since := range b.Desks {
			waiting += len(since)
		}
		if open := len(c.units) - b.Counts[document.IsApproved] - b.Counts[document.IsHandedIn] - b.Counts[document.IsExempt]; waiting != open {
			t.Errorf("%d lie at a desk, %d are open", waiting, open)
		}
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

func TestRemindHolders(t *testing.T) {
	d := newDesk(t)
	officer := d.people[staff.Officer]
	remind := func(f storage.BoardFilter) storage.Reminded {
		t.Helper()
		told, err := d.db.Store.RemindHolders(context.Background(), "bc-2026q4", f, officer)
		if err != nil {
			t.Fatal(err)
		}
		return told
	}
	wantTold := func(why string, got, want storage.Reminded) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %+v, want %+v", why, got, want)
		}
	}
	wantTold("just launched", remind(storage.BoardFilter{}), storage.Reminded{Recent: 2})

	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	wantTold("a draft was just saved", remind(storage.BoardFilter{Query: "tai chinh"}), storage.Reminded{Recent: 1})

	d.exec(`update draft_sections set updated_at = clock_timestamp() - interval '5 hours'`)
	d.exec(`update draft_figures set updated_at = clock_timestamp() - interval '5 hours'`)
	wantTold("one desk is vacant", remind(storage.BoardFilter{}), storage.Reminded{Sent: 1, Vacant: 1})
	wantTold("once a day", remind(storage.BoardFilter{}), storage.Reminded{Today: 2})
	if n := d.count(`select count(*) from notices where key like '%:reminded:%' and kind = 'reminder'`); n != 2 {
		t.Errorf("%d notices, want one for the holder and one that reaches nobody", n)
	}
	if n := d.count(`select count(*) from history where event = 'reminded' and person_id = $1`, officer.Person); n != 2 {
		t.Errorf("%d lines of history", n)
	}
	// The mail queue drops a reminder whose due or desk is not what it was.
	if n := d.count(`select count(*) from notices n join documents d on d.id = n.document_id
		where n.key like '%:reminded:%' and n.args->>'stage' = d.stage
		and (n.args->>'due')::bigint = floor(extract(epoch from d.due_at)) and n.task_id is not null`); n != 2 {
		t.Errorf("%d notices carry what the queue checks", n)
	}
}

func TestRemindTellsOfTheOverdueAndLeavesTheAuthorityAlone(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours',
		due_at = clock_timestamp() - interval '1 minute'`)
	told, err := d.db.Store.RemindHolders(context.Background(), "bc-2026q4",
		storage.ReminderFilter(storage.BoardFilter{}, 2), d.people[staff.Officer])
	if err != nil {
		t.Fatal(err)
	}
	if (told != storage.Reminded{Vacant: 1}) {
		t.Errorf("told %+v", told)
	}
	if n := d.count(`select count(*) from notices where key like '%:reminded:%' and kind = 'overdue'`); n != 1 {
		t.Errorf("%d notices of the overdue", n)
	}
}

// A document that somebody is deciding about at this moment is left alone, and
// the click does not wait for it.
func TestRemindSkipsWhatIsBeingDecided(t *testing.T) {
	d := newDesk(t)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	d.exec(`delete from draft_figures`)
	d.exec(`delete from draft_sections`)
	tx, err := d.db.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec(`select from documents where id = $1 for no key update`, d.id); err != nil {
		t.Fatal(err)
	}
	told, err := d.db.Store.RemindHolders(context.Background(), "bc-2026q4", storage.BoardFilter{}, d.people[staff.Officer])
	if err != nil || (told != storage.Reminded{Recent: 1, Vacant: 1}) {
		t.Errorf("told %+v, %v", told, err)
	}
}

func TestReminderFilter(t *testing.T) {
	for _, row := range []struct {
		f       storage.BoardFilter
		overdue int
		flag    storage.BoardFlag
	}{
		{storage.BoardFilter{}, 3, storage.BoardOverdue},
		{storage.BoardFilter{}, 0, ""},
		{storage.BoardFilter{Query: "  ", Sort: storage.BoardByUnit, Page: 3}, 3, storage.BoardOverdue},
		{storage.BoardFilter{Group: "ward"}, 3, ""},
		{storage.BoardFilter{Flag: storage.BoardVacant}, 3, storage.BoardVacant},
	} {
		if got := storage.ReminderFilter(row.f, row.overdue); got.Flag != row.flag || got.Group != row.f.Group {
			t.Errorf("%+v with %d overdue: %+v", row.f, row.overdue, got)
		}
	}
}

// The count on the button is what the click handles.
func TestRemindableIsWhatTheClickHandles(t *testing.T) {
	c := newCity(t, 40)
	c.scatter(rand.New(rand.NewSource(8)))
	for _, f := range []storage.BoardFilter{{}, {Status: document.InSigning}, {Group: "department"}, {Flag: storage.BoardOverdue}} {
		b := c.board(everything, f)
		told, err := c.db.Store.RemindHolders(context.Background(), c.code, storage.ReminderFilter(f, b.Overdue), c.people[staff.Officer])
		if err != nil {
			t.Fatal(err)
		}
		if sum := told.Sent + told.Recent + told.Today + told.Vacant; sum != b.Remindable {
			t.Errorf("%+v: the button says %d, the click handled %d", f, b.Remindable, sum)
		}
	}
}
