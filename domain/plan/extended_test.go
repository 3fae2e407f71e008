package plan_test

import (
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/plan"
)

// A day given after an outage holds while it lies behind the deadline's own.
func TestExtendedTask(t *testing.T) {
	var c calendar.Calendar
	r := plan.DeadlineRule{Cutoff: 24 * 60}
	june := plan.InMonth(2026, 6)
	second, early := calendar.Date(2026, 7, 2), calendar.Date(2026, 6, 20)
	done := calendar.Date(2026, 7, 1)
	for _, row := range []struct {
		why      string
		extended *calendar.Day
		done     *calendar.Day
		now      time.Time
		want     plan.Status
	}{
		{"not extended", nil, nil, calendar.Date(2026, 7, 1).At(600), plan.Overdue},
		{"within the time given", &second, nil, calendar.Date(2026, 7, 2).At(600), plan.NotStarted},
		{"after it", &second, nil, calendar.Date(2026, 7, 3).Start(), plan.Overdue},
		{"done within it", &second, &done, calendar.Date(2026, 7, 9).Start(), plan.DoneInTime},
		{"done without it", nil, &done, calendar.Date(2026, 7, 9).Start(), plan.DoneLate},
		{"never less than the deadline's own", &early, nil, calendar.Date(2026, 6, 29).At(600), plan.NotStarted},
	} {
		if got := plan.StatusOf(june, plan.Facts{Done: row.done, Extended: row.extended}, row.now, r, c); got != row.want {
			t.Errorf("%s: %s, want %s", row.why, got, row.want)
		}
	}
	if _, _, named := (plan.Deadline{Kind: plan.Recurring}).Ends(&second, r, c); named {
		t.Error("a recurring task ends")
	}
}
