package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"cchc/activities"
	"cchc/board"
	"cchc/storage"
	"cchc/workflows"
)

// workflowPollers is how many polls for workflow tasks are under way at once.
// With the default of 2 an answer's p95 was six times as long under load.
const workflowPollers = 16

// work polls for workflow and activity tasks until the context ends. The engine
// may be away at the start: it is waited for.
func work(ctx context.Context, store *storage.Store, engine *workflows.Client, announced board.Board) error {
	if err := waitFor(ctx, engine); err != nil {
		return err
	}
	w := worker.New(engine.Temporal(), workflows.TaskQueue, worker.Options{
		MaxConcurrentWorkflowTaskPollers: workflowPollers,
		MaxConcurrentActivityTaskPollers: 8,
		WorkerStopTimeout:                5 * time.Second,
	})
	register(w, store, engine, announced)
	if err := w.Start(); err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	slog.InfoContext(ctx, "worker is polling", "queue", workflows.TaskQueue)
	<-ctx.Done()
	w.Stop()
	return ctx.Err()
}

func register(w worker.Registry, store *storage.Store, engine *workflows.Client, announced board.Board) {
	w.RegisterWorkflowWithOptions(workflows.DocumentApproval, workflow.RegisterOptions{})
	w.RegisterWorkflowWithOptions(workflows.LaunchCampaign, workflow.RegisterOptions{})
	w.RegisterWorkflowWithOptions(workflows.CampaignProposal, workflow.RegisterOptions{})
	w.RegisterWorkflowWithOptions(workflows.PlanTracking, workflow.RegisterOptions{})
	w.RegisterWorkflowWithOptions(workflows.Appraisal, workflow.RegisterOptions{})
	w.RegisterWorkflowWithOptions(workflows.OutageNotice, workflow.RegisterOptions{})
	w.RegisterActivity(&activities.Activities{Store: store, StartDocument: engine.StartDocument, Board: announced})
}

// waitFor returns once the engine answers, saying now and then that it does not.
func waitFor(ctx context.Context, engine *workflows.Client) error {
	for try := 0; ; try++ {
		err := engine.Ready(ctx)
		if err == nil {
			return nil
		}
		if try%15 == 0 {
			slog.WarnContext(ctx, "waiting for the workflow engine", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
