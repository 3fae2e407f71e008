package words

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
)

// Words of the pages about one document, made where figures and names are known.

// Form is the form's version in the line of facts.
func Form(version int) string { return fmt.Sprintf("Biểu mẫu phiên bản %d", version) }

// Extended is the flag of a moved due.
func Extended(due time.Time) string { return "Đã gia hạn đến " + InstantShort(due) }

// ExtendedByOutage is the flag of a due that moved because of an outage.
func ExtendedByOutage(due time.Time) string { return Extended(due) + " do sự cố" }

// DueExtendedByOutage is said where a due moved because of an outage.
func DueExtendedByOutage(at time.Time) string {
	return "Hạn được Sở Nội vụ gia hạn do sự cố phần mềm lúc " + Moment(at) + "."
}

// ConfirmProlonged explains the authority's own due after an outage.
func ConfirmProlonged(at time.Time) string {
	return "Hạn xác nhận được gia hạn do sự cố phần mềm lúc " + Moment(at) + "."
}

// DueExtended is said where a due was extended, instead of how it was set.
func DueExtended(at time.Time) string {
	return "Hạn được Sở Nội vụ gia hạn lúc " + Moment(at) + "."
}

// ConfirmDue explains the authority's own due.
func ConfirmDue(days int) string {
	return fmt.Sprintf("Sở Nội vụ xác nhận trong %d ngày làm việc kể từ khi nhận.", days)
}

// ResubmitDue explains the due of a returned document.
func ResubmitDue(days int) string {
	return fmt.Sprintf("Đơn vị có %d ngày làm việc để bổ sung kể từ khi văn bản bị trả lại, không sớm hơn hạn nộp.", days)
}

// ReopenDue explains the due of a reopened document.
func ReopenDue(at time.Time) string {
	return "Sở Nội vụ đặt khi mở lại lúc " + Moment(at) + "; thời gian nộp lần đầu giữ nguyên."
}

// ReopenedTimes tells how often, and when last: "1 lần, gần nhất 09:12 ngày
// 20/12/2026".
func ReopenedTimes(n int, last time.Time) string {
	return fmt.Sprintf("%d lần, gần nhất %s", n, Moment(last))
}

// ReopenedFlag is the remark beside how a document stands to its due.
func ReopenedFlag(n int) string {
	if n == 1 {
		return "Đã mở lại sau khi duyệt"
	}
	return fmt.Sprintf("Đã mở lại %d lần sau khi duyệt", n)
}

// WindowEnds and LastAllowed stand in the strip of days.
const (
	WindowEnds  = "chốt số liệu"
	LastAllowed = "hạn cuối"
)

// NotDue is the due line of a document that nobody waits for.
func NotDue(s document.Status) string {
	if s == document.IsExempt {
		return "Đơn vị được miễn báo cáo."
	}
	return "Văn bản đã hoàn thành."
}

// PendingDecision says to everybody that somebody's decision waits: "Lê Văn An
// đã trình ký số, ghi nhận lúc 16:59 hôm nay, đang xử lý."
func PendingDecision(name string, action document.Action, received, now time.Time) string {
	return fmt.Sprintf("%s %s, ghi nhận lúc %s, đang xử lý.", name, Done(action), MomentNear(received, now))
}

// SigningUntil says that somebody is signing.
func SigningUntil(until time.Time) string {
	return "Văn bản đang được ký số, đến " + Clock(until) + "."
}

// DoneWhen is the second line of a finished step.
func DoneWhen(at, now time.Time) string { return MomentNear(at, now) }

// SinceWhen is the second line of the present step.
func SinceWhen(at, now time.Time) string { return "từ " + MomentNear(at, now) }

// ReviewWork is the button to the page where one decides.
const ReviewWork = "Xem xét và quyết định"

// CheckWork is the button to the page before submitting.
const CheckWork = "Kiểm tra và trình"

// NumberWork is the clerk's button.
const NumberWork = "Cấp số văn bản"

// Written sums up the narrative: "Đã viết 5 trong 10 phần bắt buộc".
func Written(written, required int) string {
	return fmt.Sprintf("Đã viết %d trong %d phần bắt buộc", written, required)
}

// Edited tells who last changed a part: "Minh Hạnh sửa lúc 16:20 ngày 14/12".
func Edited(name string, at, now time.Time) string {
	return fmt.Sprintf("%s sửa lúc %s", name, MomentNear(at, now))
}

// Filled counts figures: "30/31 chỉ tiêu".
func Filled(filled, all int) string { return fmt.Sprintf("%d/%d chỉ tiêu", filled, all) }

// FilledShort is the same beside an editor.
func FilledShort(filled, all int) string { return fmt.Sprintf("%d/%d", filled, all) }

// Errors counts broken rules: "1 lỗi".
func Errors(n int) string { return fmt.Sprintf("%d lỗi", n) }

// StateWritten and StateBlank are the states of a part beside an editor.
const (
	StateWritten = "đã viết"
	StateBlank   = "để trống"
)

// FilesTitle is the row of attached files, and FilesAbout its second line.
const FilesTitle = "Tệp đính kèm"

