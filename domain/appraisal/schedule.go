package appraisal

import (
	"slices"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// Time is how long a round lasts: so many working days from its beginning, and no
// shorter than to the end of a day that is named for all units.
type Time struct {
	Days int
	On   *calendar.Day // nil: the days alone
}

// Schedule is what the appraisal of a campaign goes by.
type Schedule struct {
	First   Time
	Explain Time
	Second  Time
	Ladder  period.Ladder // against the end of each round
}

// MaxDays is how many working days a round may last.
const MaxDays = 250

// DefaultSchedule is what is suggested, with the ladder that holds then.
func DefaultSchedule(ladder period.Ladder) Schedule {
	return Schedule{First: Time{Days: 20}, Explain: Time{Days: 5}, Second: Time{Days: 10}, Ladder: ladder}
}

// DefaultLadder reminds whoever has the round 3 and 1 working days before its end and at
// it; after it their head, then the authority and their own superior.
func DefaultLadder() period.Ladder {
	return period.Ladder{
		{Code: "before_3", WorkingDays: -3, To: []string{period.ToHolder}},
		{Code: "before_1", WorkingDays: -1, To: []string{period.ToHolder, period.ToDivisionHead}},
		{Code: "due", To: []string{period.ToHolder}},
		{Code: "after_1", WorkingDays: 1, To: []string{period.ToHolder, period.ToDivisionHead}},
		{Code: "after_3", WorkingDays: 3, To: []string{period.ToDirector, period.ToAuthorityOfficer}},
		{Code: "after_10", WorkingDays: 10, To: []string{period.ToHolder, period.ToDirector, period.ToAuthorityHead}},
	}
}

// Of is the time of a stage.
func (s Schedule) Of(stage Stage) Time {
	switch stage {
	case First:
		return s.First
	case Explaining:
		return s.Explain
	}
	return s.Second
}

// Due is the end of a stage's time that begins at the instant.
func (s Schedule) Due(stage Stage, begins time.Time, c calendar.Calendar) time.Time {
	t := s.Of(stage)
	last := c.AddWorkingDays(calendar.DayOf(begins), t.Days)
	if t.On != nil && *t.On > last {
		last = *t.On
	}
	return last.Add(1).Start()
}

// The codes of what is wrong with a schedule.
const (
	DaysBad  rule.Code = "appraisal_days"  // args: the most days
	DayOrder rule.Code = "appraisal_order" // a round would end before the one that it follows
)

// ScheduleCodes lists them.
var ScheduleCodes = []rule.Code{DaysBad, DayOrder}

// The fields of a schedule, as broken rules name them.
const (
	FieldFirst   = "first"
	FieldExplain = "explain"
	FieldSecond  = "second"
)

// Validate finds what is wrong with the schedule, at "first.days" and the like.
func (s Schedule) Validate() rule.Errors {
	var broken rule.Errors
	var before *calendar.Day
	for _, round := range []struct {
		field string
		Time
	}{{FieldFirst, s.First}, {FieldExplain, s.Explain}, {FieldSecond, s.Second}} {
		if round.Days < 1 || round.Days > MaxDays {
			broken.Add(DaysBad, round.field+".days", MaxDays)
		}
		if round.On == nil {
			continue
		}
		if before != nil && *round.On <= *before {
			broken.Add(DayOrder, round.field+".on")
		}
		before = round.On
	}
	return append(broken, s.Ladder.Validate()...)
}

// Agenda is what the present round waits for.
type Agenda struct {
	Stage    Stage
	DueAt    time.Time
	Ladder   period.Ladder
	Calendar calendar.Calendar
}

// Next is the first instant strictly after the given one at which the appraisal is to be
// looked at: a rung, or the end of the round's time. False when nothing is left.
func (a Agenda) Next(after time.Time) (time.Time, bool) {
	if a.Stage == Done {
		return time.Time{}, false
	}
	next := time.Time{}
	if a.DueAt.After(after) {
		next = a.DueAt
	}
	if rungs := a.Ladder.All(after, a.DueAt, a.Calendar); len(rungs) > 0 && (next.IsZero() || rungs[0].Time.Before(next)) {
		next = rungs[0].Time
	}
	return next, !next.IsZero()
}

// At is the rung of the instant; false where there is none, or where a later one for the
// same people has overtaken it by now: after a time of standstill only the latest goes
// out.
func (a Agenda) At(at, now time.Time) (period.Rung, bool) {
	if a.Stage == Done {
		return period.Rung{}, false
	}
	rungs := a.Ladder.All(at.Add(-time.Nanosecond), a.DueAt, a.Calendar)
	if len(rungs) == 0 || !rungs[0].Time.Equal(at) {
		return period.Rung{}, false
	}
	own := rungs[0].Rung
	overtaken := slices.ContainsFunc(rungs[1:], func(later period.At) bool {
		return !later.Time.After(now) && slices.ContainsFunc(later.Rung.To, func(to string) bool { return slices.Contains(own.To, to) })
	})
	return own, !overtaken
}
