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
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/workflows"
)

// planYear is a plan that lives, on the real store under the test environment,
// which skips from timer to timer.
type planYear struct {
	*life
	real *activities.Activities
}

// newPlanYear is a confirmed plan of next year with tasks under the given deadlines,
// by their codes without the year ("m03", "q2").
func newPlanYear(t *testing.T, deadlines map[string]string) *planYear {
	t.Helper()
	l := &life{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Officer: "SNV",
	} {
		l.people[role] = l.person(role, unit)
	}
	today := calendar.DayOf(time.Now())
	year := period.Period{Kind: period.Year, Year: today.Year() + 1, Number: 1}
	code, err := l.db.Store.LaunchCampaign(context.Background(), uuid.New(), l.people[staff.Officer].Person, campaign.Plan{
		Code: "kh-" + year.Code(), Kind: document.Plan, Name: "Kế hoạch CCHC", Form: "kh-cchc-nam", FormVersion: 1,
		Period: year.Code(), Window: period.Window{From: year.From(), To: year.To()},
		Due: period.Due{Day: today.Add(30), Cutoff: 1440, Shift: period.ShiftNone}, Ladder: period.DefaultLadder(),
		ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.id = code + "-STC"
	for _, section := range []string{"I.1", "I.2", "II", "IV"} {
		l.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'x', $3)`, l.id, section, l.people[staff.Specialist].Person)
	}
	var changes []storage.TaskChange
	for key, deadline := range deadlines {
		until, err := plan.ParseDeadline(year.Code()[:4] + deadline)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, storage.TaskChange{Task: plan.Task{
			Key: key, Field: "the-che", Name: "Nhiệm vụ " + key, Product: "Báo cáo", ProductKind: "bao-cao",
			Lead: plan.Party{Unit: "STC", Name: "Sở Tài chính"}, Deadline: until,
		}})
	}
	if _, err := l.db.Store.SaveTasks(context.Background(), l.id, changes, l.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	y := &planYear{life: l, real: &activities.Activities{Store: l.db.Store}}
	y.begin()
	for _, s := range []step{{role: staff.Specialist, action: document.Submit}, {role: staff.DivisionHead, action: document.Approve}, {role: staff.Director, action: document.Sign}, {role: staff.Officer, action: document.Confirm}} {
		l.decide(s.role, s.action, true, time.Time{})
		if _, err := l.db.Store.RecordDecisions(context.Background(), l.id, time.Time{}, ""); err != nil {
			t.Fatal(err)
		}
	}
	return y
}

// begin makes a run of its own on the same database, every activity of it run twice.
func (y *planYear) begin() {
	var suite testsuite.WorkflowTestSuite
	y.env = suite.NewTestWorkflowEnvironment()
	y.env.SetTestTimeout(time.Minute)
	y.env.RegisterWorkflow(workflows.PlanTracking)
	y.env.RegisterActivity(y.real)
	y.env.OnActivity(y.real.TrackPlan, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.Tracking) (activities.PlanState, error) {
			first, err := y.real.TrackPlan(ctx, in)
			again, err2 := y.real.TrackPlan(ctx, in)
			if first != again {
				y.t.Errorf("answers %+v, then %+v", first, again)
			}
			return again, errors.Join(err, err2)
		})
	y.env.OnActivity(y.real.RemindPlan, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.Tracking) error {
			return errors.Join(y.real.RemindPlan(ctx, in), y.real.RemindPlan(ctx, in))
		})
}

// done writes the task's result at the workflow's instant; told: with a signal.
func (y *planYear) done(task string, told bool) {
	today := calendar.DayOf(time.Now())
	err := y.db.Store.AddTaskEntry(context.Background(), storage.NewTaskEntry{
		Key: uuid.New(), Document: y.id, Task: task, Actor: y.people[staff.Specialist],
		Entry: plan.Entry{Kind: plan.Result, Number: "1", IssuedOn: &today, Title: "Kết quả", Note: "Lưu tại Văn phòng"},
	})
	if err != nil {
		y.t.Error(err)
	}
	if told {
		y.env.SignalWorkflow(workflows.Look, "test")
	}
}

// at lets something happen so long before a task's deadline.
func (y *planYear) at(task string, before time.Duration, do func()) {
	var ends time.Time
	y.query(&ends, `select ends_at from plan_tasks where key = $1`, task)
	y.env.RegisterDelayedCallback(do, ends.Add(-before).Sub(y.env.Now()))
}

func (y *planYear) live() {
	y.t.Helper()
	y.env.ExecuteWorkflow(workflows.PlanTracking, y.id)
	if err := y.env.GetWorkflowError(); err != nil || !y.env.IsWorkflowCompleted() {
		y.t.Fatalf("workflow: completed %v, %v", y.env.IsWorkflowCompleted(), err)
	}
}

func (y *planYear) notices(kind string, task string) (n int) {
	y.t.Helper()
	y.query(&n, `select count(*) from notices where kind = $1 and args -> 'tasks' ? $2`, kind, task)
	return n
}

// A year of a plan: one task completed before anybody is reminded, one between the
// two reminders, two that fall together, one long after its deadline.
func TestAYearOfAPlan(t *testing.T) {
	y := newPlanYear(t, map[string]string{"early": "m02", "between": "m05", "one": "q3", "other": "q3", "late": "m10"})
	y.at("early", 40*day, func() { y.done("early", true) })
	y.at("between", 8*day, func() { y.done("between", false) }) // the signal is lost: the next look finds the row
	y.at("one", -3*day, func() { y.done("one", true); y.done("other", true) })
	y.at("late", -50*day, func() { y.done("late", true) })
	y.live()
	for _, row := range []struct {
		task         string
		coming, late int // notices, one a person
		why          string
	}{
		{"early", 0, 0, "completed before the first reminder"},
		{"between", 1, 0, "the specialist ten days before; then it was done, though nobody told the workflow"},
		{"one", 3, 4, "10 days: specialist; 3 days: with the head; at the deadline both, the day after both"},
		{"other", 3, 4, "in the same notices"},
		{"late", 3, 9, "then the director with the specialist, then three desks"},
	} {
		if coming, late := y.notices("plan_coming", row.task), y.notices("plan_late", row.task); coming != row.coming || late != row.late {
			t.Errorf("%s: %d notices before and %d after its deadline, want %d and %d (%s)", row.task, coming, late, row.coming, row.late, row.why)
		}
	}
	var together, ended int
	y.query(&together, `select count(*) from notices where args -> 'tasks' ?& array['one', 'other']`)
	y.query(&ended, `select count(*) from plan_trackings where ended_at is not null and wake_at is null`)
	if together != 7 || ended != 1 {
		t.Errorf("%d notices of both tasks, %d plans ended", together, ended)
	}
}

// What is open when the year ends keeps the plan alive until its result comes.
func TestAPlanOutlivesItsYear(t *testing.T) {
	y := newPlanYear(t, map[string]string{"open": "q4"})
	y.at("open", -200*day, func() { y.done("open", true) })
	y.live()
	if late := y.notices("plan_late", "open"); late != 9 {
		t.Errorf("%d notices after the deadline", late)
	}
	// Told again, it looks and ends again.
	y.begin()
	y.live()
}

// A workflow started for a document that is no plan ends at once.
func TestForgedPlan(t *testing.T) {
	y := newPlanYear(t, map[string]string{"a": "q1"})
	y.env.ExecuteWorkflow(workflows.PlanTracking, "no-such-document")
	if err := y.env.GetWorkflowError(); err != nil || !y.env.IsWorkflowCompleted() {
		t.Errorf("completed %v, %v", y.env.IsWorkflowCompleted(), err)
	}
}
