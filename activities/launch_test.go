package activities_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"go.temporal.io/sdk/testsuite"

	"cchc/activities"
)

// A launch broken off goes on after the batch it last told of; every document is
// started, whatever happened to the first try, and then the campaign is marked.
func TestStartDocumentsGoesOn(t *testing.T) {
	p := newPost(t, 120)
	started := map[string]int{}
	var mutex sync.Mutex
	failAt := p.units[70]
	a := &activities.Activities{Store: p.Store, StartDocument: func(_ context.Context, document string) error {
		mutex.Lock()
		defer mutex.Unlock()
		if document == "bc-2026q4-"+failAt {
			return errors.New("the engine is away")
		}
		started[document]++
		return nil
	}}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(a)
	if _, err := env.ExecuteActivity(a.StartDocuments, "bc-2026q4"); err == nil {
		t.Fatal("a launch with a failed start was a success")
	}
	if n := p.count(`select count(*) from campaigns where started_at is not null`); n != 0 {
		t.Error("marked as started before it was")
	}
	first := len(started)
	failAt = ""
	env.SetHeartbeatDetails("bc-2026q4-" + p.units[49])
	if _, err := env.ExecuteActivity(a.StartDocuments, "bc-2026q4"); err != nil {
		t.Fatal(err)
	}
	if len(started) != len(p.units) || first >= len(p.units) {
		t.Errorf("%d documents started at first and %d in the end, want fewer than %d and all", first, len(started), len(p.units))
	}
	for _, unit := range p.units[:50] {
		if n := started["bc-2026q4-"+unit]; n != 1 {
			t.Errorf("%s, told of as started, was started %d times", unit, n)
		}
	}
	if n := p.count(`select count(*) from campaigns where started_at is not null`); n != 1 {
		t.Error("not marked as started")
	}
}

func (p *post) count(query string) int {
	p.t.Helper()
	var n int
	if err := p.Owner.QueryRow(query).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}
