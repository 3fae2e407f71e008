package workflows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/templates/words"
)

const (
	schedulePrefix = "series-"
	// scheduleCatchUp is how old an instant may be that the engine missed and
	// still starts.
	scheduleCatchUp = 365 * 24 * time.Hour
	listAtOnce      = 100
)

// KeepSchedule makes the schedule of the series agree with it: these instants,
// paused when the series is not in force. It may be called at any time.
func (c *Client) KeepSchedule(ctx context.Context, series campaign.Series, at []time.Time) error {
	id := schedulePrefix + series.Code
	spec := specOf(at)
	state := client.ScheduleState{
		Note: words.ScheduleNote(series.Name, series.Period, series.LeadDays, at), Paused: !series.Active,
	}
	handle := c.temporal.ScheduleClient().GetHandle(ctx, id)
	known, err := handle.Describe(ctx)
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return c.makeSchedule(ctx, id, series.Code, spec, state)
	case err != nil:
		return fmt.Errorf("describe schedule %s: %w", id, err)
	case known.Schedule.State.Note == state.Note && known.Schedule.State.Paused == state.Paused:
		return nil // the note tells everything that makes the schedule
	}
	err = handle.Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			schedule := in.Description.Schedule
			schedule.Spec, schedule.State.Note, schedule.State.Paused = &spec, state.Note, state.Paused
			return &client.ScheduleUpdate{Schedule: &schedule}, nil
		},
	})
	if err != nil {
		return fmt.Errorf("update schedule %s: %w", id, err)
	}
	return nil
}

func (c *Client) makeSchedule(ctx context.Context, id, code string, spec client.ScheduleSpec, state client.ScheduleState) error {
	_, err := c.temporal.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: id, Spec: spec, Note: state.Note, Paused: state.Paused,
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: scheduleCatchUp,
		Action: &client.ScheduleWorkflowAction{
			ID: "propose-" + code, Workflow: CampaignProposal, Args: []any{code}, TaskQueue: TaskQueue,
			StaticSummary: words.ProposalSummary(),
		},
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil // another worker was faster; the next look compares
	}
	if err != nil {
		return fmt.Errorf("create schedule %s: %w", id, err)
	}
	return nil
}

// specOf names each instant: windows follow rules that change over the years, and
// a day counted back from one has no pattern that a calendar expression could say.
func specOf(at []time.Time) client.ScheduleSpec {
	spec := client.ScheduleSpec{TimeZoneName: "Asia/Ho_Chi_Minh"}
	one := func(n int) []client.ScheduleRange { return []client.ScheduleRange{{Start: n}} }
	for _, instant := range at {
		local := instant.In(calendar.Zone)
		spec.Calendars = append(spec.Calendars, client.ScheduleCalendarSpec{
			Year: one(local.Year()), Month: one(int(local.Month())), DayOfMonth: one(local.Day()),
			Hour: one(local.Hour()), Minute: one(local.Minute()), Second: one(local.Second()),
		})
	}
	if len(at) == 0 { // an empty specification would be refused
		spec.Calendars = []client.ScheduleCalendarSpec{{Year: one(2000), Month: one(1), DayOfMonth: one(1)}}
	}
	return spec
}

// Propose starts what the schedule of the series starts, at once.
func (c *Client) Propose(ctx context.Context, code string) error {
	handle := c.temporal.ScheduleClient().GetHandle(ctx, schedulePrefix+code)
	err := handle.Trigger(ctx, client.ScheduleTriggerOptions{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP})
	if err != nil {
		return fmt.Errorf("trigger schedule of series %s: %w", code, err)
	}
	return nil
}

// DropSchedules ends the schedules of series that are none of these, as after the
// database was restored.
func (c *Client) DropSchedules(ctx context.Context, codes map[string]bool) error {
	list, err := c.temporal.ScheduleClient().List(ctx, client.ScheduleListOptions{PageSize: listAtOnce})
	if err != nil {
		return fmt.Errorf("list schedules: %w", err)
	}
	for list.HasNext() {
		entry, err := list.Next()
		if err != nil {
			return fmt.Errorf("list schedules: %w", err)
		}
		code, ours := strings.CutPrefix(entry.ID, schedulePrefix)
		if !ours || codes[code] {
			continue
		}
		if err := c.temporal.ScheduleClient().GetHandle(ctx, entry.ID).Delete(ctx); err != nil {
			return fmt.Errorf("delete schedule %s: %w", entry.ID, err)
		}
	}
	return nil
}
