package campaign

import (
	"slices"
	"strconv"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
)

// Periods lists what an officer may choose from on that day: the quarters around
// it, then the longer periods of its year and the one before.
func Periods(today calendar.Day) []period.Period {
	quarter := period.Period{Kind: period.Quarter, Year: today.Year(), Number: (int(today.Month()) + 2) / 3}
	periods := []period.Period{quarter.Previous(), quarter}
	for range 3 {
		quarter = following(quarter)
		periods = append(periods, quarter)
	}
	for _, year := range []int{today.Year(), today.Year() - 1} {
		periods = append(periods,
			period.Period{Kind: period.HalfYear, Year: year, Number: 1},
			period.Period{Kind: period.NineMonths, Year: year, Number: 1},
			period.Period{Kind: period.Year, Year: year, Number: 1})
	}
	return periods
}

func following(quarter period.Period) period.Period {
	if quarter.Number == 4 {
		return period.Period{Kind: period.Quarter, Year: quarter.Year + 1, Number: 1}
	}
	quarter.Number++
	return quarter
}

// NextPeriod is the first of the quarters whose suggested due still lies ahead
// and which has no campaign yet; taken tells of a period code whether it has.
func NextPeriod(now time.Time, taken func(code string) bool, c calendar.Calendar) period.Period {
	var last period.Period
	for _, p := range Periods(calendar.DayOf(now)) {
		if p.Kind != period.Quarter {
			continue
		}
		last = p
		due, _ := period.SuggestDue(p, period.DataWindow(p), c)
		if due.LastInstant(c).After(now) && !taken(p.Code()) {
			return p
		}
	}
	return following(last)
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
		if known.WorkingDays == rung.WorkingDays && known.Repeat == rung.Repeat && slices.Equal(known.To, rung.To) {
			return known.Code
		}
	}
	switch {
	case rung.WorkingDays == 0:
		return "due"
	case rung.WorkingDays < 0:
		return "before_" + strconv.Itoa(-rung.WorkingDays)
	case rung.Repeat:
		return "daily_" + strconv.Itoa(rung.WorkingDays)
	}
	return "after_" + strconv.Itoa(rung.WorkingDays)
}
