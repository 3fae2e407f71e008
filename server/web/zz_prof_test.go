package web

import (
	"testing"
	"net/http"

	"cchc/domain/staff"
)

func TestZZ(t *testing.T) {
	k := reportedKit(t)
	by := k.person(t)
	if _, err := k.Owner.Exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
			select 'x' || n, gen_random_uuid(), 'report', 'Đợt ' || n, 'bc-cchc-quy', 1, (2026 - n / 4) || 'q' || (n % 4 + 1), '2026-06-15', '2026-09-14', '2026-09-18', now(), '{}', '{}', $1, now() - n * interval '90 days'
			from generate_series(3, 40) n`, by); err != nil { t.Fatal(err) }
	if _, err := k.Owner.Exec(`insert into indicator_sums select i ->> 'code', c.code, g, 100 from campaigns c, form_versions f, jsonb_array_elements(f.content -> 'indicators') i, unnest(array['ward','department','commune']) g where f.form = 'bc-cchc-quy' and f.version = 1 and c.code like 'x%'`); err != nil { t.Fatal(err) }
	if _, err := k.Owner.Exec(`insert into document_tallies select c.code, g, 'approved', 'on_time', false, false, 500, true from campaigns c, unnest(array['ward','department','commune']) g where c.code like 'x%'`); err != nil { t.Fatal(err) }
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/indicators?indicator=1.4").want(t, http.StatusOK)
	r := testing.Benchmark(func(b *testing.B) { for range b.N { officer.get(t, "/indicators?indicator=1.4") } })
	t.Log(r, len(officer.get(t, "/indicators?indicator=1.4").body))
	r = testing.Benchmark(func(b *testing.B) { for range b.N { officer.get(t, "/campaigns") } })
	println("LAST"); officer.get(t, "/indicators?indicator=1.4")
}
