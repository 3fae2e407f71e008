package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// EntryColumn is a column that people fill in.
type EntryColumn struct {
	Title   string
	Width   int      // in letters
	Note    string   // beside the head
	Choices []string // what a cell may be picked from; nil: anything
	Hidden  bool
}

// Entry is a workbook to be filled in and handed back: the table's head is locked,
// its rows are open.
type Entry struct {
	Name    string // of the sheet
	Lists   string // of the hidden sheet that holds the choices
	Title   string
	About   []string
	Columns []EntryColumn
	Rows    [][]string // what stands there already, a text a column
	Room    int        // rows that can be filled in
}

// WriteEntry writes the workbook. Texts are texts, whatever they begin with.
func WriteEntry(w io.Writer, e Entry) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // only removes what it kept on disk
	b := entryBook{File: f, Entry: e, sheet: sheetName(e.Name), lists: sheetName(e.Lists), head: len(e.About) + 3}
	for _, write := range []func() error{b.open, b.texts, b.choices, b.notes, b.lock} {
		if err := write(); err != nil {
			return fmt.Errorf("write workbook to fill in: %w", err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook to fill in: %w", err)
	}
	return nil
}

type entryBook struct {
	*excelize.File
	Entry        Entry
	sheet, lists string
	head         int
}

func (b entryBook) last() int { return b.head + max(b.Entry.Room, len(b.Entry.Rows)) }

func (b entryBook) open() error {
	if err := b.SetSheetName("Sheet1", b.sheet); err != nil {
		return err
	}
	_, err := b.NewSheet(b.lists)
	return errors.Join(err, b.SetSheetVisible(b.lists, false))
}

func (b entryBook) texts() error {
	line := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		line = append(line, excelize.Border{Type: side, Color: "C4CDD5", Style: 1})
	}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	looks := make([]int, 4)
	for i, style := range []excelize.Style{
		{NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 14}},
		{NumFmt: textFormat, Font: &excelize.Font{Color: "3D4C59"}},
		{NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Border: line, Alignment: top, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDF2F5"}}},
		{NumFmt: textFormat, Border: line, Alignment: top, Protection: &excelize.Protection{Locked: false}},
	} {
		var err error
		if looks[i], err = b.NewStyle(&style); err != nil {
			return err
		}
	}
	rows := append([][]string{{b.Entry.Title}}, make([][]string, 0, len(b.Entry.About)+2)...)
	for _, about := range b.Entry.About {
		rows = append(rows, []string{about})
	}
	heads := make([]string, len(b.Entry.Columns))
	for i, column := range b.Entry.Columns {
		heads[i] = column.Title
	}
	rows = append(rows, nil, heads)
	for at, row := range append(rows, b.Entry.Rows...) {
		for i, text := range row {
			if err := b.SetCellStr(b.sheet, Cell(i+1, at+1), shortened(text)); err != nil {
				return err
			}
		}
	}
	width := len(b.Entry.Columns)
	err := errors.Join(
		b.SetCellStyle(b.sheet, Cell(1, 1), Cell(1, 1), looks[0]),
		b.SetCellStyle(b.sheet, Cell(1, 2), Cell(1, b.head-1), looks[1]),
		b.SetCellStyle(b.sheet, Cell(1, b.head), Cell(width, b.head), looks[2]),
		b.SetCellStyle(b.sheet, Cell(1, b.head+1), Cell(width, b.last()), looks[3]),
		b.SetPanes(b.sheet, &excelize.Panes{Freeze: true, YSplit: b.head, TopLeftCell: Cell(1, b.head+1), ActivePane: "bottomLeft"}),
		landscape(b.File, b.sheet, b.head),
	)
	for i, column := range b.Entry.Columns {
		name, _ := excelize.ColumnNumberToName(i + 1) // our own columns are few
		err = errors.Join(err, b.SetColWidth(b.sheet, name, name, float64(column.Width)), b.SetColVisible(b.sheet, name, !column.Hidden))
	}
	return err
}

