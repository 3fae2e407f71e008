package storage_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// Whatever becomes of documents, by the program's moves or by hand, and whenever
// tallies are settled in between: what boards, the dashboard, the list of campaigns
// and the inbox say is what plain counting says, for whole and for narrow readers.
func TestTalliesAreThePlainCounts(t *testing.T) {
	d := newDesk(t)
	c := &city{desk: d, code: "bc-2026q4", units: []string{"STC", "SYT"}}
	second := &city{desk: d, code: "bc-2027q1", units: []string{"SYT", "SXD", "SCT", "26740", "26743"}}
	second.launchAgain(second.code, "2027q1")
	random := rand.New(rand.NewSource(30))
	spare := d.spareUnits(c.units, second.units)
	steps := map[string]func(){
		"a move": func() {
			moves := []struct {
				role   staff.Role
				action document.Action
			}{
				{staff.Specialist, document.Submit}, {staff.DivisionHead, document.Approve}, {staff.Director, document.Sign},
				{staff.Officer, document.Confirm}, {staff.Officer, document.Return},
			}
			for range 5 {
				move := moves[random.Intn(len(moves))]
				_, _ = d.take(move.role, move.action) // most are refused
			}
		},
		"everything scattered": func() { second.scatter(random) },
		"the roster grows": func() {
			unit := spare[0]
			spare = spare[1:]
			if _, err := d.db.Store.AddCampaignUnit(context.Background(), second.code, unit, d.people[staff.Officer].Person); err != nil {
				t.Fatal(err)
			}
			second.units = append(second.units, unit)
		},
		"exempted": func() {
			d.exec(`update documents set stage = 'exempt', closed_at = clock_timestamp() where id = $1`, second.code+"-"+second.units[random.Intn(len(second.units))])
		},
		"reopened": func() {
			d.exec(`update documents set stage = 'drafting', closed_at = null where closed and unit_code = any(
				select unit_code from documents order by md5(id || $1::text) limit 3)`, random.Int())
		},
		"the group of a unit changes": func() {
			groups := []string{"department", "ward", "commune", "special_zone"}
			d.exec(`update units set unit_group = $1 where code = $2`, groups[random.Intn(4)], second.units[random.Intn(len(second.units))])
		},
		"decided": func() {
			person := d.people[[]staff.Role{staff.Officer, staff.Specialist}[random.Intn(2)]].Person
			d.exec(`insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at, outcome, answered_at)
				select gen_random_uuid(), id, 'extend', $1, 'officer', 'SNV', 0, '', clock_timestamp(), 'applied', clock_timestamp()
				from documents order by md5(id || $2::text) limit 3`, person, random.Int())
		},
		"settled": func() {
			if _, err := d.db.Store.SettleTallies(context.Background()); err != nil {
				t.Fatal(err)
			}
		},
	}
	for range 8 {
		order := slices.Sorted(maps.Keys(steps))
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, what := range order {
			steps[what]()
			c.countsPlainly(what)
			second.countsPlainly(what)
			if t.Failed() {
				return
			}
		}
	}
	if n := d.count(`select count(*) from document_tallies where n < 0 and settled`); n > 0 {
		t.Errorf("%d sums below nothing", n)
	}
}

