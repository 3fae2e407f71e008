package web

import (
	"net/http"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// QĐ 1439 art. 15.1: who will probably be late is seen before, with the reason.
func TestWhoWillProbablyBeLate(t *testing.T) {
	c := newChain(t)
	author, officer := c.at[staff.Specialist], c.at[staff.Officer]
	const flag = "Có nguy cơ trễ"
	board := "/campaigns/bc-2026q4?q=" + "Tai+chinh"
	c.exec(`update documents set due_at = clock_timestamp() + interval '3 days', unit_due_at = clock_timestamp() + interval '3 days', desk_since = clock_timestamp()`)
	silent := func(why string) {
		t.Helper()
		for _, a := range []answer{author.get(t, c.path("")), author.get(t, "/tasks"), officer.get(t, board)} {
			if a.want(t, http.StatusOK); strings.Contains(a.words(), flag) {
				t.Errorf("%s: the flag is there", why)
			}
		}
	}
	silent("nothing is known of the unit")
	// Three earlier reports of the unit, each three weeks at one desk.
	for _, code := range []string{"old-1", "old-2", "old-3"} {
		c.exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
			select $1, gen_random_uuid(), kind, $1, form, form_version, '2025q' || right($1, 1), window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at - interval '200 days'
			from campaigns where code = 'bc-2026q4'`, code)
		c.exec(`insert into documents (id, campaign, unit_code, kind, stage, revision, started, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at, first_signed_at)
			select $1 || '-STC', $1, 'STC', 'report', 'approved', 1, true, launched_at, launched_at, launched_at, launched_at, launched_at, launched_at + interval '70 days', launched_at + interval '60 days'
			from campaigns where code = $1`, code)
		c.exec(`insert into history (document_id, key, at, event, revision, from_stage, to_stage)
			select d.id, d.id || s.stage, d.created_at + s.n * interval '21 days' - interval '3 days' * (s.n / 3), s.event, 1, s.before, s.stage
			from documents d, (values (0, 'launched', '', 'drafting'), (1, 'submit', 'drafting', 'division_review'), (2, 'approve', 'division_review', 'signing'),
			                          (3, 'sign', 'signing', 'authority_review')) as s (n, event, before, stage)
			where d.campaign = $1`, code)
	}
	author.get(t, c.path("")).want(t, http.StatusOK).says(t, flag, "trong khi 3 văn bản gần đây của đơn vị thường cần thêm", "trưởng phòng 1")
	officer.get(t, board).want(t, http.StatusOK).says(t, flag)
	author.get(t, "/tasks").want(t, http.StatusOK).says(t, flag)
	c.exec(`update documents set due_at = clock_timestamp() + interval '120 days' where id = $1`, c.id)
	silent("there is time enough")
	c.exec(`update documents set due_at = clock_timestamp() - interval '1 day' where id = $1`, c.id)
	silent("it is overdue already")
}
