package plan_test

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/migrations/seedtest"
)

func TestEntriesNameEveryBrokenRule(t *testing.T) {
	today := day(t, "2027-03-15")
	on := func(iso string) *calendar.Day { d := day(t, iso); return &d }
	percent := func(n int) *int { return &n }
	whole := plan.Entry{Kind: plan.Result, Number: "12/BC-STC", IssuedOn: on("2027-03-15"), Title: "Báo cáo", HasFile: true}
	with := func(change func(*plan.Entry)) plan.Entry { e := whole; change(&e); return e }
	for _, row := range []struct {
		entry  plan.Entry
		facts  plan.Facts
		want   string // codes
		source string
	}{
		{whole, plan.Facts{}, "", "a result of today"},
		{with(func(e *plan.Entry) { e.HasFile, e.Note = false, "Lưu tại Văn phòng" }), plan.Facts{}, "", "the original is kept elsewhere"},
		{with(func(e *plan.Entry) { e.HasFile = false }), plan.Facts{}, "entry_no_evidence", "completed needs a result document"},
		{plan.Entry{Kind: plan.Result}, plan.Facts{}, "entry_number_missing entry_date_missing entry_title_missing entry_no_evidence", "all at once"},
		{with(func(e *plan.Entry) { e.IssuedOn = on("2027-03-16") }), plan.Facts{}, "entry_date_ahead", "tomorrow's document does not exist"},
		{with(func(e *plan.Entry) { e.Number = strings.Repeat("ố", plan.MaxEntryNumber+1) }), plan.Facts{}, "entry_too_long", "a number"},
		{whole, plan.Facts{Done: on("2027-03-01")}, "task_has_result", "one result stands"},
		{whole, plan.Facts{Cancelled: true}, "task_cancelled", "taken out of the plan"},
		{plan.Entry{Kind: plan.Progress, Note: "x", Percent: percent(100)}, plan.Facts{}, "", "100 % is progress, no completion"},
		{plan.Entry{Kind: plan.Progress, Note: "x", Percent: percent(101)}, plan.Facts{}, "entry_percent_bad", "more than all"},
		{plan.Entry{Kind: plan.Progress, Note: " ", Percent: percent(-1)}, plan.Facts{}, "entry_note_missing entry_percent_bad", "all at once"},
		{plan.Entry{Kind: plan.Progress, Note: "x"}, plan.Facts{Done: on("2027-03-01")}, "", "what follows a result may be noted"},
		{plan.Entry{Kind: plan.Withdrawal, Note: "x"}, plan.Facts{}, "task_has_no_result", "nothing to withdraw"},
		{plan.Entry{Kind: plan.Withdrawal}, plan.Facts{Done: on("2027-03-01")}, "entry_note_missing", "withdrawn with a reason"},
	} {
		if got := codesOf(row.entry.Check(row.facts, today)); got != row.want {
			t.Errorf("%s: %q, want %q", row.source, got, row.want)
		}
	}
}

func codesOf(broken rule.Errors) string {
	codes := make([]string, len(broken))
	for i, one := range broken {
		codes[i] = string(one.Code)
	}
	return strings.Join(codes, " ")
}

