package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/storage"
)

// settleEvery is how long tallies may grow: in a burst some thousand rows, which
// a reader sums in a millisecond.
const settleEvery = 30 * time.Second

// settle puts one row in the place of many among the tallies, until the context
// ends. Without it every count stays exact, and slowly becomes dearer.
func settle(ctx context.Context, store *storage.Store) error {
	turn := time.NewTicker(settleEvery)
	defer turn.Stop()
	for {
		if _, err := store.SettleTallies(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "tallies could not be settled", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}
