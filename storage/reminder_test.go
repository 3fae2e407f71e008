package storage_test

import (
	"context"
	"errors"
	"maps"
	"math/rand"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

type outcomes = map[storage.ReminderOutcome]int

// remind is one click on the test's campaign, and what it did.
func (d *desk) remind(f storage.BoardFilter) outcomes {
	d.t.Helper()
	key := uuid.New()
	if err := d.db.Store.RemindHolders(context.Background(), key, "bc-2026q4", f, d.people[staff.Officer]); err != nil {
		d.t.Fatal(err)
	}
	run, err := d.db.Store.ReminderRun(context.Background(), "bc-2026q4", key)
	if err != nil {
		d.t.Fatal(err)
	}
	return run.Counts()
}

func TestRemindHolders(t *testing.T) {
	d := newDesk(t)
	officer := d.people[staff.Officer]
	remind := func(f storage.BoardFilter) outcomes { return d.remind(f) }
	wantTold := func(why string, got, want outcomes) {
		t.Helper()
		if !maps.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", why, got, want)
		}
	}
	wantTold("just launched", remind(storage.BoardFilter{}), outcomes{storage.ReminderRecent: 2})

	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	wantTold("a draft was just saved", remind(storage.BoardFilter{Query: "tai chinh"}), outcomes{storage.ReminderRecent: 1})

	d.exec(`update draft_sections set updated_at = clock_timestamp() - interval '5 hours'`)
	d.exec(`update draft_figures set updated_at = clock_timestamp() - interval '5 hours'`)
	wantTold("one desk is vacant", remind(storage.BoardFilter{}), outcomes{storage.ReminderSent: 1, storage.ReminderVacant: 1})
	wantTold("once a day", remind(storage.BoardFilter{}), outcomes{storage.ReminderToday: 2})
	if n := d.count(`select count(*) from notices where key like '%:reminded:%' and kind = 'reminder'`); n != 2 {
		t.Errorf("%d notices, want one for the holder and one that reaches nobody", n)
	}
	if n := d.count(`select count(*) from history where event = 'reminded' and person_id = $1`, officer.Person); n != 2 {
		t.Errorf("%d lines of history", n)
	}
	// The mail queue drops a reminder whose due or desk is not what it was.
	if n := d.count(`select count(*) from notices n join documents d on d.id = n.document_id
		where n.key like '%:reminded:%' and n.args->>'stage' = d.stage
		and (n.args->>'due')::bigint = floor(extract(epoch from d.due_at)) and n.task_id is not null`); n != 2 {
		t.Errorf("%d notices carry what the queue checks", n)
	}
}

