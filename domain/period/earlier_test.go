package period_test

import (
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

func codes(periods []period.Period) string { return strings.Join(period.Codes(periods), " ") }

// What each kind of report is compared with and carries over from (checks E8, E9,
// E11, E13 of the annex; windows by ND 09/2019 art. 12).
func TestEarlierPeriods(t *testing.T) {
	for _, row := range []struct{ code, adjoining, begun, inYear, earlier, why string }{
		{"2026m01", "2025m12 2025y 2025h2 2025q4", "", "", "2025m12 2025y 2025h2 2025q4", "stocks come over the turn of the year"},
		{"2026m04", "2026m03 2026q1", "", "2026m03 2026q1 2026m02 2026m01", "2026m03 2026q1", "a quarter ends there too"},
		{"2026q1", "2025q4 2025y 2025h2 2025m12", "2026m01", "2026m02 2026m01", "2025q4 2025y 2025h2 2025m12", "a month begins with it"},
		{"2026q3", "2026q2 2026h1 2026m06", "2026m07", "2026m08 2026m07 2026q2 2026h1 2026m06 2026m05 2026m04 2026q1 2026m03 2026m02 2026m01", "2026q2 2026h1 2026m06", "half a year ends there too"},
		{"2026q4", "2026q3 2026n9 2026m09", "2026m10", "2026m11 2026m10 2026q3 2026n9 2026m09 2026m08 2026m07 2026q2 2026h1 2026m06 2026m05 2026m04 2026q1 2026m03 2026m02 2026m01", "2026q3 2026n9 2026m09", "nine months end there too"},
		{"2026h1", "2025h2 2025y 2025q4 2025m12", "2026q1 2026m01", "2026m05 2026m04 2026q1 2026m03 2026m02 2026m01", "2025h2 2025y 2025q4 2025m12", "a quarter is part of it"},
		{"2026h2", "2026h1 2026q2 2026m06", "2026q3 2026m07", "2026m11 2026m10 2026n9 2026q3 2026m09 2026m08 2026m07 2026h1 2026q2 2026m06 2026m05 2026m04 2026q1 2026m03 2026m02 2026m01", "2026h1 2026q2 2026m06", "it goes on where the first half ended"},
		{"2026n9", "2025y 2025h2 2025q4 2025m12", "2026h1 2026q1 2026m01", "2026m08 2026m07 2026h1 2026q2 2026m06 2026m05 2026m04 2026q1 2026m03 2026m02 2026m01",
			"2026h1 2026q1 2026m01 2025y 2025h2 2025q4 2025m12 2025n9", "it begins where the year before ended, not its nine months"},
		{"2026y", "2025y 2025h2 2025q4 2025m12", "2026n9 2026h1 2026q1 2026m01", "2026m11 2026m10 2026n9 2026q3 2026m09 2026m08 2026m07 2026h1 2026q2 2026m06 2026m05 2026m04 2026q1 2026m03 2026m02 2026m01",
			"2026n9 2026h1 2026q1 2026m01 2025y 2025h2 2025q4 2025m12", "nine months are part of it"},
	} {
		p, err := period.Parse(row.code)
		if err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string][2]string{
			"adjoining": {codes(p.Adjoining()), row.adjoining}, "begun": {codes(p.Begun()), row.begun},
			"before in the year": {codes(p.BeforeInYear()), row.inYear}, "earlier": {codes(p.Earlier()), row.earlier},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s (%s), %s:\n got %s\nwant %s", row.code, row.why, name, pair[0], pair[1])
			}
		}
	}
}

func TestPeriodOfADay(t *testing.T) {
	for _, row := range []struct {
		kind period.Kind
		day  string
		want string
	}{
		{period.Month, "2028-02-29", "2028m02"}, {period.Month, "2026-12-31", "2026m12"}, {period.Quarter, "2026-04-01", "2026q2"},
		{period.HalfYear, "2026-06-30", "2026h1"}, {period.HalfYear, "2026-07-01", "2026h2"},
		{period.NineMonths, "2026-11-22", "2026n9"}, {period.Year, "2026-01-01", "2026y"},
	} {
		day, err := calendar.ParseDay(row.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := period.Of(row.kind, day).Code(); got != row.want {
			t.Errorf("the %s of %s is %s, want %s", row.kind, row.day, got, row.want)
		}
	}
}