// choices puts the lists onto the hidden sheet and has the cells pick from them.
// Another text may be typed over: it is read as it is when the workbook comes back.
func (b entryBook) choices() error {
	for i, column := range b.Entry.Columns {
		if len(column.Choices) == 0 {
			continue
		}
		for at, choice := range column.Choices {
			if err := b.SetCellStr(b.lists, Cell(i+1, at+1), choice); err != nil {
				return err
			}
		}
		name, _ := excelize.ColumnNumberToName(i + 1)
		pick := excelize.NewDataValidation(true)
		pick.Sqref = Cell(i+1, b.head+1) + ":" + Cell(i+1, b.last())
		pick.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", b.lists, name, name, len(column.Choices)))
		pick.ShowErrorMessage = false
		if err := b.AddDataValidation(b.sheet, pick); err != nil {
			return err
		}
	}
	return nil
}

func (b entryBook) notes() error {
	for i, column := range b.Entry.Columns {
		if column.Note == "" {
			continue
		}
		if err := b.AddComment(b.sheet, comment(Cell(i+1, b.head), noteAuthor, column.Note)); err != nil {
			return err
		}
	}
	return nil
}

// lock keeps the heads from being overwritten by mistake; there is no password.
func (b entryBook) lock() error {
	return b.ProtectSheet(b.sheet, &excelize.SheetProtectionOptions{
		FormatCells: true, FormatColumns: true, FormatRows: true, InsertRows: true, DeleteRows: true, Sort: true,
		SelectLockedCells: true, SelectUnlockedCells: true,
	})
}

// Authors of notes: of heads, and of what was found wrong, which is taken off again.
const (
	noteAuthor = "CCHC"
	markAuthor = "CCHC kiem tra"
)

func comment(where, author, text string) excelize.Comment {
	lines := 2 + len([]rune(text))/34
	return excelize.Comment{Cell: where, Author: author, Text: text, Width: 240, Height: uint(20 * lines)}
}

// Limits of workbooks that are handed in.
const (
	mostUnzipped = 100 << 20 // bytes
	MostRows     = 5000      // of a sheet; those beyond are not read
	mostColumns  = 60
	mostRoom     = 500_000 // cells of a sheet, each row up to its last one
	mostMerged   = 10_000  // cells of a sheet that span others
)

// Why a workbook is not taken.
var (
	ErrUnreadable = errors.New("no workbook that can be read") // none of Excel, or one that opens with a password
	ErrTooLarge   = errors.New("workbook too large")
)

// Book is a workbook that was handed in.
type Book struct{ file *excelize.File }

// Open reads a workbook; ErrUnreadable: it is none; ErrTooLarge: nobody types as much.
// Close it.
func Open(data []byte) (*Book, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: mostUnzipped, UnzipXMLSizeLimit: mostUnzipped})
	if err != nil {
		return nil, errors.Join(ErrUnreadable, err)
	}
	if !fits(f) {
		return nil, errors.Join(ErrTooLarge, f.Close())
	}
	return &Book{f}, nil
}

// fits tells whether the sheets are no larger than people make them. The library makes
// room for each row up to its last cell: a few thousand cells far to the right, a file
// of some kilobytes, would take all memory.
func fits(f *excelize.File) bool {
	small := true
	f.Pkg.Range(func(_, part any) bool {
		data, read := part.([]byte)
		small = !read || !bytes.Contains(data, []byte("sheetData")) || sheetFits(data)
		return small
	})
	return small
}

// sheetFits goes through the XML of a sheet. What is wrong with it is the library's to
// find.
func sheetFits(data []byte) bool {
	room, merged, last := 0, 0, 0
	for parts := xml.NewDecoder(bytes.NewReader(data)); room <= mostRoom && merged <= mostMerged; {
		token, err := parts.RawToken()
		if err != nil {
			return true
		}
		start, begins := token.(xml.StartElement)
		switch {
		case !begins:
		case start.Name.Local == "row":
			last = 0
		case start.Name.Local == "c":
			column := columnOf(start, last+1)
			room += max(column-last, 0)
			last = max(column, last)
		case start.Name.Local == "mergeCell":
			merged++
		}
	}
	return false
}