// The ladder is that of every plan without one of its own; the calendar has the days
// off of 2027.
func TestAgenda(t *testing.T) {
	c := seedtest.Calendar(t)
	ends := func(code string) time.Time { at, _ := deadline(t, code).LastInstant(civil, c); return at }
	agenda := plan.Agenda{
		Tasks: []plan.Tracked{
			{Key: "feb", Ends: ends("2027m02"), Open: true}, {Key: "done", Ends: ends("2027m02")},
			{Key: "june", Ends: ends("2027q2"), Open: true}, {Key: "with", Ends: ends("2027-06-30"), Open: true}, {Key: "often", Open: true},
		},
		Ladder: plan.Table{}.Reminders(plan.DefaultReminders()), Calendar: c, YearEnds: day(t, "2027-12-31").At(period.MidnightCutoff),
	}
	local := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, row := range []struct{ at, next, tasks, source string }{
		{"2027-01-02 00:00", "2027-02-15 08:00", "feb", "ten working days before Monday 1/3: Tet ends on Thursday 11/2"},
		{"2027-02-15 08:00", "2027-02-24 08:00", "feb", "three working days before"},
		{"2027-02-24 08:00", "2027-03-02 00:00", "feb", "28/2/2027 is a Sunday: Monday 24:00 (BLDS art. 148.5, 148.6)"},
		{"2027-03-02 00:00", "2027-03-02 08:00", "feb", "the day after"},
		{"2027-03-29 08:00", "2027-06-16 08:00", "june with", "two tasks fall together"},
		{"2027-07-28 08:00", "2028-01-01 00:00", "", "the end of the year"},
	} {
		at := local(row.at)
		next, ok := agenda.Next(at)
		if !ok || !next.Equal(local(row.next)) {
			t.Errorf("%s: after %s comes %s, want %s", row.source, row.at, next.In(calendar.Zone).Format("2006-01-02 15:04"), row.next)
			continue
		}
		var tasks []string
		for _, one := range agenda.At(next, next) {
			tasks = append(tasks, one.Task)
		}
		if got := strings.Join(tasks, " "); got != row.tasks {
			t.Errorf("%s: %q, want %q", row.source, got, row.tasks)
		}
	}
	// After a standstill only the latest rung of a task goes out.
	if late := agenda.At(local("2027-02-24 08:00"), local("2027-03-02 09:00")); len(late) != 0 {
		t.Errorf("overtaken reminders: %+v", late)
	}
	// An adjustment that waits is reminded of by the working days it has lain.
	agenda.Waiting = &plan.Waiting{Since: local("2027-01-28 15:00"), Ladder: plan.Table{}.WaitingReminders(plan.DefaultWaiting())}
	for _, row := range []struct{ at, next, rung, source string }{
		{"2027-01-28 15:00", "2027-02-01 08:00", "after_2", "from Thursday to Monday"},
		{"2027-02-01 08:00", "2027-02-04 08:00", "after_5", "the last day before Tet"},
		{"2027-02-04 08:00", "2027-02-15 08:00", "", "a task comes first"},
		{"2027-02-15 08:00", "2027-02-18 08:00", "after_10", "Tet 2027: work goes on on Friday 12/2"},
	} {
		next, _ := agenda.Next(local(row.at))
		rung, waits := agenda.WaitingAt(next, next)
		if !next.Equal(local(row.next)) || rung.Code != row.rung || waits != (row.rung != "") {
			t.Errorf("%s: after %s comes %s with %q", row.source, row.at, next.In(calendar.Zone).Format("2006-01-02 15:04"), rung.Code)
		}
	}
	if _, waits := agenda.WaitingAt(local("2027-02-01 08:00"), local("2027-02-04 09:00")); waits {
		t.Error("a rung that was overtaken is told")
	}
	above := plan.DefaultWaiting()[1]
	for authority, want := range map[bool]string{false: "holder director", true: "holder authority_head"} {
		if got := strings.Join(plan.Waiting{AtAuthority: authority}.Recipients(above), " "); got != want {
			t.Errorf("at the authority %v: told are %s, want %s", authority, got, want)
		}
	}
	agenda.Waiting = nil
	if _, ok := agenda.Next(agenda.YearEnds); ok {
		t.Error("something comes after the year and all rungs")
	}
	if agenda.Over(agenda.YearEnds) || agenda.Late(agenda.YearEnds) != 3 {
		t.Error("open tasks do not keep the plan alive")
	}
	for i := range agenda.Tasks[:4] {
		agenda.Tasks[i].Open = false
	}
	if !agenda.Over(agenda.YearEnds) || agenda.Over(agenda.YearEnds.Add(-time.Second)) {
		t.Error("a recurring task ends with its year, and not before")
	}
	if _, ahead := agenda.Deadline(local("2027-01-02 00:00")); ahead {
		t.Error("a completed task has a deadline ahead")
	}
}
