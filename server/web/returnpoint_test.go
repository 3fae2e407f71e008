package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates"
)

// QĐ 1439 art. 8.2: what is to be made clear is named, point by point; the author
// answers, and the next review opens on the answers.
func TestPointsOfAReturn(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.submit()
	head, author := c.at[staff.DivisionHead], c.at[staff.Specialist]
	page := head.get(t, c.path("/return")).want(t, http.StatusOK).says(t, "Từng điểm cần sửa", "Phần I. ", "Tệp đính kèm")
	form := page.filled(t, c.path("/return"))
	form.Set("reason", "Bổ sung hai chỗ.")
	form.Set("point.1.field", "section.I")
	form.Set("point.1.text", "Nêu rõ nguyên nhân.")
	form.Set("point.2.need", templates.PointShould)
	form.Set("point.2.text", "Rút gọn phần mở đầu.")
	more := url.Values{"more": {"1"}}
	for name, values := range form {
		more[name] = values
	}
	longer := head.post(t, c.path("/return"), more).want(t, http.StatusOK).says(t, "Nêu rõ nguyên nhân.", "Bổ sung hai chỗ.").filled(t, c.path("/return"))
	if !longer.Has("point.4.text") || longer.Get("point.1.field") != "section.I" || longer.Get("point.2.need") != templates.PointShould || c.stage() != document.DivisionReview {
		t.Fatalf("with more rows: %v", longer)
	}
	for field, want := range map[string]string{"point.3.field": "Ghi rõ cần sửa gì ở chỗ này", "point.1.field": "Chọn một chỗ có trong danh sách."} {
		wrong := url.Values{}
		for name, values := range longer {
			wrong[name] = values
		}
		wrong.Set(field, map[string]string{"point.3.field": "files", "point.1.field": "section.none"}[field])
		head.post(t, c.path("/return"), wrong).want(t, http.StatusUnprocessableEntity).says(t, want, "Rút gọn phần mở đầu.")
	}
	c.follow(staff.DivisionHead, head.post(t, c.path("/return"), longer))
	if c.stage() != document.Drafting {
		t.Fatalf("the document is at %s", c.stage())
	}
	// Whoever comes too late keeps all that they typed, and is told no places.
	longer.Set("key", uuid.NewString())
	longer.Set("point.1.field", "section.none")
	head.post(t, c.path("/return"), longer).want(t, http.StatusConflict).
		says(t, "Nội dung bạn đã ghi", "Bổ sung hai chỗ.", "Nêu rõ nguyên nhân.", "Toàn văn bản (nên sửa): Rút gọn phần mở đầu.").silent(t, "Từng điểm cần sửa")

	list := author.get(t, c.path("")).want(t, http.StatusOK).
		says(t, "Những điểm cần bổ sung", "Còn 1 điểm phải sửa chưa trả lời", "Phải sửa", "Nên sửa", "Nêu rõ nguyên nhân.", "Toàn văn bản")
	if !strings.Contains(list.body, c.path("/sections/I")) {
		t.Error("the point does not lead to its place")
	}
	check := author.get(t, c.path("/check")).says(t, "Điểm phải sửa chưa có trả lời: Nêu rõ nguyên nhân.")
	if strings.Contains(check.body, `action="`+c.path("/submit")) {
		t.Error("it may be handed in with an open point")
	}
	answer := list.filled(t, c.path("/points/"))
	to := c.path("/points/" + list.pointOf(t))
	answer.Set("answer", "  ")
	author.post(t, to, answer).want(t, http.StatusUnprocessableEntity).says(t, "Ghi đã sửa thế nào", "Nêu rõ nguyên nhân.")
	answer.Set("answer", "Đã bổ sung ở đoạn hai.")
	author.post(t, to, answer).want(t, http.StatusSeeOther)
	answer.Set("answer", "Đã bổ sung ở đoạn ba.") // gone back to, and sent with other words
	again := author.post(t, to, answer).want(t, http.StatusUnprocessableEntity).filled(t, to)
	if again.Get("answer") != "Đã bổ sung ở đoạn ba." {
		t.Errorf("what was typed is lost: %v", again)
	}
	author.post(t, to, again).want(t, http.StatusSeeOther)
	head.post(t, to, answer).want(t, http.StatusForbidden)
	author.get(t, c.path("")).says(t, "Đã trả lời mọi điểm phải sửa", "Đã bổ sung ở đoạn ba.")
	head.get(t, c.path("")).says(t, "Đã bổ sung ở đoạn ba.").silent(t, "Gửi trả lời")

	c.submit()
	head.get(t, c.path("/review")).says(t, "Những điểm cần bổ sung", "Đã bổ sung ở đoạn ba.", "Rút gọn phần mở đầu.").silent(t, "Gửi trả lời")
	author.post(t, to, answer).want(t, http.StatusConflict)
	c.approve()
}

// pointOf is the number of the first point that the page lists.
func (a answer) pointOf(t *testing.T) string {
	t.Helper()
	_, after, found := strings.Cut(a.body, `/points/`)
	id, _, ended := strings.Cut(after, `"`)
	if !found || !ended {
		t.Fatal("the page lists no point")
	}
	return id
}
