package chart

import "strconv"

// Value is one period of a plot: a number in ten-thousandths, whatever it counts.
type Value struct {
	Label  string // of the period
	Known  bool   // unknown: the line has a gap
	Number int64
	Breaks bool // cannot be compared with the period before: the line ends and begins anew
	// Partial: not all is in yet. Its dot stands by itself.
	Partial bool
}

// Plot is a chart of one line over numbers of any size.
type Plot struct {
	Width, Height int
	Left, Right   int // ends of the horizontal rules
	Top, Bottom   int // ends of the breaks
	Rules, Ticks  []Mark
	Paths         []string // points of polylines, "x,y x,y": one a run of periods
	Dots          []Dot
	Breaks        []int // where the dashed lines of breaks stand
}

// rulesAtMost is how many spaces the scale has at most.
const rulesAtMost = 5

// PlotOf draws the values. write makes the label of a rule or a dot from a number.
// The scale begins at zero unless all values lie in its upper half; the last value
// and the highest and lowest are written.
func PlotOf(width, height int, values []Value, write func(int64) string) Plot {
	low, high, known := extent(values)
	if !known {
		return Plot{Width: width, Height: height}
	}
	from, step := scale(low, high)
	top := from + step
	for top < high {
		top += step
	}
	p := Plot{Width: width, Height: height, Right: width - marginRight - 10, Top: marginTop - 8, Bottom: height - marginBottom}
	for number := from; number <= top; number += step {
		label := write(number)
		p.Left = max(p.Left, 12+7*len([]rune(label)))
		p.Rules = append(p.Rules, Mark{Text: label})
	}
	y := func(number int64) int {
		return marginTop + int((top-number)*int64(height-marginTop-marginBottom)/(top-from))
	}
	for i := range p.Rules {
		p.Rules[i].X, p.Rules[i].Y = p.Left-6, y(from+int64(i)*step)
	}
	x := p.across(len(values))
	p.ticks(values, x)
	p.line(values, x, y, write)
	return p
}

func extent(values []Value) (low, high int64, known bool) {
	for _, value := range values {
		switch {
		case !value.Known:
		case !known:
			low, high, known = value.Number, value.Number, true
		default:
			low, high = min(low, value.Number), max(high, value.Number)
		}
	}
	return low, high, known
}

// scale is the first rule and the space between two: 1, 2 or 5 times a power of ten.
func scale(low, high int64) (from, step int64) {
	if low > 0 && low < high-low+high/2 {
		low = 0
	}
	if high == low {
		low = min(low, 0)
	}
	span := max(high-low, 1)
	step = 1
	for n := 0; (span+step-1)/step > rulesAtMost; n++ {
		if n%3 == 1 {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	from = low / step * step
	if from > low {
		from -= step
	}
	return from, step
}

func (p *Plot) across(n int) func(int) int {
	left, right := p.Left+8, p.Right-8
	return func(i int) int {
		if n == 1 {
			return (left + right) / 2
		}
		return left + i*(right-left)/(n-1)
	}
}

// ticks names as many periods as there is room for, the last one always.
func (p *Plot) ticks(values []Value, x func(int) int) {
	every := 1
	for (p.Right-p.Left)/len(values)*every < 44 && every < len(values) {
		every++
	}
	for i, value := range values {
		if (len(values)-1-i)%every == 0 {
			p.Ticks = append(p.Ticks, Mark{X: x(i), Y: p.Height - 6, Text: value.Label})
		}
	}
}

// line draws a run of periods until one is unknown or cannot be compared.
func (p *Plot) line(values []Value, x func(int) int, y func(int64) int, write func(int64) string) {
	low, high, _ := extent(values)
	run, last, lowSaid, highSaid := "", lastKnown(values), false, low == high
	end := func() {
		if run != "" {
			p.Paths = append(p.Paths, run)
		}
		run = ""
	}
	for i, value := range values {
		if value.Breaks {
			end()
			if i > 0 {
				p.Breaks = append(p.Breaks, (x(i-1)+x(i))/2)
			}
		}
		if !value.Known {
			end()
			continue
		}
		dot := Dot{X: x(i), Y: y(value.Number), Last: i == last}
		dot.LabelY = dot.Y - 9
		highest, lowest := value.Number == high && !highSaid, value.Number == low && !lowSaid && low != high
		if lowest && !dot.Last && dot.Y+18 < p.Bottom {
			dot.LabelY = dot.Y + 18
		}
		if dot.Last || highest || lowest {
			dot.Label = write(value.Number)
			highSaid, lowSaid = highSaid || highest, lowSaid || lowest
		}
		p.Dots = append(p.Dots, dot)
		if value.Partial {
			end()
			continue
		}
		if run != "" {
			run += " "
		}
		run += strconv.Itoa(dot.X) + "," + strconv.Itoa(dot.Y)
	}
	end()
}

func lastKnown(values []Value) int {
	for i := len(values) - 1; i >= 0; i-- {
		if values[i].Known {
			return i
		}
	}
	return -1
}
