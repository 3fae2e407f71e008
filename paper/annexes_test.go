package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// ranked are two lists of a decision, the first over several pages.
func ranked() Annexes {
	a := Annexes{
		Title: "Kết quả chỉ số", Agency: "SỞ NỘI VỤ", With: "(Kèm theo Quyết định số 45/QĐ-UBND ngày 01 tháng 03 năm 2027)",
		Created: time.Date(2027, 3, 1, 2, 0, 0, 0, time.UTC),
	}
	for n, units := range []int{120, 3} {
		table := TaskTable{Title: fmt.Sprintf("Kết quả nhóm %d", n+1), Columns: []TaskColumn{
			{Head: "Hạng", Share: 12, Centred: true}, {Head: "Đơn vị", Share: 70}, {Head: "Tổng điểm", Share: 20, Centred: true},
		}}
		for i := range units {
			table.Rows = append(table.Rows, TaskRow{Cells: []string{fmt.Sprint(i + 1), fmt.Sprintf("Đơn vị số %03d", i+1), "91,25"}})
		}
		a.Tables = append(a.Tables, table)
	}
	return a
}

func TestAnnexesOfADecision(t *testing.T) {
	p, err := RenderAnnexes(ranked())
	if err != nil {
		t.Fatal(err)
	}
	pages := textOf(t, p)
	if !strings.HasPrefix(pages[0], "Phụ lục I KẾT QUẢ NHÓM 1 (Kèm theo Quyết định số 45/QĐ-UBND ngày 01 tháng 03 năm 2027) Hạng Đơn vị Tổng điểm") {
		t.Errorf("first page: %.200q", pages[0])
	}
	if last := pages[len(pages)-1]; !strings.HasPrefix(last, "Phụ lục II KẾT QUẢ NHÓM 2") {
		t.Errorf("the second list does not begin a page: %.120q", last)
	}
	all := strings.Join(pages, " ")
	for i := range 120 {
		want := 1
		if i < 3 {
			want = 2
		}
		if n := strings.Count(all, fmt.Sprintf("số %03d", i+1)); n != want {
			t.Errorf("unit %d is printed %d times", i+1, n)
		}
	}
	info := run(t, "pdfinfo", saved(t, p))
	if !strings.Contains(info, "595.28 x 841.89 pts (A4)") || strings.Contains(all, "DỰ THẢO") {
		t.Errorf("not upright, or a draft: %s", info)
	}
	again, err := RenderAnnexes(ranked())
	if err != nil || !bytes.Equal(p.PDF, again.PDF) {
		t.Error("the same lists are other bytes")
	}
}

func TestDraftOfAnnexes(t *testing.T) {
	a := ranked()
	a.Draft, a.With = true, ""
	p, err := RenderAnnexes(a)
	if err != nil {
		t.Fatal(err)
	}
	for i, page := range textOf(t, p) {
		if !strings.Contains(page, "DỰ THẢO") {
			t.Errorf("page %d is not marked as a draft", i+1)
		}
	}
	if _, err := RenderAnnexes(Annexes{Title: "x"}); err == nil {
		t.Error("nothing was printed without an error")
	}
}
