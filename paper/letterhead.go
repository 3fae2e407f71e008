package paper

import (
	"fmt"
	"strings"

	"cchc/templates/words"
)

// Sizes of the head of a document, in points (NĐ 30/2020, Phụ lục I, phần V,
// mẫu 1: the sample's sizes).
const (
	nationSize = 12
	mottoSize  = 13
	agencySize = 12
	numberSize = 13
	textSize   = 14

	headLeading = 16
	ruleGap     = 4   // from a text's last line to the rule under it
	ruleWidth   = 0.7 // thickness
	// shortRule is the length of the rule under agency and subject against the
	// text: between a third and a half.
	shortRule = 0.4

	// nationWidth is the right column of the head: it holds the place and date
	// of a city's agency on one line.
	nationWidth = 99 * mm
	agencyGap   = 4 * mm // between both columns
	agencyWidth = contentWidth - nationWidth - agencyGap
)

// ruled is a block of centred lines with a rule under it.
type ruled struct {
	lines  []item
	x      float64 // centre
	length float64 // of the rule
}

func (b ruled) height() float64 { return stackHeight(b.lines, true) + ruleGap }

func (b ruled) draw(c *canvas, y float64) {
	stack(b.lines).draw(c, y)
	y += b.height()
	c.rule(b.x-b.length/2, y, b.x+b.length/2, y, ruleWidth)
}

// letterhead is agency and number on the left, the nation's name and motto,
// place and date on the right.
func letterhead(r Report) item {
	agency, nation := agencyBlock(r), nationBlock()
	number := numberColumn(marginLeft, agencyWidth).text(plain(numberLine(r), regular))
	date := numberColumn(marginEnd-nationWidth, nationWidth).text(plain(dateLine(r), italic))

	const gap = 6
	second := max(agency.height(), nation.height()) + gap // number and date share a line
	return item{
		height: second + max(stackHeight(number, true), stackHeight(date, true)),
		keep:   true,
		draw: func(c *canvas, y float64) {
			agency.draw(c, y)
			nation.draw(c, y)
			stack(number).draw(c, y+second)
			stack(date).draw(c, y+second)
		},
	}
}

func numberColumn(x, measure float64) setting {
	return setting{x: x, measure: measure, size: numberSize, leading: headLeading, align: centre}
}

func agencyBlock(r Report) ruled {
	column := setting{x: marginLeft, measure: agencyWidth, size: agencySize, leading: headLeading, align: centre}
	block := ruled{x: marginLeft + agencyWidth/2}
	for _, superior := range r.Superior {
		block.lines = append(block.lines, column.text(capitals(superior, regular))...)
	}
	name := balanced(capitals(r.Agency, bold), agencySize, agencyWidth)
	block.lines = append(block.lines, column.set(name)...)
	block.length = shortRule * name[len(name)-1].width
	return block
}

func nationBlock() ruled {
	column := setting{x: marginEnd - nationWidth, measure: nationWidth, size: nationSize, leading: headLeading, align: centre}
	block := ruled{x: marginEnd - nationWidth/2}
	block.lines = column.text(plain(words.PaperNation, bold))
	motto := plain(words.PaperMotto, bold)
	column.size = mottoSize
	block.lines = append(block.lines, column.text(motto)...)
	block.length = lineWidth(motto, mottoSize)
	return block
}

// numberLine keeps a gap for the number while there is none. The gap is of
// no-break spaces, which stay as wide as they are.
func numberLine(r Report) string {
	const gap = 6
	if number := oneLine(r.Number); number != "" {
		return words.PaperNumber + number
	}
	return words.PaperNumber + strings.Repeat(noBreak, gap) + oneLine(r.NumberSuffix)
}

// dateLine writes days below 10 and the months 1 and 2 with a leading zero
// (NĐ 30/2020, Phụ lục I, phần II, điểm 4b), so that none can be forged by a
// digit put before it.
func dateLine(r Report) string {
	place := oneLine(r.Place)
	if r.Date == 0 {
		blank := fmt.Sprintf(words.PaperNoDate, place, yearOf(r.Created))
		return strings.ReplaceAll(blank, "      ", strings.Repeat(noBreak, 6))
	}
	month := fmt.Sprint(int(r.Date.Month()))
	if r.Date.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf(words.PaperDate, place, r.Date.Day(), month, r.Date.Year())
}

// titleBlock is the type of document and its subject, with a rule under them.
func titleBlock(r Report) []item {
	const above, below = 16, 10
	column := setting{
		x: marginLeft, measure: contentWidth, size: textSize, leading: 19,
		space: above, align: centre, keepNext: true,
	}
	items := column.text(capitals(r.Type, bold))
	subject := balanced(plain(oneLine(r.Subject), bold), textSize, contentWidth)
	if len(subject) == 0 {
		return items
	}
	column.space = 0
	items = append(items, column.set(subject)...)
	length := shortRule * subject[len(subject)-1].width
	return append(items, item{
		height: ruleGap + below,
		keep:   true,
		draw: func(c *canvas, y float64) {
			const x = marginLeft + contentWidth/2
			c.rule(x-length/2, y+ruleGap, x+length/2, y+ruleGap, ruleWidth)
		},
	})
}

// receivers is Kính gửi: one on the same line, several listed below it.
func receivers(to []string) []item {
	to = listed(to, "- ", ";", ".")
	if len(to) == 0 {
		return nil
	}
	if len(to) == 1 {
		line := words.PaperTo + " " + strings.TrimPrefix(to[0], "- ")
		s := setting{x: marginLeft, measure: contentWidth, size: textSize, leading: bodyLeading, space: 6, align: centre, keepNext: true}
		return s.text(plain(line, regular))
	}
	const indent = 45 * mm
	s := setting{x: marginLeft + indent, measure: contentWidth - indent, size: textSize, leading: bodyLeading, space: 6, keepNext: true}
	items := s.text(plain(words.PaperTo, regular))
	s.space = 0
	s.x, s.measure = s.x+10*mm, s.measure-10*mm
	for _, one := range to {
		items = append(items, s.text(plain(one, regular))...)
	}
	return items
}

// listed gives each entry its dash and its stop, whatever it came with.
func listed(entries []string, dash, stop, lastStop string) []string {
	var found []string
	for _, one := range entries {
		one = strings.TrimSpace(strings.TrimRight(strings.TrimLeft(oneLine(one), "-– "), ".; "))
		if one != "" {
			found = append(found, dash+one+stop)
		}
	}
	if n := len(found); n > 0 {
		found[n-1] = strings.TrimSuffix(found[n-1], stop) + lastStop
	}
	return found
}
