package demo

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// lateBy is how long after the due the late ones begin: the due itself is made
// by the workflow first.
const lateBy = time.Second

// sayEvery is how often progress is told at most.
const sayEvery = 10 * time.Second

// job is one document to be carried to its fate.
type job struct {
	fate
	id      string
	unit    staff.Unit
	quarter *progress
	after   time.Time // zero: at once
}

// progress is how far a quarter has come.
type progress struct {
	quarter
	left, approved, all int // jobs, documents, documents
}

// queue hands out the jobs in their order, the late ones when their time comes.
type queue struct {
	say   func(format string, args ...any)
	mutex sync.Mutex
	jobs  []job
	said  time.Time
}

// queue lines up all documents: the present quarter first, then the quarters
// before it, each with the late ones ahead of those of older quarters.
func (y *Year) queue(quarters []quarter) *queue {
	q := &queue{say: y.Say}
	slices.Reverse(quarters)
	for _, one := range quarters {
		p, first := &progress{quarter: one, all: len(y.units)}, len(q.jobs)
		fates := cast(y.units, one.period, one.ago)
		var late []job
		for _, unit := range y.units {
			j := job{fate: fates[unit.Code], id: one.code + "-" + unit.Code, unit: unit, quarter: p}
			if !j.late {
				q.jobs = append(q.jobs, j)
			}
			if j.late || j.overdue() { // those who are overdue say why, once they are
				j.after = one.due.Add(lateBy)
				late = append(late, j)
			}
		}
		p.left = len(q.jobs) - first + len(late)
		q.jobs = append(q.jobs, late...)
	}
	return q
}

// take waits for the next job; false when there is none left, or the context has
// ended.
func (q *queue) take(ctx context.Context) (job, bool) {
	for {
		one, wait := q.ready(time.Now())
		if wait == 0 || ctx.Err() != nil {
			return one, one.id != "" && ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// ready is the first job whose time has come, or how long to wait for one.
func (q *queue) ready(now time.Time) (job, time.Duration) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	var wait time.Duration
	for i, one := range q.jobs {
		if !one.after.After(now) {
			q.jobs = slices.Delete(q.jobs, i, i+1)
			return one, 0
		}
		if until := one.after.Sub(now); wait == 0 || until < wait {
			wait = until
		}
	}
	return job{}, wait
}

// done counts a document that has come to rest, and tells how far things are.
func (q *queue) done(one job, stage document.Stage) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	p := one.quarter
	p.left--
	if stage == document.Approved {
		p.approved++
	}
	name := fmt.Sprintf("%d/%d", p.period.Number, p.period.Year)
	switch {
	case p.left == 0 && p.ago == 0:
		q.say("demo: quarter %s: every unit is at its desk, %d of %d approved", name, p.approved, p.all)
	case p.left == 0:
		q.say("demo: quarter %s: all %d approved", name, p.approved)
	case time.Since(q.said) >= sayEvery:
		q.said = time.Now()
		q.say("demo: quarter %s: %d of %d approved", name, p.approved, p.all)
	}
}
