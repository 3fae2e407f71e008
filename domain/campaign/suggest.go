package campaign

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
)

// around is how many periods of each kind are offered before and after the one
// that holds the day.
var around = map[period.Kind]struct{ before, after int }{
	period.Month: {2, 6}, period.Quarter: {1, 3}, period.HalfYear: {1, 2}, period.NineMonths: {1, 1}, period.Year: {1, 1},
}

// Periods lists what an officer may choose from on that day, by kind, each in
// order of time.
func Periods(today calendar.Day) []period.Period {
	var periods []period.Period
	for _, kind := range period.Kinds {
		p := period.Of(kind, today)
		for range around[kind].before {
			p = p.Previous()
		}
		for range around[kind].before + 1 + around[kind].after {
			periods = append(periods, p)
			p = p.Next()
		}
	}
	return periods
}

// nextWithin is how many periods ahead a free one is looked for.
const nextWithin = 24

// NextPeriod is the first period of the kind whose due by its rule still lies
// ahead and which has no campaign yet; taken tells of a period code whether it
// has.
func NextPeriod(kind period.Kind, now time.Time, taken func(code string) bool, rules period.Rules, c calendar.Calendar) period.Period {
	p := period.Of(kind, calendar.DayOf(now)).Previous()
	for range nextWithin {
		if r, known := rules.For(p); known && !taken(p.Code()) {
			due, _ := r.Suggest(p, r.Window(p), c)
			if due.LastInstant(c).After(now) {
				return p
			}
		}
		p = p.Next()
	}
	return p
}

// PlanYears are the years for which an officer may ask for plans on that day: this
// one and the next two.
func PlanYears(today calendar.Day) []period.Period {
	year := period.Of(period.Year, today)
	return []period.Period{year, year.Next(), year.Next().Next()}
}

// plansFrom is the month from which on plans are asked for the year to come.
const plansFrom = time.July

// NextPlanYear is the year for which plans are asked for next: from July on the one
// to come, and the first that has none; taken tells of a period code whether it has.
func NextPlanYear(today calendar.Day, taken func(code string) bool) period.Period {
	year := period.Of(period.Year, today)
	if today.Month() >= plansFrom || taken(year.Code()) {
		year = year.Next()
	}
	for range nextWithin {
		if !taken(year.Code()) {
			return year
		}
		year = year.Next()
	}
	return year
}

// IndexYears are the years that may be assessed: this one and the last.
func IndexYears(today calendar.Day) []period.Period {
	year := period.Of(period.Year, today)
	return []period.Period{year, year.Previous()}
}

// assessedFrom is the month from which on a year is assessed that has not ended yet.
const assessedFrom = time.July

// NextIndexYear is the year that is assessed next (QD 1439 art. 8.3): before July the
// one that has ended, unless it has been asked for already.
func NextIndexYear(today calendar.Day, taken func(code string) bool) period.Period {
	year := period.Of(period.Year, today)
	if last := year.Previous(); today.Month() < assessedFrom && !taken(last.Code()) {
		return last
	}
	return year
}

// planDays are the full working days that units get to write a plan: no law sets
// them, the authority's guidance does.
const planDays = 20

// SuggestPlan is the window and due of a plan that is asked for today, with the
// reasons: the tasks' window is the year itself.
func SuggestPlan(year period.Period, today calendar.Day, c calendar.Calendar) (period.Window, period.Due, []period.Step) {
	last := c.AddWorkingDays(today, planDays)
	due := period.Due{Day: c.AddWorkingDays(last, 1), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone}
	steps := []period.Step{
		{Code: period.StepWorkingDays, Args: []any{planDays, today, last}, Source: period.SourceCampaign},
		{Code: period.StepExclusive, Args: []any{due.Day, due.LastDay(c)}, Source: period.SourceBeforeTheDay},
	}
	return period.Window{From: year.From(), To: year.To()}, due, steps
}

// codePrefix begins the suggested code of each kind's campaigns.
var codePrefix = map[document.Kind]string{
	document.Report: "bc", document.AdHoc: "dx", document.Plan: "kh", document.Index: "cs",
}

// SuggestCode is a short readable code that is not taken yet: "bc-2026q4", then
// "bc-2026q4-2".
func SuggestCode(kind document.Kind, p period.Period, taken func(code string) bool) string {
	base := codePrefix[kind] + "-" + p.Code()
	code := base
	for n := 2; taken(code); n++ {
		code = base + "-" + strconv.Itoa(n)
	}
	return code
}

// SuggestRequestCode is the code of a request made on that day: "dx-20261123", then
// "dx-20261123-2".
func SuggestRequestCode(today calendar.Day, taken func(code string) bool) string {
	base := codePrefix[document.AdHoc] + "-" + strings.ReplaceAll(today.String(), "-", "")
	code := base
	for n := 2; taken(code); n++ {
		code = base + "-" + strconv.Itoa(n)
	}
	return code
}

// NameRungs gives every rung a code that says when it comes, so that a code never
// tells another day than the rung has. Rungs of the default ladder keep theirs.
func NameRungs(ladder period.Ladder) period.Ladder {
	named := slices.Clone(ladder)
	used := map[string]bool{}
	for i := range named {
		code := rungCode(named[i])
		for n, base := 2, code; used[code]; n++ {
			code = base + "_" + strconv.Itoa(n)
		}
		used[code] = true
		named[i].Code = code
	}
	return named
}

func rungCode(rung period.Rung) string {
	for _, known := range period.DefaultLadder() {
		if known.WorkingDays == rung.WorkingDays && known.Hours == rung.Hours && known.Repeat == rung.Repeat && slices.Equal(known.To, rung.To) {
			return known.Code
		}
	}
	switch {
	case rung.AtDue():
		return "due"
	case rung.Hours < 0:
		return "before_" + strconv.Itoa(-rung.Hours) + "h"
	case rung.Hours > 0:
		return "after_" + strconv.Itoa(rung.Hours) + "h"
	case rung.WorkingDays < 0:
		return "before_" + strconv.Itoa(-rung.WorkingDays)
	case rung.Repeat:
		return "daily_" + strconv.Itoa(rung.WorkingDays)
	}
	return "after_" + strconv.Itoa(rung.WorkingDays)
}
