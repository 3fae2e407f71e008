package storage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

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
		from generate_series(1, $1) g, (select form, version from form_versions limit 1) f`, campaigns)
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

func explain(t *testing.T, d *storagetest.Database, query string, args ...any) string {
	t.Helper()
	rows, err := d.Owner.Query(`explain (analyze, buffers, costs off) `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// What boards and the dashboard count is read from the index alone, and only the
// campaigns shown: nothing grows with history.
func TestBoardsCountByTheIndex(t *testing.T) {
	d := grown(t, 20, 300)
	all, units, now := true, pq.Array([]string{}), time.Now()
	var shown []string
	for i := range 8 {
		shown = append(shown, fmt.Sprintf("bc-%d", 20-i))
	}
	for name, plan := range map[string]string{
		"board":     explain(t, d, storage.BoardCount, "bc-20", all, units, now),
		"desks":     explain(t, d, storage.DeskLoadQuery, "bc-20", all, units, now),
		"dashboard": explain(t, d, storage.DashboardCount, pq.Array(shown), all, units, now),
		"late":      explain(t, d, storage.DashboardLate, pq.Array(shown), all, units, now, storage.DashboardWorst),
	} {
		if !strings.Contains(plan, "Index Only Scan using documents_board on documents") || strings.Contains(plan, "Seq Scan on documents") {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
