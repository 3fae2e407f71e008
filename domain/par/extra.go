package par

import (
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// ExtraKind tells a bonus from a penalty.
type ExtraKind string

// The kinds.
const (
	ExtraBonus   ExtraKind = "bonus"
	ExtraPenalty ExtraKind = "penalty"
)

// ExtraKinds lists them.
var ExtraKinds = []ExtraKind{ExtraBonus, ExtraPenalty}

// Extra is points that a unit is given or loses besides its criteria. Each rests on a
// document, and says why.
type Extra struct {
	Unit     string
	Kind     ExtraKind
	Points   Points
	Reason   string
	Number   string        // of the document
	IssuedOn *calendar.Day // nil: not said
	Title    string        // of the document
}

// The codes of what is wrong with an extra, each at the field that it names.
const (
	ExtraKindBad  rule.Code = "extra_kind"
	ExtraNone     rule.Code = "extra_none"    // the set gives no such points
	ExtraPoints   rule.Code = "extra_points"  // must be more than nothing
	ExtraOver     rule.Code = "extra_over"    // most points of a year
	ExtraMissing  rule.Code = "extra_missing" // the field
	ExtraLong     rule.Code = "extra_long"    // letters allowed
	ExtraIssued   rule.Code = "extra_issued"  // a day to come
	ExtraWithdraw rule.Code = "extra_withdraw"
)

// Limits of an extra's texts, in letters.
const (
	MaxExtraReason = 2000
	MaxExtraNumber = 60
	MaxExtraTitle  = 500
)

// CheckExtra finds what is wrong with an extra. Several of a unit may together ask
// for more than the year's cap; what is beyond it does not count (Result).
func (s Set) CheckExtra(e Extra, today calendar.Day) rule.Errors {
	var broken rule.Errors
	most := s.Bonus
	switch e.Kind {
	case ExtraBonus:
	case ExtraPenalty:
		most = s.Penalty
	default:
		broken.Add(ExtraKindBad, "kind")
	}
	switch {
	case len(broken) > 0:
	case most == 0:
		broken.Add(ExtraNone, "kind")
	case e.Points <= 0:
		broken.Add(ExtraPoints, "points")
	case e.Points > most:
		broken.Add(ExtraOver, "points", most.String())
	}
	for _, one := range []struct {
		field, text string
		most        int
	}{{"reason", e.Reason, MaxExtraReason}, {"number", e.Number, MaxExtraNumber}, {"title", e.Title, MaxExtraTitle}} {
		switch {
		case strings.TrimSpace(one.text) == "":
			broken.Add(ExtraMissing, one.field, one.field)
		case len([]rune(one.text)) > one.most:
			broken.Add(ExtraLong, one.field, one.most)
		}
	}
	switch {
	case e.IssuedOn == nil:
		broken.Add(ExtraMissing, "issued_on", "issued_on")
	case *e.IssuedOn > today:
		broken.Add(ExtraIssued, "issued_on")
	}
	return broken
}
