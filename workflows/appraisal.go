package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"cchc/activities"
	"cchc/templates/words"
)

// Appraisal is the life of the appraisal of one self-assessment, from its hand-in until
// every criterion has its final score. Its input is the document's id alone.
//
// Marks, explanations and decisions are rows, and the transaction that writes them moves
// the stage; a signal only says "look". What the workflow adds is time: reminders, and
// the end of the unit's time for explaining. One that is opened again is started again.
func Appraisal(ctx workflow.Context, document string) error {
	a := &appraisalFile{vigil: newVigil(ctx), document: document}
	var passed time.Time
	for {
		a.drain()
		state := a.track(ctx, passed)
		if state.Reminds {
			a.send(ctx, names.RemindAppraisal, activities.Tracking{Document: document, Passed: passed}, words.RemindingAppraisal(passed))
		}
		a.describe(ctx, state)
		if state.Ended && !a.told() {
			a.finish(ctx)
			if !a.told() {
				return nil
			}
			passed = time.Time{}
			continue // told to look while the last notices went out
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !a.told() {
			a.finish(ctx)
			return workflow.NewContinueAsNewError(ctx, Appraisal, document)
		}
		passed = a.await(ctx, state.Next, state.Wake, words.WaitingForAppraisal)
	}
}

// appraisalFile is what the workflow keeps between two turns of the loop.
type appraisalFile struct {
	vigil
	document  string
	shown     activities.AppraisalState // what search attributes and details say
	described bool
}

// track asks how the appraisal stands.
func (a *appraisalFile) track(ctx workflow.Context, passed time.Time) (state activities.AppraisalState) {
	a.ask(ctx, names.TrackAppraisal, activities.Tracking{Document: a.document, Passed: passed}, &state, words.TrackingAppraisal())
	return state
}

// describe puts the appraisal's state, in words, where operators look for it.
func (a *appraisalFile) describe(ctx workflow.Context, s activities.AppraisalState) {
	now := activities.AppraisalState{Stage: s.Stage, Waits: s.Waits, DueAt: s.DueAt.UTC(), Overdue: s.Overdue}
	if s.Document == "" || a.described && a.shown == now {
		return
	}
	a.described, a.shown = true, now
	workflow.SetCurrentDetails(ctx, words.AppraisalDetails(s.Stage, s.Waits, s.DueAt, s.Overdue))
	due := dueKey.ValueUnset()
	if !s.DueAt.IsZero() {
		due = dueKey.ValueSet(s.DueAt)
	}
	err := workflow.UpsertTypedSearchAttributes(ctx,
		campaignKey.ValueSet(s.Campaign), unitKey.ValueSet(s.Unit), kindKey.ValueSet(string(s.Kind)),
		stageKey.ValueSet(appraisalStage+string(s.Stage)), due, overdueKey.ValueSet(s.Overdue))
	if err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}
