package mails

import (
	"fmt"
	"strings"

	"cchc/domain/staff"
)

// sentences say what happened and what is asked, with the campaign and the unit.
var sentences = map[string]string{
	"launched":   "Sở Nội vụ đã mở đợt “%s”. %s cần lập văn bản và trình theo quy trình.",
	"returned":   "Văn bản “%s” của %s được trả lại để bổ sung. Lý do ghi tại trang của văn bản.",
	"confirmed":  "Sở Nội vụ đã xác nhận văn bản “%s” của %s đạt yêu cầu về thời gian và nội dung.",
	"reminder":   "Văn bản “%s” của %s sắp đến hạn xử lý.",
	"due":        "Văn bản “%s” của %s đã hết hạn xử lý mà chưa hoàn thành.",
	"overdue":    "Văn bản “%s” của %s đã quá hạn xử lý.",
	"escalation": "Văn bản “%s” của %s chưa hoàn thành. Đề nghị chỉ đạo, đôn đốc thực hiện.",
	"extended":   "Văn bản “%s” của %s được gia hạn.",
	"excused":    "Hạn nộp văn bản “%s” của %s được tính lại do sự cố phần mềm; kết quả nộp đúng hạn, trễ hạn theo hạn mới.",
	"exempted":   "%[2]s được miễn báo cáo trong đợt “%[1]s”.",

	"extension_asked":     "%[2]s xin gia hạn văn bản “%[1]s”. Lý do và ngày đề nghị ghi tại trang của văn bản.",
	"reopened":            "Sở Nội vụ đã mở lại văn bản “%s” của %s để chỉnh sửa. Bản đã duyệt vẫn có giá trị đến khi ký bản mới; lý do ghi tại trang của văn bản.",
	"due_moved":           "Hạn của văn bản “%s” của %s đã dời do lịch nghỉ thay đổi.",
	"extension_declined":  "Sở Nội vụ không đồng ý gia hạn văn bản “%s” của %s; hạn đang áp dụng giữ nguyên. Lý do ghi tại trang của văn bản.",
	"plan_coming":         "Kế hoạch “%s” của %s có nhiệm vụ sắp đến hạn. Ghi tiến độ hoặc kết quả tại trang theo dõi của kế hoạch.",
	"tasks_extended":      "Kế hoạch “%s” của %s có nhiệm vụ được gia hạn do sự cố phần mềm.",
	"plan_late":           "Kế hoạch “%s” của %s có nhiệm vụ đã hết hạn mà chưa có văn bản kết quả.",
	"adjustment_waiting":  "Kế hoạch “%s” của %s có bản điều chỉnh đang chờ ông/bà xem xét.",
	"adjustment_returned": "Bản điều chỉnh kế hoạch “%s” của %s được trả lại. Lý do ghi tại trang của bản điều chỉnh.",
	"adjustment_in_force": "Sở Nội vụ đã xác nhận bản điều chỉnh kế hoạch “%s” của %s. Các nhiệm vụ được theo dõi theo bản này.",

	"adjustment_reminder":    "Bản điều chỉnh kế hoạch “%s” của %s vẫn đang chờ ông/bà xử lý.",
	"adjustment_lies":        "Bản điều chỉnh kế hoạch “%s” của %s chưa được xử lý. Đề nghị chỉ đạo, đôn đốc thực hiện.",
	"outage_opened":          "Hệ thống vừa ghi nhận: %[1]s. Diễn biến ghi tại trang sự cố.",
	"outage_approval":        "Dự thảo “%[1]s” đang chờ ông/bà cho ý kiến thay mặt cơ quan.",
	"outage_returned":        "Dự thảo “%[1]s” được đề nghị sửa. Lý do ghi tại trang sự cố.",
	"outage_notice":          "%[1]s.",
	"maintenance":            "Bảo trì phần mềm: %[1]s",
	"maintenance_off":        "Lần bảo trì đã báo không thực hiện nữa: %[1]s",
	"appraisal_explain":      "Đã có điểm thẩm định lần 1 của “%s” (%s). Tiêu chí có điểm khác với điểm tự chấm được giải trình trong thời hạn.",
	"appraisal_explain_due":  "Sắp hết thời hạn giải trình kết quả thẩm định “%s” của %s.",
	"appraisal_explain_over": "Đã hết thời hạn giải trình kết quả thẩm định “%s” của %s.",
	"appraisal_explain_more": "Thời hạn giải trình kết quả thẩm định “%s” của %s được gia hạn.",
	"appraisal_explain_late": "Giải trình về “%s” của %s gửi sau thời hạn, đang chờ Sở Nội vụ quyết định nhận hay không.",
	"appraisal_late_taken":   "Sở Nội vụ nhận giải trình gửi muộn về “%s” của %s. Lý do ghi tại trang thẩm định.",
	"appraisal_late_refused": "Sở Nội vụ không nhận giải trình gửi muộn về “%s” của %s. Lý do ghi tại trang thẩm định.",
	"appraisal_second":       "Báo cáo “%s” của %s có tiêu chí cần thẩm định lần 2.",
	"appraisal_done":         "Đã có kết quả thẩm định “%s” của %s.",
	"index_published":        "Kết quả “%s” đã được công bố. Kết quả từng tiêu chí của %s xem ở trang kết quả.",
	"index_corrected":        "Kết quả “%s” đã được công bố lại để đính chính. Lý do và kết quả từng tiêu chí của %s xem ở trang kết quả.",
	"appraisal_coming":       "Thẩm định “%s” sắp hết thời hạn.%.0s Các lĩnh vực còn lại ở trang hàng chờ thẩm định.",
	"appraisal_late":         "Thẩm định “%s” đã quá thời hạn.%.0s Các lĩnh vực còn lại ở trang hàng chờ thẩm định.",

	"proposed": "Đã đến ngày mở đợt “%[1]s” theo lịch mở đợt. Các đơn vị chỉ nhận được khi Sở Nội vụ mở đợt.",
}

