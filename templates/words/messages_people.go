package words

import (
	"fmt"
	"time"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// peopleMessages are about passwords and sign-in.
var peopleMessages = map[rule.Code]sentence{
	staff.PasswordShort: func(a []any) string {
		return fmt.Sprintf("Mật khẩu cần ít nhất %s ký tự.", text(a, 0))
	},
	staff.PasswordLong: func(a []any) string {
		return fmt.Sprintf("Mật khẩu dài quá %s ký tự.", text(a, 0))
	},
	staff.PasswordClasses:  fixed("Mật khẩu cần đủ chữ thường, chữ hoa, chữ số và ký tự khác, hoặc dài từ 20 ký tự."),
	staff.PasswordUsername: fixed("Mật khẩu không được chứa tên đăng nhập."),
	staff.PasswordCommon:   fixed("Mật khẩu này dễ đoán, chọn mật khẩu khác."),
	staff.PasswordDiffers:  fixed("Hai lần nhập mật khẩu không giống nhau."),
	staff.PasswordSame:     fixed("Mật khẩu mới phải khác mật khẩu hiện tại."),
	staff.PasswordWrong:    fixed("Mật khẩu hiện tại không đúng."),
	staff.SignInWrong:      fixed("Tên đăng nhập hoặc mật khẩu không đúng. Sau nhiều lần sai, tài khoản bị khóa tạm thời."),
	staff.SignInLocked:     locked,
	staff.ActivationWrong:  fixed("Tên đăng nhập hoặc mã kích hoạt không đúng, mã đã dùng hoặc đã hết hạn."),
	staff.RoleUnknown:      func(a []any) string { return fmt.Sprintf("Không có vai trò “%s”.", text(a, 0)) },
	staff.RoleElsewhere: func(a []any) string {
		return fmt.Sprintf("Vai trò %s chỉ có tại Sở Nội vụ.", lower(Role(staff.Role(text(a, 0)))))
	},
}

// locked says until when sign-in is closed after too many wrong passwords.
func locked(a []any) string {
	until, err := time.Parse(time.RFC3339, text(a, 0))
	if err != nil {
		return "Tài khoản đang bị khóa tạm thời do nhập sai mật khẩu nhiều lần."
	}
	return fmt.Sprintf("Tài khoản bị khóa tạm thời đến %s do nhập sai mật khẩu nhiều lần. Cần dùng sớm hơn, báo Thủ trưởng đơn vị để Sở Nội vụ cấp lại.", Moment(until))
}
