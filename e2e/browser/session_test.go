package browser

import (
	"net/http"
	"testing"

	"cchc/storage"
)

// signingIn: a wrong password is told at the top and beside the fields, the name
// stays; after the right one the page that was asked for is there.
func signingIn(t *testing.T, w *town) {
	b := w.window(t, "somebody")
	b.open("/tasks")
	if b.address() == "/tasks" {
		t.Fatal("a page was shown without signing in")
	}
	if status := b.knock("/tasks", finance.colleague, "không phải mật khẩu"); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa", "Tên đăng nhập hoặc mật khẩu không đúng.")
	if name := b.value("username"); name != finance.colleague {
		t.Errorf("the name typed is gone: %q", name)
	}
	b.write("password", storage.DemoPassword)
	if status := b.press("Đăng nhập"); status == http.StatusTooManyRequests {
		b.knock("/tasks", finance.colleague, storage.DemoPassword)
	}
	if b.address() != "/tasks" {
		t.Errorf("after signing in: %s, want the page that was asked for", b.address())
	}
	b.sees("Việc của tôi")
	b.tapOn("header .account summary")
	b.press("Đăng xuất")
	b.open("/tasks")
	b.sees("Đăng nhập")
}
