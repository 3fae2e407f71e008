package period_test

import (
	"slices"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

const local = "2006-01-02 15:04"

func TestLastInstant(t *testing.T) {
	c := seedtest.Calendar(t)
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

func TestExplain(t *testing.T) {
	c := seedtest.Calendar(t)
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
