package demo

import (
	"testing"

	"cchc/domain/document"
)

// Every fate leads, by the table of moves, to where it says, and rests there.
func TestFatesComeToRest(t *testing.T) {
	fates := []fate{settled}
	for _, f := range known {
		fates = append(fates, f)
	}
	for _, s := range present {
		fates = append(fates, s.fate)
	}
	for ago := 1; ago <= quartersBefore; ago++ {
		for _, s := range past(ago) {
			fates = append(fates, s.fate)
		}
	}
	for _, f := range fates {
		at, returned, extended := standing{stage: document.Drafting}, 0, false
		for step := 0; ; step++ {
			action, goes := f.next(at)
			if !goes {
				break
			}
			if step > 20 {
				t.Fatalf("%+v does not come to rest", f)
			}
			at.stage = moved(t, at.stage, action)
			switch action {
			case document.Submit:
				at.revision++
			case document.Return:
				returned++
			case document.Extend:
				at.extended, extended = true, true
			}
		}
		// A draft that rests is written when its job is done.
		got := document.StatusOf(at.stage, f.rest == document.InDrafting || at.revision > 0, at.stage == document.Drafting && returned > 0)
		if got != f.rest || returned != len(f.returns) || extended != (f.extend > 0) {
			t.Errorf("%+v rests as %s after %d returns, extended %v", f, got, returned, extended)
		}
	}
}

func moved(t *testing.T, from document.Stage, action document.Action) document.Stage {
	t.Helper()
	for _, m := range document.Moves {
		if m.From == from && m.Action == action {
			return m.To
		}
	}
	t.Fatalf("no move %s at %s", action, from)
	return ""
}

// What people have taken further than its fate stays theirs.
func TestFateLeavesPeopleAlone(t *testing.T) {
	for _, c := range []struct {
		fate
		at standing
	}{
		{fate{rest: document.NotStarted}, standing{stage: document.DivisionReview, revision: 1}},
		{fate{rest: document.InDrafting}, standing{stage: document.Signing, revision: 1}},
		{fate{rest: document.InDivisionReview}, standing{stage: document.Signing, revision: 1}},
		{fate{rest: document.InDivisionReview}, standing{stage: document.Drafting, revision: 1}},
		{fate{rest: document.InSigning}, standing{stage: document.AuthorityReview, revision: 1}},
		{fate{rest: document.InAuthorityReview}, standing{stage: document.Approved, revision: 1}},
		{fate{rest: document.Returned, returns: back(document.AuthorityReview)}, standing{stage: document.DivisionReview, revision: 2}},
		{fate{rest: document.IsExempt}, standing{stage: document.DivisionReview, revision: 1}},
	} {
		if action, goes := c.next(c.at); goes {
			t.Errorf("%+v at %+v: %s", c.fate, c.at, action)
		}
	}
}

// The present quarter has something at every desk, and the quarters before have
// some who were late and some who were returned.
func TestCast(t *testing.T) {
	units := unitsOf(t)
	count := func(ago int) (rests map[document.Status]int, late, returned, extended int) {
		rests = map[document.Status]int{}
		fates := cast(units, before(quarters[0], ago), ago)
		if len(fates) != len(units) {
			t.Fatalf("%d fates for %d units", len(fates), len(units))
		}
		for _, f := range fates {
			rests[f.rest]++
			if f.late {
				late++
			}
			if len(f.returns) > 0 {
				returned++
			}
			if f.extend > 0 {
				extended++
			}
		}
		return rests, late, returned, extended
	}
	rests, late, returned, extended := count(0)
	for _, status := range document.Statuses {
		if n := rests[status]; n < 4 && status != document.IsHandedIn {
			t.Errorf("%d units are %s", n, status)
		}
	}
	overdue := 0
	for _, f := range cast(units, quarters[0], 0) {
		if f.overdue() {
			overdue++
		}
	}
	if overdue < 20 || overdue > 25 {
		t.Errorf("%d overdue", overdue)
	}
	if extended != 8 || late < 5 || returned < 20 {
		t.Errorf("%d extended, %d late, %d returned", extended, late, returned)
	}
	latest := 0
	for ago := 1; ago <= quartersBefore; ago++ {
		rests, late, returned, _ := count(ago)
		if rests[document.IsApproved] != len(units) || late <= latest || late > len(units)/8 || returned < len(units)/20 {
			t.Errorf("%d quarters ago: %v, %d late, %d returned", ago, rests, late, returned)
		}
		latest = late
	}
}
