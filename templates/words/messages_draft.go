package words

import (
	"fmt"

	"cchc/domain/rule"
)

// draftMessages are the sentences about what is written and attached, and about
// signing.
var draftMessages = map[rule.Code]sentence{
	"text_too_long": func(a []any) string {
		return fmt.Sprintf("Nội dung dài quá %s chữ cái, rút gọn lại.", Decimal(text(a, 0)))
	},
	"nothing_earlier": fixed("Kỳ trước đơn vị chưa có nội dung đã ký để lấy."),
	"comment_empty":   fixed("Viết ý kiến trước khi gửi."),
	"file_missing":    fixed("Chọn một tệp để đính kèm."),
	"file_empty": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” trống, không có nội dung.", text(a, 0))
	},
	"file_too_big": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” lớn quá %s MB.", text(a, 0), text(a, 1))
	},
	"file_wrong_type": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” không đúng loại. Chỉ nhận PDF, DOCX, XLSX, PNG, JPG và ZIP.", text(a, 0))
	},
	"file_protected": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” đặt mật khẩu nên không mở được. Bỏ mật khẩu rồi đính kèm lại.", text(a, 0))
	},
	"files_too_many": func(a []any) string {
		return fmt.Sprintf("Chưa đính kèm “%s”: mỗi văn bản tối đa %s tệp.", text(a, 0), text(a, 1))
	},
	"files_too_big": func(a []any) string {
		return fmt.Sprintf("Chưa đính kèm “%s”: các tệp của một văn bản gộp lại tối đa %s MB.", text(a, 0), text(a, 1))
	},

	"key_password_missing": fixed("Nhập mật khẩu khóa ký."),
	"key_password_wrong":   fixed("Mật khẩu khóa ký không đúng. Chưa có số nào được lấy."),
	"key_tries_over":       fixed("Bạn nhập sai mật khẩu khóa ký quá nhiều lần. Thử lại sau 10 phút."),
	"key_unusable":         fixed("Khóa ký không dùng được. Báo quản trị hệ thống."),
	"key_not_yours":        fixed("Chứng thư số trong khóa ký không mang tên đăng nhập của bạn."),
	"key_untrusted":        fixed("Chứng thư số trong khóa ký không còn dùng được để ký. Xem mục kiểm tra trước khi ký."),
	"signature_invalid":    fixed("Chữ ký vừa tạo không qua được kiểm tra, nên chưa có gì được gửi. Báo quản trị hệ thống."),
	"bundle_unsealed":      fixed("Hồ sơ minh chứng chưa gộp xong thành một tệp. Thử ký lại sau ít phút."),
	"bundle_damaged": func(a []any) string {
		return fmt.Sprintf("Tệp minh chứng “%s” đã lưu bị hỏng hoặc không còn, nên chưa gộp được hồ sơ minh chứng. Báo quản trị hệ thống; đơn vị có thể trả lại để đính kèm lại tệp.", text(a, 0))
	},
	"not_agreed": fixed("Đánh dấu vào ô xác nhận trước khi ký."),
	"date_bad":   fixed("Nhập ngày theo dạng ngày/tháng/năm, ví dụ 22/12/2026."),
}
