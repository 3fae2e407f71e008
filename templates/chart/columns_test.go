package chart_test

import (
	"strconv"
	"testing"

	"cchc/templates/chart"
)

func TestColumns(t *testing.T) {
	year := []chart.Stretch{{"1", []int{3, 0, 1}}, {"2", []int{0, 0, 0}}, {"3", []int{10_000, 1, 0}}}
	c := chart.ColumnsOf(400, 200, year, &chart.Stretch{Name: "none", Counts: []int{0, 0, 7}}, 500, func(n int64) string { return strconv.FormatInt(n, 10) })
	if len(c.Columns) != 4 || !c.Columns[3].Apart || c.Columns[0].Apart {
		t.Fatalf("%+v", c.Columns)
	}
	for i, column := range c.Columns {
		below := c.Bottom
		for _, part := range column.Parts {
			if part.Height < 2 || part.Y+part.Height != below || part.Y < 0 {
				t.Errorf("column %d: part %+v does not stand on %d", i, part, below)
			}
			below = part.Y
		}
		if column.X < c.Left || column.X+column.Width > c.Right || i > 0 && column.X < c.Columns[i-1].X+c.Columns[i-1].Width {
			t.Errorf("column %d stands at %d, %d wide", i, column.X, column.Width)
		}
		if column.Total != "" && column.TotalY >= below {
			t.Errorf("the total of column %d stands in it", i)
		}
	}
	if parts := c.Columns[2].Parts; len(parts) != 2 || parts[1].Height != 2 {
		t.Errorf("one of ten thousand cannot be seen: %+v", parts)
	}
	if c.Columns[1].Total != "" || len(c.Columns[1].Parts) != 0 || c.Columns[0].Total != "4" {
		t.Errorf("totals %q, %q", c.Columns[0].Total, c.Columns[1].Total)
	}
	if last := c.Columns[2]; c.Now <= c.Columns[0].X+c.Columns[0].Width || c.Now >= last.X {
		t.Errorf("the middle of the year stands at %d", c.Now)
	}
	if highest := c.Rules[len(c.Rules)-1]; c.Rules[0].Y != c.Bottom || highest.Text != "15000" || highest.Y < c.Top {
		t.Errorf("rules %+v", c.Rules)
	}
	for _, now := range []int{-1, 1001} {
		if c := chart.ColumnsOf(400, 200, year, nil, now, func(int64) string { return "" }); c.Now != 0 || len(c.Columns) != 3 {
			t.Errorf("%d is on the axis at %d", now, c.Now)
		}
	}
	if c := chart.ColumnsOf(400, 200, nil, nil, 0, func(int64) string { return "" }); len(c.Columns) != 0 {
		t.Errorf("%+v", c)
	}
}
