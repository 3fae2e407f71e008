package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// steps are a ladder with a first step so many working days ahead.
func steps(before int) period.Ladder {
	return period.Ladder{
		{Code: "first", WorkingDays: -before, To: []string{period.ToHolder}},
		{Code: "due", To: []string{period.ToHolder}},
	}
}

func (d *desk) lay(e storage.LadderEdit) error {
	if e.Key == uuid.Nil {
		e.Key = uuid.New()
	}
	if e.Reason == "" {
		e.Reason = "Theo chỉ đạo"
	}
	if e.Actor.Person == 0 {
		e.Actor = d.people[staff.Officer]
	}
	return d.db.Store.SaveLadder(context.Background(), e)
}

func (d *desk) ladderOf(query string, args ...any) period.Ladder {
	d.t.Helper()
	var ladder period.Ladder
	if err := json.Unmarshal([]byte(d.text(query, args...)), &ladder); err != nil {
		d.t.Fatal(err)
	}
	return ladder
}

func (d *desk) laid(kind reminder.Kind) period.Ladder {
	d.t.Helper()
	ladders, err := d.db.Store.Ladders(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return ladders.Of(kind)
}

// What is laid down holds for campaigns to come; those under way follow where it is said
// and where they have no steps of their own; nobody overwrites anybody unseen.
func TestStepsAreLaidDown(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	code := d.text(`select campaign from documents where id = $1`, d.id)
	own := func() period.Ladder {
		return d.ladderOf(`select ladder from campaigns where code = $1`, code)
	}
	edit := storage.LadderEdit{Key: uuid.New(), Kind: reminder.Report, Ladder: steps(10)}
	for range 2 { // a double click is one edit
		if err := d.lay(edit); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.laid(reminder.Report); !got.Same(steps(10)) {
		t.Errorf("%v holds", got)
	}
	if !own().Same(period.DefaultLadder()) {
		t.Errorf("a campaign under way got other steps unasked: %v", own())
	}
	if n := d.count(`select count(*) from audit where action = 'reminder_ladder' and person_id = $1`, d.people[staff.Officer].Person); n != 1 {
		t.Errorf("%d lines of audit", n)
	}

	// The campaign was launched by other steps than those that hold now: they are its own.
	if n, err := d.db.Store.LadderFollowers(ctx, reminder.Report); err != nil || n != 0 {
		t.Errorf("%d follow, %v", n, err)
	}
	if err := d.lay(storage.LadderEdit{Kind: reminder.Report, Base: 1, Ladder: steps(12), Running: true}); err != nil || !own().Same(period.DefaultLadder()) {
		t.Errorf("%v, %v", err, own())
	}
	d.exec(`update campaigns set ladder = (select ladder from reminder_ladders where kind = 'report' and version = 2) where code = $1`, code)
	d.exec(`update documents set wake_at = now() + interval '9 days', rung_at = now() - interval '3 days' where id = $1`, d.id)
	if n, err := d.db.Store.LadderFollowers(ctx, reminder.Report); err != nil || n != 1 {
		t.Errorf("%d follow, %v", n, err)
	}
	if err := d.lay(storage.LadderEdit{Kind: reminder.Report, Base: 2, Ladder: steps(15), Running: true}); err != nil || !own().Same(steps(15)) {
		t.Errorf("%v, %v", err, own())
	}
	if n := d.count(`select count(*) from documents where id = $1 and wake_at < now() and rung_at > now() - interval '1 hour'`, d.id); n != 1 {
		t.Error("the workflow is not told to look, or steps that are over would be made up for")
	}
	// What the engine is behind with is not skipped.
	d.exec(`update documents set wake_at = now() - interval '1 hour', rung_at = now() - interval '3 days' where id = $1`, d.id)
	if err := d.lay(storage.LadderEdit{Kind: reminder.Report, Base: 3, Ladder: steps(16), Running: true}); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from documents where id = $1 and rung_at < now() - interval '2 days'`, d.id); n != 1 {
		t.Error("a step that was due and not sent yet is skipped")
	}

	var broken rule.Errors
	for name, one := range map[string]struct {
		edit storage.LadderEdit
		code rule.Code
	}{
		"somebody was faster":        {storage.LadderEdit{Kind: reminder.Report, Base: 1, Ladder: steps(9)}, reminder.Replaced},
		"nothing is different":       {storage.LadderEdit{Kind: reminder.Report, Base: 4, Ladder: steps(16)}, reminder.Unchanged},
		"no step at the due":         {storage.LadderEdit{Kind: reminder.Confirm, Ladder: steps(9)[:1]}, "ladder_due_missing"},
		"no reason":                  {storage.LadderEdit{Kind: reminder.Task, Ladder: steps(9), Reason: " "}, reminder.ReasonBad},
		"a key of another kind":      {storage.LadderEdit{Key: edit.Key, Kind: reminder.Task, Ladder: steps(9)}, storage.KeyReused},
		"the same form, other steps": {storage.LadderEdit{Key: edit.Key, Kind: reminder.Report, Ladder: steps(11)}, storage.KeyReused},
		"not the authority's people": {storage.LadderEdit{Kind: reminder.Task, Ladder: steps(9), Actor: d.people[staff.Specialist]}, "not_your_role"},
	} {
		if err := d.lay(one.edit); !errors.As(err, &broken) || broken[0].Code != one.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if history, err := d.db.Store.LadderHistory(ctx); err != nil || len(history) != 4 || history[0].Version != 4 || history[2].Followed != 0 || history[1].Followed != 1 {
		t.Errorf("%+v, %v", history, err)
	}
}

// An appraisal's schedule and the authority's own desk follow as reports do.
func TestOtherStepsFollow(t *testing.T) {
	b := handedIn(t)
	code := b.text(`select campaign from documents where id = $1`, b.id)
	b.exec(`insert into appraisal_schedules (campaign, first_days, explain_days, second_days, ladder, updated_by)
		select $1, 20, 5, 10, '[{"code": "due", "working_days": 0, "to": ["holder"], "repeat": false}]', $2
		where not exists (select from appraisal_schedules where campaign = $1)`, code, b.people[staff.Officer].Person)
	raw, err := json.Marshal(reminder.Default(reminder.Appraisal))
	if err != nil {
		t.Fatal(err)
	}
	b.exec(`update appraisal_schedules set ladder = $2 where campaign = $1`, code, raw)
	before := b.number(`select version from appraisal_schedules where campaign = $1`, code)
	b.exec(`update appraisals set wake_at = now() + interval '9 days' where document_id = $1`, b.id)
	if err := b.lay(storage.LadderEdit{Kind: reminder.Appraisal, Ladder: steps(4), Running: true}); err != nil {
		t.Fatal(err)
	}
	if got := b.ladderOf(`select ladder from appraisal_schedules where campaign = $1`, code); !got.Same(steps(4)) {
		t.Errorf("the appraisal goes by %v", got)
	}
	if after := b.number(`select version from appraisal_schedules where campaign = $1`, code); after != before+1 {
		t.Errorf("version %d after %d: somebody's open page would overwrite it", after, before)
	}
	if n := b.count(`select count(*) from appraisals where document_id = $1 and wake_at < now()`, b.id); n != 1 {
		t.Error("the appraisal's workflow is not told to look")
	}
}

// Living plans go by what holds now, where their form has no steps of its own.
func TestLivingPlansGoByTheNewestSteps(t *testing.T) {
	d := livingPlan(t)
	first := func() time.Time {
		t.Helper()
		return d.track(time.Time{}).Next
	}
	before := first()
	if err := d.lay(storage.LadderEdit{Kind: reminder.Task, Ladder: period.Ladder{{Code: "after_60", WorkingDays: 60, To: []string{period.ToHolder}}}}); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from plan_trackings where document_id = $1 and wake_at < now()`, d.id); n != 1 {
		t.Error("the plan's workflow is not told to look")
	}
	if after := first(); !after.After(before) {
		t.Errorf("the next step is at %s, was at %s with steps before each deadline", after, before)
	}
}
