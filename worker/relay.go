package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"cchc/storage"
	"cchc/workflows"
)

// relay is the net below the signals: it wakes documents with an unanswered
// decision, open ones whose workflow has not called when it should have, plans that
// live, appraisals, and outages.
type relay struct {
	store  *storage.Store
	engine *workflows.Client
}

const (
	relayEvery  = 2 * time.Second
	relayBatch  = 200
	relayAtOnce = 8
	sampleEvery = 20 * time.Second
	sampleSize  = 3
)

// run claims and signals until the context ends. Errors are the moment's: they
// are logged, and the next turn tries again.
func (r relay) run(ctx context.Context) error {
	begins := newBeginner(r.store)
	turn := time.NewTicker(relayEvery)
	defer turn.Stop()
	var sampled time.Time
	for {
		if time.Since(sampled) > sampleEvery {
			sampled = time.Now()
			r.heal(ctx)
		}
		begins.look(ctx, time.Now())
		r.wake(ctx)
		r.wakeLiving(ctx, "plans", r.store.ClaimPlans, r.engine.LookAtPlan)
		r.wakeLiving(ctx, "appraisals", r.store.ClaimAppraisals, r.engine.LookAtAppraisal)
		r.wakeOutages(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}

// runBatches carries batches on until the context ends: beside run, so that thousands of
// deadlines keep nobody's signal waiting.
func (r relay) runBatches(ctx context.Context) error {
	turn := time.NewTicker(relayEvery)
	defer turn.Stop()
	for {
		r.carryOn(ctx, "requests", r.store.UndoneBatches, r.store.AnswerBatch)
		r.carryOn(ctx, "deadlines", r.store.UndoneOutageBatches, r.store.AnswerOutageBatch)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}

// carryOn carries out what is left of batches whose beginner is gone, and what of them is
// to be tried again; the decisions that it adds are woken for like all others.
func (r relay) carryOn(ctx context.Context, kind string, undone func(context.Context) ([]uuid.UUID, error), answer func(context.Context, uuid.UUID) error) {
	keys, err := undone(ctx)
	if err != nil {
		slog.ErrorContext(ctx, "relay could not list batches", "kind", kind, "error", err)
		return
	}
	for _, key := range keys {
		if err := answer(ctx, key); err != nil {
			slog.WarnContext(ctx, "relay could not carry out a batch", "kind", kind, "batch", key, "error", err)
		}
	}
}

// wake claims in a short transaction, then signals once per document.
func (r relay) wake(ctx context.Context) {
	for ctx.Err() == nil {
		wakes, err := r.store.ClaimWakes(ctx, relayBatch)
		if err != nil {
			slog.ErrorContext(ctx, "relay could not claim", "error", err)
			return
		}
		signalAll(ctx, r.engine, wakes)
		if len(wakes) < relayBatch {
			return
		}
	}
}

// wakeLiving does the same for what lives on after its document: plans and appraisals.
// It also starts the workflow of one that has begun just now.
func (r relay) wakeLiving(ctx context.Context, kind string, claim func(context.Context, int) ([]string, error), look func(context.Context, string) error) {
	for ctx.Err() == nil {
		ids, err := claim(ctx, relayBatch)
		if err != nil {
			slog.ErrorContext(ctx, "relay could not claim", "kind", kind, "error", err)
			return
		}
		lookAtAll(ctx, look, ids)
		if len(ids) < relayBatch {
			return
		}
	}
}

// wakeOutages does the same for outages, after it has opened one of each gap between
// heartbeats that is an outage.
func (r relay) wakeOutages(ctx context.Context) {
	if _, err := r.store.SettleGaps(ctx); err != nil {
		slog.ErrorContext(ctx, "relay could not settle gaps between heartbeats", "error", err)
	}
	ids, err := r.store.ClaimOutages(ctx, relayBatch)
	if err != nil {
		slog.ErrorContext(ctx, "relay could not claim outages", "error", err)
		return
	}
	lookAtOutages(ctx, r.engine, ids)
}

func lookAtOutages(ctx context.Context, engine *workflows.Client, ids []int64) {
	for _, id := range ids {
		if err := engine.LookAtOutage(ctx, id); err != nil {
			slog.WarnContext(ctx, "relay could not signal", "outage", id, "error", err) // the claim comes round again
		}
	}
}

func lookAtAll(ctx context.Context, look func(context.Context, string) error, ids []string) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(relayAtOnce)
	for _, id := range ids {
		group.Go(func() error {
			if err := look(ctx, id); err != nil {
				slog.WarnContext(ctx, "relay could not signal", "id", id, "error", err)
			}
			return nil // the claim comes round again
		})
	}
	_ = group.Wait()
}

func signalAll(ctx context.Context, engine *workflows.Client, wakes []storage.Wake) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(relayAtOnce)
	for _, wake := range wakes {
		group.Go(func() error {
			if err := engine.Look(ctx, wake.Document, wake.Stage, "relay"); err != nil {
				slog.WarnContext(ctx, "relay could not signal", "document", wake.Document, "error", err)
			}
			return nil // the claim comes round again
		})
	}
	_ = group.Wait()
}

// heal looks whether the engine still knows a few documents. When it has lost
// one, it may have lost all: every open document is woken.
func (r relay) heal(ctx context.Context) {
	ids, err := r.store.SampleOpen(ctx, sampleSize)
	if err != nil {
		slog.ErrorContext(ctx, "relay could not sample", "error", err)
		return
	}
	for _, id := range ids {
		known, err := r.engine.Knows(ctx, id)
		if err != nil || known {
			continue // away is not lost
		}
		if stage, err := r.store.DocumentStage(ctx, id); err != nil || stage.Closed() {
			continue // it was closed while we asked, and its workflow has ended
		}
		n, err := r.store.WakeOpen(ctx)
		slog.WarnContext(ctx, "the workflow engine has lost a document; waking all", "document", id, "woken", n, "error", err)
		return
	}
}
