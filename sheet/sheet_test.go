package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"cchc/domain/calendar"
	"cchc/sheet"
)

var columns = []sheet.Column{
	{Title: "Đơn vị", Width: 30}, {Title: "Số ngày", Width: 10, Kind: sheet.Number},
	{Title: "Hạn", Width: 12, Kind: sheet.Date}, {Title: "Lúc", Width: 18, Kind: sheet.Moment},
}

func rows(all ...[]any) func(func([]any) error) error {
	return func(yield func([]any) error) error {
		for _, row := range all {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func written(t *testing.T, table sheet.Table) *excelize.File {
	t.Helper()
	var book bytes.Buffer
	if err := sheet.Write(&book, table); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestCellsAreTyped(t *testing.T) {
	at := time.Date(2026, 12, 17, 23, 30, 0, 0, time.UTC) // 06:30 on the 18th in Vietnam
	f := written(t, sheet.Table{
		Name: "Theo dõi: đợt [quý IV] năm 2026 rất dài", Title: "Theo dõi đợt", About: []string{"In lúc 08:30", "Bộ lọc: quá hạn"},
		Columns: columns, Rows: rows([]any{"Sở Tài chính", 1234, calendar.Date(2026, 12, 17), at}, []any{"Xã Cần Giờ", nil, nil, nil}),
	})
	name := f.GetSheetName(0)
	if len([]rune(name)) > 31 || strings.ContainsAny(name, `:[]`) {
		t.Errorf("the sheet is called %q", name)
	}
	for where, want := range map[string]string{
		"A1": "Theo dõi đợt", "A2": "In lúc 08:30", "A3": "Bộ lọc: quá hạn", "A4": "", "A5": "Đơn vị", "D5": "Lúc",
		"A6": "Sở Tài chính", "B6": "1,234", "C6": "17/12/2026", "D6": "18/12/2026 06:30", "A7": "Xã Cần Giờ", "B7": "", "C7": "",
	} {
		if got, err := f.GetCellValue(name, where); err != nil || got != want {
			t.Errorf("%s says %q, want %q (%v)", where, got, want, err)
		}
	}
	for where, want := range map[string]excelize.CellType{"B6": excelize.CellTypeUnset, "C6": excelize.CellTypeUnset, "A6": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType(name, where); err != nil || got != want { // unset is Excel's way to say number
			t.Errorf("%s is of type %v, want %v (%v)", where, got, want, err)
		}
	}
	if panes, err := f.GetPanes(name); err != nil || !panes.Freeze || panes.YSplit != 5 {
		t.Errorf("the head is not frozen: %+v, %v", panes, err)
	}
	if width, err := f.GetColWidth(name, "A"); err != nil || width != 30 {
		t.Errorf("the first column is %v wide, %v", width, err)
	}
}

// What people type must not run on the reader's machine.
func TestTextIsNeverAFormula(t *testing.T) {
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", `=HYPERLINK("http://x","y")`, "\t=1", "<b>&amp;</b>"}
	var all [][]any
	for _, text := range evil {
		all = append(all, []any{text, nil, nil, nil})
	}
	f := written(t, sheet.Table{Name: "Thử", Title: "=2+2", About: []string{"=3+3"}, Columns: columns, Rows: rows(all...)})
	for i, want := range append([]string{"=2+2", "=3+3"}, evil...) {
		row := i + 1
		if i >= 2 {
			row = i + 3 // an empty line and the head
		}
		where := fmt.Sprintf("A%d", row)
		formula, err := f.GetCellFormula("Thử", where)
		kind, kindErr := f.GetCellType("Thử", where)
		value, valueErr := f.GetCellValue("Thử", where)
		if formula != "" || kind != excelize.CellTypeInlineString || value != want || errors.Join(err, kindErr, valueErr) != nil {
			t.Errorf("%s: %q became %q, formula %q, type %v", where, want, value, formula, kind)
		}
		style, err := f.GetCellStyle("Thử", where)
		if err != nil {
			t.Fatal(err)
		}
		if look, err := f.GetStyle(style); err != nil || look.NumFmt != 49 {
			t.Errorf("%s would become a formula once edited: %+v, %v", where, look, err)
		}
	}
}

func TestWrongRowsAreRefused(t *testing.T) {
	for _, row := range [][]any{{"Sở"}, {"Sở", "3", nil, nil}, {4, nil, nil, nil}, {"Sở", nil, time.Now(), nil}} {
		if err := sheet.Write(&bytes.Buffer{}, sheet.Table{Name: "Thử", Columns: columns, Rows: rows(row)}); err == nil {
			t.Errorf("%v was written", row)
		}
	}
	failed := errors.New("reading stopped")
	err := sheet.Write(&bytes.Buffer{}, sheet.Table{Name: "Thử", Columns: columns, Rows: func(func([]any) error) error { return failed }})
	if !errors.Is(err, failed) {
		t.Errorf("a failed reading ends as %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	row := []any{"Ủy ban nhân dân xã Minh Thạnh", 12, calendar.Date(2026, 12, 17), time.Now()}
	for b.Loop() {
		err := sheet.Write(&bytes.Buffer{}, sheet.Table{Name: "Thử", Columns: columns, Rows: func(yield func([]any) error) error {
			for range 4000 {
				if err := yield(row); err != nil {
					return err
				}
			}
			return nil
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
}
