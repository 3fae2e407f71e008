package main

import (
	"context"
	"fmt"

	"cchc/storage"
	"cchc/workflows"
)

// ensure makes database and workflows agree at once: every open document's
// workflow is told to look (and started where it is missing), and every
// workflow that still runs is told to look, so that those of closed documents
// see it and end.
func ensure(ctx context.Context, store *storage.Store, engine *workflows.Client) error {
	woken := 0
	for after := ""; ; {
		ids, err := store.OpenDocuments(ctx, after, relayBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		signalAll(ctx, engine, wakesOf(ids))
		woken += len(ids)
		fmt.Printf("open documents told to look: %d\n", woken)
	}
	for after := ""; ; {
		ids, err := store.LivingPlans(ctx, after, relayBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		lookAtPlans(ctx, engine, ids)
		fmt.Printf("living plans told to look, up to %s\n", after)
	}
	outages, err := store.OpenOutages(ctx)
	if err != nil {
		return err
	}
	lookAtOutages(ctx, engine, outages)
	running := 0
	for token := []byte(nil); ; {
		ids, next, err := engine.Running(ctx, token)
		if err != nil {
			return err
		}
		signalAll(ctx, engine, wakesOf(ids))
		running += len(ids)
		if token = next; len(token) == 0 {
			break
		}
	}
	fmt.Printf("running workflows told to look: %d\n", running)
	return nil
}

func wakesOf(ids []string) []storage.Wake {
	wakes := make([]storage.Wake, len(ids))
	for i, id := range ids {
		wakes[i] = storage.Wake{Document: id}
	}
	return wakes
}
