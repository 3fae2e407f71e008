// Package sheet writes lists as Excel workbooks.
//
// A workbook has one sheet: a title, lines that say what the list is, when and by
// whom it was made and under which filter, then a table with typed cells under a
// frozen head. Rows are streamed, so that a city of 4,000 units does not stand in
// memory as cells.
//
// Words come from the caller; what a row means, who may have it and how it
// travels belong elsewhere.
package sheet

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"cchc/domain/calendar"
	"cchc/domain/form"
)

// MediaType is the type of what Write writes.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Kind is how a column's cells are typed.
type Kind int

// The kinds of columns. A nil value is an empty cell in each.
const (
	Text    Kind = iota // string; whatever it begins with, it is never a formula
	Number              // int
	Date                // calendar.Day, shown dd/mm/yyyy
	Moment              // time.Time, shown dd/mm/yyyy hh:mm in Vietnam's time
	Decimal             // form.Decimal, with as many decimals as it has
)

// Column is one column of the table.
type Column struct {
	Title string
	Width int // in letters
	Kind  Kind
}

// Table is one list.
type Table struct {
	Name    string   // of the sheet; cut to what Excel takes
	Title   string   // the first line
	About   []string // lines under it: campaign, moment, person, filter
	Columns []Column
	// Rows calls yield for every row in order, with one value a column, until
	// yield answers an error, which it returns.
	Rows func(yield func(row []any) error) error
}

// lastCell is the most letters that a cell of Excel holds.
const lastCell = excelize.TotalCellChars

// Write writes the table as one workbook.
func Write(w io.Writer, t Table) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // only removes what it kept on disk
	name := sheetName(t.Name)
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	s, err := newStyles(f)
	if err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	stream, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	if err := writeTable(stream, s, t); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	if err := landscape(f, name, headRow(t)); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

// headRow is the number of the row with the columns' titles, from 1: under the
// title, the lines about it and an empty one.
func headRow(t Table) int { return len(t.About) + 3 }

func writeTable(stream *excelize.StreamWriter, s styles, t Table) error {
	for i, column := range t.Columns {
		if err := stream.SetColWidth(i+1, i+1, float64(column.Width)); err != nil {
			return err
		}
	}
	head := headRow(t)
	frozen := excelize.Panes{Freeze: true, YSplit: head, XSplit: 1, TopLeftCell: Cell(2, head+1), ActivePane: "bottomRight"}
	if err := stream.SetPanes(&frozen); err != nil {
		return err
	}
	if err := stream.SetRow(Cell(1, 1), []any{excelize.Cell{StyleID: s.title, Value: t.Title}}); err != nil {
		return err
	}
	for i, line := range t.About {
		if err := stream.SetRow(Cell(1, i+2), []any{excelize.Cell{StyleID: s.about, Value: line}}); err != nil {
			return err
		}
	}
	titles := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = excelize.Cell{StyleID: s.head, Value: column.Title}
	}
	if err := stream.SetRow(Cell(1, head), titles); err != nil {
		return err
	}
	at := head
	return t.Rows(func(row []any) error {
		at++
		cells, err := s.cells(t.Columns, row)
		if err != nil {
			return fmt.Errorf("row %d: %w", at, err)
		}
		return stream.SetRow(Cell(1, at), cells)
	})
}

// landscape has the sheet printed across A4, its head on every page.
func landscape(f *excelize.File, name string, head int) error {
	a4, across, wide, any := 9, "landscape", 1, 0
	if err := f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &any}); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: name, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", name, head, head),
	})
}

// styles are the looks of cells, by number in the workbook.
type styles struct {
	title, about, head int
	kinds              map[Kind]int
}

const textFormat = 49 // "@": stays text also when somebody edits the cell

func newStyles(f *excelize.File) (styles, error) {
	line := []excelize.Border{{Type: "bottom", Color: "C4CDD5", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	day, moment, decimal := "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "#,##0.####"
	s := styles{kinds: map[Kind]int{}}
	for _, one := range []struct {
		into  func(int)
		style excelize.Style
	}{
		{func(id int) { s.title = id }, excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 14}}},
		{func(id int) { s.about = id }, excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Color: "3D4C59"}}},
		{func(id int) { s.head = id }, excelize.Style{
			NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Border: line, Alignment: top,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDF2F5"}},
		}},
		{func(id int) { s.kinds[Text] = id }, excelize.Style{NumFmt: textFormat, Border: line, Alignment: top}},
		{func(id int) { s.kinds[Number] = id }, excelize.Style{NumFmt: 3, Border: line, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{func(id int) { s.kinds[Decimal] = id }, excelize.Style{CustomNumFmt: &decimal, Border: line, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{func(id int) { s.kinds[Date] = id }, excelize.Style{CustomNumFmt: &day, Border: line, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}}},
		{func(id int) { s.kinds[Moment] = id }, excelize.Style{CustomNumFmt: &moment, Border: line, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}}},
	} {
		id, err := f.NewStyle(&one.style)
		if err != nil {
			return s, err
		}
		one.into(id)
	}
	return s, nil
}

// cells types a row by its columns.
func (s styles) cells(columns []Column, row []any) ([]any, error) {
	if len(row) != len(columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	cells := make([]any, len(row))
	for i, value := range row {
		typed, err := columns[i].Kind.value(value)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", columns[i].Title, err)
		}
		cells[i] = excelize.Cell{StyleID: s.kinds[columns[i].Kind], Value: typed}
	}
	return cells, nil
}

// value is what the writer makes a cell of that kind from. A string becomes a
// text cell, never a formula, whatever its first letter is.
func (k Kind) value(value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	switch v := value.(type) {
	case string:
		if k == Text {
			return shortened(v), nil
		}
	case int:
		if k == Number {
			return v, nil
		}
	case form.Decimal:
		if k == Decimal { // a workbook knows no exact numbers; 15 digits are kept
			return strconv.ParseFloat(v.String(), 64)
		}
	case calendar.Day:
		if k == Date {
			return time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC), nil
		}
	case time.Time:
		if k == Moment {
			at := v.In(calendar.Zone) // a workbook knows no zones: it gets the wall clock
			return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC), nil
		}
	}
	return nil, fmt.Errorf("a %T does not fit", value)
}

func shortened(text string) string {
	if utf8.RuneCountInString(text) <= lastCell {
		return text
	}
	return string([]rune(text)[:lastCell])
}

// sheetName keeps what Excel takes as the name of a sheet: 31 letters without
// some signs.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name)
	if letters := []rune(name); len(letters) > excelize.MaxSheetNameLength {
		name = string(letters[:excelize.MaxSheetNameLength])
	}
	return strings.TrimSpace(name)
}

// Cell names a cell by column and row, both from 1: "B4".
func Cell(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic("sheet: " + err.Error())
	}
	return name
}
