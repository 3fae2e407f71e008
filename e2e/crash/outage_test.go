package crash

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/e2e/stack"
	"cchc/storage"
)

// While Temporal or the worker is down, decisions are accepted and stand as
// pending; when it is back each is applied once, without anybody doing a thing.
func TestDecisionsWaitForWhatIsDown(t *testing.T) {
	t.Parallel() // they mostly wait
	s := stack.Start(t)
	c := settle(t, s, 6, time.Now().Add(40*24*time.Hour))
	for i, down := range []string{stack.Temporal, stack.Worker} {
		s.Kill(down)
		for _, unit := range c.units[3*i : 3*i+3] {
			c.submit(unit)
		}
		if waiting := s.Count(`select count(*) from decisions where outcome is null`); waiting != 3 {
			t.Errorf("%s down: %d decisions pending, want 3", down, waiting)
		}
		s.Revive(down)
		s.Eventually(down+" is back: every decision applied", time.Minute, func() bool {
			return s.Count(`select count(*) from documents where stage = 'division_review'`) == 3*(i+1)
		})
	}
	if n := s.Count(`select count(*) from history where event = 'submit'`); n != 6 {
		t.Errorf("%d submissions in the history, want 6", n)
	}
}

// submit stores a submission; nobody signals.
func (c *city) submit(unit string) {
	c.t.Helper()
	if _, err := c.add(context.Background(), c.campaign+"-"+unit, document.Submit, c.people[unit]["specialist"], uuid.New()); err != nil {
		c.t.Fatal(err)
	}
}

// Temporal has lost all its data. Nobody runs "ensure": documents with a waiting
// decision go on, and every open document has its workflow again.
func TestTemporalEmptied(t *testing.T) {
	t.Parallel() // they mostly wait
	s := stack.Start(t)
	c := settle(t, s, 10, time.Now().Add(40*24*time.Hour))
	c.awaitStarted()
	s.Kill(stack.Temporal, stack.Worker)
	c.replaceTemporal("")
	c.submit(c.units[0])
	s.Revive(stack.Temporal, stack.Worker)
	began := time.Now()
	s.Eventually("the waiting decision is applied", 2*time.Minute, func() bool {
		return s.Count(`select count(*) from documents where stage = 'division_review'`) == 1
	})
	s.Eventually("every open document has its workflow", 2*time.Minute, c.allKnown)
	t.Logf("healed in %v", time.Since(began).Round(time.Second))
}

// An older Temporal is restored under a newer database: what has been decided
// since stays decided, and the documents go on.
func TestOlderTemporalUnderNewerDatabase(t *testing.T) {
	t.Parallel() // they mostly wait
	s := stack.Start(t)
	c := settle(t, s, 4, time.Now().Add(40*24*time.Hour))
	c.awaitStarted()
	s.Kill(stack.Temporal, stack.Worker)
	c.admin(`create database old template temporal`, `create database old_visibility template temporal_visibility`)
	s.Revive(stack.Temporal, stack.Worker)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for _, action := range chain[:2] {
		if err := c.decide(ctx, c.units[0], action); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.carry(ctx, c.units[1]); err != nil {
		t.Fatal(err)
	}
	s.Kill(stack.Temporal, stack.Worker)
	c.replaceTemporal("old")
	s.Revive(stack.Temporal, stack.Worker)
	for _, action := range chain[2:] {
		if err := c.decide(ctx, c.units[0], action); err != nil {
			t.Fatal(err)
		}
	}
	for _, unit := range c.units[2:] {
		if err := c.carry(ctx, unit); err != nil {
			t.Fatal(err)
		}
	}
	// The workflow of the document closed meanwhile still runs in the old
	// Temporal; being told to look is enough for it to see and end.
	if err := s.Engine.Look(ctx, c.campaign+"-"+c.units[1], document.Approved, "test"); err != nil {
		t.Fatal(err)
	}
	c.compare()
}

// replaceTemporal swaps its databases for copies of others, or for nothing.
func (c *city) replaceTemporal(from string) {
	c.t.Helper()
	c.admin(`drop database temporal with (force)`, `drop database temporal_visibility with (force)`)
	if from != "" {
		c.admin(fmt.Sprintf(`create database temporal template %s`, from),
			fmt.Sprintf(`create database temporal_visibility template %s_visibility`, from))
	}
}

func (c *city) admin(statements ...string) {
	c.t.Helper()
	db, err := sql.Open("postgres", c.Cluster.URL("postgres"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			c.t.Fatal(fmt.Errorf("%s: %w", statement, err))
		}
	}
}

// awaitStarted waits until every document's workflow has looked once.
func (c *city) awaitStarted() {
	c.t.Helper()
	c.Eventually("every document's workflow has looked", time.Minute, func() bool {
		return c.Count(`select count(*) from documents where campaign = $1 and run_id = ''`, c.campaign) == 0
	})
	c.exec(`update documents set created_at = created_at - interval '2 minutes'`) // old enough to be sampled
}

func (c *city) allKnown() bool {
	for _, unit := range c.units {
		running, err := c.Engine.Knows(context.Background(), c.campaign+"-"+unit)
		if err != nil || !running {
			return false
		}
	}
	return true
}

// Hundreds of deadlines in the same second: boards are right at once, because
// overdue is computed; every notice is there within two minutes.
func TestDeadlinesInTheSameSecond(t *testing.T) {
	t.Parallel() // they mostly wait
	s := stack.Start(t)
	// The due is on a whole minute: the next but one.
	due := time.Now().Truncate(time.Minute).Add(2 * time.Minute)
	c := settle(t, s, 187, due)
	c.awaitStarted()
	time.Sleep(time.Until(due) + 100*time.Millisecond)
	began := time.Now() // the due, unless this machine has prepared for longer
	if late := s.Count(`select count(*) from documents where due_at <= clock_timestamp() and closed_at is null`); late != 187 {
		t.Errorf("%d overdue on the board at once, want 187", late)
	}
	s.Eventually("every due notice written", 2*time.Minute, func() bool {
		return s.Count(`select count(*) from notices where kind = $1`, storage.NoticeDue) >= 187
	})
	if n := s.Count(`select count(*) from history where event = 'due_passed'`); n != 187 {
		t.Errorf("due passed %d times, want 187", n)
	}
	took := time.Since(began).Round(time.Second)
	if took > 2*time.Minute {
		t.Errorf("all within %v, promised within two minutes", took)
	}
	t.Logf("all within %v", took)
}
