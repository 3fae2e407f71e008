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
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/workflows"
)

// life is one document on the real store under the test environment, whose
// clock is skipped from timer to timer.
type life struct {
	t      *testing.T
	db     *storagetest.Database
	env    *testsuite.TestWorkflowEnvironment
	id     string
	due    time.Time
	people map[staff.Role]staff.Actor
}

// quarterly is a report due in 30 days.
func quarterly() campaign.Plan {
	day := calendar.DayOf(time.Now()).Add(30)
	return campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: "Báo cáo quý", Form: "bc-cchc-quy", FormVersion: 1,
		Period: "2026q4", Window: period.Window{From: day.Add(-60), To: day.Add(-12)},
		Due: period.Due{Day: day, Cutoff: 1440, Shift: period.ShiftNone}, Ladder: period.DefaultLadder(),
		ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	}
}

func newLife(t *testing.T) *life {
	t.Helper()
	return lifeOf(t, quarterly())
}

// lifeOf launches the plan for one unit and has its draft written.
func lifeOf(t *testing.T, plan campaign.Plan) *life {
	t.Helper()
	l := &life{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC",
		staff.Officer: "SNV", staff.AuthorityHead: "SNV",
	} {
		l.people[role] = l.person(role, unit)
	}
	code, err := l.db.Store.LaunchCampaign(context.Background(), uuid.New(), l.people[staff.Officer].Person, plan)
	if err != nil {
		t.Fatal(err)
	}
	l.id = code + "-STC"
	l.query(&l.due, `select due_at from documents where id = $1`, l.id)
	l.fill()
	l.start()
	return l
}

// start makes a run of its own on the same database.
func (l *life) start() {
	var suite testsuite.WorkflowTestSuite
	l.env = suite.NewTestWorkflowEnvironment()
	l.env.SetTestTimeout(time.Minute)
	l.env.RegisterWorkflow(workflows.DocumentApproval)
	l.env.RegisterActivity(&activities.Activities{Store: l.db.Store})
}

// after lets the steps happen in the present run.
func (l *life) after(steps []step) {
	for _, s := range steps {
		l.env.RegisterDelayedCallback(func() { l.decide(s.role, s.action, s.silent, l.due.Add(s.until)) }, s.after)
	}
}

func (l *life) person(role staff.Role, unit string) staff.Actor {
	l.t.Helper()
	var id int64
	l.query(&id, `insert into persons (username, name, name_key, mail, state) values ($1, $1, $1, 'a@cchc.example', 'active') returning id`,
		"p"+uuid.NewString())
	l.exec(`insert into positions (person_id, unit_code, role) values ($1, $2, $3)`, id, unit, role)
	return staff.Actor{Person: id, Positions: []staff.Position{{Unit: unit, Role: role}}}
}

func (l *life) query(into any, statement string, args ...any) {
	l.t.Helper()
	if err := l.db.Owner.QueryRow(statement, args...).Scan(into); err != nil {
		l.t.Fatalf("%s: %v", statement, err)
	}
}

func (l *life) exec(statement string, args ...any) {
	l.t.Helper()
	if _, err := l.db.Owner.Exec(statement, args...); err != nil {
		l.t.Fatalf("%s: %v", statement, err)
	}
}

