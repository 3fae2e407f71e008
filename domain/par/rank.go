package par

import (
	"cmp"
	"slices"
	"strings"
)

// Standing is a unit's total within the group of units it is ranked in.
type Standing struct {
	Unit  string
	Group string // of units: departments are ranked apart from wards
	Total Points
}

// Placed is a standing with its rank.
type Placed struct {
	Standing
	Rank   int // from 1; equal totals share one, and the next begins after them: 1, 2, 2, 4
	Of     int // units in the group
	Shared int // units with this rank, at least 1
}

// Why tells where the rank comes from.
func (p Placed) Why() Reason {
	if p.Shared > 1 {
		return Reason{Code: WhyRankShared, Args: []any{p.Rank, p.Of, p.Shared}}
	}
	return Reason{Code: WhyRank, Args: []any{p.Rank, p.Of}}
}

// Rank orders standings by group, rank and unit. Only results that are final are
// handed in: one that is not complete has no rank.
func Rank(standings []Standing) []Placed {
	ordered := slices.Clone(standings)
	slices.SortFunc(ordered, func(a, b Standing) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), cmp.Compare(b.Total, a.Total), strings.Compare(a.Unit, b.Unit))
	})
	placed := make([]Placed, 0, len(ordered))
	for group := range groups(ordered) {
		for i := 0; i < len(group); {
			end := i + 1
			for end < len(group) && group[end].Total == group[i].Total {
				end++
			}
			for _, one := range group[i:end] {
				placed = append(placed, Placed{Standing: one, Rank: i + 1, Of: len(group), Shared: end - i})
			}
			i = end
		}
	}
	return placed
}

// groups yields the standings of one group after the other; they are in order.
func groups(ordered []Standing) func(yield func([]Standing) bool) {
	return func(yield func([]Standing) bool) {
		for start := 0; start < len(ordered); {
			end := start + 1
			for end < len(ordered) && ordered[end].Group == ordered[start].Group {
				end++
			}
			if !yield(ordered[start:end]) {
				return
			}
			start = end
		}
	}
}
