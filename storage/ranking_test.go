package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// rankDesk is a campaign of self-assessments whose units have been appraised by rows.
type rankDesk struct {
	*desk
	code string
	c    storage.IndexCampaign
	all  staff.Scope
}

func newRankDesk(t *testing.T, units ...string) *rankDesk {
	t.Helper()
	d := &rankDesk{desk: &desk{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}, all: staff.Scope{All: true}}
	d.people[staff.Officer] = d.person("officer", staff.Officer, "SNV")
	d.people[staff.Specialist] = d.person("specialist", staff.Specialist, "STC")
	code, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.officer().Person, indexCampaign(units...))
	if err != nil {
		t.Fatal(err)
	}
	d.code = code
	if d.c, err = d.db.Store.IndexCampaign(context.Background(), d.all, code); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *rankDesk) officer() staff.Actor { return d.people[staff.Officer] }

// appraised gives every criterion of the unit the share of its points, in percent, but
// leaves those out that are named, and has some without a mark.
func (d *rankDesk) appraised(unit string, percent int, out, unmarked []string) {
	d.t.Helper()
	d.db.Appraise(d.t, storagetest.Appraisal{
		Campaign: d.code, Unit: unit, Set: d.c.Set, Percent: percent, Out: out, Unmarked: unmarked, By: d.officer().Person,
	})
}

// surveyed has every group answer about the units, as a workbook would.
func (d *rankDesk) surveyed(mean int64, units ...string) int {
	d.t.Helper()
	var opinions []par.UnitOpinion
	for _, unit := range units {
		for _, c := range d.c.Set.Surveys() {
			for _, w := range c.Rule.Weights {
				opinions = append(opinions, par.UnitOpinion{Unit: unit, Opinion: par.Opinion{Criterion: c.Code, Group: w.Group, Mean: decimal.Of(mean), Answers: 30}})
			}
		}
	}
	return d.apply(opinions)
}

func (d *rankDesk) imported(name string) storage.SurveyImport {
	d.t.Helper()
	one := storage.SurveyImport{Campaign: d.code, Name: name}
	hash := strings.Repeat(fmt.Sprintf("%x", len(name)%16), 64)
	d.exec(`insert into files (hash, size, media_type) values ($1, 1, 'x') on conflict do nothing`, hash)
	if err := d.db.Owner.QueryRow(`insert into survey_imports (campaign, hash, name, uploaded_by) values ($1, $2, $3, $4)
		on conflict (campaign, hash, uploaded_by, name) where applied_at is null do update set uploaded_at = now() returning id`, d.code, hash, name, d.officer().Person).Scan(&one.ID); err != nil {
		d.t.Fatal(err)
	}
	return one
}

func (d *rankDesk) apply(opinions []par.UnitOpinion) int {
	d.t.Helper()
	ctx := context.Background()
	changes, err := d.db.Store.SurveyChanges(ctx, d.code, opinions)
	if err != nil {
		d.t.Fatal(err)
	}
	changed, err := d.db.Store.ApplySurvey(ctx, d.imported("a.xlsx"), opinions, changes.Digest, d.officer(), storage.Audit{Person: d.officer().Person})
	if err != nil {
		d.t.Fatal(err)
	}
	return changed
}

func (d *rankDesk) ranking() storage.Ranking {
	d.t.Helper()
	r, err := d.db.Store.Ranking(context.Background(), d.all, d.c)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *rankDesk) extra(unit string, kind par.ExtraKind, points par.Points) error {
	today := calendar.DayOf(d.c.Now)
	return d.db.Store.AddExtra(context.Background(), storage.NewExtra{
		Key: uuid.New(), Campaign: d.code, Actor: d.officer(), Audit: storage.Audit{Person: d.officer().Person},
		Extra: par.Extra{Unit: unit, Kind: kind, Points: points, Reason: "Sáng kiến", Number: "12/QĐ", IssuedOn: &today, Title: "Công nhận"},
	})
}

var pdf = []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")

func (d *rankDesk) announcement(digest string) storage.NewPublication {
	d.t.Helper()
	public, err := d.db.Store.Publications(context.Background(), d.code)
	if err != nil {
		d.t.Fatal(err)
	}
	today := calendar.DayOf(d.c.Now)
	return storage.NewPublication{
		Key: uuid.New(), Campaign: d.code, Digest: digest, Next: len(public) + 1, Actor: d.officer(), Audit: storage.Audit{Person: d.officer().Person},
		Announcement: par.Announcement{Number: "45/QĐ-UBND", IssuedOn: &today, Title: "Công bố chỉ số"}, FileName: "45.pdf", FileData: bytes.NewReader(pdf),
	}
}

