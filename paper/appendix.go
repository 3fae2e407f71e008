package paper

import "cchc/templates/words"

// The annex in the same file (NĐ 30/2020, Phụ lục I, phần III): begins a page,
// numbers its own pages, is not signed by itself.
const (
	tableSize    = 12
	tableLeading = 15
	cellX        = 4 // between border and text
	cellY        = 3
	border       = 0.5
	// cutLines is the most lines a row has before it is cut: about a third of
	// a page, so that rows stay whole and no page is left half empty.
	cutLines = 16
)

// annexHead is the number and the title of an annex, with what it belongs, and what else
// is to be said of it.
func annexHead(number int, title, with string, measure float64, more ...string) []item {
	s := setting{x: marginLeft, measure: measure, size: textSize, leading: 19, align: centre, keepNext: true}
	items := s.text(plain(words.PaperAppendix(number), bold))
	items = append(items, s.text(capitals(title, bold))...)
	s.size, s.leading = 13, 18
	for _, line := range append([]string{with}, more...) {
		if line != "" {
			items = append(items, s.text(plain(line, italic))...)
		}
	}
	return items
}

// appendix lays out the table of figures with its head and its notes.
func appendix(a Appendix, number int) []item {
	items := annexHead(number, a.Title, words.PaperAppendixOf, contentWidth)
	items = append(items, newTable(a).items()...)
	reasons := notes(a.Notes)
	items[len(items)-1].keep = len(reasons) > 0 // reasons alone on a page explain nothing
	return append(items, reasons...)
}

// notes are the reasons given for figures that a check doubted.
func notes(all []string) []item {
	s := setting{x: marginLeft, measure: contentWidth, size: 13, leading: 17, space: 10, keepNext: true}
	var items []item
	for _, one := range all {
		for _, paragraph := range paragraphs(one) {
			if len(items) == 0 {
				items = s.text(plain(words.PaperReasons, boldItalic))
				s.space, s.keepNext, s.align, s.indent = 3, false, justified, firstLine
			}
			items = append(items, s.text(split(paragraph, regular))...)
		}
	}
	return items
}

// column is one column of the table.
type column struct {
	head     string
	x, width float64
	align    align
}

// table is the figures as cells, and columns as wide as these need.
type table struct {
	columns []column
	rows    []Row
	noted   bool // there is a column of notes
}

// texts are what the row says, in the order of the columns.
func (r Row) texts() []string { return []string{r.Code, r.Name, r.Unit, r.Value, r.Note} }

const nameColumn = 1 // takes the width the others leave

func newTable(a Appendix) *table {
	t := &table{rows: a.Rows}
	for _, row := range a.Rows {
		t.noted = t.noted || row.Group == "" && oneLine(row.Note) != ""
	}
	all := []struct {
		head        string
		least, most float64
		align       align
	}{
		{words.PaperColumnCode, 13 * mm, 22 * mm, centre},
		{words.PaperColumnName, 0, 0, left},
		{words.PaperColumnUnit, 20 * mm, 28 * mm, centre},
		{words.PaperColumnValue, 22 * mm, 42 * mm, right},
		{words.PaperColumnNote, 26 * mm, 34 * mm, left},
	}
	if !t.noted {
		all = all[:len(all)-1]
	}
	free := float64(contentWidth)
	for i, one := range all {
		c := column{head: one.head, align: one.align}
		if i < len(a.Columns) {
			c.head = a.Columns[i]
		}
		if i != nameColumn {
			c.width = t.natural(i, one.least, one.most)
			free -= c.width
		}
		t.columns = append(t.columns, c)
	}
	t.columns[nameColumn].width = free
	x := float64(marginLeft)
	for i := range t.columns {
		t.columns[i].x = x
		x += t.columns[i].width
	}
	return t
}

// natural is the width in which every cell of a column stands on one line,
// within bounds.
func (t *table) natural(at int, least, most float64) float64 {
	width := least
	for _, row := range t.rows {
		if row.Group == "" {
			width = max(width, lineWidth(plain(oneLine(row.texts()[at]), regular), tableSize)+2*cellX)
		}
	}
	return min(width, most)
}

// items are the header and the rows. The header comes back on every page, and
// a heading is never parted from the row under it.
func (t *table) items() []item {
	header := t.header()
	header.keep = true
	repeated := header
	header.space = 8
	items := []item{header}
	if len(t.rows) == 0 {
		t.rows = []Row{{Group: words.PaperNoRows}}
	}
	for i, row := range t.rows {
		pieces := t.row(row)
		for j := range pieces {
			pieces[j].head = &repeated
			pieces[j].keep = row.Group != "" && i < len(t.rows)-1
		}
		items = append(items, pieces...)
	}
	return items
}

func (t *table) header() item {
	cells := make([]cell, len(t.columns))
	for i, c := range t.columns {
		cells[i] = newCell(c, oneLine(c.head), bold)
		cells[i].align = centre
	}
	return strip(cells)
}

func (t *table) row(r Row) []item { return strips(t.cells(r)) }

// strips is a row: one strip, or several where a cell holds a whole essay.
func strips(cells []cell) []item {
	longest := 0
	for _, one := range cells {
		longest = max(longest, len(one.lines))
	}
	var items []item
	for from := 0; from == 0 || from < longest; from += cutLines {
		piece := make([]cell, len(cells))
		for i, one := range cells {
			one.lines = one.lines[min(from, len(one.lines)):min(from+cutLines, len(one.lines))]
			piece[i] = one
		}
		items = append(items, strip(piece))
	}
	return items
}

// cells are the row's texts in their columns; a heading spans them all.
func (t *table) cells(r Row) []cell {
	if r.Group != "" {
		all := column{x: marginLeft, width: contentWidth, align: left}
		return []cell{newCell(all, oneLine(r.Group), bold)}
	}
	texts := r.texts()
	cells := make([]cell, len(t.columns))
	for i, c := range t.columns {
		cells[i] = newCell(c, oneLine(texts[i]), regular)
		if c.align == right && len(cells[i].lines) > 1 {
			cells[i].align = left // a text, not a number
		}
	}
	return cells
}

// cell is text wrapped into its column.
type cell struct {
	column
	lines []textLine
}

func newCell(c column, text string, s style) cell { return cellOf(c, split(text, s)) }

func cellOf(c column, all []word) cell {
	measure := c.width - 2*cellX
	return cell{column: c, lines: wrap(all, tableSize, measure, measure)}
}

// strip is cells side by side with their borders, each in the middle of the height.
func strip(cells []cell) item {
	most := 1
	for _, one := range cells {
		most = max(most, len(one.lines))
	}
	height := float64(most)*tableLeading + 2*cellY
	return item{height: height, draw: func(c *canvas, y float64) {
		for _, one := range cells {
			c.frame(one.x, y, one.width, height, border)
			s := setting{
				x: one.x + cellX, measure: one.width - 2*cellX,
				size: tableSize, leading: tableLeading, align: one.align,
			}
			stack(s.set(one.lines)).draw(c, y+(height-float64(len(one.lines))*tableLeading)/2)
		}
	}}
}
