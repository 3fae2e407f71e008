package prose

import (
	"strconv"
	"strings"
)

// Parse reads the notation. It takes any text, in time that grows with its
// length alone; blank lines only part tables.
func Parse(source string) Text {
	source = strings.ToValidUTF8(source, "\ufffd")
	source = strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
	var p parser
	for line := range strings.SplitSeq(source, "\n") {
		p.line(line)
	}
	p.endTable()
	return p.text
}

type parser struct {
	text    Text
	indents []int    // of the items that the next item may stand under
	rows    [][]Cell // of the table that is being read
	marked  bool     // its second line marks the first as its head
}

func (p *parser) line(line string) {
	body := trim(line)
	if sources, is := splitRow(body); is {
		p.indents = nil
		p.row(sources)
		return
	}
	p.endTable()
	if body == "" {
		return
	}
	block, rest, is := splitItem(body)
	if is {
		block.Level = p.level(indent(line) + extraIndent(body))
	} else {
		p.indents = nil
	}
	block.Runs = inline(rest)
	p.text = append(p.text, block)
}

// splitItem takes the mark off an item of a list.
func splitItem(body string) (block Block, rest string, is bool) {
	mark, rest := body, ""
	if end := strings.IndexFunc(body, isSpace); end > 0 {
		mark, rest = body[:end], trimLeft(body[end:])
	}
	if mark == "-" || mark == "+" {
		block = Block{Kind: Bullet}
	} else if number, numbered := itemNumber(mark); numbered {
		block = Block{Kind: Numbered, Number: number}
	}
	if block.Kind == "" || rest == "" {
		return Block{Kind: Paragraph}, body, false
	}
	return block, rest, true
}

// itemNumber reads "12.".
func itemNumber(mark string) (number int, is bool) {
	digits, stop := strings.CutSuffix(mark, ".")
	if !stop || digits == "" || len(digits) > mostDigits {
		return 0, false
	}
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return 0, false
		}
	}
	number, err := strconv.Atoi(digits)
	return number, err == nil
}

// indent is how many columns a line is indented.
func indent(line string) int {
	columns := 0
	for _, letter := range line {
		switch {
		case letter == '\t':
			columns += tabWidth
		case isSpace(letter):
			columns++
		default:
			return columns
		}
	}
	return columns
}

// extraIndent puts "+ " under "- ", as official documents use them.
func extraIndent(body string) int {
	if body[0] == '+' {
		return 1
	}
	return 0
}

// level is that of an item indented so far: under the nearest item before it
// that is indented less.
func (p *parser) level(columns int) int {
	for len(p.indents) > 0 && p.indents[len(p.indents)-1] >= columns {
		p.indents = p.indents[:len(p.indents)-1]
	}
	if len(p.indents) <= DeepestLevel {
		p.indents = append(p.indents, columns)
	}
	return len(p.indents) - 1
}

// splitRow cuts "| a | b |" into the notation of its cells.
func splitRow(body string) (cells []string, is bool) {
	if !strings.HasPrefix(body, "|") {
		return nil, false
	}
	from, at := 1, 1
	for at < len(body) {
		switch {
		case body[at] == '\\' && at+1 < len(body) && escapable(rune(body[at+1])):
			at++
		case body[at] == '|':
			cells = append(cells, trim(body[from:at]))
			from = at + 1
		}
		at++
	}
	if from < len(body) || len(cells) == 0 || len(cells) > MostColumns {
		return nil, false
	}
	return cells, true
}

func (p *parser) row(sources []string) {
	if len(p.rows) == 1 && !p.marked && marksHeader(sources) {
		p.marked = true
		return
	}
	row := make([]Cell, len(sources))
	for i, source := range sources {
		row[i] = inline(source)
	}
	p.rows = append(p.rows, row)
}

// marksHeader tells the line of dashes under a head.
func marksHeader(cells []string) bool {
	for _, cell := range cells {
		if len(cell) < 3 || strings.Trim(cell, "-") != "" {
			return false
		}
	}
	return true
}

// endTable closes the table that was being read; short rows get empty cells.
func (p *parser) endTable() {
	if len(p.rows) == 0 {
		return
	}
	width := 0
	for _, row := range p.rows {
		width = max(width, len(row))
	}
	for i, row := range p.rows {
		for len(row) < width {
			row = append(row, Cell{})
		}
		p.rows[i] = row
	}
	p.text = append(p.text, Block{Kind: Table, Rows: p.rows, Header: p.marked})
	p.rows, p.marked = nil, false
}
