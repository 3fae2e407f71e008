package calendar

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cchc/domain/rule"
)

// How sure a mark is.
const (
	Official   = "official"   // the notice has been published
	Expected   = "expected"   // announced, or drafted
	Unverified = "unverified" // from practice
)

// Certainties lists them, the surest first.
var Certainties = []string{Official, Expected, Unverified}

// Kinds lists the kinds of marks in the order of choices.
var Kinds = []Kind{Holiday, Compensatory, SwappedOff, SwappedWork}

// Change is one edit of the table of marks: what is put takes the place of what
// stood on its day. The days of a swap are put and removed together.
type Change struct {
	Put    []Mark `json:"put,omitempty"`
	Remove []Day  `json:"remove,omitempty"`
}

// Codes of what is wrong with a change, at the field of the form.
const (
	ChangeEmpty    rule.Code = "change_empty"
	NameMissing    rule.Code = "mark_name_missing"   // at name
	NameTooLong    rule.Code = "mark_name_long"      // at name; args: the most letters
	KindUnknown    rule.Code = "mark_kind"           // at kind
	CertaintyBad   rule.Code = "mark_certainty"      // at certainty
	LegalMissing   rule.Code = "mark_legal_missing"  // at legal_number: an official day has its notice
	LegalTooLong   rule.Code = "mark_legal_long"     // at legal_number; args: the most letters
	DayPast        rule.Code = "mark_past"           // at from; args: the day. What has been reckoned stays
	NotAWorkday    rule.Code = "mark_not_a_workday"  // at from; args: the day, which is a rest day anyway
	NotARestDay    rule.Code = "mark_not_a_rest_day" // at to; args: the day, which is worked anyway
	SpanTooLong    rule.Code = "mark_span"           // at to; args: the most days
	SpanBackwards  rule.Code = "mark_span_backwards" // at to
	YearOutOfRange rule.Code = "mark_year"           // at from; args: the first, the last
)

// ChangeCodes lists every code above.
var ChangeCodes = []rule.Code{
	ChangeEmpty, NameMissing, NameTooLong, KindUnknown, CertaintyBad, LegalMissing, LegalTooLong, DayPast,
	NotAWorkday, NotARestDay, SpanTooLong, SpanBackwards, YearOutOfRange,
}

const (
	maxName  = 120
	maxLegal = 120
	// MostDays is the longest run of days that one edit marks.
	MostDays  = 31
	firstYear = 2020
	lastYear  = 2100
)

// Check collects what is wrong with the change of this calendar today. A day that
// has begun keeps being worked or not: dues and days held have been reckoned by it.
// Its name, notice and certainty may be mended.
func (c Calendar) Check(ch Change, today Day) rule.Errors {
	var errs rule.Errors
	if len(ch.Put) == 0 && len(ch.Remove) == 0 {
		errs.Add(ChangeEmpty, "from")
	}
	for _, mark := range ch.Put {
		addOnce(&errs, mark.check())
	}
	after := c.With(ch)
	for _, day := range ch.days() {
		if day < today && c.IsWorkingDay(day) != after.IsWorkingDay(day) {
			errs.Add(DayPast, "from", day.String())
		}
	}
	return errs
}

// addOnce adds what is not there yet: a run of days has its mistakes once.
func addOnce(errs *rule.Errors, more rule.Errors) {
	for _, e := range more {
		if !errs.Has(e.Code) {
			*errs = append(*errs, e)
		}
	}
}

func (m Mark) check() rule.Errors {
	var errs rule.Errors
	switch name := strings.TrimSpace(m.Name); {
	case name == "":
		errs.Add(NameMissing, "name")
	case len([]rune(name)) > maxName:
		errs.Add(NameTooLong, "name", maxName)
	}
	if !m.Kind.Valid() {
		errs.Add(KindUnknown, "kind")
	}
	if !slices.Contains(Certainties, m.Certainty) {
		errs.Add(CertaintyBad, "certainty")
	}
	switch {
	case m.Certainty == Official && (strings.TrimSpace(m.LegalNumber) == "" || m.LegalDate == nil):
		errs.Add(LegalMissing, "legal_number")
	case len([]rune(m.LegalNumber)) > maxLegal:
		errs.Add(LegalTooLong, "legal_number", maxLegal)
	}
	if y := m.Date.Year(); y < firstYear || y > lastYear {
		errs.Add(YearOutOfRange, "from", firstYear, lastYear)
	}
	rest := !Calendar{}.IsWorkingDay(m.Date)
	switch {
	case rest && (m.Kind == Compensatory || m.Kind == SwappedOff):
		errs.Add(NotAWorkday, "from", m.Date.String())
	case !rest && m.Kind == SwappedWork:
		errs.Add(NotARestDay, "to", m.Date.String())
	}
	return errs
}

