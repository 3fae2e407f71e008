package period

import (
	"time"

	"cchc/domain/calendar"
)

// Span is what the time allowed for an ad hoc report is counted in: the body that
// asks for it sets the due (ND 09/2019 art. 8.5c).
type Span string

// The spans.
const (
	SpanHours       Span = "hours"        // from the launch on, through nights and days off (BLDS 2015 art. 147.1)
	SpanDays        Span = "days"         // to the end of the last day, a day off moves it on (BLDS art. 148)
	SpanWorkingDays Span = "working_days" // to the end of the last working day
	SpanInstant     Span = ""             // no span: a day and an hour
)

// Spans lists every span.
var Spans = []Span{SpanHours, SpanDays, SpanWorkingDays, SpanInstant}

// Most of each span that may be given.
const (
	MaxAheadHours = 240
	MaxAheadDays  = 90
)

// Ahead is a due so many hours or days after the launch.
type Ahead struct {
	Span  Span
	Count int
}

// Most is the most of its span that may be given.
func (a Ahead) Most() int {
	if a.Span == SpanHours {
		return MaxAheadHours
	}
	return MaxAheadDays
}

// Due is the due of what is launched at the instant. Hours end at a whole minute,
// never sooner than asked; days begin the day after (BLDS art. 147.2).
func (a Ahead) Due(launch time.Time, c calendar.Calendar) Due {
	today := calendar.DayOf(launch)
	switch a.Span {
	case SpanHours:
		return EndingAt(launch.Add(time.Duration(a.Count) * time.Hour))
	case SpanDays:
		return Due{Day: today.Add(a.Count), Inclusive: true, Cutoff: MidnightCutoff, Shift: ShiftForward}
	default:
		return Due{Day: c.AddWorkingDays(today, a.Count), Inclusive: true, Cutoff: MidnightCutoff, Shift: ShiftNone}
	}
}

// EndingAt is the due that ends at the instant, or at the next whole minute.
// Midnight is the end of the day before.
func EndingAt(at time.Time) Due {
	if whole := at.Truncate(time.Minute); whole.Before(at) {
		at = whole.Add(time.Minute)
	}
	day := calendar.DayOf(at.Add(-time.Nanosecond))
	return Due{Day: day, Inclusive: true, Cutoff: int(at.Sub(day.Start()) / time.Minute), Shift: ShiftNone}
}

// patientHours is the time allowed from which on reminders in working days do.
const patientHours = 96

// LadderFor fits the time from launch to due: reminders in hours for up to four
// days, else those in working days that a periodic report has.
func LadderFor(launch, last time.Time) Ladder {
	if hours := int(last.Sub(launch).Round(time.Hour) / time.Hour); hours <= patientHours {
		return HoursLadder(hours)
	}
	return DefaultLadder()
}

// Office hours, in minutes after midnight.
const (
	officeOpens  = 7 * 60
	officeCloses = 18 * 60
)

// OffHours tells whether the time ends when nobody is at work: on a day off, or at
// an hour of a working day outside of office hours. A due at midnight is a whole
// day, as law counts it. It is allowed, and deserves a second look.
func (d Due) OffHours(c calendar.Calendar) bool {
	hour := d.Cutoff != MidnightCutoff && (d.Cutoff < officeOpens || d.Cutoff > officeCloses)
	return hour || !c.IsWorkingDay(d.LastDay(c))
}