// FilesAbout counts attached files.
func FilesAbout(n int) string {
	if n == 0 {
		return "Chưa có tệp nào"
	}
	return fmt.Sprintf("%d tệp", n)
}

// LeftToDo stands beside the button: "Còn 4 phần, 1 lỗi và 2 lý do phải bổ sung."
func LeftToDo(sections, blanks, errors, reasons int) string {
	var parts []string
	for _, one := range []struct {
		n    int
		word string
	}{{sections, "phần chưa viết"}, {blanks, "ô chưa nhập"}, {errors, "lỗi"}, {reasons, "lý do"}} {
		if one.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.n, one.word))
		}
	}
	switch len(parts) {
	case 0:
		return "Mọi phần đã đủ và không còn lỗi."
	case 1:
		return "Còn " + parts[0] + " phải bổ sung."
	}
	return "Còn " + strings.Join(parts[:len(parts)-1], ", ") + " và " + parts[len(parts)-1] + " phải bổ sung."
}

// Group is the heading of a group of figures: "3. Cải cách thủ tục hành chính".
func Group(n int, name string) string { return fmt.Sprintf("%d. %s", n, name) }

// GroupLeft sums up a group: "Nhóm 3: còn 1 lỗi và 2 ô chưa nhập."
func GroupLeft(n, blanks, errors, reasons int) string {
	if blanks+errors+reasons == 0 {
		return fmt.Sprintf("Nhóm %d đã đủ.", n)
	}
	return fmt.Sprintf("Nhóm %d: %s", n, lower(LeftToDo(0, blanks, errors, reasons)))
}

// Section names a part: "Phần II.2. Cải cách thủ tục hành chính".
func Section(code, title string) string { return fmt.Sprintf("Phần %s. %s", code, title) }

// Heading is the part's own heading: "II.2. Cải cách thủ tục hành chính".
func Heading(code, title string) string { return code + ". " + title }

// FilePlace names a file in a list of changes.
func FilePlace(name string) string { return "Tệp “" + name + "”" }

// FigurePlace names a figure in a list of changes.
func FigurePlace(code, name string) string { return code + " " + name }

// FormPlace names the form in a list of changes.
const FormPlace = "Biểu mẫu"

// Percent is a computed ratio: "92,02 %"; "—" where it cannot be computed.
func Percent(value string, known bool) string {
	if !known {
		return noValue
	}
	return Decimal(value)
}

// noValue stands where nothing can be computed.
const noValue = "—"

// Change is how much a figure moved against an earlier one: "+7,9 %"; empty
// where no percentage can be reckoned. Both are exact decimals.
func Change(before, now string) string {
	old, okOld := new(big.Rat).SetString(before)
	present, okNow := new(big.Rat).SetString(now)
	if !okOld || !okNow || old.Sign() == 0 {
		return ""
	}
	share := new(big.Rat).Sub(present, old)
	share.Quo(share, old.Abs(old)).Mul(share, big.NewRat(100, 1))
	sign := ""
	if share.Sign() > 0 {
		sign = "+"
	}
	return sign + Decimal(share.FloatString(1)) + " %"
}

// RevisionPrint names the print of a revision that is not signed.
func RevisionPrint(revision int) string {
	return fmt.Sprintf("Bản in dự thảo lần %d", revision)
}

// DraftPrint names the print of what is being written.
const DraftPrint = "Bản in dự thảo đang soạn"

// PrintAbout tells when and by whom a revision was submitted.
func PrintAbout(name string, at time.Time) string {
	return fmt.Sprintf("%s trình lúc %s; chưa có giá trị ký", name, Moment(at))
}

// SignedFile names an issued file: "Số 412/BC-STC, đã ký số".
func SignedFile(number string) string { return "Số " + number + ", đã ký số" }

// SignedAbout tells who signed when.
func SignedAbout(name string, at time.Time, revision int) string {
	return fmt.Sprintf("%s ký, nộp lúc %s; lần %d", name, Moment(at), revision)
}

// AttachedAbout is the second line of an attached file.
func AttachedAbout(size int64, name string, at, now time.Time) string {
	return fmt.Sprintf("%s; %s thêm lúc %s", Size(size), name, MomentNear(at, now))
}

// OperatorLink leads system operators to the workflow.
const OperatorLink = "Mở quy trình trong Temporal"

// Names of facts.
const (
	FactFirstSigned = "Nộp lần đầu"
	FactNumber      = "Số văn bản"
	FactRevision    = "Lần trình"
	FactReturns     = "Số lần bị trả lại"
	FactReopened    = "Mở lại sau khi duyệt"
	FactGuidance    = "Văn bản hướng dẫn"
	FactReceipt     = "Mã tiếp nhận"
	FactReceived    = "Thời điểm tính"
	FactHolder      = "Ai đang giữ"
	FactUntil       = "Đến khi nào"
	FactNext        = "Việc tiếp theo"
	FactAuthor      = "Người trình"
	FactReviewer    = "Trưởng phòng duyệt"
	FactContent     = "Nội dung"
)

