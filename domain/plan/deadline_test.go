package plan_test

import (
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/migrations/seedtest"
)

func day(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func deadline(t *testing.T, code string) plan.Deadline {
	t.Helper()
	d, err := plan.ParseDeadline(code)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The rules under which the rows below are read.
var (
	civil    = plan.DefaultDeadlineRule()                                                    // to 24:00, a day off gives way forward
	fixed    = plan.DeadlineRule{Cutoff: period.MidnightCutoff, Shift: period.ShiftNone}     // the named day, whatever it is
	earlier  = plan.DeadlineRule{Cutoff: period.MidnightCutoff, Shift: period.ShiftBackward} // a day off gives way back
	before   = plan.DeadlineRule{ExcludesDate: true, Cutoff: 1440, Shift: period.ShiftNone}  // "trước ngày"
	beforeTo = plan.DeadlineRule{ExcludesDate: true, Cutoff: 1440, Shift: period.ShiftForward}
	office   = plan.DeadlineRule{Cutoff: 17 * 60, Shift: period.ShiftForward} // end of office hours
)

func TestLastDayAndInstant(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		deadline string
		rule     plan.DeadlineRule
		lastDay  string
		ends     string // in Vietnam; 00:00 is 24:00 of the day before
		source   string
	}{
		{"2026q1", civil, "2026-03-31", "2026-04-01 00:00", "BLDS 2015 art. 146.3c: the end of a month is its last day; a Tuesday"},
		{"2026q2", civil, "2026-06-30", "2026-07-01 00:00", "BLDS art. 148.6: until 24:00 of the last day; a Tuesday"},
		{"2026q3", civil, "2026-09-30", "2026-10-01 00:00", "BLDS art. 146.3c; a Wednesday"},
		{"2026q4", civil, "2026-12-31", "2027-01-01 00:00", "BLDS art. 146.3c: the year's end, a Thursday"},
		{"2025q2", civil, "2025-06-30", "2025-07-01 00:00", "BLDS art. 146.3c; a Monday"},
		{"2027q4", civil, "2027-12-31", "2028-01-01 00:00", "BLDS art. 146.3c; a Friday"},
		{"2028q4", civil, "2029-01-02", "2029-01-03 00:00", "BLDS art. 148.5: a Sunday, then New Year (BLLD art. 112), to Tuesday"},
		{"2028q4", fixed, "2028-12-31", "2029-01-01 00:00", "a form that lets no day give way: the Sunday itself"},
		{"2028q4", earlier, "2028-12-29", "2028-12-30 00:00", "a form whose days give way backward: the Friday"},
		{"2027m02", civil, "2027-03-01", "2027-03-02 00:00", "BLDS art. 148.5: 28 February 2027 is a Sunday"},
		{"2026m02", civil, "2026-03-02", "2026-03-03 00:00", "BLDS art. 148.5: 28 February 2026 is a Saturday"},
		{"2028m02", civil, "2028-02-29", "2028-03-01 00:00", "29 February of a leap year, a Tuesday"},
		{"2028m02", office, "2028-02-29", "2028-02-29 17:00", "29 February until the end of office hours"},
		{"2028-02-29", before, "2028-02-28", "2028-02-29 00:00", "QD 1439 art. 8.1a: before 29 February"},
		{"2028-03-01", before, "2028-02-29", "2028-03-01 00:00", "before 1 March of a leap year: 29 February counts"},
		{"2027-03-01", before, "2027-02-28", "2027-03-01 00:00", "before 1 March of a common year"},
		{"2026-02-17", civil, "2026-02-23", "2026-02-24 00:00", "Tet 2026 and the weekend after it, to Monday"},
		{"2026-02-14", civil, "2026-02-23", "2026-02-24 00:00", "the Saturday before Tet runs through to the Monday after"},
		{"2026-02-17", earlier, "2026-02-13", "2026-02-14 00:00", "Tet 2026 back to the Friday before"},
		{"2027-02-06", civil, "2027-02-12", "2027-02-13 00:00", "Tet 2027 with its days in lieu (BLLD art. 111.3)"},
		{"2025m01", civil, "2025-02-03", "2025-02-04 00:00", "31 January 2025 is Tet: to the Monday after"},
		{"2030-02-02", civil, "2030-02-08", "2030-02-09 00:00", "Tet 2030 by Vietnam's calendar, a day before China's"},
		{"2026-08-22", civil, "2026-08-22", "2026-08-23 00:00", "a Saturday worked in exchange for 31/8/2026 stays"},
		{"2026m08", civil, "2026-09-03", "2026-09-04 00:00", "31/8/2026 swapped off, then National Day: to Thursday"},
		{"2025-04-26", office, "2025-04-26", "2025-04-26 17:00", "a Saturday worked in exchange for 2/5/2025"},
		{"2025-05-02", civil, "2025-05-05", "2025-05-06 00:00", "2/5/2025 swapped off: to Monday"},
		{"2026m04", civil, "2026-05-04", "2026-05-05 00:00", "30/4 and 1/5/2026, then a weekend"},
		{"2026-04-26", civil, "2026-04-28", "2026-04-29 00:00", "BLLD art. 111.3: Gio To on a Sunday, Monday in lieu"},
		{"2026-11-24", civil, "2026-11-25", "2026-11-26 00:00", "NQ 28/2026/QH16: Culture Day"},
		{"2026-11-24", before, "2026-11-23", "2026-11-24 00:00", "before Culture Day: the Monday"},
		{"2026-06-14", beforeTo, "2026-06-14", "2026-06-15 00:00", "before a Sunday that gives way to Monday: Sunday still counts"},
		{"2026-06-30", before, "2026-06-29", "2026-06-30 00:00", "before the day, exclusive"},
		{"2026-06-30", civil, "2026-06-30", "2026-07-01 00:00", "on the day, inclusive"},
		{"2026q2", before, "2026-06-30", "2026-07-01 00:00", "a quarter counts to its end even where dates are exclusive"},
		{"2026m06", before, "2026-06-30", "2026-07-01 00:00", "so does a month"},
	} {
		d := deadline(t, row.deadline)
		last, named := d.LastDay(row.rule, c)
		if !named || last.String() != row.lastDay {
			t.Errorf("%s (%s): last day %s, want %s", row.deadline, row.source, last, row.lastDay)
		}
		ends, named := d.LastInstant(row.rule, c)
		if got := ends.In(calendar.Zone).Format("2006-01-02 15:04"); !named || got != row.ends {
			t.Errorf("%s (%s): ends at %s, want %s", row.deadline, row.source, got, row.ends)
		}
	}
}

func TestNoDayIsNamed(t *testing.T) {
	for _, code := range []string{"", "recurring", "on_request"} {
		d := deadline(t, code)
		if day, named := d.LastDay(civil, calendar.Calendar{}); named {
			t.Errorf("%q names the day %s", code, day)
		}
		if end, named := d.LastInstant(civil, calendar.Calendar{}); named || !end.Equal(time.Time{}) {
			t.Errorf("%q ends at %s", code, end)
		}
	}
}

func TestCodesAreReadAsWritten(t *testing.T) {
	for code, want := range map[string]plan.Deadline{
		"":           {},
		"2026-06-30": plan.OnDay(day(t, "2026-06-30")),
		"2026m06":    plan.InMonth(2026, 6),
		"2026q2":     plan.InQuarter(2026, 2),
		"recurring":  {Kind: plan.Recurring},
		"on_request": {Kind: plan.OnRequest},
	} {
		got, err := plan.ParseDeadline(code)
		if err != nil || got != want || got.Code() != code {
			t.Errorf("%q is read as %+v and written %q (%v)", code, got, got.Code(), err)
		}
	}
	for _, wrong := range []string{"2026h1", "2026y", "2026q5", "2026m13", "2026-02-30", "date", "quy 2", " 2026q2"} {
		if got, err := plan.ParseDeadline(wrong); err == nil {
			t.Errorf("%q is read as %+v", wrong, got)
		}
	}
}

func TestReadDeadline(t *testing.T) {
	for text, want := range map[string]string{
		"30/06/2026": "2026-06-30", "30/6/2026": "2026-06-30", "30-06-2026": "2026-06-30", "30.6.2026": "2026-06-30",
		"truoc ngay 30/6/2026": "2026-06-30", "ngay 30 thang 6 nam 2026": "2026-06-30", "30/6": "2027-06-30",
		"29/02/2028": "2028-02-29", "2026-06-30": "2026-06-30",
		"quy ii": "2027q2", "Quy II/2026": "2026q2", "quy 4 nam 2026": "2026q4", "q3": "2027q3", "quy iv  2026.": "2026q4",
		"trong quy i": "2027q1",
		"thang 6":     "2027m06", "thang 12/2026": "2026m12", "t6/2026": "2026m06", "6/2026": "2026m06", "thang 06 nam 2026": "2026m06",
		"trong nam": "2027m12", "nam 2026": "2026m12", "cuoi nam": "2027m12",
		"thuong xuyen": "recurring", "thuong xuyen trong nam": "recurring", "hang quy": "recurring", "dinh ky 6 thang": "recurring",
		"theo yeu cau": "on_request", "khi co yeu cau cua thanh pho": "on_request",
		"": "", "  ": "", "2026q2": "2026q2", "recurring": "recurring",
	} {
		got, broken := plan.ReadDeadline(text, 2027)
		if broken != nil || got.Code() != want {
			t.Errorf("%q is read as %q (%v), want %q", text, got.Code(), broken, want)
		}
	}
	for _, wrong := range []string{"30/02/2026", "29/02/2027", "32/1", "quy v", "quy 5", "thang 13", "6 thang dau nam", "som nhat", "13/2026"} {
		if got, broken := plan.ReadDeadline(wrong, 2027); !broken.Has(plan.DeadlineUnclear) {
			t.Errorf("%q is read as %q", wrong, got.Code())
		}
	}
}

func TestDeadlineRuleIsValidated(t *testing.T) {
	if broken := civil.Validate(); broken != nil {
		t.Errorf("the default rule: %v", broken)
	}
	wrong := plan.DeadlineRule{Cutoff: 0, Shift: "sideways"}
	if broken := wrong.Validate(); !broken.Has("due_cutoff") || !broken.Has("due_shift") {
		t.Errorf("a rule without sense: %v", broken)
	}
}
