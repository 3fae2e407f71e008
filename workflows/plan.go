package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"cchc/activities"
	"cchc/templates/words"
)

// PlanTracking is the life of a plan after it was approved, until its year is over
// and nothing is open. Its input is the document's id alone.
//
// Progress and results are rows; a signal only says "look". The workflow keeps
// nothing but the next instant: a reminder, a deadline, the end of the year.
func PlanTracking(ctx workflow.Context, document string) error {
	p := &planFile{vigil: newVigil(ctx), document: document}
	var passed time.Time
	for {
		p.drain()
		state := p.track(ctx, passed)
		if state.Reminds {
			p.send(ctx, names.RemindPlan, activities.Tracking{Document: document, Passed: passed}, words.RemindingPlan(passed))
		}
		p.describe(ctx, state)
		if state.Ended && !p.told() {
			p.finish(ctx)
			if !p.told() {
				return nil
			}
			passed = time.Time{}
			continue // told to look while the last notices went out
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !p.told() {
			p.finish(ctx)
			return workflow.NewContinueAsNewError(ctx, PlanTracking, document)
		}
		passed = p.await(ctx, state.Next, state.Wake, words.WaitingForPlan)
	}
}

// planFile is what the workflow keeps about its plan between two turns of the loop.
type planFile struct {
	vigil
	document  string
	shown     activities.PlanState // what search attributes and details say
	described bool
}

// track asks how the plan stands.
func (p *planFile) track(ctx workflow.Context, passed time.Time) (state activities.PlanState) {
	p.ask(ctx, names.TrackPlan, activities.Tracking{Document: p.document, Passed: passed}, &state, words.TrackingPlan())
	return state
}

// describe puts the plan's state, in words, where operators look for it.
func (p *planFile) describe(ctx workflow.Context, s activities.PlanState) {
	now := activities.PlanState{Tasks: s.Tasks, Done: s.Done, Late: s.Late, Deadline: s.Deadline.UTC(), Ended: s.Ended}
	if s.Document == "" || p.described && p.shown == now {
		return
	}
	p.described, p.shown = true, now
	workflow.SetCurrentDetails(ctx, words.PlanDetails(s.Tasks, s.Done, s.Late, s.Deadline, s.Ended))
	due := dueKey.ValueUnset()
	if !s.Deadline.IsZero() {
		due = dueKey.ValueSet(s.Deadline)
	}
	err := workflow.UpsertTypedSearchAttributes(ctx,
		campaignKey.ValueSet(s.Campaign), unitKey.ValueSet(s.Unit), kindKey.ValueSet(string(s.Kind)),
		stageKey.ValueSet(planStage), due, overdueKey.ValueSet(s.Late > 0))
	if err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}
