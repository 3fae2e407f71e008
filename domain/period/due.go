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
