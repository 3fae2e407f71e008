package period_test

import (
	"math/rand"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

// changed is the seeded rule of the period as an issuing body may set it.
func changed(t *testing.T, p period.Period, change func(*period.Rule)) period.Rule {
	t.Helper()
	r := seedtest.Rule(t, p)
	if change != nil {
		change(&r)
	}
	if broken := r.Validate(); broken != nil {
		t.Fatalf("%s: %v", p.Code(), broken)
	}
	return r
}

func window(months, from, to int) func(*period.Rule) {
	return func(r *period.Rule) { r.MonthsBefore, r.FromDay, r.ToDay = months, from, to }
}

func days(n int, inclusive bool) func(*period.Rule) {
	return func(r *period.Rule) { r.WorkingDays, r.Inclusive = n, inclusive }
}

func both(a, b func(*period.Rule)) func(*period.Rule) {
	return func(r *period.Rule) { a(r); b(r) }
}

// Windows and dues by the rule of each kind: as it comes with the software, and
// as an issuing body may change it.
func TestWindowAndDueByRule(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		code       string
		change     func(*period.Rule)
		from, to   string // the data window
		day, ends  string // the due day, and its last instant; 00:00 is 24:00 of the day before
		why, legal string
	}{
		{"2026m01", nil, "2025-12-15", "2026-01-14", "2026-01-19", "2026-01-19 00:00", "window from the year before; Thursday, Friday, then before Monday", "ND 09/2019 art. 12.1"},
		{"2026m02", nil, "2026-01-15", "2026-02-14", "2026-02-25", "2026-02-25 00:00", "Tet 2026 right after the window", "art. 12.1, BLLD art. 112"},
		{"2027m01", nil, "2026-12-15", "2027-01-14", "2027-01-19", "2027-01-19 00:00", "a weekend between the two days", "art. 12.1"},
		{"2027m02", nil, "2027-01-15", "2027-02-14", "2027-02-17", "2027-02-17 00:00", "Tet 2027 in the window, which ends on Sunday", "art. 12.1"},
		{"2028m02", nil, "2028-01-15", "2028-02-14", "2028-02-17", "2028-02-17 00:00", "a leap February ends no later by the decree", "art. 12.1"},
		{"2024m03", nil, "2024-02-15", "2024-03-14", "2024-03-19", "2024-03-19 00:00", "29 February within the window", "art. 12.1"},
		{"2030m01", nil, "2029-12-15", "2030-01-14", "2030-01-17", "2030-01-17 00:00", "before Tet 2030", "art. 12.1"},
		{"2030m02", nil, "2030-01-15", "2030-02-14", "2030-02-19", "2030-02-19 00:00", "Tet 2030 by Vietnam's calendar in the window", "art. 12.1"},
		{"2026m11", nil, "2026-10-15", "2026-11-14", "2026-11-18", "2026-11-18 00:00", "window ends on Saturday", "art. 12.1"},
		{"2026m12", nil, "2026-11-15", "2026-12-14", "2026-12-17", "2026-12-17 00:00", "two weeks before the month is over", "art. 12.1"},
		{"2026q1", nil, "2025-12-15", "2026-03-14", "2026-03-18", "2026-03-18 00:00", "window ends on Saturday", "art. 12.2"},
		{"2026q2", nil, "2026-03-15", "2026-06-14", "2026-06-17", "2026-06-17 00:00", "window ends on Sunday", "art. 12.2"},
		{"2026q3", nil, "2026-06-15", "2026-09-14", "2026-09-17", "2026-09-17 00:00", "the 17th, as two working days after the 14th", "art. 12.2"},
		{"2026q4", nil, "2026-09-15", "2026-12-14", "2026-12-17", "2026-12-17 00:00", "before the quarter's end on 31/12", "art. 12.2"},
		{"2026h1", nil, "2025-12-15", "2026-06-14", "2026-06-17", "2026-06-17 00:00", "first half: window from the year before", "art. 12.3"},
		{"2026h2", nil, "2026-06-15", "2026-12-14", "2026-12-17", "2026-12-17 00:00", "second half", "art. 12.3"},
		{"2027n9", nil, "2026-12-15", "2027-09-14", "2027-09-17", "2027-09-17 00:00", "nine months are set by the issuing body", "art. 12.5"},
		{"2026y", nil, "2025-12-15", "2026-12-14", "2026-12-17", "2026-12-17 00:00", "the year is due before its end", "art. 12.4"},
		{"2028y", nil, "2027-12-15", "2028-12-14", "2028-12-19", "2028-12-19 00:00", "a leap year; a weekend between the two days", "art. 12.4"},

		{"2026q4", days(2, true), "2026-09-15", "2026-12-14", "2026-12-16", "2026-12-17 00:00", "the same instant with the day included", "QD 1439 art. 8.1a set aside"},
		{"2026q4", days(1, false), "2026-09-15", "2026-12-14", "2026-12-16", "2026-12-16 00:00", "the least the decree allows", "art. 8.5b"},
		{"2026q4", days(5, false), "2026-09-15", "2026-12-14", "2026-12-22", "2026-12-22 00:00", "a week for units", "art. 8.5c"},
		{"2026q4", both(days(2, false), func(r *period.Rule) { r.Cutoff = 17 * 60 }), "2026-09-15", "2026-12-14", "2026-12-17", "2026-12-16 17:00", "office hours of the day before", "cutoff"},
		{"2026q4", both(days(2, true), func(r *period.Rule) { r.Cutoff = 16*60 + 30 }), "2026-09-15", "2026-12-14", "2026-12-16", "2026-12-16 16:30", "office hours of the day itself", "cutoff"},
		{"2026n9", days(2, true), "2025-12-15", "2026-09-14", "2026-09-16", "2026-09-17 00:00", "nine months with the day included", "issuing body"},

		{"2028m02", window(0, 1, 31), "2028-02-01", "2028-02-29", "2028-03-03", "2028-03-03 00:00", "a calendar month that ends on 29 February", "art. 12.5"},
		{"2026m02", window(0, 1, 31), "2026-02-01", "2026-02-28", "2026-03-04", "2026-03-04 00:00", "a calendar month that ends on 28 February, a Saturday", "art. 12.5"},
		{"2028q1", window(0, 1, 31), "2028-01-01", "2028-03-31", "2028-04-06", "2028-04-06 00:00", "Hung Kings' day among the days after", "art. 12.5, BLLD art. 112"},
		{"2028m03", window(1, 30, 29), "2028-02-29", "2028-03-29", "2028-04-03", "2028-04-03 00:00", "from the 30th of a leap February: its last day", "art. 12.5"},
		{"2027m03", window(1, 30, 29), "2027-02-28", "2027-03-29", "2027-04-01", "2027-04-01 00:00", "from the 30th of a short February: its last day", "art. 12.5"},
		{"2026m04", both(window(0, 1, 31), days(1, false)), "2026-04-01", "2026-04-30", "2026-05-05", "2026-05-05 00:00", "30/4, 1/5 and a weekend", "BLLD art. 112"},
		{"2026m08", window(0, 1, 20), "2026-08-01", "2026-08-20", "2026-08-24", "2026-08-24 00:00", "the worked Saturday 22/8 counts", "yearly notice of swapped days"},
		{"2026m08", both(window(1, 22, 21), days(1, true)), "2026-07-22", "2026-08-21", "2026-08-22", "2026-08-23 00:00", "due on the worked Saturday 22/8", "yearly notice of swapped days"},
		{"2026m08", both(window(0, 1, 21), days(2, true)), "2026-08-01", "2026-08-21", "2026-08-24", "2026-08-25 00:00", "the worked Saturday is the first of two days", "yearly notice of swapped days"},
		{"2026y", window(0, 1, 31), "2026-01-01", "2026-12-31", "2027-01-06", "2027-01-06 00:00", "a calendar year: New Year's Day and a weekend", "BLLD art. 112"},
		{"2025y", both(window(0, 1, 31), days(3, true)), "2025-01-01", "2025-12-31", "2026-01-07", "2026-01-08 00:00", "New Year, a Friday off in exchange, a weekend", "yearly notice of swapped days"},
		{"2026h1", both(window(0, 1, 31), days(2, true)), "2026-01-01", "2026-06-30", "2026-07-02", "2026-07-03 00:00", "a calendar half-year", "art. 12.5"},
	} {
		p, err := period.Parse(row.code)
		if err != nil {
			t.Fatal(err)
		}
		r := changed(t, p, row.change)
		w := r.Window(p)
		if w.From.String() != row.from || w.To.String() != row.to {
			t.Errorf("%s (%s; %s): data from %s to %s, want %s to %s", row.code, row.why, row.legal, w.From, w.To, row.from, row.to)
		}
		due, steps := r.Suggest(p, w, c)
		if got := due.LastInstant(c).In(calendar.Zone).Format(local); due.Day.String() != row.day || got != row.ends {
			t.Errorf("%s (%s; %s): due %s, ends %s, want %s, %s", row.code, row.why, row.legal, due.Day, got, row.day, row.ends)
		}
		before := due.Day <= p.To()
		if said := steps[len(steps)-1].Code == period.StepBeforeEnd; said != before {
			t.Errorf("%s: due %s, period to %s: said to be before its end: %v", row.code, due.Day, p.To(), said)
		}
		if steps[0].Code != period.StepWindow || steps[0].Source != r.WindowSource {
			t.Errorf("%s: the window is explained by %+v", row.code, steps[0])
		}
	}
}

