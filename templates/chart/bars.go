package chart

// BarGroup is one row of bars: its name, and a value a series in thousandths of the
// whole, or None, with what is written beside it.
type BarGroup struct {
	Name   string
	Values []int
	Labels []string
}

// Bars is a chart of rows of horizontal bars, at most two a row.
type Bars struct {
	Width, Height int
	Left, Right   int // ends of the scale
	Top, Bottom   int
	Rules         []Mark // vertical ones
	Rows          []BarRow
}

// BarRow is one row.
type BarRow struct {
	Name string
	Y    int // of its name
	Bars []BarOf
}

// BarOf is one bar of a row.
type BarOf struct {
	Second         bool
	X, Y           int
	Width, Height  int
	Label          string
	LabelX, LabelY int
}

const (
	barHeight, barGap, rowGap = 14, 3, 16
	barLabel                  = 52 // room for what is written behind a bar
	nameWidth                 = 28
)

// BarsOf lays the rows out from the top; the height follows from them. A value that is
// not zero is never thinner than 2.
func BarsOf(width int, groups []BarGroup) Bars {
	c := Bars{Width: width, Left: nameWidth, Right: width - barLabel, Top: 8}
	y := c.Top + 6
	span := c.Right - c.Left
	for _, group := range groups {
		row := BarRow{Name: group.Name}
		first := y
		for i, value := range group.Values {
			if value == None {
				continue
			}
			bar := BarOf{Second: i > 0, X: c.Left, Y: y, Width: span * min(max(value, 0), whole) / whole, Height: barHeight}
			if value > 0 {
				bar.Width = max(bar.Width, 2)
			}
			if i < len(group.Labels) {
				bar.Label, bar.LabelX, bar.LabelY = group.Labels[i], c.Left+bar.Width+6, y+barHeight-3
			}
			row.Bars = append(row.Bars, bar)
			y += barHeight + barGap
		}
		if y == first {
			y += barHeight + barGap
		}
		row.Y = (first+y-barGap)/2 + 4
		c.Rows = append(c.Rows, row)
		y += rowGap - barGap
	}
	c.Bottom = y - rowGap/2
	c.Height = c.Bottom + 22
	for percent := 0; percent <= 100; percent += 25 {
		c.Rules = append(c.Rules, Mark{X: c.Left + span*percent/100, Y: c.Bottom + 16, Text: percentText[percent/25]})
	}
	return c
}

var percentText = []string{"0", "25", "50", "75", "100"}
