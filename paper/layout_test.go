package paper

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
)

func TestPartsOfADocumentInOrder(t *testing.T) {
	text := strings.Join(textOf(t, render(t, full())), " \f ")
	rest := text
	for _, want := range []string{
		"ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "THÀNH PHỐ HỒ CHÍ MINH Độc lập - Tự do - Hạnh phúc", "SỞ TÀI CHÍNH",
		"Số: 412/BC-STC Thành phố Hồ Chí Minh, ngày 17 tháng 12 năm 2026",
		"BÁO CÁO", "Công tác cải cách hành chính quý IV năm 2026", "Kính gửi: Sở Nội vụ.", "Thực hiện Kế hoạch",
		"I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH", "II. KẾT QUẢ THỰC HIỆN CÁC NỘI DUNG",
		"1. Cải cách thể chế", "2. Cải cách thủ tục hành chính", "a) Nguyên nhân. Hệ thống",
		"3. Cải cách tổ chức bộ máy (Không có nội dung)", "\f 2 III.", "năm 2027./.",
		"Nơi nhận: GIÁM ĐỐC", "- Sở Nội vụ;", "- Ban Giám đốc Sở;", "- Lưu: VT, VP.", "Lê Hoàng Phương",
		"\f Phụ lục I", "SỐ LIỆU CẢI CÁCH HÀNH CHÍNH QUÝ IV NĂM 2026", "(Kèm theo Văn bản số ....", "STT Chỉ tiêu", "1. Nhóm chỉ tiêu thứ 1",
		"\f 2", "STT Chỉ tiêu", "\f 3", "STT Chỉ tiêu", "11. Nhóm chỉ tiêu thứ 11", "Giải trình số liệu:", "3.27: Số thư xin lỗi",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is not in its place in\n%s", want, text)
		}
		rest = after
	}
}

// NĐ 30/2020, Phụ lục I, phần I: margins 20-25, 20-25, 30-35, 15-20 mm; the page
// number stands in the top margin, centred, and not on the first page.
func TestNothingLeavesTheMargins(t *testing.T) {
	long := full()
	long.Agency = "Ban Quản lý các khu chế xuất và công nghiệp và khu công nghệ cao Thành phố Hồ Chí Minh"
	long.Place = "Xã Bình Chánh thuộc địa bàn Thành phố Hồ Chí Minh mở rộng"
	long.Subject = strings.Repeat("Kết quả công tác cải cách hành chính ", 12)
	long.Opening = strings.Repeat("x", 400) + " https://example.vn/" + strings.Repeat("thu-muc/", 60) + " " + strings.Repeat("1234567890", 30)
	long.SignerCapacity = []string{"TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch phụ trách cải cách hành chính và chuyển đổi số"}
	long.CC = append(long.CC, strings.Repeat("Ủy ban nhân dân các phường, xã, đặc khu ", 5), strings.Repeat("y", 200))
	long.To = []string{strings.Repeat("Bộ Nội vụ ", 30), strings.Repeat("z", 300)}
	long.Appendix.Rows[3].Name = strings.Repeat("w", 300)
	long.Appendix.Rows[4].Value = "1.234.567.890.123.456.789,01"
	long.Appendix.Rows[5].Note = strings.Repeat("Do hệ thống gián đoạn; ", 200)
	long.Appendix.Rows[6].Unit = strings.Repeat("đơnvị", 20)
	long.Appendix.Rows[7].Code = strings.Repeat("1.", 40)
	for name, r := range map[string]Report{"usual": full(), "draft": unnumbered(), "long words": long} {
		t.Run(name, func(t *testing.T) {
			for i, page := range boxes(t, render(t, r)) {
				for _, word := range page {
					inMargin := word.Bottom < 20*mm && (regexp.MustCompile(`^(\d+|DỰ|THẢO)$`).MatchString(word.Text))
					if word.Left < 30*mm-0.5 || word.Right > 210*mm-15*mm+0.5 || word.Bottom > 297*mm-20*mm+0.5 || word.Top < 20*mm-0.5 && !inMargin {
						t.Errorf("page %d: %q at %.0f,%.0f-%.0f,%.0f", i+1, word.Text, word.Left, word.Top, word.Right, word.Bottom)
					}
				}
			}
		})
	}
}

