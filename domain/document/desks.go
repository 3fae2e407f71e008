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

// DeskStages lists the stages at which somebody is waited for, in order.
var DeskStages = []Stage{Drafting, DivisionReview, Signing, AuthorityReview}
