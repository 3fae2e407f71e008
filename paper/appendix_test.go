package paper

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestAnnexOf105Figures(t *testing.T) {
	pages := textOf(t, render(t, full()))
	annex := pages[2:]
	if len(annex) < 3 || !strings.HasPrefix(annex[0], "Phụ lục I SỐ LIỆU") {
		t.Fatalf("%d pages of annex, begins %.60q", len(annex), annex[0])
	}
	for i, page := range annex {
		if strings.Count(page, "STT Chỉ tiêu") != 1 {
			t.Errorf("page %d of the annex has no header", i+1)
		}
	}
	all := strings.Join(annex, " ")
	for i := range 105 {
		if n := strings.Count(all, fmt.Sprintf("Chỉ tiêu %03d", i+1)); n != 1 {
			t.Errorf("figure %d is printed %d times", i+1, n)
		}
	}
}

func TestHeadingStaysWithItsRows(t *testing.T) {
	for shift := range 12 {
		r := sample()
		r.Appendix = figures(80)
		for range shift {
			r.Appendix.Rows = append([]Row{{Code: "0", Name: "Trước", Value: "0"}}, r.Appendix.Rows...)
		}
		for i, lines := range linesOf(t, render(t, r)) {
			if last := lines[len(lines)-1]; strings.Contains(last, "Nhóm chỉ tiêu") {
				t.Errorf("shift %d: page %d ends with %q", shift, i+1, last)
			}
		}
	}
}

func TestReasonsStayWithTheTable(t *testing.T) {
	for n := 20; n < 36; n++ {
		r := sample()
		r.Appendix = figures(n)
		pages := linesOf(t, render(t, r))
		for i, lines := range pages {
			if strings.HasPrefix(lines[min(1, len(lines)-1)], "Giải trình") {
				t.Errorf("%d rows: page %d holds the reasons alone", n, i+1)
			}
		}
	}
}

func TestValuesAlignRight(t *testing.T) {
	r := sample()
	r.Appendix = &Appendix{Title: "Số liệu", Rows: []Row{
		{Code: "1.1", Name: "Tên", Unit: "hồ sơ", Value: "7"},
		{Code: "1.2", Name: "Tên", Unit: "hồ sơ", Value: "12.934"},
		{Code: "1.3", Name: "Tên", Unit: "%", Value: "98,83"},
	}}
	pages := boxes(t, render(t, r))
	last := pages[len(pages)-1]
	want := find(t, last, "12.934").Right
	for _, value := range []string{"7", "98,83"} {
		if got := find(t, last, value).Right; got < want-0.1 || got > want+0.1 {
			t.Errorf("%s ends at %.1f, 12.934 at %.1f", value, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	row := Row{Code: "1.1", Name: "Tên", Unit: "hồ sơ", Value: "7"}
	noted := row
	noted.Note = "có giải trình"
	tests := []struct {
		name    string
		columns []string
		row     Row
		want    string
	}{
		{"usual words", nil, row, "STT Chỉ tiêu Đơn vị tính Kỳ này"},
		{"with notes", nil, noted, "STT Chỉ tiêu Đơn vị tính Kỳ này Ghi chú"},
		{"own words", []string{"Mã", "Nội dung", "ĐVT", "Quý IV"}, row, "Mã Nội dung ĐVT Quý IV"},
		{"own words, usual for the notes", []string{"Mã", "Nội dung", "ĐVT", "Quý IV"}, noted, "Mã Nội dung ĐVT Quý IV Ghi chú"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var heads []string
			for _, c := range newTable(Appendix{Columns: test.columns, Rows: []Row{test.row}}).columns {
				heads = append(heads, c.head)
			}
			if got := strings.Join(heads, " "); got != test.want {
				t.Errorf("columns %q, want %q", got, test.want)
			}
		})
	}
}

// Rows of any height, wherever they begin, end inside their page, and every
// page begins with the header.
func TestRowsStayWhole(t *testing.T) {
	sentence := "một dòng dài vừa đủ để chiếm trọn bề ngang của ô này "
	for most := 1; most <= 40; most++ {
		a := Appendix{Title: "Số liệu"}
		for i := range 60 {
			a.Rows = append(a.Rows, Row{Code: strconv.Itoa(i), Name: strings.Repeat(sentence, 1+i*7%most), Unit: "hồ sơ", Value: "1"})
		}
		pages := portrait.paginate(appendix(a, 1))
		if err := portrait.fits(pages); err != nil {
			t.Errorf("up to %d lines: %v", most, err)
		}
		header := newTable(a).header().height
		for number, page := range pages[1:] {
			if page[0].height != header || page[0].head != nil || page[1].head == nil {
				t.Errorf("up to %d lines: page %d does not begin with the header", most, number+2)
			}
		}
		for number, page := range pages[:len(pages)-1] {
			last := page[len(page)-1]
			if unused := pageHeight - marginBottom - last.y - last.height; unused > (cutLines+2)*tableLeading {
				t.Errorf("up to %d lines: page %d leaves %.0f points empty", most, number+1, unused)
			}
		}
	}
}

func TestEssayInACell(t *testing.T) {
	r := sample()
	r.Appendix = figures(12)
	r.Appendix.Rows[2].Note = strings.TrimSpace(strings.Repeat("Do hệ thống liên thông gián đoạn. ", 300)) + " Hết."
	pages := textOf(t, render(t, r))
	text := strings.Join(pages, " ")
	if !strings.Contains(text, "Hết.") || strings.Count(text, "đoạn.") != 300 {
		t.Errorf("%d of 300 sentences are printed", strings.Count(text, "đoạn."))
	}
}