func TestRemindTellsOfTheOverdueAndLeavesTheAuthorityAlone(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours',
		due_at = clock_timestamp() - interval '1 minute'`)
	if told := d.remind(storage.ReminderFilter(storage.BoardFilter{}, 2)); !maps.Equal(told, outcomes{storage.ReminderVacant: 1}) {
		t.Errorf("told %+v", told)
	}
	if n := d.count(`select count(*) from notices where key like '%:reminded:%' and kind = 'overdue'`); n != 1 {
		t.Errorf("%d notices of the overdue", n)
	}
}

// A document that somebody is deciding about at this moment is left alone, and
// the click does not wait for it.
func TestRemindSkipsWhatIsBeingDecided(t *testing.T) {
	d := newDesk(t)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	d.exec(`delete from draft_figures`)
	d.exec(`delete from draft_sections`)
	tx, err := d.db.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec(`select from documents where id = $1 for no key update`, d.id); err != nil {
		t.Fatal(err)
	}
	if told := d.remind(storage.BoardFilter{}); !maps.Equal(told, outcomes{storage.ReminderBusy: 1, storage.ReminderVacant: 1}) {
		t.Errorf("told %+v", told)
	}
}

// Whoever has decided, though the decision is not applied yet, has just acted.
func TestRemindSkipsWhoHasDecided(t *testing.T) {
	d := newDesk(t)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	d.exec(`update draft_sections set updated_at = clock_timestamp() - interval '5 hours'`)
	d.exec(`update draft_figures set updated_at = clock_timestamp() - interval '5 hours'`)
	if _, err := d.db.Store.AddDecision(context.Background(), d.decision(staff.Specialist, document.Submit)); err != nil {
		t.Fatal(err)
	}
	preview, err := d.db.Store.ReminderPreview(context.Background(), "bc-2026q4", storage.BoardFilter{})
	if err != nil || preview.Counts()[storage.ReminderBusy] != 1 {
		t.Errorf("the preview says %v, %v", preview.Counts(), err)
	}
	if told := d.remind(storage.BoardFilter{}); !maps.Equal(told, outcomes{storage.ReminderBusy: 1, storage.ReminderVacant: 1}) {
		t.Errorf("told %+v", told)
	}
}

// A double click is one run, and what it did stays to be read.
func TestRemindingTwiceByOneKey(t *testing.T) {
	d := newDesk(t)
	d.exec(`update documents set desk_since = clock_timestamp() - interval '5 hours'`)
	d.exec(`delete from draft_figures`)
	d.exec(`delete from draft_sections`)
	key := uuid.New()
	for range 2 {
		if err := d.db.Store.RemindHolders(context.Background(), key, "bc-2026q4", storage.BoardFilter{}, d.people[staff.Officer]); err != nil {
			t.Fatal(err)
		}
	}
	run, err := d.db.Store.ReminderRun(context.Background(), "bc-2026q4", key)
	if err != nil || len(run.Results) != 2 || run.Counts()[storage.ReminderSent] != 1 || run.Results[0].UnitName != "Sở Tài chính" || len(run.Results[0].Holders) != 1 {
		t.Errorf("the run says %+v, %v", run, err)
	}
	if _, err := d.db.Store.ReminderRun(context.Background(), "bc-other", key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("under another campaign: %v", err)
	}
	if n := d.count(`select count(*) from notices where key like '%:reminded:%'`); n != 2 {
		t.Errorf("%d notices", n)
	}
}

func TestReminderFilter(t *testing.T) {
	for _, row := range []struct {
		f       storage.BoardFilter
		overdue int
		flag    storage.BoardFlag
	}{
		{storage.BoardFilter{}, 3, storage.BoardOverdue},
		{storage.BoardFilter{}, 0, ""},
		{storage.BoardFilter{Query: "  ", Sort: storage.BoardByUnit, Page: 3}, 3, storage.BoardOverdue},
		{storage.BoardFilter{Group: "ward"}, 3, ""},
		{storage.BoardFilter{Flag: storage.BoardVacant}, 3, storage.BoardVacant},
	} {
		if got := storage.ReminderFilter(row.f, row.overdue); got.Flag != row.flag || got.Group != row.f.Group {
			t.Errorf("%+v with %d overdue: %+v", row.f, row.overdue, got)
		}
	}
}

// The count on the button is what the click handles.
func TestRemindableIsWhatTheClickHandles(t *testing.T) {
	c := newCity(t, 40)
	c.scatter(rand.New(rand.NewSource(8)))
	for _, f := range []storage.BoardFilter{{}, {Status: document.InSigning}, {Group: "department"}, {Flag: storage.BoardOverdue}} {
		b := c.board(everything, f)
		preview, err := c.db.Store.ReminderPreview(context.Background(), c.code, storage.ReminderFilter(f, b.Overdue))
		if err != nil {
			t.Fatal(err)
		}
		told, sum := c.remind(storage.ReminderFilter(f, b.Overdue)), 0
		for _, n := range told {
			sum += n
		}
		if sum != b.Remindable || !maps.Equal(told, preview.Counts()) {
			t.Errorf("%+v: the button says %d, the preview %v, the click did %v", f, b.Remindable, preview.Counts(), told)
		}
	}
}
