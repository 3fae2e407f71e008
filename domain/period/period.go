// Package period knows reporting periods, the windows in which their data is
// taken, when reports are due and when people are reminded.
//
// Everything is computed from its arguments: the calendar and the instants are
// handed in. The words of an explanation live in templates/words; here are only
// codes. What is reported belongs to domain/form.
package period

import (
	"fmt"
	"strconv"
	"time"

	"cchc/domain/calendar"
)

// Kind is the length of a period, as Decree 09/2019/ND-CP art. 12 names them;
// nine months are set by the body that issues the regime.
type Kind string

// The kinds of periods.
const (
	Month      Kind = "month"
	Quarter    Kind = "quarter"
	HalfYear   Kind = "half_year"
	NineMonths Kind = "nine_months"
	Year       Kind = "year"
)

// monthsOf is the length of each kind and how many of them a year has.
var monthsOf = map[Kind]struct{ length, perYear int }{
	Month:      {1, 12},
	Quarter:    {3, 4},
	HalfYear:   {6, 2},
	NineMonths: {9, 1},
	Year:       {12, 1},
}

// Kinds lists every kind, the shortest first.
var Kinds = []Kind{Month, Quarter, HalfYear, NineMonths, Year}

// Period is one reporting period. Number counts within the year from 1; it is 1
// for NineMonths and Year.
type Period struct {
	Kind   Kind `json:"kind"`
	Year   int  `json:"year"`
	Number int  `json:"number"`
}

// Valid tells whether such a period exists.
func (p Period) Valid() bool {
	kind, known := monthsOf[p.Kind]
	return known && p.Year >= 1000 && p.Year <= 9999 && p.Number >= 1 && p.Number <= kind.perYear
}

// months are the first and last month of the period, 1 to 12.
func (p Period) months() (first, last time.Month) {
	length := monthsOf[p.Kind].length
	return time.Month((p.Number-1)*length + 1), time.Month(p.Number * length)
}

// From is the first day of the period itself, not of its data window.
func (p Period) From() calendar.Day {
	first, _ := p.months()
	return calendar.Date(p.Year, first, 1)
}

// To is the last day of the period itself, not of its data window.
func (p Period) To() calendar.Day {
	_, last := p.months()
	return calendar.Date(p.Year, last+1, 1).Add(-1)
}

// Code is the short ASCII name: "2026m03", "2026q4", "2026h1", "2026n9", "2026y".
func (p Period) Code() string {
	switch p.Kind {
	case Month:
		return fmt.Sprintf("%04dm%02d", p.Year, p.Number)
	case Quarter:
		return fmt.Sprintf("%04dq%d", p.Year, p.Number)
	case HalfYear:
		return fmt.Sprintf("%04dh%d", p.Year, p.Number)
	case NineMonths:
		return fmt.Sprintf("%04dn9", p.Year)
	default:
		return fmt.Sprintf("%04dy", p.Year)
	}
}

// kindOfLetter is the letter of each kind in a code.
var kindOfLetter = map[byte]Kind{'m': Month, 'q': Quarter, 'h': HalfYear, 'n': NineMonths, 'y': Year}

// Parse reads exactly what Code writes.
func Parse(code string) (Period, error) {
	p, ok := read(code)
	// Written again, so that "2026m3" or "2026q04" is not a second name of a period.
	if !ok || !p.Valid() || p.Code() != code {
		return Period{}, fmt.Errorf("parse period %q: want a code such as 2026q4", code)
	}
	return p, nil
}

// read takes a code apart.
func read(code string) (Period, bool) {
	if len(code) < 5 {
		return Period{}, false
	}
	year, err := strconv.Atoi(code[:4])
	if err != nil {
		return Period{}, false
	}
	p := Period{Kind: kindOfLetter[code[4]], Year: year, Number: 1}
	if monthsOf[p.Kind].perYear > 1 {
		p.Number, err = strconv.Atoi(code[5:])
	}
	return p, err == nil
}

// Previous is the adjoining period of the same kind before; of nine months and of
// a year it is that of the year before.
func (p Period) Previous() Period {
	if p.Number > 1 {
		p.Number--
		return p
	}
	p.Year--
	p.Number = max(1, monthsOf[p.Kind].perYear)
	return p
}

// Next is the period of the same kind after this one; of nine months and of a
// year it is that of the year after.
func (p Period) Next() Period {
	if p.Number < monthsOf[p.Kind].perYear {
		p.Number++
		return p
	}
	p.Year, p.Number = p.Year+1, 1
	return p
}

// Of is the period of the kind that holds the day; for nine months, which leave
// the end of the year out, that of the day's year.
func Of(kind Kind, day calendar.Day) Period {
	p := Period{Kind: kind, Year: day.Year(), Number: 1}
	for p.Number < monthsOf[kind].perYear && p.To() < day {
		p.Number++
	}
	return p
}

// SameLastYear is the same period of the year before.
func (p Period) SameLastYear() Period {
	p.Year--
	return p
}

// Window is the time whose data a report holds (thoi gian chot so lieu), both
// days included. It is neither the period nor the deadline (QD 1439 art. 3.6).
type Window struct {
	From calendar.Day `json:"from"`
	To   calendar.Day `json:"to"`
}
