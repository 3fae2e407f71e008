package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"

	"cchc/domain/appraisal"
	"cchc/storage"
)

// AppraisalState is how an appraisal stands: identifiers, counts and instants only.
type AppraisalState = storage.AppraisalState

// TrackAppraisal walks the appraisal to the instant, makes the moves that follow by
// themselves, and tells what it waits for next.
func (a *Activities) TrackAppraisal(ctx context.Context, in Tracking) (AppraisalState, error) {
	state, err := a.Store.TrackAppraisal(ctx, in.Document, in.Passed, activity.GetInfo(ctx).WorkflowExecution.RunID)
	if errors.Is(err, storage.ErrNotFound) {
		// A workflow without its row: a forged start. It has nothing to do.
		return AppraisalState{Stage: appraisal.Done, Ended: true}, nil
	}
	return state, err
}

// RemindAppraisal tells whom the instant's rung names, if they are still waited for.
func (a *Activities) RemindAppraisal(ctx context.Context, in Tracking) error {
	return a.Store.RemindAppraisal(ctx, in.Document, in.Passed)
}
