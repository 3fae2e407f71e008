package words

import (
	"fmt"
	"math/big"
	"strings"

	"cchc/domain/period"
	"cchc/domain/plan"
)

var taskStatuses = map[plan.Status]string{
	plan.NotStarted: "Chưa thực hiện",
	plan.InProgress: "Đang thực hiện",
	plan.Overdue:    "Quá hạn",
	plan.DoneInTime: "Hoàn thành đúng hạn",
	plan.DoneLate:   "Hoàn thành muộn",
	plan.Cancelled:  "Không thực hiện",
}

// TaskStatus is how a task of a plan stands.
func TaskStatus(s plan.Status) string { return taskStatuses[s] }

var taskColumns = map[string]string{
	plan.ColumnField:        "Lĩnh vực",
	plan.ColumnTarget:       "Mục tiêu, chỉ tiêu",
	plan.ColumnName:         "Nhiệm vụ",
	plan.ColumnProduct:      "Sản phẩm dự kiến",
	plan.ColumnProductKind:  "Loại sản phẩm",
	plan.ColumnLead:         "Chủ trì",
	plan.ColumnCoordinating: "Phối hợp",
	plan.ColumnStart:        "Bắt đầu",
	plan.ColumnDeadline:     "Thời hạn",
	plan.ColumnNote:         "Ghi chú",
}

// TaskColumn is the head of a column of a plan's table.
func TaskColumn(column string) string { return taskColumns[column] }

var deadlineKinds = map[plan.DeadlineKind]string{
	plan.ByDate:    "Đến ngày",
	plan.ByMonth:   "Trong tháng",
	plan.ByQuarter: "Trong quý",
	plan.Recurring: "Thường xuyên",
	plan.OnRequest: "Theo yêu cầu",
}

// DeadlineKind is a way to tell a deadline, as a choice.
func DeadlineKind(k plan.DeadlineKind) string { return deadlineKinds[k] }

// TaskDeadline is a task's deadline in its cell, as ReadDeadline reads it again:
// "30/06/2026", "Tháng 6/2026", "Quý II/2026", "Thường xuyên", "Theo yêu cầu"; ""
// for none.
func TaskDeadline(d plan.Deadline) string {
	switch d.Kind {
	case plan.ByDate:
		return Date(d.Day)
	case plan.ByMonth, plan.ByQuarter:
		kind := period.Month
		if d.Kind == plan.ByQuarter {
			kind = period.Quarter
		}
		return fmt.Sprintf("%s/%d", PeriodShort(period.Period{Kind: kind, Year: d.Year, Number: d.Number}), d.Year)
	}
	return deadlineKinds[d.Kind]
}

// NoField is the heading of tasks that belong to no field of the form.
const NoField = "Chưa chọn lĩnh vực"

// Parties are the names of a cell, as they are typed: "Sở Tài chính; Công an Thành phố".
func Parties(parties []plan.Party) string {
	names := make([]string, len(parties))
	for i, party := range parties {
		names[i] = party.Name
	}
	return strings.Join(names, "; ")
}

var taskChanges = map[plan.ChangeKind]string{
	plan.Added:   "Thêm",
	plan.Removed: "Bỏ",
	plan.Changed: "Sửa",
	plan.Moved:   "Chuyển chỗ",
}

// TaskChange is what happened to a task between two versions of a plan.
func TaskChange(k plan.ChangeKind) string { return taskChanges[k] }

// PlanShare is the share of completed tasks: "66,67 %"; a dash when nothing is
// planned.
func PlanShare(t plan.Tally) string {
	hundredths, ok := t.Percent()
	if !ok {
		return "—"
	}
	exact := big.NewRat(int64(hundredths), 100).FloatString(2)
	return Decimal(strings.TrimSuffix(strings.TrimRight(exact, "0"), ".")) + " %"
}

// TaskCount is "1 nhiệm vụ", "24 nhiệm vụ".
func TaskCount(n int) string { return fmt.Sprintf("%s nhiệm vụ", Decimal(fmt.Sprint(n))) }
