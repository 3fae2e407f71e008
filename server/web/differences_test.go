package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// TestDifferencesOfAnyTwoVersions walks three rounds: words, figures with their
// ratio, files, and what the reader may compare.
func TestDifferencesOfAnyTwoVersions(t *testing.T) {
	c := newChain(t)
	author, head := c.at[staff.Specialist], c.at[staff.DivisionHead]
	author.get(t, c.path("/differences")).want(t, http.StatusOK).says(t, "Chưa có hai bản để so sánh")
	c.fill()
	c.exec(`update draft_sections set body = $2 where document_id = $1 and section = 'I'`, c.id,
		"Đoạn giữ nguyên.\nCó 144 hồ sơ trễ hạn trong kỳ này.\nSở đã gửi thư xin lỗi.")
	c.exec(`update draft_figures set value = 48 where document_id = $1 and indicator in ('1.1')`, c.id)
	c.exec(`update draft_figures set value = 46 where document_id = $1 and indicator in ('1.2')`, c.id)
	c.submit()
	back := func() {
		t.Helper()
		a := c.decide(staff.DivisionHead, "/return", "/return", url.Values{"reason": {"Bổ sung."}})
		c.follow(staff.DivisionHead, a)
	}
	back()
	c.exec(`update draft_sections set body = $2, version = version + 1 where document_id = $1 and section = 'I'`, c.id,
		"Đoạn giữ nguyên.\nCó 146 hồ sơ trễ hạn trong kỳ này.\n- **Sở** đã gửi thư xin lỗi.\nCâu thêm vào.")
	c.exec(`update draft_figures set value = 47, reason = 'Rà soát lại' where document_id = $1 and indicator = '1.2'`, c.id)
	author.attach(t, c.path("/files"), "Biên bản.pdf", []byte("%PDF-1.7\n%%EOF")).want(t, http.StatusSeeOther)

	drafted := author.get(t, c.path("/differences?from=1&to=draft")).want(t, http.StatusOK).
		says(t, "giữa Lần 1 và Bản đang soạn", "bỏ − 144", "thêm + 146", "1 đoạn không đổi", "thêm + Câu thêm vào.",
			"Đổi cách trình bày: đoạn văn thành gạch đầu dòng.", "đổi kiểu chữ Sở",
			"bỏ − 46", "thêm + 47", "+1", "Rà soát lại", "Tính lại từ các chỉ tiêu khác", "thêm + Biên bản.pdf", "6 chỗ khác nhau")
	for _, link := range []string{`href="#difference-2"`, `id="difference-6"`, `href="#difference-5"`} {
		if !strings.Contains(drafted.body, link) {
			t.Errorf("no %s: the places do not lead on", link)
		}
	}
	if strings.Contains(drafted.body, `href="#difference-7"`) || strings.Contains(drafted.body, `href="#difference-0"`) {
		t.Error("a link leads beyond the last or the first place")
	}
	c.submit()
	head.get(t, c.path("/review")).want(t, http.StatusOK).says(t, "Khác lần 1 6", "bỏ − 144", "từ Lần 1 đến Lần 2")
	back()
	c.submit()
	head.get(t, c.path("/differences?from=2&to=3")).want(t, http.StatusOK).says(t, "Hai bản giống nhau")
	head.get(t, c.path("/differences")).says(t, "Lần 2 và Lần 3")
	head.get(t, c.path("/differences?from=3&to=1")).says(t, "bỏ − 146", "thêm + 144")
	head.get(t, c.path("")).says(t, "So sánh hai bản")
	for _, bad := range []string{"?from=draft&to=1", "?from=0&to=1", "?from=1&to=4", "?from=x"} {
		head.get(t, c.path("/differences"+bad)).want(t, http.StatusNotFound)
	}
	// Nothing of it is signed, so it is the unit's own.
	c.at[staff.Officer].get(t, c.path("/differences")).want(t, http.StatusOK).says(t, "Chưa có hai bản để so sánh")
	c.at[staff.Officer].get(t, c.path("/differences?from=1&to=2")).silent(t, "144")
}
