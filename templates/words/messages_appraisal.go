package words

import (
	"fmt"

	"cchc/domain/appraisal"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// appraisalMessages are about the course of an appraisal.
var appraisalMessages = map[rule.Code]sentence{
	appraisal.WrongStage: func(a []any) string {
		return "Thẩm định đã chuyển sang bước khác: " + lower(AppraisalStage(appraisal.Stage(text(a, 0)))) + "."
	},
	appraisal.NotYours: fixed("Bạn không được giao việc này trong cuộc thẩm định."),
	appraisal.OwnPart: func(a []any) string {
		return "Bạn đã tham gia lập báo cáo tự đánh giá này với vai trò " + lower(Role(staff.Role(text(a, 0)))) + " nên không tham gia thẩm định."
	},
	appraisal.FieldUnknown:  fixed("Không có lĩnh vực này trong cuộc thẩm định."),
	appraisal.FieldFinished: fixed("Lĩnh vực này đã hoàn thành thẩm định. Mở lại lĩnh vực trước khi sửa điểm."),
	appraisal.FieldOpen:     fixed("Lĩnh vực này đang thẩm định, không cần mở lại."),
	appraisal.Unmarked: func(a []any) string {
		return fmt.Sprintf("Còn %s tiêu chí chưa chấm điểm.", text(a, 0))
	},
	appraisal.Answered:    fixed("Đơn vị đã trả lời kết quả thẩm định lần 1. Mỗi đơn vị trả lời một lần."),
	appraisal.Written:     fixed("Đơn vị đã soạn giải trình mà chưa gửi. Gửi giải trình, hoặc xóa nội dung và tệp đã soạn rồi đồng ý."),
	appraisal.NothingLate: fixed("Không có giải trình muộn nào chờ xem xét."),
	appraisal.LateWaiting: fixed("Còn giải trình muộn chờ xem xét. Nhận hoặc không nhận giải trình đó trước."),
	appraisal.Published:   fixed("Kết quả chỉ số đã được công bố."),
	appraisal.NoCriteria:  fixed("Chọn ít nhất một tiêu chí."),
	appraisal.NotDisputed: fixed("Điểm thẩm định không khác điểm tự chấm, không có gì phải giải trình."),

	appraisal.ExplanationBlank:   fixed("Ghi nội dung giải trình."),
	appraisal.ExplanationLong:    func(a []any) string { return fmt.Sprintf("Giải trình dài quá %s ký tự.", text(a, 0)) },
	appraisal.ExplanationUnasked: fixed("Điểm thẩm định của tiêu chí này bằng điểm tự chấm, không phải giải trình."),
	appraisal.ExplanationFiles:   func(a []any) string { return fmt.Sprintf("Mỗi tiêu chí kèm nhiều nhất %s tệp.", text(a, 0)) },

	appraisal.DaysBad: func(a []any) string {
		return fmt.Sprintf("Số ngày làm việc phải từ 1 đến %s.", text(a, 0))
	},
	appraisal.DayOrder: fixed("Ngày này phải sau ngày cuối của bước trước."),

	"mark_overtaken": func(a []any) string {
		return fmt.Sprintf("%s đã chấm tiêu chí này sau khi bạn mở trang. Xem điểm mới rồi chấm lại nếu cần.", text(a, 0))
	},
	"mark_points": fixed("Ghi điểm bằng số, nhiều nhất hai chữ số thập phân, ví dụ 1,25."),
}

// markPlace names where in an appraisal a rule is broken: "Tiêu chí 1.1.3".
func markPlace(field string) (string, bool) {
	for _, prefix := range []string{"mark.", "explain."} {
		if len(field) > len(prefix) && field[:len(prefix)] == prefix {
			return "Tiêu chí " + field[len(prefix):], true
		}
	}
	return "", false
}