// spareUnits are units of the city without a document.
func (d *desk) spareUnits(taken ...[]string) []string {
	d.t.Helper()
	units, err := d.db.Store.Units(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	used := map[string]bool{}
	for _, codes := range taken {
		for _, code := range codes {
			used[code] = true
		}
	}
	var spare []string
	for _, unit := range units {
		if !used[unit.Code] && unit.Code != "SNV" {
			spare = append(spare, unit.Code)
		}
	}
	return spare
}

// countsPlainly holds every count of the campaign against counting its documents.
func (c *city) countsPlainly(when string) {
	c.t.Helper()
	ctx := context.Background()
	for name, scope := range map[string]staff.Scope{
		"whole": everything, "all units": {Units: c.units}, "one unit, twice": {Units: []string{c.units[0], c.units[0]}},
	} {
		units := c.units
		if !scope.All {
			units = scope.Units
		}
		statuses, groups, classes := c.plainly("status", units), c.plainly("unit_group", units), c.plainly("punctuality", units)
		b, shown := c.board(scope, storage.BoardFilter{All: true}), c.dashboard(scope, c.code)
		if got := texts(b.Counts); !maps.Equal(got, statuses) || !maps.Equal(b.Groups, groups) || b.Matching != b.Counts.Sum() || len(b.Rows) != b.Matching {
			c.t.Errorf("%s, %s: the board counts %v and %v, %d rows match, want %v and %v", when, name, got, b.Groups, b.Matching, statuses, groups)
		}
		all := shown.All[c.code]
		if got := texts(all.Classes); !maps.Equal(got, classes) {
			c.t.Errorf("%s, %s: the dashboard counts %v, want %v", when, name, got, classes)
		}
		if got, want := []int{b.Overdue, b.Extended, all.Overdue, all.Returned, all.Approved}, c.remarks(b.Rows, b.Now); fmt.Sprint(got) != fmt.Sprint(want) {
			c.t.Errorf("%s, %s: overdue, extended, overdue, returned, approved %v, want %v", when, name, got, want)
		}
		for _, f := range []storage.BoardFilter{
			{Flag: storage.BoardOverdue}, {Flag: storage.BoardSentBack, Group: "ward"}, {Class: storage.Punctual}, {Status: document.IsApproved, Flag: storage.BoardExtended},
		} {
			f.All = true
			if narrowed := c.board(scope, f); narrowed.Matching != len(narrowed.Rows) {
				c.t.Errorf("%s, %s: %d rows match %+v, %d are listed", when, name, narrowed.Matching, f, len(narrowed.Rows))
			}
		}
		lines, err := c.db.Store.Campaigns(ctx, scope, storage.CampaignFilter{})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, line := range lines {
			if line.Code == c.code && (!maps.Equal(texts(line.Counts), statuses) || line.Overdue != b.Overdue) {
				c.t.Errorf("%s, %s: the list counts %v, %d overdue, want %v, %d", when, name, line.Counts, line.Overdue, statuses, b.Overdue)
			}
		}
	}
	for _, role := range []staff.Role{staff.Officer, staff.Specialist} {
		actor := c.people[role]
		for filter, where := range map[storage.InboxFilter]string{
			{}:                            ``,
			{Status: document.IsApproved}: ` and h.status = 'approved'`,
			{Group: "ward"}:               ` and u.unit_group = 'ward'`,
			{Query: "y te"}:               ` and u.code = 'SYT'`,
			{Campaign: c.code}:            ` and h.campaign = '` + c.code + `'`,
		} {
			filter.Tab = storage.InboxDone
			in, err := c.db.Store.Inbox(ctx, actor, filter)
			if err != nil {
				c.t.Fatal(err)
			}
			scope := ""
			if !actor.Reads().All {
				scope = ` and h.unit_code = 'STC'`
			}
			want := c.count(`select count(*) from handled h join units u on u.code = h.unit_code where h.person_id = $1`+scope+where, actor.Person)
			if in.Total != want || len(in.Rows) != min(want, storage.InboxPage) {
				c.t.Errorf("%s: %s has handled %d (%d rows) by %+v, want %d", when, role, in.Total, len(in.Rows), filter, want)
			}
		}
	}
}

// remarks are overdue, extended, overdue, returned and approved by the rows.
func (c *city) remarks(rows []storage.BoardRow, now time.Time) []int {
	sums := make([]int, 5)
	for _, row := range rows {
		for i, is := range []bool{
			row.Overdue(now), row.ExtendedAt != nil, row.Overdue(now), row.Returns > 0, row.Status == document.IsApproved || row.Status == document.IsHandedIn,
		} {
			if is {
				sums[i]++
			}
		}
	}
	return sums
}

// plainly counts the campaign's documents by a column.
func (c *city) plainly(column string, units []string) map[string]int {
	c.t.Helper()
	rows, err := c.db.Owner.Query(`select d.`+column+`, count(*) from documents d where d.campaign = $1 and d.unit_code = any(string_to_array($2, ','))
		group by 1`, c.code, joined(units))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	counts := map[string]int{}
	for rows.Next() {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			c.t.Fatal(err)
		}
		counts[value] = n
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return counts
}

func joined(units []string) (text string) {
	for _, unit := range units {
		text += "," + unit
	}
	return text
}

// texts leaves out what is counted as none.
func texts[K ~string](counts map[K]int) map[string]int {
	plain := map[string]int{}
	for key, n := range counts {
		if n != 0 {
			plain[string(key)] = n
		}
	}
	return plain
}

// While documents close and open again and two workers settle, every snapshot sums
// to the roster, and nobody waits for anybody long enough to fail.
func TestTalliesHoldWhileTheyAreSettled(t *testing.T) {
	c := newCity(t, 40)
	ctx, stop := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			random := rand.New(rand.NewSource(int64(worker)))
			for ctx.Err() == nil {
				id := c.code + "-" + c.units[random.Intn(10)*4+worker]
				if _, err := c.db.Owner.Exec(`update documents set stage = case when closed then 'drafting' else 'approved' end,
					closed_at = case when closed then null else clock_timestamp() end where id = $1`, id); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 2 {
		group.Go(func() {
			for ctx.Err() == nil {
				if _, err := c.db.Store.SettleTallies(context.Background()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 100 {
		if b := c.board(everything, storage.BoardFilter{}); b.Counts.Sum() != len(c.units) || b.Counts[document.IsApproved] < 0 {
			t.Errorf("the funnel sums to %d: %v", b.Counts.Sum(), b.Counts)
			break
		}
	}
	stop()
	group.Wait()
	c.countsPlainly("at rest")
	if _, err := c.db.Store.SettleTallies(context.Background()); err != nil {
		t.Fatal(err)
	}
	c.countsPlainly("settled")
	if n := c.count(`select count(*) from document_tallies where not settled`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if again, err := c.db.Store.SettleTallies(context.Background()); err != nil || again != 0 {
		t.Errorf("settled again: %d, %v", again, err)
	}
}
