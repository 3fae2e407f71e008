package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// mainJourney is one report from the launch to its confirmation, with a return by the division head and one by the authority, each step by the person
// whose it is.
func mainJourney(t *testing.T, w *town) {
	code := launchByHand(t, w, "bc-2026q4-hai-so", finance.unit, health.unit)
	id := code + "-" + finance.unit

	author := w.as(t, finance.specialist)
	author.open("/tasks")
	author.sees("Báo cáo CCHC quý IV năm 2026")
	author.open("/documents/" + id)
	author.sees("Chưa thực hiện", "Đã viết 0 trong 9 phần bắt buộc")
	writeSections(author, id)
	writeFigures(t, author, id)
	w.reconcile(t, id)
	submit(author, id)

	head := w.as(t, finance.head)
	returnDocument(head, id, "Trả lại chuyên viên", "Mục I: bổ sung số văn bản chỉ đạo đã ban hành.")
	author.open("/documents/" + id)
	author.sees("Yêu cầu bổ sung", "Mục I: bổ sung số văn bản chỉ đạo đã ban hành.")
	mend(author, id, "Đã ban hành 03 văn bản chỉ đạo.")
	submit(author, id)
	approve(head, id)

	director := w.as(t, finance.director)
	first := signWithMistakes(t, w, director, id)
	checkSigned(t, w, director, id, 2, first)

	chief := w.as(t, officer)
	returnDocument(chief, id, "Trả lại để bổ sung", "Phụ lục: giải trình chỉ tiêu 6.1.", "Ghi rõ số hồ sơ của chỉ tiêu 6.1.")
	answerPoint(author, id, "Ghi rõ số hồ sơ của chỉ tiêu 6.1.", "Đã ghi ở mục II.6.")
	mend(author, id, "Chỉ tiêu 6.1 đã giải trình tại mục II.6.")
	submit(author, id)
	head.open("/documents/" + id + "/review")
	head.sees("Khác lần 2", "Chỉ tiêu 6.1 đã giải trình tại mục II.6.", "Những điểm cần bổ sung", "Đã ghi ở mục II.6.")
	head.inspect("review-points")
	approve(head, id)
	second := sign(director, id)
	if first == second {
		t.Errorf("number %s was used twice", first)
	}

	chief.open("/documents/" + id + "/review")
	chief.pressed("Xác nhận đạt yêu cầu")
	chief.sees("Đã xác nhận", "Mã tiếp nhận")
	chief.open("/documents/" + id)
	chief.sees("Đã duyệt", first, second)
	checkSigned(t, w, chief, id, 2, first) // the earlier signed file stays
	checkSigned(t, w, chief, id, 3, second)
	author.open("/documents/" + id)
	author.sees("Đã duyệt")
	author.open("/notices")
	author.sees("Báo cáo CCHC quý IV năm 2026")
}

// writeSections writes the narrative, part after part, by the button that goes on.
func writeSections(b *tab, id string) {
	b.t.Helper()
	b.pressed("Công tác chỉ đạo, điều hành cải cách hành chính")
	for n := 0; strings.Contains(b.address(), "/sections/"); n++ {
		if n > 20 {
			b.t.Fatal("the parts do not come to an end")
		}
		b.write("text", narrative)
		b.follow("go on", b.clickPrimary())
	}
	if b.address() != "/documents/"+id {
		b.t.Fatalf("after the last part: %s", b.address())
	}
	b.sees("Đã viết 9 trong 9 phần bắt buộc")
}

