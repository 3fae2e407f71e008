package storage_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	rules "cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
)

var whole = staff.Scope{All: true}

// boardTasks are the tasks of a plan for one board: each with its lead and deadline.
func boardTasks() []storage.TaskChange {
	task := func(key, field string, lead rules.Party, code string) storage.TaskChange {
		t := row(key)
		t.Field, t.Lead = field, lead
		t.Deadline, _ = rules.ParseDeadline(code)
		return storage.TaskChange{Task: t}
	}
	own, other := rules.Party{Name: "Phòng Hành chính"}, rules.Party{Unit: "SYT", Name: "Sở Y tế"}
	return []storage.TaskChange{
		task("a", "the-che", own, "2027q2"), task("b", "the-che", own, "2027m01"), task("c", "thu-tuc", other, "2027-01-29"),
		task("d", "thu-tuc", other, "recurring"), task("e", "the-che", own, "2027m12"), task("f", "thu-tuc", other, "on_request"),
	}
}

// counted holds the board's numbers against the domain's own rule, task by task.
func (d *desk) counted(b storage.PlanBoard, f storage.PlanBoardFilter) {
	d.t.Helper()
	v, err := d.db.Store.DocumentView(context.Background(), whole, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	p, err := d.db.Store.PlanTracking(context.Background(), v)
	if err != nil {
		d.t.Fatal(err)
	}
	if got := b.Tally(f); !maps.Equal(got, p.Tally) {
		d.t.Errorf("the board counts %v, the plan's own page %v", got, p.Tally)
	}
}

func TestPlanBoardCountsWhatTheDomainDerives(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	d.saveTasks(d.people[staff.Specialist], boardTasks()...)
	d.approved()
	code := "kh-2027y"
	read := func(f storage.PlanBoardFilter) storage.PlanBoard {
		t.Helper()
		b, err := d.db.Store.PlanTasks(ctx, whole, code, f)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	all := storage.PlanBoardFilter{}
	if b := read(all); b.Plans != 1 || len(b.Rows) != 6 || b.Tally(all)[rules.NotStarted] != 6 {
		t.Fatalf("%+v", b)
	}
	// The plan's time has passed: what is open is overdue without anybody writing it.
	d.past()
	d.counted(read(all), all)
	for _, task := range []string{"b", "d"} {
		if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, task, resultOf("1/BC", calendar.DayOf(time.Now())))); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "f", rules.Entry{Kind: rules.Progress, Note: "x"})); err != nil {
		t.Fatal(err)
	}
	d.exec(`update plan_tasks set cancelled_at = clock_timestamp() where key = 'e'`)
	b := read(all)
	d.counted(b, all)
	want := rules.Tally{rules.Overdue: 2, rules.DoneLate: 1, rules.DoneInTime: 1, rules.InProgress: 1, rules.Cancelled: 1}
	if got := b.Tally(all); !maps.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	// Settled, the sums are the same.
	if _, err := d.db.Store.SettleTallies(ctx); err != nil {
		t.Fatal(err)
	}
	d.counted(read(all), all)
	if n := d.count(`select count(*) from task_tallies where not settled`); n != 0 {
		t.Errorf("%d tallies are left", n)
	}
	d.tallied()

	for _, one := range []struct {
		filter storage.PlanBoardFilter
		keys   string
	}{
		{all, "c a f b e d"}, // open ones by their deadline, then what is closed
		{storage.PlanBoardFilter{Status: rules.Overdue}, "c a"},
		{storage.PlanBoardFilter{Status: rules.InProgress}, "f"},
		{storage.PlanBoardFilter{Status: rules.DoneLate}, "b"},
		{storage.PlanBoardFilter{Status: rules.NotStarted}, ""},
		{storage.PlanBoardFilter{Status: "x"}, ""},
		{storage.PlanBoardFilter{Field: "thu-tuc"}, "c f d"},
		{storage.PlanBoardFilter{Month: "2025-01"}, "c b"},
		{storage.PlanBoardFilter{Month: storage.NoMonth}, "f d"},
		{storage.PlanBoardFilter{Group: "department", Status: rules.Overdue}, "c a"},
		{storage.PlanBoardFilter{Group: "ward"}, ""},
		{storage.PlanBoardFilter{Lead: "SYT"}, "c f d"},
		{storage.PlanBoardFilter{Document: d.id, Lead: "Phòng Hành chính"}, "a b e"},
		{storage.PlanBoardFilter{Page: 2}, ""},
	} {
		b, keys := read(one.filter), ""
		for _, row := range b.Rows {
			keys += narrow(keys != "", " ") + row.Task.Key
		}
		if keys != one.keys {
			t.Errorf("%+v: %q, want %q", one.filter, keys, one.keys)
		}
		if n := b.Tally(one.filter).Total(); one.filter.Page == 0 && n != len(b.Rows) {
			t.Errorf("%+v: %d are counted, %d listed", one.filter, n, len(b.Rows))
		}
	}
}