func (l *life) fill() {
	draft, err := l.db.Store.Draft(context.Background(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	author := l.people[staff.Specialist].Person
	for _, s := range draft.Form.Sections {
		l.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'x', $3)`, l.id, s.Code, author)
	}
	for _, i := range draft.Form.Active(calendar.DayOf(time.Now())) {
		if i.Type != "ratio" {
			l.exec(`insert into draft_figures (document_id, indicator, value, reason, updated_by) values ($1, $2, 0, 'x', $3)`, l.id, i.Code, author)
		}
	}
}

// decide stores a decision and, unless silent, signals the workflow.
func (l *life) decide(role staff.Role, action document.Action, silent bool, until time.Time) {
	l.t.Helper()
	ctx := context.Background()
	var revision int
	var hash string
	l.query(&revision, `select revision from documents where id = $1`, l.id)
	l.query(&hash, `select content_hash from documents where id = $1`, l.id)
	if action == document.Submit {
		content, err := l.db.Store.DraftContent(ctx, l.id)
		if err != nil {
			l.t.Fatal(err)
		}
		hash = content.Hash()
	}
	n := storage.NewDecision{
		Key: uuid.New(), Document: l.id, Action: action, Actor: l.people[role], Revision: revision,
		ContentHash: hash, Reason: "Lý do", Until: until,
	}
	if action == document.Sign {
		l.sign(n)
	} else if _, err := l.db.Store.AddDecision(ctx, n); err != nil {
		l.t.Errorf("%s: %v", action, err)
	}
	if !silent {
		l.env.SignalWorkflow(workflows.Administration, n.Key.String())
	}
}

func (l *life) sign(n storage.NewDecision) {
	ctx := context.Background()
	in := storage.SigningIntent{Document: l.id, Actor: n.Actor, Revision: n.Revision, ContentHash: n.ContentHash}
	attempt, err := l.db.Store.ReserveNumber(ctx, in)
	if err != nil {
		l.t.Errorf("reserve: %v", err)
		return
	}
	prepared := storage.Prepared{PDF: []byte("%PDF " + attempt.ID.String()), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}
	if err := l.db.Store.BeginSigning(ctx, attempt.ID, in, prepared, time.Minute); err != nil {
		l.t.Errorf("begin: %v", err)
		return
	}
	if _, err := l.db.Store.AddSignedDecision(ctx, n, attempt.ID, []byte("%PDF signed")); err != nil {
		l.t.Errorf("sign: %v", err)
	}
}

// step is one decision at a time after the start.
type step struct {
	after  time.Duration
	role   staff.Role
	action document.Action
	until  time.Duration // extend: later than the due
	silent bool          // the signal is lost: the next look finds the row
}

const day = 24 * time.Hour

var wholeChain = []step{
	{after: day, role: staff.Specialist, action: document.Submit},
	{after: 2 * day, role: staff.DivisionHead, action: document.Approve},
	{after: 3 * day, role: staff.Director, action: document.Sign},
	{after: 3*day + time.Hour, role: staff.Officer, action: document.Confirm},
}

func TestLives(t *testing.T) {
	for name, c := range map[string]struct {
		steps []step
		stage document.Stage
		// how often each event stands in the history
		events map[string]int
	}{
		"straight to approval, no reminder": {
			wholeChain, document.Approved, map[string]int{"submit": 1, "confirm": 1, "reminder_sent": 0, "due_passed": 0},
		},
		"every signal but the last lost": {
			[]step{
				{after: day, role: staff.Specialist, action: document.Submit, silent: true},
				{after: 2 * day, role: staff.Officer, action: document.Extend, until: day},
				{after: 3 * day, role: staff.DivisionHead, action: document.Return},
				{after: 4 * day, role: staff.Officer, action: document.Exempt},
			}, document.Exempted, map[string]int{"submit": 1, "extend": 1, "return": 1, "exempt": 1},
		},
		"returned by the authority, the whole chain again": {
			[]step{
				{after: 1 * time.Hour, role: staff.Specialist, action: document.Submit},
				{after: 2 * time.Hour, role: staff.DivisionHead, action: document.Approve},
				{after: 3 * time.Hour, role: staff.Director, action: document.Sign},
				{after: 4 * time.Hour, role: staff.Officer, action: document.Return},
				{after: 5 * time.Hour, role: staff.Specialist, action: document.Submit},
				{after: 6 * time.Hour, role: staff.DivisionHead, action: document.Approve},
				{after: 7 * time.Hour, role: staff.Director, action: document.Sign},
				{after: 8 * time.Hour, role: staff.Officer, action: document.Confirm},
			}, document.Approved, map[string]int{"submit": 2, "sign": 2, "return": 1, "confirm": 1},
		},
		"nobody writes: reminded, overdue, nudged, escalated": {
			[]step{{after: 90 * day, role: staff.Officer, action: document.Exempt}},
			document.Exempted,
			// before_5, before_1, due and 30 nudges go to the holder; director and authority once each
			map[string]int{"due_passed": 1, "reminder_sent": 33, "escalated": 2, "exempt": 1},
		},
		"extended before the due: the ladder follows": {
			[]step{
				{after: day, role: staff.Officer, action: document.Extend, until: 60 * day},
				{after: 40 * day, role: staff.Officer, action: document.Exempt},
			}, document.Exempted, map[string]int{"due_passed": 0, "reminder_sent": 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.after(c.steps)
			l.run(c.stage)
			for event, want := range c.events {
				var got int
				l.query(&got, `select count(*) from history where document_id = $1 and event = $2`, l.id, event)
				if got != want {
					t.Errorf("%s stands %d times in the history, want %d", event, got, want)
				}
			}
		})
	}
}

// run drives the workflow to its end and compares it with the database.
func (l *life) run(want document.Stage) {
	l.t.Helper()
	l.env.ExecuteWorkflow(workflows.DocumentApproval, l.id)
	if err := l.env.GetWorkflowError(); err != nil || !l.env.IsWorkflowCompleted() {
		l.t.Fatalf("workflow: completed %v, %v", l.env.IsWorkflowCompleted(), err)
	}
	var stage document.Stage
	l.query(&stage, `select stage from documents where id = $1`, l.id)
	if stage != want {
		l.t.Errorf("stage %s, want %s", stage, want)
	}
	var open int
	l.query(&open, `select count(*) from decisions where outcome is null`)
	if open != 0 {
		l.t.Errorf("%d decisions unanswered", open)
	}
}

// An unknown key, another document's key, and a flood of signals move nothing.
func TestSignalsOnlySayLook(t *testing.T) {
	l := newLife(t)
	for _, name := range []string{workflows.Drafting, workflows.DivisionReview, workflows.DirectorSigning, workflows.AuthorityDecision, workflows.Administration} {
		for range 20 {
			l.env.RegisterDelayedCallback(func() { l.env.SignalWorkflow(name, uuid.NewString()) }, time.Minute)
		}
	}
	l.env.RegisterDelayedCallback(func() { l.decide(staff.Officer, document.Exempt, false, time.Time{}) }, time.Hour)
	l.run(document.Exempted)
	var moves int
	l.query(&moves, `select count(*) from history where document_id = $1`, l.id)
	if moves != 2 { // launched, exempt
		t.Errorf("%d lines of history, want 2", moves)
	}
}

// A database that is away for two minutes makes the document wait, never fail.
func TestDatabaseAwayAtTheDueInstant(t *testing.T) {
	l := newLife(t)
	real := &activities.Activities{Store: l.db.Store}
	failures := 0
	l.env.OnActivity(real.RecordDecisions, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.Recording) (activities.State, error) {
			if !in.Passed.IsZero() && !in.Passed.Before(l.due) && failures < 20 {
				failures++
				return activities.State{}, errors.New("database is away")
			}
			return real.RecordDecisions(ctx, in)
		})
	l.env.RegisterDelayedCallback(func() { l.decide(staff.Officer, document.Exempt, false, time.Time{}) }, 45*day)
	l.run(document.Exempted)
	var due int
	l.query(&due, `select count(*) from history where event = 'due_passed'`)
	if failures != 20 || due != 1 {
		t.Errorf("%d failures, due passed %d times", failures, due)
	}
}

// A workflow started for a document that does not exist ends at once.
func TestForgedStart(t *testing.T) {
	l := newLife(t)
	l.env.ExecuteWorkflow(workflows.DocumentApproval, "no-such-document")
	if err := l.env.GetWorkflowError(); err != nil || !l.env.IsWorkflowCompleted() {
		t.Errorf("completed %v, %v", l.env.IsWorkflowCompleted(), err)
	}
}

// The worker's clock and the database's may be seconds apart, either way: rungs
// are still walked once each, without a busy loop (clocks 5 s apart once made
// 2,685 activities in one task).
func TestClocksApart(t *testing.T) {
	for name, apart := range map[string]time.Duration{"ahead": 5 * time.Second, "behind": -5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.env.SetStartTime(time.Now().Add(apart))
			real := &activities.Activities{Store: l.db.Store}
			calls := 0
			l.env.OnActivity(real.RecordDecisions, mock.Anything, mock.Anything).Return(
				func(ctx context.Context, in activities.Recording) (activities.State, error) {
					calls++
					return real.RecordDecisions(ctx, in)
				})
			l.env.RegisterDelayedCallback(func() { l.decide(staff.Officer, document.Exempt, false, time.Time{}) }, 45*day)
			l.run(document.Exempted)
			var rungs int
			l.query(&rungs, `select count(*) from history where document_id = $1 and event in ('reminder_sent', 'escalated')`, l.id)
			if rungs == 0 || calls > rungs+2 { // at the start, at every rung, at the exemption
				t.Errorf("%d calls for %d rungs", calls, rungs)
			}
		})
	}
}
