package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// approved carries the document through the whole chain.
func (d *desk) approved() {
	d.t.Helper()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.must(staff.Officer, document.Confirm, document.Approved)
}

func (d *desk) reopening(until time.Time) storage.NewDecision {
	n := d.decision(staff.Officer, document.Reopen)
	n.Until = until
	return n
}

func (d *desk) tally() storage.Tally {
	d.t.Helper()
	board, err := d.db.Store.Dashboard(context.Background(), staff.Scope{All: true}, "bc-2026q4")
	if err != nil {
		d.t.Fatal(err)
	}
	return board.All["bc-2026q4"]
}

// A reopened document goes the whole chain again. What was signed, numbered and
// approved stays, how the unit stood to its due stays, and completion falls and
// comes back.
func TestReopenedDocumentGoesTheWholeChainAgain(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.approved()
	before := d.tally()
	first := d.text(`select first_signed_at::text || unit_due_at::text || punctuality from documents where id = $1`, d.id)
	n := d.reopening(in(9))
	for range 2 { // a double click
		if _, err := d.db.Store.AddDecision(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	state := d.record()
	if again := d.record(); state.Stage != document.Drafting || state.Closed || state.Next == nil || again.Stage != state.Stage || !state.DueAt.Equal(in(9)) {
		t.Fatalf("%+v", state)
	}
	if n := d.number(`select count(*) from history where event = 'reopen' and from_stage = 'approved' and to_stage = 'drafting'`); n != 1 {
		t.Errorf("reopened %d times", n)
	}
	if n := d.number(`select count(*) from documents where id = $1 and status = 'returned' and closed_at is null and wake_at is not null
		and reopened = 1 and reopened_at is not null and returns = 0 and revision = 1 and approved_revision = 1`, d.id); n != 1 {
		t.Error("the row does not tell it")
	}
	if n := d.number(`select count(*) from tasks where document_id = $1 and closed_at is null and role = 'specialist' and due_at = $2`, d.id, in(9)); n != 1 {
		t.Errorf("%d open tasks of the specialist", n)
	}
	if n := d.number(`select count(distinct role) from notices where document_id = $1 and kind = 'reopened'`, d.id); n != 3 {
		t.Errorf("%d roles told", n)
	}
	open := d.tally()
	if open.Approved != before.Approved-1 || open.Counted() != before.Counted() || open.InTime() != before.InTime() {
		t.Errorf("tally %+v, was %+v", open, before)
	}
	// Whoever reads, reads what was approved until the new one is signed.
	view, err := d.db.Store.DocumentView(ctx, staff.Scope{All: true}, d.id)
	if err != nil || view.Reading().Newest(false) != 1 || view.Reopened != 1 {
		t.Errorf("%v, %v", view.Reading(), err)
	}
	d.exec(`update draft_sections set body = 'Đã sửa' where document_id = $1 and section = 'I'`, d.id)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	if view, _ = d.db.Store.DocumentView(ctx, staff.Scope{All: true}, d.id); view.Reading().Newest(false) != 1 || view.Reading().Newest(true) != 2 {
		t.Errorf("before the signature %+v is open", view.Reading())
	}
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	if n := d.number(`select approved_revision from documents where id = $1`, d.id); n != 1 {
		t.Errorf("approved revision %d before it is confirmed", n)
	}
	d.must(staff.Officer, document.Confirm, document.Approved)
	if n := d.number(`select approved_revision from documents where id = $1`, d.id); n != 2 {
		t.Errorf("approved revision %d", n)
	}
	if files, err := d.db.Store.IssuedFiles(ctx, d.id); err != nil || len(files) != 2 {
		t.Errorf("%d issued files, %v", len(files), err)
	}
	if again := d.tally(); again.Approved != before.Approved || again.InTime() != before.InTime() {
		t.Errorf("tally %+v, was %+v", again, before)
	}
	if now := d.text(`select first_signed_at::text || unit_due_at::text || punctuality from documents where id = $1`, d.id); now != first {
		t.Errorf("how the unit stood to its due: %s, was %s", now, first)
	}
}

// Other periods compare with what was approved last, also when the correction is
// signed and not yet confirmed.
func TestOtherPeriodsKeepTheApprovedRevision(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	later := "bc-2027q1-STC"
	compared := func(want int) {
		t.Helper()
		earlier, err := d.db.Store.Earlier(ctx, later)
		if err != nil {
			t.Fatal(err)
		}
		if earlier == nil || earlier.Document != d.id || earlier.Revision != want {
			t.Errorf("compared with %+v, want revision %d", earlier, want)
		}
	}
	d.approved()
	next := plan("STC")
	next.Code, next.Period = "bc-2027q1", "2027q1"
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), d.people[staff.Officer].Person, next); err != nil {
		t.Fatal(err)
	}
	compared(1)
	if _, err := d.db.Store.AddDecision(ctx, d.reopening(in(9))); err != nil {
		t.Fatal(err)
	}
	d.record()
	compared(1)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	compared(1)
	d.must(staff.Officer, document.Confirm, document.Approved)
	compared(2)
}

// A reopening that arrives while something is closed already, or twice from two
// officers, is one reopening.
func TestTwoOfficersReopen(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.approved()
	for range 2 {
		if _, err := d.db.Store.AddDecision(ctx, d.reopening(in(9))); err != nil {
			t.Fatal(err)
		}
	}
	d.record()
	if n := d.number(`select count(*) from decisions where action = 'reopen' and outcome = 'applied'`); n != 1 {
		t.Errorf("%d applied", n)
	}
	if n := d.number(`select reopened from documents where id = $1`, d.id); n != 1 {
		t.Errorf("reopened %d times", n)
	}
}

// What nobody signalled is found by the relay, though the document is closed.
func TestUnsignalledReopeningIsWokenFor(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.approved()
	d.exec(`update documents set wake_at = null where id <> $1`, d.id)
	if _, err := d.db.Store.AddDecision(ctx, d.reopening(in(9))); err != nil {
		t.Fatal(err)
	}
	d.exec(`update decisions set received_at = received_at - interval '1 minute' where action = 'reopen'`)
	wakes, err := d.db.Store.ClaimWakes(ctx, 10)
	if err != nil || len(wakes) != 1 || wakes[0].Document != d.id || wakes[0].Stage != document.Approved {
		t.Errorf("%v, %v", wakes, err)
	}
}
