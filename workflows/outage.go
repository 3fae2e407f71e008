package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"cchc/activities"
	"cchc/domain/outage"
	"cchc/templates/words"
)

// OutageNotice follows an outage, or the risk of one, until units need not be told
// anything more (QĐ 1439 Đ11.5): to the instant at which the notice is due, through its
// drafting and the words of both departments, to the all-clear; or to a quiet end. Its
// input is the outage's id alone.
//
// What happens is rows; a signal only says "look". Which step is next is asked of
// RecordOutage each time, so that the loop may run at any time, after any crash, and
// ends in the same place.
func OutageNotice(ctx workflow.Context, id int64) error {
	f := &outageFile{id: id, look: workflow.GetSignalChannel(ctx, Look)}
	var passed time.Time
	for {
		f.drain()
		state := f.record(ctx, passed)
		f.describe(ctx, state)
		passed = time.Time{}
		switch {
		case state.Step == outage.Over:
			if f.look.Len() == 0 {
				return nil
			}
		case state.Step != outage.Wait:
			f.carryOut(ctx, state)
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested() && f.look.Len() == 0:
			return workflow.NewContinueAsNewError(ctx, OutageNotice, id)
		default:
			passed = f.await(ctx, state)
		}
	}
}

// outageFile is what the workflow keeps about its outage between two turns.
type outageFile struct {
	id        int64
	look      workflow.ReceiveChannel
	shown     activities.OutageState // what search attributes and details say
	described bool
	done      activities.OutageStep // the step that was carried out last
	timer     timer
}

func (f *outageFile) drain() {
	for f.look.ReceiveAsync(nil) {
	}
}

// record asks how the outage stands until it has an answer: a database that is away,
// as may be just now, makes it wait, never fail.
func (f *outageFile) record(ctx workflow.Context, passed time.Time) activities.OutageState {
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.RecordingOutage(),
	})
	input := activities.OutageLook{Outage: f.id, Passed: passed}
	var state activities.OutageState
	for {
		if err := workflow.ExecuteActivity(options, names.RecordOutage, input).Get(ctx, &state); err == nil {
			return state
		}
		_ = workflow.Sleep(ctx, recordPatience) // an answer that cannot be retried: an operator sees it
	}
}

// carryOut has the step done. One that comes round again at once has found the outage
// changed meanwhile: it is not repeated without a pause.
func (f *outageFile) carryOut(ctx workflow.Context, state activities.OutageState) {
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	step := activities.OutageStep{Outage: f.id, Notice: state.Notice, Step: state.Step}
	if step == f.done {
		_ = workflow.Sleep(ctx, lookAgain)
	}
	f.done = step
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: publishPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.OutageStep(state.Step),
	})
	for {
		if err := workflow.ExecuteActivity(options, f.activity(state.Step), step).Get(ctx, nil); err == nil {
			return
		}
		_ = workflow.Sleep(ctx, recordPatience)
	}
}

// publishPatience is for a step: printing, and the notices of thousands of people.
const publishPatience = 30 * time.Second

func (f *outageFile) activity(step outage.Step) any {
	switch step {
	case outage.PublishNotice:
		return names.PublishOutageNotice
	case outage.PostNotice:
		return names.PostOutageNotice
	}
	return names.WriteOutageNotice
}

// describe puts the outage's state, in words, where operators look for it.
func (f *outageFile) describe(ctx workflow.Context, s activities.OutageState) {
	now := activities.OutageState{Kind: s.Kind, Phase: s.Phase, Mark: s.Mark.UTC(), Due: s.Due.UTC()}
	if s.ID == 0 || f.described && f.shown == now {
		return
	}
	f.described, f.shown = true, now
	workflow.SetCurrentDetails(ctx, words.OutageDetails(string(s.Kind), string(s.Phase), s.Mark, s.Due))
	due := dueKey.ValueUnset()
	switch {
	case !s.Due.IsZero():
		due = dueKey.ValueSet(s.Due)
	case !s.Mark.IsZero():
		due = dueKey.ValueSet(s.Mark)
	}
	err := workflow.UpsertTypedSearchAttributes(ctx, kindKey.ValueSet(outageKind), stageKey.ValueSet(string(s.Phase)), due)
	if err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}

// await waits for a signal or for the next instant, and returns that instant when it
// was the timer that ended the wait.
func (f *outageFile) await(ctx workflow.Context, state activities.OutageState) time.Time {
	f.done = activities.OutageStep{} // what comes after a wait is no repetition
	f.setTimer(ctx, state)
	err := workflow.Await(ctx, func() bool { return f.look.Len() > 0 || f.timer.rang() })
	if err != nil || !f.timer.rang() {
		return time.Time{} // cancelled from outside: the outage goes on as long as its row does
	}
	f.timer = timer{}
	return state.Wake
}

// setTimer keeps one timer towards the next instant, while that is unchanged.
func (f *outageFile) setTimer(ctx workflow.Context, state activities.OutageState) {
	if f.timer.future != nil && f.timer.at.Equal(state.Wake) {
		return
	}
	if f.timer.cancel != nil {
		f.timer.cancel()
	}
	f.timer = timer{}
	if state.Wake.IsZero() {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	f.timer = timer{
		at: state.Wake, cancel: cancel,
		future: workflow.NewTimerWithOptions(timerCtx, max(state.Wake.Sub(workflow.Now(ctx)), shortestWait),
			workflow.TimerOptions{Summary: words.WaitingForOutage(state.Wake)}),
	}
}
