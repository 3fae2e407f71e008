// Package activities is everything a workflow asks of the world. Each one may
// run twice with the same result: what it writes has a derived key, or is a
// transaction that answers alike the second time.
//
// No rule and no SQL lives here: activities call storage, which asks domain.
package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"cchc/board"
	"cchc/storage"
)

// Activities are registered with the worker under their method names.
type Activities struct {
	Store *storage.Store
	// StartDocument starts a document's workflow; one that runs already counts
	// as success.
	StartDocument func(ctx context.Context, document string) error
	Board         board.Board // where announcements about outages are posted
}

// State is how a document stands: identifiers, instants and roles only, for it
// is kept in the workflow's history.
type State = storage.DocumentState

// Recording is the input of RecordDecisions.
type Recording struct {
	Document string
	Passed   time.Time // the instant of the timer that rang; zero: none
}

// RecordDecisions answers the document's unanswered decisions and makes the
// system move of the instant, if one was given.
func (a *Activities) RecordDecisions(ctx context.Context, in Recording) (State, error) {
	state, err := a.Store.RecordDecisions(ctx, in.Document, in.Passed, activity.GetInfo(ctx).WorkflowExecution.RunID)
	if errors.Is(err, storage.ErrNotFound) {
		// A workflow without its row: a forged start. It has nothing to do.
		return State{Document: in.Document, Closed: true}, nil
	}
	return state, err
}

// RungNotice is the input of SendReminder and Escalate.
type RungNotice struct {
	Document string
	Rung     storage.Rung
	Due      time.Time
}

// SendReminder tells the people at the desk that the due comes or has passed.
// Whether there is still a reason is looked at again here.
func (a *Activities) SendReminder(ctx context.Context, in RungNotice) error {
	_, err := a.Store.SendRung(ctx, in.Document, in.Rung, in.Due)
	return err
}

// Escalate tells those above the desk that it is late.
func (a *Activities) Escalate(ctx context.Context, in RungNotice) error {
	_, err := a.Store.SendRung(ctx, in.Document, in.Rung, in.Due)
	return err
}

// ProposeCampaign proposes what the series has to propose by now, and answers
// with the codes of the periods.
func (a *Activities) ProposeCampaign(ctx context.Context, series string) ([]string, error) {
	return a.Store.ProposeCampaigns(ctx, series)
}

const (
	batch       = 50 // started between two heartbeats
	startAtOnce = 8
)

// StartDocuments starts the workflow of each of the campaign's documents, in
// batches by their ids, and heartbeats the last one of each, from which a second
// try goes on.
func (a *Activities) StartDocuments(ctx context.Context, campaign string) error {
	after := lastStarted(ctx)
	for {
		ids, err := a.Store.CampaignDocuments(ctx, campaign, after, batch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return a.Store.MarkCampaignStarted(ctx, campaign)
		}
		if err := a.startAll(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
		activity.RecordHeartbeat(ctx, after)
	}
}

// startAll starts a batch, several at once: one by one, the engine's answer time
// alone would make a launch of thousands take minutes.
func (a *Activities) startAll(ctx context.Context, ids []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(startAtOnce)
	for _, id := range ids {
		group.Go(func() error {
			if err := a.StartDocument(ctx, id); err != nil {
				return fmt.Errorf("start document %s: %w", id, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func lastStarted(ctx context.Context) string {
	var after string
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &after); err != nil {
			return "" // from the beginning: starting twice is harmless
		}
	}
	return after
}
