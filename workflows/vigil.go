package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// vigil is what the workflow of something that lives for long keeps between two turns of
// its loop: the one signal that says "look", notices on their way, and the one timer.
type vigil struct {
	look    workflow.ReceiveChannel
	sending []workflow.Future
	timer   timer
}

func newVigil(ctx workflow.Context) vigil {
	return vigil{look: workflow.GetSignalChannel(ctx, Look)}
}

func (v *vigil) drain() {
	for v.look.ReceiveAsync(nil) {
	}
}

// told tells whether a signal waits to be looked at.
func (v *vigil) told() bool { return v.look.Len() > 0 }

// ask runs an activity until it has an answer: a database that is away makes what lives
// wait, never fail.
func (v *vigil) ask(ctx workflow.Context, activity, input, answer any, summary string) {
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience, RetryPolicy: patient(time.Minute), Summary: summary,
	})
	for {
		if err := workflow.ExecuteActivity(options, activity, input).Get(ctx, answer); err == nil {
			return
		}
		_ = workflow.Sleep(ctx, recordPatience) // an answer that cannot be retried: an operator sees it
	}
}

// send runs an activity that tells people something, without waiting for it here.
func (v *vigil) send(ctx workflow.Context, activity, input any, summary string) {
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience, RetryPolicy: patient(time.Minute), Summary: summary,
	})
	v.sending = append(v.sending, workflow.ExecuteActivity(options, activity, input))
}

// await waits for a signal or for the next instant, for which the timer comes at wake
// (zero: no timer). It returns the instant when it was the timer that ended the wait.
func (v *vigil) await(ctx workflow.Context, next, wake time.Time, summary func(time.Time) string) time.Time {
	v.setTimer(ctx, wake, summary)
	err := workflow.Await(ctx, func() bool { return v.told() || v.timer.rang() })
	if err != nil || !v.timer.rang() {
		return time.Time{} // cancelled from outside: it lives on as long as its row does
	}
	v.timer = timer{}
	return next
}

// setTimer keeps one timer towards the next instant, while that is unchanged.
func (v *vigil) setTimer(ctx workflow.Context, wake time.Time, summary func(time.Time) string) {
	if v.timer.future != nil && v.timer.at.Equal(wake) {
		return
	}
	if v.timer.cancel != nil {
		v.timer.cancel()
	}
	v.timer = timer{}
	if wake.IsZero() {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	v.timer = timer{
		at: wake, cancel: cancel,
		future: workflow.NewTimerWithOptions(timerCtx, max(wake.Sub(workflow.Now(ctx)), shortestWait),
			workflow.TimerOptions{Summary: summary(wake)}),
	}
}

// finish lets notices on their way arrive before the run ends.
func (v *vigil) finish(ctx workflow.Context) {
	if v.timer.cancel != nil {
		v.timer.cancel()
	}
	v.timer = timer{}
	for _, one := range v.sending {
		if err := one.Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Error("a notice was not sent", "error", err)
		}
	}
	v.sending = nil
}
