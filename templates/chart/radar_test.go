package chart_test

import (
	"strings"
	"testing"

	"cchc/templates/chart"
)

func TestRadar(t *testing.T) {
	r := chart.RadarOf(300, 300, []string{"Đơn vị", "Nhóm"}, []chart.Spoke{
		{Label: "1", Values: []int{1000, 500}}, {Label: "2", Values: []int{0, chart.None}}, {Label: "3", Values: []int{1200, 1000}}, {Label: "4", Values: []int{500, 0}},
	})
	// The radius is 150 - 34 = 116; spokes lie up, right, down, left.
	if got, want := r.Shapes[0].Points, "150,34 150,150 150,266 92,150"; got != want {
		t.Errorf("first shape %q, want %q: more than the whole is the whole", got, want)
	}
	if got, want := r.Shapes[1].Points, "150,92 150,266 150,150"; got != want || !r.Shapes[1].Second {
		t.Errorf("second shape %q, want %q: what has no value has no point", got, want)
	}
	if len(r.Rings) != 4 || r.Rings[0] != "150,34 266,150 150,266 34,150" || r.RingMarks[0].Text != "100" {
		t.Errorf("rings %v %v", r.Rings, r.RingMarks)
	}
	sides := []string{}
	for _, axis := range r.Axes {
		sides = append(sides, axis.Side)
		if axis.Label.X < 0 || axis.Label.X > r.Width || axis.Label.Y < 0 || axis.Label.Y > r.Height {
			t.Errorf("label %q lies outside the drawing: %+v", axis.Label.Text, axis.Label)
		}
	}
	if strings.Join(sides, " ") != "middle start middle end" {
		t.Errorf("labels stand %v", sides)
	}
	if none := chart.RadarOf(300, 300, []string{"a"}, []chart.Spoke{{Label: "1"}, {Label: "2"}}); none.Shapes != nil {
		t.Error("two spokes are drawn")
	}
}

func TestBars(t *testing.T) {
	c := chart.BarsOf(380, []chart.BarGroup{
		{Name: "1", Values: []int{1000, 500}, Labels: []string{"100 %", "50 %"}},
		{Name: "2", Values: []int{1, chart.None}, Labels: []string{"0,1 %"}},
		{Name: "3", Values: []int{chart.None}},
	})
	// The scale is 380 - 28 - 52 = 300 wide.
	if len(c.Rows) != 3 || c.Rows[0].Bars[0].Width != 300 || c.Rows[0].Bars[1].Width != 150 || !c.Rows[0].Bars[1].Second {
		t.Fatalf("%+v", c.Rows)
	}
	if bars := c.Rows[1].Bars; len(bars) != 1 || bars[0].Width != 2 {
		t.Errorf("a value that is not zero cannot be seen: %+v", bars)
	}
	if len(c.Rows[2].Bars) != 0 {
		t.Error("what has no value has a bar")
	}
	last := 0
	for _, row := range c.Rows {
		for _, bar := range row.Bars {
			if bar.Y < last || bar.Y+bar.Height > c.Bottom || bar.LabelX >= c.Width {
				t.Errorf("bar %+v runs into another or out of the drawing", bar)
			}
			last = bar.Y + bar.Height
		}
	}
}
