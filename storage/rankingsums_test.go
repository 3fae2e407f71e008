package storage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"cchc/domain/par"
	"cchc/storage"
)

// wrongSums counts the self-assessments whose sum is not what their marks come to.
func (d *rankDesk) wrongSums() int {
	d.t.Helper()
	const count = `
		select count(*) from index_sums t full join (
			select document_id, sum(final) filter (where not final_out) as appraised, sum(most) filter (where final_out) as out,
			       count(*) as scored, array_agg(criterion order by place) filter (where final is null) as missing
			from index_scores group by document_id) s on s.document_id = t.document_id
		where (t.appraised, t.out, t.scored, t.missing) is distinct from
		      (coalesce(s.appraised, 0), coalesce(s.out, 0), coalesce(s.scored, 0), coalesce(s.missing, '{}'))`
	var n int
	if err := d.db.Owner.QueryRow(count).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestSumsAreAsOldAsTheMarks: whatever is written to the marks, the sums that a ranking
// reads are theirs.
func TestSumsAreAsOldAsTheMarks(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT", "STP")
	for _, unit := range []string{"STC", "SYT"} {
		d.appraised(unit, 60, []string{"2.1.1"}, []string{"1.1.1"})
	}
	if n := d.wrongSums(); n != 0 {
		t.Fatalf("%d sums are wrong after the first marks", n)
	}
	random := rand.New(rand.NewPCG(1, 2))
	writes := []string{
		`update index_scores set first = %d %% (most + 1), first_out = false where criterion = '%s'`,
		`update index_scores set second = %d %% (most + 1) where criterion = '%s' and first is not null`,
		`update index_scores set first = 0 * %d, first_out = true where criterion = '%s' and document_id like '%%STC'`,
		`update index_scores set first = null, second = null, most = most + 0 * %d where criterion = '%s' and document_id like '%%SYT'`,
		`update index_scores set asked = %d %% 2 = 0, marked = false where criterion <> '%s'`,
		`delete from appraisal_marks where id < 0 * %d and criterion = '%s'`,
	}
	for step := range 60 {
		c := d.c.Set.Criteria[random.IntN(len(d.c.Set.Criteria))]
		d.exec(fmt.Sprintf(writes[random.IntN(len(writes))], random.IntN(200), c.Code))
		if n := d.wrongSums(); n != 0 {
			t.Fatalf("after %d writes %d sums are wrong", step+1, n)
		}
	}
	d.exec(`delete from appraisal_marks`)
	d.exec(`delete from index_scores where document_id like '%STC'`)
	if n := d.wrongSums(); n != 0 {
		t.Errorf("%d sums are wrong after scores were taken out", n)
	}
}

// TestTwoWhoMarkAtOnceAreBothSummed: even where nothing else keeps them apart.
func TestTwoWhoMarkAtOnceAreBothSummed(t *testing.T) {
	d := newRankDesk(t, "STC")
	d.appraised("STC", 100, nil, nil)
	ctx := context.Background()
	one, err := d.db.Owner.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	const mark = `update index_scores set first = 0 where criterion = $1`
	if _, err := one.Exec(mark, "1.1.1"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := d.db.Owner.Exec(mark, "1.1.2")
		done <- err
	}()
	d.waiting(done)
	if err := one.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := d.wrongSums(); n != 0 {
		t.Error("the second mark's sum does not see the first")
	}
}

// waiting returns once some statement waits for another's lock; what is done before has not
// waited.
func (d *rankDesk) waiting(done <-chan error) {
	d.t.Helper()
	for {
		select {
		case err := <-done:
			d.t.Fatalf("it waited for nobody: %v", err)
		default:
		}
		var n int
		if err := d.db.Owner.QueryRow(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).Scan(&n); err != nil {
			d.t.Fatal(err)
		}
		if n > 0 {
			return
		}
	}
}

// TestWhatCancelsOutIsAnotherResult: a publication names the digest of what was on the
// screen, and that sees marks, opinions and bonuses whose sums are the same.
func TestWhatCancelsOutIsAnotherResult(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT")
	d.appraised("STC", 50, nil, nil)
	d.surveyed(80, "STC", "SYT")
	if err := d.extra("STC", par.ExtraBonus, 50); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{d.ranking().Digest: "at first"}
	for what, change := range map[string]func(){
		"marks": func() {
			d.exec(`update index_scores set first = first + case criterion when '1.1.1' then 1 else -1 end where criterion in ('1.1.1', '1.1.2')`)
		},
		"opinions": func() {
			d.exec(`update survey_opinions set answers = answers + 1 where unit_code = 'SYT' and criterion = '3.6.1'`)
		},
		"bonuses": func() {
			if err := d.db.Store.WithdrawExtra(context.Background(), d.code, d.extras(storage.ExtraFilter{}, 1)[0].ID, "Ghi nhầm", d.officer(), storage.Audit{}); err != nil {
				t.Fatal(err)
			}
			if err := d.extra("STC", par.ExtraBonus, 50); err != nil {
				t.Fatal(err)
			}
		},
	} {
		before := totals(d.ranking())
		change()
		after := d.ranking()
		if totals(after) != before {
			t.Errorf("%s: the totals are others: %s, before %s", what, totals(after), before)
		}
		if other, same := known[after.Digest]; same {
			t.Errorf("%s that cancel out are not seen: the digest is the one %s", what, other)
		}
		known[after.Digest] = "after other " + what
	}
}

func totals(r storage.Ranking) (told string) {
	for _, u := range r.Units {
		told += u.Unit + " " + u.Total.String() + " "
	}
	return told
}

// TestOpinionsThatNobodyHasReckoned: rows that came another way than by a workbook count
// the same.
func TestOpinionsThatNobodyHasReckoned(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT", "STP")
	for _, unit := range []string{"STC", "SYT", "STP"} {
		d.appraised(unit, 50, nil, nil)
	}
	d.surveyed(80, "STC", "SYT")
	reckoned := d.ranking()
	d.exec(`update survey_opinions set answers = answers where unit_code = 'STC'`)
	var open int
	if err := d.db.Owner.QueryRow(`select count(*) from survey_sums where points is null`).Scan(&open); err != nil || open != 1 {
		t.Fatalf("%d sums are to be reckoned, %v", open, err)
	}
	if got := d.ranking(); got.Digest != reckoned.Digest {
		t.Errorf("%s, reckoned %s", totals(got), totals(reckoned))
	}
	d.exec(`update survey_opinions set mean = 1000000 where unit_code = 'SYT'`)
	for _, u := range d.ranking().Units {
		if u.Unit == "SYT" && u.Surveyed != 3200 || u.Unit == "STP" && (u.Surveyed != 0 || u.Final()) {
			t.Errorf("%s has %s points of surveys", u.Unit, u.Surveyed)
		}
	}
	d.exec(`delete from survey_opinions where unit_code = 'SYT'`)
	for _, u := range d.ranking().Units {
		if u.Unit == "SYT" && (u.Surveyed != 0 || len(u.Missing) != len(d.c.Set.Surveys())) {
			t.Errorf("nobody answers about it any more: %s, %v", u.Surveyed, u.Missing)
		}
	}
}

// TestNothingIsPublishedByAWrongSum: the marks are added up again as they are frozen.
func TestNothingIsPublishedByAWrongSum(t *testing.T) {
	d := newRankDesk(t, "STC")
	d.appraised("STC", 50, nil, nil)
	d.surveyed(80, "STC")
	d.exec(`update index_sums set appraised = appraised + 1`)
	if n, err := d.publish(nil); err == nil {
		t.Errorf("publication %d is of points that nobody gave", n)
	}
	d.exec(`update index_scores set marked = marked`)
	if _, err := d.publish(nil); err != nil {
		t.Error(err)
	}
}
