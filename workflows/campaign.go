package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"cchc/templates/words"
)

// LaunchCampaign starts the workflow of every document of a campaign. The
// documents are rows already; this only sets them going, in batches, and picks
// up where it stopped.
func LaunchCampaign(ctx workflow.Context, code string) error {
	workflow.SetCurrentDetails(ctx, words.StartingDocuments())
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.StartingDocuments(),
	})
	return workflow.ExecuteActivity(options, names.StartDocuments, code).Get(ctx, nil)
}

// CampaignProposal is what the schedule of a series starts: it puts the campaigns
// that have come due for proposal before the authority's officers. It launches
// nothing.
func CampaignProposal(ctx workflow.Context, series string) error {
	workflow.SetCurrentDetails(ctx, words.Proposing())
	options := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: recordPatience,
		RetryPolicy:         patient(time.Minute),
		Summary:             words.Proposing(),
	})
	var periods []string
	if err := workflow.ExecuteActivity(options, names.ProposeCampaign, series).Get(ctx, &periods); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, words.Proposed(periods))
	return nil
}
