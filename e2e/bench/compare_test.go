package bench

import (
	"fmt"
	"testing"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// comparedPeriods is how many periods an indicator is compared over.
const comparedPeriods = 40

// measureCompare: one indicator over 40 periods for the whole city, a ratio and a
// count, a kind of units and one unit, and the units behind one period; beside the
// statements they run. Engine and worker rest meanwhile.
func (t *town) measureCompare(b *testing.B) {
	t.open(b)
	t.morePeriods(b)
	t.Kill(stack.Worker, stack.Temporal)
	defer t.Revive(stack.Temporal, stack.Worker)
	raw := t.bareReaders(b, readers)
	var newest, unit string
	if err := t.Owner.QueryRow(`
		select campaign, unit_code from documents where stage = 'approved' order by created_at desc, id limit 1`).Scan(&newest, &unit); err != nil {
		b.Fatal(err)
	}
	statements := map[string][]recorded{}
	for _, page := range []pageRead{
		{"an indicator over 40 periods, the city", volume.Officer, []string{"/indicators?indicator=1.4", "/indicators?indicator=1.3"}, 0},
		{"an indicator over 40 periods, the wards", volume.Officer, []string{"/indicators?indicator=1.4&group=ward"}, 0},
		{"an indicator over 40 periods, one unit", volume.Officer, []string{"/indicators?indicator=1.3&unit=" + unit}, 0},
		{"what each unit gave for a period", volume.Officer, []string{"/indicators/units?indicator=1.3&campaign=" + newest}, 50},
	} {
		statements[page.name] = t.measurePage(b, page, raw)
	}
	t.explainPages(b, statements)
}

// morePeriods puts campaigns before the oldest until there are enough. They have
// sums and tallies, copied from it, and no documents: the page for the city reads
// nothing else, however long ago a campaign was.
func (t *town) morePeriods(b *testing.B) {
	b.Helper()
	for n := t.Count(`select count(*) from campaigns where form = 'bc-cchc-quy' and period like '____q_'`); n < comparedPeriods; n++ {
		code := fmt.Sprintf("compared-%d", n)
		t.exec(b, `
			with oldest as (
				select *, split_part(period, 'q', 1)::int * 4 + split_part(period, 'q', 2)::int - 2 as quarter
				from campaigns where form = 'bc-cchc-quy' and period like '____q_' order by period limit 1
			)
			insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_inclusive,
				due_shift, due_at, ladder, confirm_ladder, guidance, launched_by, launched_at, started_at)
			select $1, gen_random_uuid(), kind, name, form, form_version, quarter / 4 || 'q' || quarter % 4 + 1, window_from - 91, window_to - 91,
			       due_day - 91, due_inclusive, due_shift, due_at - interval '91 days', ladder, confirm_ladder, guidance, launched_by,
			       launched_at - interval '91 days', started_at
			from oldest`, code)
	}
	const source = `(select code from campaigns where code not like 'compared-%' and form = 'bc-cchc-quy' order by period limit 1)`
	t.exec(b, `insert into indicator_sums select s.indicator, c.code, s.unit_group, s.total
		from indicator_sums s, campaigns c where s.campaign = `+source+` and c.code like 'compared-%'`)
	t.exec(b, `insert into document_tallies select c.code, d.unit_group, d.status, d.punctuality, d.extended, d.returned, d.n, true
		from document_tallies d, campaigns c where d.campaign = `+source+` and c.code like 'compared-%'`)
	t.exec(b, `vacuum analyze campaigns, indicator_sums, document_tallies`)
	if n := t.Count(`select count(*) from campaigns where form = 'bc-cchc-quy' and period like '____q_'`); n < comparedPeriods {
		b.Fatalf("%d periods, want %d", n, comparedPeriods)
	}
}
