package paper

import "cchc/templates/words"

// TaskTable is a table of texts as an annex: of a plan's tasks on landscape pages
// (NĐ 30/2020, Phụ lục I, phần I allows them for wide tables), of a decision's list on
// upright ones.
type TaskTable struct {
	Title   string
	Note    string // under the title: what the table is; may be empty
	Columns []TaskColumn
	Rows    []TaskRow
}

// TaskColumn is one column. Its width is its share of all.
type TaskColumn struct {
	Head    string
	Share   int
	Centred bool // short values: numbers, days
}

// TaskRow is a task, a text a column, or a heading over the rows that follow if
// Group is set.
type TaskRow struct {
	Group string
	Cells []string
}

// items are the head of the annex, which says with whom it belongs, the header and the
// rows. The header comes back
// on every page, a heading is never parted from the row under it, and a row that is
// taller than a third of a page is cut.
func (t TaskTable) items(s sheet, number int, with string) []item {
	measure := s.contentWidth()
	items := annexHead(number, t.Title, with, measure, t.Note)
	columns := t.columns(measure)
	header := t.header(columns)
	header.keep = true
	repeated := header
	header.space = 8
	items = append(items, header)
	rows := t.Rows
	if len(rows) == 0 {
		rows = []TaskRow{{Group: words.PaperNoTasks}}
	}
	for i, row := range rows {
		pieces := strips(row.cells(columns, measure))
		for j := range pieces {
			pieces[j].head = &repeated
			pieces[j].keep = row.Group != "" && i < len(rows)-1
		}
		items = append(items, pieces...)
	}
	return items
}

func (t TaskTable) columns(measure float64) []column {
	all := 0
	for _, one := range t.Columns {
		all += one.Share
	}
	x := float64(marginLeft)
	columns := make([]column, len(t.Columns))
	for i, one := range t.Columns {
		columns[i] = column{head: one.Head, x: x, width: measure * float64(one.Share) / float64(all)}
		if one.Centred {
			columns[i].align = centre
		}
		x += columns[i].width
	}
	return columns
}

func (t TaskTable) header(columns []column) item {
	cells := make([]cell, len(columns))
	for i, c := range columns {
		cells[i] = newCell(c, oneLine(c.head), bold)
		cells[i].align = centre
	}
	return strip(cells)
}

func (r TaskRow) cells(columns []column, measure float64) []cell {
	if r.Group != "" {
		return []cell{newCell(column{x: marginLeft, width: measure}, oneLine(r.Group), bold)}
	}
	cells := make([]cell, len(columns))
	for i, c := range columns {
		text := ""
		if i < len(r.Cells) {
			text = r.Cells[i]
		}
		cells[i] = newCell(c, oneLine(text), regular)
	}
	return cells
}