func TestPageNumbers(t *testing.T) {
	r := full()
	r.Parts[0].Text = strings.Repeat(r.Parts[0].Text+"\n", 20)
	var got []string
	for _, page := range boxes(t, render(t, r)) {
		number := ""
		for _, word := range page {
			if word.Bottom < 20*mm {
				number = word.Text
				if middle := (word.Left + word.Right) / 2; middle < (30+82.5)*mm-1 || middle > (30+82.5)*mm+1 {
					t.Errorf("number %s is not centred: %.0f", number, middle)
				}
			}
		}
		got = append(got, number)
	}
	if want := ", 2, 3, 4, , 2, 3, 4"; strings.Join(got, ", ") != want {
		t.Errorf("numbers %q, want %q: the annex counts for itself", strings.Join(got, ", "), want)
	}
}

// NĐ 30/2020, Phụ lục I, phần II, điểm 4: days under 10 and the months 1 and 2
// take a zero before them.
func TestDateLine(t *testing.T) {
	r := sample()
	tests := []struct {
		date calendar.Day
		want string
	}{
		{calendar.Date(2026, 12, 17), "ngày 17 tháng 12 năm 2026"},
		{calendar.Date(2027, 1, 5), "ngày 05 tháng 01 năm 2027"},
		{calendar.Date(2027, 2, 9), "ngày 09 tháng 02 năm 2027"},
		{calendar.Date(2027, 3, 10), "ngày 10 tháng 3 năm 2027"},
		{calendar.Date(2027, 9, 1), "ngày 01 tháng 9 năm 2027"},
	}
	for _, test := range tests {
		r.Date = test.date
		if got := dateLine(r); got != "Thành phố Hồ Chí Minh, "+test.want {
			t.Errorf("%v: %q, want %q", test.date, got, test.want)
		}
	}
	r.Date, r.Created = 0, time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC) // already 2027 in Vietnam
	if got := strings.Join(strings.Fields(dateLine(r)), " "); got != "Thành phố Hồ Chí Minh, ngày tháng năm 2027" {
		t.Errorf("without a date: %q", got)
	}
}

func TestDraftIsMarkedOnEveryPage(t *testing.T) {
	r := unnumbered()
	r.Appendix = figures(60)
	pages := textOf(t, render(t, r))
	for i, page := range pages {
		if !strings.HasPrefix(page, "DỰ THẢO") {
			t.Errorf("page %d: %.60s", i+1, page)
		}
	}
	if !strings.Contains(pages[0], "Số: /BC-STC") {
		t.Errorf("no gap for the number: %.200s", pages[0])
	}
	if text := textOf(t, render(t, sample()))[0]; strings.Contains(text, "DỰ THẢO") {
		t.Error("a document to be signed is marked as a draft")
	}
}

// The signature takes at least two lines of text with it, wherever the page ends.
func TestSignatureNeverAlone(t *testing.T) {
	seen := map[int]bool{}
	for lines := range 120 {
		r := sample()
		r.Parts = []Part{{Number: "I.", Title: "Kết quả", Text: strings.Repeat("Một dòng.\n", lines)}}
		pages, fields := layOutBody(r)
		last := pages[len(pages)-1]
		before := len(last) - 1
		if last[before].signature == nil || before < 2 {
			t.Errorf("%d lines: the signature stands on page %d of %d after %d lines", lines, fields[0].Page, len(pages), before)
		}
		if fields[0].Page != len(pages) || fields[1].Page != len(pages) {
			t.Errorf("%d lines: fields on page %d of %d", lines, fields[0].Page, len(pages))
		}
		if fields[0].Rect[1] < marginBottom {
			t.Errorf("%d lines: the hand reaches into the bottom margin", lines)
		}
		seen[len(pages)] = true
	}
	if len(seen) < 3 {
		t.Errorf("page counts %v: the test did not cross page ends", seen)
	}
}

