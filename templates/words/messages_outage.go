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
}