func (d *rankDesk) publish(change func(*storage.NewPublication)) (int, error) {
	n := d.announcement(d.ranking().Digest)
	if change != nil {
		change(&n)
	}
	return d.db.Store.Publish(context.Background(), n)
}

func brokenAt(err error) string {
	var broken rule.Errors
	if !errors.As(err, &broken) {
		return fmt.Sprint(err)
	}
	var told []string
	for _, one := range broken {
		told = append(told, strings.TrimSpace(string(one.Code)+" "+one.Field))
	}
	return strings.Join(told, ", ")
}

func TestRanking(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT", "STP", "SNV", "26740")
	d.appraised("STC", 100, nil, nil)
	d.appraised("SYT", 50, nil, nil)
	d.appraised("STP", 50, []string{"2.1.1"}, nil)
	d.appraised("26740", 80, nil, []string{"1.1.2", "1.1.1"})
	if n := d.surveyed(80, "STC", "SYT", "STP", "SNV", "26740"); n == 0 {
		t.Fatal("no results were taken over")
	}
	r := d.ranking()
	told := map[string]string{}
	for _, u := range r.Units {
		told[u.Unit] = fmt.Sprintf("%s %d/%d %s %s+%s", u.Group, u.Rank, u.Of, u.Total.VN(), u.Appraised.VN(), u.Surveyed.VN())
	}
	// 68 points are appraised, 32 surveyed: 0,8 of them are 25,60.
	for unit, want := range map[string]string{
		"STC": "departments 1/3 93,60 68,00+25,60", "SYT": "departments 3/3 59,58 33,98+25,60",
	} {
		if !strings.HasPrefix(told[unit], want) {
			t.Errorf("%s: %s, want %s", unit, told[unit], want)
		}
	}
	byUnit := map[string]storage.RankedUnit{}
	for _, u := range r.Units {
		byUnit[u.Unit] = u
	}
	if u := byUnit["STP"]; u.Out == 0 || u.Scaled <= u.Sum || !u.Final() {
		t.Errorf("what does not apply does not leave the total: %+v", u.Result)
	}
	if u := byUnit["SNV"]; u.Stage != storage.NotHandedIn || u.Final() || len(u.Missing) != 56 {
		t.Errorf("who handed nothing in: %q, %d missing", u.Stage, len(u.Missing))
	}
	if u := byUnit["26740"]; u.Final() || strings.Join(u.Missing, " ") != "1.1.1 1.1.2" || u.Group != "communes" {
		t.Errorf("not everything is appraised: %v in %s", u.Missing, u.Group)
	}
	if r.Ranked() != 3 {
		t.Errorf("%d have a rank", r.Ranked())
	}
	// A bonus above its cap counts up to it; one that is withdrawn does not count.
	if err := d.extra("SYT", par.ExtraBonus, 150); err != nil {
		t.Fatal(err)
	}
	if err := d.extra("SYT", par.ExtraBonus, 200); err != nil {
		t.Fatal(err)
	}
	before := r.Digest
	for _, u := range d.ranking().Units {
		if u.Unit == "SYT" && (u.Bonus != 200 || u.Extras.Bonus != 350 || u.Total.VN() != "61,58") {
			t.Errorf("%s of %s, %s", u.Bonus, u.Extras.Bonus, u.Total)
		}
	}
	if d.ranking().Digest == before {
		t.Error("another result has the same digest")
	}
	extras := d.extras(storage.ExtraFilter{}, 2)
	for _, one := range extras {
		if err := d.db.Store.WithdrawExtra(context.Background(), d.code, one.ID, "Ghi nhầm", d.officer(), storage.Audit{}); err != nil {
			t.Fatal(err)
		}
	}
	if d.ranking().Digest != before {
		t.Error("what was withdrawn still counts")
	}
	if err := d.db.Store.WithdrawExtra(context.Background(), d.code, extras[0].ID, "x", d.officer(), storage.Audit{}); brokenAt(err) != "extra_gone" {
		t.Errorf("withdrawn twice: %v", err)
	}
	if err := d.db.Store.WithdrawExtra(context.Background(), d.code, extras[0].ID, "Ghi nhầm", d.officer(), storage.Audit{}); err != nil {
		t.Errorf("a double click is refused: %v", err)
	}
	if _, err := d.db.Store.Ranking(context.Background(), staff.Scope{Units: []string{"STC"}}, d.c); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a unit reads a ranking that nobody has published: %v", err)
	}
}

