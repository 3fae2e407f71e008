// Package chart lays out the drawings of a dashboard: where lines, dots, bars and
// their labels go. Pages draw them as SVG by classes; every drawing stands beside
// a table of the same numbers.
//
// It computes from its arguments alone, in whole units of the drawing. Words,
// colours and what is counted belong to the callers. Text is never scaled: a
// drawing has the size at which it is shown.
package chart

import "strconv"

// None is a point without a value: the line has a gap there.
const None = -1

// Series is one line: a value a period, in tenths of a percent, or None.
type Series struct {
	Name   string
	Values []int
}

// Line is a chart of at most two lines over periods.
type Line struct {
	Width, Height int
	Left, Right   int // ends of the horizontal rules
	Rules         []Mark
	Ticks         []Mark
	Lines         []Path
}

// Mark is a text at a place.
type Mark struct {
	X, Y int
	Text string
}

// Path is one drawn line.
type Path struct {
	Name   string
	Second bool
	Points string // of a polyline, "x,y x,y"
	Dots   []Dot
}

// Dot is one value of a line.
type Dot struct {
	X, Y   int
	Last   bool
	Label  string // written beside it; empty for most
	LabelY int
}

// The margins of a line chart: for the labels of the rules, of the periods, and
// for the last value.
const (
	marginLeft, marginRight = 34, 30
	marginTop, marginBottom = 20, 26
	whole                   = 1000
)

// Lines draws one or two series over the labelled periods. The scale ends at 100 %
// and begins at a rule at or below the lowest value, so that it spans at least 40.
// With more periods than room every second label is left out; the last is always
// there.
func Lines(width, height int, labels []string, series ...Series) Line {
	low := floor(series)
	c := Line{Width: width, Height: height, Left: marginLeft, Right: width - marginRight}
	y := func(tenths int) int {
		return marginTop + (whole-tenths)*(height-marginTop-marginBottom)/(whole-low)
	}
	for tenths := low; tenths <= whole; tenths += ruleStep(low) {
		c.Rules = append(c.Rules, Mark{X: marginLeft - 6, Y: y(tenths), Text: strconv.Itoa(tenths / 10)})
	}
	x := func(i int) int {
		if len(labels) == 1 {
			return (c.Left + c.Right) / 2
		}
		return c.Left + 8 + i*(c.Right-c.Left-16)/(len(labels)-1)
	}
	every := 1
	if len(labels) > 1 && (c.Right-c.Left)/len(labels) < 38 {
		every = 2
	}
	for i, label := range labels {
		if (len(labels)-1-i)%every == 0 {
			c.Ticks = append(c.Ticks, Mark{X: x(i), Y: height - 6, Text: label})
		}
	}
	for n, one := range series {
		c.Lines = append(c.Lines, path(one, n > 0, height-marginBottom, x, y))
	}
	return c
}

// floor is where the scale begins.
func floor(series []Series) int {
	low := 600
	for _, one := range series {
		for _, value := range one.Values {
			if value != None {
				low = min(low, value/100*100)
			}
		}
	}
	return low / ruleStep(low) * ruleStep(low)
}

// ruleStep is how far the horizontal rules are apart.
func ruleStep(low int) int {
	if whole-low > 500 {
		return 200
	}
	return 100
}

func path(s Series, second bool, bottom int, x, y func(int) int) Path {
	p := Path{Name: s.Name, Second: second}
	last := -1
	for i, value := range s.Values {
		if value != None {
			last = i
		}
	}
	for i, value := range s.Values {
		if value == None {
			continue
		}
		dot := Dot{X: x(i), Y: y(value), Last: i == last}
		dot.LabelY = dot.Y - 9 // the second line runs below the first, and so do its labels
		lowest := !second && lowest(s.Values, i)
		if second || lowest && !dot.Last {
			dot.LabelY = dot.Y + 18
		}
		if dot.LabelY > bottom { // it would run into the names of the periods
			dot.LabelY = dot.Y - 9
		}
		if dot.Last || lowest {
			dot.Label = strconv.Itoa(value/10) + "," + strconv.Itoa(value%10)
		}
		p.Dots = append(p.Dots, dot)
		if p.Points != "" {
			p.Points += " "
		}
		p.Points += strconv.Itoa(dot.X) + "," + strconv.Itoa(dot.Y)
	}
	return p
}

// lowest tells the first lowest value of a line that is not flat.
func lowest(values []int, i int) bool {
	low, flat := -1, true
	for at, value := range values {
		if value == None {
			continue
		}
		flat = flat && value == values[i]
		if low < 0 || value < values[low] {
			low = at
		}
	}
	return !flat && low == i
}

// Bar is one part of a stacked bar, in units of a bar of BarWidth.
type Bar struct {
	Part     int // number of the count
	X, Width int
}

// BarWidth is the length of a whole stacked bar.
const BarWidth = 1000

// Stack lays counts out as one bar with a gap of 2 between the parts. A count that
// is not zero is never thinner than 4, so that nobody disappears; without counts
// there is no bar.
func Stack(counts []int) []Bar {
	const gap, least = 2, 4
	total := 0
	for _, n := range counts {
		total += n
	}
	var bars []Bar
	used, widest := 0, -1
	for i, n := range counts {
		if n == 0 {
			continue
		}
		width := max(n*BarWidth/total, least)
		bars = append(bars, Bar{Part: i, Width: width})
		used += width
		if widest < 0 || width > bars[widest].Width {
			widest = len(bars) - 1
		}
	}
	if widest < 0 {
		return nil
	}
	bars[widest].Width += BarWidth - used
	x := 0
	for i := range bars {
		bars[i].X = x
		x += bars[i].Width
		if i < len(bars)-1 {
			bars[i].Width -= gap
		}
	}
	return bars
}

// Heat is the step of a share in a heat table, 1 (below 60 %) to 5 (from 90 %);
// 0 for None.
func Heat(tenths int) int {
	switch {
	case tenths == None:
		return 0
	case tenths < 600:
		return 1
	case tenths >= 900:
		return 5
	}
	return tenths/100 - 4
}
