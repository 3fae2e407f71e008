package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates/words"
)

// said is the sentence of a broken rule.
func said(code rule.Code, args ...any) string {
	return words.Message(rule.Error{Code: code, Args: args})
}

const goodPassword = "Mua-xuan-2026!"

// employ makes an account that signs in with goodPassword, the long way.
func (k *kit) employ(t *testing.T, unit string, role staff.Role, name string) storage.Account {
	t.Helper()
	issued, err := k.Store.ImportPeople(context.Background(), storage.Audit{}, []staff.NewPerson{{Row: 2, Unit: unit, Role: role, Name: name}})
	if err != nil {
		t.Fatal(err)
	}
	account, err := k.Store.Activate(context.Background(), issued[0].Username, issued[0].Code, goodPassword, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func (k *kit) audited(t *testing.T, action string) (n int) {
	t.Helper()
	if err := k.Owner.QueryRow(`select count(*) from audit where action = $1`, action).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSignInAndOut(t *testing.T) {
	k := newKit(t)
	account := k.employ(t, "STC", staff.Specialist, "Lý Gia Huy")
	b := k.visitor()
	b.get(t, "/profile").want(t, http.StatusSeeOther, "/sign-in?return=%2Fprofile")
	page := b.get(t, "/sign-in?return=%2Fprofile").want(t, http.StatusOK)
	form := url.Values{"username": {account.Username}, "password": {"wrong"}, "return": {page.field(t, "return")}}
	refused := b.post(t, "/sign-in", form).want(t, http.StatusUnprocessableEntity)
	refused.says(t, said(staff.SignInWrong))
	if refused.field(t, "username") != account.Username || strings.Contains(refused.body, "wrong") {
		t.Error("after a refusal the username is kept, the password never")
	}
	before := b.cookie["session"]
	form.Set("password", goodPassword)
	b.post(t, "/sign-in", form).want(t, http.StatusSeeOther, "/profile")
	if b.cookie["session"] == before || b.cookie["session"] == "" {
		t.Error("the session's token was not renewed at sign-in")
	}
	b.get(t, "/profile").want(t, http.StatusOK).says(t, "Lý Gia Huy", "Chuyên viên", "Sở Tài chính")
	stolen := b.cookie["session"]
	b.post(t, "/sign-out", nil).want(t, http.StatusSeeOther, "/sign-in")
	b.cookie["session"] = stolen
	b.get(t, "/profile").want(t, http.StatusSeeOther)
	for action, want := range map[string]int{storage.AuditSignIn: 1, storage.AuditSignInFailed: 1, storage.AuditSignOut: 1} {
		if n := k.audited(t, action); n != want {
			t.Errorf("%d lines of %s, want %d", n, action, want)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	k := newKit(t)
	account := k.employ(t, "STC", staff.Specialist, "Lý Gia Huy")
	for _, secure := range []bool{false, true} {
		k.server.secure = secure
		sessions, err := k.server.newSessions(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		k.server.sessions = sessions
		k.handler = k.server.Handler()
		a := k.visitor().post(t, "/sign-in", url.Values{"username": {account.Username}, "password": {goodPassword}}).want(t, http.StatusSeeOther, "/")
		for _, c := range a.Cookies() {
			if !strings.HasSuffix(c.Name, "session") {
				continue
			}
			if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 0 ||
				strings.HasPrefix(c.Name, "__Host-") != secure {
				t.Errorf("cookie %+v", c)
			}
		}
		if strict := a.Header.Get("Strict-Transport-Security") != ""; strict != secure {
			t.Errorf("Strict-Transport-Security sent: %t over secure: %t", strict, secure)
		}
	}
}

// Whoever changes a password elsewhere, or loses the account or a role, is told
// so at the next click.
func TestSessionsEndWithPasswordAndAccount(t *testing.T) {
	k := newKit(t)
	account := k.employ(t, "STC", staff.Specialist, "Lý Gia Huy")
	here, elsewhere := k.as(t, account.Person), k.as(t, account.Person)
	const other = "con đường xưa em đi qua"
	form := url.Values{"current": {goodPassword}, "password": {other}, "repeat": {other}}
	here.post(t, "/password", form).want(t, http.StatusSeeOther, "/")
	here.get(t, "/profile").want(t, http.StatusOK).says(t, "Đã đổi mật khẩu")
	elsewhere.get(t, "/profile").want(t, http.StatusSeeOther)
	here.post(t, "/password", form).want(t, http.StatusSeeOther, "/") // a double click

	id := k.document(t, "STC")
	if !mayRead(t, k, account.Person, id) {
		t.Fatal("a specialist cannot read their unit's document")
	}
	if _, err := k.Owner.Exec(`update positions set valid_to = clock_timestamp() where person_id = $1`, account.Person); err != nil {
		t.Fatal(err)
	}
	if mayRead(t, k, account.Person, id) {
		t.Error("the position is over, its rights are not")
	}
	if _, err := k.Owner.Exec(`update persons set state = 'closed' where id = $1`, account.Person); err != nil {
		t.Fatal(err)
	}
	here.get(t, "/profile").want(t, http.StatusSeeOther)
}

// mayRead asks the rule alone.
func mayRead(t *testing.T, k *kit, person int64, document string) bool {
	t.Helper()
	actor, err := k.Store.Actor(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := k.Store.DocumentUnit(context.Background(), document)
	if err != nil {
		t.Fatal(err)
	}
	return actor.Reads().Covers(unit)
}

func TestIssuedPasswordMustBeChangedFirst(t *testing.T) { // QĐ 1439 Đ14.1
	k := newKit(t)
	account := k.employ(t, "STC", staff.Specialist, "Lý Gia Huy")
	if _, err := k.Owner.Exec(`update persons set must_change = true`); err != nil {
		t.Fatal(err)
	}
	b := k.as(t, account.Person)
	b.get(t, "/profile").want(t, http.StatusSeeOther, "/password")
	b.get(t, "/password").want(t, http.StatusOK).says(t, "Đổi mật khẩu được cấp trước khi dùng hệ thống")
	broken := b.post(t, "/password", url.Values{"current": {"wrong"}, "password": {"x"}, "repeat": {"y"}})
	broken.want(t, http.StatusUnprocessableEntity).says(t, said(staff.PasswordWrong))
	const other = "con đường xưa em đi qua"
	b.post(t, "/password", url.Values{"current": {goodPassword}, "password": {other}, "repeat": {other}}).want(t, http.StatusSeeOther, "/")
	b.get(t, "/profile").want(t, http.StatusOK)
}

func TestActivationPage(t *testing.T) {
	k := newKit(t)
	issued, err := k.Store.ImportPeople(context.Background(), storage.Audit{}, []staff.NewPerson{{Row: 2, Unit: "STC", Role: staff.Clerk, Name: "Mai Thị Hồng Nhung"}})
	if err != nil {
		t.Fatal(err)
	}
	b := k.visitor()
	b.get(t, "/activate").want(t, http.StatusOK)
	form := url.Values{"username": {issued[0].Username}, "code": {issued[0].Code}, "password": {goodPassword}, "repeat": {goodPassword + "x"}}
	a := b.post(t, "/activate", form).want(t, http.StatusUnprocessableEntity)
	a.says(t, said(staff.PasswordDiffers))
	if a.field(t, "code") != issued[0].Code || a.field(t, "password") != "" {
		t.Error("the code is kept, the password never")
	}
	form.Set("repeat", goodPassword)
	b.post(t, "/activate", form).want(t, http.StatusSeeOther, "/")
	b.get(t, "/profile").want(t, http.StatusOK).says(t, "Mai Thị Hồng Nhung")
	k.visitor().post(t, "/activate", form).want(t, http.StatusUnprocessableEntity).says(t, said(staff.ActivationWrong))
}

func TestThemeIsKeptOnTheDevice(t *testing.T) {
	k := newKit(t)
	b := k.visitor()
	b.post(t, "/theme", url.Values{"theme": {"dark"}, "return": {"/activate"}}).want(t, http.StatusSeeOther, "/activate")
	if a := b.get(t, "/activate"); !strings.Contains(a.body, `<meta name="color-scheme" content="dark">`) {
		t.Error("the chosen theme does not show")
	}
	b.post(t, "/theme", url.Values{"theme": {"pink"}}).want(t, http.StatusBadRequest)
	b.post(t, "/theme", url.Values{"theme": {""}, "return": {"/activate"}}).want(t, http.StatusSeeOther)
	if b.cookie["theme"] != "" {
		t.Error("the device's own choice needs no cookie")
	}
}

// Nothing typed is lost when the session ends before the form is sent.
func TestFormSurvivesTheSession(t *testing.T) {
	k := newKit(t)
	account := k.employ(t, "SNV", staff.AccountAdmin, "Phạm Ngọc Diễm")
	b := k.visitor()
	const typed = "unit,role,name,mail\nSTC,clerk,\"Bé & <b>Lan</b>\",\n"
	form := url.Values{"list": {typed}, "step": {"check"}, "password": {"must not be kept"}, "key": {"k1"}}
	page := b.post(t, "/admin/accounts/import", form).want(t, http.StatusUnauthorized)
	page.says(t, "Nội dung bạn vừa nhập được giữ lại")
	if strings.Contains(page.body, "must+not") || strings.Contains(page.body, "must not") {
		t.Error("a secret was kept")
	}
	form = url.Values{"username": {account.Username}, "password": {"wrong"}, "kept_path": {page.field(t, "kept_path")}, "kept_form": {page.field(t, "kept_form")}}
	again := b.post(t, "/sign-in", form).want(t, http.StatusUnprocessableEntity)
	form.Set("kept_form", again.field(t, "kept_form"))
	form.Set("password", goodPassword)
	resumed := b.post(t, "/sign-in", form).want(t, http.StatusOK)
	if resumed.field(t, "list") != typed || resumed.field(t, "key") != "k1" {
		t.Errorf("kept %q", resumed.field(t, "list"))
	}
	if !strings.Contains(resumed.body, `action="/admin/accounts/import"`) {
		t.Error("the form goes elsewhere")
	}
	b.post(t, "/admin/accounts/import", url.Values{"list": {resumed.field(t, "list")}, "step": {"check"}}).want(t, http.StatusOK).says(t, "Lan")

	form.Set("kept_path", "//evil.example/")
	k.visitor().post(t, "/sign-in", form).want(t, http.StatusSeeOther, "/")
	k.visitor().post(t, "/admin/accounts/import", url.Values{"key": {"k1"}}).want(t, http.StatusSeeOther, "/sign-in")
}

func TestLocalPath(t *testing.T) {
	for given, want := range map[string]string{
		"/tasks?tab=done":             "/tasks?tab=done",
		"":                            "/",
		"tasks":                       "/",
		"//evil.example/":             "/",
		"/\\evil.example":             "/",
		"https://evil.example/":       "/",
		"/a\nb":                       "/",
		"/sign-in?return=/sign-in":    "/", // no circles
		"/documents/x/y?u=https://a/": "/documents/x/y?u=https://a/",
	} {
		if got := localPath(given); got != want {
			t.Errorf("localPath(%q) = %q, want %q", given, got, want)
		}
	}
}