// A window set by guidance (QD 1439 art. 3.6) moves the due, not the rule.
func TestDueAfterAWindowSetByGuidance(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct{ code, to, day, last, why string }{
		{"2026q2", "2026-04-24", "2026-05-04", "2026-05-04 00:00", "a compensatory Monday, 30/4 and 1/5 between"},
		{"2026q3", "2026-08-20", "2026-08-24", "2026-08-24 00:00", "the worked Saturday 22/8 counts"},
		{"2026q3", "2026-08-28", "2026-09-07", "2026-09-07 00:00", "swapped Monday and National Day between"},
		{"2026q4", "2026-11-20", "2026-11-26", "2026-11-26 00:00", "Culture Day between"},
		{"2026q4", "2026-11-23", "2026-11-27", "2026-11-27 00:00", "Culture Day first"},
		{"2027m02", "2027-02-04", "2027-02-16", "2027-02-16 00:00", "Tet 2027 and its compensation"},
		{"2030m01", "2030-01-31", "2030-02-12", "2030-02-12 00:00", "Tet 2030 and its compensation"},
		{"2025q2", "2025-04-25", "2025-04-29", "2025-04-29 00:00", "the worked Saturday 26/04/2025 counts"},
		{"2026m01", "2026-01-08", "2026-01-12", "2026-01-12 00:00", "the worked Saturday 10/01/2026 counts"},
	} {
		p, err := period.Parse(row.code)
		if err != nil {
			t.Fatal(err)
		}
		r := seedtest.Rule(t, p)
		set := period.Window{From: r.Window(p).From, To: mustDay(t, row.to)}
		due, steps := r.Suggest(p, set, c)
		if got := due.LastInstant(c).In(calendar.Zone).Format(local); due.Day.String() != row.day || got != row.last {
			t.Errorf("%s, window to %s (%s): %s ends %s", row.code, row.to, row.why, due.Day, got)
		}
		if steps[0].Code != period.StepWindowSet || steps[0].Source != period.SourceGuidance {
			t.Errorf("%s: the window is explained by %+v", row.code, steps[0])
		}
	}
}

