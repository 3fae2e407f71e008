package browser

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cchc/domain/document"
	"cchc/storage"
)

// expiry: a session that ends in mid-draft is told in time and loses nothing,
// with scripts and without, and signing in leads back to the same place. It signs in
// again and again, as somebody who has a name's tries to themselves.
func expiry(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo có phiên hết hạn", soon(), saigon.unit) + "-" + saigon.unit
	path := "/documents/" + id + "/sections/II.2"
	b := w.window(t, "forgetful")
	w.signIn(b, saigon.colleague)
	b.open(path)
	ask[bool](b, `() => document.dispatchEvent(new CustomEvent("session:left", { detail: 299 }))`)
	b.sees("Phiên làm việc hết hạn sau 5 phút. Nội dung đã được giữ.")
	b.inspect("session-ends")
	b.tap("Tiếp tục làm việc")
	b.until("the warning goes away", func() bool { return b.counts("[data-session-note]:not([hidden])") == 0 })

	w.expire(t, b)
	b.write("text", "Gõ khi phiên đã hết.")
	b.until("the page says that the session has ended", func() bool { return b.saveState() == "signedout" })
	b.sees("Phiên làm việc đã hết. Nội dung đã được giữ.")
	b.pressed("Đăng nhập để viết tiếp")
	signInAgain(b)
	if b.address() != path {
		t.Errorf("after signing in again: %s, want %s", b.address(), path)
	}
	b.sees("Đã lấy lại nội dung bạn gõ mà chưa lưu được.")
	if text := b.value("text"); text != "Gõ khi phiên đã hết." {
		t.Errorf("what was typed came back as %q", text)
	}
	b.until("it is saved", func() bool { return b.saved() })
	b.inspect("section-put-back")
	if left := b.keptDrafts(); left != 0 {
		t.Errorf("%d drafts are left on the machine after saving", left)
	}

	b.scripts(false)
	b.open(path)
	w.expire(t, b)
	b.write("text", "Gõ không có script.")
	if status := b.press("Lưu và sang phần sau"); status != 401 {
		t.Errorf("a form after the session was answered with %d", status)
	}
	b.sees("Nội dung bạn vừa nhập được giữ lại")
	signInAgain(b)
	b.pressed("Gửi lại nội dung đã nhập")
	b.scripts(true)
	b.open(path)
	if text := b.value("text"); text != "Gõ không có script." {
		t.Errorf("without scripts there is %q", text)
	}
	leaving(t, w, b, id)
}

// leaving: signing out saves what is typed and clears the machine of this
// person's drafts, and of nobody else's; what cannot be saved is told first.
func leaving(t *testing.T, w *town, b *tab, id string) {
	t.Helper()
	b.open("/documents/" + id + "/sections/III")
	b.write("text", "Gõ ngay trước khi đăng xuất.")
	const keep = `(name) => { localStorage.setItem(name, JSON.stringify({ fields: [["text", "x"]], at: Date.now() })); return true; }`
	ask[bool](b, keep, "draft:somebody.else:/documents/"+id+"/sections/I")
	ask[bool](b, keep, "draft:"+saigon.colleague+":/documents/"+id+"/sections/I")
	b.tapOn("header .account summary")
	b.tap("Đăng xuất")
	b.until("the unsaved text is told", func() bool { return b.counts("[data-unsaved]:not([hidden])") == 1 })
	b.press("Đăng xuất và xóa nội dung đó")
	b.sees("Đăng nhập")
	if left := b.keptDrafts(); left != 1 {
		t.Errorf("%d drafts are on the machine after signing out, want the other person's alone", left)
	}
	w.Eventually("what was typed before signing out is saved", time.Minute, func() bool {
		return w.Count(`select count(*) from draft_sections where document_id = $1 and body = 'Gõ ngay trước khi đăng xuất.'`, id) == 1
	})
}

func (b *tab) keptDrafts() int {
	b.t.Helper()
	return ask[int](b, `() => Object.keys(localStorage).filter((name) => name.startsWith("draft:")).length`)
}

func signInAgain(b *tab) {
	b.t.Helper()
	b.write("username", saigon.colleague)
	b.write("password", storage.DemoPassword)
	b.pressed("Đăng nhập")
}

// expire ends this window's session as time does.
func (w *town) expire(t *testing.T, b *tab) {
	t.Helper()
	sum := sha256.Sum256([]byte(b.session().Value))
	w.exec(t, `update sessions set expires_at = clock_timestamp() - interval '1 second' where token_hash = $1`, sum[:])
}