// Span is the mark repeated from one day to another, both included; what is off
// for a rest day or swapped marks its working days alone.
func Span(mark Mark, from, to Day) ([]Mark, rule.Errors) {
	switch {
	case to < from:
		return nil, rule.Broken(SpanBackwards, "to")
	case to-from >= MostDays:
		return nil, rule.Broken(SpanTooLong, "to", MostDays)
	}
	var marks []Mark
	for day := from; day <= to; day++ {
		one := mark
		one.Date = day
		weekend := !Calendar{}.IsWorkingDay(day)
		if from != to && weekend && mark.Kind != Holiday {
			continue
		}
		marks = append(marks, one)
	}
	return marks, nil
}

// Swap is a working day given off and the rest day worked for it, bound together
// (the yearly notice names them so).
func Swap(mark Mark, off, work Day) []Mark {
	first, second := mark, mark
	first.Date, first.Kind, first.Pair = off, SwappedOff, &work
	second.Date, second.Kind, second.Pair = work, SwappedWork, &off
	return []Mark{first, second}
}

// Removal removes a day, and the other day of its swap with it.
func (c Calendar) Removal(day Day) Change {
	mark, marked := c.Mark(day)
	if !marked {
		return Change{}
	}
	ch := Change{Remove: []Day{day}}
	if mark.Pair != nil {
		if other, there := c.Mark(*mark.Pair); there && other.Pair != nil && *other.Pair == day {
			ch.Remove = append(ch.Remove, *mark.Pair)
		}
	}
	return ch
}

// With is the calendar after the change.
func (c Calendar) With(ch Change) Calendar {
	after := Calendar{marks: make(map[Day]Mark, len(c.marks)+len(ch.Put)), still: c.still}
	for day, mark := range c.marks {
		after.marks[day] = mark
	}
	for _, day := range ch.Remove {
		delete(after.marks, day)
	}
	for _, mark := range ch.Put {
		after.marks[mark.Date] = mark
	}
	return after
}

// Then is the change of the calendar c followed by another, as one: what is put later
// takes the place of what was put or removed before, and a day that was only put on
// the way and is removed again is no part of it.
func (ch Change) Then(next Change, c Calendar) Change {
	put, removed := map[Day]Mark{}, map[Day]bool{}
	for _, one := range []Change{ch, next} {
		for _, day := range one.Remove {
			delete(put, day)
			removed[day] = true
		}
		for _, mark := range one.Put {
			put[mark.Date] = mark
		}
	}
	var whole Change
	for _, day := range slices.Sorted(maps.Keys(put)) {
		whole.Put = append(whole.Put, put[day])
	}
	for _, day := range slices.Sorted(maps.Keys(removed)) {
		_, again := put[day]
		if _, there := c.Mark(day); there && !again {
			whole.Remove = append(whole.Remove, day)
		}
	}
	return whole
}

// Bounds are the first and the last day that the change touches; false without any.
func (ch Change) Bounds() (first, last Day, ok bool) {
	days := ch.days()
	if len(days) == 0 {
		return 0, 0, false
	}
	return days[0], days[len(days)-1], true
}

// days are the days that the change touches, each once, in order.
func (ch Change) days() []Day {
	days := slices.Clone(ch.Remove)
	for _, mark := range ch.Put {
		days = append(days, mark.Date)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// WithoutOfficial are the years that should have their official days by now and have
// none: the present one, and from December on the next. Dues are reckoned by them.
func (c Calendar) WithoutOfficial(today Day) []int {
	wanted := []int{today.Year()}
	if today.Month() == time.December {
		wanted = append(wanted, today.Year()+1)
	}
	has := map[int]bool{}
	for day, mark := range c.marks {
		if mark.Certainty == Official {
			has[day.Year()] = true
		}
	}
	return slices.DeleteFunc(wanted, func(year int) bool { return has[year] })
}
