package document

import (
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
)

// QĐ 1439 art. 15.1: the authority urges before it is too late.
func TestRiskOf(t *testing.T) {
	pace := func(drafting, review, signing int) Pace {
		return Pace{Drafting: drafting, DivisionReview: review, Signing: signing}
	}
	steady := []Pace{pace(20, 2, 2), pace(20, 2, 2), pace(20, 2, 2)}
	uneven := []Pace{pace(1, 0, 9), pace(5, 1, 1), pace(30, 9, 0), pace(6, 2, 2)} // the middle: 5, 1, 1
	for name, c := range map[string]struct {
		stage      Stage
		held, left int
		past       []Pace
		needed     int
		late       bool
	}{
		"as early as ever":            {Drafting, 0, 25, steady, 24, false},
		"just enough":                 {Drafting, 10, 14, steady, 14, false},
		"a day short":                 {Drafting, 10, 13, steady, 14, true},
		"drafted longer than ever":    {Drafting, 40, 4, steady, 4, false},
		"drafted too long":            {Drafting, 40, 3, steady, 4, true},
		"at the head, a day short":    {DivisionReview, 0, 3, steady, 4, true},
		"at the head, half of it":     {DivisionReview, 1, 3, steady, 3, false},
		"to be signed today":          {Signing, 2, 0, steady, 0, false},
		"to be signed, last day":      {Signing, 0, 0, steady, 2, true},
		"signed":                      {AuthorityReview, 0, 0, steady, 0, false},
		"closed":                      {Approved, 0, 0, steady, 0, false},
		"overdue":                     {Signing, 0, -1, steady, 0, false},
		"too little is known":         {Drafting, 0, 0, steady[:2], 0, false},
		"nothing is known":            {Drafting, 0, 0, nil, 0, false},
		"the middle of an even count": {Drafting, 0, 6, uneven, 7, true},
		"and enough for it":           {Drafting, 0, 7, uneven, 7, false},
		"desks that were never used":  {DivisionReview, 0, 0, []Pace{{}, {}, {}}, 0, false},
	} {
		risk, late := RiskOf(c.stage, c.held, c.left, c.past)
		if late != c.late || risk.Needed != c.needed {
			t.Errorf("%s: %v, %d needed, want %v, %d", name, late, risk.Needed, c.late, c.needed)
		}
		sum := 0
		for _, one := range risk.Desks {
			sum += one.Days
		}
		if sum != risk.Needed {
			t.Errorf("%s: the desks sum to %d of %d", name, sum, risk.Needed)
		}
	}
	if _, late := RiskOf(Drafting, 0, 6, slices.Clone(uneven)); !late {
		t.Error("the order of the documents matters")
	}
}

func TestPaceOf(t *testing.T) {
	at := func(day int) time.Time { return calendar.Date(2026, time.November, day).At(9 * 60) } // 2 is a Monday
	arrivals := []Arrival{{Drafting, at(2)}, {DivisionReview, at(4)}, {Drafting, at(5)}, {DivisionReview, at(6)}, {Signing, at(9)}, {AuthorityReview, at(10)}}
	pace := PaceOf(arrivals, at(10), calendar.Calendar{})
	if pace[Drafting] != 3 || pace[DivisionReview] != 2 || pace[Signing] != 1 || pace[AuthorityReview] != 0 {
		t.Errorf("%v", pace)
	}
}