// merging: two people write in one part; who comes second chooses for every
// paragraph by itself.
func merging(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo ghép từng đoạn", soon(), finance.unit) + "-" + finance.unit
	path := "/documents/" + id + "/sections/I"
	mine, theirs := w.as(t, finance.specialist), w.as(t, finance.colleague)
	mine.open(path)
	theirs.open(path)
	theirs.write("text", "Đoạn chung của báo cáo.\nSố hồ sơ trễ hạn là 144 hồ sơ.\nNguyên nhân chính là hệ thống liên thông gián đoạn.\nĐã gửi 121 thư xin lỗi.")
	theirs.until("the draft is saved by itself", func() bool { return theirs.saved() })
	mine.write("text", "Đoạn chung của báo cáo.\nSố hồ sơ trễ hạn là 146 hồ sơ.\nNguyên nhân chính là số hồ sơ thành lập mới tăng.\nĐã gửi 146 thư xin lỗi.")
	mine.until("the conflict is seen", func() bool { return mine.saveState() == "conflict" })
	if status := mine.press("Xung đột, xem hai bản"); status != 409 {
		t.Errorf("the conflict page has status %d", status)
	}
	mine.sees("Chưa có gì bị ghi đè")
	if n := mine.counts("fieldset"); n != 3 {
		t.Errorf("%d paragraphs to choose for, want 3", n)
	}
	mine.inspect("conflict-by-paragraph")
	mine.tapOn(`[name="choice.0"][value="mine"]`)
	mine.tapOn(`[name="choice.1"][value="both"]`)
	mine.tapOn(`[name="choice.2"][value="theirs"]`)
	mine.pressed("Lưu phần I")
	mine.open(path)
	want := "Đoạn chung của báo cáo.\nSố hồ sơ trễ hạn là 146 hồ sơ.\nNguyên nhân chính là hệ thống liên thông gián đoạn.\nNguyên nhân chính là số hồ sơ thành lập mới tăng.\nĐã gửi 121 thư xin lỗi."
	if text := mine.value("text"); text != want {
		t.Errorf("put together:\n%s\nwant:\n%s", text, want)
	}
}

// together: two people in one document see each other, and no longer once one has
// gone.
func together(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo hai người cùng mở", soon(), finance.unit) + "-" + finance.unit
	mine, theirs := w.as(t, finance.specialist), w.as(t, finance.colleague)
	var name string
	if err := w.Owner.QueryRow(`select name from persons where username = $1`, finance.colleague).Scan(&name); err != nil {
		t.Fatal(err)
	}
	mine.open("/documents/" + id)
	mine.seesNot(name + " đang")
	theirs.open("/documents/" + id + "/sections/II.2")
	w.Eventually("the colleague's page has told where they are", time.Minute, func() bool {
		return w.Count(`select count(*) from presences where document_id = $1 and place = 'sections/II.2'`, id) == 1
	})
	mine.until("the page shows by itself who is there", func() bool {
		return strings.Contains(mine.words(), name+" đang soạn phần II.2") && strings.Contains(mine.words(), name+" đang mở phần này")
	})
	mine.inspect("document-together")
	mine.open("/documents/" + id + "/figures/1")
	mine.sees(name + " đang soạn phần II.2")
	theirs.until("they see me too", func() bool { return strings.Contains(theirs.words(), "đang nhập nhóm số liệu 1") })
	theirs.inspect("section-together")
	theirs.open("/tasks")
	mine.until("they are told of no longer", func() bool { // their last word may still have been under way
		w.exec(t, `update presences set seen_at = clock_timestamp() - interval '61 seconds' where document_id = $1`, id)
		mine.open("/documents/" + id)
		return !strings.Contains(mine.words(), name+" đang")
	})
}

