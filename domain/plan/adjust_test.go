package plan_test

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/migrations/seedtest"
)

// Each row changes one thing of a whole adjustment: task b moves from the second to
// the third quarter of 2027, ordered on 2027-05-10.
func TestAdjustmentsNameEveryBrokenRule(t *testing.T) {
	days := seedtest.Calendar(t)
	on := func(iso string) *calendar.Day { d := day(t, iso); return &d }
	living := plan.Living{
		Tasks: []plan.Task{complete("a"), complete("b"), complete("c")}, Done: map[string]bool{"c": true},
		Year: year, Today: day(t, "2027-05-12"), Calendar: days,
	}
	moved := func(key, code string) plan.Adjusted {
		task := complete(key)
		task.Deadline = deadline(t, code)
		return plan.Adjusted{Kind: plan.Changed, Task: task, Reason: "Chờ nghị định"}
	}
	cancelled := func(key, reason string) plan.Adjusted {
		return plan.Adjusted{Kind: plan.Removed, Task: complete(key), Reason: reason}
	}
	for _, row := range []struct {
		change func(*plan.Adjustment)
		want   string
		source string
	}{
		{func(*plan.Adjustment) {}, "", "nothing is wrong"},
		{func(a *plan.Adjustment) { a.Order = plan.Order{} }, "entry_number_missing entry_date_missing order_issuer_missing entry_title_missing order_file_missing", "a plan changes by a document: number, date, issuer, title, file, all told at once"},
		{func(a *plan.Adjustment) { a.Order.IssuedOn = on("2027-05-12") }, "", "issued today"},
		{func(a *plan.Adjustment) { a.Order.IssuedOn = on("2027-05-13") }, "entry_date_ahead", "tomorrow's document does not exist"},
		{func(a *plan.Adjustment) { a.Order.Issuer = strings.Repeat("ố", plan.MaxOrderIssuer+1) }, "entry_too_long", "an issuer"},
		{func(a *plan.Adjustment) { a.Tasks = nil }, "adjustment_empty", "an adjustment changes something"},
		{func(a *plan.Adjustment) { a.Tasks[0].Reason = " " }, "adjust_reason_missing", "a deadline moves for a reason"},
		{func(a *plan.Adjustment) { a.Tasks[0].Reason = strings.Repeat("ố", plan.MaxText+1) }, "adjust_reason_too_long", "a reason"},
		{func(a *plan.Adjustment) { a.Tasks[0].Task = complete("b") }, "adjusted_task_same", "nothing is changed"},
		{func(a *plan.Adjustment) { a.Tasks[0].Task = complete("z") }, "adjusted_task_gone", "a task that is not there"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("c", "2027q3") }, "adjusted_task_done", "what is done is not made late or early afterwards"},
		{func(a *plan.Adjustment) { a.Tasks[0] = cancelled("c", "Trùng") }, "adjusted_task_done", "nor taken out"},
		{func(a *plan.Adjustment) { a.Tasks[0] = cancelled("b", "") }, "adjust_reason_missing", "cancelled with a reason"},
		{func(a *plan.Adjustment) { a.Tasks[0] = cancelled("b", "Trùng nhiệm vụ khác") }, "", "cancelled"},
		{func(a *plan.Adjustment) {
			a.Tasks[0].Task.Deadline, a.Tasks[0].Task.Name, a.Tasks[0].Reason = plan.InQuarter(2027, 2), "Rà soát văn bản", ""
		}, "", "words change without a reason"},
		{func(a *plan.Adjustment) { a.Tasks[0].Task.Name = "" }, "task_name_missing", "the rules of a plan's table (art. 9)"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "2028-01-15") }, "task_deadline_outside", "a yearly plan (art. 9)"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "2027-05-10") }, "", "until the day of the order"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "2027-05-07") }, "adjusted_deadline_past", "an order of Monday 2027-05-10 gives no time until the Friday before"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "2027-05-08") }, "", "Saturday: shifted to Monday 2027-05-10 (Civil Code art. 148.5)"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "2027m04") }, "adjusted_deadline_past", "30 April and 1 May 2027 are days off: the end is Tuesday 2027-05-04"},
		{func(a *plan.Adjustment) { a.Order.IssuedOn = on("2027-05-04"); a.Tasks[0] = moved("b", "2027m04") }, "", "ordered on that Tuesday"},
		{func(a *plan.Adjustment) { a.Tasks[0] = moved("b", "recurring") }, "", "no day is named"},
		{func(a *plan.Adjustment) {
			a.Tasks = append(a.Tasks, plan.Adjusted{Kind: plan.Added, Task: complete("d")})
		}, "", "a new task needs no reason"},
		{func(a *plan.Adjustment) {
			a.Tasks = append(a.Tasks, plan.Adjusted{Kind: plan.Added, Task: complete("a")})
		}, "task_key", "a key is never given twice"},
		{func(a *plan.Adjustment) {
			late := complete("d")
			late.Deadline = plan.OnDay(day(t, "2027-03-31"))
			a.Tasks = append(a.Tasks, plan.Adjusted{Kind: plan.Added, Task: late})
		}, "adjusted_deadline_past", "a new task that was due before it was ordered"},
		{func(a *plan.Adjustment) {
			same := complete("d")
			same.Name = complete("a").Name
			a.Tasks = append(a.Tasks, plan.Adjusted{Kind: plan.Added, Task: same})
		}, "task_duplicate", "the same work twice"},
		{func(a *plan.Adjustment) { a.Tasks = []plan.Adjusted{cancelled("a", "x"), cancelled("b", "x")} }, "", "what remains was approved"},
	} {
		a := plan.Adjustment{
			Order: plan.Order{Number: "12/QĐ-STC", IssuedOn: on("2027-05-10"), Issuer: "Sở Tài chính", Title: "Điều chỉnh kế hoạch", HasFile: true},
			Tasks: []plan.Adjusted{moved("b", "2027q3")},
		}
		row.change(&a)
		if got := codesOf(table.CheckAdjustment(living, a)); got != row.want {
			t.Errorf("%s: %q, want %q", row.source, got, row.want)
		}
	}
}

