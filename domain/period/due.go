package period

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// Shift says where a due day goes that is not a working day.
type Shift string

// The shifts: leave it, the next working day, the working day before.
const (
	ShiftNone     Shift = "none"
	ShiftForward  Shift = "forward"
	ShiftBackward Shift = "backward"
)

// MidnightCutoff is a cutoff of 24:00: the whole day counts.
const MidnightCutoff = 24 * 60

// Due is until when a document may be handed in. Law says "before the day"
// (QD 1439 art. 8.1a, 8.3a), so that Inclusive is false unless a campaign says
// otherwise.
type Due struct {
	Day       calendar.Day `db:"due_day" json:"due_day"`
	Inclusive bool         `db:"due_inclusive" json:"due_inclusive"`
	Cutoff    int          `db:"due_cutoff" json:"due_cutoff"` // minutes after midnight, 1440 = 24:00
	Shift     Shift        `db:"due_shift" json:"due_shift"`
}

// Validate reports a cutoff outside 1..1440 (due_cutoff) and an unknown shift
// (due_shift).
func (d Due) Validate() rule.Errors {
	var broken rule.Errors
	if d.Cutoff < 1 || d.Cutoff > MidnightCutoff {
		broken.Add("due_cutoff", "due.cutoff", d.Cutoff)
	}
	switch d.Shift {
	case ShiftNone, ShiftForward, ShiftBackward:
	default:
		broken.Add("due_shift", "due.shift", string(d.Shift))
	}
	return broken
}

// EffectiveDay is the due day after its shift.
func (d Due) EffectiveDay(c calendar.Calendar) calendar.Day {
	switch d.Shift {
	case ShiftForward:
		return c.NextWorkingDay(d.Day)
	case ShiftBackward:
		return c.PreviousWorkingDay(d.Day)
	default:
		return d.Day
	}
}

// LastDay is the last day on which a document may be handed in: the due day, or
// the calendar day before it when the due day itself is excluded.
func (d Due) LastDay(c calendar.Calendar) calendar.Day {
	day := d.EffectiveDay(c)
	if d.Inclusive {
		return day
	}
	return day.Add(-1)
}

// LastInstant is the end of the time allowed: what was received strictly before
// it is on time. An excluded due day with a cutoff of 24:00 ends at its 00:00.
func (d Due) LastInstant(c calendar.Calendar) time.Time {
	return d.LastDay(c).At(d.Cutoff)
}

// DueRule computes a due day from the end of the data window.
type DueRule struct {
	WorkingDaysAfterWindow int   `json:"working_days_after_window"`
	Inclusive              bool  `json:"inclusive"`
	Cutoff                 int   `json:"cutoff"` // minutes after midnight
	Shift                  Shift `json:"shift"`
}

// minimumWorkingDays lie between the end of data taking and the deadline
// (Decree 09/2019/ND-CP art. 8.5b).
const minimumWorkingDays = 1

// DefaultDueRule gives units two full working days after the window and excludes
// the due day.
func DefaultDueRule() DueRule {
	return DueRule{WorkingDaysAfterWindow: 2, Cutoff: MidnightCutoff, Shift: ShiftNone}
}

// SuggestDue is the due day by the default rule, with the reasons.
func SuggestDue(p Period, w Window, c calendar.Calendar) (Due, []Step) {
	return DefaultDueRule().Suggest(p, w, c)
}

// Suggest is the due day by this rule, with the reasons. Units get the rule's
// number of working days in full, at least one. An excluded due day is the next
// working day after them: being a working day, no shift can take a day away.
func (r DueRule) Suggest(p Period, w Window, c calendar.Calendar) (Due, []Step) {
	steps := []Step{windowStep(p, w)}
	days := r.WorkingDaysAfterWindow
	if days < minimumWorkingDays {
		steps = append(steps, Step{StepMinimum, []any{days, minimumWorkingDays}, SourceDecreeGap})
		days = minimumWorkingDays
	}
	last := c.AddWorkingDays(w.To, days)
	due := Due{Day: last, Inclusive: r.Inclusive, Cutoff: r.Cutoff, Shift: r.Shift}
	if !r.Inclusive {
		due.Day = c.AddWorkingDays(last, 1)
	}
	steps = append(steps, Step{StepWorkingDays, []any{days, w.To, last}, SourceDecreeGap})
	steps = append(steps, unusualDays(w.To.Add(1), due.Day, c)...)
	return due, append(steps, due.boundStep(due.Day))
}
