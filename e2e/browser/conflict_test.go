package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"cchc/domain/document"
)

// doubleClick: two real clicks in the same blink are one decision, with the page's
// script and without it.
func doubleClick(t *testing.T, w *town) {
	for _, scripts := range []bool{true, false} {
		id := w.launch(t, "Báo cáo bấm hai lần", soon(), health.unit) + "-" + health.unit
		w.fill(t, id, health.specialist)
		b := w.as(t, health.specialist)
		b.scripts(scripts)
		b.open("/documents/" + id + "/check")
		at := b.find(byLabel, "Trình trưởng phòng")
		step(b, "click twice", chromedp.Steps(
			chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2))))
		b.sees("Đã trình trưởng phòng", "Mã tiếp nhận")
		b.scripts(true)
		if n := w.Count(`select count(*) from decisions where document_id = $1`, id); n != 1 {
			t.Errorf("a double click made %d decisions (scripts: %v)", n, scripts)
		}
	}
}

// stalePages: what changed while a page was open is shown, and nothing is decided
// on what nobody has seen.
func stalePages(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo có hai người sửa", soon(), health.unit) + "-" + health.unit
	w.fill(t, id, health.specialist)
	author, colleague, head := w.as(t, health.specialist), w.as(t, health.colleague), w.as(t, health.head)

	author.open("/documents/" + id + "/check")
	mend(colleague, id, "Bổ sung của đồng nghiệp.")
	if status := author.press("Trình trưởng phòng"); status != 409 {
		t.Errorf("submitting a draft that has changed was answered with %d", status)
	}
	author.sees("chưa được ghi nhận", "Đã lưu từ lúc bạn mở trang", "Phần I. Công tác chỉ đạo", "Trương Thị Cẩm Tú sửa lúc")
	author.inspect("decision-changed-draft")
	author.pressed("Xem nội dung mới")
	author.pressed("Trình trưởng phòng")
	author.sees("Đã trình trưởng phòng")

	head.open("/documents/" + id + "/review")
	author.open("/documents/" + id + "/recall")
	author.pressed("Thu hồi văn bản")
	mend(author, id, "Sửa sau khi thu hồi.")
	submit(author, id)
	if status := head.press("Trình ký số"); status != 409 {
		t.Errorf("approving a revision that was taken back was answered with %d", status)
	}
	head.sees("Đã đổi từ lúc bạn mở trang", "Sửa sau khi thu hồi.")
	head.inspect("decision-changed")
	if n := w.Count(`select count(*) from history where document_id = $1 and event = $2`, id, document.Approve); n != 0 {
		t.Error("a stale approval was applied")
	}
}

// autosave saves by itself; where two people write in one part, neither is
// overwritten: both texts stand side by side and the writer chooses.
func autosave(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo hai người viết", soon(), finance.unit) + "-" + finance.unit
	path := "/documents/" + id + "/sections/I"
	mine, theirs := w.as(t, finance.specialist), w.as(t, finance.colleague)
	mine.open(path)
	theirs.open(path)

	theirs.write("text", "Đoạn chung.\n\nĐoạn của Huy.")
	theirs.until("the draft is saved by itself", func() bool { return theirs.saved() })
	mine.write("text", "Đoạn chung.\n\nĐoạn của Hạnh.")
	mine.until("the conflict is seen", func() bool { return mine.saveState() == "conflict" })
	if status := mine.press("Xung đột, xem hai bản"); status != 409 {
		t.Errorf("the conflict page has status %d", status)
	}
	mine.sees("Chưa có gì bị ghi đè", "Đoạn của Hạnh.", "Đoạn của Huy.")
	mine.inspect("conflict")
	mine.tap("Giữ cả hai, của tôi đặt sau")
	mine.pressed("Lưu phần I")
	mine.open(path)
	for _, want := range []string{"Đoạn chung.", "Đoạn của Huy.", "Đoạn của Hạnh."} {
		if text := mine.value("text"); strings.Count(text, want) != 1 {
			t.Errorf("%q is not once in what was put together:\n%s", want, text)
		}
	}
	signedOut(t, w, id)
}

// signedOut: what is typed after the session has ended is still there after
// signing in again.
func signedOut(t *testing.T, w *town, id string) {
	b := w.window(t, "forgetful")
	w.signIn(b, finance.specialist)
	b.open("/documents/" + id + "/sections/III")
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	b.write("text", "Gõ sau khi phiên đã hết.")
	b.until("the page says that the session has ended", func() bool { return b.saveState() == "signedout" })
	w.signIn(b, finance.specialist)
	b.open("/documents/" + id + "/sections/III")
	b.sees("Đã lấy lại nội dung bạn gõ mà chưa lưu được.")
	if text := b.value("text"); text != "Gõ sau khi phiên đã hết." {
		t.Errorf("what was typed came back as %q", text)
	}
	b.until("it is saved", func() bool { return b.saved() })
}

func (b *tab) saveState() string {
	b.t.Helper()
	return ask[string](b, `() => document.querySelector("[data-save-state]")?.dataset.state ?? ""`)
}

// saved tells that what was typed last is saved: the page still says so of what was
// typed before, but keeps on the machine what the server does not have.
func (b *tab) saved() bool {
	b.t.Helper()
	return b.saveState() == "saved" && ask[bool](b, `() => localStorage.getItem("draft:" + document.body.dataset.user + ":" + location.pathname) === null`)
}
