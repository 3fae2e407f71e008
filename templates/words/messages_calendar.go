package words

import (
	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// calendarMessages are about edits of the calendar.
var calendarMessages = map[rule.Code]sentence{
	calendar.ChangeEmpty:   fixed("Chưa có thay đổi nào."),
	calendar.NameMissing:   fixed("Ghi tên ngày nghỉ."),
	calendar.NameTooLong:   func(a []any) string { return "Tên dài quá " + text(a, 0) + " chữ cái." },
	calendar.KindUnknown:   fixed("Chọn loại ngày."),
	calendar.CertaintyBad:  fixed("Chọn độ chắc chắn."),
	calendar.LegalMissing:  fixed("Ngày chính thức phải ghi số và ngày của thông báo."),
	calendar.LegalTooLong:  func(a []any) string { return "Số thông báo dài quá " + text(a, 0) + " chữ cái." },
	calendar.SpanBackwards: fixed("Ngày cuối phải sau ngày đầu."),
	calendar.SpanTooLong:   func(a []any) string { return "Mỗi lần ghi tối đa " + text(a, 0) + " ngày liền nhau." },
	calendar.YearOutOfRange: func(a []any) string {
		return "Năm phải từ " + text(a, 0) + " đến " + text(a, 1) + "."
	},
	calendar.DayPast: func(a []any) string {
		return "Ngày " + isoDate(a) + " đã qua: hạn và số ngày giữ đã tính theo lịch cũ, không đổi được nữa. Tên và căn cứ thì sửa được."
	},
	calendar.NotAWorkday: func(a []any) string {
		return "Ngày " + isoDate(a) + " vốn là ngày nghỉ hằng tuần. Chọn ngày từ thứ Hai đến thứ Sáu."
	},
	calendar.NotARestDay: func(a []any) string {
		return "Ngày " + isoDate(a) + " vốn là ngày làm việc. Ngày làm bù phải là thứ Bảy hoặc Chủ nhật."
	},
	"calendar_changed": fixed("Lịch vừa có người khác sửa. Dưới đây là kết quả tính lại theo lịch mới; xem lại rồi lưu."),
}

// isoDate is the first argument, a day as stored, as people write it.
func isoDate(args []any) string {
	day, err := calendar.ParseDay(text(args, 0))
	if err != nil {
		return text(args, 0)
	}
	return Date(day)
}
