package storage_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/storage"
)

// reported adds a report of STC in another campaign past the application's road:
// revisions by number, each with figure 1.1 of that value.
func (d *desk) reported(campaign, period string, stage document.Stage, values ...string) string {
	d.t.Helper()
	d.exec(`
		insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, launched_at)
		select $1, $2, kind, name, form, form_version, $3, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, launched_at
		from campaigns where code = 'bc-2026q4'`, campaign, uuid.New(), period)
	id := campaign + "-STC"
	d.exec(`
		insert into documents (id, campaign, unit_code, kind, stage, revision, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
		select $1, $2, unit_code, kind, $3, $4, unit_due_at, due_at, desk_since, rung_at, clock_timestamp(),
			case when $3 = 'approved' then desk_since end
		from documents where id = $5`, id, campaign, stage, len(values), d.id)
	for i, value := range values {
		d.exec(`
			insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at)
			select $1, $2, jsonb_build_object('figures', jsonb_build_object('1.1',
				jsonb_build_object('value', $3::text, 'reason', 'Lý do ' || $3::text))), '', launched_by, launched_at
			from campaigns where code = $4`, id, i+1, value, campaign)
	}
	return id
}

func (d *desk) signedAt(id string, revision int) {
	d.t.Helper()
	d.exec(`
		insert into signing_attempts (id, document_id, revision, content_hash, person_id, number_year, number_symbol,
			number, document_date, state)
		select $1, $2, $3, '', launched_by, 2026, 'BC-STC', $3, current_date, 'signed' from campaigns limit 1`,
		uuid.New(), id, revision)
}

func TestEarlierFiguresAreTheSignedOnes(t *testing.T) {
	d := newDesk(t)
	context := func() form.Context {
		t.Helper()
		draft, err := d.db.Store.Draft(context.Background(), d.id)
		if err != nil {
			t.Fatal(err)
		}
		return draft.Context
	}
	if c := context(); c.Previous != nil || c.PreviousInYear != nil || c.SameLastYear != nil {
		t.Errorf("figures of reports that never were: %+v", c)
	}
	returned := d.reported("bc-2026q3", "2026q3", document.Drafting, "10", "11", "12")
	d.reported("bc-2025q4", "2025q4", document.Signing, "20")
	d.reported("bc-2026q2", "2026q2", document.Approved, "30")
	if c := context(); c.Previous != nil || c.SameLastYear != nil {
		t.Errorf("figures that nobody has signed: %+v", c)
	}
	d.signedAt(returned, 1)
	d.signedAt(returned, 2)
	was := context().Previous["1.1"]
	if was.Value == nil || *was.Value != form.DecimalOf(11) || was.Reason != "Lý do 11" {
		t.Errorf("figure of the period before %+v, want that of the second revision, signed last", was)
	}
	if c := context(); c.SameLastYear != nil || c.PreviousInYear["1.1"].Reason != was.Reason {
		t.Errorf("the same in the year %+v, of last year %+v", c.PreviousInYear["1.1"], c.SameLastYear)
	}
	// A second report for the same time counts once it is the one confirmed.
	d.signedAt(d.reported("bc-2025q4-lai", "2025q4", document.AuthorityReview, "21"), 1)
	d.signedAt("bc-2025q4-STC", 1)
	if got := context().SameLastYear["1.1"]; got.Value == nil || *got.Value != form.DecimalOf(21) {
		t.Errorf("figure of last year %+v, want that of the newest report", got)
	}
	d.exec(`update documents set stage = 'approved', approved_revision = 1, closed_at = desk_since where id = 'bc-2025q4-STC'`)
	if got := context().SameLastYear["1.1"]; *got.Value != form.DecimalOf(20) {
		t.Errorf("figure of last year %v, want that of the confirmed report", got.Value)
	}
}

// Checks see the earlier figures in the draft and in what is frozen alike.
func TestEarlierFiguresAreCheckedAgainst(t *testing.T) {
	d := newDesk(t)
	d.signedAt(d.reported("bc-2025q4", "2025q4", document.Approved, "100"), 1)
	draft, err := d.db.Store.Draft(context.Background(), d.id)
	if err != nil {
		t.Fatal(err)
	}
	if len(draft.Result.Warnings) != 1 || draft.Result.Warnings[0].Field != form.FigureField("1.1") {
		t.Errorf("warnings %v, want the fall from 100 to 0", draft.Result.Warnings)
	}
	view, err := d.db.Store.DocumentView(context.Background(), everything, d.id)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := d.db.Store.Checked(context.Background(), view, storage.RevisionView{Content: draft.Content})
	if err != nil || len(checked.Result.Warnings) != 1 {
		t.Errorf("as read by others: %v, %v", checked.Result.Warnings, err)
	}
	d.must("specialist", document.Submit, document.DivisionReview)
	if n := d.count(`select jsonb_array_length(warnings) from revisions where document_id = $1`, d.id); n != 1 {
		t.Errorf("%d warnings were frozen, want 1", n)
	}
}

