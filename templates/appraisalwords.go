package templates

import (
	"fmt"
	"strings"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/templates/words"
)

// Words of the pages of appraisals.
const (
	TitleAppraisals   = "Hàng chờ thẩm định"
	TitleAppraisal    = "Thẩm định"
	TitleExplanation  = "Giải trình"
	TitleAppraisalRun = "Thẩm định chỉ số"
	MarksSaved        = "Đã lưu điểm thẩm định."
	ExplanationSaved  = "Đã lưu giải trình."
	// What was typed and not saved is saved first, and looked at before it is final.
	MarksSavedFirst       = "Đã lưu điểm vừa nhập, chưa hoàn thành lĩnh vực. Xem lại rồi hoàn thành."
	ExplanationSavedFirst = "Đã lưu nội dung vừa nhập, chưa gửi. Xem lại rồi gửi."
	ScheduleSaved         = "Đã lưu lịch thẩm định. Các vòng đang mở được tính lại thời hạn."
	AllFields             = "Mọi lĩnh vực"
	AllIndexCampaigns     = "Mọi đợt"
	SeeAppraisal          = "Xem thẩm định"
	UnmarkedScore         = "—"
)

// ReasonLabel names the field of a mark's reason.
func (r MarkingRow) ReasonLabel() string {
	if r.Remark {
		return "Nhận xét"
	}
	return "Lý do"
}

// ReasonHint tells when it must be filled in.
func (r MarkingRow) ReasonHint() string {
	if r.Remark {
		return "Tiêu chí này luôn cần nhận xét."
	}
	return "Bắt buộc khi điểm khác."
}

// AppraisalChip tells which round an appraisal is in.
func AppraisalChip(stage appraisal.Stage) Chip {
	switch stage {
	case appraisal.Explaining:
		return Chip{Icon: "pen", Class: "back", Word: words.AppraisalStage(stage)}
	case appraisal.Done:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: words.AppraisalStage(stage)}
	}
	return Chip{Icon: "list-check", Class: "work", Word: words.AppraisalStage(stage)}
}

// AppraisedChip is the chip of a self-assessment whose appraisal is done.
func AppraisedChip() Chip {
	return Chip{Icon: "check-circle-fill", Class: "done", Word: words.Appraised}
}

// AppraiserNames are the departments whose marks are waited for, the first of them.
func AppraiserNames(names []string) string {
	if len(names) <= maxNames {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:maxNames], ", ") + fmt.Sprintf(" và %d cơ quan khác", len(names)-maxNames)
}

// FieldChip tells how far one field is.
func FieldChip(finished bool, marked, todo int) Chip {
	switch {
	case finished:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã hoàn thành"}
	case marked == 0:
		return Chip{Icon: "circle", Class: "idle", Word: "Chưa chấm"}
	case marked == todo:
		return Chip{Icon: "check-circle", Class: "work", Word: "Đã chấm đủ"}
	}
	return Chip{Icon: "circle-half", Class: "work", Word: "Đang chấm"}
}

// MarkedOf is "3/9 tiêu chí".
func MarkedOf(marked, todo int) string { return fmt.Sprintf("%d/%d tiêu chí", marked, todo) }

// AppraisalSum tells what the criteria within sight come to.
func AppraisalSum(self, final par.Points, most par.Points, unmarked int) string {
	text := "Tự chấm " + self.VN()
	switch {
	case unmarked == 0:
		text += ", thẩm định " + final.VN()
	case final > 0:
		text += ", thẩm định " + final.VN() + fmt.Sprintf(" (còn %d tiêu chí)", unmarked)
	}
	return text + " trên " + most.VN() + " điểm"
}

// StandingText tells what an agreement takes over; again: the criterion was opened once more
// after a second mark.
func StandingText(round int, again bool, s par.Score) string {
	points := s.Points.VN() + " điểm"
	if s.NotApplicable {
		points = words.Lower(words.NotApplicable)
	}
	switch {
	case round == par.SecondRound && again:
		return "Giữ kết quả đang có: " + points
	case round == par.SecondRound:
		return "Giữ kết quả lần 1: " + points
	}
	return "Đồng ý với điểm tự chấm: " + points
}

// AgreeAllLabel is the label of the button that takes over all that agree.
func AgreeAllLabel(round, n int) string {
	if n == 0 {
		return ""
	}
	if round == par.SecondRound {
		return fmt.Sprintf("Giữ kết quả đang có ở %d tiêu chí chưa chấm", n)
	}
	return fmt.Sprintf("Đồng ý với điểm tự chấm ở %d tiêu chí chưa chấm", n)
}

