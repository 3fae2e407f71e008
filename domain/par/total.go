package par

import (
	"math/big"
	"slices"
)

// Adjusted is what bonuses and penalties ask for, before their caps.
type Adjusted struct{ Bonus, Penalty Points }

// Result is what the criteria of a unit come to.
type Result struct {
	Appraised Points // of what was appraised
	Surveyed  Points // of what was surveyed
	Sum       Points // of both, as they are
	Out       Points // most points of what does not apply
	Scaled    Points // Sum over what applies, on the set's total
	Bonus     Points // given
	Penalty   Points // taken
	Total     Points // what ranks
	Class     string // empty where there is no total
	Missing   []string
	Open      bool // the appraisal is not over: its marks may still change
	Complete  bool // every criterion has its points, and keeps them
	Why       []Reason
}

// Result adds up the criteria's scores, by code. What does not apply leaves the
// total, and the rest is scaled to the whole (sum × total / most points that are
// left, rounded once); both are shown. Bonuses and penalties count up to their caps,
// and the total stays between nothing and the set's total. Criteria without points
// count nothing, and are named: such a result is not final.
func (s Set) Result(scores map[string]Score, asked Adjusted) Result {
	var r Result
	for _, c := range s.Criteria {
		score := scores[c.Code]
		switch {
		case !score.Known:
			r.Missing = append(r.Missing, c.Code)
		case score.NotApplicable:
			r.Out += c.Max
		case c.Asked():
			r.Appraised += score.Points.within(0, c.Max)
		default:
			r.Surveyed += score.Points.within(0, c.Max)
		}
	}
	r.Complete = len(r.Missing) == 0
	return s.Reckon(r, asked)
}

// Reckon is a result from its sums alone (Appraised, Surveyed, Out, Missing and Open), with
// where it comes from.
func (s Set) Reckon(r Result, asked Adjusted) Result {
	r = s.reckon(r, asked)
	r.Why = s.why(r, asked)
	return r
}

// reckon is the numbers of a result: what a ranking of thousands is made from.
func (s Set) reckon(r Result, asked Adjusted) Result {
	r.Sum = r.Appraised + r.Surveyed
	left := s.Total - r.Out
	if left <= 0 {
		return r
	}
	r.Scaled = r.Sum
	if r.Out > 0 {
		r.Scaled = r.Sum.times(big.NewInt(int64(s.Total)), big.NewInt(int64(left)))
	}
	r.Bonus, r.Penalty = min(max(asked.Bonus, 0), s.Bonus), min(max(asked.Penalty, 0), s.Penalty)
	r.Total = (r.Scaled + r.Bonus - r.Penalty).within(0, s.Total)
	if class, has := s.classOf(r.Total); has {
		r.Class = class.Name
	}
	return r
}

// why tells where the numbers of a result come from.
func (s Set) why(r Result, asked Adjusted) []Reason {
	var why []Reason
	because := func(code ReasonCode, args ...any) { why = append(why, Reason{Code: code, Args: args}) }
	because(WhySum, r.Appraised, r.Surveyed, r.Sum)
	if len(r.Missing) > 0 {
		because(WhyIncomplete, len(r.Missing))
	}
	if r.Open {
		because(WhyOpen)
	}
	left := s.Total - r.Out
	if left <= 0 {
		because(WhyAllOut)
		return why
	}
	if r.Out > 0 {
		because(WhyRescaled, r.Sum, left, s.Total, r.Scaled)
	}
	if asked.Bonus > 0 {
		because(WhyBonus, asked.Bonus, s.Bonus, r.Bonus)
	}
	if asked.Penalty > 0 {
		because(WhyPenalty, asked.Penalty, s.Penalty, r.Penalty)
	}
	if before := r.Scaled + r.Bonus - r.Penalty; r.Total != before {
		because(WhyBounded, before, r.Total)
	}
	if class, has := s.classOf(r.Total); has {
		because(WhyClass, class.Name, class.From, percentCut(r.Total.Number(), s.Total.Number()))
	}
	return why
}

// classOf is the first class whose beginning the total reaches.
func (s Set) classOf(total Points) (Class, bool) {
	reached, whole := total.Number(), s.Total.Number()
	i := slices.IndexFunc(s.Classes, func(c Class) bool { return reaches(reached, whole, c.From) })
	if i < 0 {
		return Class{}, false
	}
	return s.Classes[i], true
}
