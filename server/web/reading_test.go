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
