package storage_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	rules "cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// livingPlan is a confirmed plan with three tasks: a and b until the end of June
// 2027, c recurring.
func livingPlan(t *testing.T) *desk {
	t.Helper()
	d := planDesk(t)
	recurring := row("c")
	recurring.Deadline = rules.Deadline{Kind: rules.Recurring}
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: row("a")}, storage.TaskChange{Task: row("b")}, storage.TaskChange{Task: recurring})
	d.approved()
	return d
}

func (d *desk) entry(who staff.Role, task string, e rules.Entry) storage.NewTaskEntry {
	return storage.NewTaskEntry{Key: uuid.New(), Document: d.id, Task: task, Actor: d.people[who], Entry: e}
}

func (d *desk) tracking() storage.PlanTracking {
	d.t.Helper()
	ctx := context.Background()
	v, err := d.db.Store.DocumentView(ctx, staff.Scope{All: true}, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	p, err := d.db.Store.PlanTracking(ctx, v)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d *desk) track(passed time.Time) storage.PlanState {
	d.t.Helper()
	state, err := d.db.Store.TrackPlan(context.Background(), d.id, passed, "run")
	if err != nil {
		d.t.Fatal(err)
	}
	return state
}

func resultOf(number string, on calendar.Day) rules.Entry {
	return rules.Entry{Kind: rules.Result, Number: number, IssuedOn: &on, Title: "Báo cáo kết quả rà soát", Note: "Bản gốc lưu tại Văn phòng"}
}

func TestAConfirmedPlanLives(t *testing.T) {
	d := livingPlan(t)
	ctx, today := context.Background(), calendar.DayOf(time.Now())
	p := d.tracking()
	if len(p.Tasks) != 3 || p.Revision != 1 || p.Tally[rules.NotStarted] != 3 || p.Tasks[0].LastDay.String() != "2027-06-30" || p.Tasks[2].LastDay != nil {
		t.Fatalf("%+v", p)
	}
	// The relay starts its workflow at once.
	if ids, err := d.db.Store.ClaimPlans(ctx, 10); err != nil || !slices.Equal(ids, []string{d.id}) {
		t.Errorf("claimed %v, %v", ids, err)
	}
	if ids, _ := d.db.Store.ClaimPlans(ctx, 10); len(ids) != 0 {
		t.Error("claimed again at once")
	}
	d.track(time.Time{})

	forty := 40
	progress := d.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Progress, Note: "Đã gửi phiếu rà soát", Percent: &forty})
	for range 2 { // a double click
		if err := d.db.Store.AddTaskEntry(ctx, progress); err != nil {
			t.Fatal(err)
		}
	}
	if p = d.tracking(); p.Tasks[0].Status != rules.InProgress || *p.Tasks[0].Percent != 40 || p.Tasks[0].Newest.Note != "Đã gửi phiếu rà soát" || d.count(`select count(*) from task_entries`) != 1 {
		t.Errorf("%+v", p.Tasks[0])
	}
	// A result completes the task by its own date, and the workflow is told to look.
	result := d.entry(staff.DivisionHead, "a", resultOf("12/BC-STC", today))
	result.FileName, result.File = "ket-qua.pdf", strings.NewReader("%PDF-1.4 kết quả")
	if err := d.db.Store.AddTaskEntry(ctx, result); err != nil {
		t.Fatal(err)
	}
	if p = d.tracking(); p.Tasks[0].Status != rules.DoneInTime || p.Tasks[0].Result.Number != "12/BC-STC" || p.Tasks[0].Result.FileName != "ket-qua.pdf" {
		t.Errorf("%+v", p.Tasks[0])
	}
	if n := d.count(`select count(*) from plan_trackings where wake_at < clock_timestamp() - interval '59 seconds' and relay_at is null`); n != 1 {
		t.Error("the workflow is not told to look")
	}
	if file, err := d.db.Store.ResultFile(ctx, d.id, p.Tasks[0].Result.FileHash); err != nil || file.Name != "ket-qua.pdf" || file.Size == 0 {
		t.Errorf("%+v, %v", file, err)
	}
	if state := d.track(time.Time{}); state.Tasks != 3 || state.Done != 1 || state.Late != 0 || state.Ended {
		t.Errorf("%+v", state)
	}
	// A second result is refused until the first is withdrawn; both stay in the history.
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", resultOf("13/BC-STC", today))); !hasRule(err, rules.TaskHasResult) {
		t.Errorf("a second result: %v", err)
	}
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Withdrawal, Note: "Nhầm số"})); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Withdrawal, Note: "Nhầm số"})); !hasRule(err, rules.TaskHasNoResult) {
		t.Errorf("withdrawn twice: %v", err)
	}
	entries, err := d.db.Store.TaskEntries(ctx, d.id, "a")
	if err != nil || len(entries) != 3 || !entries[1].Withdrawn || entries[0].Kind != rules.Withdrawal || d.tracking().Tasks[0].Status != rules.InProgress {
		t.Errorf("%+v, %v", entries, err)
	}
}

func hasRule(err error, code rule.Code) bool {
	var broken rule.Errors
	return errors.As(err, &broken) && broken.Has(code)
}