// TypedMarks tells how many criteria are typed about and not given yet; "" where none is.
func TypedMarks(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d tiêu chí đã nhập, chưa ghi điểm", n)
}

// TypedMarkText is what somebody typed as a mark, without its reason.
func TypedMarkText(t par.TypedMark) string {
	switch {
	case t.NotApplicable:
		return words.Lower(words.NotApplicable)
	case t.Points != "":
		return t.Points + " điểm"
	case t.Agrees:
		return "đồng ý với điểm đang có"
	}
	return "chưa nhập điểm"
}

// AgreedFlash tells how many were taken over.
func AgreedFlash(n int) string {
	if n == 0 {
		return "Không còn tiêu chí nào lấy theo được; các tiêu chí còn lại cần chấm riêng."
	}
	return fmt.Sprintf("Đã ghi điểm cho %d tiêu chí.", n)
}

var appraisalFlashes = map[appraisal.Action]string{
	appraisal.Finish:     "Đã hoàn thành thẩm định lĩnh vực.",
	appraisal.Resume:     "Đã mở lại lĩnh vực. Sửa điểm rồi hoàn thành lại.",
	appraisal.Explain:    "Đã gửi giải trình.",
	appraisal.Accept:     "Đã gửi: đơn vị đồng ý với kết quả thẩm định lần 1.",
	appraisal.TakeLate:   "Đã nhận giải trình muộn. Các tiêu chí được giải trình chuyển sang thẩm định lần 2.",
	appraisal.RefuseLate: "Đã ghi: không nhận giải trình muộn.",
	appraisal.Extend:     "Đã gia hạn.",
	appraisal.Reopen:     "Đã yêu cầu thẩm định lại các tiêu chí đã chọn.",
}

// AppraisalFlash tells that the action is done.
func AppraisalFlash(a appraisal.Action) string { return appraisalFlashes[a] }

// LateSentFlash tells that an answer came too late.
const LateSentFlash = "Đã gửi giải trình sau thời hạn. Sở Nội vụ quyết định nhận hay không; kết quả báo tại trang này."

// AppraisalsEmpty is the queue without a row.
func AppraisalsEmpty(state string, narrowed bool) Empty {
	switch {
	case narrowed:
		return Empty{Title: "Không có lĩnh vực nào khớp bộ lọc", Text: "Bỏ bớt điều kiện lọc để xem thêm.", URL: "/appraisals", Label: "Bỏ mọi lọc"}
	case state == "finished":
		return Empty{Title: "Chưa hoàn thành lĩnh vực nào", Text: "Lĩnh vực hiện ở đây khi đã hoàn thành thẩm định."}
	case state == "late":
		return Empty{Title: "Không có lĩnh vực nào quá hạn", Text: "Lĩnh vực hiện ở đây khi hết thời hạn của vòng mà chưa hoàn thành."}
	}
	return Empty{Title: "Không có lĩnh vực nào chờ thẩm định", Text: "Lĩnh vực hiện ở đây khi đơn vị nộp báo cáo tự đánh giá hoặc giải trình.", URL: "/tasks", Label: "Về Việc của tôi"}
}

// AppraisalFacts are the facts above the queue.
func AppraisalFacts(open int) []string {
	return []string{counted(open, "lĩnh vực chờ thẩm định")}
}

// AppraisalLate is the flag of what is overdue; "" where nothing is.
func AppraisalLate(late int) string {
	if late == 0 {
		return ""
	}
	return counted(late, "lĩnh vực quá hạn")
}

// AppraisalLinks lead from the tasks to what of appraisals waits.
func AppraisalLinks(open, late, explaining int, explainURL string, lateAnswers int, lateURL string) []Link {
	var links []Link
	if open > 0 {
		label := counted(open, "lĩnh vực chờ thẩm định")
		if late > 0 {
			label += ", " + counted(late, "quá hạn")
		}
		links = append(links, Link{Label: label, URL: "/appraisals"})
	}
	if explaining > 0 {
		links = append(links, Link{Label: "Kết quả thẩm định chờ giải trình", URL: explainURL})
	}
	if lateAnswers > 0 {
		links = append(links, Link{Label: counted(lateAnswers, "giải trình muộn chờ xem xét"), URL: lateURL})
	}
	return links
}

// RunFacts are the facts of a campaign's appraisal.
func RunFacts(appraised, roster int) []string {
	return []string{fmt.Sprintf("%d trên %d đơn vị đã nộp báo cáo tự đánh giá", appraised, roster)}
}

// NotHandedIn is the page of a campaign without a self-assessment that was handed in.
func NotHandedIn() Empty {
	return Empty{Title: "Chưa có đơn vị nào nộp", Text: "Thẩm định bắt đầu khi thủ trưởng đơn vị ký số báo cáo tự đánh giá."}
}

