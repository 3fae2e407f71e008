package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// DeadlineKind says how a task's deadline is told.
type DeadlineKind string

// The kinds of deadlines. A month or quarter means its last day (Civil Code 2015
// art. 146.3c). A recurring task is judged in every report, one on request has no
// deadline until it is asked for.
const (
	ByDate    DeadlineKind = "date"
	ByMonth   DeadlineKind = "month"
	ByQuarter DeadlineKind = "quarter"
	Recurring DeadlineKind = "recurring"
	OnRequest DeadlineKind = "on_request"
)

// DeadlineKinds lists every kind.
var DeadlineKinds = []DeadlineKind{ByDate, ByMonth, ByQuarter, Recurring, OnRequest}

// Deadline is until when a task is to be done. The zero value is none. Deadlines
// compare with ==. Text, JSON and SQL hold its code: "2026-06-30", "2026m06",
// "2026q2", "recurring", "on_request", "" for none.
type Deadline struct {
	Kind   DeadlineKind
	Day    calendar.Day // of a date
	Year   int          // of a month or quarter
	Number int          // of the month, 1 to 12, or the quarter, 1 to 4
}

// OnDay is a deadline by date.
func OnDay(day calendar.Day) Deadline { return Deadline{Kind: ByDate, Day: day} }

// InMonth is a deadline by the end of a month, 1 to 12.
func InMonth(year, month int) Deadline { return Deadline{Kind: ByMonth, Year: year, Number: month} }

// InQuarter is a deadline by the end of a quarter, 1 to 4.
func InQuarter(year, quarter int) Deadline {
	return Deadline{Kind: ByQuarter, Year: year, Number: quarter}
}

// Absent tells whether nothing has been written.
func (d Deadline) Absent() bool { return d.Kind == "" }

// period is the month or quarter that is meant.
func (d Deadline) period() period.Period {
	kind := period.Month
	if d.Kind == ByQuarter {
		kind = period.Quarter
	}
	return period.Period{Kind: kind, Year: d.Year, Number: d.Number}
}

// Code is the deadline's one text.
func (d Deadline) Code() string {
	switch d.Kind {
	case ByDate:
		return d.Day.String()
	case ByMonth, ByQuarter:
		return d.period().Code()
	default:
		return string(d.Kind)
	}
}

// ParseDeadline reads exactly what Code writes.
func ParseDeadline(code string) (Deadline, error) {
	switch kind := DeadlineKind(code); kind {
	case "", Recurring, OnRequest:
		return Deadline{Kind: kind}, nil
	}
	if day, err := calendar.ParseDay(code); err == nil {
		return OnDay(day), nil
	}
	switch p, err := period.Parse(code); {
	case err == nil && p.Kind == period.Month:
		return InMonth(p.Year, p.Number), nil
	case err == nil && p.Kind == period.Quarter:
		return InQuarter(p.Year, p.Number), nil
	}
	return Deadline{}, fmt.Errorf("parse deadline %q: want a code such as 2026-06-30, 2026m06, 2026q2", code)
}

// MarshalText gives the code, also to JSON.
func (d Deadline) MarshalText() ([]byte, error) { return []byte(d.Code()), nil }

// UnmarshalText reads the code.
func (d *Deadline) UnmarshalText(text []byte) error {
	parsed, err := ParseDeadline(string(text))
	*d = parsed
	return err
}

// Nominal is the day that the deadline names: the date, or the last day of the
// month or quarter. False where it names none.
func (d Deadline) Nominal() (calendar.Day, bool) {
	switch d.Kind {
	case ByDate:
		return d.Day, true
	case ByMonth, ByQuarter:
		return d.period().To(), true
	}
	return 0, false
}

// Month is the month in which the named day lies, before any shift: "2026-06"; "" where
// none is named. A quarter that ends on a day off stays in its own year.
func (d Deadline) Month() string {
	day, named := d.Nominal()
	if !named {
		return ""
	}
	return day.String()[:len("2006-01")]
}

// DeadlineRule says how the named day is read. It is data of the form's version.
type DeadlineRule struct {
	ExcludesDate bool         `json:"excludes_date"` // a date means "before the day"; months and quarters always count to their end
	Cutoff       int          `json:"cutoff"`        // minutes after midnight of the last day, 1440 = 24:00
	Shift        period.Shift `json:"shift"`         // of a named day that is not a working day
}

// DefaultDeadlineRule is that of the Civil Code 2015: the last day counts until
// 24:00 (art. 148.6), and one that is a day off gives way to the next working day
// (art. 148.5).
func DefaultDeadlineRule() DeadlineRule {
	return DeadlineRule{Cutoff: period.MidnightCutoff, Shift: period.ShiftForward}
}

// Validate tells whoever loads a form what is wrong with the rule.
func (r DeadlineRule) Validate() rule.Errors {
	return period.Due{Cutoff: r.Cutoff, Shift: r.Shift}.Validate()
}

// Due is the deadline as the due of domain/period, which shifts and explains it.
// False where no day is named.
func (d Deadline) Due(r DeadlineRule) (period.Due, bool) {
	day, named := d.Nominal()
	return period.Due{
		Day: day, Inclusive: d.Kind != ByDate || !r.ExcludesDate, Cutoff: r.Cutoff, Shift: r.Shift,
	}, named
}

// LastDay is the last day on which the task is done in time, after the shift. False
// where the deadline names no day.
func (d Deadline) LastDay(r DeadlineRule, c calendar.Calendar) (calendar.Day, bool) {
	due, named := d.Due(r)
	if !named {
		return 0, false
	}
	return due.LastDay(c), true
}

