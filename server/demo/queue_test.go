package demo

import (
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

// The present quarter goes first; late ones come when their due has passed, and
// then before what is older.
func TestQueue(t *testing.T) {
	due := time.Now().Add(time.Hour)
	y := &Year{units: unitsOf(t), Say: func(string, ...any) {}}
	q := y.queue([]quarter{
		{period: quarters[1], ago: 1, code: "before", due: due.Add(time.Hour)},
		{period: quarters[0], ago: 0, code: "now", due: due},
	})
	var first, second []string
	take := func(at time.Time) (taken []job) {
		for {
			one, wait := q.ready(at)
			if one.id == "" {
				if len(q.jobs) > 0 && wait <= 0 {
					t.Fatal("nobody waits for the jobs that are left")
				}
				return taken
			}
			taken = append(taken, one)
		}
	}
	for _, one := range take(due.Add(-time.Second)) {
		if one.late {
			t.Errorf("%s is late and goes before its due", one.id)
		}
		first = append(first, one.quarter.code)
	}
	if slices.Index(first, "before") < slices.Index(first, "now") || slices.Contains(first[slices.Index(first, "before"):], "now") {
		t.Error("the present quarter does not go first")
	}
	for _, one := range take(due.Add(lateBy)) {
		if !one.late && !one.overdue() || one.quarter.code != "now" {
			t.Errorf("%s: %+v", one.id, one.fate)
		}
		second = append(second, one.id)
		if one.late {
			q.done(one, document.Approved)
		}
	}
	if len(second) < 25 {
		t.Errorf("only %d come back at the due", len(second))
	}
	for _, one := range take(due.Add(time.Hour + lateBy)) {
		if !one.late || one.quarter.code != "before" {
			t.Errorf("%s: %+v", one.id, one.fate)
		}
	}
	if len(q.jobs) != 0 {
		t.Errorf("%d jobs are never done", len(q.jobs))
	}
}

// A due lies at a whole minute, far enough ahead, also over midnight.
func TestAhead(t *testing.T) {
	for _, clock := range []string{"10:00:00", "23:57:31", "23:58:00", "00:00:01"} {
		now, err := time.Parse("2006-01-02 15:04:05 -0700", "2026-11-23 "+clock+" +0700")
		if err != nil {
			t.Fatal(err)
		}
		due := ahead(now, time.Minute)
		at := due.LastInstant(calendar.New(nil))
		if broken := due.Validate(); broken != nil || at.Sub(now) < time.Minute || at.Sub(now) > 2*time.Minute {
			t.Errorf("at %s: %v, %v", clock, at, broken)
		}
	}
}
