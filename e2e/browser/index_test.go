package browser

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// yearlyIndex is the index of a year: asked of three units, answered by one over the
// pages with files that prove it and saved while it is typed, checked, signed, its
// evidence one file; appraised beside the year before, with a mark that is disputed and
// an explanation that comes too late; ranked, published and read by the unit.
func yearlyIndex(t *testing.T, w *town) {
	code, year := launchIndex(t, w, "cs-thu-nghiem", finance.unit, health.unit, saigon.unit)
	yearBefore(t, w, year-1)
	assessOverThePages(t, w, code, year)
	appraiseIndex(t, w, code, year)
	publishedIndex(t, w, code, year)
}

// assessOverThePages takes one unit's self-assessment from the first word to the hand-in.
func assessOverThePages(t *testing.T, w *town, code string, year int) {
	id := code + "-" + finance.unit

	author := w.as(t, finance.specialist)
	author.open("/documents/" + id)
	author.sees("Tự chấm điểm", fmt.Sprintf("Đánh giá từ 01/01/%d đến 31/12/%d", year, year), "0/10 tiêu chí")
	author.seesNot("Số liệu từ")
	author.pressed("Kết quả tự đánh giá")
	for n := 0; strings.Contains(author.address(), "/sections/"); n++ {
		if n > 5 {
			t.Fatal("the parts do not come to an end")
		}
		author.write("text", narrative)
		author.follow("go on", author.clickPrimary())
	}
	attachProofs(t, author, id)
	assess(t, author, id)
	submit(author, id)

	head := w.as(t, finance.head)
	head.open("/documents/" + id + "/review")
	head.sees("56/56 tiêu chí đã tự chấm", "1,35", "Không áp dụng", "ke-hoach.pdf")
	head.inspect("index-review")
	approve(head, id)
	director := w.as(t, finance.director)
	director.open("/documents/" + id + "/sign")
	director.sees("Hồ sơ minh chứng đã gộp thành một tệp ZIP")
	number := signAs(director, id, "báo cáo")
	author.open("/documents/" + id)
	author.sees("Chờ thẩm định", number, "Hồ sơ minh chứng, lần trình 1", "Một tệp ZIP gồm 2 tệp")
	author.inspect("index-handed-in")
	checkSigned(t, w, author, id, 1, number)
	checkEvidence(t, author, id, number)
	w.as(t, cityViewer).open("/search?q=khong+thuoc+chuc+nang+cua+so")
	w.as(t, cityViewer).sees(fmt.Sprintf("Tự đánh giá chỉ số CCHC năm %d", year), "Sở Tài chính")
}

// launchIndex asks for the self-assessments of the year that is suggested.
func launchIndex(t *testing.T, w *town, code string, units ...string) (string, int) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns/new")
	ask[bool](b, `() => { document.querySelector('[name="form"]').value = "cs-cchc-nam.1"; return true; }`)
	b.pressed("Điền theo kỳ đã chọn")
	b.sees("Năm đánh giá")
	var year int
	if _, err := fmt.Sscanf(b.value("window_from"), "01/01/%d", &year); err != nil {
		t.Fatalf("the assessed year begins on %q", b.value("window_from"))
	}
	ask[bool](b, `(units) => { for (const box of document.querySelectorAll('[name="unit"]')) box.checked = units.includes(box.value); return true; }`, units)
	b.write("code", code)
	b.pressed("Kiểm tra trước khi mở đợt")
	b.sees("Thời gian đánh giá")
	b.pressed("Mở đợt cho ")
	if b.address() != "/campaigns/"+code {
		t.Fatalf("after the launch: %s, want the board", b.address())
	}
	return code, year
}

// attachProofs uploads two files at once, and a third that is refused beside them.
func attachProofs(t *testing.T, b *tab, id string) {
	t.Helper()
	b.open("/documents/" + id + "/files")
	b.sees("Chưa có tệp minh chứng nào")
	b.until("several files can be chosen", func() bool { return b.counts(`input[name="file"][multiple]`) == 1 }) // by the page's script
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	b.attach("file", file("ke-hoach.pdf", "%PDF-1.7\nkế hoạch\n%%EOF"), file("anh-mot-cua.pdf", "%PDF-1.7\nảnh\n%%EOF"), file("ghi-chu.txt", "ghi chú"))
	b.tap("Tải tệp lên")
	b.sees("Có tệp chưa tải lên được", "Tệp “ghi-chu.txt” không đúng loại")
	b.pressed("Xem các tệp đã kèm")
	b.sees("ke-hoach.pdf", "anh-mot-cua.pdf")
	b.inspect("index-files")
}

