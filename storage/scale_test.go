package storage_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// Plans and figures of lists and search. Some thousand documents are enough for
// the planner to leave the table aside; CCHC_SCALE=200 makes them 80,000, for
// figures, which are logged.

// scale is how many campaigns of 400 documents there are.
func scale(t testing.TB) int {
	text := os.Getenv("CCHC_SCALE")
	if text == "" {
		return 8
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
		code, open := fmt.Sprintf("old-%03d", n), n == campaigns-1
		period := fmt.Sprintf("%dq%d", 2026-(campaigns-n)/4, 4-(campaigns-n)%4)
		d.exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
			select $1, gen_random_uuid(), kind, 'Báo cáo CCHC kỳ ' || $2::int, form, form_version, $4, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by,
			       launched_at - interval '30 days' * ($3::int - $2::int)
			from campaigns where code = 'bc-2026q4'`, code, n, campaigns, period)
		d.exec(`insert into documents (id, campaign, unit_code, kind, stage, revision, started, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
			select $1 || '-X' || n, $1, 'X' || n, 'report', case when $2 then 'authority_review' else 'approved' end, 1, true,
			       c.due_at, c.due_at - interval '1 hour' * n, c.launched_at, c.launched_at, c.launched_at, case when $2 then null else c.launched_at end
			from campaigns c, generate_series(1, 400) n where c.code = $1`, code, open)
		d.exec(`insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at, outcome, answered_at)
			select gen_random_uuid(), id, 'confirm', $2, 'officer', 'SNV', 1, '', created_at + interval '1 hour', 'applied', created_at
			from documents where campaign = $1 and closed_at is not null`, code, officer)
		// The others of the chain, so that one person's rows are not the whole table.
		d.exec(`insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at, outcome, answered_at)
			select gen_random_uuid(), d.id, 'extend', p.id, 'officer', 'SNV', 1, '', d.created_at, 'applied', d.created_at
			from documents d, persons p where d.campaign = $1 and p.id <> $2`, code, officer)
		d.exec(`insert into tasks (document_id, stage, role, unit_code, opened_at, due_at, closed_at)
			select id, 'authority_review', 'officer', 'SNV', created_at, due_at, closed_at from documents where campaign = $1`, code)
	}
}

func TestInboxAtSize(t *testing.T) {
	d := newDesk(t)
	campaigns := scale(t)
	d.history(campaigns)
	d.exec(`vacuum analyze`)
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
	for tab, index := range map[storage.InboxTab]string{
		storage.InboxTodo: "tasks_desk", storage.InboxReturned: "documents_returned",
		storage.InboxFollowing: "handled_open", storage.InboxDone: "handled_tallies_person",
	} {
		d.planned(string(tab), storage.InboxCounting(tab), index, "bigint, bool, text[]", fmt.Sprint(officer.Person), "true", "'{}'")
	}
}

func TestSearchAtSize(t *testing.T) {
	d := newDesk(t)
	d.history(scale(t))
	if n, err := storage.Reindex(context.Background(), d.db.Owner); err != nil || n != scale(t)*400 {
		t.Fatalf("%d documents, %v", n, err)
	}
	d.exec(`vacuum analyze`)
	ctx := context.Background()
	for _, text := range []string{"báo cáo", "b", "đơn vị 7", "zzz", "12/BC-UBND"} {
		var found storage.Found
		took := measured(t, func() (err error) {
			found, err = d.db.Store.Search(ctx, d.people[staff.Officer], storage.SearchQuery{Text: text})
			return err
		})
		t.Logf("%-10s %4d %v %s", text, found.Total, found.More, took)
		if text == "báo cáo" && (!found.More || found.Total != storage.SearchMost || len(found.Hits) != storage.SearchPage) {
			t.Errorf("a word of every document: %d, %v", found.Total, found.More)
		}
		if newestFirst := slices.IsSortedFunc(found.Hits, func(a, b storage.Hit) int { return b.At.Compare(a.At) }); !newestFirst {
			t.Errorf("%q: the newest are not first", text)
		}
	}
	d.planned("search", storage.SearchPlaces, "search_texts_words", "text, bool, text[], text[], int, int, int",
		`'''bao'' & ''#8107'''`, "true", "'{}'", "'{SNV}'", "1001", "0", "50")
	d.planned("search by status", storage.SearchPlacesIn, "search_texts_words", "text, bool, text[], text[], int, int, int, text",
		`'''bao'' & ''#8107'''`, "true", "'{}'", "'{SNV}'", "1001", "0", "50", "'exempt'")
	seen := map[string]bool{}
	all := storage.SearchQuery{Text: "đơn vị 7", Page: 1}
	for ; len(seen) == (all.Page-1)*storage.SearchPage; all.Page++ {
		found, err := d.db.Store.Search(ctx, d.people[staff.Officer], all)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range found.Hits {
			seen[hit.Document] = true
		}
		if len(found.Hits) < storage.SearchPage {
			if len(seen) != found.Total || found.Total <= storage.SearchPage {
				t.Errorf("%d documents on %d pages, want %d", len(seen), all.Page, found.Total)
			}
			return
		}
	}
	t.Errorf("page %d repeats what was on an earlier one", all.Page-1)
}

// planned holds the plan of a statement, made as the pages have it, one for all
// arguments: it begins at the index, and reads no table of history through.
func (d *desk) planned(what, statement, index, types string, args ...string) {
	d.t.Helper()
	tx, err := d.db.Owner.Begin()
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, prepare := range []string{
		`set local plan_cache_mode = force_generic_plan`, fmt.Sprintf(`prepare looked(%s) as %s`, types, statement),
	} {
		if _, err := tx.Exec(prepare); err != nil {
			d.t.Fatalf("%s: %v", what, err)
		}
	}
	rows, err := tx.Query(fmt.Sprintf(`explain (analyze, costs off, summary off) execute looked(%s)`, strings.Join(args, ", ")))
	if err != nil {
		d.t.Fatalf("%s: %v", what, err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			d.t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	if _, err := tx.Exec(`deallocate looked`); err != nil {
		d.t.Fatal(err)
	}
	d.t.Logf("%s:\n%s", what, plan.String())
	through := regexp.MustCompile(`Seq Scan on (documents|decisions|handled|tasks|search_texts|revisions)\b`).FindString(plan.String())
	if !strings.Contains(plan.String(), index) || through != "" {
		d.t.Errorf("%s: not by %s, or %s:\n%s", what, index, through, plan.String())
	}
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
	slices.Sort(took)
	return fmt.Sprintf("p50 %v p95 %v", took[15].Round(100*time.Microsecond), took[28].Round(100*time.Microsecond))
}
