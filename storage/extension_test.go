package storage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

func (d *desk) ask(role staff.Role, until time.Time) (storage.NewRequest, error) {
	d.t.Helper()
	n := storage.NewRequest{Key: uuid.New(), Document: d.id, Actor: d.people[role], Reason: "Chờ số liệu quyết toán", Until: until}
	return n, d.db.Store.AskExtension(context.Background(), n)
}

// asked asks and returns the open request.
func (d *desk) asked(until time.Time) storage.Request {
	d.t.Helper()
	if _, err := d.ask(staff.Specialist, until); err != nil {
		d.t.Fatal(err)
	}
	request, err := d.db.Store.OpenRequest(context.Background(), d.id)
	if err != nil || request == nil {
		d.t.Fatalf("open request %v, %v", request, err)
	}
	return *request
}

func (d *desk) batch(verdict storage.Verdict, answers ...storage.RequestAnswer) storage.NewBatch {
	return storage.NewBatch{Key: uuid.New(), Actor: d.people[staff.Officer], Verdict: verdict, Reason: "Công văn 12/STC", Answers: answers}
}

func (d *desk) answer(n storage.NewBatch) storage.Batch {
	d.t.Helper()
	ctx := context.Background()
	if err := d.db.Store.AddBatch(ctx, n); err != nil {
		d.t.Fatal(err)
	}
	if err := d.db.Store.AnswerBatch(ctx, n.Key); err != nil {
		d.t.Fatal(err)
	}
	d.record()
	batch, err := d.db.Store.Batch(ctx, n.Key)
	if err != nil {
		d.t.Fatal(err)
	}
	return batch
}

func (d *desk) outcome() string {
	return d.text(`select coalesce(outcome, '') from extension_requests where document_id = $1 order by id desc limit 1`, d.id)
}

func (d *desk) text(query string, args ...any) string {
	d.t.Helper()
	var text string
	if err := d.db.Owner.QueryRow(query, args...).Scan(&text); err != nil {
		d.t.Fatal(err)
	}
	return text
}