// Whatever the window, the calendar and the shift, units get their working days.
func TestSuggestedDueGivesItsWorkingDays(t *testing.T) {
	c, random := seedtest.Calendar(t), rand.New(rand.NewSource(2))
	shifts := []period.Shift{period.ShiftNone, period.ShiftForward, period.ShiftBackward}
	for range 3000 {
		rule := period.Rule{
			Kind: period.Quarter, WorkingDays: random.Intn(8) - 1, Inclusive: random.Intn(2) == 0,
			Cutoff: period.MidnightCutoff, Shift: shifts[random.Intn(len(shifts))],
		}
		to := calendar.Date(2025, time.January, 1).Add(random.Intn(6 * 365))
		p := period.Period{Kind: period.Quarter, Year: 2026, Number: 1}
		due, _ := rule.Suggest(p, period.Window{From: to.Add(-90), To: to}, c)
		if got, want := c.WorkingDaysBetween(to, due.LastDay(c)), max(1, rule.WorkingDays); got != want {
			t.Fatalf("window to %s, %+v: %d working days until %s, want %d", to, rule, got, due.LastDay(c), want)
		}
		if !c.IsWorkingDay(due.Day) {
			t.Fatalf("window to %s, %+v: due on %s, no working day", to, rule, due.Day)
		}
	}
}

