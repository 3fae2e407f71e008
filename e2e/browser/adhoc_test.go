package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// requested is a report that the city wants within 24 hours: an officer asks for it
// with the requesting document, units are told and reminded, one writes it with its
// appendix, and it goes the whole chain.
func requested(t *testing.T, w *town) {
	const code = "dx-ho-so-tre-han"
	letter := filepath.Join(t.TempDir(), "2315.pdf")
	if err := os.WriteFile(letter, []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	askWithin24Hours(t, w, code, letter)
	id := code + "-" + finance.unit

	author := w.as(t, finance.specialist)
	author.open("/tasks")
	author.sees("Báo cáo tình hình xử lý hồ sơ trễ hạn")
	author.open("/documents/" + id)
	author.sees("Theo văn bản số 2315/UBND-KSTTHC ngày 20/11/2025", "Về việc báo cáo tình hình xử lý hồ sơ trễ hạn", "Thời hạn: 24 giờ, kể từ", "Đã viết 0 trong 1 phần bắt buộc")
	author.inspect("document-ad-hoc")
	if data, kind := author.bytesOf(author.href("2315.pdf")); !strings.HasPrefix(kind, "application/pdf") || !strings.HasPrefix(string(data), "%PDF-1.4") {
		t.Errorf("the requesting document comes as %q, %d bytes", kind, len(data))
	}
	remindedInHours(t, w, code)

	author.pressed("Tình hình chung")
	author.inspect("section-ad-hoc")
	for n := 0; strings.Contains(author.address(), "/sections/"); n++ {
		if n > 5 {
			t.Fatal("the parts do not come to an end")
		}
		author.write("text", narrative)
		author.follow("go on", author.clickPrimary())
	}
	author.open("/documents/" + id + "/figures/1")
	author.write("figure.3.18", "12")
	author.follow("go on", author.clickPrimary())
	submit(author, id)
	head := w.as(t, finance.head)
	head.open("/documents/" + id + "/review")
	head.inspect("review-ad-hoc")
	approve(head, id)
	number := sign(w.as(t, finance.director), id)
	chief := w.as(t, officer)
	chief.open("/documents/" + id + "/review")
	chief.sees("2315/UBND-KSTTHC")
	chief.pressed("Xác nhận đạt yêu cầu")
	chief.sees("Đã xác nhận", "Mã tiếp nhận")
	author.open("/documents/" + id)
	author.sees("Đã duyệt", number)
	if n := w.Count(`select count(*) from documents where id = $1 and punctuality = 'on_time'`, id); n != 1 {
		t.Error("it does not count as handed in on time")
	}
	checkSigned(t, w, author, id, 1, number)
	chief.open("/campaigns/" + code)
	chief.sees("Theo văn bản số 2315/UBND-KSTTHC", "Trước hạn 24 giờ")
	chief.inspect("board-ad-hoc")
}

// askWithin24Hours asks two units, one ticked and one pasted. What is missing is
// told at once, and the file that was chosen meanwhile stays.
func askWithin24Hours(t *testing.T, w *town, code, letter string) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns")
	b.pressed("Báo cáo đột xuất")
	b.attach("file", letter)
	if status := b.press("Kiểm tra trước khi mở đợt"); status != 422 {
		t.Errorf("a request without a number was answered with %d", status)
	}
	b.sees("Ghi số văn bản yêu cầu", "Ghi tên đợt", "Ghi ít nhất một phần", "Đã có tệp 2315.pdf")
	b.inspect("ad-hoc-errors")
	for field, text := range map[string]string{
		"request_number": "2315/UBND-KSTTHC", "request_date": "20/11/2025", "request_issuer": "Ủy ban nhân dân Thành phố",
		"request_title": "Về việc báo cáo tình hình xử lý hồ sơ trễ hạn", "name": "Báo cáo tình hình xử lý hồ sơ trễ hạn", "code": code,
		"sections.0.title": "Tình hình chung", "sections.2.title": "Kiến nghị", "unit_list": "so y te",
	} {
		b.write(field, text)
	}
	ask[bool](b, `(unit) => { document.querySelector('[name="unit"][value="' + unit + '"]').checked = true; return true; }`, finance.unit)
	ask[bool](b, `() => { document.querySelector('[name="form"]').value = "bc-cchc-quy.1"; return true; }`)
	b.pressed("Hiện chỉ tiêu")
	ask[bool](b, `() => { document.querySelector('[name="indicator"][value="3.18"]').checked = true; return true; }`)
	// Hours end at a whole minute: so this reminder comes within a minute of the launch.
	b.write("rung.0.days", "24")
	b.inspect("ad-hoc")
	b.pressed("Kiểm tra trước khi mở đợt")
	b.sees("Mở đợt cho 2 đơn vị", "Trước hạn 24 giờ", "Trước hạn 2 giờ", "Sau hạn 24 giờ", "2315/UBND-KSTTHC ngày 20/11/2025 của Ủy ban nhân dân Thành phố", "2 phần, 1 chỉ tiêu")
	b.inspect("ad-hoc-review")
	b.pressed("Mở đợt cho 2 đơn vị")
	if b.address() != "/campaigns/"+code {
		t.Fatalf("after the launch: %s, want the board", b.address())
	}
}

// remindedInHours waits for the first rung: both units' people who hold the report,
// and their division heads, are reminded once, with what is asked of them.
func remindedInHours(t *testing.T, w *town, code string) {
	t.Helper()
	w.Eventually("both units are reminded 24 hours ahead", 3*time.Minute, func() bool {
		return w.Count(`select count(*) from history h join documents d on d.id = h.document_id where d.campaign = $1 and h.event = 'reminder_sent'`, code) == 2
	})
	reminders := func(who string) int {
		return w.Count(`select count(*) from notices n join persons p on p.id = n.person_id where p.username = $1 and n.kind = 'reminder' and n.document_id like $2`, who, code+"-%")
	}
	for _, who := range []string{finance.specialist, finance.head, health.specialist, health.head} {
		w.Eventually(who+" has one reminder", time.Minute, func() bool { return reminders(who) == 1 })
	}
	if n := reminders(finance.director); n != 0 {
		t.Errorf("the director has %d reminders before the due", n)
	}
	b := w.as(t, health.head)
	b.open("/notices")
	b.sees("Báo cáo tình hình xử lý hồ sơ trễ hạn")
}

// attach chooses files of this machine, as the browser's dialog does.
func (b *tab) attach(field string, paths ...string) {
	b.t.Helper()
	inputs := step(b, "find "+field, chromedp.QueryNodeIDs(`input[type="file"][name="`+field+`"]`))
	if _, err := chromedp.Call(b.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: paths, NodeID: inputs[0]}); err != nil {
		b.t.Fatalf("choose %v: %v", paths, err)
	}
}
