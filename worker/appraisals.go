package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/storage"
)

// beginEvery is how long after a look for appraisals to begin the next one comes: those
// handed in now have theirs from the same transaction.
const beginEvery = 10 * time.Minute

// beginner opens the appraisals of self-assessments that were handed in before there were
// any. One that cannot be opened keeps no other waiting; it is logged once, and tried
// again at each look.
type beginner struct {
	begin  func(ctx context.Context, after string, limit int) (storage.Beginning, error)
	failed map[string]string // what was logged, by document
	next   time.Time         // the next look
}

func newBeginner(store *storage.Store) *beginner {
	return &beginner{begin: store.BeginAppraisals, failed: map[string]string{}}
}

// look goes through all of them, when it is time.
func (b *beginner) look(ctx context.Context, now time.Time) {
	if now.Before(b.next) {
		return
	}
	b.next = now.Add(beginEvery)
	failed := map[string]string{}
	for after := ""; ctx.Err() == nil; {
		found, err := b.begin(ctx, after, relayBatch)
		if err != nil {
			slog.ErrorContext(ctx, "appraisals could not be begun", "error", err)
			return
		}
		for id, why := range found.Failed {
			if failed[id] = why.Error(); b.failed[id] != why.Error() {
				slog.ErrorContext(ctx, "an appraisal could not be begun; it is tried again", "document", id, "error", why)
			}
		}
		if after = found.Next; after == "" {
			b.failed = failed // what was mended may be logged anew
			return
		}
	}
}
