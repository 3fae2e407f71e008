// Package calendar counts working days of state bodies in Vietnam.
//
// Monday to Friday are working days. Everything else (public holidays, days off
// in lieu, swapped days) is a table of marks that an administrator edits; it is
// handed in, never read here. One-stop counters that open on Saturday mornings do
// not make that day count.
//
// What is due when belongs to domain/period. Nothing here may read a clock or
// know a document.
package calendar

import "time"

// Kind says why a day departs from the ordinary week.
type Kind string

// The kinds of marks. Only SwappedWork makes a day off a working one.
const (
	Holiday      Kind = "holiday"      // public holiday, Labour Code 2019 art. 112
	Compensatory Kind = "compensatory" // day off for a holiday on a weekly rest day, art. 111.3
	SwappedOff   Kind = "swapped_off"  // working day exchanged for a day off by the yearly notice
	SwappedWork  Kind = "swapped_work" // rest day worked in exchange
)

// Valid tells whether the kind is one of the four.
func (k Kind) Valid() bool {
	switch k {
	case Holiday, Compensatory, SwappedOff, SwappedWork:
		return true
	}
	return false
}

// Mark is one row of the editable table: at most one per day.
type Mark struct {
	Date      Day    `db:"date" json:"date"`
	Kind      Kind   `db:"kind" json:"kind"`
	Name      string `db:"name" json:"name"`           // for people, as printed
	Certainty string `db:"certainty" json:"certainty"` // official, expected, unverified

	LegalNumber string `db:"legal_number" json:"legal_number,omitempty"` // of the notice that orders it
	LegalDate   *Day   `db:"legal_date" json:"legal_date,omitempty"`
	Pair        *Day   `db:"pair" json:"pair,omitempty"` // the other day of a swap
}

// Calendar answers for every day. The zero value knows weekends only.
type Calendar struct {
	marks map[Day]Mark
	still map[Day]bool // clocks of delays stood still: see Standing
}

// New makes a calendar of the marks; of two marks on one day the later wins.
func New(marks []Mark) Calendar {
	c := Calendar{marks: make(map[Day]Mark, len(marks))}
	for _, mark := range marks {
		c.marks[mark.Date] = mark
	}
	return c
}

// Mark is the mark on the day, if there is one.
func (c Calendar) Mark(d Day) (Mark, bool) {
	mark, ok := c.marks[d]
	return mark, ok
}

// IsWorkingDay tells whether state bodies work on the day.
func (c Calendar) IsWorkingDay(d Day) bool {
	switch c.marks[d].Kind {
	case Holiday, Compensatory, SwappedOff:
		return false
	case SwappedWork:
		return true
	}
	weekday := d.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// AddWorkingDays is the n-th working day strictly after d, or before it when n is
// negative; d itself, working or not, when n is 0.
func (c Calendar) AddWorkingDays(d Day, n int) Day {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.Add(step)
		if c.IsWorkingDay(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween counts the working days after a up to and including b; when
// b is before a it is the negative count of those after b up to a.
func (c Calendar) WorkingDaysBetween(a, b Day) int {
	if b < a {
		return -c.WorkingDaysBetween(b, a)
	}
	count := 0
	for d := a + 1; d <= b; d++ {
		if c.IsWorkingDay(d) {
			count++
		}
	}
	return count
}

// NextWorkingDay is d itself when it is a working day, else the first one after.
func (c Calendar) NextWorkingDay(d Day) Day {
	for !c.IsWorkingDay(d) {
		d++
	}
	return d
}

// PreviousWorkingDay is d itself when it is a working day, else the last one before.
func (c Calendar) PreviousWorkingDay(d Day) Day {
	for !c.IsWorkingDay(d) {
		d--
	}
	return d
}

// WorkingDaysHeld is how many working days a desk has held a document. The day of
// arrival does not count: received on Friday afternoon, it is 1 on Monday. Nor do days
// on which the clocks stood still.
func (c Calendar) WorkingDaysHeld(from, to time.Time) int {
	return c.WorkingDaysLate(DayOf(from), DayOf(to))
}
