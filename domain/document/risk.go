package document

import (
	"slices"
	"time"

	"cchc/domain/calendar"
)

// RiskLooksAt is how many of a unit's earlier documents of a kind tell how fast it is,
// and RiskNeeds how many there must be: fewer say nothing.
const (
	RiskLooksAt = 8
	RiskNeeds   = 3
)

// unitDesks are the desks before the signature, by which on time is measured.
var unitDesks = []Stage{Drafting, DivisionReview, Signing}

// Pace is how many working days one earlier document lay at each of the unit's desks
// before it was signed for the first time.
type Pace map[Stage]int

// PaceOf is the pace of a document, by its arrivals until it was signed.
func PaceOf(arrivals []Arrival, signed time.Time, c calendar.Calendar) Pace {
	return DaysAtDesks(arrivals, signed, c)
}

// Risk tells why a document will probably be late.
type Risk struct {
	Left   int // working days after today until its due
	Needed int // that the unit usually still takes, more than Left
	Desks  []DeskNeed
	Of     int // how many earlier documents were looked at
}

// DeskNeed is how many working days a desk usually still takes.
type DeskNeed struct {
	Stage Stage
	Days  int
}

// RiskOf holds the time that is left against what the unit has usually needed: the
// median of each desk still ahead, at the present one without the days that it has taken
// already. False: there is time enough, it has been signed or is overdue already, or too
// little is known. left and held are in working days.
func RiskOf(stage Stage, held, left int, past []Pace) (Risk, bool) {
	at := slices.Index(unitDesks, stage)
	if at < 0 || left < 0 || len(past) < RiskNeeds {
		return Risk{}, false
	}
	risk := Risk{Left: left, Of: len(past)}
	for i, desk := range unitDesks[at:] {
		days := median(past, desk)
		if i == 0 {
			days = max(days-held, 0)
		}
		risk.Needed += days
		risk.Desks = append(risk.Desks, DeskNeed{Stage: desk, Days: days})
	}
	return risk, risk.Needed > left
}

// median is the middle of the days at a desk, of an even number the smaller one: a
// warning that is often wrong is not read.
func median(past []Pace, desk Stage) int {
	days := make([]int, len(past))
	for i, one := range past {
		days[i] = one[desk]
	}
	slices.Sort(days)
	return days[(len(days)-1)/2]
}
