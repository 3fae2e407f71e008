package words_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/templates/words"
)

func TestEveryWordOfPlans(t *testing.T) {
	for _, status := range plan.Statuses {
		if words.TaskStatus(status) == "" {
			t.Errorf("status %s has no words", status)
		}
	}
	for _, column := range plan.Columns {
		if words.TaskColumn(column) == "" {
			t.Errorf("column %s has no words", column)
		}
	}
	for _, kind := range plan.DeadlineKinds {
		if words.DeadlineKind(kind) == "" {
			t.Errorf("deadline %s has no words", kind)
		}
	}
	for _, kind := range []plan.ChangeKind{plan.Added, plan.Removed, plan.Changed, plan.Moved} {
		if words.TaskChange(kind) == "" {
			t.Errorf("change %s has no words", kind)
		}
	}
}

func TestTaskDeadlineAndShare(t *testing.T) {
	for deadline, want := range map[plan.Deadline]string{
		{}: "", plan.OnDay(calendar.Date(2027, 6, 5)): "05/06/2027", plan.InMonth(2027, 6): "Tháng 6/2027",
		plan.InQuarter(2027, 4): "Quý IV/2027", {Kind: plan.Recurring}: "Thường xuyên", {Kind: plan.OnRequest}: "Theo yêu cầu",
	} {
		if got := words.TaskDeadline(deadline); got != want {
			t.Errorf("%s reads %q, want %q", deadline.Code(), got, want)
		}
	}
	for want, tally := range map[string]plan.Tally{
		"—": {plan.Cancelled: 1}, "66,67 %": {plan.DoneLate: 2, plan.Overdue: 1}, "50 %": {plan.DoneInTime: 1, plan.Overdue: 1},
		"0 %": {plan.NotStarted: 3}, "100 %": {plan.DoneInTime: 3}, "12,5 %": {plan.DoneInTime: 1, plan.Overdue: 7},
	} {
		if got := words.PlanShare(tally); got != want {
			t.Errorf("%v reads %q, want %q", tally, got, want)
		}
	}
}

func TestProblemsOfTasksNameTheirRow(t *testing.T) {
	for want, e := range map[string]rule.Error{
		"Nhiệm vụ 3, chủ trì: Chưa ghi đơn vị hoặc người chủ trì.":    {Code: plan.LeadMissing, Field: plan.TaskField("a", plan.ColumnLead), Args: []any{3}},
		"Nhiệm vụ 12, bắt đầu: Ngày bắt đầu sau thời hạn 30/06/2027.": {Code: plan.StartAfterEnd, Field: plan.TaskField("a", plan.ColumnStart), Args: []any{float64(12), "2027-06-30"}},
		"Kế hoạch chưa có nhiệm vụ nào.":                              {Code: plan.Empty, Field: plan.TableField},
	} {
		if got := words.Problem(e); got != want {
			t.Errorf("reads %q, want %q", got, want)
		}
	}
}