// fromBefore: the narrative of the period before is taken over; what is neither
// changed nor confirmed is told until it is.
func fromBefore(t *testing.T, w *town) {
	before := w.launch(t, "Báo cáo quý III", soon(), canGio.unit) + "-" + canGio.unit
	w.exec(t, `update campaigns set period = '2026q3' where code = $1`, strings.TrimSuffix(before, "-"+canGio.unit))
	w.fill(t, before, canGio.specialist)
	w.exec(t, `update draft_sections set body = $2 where document_id = $1 and section = 'I'`, before,
		"Quý III đơn vị họp giao ban 04 lần.\nKiểm tra tại 02 phòng chuyên môn.\nKết quả được niêm yết công khai.")
	w.decide(t, before, document.Submit, canGio.specialist)
	w.decide(t, before, document.Approve, canGio.head)
	sign(w.as(t, canGio.director), before)

	id := w.launch(t, "Báo cáo quý IV lấy từ quý III", soon(), canGio.unit) + "-" + canGio.unit
	b := w.as(t, canGio.specialist)
	b.open("/documents/" + id)
	b.sees("Kỳ trước có")
	b.pressed("Lấy từ kỳ trước")
	b.sees("Đã lấy nội dung quý III vào 10 phần.", "3 đoạn chưa cập nhật")
	b.inspect("document-copied")
	b.open("/documents/" + id + "/sections/I")
	b.sees("Chưa cập nhật", "Quý III đơn vị họp giao ban 04 lần.")
	b.inspect("section-copied")
	b.write("text", strings.Replace(b.value("text"), "Quý III đơn vị họp giao ban 04 lần.", "Quý IV đơn vị họp giao ban 05 lần.", 1))
	b.until("the changed paragraph leaves the list", func() bool { return b.counts("[data-stale]:not([hidden])") == 2 })
	b.pressed("Vẫn đúng kỳ này")
	if n := b.counts("[data-stale]"); n != 1 {
		t.Errorf("%d paragraphs are left after one was changed and one confirmed", n)
	}
	b.open("/documents/" + id + "/check")
	b.sees("Phần I còn 1 đoạn lấy từ kỳ trước, chưa sửa và chưa xác nhận.", "Vẫn trình được")
	b.inspect("check-copied")
	b.open("/documents/" + id + "/sections/II.1")
	b.pressed("Cả phần vẫn đúng kỳ này")
	b.seesNot("Chưa cập nhật")
}

// comparing: from one difference to the next by the keyboard, and by links
// without scripts.
func comparing(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo để so sánh", soon(), finance.unit) + "-" + finance.unit
	w.fill(t, id, finance.specialist)
	write := func(text string) {
		t.Helper()
		w.exec(t, `update draft_sections set body = $2, version = version + 1 where document_id = $1 and section = 'II.2'`, id, text)
	}
	write("a) Kiểm soát thủ tục\nCó 144 hồ sơ trễ hạn. Nguyên nhân chủ yếu do khách quan.\nSở đã gửi thư xin lỗi.\n| Lĩnh vực | Trễ |\n| --- | --- |\n| Đầu tư | 98 |")
	w.decide(t, id, document.Submit, finance.specialist)
	w.decide(t, id, document.Return, finance.head)
	write("a) Kiểm soát thủ tục\nCó 146 hồ sơ trễ hạn. **Nguyên nhân** do hệ thống liên thông thuế gián đoạn.\n- Sở đã gửi thư xin lỗi.\n| Lĩnh vực | Trễ |\n| --- | --- |\n| Đầu tư | 100 |\n| Doanh nghiệp | 46 |")
	w.exec(t, `update draft_figures set value = 2, reason = 'Đối chiếu lại' where document_id = $1 and indicator = '1.1'`, id)
	w.decide(t, id, document.Submit, finance.specialist)

	b := w.as(t, finance.head)
	b.open("/documents/" + id)
	b.pressed("So sánh hai bản")
	b.sees("giữa Lần 1 và Lần 2", "− 144", "+ 146", "Đổi cách trình bày: đoạn văn thành gạch đầu dòng.", "Đối chiếu lại")
	b.inspect("differences")
	at := func() string { return ask[string](b, `() => location.hash + " " + document.activeElement.id`) }
	for _, press := range []struct{ key, want string }{
		{"n", "#difference-1 difference-1"}, {"n", "#difference-2 difference-2"}, {"n", "#difference-3 difference-3"},
		{"p", "#difference-2 difference-2"},
	} {
		step(b, "press "+press.key, chromedp.KeyEvent(press.key))
		if got := at(); got != press.want {
			t.Errorf("after %s: %s, want %s", press.key, got, press.want)
		}
	}
	b.tap("Phím n, p: khác biệt kế tiếp, trước")
	step(b, "press n", chromedp.KeyEvent("n"))
	if got := at(); !strings.HasPrefix(got, "#difference-2 ") {
		t.Errorf("the keys are off, and n leads to %s", got)
	}
	b.tap("Phím n, p: khác biệt kế tiếp, trước")
	b.tabsTo(`#difference-1 a[aria-label="Khác biệt kế tiếp"]`)

	b.scripts(false)
	b.open("/documents/" + id + "/differences?from=1&to=2")
	b.tapOn(`#difference-1 a[aria-label="Khác biệt kế tiếp"]`)
	b.until("the link leads to the next place", func() bool {
		return strings.HasSuffix(quietly(b, `location.href`), "#difference-2")
	})
	b.scripts(true)
	b.open("/documents/" + id + "/review")
	b.sees("Khác lần 1", "từ Lần 1 đến Lần 2")
	b.inspect("review-differences")
}
