package words

import (
	"cchc/domain/outage"
	"cchc/domain/rule"
)

// outageMessages are about the rule by which an outage is judged.
var outageMessages = map[rule.Code]sentence{
	outage.DaysBad: func(a []any) string {
		return "Số ngày làm việc liên tiếp phải từ 1 đến " + text(a, 0) + "."
	},
	outage.CountBad:    fixed("Chọn cách đếm: theo giờ làm việc hoặc theo ngày trọn."),
	outage.OfficeBad:   fixed("Giờ làm việc phải có ít nhất một buổi; buổi sau bắt đầu khi buổi trước đã kết thúc."),
	outage.DurationBad: fixed("Thời gian không hợp lệ."),
	outage.LeadBad:     func(a []any) string { return "Số ngày trước hạn phải từ 0 đến " + text(a, 0) + "." },

	"outage_hours": func(a []any) string {
		return "Thời gian cho ý kiến phải từ 1 đến " + text(a, 0) + " giờ."
	},
	"outage_it_unit":   fixed("Chọn cơ quan phối hợp về công nghệ thông tin."),
	"outage_site_url":  fixed("Ghi địa chỉ đầy đủ, bắt đầu bằng https:// hoặc http://."),
	"outage_text_long": func(a []any) string { return "Ghi tối đa " + text(a, 0) + " ký tự." },
	"outage_text":      fixed("Ghi nội dung này."),
	"outage_changed":   fixed("Nội dung đã thay đổi sau khi trang này mở. Xem lại rồi làm lại."),
	"outage_over":      fixed("Sự cố đã kết thúc hoặc việc này đã được ghi."),
	"outage_when":      fixed("Thời điểm không được ở tương lai và phải theo thứ tự: bắt đầu trước, kết thúc sau."),
	"outage_long_ago": func(a []any) string {
		return "Thời điểm bắt đầu không được quá " + text(a, 0) + " ngày trước. Xem lại ngày và năm."
	},
	"outage_expected":    fixed("Thời điểm dự kiến phải sau thời điểm bắt đầu."),
	"outage_told":        fixed("Sự cố đã được xác nhận hoặc đã thông báo cho các đơn vị. Ghi thời điểm kết thúc thay vì bỏ."),
	"notice_fixed":       fixed("Thông báo đã phát hành hoặc đã bỏ, không sửa được nữa."),
	"notice_word_given":  fixed("Cơ quan này đã cho ý kiến về bản dự thảo."),
	"notice_word_both":   fixed("Một người không cho ý kiến thay cả hai cơ quan."),
	"maintenance_past":   fixed("Thời gian này đã qua hoặc đã bắt đầu."),
	"maintenance_window": fixed("Thời điểm kết thúc phải sau lúc bắt đầu, không quá 14 ngày."),
}
