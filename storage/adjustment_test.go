package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	rules "cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
)

func (d *desk) begin() int64 {
	d.t.Helper()
	id, err := d.db.Store.BeginAdjustment(context.Background(), uuid.New(), d.id, d.people[staff.Specialist])
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) adjustment(id int64) storage.Adjustment {
	d.t.Helper()
	ctx := context.Background()
	v, err := d.db.Store.DocumentView(ctx, staff.Scope{All: true}, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	a, err := d.db.Store.Adjustment(ctx, v, d.tracking(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

func (d *desk) newOrder(id int64) storage.NewOrder {
	today := calendar.DayOf(time.Now())
	return storage.NewOrder{
		Document: d.id, Adjustment: id, Actor: d.people[staff.Specialist], Base: 1, FileName: "qd-12.pdf", File: strings.NewReader("%PDF-1.4 điều chỉnh"),
		Order: rules.Order{Number: "12/QĐ-STC", IssuedOn: &today, Issuer: "Sở Tài chính", Title: "Điều chỉnh kế hoạch"},
	}
}

func (d *desk) change(kind rules.ChangeKind, task rules.Task, reason string) storage.AdjustedChange {
	return storage.AdjustedChange{Adjusted: rules.Adjusted{Kind: kind, Task: task, Reason: reason}}
}

// adjusting is a draft that moves a into the third quarter, takes b out and adds n.
func (d *desk) adjusting() int64 {
	d.t.Helper()
	ctx, id := context.Background(), d.begin()
	if err := d.db.Store.SaveOrder(ctx, d.newOrder(id)); err != nil {
		d.t.Fatal(err)
	}
	later := row("a")
	later.Deadline = rules.InQuarter(2027, 3)
	for _, c := range []storage.AdjustedChange{
		d.change(rules.Changed, later, "Chờ nghị định"), d.change(rules.Removed, row("b"), "Trùng nhiệm vụ của Thành phố"), d.change(rules.Added, row("n"), ""),
	} {
		if err := d.db.Store.SaveAdjusted(ctx, d.id, id, c, d.people[staff.Specialist]); err != nil {
			d.t.Fatal(err)
		}
	}
	return id
}

func (d *desk) step(id int64, role staff.Role, action document.Action, reason string) (storage.AdjustmentDecision, error) {
	d.t.Helper()
	n := storage.AdjustmentDecision{
		Key: uuid.New(), Document: d.id, Adjustment: id, Action: action, Actor: d.people[role], Hash: d.adjustment(id).Hash, Reason: reason,
	}
	return n, d.db.Store.DecideAdjustment(context.Background(), n)
}

func (d *desk) stepped(id int64, role staff.Role, action document.Action, reason string) {
	d.t.Helper()
	if _, err := d.step(id, role, action, reason); err != nil {
		d.t.Fatalf("%s: %v", action, err)
	}
}

// enforced carries an adjustment through its chain.
func (d *desk) enforced(id int64) {
	d.t.Helper()
	d.stepped(id, staff.Specialist, document.Submit, "")
	d.stepped(id, staff.DivisionHead, document.Approve, "")
	d.stepped(id, staff.Officer, document.Confirm, "")
}

func (d *desk) statuses() string {
	d.t.Helper()
	var all []string
	for _, task := range d.tracking().Tasks {
		all = append(all, task.Key+" "+string(task.Status)+" "+task.Deadline.Code())
	}
	return strings.Join(all, ", ")
}

func TestAnAdjustmentComesIntoForce(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	d.track(time.Time{})
	id := d.adjusting()
	if again := d.begin(); again != id {
		t.Errorf("a second one is open: %d, %d", id, again)
	}
	a := d.adjustment(id)
	if a.Broken != nil || len(a.Tasks) != 3 || len(a.Before) != 3 || len(a.After) != 3 || a.Hash == "" || a.Opens(false) || !a.Opens(true) {
		t.Fatalf("%+v", a)
	}
	before := d.statuses()
	d.stepped(id, staff.Specialist, document.Submit, "")
	if d.statuses() != before {
		t.Error("an adjustment that waits changes the plan")
	}
	approve, err := d.step(id, staff.DivisionHead, document.Approve, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.DecideAdjustment(ctx, approve); err != nil { // a double click
		t.Error(err)
	}
	if a = d.adjustment(id); a.Stage != document.AuthorityReview || len(a.Steps) != 2 || !a.Opens(false) {
		t.Errorf("%+v", a)
	}
	d.track(time.Time{})
	d.stepped(id, staff.Officer, document.Confirm, "")
	want := "a not_started 2027q3, c not_started recurring, n not_started 2027q2, b cancelled 2027q2"
	if got := d.statuses(); got != want {
		t.Errorf("the plan is %s, want %s", got, want)
	}
	// Its workflow is told to look, reads the same table again, and waits for another day.
	if n := d.count(`select count(*) from plan_trackings where wake_at < clock_timestamp() - interval '59 seconds' and relay_at is null`); n != 1 {
		t.Error("the workflow is not told to look")
	}
	if state := d.track(time.Time{}); state.Tasks != 3 || d.statuses() != want {
		t.Errorf("%+v: %s", state, d.statuses())
	}
	// The version stays readable with what it changed, and stands in both histories.
	a = d.adjustment(id)
	if a.N == nil || *a.N != 1 || len(a.Before) != 3 || len(a.After) != 3 || a.After[0].Deadline.Code() != "2027q3" || a.Before[0].Deadline.Code() != "2027q2" {
		t.Errorf("%+v", a)
	}
	// It is found by what it says now and by what was approved, and everything can be found anew.
	adjusted, err := d.db.Store.NewestAdjusted(ctx, d.id, 1)
	if err != nil || adjusted.N != 1 || adjusted.Number != "12/QĐ-STC" || len(adjusted.Tasks) != 3 {
		t.Errorf("%+v, %v", adjusted, err)
	}
	found := map[string]string{"bản n": "Rà soát văn bản n", "bản b": "trước đây: Rà soát văn bản a", "bản x": ""}
	d.foundAs(found)
	d.exec(`update search_texts set version = 0`)
	if n, err := storage.Reindex(ctx, d.db.Owner); err != nil || n != 2 {
		t.Errorf("%d found anew, %v", n, err)
	}
	d.foundAs(found)
	if n := d.count(`select count(*) from history where event in ('adjustment_submit', 'adjustment_approve', 'adjustment_confirm')`); n != 3 {
		t.Errorf("%d lines of history", n)
	}
	changes, err := d.db.Store.TaskAdjustments(ctx, d.id, "a")
	if err != nil || len(changes) != 1 || changes[0].Before.Deadline.Code() != "2027q2" || changes[0].Task.Deadline.Code() != "2027q3" || changes[0].Number != "12/QĐ-STC" || changes[0].By == "" {
		t.Errorf("%+v, %v", changes, err)
	}
	if file, err := d.db.Store.AdjustmentFile(ctx, a); err != nil || file.Name != "qd-12.pdf" {
		t.Errorf("%+v, %v", file, err)
	}
	for kind, n := range map[string]int{"adjustment_waiting": 2, "adjustment_in_force": 3} {
		if got := d.number(`select count(distinct person_id) from notices where kind = $1`, kind); got != n {
			t.Errorf("%d people are told of %s, want %d", got, kind, n)
		}
	}
	// A second adjustment is built on the first; what was taken out comes back with its history.
	second := d.begin()
	if second == id {
		t.Fatal("the first is open again")
	}
	back := d.change(rules.Changed, row("b"), "Vẫn cần")
	if err := d.db.Store.SaveAdjusted(ctx, d.id, second, back, d.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.SaveOrder(ctx, d.newOrder(second)); err != nil {
		t.Fatal(err)
	}
	d.enforced(second)
	if got := d.statuses(); !strings.Contains(got, "b not_started 2027q2") {
		t.Errorf("put back: %s", got)
	}
	if all, err := d.db.Store.Adjustments(ctx, d.id); err != nil || len(all) != 2 || *all[0].N != 2 {
		t.Errorf("%+v, %v", all, err)
	}
}

// An adjustment that lies at a desk is told of again after two working days, after five
// also to those above there, and no more once it has gone on.
func TestAdjustmentsThatWaitAreRemindedOf(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	before := d.track(time.Time{}).Next
	id := d.adjusting()
	if next := d.track(time.Time{}).Next; !next.Equal(before) {
		t.Fatalf("one that is being written is reminded of at %v", next)
	}
	lies := func(days int) time.Time { // as if it had come so long ago
		t.Helper()
		d.exec(`update plan_adjustments set held_since = held_since - make_interval(days => $1)`, days)
		d.exec(`update plan_trackings set rung_at = rung_at - make_interval(days => $1)`, days)
		state := d.track(time.Time{})
		if again := d.track(state.Next); !again.Reminds {
			t.Fatalf("nobody is reminded at %v", state.Next)
		}
		return state.Next
	}
	told := func(kind string) string {
		t.Helper()
		var roles string
		if err := d.db.Owner.QueryRow(`select coalesce(string_agg(role, ' ' order by role), '') from notices where kind = $1`, kind).Scan(&roles); err != nil {
			t.Fatal(err)
		}
		return roles
	}
	d.stepped(id, staff.Specialist, document.Submit, "")
	at := lies(4)
	for range 2 {
		if n, err := d.db.Store.RemindPlan(ctx, d.id, at); err != nil || n != 1 {
			t.Errorf("%d told of, %v", n, err)
		}
	}
	if got := told("adjustment_reminder") + "|" + told("adjustment_lies"); got != "division_head|" {
		t.Errorf("after two days %s", got)
	}
	if n, err := d.db.Store.RemindPlan(ctx, d.id, at.Add(-24*time.Hour)); err != nil || n != 0 {
		t.Errorf("at no rung %d, %v", n, err)
	}
	d.stepped(id, staff.DivisionHead, document.Approve, "")
	if n, err := d.db.Store.RemindPlan(ctx, d.id, at); err != nil || n != 0 {
		t.Errorf("of another desk %d, %v", n, err)
	}
	d.exec(`update plan_adjustments set held_since = held_since - interval '13 days'`)
	d.exec(`update plan_trackings set rung_at = (select held_since from plan_adjustments)`)
	fifth := d.track(time.Time{}).Next
	for rungs := 1; told("adjustment_lies") == "" && rungs <= 3; rungs++ { // the first is overtaken, and tells nobody
		if rungs > 1 {
			fifth = d.track(fifth).Next
		}
		if _, err := d.db.Store.RemindPlan(ctx, d.id, fifth); err != nil {
			t.Fatal(err)
		}
	}
	if got := told("adjustment_lies"); got != "authority_head" {
		t.Errorf("above the authority's desk are told %q", got)
	}
	d.stepped(id, staff.Officer, document.Confirm, "")
	if n, err := d.db.Store.RemindPlan(ctx, d.id, fifth); err != nil || n != 0 {
		t.Errorf("in force: %d, %v", n, err)
	}
}

// foundAs looks for texts, begun words among them, and holds the snippets against what
// they should say; empty: nothing is to be found.
func (d *desk) foundAs(want map[string]string) {
	d.t.Helper()
	for text, says := range want {
		found, err := d.db.Store.Search(context.Background(), d.people[staff.Officer], storage.SearchQuery{Text: text + " "})
		if err != nil {
			d.t.Fatal(err)
		}
		var snippet strings.Builder
		for _, hit := range found.Hits {
			if hit.Former {
				snippet.WriteString("trước đây: ")
			}
			for _, piece := range hit.Snippet {
				snippet.WriteString(piece.Text)
			}
		}
		if (len(found.Hits) > 0) != (says != "") || !strings.Contains(snippet.String(), says) {
			d.t.Errorf("%q leads to %d documents, with %q; want %q", text, len(found.Hits), &snippet, says)
		}
	}
}

// A plan that is reopened is corrected as it stands, adjustments included; the
// correction then is what lives, and the next adjustment builds on it.
func TestAReopenedPlanKeepsItsAdjustments(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	first := d.adjusting()
	d.enforced(first)
	waiting := d.begin()
	d.record()
	if _, err := d.db.Store.AddDecision(ctx, d.reopening(in(9))); err != nil {
		t.Fatal(err)
	}
	if state := d.record(); state.Stage != document.Drafting {
		t.Fatalf("%+v", state)
	}
	if err := d.db.Store.SaveAdjusted(ctx, d.id, waiting, d.change(rules.Added, row("m"), ""), d.people[staff.Specialist]); !hasRule(err, rules.AdjustmentOutdated) {
		t.Errorf("adjusted while being corrected: %v", err)
	}
	if got := d.order(); got != "a c n" {
		t.Errorf("the draft is %q", got)
	}
	d.approved()
	if got := d.statuses(); !strings.HasPrefix(got, "a not_started 2027q3, c not_started recurring, n not_started 2027q2, b cancelled") {
		t.Errorf("%s", got)
	}
	if err := d.db.Store.SaveAdjusted(ctx, d.id, waiting, d.change(rules.Added, row("m"), ""), d.people[staff.Specialist]); err != nil {
		t.Error(err)
	}
}

func TestAdjustmentsGoTheirChain(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	id := d.begin()
	if _, err := d.step(id, staff.Specialist, document.Submit, ""); !hasRule(err, rules.AdjustmentEmpty) || !hasRule(err, rules.OrderFileMissing) {
		t.Errorf("an empty one: %v", err)
	}
	d.stepped(id, staff.Specialist, document.Discard, "")
	id = d.adjusting()
	for role, action := range map[staff.Role]document.Action{staff.Specialist: document.Approve, staff.DivisionHead: document.Confirm, staff.Officer: document.Submit, staff.Director: document.Approve} {
		if _, err := d.step(id, role, action, ""); !hasRule(err, document.NotYourRole) {
			t.Errorf("%s %s: %v", role, action, err)
		}
	}
	d.stepped(id, staff.Specialist, document.Submit, "")
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, d.change(rules.Added, row("m"), ""), d.people[staff.Specialist]); !hasRule(err, document.WrongStage) {
		t.Errorf("written while it is checked: %v", err)
	}
	if waiting, err := d.db.Store.WaitingAdjustments(ctx, d.people[staff.DivisionHead]); err != nil || len(waiting) != 1 || waiting[0].Tasks != 3 || waiting[0].Total != 1 {
		t.Errorf("%+v, %v", waiting, err)
	}
	for _, role := range []staff.Role{staff.Officer, staff.Specialist, staff.Director} {
		if waiting, err := d.db.Store.WaitingAdjustments(ctx, d.people[role]); err != nil || len(waiting) != 0 {
			t.Errorf("%s: %+v, %v", role, waiting, err)
		}
	}
	d.stepped(id, staff.DivisionHead, document.Return, "Thiếu lý do")
	if waiting, err := d.db.Store.WaitingAdjustments(ctx, d.people[staff.Specialist]); err != nil || len(waiting) != 1 {
		t.Errorf("%+v, %v", waiting, err)
	}
	d.stepped(id, staff.Specialist, document.Submit, "")
	d.stepped(id, staff.DivisionHead, document.Approve, "")
	// What a head has checked is what the authority confirms: a result that comes between stops it.
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.Specialist, "a", resultOf("9/BC", calendar.DayOf(time.Now())))); err != nil {
		t.Fatal(err)
	}
	if _, err := d.step(id, staff.Officer, document.Confirm, ""); !hasRule(err, rules.AdjustedDone) {
		t.Errorf("confirmed over a result: %v", err)
	}
	stale := storage.AdjustmentDecision{Key: uuid.New(), Document: d.id, Adjustment: id, Action: document.Confirm, Actor: d.people[staff.Officer], Hash: "other"}
	if err := d.db.Store.DecideAdjustment(ctx, stale); !hasRule(err, document.ContentChanged) {
		t.Errorf("not what was on the screen: %v", err)
	}
	d.stepped(id, staff.Officer, document.Return, "Nhiệm vụ 1 đã có kết quả")
	dropped := d.change(rules.Changed, row("a"), "")
	dropped.Base, dropped.Dropped = 1, true
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, dropped, d.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	d.enforced(id)
	if got := d.statuses(); !strings.HasPrefix(got, "a done_in_time 2027q2, c not_started recurring, n not_started") {
		t.Errorf("%s", got)
	}
	if _, err := d.step(id, staff.Officer, document.Confirm, ""); !hasRule(err, document.Closed) && !hasRule(err, document.WrongStage) {
		t.Errorf("confirmed twice: %v", err)
	}
}

func TestTwoPeopleAtOneAdjustment(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	id := d.adjusting()
	other := d.person("other", staff.Specialist, "STC")
	theirs := row("a")
	theirs.Name = "Tên khác"
	change := d.change(rules.Changed, theirs, "")
	var conflicts storage.Conflicts
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, change, other); !errors.As(err, &conflicts) || conflicts[0].Version != 1 || conflicts[0].Task.Deadline.Code() != "2027q3" {
		t.Fatalf("overwritten unseen: %v", err)
	}
	change.Base = 1
	for range 2 {
		if err := d.db.Store.SaveAdjusted(ctx, d.id, id, change, other); err != nil {
			t.Error(err)
		}
	}
	kept := d.change(rules.Changed, row("b"), "")
	kept.Task.Name = "Vẫn làm"
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, kept, other); !errors.As(err, &conflicts) || conflicts[0].Task != nil || conflicts[0].Reason != "Trùng nhiệm vụ của Thành phố" {
		t.Errorf("taken out by somebody else: %+v, %v", conflicts, err)
	}
	order := d.newOrder(id)
	order.Title, order.FileName = "Khác", ""
	if err := d.db.Store.SaveOrder(ctx, order); !errors.As(err, &conflicts) {
		t.Errorf("the order is overwritten unseen: %v", err)
	}
	order.Base = 2
	if err := d.db.Store.SaveOrder(ctx, order); err != nil || d.adjustment(id).FileName != "qd-12.pdf" || d.adjustment(id).Title != "Khác" {
		t.Errorf("%v", err)
	}
	unknown := row("m")
	unknown.Lead.Unit = "KHONG"
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, d.change(rules.Added, unknown, ""), other); !hasRule(err, storage.TaskUnitUnknown) {
		t.Errorf("%v", err)
	}
	if err := d.db.Store.SaveAdjusted(ctx, d.id, id, d.change(rules.Removed, row("z"), "x"), other); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("%v", err)
	}
	outsider := d.person("outsider", staff.Specialist, "SYT")
	if _, err := d.db.Store.BeginAdjustment(ctx, uuid.New(), d.id, outsider); !hasRule(err, document.NotYourRole) {
		t.Errorf("%v", err)
	}
}