func narrow(set bool, text string) string {
	if set {
		return text
	}
	return ""
}

// past has the plan's year be one that is over.
func (d *desk) past() {
	d.t.Helper()
	d.exec(`update revisions set content = replace(content::text, '2027', '2025')::jsonb where document_id = $1`, d.id)
	d.track(time.Time{})
}

// tallied holds the stored sums against what they are sums of.
func (d *desk) tallied() {
	d.t.Helper()
	if n := d.count(`select count(*) from counted_tasks full join (
		select campaign, unit_group, field, month, until, state, sum(n) as summed from task_tallies
		group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0) t using (campaign, unit_group, field, month, until, state)
		where n is distinct from summed`); n != 0 {
		d.t.Errorf("%d sums of tasks are wrong", n)
	}
	if n := d.count(`select count(*) from (select * from plan_leads except select * from counted_leads) x`) +
		d.count(`select count(*) from (select * from counted_leads except select * from plan_leads) x`); n != 0 {
		d.t.Errorf("%d leads are wrong", n)
	}
}

func TestPlanLeads(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	d.saveTasks(d.people[staff.Specialist], boardTasks()...)
	d.approved()
	d.past()
	for _, one := range []struct {
		filter storage.PlanBoardFilter
		name   string
		sort   storage.LeadSort
		want   string // code: overdue/planned
	}{
		{storage.PlanBoardFilter{}, "", "", "STC 3/3, SYT 1/3"},
		{storage.PlanBoardFilter{}, "", storage.LeadsByName, "STC 3/3, SYT 1/3"},
		{storage.PlanBoardFilter{}, "y te", storage.LeadsByShare, "SYT 1/3"},
		{storage.PlanBoardFilter{Group: "ward"}, "", "", ""},
		{storage.PlanBoardFilter{Document: d.id}, "", "", "Phòng Hành chính 3/3, Sở Y tế 1/3"},
		{storage.PlanBoardFilter{Document: d.id, Lead: "Sở Y tế"}, "", storage.LeadsByShare, "Phòng Hành chính 3/3, Sở Y tế 1/3"},
	} {
		b, err := d.db.Store.PlanLeads(ctx, whole, "kh-2027y", one.filter, one.name, one.sort)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, lead := range b.Leads {
			got += narrow(got != "", ", ") + fmt.Sprintf("%s %d/%d", lead.Code, lead.Overdue, lead.Tally().Planned())
		}
		if got != one.want || b.LeadsMatching != len(b.Leads) {
			t.Errorf("%+v %q %s: %q of %d, want %q", one.filter, one.name, one.sort, got, b.LeadsMatching, one.want)
		}
	}
	// A unit that becomes another kind takes its tasks with it, and waits for who writes
	// about them meanwhile.
	held, err := d.db.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Exec(`select from documents where id = $1 for no key update`, d.id); err != nil {
		t.Fatal(err)
	}
	beside, err := d.db.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := beside.Exec(`set local lock_timeout = '200ms'; update units set unit_group = 'ward' where code = 'SYT'`); err == nil {
		t.Error("the plan's tasks changed while somebody else held its document")
	}
	if err := errors.Join(beside.Rollback(), held.Rollback()); err != nil {
		t.Fatal(err)
	}
	d.exec(`update units set unit_group = 'ward' where code = 'SYT'`)
	d.tallied()
	if b, err := d.db.Store.PlanLeads(ctx, whole, "kh-2027y", storage.PlanBoardFilter{Group: "ward"}, "", ""); err != nil || len(b.Leads) != 1 {
		t.Errorf("%+v, %v", b.Leads, err)
	}
}

