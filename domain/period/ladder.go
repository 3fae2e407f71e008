package period

import (
	"regexp"
	"slices"
	"sort"
	"strconv"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// Who a rung is sent to.
const (
	ToHolder           = "holder" // whoever holds the document then
	ToDivisionHead     = "division_head"
	ToDirector         = "director"
	ToAuthorityOfficer = "authority_officer"
	ToAuthorityHead    = "authority_head"
)

// Rung is one step of a ladder.
type Rung struct {
	Code        string   `json:"code"`         // stable ASCII name within the ladder
	WorkingDays int      `json:"working_days"` // -5: five working days before; 0: by Hours; 1: the first one after
	To          []string `json:"to"`           // ToHolder, ToDirector, ...
	Repeat      bool     `json:"repeat"`       // each working day from here on, at most MaxNudges times
	// Hours counts from the due instant through nights and days off: -2: two hours
	// before. Without days and hours a rung is the due instant itself.
	Hours int `json:"hours,omitempty"`
}

// AtDue tells whether the rung is the due instant itself.
func (r Rung) AtDue() bool { return r.WorkingDays == 0 && r.Hours == 0 }

// Ladder is the reminders and escalations of a campaign, as data.
type Ladder []Rung

const (
	// MaxNudges is how often a repeating rung comes, its first time included.
	MaxNudges = 30
	// MaxRungs keeps a ladder readable and its sends bounded.
	MaxRungs = 20
	// MaxRungDays is how many working days a rung may lie before or after the due.
	MaxRungDays = 60
	// MaxRungHours is how many hours a rung may lie before or after the due.
	MaxRungHours = 240

	rungMinutes = 8 * 60 // rungs in working days come at 08:00
)

// DefaultLadder reminds the holder 5 and 1 working days before and at the due
// instant, nudges daily after it, and escalates to the director after 1 and to
// the authority after 3 working days.
func DefaultLadder() Ladder {
	return Ladder{
		{Code: "before_5", WorkingDays: -5, To: []string{ToHolder}},
		{Code: "before_1", WorkingDays: -1, To: []string{ToHolder}},
		{Code: "due", WorkingDays: 0, To: []string{ToHolder}},
		{Code: "nudge", WorkingDays: 1, To: []string{ToHolder}, Repeat: true},
		{Code: "escalate_director", WorkingDays: 1, To: []string{ToDirector}},
		{Code: "escalate_authority", WorkingDays: 3, To: []string{ToAuthorityHead, ToAuthorityOfficer}},
	}
}

// HoursLadder is for a due so many hours ahead: it reminds the holder at half of
// the time, two hours before and at the due instant, tells the director after two
// hours and the authority after a day. Of a time too short for both, one reminder
// stays.
func HoursLadder(hours int) Ladder {
	var ladder Ladder
	half := min(hours/2, MaxRungHours)
	if half >= 1 {
		ladder = append(ladder, Rung{Code: hoursCode("before", half), Hours: -half, To: []string{ToHolder, ToDivisionHead}})
	}
	if half > lastCallHours {
		ladder = append(ladder, Rung{Code: hoursCode("before", lastCallHours), Hours: -lastCallHours, To: []string{ToHolder, ToDivisionHead}})
	}
	return append(ladder,
		Rung{Code: "due", To: []string{ToHolder, ToDivisionHead}},
		Rung{Code: hoursCode("after", 2), Hours: 2, To: []string{ToDirector}},
		Rung{Code: hoursCode("after", 24), Hours: 24, To: []string{ToAuthorityHead, ToAuthorityOfficer}},
	)
}

// lastCallHours before a due in hours the last reminder comes.
const lastCallHours = 2

func hoursCode(when string, hours int) string { return when + "_" + strconv.Itoa(hours) + "h" }

// Same tells whether two ladders come at the same times for the same people, in whatever
// order those are named.
func (l Ladder) Same(other Ladder) bool {
	return slices.EqualFunc(l, other, func(a, b Rung) bool {
		return a.WorkingDays == b.WorkingDays && a.Hours == b.Hours && a.Repeat == b.Repeat &&
			slices.Equal(slices.Sorted(slices.Values(a.To)), slices.Sorted(slices.Values(b.To)))
	})
}

// At is one occurrence of a rung.
type At struct {
	Rung  Rung
	Index int       // of the rung in its ladder
	Time  time.Time // unique within the ladder
}

// Next is the earliest occurrence strictly after the given instant; ok is false
// when nothing is left. last is Due.LastInstant.
func (l Ladder) Next(after, last time.Time, c calendar.Calendar) (rung Rung, index int, at time.Time, ok bool) {
	coming := l.All(after, last, c)
	if len(coming) == 0 {
		return Rung{}, 0, time.Time{}, false
	}
	return coming[0].Rung, coming[0].Index, coming[0].Time, true
}

// All is every occurrence strictly after launch, in order of time. Rungs in
// working days come at 08:00 of their day; of those at the same instant each comes
// one second after the one before it in the ladder, so that instants are unique and
// walking from one to the next skips none.
func (l Ladder) All(launch, last time.Time, c calendar.Calendar) []At {
	// The day that holds the last allowed moment: 00:00 belongs to the day before.
	lastDay := calendar.DayOf(last.Add(-time.Nanosecond))
	taken := map[int64]int{}
	var all []At
	for index, rung := range l {
		for _, offset := range rung.offsets() {
			at := last.Add(time.Duration(rung.Hours) * time.Hour)
			switch {
			case offset < 0:
				at = c.AddWorkingDays(lastDay, offset).At(rungMinutes)
			case offset > 0: // a delay does not grow while the clocks stand still
				at = c.AddCountedDays(lastDay, offset).At(rungMinutes)
			}
			same := at.Unix()
			at = at.Add(time.Duration(taken[same]) * time.Second)
			taken[same]++
			if at.After(launch) {
				all = append(all, At{Rung: rung, Index: index, Time: at})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Time.Before(all[j].Time) })
	return all
}

// offsets are the working days, relative to the due, on which the rung comes.
func (r Rung) offsets() []int {
	if !r.Repeat || r.WorkingDays < 1 {
		return []int{r.WorkingDays}
	}
	offsets := make([]int, MaxNudges)
	for i := range offsets {
		offsets[i] = r.WorkingDays + i
	}
	return offsets
}

var (
	rungCode   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	recipients = []string{ToHolder, ToDivisionHead, ToDirector, ToAuthorityOfficer, ToAuthorityHead}
)

// Validate reports every broken rule of the ladder: ladder_empty, ladder_too_long,
// and per rung (field "ladder.<index>") ladder_code, ladder_code_twice,
// ladder_days, ladder_hours, ladder_due_twice, ladder_repeat_before_due,
// ladder_recipient_missing, ladder_recipient_unknown.
func (l Ladder) Validate() rule.Errors {
	var broken rule.Errors
	if len(l) == 0 {
		broken.Add("ladder_empty", "ladder")
	}
	if len(l) > MaxRungs {
		broken.Add("ladder_too_long", "ladder", MaxRungs)
	}
	for index, rung := range l {
		broken = append(broken, rung.validate(RungField(index))...)
		before := l[:index]
		if slices.ContainsFunc(before, func(r Rung) bool { return r.Code == rung.Code }) {
			broken.Add("ladder_code_twice", RungField(index), rung.Code)
		}
		if rung.AtDue() && slices.ContainsFunc(before, Rung.AtDue) {
			broken.Add("ladder_due_twice", RungField(index))
		}
	}
	return broken
}

func (r Rung) validate(field string) rule.Errors {
	var broken rule.Errors
	if !rungCode.MatchString(r.Code) {
		broken.Add("ladder_code", field, r.Code)
	}
	if r.WorkingDays < -MaxRungDays || r.WorkingDays > MaxRungDays {
		broken.Add("ladder_days", field, r.WorkingDays, MaxRungDays)
	}
	if r.Hours < -MaxRungHours || r.Hours > MaxRungHours || r.Hours != 0 && r.WorkingDays != 0 {
		broken.Add("ladder_hours", field, MaxRungHours)
	}
	if r.Repeat && r.WorkingDays < 1 {
		broken.Add("ladder_repeat_before_due", field)
	}
	if len(r.To) == 0 {
		broken.Add("ladder_recipient_missing", field)
	}
	for _, to := range r.To {
		if !slices.Contains(recipients, to) {
			broken.Add("ladder_recipient_unknown", field, to)
		}
	}
	return broken
}

// RungField names a rung in broken rules: "ladder.2".
func RungField(index int) string { return "ladder." + strconv.Itoa(index) }
