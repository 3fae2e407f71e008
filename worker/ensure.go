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
	if err := ensureLiving(ctx, "living plans", store.LivingPlans, engine.LookAtPlan); err != nil {
		return err
	}
	if err := ensureLiving(ctx, "appraisals", store.LivingAppraisals, engine.LookAtAppraisal); err != nil {
		return err
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

// ensureLiving tells the workflows of all that lives on after its document to look.
func ensureLiving(ctx context.Context, kind string, list func(ctx context.Context, after string, limit int) ([]string, error), look func(context.Context, string) error) error {
	for after := ""; ; {
		ids, err := list(ctx, after, relayBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		lookAtAll(ctx, look, ids)
		fmt.Printf("%s told to look, up to %s\n", kind, after)
	}
}

func wakesOf(ids []string) []storage.Wake {
	wakes := make([]storage.Wake, len(ids))
	for i, id := range ids {
		wakes[i] = storage.Wake{Document: id}
	}
	return wakes
}
