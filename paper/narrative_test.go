package paper

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

const styledText = `Đã **công khai** 214 thủ tục, *đúng hạn*, và ***kịp thời***.
Nguyên nhân:
- Hệ thống liên thông thuế gián đoạn từ ngày 02 đến ngày 04 tháng 11 năm 2026, hồ sơ dồn vào tuần sau đó và phải xử lý ngoài giờ;
  - lần một;
    - lần hai;
1. Khắc phục **ngay**, (**trong kỳ**)
12. Báo cáo
| Chỉ tiêu | Quý III | Quý IV |
| --- | --- | --- |
| Tiếp nhận mới hồ sơ trực tuyến trên Cổng Dịch vụ công quốc gia | 11.724 | **12.934** |
| Trễ hạn | 122 | 146 |`

func styled() Report {
	r := sample()
	r.Parts = []Part{{Number: "I.", Title: "Chỉ đạo", Text: styledText}}
	return r
}

func TestFacesInText(t *testing.T) {
	html := run(t, "pdftohtml", "-xml", "-i", "-stdout", saved(t, render(t, styled())))
	for _, want := range []string{"<b>công khai", "<i>đúng hạn</i>", "<i><b>kịp thời</b></i>", "<b>ngay</b>", "<b>trong kỳ</b>", "<b>12.934</b>", "<b>Quý IV</b>"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	text := strings.Join(textOf(t, render(t, styled())), " ")
	if strings.Contains(text, "*") || strings.Contains(text, "|") || strings.Contains(text, "---") {
		t.Errorf("marks of the notation are printed:\n%s", text)
	}
	if !strings.Contains(text, "ngay, (trong kỳ)") {
		t.Errorf("spaces where the face changes:\n%s", text)
	}
}

// near compares places on the page, in points.
func near(a, b float64) bool { return math.Abs(a-b) < 0.6 }

func TestItemsHang(t *testing.T) {
	page := boxes(t, render(t, styled()))[0]
	at := func(text string, nth int) box {
		for _, one := range page {
			if one.Text == text {
				if nth == 0 {
					return one
				}
				nth--
			}
		}
		t.Fatalf("no word %q", text)
		return box{}
	}
	item := at("Hệ", 0)
	wrapped := box{}
	for _, one := range page {
		if one.Top > item.Bottom-2 && (wrapped.Text == "" || one.Top < wrapped.Top+1 && one.Left < wrapped.Left) {
			wrapped = one
		}
	}
	if !near(wrapped.Left, item.Left) {
		t.Errorf("the item's second line begins at %.1f (%q), its first at %.1f", wrapped.Left, wrapped.Text, item.Left)
	}
	// Two dashes stand in the motto.
	if dash := at("-", 2); !near(dash.Left, marginLeft+firstLine) || dash.Right > item.Left {
		t.Errorf("the dash stands at %.1f, its text at %.1f", dash.Left, item.Left)
	}
	if plus := find(t, page, "+"); !near(plus.Left, marginLeft+firstLine+itemStep) || !near(at("lần", 0).Left, marginLeft+firstLine+itemStep+itemHang) {
		t.Errorf("the plus stands at %.1f, its text at %.1f", plus.Left, at("lần", 0).Left)
	}
	if wide := find(t, page, "12."); wide.Right > find(t, page, "Báo").Left {
		t.Errorf("number 12 stands in its text")
	}
}

func TestTableInText(t *testing.T) {
	page := boxes(t, render(t, styled()))[0]
	if a, b := find(t, page, "12.934"), find(t, page, "146"); !near(a.Right, b.Right) {
		t.Errorf("figures do not end in one line: %.1f, %.1f", a.Right, b.Right)
	}
	if a, b := find(t, page, "11.724"), find(t, page, "12.934"); !near(a.Bottom, b.Bottom) || a.Right > b.Left {
		t.Errorf("a row does not stand in one line: %+v %+v", a, b)
	}
	if got := textOf(t, render(t, styled()))[0]; !strings.Contains(got, "./.") {
		t.Errorf("no mark of the end under the table: %s", got)
	}
}

func TestLongTableRepeatsItsHead(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("| Đơn vị | Hồ sơ |\n| --- | --- |\n")
	for i := range 90 {
		fmt.Fprintf(&rows, "| Phường thứ %d | %d |\n", i, i)
	}
	r := sample()
	r.Parts = []Part{{Number: "I.", Title: "Chỉ đạo", Text: rows.String()}}
	pages := textOf(t, render(t, r))
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if strings.Contains(page, "Phường thứ") && strings.Count(page, "Đơn vị Hồ sơ") != 1 {
			t.Errorf("page %d has no head: %.200s", i+1, page)
		}
	}
}

func TestStyledTextKeepsItsMargins(t *testing.T) {
	wide := "|" + strings.Repeat(" một cột rất dài "+strings.Repeat("x", 40)+" |", 12)
	r := sample()
	r.Parts = []Part{{Number: "I.", Title: "Chỉ đạo", Text: strings.Join([]string{
		wide, wide, "- " + strings.Repeat("y", 300), "  999. " + strings.Repeat("**đậm***nghiêng*", 60),
		strings.Repeat("*a***b**", 200), "Hết",
	}, "\n")}}
	for i, page := range boxes(t, render(t, r)) {
		for _, word := range page {
			if word.Left < marginLeft-0.5 || word.Right > marginEnd+0.5 {
				t.Errorf("page %d: %q from %.0f to %.0f", i+1, word.Text, word.Left, word.Right)
			}
		}
	}
}

func TestStyledTextSameBytes(t *testing.T) {
	if first, second := render(t, styled()), render(t, styled()); !bytes.Equal(first.PDF, second.PDF) {
		t.Error("the same report gave other bytes")
	}
}

func TestPunctuationStaysWithItsWord(t *testing.T) {
	r := sample()
	for indent := range 30 {
		r.Parts = []Part{{Number: "I.", Title: "Chỉ đạo", Text: strings.Repeat("i", indent+1) + strings.Repeat(" (**đậm**), tiếp", 20)}}
		for _, page := range linesOf(t, render(t, r)) {
			for _, line := range page {
				if strings.HasPrefix(line, "),") || strings.HasSuffix(line, " (") {
					t.Fatalf("a line is broken within a word: %q", line)
				}
			}
		}
	}
}
