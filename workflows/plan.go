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
	p := &planFile{document: document, look: workflow.GetSignalChannel(ctx, Look)}
	var passed time.Time
	for {
		p.drain()
		state := p.track(ctx, passed)
		p.send(ctx, state, passed)
		p.describe(ctx, state)
		if state.Ended && p.look.Len() == 0 {
			p.finish(ctx)
			if p.look.Len() == 0 {
				return nil
			}
			passed = time.Time{}
			continue // told to look while the last notices went out
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && p.look.Len() == 0 {
			p.finish(ctx)
			return workflow.NewContinueAsNewError(ctx, PlanTracking, document)
		}
		passed = p.await(ctx, state)
	}
}

// planFile is what the workflow keeps about its plan between two turns of the loop.
type planFile struct {
	document  string
	look      workflow.ReceiveChannel
	sending   []workflow.Future
	shown     activities.PlanState // what search attributes and details say
	described bool
	timer     timer
}

func (p *planFile) drain() {
	for p.look.ReceiveAsync(nil) {
	}
}

// track asks how the plan stands until it has an answer: a database that is away
// makes the plan wait, never fail.
func (p *planFile) track(ctx workflow.Context, passed time.Time) activities.PlanState {
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.TrackingPlan(),
	})
	input := activities.Tracking{Document: p.document, Passed: passed}
	var state activities.PlanState
	for {
		if err := workflow.ExecuteActivity(options, names.TrackPlan, input).Get(ctx, &state); err == nil {
			return state
		}
		_ = workflow.Sleep(ctx, recordPatience) // an answer that cannot be retried: an operator sees it
	}
}

// send reminds of the instant just passed, without waiting for it here.
func (p *planFile) send(ctx workflow.Context, state activities.PlanState, passed time.Time) {
	if !state.Reminds {
		return
	}
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.RemindingPlan(passed),
	})
	input := activities.Tracking{Document: p.document, Passed: passed}
	p.sending = append(p.sending, workflow.ExecuteActivity(options, names.RemindPlan, input))
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

// await waits for a signal or for the next instant, and returns that instant when it
// was the timer that ended the wait.
func (p *planFile) await(ctx workflow.Context, state activities.PlanState) time.Time {
	p.setTimer(ctx, state)
	err := workflow.Await(ctx, func() bool { return p.look.Len() > 0 || p.timer.rang() })
	if err != nil || !p.timer.rang() {
		return time.Time{} // cancelled from outside: the plan lives on as long as its row does
	}
	p.timer = timer{}
	return state.Next
}

// setTimer keeps one timer towards the next instant, while that is unchanged.
func (p *planFile) setTimer(ctx workflow.Context, state activities.PlanState) {
	if p.timer.future != nil && p.timer.at.Equal(state.Wake) {
		return
	}
	if p.timer.cancel != nil {
		p.timer.cancel()
	}
	p.timer = timer{}
	if state.Wake.IsZero() {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	p.timer = timer{
		at: state.Wake, cancel: cancel,
		future: workflow.NewTimerWithOptions(timerCtx, max(state.Wake.Sub(workflow.Now(ctx)), shortestWait),
			workflow.TimerOptions{Summary: words.WaitingForPlan(state.Wake)}),
	}
}

// finish lets notices on their way arrive before the run ends.
func (p *planFile) finish(ctx workflow.Context) {
	if p.timer.cancel != nil {
		p.timer.cancel()
	}
	p.timer = timer{}
	for _, one := range p.sending {
		if err := one.Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Error("a notice was not sent", "error", err)
		}
	}
	p.sending = nil
}
