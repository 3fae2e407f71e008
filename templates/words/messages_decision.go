package words

import (
	"fmt"

	"cchc/domain/rule"
)

// decisionMessages are about the road of a decision and of a signature, named in
// storage and web.
var decisionMessages = map[rule.Code]sentence{
	"key_reused":         fixed("Biểu mẫu này đã được gửi trước đó với nội dung khác. Xem lại trang rồi gửi lại."),
	"right_ended":        fixed("Vai trò của bạn đã hết hiệu lực khi quyết định được ghi nhận."),
	"decision_failed":    fixed("Hệ thống chưa thực hiện được quyết định này sau nhiều lần thử. Quản trị hệ thống đã được báo."),
	"batch_item_retried": fixed("Chưa thực hiện được do lỗi phần mềm; hệ thống tự thử lại."),
	"decision_pending":   fixed("Một quyết định về văn bản này đang được xử lý. Chờ ít phút rồi xem lại."),

	"number_used": func(a []any) string {
		if next := text(a, 1); next != "" {
			return fmt.Sprintf("Số %s đã dùng. Số tiếp theo còn trống là %s.", text(a, 0), next)
		}
		return fmt.Sprintf("Số %s đã dùng.", text(a, 0))
	},
	"number_bad":        fixed("Nhập số văn bản bằng chữ số, từ 1 trở lên."),
	"signing_expired":   fixed("Tệp chuẩn bị ký đã hết hạn. Chuẩn bị lại rồi ký."),
	"signature_missing": fixed("Văn bản này phải được ký số, không duyệt bằng cách khác."),
}
