package words

import (
	"fmt"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// documentMessages are the refusals of the table of moves.
var documentMessages = map[rule.Code]sentence{
	document.Closed: fixed("Văn bản đã kết thúc, không xử lý thêm được."),
	document.WrongStage: func(args []any) string {
		return fmt.Sprintf("Văn bản đã chuyển sang bước “%s”, nên thao tác này không còn áp dụng.", Stage(document.Stage(text(args, 0))))
	},
	document.NotYourRole:   fixed("Bạn không giữ vai trò xử lý bước này."),
	"cause_missing":        fixed("Ghi nguyên nhân."),
	"cause_too_long":       func(a []any) string { return "Nguyên nhân quá dài, tối đa " + text(a, 0) + " chữ cái." },
	"cause_not_overdue":    fixed("Văn bản không còn quá hạn nên không cần ghi nguyên nhân."),
	document.ReasonMissing: fixed("Ghi lý do."),
	document.ReasonTooLong: func(args []any) string {
		return fmt.Sprintf("Lý do dài quá %s chữ cái, rút gọn lại.", Decimal(text(args, 0)))
	},
	document.PointBlank: fixed("Ghi rõ cần sửa gì ở chỗ này, hoặc để trống cả dòng."),
	document.PointTooLong: func(args []any) string {
		return "Dài quá " + Decimal(text(args, 0)) + " chữ cái, rút gọn lại."
	},
	document.PointsTooMany: func(args []any) string {
		return "Nhiều quá " + text(args, 0) + " điểm. Gộp những điểm cùng một chỗ."
	},
	document.PointElsewhere: fixed("Chọn một chỗ có trong danh sách."),
	document.PointOpen: func(args []any) string {
		if len(args) == 0 {
			return "Còn điểm phải sửa chưa có trả lời."
		}
		return "Điểm phải sửa chưa có trả lời: " + text(args, 0)
	},
	document.AnswerBlank:    fixed("Ghi đã sửa thế nào, hoặc vì sao không sửa."),
	document.ContentChanged: fixed("Nội dung đã thay đổi sau khi bạn mở trang. Chưa có gì bị ghi đè; xem lại nội dung mới rồi quyết định."),
	document.ActedBefore: func(args []any) string {
		return fmt.Sprintf("Bạn đã xử lý văn bản này với vai trò %s, nên không xử lý tiếp với vai trò khác.", lower(Role(staff.Role(text(args, 0)))))
	},
	document.NotTheAuthor:      fixed("Chỉ người đã trình văn bản mới thu hồi được."),
	document.SigningInProgress: fixed("Văn bản đang được ký số. Chờ ký xong hoặc lần ký hết hạn rồi thử lại."),
	document.ExtensionNotLater: fixed("Hạn mới phải sau hạn đang áp dụng."),
	document.ExtensionPast:     fixed("Ngày đề nghị đã qua. Chọn ngày sau hôm nay."),
	document.ExtensionTooFar: func(args []any) string {
		return "Ngày đề nghị quá xa, tối đa " + text(args, 0) + " ngày sau hạn. Kiểm tra lại năm đã gõ."
	},
	document.AskedAlready:     fixed("Văn bản này đã có một đề nghị gia hạn đang chờ Sở Nội vụ quyết định."),
	document.RequestAnswered:  fixed("Đề nghị này đã kết thúc: đã được quyết định hoặc đơn vị đã rút."),
	document.RequestInWaiting: fixed("Quyết định về đề nghị này đã được ghi nhận và đang xử lý."),
	"requests_missing":        fixed("Chọn ít nhất một đề nghị."),
	"outage_unconfirmed":      fixed("Sự cố chưa được xác nhận. Xác nhận tại trang sự cố rồi gia hạn."),
	"outage_goes_on":          fixed("Sự cố chưa kết thúc. Gia hạn được khi phần mềm hoạt động trở lại."),
	"deadlines_missing":       fixed("Chọn ít nhất một nhóm thời hạn để gia hạn."),
	"due_moved_meanwhile":     fixed("Hạn đã thay đổi sau khi bạn mở trang. Chưa có gì bị ghi đè; xem lại hạn mới."),
	document.NotSigned:        fixed("Văn bản chưa được ký nên không có kết quả nộp để tính lại."),
	document.ReopenDuePast:    fixed("Hạn nộp lại phải sau lúc này."),
	document.UnknownAction:    fixed("Thao tác không hợp lệ."),
}
