package paper

import (
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

// block is a heading or a paragraph of the body.
type block struct {
	words   []word
	heading bool
	flush   bool // starts at the margin
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
	closeText(blocks)
	var items []item
	for _, one := range blocks {
		items = append(items, one.items()...)
	}
	return items
}

// blocks lays out a part at its level, from 1.
func (p Part) blocks(level int) []block {
	number, title := oneLine(p.Number), oneLine(p.Title)
	head := strings.TrimSpace(number + " " + title)
	texts := paragraphs(p.Text)
	if len(texts) == 0 && len(p.Parts) == 0 {
		texts = []string{clean(words.PaperBlank)}
	}
	var blocks []block
	var lead []word
	switch level {
	case 1:
		blocks = append(blocks, block{words: capitals(head, bold), heading: true, flush: true})
	case 2:
		blocks = append(blocks, block{words: plain(head, bold), heading: true})
	default:
		lead = plain(number+" "+withStop(title), bold)
		if len(texts) == 0 {
			blocks, lead = append(blocks, block{words: lead, heading: true}), nil
		}
	}
	for _, one := range texts {
		blocks = append(blocks, block{words: append(lead, split(one, regular)...)})
		lead = nil
	}
	for _, sub := range p.Parts {
		blocks = append(blocks, sub.blocks(level+1)...)
	}
	return blocks
}

// withStop ends a lead with a full stop where it has no stop of its own.
func withStop(title string) string {
	if title == "" || strings.ContainsAny(title[len(title)-1:], ".:;!?") {
		return title
	}
	return title + "."
}

// closeText puts the mark of the end behind the last paragraph, in place of its
// own stop.
func closeText(blocks []block) {
	for i := len(blocks) - 1; i >= 0; i-- {
		if blocks[i].heading {
			continue
		}
		last := &blocks[i].words[len(blocks[i].words)-1]
		last.text = strings.TrimRight(last.text, "./;,") + clean(words.PaperEnd)
		return
	}
}

func (b block) items() []item {
	s := setting{
		x: marginLeft, measure: contentWidth, size: textSize, leading: bodyLeading,
		indent: firstLine, space: paragraphSpace, align: justified,
	}
	if b.heading {
		s.align, s.keepNext = left, true
	}
	if b.flush {
		s.indent, s.space = 0, paragraphSpace+2
	}
	return s.text(b.words)
}
