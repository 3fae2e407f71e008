package form_test

import (
	"math/rand"
	"testing"

	"cchc/domain/form"
)

func TestRatio(t *testing.T) {
	v := quarterly(t)
	for _, row := range []struct {
		code    string
		figures map[string]string
		want    string // empty: a dash
		why     string
	}{
		{"1.3", map[string]string{"1.2": "1", "1.1": "3"}, "33.33", "cut down"},
		{"1.3", map[string]string{"1.2": "2", "1.1": "3"}, "66.67", "rounded up"},
		{"1.3", map[string]string{"1.2": "1", "1.1": "800"}, "0.13", "0.125 is rounded half up"},
		{"1.3", map[string]string{"1.2": "3", "1.1": "3"}, "100", "all"},
		{"1.3", map[string]string{"1.2": "0", "1.1": "3"}, "0", "none"},
		{"1.3", map[string]string{"1.2": "3", "1.1": "0"}, "", "a zero denominator shows a dash"},
		{"1.3", map[string]string{"1.2": "0", "1.1": "0"}, "", "nothing of nothing is a dash"},
		{"1.3", map[string]string{"1.1": "3"}, "", "a blank numerator"},
		{"1.3", map[string]string{"1.2": "3"}, "", "a blank denominator"},
		{"3.26", map[string]string{"3.19": "40", "3.20": "54", "3.18": "95"}, "98.95", "a sum above"},
		{"4.3", map[string]string{"4.3.1": "10", "4.2": "8"}, "20", "a difference above"},
		{"4.3", map[string]string{"4.3.1": "800", "4.2": "801"}, "-0.13", "half away from zero below it"},
	} {
		indicator, ok := v.Indicator(row.code)
		if !ok {
			t.Fatal(row.code)
		}
		content := form.Content{Figures: map[string]form.Figure{}}
		for code, value := range row.figures {
			set(t, &content, code, value)
		}
		got, ok := v.Ratio(indicator, content.Figures)
		if ok != (row.want != "") || (ok && got.String() != row.want) {
			t.Errorf("%s (%s): %s, %v, want %q", row.code, row.why, got, ok, row.want)
		}
	}
	if plain, _ := v.Indicator("1.1"); plain.Type != form.TypeRatio {
		if _, ok := v.Ratio(plain, nil); ok {
			t.Error("a figure that is no ratio has one")
		}
	}
}

func TestSumRecomputesRatios(t *testing.T) {
	v := quarterly(t)
	unit := func(done, planned string) map[string]form.Figure {
		c := form.Content{Figures: map[string]form.Figure{}}
		set(t, &c, "1.2", done)
		set(t, &c, "1.1", planned)
		return c.Figures
	}
	totals, err := v.Sum([]map[string]form.Figure{unit("1", "1"), unit("0", "99"), unit("", "100"), {}})
	if err != nil {
		t.Fatal(err)
	}
	done, planned, ratio := totals["1.2"], totals["1.1"], totals["1.3"]
	if done.Value.String() != "1" || done.Units != 2 || planned.Value.String() != "200" || planned.Units != 3 {
		t.Errorf("sums %s of %d, %s of %d", done.Value, done.Units, planned.Value, planned.Units)
	}
	if ratio.Value.String() != "0.5" || ratio.Units != 2 {
		t.Errorf("1 of 200 is %s%% over %d units, want 0.5%% (never the average of 100%% and 0%%)", ratio.Value, ratio.Units)
	}
	if none := totals["7.1"]; none.Value != nil || none.Units != 0 {
		t.Errorf("a figure nobody gave sums to %+v: blank is not zero", none)
	}
}

// However the units are split and ordered, the totals are the same.
func TestSumProperties(t *testing.T) {
	v, random := quarterly(t), rand.New(rand.NewSource(7))
	for range 20 {
		units := make([]map[string]form.Figure, 1+random.Intn(30))
		want := map[string]int64{}
		for i := range units {
			units[i] = map[string]form.Figure{}
			for _, indicator := range v.Indicators {
				if indicator.Type == form.TypeRatio || random.Intn(5) == 0 {
					continue
				}
				n := random.Int63n(1000)
				d := form.DecimalOf(n)
				units[i][indicator.Code] = form.Figure{Value: &d}
				want[indicator.Code] += n
			}
		}
		totals, err := v.Sum(units)
		if err != nil {
			t.Fatal(err)
		}
		random.Shuffle(len(units), func(i, j int) { units[i], units[j] = units[j], units[i] })
		again, err := v.Sum(units)
		if err != nil {
			t.Fatal(err)
		}
		for code, total := range totals {
			if n, given := want[code]; given && *total.Value != form.DecimalOf(n) {
				t.Fatalf("%s sums to %s, want %d", code, total.Value, n)
			}
			if other := again[code]; other.Units != total.Units || (other.Value == nil) != (total.Value == nil) ||
				(other.Value != nil && *other.Value != *total.Value) {
				t.Fatalf("%s depends on the order of units", code)
			}
		}
	}
}

func TestSumRefusesWhatItCannotHold(t *testing.T) {
	v := quarterly(t)
	huge := form.DecimalOf(900_000_000_000_000)
	unit := map[string]form.Figure{"1.1": {Value: &huge}}
	if _, err := v.Sum([]map[string]form.Figure{unit, unit}); err == nil {
		t.Error("a sum beyond the range was returned")
	}
}
