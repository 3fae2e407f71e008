package paper

import (
	"fmt"
	"strings"
	"testing"
)

// yearly is a plan of n tasks in seven fields; every tenth has an essay for a name.
func yearly(n int) Report {
	r := sample()
	r.Type, r.Subject, r.Number, r.To, r.Appendix = "Kế hoạch", "Cải cách hành chính năm 2027", "05/KH-STC", nil, nil
	r.Tasks = &TaskTable{Title: "Danh mục nhiệm vụ cải cách hành chính năm 2027", Columns: []TaskColumn{
		{Head: "STT", Share: 11, Centred: true}, {Head: "Mục tiêu", Share: 42}, {Head: "Nhiệm vụ", Share: 68}, {Head: "Sản phẩm", Share: 44},
		{Head: "Chủ trì", Share: 31}, {Head: "Phối hợp", Share: 31}, {Head: "Thời gian", Share: 25, Centred: true},
	}}
	for i := range n {
		if i%8 == 0 {
			r.Tasks.Rows = append(r.Tasks.Rows, TaskRow{Group: fmt.Sprintf("%d. Lĩnh vực", i/8+1)})
		}
		name := fmt.Sprintf("Nhiệm vụ số %03d rà soát văn bản", i+1)
		if i%10 == 9 {
			name += strings.Repeat(" một câu dài trong ô này", 80)
		}
		r.Tasks.Rows = append(r.Tasks.Rows, TaskRow{Cells: []string{
			fmt.Sprint(i + 1), "Toàn bộ văn bản được rà soát", name, "Báo cáo kết quả", "Sở Tư pháp", "Các sở, ngành", "Quý II/2027",
		}})
	}
	return r
}

func TestTasksAreALandscapeAnnex(t *testing.T) {
	p := render(t, yearly(60))
	info := run(t, "pdfinfo", "-f", "1", "-l", fmt.Sprint(p.Pages), saved(t, p))
	body := 0
	for i := range p.Pages {
		size := "595.28 x 841.89 pts (A4)"
		if !strings.Contains(info, fmt.Sprintf("Page %4d size:  %s", i+1, size)) {
			size = "841.89 x 595.28 pts (A4)"
		} else {
			body++
		}
		if !strings.Contains(info, fmt.Sprintf("Page %4d size:  %s", i+1, size)) {
			t.Errorf("page %d is neither upright nor lying A4: %s", i+1, info)
		}
	}
	pages := textOf(t, p)
	annex := pages[body:]
	if body == 0 || len(annex) < 5 || !strings.HasPrefix(annex[0], "Phụ lục I DANH MỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2027") {
		t.Fatalf("%d pages of body, %d of annex: %.90q", body, len(annex), annex)
	}
	for i, page := range annex {
		if strings.Count(page, "STT Mục tiêu Nhiệm vụ") != 1 {
			t.Errorf("page %d of the annex has no header, or two", i+1)
		}
	}
	all := strings.Join(annex, " ")
	for i := range 60 {
		if n := strings.Count(all, fmt.Sprintf("số %03d", i+1)); n != 1 {
			t.Errorf("task %d is printed %d times", i+1, n)
		}
	}
	// Long cells are cut, none of their words is lost.
	if n := strings.Count(strings.Join(strings.Fields(all), ""), "mộtcâudàitrongônày"); n < 400 {
		t.Errorf("the essays have %d of their 480 sentences on lines of their own", n)
	}
	run(t, "qpdf", "--check", saved(t, p))
}

func TestTasksStayOnTheirPages(t *testing.T) {
	p := render(t, yearly(60))
	for number, page := range boxes(t, p) {
		lying := false
		for _, word := range page {
			lying = lying || word.Right > pageWidth
		}
		width, height := float64(pageWidth), float64(pageHeight)
		if lying {
			width, height = height, width
		}
		for _, word := range page {
			if word.Left < marginLeft-1 || word.Right > width-marginRight+1 || word.Bottom > height-marginBottom+1 {
				t.Errorf("page %d: %q stands in the margin", number+1, word.Text)
			}
		}
	}
}

func TestAFieldStaysWithItsTasks(t *testing.T) {
	for n := 8; n < 40; n += 3 {
		for i, lines := range linesOf(t, render(t, yearly(n))) {
			if last := lines[len(lines)-1]; strings.Contains(last, "Lĩnh vực") {
				t.Errorf("%d tasks: page %d ends with %q", n, i+1, last)
			}
		}
	}
}

func TestFiguresAndTasksAreTwoAnnexes(t *testing.T) {
	r := yearly(3)
	r.Appendix = figures(5)
	all := strings.Join(textOf(t, render(t, r)), " ")
	if !strings.Contains(all, "Phụ lục I SỐ LIỆU") || !strings.Contains(all, "Phụ lục II DANH MỤC") {
		t.Errorf("the annexes are not numbered: %s", all)
	}
	r.Tasks.Rows = nil
	if all := strings.Join(textOf(t, render(t, r)), " "); !strings.Contains(all, "(Không có nhiệm vụ)") {
		t.Error("an empty table says nothing")
	}
}

// A plan is signed like a report: the fields lie on an upright page, and the file
// opens with its annex.
func TestASignedPlanHasItsFields(t *testing.T) {
	p := render(t, yearly(20))
	if len(p.Fields) != 2 || p.Fields[0].Page >= p.Pages {
		t.Errorf("%d fields of %d pages: %+v", len(p.Fields), p.Pages, p.Fields)
	}
}
