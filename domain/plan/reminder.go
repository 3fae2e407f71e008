package plan

import (
	"slices"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

// DefaultReminders is the ladder of a living plan's tasks: the specialist 10 and 3
// working days before a deadline and at it, the head with them from the third day
// before; after it both, then the director, then the authority.
func DefaultReminders() period.Ladder {
	return period.Ladder{
		{Code: "before_10", WorkingDays: -10, To: []string{period.ToHolder}},
		{Code: "before_3", WorkingDays: -3, To: []string{period.ToHolder, period.ToDivisionHead}},
		{Code: "due", WorkingDays: 0, To: []string{period.ToHolder, period.ToDivisionHead}},
		{Code: "after_1", WorkingDays: 1, To: []string{period.ToHolder, period.ToDivisionHead}},
		{Code: "after_5", WorkingDays: 5, To: []string{period.ToHolder, period.ToDirector}},
		{Code: "after_20", WorkingDays: 20, To: []string{period.ToHolder, period.ToDivisionHead, period.ToAuthorityOfficer}},
	}
}

// Reminders is the ladder of the table, or the usual one where the form has none.
func (t Table) Reminders(usual period.Ladder) period.Ladder {
	if len(t.Ladder) == 0 {
		return usual
	}
	return t.Ladder
}

// DefaultWaiting is the ladder of an adjustment that lies at a desk: who holds it hears
// again after two working days, after five and ten also those above. QĐ 1439 names no
// time for an adjustment, so nothing is overdue and nobody else is told.
func DefaultWaiting() period.Ladder {
	above := []string{period.ToHolder, period.ToDirector, period.ToAuthorityHead}
	return period.Ladder{
		{Code: "after_2", WorkingDays: 2, To: []string{period.ToHolder}},
		{Code: "after_5", WorkingDays: 5, To: above},
		{Code: "after_10", WorkingDays: 10, To: above},
	}
}

// WaitingReminders is the ladder of the table's adjustments, or the usual one where the
// form has none.
func (t Table) WaitingReminders(usual period.Ladder) period.Ladder {
	if len(t.Waiting) == 0 {
		return usual
	}
	return t.Waiting
}

// Waiting is an adjustment that lies at a desk, as its reminders see it.
type Waiting struct {
	Since       time.Time // at this desk
	AtAuthority bool      // else with its unit
	Ladder      period.Ladder
}

// atUnit and atAuthority are whom an adjustment concerns where it lies: a unit's own
// affairs are no matter of the authority, nor the authority's of the unit's director.
var (
	atUnit      = []string{period.ToHolder, period.ToDivisionHead, period.ToDirector}
	atAuthority = []string{period.ToHolder, period.ToAuthorityOfficer, period.ToAuthorityHead}
)

// Recipients are those of the rung whom the adjustment concerns where it lies.
func (w Waiting) Recipients(r period.Rung) []string {
	side := atUnit
	if w.AtAuthority {
		side = atAuthority
	}
	return slices.DeleteFunc(slices.Clone(r.To), func(to string) bool { return !slices.Contains(side, to) })
}

// after is the occurrences of the ladder strictly after the instant.
func (w Waiting) after(at time.Time, c calendar.Calendar) []period.At {
	if at.Before(w.Since) {
		at = w.Since
	}
	return w.Ladder.All(at, w.Since, c)
}

// Tracked is a task as its reminders see it.
type Tracked struct {
	Key  string
	Ends time.Time // end of the time allowed; zero: no day is named
	Open bool      // neither completed nor cancelled
}

// Reminder is one rung that a task has reached.
type Reminder struct {
	Task string
	Due  time.Time
	Rung period.Rung
}

// Agenda is what a living plan waits for.
type Agenda struct {
	Tasks    []Tracked
	Ladder   period.Ladder
	Calendar calendar.Calendar
	YearEnds time.Time // end of the plan's period
	Waiting  *Waiting  // an adjustment that waits for somebody; nil: none
}

// Next is the first instant strictly after the given one at which something of the
// plan has to be seen to: a rung of an open task, the end of its time, the end of the
// year, or a rung of an adjustment that waits. False when nothing is left.
func (a Agenda) Next(after time.Time) (time.Time, bool) {
	next := time.Time{}
	sooner := func(at time.Time) {
		if at.After(after) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	sooner(a.YearEnds)
	for _, task := range a.waiting() {
		sooner(task.Ends)
		for _, one := range a.Ladder.All(after, task.Ends, a.Calendar) {
			sooner(one.Time)
		}
	}
	if a.Waiting != nil {
		for _, one := range a.Waiting.after(after, a.Calendar) {
			sooner(one.Time)
		}
	}
	return next, !next.IsZero()
}

// WaitingAt is the rung of the adjustment at the instant; false: none, or a later one
// has overtaken it by now.
func (a Agenda) WaitingAt(at, now time.Time) (period.Rung, bool) {
	if a.Waiting == nil {
		return period.Rung{}, false
	}
	rungs := a.Waiting.after(at.Add(-time.Nanosecond), a.Calendar)
	if len(rungs) == 0 || !rungs[0].Time.Equal(at) || len(rungs) > 1 && !rungs[1].Time.After(now) {
		return period.Rung{}, false
	}
	return rungs[0].Rung, true
}

// At is the reminders of one instant, those that fall together over all tasks. One
// that a later rung of the same task has overtaken by now is left out: after a time
// of standstill only the latest goes out.
func (a Agenda) At(at, now time.Time) []Reminder {
	var reminders []Reminder
	for _, task := range a.waiting() {
		rungs := a.Ladder.All(at.Add(-time.Nanosecond), task.Ends, a.Calendar)
		overtaken := slices.ContainsFunc(rungs, func(one period.At) bool {
			return one.Time.After(at) && !one.Time.After(now)
		})
		if len(rungs) > 0 && rungs[0].Time.Equal(at) && !overtaken {
			reminders = append(reminders, Reminder{Task: task.Key, Due: task.Ends, Rung: rungs[0].Rung})
		}
	}
	return reminders
}

// Over tells whether nothing is left to wait for at the instant: the year has ended
// and no task with a deadline is open. A recurring task ends with its year.
func (a Agenda) Over(at time.Time) bool {
	return !at.Before(a.YearEnds) && len(a.waiting()) == 0
}

// Deadline is the first end of an open task's time after the instant; false: none.
func (a Agenda) Deadline(after time.Time) (time.Time, bool) {
	ends := time.Time{}
	for _, task := range a.waiting() {
		if task.Ends.After(after) && (ends.IsZero() || task.Ends.Before(ends)) {
			ends = task.Ends
		}
	}
	return ends, !ends.IsZero()
}

// Late counts the open tasks whose time has ended by the instant.
func (a Agenda) Late(at time.Time) int {
	late := 0
	for _, task := range a.waiting() {
		if !task.Ends.After(at) {
			late++
		}
	}
	return late
}

// waiting are the open tasks whose deadline names a day.
func (a Agenda) waiting() []Tracked {
	return slices.DeleteFunc(slices.Clone(a.Tasks), func(t Tracked) bool { return !t.Open || t.Ends.IsZero() })
}
