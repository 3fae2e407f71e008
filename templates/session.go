package templates

// SignInPage is GET /sign-in. The form posts username, password and return.
type SignInPage struct {
	Shell
	Username string // kept after a refusal; the password never is
	Return   string // local path to go to afterwards
	Note     *Note  // e.g. a coming day off, or that the session ended and what was typed is kept
	Demo     []DemoAccount
	Kept     *KeptForm // posted on as kept_path and kept_form
}

// ActivatePage is GET /activate: a new or re-issued account takes its one-time
// code and sets its first password. Posts username, code, password, repeat.
type ActivatePage struct {
	Shell
	Username string
	Code     string
}

// PasswordPage is GET /password: the signed-in person changes their password.
// Posts current, password, repeat.
type PasswordPage struct {
	Shell
	Key    string
	Forced bool   // the issued password must be changed before anything else (QĐ 1439 Đ14.1)
	Advice string // when it was last changed, e.g. "Bạn đổi mật khẩu lần gần nhất ngày 12/03/2026."
}
