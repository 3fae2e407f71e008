package chart

import (
	"math"
	"strconv"
)

// Spoke is one axis of a radar: its label and a value a shape, in thousandths of the
// whole, or None.
type Spoke struct {
	Label  string
	Values []int
}

// Radar is a chart of at most two shapes over the same axes.
type Radar struct {
	Width, Height int
	Rings         []string // points of polygons, from the outer one
	RingMarks     []Mark   // what the rings stand for
	Axes          []Axis
	Shapes        []Shape
}

// Axis is one spoke from the centre with its label.
type Axis struct {
	FromX, FromY, ToX, ToY int
	Label                  Mark
	Side                   string // where the text stands from its point: start, middle, end
}

// Shape is the values of one series.
type Shape struct {
	Name   string
	Second bool
	Points string // of a polygon; of axes without a value nothing stands there
	Dots   []Dot
}

const (
	ringCount   = 4
	radarMargin = 34 // for the labels
	fewestAxes  = 3  // fewer enclose no area
)

// RadarOf draws the series named over the spokes, the first at the top and the others
// clockwise. With fewer than three spokes there is nothing to draw.
func RadarOf(width, height int, names []string, spokes []Spoke) Radar {
	r := Radar{Width: width, Height: height}
	if len(spokes) < fewestAxes {
		return r
	}
	centreX, centreY := width/2, height/2
	radius := min(width, height)/2 - radarMargin
	point := func(i, thousandths int) (x, y int) {
		angle := 2 * math.Pi * float64(i) / float64(len(spokes))
		length := float64(radius) * float64(thousandths) / whole
		return centreX + int(math.Round(length*math.Sin(angle))), centreY - int(math.Round(length*math.Cos(angle)))
	}
	for ring := ringCount; ring > 0; ring-- {
		points := ""
		for i := range spokes {
			points = joinPoint(points, point, i, whole*ring/ringCount)
		}
		r.Rings = append(r.Rings, points)
		_, y := point(0, whole*ring/ringCount)
		r.RingMarks = append(r.RingMarks, Mark{X: centreX + 4, Y: y - 3, Text: strconv.Itoa(100 * ring / ringCount)})
	}
	for i, spoke := range spokes {
		x, y := point(i, whole)
		labelX, labelY := point(i, whole+whole*radarMargin/2/radius)
		axis := Axis{FromX: centreX, FromY: centreY, ToX: x, ToY: y, Label: Mark{X: labelX, Y: labelY + 4, Text: spoke.Label}, Side: "middle"}
		switch {
		case labelX > centreX+radius/4:
			axis.Side = "start"
		case labelX < centreX-radius/4:
			axis.Side = "end"
		}
		r.Axes = append(r.Axes, axis)
	}
	for n, name := range names {
		shape := Shape{Name: name, Second: n > 0}
		for i, spoke := range spokes {
			if n >= len(spoke.Values) || spoke.Values[n] == None {
				continue
			}
			value := min(max(spoke.Values[n], 0), whole)
			shape.Points = joinPoint(shape.Points, point, i, value)
			x, y := point(i, value)
			shape.Dots = append(shape.Dots, Dot{X: x, Y: y})
		}
		r.Shapes = append(r.Shapes, shape)
	}
	return r
}

func joinPoint(points string, point func(i, thousandths int) (int, int), i, thousandths int) string {
	x, y := point(i, thousandths)
	if points != "" {
		points += " "
	}
	return points + strconv.Itoa(x) + "," + strconv.Itoa(y)
}
