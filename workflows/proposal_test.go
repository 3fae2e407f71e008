package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"cchc/activities"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage/storagetest"
	"cchc/workflows"
)

// The workflow that a schedule starts puts what has come due for proposal before
// the officers, however often it is started, and waits for a database that is away.
func TestCampaignProposal(t *testing.T) {
	l := &life{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	officer := l.person(staff.Officer, "SNV")
	one := campaign.Series{
		Code: "hang-thang", Name: "Báo cáo CCHC", Form: "bc-cchc-quy", Period: period.Month,
		Groups: []string{"department"}, LeadDays: campaign.MaxLeadDays, Active: true,
	}
	if err := l.db.Store.AddSeries(context.Background(), uuid.New(), officer.Person, one); err != nil {
		t.Fatal(err)
	}
	real := &activities.Activities{Store: l.db.Store}
	for run := range 2 {
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestWorkflowEnvironment()
		env.SetTestTimeout(time.Minute)
		env.RegisterWorkflow(workflows.CampaignProposal)
		env.RegisterActivity(real)
		tries := 0
		env.OnActivity("ProposeCampaign", mock.Anything, one.Code).Return(func(ctx context.Context, code string) ([]string, error) {
			if tries++; tries < 4 {
				return nil, errors.New("the database is away")
			}
			return real.ProposeCampaign(ctx, code)
		})
		env.ExecuteWorkflow(workflows.CampaignProposal, one.Code)
		if !env.IsWorkflowCompleted() || env.GetWorkflowError() != nil || tries != 4 {
			t.Fatalf("run %d: %v after %d tries", run, env.GetWorkflowError(), tries)
		}
	}
	var proposals, periods int
	l.query(&proposals, `select count(*) from campaign_proposals`)
	l.query(&periods, `select count(distinct period) from campaign_proposals where state = 'open'`)
	if proposals == 0 || proposals != periods {
		t.Errorf("%d proposals for %d periods", proposals, periods)
	}
}