// What is carried over and what accumulates come from the right periods whatever
// the kinds: nine months carry over from the year before, and count at least what
// half a year has counted.
func TestEarlierFiguresOfOtherKinds(t *testing.T) {
	d := newDesk(t)
	for _, one := range []struct{ period, value string }{
		{"2025y", "10"}, {"2025n9", "9"}, {"2025q4", "4"}, {"2025m12", "1"}, {"2026m01", "101"}, {"2026q1", "103"}, {"2026h1", "106"}, {"2026m07", "107"},
	} {
		d.signedAt(d.reported("bc-"+one.period, one.period, document.Approved, one.value), 1)
	}
	for _, row := range []struct{ period, previous, inYear, begun, lastYear, why string }{
		{"2026n9", "2025y 10", "107", "2026h1 106", "9", "stocks of the year before, flows of half a year"},
		{"2026y", "2025y 10", "107", "2026h1 106", "10", "nine months were not reported"},
		{"2026h1", "2025y 10", "103", "2026q1 103", "", "no second half was reported; the year ends there too"},
		{"2026h2", "2026h1 106", "107", "2026m07 107", "", "on from the first half"},
		{"2026q1", "2025q4 4", "101", "2026m01 101", "", "a quarter before a year"},
		{"2026q2", "2026q1 103", "103", "", "", "its own kind"},
		{"2026m01", "2025m12 1", "", "", "", "over the turn of the year"},
		{"2026m08", "2026m07 107", "107", "", "", "its own kind"},
		{"2026q4", "", "107", "", "4", "neither the third quarter nor nine months were reported"},
	} {
		d.exec(`update campaigns set period = $1 where code = 'bc-2026q4'`, row.period)
		draft, err := d.db.Store.Draft(context.Background(), d.id)
		if err != nil {
			t.Fatal(err)
		}
		c := draft.Context
		value := func(period string, figures map[string]form.Figure) string {
			if figures == nil {
				return ""
			}
			return strings.TrimSpace(period + " " + figures["1.1"].Value.String())
		}
		for name, pair := range map[string][2]string{
			"carried over": {value(c.Periods.Previous, c.Previous), row.previous}, "in the year": {value("", c.PreviousInYear), row.inYear},
			"begun": {value(c.Periods.Begun, c.Begun), row.begun}, "last year": {value("", c.SameLastYear), row.lastYear},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s (%s), %s: %q, want %q", row.period, row.why, name, pair[0], pair[1])
			}
		}
	}
	d.exec(`update campaigns set period = '2026n9' where code = 'bc-2026q4'`)
	report, err := d.db.Store.Earlier(context.Background(), d.id)
	if err != nil || report == nil || report.Period != "2026h1" {
		t.Errorf("words may be taken over from %+v, %v; want half a year's", report, err)
	}
}

// The form has changed between two quarters: what was reported stands under the
// present codes, and what cannot be compared is not there (QĐ 1439 Đ10.2).
func TestEarlierFiguresOfAnotherVersion(t *testing.T) {
	for _, breaks := range []bool{false, true} {
		d := newDesk(t)
		d.signedAt(d.reported("bc-2026q3", "2026q3", document.Approved, "7"), 1)
		d.exec(`insert into form_versions (form, version, title, content)
			select form, 2, title, replace(content::text, '"1.1"', '"1.100"')::jsonb || '{"number": 2}' from form_versions where form = 'bc-cchc-quy'`)
		d.exec(`insert into indicator_maps (form, from_version, to_version, from_code, to_code, breaks, note) values ('bc-cchc-quy', 1, 2, '1.1', '1.100', $1, 'x')`, breaks)
		d.exec(`update campaigns set form_version = 2 where code = 'bc-2026q4'`)
		draft, err := d.db.Store.Draft(context.Background(), d.id)
		if err != nil {
			t.Fatal(err)
		}
		value := draft.Context.Previous["1.100"].Value
		if known := value != nil && *value == form.DecimalOf(7); known == breaks || draft.Context.Previous == nil {
			t.Errorf("with a break %v, the period before has %+v", breaks, draft.Context.Previous)
		}
	}
}