// What an adjustment leaves alone is not held against it, even where the rules have
// changed since the plan was approved.
func TestAdjustmentsAreNotHeldToWhatTheyLeaveAlone(t *testing.T) {
	bare := plan.Task{Key: "a", Field: "TC", Name: "Cũ"}
	living := plan.Living{Tasks: []plan.Task{bare, complete("b")}, Year: year, Today: day(t, "2027-05-12"), Calendar: seedtest.Calendar(t)}
	today := living.Today
	a := plan.Adjustment{
		Order: plan.Order{Number: "1", IssuedOn: &today, Issuer: "x", Title: "x", HasFile: true},
		Tasks: []plan.Adjusted{{Kind: plan.Removed, Task: complete("b"), Reason: "x"}},
	}
	if broken := table.CheckAdjustment(living, a); broken != nil {
		t.Errorf("%v", broken)
	}
}

func TestAdjust(t *testing.T) {
	before := []plan.Task{complete("a"), complete("b"), complete("c")}
	first := complete("d")
	first.Field = "CD"
	changed := complete("b")
	changed.Name = "Khác"
	after := table.Adjust(before, []plan.Adjusted{
		{Kind: plan.Changed, Task: changed}, {Kind: plan.Removed, Task: complete("c")}, {Kind: plan.Added, Task: first},
		{Kind: plan.Removed, Task: complete("z")}, {Kind: plan.Changed, Task: complete("z")}, {Kind: plan.Added, Task: complete("a")},
	})
	var keys []string
	for _, task := range after {
		keys = append(keys, task.Key)
	}
	if !slices.Equal(keys, []string{"d", "a", "b"}) || after[2].Name != "Khác" || before[1].Name == "Khác" {
		t.Errorf("%v %+v", keys, after)
	}
}
