package par

import (
	"math"
	"math/big"
	"slices"

	"cchc/domain/decimal"
)

// Score is what the unit's answer gives in the assessed year: what the rule makes of
// it, or what the unit claims instead. It never exceeds the criterion's most points.
// An answer that Check refuses gives what can be made of it.
func (c Criterion) Score(a Answer, year int) Score {
	byRule := c.ByRule(a, year)
	if a.Claim == nil || byRule.NotApplicable {
		return byRule
	}
	claim := a.Claim.within(0, c.Max)
	if byRule.Known && byRule.Points == claim {
		return byRule
	}
	given := Points(-1)
	if byRule.Known {
		given = byRule.Points
	}
	return byRule.give(claim).because(WhyClaimed, given, claim)
}

// ByRule is what the criterion's rule alone makes of the answer.
func (c Criterion) ByRule(a Answer, year int) Score {
	var s Score
	if c.Fact != "" {
		s = s.because(WhyFact, len(a.Sources))
	}
	if a.NotApplicable && c.MayNotApply {
		return s.leaveOut().because(WhyNotApplicable, c.Max)
	}
	switch {
	case c.Kind == YesNo:
		s = c.yesNo(s, a)
	case c.Kind == Date:
		s = c.date(s, a, year)
	case c.Ratio():
		s = c.ratio(s, a)
	case c.Kind == Banded && a.Number != nil:
		s = c.banded(s, *a.Number)
	case c.Kind == Deduct && a.Number != nil:
		p := (c.Max - c.cases(*a.Number)).within(0, c.Max)
		s = s.give(p).because(WhyDeducted, *a.Number, c.Rule.Step, c.Max, p)
	case c.Kind == Count && a.Number != nil:
		p := c.cases(*a.Number).within(0, c.Max)
		s = s.give(p).because(WhyCounted, *a.Number, c.Rule.Step, c.Max, p)
	case c.Kind == Checklist:
		s = c.checklist(s, a.Items)
	}
	if !s.Known {
		s = s.because(WhyMissing)
	}
	return s
}

func (c Criterion) yesNo(s Score, a Answer) Score {
	switch {
	case a.Yes == nil:
		return s
	case *a.Yes:
		return s.give(c.Max).because(WhyYes, c.Max)
	}
	return s.give(0).because(WhyNo)
}

// date gives everything until the deadline, then by the steps of lateness: days are
// those of the calendar, for a plan's or a list's lateness is told so.
func (c Criterion) date(s Score, a Answer, year int) Score {
	if c.Rule.Deadline == nil {
		return s
	}
	deadline := c.Rule.Deadline.In(year)
	switch {
	case a.Day == nil && a.Yes != nil && !*a.Yes:
		return s.give(0).because(WhyNeverDone, deadline)
	case a.Day == nil:
		return s
	case *a.Day <= deadline:
		return s.give(c.Max).because(WhyOnTime, *a.Day, deadline, c.Max)
	}
	late, last := int(*a.Day-deadline), 0
	for _, step := range c.Rule.Late {
		if late <= step.Days {
			p := step.Points.within(0, c.Max)
			return s.give(p).because(WhyLate, *a.Day, deadline, late, step.Days, p)
		}
		last = step.Days
	}
	return s.give(0).because(WhyTooLate, *a.Day, deadline, late, last)
}

func (c Criterion) ratio(s Score, a Answer) Score {
	if a.Done == nil || a.Of == nil {
		return s
	}
	done, of := *a.Done, *a.Of
	if of.Sign() <= 0 {
		return c.noCases(s)
	}
	percent := percentCut(done, of)
	s = s.because(WhyRatio, done, of, percent)
	switch c.Kind {
	case Formula:
		return c.formula(s, done, of, percent)
	case Cap:
		return c.capped(s, done, of, percent)
	}
	return c.steps(s, percent, func(from decimal.Number) bool { return reaches(done, of, from) },
		func() Points { return c.share(done, of) })
}

