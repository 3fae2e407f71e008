package form

import "slices"

// Pick is the form with the named indicators alone, in its order: an appendix made
// for one occasion. Ratios bring the indicators that they are computed from. Of the
// checks those remain that look at nothing else; without earlier periods there is
// nothing to compare with, and no tolerance.
func (v Version) Pick(codes []string) Version {
	wanted := map[string]bool{}
	for _, code := range codes {
		wanted[code] = true
		indicator, known := v.Indicator(code)
		if !known || indicator.Type != TypeRatio {
			continue
		}
		for _, side := range []string{indicator.Numerator, indicator.Denominator} {
			operands, err := parseSum(side)
			if err != nil {
				continue // Validate refuses such a form
			}
			for _, one := range operands {
				wanted[one.Code] = true
			}
		}
	}
	picked := Version{}
	for _, indicator := range v.Indicators {
		if wanted[indicator.Code] {
			picked.Indicators = append(picked.Indicators, indicator)
		}
	}
	for _, check := range v.Checks {
		parsed, err := ParseRule(check.Rule)
		if err == nil && !slices.ContainsFunc(parsed.operands(), func(o Operand) bool {
			return o.Source != FromLiteral && (o.Source != FromCurrent || !wanted[o.Code])
		}) {
			picked.Checks = append(picked.Checks, check)
		}
	}
	return picked
}
