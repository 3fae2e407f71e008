package chart_test

import (
	"math/rand"
	"strings"
	"testing"

	"cchc/templates/chart"
)

var quarters = []string{"I/25", "II/25", "III/25", "IV/25", "I/26", "II/26", "III/26", "IV/26"}

func TestLines(t *testing.T) {
	c := chart.Lines(560, 220, quarters,
		chart.Series{Name: "Đúng hạn", Values: []int{824, 840, 712, 808, chart.None, 850, 881, 801}},
		chart.Series{Name: "Không bị trả lại", Values: []int{700, 700, 650, 700, chart.None, 720, 760, 688}})
	if len(c.Rules) != 5 || c.Rules[0].Text != "60" || c.Rules[4].Text != "100" || c.Rules[4].Y >= c.Rules[0].Y {
		t.Errorf("the rules are %+v", c.Rules)
	}
	if len(c.Ticks) != 8 || c.Ticks[7].Text != "IV/26" {
		t.Errorf("the periods are %+v", c.Ticks)
	}
	first, second := c.Lines[0], c.Lines[1]
	if len(first.Dots) != 7 || strings.Count(first.Points, ",") != 7 || first.Second || !second.Second {
		t.Errorf("the first line has %d dots", len(first.Dots))
	}
	labels := func(p chart.Path) (all []string) {
		for _, dot := range p.Dots {
			if dot.Label != "" {
				all = append(all, dot.Label)
			}
		}
		return all
	}
	if got := strings.Join(labels(first), " "); got != "71,2 80,1" {
		t.Errorf("the first line is labelled %q", got)
	}
	if got := strings.Join(labels(second), " "); got != "68,8" || second.Dots[6].LabelY <= second.Dots[6].Y {
		t.Errorf("the second line is labelled %q", got)
	}
}

// Whatever the values, everything drawn stays inside the drawing.
func TestLinesStayInside(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	for range 500 {
		values := make([]int, 1+random.Intn(8))
		for i := range values {
			values[i] = random.Intn(1001)
			if random.Intn(6) == 0 {
				values[i] = chart.None
			}
		}
		c := chart.Lines(290, 190, quarters[:len(values)], chart.Series{Values: values})
		for _, line := range c.Lines {
			for _, dot := range line.Dots {
				if dot.X < c.Left || dot.X > c.Right || dot.Y < 10 || dot.Y > c.Height-20 || dot.LabelY < 8 {
					t.Fatalf("%v: a dot at %+v", values, dot)
				}
			}
		}
		if last := c.Ticks[len(c.Ticks)-1]; last.Text != quarters[len(values)-1] {
			t.Fatalf("the last label is %q", last.Text)
		}
	}
	if c := chart.Lines(290, 190, nil); len(c.Lines) != 0 || len(c.Ticks) != 0 {
		t.Errorf("nothing is drawn as %+v", c)
	}
}

func TestStack(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	for range 1000 {
		counts, there := make([]int, 4), 0
		for i := range counts {
			if random.Intn(3) > 0 {
				counts[i] = random.Intn(random.Intn(4000) + 1)
			}
			if counts[i] > 0 {
				there++
			}
		}
		bars := chart.Stack(counts)
		if len(bars) != there {
			t.Fatalf("%v: %d parts", counts, len(bars))
		}
		for i, bar := range bars {
			if bar.Width < 1 || counts[bar.Part] == 0 || i > 0 && bar.X != bars[i-1].X+bars[i-1].Width+2 {
				t.Fatalf("%v: %+v", counts, bars)
			}
		}
		if there > 0 && bars[there-1].X+bars[there-1].Width != chart.BarWidth {
			t.Fatalf("%v end at %+v", counts, bars[there-1])
		}
	}
}

func TestHeat(t *testing.T) {
	for tenths, want := range map[int]int{chart.None: 0, 0: 1, 599: 1, 600: 2, 699: 2, 700: 3, 800: 4, 899: 4, 900: 5, 1000: 5} {
		if got := chart.Heat(tenths); got != want {
			t.Errorf("%d is step %d, want %d", tenths, got, want)
		}
	}
}
