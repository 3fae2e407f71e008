package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/par"
)

var appraisalStages = map[appraisal.Stage]string{
	appraisal.First: "Thẩm định lần 1", appraisal.Explaining: "Chờ đơn vị giải trình",
	appraisal.Second: "Thẩm định lần 2", appraisal.Done: "Đã có kết quả thẩm định",
}

// AppraisalStage names the round that an appraisal is in.
func AppraisalStage(s appraisal.Stage) string { return named(appraisalStages, s) }

// Appraised is the status of a self-assessment whose appraisal is done.
const Appraised = "Đã thẩm định"

// AppraisalRound names a round of marks.
func AppraisalRound(round int) string {
	if round == par.SecondRound {
		return "Thẩm định lần 2"
	}
	return "Thẩm định lần 1"
}

var appraisalEvents = map[appraisal.Action]string{
	appraisal.Begin: "Bắt đầu thẩm định", appraisal.Finish: "hoàn thành thẩm định lĩnh vực", appraisal.Resume: "mở lại lĩnh vực để sửa điểm",
	appraisal.Explain: "gửi giải trình", appraisal.Accept: "đồng ý với kết quả thẩm định lần 1",
	appraisal.TakeLate: "nhận giải trình muộn", appraisal.RefuseLate: "không nhận giải trình muộn",
	appraisal.Extend: "gia hạn", appraisal.Reopen: "yêu cầu thẩm định lại",
}

// AppraisalEvent is one line of an appraisal's history; more is the field, the new end
// of the round, or how many criteria.
func AppraisalEvent(action appraisal.Action, to appraisal.Stage, late bool, more string) string {
	text := named(appraisalEvents, action)
	switch {
	case action == appraisal.Advance:
		return "Chuyển bước: " + lower(AppraisalStage(to))
	case action == appraisal.Explain && late:
		text += " sau thời hạn"
	case action == appraisal.Extend:
		text += " đến " + more
		more = ""
	}
	if more != "" {
		text += " " + more
	}
	return text
}

// EarlierYear tells what a criterion came to the year before: "Năm 2025: tự chấm 1,50;
// kết quả 1,25 điểm".
func EarlierYear(year int, self, final string) string {
	text := fmt.Sprintf("Năm %d: tự chấm %s", year, self)
	if final != "" {
		text += ", kết quả " + final
	}
	return text
}

// RoundEnds tells until when a round lasts: "đến hết thứ Hai 15/03/2027".
func RoundEnds(due time.Time) string {
	last := calendar.DayOf(due.Add(-time.Nanosecond))
	return "đến hết " + Date(last)
}

// AppraisalSummary is the one line beside an appraisal's workflow.
func AppraisalSummary() string {
	return "Thẩm định một báo cáo tự đánh giá chỉ số, từ khi nộp đến kết quả"
}

// TrackingAppraisal is the summary of the activity that looks at an appraisal.
func TrackingAppraisal() string { return "Xem vòng thẩm định và mốc kế tiếp" }

// RemindingAppraisal is the summary of the activity that reminds of one.
func RemindingAppraisal(at time.Time) string {
	return "Gửi nhắc thẩm định, mốc " + Moment(at)
}

// WaitingForAppraisal is the summary of the timer towards an appraisal's next instant.
func WaitingForAppraisal(at time.Time) string {
	return "Chờ đến " + Moment(at) + ": mốc kế tiếp của thẩm định"
}

// AppraisalDetails tells in a few words how an appraisal stands: the workflow's current
// details.
func AppraisalDetails(stage appraisal.Stage, waits int, due time.Time, overdue bool) string {
	text := "**" + AppraisalStage(stage) + ".**"
	if stage == appraisal.Done {
		return text
	}
	if waits > 0 {
		text += fmt.Sprintf(" Còn %d lĩnh vực chờ cơ quan thẩm định.", waits)
	}
	text += " Hạn: " + Instant(due) + "."
	if overdue {
		text += " **Quá hạn.**"
	}
	return text
}

// RoundBegan tells when a round began.
func RoundBegan(at time.Time) string { return "Vòng này bắt đầu lúc " + Moment(at) + "." }

// CriteriaList names criteria by their codes: "1.1.2, 2.4.1".
func CriteriaList(codes []string) string { return "tiêu chí " + strings.Join(codes, ", ") }

// SentLate stands beside an explanation that came too late.
const SentLate = "gửi sau thời hạn"

// ExplanationConflict tells that somebody else was faster.
func ExplanationConflict(by, at string) string {
	return fmt.Sprintf("%s đã lưu giải trình này lúc %s, sau khi bạn mở trang.", by, at)
}

// MarkConflict tells that somebody else was faster with a mark; given: it counts, and is
// more than typed.
func MarkConflict(by, at string, given bool) string {
	if given {
		return fmt.Sprintf("%s đã chấm tiêu chí này lúc %s, sau khi bạn mở trang.", by, at)
	}
	return fmt.Sprintf("%s đã nhập tiêu chí này lúc %s, sau khi bạn mở trang.", by, at)
}

// DraftedMark tells who typed what stands in the fields, and that it is no mark yet.
func DraftedMark(by, at string) string {
	return fmt.Sprintf("%s nhập lúc %s, chưa ghi thành điểm", by, at)
}
