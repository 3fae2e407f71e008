package storage_test

import (
	"context"
	"errors"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

func TestOperatorsSeeWhatWaits(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	if _, err := d.db.Store.AddDecision(ctx, d.decision(staff.Specialist, document.Submit)); err != nil {
		t.Fatal(err)
	}
	if rows, err := d.db.Store.UnansweredDecisions(ctx, 10); err != nil || len(rows) != 0 {
		t.Errorf("a decision of this second is shown: %v, %v", rows, err)
	}
	d.exec(`update decisions set received_at = received_at - interval '1 minute', failures = 2`)
	rows, err := d.db.Store.UnansweredDecisions(ctx, 10)
	if err != nil || len(rows) != 1 || rows[0].Document != d.id || rows[0].Failures != 2 || rows[0].Action != document.Submit {
		t.Errorf("unanswered: %+v, %v", rows, err)
	}
	counts, err := d.db.Store.OpenCounts(ctx)
	if err != nil || counts.Documents != 2 || counts.Unanswered != 1 {
		t.Errorf("counts %+v, %v", counts, err)
	}
	d.exec(`update decisions set outcome = 'failed', answered_at = clock_timestamp()`)
	if rows, err := d.db.Store.UnansweredDecisions(ctx, 10); err != nil || len(rows) != 0 {
		t.Errorf("an answered decision still waits: %v, %v", rows, err)
	}
	if rows, err := d.db.Store.FailedDecisions(ctx, 10); err != nil || len(rows) != 1 || rows[0].AnsweredAt == nil {
		t.Errorf("failed: %+v, %v", rows, err)
	}
}

func TestOperatorsSeeSilentWorkflowsAndWakeThem(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	if rows, total, err := d.db.Store.SilentDocuments(ctx, 10); err != nil || total != 0 || len(rows) != 0 {
		t.Errorf("just launched, %d are silent: %v", total, err)
	}
	d.exec(`update documents set wake_at = clock_timestamp() - interval '5 minutes', relay_failures = 4, relay_at = clock_timestamp() + interval '1 hour'`)
	rows, total, err := d.db.Store.SilentDocuments(ctx, 1)
	if err != nil || total != 2 || len(rows) != 1 || rows[0].Relayed != 4 || rows[0].RunID != "" {
		t.Errorf("silent: %+v of %d, %v", rows, total, err)
	}
	by := storage.Audit{Person: d.people[staff.Officer].Person, Username: "ops", Detail: map[string]any{"reason": "vì sao"}}
	if err := d.db.Store.WakeDocument(ctx, d.id, by); err != nil {
		t.Fatal(err)
	}
	wakes, err := d.db.Store.ClaimWakes(ctx, 10)
	if err != nil || len(wakes) != 1 || wakes[0].Document != d.id {
		t.Errorf("the relay takes %v, %v", wakes, err)
	}
	if n := d.count(`select count(*) from audit where action = 'woken' and object = $1 and detail->>'reason' = 'vì sao'`, d.id); n != 1 {
		t.Errorf("%d lines of audit", n)
	}
	d.record()
	one, err := d.db.Store.OperatedDocument(ctx, d.id)
	if err != nil || one.RunID != "run-1" || one.Relayed != 0 {
		t.Errorf("heard of again: %+v, %v", one, err)
	}
	if err := d.db.Store.WakeDocument(ctx, "nothing", by); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a document that is not there: %v", err)
	}
	if n := d.count(`select count(*) from audit where action = 'woken'`); n != 1 {
		t.Errorf("%d lines of audit: a failure was written down as done", n)
	}
}
