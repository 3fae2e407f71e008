package bench

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

const (
	clients   = 32
	rounds    = 3
	documents = 187 // a round; every real unit once
	warmUp    = 48
)

// later is a due that no run reaches.
func later() time.Time { return time.Now().Add(40 * 24 * time.Hour) }

// measured is how many documents went through in a second, and what each cost.
type measured struct {
	rate  float64
	cost  float64 // milliseconds of CPU
	parts string
}

// measureChain: documents through all four decisions, turn by turn with the floor.
func (t *town) measureChain(b *testing.B) {
	t.round(b, warmUp)
	var chains, floors []measured
	for range rounds {
		chain, floor := t.round(b, documents)
		chains, floors = append(chains, chain), append(floors, floor)
		b.Logf("chain %.1f documents a second, CPU of one %.0f ms (%s)", chain.rate, chain.cost, chain.parts)
		b.Logf("floor %.1f documents a second, CPU of one %.0f ms (%s)", floor.rate, floor.cost, floor.parts)
	}
	rate := func(m measured) float64 { return m.rate }
	cost := func(m measured) float64 { return m.cost }
	what := fmt.Sprintf("four decisions, %d clients (floor: four signals, four inserts): ", clients)
	t.figures.add(what+"documents a second, signature included",
		fmt.Sprintf("%.1f", middle(chains, rate)), fmt.Sprintf("%.1f", middle(floors, rate)), ratio(chains, floors, rate))
	t.figures.add(what+"CPU of a document",
		fmt.Sprintf("%.0f ms", middle(chains, cost)), fmt.Sprintf("%.0f ms", middle(floors, cost)), ratio(chains, floors, cost))
}

// middle is the median of one of the figures.
func middle(rounds []measured, of func(measured) float64) float64 {
	var values []float64
	for _, round := range rounds {
		values = append(values, of(round))
	}
	return median(values)
}

// ratio is the median of the rounds' own ratios: chain and floor of one round
// ran within the same minute.
func ratio(chains, floors []measured, of func(measured) float64) float64 {
	var values []float64
	for i := range chains {
		values = append(values, of(chains[i])/of(floors[i]))
	}
	return median(values)
}

// round measures the floor, then the chain, over n documents each.
func (t *town) round(b *testing.B, n int) (chain, floor measured) {
	b.Helper()
	ids, err := t.floor.start(n, clients)
	if err != nil {
		b.Fatal(err)
	}
	floor = t.timed(b, n, func() error { return t.floor.carry(ids, clients) })
	chain, _ = t.lives(b, n, clients)
	return chain, floor
}

func (t *town) timed(b *testing.B, n int, work func() error) measured {
	b.Helper()
	before, began := t.cpu(b), time.Now()
	if err := work(); err != nil {
		b.Fatal(err)
	}
	m := measured{rate: perSecond(n, time.Since(began))}
	m.cost, m.parts = t.cpu(b).since(before, n)
	return m
}

// measureAnswers: from just before a decision is stored until its answer is read.
func (t *town) measureAnswers(b *testing.B) {
	for _, c := range []struct{ clients, documents int }{{1, 24}, {8, 96}, {32, documents}} {
		_, took := t.lives(b, c.documents, c.clients)
		t.figures.add(fmt.Sprintf("answer to a decision, %d clients, p50 / p95", c.clients),
			fmt.Sprintf("%d / %d ms", percentile(took, 50).Milliseconds(), percentile(took, 95).Milliseconds()), "", 0)
	}
}

// lives launches a campaign and carries n documents through the chain: how many
// a second, and how long each decision waited for its answer.
func (t *town) lives(b *testing.B, n, clients int) (measured, []time.Duration) {
	b.Helper()
	l := t.launch(b, n, later())
	hash := t.write(b, l)
	var mutex sync.Mutex
	var took []time.Duration
	m := t.timed(b, n, func() error {
		group, ctx := errgroup.WithContext(context.Background())
		group.SetLimit(clients)
		for _, unit := range l.units {
			group.Go(func() error {
				life := life{town: t, ctx: ctx, id: l.code + "-" + unit, people: t.people[unit], hash: hash}
				err := life.carry()
				mutex.Lock()
				defer mutex.Unlock()
				took = append(took, life.took...)
				return err
			})
		}
		return group.Wait()
	})
	if done := t.Count(`select count(*) from documents where campaign = $1 and stage = 'approved'`, l.code); done != n {
		b.Fatalf("%d documents approved, want %d", done, n)
	}
	return m, took
}

// life is one document and those who decide about it.
type life struct {
	*town
	ctx    context.Context
	id     string
	people map[staff.Role]staff.Actor
	hash   string
	took   []time.Duration
}

func (l *life) carry() error {
	for _, step := range []struct {
		action document.Action
		stage  document.Stage
		actor  staff.Actor
	}{
		{document.Submit, document.Drafting, l.people[staff.Specialist]},
		{document.Approve, document.DivisionReview, l.people[staff.DivisionHead]},
		{document.Sign, document.Signing, l.people[staff.Director]},
		{document.Confirm, document.AuthorityReview, l.officer},
	} {
		decision := storage.NewDecision{
			Key: uuid.New(), Document: l.id, Action: step.action, Actor: step.actor, Revision: 1, ContentHash: l.hash,
		}
		add := l.Store.AddDecision
		switch step.action {
		case document.Submit:
			decision.Revision = 0
		case document.Sign:
			var err error
			if add, err = l.sign(decision); err != nil {
				return fmt.Errorf("sign %s: %w", l.id, err)
			}
		}
		if err := l.decide(decision, step.stage, add); err != nil {
			return fmt.Errorf("%s %s: %w", step.action, l.id, err)
		}
	}
	return nil
}

// sign makes the signed file; what is left is to store it with its decision.
func (l *life) sign(d storage.NewDecision) (func(context.Context, storage.NewDecision) (int64, error), error) {
	intent := storage.SigningIntent{Document: l.id, Actor: d.Actor, Revision: d.Revision, ContentHash: d.ContentHash}
	attempt, err := l.Store.ReserveNumber(l.ctx, intent)
	if err != nil {
		return nil, err
	}
	print, preparation, kept, err := l.seal.prepare(attempt.NumberText(), attempt.Date.Start())
	if err != nil {
		return nil, err
	}
	if err := l.Store.BeginSigning(l.ctx, attempt.ID, intent, kept, storage.SigningWindow); err != nil {
		return nil, err
	}
	signed, err := l.seal.sign(print, preparation)
	return func(ctx context.Context, d storage.NewDecision) (int64, error) {
		return l.Store.AddSignedDecision(ctx, d, attempt.ID, signed)
	}, err
}

// decide goes the road of the web: take a place, store the row, signal, wait.
func (l *life) decide(d storage.NewDecision, stage document.Stage, add func(context.Context, storage.NewDecision) (int64, error)) error {
	began := time.Now()
	waiter := l.answers.Register()
	defer waiter.Leave()
	id, err := add(l.ctx, d)
	if err != nil {
		return err
	}
	if err := l.Engine.Look(l.ctx, d.Document, stage, d.Key.String()); err != nil {
		return err
	}
	answer, err := waiter.Wait(l.ctx, id, d.Actor.Person, time.Minute)
	if err != nil {
		return err
	}
	if answer.Outcome != storage.Applied {
		return fmt.Errorf("outcome %q: %w", answer.Outcome, answer.Broken)
	}
	l.took = append(l.took, time.Since(began))
	return nil
}
