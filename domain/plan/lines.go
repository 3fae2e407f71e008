package plan

import (
	"regexp"
	"slices"
	"strings"
)

// Sheet is a plan's table found in a workbook: where its columns stand and what its
// lines say. Rows and columns are counted from 1, as workbooks do.
type Sheet struct {
	Head    int            // row of the heads
	Columns map[string]int // column of the sheet by Column name
	Lines   []Line
}

// Line is one task of a sheet. Cells has a text for every column that the sheet has.
type Line struct {
	Row   int
	Key   string // of the task that it was written out from; "": a new one
	Cells Cells
}

// Heads says what columns are called in workbooks, folded, by Column name; under
// KeyHead what the column of keys is called, under NumberHead that of row numbers.
type Heads map[string][]string

// The columns of a sheet that are none of the table's.
const (
	KeyHead    = "key"
	NumberHead = "number"
)

const headsWithin = 60 // rows in which the heads must stand

// ReadSheet finds the table in the texts of a sheet: under the first row with the
// head of the tasks' names and at least one more. A line with nothing but the name of
// a field is a heading: lines under it belong to that field where they name none.
// Rows of column numbers ("(1) (2) (3)") and blank ones are passed over. False: there
// is no such table.
func (r Reader) ReadSheet(texts [][]string, heads Heads) (Sheet, bool) {
	sheet := Sheet{}
	for row := 0; row < min(len(texts), headsWithin); row++ {
		if columns := r.columnsIn(texts[row], heads); columns[ColumnName] > 0 && len(columns) > 1 {
			sheet.Head, sheet.Columns = row+1, columns
			break
		}
	}
	if sheet.Head == 0 {
		return sheet, false
	}
	field := ""
	for row := sheet.Head; row < len(texts) && len(sheet.Lines) <= 2*MaxTasks; row++ {
		line := sheet.line(texts[row], row+1)
		told := line.told()
		if code, named := r.heading(texts[row]); named && len(told) <= 1 {
			field = code
			continue
		}
		if len(told) == 0 || allNumbers(told) {
			continue
		}
		if field != "" && line.Cells[ColumnField] == "" {
			line.Cells[ColumnField] = field
		}
		sheet.Lines = append(sheet.Lines, line)
	}
	delete(sheet.Columns, KeyHead)
	delete(sheet.Columns, NumberHead)
	return sheet, true
}

// columnsIn are the columns that a row of heads names, the first of each.
func (r Reader) columnsIn(row []string, heads Heads) map[string]int {
	columns := map[string]int{}
	for i, text := range row {
		text = squeeze(r.Fold(text))
		for column, names := range heads {
			if columns[column] == 0 && text != "" && slices.Contains(names, text) {
				columns[column] = i + 1
			}
		}
	}
	return columns
}

func (s Sheet) line(texts []string, row int) Line {
	line := Line{Row: row, Cells: Cells{}}
	for column, at := range s.Columns {
		text := ""
		if at <= len(texts) {
			text = strings.TrimSpace(texts[at-1])
		}
		switch {
		case column == KeyHead:
			line.Key = text
		case column != NumberHead:
			line.Cells[column] = text
		}
	}
	return line
}

// heading is the field that a row names beside nothing but its number.
func (r Reader) heading(texts []string) (string, bool) {
	for _, text := range texts {
		if code, named := r.FieldNamed(text); named {
			return code, true
		}
	}
	return "", false
}

// told are the texts of the cells that say something.
func (l Line) told() []string {
	var told []string
	for _, column := range Columns {
		if text := l.Cells[column]; text != "" {
			told = append(told, text)
		}
	}
	return told
}

var columnNumber = regexp.MustCompile(`^\(?\d{1,2}\)?$`)

func allNumbers(texts []string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return !columnNumber.MatchString(text) })
}
