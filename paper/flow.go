package paper

import "strconv"

// Margins of NĐ 30/2020, Phụ lục I, phần I: top and bottom 20-25 mm, left 30-35,
// right 15-20.
const (
	marginTop    = 20 * mm
	marginBottom = 20 * mm
	marginLeft   = 30 * mm
	marginRight  = 15 * mm

	contentWidth  = pageWidth - marginLeft - marginRight
	contentHeight = pageHeight - marginTop - marginBottom
	marginEnd     = pageWidth - marginRight // x of the right margin

	pageNumberSize     = 13
	pageNumberBaseline = 13 * mm // in the top margin
)

// sheet is a page's size. Margins are the same whichever way it lies.
type sheet struct{ width, height float64 }

var (
	portrait  = sheet{pageWidth, pageHeight}
	landscape = sheet{pageHeight, pageWidth} // for wide tables
)

func (s sheet) contentWidth() float64  { return s.width - marginLeft - marginRight }
func (s sheet) contentHeight() float64 { return s.height - marginTop - marginBottom }

// item is a strip of the page that is never cut: a line of text, a row of a
// table, the block of signatures.
type item struct {
	space     float64 // above it; dropped at the top of a page
	height    float64
	keep      bool       // stays on the page of the item that follows
	head      *item      // its table's header, repeated above it on every new page
	signature *signature // set on the block of signatures
	draw      func(c *canvas, y float64)
}

// placed is an item at its place on a page.
type placed struct {
	item
	y float64 // of its upper edge
}

// paginate lays items on pages. Items that keep together move together; only a
// group taller than a page is parted.
func (s sheet) paginate(items []item) [][]placed {
	var pages [][]placed
	y := 0.0 // used height of the last page
	for len(items) > 0 {
		group := items[:groupLength(items)]
		items = items[len(group):]
		if len(pages) == 0 || y+stackHeight(group, y == 0) > s.contentHeight() {
			pages, y = append(pages, nil), 0
		}
		for _, one := range group {
			if y > 0 && y+one.space+one.height > s.contentHeight() {
				pages, y = append(pages, nil), 0
			}
			page := &pages[len(pages)-1]
			y = place(page, one, y)
		}
	}
	return pages
}

// place puts one item under what the page holds, and returns the height used.
func place(page *[]placed, one item, y float64) float64 {
	if y == 0 {
		one.space = 0
		if one.head != nil {
			*page = append(*page, placed{*one.head, marginTop})
			y = one.head.height
		}
	}
	y += one.space
	*page = append(*page, placed{one, marginTop + y})
	return y + one.height
}

// groupLength is how many items at the front belong together.
func groupLength(items []item) int {
	n := 1
	for n < len(items) && items[n-1].keep {
		n++
	}
	return n
}

func stackHeight(items []item, atTop bool) float64 {
	height := 0.0
	for i, one := range items {
		height += one.height
		if i > 0 || !atTop {
			height += one.space
		}
	}
	return height
}

// drawPages draws placed items and numbers the pages from the second on, as
// NĐ 30/2020 asks: centred in the top margin, each annex for itself.
func (s sheet) drawPages(pages [][]placed, fonts *[styles]*lettering) []*canvas {
	drawn := make([]*canvas, len(pages))
	for i, page := range pages {
		c := &canvas{fonts: fonts, sheet: s}
		if i > 0 {
			c.centred(marginLeft+s.contentWidth()/2, pageNumberBaseline, pageNumberSize, split(strconv.Itoa(i+1), regular))
		}
		for _, one := range page {
			one.draw(c, one.y)
		}
		drawn[i] = c
	}
	return drawn
}

// align says where in its measure a line stands.
type align int

const (
	left align = iota
	centre
	right
	justified
)

// setting is how a run of lines is set.
type setting struct {
	x, measure float64 // left edge and width
	size       float64
	leading    float64 // from line to line
	indent     float64 // of the first line
	space      float64 // above the first line
	align      align
	keepNext   bool // the last line stays with what follows
}

// set makes the items of wrapped lines. At least two lines of a paragraph stay
// together on either side of a page break.
func (s setting) set(lines []textLine) []item {
	items := make([]item, len(lines))
	for i, line := range lines {
		x, measure := s.x, s.measure
		if i == 0 {
			x, measure = x+s.indent, measure-s.indent
		}
		last := i == len(lines)-1
		items[i] = item{
			height: s.leading,
			keep:   i == 0 && !last || i == len(lines)-2 || last && s.keepNext,
			draw: func(c *canvas, y float64) {
				c.aligned(s, line, x, measure, y+s.baseline(), last)
			},
		}
	}
	if len(items) > 0 {
		items[0].space = s.space
	}
	return items
}

// text wraps and sets words.
func (s setting) text(all []word) []item {
	if s.align == centre {
		return s.set(balanced(all, s.size, s.measure))
	}
	return s.set(wrap(all, s.size, s.measure-s.indent, s.measure))
}

// baseline is how far the baseline stands under the upper edge of a line: the
// letters in the middle of the leading.
func (s setting) baseline() float64 {
	f := faces()[regular]
	ascent, descent := float64(f.ascent)*s.size/1000, float64(-f.descent)*s.size/1000
	return (s.leading-ascent-descent)/2 + ascent
}

// aligned draws one line in its measure.
func (c *canvas) aligned(s setting, line textLine, x, measure, y float64, last bool) {
	free, extra := measure-line.width, 0.0
	switch s.align {
	case centre:
		x += free / 2
	case right:
		x += free
	case justified:
		const widest = 0.75 // of the type size; a line stretched further is left ragged
		if gaps := line.gaps(); gaps > 0 && !last && free/float64(gaps) <= widest*s.size {
			extra = free / float64(gaps)
		}
	}
	c.line(x, y, s.size, line.words, extra)
}

// gaps counts the spaces of a line.
func (l textLine) gaps() int {
	n := 0
	for i, w := range l.words {
		if i > 0 && !w.glued {
			n++
		}
	}
	return n
}

// centred draws words on one line around x.
func (c *canvas) centred(x, y, size float64, all []word) {
	c.line(x-lineWidth(all, size)/2, y, size, all, 0)
}

// lineWidth is the width of words on one line.
func lineWidth(all []word, size float64) float64 {
	var line textLine
	for _, w := range all {
		line.width += gapBefore(w, line, size) + w.width(size)
		line.words = append(line.words, w)
	}
	return line.width
}

// stack makes one uncut item of several, drawn under one another.
func stack(items []item) item {
	all := item{height: stackHeight(items, true)}
	all.draw = func(c *canvas, y float64) {
		for i, one := range items {
			if i > 0 {
				y += one.space
			}
			one.draw(c, y)
			y += one.height
		}
	}
	return all
}
