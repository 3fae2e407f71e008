package storage_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// TestAReportKnowsItsPlan: the figures of a report come from the unit's own plan of
// the same year, as of the end of the data window, and stay as they were once the
// report has been submitted.
func TestAReportKnowsItsPlan(t *testing.T) {
	d := livingPlan(t)
	ctx, yearly := context.Background(), d.id
	p := plan("STC")
	p.Code, p.Period = "bc-2027q1", "2027q1"
	done := func(task string, on calendar.Day) {
		t.Helper()
		d.exec(`insert into task_entries (key, document_id, task, kind, number, issued_on, title, note, person_id, role, unit_code, at)
			values (gen_random_uuid(), $1, $2, 'result', '1/BC', $3, 'x', 'x', $4, 'specialist', 'STC', clock_timestamp())`, yearly, task, on.String(), d.people[staff.Specialist].Person)
		d.exec(`update plan_tasks set done_on = $3, result_id = (select max(id) from task_entries) where document_id = $1 and key = $2`, yearly, task, on.String())
	}
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), d.people[staff.Officer].Person, p); err != nil {
		t.Fatal(err)
	}
	report := "bc-2027q1-STC"
	read := func() storage.KnownFigures {
		t.Helper()
		draft, err := d.db.Store.Draft(ctx, report)
		if err != nil {
			t.Fatal(err)
		}
		return draft.Known
	}
	done("a", p.Window.To)
	done("b", p.Window.To+1)
	known := read()
	if known.Plan != yearly || known.Name != "Kế hoạch CCHC năm 2027" || known.Last != p.Window.To {
		t.Fatalf("%+v", known)
	}
	if tasks, results := known.Values["1.1"], known.Values["1.2"]; tasks.Value.String() != "3" || tasks.Source != storage.KnownTasks || results.Value.String() != "1" || results.Source != storage.KnownDone {
		t.Errorf("%+v", known.Values)
	}
	// A task that an adjustment has put in since was not yet to be carried out.
	d.exec(`
		with made as (
			insert into plan_adjustments (key, document_id, campaign, unit_code, n, stage, revision, before, after, held_since, created_at, ended_at)
			select gen_random_uuid(), id, campaign, unit_code, 1, 'approved', 1, '[]', '[]', now(), now(), $2::date + interval '33 hours'
			from documents where id = $1 returning id)
		insert into adjusted_tasks (adjustment_id, key, kind, task, updated_by) select id, 'c', 'added', '{}', $3::bigint from made`,
		yearly, p.Window.To.String(), d.people[staff.Specialist].Person)
	if tasks := read().Values["1.1"]; tasks.Value.String() != "2" {
		t.Errorf("before its adjustment the task counts: %s", tasks.Value)
	}
	d.exec(`update plan_adjustments set ended_at = ended_at - interval '1 day'`)
	if tasks := read().Values["1.1"]; tasks.Value.String() != "3" {
		t.Errorf("from its adjustment on the task does not count: %s", tasks.Value)
	}
	// Of two plans of a year the one asked for last holds, whichever was confirmed first,
	// and it is also the one whose tasks the next year's plan may take over.
	again := planCampaign("STC")
	again.Code, again.Name = "kh-2027y-2", "Kế hoạch CCHC năm 2027, lập lại"
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), d.people[staff.Officer].Person, again); err != nil {
		t.Fatal(err)
	}
	next := planCampaign("STC")
	next.Code, next.Period = "kh-2028y", "2028y"
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), d.people[staff.Officer].Person, next); err != nil {
		t.Fatal(err)
	}
	holds := func(want string) {
		t.Helper()
		earlier, err := d.db.Store.EarlierPlan(ctx, "kh-2028y-STC")
		if err != nil || earlier == nil || earlier.Document != want || read().Plan != want {
			t.Errorf("the next plan follows %+v, %v, the report knows %s; want %s", earlier, err, read().Plan, want)
		}
	}
	holds(yearly) // the other is being written
	d.exec(`insert into plan_trackings (document_id, rung_at, created_at) values ('kh-2027y-2-STC', clock_timestamp(), clock_timestamp() - interval '1 year')`)
	d.exec(`insert into plan_tasks (document_id, key, campaign, unit_code, place, task) select 'kh-2027y-2-STC', key, 'kh-2027y-2', 'STC', place, task from plan_tasks where document_id = $1`, yearly)
	holds("kh-2027y-2-STC")
	d.exec(`delete from plan_tasks where document_id = 'kh-2027y-2-STC'`)
	d.exec(`delete from plan_leads where document_id = 'kh-2027y-2-STC'`)
	d.exec(`delete from plan_trackings where document_id = 'kh-2027y-2-STC'`)

	// Another version of the form has the indicators under its own codes; where a series
	// breaks, the plan knows nothing of what it has become.
	d.exec(`insert into form_versions (form, version, title, content)
		select form, 2, title, replace(content::text, '"1.1"', '"1.100"')::jsonb || '{"number": 2}' from form_versions where form = 'bc-cchc-quy'`)
	d.exec(`insert into indicator_maps (form, from_version, to_version, from_code, to_code, breaks, note)
		values ('bc-cchc-quy', 1, 2, '1.1', '1.100', false, ''), ('bc-cchc-quy', 1, 2, '1.2', '1.2', true, 'Đếm theo cách khác')`)
	d.exec(`update campaigns set form_version = 2 where code = 'bc-2027q1'`)
	if known := read(); len(known.Values) != 1 || known.Values["1.100"].Value.String() != "3" {
		t.Errorf("of another version is known %+v", known.Values)
	}
	d.exec(`update campaigns set form_version = 1 where code = 'bc-2027q1'`)

	// Another unit, another year and a plan that is not approved know nothing.
	d.exec(`update campaigns set period = '2026y' where code = 'kh-2027y'`)
	if known := read(); known.Plan != "" || len(known.Values) != 0 {
		t.Errorf("a plan of another year: %+v", known)
	}
	d.exec(`update campaigns set period = '2027y' where code = 'kh-2027y'`)

	// A differing number is handed in with its note, and stays doubted as it was then.
	d.id = report
	d.fill()
	d.exec(`update draft_figures set value = 3, reason = '' where document_id = $1 and indicator = '1.1'`, report)
	d.exec(`update draft_figures set value = 0, reason = '' where document_id = $1 and indicator = '1.2'`, report)
	if state, err := d.take(staff.Specialist, document.Submit); err != nil || state.Stage != document.Drafting {
		t.Errorf("a differing number without a note: %v, %v", state.Stage, err)
	}
	d.exec(`update draft_figures set reason = 'Đang chờ xác nhận kết quả' where document_id = $1 and indicator = '1.2'`, report)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.exec(`update plan_tasks set done_on = null, result_id = null where document_id = $1`, yearly)
	revision, err := d.db.Store.Revision(ctx, report, 1)
	if err != nil {
		t.Fatal(err)
	}
	view, err := d.db.Store.DocumentView(ctx, whole, report)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := d.db.Store.Checked(ctx, view, revision)
	if err != nil {
		t.Fatal(err)
	}
	doubted := 0
	for _, one := range checked.Result.Warnings {
		if one.Code == "figure_known" {
			doubted++
			if one.Field != "figure.1.2" || one.Args[0] != "1" {
				t.Errorf("%+v", one)
			}
		}
	}
	if doubted != 1 || checked.Content.Figures["1.2"].Reason != "Đang chờ xác nhận kết quả" {
		t.Errorf("doubted %d times: %+v", doubted, checked.Content.Figures["1.2"])
	}
}
