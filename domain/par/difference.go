package par

// Difference is a criterion whose answers differ between two self-assessments.
type Difference struct {
	Criterion     string
	Before, After Answer   // zero where there is none
	Members       []string // that differ, in the order of Members
}

// Differences compares two lists of answers, in the order of the first and then of
// what only the second has.
func Differences(before, after []Answer) []Difference {
	old, now := Answers(before), Answers(after)
	var found []Difference
	compare := func(code string) {
		if members := now[code].Differing(old[code]); len(members) > 0 {
			found = append(found, Difference{Criterion: code, Before: old[code], After: now[code], Members: members})
		}
	}
	for _, a := range before {
		compare(a.Criterion)
	}
	for _, a := range after {
		if _, both := old[a.Criterion]; !both {
			compare(a.Criterion)
		}
	}
	return found
}
