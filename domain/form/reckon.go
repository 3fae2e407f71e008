package form

import (
	"math/big"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
)

// Reckoned is an indicator over several units, from the sums of their figures. A
// ratio is that of the sums, never an average of ratios.
type Reckoned struct {
	Asked bool     // reports of that window were asked for it
	Value *Decimal // nil: nobody gave it, or the ratio has no denominator
	Above *Decimal // a ratio's numerator; nil otherwise, or unknown
	Below *Decimal // its denominator
}

// Reckon is the indicator from sums by code, in reports whose window ends on that
// day: indicators no longer asked then drop out of ratios.
func (v Version) Reckon(code string, windowEnd calendar.Day, sums map[string]Decimal) Reckoned {
	indicator, known := v.Indicator(code)
	if !known || !indicator.asked(windowEnd) {
		return Reckoned{}
	}
	r := Reckoned{Asked: true}
	if indicator.Type != TypeRatio {
		if sum, given := sums[code]; given {
			r.Value = &sum
		}
		return r
	}
	run := checking{version: v, content: Content{Figures: figuresOfSums(sums)}, context: Context{WindowEnd: windowEnd}}
	above, below, ok := indicator.Terms()
	if !ok {
		return r
	}
	r.Above, r.Below = within(run.sum(above)), within(run.sum(below))
	if value, ok := run.ratio(indicator); ok {
		r.Value = &value
	}
	return r
}

func figuresOfSums(sums map[string]Decimal) map[string]Figure {
	figures := make(map[string]Figure, len(sums))
	for code, sum := range sums {
		figures[code] = Figure{Code: code, Value: &sum}
	}
	return figures
}

// within is a sum that is known and within the range of a Decimal.
func within(sum *big.Int, known bool) *Decimal {
	if !known {
		return nil
	}
	value, ok := decimal.OfUnits(sum)
	if !ok {
		return nil
	}
	return &value
}

// Parts are the figures from which the indicator is reckoned: its own code, or
// those of a ratio's terms.
func (v Version) Parts(code string) []string {
	indicator, known := v.Indicator(code)
	if !known {
		return nil
	}
	if indicator.Type != TypeRatio {
		return []string{code}
	}
	above, below, ok := indicator.Terms()
	if !ok {
		return nil
	}
	var codes []string
	for _, operand := range append(above, below...) {
		codes = append(codes, operand.Code)
	}
	return codes
}
