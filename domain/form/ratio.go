package form

import (
	"fmt"
	"math/big"
	"slices"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
)

// Ratio is the percentage of the indicator from its numerator and denominator,
// with two decimals, half away from zero. It is false, and shown as a dash, when
// a term is blank or the denominator is zero.
func (v Version) Ratio(indicator Indicator, figures map[string]Figure) (Decimal, bool) {
	run := checking{version: v, content: Content{Figures: figures}}
	return run.ratio(indicator)
}

func ratioOf(indicator Indicator, sum func([]Operand) (*big.Int, bool)) (Decimal, bool) {
	numerator, err := parseSum(indicator.Numerator)
	if err != nil {
		return Decimal{}, false
	}
	denominator, err := parseSum(indicator.Denominator)
	if err != nil {
		return Decimal{}, false
	}
	above, aboveKnown := sum(numerator)
	below, belowKnown := sum(denominator)
	if !aboveKnown || !belowKnown || below.Sign() == 0 {
		return Decimal{}, false
	}
	return percent(above, below)
}

// RatioTerms are the numerator and the denominator of a ratio as they are reckoned
// in a report whose window ends on that day: "3.19+3.20" and "3.18", without the
// indicators no longer asked. Both are empty where the ratio cannot be reckoned.
func (v Version) RatioTerms(indicator Indicator, windowEnd calendar.Day) (numerator, denominator string) {
	sides := [2]string{}
	for i, text := range []string{indicator.Numerator, indicator.Denominator} {
		side, err := parseSum(text)
		if err != nil {
			return "", ""
		}
		side = slices.DeleteFunc(side, func(o Operand) bool {
			one, _ := v.Indicator(o.Code)
			return !one.asked(windowEnd)
		})
		if len(side) == 0 {
			return "", ""
		}
		sides[i] = writeSum(side)
	}
	return sides[0], sides[1]
}

// percent is 100*above/below to hundredths. It is false when the result leaves
// the range of a Decimal.
func percent(above, below *big.Int) (Decimal, bool) {
	const (
		hundredths        = 100 * 100 // a percentage with two decimals
		unitsPerHundredth = decimal.One / 100
	)
	quotient, rest := new(big.Int).QuoRem(new(big.Int).Mul(above, big.NewInt(hundredths)), below, new(big.Int))
	// Half up, away from zero: QuoRem cuts towards zero.
	if twice := new(big.Int).Abs(rest); twice.Lsh(twice, 1).CmpAbs(below) >= 0 {
		quotient.Add(quotient, big.NewInt(int64(above.Sign()*below.Sign())))
	}
	return decimal.OfUnits(quotient.Mul(quotient, big.NewInt(unitsPerHundredth)))
}

// Total is an indicator over several units.
type Total struct {
	Value *Decimal // nil: no unit gave it, or the ratio has no denominator
	Units int      // how many units gave it; of a ratio, of those that gave all its terms
}

// Sum adds up the figures of several units by indicator. Ratios are recomputed
// from the sums, never averaged. The error is a sum beyond the range of a Decimal.
func (v Version) Sum(units []map[string]Figure) (map[string]Total, error) {
	totals := make(map[string]Total, len(v.Indicators))
	sums := make(map[string]Figure, len(v.Indicators))
	for _, indicator := range v.Indicators {
		if indicator.Type == TypeRatio {
			continue
		}
		total, err := sumOf(indicator.Code, units)
		if err != nil {
			return nil, err
		}
		totals[indicator.Code] = total
		sums[indicator.Code] = Figure{Code: indicator.Code, Value: total.Value}
	}
	for _, indicator := range v.Indicators {
		if indicator.Type == TypeRatio {
			totals[indicator.Code] = v.ratioTotal(indicator, units, sums)
		}
	}
	return totals, nil
}

func sumOf(code string, units []map[string]Figure) (Total, error) {
	sum, count := new(big.Int), 0
	for _, figures := range units {
		if value := figures[code].Value; value != nil {
			sum.Add(sum, value.Units())
			count++
		}
	}
	if count == 0 {
		return Total{}, nil
	}
	value, ok := decimal.OfUnits(sum)
	if !ok {
		return Total{}, fmt.Errorf("sum of %s over %d units: out of range", code, count)
	}
	return Total{Value: &value, Units: count}, nil
}

func (v Version) ratioTotal(indicator Indicator, units []map[string]Figure, sums map[string]Figure) Total {
	var total Total
	if value, ok := v.Ratio(indicator, sums); ok {
		total.Value = &value
	}
	for _, figures := range units {
		if v.hasTerms(indicator, figures) {
			total.Units++
		}
	}
	return total
}

// hasTerms tells whether every term of the ratio is filled in.
func (v Version) hasTerms(indicator Indicator, figures map[string]Figure) bool {
	for _, text := range []string{indicator.Numerator, indicator.Denominator} {
		side, err := parseSum(text)
		if err != nil {
			return false
		}
		for _, operand := range side {
			if figures[operand.Code].Value == nil {
				return false
			}
		}
	}
	return true
}

// Terms are the numerator and denominator of a ratio as sums; false when one of
// them cannot be read.
func (i Indicator) Terms() (numerator, denominator []Operand, ok bool) {
	numerator, errAbove := parseSum(i.Numerator)
	denominator, errBelow := parseSum(i.Denominator)
	return numerator, denominator, errAbove == nil && errBelow == nil
}