// columnOf is the column that a cell names, else the next one.
func columnOf(cell xml.StartElement, next int) int {
	for _, attr := range cell.Attr {
		if column, _, err := excelize.CellNameToCoordinates(attr.Value); err == nil && attr.Name.Local == "r" {
			return column
		}
	}
	return next
}

// Close lets go of what was kept on disk.
func (b *Book) Close() error { return b.file.Close() }

// Sheets lists the sheets that are shown, in their order.
func (b *Book) Sheets() []string {
	var shown []string
	for _, name := range b.file.GetSheetList() {
		if visible, err := b.file.GetSheetVisible(name); err == nil && visible {
			shown = append(shown, name)
		}
	}
	return shown
}

// Texts are the cells of a sheet as texts, by row and column: days as dd/mm/yyyy,
// other numbers as they are shown, and a cell that spans several rows in each of
// them. Rows and columns beyond what anybody types are left out.
func (b *Book) Texts(sheet string) ([][]string, error) {
	rows, err := b.file.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	rows = rows[:min(len(rows), MostRows)]
	for i, row := range rows {
		rows[i] = row[:min(len(row), mostColumns)]
		for j, text := range rows[i] {
			if _, err := strconv.ParseFloat(text, 64); err != nil {
				continue
			}
			if rows[i][j], err = b.number(sheet, Cell(j+1, i+1), text); err != nil {
				return nil, fmt.Errorf("read sheet %q: %w", sheet, err)
			}
		}
	}
	return rows, b.spread(sheet, rows)
}

// number is a number as it is shown; a day is never shown in another country's order.
func (b *Book) number(sheet, where, raw string) (string, error) {
	kind, err := b.file.GetCellType(sheet, where)
	if err != nil {
		return "", err
	}
	if kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber && kind != excelize.CellTypeFormula && kind != excelize.CellTypeDate {
		return raw, nil // typed as a text
	}
	style, err := b.file.GetCellStyle(sheet, where)
	if err != nil {
		return "", err
	}
	look, err := b.file.GetStyle(style)
	if err != nil {
		return "", err
	}
	if showsDay(look) {
		value, _ := strconv.ParseFloat(raw, 64) // the caller has seen that it is one
		at, err := excelize.ExcelDateToTime(value, false)
		if err != nil {
			return raw, nil
		}
		return at.Format("02/01/2006"), nil
	}
	return b.file.GetCellValue(sheet, where)
}

var dayFormat = regexp.MustCompile(`(?i)d|yy`)

