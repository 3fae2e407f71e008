package workflows_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/worker"

	"cchc/workflows"
)

// recorded are the workflows whose histories are kept, by the name of their type.
var recorded = map[string]any{
	"DocumentApproval": workflows.DocumentApproval,
	"LaunchCampaign":   workflows.LaunchCampaign,
	"CampaignProposal": workflows.CampaignProposal,
	"PlanTracking":     workflows.PlanTracking,
	"OutageNotice":     workflows.OutageNotice,
	"Appraisal":        workflows.Appraisal,
}

// Every history ever recorded must replay with today's code: documents live for
// months, and a deployment must not break those under way. Changed code carries
// workflow.GetVersion. Histories are recorded in e2e/crash with -record.
func TestReplay(t *testing.T) {
	histories, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]int{}
	for _, history := range histories {
		kept[typeOf(t, history)]++
		replayer := worker.NewWorkflowReplayer()
		for _, one := range recorded {
			replayer.RegisterWorkflow(one)
		}
		if err := replayer.ReplayWorkflowHistoryFromJSONFile(nil, history); err != nil {
			t.Errorf("%s: %v", history, err)
		}
	}
	for name := range recorded {
		if kept[name] == 0 {
			t.Errorf("no history of %s is kept", name)
		}
	}
}

// typeOf is the workflow's type that a history tells in its first event.
func typeOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var history struct {
		Events []struct {
			Started struct {
				Type struct{ Name string } `json:"workflowType"`
			} `json:"workflowExecutionStartedEventAttributes"`
		}
	}
	if err := json.Unmarshal(data, &history); err != nil || len(history.Events) == 0 {
		t.Fatalf("%s: %d events, %v", path, len(history.Events), err)
	}
	return history.Events[0].Started.Type.Name
}