// LastInstant is the end of the time allowed: at this instant the task is overdue.
// False where the deadline names no day.
func (d Deadline) LastInstant(r DeadlineRule, c calendar.Calendar) (time.Time, bool) {
	due, named := d.Due(r)
	if !named {
		return time.Time{}, false
	}
	return due.LastInstant(c), true
}

// Ends are the last day of a task's time and its end, where it was extended after an
// outage or not (nil). An extension never takes time away: the deadline's own last day
// may have come to lie later since. False where the deadline names no day.
func (d Deadline) Ends(extended *calendar.Day, r DeadlineRule, c calendar.Calendar) (calendar.Day, time.Time, bool) {
	due, named := d.Due(r)
	if !named {
		return 0, time.Time{}, false
	}
	last := due.LastDay(c)
	if extended == nil || *extended <= last {
		return last, due.LastInstant(c), true
	}
	return *extended, extended.At(due.Cutoff), true
}

// DeadlineUnclear is the broken rule of a deadline that cannot be read.
const DeadlineUnclear rule.Code = "task_deadline_unclear"

// ReadDeadline reads a deadline as people write it, folded to small letters without
// diacritics (as search folds text). A missing year is the plan's. It takes
//
//	30/6/2026, 30-06-2026, 30/6, 2026-06-30      a date, also after "truoc ngay", "ngay"
//	thang 6, thang 6/2026, t6/2026, 6/2026       a month
//	quy ii, quy 2/2026, quy iv nam 2026, q2      a quarter
//	nam 2026, trong nam, ca nam                  the last month of the year
//	thuong xuyen, hang thang, hang quy, ...      recurring
//	theo yeu cau, khi co yeu cau                 on request
//
// and every Code. Blank text is no deadline and no error.
func ReadDeadline(folded string, year int) (Deadline, rule.Errors) {
	text := strings.Trim(strings.Join(strings.Fields(strings.ToLower(folded)), " "), " .,;")
	if d, err := ParseDeadline(text); err == nil {
		return d, nil
	}
	for _, read := range []func(string, int) (Deadline, bool){readWords, readQuarter, readDate, readMonth, readYear} {
		if d, ok := read(text, year); ok {
			return d, nil
		}
	}
	return Deadline{}, rule.Broken(DeadlineUnclear, "")
}

func readWords(text string, _ int) (Deadline, bool) {
	for _, prefix := range []string{"thuong xuyen", "hang ngay", "hang tuan", "hang thang", "hang quy", "hang nam", "dinh ky"} {
		if strings.HasPrefix(text, prefix) {
			return Deadline{Kind: Recurring}, true
		}
	}
	for _, prefix := range []string{"theo yeu cau", "khi co yeu cau", "khi duoc yeu cau"} {
		if strings.HasPrefix(text, prefix) {
			return Deadline{Kind: OnRequest}, true
		}
	}
	return Deadline{}, false
}

var (
	quarterPattern = regexp.MustCompile(`^(?:trong |cuoi |het )?(?:quy |q)\.? ?(i{1,3}|iv|[1-4])(?:(?: ?/ ?| nam | ?- ?|\.| )(\d{4}))?$`)
	datePattern    = regexp.MustCompile(`^(?:truoc |den |het )?(?:ngay )?(\d{1,2})(?: ?[/.-] ?| thang )(\d{1,2})(?:(?: ?[/.-] ?| nam )(\d{4}))?$`)
	monthPattern   = regexp.MustCompile(`^(?:trong |cuoi |het )?(?:thang |t)(\d{1,2})(?:(?: ?[/.-] ?| nam )(\d{4}))?$`)
	bareMonth      = regexp.MustCompile(`^(\d{1,2}) ?[/.-] ?(\d{4})$`)
	yearPattern    = regexp.MustCompile(`^(?:(?:trong |cuoi |ca |het )?nam(?: (\d{4}))?)$`)
)

var romans = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4}

func readQuarter(text string, year int) (Deadline, bool) {
	found := quarterPattern.FindStringSubmatch(text)
	if found == nil {
		return Deadline{}, false
	}
	number, roman := romans[found[1]]
	if !roman {
		number = atoi(found[1], 0)
	}
	return valid(InQuarter(atoi(found[2], year), number))
}

func readDate(text string, year int) (Deadline, bool) {
	found := datePattern.FindStringSubmatch(text)
	if found == nil {
		return Deadline{}, false
	}
	iso := fmt.Sprintf("%04d-%02d-%02d", atoi(found[3], year), atoi(found[2], 0), atoi(found[1], 0))
	day, err := calendar.ParseDay(iso) // refuses 30/2
	return OnDay(day), err == nil
}

func readMonth(text string, year int) (Deadline, bool) {
	found := monthPattern.FindStringSubmatch(text)
	if found == nil {
		found = bareMonth.FindStringSubmatch(text)
	}
	if found == nil {
		return Deadline{}, false
	}
	return valid(InMonth(atoi(found[2], year), atoi(found[1], 0)))
}

func readYear(text string, year int) (Deadline, bool) {
	found := yearPattern.FindStringSubmatch(text)
	if found == nil {
		return Deadline{}, false
	}
	return valid(InMonth(atoi(found[1], year), 12))
}

func valid(d Deadline) (Deadline, bool) { return d, d.period().Valid() }

// atoi reads digits that a pattern has already seen; absent ones are the default.
func atoi(digits string, absent int) int {
	if digits == "" {
		return absent
	}
	n, _ := strconv.Atoi(digits)
	return n
}
