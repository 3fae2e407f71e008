package crash

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
)

// TestPlansLive has a plan live on the real engine: progress, an adjustment that
// comes into force, a deadline that passes with a timer of its own, a result. Its
// history, of a run that goes on, becomes with -record what the replay test replays.
func TestPlansLive(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	c := settle(t, s, 1, time.Now().Truncate(time.Minute).Add(30*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	l := livingPlan{city: c, unit: c.units[0]}
	ends := l.launch(ctx)
	if err := c.carry(ctx, l.unit); err != nil {
		t.Fatal(err)
	}
	const patience = 4 * time.Minute
	s.Eventually("its workflow lives", patience, func() bool {
		running, err := s.Engine.Knows(ctx, "plan-"+l.id())
		return err == nil && running && l.looked()
	})
	l.write(ctx, "a", plan.Entry{Kind: plan.Progress, Note: "Đã gửi phiếu rà soát"})
	l.adjust(ctx)
	s.Eventually("the adjustment is followed", patience, l.looked)
	if time.Now().After(ends) {
		t.Fatalf("the plan was confirmed and adjusted after %v only: its deadline had no timer to wait for", ends)
	}
	s.Eventually("the deadline has passed", time.Until(ends)+patience, func() bool {
		return s.Count(`select count(*) from plan_trackings where document_id = $1 and rung_at >= $2`, l.id(), ends) == 1
	})
	today := calendar.DayOf(time.Now())
	l.write(ctx, "a", plan.Entry{Kind: plan.Result, Number: "1/BC", IssuedOn: &today, Title: "Kết quả", Note: "Lưu tại Văn phòng"})
	var history *historypb.History
	// The row is written before the run has given up its timer.
	s.Eventually("a deadline has rung, and the result has moved the next one", patience, func() bool {
		history = c.history(ctx, "plan-"+l.id())
		seen := map[enumspb.EventType]int{}
		for _, event := range history.GetEvents() {
			seen[event.GetEventType()]++
		}
		return seen[enumspb.EVENT_TYPE_TIMER_FIRED] >= 1 && seen[enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED] >= 2 && seen[enumspb.EVENT_TYPE_TIMER_CANCELED] >= 1
	})
	t.Logf("%d events", len(history.GetEvents()))
	c.record("tracking", history)
}

// livingPlan is a unit's plan of this year whose first task ends in a few minutes.
type livingPlan struct {
	*city
	unit string
}

func (l livingPlan) id() string { return l.campaign + "-" + l.unit }

// launch asks for the plan and writes it. The form's deadlines end at a minute that is
// near, but that a machine busy with other tests does not meet before the plan lives.
func (l livingPlan) launch(ctx context.Context) (ends time.Time) {
	l.t.Helper()
	ends = time.Now().Add(6 * time.Minute).Truncate(time.Minute)
	due := period.EndingAt(ends) // at midnight: of the day before
	today := due.Day
	l.exec(`update form_versions set content = jsonb_set(content::jsonb, '{plan,deadline}', jsonb_build_object('excludes_date', false, 'cutoff', $1::int, 'shift', 'none')) where form = 'kh-cchc-nam'`, due.Cutoff)
	year := period.Period{Kind: period.Year, Year: today.Year(), Number: 1}
	l.campaign = "kh-" + uuid.NewString()[:8]
	if _, err := l.Store.LaunchCampaign(ctx, uuid.New(), l.officer.Person, campaign.Plan{
		Code: l.campaign, Kind: document.Plan, Name: "Kế hoạch CCHC", Form: "kh-cchc-nam", FormVersion: 1,
		Period: year.Code(), Window: period.Window{From: year.From(), To: year.To()},
		Due: period.Due{Day: today.Add(30), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone}, Ladder: period.DefaultLadder(),
		ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{l.unit},
	}); err != nil {
		l.t.Fatal(err)
	}
	if err := l.Engine.LaunchCampaign(ctx, l.campaign); err != nil {
		l.t.Fatal(err)
	}
	for _, section := range []string{"I.1", "I.2", "II", "IV"} {
		l.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`, l.id(), section, l.officer.Person)
	}
	changes := []storage.TaskChange{{Task: task("a", plan.OnDay(today))}, {Task: task("b", plan.OnDay(year.To()))}}
	if _, err := l.Store.SaveTasks(ctx, l.id(), changes, l.people[l.unit][staff.Specialist]); err != nil {
		l.t.Fatal(err)
	}
	return ends
}

func task(key string, until plan.Deadline) plan.Task {
	return plan.Task{
		Key: key, Field: "the-che", Name: "Nhiệm vụ " + key, Product: "Báo cáo", ProductKind: "bao-cao", Lead: plan.Party{Name: "Văn phòng"}, Deadline: until,
	}
}

// looked tells whether the workflow has answered the last wake.
func (l livingPlan) looked() bool {
	return l.Count(`select count(*) from plan_trackings where document_id = $1 and wake_at > clock_timestamp()`, l.id()) == 1
}

func (l livingPlan) write(ctx context.Context, key string, e plan.Entry) {
	l.t.Helper()
	err := l.Store.AddTaskEntry(ctx, storage.NewTaskEntry{Key: uuid.New(), Document: l.id(), Task: key, Actor: l.people[l.unit][staff.Specialist], Entry: e})
	if err != nil {
		l.t.Fatal(err)
	}
}

// adjust adds a task by an order that is filed without its bytes, and has it confirmed.
func (l livingPlan) adjust(ctx context.Context) {
	l.t.Helper()
	specialist := l.people[l.unit][staff.Specialist]
	id, err := l.Store.BeginAdjustment(ctx, uuid.New(), l.id(), specialist)
	if err != nil {
		l.t.Fatal(err)
	}
	const hash = "0000000000000000000000000000000000000000000000000000000000000000"
	l.exec(`insert into files (hash, size, media_type) values ($1, 1, 'application/pdf') on conflict do nothing`, hash)
	l.exec(`update plan_adjustments set number = '12/QĐ', issued_on = $2, issuer = 'Giám đốc', title = 'Điều chỉnh', file_hash = $3, file_name = 'qd.pdf' where id = $1`,
		id, calendar.DayOf(time.Now()), hash)
	added := storage.AdjustedChange{Adjusted: plan.Adjusted{Kind: plan.Added, Task: task("c", plan.Deadline{Kind: plan.Recurring})}}
	if err := l.Store.SaveAdjusted(ctx, l.id(), id, added, specialist); err != nil {
		l.t.Fatal(err)
	}
	for _, step := range []struct {
		action document.Action
		who    staff.Actor
	}{{document.Submit, specialist}, {document.Approve, l.people[l.unit][staff.DivisionHead]}, {document.Confirm, l.officer}} {
		view, err := l.Store.DocumentView(ctx, staff.Scope{All: true}, l.id())
		if err != nil {
			l.t.Fatal(err)
		}
		tracked, err := l.Store.PlanTracking(ctx, view)
		if err != nil {
			l.t.Fatal(err)
		}
		now, err := l.Store.Adjustment(ctx, view, tracked, id)
		if err != nil {
			l.t.Fatal(err)
		}
		err = l.Store.DecideAdjustment(ctx, storage.AdjustmentDecision{
			Key: uuid.New(), Document: l.id(), Adjustment: id, Action: step.action, Actor: step.who, Hash: now.Hash,
		})
		if err != nil {
			l.t.Fatalf("%s: %v", step.action, err)
		}
	}
}
