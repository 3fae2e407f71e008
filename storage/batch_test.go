package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/staff"
	"cchc/storage"
)

// failing lets no decision about the document be stored, until mend is called.
func (d *desk) failing(document string) (mend func()) {
	d.t.Helper()
	d.exec(`create function refuse_decision() returns trigger language plpgsql as $$ begin raise exception 'this one fails'; end $$`)
	d.exec(`create trigger refuse_decision before insert on decisions for each row when (new.document_id = '` + document + `') execute function refuse_decision()`)
	return func() {
		d.t.Helper()
		d.exec(`drop trigger refuse_decision on decisions`)
	}
}

// oneFailed wants that one item failed and no more.
func (d *desk) oneFailed(err error, of int) {
	d.t.Helper()
	var failed storage.BatchFailed
	if !errors.As(err, &failed) || failed != (storage.BatchFailed{Failed: 1, Of: of}) {
		d.t.Fatalf("%v, want 1 of %d failed", err, of)
	}
}

// tryAgainNow lets what failed be due.
func (d *desk) tryAgainNow(items string) {
	d.t.Helper()
	d.exec(`update ` + items + ` set retry_at = now() - interval '1 second' where retry_at is not null`)
}

// tryAgainLater lets what failed wait for longer than a slow machine takes for a test.
func (d *desk) tryAgainLater(items string) {
	d.t.Helper()
	d.exec(`update ` + items + ` set retry_at = retry_at + interval '1 hour' where retry_at is not null`)
}

// One deadline that fails keeps no other from being extended; it is named, tried again
// later, and the batch comes to its end.
func TestADeadlineThatFailsKeepsNobodyWaiting(t *testing.T) {
	d, id := struckDesk(t)
	ctx := context.Background()
	mend := d.failing("bc-su-co-SYT")
	n, err := d.extendAll(id, answers(d.deadlines(id), false, storage.DeadlineDocuments, storage.DeadlineSigned))
	d.oneFailed(err, 3) // the campaign's own due, SYT's, STC's
	d.recordAll(n.Key)
	if d.text(`select punctuality from documents where id = 'bc-su-co-STC'`) != "on_time" {
		t.Error("STC waits for SYT")
	}
	refused, err := d.db.Store.RefusedDeadlines(ctx, id)
	if err != nil || len(refused) != 1 || refused[0].Document != "bc-su-co-SYT" || !refused[0].Broken.Has(storage.ItemRetried) {
		t.Errorf("%+v, %v", refused, err)
	}
	stuck, err := d.db.Store.StuckItems(ctx, 10)
	if err != nil || len(stuck) != 1 || stuck[0].Document != "bc-su-co-SYT" || !stuck[0].Outage || stuck[0].Failures != 1 || stuck[0].RetryAt == nil {
		t.Errorf("%+v, %v", stuck, err)
	}
	d.exec(`update outage_batches set made_at = made_at - interval '1 minute'`)
	d.tryAgainLater("outage_batch_items")
	if keys, err := d.db.Store.UndoneOutageBatches(ctx); err != nil || len(keys) != 0 {
		t.Errorf("at once again: %v, %v", keys, err)
	}
	mend()
	d.tryAgainNow("outage_batch_items")
	if keys, err := d.db.Store.UndoneOutageBatches(ctx); err != nil || len(keys) != 1 {
		t.Errorf("later: %v, %v", keys, err)
	}
	if err := d.db.Store.AnswerOutageBatch(ctx, n.Key); err != nil {
		t.Fatal(err)
	}
	d.recordAll(n.Key)
	if d.count(`select count(*) from documents where id = 'bc-su-co-SYT' and due_at = '2027-07-03 00:00:00+07'`) != 1 ||
		d.count(`select count(*) from outage_batches where done_at is not null`) != 1 || d.count(`select count(*) from outage_notices where kind = 'deadlines'`) != 1 {
		t.Error("the batch has not come to its end")
	}
	if stuck, err := d.db.Store.StuckItems(ctx, 10); err != nil || len(stuck) != 0 {
		t.Errorf("still stuck: %+v, %v", stuck, err)
	}
}

