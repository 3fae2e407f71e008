package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// TestOutsidersReadWhatIsSigned walks a document through two rounds: what the
// unit has not signed is its own paper (QĐ 1439 Đ5, Đ8.1), what it has signed
// stays readable while the next revision is made.
func TestOutsidersReadWhatIsSigned(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.fill()
	sees := func(text string, yes bool) {
		t.Helper()
		for _, role := range []staff.Role{staff.Officer, staff.Viewer} {
			page := c.at[role].get(t, c.path("")).want(t, http.StatusOK)
			if strings.Contains(page.body, text) != yes {
				t.Errorf("%s sees %q: %v, want %v", role, text, !yes, yes)
			}
		}
	}
	closed := func(path string, status int) {
		t.Helper()
		c.at[staff.Officer].get(t, c.path(path)).want(t, status)
	}
	const first, second = "Nội dung phần III", "Phần III viết lại"

	c.submit()
	sees(first, false)
	closed("/print.pdf", http.StatusNotFound)
	closed("/print.pdf?revision=1", http.StatusNotFound)
	closed("/review", http.StatusSeeOther)
	c.at[staff.DivisionHead].get(t, c.path("/review")).want(t, http.StatusOK).says(t, first)

	c.approve()
	sees(first, false)
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	sees(first, true)
	closed("/print.pdf", http.StatusOK)

	c.follow(staff.Officer, c.decide(staff.Officer, "/return", "/return", url.Values{"reason": {"Viết lại phần III."}}))
	c.exec(`update draft_sections set body = $2, version = version + 1 where document_id = $1 and section = 'III'`, c.id, second)
	c.submit()
	sees(first, true)
	sees(second, false)
	closed("/print.pdf?revision=2", http.StatusNotFound)
	closed("/print.pdf?revision=1", http.StatusOK)
}

func TestCommentsStayInTheUnit(t *testing.T) {
	c := newChain(t)
	const said = "Đã hỏi Phòng Đăng ký kinh doanh."
	page := c.at[staff.Specialist].get(t, c.path("")).want(t, http.StatusOK)
	form := url.Values{"key": {page.field(t, "key")}, "comment": {said}}
	for range 2 { // a double click
		sent := c.at[staff.Specialist].post(t, c.path("/comments"), form)
		if sent.StatusCode != http.StatusSeeOther || sent.Header.Get("Location") != c.path("#comments") {
			t.Fatalf("%d to %q", sent.StatusCode, sent.Header.Get("Location"))
		}
	}
	if n := c.count(`select count(*) from comments`); n != 1 {
		t.Errorf("%d comments", n)
	}
	c.at[staff.DivisionHead].get(t, c.path("")).want(t, http.StatusOK).says(t, said)
	for _, outsider := range []staff.Role{staff.Officer, staff.Viewer} {
		if body := c.at[outsider].get(t, c.path("")).want(t, http.StatusOK).body; strings.Contains(body, said) || strings.Contains(body, "/comments") {
			t.Errorf("%s sees the unit's comments", outsider)
		}
	}
	empty := c.at[staff.Specialist].post(t, c.path("/comments"), url.Values{"key": {"2f0d7e39-9d9c-4b9e-8f5e-0a2f8b9a1c11"}, "comment": {"  "}})
	empty.want(t, http.StatusUnprocessableEntity).says(t, "Viết ý kiến trước khi gửi.")
}
