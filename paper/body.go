package paper

import (
	"slices"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/templates/words"
)

// The body (NĐ 30/2020, Phụ lục I, phần II, điểm 6): size 13-14, first line 1 or
// 1.27 cm in, 6 points or more between paragraphs, single to 1.5 line spacing.
const (
	bodyLeading    = 1.3 * textSize
	firstLine      = 12.7 * mm
	paragraphSpace = 6

	noBreak = "\u00a0"
)

// plain is text ready to set, in one face.
func plain(text string, s style) []word { return split(clean(text), s) }

// capitals is plain in capital letters.
func capitals(text string, s style) []word { return plain(strings.ToUpper(oneLine(text)), s) }

func yearOf(t time.Time) int { return t.In(calendar.Zone).Year() }

// block is a heading, a paragraph, an item of a list or a table of the body.
type block struct {
	words   []word
	heading bool
	flush   bool   // starts at the margin
	marker  string // of an item
	level   int    // of an item, from 0
	table   *narrativeTable
}

// text is the body between title and signature.
func text(r Report) []item {
	var blocks []block
	for _, one := range paragraphs(r.Opening) {
		blocks = append(blocks, block{words: split(one, regular)})
	}
	for _, part := range r.Parts {
		blocks = append(blocks, part.blocks(1)...)
	}
	var items []item
	for _, one := range closeText(blocks) {
		items = append(items, one.items()...)
	}
	return items
}

// blocks lays out a part at its level, from 1.
func (p Part) blocks(level int) []block {
	number, title := oneLine(p.Number), oneLine(p.Title)
	head := strings.TrimSpace(number + " " + title)
	texts := narrative(p.Text)
	if len(texts) == 0 && len(p.Parts) == 0 {
		texts = []block{{words: plain(words.PaperBlank, regular)}}
	}
	var blocks []block
	switch level {
	case 1:
		blocks = append(blocks, block{words: capitals(head, bold), heading: true, flush: true})
	case 2:
		blocks = append(blocks, block{words: plain(head, bold), heading: true})
	default:
		lead := plain(number+" "+withStop(title), bold)
		if len(texts) > 0 && texts[0].paragraph() {
			texts[0].words = append(lead, texts[0].words...)
		} else {
			blocks = append(blocks, block{words: lead, heading: true})
		}
	}
	blocks = append(blocks, texts...)
	for _, sub := range p.Parts {
		blocks = append(blocks, sub.blocks(level+1)...)
	}
	return blocks
}

// paragraph tells plain text from headings, items and tables.
func (b block) paragraph() bool { return !b.heading && b.marker == "" && b.table == nil }

// withStop ends a lead with a full stop where it has no stop of its own.
func withStop(title string) string {
	if title == "" || strings.ContainsAny(title[len(title)-1:], ".:;!?") {
		return title
	}
	return title + "."
}

// closeText puts the mark of the end behind the last text, in place of its own
// stop; under a table it stands alone.
func closeText(blocks []block) []block {
	end := clean(words.PaperEnd)
	for i := len(blocks) - 1; i >= 0; i-- {
		switch {
		case blocks[i].heading:
			continue
		case blocks[i].table != nil:
			return slices.Insert(blocks, i+1, block{words: split(end, regular)})
		}
		last := &blocks[i].words[len(blocks[i].words)-1]
		last.text = strings.TrimRight(last.text, "./;,") + end
		break
	}
	return blocks
}

func (b block) items() []item {
	s := setting{
		x: marginLeft, measure: contentWidth, size: textSize, leading: bodyLeading,
		indent: firstLine, space: paragraphSpace, align: justified,
	}
	switch {
	case b.table != nil:
		return b.table.items()
	case b.marker != "":
		return b.listItem(s)
	case b.heading:
		s.align, s.keepNext = left, true
	}
	if b.flush {
		s.indent, s.space = 0, paragraphSpace+2
	}
	return s.text(b.words)
}