// Receipt is the code that a person may quote about a decision.
func Receipt(id int64) string { return fmt.Sprintf("QĐ-%06d", id) }

// Headline is what a decision did, as the head of its receipt.
func Headline(a document.Action) string { return upper(Done(a)) }

// NextStep tells what comes after the present desk has acted.
func NextStep(stage document.Stage) string {
	switch stage {
	case document.Drafting:
		return "Chuyên viên bổ sung rồi trình lại; văn bản đi lại từ đầu."
	case document.DivisionReview:
		return "Trưởng phòng xem xét, trình ký số hoặc trả lại."
	case document.Signing:
		return "Thủ trưởng đơn vị ký số; văn bản tự gửi đến Sở Nội vụ."
	case document.AuthorityReview:
		return "Sở Nội vụ xác nhận thời gian và nội dung, hoặc trả lại để bổ sung."
	case document.HandedIn:
		return "Đơn vị không còn việc phải làm; hồ sơ chờ thẩm định."
	}
	return "Không còn việc phải làm; văn bản và tệp đã ký được lưu tại đây."
}

// HandedInOnTime is the receipt's line of a signature: on time or not, by how
// much.
func HandedInOnTime(received, last time.Time, c calendar.Calendar) string {
	if received.Before(last) {
		return fmt.Sprintf("Nộp đúng hạn: %s.", Moment(received))
	}
	return fmt.Sprintf("Nộp quá hạn %s: %s.", passed(last, received, c), Moment(received))
}

// The h1 of pages under a document, and of the list they are reached from.
const (
	TitleCheck    = "Kiểm tra trước khi trình"
	TitleReturn   = "Trả lại để bổ sung"
	TitleRecall   = "Thu hồi văn bản"
	TitleConflict = "Hai người cùng sửa một phần"
	TitleFiles    = "Tệp đính kèm"
	TitleNumber   = "Cấp số văn bản"
	TitlePending  = "Đã ghi nhận, đang xử lý"
	TitleRefused  = "Quyết định chưa được thực hiện"
	TitleChanged  = "Nội dung đã thay đổi"
	TitleTasks    = "Việc của tôi"
)

// Tabs of the review page.
const TabContent = "Nội dung"

// TabChanges is the tab of what changed since an earlier revision.
func TabChanges(before int) string { return fmt.Sprintf("Khác lần %d", before) }

// ReviewedBy tells who will look at a submission.
func ReviewedBy(names []string) string {
	if len(names) == 0 {
		return "Đơn vị chưa có người giữ vai trò trưởng phòng; báo Sở Nội vụ cấp tài khoản"
	}
	return "Trưởng phòng " + strings.Join(names, " hoặc ") + " sẽ xem xét"
}

// NobodyHolds tells that a desk has no holder.
func NobodyHolds(r staff.Role, unit string) string {
	return Position(r, unit) + " (chưa có người giữ)"
}

// ReturnTo tells who gets a returned document: "Nguyễn Thị Minh Hạnh, chuyên viên
// Sở Tài chính".
func ReturnTo(names []string, unit string) string {
	if len(names) == 0 {
		return "Chuyên viên " + unit
	}
	return strings.Join(names, ", ") + ", chuyên viên " + unit
}

// ResubmitBy is the sentence of the due of a return.
func ResubmitBy(due time.Time) string { return "Hạn nộp lại " + Instant(due) + "." }

// ResubmitUntil is the same inside a sentence.
func ResubmitUntil(due time.Time) string { return "hạn nộp lại " + Instant(due) }

// ByAt is a person with the house they act for: "Phạm Đức Long, Sở Nội vụ".
func ByAt(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + ", " + unit
}

// NotSubmitted is said to readers outside the unit before the first signature.
const NotSubmitted = "Đơn vị đang xử lý. Nội dung hiện ở đây sau khi thủ trưởng đơn vị ký số."

// SectionsReady counts written sections.
func SectionsReady(written, all int) string {
	return fmt.Sprintf("%d/%d phần có nội dung", written, all)
}

// FiguresReady counts figures.
func FiguresReady(filled, all int) string {
	return fmt.Sprintf("%d/%d chỉ tiêu có số liệu", filled, all)
}

// WarningsReady counts warnings, and the figures that lack the reason for theirs.
func WarningsReady(n, unexplained int) string {
	switch {
	case n == 0:
		return "Không có cảnh báo"
	case unexplained > 0:
		return fmt.Sprintf("%d cảnh báo, %d chỉ tiêu chưa có lý do", n, unexplained)
	}
	return fmt.Sprintf("%d cảnh báo, đều có lý do", n)
}

// FilesReady counts files.
func FilesReady(n int) string { return fmt.Sprintf("%d tệp đính kèm", n) }

// ChangesReady counts the places that changed since the revision before.
func ChangesReady(n, before int) string {
	return fmt.Sprintf("%d chỗ khác lần %d", n, before)
}

// TimeReady tells when the unit handed in, for the authority.
func TimeReady(onTime bool) string {
	if onTime {
		return "Nộp đúng hạn"
	}
	return "Nộp quá hạn"
}
