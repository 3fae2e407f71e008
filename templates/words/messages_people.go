package words

import (
	"fmt"
	"maps"
	"time"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

func init() { maps.Copy(messages, peopleMessages) }

// peopleMessages are the sentences about passwords, sign-in, accounts and lists
// of people.
var peopleMessages = map[rule.Code]sentence{
	staff.PasswordShort: func(args []any) string {
		return fmt.Sprintf("Mật khẩu cần ít nhất %s ký tự.", text(args, 0))
	},
	staff.PasswordLong: func(args []any) string {
		return fmt.Sprintf("Mật khẩu dài quá %s ký tự.", text(args, 0))
	},
	staff.PasswordClasses:  fixed("Mật khẩu cần đủ chữ thường, chữ hoa, chữ số và ký tự khác, hoặc dài từ 20 ký tự."),
	staff.PasswordUsername: fixed("Mật khẩu không được chứa tên đăng nhập."),
	staff.PasswordCommon:   fixed("Mật khẩu này dễ đoán, chọn mật khẩu khác."),
	staff.PasswordDiffers:  fixed("Hai lần nhập mật khẩu không giống nhau."),
	staff.PasswordSame:     fixed("Mật khẩu mới phải khác mật khẩu hiện tại."),
	staff.PasswordWrong:    fixed("Mật khẩu hiện tại không đúng."),

	staff.SignInWrong: fixed("Tên đăng nhập hoặc mật khẩu không đúng. Sau nhiều lần sai, tài khoản bị khóa tạm thời."),
	staff.SignInLocked: func(args []any) string {
		until, err := time.Parse(time.RFC3339, text(args, 0))
		if err != nil {
			return "Tài khoản đang bị khóa tạm thời."
		}
		return fmt.Sprintf("Tài khoản bị khóa tạm thời đến %s do nhập sai mật khẩu nhiều lần. Cần dùng sớm hơn, báo Thủ trưởng đơn vị để Sở Nội vụ cấp lại.", Moment(until))
	},
	staff.ActivationWrong:  fixed("Tên đăng nhập hoặc mã kích hoạt không đúng, mã đã dùng hoặc đã hết hạn."),
	staff.OwnAccount:       fixed("Không thể thay đổi tài khoản và quyền của chính mình. Nhờ người quản trị tài khoản khác."),
	staff.LastAccountAdmin: fixed("Đây là người quản trị tài khoản cuối cùng. Giao vai trò này cho người khác trước."),
	staff.PositionHeld:     fixed("Người này đang giữ vai trò đó tại đơn vị."),
	staff.UnitUnknown: func(args []any) string {
		return fmt.Sprintf("Không có đơn vị mã “%s” đang hoạt động.", text(args, 0))
	},
	staff.AccountClosed: fixed("Tài khoản đã đóng. Người này cần tài khoản mới."),
	staff.RoleUnknown: func(args []any) string {
		return fmt.Sprintf("Không có vai trò “%s”.", text(args, 0))
	},
	staff.RoleElsewhere: func(args []any) string {
		return fmt.Sprintf("Vai trò %s chỉ có tại Sở Nội vụ.", lower(Role(staff.Role(text(args, 0)))))
	},

	staff.PeopleFile: func(args []any) string {
		return fmt.Sprintf("Không đọc được danh sách từ dòng %s. Kiểm tra dấu ngoặc kép và dấu phân cách.", text(args, 0))
	},
	staff.PeopleColumn: func(args []any) string {
		return fmt.Sprintf("Danh sách thiếu cột “%s”.", text(args, 0))
	},
	staff.PeopleEmpty: fixed("Danh sách không có người nào."),
	staff.PeopleMany: func(args []any) string {
		return fmt.Sprintf("Danh sách quá %s dòng, chia thành nhiều tệp.", Decimal(text(args, 0)))
	},
	staff.PersonUnit: inRow("không có đơn vị mã “%s” đang hoạt động"),
	staff.PersonRole: inRow("không có vai trò “%s”"),
	staff.PersonElsewhere: func(args []any) string {
		return fmt.Sprintf("Dòng %s: vai trò %s chỉ có tại Sở Nội vụ.", text(args, 0), lower(Role(staff.Role(text(args, 1)))))
	},
	staff.PersonName:     inRow("thiếu họ tên, hoặc họ tên dài quá 100 chữ cái"),
	staff.PersonMail:     inRow("“%s” không phải địa chỉ thư điện tử"),
	staff.PersonUsername: inRow("tên đăng nhập “%s” cần 3 đến 50 ký tự gồm chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối"),
	staff.PersonTaken:    inRow("tên đăng nhập “%s” đã có người dùng"),
	staff.PersonDiffers:  inRow("tên đăng nhập “%s” ở dòng %s có họ tên hoặc thư điện tử khác"),
	staff.PersonRepeated: inRow("trùng người, đơn vị và vai trò với dòng %s"),
}

// inRow makes a sentence about one row of a list; the first argument is its
// number, the others fill the sentence in order.
func inRow(format string) sentence {
	return func(args []any) string {
		var rest []any
		for i := 1; i < len(args); i++ {
			rest = append(rest, text(args, i))
		}
		return "Dòng " + text(args, 0) + ": " + fmt.Sprintf(format, rest...) + "."
	}
}
