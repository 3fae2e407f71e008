package period_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

func TestPeriods(t *testing.T) {
	for _, row := range []struct {
		code                   string
		from, to               string // the period
		windowFrom, windowTo   string // its data
		previous, sameLastYear string
		next, article          string
	}{
		{"2026m01", "2026-01-01", "2026-01-31", "2025-12-15", "2026-01-14", "2025m12", "2025m01", "2026m02", "ND 09/2019 art. 12.1"},
		{"2026m03", "2026-03-01", "2026-03-31", "2026-02-15", "2026-03-14", "2026m02", "2025m03", "2026m04", "art. 12.1"},
		{"2028m02", "2028-02-01", "2028-02-29", "2028-01-15", "2028-02-14", "2028m01", "2027m02", "2028m03", "art. 12.1, leap year"},
		{"2026m12", "2026-12-01", "2026-12-31", "2026-11-15", "2026-12-14", "2026m11", "2025m12", "2027m01", "art. 12.1"},
		{"2026q1", "2026-01-01", "2026-03-31", "2025-12-15", "2026-03-14", "2025q4", "2025q1", "2026q2", "art. 12.2"},
		{"2026q2", "2026-04-01", "2026-06-30", "2026-03-15", "2026-06-14", "2026q1", "2025q2", "2026q3", "art. 12.2"},
		{"2026q3", "2026-07-01", "2026-09-30", "2026-06-15", "2026-09-14", "2026q2", "2025q3", "2026q4", "art. 12.2"},
		{"2026q4", "2026-10-01", "2026-12-31", "2026-09-15", "2026-12-14", "2026q3", "2025q4", "2027q1", "art. 12.2"},
		{"2026h1", "2026-01-01", "2026-06-30", "2025-12-15", "2026-06-14", "2025h2", "2025h1", "2026h2", "art. 12.3"},
		{"2026h2", "2026-07-01", "2026-12-31", "2026-06-15", "2026-12-14", "2026h1", "2025h2", "2027h1", "art. 12.3"},
		{"2026n9", "2026-01-01", "2026-09-30", "2025-12-15", "2026-09-14", "2025n9", "2025n9", "2027n9", "set by the issuing body"},
		{"2026y", "2026-01-01", "2026-12-31", "2025-12-15", "2026-12-14", "2025y", "2025y", "2027y", "art. 12.4"},
	} {
		p, err := period.Parse(row.code)
		if err != nil {
			t.Fatal(err)
		}
		if p.Code() != row.code || !p.Valid() {
			t.Errorf("%s is written %s, valid %v", row.code, p.Code(), p.Valid())
		}
		if p.From().String() != row.from || p.To().String() != row.to {
			t.Errorf("%s is %s to %s, want %s to %s", row.code, p.From(), p.To(), row.from, row.to)
		}
		if w := seedtest.Rule(t, p).Window(p); w.From.String() != row.windowFrom || w.To.String() != row.windowTo {
			t.Errorf("%s (%s): data from %s to %s, want %s to %s", row.code, row.article, w.From, w.To, row.windowFrom, row.windowTo)
		}
		if got := p.Previous().Code(); got != row.previous {
			t.Errorf("before %s is %s, want %s", row.code, got, row.previous)
		}
		if got := p.SameLastYear().Code(); got != row.sameLastYear {
			t.Errorf("%s last year is %s, want %s", row.code, got, row.sameLastYear)
		}
		if got := p.Next(); got.Code() != row.next || got.Previous() != p {
			t.Errorf("after %s is %s, want %s", row.code, got.Code(), row.next)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, code := range []string{
		"", "2026", "2026q", "2026q0", "2026q5", "2026q04", "2026Q4", "2026m3", "2026m13", "2026m00",
		"2026h3", "2026n8", "2026n", "2026y1", "26q4", "0026q4", "2026x1", "2026q4 ", "+026q4", "-026q4", "2026q+4",
	} {
		if p, err := period.Parse(code); err == nil {
			t.Errorf("%q was read as %+v", code, p)
		}
	}
}

// Windows of adjoining periods adjoin too: no day is reported twice or never.
func TestWindowsAdjoin(t *testing.T) {
	for _, code := range []string{"2030m07", "2030q3", "2040h2", "2060y"} {
		p, err := period.Parse(code)
		if err != nil {
			t.Fatal(err)
		}
		for range 30 {
			before := p.Previous()
			if seedtest.Rule(t, before).Window(before).To.Add(1) != seedtest.Rule(t, p).Window(p).From {
				t.Errorf("the windows of %s and %s do not adjoin", before.Code(), p.Code())
			}
			if before.To().Add(1) != p.From() {
				t.Errorf("%s and %s do not adjoin", before.Code(), p.Code())
			}
			p = before
		}
	}
}

func TestInvalidPeriods(t *testing.T) {
	for _, p := range []period.Period{
		{}, {Kind: "week", Year: 2026, Number: 1}, {Kind: period.Quarter, Year: 2026}, {Kind: period.Year, Year: 2026, Number: 2},
		{Kind: period.Quarter, Year: 26, Number: 1},
	} {
		if p.Valid() {
			t.Errorf("%+v is said to be valid", p)
		}
	}
}

func mustDay(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
