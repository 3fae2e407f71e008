package period

import (
	"time"

	"cchc/domain/calendar"
)

// Step is one reason for a date, as a code and its values. Args hold
// calendar.Day, int and string only; each code says which, in order. Source is
// one of the keys below, or the source of a rule as it is printed.
type Step struct {
	Code   string `json:"code"`
	Args   []any  `json:"args"`
	Source string `json:"source"`
}

// The codes of steps, each with its arguments.
const (
	StepWindow         = "due_window"           // from Day, to Day: the rule's window
	StepWindowSet      = "due_window_set"       // from Day, to Day: a window set by guidance
	StepMinimum        = "due_minimum"          // asked int, minimum int: raised to the legal minimum
	StepWorkingDays    = "due_working_days"     // count int, after Day, last of them Day
	StepUncertain      = "due_uncertain"        // certainty string: nobody has confirmed the count of days
	StepBeforeEnd      = "due_before_end"       // due Day, the period's last Day: it is due before the period is over
	StepDayOff         = "due_day_off"          // Day, kind string (calendar.Kind or "weekend"), name string
	StepDayWorked      = "due_day_worked"       // Day, name string: a rest day worked in exchange
	StepSet            = "due_set"              // Day: what the campaign says
	StepShiftNone      = "due_shift_none"       // Day: not a working day, stays
	StepShiftForward   = "due_shift_forward"    // from Day, to Day
	StepShiftBackward  = "due_shift_backward"   // from Day, to Day
	StepExclusive      = "due_exclusive"        // due Day, last allowed Day
	StepInclusive      = "due_inclusive"        // due Day
	StepLastMoment     = "due_last_moment"      // last allowed Day, cutoff int (minutes after midnight)
	StepLastWorkingDay = "due_last_working_day" // Day: the last working day, when the last allowed day is none
)

// The keys of sources.
const (
	SourceDecreeGap    = "nd09_2019_8_5b"   // at least one working day after the window
	SourceGuidance     = "qd1439_2019_3_6"  // the authority's guidance sets the window
	SourceBeforeTheDay = "qd1439_2019_8_1a" // "before the day"
	SourceCampaign     = "campaign"         // set when the campaign was launched
	SourceCalendar     = "calendar"         // the table of holidays
	SourceRules        = "rules"            // the table of rules, which officers edit
)

// Weekend is the kind of a day off that needs no mark.
const Weekend = "weekend"

// Explanation answers "why this day?".
type Explanation struct {
	EffectiveDay calendar.Day // the due day after its shift
	LastDay      calendar.Day // the last allowed day
	LastInstant  time.Time    // on time is strictly before
	Steps        []Step
}

// Explain tells how the last instant follows from the campaign's choice and the
// calendar.
func (d Due) Explain(c calendar.Calendar) Explanation {
	e := Explanation{EffectiveDay: d.EffectiveDay(c), LastDay: d.LastDay(c), LastInstant: d.LastInstant(c)}
	e.Steps = append(e.Steps, Step{StepSet, []any{d.Day}, SourceCampaign})
	e.Steps = append(e.Steps, unusualDays(d.Day, d.Day, c)...)
	if !c.IsWorkingDay(d.Day) {
		e.Steps = append(e.Steps, d.shiftStep(e.EffectiveDay))
	}
	e.Steps = append(e.Steps, d.boundStep(e.EffectiveDay, SourceCampaign))
	e.Steps = append(e.Steps, Step{StepLastMoment, []any{e.LastDay, d.Cutoff}, SourceCampaign})
	if !c.IsWorkingDay(e.LastDay) {
		e.Steps = append(e.Steps, Step{StepLastWorkingDay, []any{c.PreviousWorkingDay(e.LastDay)}, SourceCalendar})
	}
	return e
}

func (d Due) shiftStep(effective calendar.Day) Step {
	switch d.Shift {
	case ShiftForward:
		return Step{StepShiftForward, []any{d.Day, effective}, SourceCampaign}
	case ShiftBackward:
		return Step{StepShiftBackward, []any{d.Day, effective}, SourceCampaign}
	default:
		return Step{StepShiftNone, []any{d.Day}, SourceCampaign}
	}
}

// boundStep says whether the due day itself still counts; source is who included
// it. That it does not count is the law's.
func (d Due) boundStep(effective calendar.Day, source string) Step {
	if d.Inclusive {
		return Step{StepInclusive, []any{effective}, source}
	}
	return Step{StepExclusive, []any{effective, effective.Add(-1)}, SourceBeforeTheDay}
}

// unusualDays names the days off and the worked rest days from a to b, both
// included, so that people see why days were skipped or counted.
func unusualDays(a, b calendar.Day, c calendar.Calendar) []Step {
	var steps []Step
	for d := a; d <= b; d++ {
		mark, marked := c.Mark(d)
		working := c.IsWorkingDay(d)
		switch {
		case !working && marked:
			steps = append(steps, Step{StepDayOff, []any{d, string(mark.Kind), mark.Name}, SourceCalendar})
		case !working:
			steps = append(steps, Step{StepDayOff, []any{d, Weekend, ""}, SourceCalendar})
		case mark.Kind == calendar.SwappedWork:
			steps = append(steps, Step{StepDayWorked, []any{d, mark.Name}, SourceCalendar})
		}
	}
	return steps
}
