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
	f := &outageFile{vigil: newVigil(ctx), id: id}
	var passed time.Time
	for {
		f.drain()
		state := f.record(ctx, passed)
		f.describe(ctx, state)
		passed = time.Time{}
		switch {
		case state.Step == outage.Over:
			if !f.told() {
				return nil
			}
		case state.Step != outage.Wait:
			f.carryOut(ctx, state)
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !f.told():
			return workflow.NewContinueAsNewError(ctx, OutageNotice, id)
		default:
			f.done = activities.OutageStep{} // what comes after a wait is no repetition
			passed = f.await(ctx, state.Wake, state.Wake, words.WaitingForOutage)
		}
	}
}

// outageFile is what the workflow keeps about its outage between two turns.
type outageFile struct {
	vigil
	id        int64
	shown     activities.OutageState // what search attributes and details say
	described bool
	done      activities.OutageStep // the step that was carried out last
}

// record asks how the outage stands: its database may be away just now.
func (f *outageFile) record(ctx workflow.Context, passed time.Time) (state activities.OutageState) {
	f.ask(ctx, names.RecordOutage, activities.OutageLook{Outage: f.id, Passed: passed}, &state, words.RecordingOutage())
	return state
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
