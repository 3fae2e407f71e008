package words

import "cchc/domain/rule"

// operationMessages are about operators' actions and about forms as such.
var operationMessages = map[rule.Code]sentence{
	"wake_reason": fixed("Ghi lý do đánh thức, tối đa 500 chữ cái."),
	"form_whole":  fixed("Ghi số nguyên, ví dụ 2."),
	"form_clock":  fixed("Ghi giờ theo dạng 17:00; 24:00 là hết ngày."),
	"form_choice": fixed("Chọn một mục trong danh sách."),
}