// assess answers field after field: the first by hand, as far as it claims points, and
// saved by itself; of the others that nothing was done, and that the first criterion of
// the second field is none of this unit's business.
func assess(t *testing.T, b *tab, id string) {
	t.Helper()
	b.open("/documents/" + id + "/scores/1")
	b.write("answers.2.done", "54")
	b.write("answers.2.of", "60")
	b.until("the answer saves itself", func() bool { return b.saved() })
	b.until("its points stand there", func() bool { return b.text("#score-1-1-3 [data-points]") == "1,35" })
	b.sees("54 trên 60 là 90 %.", "Chưa có tệp minh chứng.")
	b.open("/documents/" + id + "/scores/1") // nobody has pressed a button
	if b.value("answers.2.done") != "54" {
		t.Fatal("what saved itself is gone")
	}
	ask[bool](b, answerRest)
	ask[bool](b, `() => {
		const of = (code) => document.querySelector("[data-criterion='" + code + "']");
		of("1.1.2").querySelector("select").value = "true";
		for (const code of ["1.1.2", "1.1.3"]) {
			of(code).querySelector("input[name$=evidence]").click();
		}
		return true;
	}`)
	b.until("ticks are counted", func() bool { return b.text("#score-1-1-3 [data-chosen]") == "1" })
	b.inspect("index-scores")
	b.pressed("Lưu và sang lĩnh vực sau")
	for field := 2; strings.Contains(b.address(), "/scores/") && field <= 8; field++ {
		ask[bool](b, answerRest)
		if field == 2 {
			ask[bool](b, `() => {
				const card = document.querySelector("[data-criterion='2.1.1']");
				for (const fold of card.querySelectorAll("details")) fold.open = true;
				card.querySelector("input[name$=not_applicable]").click();
				return true;
			}`)
			b.write("answers.0.explanation", "Không thuộc chức năng của Sở")
		}
		if field < 8 {
			b.pressed("Lưu và sang lĩnh vực sau")
			continue
		}
		b.pressed("Lưu điểm tự chấm")
	}
	b.sees("Đã lưu điểm tự chấm.")
}

// answerRest answers what stands empty on the page with what claims no points.
const answerRest = `() => {
	for (const card of document.querySelectorAll("[data-criterion]")) {
		const all = ["5.4.1", "8.2.2"].includes(card.dataset.criterion); // where nothing is all the points
		const blank = { yes: "false", done: "0", of: "10", number: all ? "10" : "0" };
		for (const field of card.querySelectorAll("input:not([type=checkbox]), select")) {
			const text = blank[field.name.split(".").pop()];
			if (text !== undefined && field.type !== "hidden" && field.value === "") field.value = text;
		}
	}
	document.querySelector("[data-scores]").dispatchEvent(new Event("input", { bubbles: true }));
	return true;
}`

// checkEvidence reads the bundle as this person would, holds it against the hash on the
// page, and against the one on the signed paper.
func checkEvidence(t *testing.T, b *tab, id, number string) {
	t.Helper()
	data, kind := b.bytesOf("/documents/" + id + "/bundle/1.zip")
	sum := fmt.Sprintf("%x", sha256.Sum256(data))
	b.sees(sum)
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || kind != "application/zip" || len(archive.File) != 4 || archive.File[0].Name != "00-muc-luc.html" {
		t.Fatalf("%s: %d files, %v", kind, len(archive.File), err)
	}
	signed, _ := b.bytesOf(b.href("Số " + number + ", đã ký số"))
	file := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(file, signed, 0o600); err != nil {
		t.Fatal(err)
	}
	if text := tool(t, "pdftotext", "-layout", file, "-"); !strings.Contains(text, sum) {
		t.Errorf("the signed paper does not name the evidence %s:\n%s", sum, text)
	}
}
