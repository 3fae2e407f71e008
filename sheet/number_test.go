package sheet_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"cchc/sheet"
)

// TestNumber: a number that was typed as one is read as it is meant, whatever the
// program shows; a text is left to whoever reads texts.
func TestNumber(t *testing.T) {
	f := excelize.NewFile()
	format := func(code string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		value any
		style int
		want  string // "-": no number
	}{
		{82.5, 0, "82,5"}, {80.125, 0, "80,125"}, {247.0 / 3, 0, "82,3333"}, {1200, format("#,##0"), "1200"}, {0, 0, "0"}, {0.825, percent, "82,5"},
		{0.825, format(`0.0" %"`), "0,825"}, {"82,5", 0, "-"}, {"80", 0, "-"}, {nil, 0, "-"}, {time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), format("dd/mm/yyyy"), "-"},
	}
	for i, row := range rows {
		where := sheet.Cell(2, i+1)
		if err := f.SetCellValue("Sheet1", where, row.value); err != nil {
			t.Fatal(err)
		}
		if row.style > 0 {
			if err := f.SetCellStyle("Sheet1", where, where, row.style); err != nil {
				t.Fatal(err)
			}
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	book, err := sheet.Open(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	for i, row := range rows {
		got, is, err := book.Number("Sheet1", i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if !is {
			got = "-"
		}
		if got != row.want {
			t.Errorf("%v is read as %q, want %q", row.value, got, row.want)
		}
	}
}