func TestSuggestionSaysWhy(t *testing.T) {
	c := seedtest.Calendar(t)
	p := period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	r := seedtest.Rule(t, p)
	_, steps := r.Suggest(p, r.Window(p), c)
	wantSteps(t, "the decree's window", steps, []period.Step{
		{Code: "due_window", Args: []any{mustDay(t, "2026-09-15"), mustDay(t, "2026-12-14")}, Source: "Nghị định 09/2019/NĐ-CP Điều 12.2"},
		{Code: "due_working_days", Args: []any{2, mustDay(t, "2026-12-14"), mustDay(t, "2026-12-16")}, Source: r.DueSource},
		{Code: "due_uncertain", Args: []any{"unverified"}, Source: "rules"},
		{Code: "due_exclusive", Args: []any{mustDay(t, "2026-12-17"), mustDay(t, "2026-12-16")}, Source: "qd1439_2019_8_1a"},
		{Code: "due_before_end", Args: []any{mustDay(t, "2026-12-17"), mustDay(t, "2026-12-31")}, Source: r.WindowSource},
	})
	set := period.Window{From: mustDay(t, "2026-06-15"), To: mustDay(t, "2026-12-30")}
	r.Inclusive, r.WorkingDays, r.DueSource, r.DueCertainty = true, 0, "6218/SNV-CCHC", period.CertaintyOfficial
	_, steps = r.Suggest(p, set, c)
	wantSteps(t, "a window of its own, raised to one day", steps, []period.Step{
		{Code: "due_window_set", Args: []any{set.From, set.To}, Source: "qd1439_2019_3_6"},
		{Code: "due_minimum", Args: []any{0, 1}, Source: "nd09_2019_8_5b"},
		{Code: "due_working_days", Args: []any{1, set.To, mustDay(t, "2026-12-31")}, Source: "6218/SNV-CCHC"},
		{Code: "due_inclusive", Args: []any{mustDay(t, "2026-12-31")}, Source: "6218/SNV-CCHC"},
		{Code: "due_before_end", Args: []any{mustDay(t, "2026-12-31"), mustDay(t, "2026-12-31")}, Source: r.WindowSource},
	})
}

func TestSuggestionNamesSkippedAndWorkedDays(t *testing.T) {
	c := seedtest.Calendar(t)
	p := period.Period{Kind: period.Quarter, Year: 2026, Number: 3}
	r := seedtest.Rule(t, p)
	w := r.Window(p)
	w.To = mustDay(t, "2026-08-21")
	_, steps := r.Suggest(p, w, c)
	wantSteps(t, "a worked Saturday", steps[3:5], []period.Step{
		{Code: "due_day_worked", Args: []any{mustDay(t, "2026-08-22"), "Làm bù cho 31/08/2026"}, Source: "calendar"},
		{Code: "due_day_off", Args: []any{mustDay(t, "2026-08-23"), "weekend", ""}, Source: "calendar"},
	})
	w.To = mustDay(t, "2026-11-23")
	_, steps = r.Suggest(p, w, c)
	wantSteps(t, "a holiday", steps[3:4], []period.Step{
		{Code: "due_day_off", Args: []any{mustDay(t, "2026-11-24"), "holiday", "Ngày Văn hóa Việt Nam"}, Source: "calendar"},
	})
}

