package words

import (
	"fmt"
	"strings"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// accountMessages are about changes of accounts and about lists of people.
var accountMessages = map[rule.Code]sentence{
	staff.OwnAccount:       fixed("Không thể thay đổi tài khoản và quyền của chính mình. Nhờ người quản trị tài khoản khác."),
	staff.LastAccountAdmin: fixed("Đây là người quản trị tài khoản cuối cùng. Giao vai trò này cho người khác trước."),
	staff.PositionHeld:     fixed("Người này đang giữ vai trò đó tại đơn vị."),
	staff.UnitUnknown: func(a []any) string {
		return fmt.Sprintf("Không có đơn vị mã “%s” đang hoạt động.", text(a, 0))
	},
	staff.AccountClosed: fixed("Tài khoản đã đóng. Người này cần tài khoản mới."),

	staff.PeopleFile: func(a []any) string {
		return fmt.Sprintf("Không đọc được danh sách từ dòng %s. Kiểm tra dấu ngoặc kép và dấu phân cách.", text(a, 0))
	},
	staff.PeopleColumn: func(a []any) string {
		return fmt.Sprintf("Danh sách thiếu cột “%s”.", text(a, 0))
	},
	staff.PeopleEmpty: fixed("Danh sách không có người nào."),
	staff.PeopleMany: func(a []any) string {
		return fmt.Sprintf("Danh sách dài quá %s dòng, chia thành nhiều tệp.", text(a, 0))
	},
	staff.PersonUnit: inRow("không có đơn vị mã “%s” đang hoạt động"),
	staff.PersonRole: inRow("không có vai trò “%s”"),
	staff.PersonElsewhere: func(a []any) string {
		return fmt.Sprintf("Dòng %s: vai trò %s chỉ có ở Sở Nội vụ.", text(a, 0), lower(Role(staff.Role(text(a, 1)))))
	},
	staff.PersonName:     inRow("thiếu họ tên, hoặc họ tên dài quá 100 chữ cái"),
	staff.PersonMail:     inRow("“%s” không phải địa chỉ thư điện tử"),
	staff.PersonUsername: inRow("tên đăng nhập “%s” cần 3 đến 50 ký tự gồm chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối"),
	staff.PersonTaken:    inRow("tên đăng nhập “%s” đã có tài khoản"),
	staff.PersonDiffers:  inRow("tên đăng nhập “%s” có ở dòng %s với họ tên hoặc thư điện tử khác"),
	staff.PersonRepeated: inRow("trùng người, đơn vị và vai trò với dòng %s"),
}

// inRow makes a sentence about one row of a list; the first argument is its
// number, the others fill the sentence in order.
func inRow(format string) sentence {
	places := strings.Count(format, "%s")
	return func(a []any) string {
		rest := make([]any, places)
		for i := range rest {
			rest[i] = text(a, i+1)
		}
		return "Dòng " + text(a, 0) + ": " + fmt.Sprintf(format, rest...) + "."
	}
}
