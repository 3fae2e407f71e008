package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/bundle"
	"cchc/storage"
)

// bundlesEvery is how soon after a submission its evidence becomes one file; the
// director signs it later, by hand.
const bundlesEvery = 2 * time.Second

// sealBundles settles the evidence of self-assessments that have been submitted, until
// the context ends. One after the other: each reads up to a gigabyte of files. Errors
// are logged and noted, and the bundle comes round again.
func sealBundles(ctx context.Context, store *storage.Store) error {
	turn := time.NewTicker(bundlesEvery)
	defer turn.Stop()
	for {
		for sealNext(ctx, store) {
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}

// sealNext takes one that waits; false: there is none, or the moment is bad.
func sealNext(ctx context.Context, store *storage.Store) bool {
	claimed, err := store.ClaimBundles(ctx, 1)
	if err != nil {
		if ctx.Err() == nil {
			slog.ErrorContext(ctx, "bundles could not be claimed", "error", err)
		}
		return false
	}
	for _, one := range claimed {
		if _, err := (bundle.Sealer{Store: store}).Seal(ctx, one.Document, one.Revision); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "a bundle could not be sealed", "document", one.Document, "revision", one.Revision, "error", err)
		}
	}
	return len(claimed) > 0
}
