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
	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/workflows"
)

// appraised is a self-assessment that was handed in, on the real store under the test
// environment, which skips from timer to timer.
type appraised struct {
	*life
	real *activities.Activities
}

func newAppraised(t *testing.T) *appraised {
	t.Helper()
	ctx := context.Background()
	l := &life{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Officer: "SNV", staff.AuthorityHead: "SNV",
	} {
		l.people[role] = l.person(role, unit)
	}
	for _, unit := range []string{"STP", "VP", "SKHCN"} {
		l.person(staff.Specialist, unit)
	}
	today := calendar.DayOf(time.Now())
	year := period.Period{Kind: period.Year, Year: today.Year(), Number: 1}
	code, err := l.db.Store.LaunchCampaign(ctx, uuid.New(), l.people[staff.Officer].Person, campaign.Plan{
		Code: "cs-" + year.Code(), Kind: document.Index, Name: "Chỉ số CCHC", Form: "cs-cchc-nam", FormVersion: 1,
		Period: year.Code(), Window: period.Window{From: year.From(), To: year.To()},
		Due: period.Due{Day: today.Add(30), Cutoff: 1440, Shift: period.ShiftNone}, Ladder: period.DefaultLadder(),
		ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.id = code + "-STC"
	for _, section := range []string{"I", "II"} {
		l.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'x', $3)`, l.id, section, l.people[staff.Specialist].Person)
	}
	draft, err := l.db.Store.Draft(ctx, l.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.db.Store.SaveAnswers(ctx, l.id, storagetest.Unclaimed(*draft.Form.Index, "Không thuộc chức năng"), l.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	a := &appraised{life: l, real: &activities.Activities{Store: l.db.Store}}
	a.begin()
	for _, s := range []step{{role: staff.Specialist, action: document.Submit}, {role: staff.DivisionHead, action: document.Approve}, {role: staff.Director, action: document.Sign}} {
		l.decide(s.role, s.action, true, time.Time{})
		if _, err := l.db.Store.RecordDecisions(ctx, l.id, time.Time{}, ""); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// begin makes a run of its own on the same database, every activity of it run twice.
func (a *appraised) begin() {
	var suite testsuite.WorkflowTestSuite
	a.env = suite.NewTestWorkflowEnvironment()
	a.env.SetTestTimeout(time.Minute)
	a.env.RegisterWorkflow(workflows.Appraisal)
	a.env.RegisterActivity(a.real)
	a.env.OnActivity(a.real.TrackAppraisal, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.Tracking) (activities.AppraisalState, error) {
			first, err := a.real.TrackAppraisal(ctx, in)
			again, err2 := a.real.TrackAppraisal(ctx, in)
			if first != again {
				a.t.Errorf("answers %+v, then %+v", first, again)
			}
			return again, errors.Join(err, err2)
		})
	a.env.OnActivity(a.real.RemindAppraisal, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.Tracking) error {
			return errors.Join(a.real.RemindAppraisal(ctx, in), a.real.RemindAppraisal(ctx, in))
		})
}

// marked has every field marked and finished, one criterion otherwise than the unit did
// where it is disputed, as if it were done at the workflow's instant.
func (a *appraised) marked(disputed bool) {
	a.exec(`update index_scores set first = coalesce(self, 0), first_out = self_out, marked = true where document_id = $1`, a.id)
	if disputed {
		a.exec(`update index_scores set first = 50 where document_id = $1 and criterion = '2.4.1'`, a.id)
	}
	a.exec(`update appraisal_fields set marked = todo, finished_at = now() where document_id = $1`, a.id)
	a.env.SignalWorkflow(workflows.Look, "test")
}

// due is when the present round ends.
func (a *appraised) due() (due time.Time) {
	a.t.Helper()
	a.query(&due, `select due_at from appraisals where document_id = $1`, a.id)
	return due
}

// at lets something happen so long before an instant.
func (a *appraised) at(instant time.Time, before time.Duration, do func()) {
	a.env.RegisterDelayedCallback(do, instant.Add(-before).Sub(a.env.Now()))
}

func (a *appraised) live() {
	a.t.Helper()
	a.env.ExecuteWorkflow(workflows.Appraisal, a.id)
	if err := a.env.GetWorkflowError(); err != nil || !a.env.IsWorkflowCompleted() {
		a.t.Fatalf("workflow: completed %v, %v", a.env.IsWorkflowCompleted(), err)
	}
}

func (a *appraised) notices(kind, unit string) (n int) {
	a.t.Helper()
	a.query(&n, `select count(*) from notices where kind = $1 and unit_code = $2`, kind, unit)
	return n
}

func (a *appraised) stage() appraisal.Stage {
	a.t.Helper()
	var stage string
	a.query(&stage, `select stage from appraisals where document_id = $1`, a.id)
	return appraisal.Stage(stage)
}

// Appraisers who let their time pass are reminded on the way and after it; then they
// mark, one criterion otherwise than the unit, which says nothing until its time is
// over: that ends the appraisal by itself.
func TestAnAppraisalWithoutExplanation(t *testing.T) {
	a := newAppraised(t)
	first := a.due()
	a.at(first, -8*day, func() { a.marked(true) })
	a.live()
	for _, row := range []struct {
		kind, unit string
		want       int
		why        string
	}{
		{storage.NoticeAppraiseComing, "STP", 2, "the specialist 3 days and 1 day before; nobody is its head"},
		{storage.NoticeAppraiseLate, "STP", 2, "at the end and the day after"},
		{storage.NoticeAppraiseComing, "SNV", 3, "the officer twice, the head once"},
		{storage.NoticeAppraiseLate, "SNV", 5, "at the end; the day after with the head; three days after the officer as the authority's own and the head as superior"},
		{storage.NoticeExplain, "STC", 3, "specialist, head and director"},
		{storage.NoticeExplainComing, "STC", 3, "3 days before the specialist, 1 day before with the head"},
		{storage.NoticeExplainOver, "STC", 0, "the end of that time ends the round"},
		{storage.NoticeAppraised, "STC", 2, "specialist and director"},
	} {
		var held int
		a.query(&held, `select count(*) from notices where kind = $1 and unit_code = $2 and person_id is not null`, row.kind, row.unit)
		if held != row.want {
			t.Errorf("%s to %s: %d notices, want %d (%s)", row.kind, row.unit, held, row.want, row.why)
		}
	}
	if stage := a.stage(); stage != appraisal.Done {
		t.Errorf("stage %s", stage)
	}
}

// An explanation in time ends the wait at once; the second round's appraiser is told.
func TestAnAppraisalWithExplanation(t *testing.T) {
	a := newAppraised(t)
	start, ctx := a.env.Now(), context.Background()
	a.at(start, -1*day, func() { a.marked(true) })
	a.at(start, -3*day, func() {
		if _, err := a.db.Store.SaveExplanations(ctx, a.id, []storage.ExplanationChange{{Criterion: "2.4.1", Text: "Đã rà soát đủ"}}, a.people[staff.Specialist]); err != nil {
			t.Error(err)
		}
		v, err := a.db.Store.Appraisal(ctx, a.id, a.people[staff.Director])
		if err != nil {
			t.Error(err)
		}
		if err := a.db.Store.DecideAppraisal(ctx, storage.AppraisalDecision{
			Key: uuid.New(), Document: a.id, Actor: a.people[staff.Director], Action: appraisal.Explain, Hash: v.DraftHash,
		}); err != nil {
			t.Error(err)
		}
		a.env.SignalWorkflow(workflows.Look, "test")
	})
	a.at(start, -5*day, func() {
		if stage := a.stage(); stage != appraisal.Second || a.notices(storage.NoticeSecondRound, "STP") != 1 {
			t.Errorf("stage %s", stage)
		}
		a.exec(`update index_scores set second = 100, marked = true where document_id = $1 and asked`, a.id)
		a.exec(`update appraisal_fields set marked = todo, finished_at = now() where document_id = $1`, a.id)
		a.env.SignalWorkflow(workflows.Look, "test")
	})
	a.live()
	var final par.Points
	a.query((*int64)(&final), `select final from index_scores where document_id = $1 and criterion = '2.4.1'`, a.id)
	if final != 100 || a.stage() != appraisal.Done {
		t.Errorf("%s points, stage %s", final, a.stage())
	}
	// Opened again, it lives again, and ends again.
	if err := a.db.Store.ReopenAppraisal(ctx, uuid.New(), a.id, []string{"2.4.1"}, "Nhầm số liệu", a.people[staff.Officer]); err != nil {
		t.Fatal(err)
	}
	a.begin()
	a.at(a.due(), 2*day, func() {
		a.exec(`update index_scores set second = 75, marked = true where document_id = $1 and asked`, a.id)
		a.exec(`update appraisal_fields set marked = todo, finished_at = now() where document_id = $1`, a.id)
		a.env.SignalWorkflow(workflows.Look, "test")
	})
	a.live()
	if a.stage() != appraisal.Done {
		t.Errorf("stage %s", a.stage())
	}
}

// A workflow started for a document that is not appraised ends at once.
func TestForgedAppraisal(t *testing.T) {
	a := newAppraised(t)
	a.env.ExecuteWorkflow(workflows.Appraisal, "no-such-document")
	if err := a.env.GetWorkflowError(); err != nil || !a.env.IsWorkflowCompleted() {
		t.Errorf("completed %v, %v", a.env.IsWorkflowCompleted(), err)
	}
}