// A heading is never the last thing on a page, and no paragraph leaves one line
// behind or takes one line along.
func TestHeadingsAndParagraphsStayTogether(t *testing.T) {
	paragraph := "Đầu" + strings.Repeat(" của đoạn văn này dài vừa đủ năm dòng trên giấy.", 8) + " Cuối."
	for shift := range 40 {
		r := sample()
		r.Opening = strings.Repeat("Một dòng.\n", shift)
		r.Parts = nil
		for range 9 {
			r.Parts = append(r.Parts, Part{Number: "1.", Title: "Mục", Parts: []Part{{Number: "a.", Title: "Khoản", Text: paragraph}}})
		}
		pages := linesOf(t, render(t, r))
		if len(pages) < 3 {
			t.Fatalf("%d pages", len(pages))
		}
		for i, lines := range pages[:len(pages)-1] {
			last := lines[len(lines)-1]
			if strings.HasPrefix(last, "Đầu") || last == "1. MỤC" || last == "a. Khoản" {
				t.Errorf("shift %d: page %d ends with %q", shift, i+1, last)
			}
			if first := pages[i+1][1]; strings.HasSuffix(first, "Cuối.") { // line 0 is the number
				t.Errorf("shift %d: page %d begins with %q", shift, i+2, first)
			}
		}
	}
}

func TestManyReceivers(t *testing.T) {
	r := sample()
	r.CC = nil
	for i := range 150 {
		r.CC = append(r.CC, fmt.Sprintf("- Đơn vị %03d;", i+1))
	}
	p := render(t, r)
	text := strings.Join(textOf(t, p), " ")
	for i := range 149 {
		if want := fmt.Sprintf("- Đơn vị %03d;", i+1); strings.Count(text, want) != 1 {
			t.Errorf("%q is printed %d times", want, strings.Count(text, want))
		}
	}
	if !strings.Contains(text, "- Đơn vị 150.") {
		t.Error("the last receiver does not end with a stop")
	}
	if len(p.Fields) != 2 {
		t.Errorf("fields: %v", p.Fields)
	}
}

func TestEndMark(t *testing.T) {
	tests := []struct {
		name  string
		parts []Part
		want  string
	}{
		{"in place of the stop", []Part{{Title: "A", Text: "Hết."}}, "Hết./."},
		{"no stop", []Part{{Title: "A", Text: "Hết"}}, "Hết./."},
		{"typed by the author", []Part{{Title: "A", Text: "Hết./."}}, "Hết./."},
		{"behind the last paragraph only", []Part{{Title: "A", Text: "Một.\nHai."}}, "Một. Hai./."},
		{"last part empty", []Part{{Title: "A", Text: "Một."}, {Title: "B", Text: " \n "}}, "Một. B (Không có nội dung)./."},
		{"only parts of parts", []Part{{Title: "A", Parts: []Part{{Title: "b", Parts: []Part{{Number: "a)", Text: "Hết."}}}}}}, "b a) Hết./."},
		{"a part below that is only a heading", []Part{{Title: "A", Parts: []Part{{Title: "b", Parts: []Part{{Title: "c", Parts: []Part{{Number: "-", Text: "Hết."}}}}}}}}, "b c. - Hết./."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := sample()
			r.Parts = test.parts
			text := textOf(t, render(t, r))[0]
			if strings.Count(text, "./.") != 1 || !strings.Contains(text, test.want) {
				t.Errorf("want %q once in\n%s", test.want, text)
			}
		})
	}
}

func TestEmptyReport(t *testing.T) {
	r := sample()
	r.Parts, r.Opening, r.To, r.CC, r.Superior, r.Subject = nil, "", nil, nil, nil, ""
	r.Appendix = &Appendix{}
	text := strings.Join(textOf(t, render(t, r)), " ")
	for _, want := range []string{"SỞ TÀI CHÍNH", "BÁO CÁO GIÁM ĐỐC Lê Hoàng Phương", "(Không có số liệu)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
}

func TestLongReport(t *testing.T) {
	r := full()
	r.Parts[0].Text = strings.Repeat(r.Parts[0].Text+"\n", 320)
	started := time.Now()
	p := render(t, r)
	if took := time.Since(started); took > 3*time.Second {
		t.Errorf("%d pages took %v", p.Pages, took)
	}
	if p.Pages < 40 {
		t.Errorf("%d pages, the test wants 40 or more", p.Pages)
	}
	if p.Fields[0].Page != p.Pages-4 {
		t.Errorf("signature on page %d of %d, want the page before the annex", p.Fields[0].Page, p.Pages)
	}
}
