package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/storage"
)

const foldEvery = time.Second

// foldSums folds outstanding changes into the stored sums until the context ends.
// Readers are right without it, only slower; so an error is logged, and the next
// turn tries again.
func foldSums(ctx context.Context, store *storage.Store) error {
	turn := time.NewTicker(foldEvery)
	defer turn.Stop()
	for {
		for taken := storage.SumsFolded; taken == storage.SumsFolded; {
			var err error
			if taken, err = store.FoldSums(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "sums could not be folded", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}
