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
	sum, weights := new(big.Int), int64(0)
	for _, w := range c.Rule.Weights {
		name := set.groupName(w.Group)
		o, asked := opinionOf(opinions, c.Code, w.Group)
		if !asked {
			s = s.because(WhySurveyUnasked, name)
			continue
		}
		s = s.because(WhySurveyGroup, name, o.Mean, w.Percent, o.Answers)
		weights += int64(w.Percent)
		sum.Add(sum, new(big.Int).Mul(o.Mean.Units(), big.NewInt(int64(w.Percent))))
	}
	if weights == 0 {
		return s.because(WhySurveyNone)
	}
	below := new(big.Int).Mul(big.NewInt(weights), hundredPercent.Units())
	p := c.Max.times(notNegative(sum), below).within(0, c.Max)
	mean, _ := decimal.OfUnits(new(big.Int).Quo(sum, big.NewInt(weights)))
	return s.give(p).because(WhySurveyMean, cutToHundredths(mean), c.Max, p)
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
