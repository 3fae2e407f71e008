package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"

	"github.com/google/uuid"
)

// launchAgain opens another campaign over the city's units.
func (c *city) launchAgain(code, period string) {
	c.t.Helper()
	again := plan(c.units...)
	again.Code, again.Period, again.Name = code, period, "Báo cáo CCHC "+period
	if _, err := c.db.Store.LaunchCampaign(context.Background(), uuid.New(), c.people[staff.Officer].Person, again); err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) dashboard(scope staff.Scope, code string) storage.Dashboard {
	c.t.Helper()
	d, err := c.db.Store.Dashboard(context.Background(), scope, code)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// The generated column and document.PunctualityOf class every random document
// alike; the classes without the exempt sum to the roster; the groups sum to the
// whole; and every number leads to as many rows of the board.
func TestDashboardCountsAreTheBoard(t *testing.T) {
	c := newCity(t, 60)
	random := rand.New(rand.NewSource(21))
	for range 4 {
		c.scatter(random)
		d, rows := c.dashboard(everything, c.code), c.all(storage.BoardFilter{})
		byRule, overdue, returned := map[document.Punctuality]int{}, 0, 0
		for _, row := range rows {
			class := document.PunctualityOf(row.Stage, row.UnitDueAt, row.FirstSignedAt, row.Returns)
			byRule[class]++
			if row.Overdue(d.Now) {
				overdue++
			}
			if row.Returns > 0 {
				returned++
			}
		}
		all := d.All[c.code]
		if all.Counted()+all.Classes[document.ExemptFromDue] != len(c.units) || all.Overdue != overdue || all.Returned != returned {
			t.Errorf("%+v; by the rows %d overdue, %d returned", all, overdue, returned)
		}
		groups := 0
		for _, tally := range d.Groups[c.code] {
			groups += tally.Counted()
		}
		if groups != all.Counted() {
			t.Errorf("the groups sum to %d, all are %d", groups, all.Counted())
		}
		for _, class := range append(document.Punctualities, document.ExemptFromDue) {
			listed := c.all(storage.BoardFilter{Class: class})
			if all.Classes[class] != byRule[class] || len(listed) != byRule[class] {
				t.Errorf("%s: %d by the rule, %d in SQL, %d on the board", class, byRule[class], all.Classes[class], len(listed))
			}
		}
		if n := len(c.all(storage.BoardFilter{Class: storage.Punctual})); n != all.InTime() {
			t.Errorf("%d rows in time, the dashboard says %d", n, all.InTime())
		}
		if n := len(c.all(storage.BoardFilter{Flag: storage.BoardSentBack})); n != returned {
			t.Errorf("%d rows sent back, want %d", n, returned)
		}
	}
}

func TestDashboardShowsWhatCameBefore(t *testing.T) {
	c := newCity(t, 6)
	for i := range 9 { // 2024q3 ... 2026q3; the tenth is 2026q4
		quarter := 2 + i
		c.launchAgain(fmt.Sprintf("bc-%d", i), fmt.Sprintf("%dq%d", 2024+quarter/4, quarter%4+1))
	}
	c.launchAgain("bc-month", "2026m11")
	d := c.dashboard(everything, c.code)
	if len(d.Shown) != storage.DashboardPeriods || d.Shown[7].Code != c.code || d.Shown[0].Period != "2025q1" || len(d.Choices) != 11 {
		t.Errorf("shown %+v of %d", d.Shown, len(d.Choices))
	}
	if before := c.dashboard(everything, "bc-1"); len(before.Shown) != 2 || before.Chosen.Period != "2024q4" {
		t.Errorf("before bc-1: %+v", before.Shown)
	}
	if month := c.dashboard(everything, "bc-month"); len(month.Shown) != 1 {
		t.Errorf("months stand with %+v", month.Shown)
	}
	if newest := c.dashboard(everything, ""); newest.Chosen.Code != "bc-month" {
		t.Errorf("without a choice %s", newest.Chosen.Code)
	}
}

func TestDashboardNamesTheLateUnits(t *testing.T) {
	c := newCity(t, 5)
	c.launchAgain("bc-q3", "2026q3")
	c.exec(`update documents set first_signed_at = unit_due_at where unit_code = $1`, c.units[0])
	c.exec(`update documents set due_at = clock_timestamp() where unit_code = $1 and campaign = $2`, c.units[1], c.code)
	d := c.dashboard(everything, c.code)
	if len(d.Worst) != 2 || d.Worst[0].Unit != c.units[0] || d.Worst[0].Late != 2 || d.Worst[0].Asked != 2 || d.Worst[1].Missing != 1 {
		t.Errorf("late most often: %+v", d.Worst)
	}
	rows, err := c.db.Store.UnitDocuments(context.Background(), c.units[0], 1)
	if err != nil || len(rows) != 2 || rows[0].Class != document.Late || rows[0].Total != 2 {
		t.Errorf("the unit's record: %+v, %v", rows, err)
	}
}

func TestDashboardKeepsToTheScope(t *testing.T) {
	c := newCity(t, 5)
	own := staff.Scope{Units: []string{c.units[1]}}
	d := c.dashboard(own, "")
	if all := d.All[c.code]; all.Counted() != 1 || d.Desks[document.Drafting].Open != 1 {
		t.Errorf("a unit's people see %+v", all)
	}
	for _, scope := range []staff.Scope{{}, {Units: []string{"nobody"}}} {
		if _, err := c.db.Store.Dashboard(context.Background(), scope, ""); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("outside the scope: %v", err)
		}
	}
	if _, err := c.db.Store.Dashboard(context.Background(), everything, "bc-none"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a campaign that is not there: %v", err)
	}
}