func (d *desk) number(query string, args ...any) int {
	d.t.Helper()
	var n int
	if err := d.db.Owner.QueryRow(query, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func in(days int) time.Time { return calendar.DayOf(time.Now()).Add(days).At(calendarEnd) }

const calendarEnd = 24 * 60

// A request is granted: the due moves by an extension that is bound to it, the
// request ends in the same transaction, and everybody is told.
func TestGrantedRequestExtends(t *testing.T) {
	d := newDesk(t)
	request := d.asked(in(40))
	if n := d.number(`select count(*) from notices where kind = 'extension_asked' and unit_code = 'SNV' and person_id is not null`); n != 1 {
		t.Errorf("%d notices to officers", n)
	}
	board, err := d.db.Store.Board(context.Background(), staff.Scope{All: true}, "bc-2026q4", storage.BoardFilter{Flag: storage.BoardAsking})
	if err != nil || board.Asking != 1 || len(board.Rows) != 1 || board.Rows[0].Asked == nil {
		t.Errorf("board: asking %d, %d rows, %v", board.Asking, len(board.Rows), err)
	}
	granted := in(38)
	batch := d.answer(d.batch(storage.Grant, storage.RequestAnswer{Request: request.ID, Until: granted}))
	if len(batch.Items) != 1 || batch.State(batch.Items[0]) != storage.BatchGranted {
		t.Fatalf("%+v", batch)
	}
	if d.outcome() != "granted" {
		t.Errorf("the request is %q", d.outcome())
	}
	if n := d.number(`select count(*) from documents o join tasks k on k.document_id = o.id and k.closed_at is null
		where o.id = $1 and o.unit_due_at = $2 and o.due_at = $2 and k.due_at = $2 and o.extended_at is not null`, d.id, granted); n != 1 {
		t.Error("the due has not moved everywhere")
	}
	if n := d.number(`select count(*) from history where document_id = $1 and event = 'extend' and detail ->> 'request' = $2::text`, d.id, request.ID); n != 1 {
		t.Errorf("%d extensions in the history", n)
	}
	if n := d.number(`select count(distinct role) from notices where document_id = $1 and kind = 'extended' and person_id is not null`, d.id); n != 2 {
		t.Errorf("%d roles told", n)
	}
}

func TestDeclinedRequest(t *testing.T) {
	d := newDesk(t)
	if _, err := d.ask(staff.DivisionHead, in(40)); err != nil {
		t.Fatal(err)
	}
	request, err := d.db.Store.OpenRequest(context.Background(), d.id)
	if err != nil {
		t.Fatal(err)
	}
	n := d.batch(storage.Decline, storage.RequestAnswer{Request: request.ID})
	n.Reason = " "
	if err := d.db.Store.AddBatch(context.Background(), n); !brokenAs(err, document.ReasonMissing) {
		t.Errorf("declined without a reason: %v", err)
	}
	batch := d.answer(d.batch(storage.Decline, storage.RequestAnswer{Request: request.ID}))
	if batch.State(batch.Items[0]) != storage.BatchDeclined || d.outcome() != "declined" {
		t.Errorf("%+v, %s", batch, d.outcome())
	}
	if n := d.number(`select count(*) from notices where kind = 'extension_declined' and role = 'division_head' and unit_code = 'STC'`); n != 1 {
		t.Errorf("%d notices to the asker", n)
	}
	if n := d.number(`select count(*) from decisions`); n != 0 {
		t.Errorf("%d decisions", n)
	}
	if _, err := d.ask(staff.Specialist, in(41)); err != nil { // another may be asked
		t.Error(err)
	}
}

func brokenAs(err error, code rule.Code) bool {
	var broken rule.Errors
	return errors.As(err, &broken) && broken.Has(code)
}

func TestOneOpenRequestADocument(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	n, err := d.ask(staff.Specialist, in(40))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.AskExtension(ctx, n); err != nil { // a double click
		t.Errorf("the same click again: %v", err)
	}
	if _, err := d.ask(staff.DivisionHead, in(45)); !brokenAs(err, document.AskedAlready) {
		t.Errorf("a second request: %v", err)
	}
	other := n
	other.Actor = d.people[staff.DivisionHead]
	if err := d.db.Store.AskExtension(ctx, other); !brokenAs(err, storage.KeyReused) {
		t.Errorf("somebody else's key: %v", err)
	}
	if got := d.number(`select count(*) from extension_requests`); got != 1 {
		t.Errorf("%d requests", got)
	}
	if got := d.number(`select count(*) from history where event = 'extension_asked'`); got != 1 {
		t.Errorf("%d lines", got)
	}
}

func TestWithdrawnRequestCannotBeGranted(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	request := d.asked(in(40))
	if err := d.db.Store.WithdrawExtension(ctx, d.id, request.ID, d.people[staff.Officer]); !brokenAs(err, document.NotYourRole) {
		t.Errorf("withdrawn by an officer: %v", err)
	}
	if err := d.db.Store.WithdrawExtension(ctx, d.id, request.ID, d.people[staff.DivisionHead]); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.WithdrawExtension(ctx, d.id, request.ID, d.people[staff.Specialist]); !brokenAs(err, document.RequestAnswered) {
		t.Errorf("withdrawn twice: %v", err)
	}
	for _, verdict := range []storage.Verdict{storage.Grant, storage.Decline} {
		batch := d.answer(d.batch(verdict, storage.RequestAnswer{Request: request.ID, Until: in(40)}))
		if batch.State(batch.Items[0]) != storage.BatchRefused || !batch.Items[0].Broken.Has(document.RequestAnswered) {
			t.Errorf("%s of a withdrawn request: %+v", verdict, batch.Items)
		}
	}
	if d.outcome() != "withdrawn" || d.number(`select count(*) from decisions`) != 0 {
		t.Errorf("the request is %s", d.outcome())
	}
}

// The signature hands the document in: what was asked for is needed no longer.
func TestSignatureEndsTheRequest(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	request := d.asked(in(40))
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	if d.outcome() != "" {
		t.Errorf("a step inside the unit ends the request: %s", d.outcome())
	}
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	if d.outcome() != "withdrawn" || d.number(`select count(*) from extension_requests where answered_by is not null`) != 0 {
		t.Errorf("after the signature the request is %q", d.outcome())
	}
	if n := d.number(`select count(*) from history where event = 'extension_lapsed'`); n != 1 {
		t.Errorf("%d lines", n)
	}
	if _, err := d.ask(staff.Specialist, in(40)); !brokenAs(err, document.WrongStage) {
		t.Errorf("asked at the authority's desk: %v", err)
	}
	batch := d.answer(d.batch(storage.Grant, storage.RequestAnswer{Request: request.ID, Until: in(40)}))
	if batch.State(batch.Items[0]) != storage.BatchRefused {
		t.Errorf("granted after the signature: %+v", batch.Items)
	}
}

// An officer's extension that was made past the request answers it all the same.
func TestPlainExtensionAnswersTheRequest(t *testing.T) {
	d := newDesk(t)
	d.asked(in(40))
	n := d.decision(staff.Officer, document.Extend)
	n.Until = in(35)
	if _, err := d.db.Store.AddDecision(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	d.record()
	if d.outcome() != "granted" {
		t.Errorf("the request is %q", d.outcome())
	}
}

// Two officers grant the same request at once, and each batch is carried out by
// several hands: one decision, applied once.
func TestOneDecisionARequest(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	request := d.asked(in(40))
	second := d.person("officer2", staff.Officer, "SNV")
	batches := []storage.NewBatch{
		d.batch(storage.Grant, storage.RequestAnswer{Request: request.ID, Until: in(40)}),
		{Key: uuid.New(), Actor: second, Verdict: storage.Grant, Reason: "x", Answers: []storage.RequestAnswer{{Request: request.ID, Until: in(50)}}},
	}
	var work sync.WaitGroup
	for _, n := range batches {
		if err := d.db.Store.AddBatch(ctx, n); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			work.Go(func() {
				if err := d.db.Store.AnswerBatch(ctx, n.Key); err != nil {
					t.Error(err)
				}
			})
		}
	}
	work.Wait()
	if n := d.number(`select count(*) from decisions`); n != 1 {
		t.Fatalf("%d decisions for one request", n)
	}
	d.record()
	if n := d.number(`select count(*) from history where event = 'extend'`); n != 1 {
		t.Errorf("%d extensions", n)
	}
	states := map[storage.BatchState]int{}
	for _, n := range batches {
		batch, err := d.db.Store.Batch(ctx, n.Key)
		if err != nil {
			t.Fatal(err)
		}
		states[batch.State(batch.Items[0])]++
	}
	if states[storage.BatchGranted] != 1 || states[storage.BatchRefused] != 1 {
		t.Errorf("%v", states)
	}
}

// A batch whose beginner died after its rows were written is found and carried out.
func TestUndoneBatchIsCarriedOut(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	request := d.asked(in(40))
	n := d.batch(storage.Grant, storage.RequestAnswer{Request: request.ID, Until: in(40)})
	for range 2 { // a double click
		if err := d.db.Store.AddBatch(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := d.db.Store.UndoneBatches(ctx); err != nil || len(keys) != 0 {
		t.Errorf("at once %v, %v", keys, err)
	}
	d.exec(`update extension_batches set made_at = made_at - interval '1 minute'`)
	keys, err := d.db.Store.UndoneBatches(ctx)
	if err != nil || len(keys) != 1 || keys[0] != n.Key {
		t.Fatalf("%v, %v", keys, err)
	}
	for range 2 {
		if err := d.db.Store.AnswerBatch(ctx, keys[0]); err != nil {
			t.Fatal(err)
		}
	}
	if keys, _ := d.db.Store.UndoneBatches(ctx); len(keys) != 0 {
		t.Errorf("still undone: %v", keys)
	}
	d.record()
	d.record()
	if n := d.number(`select count(*) from history where event = 'extend'`); n != 1 || d.outcome() != "granted" {
		t.Errorf("%d extensions, %s", n, d.outcome())
	}
}

// An officer who lost the office before the batch was carried out decides nothing.
func TestBatchOfSomebodyWhoLeft(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	request := d.asked(in(40))
	n := d.batch(storage.Grant, storage.RequestAnswer{Request: request.ID, Until: in(40)})
	if err := d.db.Store.AddBatch(ctx, n); err != nil {
		t.Fatal(err)
	}
	d.exec(`update persons set state = 'closed' where id = $1`, n.Actor.Person)
	if err := d.db.Store.AnswerBatch(ctx, n.Key); err != nil {
		t.Fatal(err)
	}
	batch, err := d.db.Store.Batch(ctx, n.Key)
	if err != nil || !batch.Items[0].Broken.Has(storage.RightEnded) {
		t.Errorf("%+v, %v", batch.Items, err)
	}
}

func TestOpenRequestsKeepToTheScope(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.asked(in(40))
	for units, want := range map[string]int{"STC": 1, "SYT": 0} {
		scope := staff.Scope{Units: []string{units}}
		list, err := d.db.Store.OpenRequests(ctx, scope, "", 1)
		if err != nil || len(list) != want {
			t.Errorf("%s sees %d, %v", units, len(list), err)
		}
		if n, err := d.db.Store.RequestCount(ctx, scope, "bc-2026q4"); err != nil || n != want {
			t.Errorf("%s counts %d, %v", units, n, err)
		}
	}
	if n, _ := d.db.Store.RequestCount(ctx, staff.Scope{All: true}, "bc-2025q1"); n != 0 {
		t.Errorf("another campaign has %d", n)
	}
}
