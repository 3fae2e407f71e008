package volume_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/storage/storagetest"
	"cchc/storage/storagetest/volume"
)

// tiny is enough for every status and every road to it.
var tiny = volume.Size{Units: 120, Campaigns: 6, Full: 1}

func TestFilledRowsKeepTheRules(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	if err := volume.Fill(ctx, d.Owner, tiny, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := volume.Check(ctx, d.Owner); err != nil {
		t.Fatal(err)
	}
	var statuses int
	if err := d.Owner.QueryRow(`select count(distinct status) from documents`).Scan(&statuses); err != nil || statuses != len(document.Statuses) {
		t.Errorf("%d statuses of documents, want all (%v)", statuses, err)
	}
	// What Check is there for: each of these would be found.
	for _, spoil := range []struct{ statement, says string }{
		{`update tasks set closed_at = clock_timestamp() where id = (select max(id) from tasks where closed_at is null)`, "one open task"},
		{`update history set to_stage = 'signing' where id = (select max(id) from history where event = 'confirm')`, "table of moves"},
		{`delete from document_tallies where campaign = (select max(campaign) from document_tallies)`, "sums of closed documents"},
		{`delete from task_tallies where month = ''`, "sums of tasks are their number"},
		{`delete from plan_leads where lead_unit = (select max(lead_unit) from plan_leads)`, "the leads of a plan are counted"},
		{`delete from draft_answers where criterion = (select min(criterion) from draft_answers)`, "what was answered last"},
		{`update plan_tasks set done_on = done_on - 1 where result_id = (select max(id) from task_entries)`, "a completed task has its result"},
		{`delete from handled_tallies where person_id = (select max(person_id) from handled_tallies)`, "sums of what each person has handled"},
		{`alter table decisions drop constraint decisions_person_id_fkey; update decisions set person_id = -person_id where action = 'sign'`, "each decision has its line"},
	} {
		if _, err := d.Owner.Exec(spoil.statement); err != nil {
			t.Fatal(err)
		}
		if err := volume.Check(ctx, d.Owner); err == nil || !strings.Contains(err.Error(), spoil.says) {
			t.Errorf("after %q the check says %v, want %q", spoil.statement, err, spoil.says)
		}
	}
}