// Random histories of real moves: after each, the funnel sums to the roster, the
// classes to those who must report, and SQL and Go class alike.
func TestFunnelSumsThroughRealMoves(t *testing.T) {
	d := newDesk(t)
	c := &city{desk: d, code: "bc-2026q4"}
	random := rand.New(rand.NewSource(9))
	moves := []struct {
		role   staff.Role
		action document.Action
	}{
		{staff.Specialist, document.Submit}, {staff.Specialist, document.Submit}, {staff.Specialist, document.Recall},
		{staff.DivisionHead, document.Approve}, {staff.DivisionHead, document.Approve}, {staff.DivisionHead, document.Return},
		{staff.Director, document.Sign}, {staff.Director, document.Return},
		{staff.Officer, document.Return}, {staff.Officer, document.Confirm},
	}
	statuses := map[document.Status]bool{}
	for range 60 {
		move := moves[random.Intn(len(moves))]
		if _, err := d.take(move.role, move.action); err != nil {
			var broken rule.Errors
			if !errors.As(err, &broken) {
				t.Fatal(err)
			}
		}
		b, shown := c.board(everything, storage.BoardFilter{}), c.dashboard(everything, c.code)
		if b.Counts.Sum() != 2 || b.Matching != 2 || shown.All[c.code].Counted() != 2 {
			t.Fatalf("after %s the funnel sums to %d, the classes to %d", move.action, b.Counts.Sum(), shown.All[c.code].Counted())
		}
		for _, row := range b.Rows {
			statuses[row.Status] = true
			class := document.PunctualityOf(row.Stage, row.UnitDueAt, row.FirstSignedAt, row.Returns)
			if class != document.Missing && shown.All[c.code].Classes[class] != 1 {
				t.Errorf("after %s %s is %s, SQL says %+v", move.action, row.Document, class, shown.All[c.code])
			}
			if last := row.Arrivals[len(row.Arrivals)-1]; last.Stage != row.Stage || !last.At.Equal(row.DeskSince) {
				t.Errorf("after %s the way of %s ends %+v, the desk has had it since %s", move.action, row.Document, last, row.DeskSince)
			}
		}
	}
	if len(statuses) < 5 {
		t.Errorf("the walk saw only %v", statuses)
	}
}

func TestOverdueCause(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	note := func(key uuid.UUID, text string) error {
		return d.db.Store.AddOverdueCause(ctx, storage.NewCause{
			Key: key, Document: d.id, Text: text, Actor: d.people[staff.Specialist],
			Position: staff.Position{Unit: "STC", Role: staff.Specialist},
		}, storage.Audit{Person: d.people[staff.Specialist].Person})
	}
	refused := func(code rule.Code, err error) {
		t.Helper()
		var broken rule.Errors
		if !errors.As(err, &broken) || !broken.Has(code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	refused(storage.CauseNotOverdue, note(uuid.New(), "Chưa đến hạn"))
	d.exec(`update documents set due_at = clock_timestamp() - interval '1 hour'`)
	refused(storage.CauseMissing, note(uuid.New(), " \n\t "))
	refused(storage.CauseTooLong, note(uuid.New(), strings.Repeat("ữ", storage.CauseMax+1)))
	key := uuid.New()
	for _, text := range []string{"Chờ số liệu\ncủa Kho bạc", "Chờ số liệu"} { // the second is a double click
		if err := note(key, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := note(uuid.New(), "Đã có số liệu, đang rà soát"); err != nil {
		t.Fatal(err)
	}
	notes, err := d.db.Store.OverdueCauses(ctx, d.id)
	if err != nil || len(notes) != 2 || notes[1].Text != "Chờ số liệu của Kho bạc" || notes[0].Unit != "Sở Tài chính" {
		t.Errorf("the notes are %+v, %v", notes, err)
	}
	if n := d.count(`select count(*) from audit where action = 'cause_noted' and object = $1`, d.id); n != 2 {
		t.Errorf("%d lines of the audit", n)
	}
	c := &city{desk: d, code: "bc-2026q4"}
	explained := c.all(storage.BoardFilter{Flag: storage.BoardExplained})
	if len(explained) != 1 || explained[0].Cause == nil || explained[0].Cause.Text != "Đã có số liệu, đang rà soát" {
		t.Errorf("explained: %+v", explained)
	}
	if left := c.all(storage.BoardFilter{Flag: storage.BoardUnexplained}); len(left) != 1 || left[0].Unit != "SYT" {
		t.Errorf("unexplained: %+v", left)
	}
	if _, err := d.db.Owner.Exec(`set role cchc_app; update overdue_causes set text = 'x'`); err == nil {
		t.Error("the program may rewrite a note")
	}
	if time.Since(notes[0].At) > time.Minute {
		t.Errorf("noted at %s", notes[0].At)
	}
}
