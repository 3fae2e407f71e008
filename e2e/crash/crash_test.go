package crash

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"cchc/e2e/stack"
)

// TestStorm carries documents through the whole chain while everything is
// killed at named points and at random, then compares.
func TestStorm(t *testing.T) {
	t.Parallel() // it waits for what is started again
	s := stack.Start(t)
	total, err := strconv.Atoi(os.Getenv("CCHC_LIVES"))
	if err != nil || total < 1 {
		total = 100
	}
	for done := 0; done < total; {
		n := min(total-done, 187) // as many units as the seed has besides the authority
		storm(t, settle(t, s, n, time.Now().Add(40*24*time.Hour)))
		done += n
		t.Logf("%d of %d lives", done, total)
	}
}

func storm(t *testing.T, c *city) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	over := make(chan struct{})
	var weather sync.WaitGroup
	weather.Go(func() { c.weather(over) })
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(24)
	for _, unit := range c.units {
		group.Go(func() error { return c.carry(groupCtx, unit) })
	}
	err := group.Wait()
	close(over)
	weather.Wait()
	if err != nil {
		t.Fatal(err)
	}
	c.compare()
}

// TestReopenStorm reopens approved documents and takes them through the chain again
// while everything is killed: each reopening is one, and the first papers stay.
func TestReopenStorm(t *testing.T) {
	t.Parallel() // it mostly waits
	c := settle(t, stack.Start(t), 12, time.Now().Add(40*24*time.Hour))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	each := func(live func(context.Context, string) error) {
		group, groupCtx := errgroup.WithContext(ctx)
		for _, unit := range c.units {
			group.Go(func() error { return live(groupCtx, unit) })
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	each(c.carry)
	over := make(chan struct{})
	var weather sync.WaitGroup
	weather.Go(func() { c.weather(over) })
	each(c.reopen)
	close(over)
	weather.Wait()
	n := len(c.units)
	for what, check := range map[string]struct {
		want  int
		query string
	}{
		"approved again":           {n, `select count(*) from documents where campaign = $1 and stage = 'approved' and revision = 2 and approved_revision = 2 and reopened = 1`},
		"reopened":                 {n, `select count(*) from history h join documents o on o.id = document_id where campaign = $1 and event = 'reopen'`},
		"decisions":                {9 * n, `select count(*) from decisions d join documents o on o.id = document_id where campaign = $1 and outcome = 'applied'`},
		"unanswered":               {0, `select count(*) from decisions d join documents o on o.id = document_id where campaign = $1 and (outcome is null or outcome = 'failed')`},
		"issued numbers":           {2 * n, `select count(*) from document_numbers m join documents o on o.id = document_id where campaign = $1 and state = 'issued'`},
		"open tasks":               {0, `select count(*) from tasks t join documents o on o.id = document_id where campaign = $1 and t.closed_at is null`},
		"doubled notices about it": {0, `select count(*) from (select x.document_id, x.person_id, x.role from notices x join documents o on o.id = document_id where campaign = $1 and x.kind = 'reopened' group by 1, 2, 3 having count(*) > 1) x`},
	} {
		if got := c.Count(check.query, c.campaign); got != check.want {
			t.Errorf("%s: %d, want %d", what, got, check.want)
		}
	}
	c.compareWorkflows()
}

// The named points. "Decision stored, not signalled" and the three points of
// signing are in people.go: there it is the web that dies.
var points = []struct {
	name  string
	parts []string
	// committed: struck at the moment a transaction with an answer has committed
	// and its result is on the way to the worker
	committed bool
}{
	{"committed, result lost", []string{stack.Worker}, true},
	{"worker at any moment", []string{stack.Worker}, false},
	{"temporal at any moment", []string{stack.Temporal}, false},
	{"worker and temporal together", []string{stack.Worker, stack.Temporal}, true},
	{"database at any moment", []string{"postgres"}, false},
	{"everything", []string{stack.Worker, stack.Temporal, "postgres"}, true},
}

// weather strikes each point in turn until the documents are through. Between two
// strikes something is decided: on a machine that is slow to start all anew nothing
// would ever be.
func (c *city) weather(over chan struct{}) {
	for i, decided := 0, 0; ; i++ {
		point := points[i%len(points)]
		decided = max(decided, c.applied())
		select {
		case <-over:
			return
		case <-time.After(time.Duration(1500+rand.IntN(2000)) * time.Millisecond):
		}
		c.awaitMore(decided, over)
		if point.committed {
			c.awaitAnswer(over)
		}
		c.Kill(point.parts...)
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		c.Revive(point.parts...)
	}
}

// applied is how many decisions are; -1 while the database is not there to ask.
func (c *city) applied() (n int) {
	if err := c.Owner.QueryRow(`select count(*) from decisions where outcome = 'applied'`).Scan(&n); err != nil {
		return -1
	}
	return n
}

// awaitMore returns once more decisions are applied than before, or all is over.
func (c *city) awaitMore(before int, over chan struct{}) {
	for deadline := time.Now().Add(time.Minute); c.applied() <= before && time.Now().Before(deadline); {
		select {
		case <-over:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// awaitAnswer returns at the very moment some decision's answer is committed.
func (c *city) awaitAnswer(over chan struct{}) {
	listener := pq.NewListener(c.Cluster.URL("cchc"), time.Second, time.Second, nil)
	defer func() { _ = listener.Close() }()
	if err := listener.Listen("decision"); err != nil {
		return
	}
	select {
	case <-listener.Notify:
	case <-over:
	case <-time.After(5 * time.Second):
	}
}

// compare holds database, workflows, files and notices against each other.
func (c *city) compare() {
	c.t.Helper()
	n := len(c.units)
	for what, check := range map[string]struct {
		want  int
		query string
	}{
		"documents approved":                      {n, `select count(*) from documents where campaign = $1 and stage = 'approved' and revision = 1`},
		"applied decisions, four each":            {4 * n, `select count(*) from decisions d join documents o on o.id = document_id where campaign = $1 and outcome = 'applied'`},
		"documents with a doubled decision":       {0, `select count(*) from (select document_id, action from decisions d join documents o on o.id = document_id where campaign = $1 and outcome = 'applied' group by 1, 2 having count(*) > 1) x`},
		"unanswered or failed decisions":          {0, `select count(*) from decisions d join documents o on o.id = document_id where campaign = $1 and (outcome is null or outcome = 'failed')`},
		"history lines of decisions":              {4 * n, `select count(*) from history h join documents o on o.id = document_id where campaign = $1 and event in ('submit', 'approve', 'sign', 'confirm')`},
		"frozen revisions":                        {n, `select count(*) from revisions r join documents o on o.id = document_id where campaign = $1`},
		"issued numbers":                          {n, `select count(*) from document_numbers m join documents o on o.id = document_id where campaign = $1 and state = 'issued'`},
		"issued numbers without a signature":      {0, `select count(*) from document_numbers m join documents o on o.id = document_id where campaign = $1 and m.state = 'issued' and not exists (select from signing_attempts a join decisions d on d.attempt_id = a.id and d.outcome = 'applied' where a.document_id = m.document_id and a.number = m.number and a.state = 'signed')`},
		"signed files offered without a decision": {0, `select count(*) from signing_attempts a join documents o on o.id = document_id where campaign = $1 and a.state = 'signed' and not exists (select from decisions d where d.attempt_id = a.id and d.outcome = 'applied')`},
		"open tasks":                              {0, `select count(*) from tasks t join documents o on o.id = document_id where campaign = $1 and t.closed_at is null`},
		"closed tasks, four each":                 {4 * n, `select count(*) from tasks t join documents o on o.id = document_id where campaign = $1`},
		"doubled notices":                         {0, `select count(*) from (select x.document_id, x.kind, x.person_id from notices x join documents o on o.id = document_id where campaign = $1 and x.kind in ('task_opened', 'confirmed') group by 1, 2, 3, x.role having count(*) > 1) x`},
	} {
		if got := c.Count(check.query, c.campaign); got != check.want {
			c.t.Errorf("%s: %d, want %d", what, got, check.want)
		}
	}
	c.compareFiles()
	c.compareWorkflows()
}

// compareFiles reads every issued file back.
func (c *city) compareFiles() {
	for _, unit := range c.units {
		files, err := c.Store.IssuedFiles(context.Background(), c.campaign+"-"+unit)
		if err != nil || len(files) != 1 {
			c.t.Errorf("%s: %d issued files, %v", unit, len(files), err)
			continue
		}
		data, err := c.Store.ReadFile(*files[0].SignedHash)
		if err != nil || string(data) != "%PDF signed "+files[0].ID.String() {
			c.t.Errorf("%s: issued file %q, %v", unit, data, err)
		}
	}
}

// compareWorkflows waits until no workflow of a closed document runs.
func (c *city) compareWorkflows() {
	c.Revive(stack.Temporal, stack.Worker)
	c.Eventually("every workflow has ended", 2*time.Minute, func() bool {
		for _, unit := range c.units {
			running, err := c.Engine.Knows(context.Background(), c.campaign+"-"+unit)
			if err != nil || running {
				return false
			}
		}
		return true
	})
}
