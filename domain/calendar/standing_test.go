package calendar_test

import (
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
)

// 5 October 2026 is a Monday. Tuesday and Wednesday were taken by an outage, so was
// Sunday, which is none of its concern.
func still(t *testing.T) calendar.Calendar {
	t.Helper()
	return calendar.Calendar{}.Standing([]calendar.Day{
		calendar.Date(2026, 10, 6), calendar.Date(2026, 10, 7), calendar.Date(2026, 10, 11),
	})
}

func october(day, hour int) time.Time {
	return time.Date(2026, 10, day, hour, 0, 0, 0, calendar.Zone)
}

func TestStandingDaysAreNotCounted(t *testing.T) {
	c := still(t)
	for _, row := range []struct {
		why       string
		from, to  calendar.Day
		late, off int
	}{
		{"the day after the due was lost", calendar.Date(2026, 10, 5), calendar.Date(2026, 10, 6), 0, 1},
		{"both lost days", calendar.Date(2026, 10, 5), calendar.Date(2026, 10, 7), 0, 2},
		{"the first day that counts", calendar.Date(2026, 10, 5), calendar.Date(2026, 10, 8), 1, 2},
		{"a lost day as the last allowed one", calendar.Date(2026, 10, 7), calendar.Date(2026, 10, 9), 2, 0},
		{"over a weekend", calendar.Date(2026, 10, 9), calendar.Date(2026, 10, 12), 1, 0},
		{"backwards", calendar.Date(2026, 10, 9), calendar.Date(2026, 10, 5), 0, 0},
	} {
		if got := c.WorkingDaysLate(row.from, row.to); got != row.late {
			t.Errorf("%s: %d late, want %d", row.why, got, row.late)
		}
		if got := len(c.DaysStill(row.from, row.to)); got != row.off {
			t.Errorf("%s: %d stood still, want %d", row.why, got, row.off)
		}
	}
}

// Dues do not move by an outage alone: somebody extends them.
func TestStandingDaysAreWorked(t *testing.T) {
	c := still(t)
	if !c.IsWorkingDay(calendar.Date(2026, 10, 6)) || c.AddWorkingDays(calendar.Date(2026, 10, 5), 1) != calendar.Date(2026, 10, 6) {
		t.Error("a lost day is no working day any more")
	}
	after := c.With(calendar.Change{Put: []calendar.Mark{{Date: calendar.Date(2026, 10, 7), Kind: calendar.Holiday}}})
	if days := after.DaysStill(calendar.Date(2026, 10, 1), calendar.Date(2026, 10, 31)); !slices.Equal(days, []calendar.Day{calendar.Date(2026, 10, 6)}) {
		t.Errorf("after an edit of the calendar: %v", days)
	}
}

func TestTimeLate(t *testing.T) {
	c := still(t)
	for _, row := range []struct {
		why      string
		due, now time.Time
		want     time.Duration
	}{
		{"within the due's day", october(5, 17), october(5, 20), 3 * time.Hour},
		{"midnight of a lost day", october(6, 0), october(6, 9), 0},
		{"after both lost days", october(6, 0), october(8, 2), 2 * time.Hour},
		{"a due within a lost day", october(6, 17), october(6, 20), 0},
		{"not yet due", october(9, 17), october(9, 16), -time.Hour},
		{"over a weekend", october(10, 0), october(12, 0), 48 * time.Hour},
	} {
		if got := c.TimeLate(row.due, row.now); got != row.want {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}

func TestAddCountedDays(t *testing.T) {
	c := still(t)
	for n, want := range map[int]calendar.Day{
		0: calendar.Date(2026, 10, 5), 1: calendar.Date(2026, 10, 8), 2: calendar.Date(2026, 10, 9), 3: calendar.Date(2026, 10, 12),
	} {
		if got := c.AddCountedDays(calendar.Date(2026, 10, 5), n); got != want {
			t.Errorf("%d days after Monday: %s, want %s", n, got, want)
		}
	}
}
