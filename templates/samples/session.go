package samples

import (
	"cchc/domain/rule"
	"cchc/templates"
)

func session() []Sample {
	broken := rule.Broken("sign_in_wrong", "")
	return []Sample{
		{"sign-in", "session/sign-in", templates.SignInPage{Shell: templates.Shell{Title: "Đăng nhập"}, Username: "stc.hanhntm", Return: "/tasks",
			Note: &templates.Note{Tone: templates.ToneInfo, Bold: "Thứ Ba 24/11/2026 nghỉ Ngày Văn hóa Việt Nam.", Text: "Hạn của các đợt đang mở đã tính ngày nghỉ này."}}},
		{"sign-in-refused", "session/sign-in", templates.SignInPage{Shell: templates.Shell{Title: "Đăng nhập", Errors: broken}, Username: "stc.hanhntm", Return: "/tasks"}},
		{"activate", "session/activate", templates.ActivatePage{Shell: templates.Shell{Title: "Kích hoạt tài khoản", Errors: rule.Broken("password_short", "password", 12)}, Username: "ptdm.anhln"}},
		{"password", "session/password", templates.PasswordPage{Shell: specialist("Đổi mật khẩu", templates.AtNowhere), Key: "k1", Forced: true}},
	}
}
