package chart

// Column is one stacked column of Columns, parts from below.
type Column struct {
	X, Width int
	Middle   int // of the column, where its texts stand
	Name     string
	NameY    int
	Total    string // above the column; empty: nothing counted, or no room
	TotalY   int
	Parts    []Part
	Apart    bool // stands apart from the axis before it
}

// Part is one count of a column.
type Part struct {
	Part      int // number of the count
	Y, Height int
}

// Columns is a chart of stacked columns along a time axis.
type Columns struct {
	Width, Height int
	Left, Right   int // ends of the horizontal rules
	Top, Bottom   int // ends of the line that marks now
	Rules         []Mark
	Columns       []Column
	Now           int  // where that line stands; 0: outside the axis
	NowLeft       bool // its name stands to the left of it
}

// Stretch is one column's counts under its name.
type Stretch struct {
	Name   string
	Counts []int
}

// letter is about how wide a digit is, for asking whether a text has room.
const letter = 8

// ColumnsOf stacks the counts of each stretch of time over its name; what belongs to
// none stands apart at the end, unless it is nil. now is how far along the axis the
// present lies, in thousandths; less than 0 or more than 1000: not on it. A count that
// is not zero is never thinner than 2.
func ColumnsOf(width, height int, axis []Stretch, apart *Stretch, now int, write func(int64) string) Columns {
	c := Columns{Width: width, Height: height, Right: width - 8, Top: marginTop - 12, Bottom: height - marginBottom}
	all := axis
	if apart != nil {
		all = append(append([]Stretch{}, axis...), *apart)
	}
	highest := int64(1)
	for _, one := range all {
		highest = max(highest, total(one.Counts))
	}
	_, step := scale(0, highest)
	top := step
	for top < highest {
		top += step
	}
	y := func(n int64) int { return c.Bottom - int(n*int64(c.Bottom-marginTop)/top) }
	for n := int64(0); n <= top; n += step {
		c.Left = max(c.Left, 12+letter*len([]rune(write(n))))
		c.Rules = append(c.Rules, Mark{Y: y(n), Text: write(n)})
	}
	for i := range c.Rules {
		c.Rules[i].X = c.Left - 6
	}
	slots := len(axis)
	gap := 0
	if apart != nil {
		slots, gap = slots+1, 12
	}
	if slots == 0 {
		return c
	}
	slot := (c.Right - c.Left - gap) / slots
	for i, one := range all {
		x := c.Left + i*slot
		if i == len(axis) {
			x += gap
		}
		column := columnAt(one, x, slot, y, write)
		column.NameY, column.Apart = height-6, i == len(axis)
		c.Columns = append(c.Columns, column)
	}
	if now >= 0 && now <= whole {
		c.Now = c.Left + len(axis)*slot*now/whole
		c.NowLeft = now > whole*3/4
	}
	return c
}

func columnAt(s Stretch, x, slot int, y func(int64) int, write func(int64) string) Column {
	margin := max(slot/7, 2)
	c := Column{X: x + margin, Width: slot - 2*margin, Middle: x + slot/2, Name: s.Name}
	below, counted := y(0), int64(0)
	for i, n := range s.Counts {
		if n == 0 {
			continue
		}
		counted += int64(n)
		above := min(y(counted), below-2)
		c.Parts = append(c.Parts, Part{Part: i, Y: above, Height: below - above})
		below = above
	}
	if text := write(counted); counted > 0 && letter*len([]rune(text)) <= slot {
		c.Total, c.TotalY = text, below-5
	}
	return c
}

func total(counts []int) int64 {
	sum := int64(0)
	for _, n := range counts {
		sum += int64(n)
	}
	return sum
}