// RoundName names a round of the schedule.
func RoundName(field string) string {
	switch field {
	case appraisal.FieldFirst:
		return words.AppraisalStage(appraisal.First)
	case appraisal.FieldExplain:
		return "Đơn vị giải trình"
	}
	return words.AppraisalStage(appraisal.Second)
}

// RoundText tells how long a round lasts: "5 ngày làm việc, không sớm hơn 15/03/2027".
func RoundText(days int, on string) string {
	text := fmt.Sprintf("%d ngày làm việc từ khi bắt đầu", days)
	if on != "" {
		text += ", kết thúc không sớm hơn hết ngày " + on
	}
	return text
}

// GapText tells what is lacking.
func GapText(stage appraisal.Stage, field string, marked, todo int, late bool) string {
	switch {
	case late:
		return "Giải trình muộn chờ Sở Nội vụ quyết định"
	case field == "":
		return words.AppraisalStage(stage)
	}
	return fmt.Sprintf("%s, lĩnh vực %s: %s", words.AppraisalStage(stage), field, MarkedOf(marked, todo))
}

// MoreGaps tells that the list is longer.
func MoreGaps(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("Còn %d mục nữa; xem theo lĩnh vực ở bảng trên.", n)
}

// Notes of an appraisal's pages.
const (
	NoteWeighing     = "Điểm thẩm định lần 1 hiện ở đây khi mọi lĩnh vực đã hoàn thành."
	NoteSecond       = "Điểm thẩm định lần 2 hiện ở đây khi mọi lĩnh vực được thẩm định lại đã hoàn thành."
	NoteLateSent     = "Đơn vị gửi giải trình sau thời hạn. Sở Nội vụ đang xem xét việc nhận."
	NoteLateRefused  = "Giải trình gửi sau thời hạn không được nhận."
	NoteAccepted     = "Đơn vị đồng ý với kết quả thẩm định lần 1."
	NoteExplainHow   = "Chỉ giải trình tiêu chí có điểm thẩm định khác điểm tự chấm. Tiêu chí để trống là đồng ý. Trưởng phòng hoặc thủ trưởng gửi một lần."
	NoteExplainLate  = "Đã hết thời hạn giải trình. Vẫn gửi được; Sở Nội vụ quyết định nhận hay không và ghi lý do."
	NotePublished    = "Kết quả đã được công bố."
	NoteFieldDone    = "Lĩnh vực này đã hoàn thành trong vòng hiện tại."
	NoteNotAsked     = "Không tiêu chí nào của lĩnh vực này phải thẩm định lại."
	NoteExplainWaits = "Đang chờ đơn vị giải trình; chưa chấm được."
	NoteAllDone      = "Thẩm định đã kết thúc."
)

// NounFields is what the queue counts.
const NounFields = "lĩnh vực"

// QueueState is the label of a list of the queue.
func QueueState(state string) string {
	switch state {
	case "late":
		return "Quá hạn"
	case "finished":
		return "Đã hoàn thành"
	}
	return "Chờ thẩm định"
}

// NextField is the way on after a field is finished.
const NextField = "Thẩm định lĩnh vực tiếp theo"

// AuthorityName is who decides about late answers.
const AuthorityName = "Sở Nội vụ"

// ExplanationFilesTitle names the page of files that go with an explanation.
func ExplanationFilesTitle(criterion string) string { return "Tệp của tiêu chí " + criterion }

// UploadHint says what may be attached.
func UploadHint(size string, most int) string {
	return fmt.Sprintf("PDF, DOCX, XLSX, PNG, JPG hoặc ZIP; mỗi tệp tối đa %s, nhiều nhất %d tệp. Tệp không có mật khẩu.", size, most)
}

// LateCount is how many are overdue; "" where none is.
func LateCount(n int) string {
	if n == 0 {
		return ""
	}
	return counted(n, "quá hạn")
}

// FinishedUnits tells how many units a field is finished for.
func FinishedUnits(n, of int) string { return fmt.Sprintf("Hoàn thành %d/%d đơn vị", n, of) }

// AppraisalPairs are a schedule to read.
func AppraisalPairs(s appraisal.Schedule) []Pair {
	var pairs []Pair
	for _, round := range []struct {
		field string
		appraisal.Time
	}{{appraisal.FieldFirst, s.First}, {appraisal.FieldExplain, s.Explain}, {appraisal.FieldSecond, s.Second}} {
		on := ""
		if round.On != nil {
			on = words.Date(*round.On)
		}
		pairs = append(pairs, Pair{Name: RoundName(round.field), Value: RoundText(round.Days, on)})
	}
	return pairs
}
