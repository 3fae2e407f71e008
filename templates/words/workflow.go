package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// What operators read in the workflow engine's own pages: roles and units, until
// when, never a person's name and never a document's content.

// DocumentSummary is the one line beside a document's workflow.
func DocumentSummary() string { return "Vòng đời một văn bản, từ soạn đến duyệt" }

// LaunchSummary is the one line beside a launch.
func LaunchSummary() string { return "Mở đợt: khởi động văn bản của từng đơn vị" }

// PlanSummary is the one line beside the workflow of a plan that lives.
func PlanSummary() string { return "Theo dõi một kế hoạch đã duyệt cho đến hết năm" }

// TrackingPlan is the summary of the activity that looks at a plan.
func TrackingPlan() string { return "Xem nhiệm vụ còn mở và mốc kế tiếp" }

// RemindingPlan is the summary of the activity that reminds of a plan's tasks.
func RemindingPlan(at time.Time) string { return "Gửi nhắc nhiệm vụ, mốc " + Moment(at) }

// WaitingForPlan is the summary of the timer towards a plan's next instant.
func WaitingForPlan(at time.Time) string {
	return "Chờ đến " + Moment(at) + ": mốc kế tiếp của kế hoạch"
}

// PlanDetails tells in a few words how a living plan stands: the workflow's current
// details.
func PlanDetails(tasks, done, late int, deadline time.Time, ended bool) string {
	text := fmt.Sprintf("**Hoàn thành %d trên %d nhiệm vụ.**", done, tasks)
	if late > 0 {
		text += fmt.Sprintf(" **Quá hạn %d.**", late)
	}
	switch {
	case ended:
		return text + " Kết thúc theo dõi."
	case deadline.IsZero():
		return text + " Không còn thời hạn nào phía trước."
	}
	return text + " Thời hạn kế tiếp: " + Instant(deadline) + "."
}

// StartingDocuments is the summary of the launch's activity.
func StartingDocuments() string { return "Khởi động văn bản theo lô" }

// Proposing is the summary of the activity that proposes a campaign.
func Proposing() string { return "Đề xuất đợt báo cáo cần mở" }

// ProposalSummary is the one line beside a proposal's workflow.
func ProposalSummary() string {
	return "Đến kỳ: đề xuất đợt báo cáo để Sở Nội vụ mở"
}

// Proposed tells what a proposal's workflow has proposed.
func Proposed(periods []string) string {
	if len(periods) == 0 {
		return "Không có kỳ nào cần đề xuất"
	}
	return "Đã đề xuất kỳ " + strings.Join(periods, ", ")
}

// ScheduleNote says of a series' schedule what it is for and when it comes. It
// names all that decides about the schedule: another note is another schedule.
func ScheduleNote(name string, kind period.Kind, leadDays int, at []time.Time) string {
	days := make([]string, len(at))
	for i, one := range at {
		days[i] = Moment(one)
	}
	return fmt.Sprintf("%s, mỗi kỳ %s: đề xuất trước %d ngày. Các lần: %s.",
		name, lower(PeriodKind(kind)), leadDays, strings.Join(days, "; "))
}

// Recording is the summary of the transaction that answers decisions.
func Recording() string { return "Ghi nhận quyết định đang chờ" }

// LookingAgain is the summary of the short timer after a decision that could not
// be applied.
func LookingAgain() string { return "Thử ghi nhận lại sau ít giây" }

// SendingRung is the summary of the activity of a rung of the ladder.
func SendingRung(code string, due time.Time) string {
	return fmt.Sprintf("Gửi thông báo %s, hạn %s", rungName(code), Instant(due))
}

// WaitingForRung is the summary of the timer towards a rung.
func WaitingForRung(code string, at time.Time) string {
	return fmt.Sprintf("Chờ đến %s: %s", Moment(at), rungName(code))
}

// rungName names the rungs of the default ladders, and those of an officer's own
// ladder by when they come (campaign.NameRungs).
func rungName(code string) string {
	if name, known := rungNames[code]; known {
		return name
	}
	when, rest, _ := strings.Cut(code, "_")
	days, _, _ := strings.Cut(rest, "_") // a second rung of the day ends in _2
	if hours, counted := strings.CutSuffix(days, "h"); counted {
		return hoursRung(when, hours)
	}
	switch when {
	case "before":
		return "nhắc trước hạn " + days + " ngày làm việc"
	case "after":
		return "báo quá hạn " + days + " ngày làm việc"
	case "daily":
		return "nhắc hằng ngày từ ngày quá hạn thứ " + days
	}
	return code
}

// hoursRung names a rung that is counted in hours.
func hoursRung(when, hours string) string {
	if when == "before" {
		return "nhắc trước hạn " + hours + " giờ"
	}
	return "báo quá hạn " + hours + " giờ"
}

var rungNames = map[string]string{
	"before_5":           "nhắc trước hạn 5 ngày làm việc",
	"before_1":           "nhắc trước hạn 1 ngày làm việc",
	"due":                "đến hạn",
	"nudge":              "nhắc quá hạn hằng ngày",
	"escalate_director":  "báo thủ trưởng đơn vị",
	"escalate_authority": "báo lãnh đạo Sở Nội vụ",
	"escalate_head":      "báo lãnh đạo Sở Nội vụ",
}

// CurrentDetails tells in a few lines where the document stands: the workflow's
// current details.
// Of an ad hoc report it says so first.
func CurrentDetails(kind document.Kind, status document.Status, role staff.Role, unit string, due time.Time, overdue bool, revision int) string {
	text := details(status, role, unit, due, overdue, revision)
	if kind == document.AdHoc {
		return "Báo cáo đột xuất. " + text
	}
	return text
}

func details(status document.Status, role staff.Role, unit string, due time.Time, overdue bool, revision int) string {
	if role == "" {
		return fmt.Sprintf("**%s.** Không còn chờ ai. Lần trình: %d.", Status(status), revision)
	}
	text := fmt.Sprintf("**%s.** Đang chờ: %s, đơn vị %s. Hạn: %s. Lần trình: %d.",
		Status(status), Role(role), unit, Instant(due), revision)
	if overdue {
		text += " **Quá hạn.**"
	}
	return text
}