func TestExtrasThatAreNotTaken(t *testing.T) {
	d := newRankDesk(t, "STC")
	for want, err := range map[string]error{
		"extra_over points": d.extra("STC", par.ExtraBonus, 201), "extra_unit unit": d.extra("SYT", par.ExtraPenalty, 10),
	} {
		if brokenAt(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	today := calendar.DayOf(d.c.Now)
	n := storage.NewExtra{Key: uuid.New(), Campaign: d.code, Actor: d.officer(), Audit: storage.Audit{Person: d.officer().Person},
		Extra: par.Extra{Unit: "STC", Kind: par.ExtraBonus, Points: 10, Reason: "x", Number: "1", IssuedOn: &today, Title: "y"}}
	for range 2 { // a double click
		if err := d.db.Store.AddExtra(context.Background(), n); err != nil {
			t.Fatal(err)
		}
	}
	n.Points = 20 // the browser's way back to the form
	if err := d.db.Store.AddExtra(context.Background(), n); brokenAt(err) != "key_reused" {
		t.Errorf("another bonus from the same form is said to be added: %v", err)
	}
	d.extras(storage.ExtraFilter{}, 1)
}

// extras are a part of the list of bonuses and penalties, of which so many match.
func (d *rankDesk) extras(f storage.ExtraFilter, matching int) []storage.ScoreExtra {
	d.t.Helper()
	rows, n, err := d.db.Store.ScoreExtras(context.Background(), d.code, f)
	if err != nil || n != matching {
		d.t.Fatalf("%+v: %d match, want %d; %v", f, n, matching, err)
	}
	return rows
}

// TestExtrasAreListedWhole: none is left out, however many there are, and those of a unit
// are found by its name.
func TestExtrasAreListedWhole(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT")
	const of = "STC"
	d.exec(`insert into score_extras (key, campaign, unit_code, kind, points, reason, document_number, issued_on, title, added_by)
		select gen_random_uuid(), $1, $2, 'bonus', 1, 'x', '1', '2026-01-01', 'y', $3 from generate_series(1, $4::int)`, d.code, of, d.officer().Person, storage.ExtraPage+1)
	if err := d.extra("SYT", par.ExtraPenalty, 10); err != nil {
		t.Fatal(err)
	}
	all := storage.ExtraPage + 2
	seen := map[int64]bool{}
	for page := 1; page <= 2; page++ {
		for _, one := range d.extras(storage.ExtraFilter{Page: page}, all) {
			seen[one.ID] = true
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d are listed", len(seen), all)
	}
	if rows := d.extras(storage.ExtraFilter{Query: "y te"}, 1); len(rows) != 1 || rows[0].Unit != "SYT" {
		t.Errorf("%+v", rows)
	}
	for query, want := range map[string]string{"tai chinh": "STC", "stc": "STC", "so": "STC SYT", "khong co": ""} {
		found, err := d.db.Store.FindCampaignUnits(context.Background(), d.code, query, 20)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, unit := range found {
			codes = append(codes, unit.Code)
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestSurveyResults(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT")
	ctx := context.Background()
	opinion := func(unit string, mean int64, answers int) par.UnitOpinion {
		return par.UnitOpinion{Unit: unit, Opinion: par.Opinion{Criterion: "3.6.1", Group: "nguoi-dan", Mean: decimal.Of(mean), Answers: answers}}
	}
	if n := d.apply([]par.UnitOpinion{opinion("STC", 80, 10), opinion("SYT", 70, 5)}); n != 2 {
		t.Fatalf("%d results were taken over", n)
	}
	next := []par.UnitOpinion{opinion("STC", 85, 12), opinion("SYT", 70, 5)}
	changes, err := d.db.Store.SurveyChanges(ctx, d.code, next)
	if err != nil || len(changes.Changes) != 1 || changes.Same != 1 || changes.Changes[0].Before == nil || changes.Changes[0].Before.Mean != decimal.Of(80) {
		t.Fatalf("%+v %v", changes, err)
	}
	// Somebody else takes another workbook over meanwhile: what was on the screen is not
	// what would change.
	d.apply([]par.UnitOpinion{opinion("STC", 81, 11)})
	one := d.imported("bb.xlsx")
	if _, err := d.db.Store.ApplySurvey(ctx, one, next, changes.Digest, d.officer(), storage.Audit{}); brokenAt(err) != "survey_moved_on" {
		t.Fatalf("%v", err)
	}
	if n := d.apply(next); n != 1 {
		t.Errorf("%d results changed", n)
	}
	if n := d.apply(next); n != 0 {
		t.Errorf("the same again changed %d", n)
	}
	var audits int
	if err := d.db.Owner.QueryRow(`select count(*) from audit where action = 'survey_imported'`).Scan(&audits); err != nil || audits != 3 {
		t.Errorf("%d lines of evidence, %v", audits, err)
	}
	done, err := d.db.Store.SurveyImports(ctx, d.code)
	if err != nil || len(done) != 3 || done[0].AppliedBy == nil {
		t.Errorf("each time a workbook was taken over stays: %+v %v", done, err)
	}
}

// TestWhoGaveWhichWorkbook: the same bytes from somebody else, or under another name, take
// nothing from who gave them first.
func TestWhoGaveWhichWorkbook(t *testing.T) {
	d := newRankDesk(t, "STC")
	ctx := context.Background()
	var book bytes.Buffer
	if err := sheet.Write(&book, sheet.Table{Name: "a", Title: "b", Rows: func(func([]any) error) error { return nil }}); err != nil {
		t.Fatal(err)
	}
	add := func(name string, who staff.Actor) int64 {
		t.Helper()
		one, err := d.db.Store.AddSurveyImport(ctx, d.code, name, bytes.NewReader(book.Bytes()), who)
		if err != nil {
			t.Fatal(err)
		}
		return one.ID
	}
	other := d.person("other", staff.Officer, "SNV")
	first := add("khao-sat.xlsx", d.officer())
	if add("khao-sat.xlsx", d.officer()) != first {
		t.Error("the same again is another")
	}
	if add("khao-sat-moi.xlsx", d.officer()) == first || add("khao-sat.xlsx", other) == first {
		t.Error("another name, another person is the same import")
	}
	taken := func(id int64, mean int64, who staff.Actor) storage.SurveyImport {
		t.Helper()
		opinions := []par.UnitOpinion{{Unit: "STC", Opinion: par.Opinion{Criterion: "3.6.1", Group: "nguoi-dan", Mean: decimal.Of(mean), Answers: 9}}}
		changes, err := d.db.Store.SurveyChanges(ctx, d.code, opinions)
		if err != nil {
			t.Fatal(err)
		}
		one, _, err := d.db.Store.SurveyImport(ctx, d.code, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.db.Store.ApplySurvey(ctx, one, opinions, changes.Digest, who, storage.Audit{Person: who.Person}); err != nil {
			t.Fatal(err)
		}
		if one, _, err = d.db.Store.SurveyImport(ctx, d.code, id); err != nil {
			t.Fatal(err)
		}
		return one
	}
	before := taken(first, 80, d.officer())
	taken(first, 70, other) // the page of the same workbook, by somebody else
	if now, _, err := d.db.Store.SurveyImport(ctx, d.code, first); err != nil || *now.AppliedBy != *before.AppliedBy || !now.AppliedAt.Equal(*before.AppliedAt) {
		t.Errorf("%+v, was %+v, %v", now, before, err)
	}
	if add("khao-sat.xlsx", d.officer()) == first {
		t.Error("what was taken over is given once more")
	}
	if done, err := d.db.Store.SurveyImports(ctx, d.code); err != nil || len(done) != 2 || *done[0].AppliedBy == *done[1].AppliedBy {
		t.Errorf("%+v, %v", done, err)
	}
}

// TestTheDigestSeesWhatCancelsOut: what is published is what was on the screen, also where
// it comes to the same sums.
func TestTheDigestSeesWhatCancelsOut(t *testing.T) {
	d := newRankDesk(t, "STC")
	ctx := context.Background()
	d.appraised("STC", 50, nil, nil)
	d.surveyed(80, "STC")
	if err := d.extra("STC", par.ExtraBonus, 10); err != nil {
		t.Fatal(err)
	}
	before := d.ranking()
	if again := d.ranking(); again.Digest != before.Digest {
		t.Fatal("the same has another digest")
	}
	differs := func(what string) {
		t.Helper()
		now := d.ranking()
		if now.Units[0].Total != before.Units[0].Total || now.Digest == before.Digest {
			t.Errorf("%s: total %s, was %s; the same digest: %t", what, now.Units[0].Total, before.Units[0].Total, now.Digest == before.Digest)
		}
		before = now
	}
	d.db.MarkScore(t, d.code+"-STC", "1.1.1", 30, false, d.officer().Person)
	d.db.MarkScore(t, d.code+"-STC", "1.1.2", 20, false, d.officer().Person)
	differs("marks")
	extras, _, err := d.db.Store.ScoreExtras(ctx, d.code, storage.ExtraFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.db.Store.WithdrawExtra(ctx, d.code, extras[0].ID, "Ghi nhầm", d.officer(), storage.Audit{}), d.extra("STC", par.ExtraBonus, 10)); err != nil {
		t.Fatal(err)
	}
	differs("bonuses")
	d.exec(`update survey_opinions set answers = answers + 1`)
	differs("how many answered")
}
