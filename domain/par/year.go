package par

import (
	"reflect"
	"slices"
)

// Continued is a criterion beside the one of the same code in another version of the
// set. Codes are stable between versions; what was measured otherwise is said.
type Continued struct {
	Code   string
	Before *Criterion // nil: it is new
	After  *Criterion // nil: it is gone
}

// Alike tells whether points before and after measure the same: the same kind of
// rule, with the same numbers, of as many points.
func (c Continued) Alike() bool {
	return c.Before != nil && c.After != nil && c.Before.Kind == c.After.Kind && c.Before.Max == c.After.Max &&
		reflect.DeepEqual(c.Before.Rule, c.After.Rule)
}

// Continue pairs the criteria of two versions: in the order of the later one, then
// those that it no longer has.
func Continue(before, after Set) []Continued {
	var pairs []Continued
	for i, c := range after.Criteria {
		pair := Continued{Code: c.Code, After: &after.Criteria[i]}
		if at := indexOf(before.Criteria, c.Code); at >= 0 {
			pair.Before = &before.Criteria[at]
		}
		pairs = append(pairs, pair)
	}
	for i, c := range before.Criteria {
		if indexOf(after.Criteria, c.Code) < 0 {
			pairs = append(pairs, Continued{Code: c.Code, Before: &before.Criteria[i]})
		}
	}
	return pairs
}

func indexOf(criteria []Criterion, code string) int {
	return slices.IndexFunc(criteria, func(c Criterion) bool { return c.Code == code })
}
