package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/storage"
)

// beat notes every few seconds that the worker is alive, until the context ends.
func beat(ctx context.Context, store *storage.Store) error {
	turn := time.NewTicker(storage.BeatEvery)
	defer turn.Stop()
	for {
		if err := store.Beat(ctx, storage.BeatWorker); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "heart did not beat", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}
