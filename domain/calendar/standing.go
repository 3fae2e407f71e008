package calendar

import "time"

// Standing is the calendar with the days on which the clocks of delays stood still:
// working days that a confirmed outage took. They stay working days, so that no due
// moves because of them; only what counts delay and days held passes over them. They
// take the place of those that the calendar had.
func (c Calendar) Standing(days []Day) Calendar {
	still := make(map[Day]bool, len(days))
	for _, day := range days {
		still[day] = true
	}
	c.still = still
	return c
}

// counts tells whether a day counts as one of delay, or of holding a document.
func (c Calendar) counts(d Day) bool { return c.IsWorkingDay(d) && !c.still[d] }

// DaysStill lists the working days after a up to and including b on which the clocks
// stood still.
func (c Calendar) DaysStill(a, b Day) []Day {
	var days []Day
	if len(c.still) == 0 {
		return nil
	}
	for d := a + 1; d <= b; d++ {
		if c.still[d] && c.IsWorkingDay(d) {
			days = append(days, d)
		}
	}
	return days
}

// WorkingDaysLate counts the working days after the last allowed one up to a day, less
// those on which the clocks stood still; 0 when the last one has not passed.
func (c Calendar) WorkingDaysLate(last, day Day) int {
	count := 0
	for d := last + 1; d <= day; d++ {
		if c.counts(d) {
			count++
		}
	}
	return count
}

// TimeLate is how long ago a due was, less the days on which the clocks stood still.
func (c Calendar) TimeLate(due, now time.Time) time.Duration {
	late := now.Sub(due)
	if len(c.still) == 0 || late <= 0 {
		return late
	}
	for d := DayOf(due); d <= DayOf(now); d++ {
		if c.still[d] && c.IsWorkingDay(d) {
			late -= earlier(now, d.Add(1).Start()).Sub(later(due, d.Start()))
		}
	}
	return late
}

// AddCountedDays is the n-th working day after d on which the clocks did not stand
// still: the n-th day of a delay that begins after d. n is not negative; d itself when
// it is 0.
func (c Calendar) AddCountedDays(d Day, n int) Day {
	for n > 0 {
		d++
		if c.counts(d) {
			n--
		}
	}
	return d
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
