package period

import "slices"

// What a report is compared with is not always of its own kind: nine months
// follow half a year, and begin where the year before ended.

// ofYear lists every period of a year.
func ofYear(year int) []Period {
	var all []Period
	for _, kind := range Kinds {
		for n := range monthsOf[kind].perYear {
			all = append(all, Period{Kind: kind, Year: year, Number: n + 1})
		}
	}
	return all
}

// choose keeps the periods that fit, in the order of rank; of equal ones those of
// the period's own kind first, then the longer.
func (p Period) choose(from []Period, fits func(Period) bool, rank func(a, b Period) int) []Period {
	var chosen []Period
	for _, one := range from {
		if one != p && fits(one) {
			chosen = append(chosen, one)
		}
	}
	slices.SortStableFunc(chosen, func(a, b Period) int {
		if order := rank(a, b); order != 0 {
			return order
		}
		if (a.Kind == p.Kind) != (b.Kind == p.Kind) {
			if a.Kind == p.Kind {
				return -1
			}
			return 1
		}
		return int(a.From() - b.From())
	})
	return chosen
}

func alike(_, _ Period) int { return 0 }

func newestEnd(a, b Period) int { return int(b.To() - a.To()) }

// Adjoining are the periods that end on the day before this one begins, one of
// the same kind first. Stocks at their end are stocks at the beginning of this
// one: what is carried over comes from the best of them that was reported. Nine
// months adjoin the year before, not its nine months.
func (p Period) Adjoining() []Period {
	day := p.From().Add(-1)
	return p.choose(ofYear(day.Year()), func(one Period) bool { return one.To() == day }, alike)
}

// BeforeInYear are the periods of the same year that end before this one, the
// newest end first: figures that accumulate from January on cannot have been
// greater then.
func (p Period) BeforeInYear() []Period {
	return p.choose(ofYear(p.Year), func(one Period) bool { return one.To() < p.To() }, newestEnd)
}

// Begun are the periods that begin with this one and end before it, the longest
// first: half a year within nine months, a month within its quarter. What
// happened in them is part of what happened in this one.
func (p Period) Begun() []Period {
	return p.choose(ofYear(p.Year), func(one Period) bool { return one.From() == p.From() && one.To() < p.To() }, newestEnd)
}

// Earlier are the periods whose words a report may be begun with, best first:
// for nine months and a year what has been reported of it so far, else what
// adjoins; last the same kind before.
func (p Period) Earlier() []Period {
	earlier := p.Adjoining()
	if p.Kind == NineMonths || p.Kind == Year {
		earlier = append(p.Begun(), earlier...)
	}
	if before := p.Previous(); !slices.Contains(earlier, before) {
		earlier = append(earlier, before)
	}
	return earlier
}

// Codes are the codes of periods, in their order.
func Codes(periods []Period) []string {
	codes := make([]string, len(periods))
	for i, p := range periods {
		codes[i] = p.Code()
	}
	return codes
}