// quoted is what a format shows as it is: "d" in it is no day.
var quoted = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`)

func showsDay(look *excelize.Style) bool {
	if look.CustomNumFmt != nil {
		return dayFormat.MatchString(quoted.ReplaceAllString(*look.CustomNumFmt, ""))
	}
	return look.NumFmt >= 14 && look.NumFmt <= 17 || look.NumFmt == 22 || look.NumFmt >= 27 && look.NumFmt <= 36 || look.NumFmt >= 50 && look.NumFmt <= 58
}

// spread repeats a cell that spans several rows of one column in each of them.
func (b *Book) spread(sheet string, rows [][]string) error {
	merged, err := b.file.GetMergeCells(sheet)
	if err != nil {
		return fmt.Errorf("read sheet %q: %w", sheet, err)
	}
	for _, one := range merged {
		left, top, err := excelize.CellNameToCoordinates(one.GetStartAxis())
		if err != nil {
			continue
		}
		right, bottom, err := excelize.CellNameToCoordinates(one.GetEndAxis())
		if err != nil || left != right || left > mostColumns || top > len(rows) || left > len(rows[top-1]) {
			continue
		}
		for row := top + 1; row <= min(bottom, len(rows)); row++ {
			for len(rows[row-1]) < left {
				rows[row-1] = append(rows[row-1], "")
			}
			rows[row-1][left-1] = rows[top-1][left-1]
		}
	}
	return nil
}

// Mark is what is wrong with a cell, in words. Rows and columns are counted from 1.
type Mark struct {
	Row, Column int
	Text        string
}

// Marked writes the workbook with the marks of one sheet: those cells in red with a
// note, and a sheet that lists them all under the heads. Marks of an earlier time are
// taken off; everything else stays as its owner made it, a sheet of theirs by the name of
// the list too.
func (b *Book) Marked(w io.Writer, sheet string, marks []Mark, list string, heads [2]string) error {
	if err := errors.Join(b.unmark(sheet), b.mark(sheet, marks), b.list(marks, list, heads)); err != nil {
		return fmt.Errorf("mark workbook: %w", err)
	}
	if err := b.file.Write(w); err != nil {
		return fmt.Errorf("mark workbook: %w", err)
	}
	return nil
}

func (b *Book) unmark(sheet string) error {
	comments, err := b.file.GetComments(sheet)
	if err != nil {
		return err
	}
	for _, one := range comments {
		if one.Author != markAuthor {
			continue
		}
		err = errors.Join(err, b.file.DeleteComment(sheet, one.Cell), b.paint(sheet, one.Cell, excelize.Fill{}))
	}
	return err
}

func (b *Book) mark(sheet string, marks []Mark) error {
	red := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F8CFCB"}}
	said := map[string][]string{}
	var order []string
	for _, one := range marks {
		where := Cell(one.Column, one.Row)
		if said[where] == nil {
			order = append(order, where)
		}
		said[where] = append(said[where], one.Text)
	}
	for _, where := range order {
		text := comment(where, markAuthor, strings.Join(said[where], "\n"))
		if err := errors.Join(b.file.DeleteComment(sheet, where), b.file.AddComment(sheet, text), b.paint(sheet, where, red)); err != nil {
			return err
		}
	}
	return nil
}

// paint fills a cell and leaves the rest of its look.
func (b *Book) paint(sheet, where string, fill excelize.Fill) error {
	id, err := b.file.GetCellStyle(sheet, where)
	if err != nil {
		return err
	}
	look, err := b.file.GetStyle(id)
	if err != nil {
		return err
	}
	look.Fill = fill
	if id, err = b.file.NewStyle(look); err != nil {
		return err
	}
	return b.file.SetCellStyle(sheet, where, where, id)
}

// room makes room for a list under the heads, in the place of an earlier one, and tells
// its name.
func (b *Book) room(name string, heads [2]string) (string, error) {
	for n, free := 2, name; ; n++ {
		at, err := b.file.GetSheetIndex(free)
		if err != nil || at < 0 {
			return free, err
		}
		first, err := b.file.GetCellValue(free, "A1")
		if err != nil {
			return "", err
		}
		second, err := b.file.GetCellValue(free, "B1")
		if err != nil {
			return "", err
		}
		if [2]string{first, second} == heads {
			return free, b.file.DeleteSheet(free)
		}
		free = fmt.Sprintf("%s %d", name, n)
	}
}

func (b *Book) list(marks []Mark, name string, heads [2]string) error {
	name, err := b.room(sheetName(name), heads)
	if err != nil {
		return err
	}
	if _, err := b.file.NewSheet(name); err != nil {
		return err
	}
	rows := [][2]string{heads}
	for _, one := range marks {
		rows = append(rows, [2]string{Cell(one.Column, one.Row), one.Text})
	}
	for at, row := range rows {
		for i, text := range row {
			if err := b.file.SetCellStr(name, Cell(i+1, at+1), text); err != nil {
				return err
			}
		}
	}
	return b.file.SetColWidth(name, "B", "B", 90)
}
