package crash

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/e2e/stack"
)

// TestSeriesHasItsSchedule lays a series down in the database alone, as a server
// does that is killed before it has told the engine: the worker makes its schedule,
// which names twelve instants, fires when it is triggered, pauses with the series,
// is made again when the engine has lost it, and goes with what is no series.
func TestSeriesHasItsSchedule(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	c := settle(t, s, 1, time.Now().Truncate(time.Minute).Add(30*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	officer := c.officer.Person
	one := campaign.Series{
		Code: "hang-thang", Name: "Báo cáo CCHC", Form: "bc-cchc-quy", Period: period.Month,
		Groups: []string{"department"}, LeadDays: 0, Active: true,
	}
	if err := s.Store.AddSeries(ctx, uuid.New(), officer, one); err != nil {
		t.Fatal(err)
	}
	schedules := s.Engine.Temporal().ScheduleClient()
	described := func() *client.ScheduleDescription {
		found, err := schedules.GetHandle(ctx, "series-hang-thang").Describe(ctx)
		if err != nil {
			return nil
		}
		return found
	}
	const patience = 2 * time.Minute
	s.Eventually("the schedule is there", patience, func() bool { return described() != nil })
	found := described()
	if len(found.Schedule.Spec.Calendars) < 12 || len(found.Info.NextActionTimes) == 0 || !strings.Contains(found.Schedule.State.Note, one.Name) {
		t.Errorf("the schedule has %d instants, next %v, note %q", len(found.Schedule.Spec.Calendars), found.Info.NextActionTimes, found.Schedule.State.Note)
	}
	stored, err := s.Store.SeriesSchedules(ctx)
	if err != nil || len(stored) != 1 {
		t.Fatalf("%d series, %v", len(stored), err)
	}
	now, err := s.Store.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range stored[0].Instants {
		if at.After(now) {
			if !found.Info.NextActionTimes[0].Equal(at) {
				t.Errorf("the engine proposes next at %v, the series at %v", found.Info.NextActionTimes[0], at)
			}
			break
		}
	}

	// A longer lead makes the next campaign due for proposal at once: the schedule
	// is told, and what has come due is proposed.
	one.LeadDays = campaign.MaxLeadDays
	if err := s.Store.ChangeSeries(ctx, officer, 1, one); err != nil {
		t.Fatal(err)
	}
	s.Eventually("a campaign is proposed", patience, func() bool {
		open, err := s.Store.OpenProposals(ctx)
		return err == nil && len(open) > 0
	})
	open, err := s.Store.OpenProposals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Engine.Propose(ctx, one.Code); err != nil { // once more changes nothing
		t.Fatal(err)
	}
	s.Eventually("the schedule has fired twice", patience, func() bool {
		d := described()
		return d != nil && d.Info.NumActions >= 2
	})
	id := described().Info.RecentActions[0].StartWorkflowResult.WorkflowID
	s.Eventually("its workflow has ended", patience, func() bool {
		running, err := s.Engine.Knows(ctx, id)
		return err == nil && !running
	})
	history := c.history(ctx, id)
	if events := history.GetEvents(); events[len(events)-1].GetEventType() != enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED {
		t.Errorf("the workflow %s ended with %s", id, events[len(events)-1].GetEventType())
	}
	c.record("proposal", history)
	if again, err := s.Store.OpenProposals(ctx); err != nil || len(again) != len(open) {
		t.Errorf("%d proposals, then %d, %v", len(open), len(again), err)
	}

	one.Active = false
	if err := s.Store.ChangeSeries(ctx, officer, 2, one); err != nil {
		t.Fatal(err)
	}
	s.Eventually("the schedule is paused", patience, func() bool {
		d := described()
		return d != nil && d.Schedule.State.Paused
	})
	if err := schedules.GetHandle(ctx, "series-hang-thang").Delete(ctx); err != nil {
		t.Fatal(err)
	}
	s.Eventually("the schedule is there again", patience, func() bool { return described() != nil })
}