// writeFigures fills the annex: a mistake of reckoning and a text that is no
// number are told at their cells, and what was typed stays.
func writeFigures(t *testing.T, b *tab, id string) {
	t.Helper()
	b.open("/documents/" + id + "/figures/1")
	b.fillGrid()
	b.write("figure.1.1", "46")
	b.write("figure.1.2", "48")
	b.press("Lưu và kiểm tra")
	if said := b.saidAt("1.2"); !strings.Contains(said, "1.2 không được lớn hơn 1.1. Đang là 48 và 46.") {
		t.Errorf("at 1.2 stands %q", said)
	}
	b.write("figure.1.2", "nhiều")
	if status := b.press("Lưu và kiểm tra"); status != 422 {
		t.Errorf("a text for a figure was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa")
	if said := b.saidAt("1.2"); !strings.Contains(said, "Nhập số, ví dụ 1.234 hoặc 1.234,5.") {
		t.Errorf("at 1.2 stands %q", said)
	}
	if kept := b.value("figure.1.2"); kept != "nhiều" {
		t.Errorf("what was typed is gone: %q", kept)
	}
	b.write("figure.1.2", "46")
	for group := 1; strings.Contains(b.address(), "/figures/"); group++ {
		if group > 20 {
			t.Fatal("the groups do not come to an end")
		}
		if group > 1 {
			b.fillGrid()
		}
		if b.counts(`[name="figure.6.1"]`) > 0 {
			b.write("figure.6.1", "1.234,5")
			b.write("figure.6.2", "1.000,25")
		}
		b.follow("go on", b.clickPrimary())
	}
	b.open("/documents/" + id + "/figures/6")
	if kept := b.value("figure.6.1"); kept != "1.234,5" {
		t.Errorf("6.1 typed as 1.234,5 is shown as %q", kept)
	}
	b.open("/documents/" + id + "/figures/1")
	if !strings.Contains(b.words(), "100") {
		t.Errorf("the ratio 1.3 is not reckoned:\n%s", b.words())
	}
}

// submit goes over the page that checks, and tells who has it now.
func submit(b *tab, id string) {
	b.t.Helper()
	b.open("/documents/" + id)
	b.pressed("Kiểm tra và trình")
	b.sees("Mọi phần đã đủ và không còn lỗi.")
	b.pressed("Trình trưởng phòng")
	b.sees("Đã trình trưởng phòng", "Mã tiếp nhận", "Ai đang giữ")
}

func approve(b *tab, id string) {
	b.t.Helper()
	b.open("/documents/" + id)
	b.pressed("Xem xét và quyết định")
	b.pressed("Trình ký số")
	b.sees("Đã duyệt và trình ký số", "Mã tiếp nhận")
}

// returnDocument sends it back; without a reason it is not sent, and says so at
// the field.
func returnDocument(b *tab, id, button, reason string, points ...string) {
	b.t.Helper()
	b.open("/documents/" + id + "/review")
	b.pressed(button)
	if status := b.press("Trả lại để bổ sung"); status != 422 {
		b.t.Errorf("a return without a reason was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa", "Ghi lý do.")
	b.write("reason", reason)
	for i, point := range points {
		b.write("point."+strconv.Itoa(i+1)+".text", point)
	}
	b.pressed("Trả lại để bổ sung")
	b.sees("Đã trả lại", "Mã tiếp nhận")
}

// answerPoint says what was done about a point; until then nothing is handed in.
func answerPoint(b *tab, id, point, answer string) {
	b.t.Helper()
	b.open("/documents/" + id + "/check")
	b.sees("Điểm phải sửa chưa có trả lời: " + point)
	b.open("/documents/" + id)
	b.sees("Những điểm cần bổ sung", point, "Phải sửa")
	b.inspect("document-points")
	b.write("answer", answer)
	b.pressed("Gửi trả lời")
	b.sees("Đã trả lời mọi điểm phải sửa", answer)
}

// mend adds a line to the first part.
func mend(b *tab, id, line string) {
	b.t.Helper()
	b.open("/documents/" + id + "/sections/I")
	b.write("text", b.value("text")+"\n\n"+line)
	b.follow("go on", b.clickPrimary())
}

// signWithMistakes signs with a typed number after a wrong password, which takes
// no number and loses nothing. It returns the number as written.
func signWithMistakes(t *testing.T, w *town, b *tab, id string) string {
	t.Helper()
	b.open("/documents/" + id)
	b.pressed("Ký số báo cáo")
	b.sees("Kiểm tra trước khi ký", "Không có giá trị pháp lý")
	b.tap("Số khác, ghi ở ô dưới")
	b.write("number", "77")
	b.tap("Tôi đã xem nội dung và chịu trách nhiệm về báo cáo này.")
	b.write("password", "sai mật khẩu")
	if status := b.press("Ký số báo cáo"); status != 422 {
		t.Errorf("a wrong key password was answered with %d", status)
	}
	if said := ask[string](b, `() => document.getElementById("password-error")?.innerText ?? ""`); !strings.Contains(said, "Mật khẩu khóa ký không đúng") {
		t.Errorf("at the password stands %q:\n%s", said, b.words())
	}
	if taken := w.Count(`select count(*) from document_numbers where document_id = $1`, id); taken != 0 {
		t.Errorf("%d numbers are taken by a wrong password", taken)
	}
	if b.value("number") != "77" || b.counts(`[value="typed"]:checked`) != 1 || b.counts(`[name="agree"]:checked`) != 1 {
		t.Error("a wrong password lost what was chosen")
	}
	b.write("password", keyPassword)
	b.pressed("Ký số báo cáo")
	b.sees("Đã ký số", "Nộp đúng hạn", "Số 77/BC-STC")
	return "77/BC-STC"
}

// sign signs a report with the next number of the series, and returns it.
func sign(b *tab, id string) string {
	b.t.Helper()
	return signAs(b, id, "báo cáo")
}

// signAs signs a document that pages call by the noun.
func signAs(b *tab, id, noun string) string {
	b.t.Helper()
	b.open("/documents/" + id + "/sign")
	b.tap("Tôi đã xem nội dung và chịu trách nhiệm về " + noun + " này.")
	b.write("password", keyPassword)
	b.pressed("Ký số " + noun)
	b.sees("Đã ký số")
	number := regexp.MustCompile(`Số (\d+/\S+), đã ký số`).FindStringSubmatch(squeeze(b.words()))
	if number == nil {
		b.t.Fatalf("the receipt names no number:\n%s", b.words())
	}
	return number[1]
}

// checkSigned downloads a signed file as this person would and has it judged by
// programs that know nothing of ours.
func checkSigned(t *testing.T, w *town, b *tab, id string, revision int, number string) {
	t.Helper()
	b.open("/documents/" + id)
	path := b.href("Số " + number + ", đã ký số")
	data, kind := b.bytesOf(path)
	if !strings.HasPrefix(kind, "application/pdf") {
		t.Errorf("%s comes as %q", path, kind)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "signed.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	roots := filepath.Join(w.Keys(), "roots.pem")
	tool(t, "qpdf", "--check", file)
	tool(t, "certutil", "-N", "-d", "sql:"+dir, "--empty-password")
	tool(t, "certutil", "-A", "-d", "sql:"+dir, "-n", "root", "-t", "CT,CT,CT", "-i", roots)
	listing := tool(t, "pdfsig", "-nssdir", "sql:"+dir, file)
	for _, want := range []string{"Signature is Valid.", "Certificate is Trusted.", "Total document signed", "ETSI.CAdES.detached"} {
		if !strings.Contains(listing, want) {
			t.Errorf("pdfsig does not say %q of revision %d:\n%s", want, revision, listing)
		}
	}
	text := tool(t, "pdftotext", "-layout", file, "-")
	if !strings.Contains(squeeze(text), "Số: "+number) {
		t.Errorf("the print of revision %d does not bear number %s:\n%.600s", revision, number, text)
	}
}

// tool runs a program of the distribution that must be there.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	packages := map[string]string{
		"qpdf": "qpdf", "certutil": "libnss3-tools", "pdfsig": "poppler-utils", "pdftotext": "poppler-utils",
	}
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: apt-get install %s", name, packages[name])
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
