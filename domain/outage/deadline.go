package outage

import (
	"maps"
	"slices"
	"time"

	"cchc/domain/calendar"
)

// DaysTouched counts the working days, among those after the day `after` and up to
// `last`, in whose office time the outage took something.
func (r Rule) DaysTouched(c calendar.Calendar, outage Span, windows []Window, after, last calendar.Day, now time.Time) int {
	outage = outage.until(now)
	excused := r.excused(windows)
	count := 0
	for day := max(after+1, calendar.DayOf(outage.From)); day <= min(last, calendar.DayOf(outage.To)); day++ {
		if len(r.lostOn(c, day, outage, excused)) > 0 {
			count++
		}
	}
	return count
}

// Extended is the last day that a deadline deserves after the outage, and how many
// working days that gives back; false: the outage did not touch it.
//
// The lost days among the last Lead working days of the time allowed are given back
// after the deadline, or after the outage where that ended later: who was cut off
// from the work's last days gets as many of them again. The hour of the day stays the
// deadline's own. lastDay is that of the deadline (period.Due.LastDay), ended when the
// software was usable again.
func (r Rule) Extended(c calendar.Calendar, outage Span, windows []Window, lastDay calendar.Day) (day calendar.Day, given int, touched bool) {
	if outage.Open() {
		return lastDay, 0, false // nothing can be given back before it is over
	}
	given = r.DaysTouched(c, outage, windows, c.AddWorkingDays(c.PreviousWorkingDay(lastDay), -r.Lead), lastDay, outage.To)
	if given == 0 {
		return lastDay, 0, false
	}
	from := max(lastDay, r.lastLost(c, outage, windows))
	return c.AddWorkingDays(from, given), given, true
}

// lastLost is the last working day on which the outage took office time.
func (r Rule) lastLost(c calendar.Calendar, outage Span, windows []Window) calendar.Day {
	excused := r.excused(windows)
	for day := calendar.DayOf(outage.To); day >= calendar.DayOf(outage.From); day-- {
		if len(r.lostOn(c, day, outage, excused)) > 0 {
			return day
		}
	}
	return calendar.DayOf(outage.From)
}

// Confirmed is an outage of which an officer has said that it was one, with the rule
// by which it is judged.
type Confirmed struct {
	ID int64
	Span
	Rule Rule
}

// StandingDays are the working days on which overdue clocks stand still, as of now, in
// order: those in whose office time a confirmed outage took something, announced
// maintenance among it. This is the only place that knows it; calendar.Calendar
// carries the answer to all that counts delay.
func StandingDays(c calendar.Calendar, confirmed []Confirmed, now time.Time) []calendar.Day {
	still := map[calendar.Day]bool{}
	for _, one := range confirmed {
		span := one.until(now)
		for day := calendar.DayOf(span.From); day <= calendar.DayOf(span.To); day++ {
			if len(one.Rule.lostOn(c, day, span, nil)) > 0 {
				still[day] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(still))
}
