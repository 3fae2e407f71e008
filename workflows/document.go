package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"cchc/activities"
	"cchc/templates/words"
)

// The limits of RecordDecisions: at first inside the workflow task, then, when
// the database does not answer, as an ordinary activity for as long as it takes.
const (
	recordTimeout  = 5 * time.Second
	recordLocal    = 7 * time.Second
	recordPatience = 10 * time.Second
	shortestWait   = time.Second // clocks apart must not make a busy loop
	lookAgain      = 5 * time.Second
)

// DocumentApproval is the life of one document, from its launch until nobody is
// waited for. Its input is the document's id alone.
//
// The database holds every decision; a signal only says "look". So the loop may
// run at any time, after any crash, and ends in the same place.
func DocumentApproval(ctx workflow.Context, document string) error {
	f := follow(ctx, document)
	var passed time.Time
	for {
		f.drain(ctx)
		state := f.record(ctx, passed)
		f.send(ctx, state)
		f.describe(ctx, state)
		if state.Closed && f.drained() {
			if err := f.finish(ctx); err != nil || f.drained() || !looksAgain(ctx) {
				return err
			}
			passed = time.Time{}
			continue // told to look while the last notices went out: it may be open again
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && f.drained() {
			return f.continueAsNew(ctx)
		}
		passed = f.await(ctx, state)
	}
}

// file is what the workflow keeps about its document between two turns of the
// loop: signals, the one timer, and notices on their way.
type file struct {
	document  string
	signals   []workflow.ReceiveChannel
	sending   []workflow.Future
	shown     activities.State // what search attributes and details say
	described bool
	timer     timer
}

// timer is the one timer: kept while its instant is unchanged.
type timer struct {
	at     time.Time
	future workflow.Future
	cancel workflow.CancelFunc
}

func follow(ctx workflow.Context, document string) *file {
	f := &file{document: document}
	for _, name := range tasks {
		f.signals = append(f.signals, workflow.GetSignalChannel(ctx, name))
	}
	return f
}

// drain takes every signal that has come: each of them only says "look".
func (f *file) drain(ctx workflow.Context) {
	for _, signal := range f.signals {
		for signal.ReceiveAsync(nil) {
		}
	}
}

// drained tells whether no signal has come since.
func (f *file) drained() bool {
	for _, signal := range f.signals {
		if signal.Len() > 0 {
			return false
		}
	}
	return true
}

// record calls RecordDecisions until it has an answer: a database that is away
// makes the document wait, never fail. It goes on even when the workflow is
// being cancelled: decisions do not care.
func (f *file) record(ctx workflow.Context, passed time.Time) activities.State {
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	input := activities.Recording{Document: f.document, Passed: passed}
	var state activities.State
	if err := workflow.ExecuteLocalActivity(local(ctx), names.RecordDecisions, input).Get(ctx, &state); err == nil {
		return state
	}
	for {
		if err := workflow.ExecuteActivity(remote(ctx), names.RecordDecisions, input).Get(ctx, &state); err == nil {
			return state
		}
		_ = workflow.Sleep(ctx, recordPatience) // an answer that cannot be retried: an operator sees it
	}
}

// names gives the activities' method names; it is never called.
var names *activities.Activities

func local(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout:    recordTimeout,
		ScheduleToCloseTimeout: recordLocal,
		Summary:                words.Recording(),
	})
}

func remote(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(recordPatience),
		Summary:             words.Recording(),
	})
}

// patient retries without end, at most once per the given interval.
func patient(most time.Duration) *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: most}
}

// send tells the people of the rung just passed. It is not waited for here:
// decisions go on while a notice is tried again.
func (f *file) send(ctx workflow.Context, state activities.State) {
	rung := state.Passed
	if rung == nil || state.Closed {
		return
	}
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.SendingRung(rung.Code, state.DueAt),
	})
	input := activities.RungNotice{Document: f.document, Rung: *rung, Due: state.DueAt}
	activity := names.SendReminder
	if rung.Escalates() {
		activity = names.Escalate
	}
	f.sending = append(f.sending, workflow.ExecuteActivity(options, activity, input))
}

// describe puts the document's state, in words, where operators look for it.
func (f *file) describe(ctx workflow.Context, s activities.State) {
	if f.described && f.shown.Stage == s.Stage && f.shown.Status == s.Status &&
		f.shown.DueAt.Equal(s.DueAt) && f.shown.Overdue == s.Overdue && f.shown.Revision == s.Revision {
		return
	}
	f.described, f.shown = true, s
	workflow.SetCurrentDetails(ctx, words.CurrentDetails(s.Kind, s.Status, s.Role, s.DeskUnit, s.DueAt, s.Overdue, s.Revision))
	err := workflow.UpsertTypedSearchAttributes(ctx,
		campaignKey.ValueSet(s.Campaign), unitKey.ValueSet(s.Unit), kindKey.ValueSet(string(s.Kind)),
		stageKey.ValueSet(string(s.Stage)), dueKey.ValueSet(s.DueAt), overdueKey.ValueSet(s.Overdue))
	if err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}

// await waits for a signal or for the next rung, and returns the rung's instant
// when it was the timer that ended the wait.
func (f *file) await(ctx workflow.Context, state activities.State) time.Time {
	f.setTimer(ctx, state)
	err := workflow.Await(ctx, func() bool { return !f.drained() || f.timer.rang() })
	if err != nil {
		// Cancelled from outside: the document lives on as long as its row does.
		return time.Time{}
	}
	if !f.timer.rang() {
		return time.Time{}
	}
	f.timer = timer{}
	if state.NeedsLookIn || state.Next == nil {
		return time.Time{}
	}
	return state.Next.At
}

// setTimer keeps one timer towards the next instant.
func (f *file) setTimer(ctx workflow.Context, state activities.State) {
	at, summary := nextInstant(ctx, state)
	if f.timer.future != nil && f.timer.at.Equal(at) {
		return
	}
	if f.timer.cancel != nil {
		f.timer.cancel()
	}
	f.timer = timer{}
	if at.IsZero() {
		return
	}
	wait := at.Sub(workflow.Now(ctx))
	if wait < shortestWait {
		wait = shortestWait
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	f.timer = timer{
		at: at, cancel: cancel,
		future: workflow.NewTimerWithOptions(timerCtx, wait, workflow.TimerOptions{Summary: summary}),
	}
}

func (t timer) rang() bool { return t.future != nil && t.future.IsReady() }

// nextInstant is what the document waits for beside people; zero when nothing.
func nextInstant(ctx workflow.Context, state activities.State) (time.Time, string) {
	switch {
	case state.NeedsLookIn:
		return workflow.Now(ctx).Add(lookAgain), words.LookingAgain()
	case state.Next == nil:
		return time.Time{}, ""
	}
	return state.Next.Wake, words.WaitingForRung(state.Next.Code, state.Next.Wake)
}

// finish lets notices on their way arrive before the workflow ends.
func (f *file) finish(ctx workflow.Context) error {
	if f.timer.cancel != nil {
		f.timer.cancel()
	}
	f.timer = timer{}
	for _, one := range f.sending {
		if err := one.Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Error("a notice was not sent", "error", err)
		}
	}
	return nil
}

// looksAgain tells whether this run looks at what came while it was ending. Runs
// that ended before the code did so are replayed as they were.
func looksAgain(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "look-again-at-the-end", workflow.DefaultVersion, 1) != workflow.DefaultVersion
}

func (f *file) continueAsNew(ctx workflow.Context) error {
	if err := f.finish(ctx); err != nil {
		return err
	}
	return workflow.NewContinueAsNewError(ctx, DocumentApproval, f.document)
}
