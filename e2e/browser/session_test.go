package browser

import "testing"

// signingIn: a wrong password is told at the top and beside the fields, the name
// stays; after the right one the page that was asked for is there. A name may be tried
// ten times a minute: it is one that other journeys sign in with seldom.
func signingIn(t *testing.T, w *town) {
	b := w.window(t, "somebody")
	b.open("/tasks")
	if b.address() == "/tasks" {
		t.Fatal("a page was shown without signing in")
	}
	b.write("username", finance.colleague)
	b.write("password", "không phải mật khẩu")
	if status := b.press("Đăng nhập"); status != 422 {
		t.Errorf("a wrong password was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa", "Tên đăng nhập hoặc mật khẩu không đúng.")
	if name := b.value("username"); name != finance.colleague {
		t.Errorf("the name typed is gone: %q", name)
	}
	b.write("password", "Demo-2026!")
	b.pressed("Đăng nhập")
	if b.address() != "/tasks" {
		t.Errorf("after signing in: %s, want the page that was asked for", b.address())
	}
	b.sees("Việc của tôi")
	b.tapOn("header .account summary")
	b.press("Đăng xuất")
	b.open("/tasks")
	b.sees("Đăng nhập")
}
