package period_test

import (
	"encoding/csv"
	"math/rand"
	"os"
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

// seeded is the calendar that ships with the software.
func seeded(t *testing.T) calendar.Calendar {
	t.Helper()
	file, err := os.Open("../../migrations/seed/calendar.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var marks []calendar.Mark
	for _, row := range rows[1:] {
		marks = append(marks, calendar.Mark{Date: mustDay(t, row[0]), Kind: calendar.Kind(row[1]), Name: row[2]})
	}
	return calendar.New(marks)
}

const local = "2006-01-02 15:04"

func TestLastInstant(t *testing.T) {
	c := seeded(t)
	const exclusive, inclusive = false, true
	for _, row := range []struct {
		day       string
		inclusive bool
		cutoff    int
		shift     period.Shift
		want      string // in Vietnam; 00:00 is 24:00 of the day before
		source    string
	}{
		{"2026-12-17", exclusive, 1440, period.ShiftNone, "2026-12-17 00:00", "QD 1439 art. 8.1a: before the day"},
		{"2026-12-17", inclusive, 1440, period.ShiftNone, "2026-12-18 00:00", "a campaign that includes the day"},
		{"2026-12-17", exclusive, 17 * 60, period.ShiftNone, "2026-12-16 17:00", "before the day, office hours"},
		{"2026-12-17", inclusive, 17 * 60, period.ShiftNone, "2026-12-17 17:00", "on the day, office hours"},
		{"2026-12-17", inclusive, 16*60 + 30, period.ShiftForward, "2026-12-17 16:30", "a working day does not shift"},
		{"2026-06-15", exclusive, 1440, period.ShiftNone, "2026-06-15 00:00", "before a Monday: Sunday counts to its end"},
		{"2026-06-14", inclusive, 1440, period.ShiftForward, "2026-06-16 00:00", "a Sunday goes to Monday"},
		{"2026-06-14", exclusive, 1440, period.ShiftForward, "2026-06-15 00:00", "before a Sunday that goes to Monday"},
		{"2026-06-14", inclusive, 1440, period.ShiftBackward, "2026-06-13 00:00", "a Sunday goes back to Friday"},
		{"2026-06-14", exclusive, 1440, period.ShiftBackward, "2026-06-12 00:00", "before a Sunday that goes back to Friday"},
		{"2026-06-14", inclusive, 1440, period.ShiftNone, "2026-06-15 00:00", "a Sunday that stays"},
		{"2026-11-24", inclusive, 1440, period.ShiftForward, "2026-11-26 00:00", "NQ 28/2026/QH16: Culture Day goes to Wednesday"},
		{"2026-11-24", inclusive, 1440, period.ShiftBackward, "2026-11-24 00:00", "Culture Day goes back to Monday"},
		{"2026-11-24", exclusive, 17 * 60, period.ShiftForward, "2026-11-24 17:00", "before Wednesday, though that is a holiday"},
		{"2026-02-17", inclusive, 17 * 60, period.ShiftForward, "2026-02-23 17:00", "Tet 2026 goes to the Monday after it"},
		{"2026-02-17", inclusive, 17 * 60, period.ShiftBackward, "2026-02-13 17:00", "Tet 2026 goes back to the Friday before it"},
		{"2026-08-22", inclusive, 1440, period.ShiftForward, "2026-08-23 00:00", "a Saturday worked in exchange stays"},
		{"2026-08-31", inclusive, 1440, period.ShiftForward, "2026-09-04 00:00", "a swapped Monday, then National Day"},
		{"2026-08-31", inclusive, 1440, period.ShiftBackward, "2026-08-29 00:00", "a swapped Monday back to Friday"},
		{"2026-04-27", inclusive, 1440, period.ShiftForward, "2026-04-29 00:00", "BLLD art. 111.3: a compensatory Monday"},
		{"2026-05-01", exclusive, 1440, period.ShiftForward, "2026-05-04 00:00", "1 May goes to Monday"},
		{"2030-02-04", inclusive, 1440, period.ShiftForward, "2030-02-09 00:00", "Tet 2030 by Vietnam's calendar"},
	} {
		due := period.Due{Day: mustDay(t, row.day), Inclusive: row.inclusive, Cutoff: row.cutoff, Shift: row.shift}
		got := due.LastInstant(c).In(calendar.Zone).Format(local)
		if got != row.want {
			t.Errorf("%s (%s): ends at %s, want %s", row.day, row.source, got, row.want)
		}
		if broken := due.Validate(); broken != nil {
			t.Errorf("%s: %v", row.source, broken)
		}
	}
}

func TestSuggestDue(t *testing.T) {
	c := seeded(t)
	inclusive := period.DefaultDueRule()
	inclusive.Inclusive = true
	one := period.DefaultDueRule()
	one.WorkingDaysAfterWindow = 0 // raised to one by art. 8.5b
	for _, row := range []struct {
		code, windowTo string // windowTo: empty for the decree's
		rule           period.DueRule
		day, last      string // the due day, and when it ends
		source         string
	}{
		{"2026q1", "", period.DefaultDueRule(), "2026-03-18", "2026-03-18 00:00", "window ends on Saturday 14/3"},
		{"2026q2", "", period.DefaultDueRule(), "2026-06-17", "2026-06-17 00:00", "window ends on Sunday 14/6"},
		{"2026q3", "", period.DefaultDueRule(), "2026-09-17", "2026-09-17 00:00", "ND 09/2019 art. 12.2 and two working days"},
		{"2026q4", "", period.DefaultDueRule(), "2026-12-17", "2026-12-17 00:00", "the 17th, as two working days after the 14th"},
		{"2026q4", "", inclusive, "2026-12-16", "2026-12-17 00:00", "the same last instant with the day included"},
		{"2026q4", "", one, "2026-12-16", "2026-12-16 00:00", "art. 8.5b: at least one working day"},
		{"2026y", "", period.DefaultDueRule(), "2026-12-17", "2026-12-17 00:00", "art. 12.4"},
		{"2026m01", "", period.DefaultDueRule(), "2026-01-19", "2026-01-19 00:00", "Thursday and Friday, then before Monday"},
		{"2026m02", "", period.DefaultDueRule(), "2026-02-25", "2026-02-25 00:00", "over Tet 2026"},
		{"2027q1", "", period.DefaultDueRule(), "2027-03-17", "2027-03-17 00:00", "window ends on Sunday"},
		{"2026q2", "2026-04-24", period.DefaultDueRule(), "2026-05-04", "2026-05-04 00:00", "a compensatory Monday, 30/4 and 1/5 between"},
		{"2026q3", "2026-08-20", period.DefaultDueRule(), "2026-08-24", "2026-08-24 00:00", "the worked Saturday 22/8 counts"},
		{"2026q3", "2026-08-20", inclusive, "2026-08-22", "2026-08-23 00:00", "the worked Saturday 22/8 is the due day"},
		{"2026q3", "2026-08-28", period.DefaultDueRule(), "2026-09-07", "2026-09-07 00:00", "swapped Monday and National Day between"},
		{"2026q4", "2026-11-20", period.DefaultDueRule(), "2026-11-26", "2026-11-26 00:00", "Culture Day between"},
		{"2026q4", "2026-11-23", period.DefaultDueRule(), "2026-11-27", "2026-11-27 00:00", "Culture Day first"},
		{"2027m02", "2027-02-04", period.DefaultDueRule(), "2027-02-16", "2027-02-16 00:00", "Tet 2027 and its compensation"},
		{"2030m01", "2030-01-31", period.DefaultDueRule(), "2030-02-12", "2030-02-12 00:00", "Tet 2030 and its compensation"},
		{"2025q2", "2025-04-25", period.DefaultDueRule(), "2025-04-29", "2025-04-29 00:00", "the worked Saturday 26/04/2025 counts"},
		{"2026m01", "2026-01-08", period.DefaultDueRule(), "2026-01-12", "2026-01-12 00:00", "the worked Saturday 10/01/2026 counts"},
	} {
		p, err := period.Parse(row.code)
		if err != nil {
			t.Fatal(err)
		}
		window := period.DataWindow(p)
		if row.windowTo != "" {
			window.To = mustDay(t, row.windowTo)
		}
		due, _ := row.rule.Suggest(p, window, c)
		if due.Day.String() != row.day || due.LastInstant(c).In(calendar.Zone).Format(local) != row.last {
			t.Errorf("%s, window to %s (%s): %s ends %s, want %s ends %s", row.code, window.To, row.source,
				due.Day, due.LastInstant(c).In(calendar.Zone).Format(local), row.day, row.last)
		}
	}
}

// Whatever the window, the calendar and the shift, units get their working days.
func TestSuggestedDueGivesItsWorkingDays(t *testing.T) {
	c, random := seeded(t), rand.New(rand.NewSource(2))
	shifts := []period.Shift{period.ShiftNone, period.ShiftForward, period.ShiftBackward}
	for range 3000 {
		rule := period.DueRule{
			WorkingDaysAfterWindow: random.Intn(8) - 1,
			Inclusive:              random.Intn(2) == 0,
			Cutoff:                 period.MidnightCutoff,
			Shift:                  shifts[random.Intn(len(shifts))],
		}
		to := calendar.Date(2025, time.January, 1).Add(random.Intn(6 * 365))
		p := period.Period{Kind: period.Quarter, Year: 2026, Number: 1}
		due, _ := rule.Suggest(p, period.Window{From: to.Add(-90), To: to}, c)
		if got, want := c.WorkingDaysBetween(to, due.LastDay(c)), max(1, rule.WorkingDaysAfterWindow); got != want {
			t.Fatalf("window to %s, %+v: %d working days until %s, want %d", to, rule, got, due.LastDay(c), want)
		}
		if !c.IsWorkingDay(due.Day) {
			t.Fatalf("window to %s, %+v: due on %s, no working day", to, rule, due.Day)
		}
	}
}

func TestSuggestionSaysWhy(t *testing.T) {
	c := seeded(t)
	p := period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	_, steps := period.SuggestDue(p, period.DataWindow(p), c)
	wantSteps(t, "the decree's window", steps, []period.Step{
		{Code: "due_window", Args: []any{mustDay(t, "2026-09-15"), mustDay(t, "2026-12-14")}, Source: "nd09_2019_12_2"},
		{Code: "due_working_days", Args: []any{2, mustDay(t, "2026-12-14"), mustDay(t, "2026-12-16")}, Source: "nd09_2019_8_5b"},
		{Code: "due_exclusive", Args: []any{mustDay(t, "2026-12-17"), mustDay(t, "2026-12-16")}, Source: "qd1439_2019_8_1a"},
	})
	set := period.Window{From: mustDay(t, "2026-06-15"), To: mustDay(t, "2026-08-20")}
	_, steps = period.DueRule{Inclusive: true, Cutoff: 1440}.Suggest(p, set, c)
	wantSteps(t, "a window of its own, raised to one day", steps, []period.Step{
		{Code: "due_window_set", Args: []any{set.From, set.To}, Source: "qd1439_2019_3_6"},
		{Code: "due_minimum", Args: []any{0, 1}, Source: "nd09_2019_8_5b"},
		{Code: "due_working_days", Args: []any{1, set.To, mustDay(t, "2026-08-21")}, Source: "nd09_2019_8_5b"},
		{Code: "due_inclusive", Args: []any{mustDay(t, "2026-08-21")}, Source: "campaign"},
	})
	for kind, source := range map[period.Kind]string{
		period.Month: "nd09_2019_12_1", period.HalfYear: "nd09_2019_12_3", period.NineMonths: "issuing_body", period.Year: "nd09_2019_12_4",
	} {
		p := period.Period{Kind: kind, Year: 2026, Number: 1}
		if _, steps := period.SuggestDue(p, period.DataWindow(p), c); steps[0].Source != source {
			t.Errorf("the window of a %s comes from %s, want %s", kind, steps[0].Source, source)
		}
	}
}

func TestSuggestionNamesSkippedAndWorkedDays(t *testing.T) {
	c := seeded(t)
	p := period.Period{Kind: period.Quarter, Year: 2026, Number: 3}
	window := period.DataWindow(p)
	window.To = mustDay(t, "2026-08-21")
	_, steps := period.SuggestDue(p, window, c)
	wantSteps(t, "a worked Saturday", steps[2:4], []period.Step{
		{Code: "due_day_worked", Args: []any{mustDay(t, "2026-08-22"), "Làm bù cho 31/08/2026"}, Source: "calendar"},
		{Code: "due_day_off", Args: []any{mustDay(t, "2026-08-23"), "weekend", ""}, Source: "calendar"},
	})
	window.To = mustDay(t, "2026-11-23")
	_, steps = period.SuggestDue(p, window, c)
	wantSteps(t, "a holiday", steps[2:3], []period.Step{
		{Code: "due_day_off", Args: []any{mustDay(t, "2026-11-24"), "holiday", "Ngày Văn hóa Việt Nam"}, Source: "calendar"},
	})
}

func TestExplain(t *testing.T) {
	c := seeded(t)
	sunday, monday := mustDay(t, "2026-06-14"), mustDay(t, "2026-06-15")
	shifted := period.Due{Day: sunday, Cutoff: 1440, Shift: period.ShiftForward}.Explain(c)
	wantSteps(t, "a Sunday shifted", shifted.Steps, []period.Step{
		{Code: "due_set", Args: []any{sunday}, Source: "campaign"},
		{Code: "due_day_off", Args: []any{sunday, "weekend", ""}, Source: "calendar"},
		{Code: "due_shift_forward", Args: []any{sunday, monday}, Source: "campaign"},
		{Code: "due_exclusive", Args: []any{monday, sunday}, Source: "qd1439_2019_8_1a"},
		{Code: "due_last_moment", Args: []any{sunday, 1440}, Source: "campaign"},
		{Code: "due_last_working_day", Args: []any{mustDay(t, "2026-06-12")}, Source: "calendar"},
	})
	if shifted.EffectiveDay != monday || shifted.LastDay != sunday || !shifted.LastInstant.Equal(monday.Start()) {
		t.Errorf("explained as %s, %s, %s", shifted.EffectiveDay, shifted.LastDay, shifted.LastInstant)
	}
	saturday := mustDay(t, "2026-08-22")
	worked := period.Due{Day: saturday, Inclusive: true, Cutoff: 1020, Shift: period.ShiftForward}.Explain(c)
	wantSteps(t, "a worked Saturday", worked.Steps, []period.Step{
		{Code: "due_set", Args: []any{saturday}, Source: "campaign"},
		{Code: "due_day_worked", Args: []any{saturday, "Làm bù cho 31/08/2026"}, Source: "calendar"},
		{Code: "due_inclusive", Args: []any{saturday}, Source: "campaign"},
		{Code: "due_last_moment", Args: []any{saturday, 1020}, Source: "campaign"},
	})
	stays := period.Due{Day: sunday, Inclusive: true, Cutoff: 1440, Shift: period.ShiftNone}.Explain(c)
	if stays.Steps[2].Code != "due_shift_none" {
		t.Errorf("a Sunday that stays is explained by %s", stays.Steps[2].Code)
	}
	back := period.Due{Day: sunday, Inclusive: true, Cutoff: 1440, Shift: period.ShiftBackward}.Explain(c)
	if back.Steps[2].Code != "due_shift_backward" || back.Steps[2].Args[1] != mustDay(t, "2026-06-12") {
		t.Errorf("a Sunday that goes back is explained by %+v", back.Steps[2])
	}
}

func TestDueValidate(t *testing.T) {
	for _, cutoff := range []int{-1, 0, 1441} {
		if broken := (period.Due{Cutoff: cutoff, Shift: period.ShiftNone}).Validate(); !broken.Has("due_cutoff") {
			t.Errorf("a cutoff of %d is accepted", cutoff)
		}
	}
	if broken := (period.Due{Cutoff: 1440}).Validate(); !broken.Has("due_shift") {
		t.Error("an empty shift is accepted")
	}
}

func wantSteps(t *testing.T, name string, got, want []period.Step) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(a, b period.Step) bool {
		return a.Code == b.Code && a.Source == b.Source && slices.Equal(a.Args, b.Args)
	})
	if !same {
		t.Errorf("%s:\n got %v\nwant %v", name, got, want)
	}
}
