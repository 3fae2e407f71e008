package crash

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// TestAppraisalsLive has an appraisal live on the real engine: first marks, the unit's
// time that passes with a timer of its own, an explanation that comes too late and is
// taken, second marks. Worker and engine are killed on the way. Its history, from hand-in
// to the result, becomes with -record what the replay test replays.
func TestAppraisalsLive(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	c := settle(t, s, 1, time.Now().Truncate(time.Minute).Add(30*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	a := livingAppraisal{city: c, unit: c.units[0], appraisers: map[string]staff.Actor{"SNV": c.officer}}
	a.handIn(ctx)
	const patience = 4 * time.Minute
	s.Eventually("its workflow lives", patience, func() bool {
		running, err := s.Engine.Knows(ctx, "appraisal-"+a.id())
		return err == nil && running && a.looked()
	})
	s.Kill(stack.Worker)
	a.mark(ctx, "4.1.1", 50) // while nobody looks
	s.Revive(stack.Worker)
	s.Eventually("the unit is asked", patience, func() bool { return a.stage() == appraisal.Explaining && a.looked() })
	ends := time.Now().Add(20 * time.Second).Truncate(time.Second)
	a.exec(`update appraisals set due_at = $2, extended = true, wake_at = clock_timestamp() - interval '2 minutes', relay_at = null where document_id = $1`, a.id(), ends)
	s.Eventually("its time has passed", patience, func() bool { return a.stage() == appraisal.Done })
	if at := a.Count(`select extract(epoch from ended_at)::bigint from appraisals where document_id = $1`, a.id()); int64(at) < ends.Unix() {
		t.Errorf("it ended at %d, before its time %d", at, ends.Unix())
	}
	a.explainLate(ctx, "4.1.1")
	s.Eventually("it lives again", patience, func() bool {
		running, err := s.Engine.Knows(ctx, "appraisal-"+a.id())
		return err == nil && running && a.stage() == appraisal.Second && a.looked()
	})
	a.mark(ctx, "4.1.1", 75)
	s.Eventually("it is over", patience, func() bool {
		running, err := s.Engine.Knows(ctx, "appraisal-"+a.id())
		return err == nil && !running && a.stage() == appraisal.Done
	})
	if n := a.Count(`select final from index_scores where document_id = $1 and criterion = '4.1.1'`, a.id()); n != 75 {
		t.Errorf("%d hundredths of a point", n)
	}
	if n := a.Count(`select count(*) from (select key from notices where document_id = $1 group by document_id, kind, person_id, role, key having count(*) > 1) x`, a.id()); n != 0 {
		t.Errorf("%d doubled notices", n)
	}

	history := c.history(ctx, "appraisal-"+a.id())
	seen := map[enumspb.EventType]int{}
	for _, event := range history.GetEvents() {
		seen[event.GetEventType()]++
	}
	if seen[enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED] < 2 || seen[enumspb.EVENT_TYPE_TIMER_STARTED] < 1 {
		t.Errorf("the last run has seen %v", seen)
	}
	t.Logf("%d events", len(history.GetEvents()))
	c.record("appraisal", history)
}

// livingAppraisal is a unit's self-assessment of last year.
type livingAppraisal struct {
	*city
	unit       string
	appraisers map[string]staff.Actor // by unit
}

func (a livingAppraisal) id() string { return a.campaign + "-" + a.unit }

func (a livingAppraisal) stage() appraisal.Stage {
	a.t.Helper()
	var stage string
	if err := a.Owner.QueryRow(`select stage from appraisals where document_id = $1`, a.id()).Scan(&stage); err != nil {
		a.t.Fatal(err)
	}
	return appraisal.Stage(stage)
}

// looked tells whether the workflow has answered the last wake.
func (a livingAppraisal) looked() bool {
	return a.Count(`select count(*) from appraisals where document_id = $1 and wake_at > clock_timestamp()`, a.id()) == 1
}

// handIn asks for the self-assessment and takes it to its director's signature.
func (a *livingAppraisal) handIn(ctx context.Context) {
	a.t.Helper()
	for _, unit := range []string{"STP", "VP", "STC", "SKHCN"} {
		a.appraisers[unit] = a.person(staff.Specialist, unit)
	}
	today := calendar.DayOf(time.Now())
	year := period.Period{Kind: period.Year, Year: today.Year() - 1, Number: 1}
	a.campaign = "cs-" + uuid.NewString()[:8]
	if _, err := a.Store.LaunchCampaign(ctx, uuid.New(), a.officer.Person, campaign.Plan{
		Code: a.campaign, Kind: document.Index, Name: "Chỉ số CCHC", Form: "cs-cchc-nam", FormVersion: 1,
		Period: year.Code(), Window: period.Window{From: year.From(), To: year.To()},
		Due: period.Due{Day: today.Add(30), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone}, Ladder: period.DefaultLadder(),
		ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{a.unit},
	}); err != nil {
		a.t.Fatal(err)
	}
	if err := a.Engine.LaunchCampaign(ctx, a.campaign); err != nil {
		a.t.Fatal(err)
	}
	for _, section := range []string{"I", "II"} {
		a.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`, a.id(), section, a.officer.Person)
	}
	draft, err := a.Store.Draft(ctx, a.id())
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.Store.SaveAnswers(ctx, a.id(), storagetest.Unclaimed(*draft.Form.Index, "Không thuộc chức năng"), a.people[a.unit][staff.Specialist]); err != nil {
		a.t.Fatal(err)
	}
	for _, action := range []document.Action{document.Submit, document.Approve, document.Sign} {
		if err := a.decide(ctx, a.unit, action); err != nil {
			a.t.Fatalf("%s: %v", action, err)
		}
	}
}

// mark gives one criterion other points than the unit did, takes over all others that
// wait, and finishes every field.
func (a livingAppraisal) mark(ctx context.Context, criterion string, points int64) {
	a.t.Helper()
	view := func() storage.AppraisalView {
		v, err := a.Store.Appraisal(ctx, a.id(), a.officer)
		if err != nil {
			a.t.Fatal(err)
		}
		return v
	}
	for _, f := range view().Fields {
		if f.FinishedAt != nil {
			continue
		}
		n := storage.NewMarks{Key: uuid.New(), Document: a.id(), Field: f.Code, Actor: a.appraisers[f.Appraiser]}
		for _, c := range view().Criteria {
			if c.Field != f.Code || !c.Asked || c.Marked {
				continue
			}
			given := storage.MarkGiven{Criterion: c.Code, Points: c.Appraised.Self.Points, NotApplicable: c.Appraised.Self.NotApplicable, Reason: "Đã xem hồ sơ", Seen: c.Newest}
			if c.Code == criterion {
				given.Points, given.NotApplicable = par.Points(points), false
			}
			n.Marks = append(n.Marks, given)
		}
		if err := a.Store.SaveMarks(ctx, n); err != nil {
			a.t.Fatal(err)
		}
		for _, now := range view().Fields {
			if now.Code != f.Code {
				continue
			}
			if err := a.Store.DecideAppraisal(ctx, storage.AppraisalDecision{
				Key: uuid.New(), Document: a.id(), Actor: n.Actor, Action: appraisal.Finish, Field: f.Code, Seen: now.Newest,
			}); err != nil {
				a.t.Fatal(err)
			}
		}
	}
}

// explainLate sends an explanation after its time, which the authority takes.
func (a livingAppraisal) explainLate(ctx context.Context, criterion string) {
	a.t.Helper()
	people := a.people[a.unit]
	if _, err := a.Store.SaveExplanations(ctx, a.id(), []storage.ExplanationChange{{Criterion: criterion, Text: "Xin bổ sung"}}, people[staff.Specialist]); err != nil {
		a.t.Fatal(err)
	}
	v, err := a.Store.Appraisal(ctx, a.id(), people[staff.Director])
	if err != nil {
		a.t.Fatal(err)
	}
	for _, d := range []storage.AppraisalDecision{
		{Action: appraisal.Explain, Actor: people[staff.Director], Hash: v.DraftHash},
		{Action: appraisal.TakeLate, Actor: a.officer, Reason: "Do lỗi đường truyền"},
	} {
		d.Key, d.Document = uuid.New(), a.id()
		if err := a.Store.DecideAppraisal(ctx, d); err != nil {
			a.t.Fatalf("%s: %v", d.Action, err)
		}
	}
}
