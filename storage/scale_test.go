package storage_test

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// A town of the size that counts: the plans of the lists are looked at with some
// thousand documents, which is enough for the planner to leave small tables
// behind; CCHC_SCALE=200 makes it 80,000 documents, for figures.

// scale is how many campaigns of 400 documents there are.
func scale(t testing.TB) int {
	text := os.Getenv("CCHC_SCALE")
	if text == "" {
		return 10
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// history fills the city with campaigns of 400 units each: all but the newest
// are approved, and one officer has confirmed them all.
func (d *desk) history(campaigns int) {
	d.t.Helper()
	officer := d.people[staff.Officer].Person
	d.exec(`insert into units (code, abbreviation, name, name_key, unit_group, superior, agency, signer_capacity, symbol, place, valid_from)
		select 'X' || n, 'X' || n, 'Đơn vị ' || n, 'don vi ' || n, 'ward', '', 'ĐƠN VỊ', 'CHỦ TỊCH', 'BC-UBND', 'Nơi ' || n, '2020-01-01'
		from generate_series(1, 400) n`)
	for n := range campaigns {
		code := fmt.Sprintf("old-%03d", n)
		open := n == campaigns-1
		d.exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
			select $1, gen_random_uuid(), kind, 'Báo cáo CCHC kỳ ' || $2::int, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by,
			       launched_at - interval '30 days' * ($3::int - $2::int)
			from campaigns where code = 'bc-2026q4'`, code, n, campaigns)
		d.exec(`insert into documents (id, campaign, unit_code, kind, stage, revision, started, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
			select $1 || '-X' || n, $1, 'X' || n, 'report', case when $2 then 'authority_review' else 'approved' end, 1, true,
			       c.due_at, c.due_at - interval '1 hour' * n, c.launched_at, c.launched_at, c.launched_at, case when $2 then null else c.launched_at end
			from campaigns c, generate_series(1, 400) n where c.code = $1`, code, open)
		d.exec(`insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at, outcome, answered_at)
			select gen_random_uuid(), id, 'confirm', $2, 'officer', 'SNV', 1, '', created_at + interval '1 hour', 'applied', created_at
			from documents where campaign = $1 and closed_at is not null`, code, officer)
		d.exec(`insert into tasks (document_id, stage, role, unit_code, opened_at, due_at, closed_at)
			select id, 'authority_review', 'officer', 'SNV', created_at, due_at, closed_at from documents where campaign = $1`, code)
	}
	d.exec(`vacuum analyze`)
}

func TestInboxAtSize(t *testing.T) {
	d := newDesk(t)
	campaigns := scale(t)
	d.history(campaigns)
	ctx := context.Background()
	officer := d.people[staff.Officer]
	for name, filter := range map[string]storage.InboxFilter{
		"todo":                {Tab: storage.InboxTodo},
		"returned":            {Tab: storage.InboxReturned},
		"following":           {Tab: storage.InboxFollowing},
		"done":                {Tab: storage.InboxDone},
		"done, unit":          {Tab: storage.InboxDone, Query: "don vi 7"},
		"done, status":        {Tab: storage.InboxDone, Status: document.IsApproved},
		"todo, unit, overdue": {Tab: storage.InboxTodo, Query: "don vi 7", Due: storage.InboxOverdue},
	} {
		var in storage.Inbox
		took := measured(t, func() (err error) { in, err = d.db.Store.Inbox(ctx, officer, filter); return err })
		t.Logf("%-20s %6d rows, %s", name, in.Total, took)
		if in.Counts[storage.InboxDone] != (campaigns-1)*400 || in.Counts[storage.InboxTodo] != 400 {
			t.Fatalf("counts %v", in.Counts)
		}
	}
	t.Log("next task", measured(t, func() error {
		_, err := d.db.Store.NextTask(ctx, officer, storage.InboxFilter{}, "")
		return err
	}))
	t.Log("menu", measured(t, func() error { _, err := d.db.Store.Waiting(ctx, officer.Person); return err }))
}

// measured runs something thirty times and tells its median and 95th percentile.
func measured(t testing.TB, do func() error) string {
	t.Helper()
	took := make([]time.Duration, 30)
	for i := range took {
		begun := time.Now()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		took[i] = time.Since(begun)
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return strings.ReplaceAll(fmt.Sprintf("p50 %v p95 %v", took[15].Round(100*time.Microsecond), took[28].Round(100*time.Microsecond)), "µ", "u")
}
