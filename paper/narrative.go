package paper

import (
	"strconv"

	"cchc/domain/prose"
)

// Lists and tables within the text. Official documents mark the first level of a
// list by a dash and the second by a plus.
const (
	itemStep  = 8 * mm // from the dash of a level to that of the next; the first stands where paragraphs begin
	itemHang  = 5 * mm // from a dash to its text
	itemSpace = 3
)

var bulletMarks = [prose.DeepestLevel + 1]string{"-", "+", "·"}

// narrative reads the text of a part.
func narrative(source string) []block {
	var blocks []block
	for _, one := range prose.Parse(source) {
		read := block{words: spans(one.Runs), level: one.Level}
		switch one.Kind {
		case prose.Bullet:
			read.marker = bulletMarks[one.Level]
		case prose.Numbered:
			read.marker = strconv.Itoa(one.Number) + "."
		case prose.Table:
			read = block{table: newNarrativeTable(one)}
		}
		if len(read.words) > 0 || read.table != nil { // letters without a shape are no text
			blocks = append(blocks, read)
		}
	}
	return blocks
}

// spans are runs as words. A word may change its face within.
func spans(runs []prose.Run) []word {
	var all []word
	spaced := true
	for _, run := range runs {
		text := clean(run.Text)
		if text == "" {
			continue
		}
		found := split(text, styleOf(run))
		if len(found) > 0 && !spaced && !isBreak(rune(text[0])) {
			found[0].glued, found[0].stuck = true, true
		}
		all = append(all, found...)
		spaced = isBreak(rune(text[len(text)-1]))
	}
	return all
}

func styleOf(run prose.Run) style {
	switch {
	case run.Bold && run.Italic:
		return boldItalic
	case run.Bold:
		return bold
	case run.Italic:
		return italic
	default:
		return regular
	}
}

// listItem hangs its text beside the marker.
func (b block) listItem(s setting) []item {
	at := marginLeft + firstLine + itemStep*float64(b.level)
	marker := split(b.marker, regular)
	gap := faces()[regular].width(" ", s.size)
	s.x = at + max(itemHang, lineWidth(marker, s.size)+gap)
	s.measure, s.indent, s.space = marginEnd-s.x, 0, itemSpace
	items := s.text(b.words)
	first := items[0].draw
	items[0].draw = func(c *canvas, y float64) {
		c.line(at, y+s.baseline(), s.size, marker, 0)
		first(c, y)
	}
	return items
}

// narrativeTable is a table within the text, as wide as the text.
type narrativeTable struct {
	columns []column
	rows    [][][]word
	header  bool
}

func newNarrativeTable(b prose.Block) *narrativeTable {
	t := &narrativeTable{columns: make([]column, len(b.Rows[0])), header: b.Header}
	natural := make([]float64, len(t.columns))
	for at, row := range b.Rows {
		cells := make([][]word, len(row))
		for i, cell := range row {
			cells[i] = spans(cell)
			if b.Header && at == 0 {
				cells[i] = emboldened(cells[i])
			}
			natural[i] = max(natural[i], lineWidth(cells[i], tableSize)+2*cellX)
		}
		t.rows = append(t.rows, cells)
	}
	x := float64(marginLeft)
	for i, width := range shares(natural, contentWidth) {
		t.columns[i] = column{x: x, width: width}
		if b.Numbers(i) {
			t.columns[i].align = right
		}
		x += width
	}
	return t
}

func emboldened(all []word) []word {
	for i := range all {
		switch all[i].style {
		case regular:
			all[i].style = bold
		case italic:
			all[i].style = boldItalic
		}
	}
	return all
}

// shares gives each column what it needs where there is room for that, and the
// rest to those that need more.
func shares(natural []float64, all float64) []float64 {
	widths := make([]float64, len(natural))
	wide, free := len(natural), all
	for settled := true; settled; {
		settled = false
		for i, needed := range natural {
			if widths[i] == 0 && wide > 0 && needed <= free/float64(wide) {
				widths[i], settled = needed, true
				free -= needed
				wide--
			}
		}
	}
	for i := range widths {
		switch {
		case wide == 0:
			widths[i] += free / float64(len(widths))
		case widths[i] == 0:
			widths[i] = free / float64(wide)
		}
	}
	return widths
}

// items are the rows; the head comes back on every page.
func (t *narrativeTable) items() []item {
	var items []item
	var head *item
	for at, row := range t.rows {
		pieces := strips(t.cells(row, at))
		if at == 0 && t.header {
			if len(pieces) == 1 { // a head that is an essay is not repeated
				repeated := pieces[0]
				head = &repeated
			}
			pieces[len(pieces)-1].keep = len(t.rows) > 1
		} else {
			for i := range pieces {
				pieces[i].head = head
			}
		}
		items = append(items, pieces...)
	}
	items[0].space = paragraphSpace
	return items
}

func (t *narrativeTable) cells(row [][]word, at int) []cell {
	cells := make([]cell, len(row))
	for i, all := range row {
		cells[i] = cellOf(t.columns[i], all)
		if at == 0 && t.header {
			cells[i].align = centre
		}
	}
	return cells
}