// What fails again and again is set aside, so that the others are told of theirs.
func TestADeadlineThatAlwaysFailsIsSetAside(t *testing.T) {
	d, id := struckDesk(t)
	ctx := context.Background()
	d.failing("bc-su-co-SYT")
	n, err := d.extendAll(id, answers(d.deadlines(id), false, storage.DeadlineDocuments, storage.DeadlineSigned))
	d.oneFailed(err, 3)
	tries := 1
	for ; d.count(`select count(*) from outage_batches where done_at is not null`) == 0 && tries < 20; tries++ {
		d.tryAgainNow("outage_batch_items")
		d.oneFailed(d.db.Store.AnswerOutageBatch(ctx, n.Key), 1)
	}
	if tries != 6 {
		t.Errorf("set aside after %d tries, want 6", tries)
	}
	refused, err := d.db.Store.RefusedDeadlines(ctx, id)
	if err != nil || len(refused) != 1 || !refused[0].Broken.Has(storage.Unavailable) {
		t.Errorf("%+v, %v", refused, err)
	}
	if d.count(`select count(*) from outage_notices where kind = 'deadlines'`) != 1 {
		t.Error("nobody is told of what was extended")
	}
	if stuck, err := d.db.Store.StuckItems(ctx, 10); err != nil || len(stuck) != 1 || stuck[0].RetryAt != nil {
		t.Errorf("%+v, %v", stuck, err)
	}
}

// The same of requests for more time.
func TestARequestThatFailsKeepsNobodyWaiting(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	other := plan("STC", "SYT")
	other.Code = "bc-hai-don-vi"
	d.launch(other)
	var answers []storage.RequestAnswer
	for unit, who := range map[string]staff.Actor{"STC": d.people[staff.Specialist], "SYT": d.person("other", staff.Specialist, "SYT")} {
		document := "bc-hai-don-vi-" + unit
		if err := d.db.Store.AskExtension(ctx, storage.NewRequest{Key: uuid.New(), Document: document, Actor: who, Reason: "Chờ số liệu", Until: in(40)}); err != nil {
			t.Fatal(err)
		}
		request, err := d.db.Store.OpenRequest(ctx, document)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, storage.RequestAnswer{Request: request.ID, Until: in(40)})
	}
	mend := d.failing("bc-hai-don-vi-STC")
	n := d.batch(storage.Grant, answers...)
	if err := d.db.Store.AddBatch(ctx, n); err != nil {
		t.Fatal(err)
	}
	d.oneFailed(d.db.Store.AnswerBatch(ctx, n.Key), 2)
	batch, err := d.db.Store.Batch(ctx, n.Key)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range batch.Items {
		failed := item.Document == "bc-hai-don-vi-STC"
		if batch.State(item) != storage.BatchWaiting || (item.Decision == 0) != failed || item.Broken.Has(storage.ItemRetried) != failed {
			t.Errorf("%+v", item)
		}
	}
	mend()
	d.exec(`update extension_batches set made_at = made_at - interval '1 minute'`)
	d.tryAgainLater("extension_batch_items")
	if keys, err := d.db.Store.UndoneBatches(ctx); err != nil || len(keys) != 0 {
		t.Errorf("at once again: %v, %v", keys, err)
	}
	d.tryAgainNow("extension_batch_items")
	if keys, err := d.db.Store.UndoneBatches(ctx); err != nil || len(keys) != 1 {
		t.Errorf("later: %v, %v", keys, err)
	}
	if err := d.db.Store.AnswerBatch(ctx, n.Key); err != nil {
		t.Fatal(err)
	}
	if d.count(`select count(*) from decisions where action = 'extend'`) != 2 || d.count(`select count(*) from extension_batches where done_at is not null`) != 1 {
		t.Error("the batch has not come to its end")
	}
}

// Who stops waiting loses nothing and is no failure of anything.
func TestABatchIsLeftToTheNext(t *testing.T) {
	d, id := struckDesk(t)
	n := storage.NewOutageBatch{
		Key: uuid.New(), Outage: id, Actor: d.people[staff.Officer], Reason: "Sự cố", Answers: answers(d.deadlines(id), false, storage.DeadlineDocuments),
	}
	if err := d.db.Store.AddOutageBatch(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	gone, stop := context.WithTimeout(context.Background(), time.Hour)
	stop()
	if err := d.db.Store.AnswerOutageBatch(gone, n.Key); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if d.count(`select count(*) from outage_batch_items where failures > 0 or outcome is not null`) != 0 {
		t.Error("something counts as failed")
	}
}
