package workflows_test

import (
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/worker"

	"cchc/workflows"
)

// Every history ever recorded must replay with today's code: documents live for
// months, and a deployment must not break those under way. Changed code carries
// workflow.GetVersion. Histories are recorded in e2e/crash with -record.
func TestReplay(t *testing.T) {
	histories, err := filepath.Glob("testdata/*.json")
	if err != nil || len(histories) < 3 {
		t.Fatalf("%d recorded histories, %v", len(histories), err)
	}
	for _, history := range histories {
		replayer := worker.NewWorkflowReplayer()
		replayer.RegisterWorkflow(workflows.DocumentApproval)
		replayer.RegisterWorkflow(workflows.CampaignProposal)
		if err := replayer.ReplayWorkflowHistoryFromJSONFile(nil, history); err != nil {
			t.Errorf("%s: %v", history, err)
		}
	}
}
