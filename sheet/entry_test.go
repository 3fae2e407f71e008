package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"cchc/sheet"
)

func entry() sheet.Entry {
	return sheet.Entry{
		Name: "Kế hoạch", Lists: "Danh mục", Title: "Kế hoạch năm 2027", About: []string{"Sở Tài chính"}, Room: 20,
		Columns: []sheet.EntryColumn{
			{Title: "Lĩnh vực", Width: 20, Choices: []string{"Thể chế", "Thủ tục"}}, {Title: "Nhiệm vụ", Width: 40, Note: "Bắt đầu bằng động từ."},
			{Title: "Thời hạn", Width: 14}, {Title: "Mã", Hidden: true},
		},
		Rows: [][]string{{"Thể chế", "=1+1", "Quý II/2027", "k1"}},
	}
}

func entryBytes(t *testing.T) []byte {
	t.Helper()
	var book bytes.Buffer
	if err := sheet.WriteEntry(&book, entry()); err != nil {
		t.Fatal(err)
	}
	return book.Bytes()
}

func excel(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func opened(t *testing.T, data []byte) *sheet.Book {
	t.Helper()
	b, err := sheet.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestAWorkbookToFillIn(t *testing.T) {
	f := excel(t, entryBytes(t))
	if formula, err := f.GetCellFormula("Kế hoạch", "B5"); formula != "" || err != nil {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	picks, err := f.GetDataValidations("Kế hoạch")
	if err != nil || len(picks) != 1 || picks[0].Sqref != "A5:A24" || !strings.Contains(picks[0].Formula1, "$A$1:$A$2") || picks[0].ShowErrorMessage {
		t.Errorf("the choices are %+v, %v", picks, err)
	}
	if visible, err := f.GetSheetVisible("Danh mục"); visible || err != nil {
		t.Errorf("the sheet of choices is shown, %v", err)
	}
	if visible, err := f.GetColVisible("Kế hoạch", "D"); visible || err != nil {
		t.Errorf("the column of keys is shown, %v", err)
	}
	notes, err := f.GetComments("Kế hoạch")
	if err != nil || len(notes) != 1 || notes[0].Cell != "B4" {
		t.Errorf("the notes are %+v, %v", notes, err)
	}
	if protection, err := f.GetSheetProtection("Kế hoạch"); err != nil || !protection.InsertRows || protection.Password != "" {
		t.Errorf("protected as %+v, %v", protection, err)
	}
	for where, locked := range map[string]bool{"A5": false, "D24": false} {
		id, _ := f.GetCellStyle("Kế hoạch", where)
		if look, err := f.GetStyle(id); err != nil || look.Protection == nil || look.Protection.Locked != locked {
			t.Errorf("%s is locked: %+v, %v", where, look.Protection, err)
		}
	}
	b := opened(t, entryBytes(t))
	if shown := b.Sheets(); !slices.Equal(shown, []string{"Kế hoạch"}) {
		t.Errorf("sheets %q", shown)
	}
	texts, err := b.Texts("Kế hoạch")
	if err != nil || !slices.Equal(texts[4], []string{"Thể chế", "=1+1", "Quý II/2027", "k1"}) {
		t.Errorf("read again as %q, %v", texts, err)
	}
}

func TestCellsAreReadAsTheyAreMeant(t *testing.T) {
	f := excelize.NewFile()
	american, iso, month, share := 14, "yyyy-mm-dd", `mm/yyyy`, `0%`
	words := `0" d."`
	day := time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		where string
		value any
		style excelize.Style
	}{
		{"A1", day, excelize.Style{NumFmt: american}}, {"B1", day, excelize.Style{CustomNumFmt: &iso}}, {"C1", day, excelize.Style{CustomNumFmt: &month}},
		{"D1", 0.3, excelize.Style{CustomNumFmt: &share}}, {"E1", 12, excelize.Style{CustomNumFmt: &words}}, {"F1", "46054", excelize.Style{NumFmt: american}}, {"G1", 2027, excelize.Style{}},
	} {
		id, err := f.NewStyle(&c.style)
		if err := errors.Join(err, f.SetCellValue("Sheet1", c.where, c.value), f.SetCellStyle("Sheet1", c.where, c.where, id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.SetCellStr("Sheet1", "A2", "Thể chế"), f.MergeCell("Sheet1", "A2", "A4"), f.SetCellStr("Sheet1", "B4", "x"), f.SetCellStr("Sheet1", "B3", "y")); err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := f.Write(&data); err != nil {
		t.Fatal(err)
	}
	texts, err := opened(t, data.Bytes()).Texts("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"01/02/2027", "01/02/2027", "01/02/2027", "30%", "12 d.", "46054", "2027"}
	if !slices.Equal(texts[0], want) {
		t.Errorf("read as %q, want %q", texts[0], want)
	}
	if texts[2][0] != "Thể chế" || texts[3][0] != "Thể chế" {
		t.Errorf("a cell over three rows is read as %q", texts[1:])
	}
}

func TestMarksComeAndGo(t *testing.T) {
	mark := func(data []byte, marks ...sheet.Mark) []byte {
		var out bytes.Buffer
		if err := opened(t, data).Marked(&out, "Kế hoạch", marks, "Lỗi", [2]string{"Ô", "Lỗi"}); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	once := mark(entryBytes(t), sheet.Mark{Row: 5, Column: 1, Text: "Một"}, sheet.Mark{Row: 5, Column: 1, Text: "Hai"}, sheet.Mark{Row: 5, Column: 3, Text: "Ba"})
	f := excel(t, once)
	fill := func(f *excelize.File, where string) string {
		id, _ := f.GetCellStyle("Kế hoạch", where)
		look, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(look.Fill.Color, "")
	}
	notes, err := f.GetComments("Kế hoạch")
	if err != nil || len(notes) != 3 || fill(f, "A5") == "" || fill(f, "B5") != "" {
		t.Errorf("marked as %+v, %v", notes, err)
	}
	if rows, err := f.GetRows("Lỗi"); err != nil || len(rows) != 4 || !slices.Equal(rows[1], []string{"A5", "Một"}) {
		t.Errorf("listed as %q, %v", rows, err)
	}
	if text, err := f.GetCellValue("Kế hoạch", "B5"); err != nil || text != "=1+1" {
		t.Errorf("the owner's text is %q, %v", text, err)
	}
	again := excel(t, mark(once, sheet.Mark{Row: 5, Column: 3, Text: "Ba"}))
	if rows, err := again.GetRows("Lỗi"); err != nil || len(rows) != 2 || fill(again, "A5") != "" || fill(again, "C5") == "" {
		t.Errorf("after mending one, listed as %q, %v", rows, err)
	}
	if notes, err := again.GetComments("Kế hoạch"); err != nil || len(notes) != 2 {
		t.Errorf("after mending one, the notes are %+v, %v", notes, err)
	}
}

// The owner may have a sheet by the name of the list.
func TestTheListTakesNobodysPlace(t *testing.T) {
	own := excel(t, entryBytes(t))
	if _, err := own.NewSheet("Lỗi"); err != nil {
		t.Fatal(err)
	}
	if err := own.SetCellStr("Lỗi", "A1", "Của đơn vị"); err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := own.Write(&data); err != nil {
		t.Fatal(err)
	}
	book := data.Bytes()
	for range 2 {
		var out bytes.Buffer
		if err := opened(t, book).Marked(&out, "Kế hoạch", []sheet.Mark{{Row: 5, Column: 1, Text: "Một"}}, "Lỗi", [2]string{"Ô", "Lỗi"}); err != nil {
			t.Fatal(err)
		}
		book = out.Bytes()
	}
	f := excel(t, book)
	if text, err := f.GetCellValue("Lỗi", "A1"); err != nil || text != "Của đơn vị" {
		t.Errorf("the owner's sheet says %q, %v", text, err)
	}
	if rows, err := f.GetRows("Lỗi 2"); err != nil || len(rows) != 2 || slices.Contains(f.GetSheetList(), "Lỗi 3") {
		t.Errorf("listed as %q, %v, beside the sheets %q", rows, err, f.GetSheetList())
	}
}

// A few cells far to the right, or thousands of ranges, are a small file that takes all
// memory or time to read.
func TestWorkbooksLargerThanAnybodyTypes(t *testing.T) {
	far := func(rows int) string {
		var b strings.Builder
		for row := 1; row <= rows; row++ {
			_, _ = fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>1</v></c><c r="XFD%d"><v>1</v></c></row>`, row, row, row)
		}
		return "<sheetData>" + b.String() + "</sheetData>"
	}
	merged := func(ranges int) string {
		return "<sheetData></sheetData><mergeCells>" + strings.Repeat(`<mergeCell ref="A1:A2"/>`, ranges) + "</mergeCells>"
	}
	for _, one := range []struct {
		what, sheet string
		refused     bool
	}{
		{"thirty wide rows", far(30), false}, {"thirty-one wide rows", far(31), true},
		{"cells without an address", "<sheetData>" + strings.Repeat("<row>"+strings.Repeat("<c/>", 1000)+"</row>", 501) + "</sheetData>", true},
		{"as many ranges as may be", merged(10_000), false}, {"one range more", merged(10_001), true},
	} {
		b, err := sheet.Open(withSheet(t, entryBytes(t), one.sheet))
		if errors.Is(err, sheet.ErrTooLarge) != one.refused || (err != nil) != one.refused {
			t.Errorf("%s: %v", one.what, err)
		}
		if b != nil {
			_ = b.Close()
		}
	}
}

// withSheet puts the XML into the place of the workbook's first sheet.
func withSheet(t *testing.T, data []byte, content string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, part := range from.File {
		if part.Name != "xl/worksheets/sheet1.xml" {
			if err := to.Copy(part); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := to.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+content+`</worksheet>`); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsNoWorkbook(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("a;b"), []byte("PK\x03\x04 not quite"), {0xD0, 0xCF, 0x11, 0xE0}} {
		if _, err := sheet.Open(data); !errors.Is(err, sheet.ErrUnreadable) {
			t.Errorf("%q opens as %v", data, err)
		}
	}
}
