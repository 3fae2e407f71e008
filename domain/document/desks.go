package document

import (
	"time"

	"cchc/domain/calendar"
)

// Arrival is a document coming to a desk.
type Arrival struct {
	Stage Stage
	At    time.Time
}

// DaysAtDesks sums the working days that a document has lain at each stage's
// desk, over all its visits. Arrivals are in order of time; the last visit lasts
// until now, or for a closed document ends at its arrival. The day of arrival
// does not count (calendar.WorkingDaysHeld), so that the sum over the desks is
// the working days from the first arrival to the end: none is counted twice.
func DaysAtDesks(arrivals []Arrival, now time.Time, c calendar.Calendar) map[Stage]int {
	days := map[Stage]int{}
	for i, visit := range arrivals {
		if visit.Stage.Closed() {
			continue
		}
		until := now
		if i+1 < len(arrivals) {
			until = arrivals[i+1].At
		}
		days[visit.Stage] += c.WorkingDaysHeld(visit.At, until)
	}
	return days
}

// DeskDue is until when a desk has a document that came to it at an instant and may
// be kept for n working days, the day of arrival not counted: 24:00 of the last.
func DeskDue(from time.Time, n int, c calendar.Calendar) time.Time {
	return c.AddWorkingDays(calendar.DayOf(from), n).Add(1).Start()
}

// ResubmitDue is until when a unit has a document that the authority sent back at
// an instant: n working days, never less than its own due.
func ResubmitDue(returned, unitDue time.Time, n int, c calendar.Calendar) time.Time {
	return later(DeskDue(returned, n, c), unitDue)
}

// DeskStages lists the stages at which somebody is waited for, in order.
var DeskStages = []Stage{Drafting, DivisionReview, Signing, AuthorityReview}
