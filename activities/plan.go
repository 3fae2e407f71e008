package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"

	"cchc/storage"
)

// PlanState is how a plan that lives stands: identifiers, counts and instants only.
type PlanState = storage.PlanState

// Tracking is the input of TrackPlan, RemindPlan and their like for appraisals.
type Tracking struct {
	Document string
	Passed   time.Time // the instant of the timer that rang; zero: none
}

// TrackPlan walks the plan to the instant and tells what it waits for next.
func (a *Activities) TrackPlan(ctx context.Context, in Tracking) (PlanState, error) {
	state, err := a.Store.TrackPlan(ctx, in.Document, in.Passed, activity.GetInfo(ctx).WorkflowExecution.RunID)
	if errors.Is(err, storage.ErrNotFound) {
		// A workflow without its row: a forged start. It has nothing to do.
		return PlanState{Ended: true}, nil
	}
	return state, err
}

// RemindPlan tells whom the instant's rungs name of the tasks that still wait.
func (a *Activities) RemindPlan(ctx context.Context, in Tracking) error {
	_, err := a.Store.RemindPlan(ctx, in.Document, in.Passed)
	return err
}