var taskSentences = map[staff.Role]string{
	staff.Specialist:    "Văn bản “%s” của %s đang chờ ông/bà soạn và trình.",
	staff.DivisionHead:  "Văn bản “%s” của %s đang chờ ông/bà xem xét để trình ký.",
	staff.Director:      "Văn bản “%s” của %s đang chờ ông/bà ký số.",
	staff.Officer:       "Văn bản “%s” của %s đã được ký số và đang chờ Sở Nội vụ xác nhận.",
	staff.AuthorityHead: "Văn bản “%s” của %s đã được ký số và đang chờ Sở Nội vụ xác nhận.",
}

// requested follows when the report is asked for out of its turn.
const requested = " Đây là báo cáo đột xuất theo văn bản số %s; nội dung phải báo cáo và văn bản yêu cầu ở trang của văn bản."

// attached stands under an announcement whose print goes with the mail.
const attached = "Văn bản (PDF) kèm theo thư này."

func sentence(n Notice) string {
	format := sentences[n.Kind]
	if n.Kind == "task_opened" {
		format = taskSentences[n.Role]
	}
	text := fmt.Sprintf(format, line(n.Campaign), line(n.Unit))
	if n.Request != "" && n.Kind == "launched" {
		text += fmt.Sprintf(requested, line(n.Request))
	}
	return text
}

func singleSubject(e entry) string {
	return "[CCHC] " + e.Head + ": " + e.Subject
}

// digestSubject names the two most urgent groups: "[CCHC] 14 thông báo: Quá hạn
// (2), Cần ký số (12)".
func digestSubject(v view) string {
	var first []string
	for _, g := range v.Groups[:min(2, len(v.Groups))] {
		first = append(first, fmt.Sprintf("%s (%d)", g.Head, g.Count))
	}
	return fmt.Sprintf("[CCHC] %d thông báo: %s", v.Count, strings.Join(first, ", "))
}
