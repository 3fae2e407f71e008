package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cchc/e2e/stack"
)

// pastedFromWord is testdata/paste/word.html in the notation.
const pastedFromWord = `**Giải quyết hồ sơ**
Trong kỳ, Sở đã **công khai 214 thủ tục**, *đúng hạn*, và ***kịp thời*** theo quy định.
Nguyên nhân chính:
- Hệ thống liên thông gián đoạn;
  - lần một kéo dài **một ngày**;
- Thiếu nhân sự.
3. Gửi thư xin lỗi;
4. Bổ sung nhân sự.
  - Việc gõ tay
| Chỉ tiêu | Quý IV |  |
| --- | --- | --- |
| Tiếp nhận | 12.934 | 92,02 \| % |
| Trễ hạn (lũy kế) | 146 |  |
Chi tiết tại trang công khai.`

// richNarrative writes a part in the editor, pastes from Word into it, and reads
// it on the page and on paper.
func richNarrative(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo soạn có định dạng", soon(), finance.unit) + "-" + finance.unit
	w.fill(t, id, finance.specialist)
	w.exec(t, `update draft_sections set body = '' where document_id = $1 and section = 'I'`, id)
	path := "/documents/" + id + "/sections/I"
	b := w.as(t, finance.specialist)
	b.open(path)
	sameRules(t, b)

	b.write("text", "Mở đầu của phần này")
	b.key("Enter", '\r', 0)
	b.tap("Đậm")
	b.insert("chữ đậm")
	b.tap("Đậm")
	b.insert(", chữ thường")
	b.key("Enter", '\r', 0)
	b.insert("- ")
	b.insert("mục một")
	b.key("Enter", '\r', 0)
	b.key("Tab", '\t', 0)
	b.insert("mục con")
	b.key("Enter", '\r', 0)
	b.key("Enter", '\r', 0)
	b.key("Enter", '\r', 0)
	const typed = "Mở đầu của phần này\n**chữ đậm**, chữ thường\n- mục một\n  - mục con"
	b.hasText(typed)
	b.tap("Hoàn tác")
	b.tap("Làm lại")
	b.hasText(typed)

	pasteWord(t, b)
	b.hasText(typed + "\n" + pastedFromWord)
	b.sees("Khi dán đã bỏ:", "1 hình ảnh", "1 chú thích cuối trang", "màu chữ và màu nền", "phông và cỡ chữ", "gộp ô", "xuống dòng trong ô bảng", "địa chỉ liên kết", "kiểu đề mục")
	b.inspect("editor")
	b.until("what was pasted is saved", func() bool { return b.saved() && w.draftText(t, id, "I") == typed+"\n"+pastedFromWord })

	b.open(path)
	b.hasText(typed + "\n" + pastedFromWord)
	b.counted("[data-editor-surface] strong", 5)
	plainText(b)
	tableButtons(b)

	submit(b, id)
	head := w.as(t, finance.head)
	head.open("/documents/" + id + "/review")
	head.sees("Gửi thư xin lỗi", "12.934")
	head.seesNot("**")
	if n := head.counts("#section-I .prose-read table th"); n != 3 {
		t.Errorf("%d heads of columns in the reading", n)
	}
	head.inspect("review-rich")
	onPaper(t, head, id)
}

// hasText waits until the form would send this narrative.
func (b *tab) hasText(want string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); b.value("text") != want; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("not within %v: the text is\n%s\nit is\n%s", patience, want, b.value("text"))
		}
	}
}

func (w *town) draftText(t *testing.T, id, section string) string {
	t.Helper()
	var body string
	if err := w.Owner.QueryRow(`select body from draft_sections where document_id = $1 and section = $2`, id, section).Scan(&body); err != nil {
		t.Fatal(err)
	}
	return body
}

// sameRules holds the editor to the cases that hold the server.
func sameRules(t *testing.T, b *tab) {
	t.Helper()
	cases, err := os.ReadFile(filepath.Join(stack.Root(), "domain", "prose", "testdata", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	const run = `async (cases) => {
		const rules = await import(document.querySelector('script[src$="/editor.js"]').src);
		const sorted = (value) => Array.isArray(value) ? value.map(sorted) : value && typeof value === "object"
			? Object.fromEntries(Object.entries(value).sort().map(([key, one]) => [key, sorted(one)])) : value;
		const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
		const broken = [];
		for (const one of JSON.parse(cases)) {
			const blocks = rules.parse(one.source);
			if (!same(blocks, one.blocks)) broken.push(one.name + ": read as " + JSON.stringify(blocks));
			if (rules.write(blocks) !== one.written) broken.push(one.name + ": written as " + rules.write(blocks));
			const again = rules.fromDocument(rules.toDocument(one.blocks));
			if (!same(again, one.blocks)) broken.push(one.name + ": through the editor " + JSON.stringify(again));
		}
		return broken;
	}`
	for _, broken := range ask[[]string](b, run, string(cases)) {
		t.Error(broken)
	}
}

// pasteWord brings what Word puts on the clipboard to the cursor.
func pasteWord(t *testing.T, b *tab) {
	t.Helper()
	html, err := os.ReadFile(filepath.Join(stack.Root(), "e2e", "testdata", "paste", "word.html"))
	if err != nil {
		t.Fatal(err)
	}
	const paste = `(html) => {
		const data = new DataTransfer();
		data.setData("text/html", html);
		data.setData("text/plain", "without looks");
		const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
		document.querySelector(".editor-text").dispatchEvent(event);
		return document.title;
	}`
	if title := ask[string](b, paste, string(html)); strings.Contains(title, "hacked") {
		t.Error("a pasted script ran")
	}
}

// plainText goes over to the notation and back.
func plainText(b *tab) {
	b.t.Helper()
	before := b.value("text")
	b.tap("Soạn dạng văn bản thuần")
	b.sees("Chữ đậm: **…**")
	b.write("text", before+"\n*Thêm khi soạn văn bản thuần*")
	b.tap("Soạn có định dạng")
	b.until("the editor shows what was typed", func() bool {
		return ask[string](b, `() => [...document.querySelectorAll(".editor-text em")].at(-1)?.textContent ?? ""`) == "Thêm khi soạn văn bản thuần"
	})
	b.hasText(before + "\n*Thêm khi soạn văn bản thuần*")
}

// tableButtons changes the table by its buttons.
func tableButtons(b *tab) {
	b.t.Helper()
	rows := strings.Count(b.value("text"), "\n|")
	b.tapOn(".editor-text tr:last-child td")
	b.tap("Thêm hàng")
	b.until("there is another row", func() bool { return strings.Count(b.value("text"), "\n|") == rows+1 })
	b.tap("Xóa hàng")
	b.until("the row has gone", func() bool { return strings.Count(b.value("text"), "\n|") == rows })
	b.until("it is saved", func() bool { return b.saved() })
}

// onPaper reads the print of the revision.
func onPaper(t *testing.T, b *tab, id string) {
	t.Helper()
	data, kind := b.bytesOf("/documents/" + id + "/print.pdf")
	if kind != "application/pdf" {
		t.Fatalf("the print is a %s", kind)
	}
	file := filepath.Join(t.TempDir(), "print.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	text := squeeze(tool(t, "pdftotext", "-layout", file, "-"))
	for _, want := range []string{"chữ đậm, chữ thường", "- mục một + mục con", "4. Bổ sung nhân sự.", "Tiếp nhận 12.934 92,02 | %"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on paper:\n%s", want, text)
		}
	}
	if strings.Contains(text, "**") {
		t.Error("marks of the notation are on paper")
	}
}
