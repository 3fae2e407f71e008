package par

import (
	"math/big"

	"cchc/domain/decimal"
)

// Opinion is what one group of respondents thinks of a unit in one criterion.
type Opinion struct {
	Criterion string
	Group     string
	Mean      decimal.Number // of all answers, in percent of the best, 0 to 100
	Answers   int            // how many there were; 0: nobody was reached
}

// Surveyed is the score of a criterion that others were asked about: the mean of the
// groups' means by their weights, times the most points, rounded once. The weight of
// a group that nobody answered for goes to the others in proportion; where nobody at
// all answered, there are no points yet.
func (c Criterion) Surveyed(set Set, opinions []Opinion) Score {
	var s Score
	for _, w := range c.Rule.Weights {
		name := set.groupName(w.Group)
		if o, asked := opinionOf(opinions, c.Code, w.Group); asked {
			s = s.because(WhySurveyGroup, name, o.Mean, w.Percent, o.Answers)
		} else {
			s = s.because(WhySurveyUnasked, name)
		}
	}
	p, sum, weights := c.weighed(opinions)
	if weights == 0 {
		return s.because(WhySurveyNone)
	}
	mean := decimal.OfTenThousandths(sum / weights)
	return s.give(p).because(WhySurveyMean, cutToHundredths(mean), c.Max, p)
}

// SumSurveys is the points of all criteria that others were asked about, and the codes of
// those that nobody answered.
func (s Set) SumSurveys(opinions []Opinion) (sum Points, missing []string) {
	for _, c := range s.Surveys() {
		if p, _, weights := c.weighed(opinions); weights > 0 {
			sum += p
		} else {
			missing = append(missing, c.Code)
		}
	}
	return sum, missing
}

// weighed is what the opinions give, the sum of the means by their weights, in
// ten-thousandths, and the sum of the weights; 0: nobody answered.
func (c Criterion) weighed(opinions []Opinion) (p Points, sum, weights int64) {
	for _, w := range c.Rule.Weights {
		if o, asked := opinionOf(opinions, c.Code, w.Group); asked {
			weights += int64(w.Percent)
			sum += o.Mean.TenThousandths() * int64(w.Percent)
		}
	}
	if weights == 0 {
		return 0, 0, 0
	}
	below := weights * hundredPercent.TenThousandths()
	return c.Max.times(big.NewInt(max(sum, 0)), big.NewInt(below)).within(0, c.Max), sum, weights
}

func opinionOf(opinions []Opinion, criterion, group string) (Opinion, bool) {
	for _, o := range opinions {
		if o.Criterion == criterion && o.Group == group && o.Answers > 0 {
			return o, true
		}
	}
	return Opinion{}, false
}

func (s Set) groupName(code string) string {
	for _, g := range s.Groups {
		if g.Code == code {
			return g.Name
		}
	}
	return code
}

func cutToHundredths(n decimal.Number) decimal.Number {
	return decimal.OfTenThousandths(n.TenThousandths() / hundredth * hundredth)
}