// The list of plans counts as their boards do.
func TestPlanCampaignsCountAsTheirBoardsDo(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	list := func(scope staff.Scope, want int) storage.PlanLine {
		t.Helper()
		lines, err := d.db.Store.PlanCampaigns(ctx, scope, 1)
		if err != nil || len(lines) != want {
			t.Fatalf("%+v, %v", lines, err)
		}
		if want == 0 {
			return storage.PlanLine{}
		}
		return lines[0]
	}
	own, other := staff.Scope{Units: []string{"STC"}}, staff.Scope{Units: []string{"STP"}}
	if line := list(own, 1); line.Lives() || line.Roster != 1 || line.Document != d.id {
		t.Errorf("a plan in writing: %+v", line)
	}
	d.saveTasks(d.people[staff.Specialist], boardTasks()...)
	d.approved()
	d.past()
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "b", resultOf("1/BC", calendar.DayOf(time.Now())))); err != nil {
		t.Fatal(err)
	}
	for _, scope := range []staff.Scope{whole, own} {
		board, err := d.db.Store.PlanTasks(ctx, scope, "kh-2027y", storage.PlanBoardFilter{})
		if err != nil {
			t.Fatal(err)
		}
		line := list(scope, 1)
		got, want := line.Tally(), board.Tally(storage.PlanBoardFilter{})
		maps.DeleteFunc(got, func(_ rules.Status, n int) bool { return n == 0 })
		if !maps.Equal(got, want) || line.Plans != 1 || line.Total != 1 || (line.Document == d.id) == scope.All {
			t.Errorf("%+v: %+v, the board %v", scope, line, want)
		}
	}
	list(other, 0)
}

// Whoever reads one unit counts its plan alone.
func TestPlanBoardKeepsToTheScope(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	d.saveTasks(d.people[staff.Specialist], boardTasks()...)
	d.approved()
	for unit, want := range map[string]int{"STC": 6, "SYT": 0} {
		scope := staff.Scope{Units: []string{unit}}
		b, err := d.db.Store.PlanTasks(ctx, scope, "kh-2027y", storage.PlanBoardFilter{})
		if err != nil || b.Tally(storage.PlanBoardFilter{}).Total() != want || len(b.Rows) != want {
			t.Errorf("%s counts %v and %d rows, %v", unit, b.Counts, len(b.Rows), err)
		}
		leads, err := d.db.Store.PlanLeads(ctx, scope, "kh-2027y", storage.PlanBoardFilter{}, "", "")
		if err != nil || (len(leads.Leads) > 0) != (want > 0) {
			t.Errorf("%s sees %+v, %v", unit, leads.Leads, err)
		}
	}
	b, err := d.db.Store.PlanMonths(ctx, staff.Scope{Units: []string{"SYT"}}, "kh-2027y", storage.PlanBoardFilter{Document: d.id})
	if err != nil || len(b.Counts) != 0 {
		t.Errorf("another unit's plan: %+v, %v", b, err)
	}
}

// The month of the database is that of the domain, for every way to say a deadline.
func TestMonthOfADeadline(t *testing.T) {
	d := planDesk(t)
	var changes []storage.TaskChange
	want := map[string]string{
		"2027-02-28": "2027-02", "2027m02": "2027-02", "2027m12": "2027-12", "2027q1": "2027-03", "2027q4": "2027-12",
		"recurring": "", "on_request": "",
	}
	for code := range want {
		task := row("t" + uuid.NewString()[:8])
		task.Name, task.Deadline = code, deadlineOf(t, code)
		changes = append(changes, storage.TaskChange{Task: task})
	}
	d.saveTasks(d.people[staff.Specialist], changes...)
	d.approved()
	for code, month := range want {
		if n := d.count(`select count(*) from plan_tasks where task ->> 'name' = $1 and month = $2`, code, month); n != 1 {
			t.Errorf("%s does not stand in %q", code, month)
		}
		if got := deadlineOf(t, code).Month(); got != month {
			t.Errorf("the domain has %s in %q, want %q", code, got, month)
		}
	}
}

func deadlineOf(t *testing.T, code string) rules.Deadline {
	t.Helper()
	d, err := rules.ParseDeadline(code)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
