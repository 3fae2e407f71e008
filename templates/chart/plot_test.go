package chart

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func numbers(values ...int64) []Value {
	all := make([]Value, len(values))
	for i, n := range values {
		all[i] = Value{Label: strconv.Itoa(i), Known: n >= 0, Number: n}
	}
	return all
}

func plain(n int64) string { return strconv.FormatInt(n, 10) }

func TestScaleOfAPlot(t *testing.T) {
	for _, row := range []struct {
		low, high  int64
		from, step int64
	}{
		{0, 100, 0, 20}, {10, 100, 0, 20}, {980, 1000, 980, 5}, {0, 0, 0, 1}, {7, 7, 0, 2},
		{-50, 100, -50, 50}, {0, 1_234_567, 0, 500_000}, {12_000_000, 12_400_000, 12_000_000, 100_000},
	} {
		if from, step := scale(row.low, row.high); from != row.from || step != row.step {
			t.Errorf("%d to %d: from %d by %d, want %d by %d", row.low, row.high, from, step, row.from, row.step)
		}
	}
}

func TestPlotHasGapsAndBreaks(t *testing.T) {
	values := numbers(10, 20, -1, 40, 50, 30)
	values[4].Breaks = true
	p := PlotOf(560, 230, values, plain)
	if len(p.Paths) != 3 || len(p.Dots) != 5 || len(p.Breaks) != 1 {
		t.Fatalf("%d runs, %d dots, %d breaks", len(p.Paths), len(p.Dots), len(p.Breaks))
	}
	if points := strings.Fields(p.Paths[0]); len(points) != 2 {
		t.Errorf("the first run has %v", points)
	}
	if p.Breaks[0] <= p.Dots[2].X || p.Breaks[0] >= p.Dots[3].X {
		t.Errorf("the break stands at %d, between %d and %d", p.Breaks[0], p.Dots[2].X, p.Dots[3].X)
	}
	var said []string
	for _, dot := range p.Dots {
		if dot.Label != "" {
			said = append(said, dot.Label)
		}
		if dot.X < p.Left || dot.X > p.Right || dot.Y < 0 || dot.Y > p.Bottom {
			t.Errorf("a dot lies outside: %+v", dot)
		}
	}
	if !slices.Equal(said, []string{"10", "50", "30"}) {
		t.Errorf("written are %v, want the lowest, the highest and the last", said)
	}
}

// A period that is still coming in has a dot, and no line leads to it.
func TestPlotLeavesPartialPeriodsApart(t *testing.T) {
	values := numbers(10, 20, 5)
	values[2].Partial = true
	p := PlotOf(560, 230, values, plain)
	if len(p.Paths) != 1 || len(strings.Fields(p.Paths[0])) != 2 || len(p.Dots) != 3 {
		t.Errorf("lines %v, %d dots", p.Paths, len(p.Dots))
	}
}

// Forty periods on a phone: names do not run into each other, the last is there.
func TestPlotLeavesOutNames(t *testing.T) {
	values := numbers(slices.Repeat([]int64{5, 9}, 20)...)
	p := PlotOf(290, 190, values, plain)
	if last := p.Ticks[len(p.Ticks)-1]; last.Text != "39" {
		t.Errorf("the last name is %q", last.Text)
	}
	for i := 1; i < len(p.Ticks); i++ {
		if p.Ticks[i].X-p.Ticks[i-1].X < 40 {
			t.Errorf("names %d apart", p.Ticks[i].X-p.Ticks[i-1].X)
		}
	}
	if nothing := PlotOf(290, 190, numbers(-1, -1), plain); len(nothing.Rules)+len(nothing.Dots) != 0 {
		t.Error("a chart of nothing was drawn")
	}
}
