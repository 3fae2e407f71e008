package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/staff"
	"cchc/storage"
)

// sumsHold fails unless every stored sum, with what is outstanding, is what the
// documents come to.
func (d *desk) sumsHold(when string) {
	d.t.Helper()
	apart, err := storage.SumsApart(context.Background(), d.db.Owner)
	if err != nil || apart != 0 {
		d.t.Fatalf("%s: %d sums are apart, %v", when, apart, err)
	}
}

func (d *desk) fold() int {
	d.t.Helper()
	taken, err := d.db.Store.FoldSums(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return taken
}

func (d *desk) series(scope staff.Scope, q storage.SeriesQuery) storage.Series {
	d.t.Helper()
	if q.Form == "" {
		q.Form = quarterly
	}
	series, err := d.db.Store.IndicatorSeries(context.Background(), scope, q)
	if err != nil {
		d.t.Fatal(err)
	}
	return series
}

// point writes a point of a series: "2026q4 12 of 1/2".
func point(p storage.SeriesPoint) string {
	value := "-"
	if p.Reckoned.Value != nil {
		value = p.Reckoned.Value.String()
	}
	return fmt.Sprintf("%s %s of %d/%d", p.Period, value, p.Reported, p.Asked)
}

func (d *desk) wantPoint(when string, series storage.Series, want string) {
	d.t.Helper()
	if len(series.Points) != 1 || point(series.Points[0]) != want {
		d.t.Fatalf("%s: %+v, want %s", when, series.Points, want)
	}
}

// TestSumsFollowDecisions: a document is counted from the transaction that confirms
// it, whether or not the change has been folded in, and no longer once it is none.
func TestSumsFollowDecisions(t *testing.T) {
	d := newDesk(t)
	d.exec(`update draft_figures set value = 12 where document_id = $1 and indicator = '1.4'`, d.id)
	city := storage.SeriesQuery{Indicator: "1.4"}
	d.wantPoint("at launch", d.series(everything, city), "2026q4 - of 0/2")
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.wantPoint("signed is not confirmed", d.series(everything, city), "2026q4 - of 0/2")
	d.must(staff.Officer, document.Confirm, document.Approved)
	d.wantPoint("outstanding", d.series(everything, city), "2026q4 12 of 1/2")
	d.sumsHold("outstanding")
	if taken := d.fold(); taken == 0 {
		t.Error("nothing was folded in")
	}
	if d.fold() != 0 {
		t.Error("something was left")
	}
	d.wantPoint("folded in", d.series(everything, city), "2026q4 12 of 1/2")
	d.sumsHold("folded in")
	d.wantPoint("departments", d.series(everything, storage.SeriesQuery{Indicator: "1.4", Group: "department"}), "2026q4 12 of 1/2")
	d.wantPoint("wards", d.series(everything, storage.SeriesQuery{Indicator: "1.4", Group: "ward"}), "2026q4 - of 0/0")
	d.wantPoint("the unit itself", d.series(staff.Scope{Units: []string{"STC"}}, city), "2026q4 12 of 1/1")
	d.wantPoint("another unit", d.series(staff.Scope{Units: []string{"SYT"}}, city), "2026q4 - of 0/1")
	d.wantPoint("a unit for the city's readers", d.series(everything, storage.SeriesQuery{Indicator: "1.4", Unit: "SYT"}), "2026q4 - of 0/1")
	if _, err := d.db.Store.IndicatorSeries(context.Background(), staff.Scope{Units: []string{"SYT"}}, storage.SeriesQuery{Form: quarterly, Indicator: "1.4", Unit: "STC"}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("outside the scope: %v", err)
	}
	if _, err := d.db.Store.IndicatorSeries(context.Background(), everything, storage.SeriesQuery{Form: quarterly, Indicator: "9.9"}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("an unknown indicator: %v", err)
	}

	// A unit that is exempted is asked no more; a document that is no longer
	// approved takes its figures with it, and brings others when it comes back.
	d.exec(`update documents set stage = 'exempt', closed_at = now() where id = 'bc-2026q4-SYT'`)
	d.wantPoint("exempted", d.series(everything, city), "2026q4 12 of 1/1")
	if _, err := d.db.Store.AddDecision(context.Background(), d.reopening(in(9))); err != nil {
		t.Fatal(err)
	}
	d.record()
	d.wantPoint("reopened", d.series(everything, city), "2026q4 - of 0/1")
	d.sumsHold("reopened")
	d.exec(`update draft_figures set value = 13 where document_id = $1 and indicator = '1.4'`, d.id)
	d.approved()
	d.wantPoint("confirmed again", d.series(everything, city), "2026q4 13 of 1/1")
	d.fold()
	d.wantPoint("and folded in", d.series(everything, city), "2026q4 13 of 1/1")
	d.sumsHold("in the end")
}

// TestSumsInABurst: confirmations come at once while the changes are folded in and
// read; every reader sees each document once or not yet, and nothing waits.
func TestSumsInABurst(t *testing.T) {
	d := newDesk(t)
	const units = 60
	d.exec(`insert into units (code, abbreviation, name, name_key, unit_group, superior, agency, signer_capacity, symbol, place, valid_from)
		select 'X' || n, 'X' || n, 'Đơn vị ' || n, 'don vi', 'ward', '', '', '', '', '', '2020-01-01' from generate_series(1, $1) n`, units)
	d.exec(`insert into documents (id, campaign, unit_code, kind, stage, revision, unit_due_at, due_at, desk_since, rung_at, created_at)
		select 'bc-2026q4-X' || n, 'bc-2026q4', 'X' || n, 'report', 'authority_review', 1, now(), now(), now(), now(), now() from generate_series(1, $1) n`, units)
	d.exec(`insert into revisions select 'bc-2026q4-X' || n, 1, '{"figures": {"1.4": {"value": "1"}, "1.5": {"value": "1"}, "1.6": {"reason": "x"}}}', '', '[]', $2, now()
		from generate_series(1, $1) n`, units, d.people[staff.Specialist].Person)
	var wait sync.WaitGroup
	errs := make(chan error, units+2)
	for at := range 6 {
		wait.Go(func() {
			for n := at + 1; n <= units; n += 6 {
				_, err := d.db.Owner.Exec(`update documents set stage = 'approved', closed_at = now() where id = 'bc-2026q4-X' || $1::int`, n)
				errs <- err
			}
		})
	}
	done := make(chan struct{})
	for range 2 {
		wait.Go(func() {
			for {
				if _, err := d.db.Store.FoldSums(context.Background()); err != nil {
					errs <- err
					return
				}
				series, err := d.db.Store.IndicatorSeries(context.Background(), everything, storage.SeriesQuery{Form: quarterly, Indicator: "1.4"})
				if err != nil {
					errs <- err
					return
				}
				p := series.Points[0]
				if value := p.Reckoned.Value; p.Reported > 0 && (value == nil || *value != form.DecimalOf(int64(p.Reported))) {
					errs <- fmt.Errorf("a reader saw %s", point(p))
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	go func() {
		for d.count(`select count(*) from documents where stage = 'approved'`) < units {
			time.Sleep(time.Millisecond)
		}
		close(done)
	}()
	wait.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	d.sumsHold("after the burst")
	d.wantPoint("after the burst", d.series(everything, storage.SeriesQuery{Indicator: "1.4"}), "2026q4 60 of 60/62")
	if err := storage.ResumSums(context.Background(), d.db.Owner); err != nil {
		t.Fatal(err)
	}
	d.sumsHold("summed up again")
	d.wantPoint("summed up again", d.series(everything, storage.SeriesQuery{Indicator: "1.4"}), "2026q4 60 of 60/62")
}

// TestSeriesAcrossVersions: the form changes between two quarters; the series goes
// on under the new code, and says where it breaks.
func TestSeriesAcrossVersions(t *testing.T) {
	d, draft := editing(t)
	ctx, officer := context.Background(), d.people[staff.Officer].Person
	older, err := d.db.Store.FormVersion(ctx, quarterly, 1)
	if err != nil {
		t.Fatal(err)
	}
	group := form.Part{Kind: form.PartIndicator, Group: older.Indicators[0].Group}
	changed := draft.Content.Extract(group)
	for i := range changed.Indicators {
		switch changed.Indicators[i].Code {
		case "1.4":
			changed.Indicators[i].Code = "1.40"
		case "1.5":
			changed.Indicators[i].Unit = "phiên"
		}
	}
	if draft, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, group, changed, officer); err != nil {
		t.Fatal(err)
	}
	p := publication(draft, older)
	for i := range p.Mapping.Rows {
		if p.Mapping.Rows[i].Break {
			p.Mapping.Rows[i].Note = "Đổi đơn vị tính"
		}
	}
	if _, err := d.db.Store.PublishForm(ctx, p, officer); err != nil {
		t.Fatal(err)
	}
	next := plan("STC", "SYT")
	next.Code, next.Period, next.FormVersion = "bc-2027q1", "2027q1", 2
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, next); err != nil {
		t.Fatal(err)
	}
	d.confirmedWith("bc-2026q4-STC", map[string]string{"1.1": "10", "1.2": "5", "1.4": "7", "1.5": "3"})
	d.confirmedWith("bc-2027q1-STC", map[string]string{"1.1": "30", "1.2": "5", "1.40": "9", "1.5": "4"})
	d.confirmedWith("bc-2027q1-SYT", map[string]string{"1.1": "10", "1.2": "5", "1.40": "1", "1.5": "0"})
	for _, row := range []struct {
		code    string
		version int
		want    [2]string
		breaks  bool
		codes   [2]string
	}{
		{"1.40", 0, [2]string{"2026q4 7 of 1/2", "2027q1 10 of 2/2"}, false, [2]string{"1.4", "1.40"}},
		{"1.4", 1, [2]string{"2026q4 7 of 1/2", "2027q1 10 of 2/2"}, false, [2]string{"1.4", "1.40"}},
		{"1.5", 2, [2]string{"2026q4 3 of 1/2", "2027q1 4 of 2/2"}, true, [2]string{"1.5", "1.5"}},
		{"1.3", 2, [2]string{"2026q4 50 of 1/2", "2027q1 25 of 2/2"}, false, [2]string{"1.3", "1.3"}},
	} {
		series := d.series(everything, storage.SeriesQuery{Indicator: row.code, Version: row.version})
		if len(series.Points) != 2 {
			t.Fatalf("%s: %+v", row.code, series.Points)
		}
		for i, p := range series.Points {
			if point(p) != row.want[i] || p.Place.Code != row.codes[i] || p.Breaks != (row.breaks && i == 1) {
				t.Errorf("%s: %s under %s, breaks %v; want %s", row.code, point(p), p.Place.Code, p.Breaks, row.want[i])
			}
		}
	}
	all, err := d.db.Store.Contributions(ctx, everything, storage.ContributionQuery{Campaign: "bc-2027q1", Indicator: "1.3"})
	if err != nil || len(all.Rows) != 2 || point(all.Whole) != "2027q1 25 of 2/2" || all.Rows[0].Reckoned.Value.String() != "16.67" || all.Rows[1].Reckoned.Value.String() != "50" {
		t.Errorf("contributions %+v, %v", all, err)
	}
	missing, err := d.db.Store.Contributions(ctx, everything, storage.ContributionQuery{Campaign: "bc-2026q4", Indicator: "1.4", Missing: true})
	if err != nil || len(missing.Rows) != 1 || missing.Rows[0].Unit != "SYT" || missing.Rows[0].Counts() {
		t.Errorf("missing %+v, %v", missing.Rows, err)
	}
	if _, err := d.db.Store.Contributions(ctx, staff.Scope{Units: []string{"SXD"}}, storage.ContributionQuery{Campaign: "bc-2026q4", Indicator: "1.4"}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("outside the scope: %v", err)
	}
	forms, err := d.db.Store.ComparableForms(ctx, everything)
	if err != nil || len(forms) != 1 || forms[0].Form != quarterly || forms[0].Version != 2 {
		t.Errorf("forms %+v, %v", forms, err)
	}
}

// confirmedWith makes a document confirmed with those figures.
func (d *desk) confirmedWith(id string, figures map[string]string) {
	d.t.Helper()
	var c form.Content
	c.Figures = map[string]form.Figure{}
	for code, text := range figures {
		value, err := form.ParseDecimal(text)
		if err != nil {
			d.t.Fatal(err)
		}
		c.Figures[code] = form.Figure{Code: code, Value: &value}
	}
	d.exec(`insert into revisions values ($1, 1, $2, '', '[]', $3, now())`, id, string(c.Canonical()), d.people[staff.Specialist].Person)
	d.exec(`update documents set stage = 'approved', revision = 1, closed_at = now() where id = $1`, id)
}
