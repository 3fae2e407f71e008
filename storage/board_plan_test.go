package storage_test

import (
	"context"
	"testing"
	"time"

	"cchc/storage"
	"cchc/storage/storagetest"
)

// grown is a city with a history: campaigns over many units, most of them done.
func grown(t *testing.T, campaigns, units int) *storagetest.Database {
	t.Helper()
	d := storagetest.Open(t)
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := d.Owner.Exec(statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`insert into units (code, abbreviation, name, name_key, unit_group, agency, signer_capacity, symbol, place, valid_from)
		select 'U' || g, 'U' || g, 'Đơn vị ' || g, 'don vi ' || g, (array['department','ward','commune'])[g % 3 + 1], '', '', '', '', '2020-01-01'
		from generate_series(1, $1) g`, units)
	exec(`insert into persons (username, name, name_key, state) values ('planner', 'Người lập', 'nguoi lap', 'active')`)
	exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
		select 'bc-' || g, gen_random_uuid(), 'report', 'Đợt ' || g, form, version, (2015 + (g + 3) / 4) || 'q' || (g + 3) % 4 + 1,
			'2026-01-01', '2026-02-01', '2026-03-01', '2026-03-01', '{}', '{}', (select id from persons where username = 'planner'), now() - (100 - g) * interval '1 day'
		from generate_series(1, $1) g, (select form, version from form_versions where form = 'bc-cchc-quy') f`, campaigns)
	exec(`insert into documents (id, campaign, unit_code, kind, stage, started, unit_due_at, due_at, desk_since, first_signed_at, returns, rung_at, created_at, closed_at)
		select c.code || '-' || u.code, c.code, u.code, 'report',
			case when old then 'approved' else (array['drafting','division_review','signing','authority_review'])[g % 4 + 1] end, g % 3 > 0,
			now() + (g % 7 - 3) * interval '1 day', now() + (g % 7 - 3) * interval '1 day', now() - g % 90 * interval '1 hour',
			case when old or g % 4 = 3 then now() - g % 5 * interval '1 day' end, g % 9 / 8, now(), now(), case when old then now() end
		from (select code, code <> 'bc-' || $1 as old from campaigns) c, (select code, row_number() over () as g from units where code like 'U%') u`, campaigns)
	exec(`checkpoint`) // what is not flushed yet, vacuum may not mark as visible to all
	exec(`vacuum analyze documents`)
	exec(`vacuum analyze units`)
	exec(`vacuum analyze campaigns`)
	return d
}

// reads is what the statements of f did to the documents: how often they went
// through all of them, and how many rows they fetched beside the index.
func reads(t *testing.T, d *storagetest.Database, f func(*storage.Store)) (scans, fetched int) {
	t.Helper()
	if _, err := d.Owner.Exec(`select pg_stat_reset()`); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(context.Background(), storage.Options{URL: d.URL, Files: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	f(store)
	if err := store.Close(); err != nil { // a connection tells its counts as it ends
		t.Fatal(err)
	}
	const count = `select seq_scan, idx_tup_fetch from pg_stat_user_tables where relname = 'documents'`
	for range 100 {
		if err := d.Owner.QueryRow(count).Scan(&scans, &fetched); err != nil {
			t.Fatal(err)
		}
		var open int
		if err := d.Owner.QueryRow(`select count(*) from pg_stat_activity where usename = 'cchc_app' and datname = current_database() and backend_start > (select stats_reset from pg_stat_database where datname = current_database())`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := d.Owner.QueryRow(count).Scan(&scans, &fetched); err != nil {
		t.Fatal(err)
	}
	return scans, fetched
}

// What boards, the list of campaigns and the dashboard count comes from the index
// alone, and rows are fetched for the page that is shown: nothing grows with
// history.
func TestBoardsCountByTheIndex(t *testing.T) {
	d := grown(t, 20, 300)
	ctx := context.Background()
	for name, one := range map[string]struct {
		most int
		read func(*storage.Store) error
	}{
		"dashboard": {most: storage.DashboardWorst * storage.DashboardPeriods, read: func(s *storage.Store) error {
			_, err := s.Dashboard(ctx, everything, "bc-20")
			return err
		}},
		"board": {most: storage.BoardPage, read: func(s *storage.Store) error {
			_, err := s.Board(ctx, everything, "bc-20", storage.BoardFilter{})
			return err
		}},
		"overdue": {most: storage.BoardPage, read: func(s *storage.Store) error {
			_, err := s.Board(ctx, everything, "bc-20", storage.BoardFilter{Flag: storage.BoardOverdue, Sort: storage.BoardByDue})
			return err
		}},
		"list": {read: func(s *storage.Store) error {
			_, err := s.Campaigns(ctx, everything, storage.CampaignFilter{})
			return err
		}},
	} {
		scans, fetched := reads(t, d, func(s *storage.Store) {
			if err := one.read(s); err != nil {
				t.Fatal(err)
			}
		})
		if scans > 0 || fetched > one.most {
			t.Errorf("%s: all documents were read %d times, %d rows fetched, at most %d are shown", name, scans, fetched, one.most)
		}
	}
}
