package words

import (
	"strings"
	"time"

	"cchc/domain/outage"
)

// Words of outages that more than one room needs. Those of the notices themselves
// are in templates/bulletin.

// OutageName names an outage, or the risk of one, by when it began.
func OutageName(kind outage.Kind, began time.Time) string {
	if kind == outage.AtRisk {
		return "Nguy cơ sự cố, ghi nhận từ " + Moment(began)
	}
	return "Sự cố từ " + Moment(began)
}

// MaintenanceWhen says from when to when the software will be away.
func MaintenanceWhen(from, to time.Time) string {
	return "Phần mềm tạm ngừng để bảo trì từ " + Moment(from) + " đến " + Moment(to) + "."
}

const usableAgain = "Phần mềm đã hoạt động trở lại từ "

// UsableAgain is put behind a draft whose outage has ended meanwhile.
func UsableAgain(at time.Time) string { return usableAgain + Moment(at) + "." }

// SaysUsableAgain knows that paragraph again.
func SaysUsableAgain(paragraph string) bool { return strings.HasPrefix(paragraph, usableAgain) }

// StoppedAnew is put behind a draft that said that the outage was over, once it is not.
func StoppedAnew(now time.Time) string {
	return "Phần mềm lại ngừng hoạt động; đến " + Moment(now) + " chưa hoạt động trở lại."
}

// AnnouncementCopies are the receivers of a notice on paper (Nơi nhận).
func AnnouncementCopies() []string {
	return []string{"Các sở, ban, ngành", "UBND phường, xã, đặc khu", PaperFile}
}

// OutageSummary is the one line beside an outage's workflow.
func OutageSummary() string {
	return "Một sự cố hoặc nguy cơ: từ lúc ghi nhận đến khi thông báo xong"
}

// RecordingOutage is the summary of the activity that looks at an outage.
func RecordingOutage() string { return "Xem diễn biến và bước kế tiếp" }

var outageSteps = map[outage.Step]string{
	outage.WriteNotice:   "Soạn dự thảo thông báo, lấy ý kiến hai cơ quan",
	outage.WriteAllClear: "Soạn thông báo hoạt động trở lại",
	outage.PublishNotice: "Phát hành thông báo, gửi đến các đơn vị",
	outage.PostNotice:    "Đăng trang thông báo và nguồn tin",
}

// OutageStep is the summary of the activity of a step.
func OutageStep(step outage.Step) string { return outageSteps[step] }

// WaitingForOutage is the summary of the timer towards an outage's next instant.
func WaitingForOutage(at time.Time) string {
	return "Chờ đến " + Moment(at) + ": mốc kế tiếp của sự cố"
}

var outagePhases = map[string]string{
	"running":  "Đang diễn ra",
	"asked":    "Dự thảo thông báo đang lấy ý kiến",
	"told":     "Đã thông báo, chờ hoạt động trở lại",
	"settling": "Đã hoạt động trở lại, đang theo dõi thêm",
	"closed":   "Đã kết thúc",
}

// OutagePhase says in a few words where an outage stands.
func OutagePhase(phase string) string { return outagePhases[phase] }

// OutageDetails tells in a few words how an outage stands: the workflow's current
// details. The instants are zero where there are none.
func OutageDetails(kind, phase string, mark, due time.Time) string {
	text := "**" + OutagePhase(phase) + ".**"
	if kind == string(outage.AtRisk) {
		text = "Nguy cơ sự cố. " + text
	}
	switch {
	case !due.IsZero():
		text += " Hạn cho ý kiến: " + Moment(due) + "."
	case !mark.IsZero() && phase == "running":
		text += " Phải thông báo lúc " + Moment(mark) + " nếu còn ngừng."
	}
	return text
}
