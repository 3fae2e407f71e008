package words

import "cchc/domain/staff"

// noticeHeads are the words of a notice's kind; a task's depend on whose desk it is.
var noticeHeads = map[string]string{
	"launched":   "Cần lập văn bản",
	"returned":   "Trả lại để bổ sung",
	"confirmed":  "Sở Nội vụ đã xác nhận đạt yêu cầu",
	"reminder":   "Sắp đến hạn",
	"due":        "Đã hết hạn",
	"overdue":    "Quá hạn",
	"escalation": "Đơn vị chưa hoàn thành",
	"extended":   "Đã gia hạn",
	"excused":    "Đã tính lại hạn nộp",
	"exempted":   "Được miễn báo cáo",

	"extension_asked":    "Đơn vị xin gia hạn",
	"reopened":           "Mở lại để chỉnh sửa",
	"due_moved":          "Hạn dời theo lịch nghỉ",
	"extension_declined": "Không được gia hạn",
	"proposed":           "Đợt cần mở",
	"plan_coming":        "Nhiệm vụ kế hoạch sắp đến hạn",
	"plan_late":          "Nhiệm vụ kế hoạch quá hạn",
	"tasks_extended":     "Nhiệm vụ kế hoạch được gia hạn",

	"adjustment_waiting":  "Bản điều chỉnh kế hoạch cần xem xét",
	"adjustment_returned": "Bản điều chỉnh kế hoạch được trả lại",
	"adjustment_in_force": "Kế hoạch đã điều chỉnh",
	"adjustment_reminder": "Bản điều chỉnh kế hoạch vẫn chờ xử lý",
	"adjustment_lies":     "Bản điều chỉnh kế hoạch chưa được xử lý",

	"outage_opened":          "Phần mềm có sự cố hoặc nguy cơ sự cố",
	"outage_approval":        "Dự thảo thông báo sự cố cần cho ý kiến",
	"outage_returned":        "Dự thảo thông báo sự cố được đề nghị sửa",
	"outage_notice":          "Thông báo về phần mềm",
	"maintenance":            "Bảo trì phần mềm",
	"maintenance_off":        "Không bảo trì phần mềm nữa",
	"appraisal_explain":      "Đã có điểm thẩm định lần 1, có thể giải trình",
	"appraisal_explain_due":  "Sắp hết thời hạn giải trình",
	"appraisal_explain_over": "Hết thời hạn giải trình",
	"appraisal_explain_more": "Được gia hạn giải trình",
	"appraisal_explain_late": "Giải trình muộn cần xem xét",
	"appraisal_late_taken":   "Giải trình muộn được nhận",
	"appraisal_late_refused": "Giải trình muộn không được nhận",
	"appraisal_second":       "Cần thẩm định lần 2",
	"appraisal_done":         "Đã có kết quả thẩm định chỉ số",
	"appraisal_coming":       "Sắp hết thời hạn thẩm định",
	"appraisal_late":         "Quá thời hạn thẩm định",
	"index_published":        "Đã công bố kết quả chỉ số cải cách hành chính",
	"index_corrected":        "Đã công bố lại kết quả chỉ số cải cách hành chính",
}

var taskHeads = map[staff.Role]string{
	staff.Specialist:    "Cần soạn và trình",
	staff.DivisionHead:  "Cần xem xét, trình ký",
	staff.Director:      "Cần ký số",
	staff.Officer:       "Cần xác nhận",
	staff.AuthorityHead: "Cần xác nhận",
}

// NoticeHead says in a few words what a notice is about: "Cần ký số". kind is
// the notice's kind, role the desk it was sent to.
func NoticeHead(kind string, role staff.Role) string {
	if kind == "task_opened" {
		return taskHeads[role]
	}
	return noticeHeads[kind]
}

// NoticeSubject names the document: the campaign, then the unit.
func NoticeSubject(campaign, unit string) string {
	switch {
	case unit == "":
		return campaign
	case campaign == "":
		return unit
	}
	return campaign + ", " + unit
}

var mailStates = map[string]string{
	"sent": "Đã gửi thư", "failed": "Máy chủ thư từ chối địa chỉ nhận", "no_recipient": "Chưa có địa chỉ thư",
}

// MailState says whether a notice has also gone out by mail; nothing while it
// waits, or where it was no longer needed.
func MailState(state string) string { return mailStates[state] }
