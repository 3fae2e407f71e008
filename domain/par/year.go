package par

import (
	"reflect"
	"slices"
	"strings"
)

// Continued is a criterion beside what it was in another version of the set; what was
// measured otherwise is said.
type Continued struct {
	Code   string     // of the later one; of what is gone, its own
	Before *Criterion // nil: it is new
	After  *Criterion // nil: it is gone
}

// Moved tells whether it had another code.
func (c Continued) Moved() bool {
	return c.Before != nil && c.After != nil && c.Before.Code != c.After.Code
}

// Alike tells whether points before and after measure the same: the same kind of
// rule, with the same numbers, of as many points.
func (c Continued) Alike() bool {
	return c.Before != nil && c.After != nil && c.Before.Kind == c.After.Kind && c.Before.Max == c.After.Max &&
		reflect.DeepEqual(c.Before.Rule, c.After.Rule)
}

// Continue pairs the criteria of two versions: in the order of the later one, then
// those that it no longer has. A set that gains a criterion is numbered anew, so a
// criterion that keeps its name is the same under another code, and what has taken its
// code is not; one that is only worded anew keeps its code.
func Continue(before, after Set) []Continued {
	m := matching{before: before.Criteria, after: after.Criteria, earlier: map[int]int{}, taken: map[int]bool{}}
	m.match(func(a, b Criterion) bool { return a.Code == b.Code && sameName(a, b) })
	m.match(func(a, b Criterion) bool { return sameName(a, b) && m.alone(a) })
	m.match(func(a, b Criterion) bool { return a.Code == b.Code })
	var pairs []Continued
	for i := range after.Criteria {
		pair := Continued{Code: after.Criteria[i].Code, After: &after.Criteria[i]}
		if at, paired := m.earlier[i]; paired {
			pair.Before = &before.Criteria[at]
		}
		pairs = append(pairs, pair)
	}
	for i := range before.Criteria {
		if !m.taken[i] {
			pairs = append(pairs, Continued{Code: before.Criteria[i].Code, Before: &before.Criteria[i]})
		}
	}
	return pairs
}

// matching is criteria of two versions that are being paired.
type matching struct {
	before, after []Criterion
	earlier       map[int]int  // of after: its place before
	taken         map[int]bool // of before: it has been paired
}

// match pairs what is the same and has not been paired.
func (m *matching) match(same func(before, after Criterion) bool) {
	for i, now := range m.after {
		if _, paired := m.earlier[i]; paired {
			continue
		}
		at := slices.IndexFunc(m.before, func(c Criterion) bool { return same(c, now) })
		if at >= 0 && !m.taken[at] {
			m.earlier[i], m.taken[at] = at, true
		}
	}
}

// alone tells whether neither version has another criterion of the name.
func (m *matching) alone(c Criterion) bool {
	for _, all := range [][]Criterion{m.before, m.after} {
		n := 0
		for _, one := range all {
			if sameName(one, c) {
				n++
			}
		}
		if n > 1 {
			return false
		}
	}
	return true
}

func sameName(a, b Criterion) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a.Name), " "), strings.Join(strings.Fields(b.Name), " "))
}