func TestEntriesAreRefused(t *testing.T) {
	d := livingPlan(t)
	ctx, today := context.Background(), calendar.DayOf(time.Now())
	note := rules.Entry{Kind: rules.Progress, Note: "x"}
	key := uuid.New()
	if err := d.db.Store.AddTaskEntry(ctx, storage.NewTaskEntry{Key: key, Document: d.id, Task: "a", Actor: d.people[staff.Specialist], Entry: note}); err != nil {
		t.Fatal(err)
	}
	stolen := d.entry(staff.DivisionHead, "a", note)
	stolen.Key = key
	wrongFile := d.entry(staff.Specialist, "a", resultOf("1", today))
	wrongFile.FileName, wrongFile.File = "x.exe", strings.NewReader("MZ\x00\x01")
	for name, c := range map[string]struct {
		entry storage.NewTaskEntry
		code  rule.Code
	}{
		"another's key":          {stolen, storage.KeyReused},
		"the director":           {d.entry(staff.Director, "a", note), document.NotYourRole},
		"the authority":          {d.entry(staff.Officer, "a", note), document.NotYourRole},
		"nothing said":           {d.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Progress, Note: " "}), rules.EntryNoteMissing},
		"a document of tomorrow": {d.entry(staff.Specialist, "a", resultOf("1", today+1)), rules.EntryDateAhead},
		"a file of a wrong type": {wrongFile, storage.FileWrongType},
	} {
		if err := d.db.Store.AddTaskEntry(ctx, c.entry); !hasRule(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "zz", note)); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a task that is none: %v", err)
	}
	if n := d.count(`select count(*) from task_entries`); n != 1 {
		t.Errorf("%d entries", n)
	}
	report := newDesk(t)
	if err := report.db.Store.AddTaskEntry(ctx, report.entry(staff.Specialist, "a", note)); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a report: %v", err)
	}
}

// Tasks that fall together are told of once a person; who does two jobs hears once;
// a task completed meanwhile is left out; the same instant again tells nobody again.
func TestRemindersFallTogether(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'STC', 'division_head')`, d.people[staff.Specialist].Person)
	state := d.track(time.Time{})
	if calendar.DayOf(state.Next).String() != "2027-06-16" || state.Next.UTC().Hour() != 1 || state.Deadline.IsZero() { // 08:00 in Việt Nam
		t.Fatalf("%+v", state)
	}
	if again := d.track(state.Next); !again.Reminds || !again.Next.After(state.Next) {
		t.Fatalf("%+v", again)
	} else if twice := d.track(state.Next); twice != again {
		t.Errorf("answers %+v, then %+v", again, twice)
	}
	for range 2 {
		if n, err := d.db.Store.RemindPlan(ctx, d.id, state.Next); err != nil || n != 2 {
			t.Errorf("%d tasks told of, %v", n, err)
		}
	}
	if n := d.count(`select count(*) from notices where kind = 'plan_coming' and jsonb_array_length(args -> 'tasks') = 2`); n != 1 {
		t.Errorf("%d notices ten days before: the specialist alone hears, once", n)
	}
	later := d.track(state.Next)
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", resultOf("1", calendar.DayOf(time.Now())))); err != nil {
		t.Fatal(err)
	}
	if n, err := d.db.Store.RemindPlan(ctx, d.id, later.Next); err != nil || n != 1 {
		t.Errorf("%d tasks told of, %v", n, err)
	}
	if n := d.count(`select count(*) from notices where kind = 'plan_coming' and args -> 'tasks' = '["b"]'`); n != 2 {
		t.Errorf("%d people told three days before: the specialist, who is head too, and the head", n)
	}
	// Everything done: the year's end is all that is waited for, and it ends the plan.
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "b", resultOf("2", calendar.DayOf(time.Now())))); err != nil {
		t.Fatal(err)
	}
	end := d.track(later.Next)
	if calendar.DayOf(end.Next.Add(-time.Second)).String() != "2027-12-31" || end.Ended {
		t.Fatalf("%+v", end)
	}
	if over := d.track(end.Next); !over.Ended || !over.Next.IsZero() || d.count(`select count(*) from plan_trackings where ended_at is not null and wake_at is null`) != 1 {
		t.Errorf("%+v", over)
	}
}

// A plan corrected and confirmed again keeps what was written; a task that is gone
// is cancelled, not lost.
func TestACorrectedPlanLivesOn(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Progress, Note: "x"})); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Store.AddDecision(ctx, d.reopening(in(9))); err != nil {
		t.Fatal(err)
	}
	d.record()
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: row("b"), Base: 1, Removed: true}, storage.TaskChange{Task: row("e")})
	if p := d.tracking(); len(p.Tasks) != 3 || p.Revision != 1 { // until it is approved
		t.Errorf("%+v", p)
	}
	d.approved()
	p := d.tracking()
	if len(p.Tasks) != 4 || p.Revision != 2 || p.Tally[rules.Cancelled] != 1 || p.Tally[rules.InProgress] != 1 || p.Tasks[3].Key != "b" {
		t.Errorf("%+v", p)
	}
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "b", rules.Entry{Kind: rules.Progress, Note: "x"})); !hasRule(err, rules.TaskCancelled) {
		t.Errorf("progress of a cancelled task: %v", err)
	}
}
