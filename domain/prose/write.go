package prose

import (
	"strconv"
	"strings"
)

// String is the text in the notation, in one way: Parse reads the same blocks
// again.
func (t Text) String() string {
	var lines []string
	before := Paragraph
	for _, block := range t {
		if block.Kind == Table && before == Table {
			lines = append(lines, "")
		}
		lines = append(lines, block.lines()...)
		before = block.Kind
	}
	return strings.Join(lines, "\n")
}

// lines are the block in the notation.
func (b Block) lines() []string {
	switch b.Kind {
	case Table:
		return b.tableLines()
	case Bullet, Numbered:
		return []string{strings.Repeat(indentWidth, b.Level) + b.lead() + write(b.Runs, "")}
	default:
		return []string{guard(write(b.Runs, ""))}
	}
}

// lead is what stands before the text of an item.
func (b Block) lead() string {
	switch b.Kind {
	case Bullet:
		return "- "
	case Numbered:
		return strconv.Itoa(b.Number) + ". "
	default:
		return ""
	}
}

func (b Block) tableLines() []string {
	var lines []string
	for i, row := range b.Rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = guardCell(write(cell, "|"))
		}
		lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
		if i == 0 && b.Header {
			lines = append(lines, "|"+strings.Repeat(" --- |", len(row)))
		}
	}
	return lines
}

// guard keeps a paragraph from being read as an item or a row.
func guard(line string) string {
	if strings.HasPrefix(line, "|") {
		return `\` + line
	}
	block, _, is := splitItem(line)
	switch {
	case !is:
		return line
	case block.Kind == Numbered:
		return strings.Replace(line, ".", `\.`, 1)
	default:
		return `\` + line
	}
}

// guardCell keeps a cell from being read as a part of the line under a head.
func guardCell(cell string) string {
	if marksHeader([]string{cell}) {
		return `\` + cell
	}
	return cell
}

// letter is one letter with its look.
type letter struct {
	rune
	look Run
}

// edge is where the look changes, between two letters.
type edge struct{ before, after Run }

// stars are the marks of the change.
func (e edge) stars() string {
	count := 0
	if e.before.Bold != e.after.Bold {
		count += 2
	}
	if e.before.Italic != e.after.Italic {
		count++
	}
	return "***"[:count]
}

func (e edge) opens() bool {
	return e.after.Bold && !e.before.Bold || e.after.Italic && !e.before.Italic
}

func (e edge) closes() bool { return edge{e.after, e.before}.opens() }

// write is runs in the notation. Beside what needs it by its place, the letters
// given in special are escaped.
func write(runs []Run, special string) string {
	if len(runs) == 1 && !runs[0].Bold && !runs[0].Italic && !strings.ContainsAny(runs[0].Text, `*\`+special) {
		return runs[0].Text // as most lines are
	}
	letters := spread(runs)
	var out strings.Builder
	into := edge{}
	for at, one := range letters {
		into.after = one.look
		outOf := edge{before: one.look}
		if at+1 < len(letters) {
			outOf.after = letters[at+1].look
		}
		out.WriteString(into.stars())
		if needsEscape(letters, at, into, outOf, special) {
			out.WriteByte('\\')
		}
		out.WriteRune(one.rune)
		into.before = one.look
	}
	into.after = Run{}
	out.WriteString(into.stars())
	return out.String()
}

func spread(runs []Run) []letter {
	var letters []letter
	for _, run := range runs {
		for _, one := range run.Text {
			letters = append(letters, letter{one, Run{Bold: run.Bold, Italic: run.Italic}})
		}
	}
	return letters
}

// needsEscape tells whether a letter would be read as a mark, or keep the stars
// beside it from being one.
func needsEscape(letters []letter, at int, into, outOf edge, special string) bool {
	before, after := ' ', ' '
	if at > 0 {
		before = letters[at-1].rune
	}
	if at+1 < len(letters) {
		after = letters[at+1].rune
	}
	switch one := letters[at].rune; one {
	case '*':
		apart := (isSpace(before) || before == '(') && (isSpace(after) || after == ')')
		return !apart || into.stars() != "" || outOf.stars() != ""
	case '\\':
		return outOf.stars() != "" || escapable(after)
	case '(':
		return outOf.closes()
	case ')':
		return into.opens()
	default:
		return strings.ContainsRune(special, one)
	}
}