// A rule holds for periods that begin in its time; an edit of the same day takes
// the place of the one before.
func TestRuleInForce(t *testing.T) {
	row := func(id int64, kind period.Kind, from string, days int) period.Rule {
		return period.Rule{ID: id, Kind: kind, ValidFrom: mustDay(t, from), WorkingDays: days}
	}
	rules := period.Rules{
		row(9, period.Quarter, "2027-01-01", 3), row(2, period.Quarter, "2019-03-12", 2), row(1, period.Month, "2019-03-12", 1),
		row(11, period.Quarter, "2027-01-01", 4), row(12, period.Year, "2026-06-15", 5),
	}
	for _, one := range []struct {
		code string
		id   int64
		why  string
	}{
		{"2026q4", 2, "begins before the new one"},
		{"2027q1", 11, "the last edit of that day"},
		{"2030q2", 11, "still in force"},
		{"2027m01", 1, "another kind's edit"},
		{"2026y", 0, "the year had begun"},
		{"2027y", 12, "the first that begins after it"},
		{"2019q1", 0, "before the decree, which took effect on 12/03/2019"},
		{"2019q2", 2, "the first after it"},
		{"2026h1", 0, "no rule of its kind"},
	} {
		p, err := period.Parse(one.code)
		if err != nil {
			t.Fatal(err)
		}
		if got, known := rules.For(p); got.ID != one.id || known != (one.id != 0) {
			t.Errorf("%s: rule %d, want %d: %s", one.code, got.ID, one.id, one.why)
		}
	}
}

func TestRuleValidate(t *testing.T) {
	month := period.Period{Kind: period.Month, Year: 2026, Number: 1}
	for _, row := range []struct {
		change func(*period.Rule)
		field  string
		code   string
	}{
		{func(r *period.Rule) { r.Kind = "week" }, "kind", "rule_kind"},
		{func(r *period.Rule) { r.MonthsBefore = 4 }, "months_before", "rule_months"},
		{func(r *period.Rule) { r.FromDay = 0 }, "from_day", "rule_day"},
		{func(r *period.Rule) { r.ToDay = 32 }, "to_day", "rule_day"},
		{func(r *period.Rule) { r.MonthsBefore, r.FromDay, r.ToDay = 0, 20, 10 }, "to_day", "rule_window"},
		{func(r *period.Rule) { r.WorkingDays = 0 }, "working_days", "rule_days"},
		{func(r *period.Rule) { r.WorkingDays = 61 }, "working_days", "rule_days"},
		{func(r *period.Rule) { r.Cutoff = 0 }, "due.cutoff", "due_cutoff"},
		{func(r *period.Rule) { r.Shift = "" }, "due.shift", "due_shift"},
		{func(r *period.Rule) { r.WindowSource = " " }, "window_source", "rule_source"},
		{func(r *period.Rule) { r.DueCertainty = "sure" }, "due_certainty", "rule_certain"},
	} {
		r := seedtest.Rule(t, month)
		row.change(&r)
		if broken := r.Validate(); len(broken) != 1 || broken[0].Field != row.field || string(broken[0].Code) != row.code {
			t.Errorf("%s at %s: %v", row.code, row.field, broken)
		}
	}
	for _, r := range seedtest.Rules(t) {
		if broken := r.Validate(); broken != nil {
			t.Errorf("the rule of %s that comes with the software: %v", r.Kind, broken)
		}
	}
}
