// Package prose is the narrative of a report: paragraphs, lists and simple
// tables, with bold and italic letters.
//
// A section of a report is a string, frozen and hashed as it was saved. That
// string is a small notation, which a person can also read and type:
//
//	One line is one paragraph, with **bold** and *italic* words.
//	- an item of a list
//	  - an item under it ("+ " under "- " means the same)
//	1. a numbered item, which keeps its number
//	| a row | of a table |
//	| --- | --- |            under the first row: that row is the head
//
// A backslash before a mark takes its meaning away. What is no notation is
// itself: every text has a meaning, and text that was written before there was a
// notation reads as it always did.
//
// Pages, paper and comparisons work on the blocks, never on the notation, and
// nothing here or there ever reads HTML. The editor in the browser follows the
// same rules; testdata/cases.json holds both to them.
package prose

import "strings"

// Text is a narrative as blocks, in order.
type Text []Block

// Kind says what a block is.
type Kind string

// The kinds of blocks.
const (
	Paragraph Kind = "paragraph"
	Bullet    Kind = "bullet"   // one item of a list
	Numbered  Kind = "numbered" // one item of a numbered list
	Table     Kind = "table"
)

// Limits of the notation. What goes beyond them is read as plain text.
const (
	DeepestLevel = 2    // of list items, from 0
	MostColumns  = 12   // of a table
	mostDigits   = 3    // of an item's number
	tabWidth     = 4    // columns of indent
	indentWidth  = "  " // of each level, when written
)

// Block is a paragraph, one item of a list, or a table.
type Block struct {
	Kind   Kind     `json:"kind"`
	Level  int      `json:"level,omitempty"`  // of a list item, 0 to DeepestLevel, at most one deeper than the item before
	Number int      `json:"number,omitempty"` // of a numbered item, as written
	Runs   []Run    `json:"runs,omitempty"`   // of a paragraph or an item; never without letters
	Rows   [][]Cell `json:"rows,omitempty"`   // of a table; all of one length
	Header bool     `json:"header,omitempty"` // the table's first row is its head
}

// Item tells whether the block is an item of a list.
func (b Block) Item() bool { return b.Kind == Bullet || b.Kind == Numbered }

// BodyStart is the first row under the head of a table.
func (b Block) BodyStart() int {
	if b.Header {
		return 1
	}
	return 0
}

// Numbers tells whether a column of a table holds figures, blanks aside, under
// its head: such a column is aligned at its right.
func (b Block) Numbers(column int) bool {
	found := false
	for _, row := range b.Rows[b.BodyStart():] {
		text := plain(row[column])
		if strings.Trim(text, "0123456789.,%+-−–— \u00a0") != "" {
			return false
		}
		found = found || strings.ContainsAny(text, "0123456789")
	}
	return found
}

// Cell is the text of one cell, on one line; it may be empty.
type Cell []Run

// Run is letters of one look. Neither bold nor italic begins or ends with a space.
type Run struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
}

// Plain is the text without marks, for searching, counting and mails: a line for
// each paragraph, item and row; items keep their dash or number, cells stand
// apart by tabs.
func (t Text) Plain() string {
	var lines []string
	for _, block := range t {
		for _, row := range block.Rows {
			cells := make([]string, len(row))
			for i, cell := range row {
				cells[i] = plain(cell)
			}
			lines = append(lines, strings.Join(cells, "\t"))
		}
		if block.Kind != Table {
			lines = append(lines, strings.Repeat(indentWidth, block.Level)+block.lead()+plain(block.Runs))
		}
	}
	return strings.Join(lines, "\n")
}

// plain joins the letters of runs.
func plain(runs []Run) string {
	var all strings.Builder
	for _, run := range runs {
		all.WriteString(run.Text)
	}
	return all.String()
}

// Words counts the words of the text.
func (t Text) Words() int {
	count := 0
	for _, block := range t {
		count += len(strings.Fields(plain(block.Runs)))
		for _, row := range block.Rows {
			for _, cell := range row {
				count += len(strings.Fields(plain(cell)))
			}
		}
	}
	return count
}

// isSpace tells the spaces of the notation. The editor knows the same three.
func isSpace(letter rune) bool { return letter == ' ' || letter == '\t' || letter == '\u00a0' }

func trim(text string) string     { return strings.TrimFunc(text, isSpace) }
func trimLeft(text string) string { return strings.TrimLeftFunc(text, isSpace) }
func escapable(letter rune) bool  { return strings.ContainsRune(`\*|-+.()`, letter) }
func isDigit(letter byte) bool    { return '0' <= letter && letter <= '9' }