func (c Criterion) noCases(s Score) Score {
	switch c.Rule.Without {
	case WithoutAll:
		return s.give(c.Max).because(WhyNoCases, c.Max)
	case WithoutOut:
		return s.leaveOut().because(WhyNoCasesOut, c.Max)
	}
	return s.give(0).because(WhyNoCases, Points(0))
}

// formula is the share of the most points; nothing below the floor.
func (c Criterion) formula(s Score, done, of, percent decimal.Number) Score {
	if floor := c.Rule.Floor; floor != nil && !reaches(done, of, *floor) {
		return s.give(0).because(WhyBelowFloor, percent, *floor)
	}
	p := c.share(done, of)
	if done.Cmp(of) >= 0 {
		return s.give(p).because(WhyFull, p)
	}
	return s.give(p).because(WhyShare, percent, c.Max, p)
}

// capped is everything from the target on, below it r×max/target.
func (c Criterion) capped(s Score, done, of, percent decimal.Number) Score {
	target := hundredPercent
	if c.Rule.Target != nil {
		target = *c.Rule.Target
	}
	if reaches(done, of, target) {
		return s.give(c.Max).because(WhyTargetMet, percent, target, c.Max)
	}
	above := new(big.Int).Mul(done.Units(), hundredPercent.Units())
	below := new(big.Int).Mul(of.Units(), target.Units())
	p := c.Max.times(notNegative(above), below).within(0, c.Max)
	return s.give(p).because(WhyTargetShare, percent, target, c.Max, p)
}

func (c Criterion) banded(s Score, value decimal.Number) Score {
	return c.steps(s, value, func(from decimal.Number) bool { return value.Cmp(from) >= 0 }, func() Points { return 0 })
}

// steps is the band of the greatest beginning that is reached.
func (c Criterion) steps(s Score, value decimal.Number, reached func(decimal.Number) bool, share func() Points) Score {
	if len(c.Rule.Bands) == 0 {
		return s
	}
	for _, band := range slices.Backward(c.Rule.Bands) {
		if !reached(band.From) {
			continue
		}
		p := band.Points.within(0, c.Max)
		if band.Share {
			p = share()
		}
		return s.give(p).because(WhyBand, value, band.From, p)
	}
	return s.give(0).because(WhyBandBelow, value, c.Rule.Bands[0].From)
}

func (c Criterion) checklist(s Score, answered map[string]bool) Score {
	var sum Points
	for _, item := range c.Rule.Items {
		held, said := answered[item.Code]
		switch {
		case !said:
			return s
		case held:
			sum += item.Points
			s = s.because(WhyItem, item.Name, item.Points)
		default:
			s = s.because(WhyItemMissing, item.Name)
		}
	}
	if len(c.Rule.Items) == 0 {
		return s
	}
	return s.give(sum.within(0, c.Max))
}

// share is done/of of the most points, at most all of them.
func (c Criterion) share(done, of decimal.Number) Points {
	return c.Max.times(notNegative(done.Units()), of.Units()).within(0, c.Max)
}

// cases is the points of so many cases.
func (c Criterion) cases(n decimal.Number) Points {
	return c.Rule.Step.times(notNegative(n.Units()), big.NewInt(decimal.One))
}

var hundredPercent = decimal.Of(100)

// reaches tells exactly whether done/of is at least so many percent.
func reaches(done, of, percent decimal.Number) bool {
	left := new(big.Int).Mul(done.Units(), hundredPercent.Units())
	return left.Cmp(new(big.Int).Mul(of.Units(), percent.Units())) >= 0
}

// quotient is done*times/of, cut; what leaves the range is its end.
func quotient(done, of decimal.Number, times int64) int64 {
	cut := new(big.Int).Mul(notNegative(done.Units()), big.NewInt(times))
	if cut.Quo(cut, of.Units()); cut.Cmp(big.NewInt(math.MaxInt64/decimal.One)) > 0 {
		return math.MaxInt64 / decimal.One
	}
	return cut.Int64()
}

func notNegative(n *big.Int) *big.Int {
	if n.Sign() < 0 {
		return new(big.Int)
	}
	return n
}
