package form

// Carry is a figure that the form takes over from the period before.
type Carry struct {
	From  string // the earlier indicator: "3.22"
	Value Decimal
}

// Carried are the figures that an error check makes equal to one figure of the
// period before ("3.13=previous(3.22)"), by indicator, where that one is known.
// Nothing else would be accepted, so nobody need type them.
func (v Version) Carried(c Context) map[string]Carry {
	carried := map[string]Carry{}
	for _, check := range v.Checks {
		if check.Severity != SeverityError {
			continue
		}
		parsed, err := ParseRule(check.Rule)
		if err != nil || parsed.Op != "=" || len(parsed.Left) != 1 || len(parsed.Right) != 1 {
			continue
		}
		to, from := parsed.Left[0], parsed.Right[0]
		if to.Source != FromCurrent || from.Source != FromPrevious || to.Negative || from.Negative {
			continue
		}
		indicator, _ := v.Indicator(to.Code)
		if before := c.Previous[from.Code].Value; before != nil && indicator.asked(c.WindowEnd) {
			carried[to.Code] = Carry{From: from.Code, Value: *before}
		}
	}
	return carried
}
