package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/storage"
)

// told holds whom a publication told: the people, each once; units without any are told
// nobody.
func (d *rankDesk) told(kind, want string) {
	d.t.Helper()
	const list = `
		select coalesce(string_agg(unit_code || ' ' || role, ', ' order by unit_code, role), '') from notices
		where kind = $1 and person_id is not null and mail_state = 'queued' and document_id = $2 || '-' || unit_code`
	if got := d.text(list, kind, d.code); got != want {
		d.t.Errorf("%s: %s, want %s", kind, got, want)
	}
}

func TestPublish(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT", "SNV", "26740")
	ctx := context.Background()
	if _, err := d.publish(nil); brokenAt(err) != "publish_nobody" {
		t.Fatalf("nothing is there to publish: %v", err)
	}
	d.appraised("STC", 100, []string{"2.1.1"}, nil)
	d.appraised("SYT", 50, nil, nil)
	d.appraised("26740", 80, nil, []string{"1.1.1"})
	d.surveyed(80, "STC", "SYT", "26740", "SNV")
	if err := d.extra("STC", par.ExtraPenalty, 25); err != nil {
		t.Fatal(err)
	}
	if _, err := d.publish(nil); brokenAt(err) != "publish_unranked unranked" {
		t.Errorf("units without a rank are left out without a word: %v", err)
	}
	old := d.ranking().Digest
	if err := d.extra("SYT", par.ExtraBonus, 10); err != nil {
		t.Fatal(err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.Digest = true, old }); brokenAt(err) != "publish_moved_on" {
		t.Errorf("what was not on the screen is published: %v", err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.FileName, n.Number = true, "", " " }); brokenAt(err) != "announce_missing number, announce_missing file" {
		t.Errorf("%v", err)
	}
	d.person("director", staff.Director, "STC")
	key := uuid.New()
	for range 2 { // a double click is one publication
		number, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.Key = true, key })
		if err != nil || number != 1 {
			t.Fatalf("%d %v", number, err)
		}
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.Key, n.Actor = true, key, d.people[staff.Specialist] }); brokenAt(err) != "key_reused" {
		t.Errorf("somebody else's key: %v", err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.Key, n.Title = true, key, "Công bố lại" }); brokenAt(err) != "key_reused" {
		t.Errorf("another decision from the same form is said to be published: %v", err)
	}
	d.told(storage.NoticePublished, "STC director, STC specialist")
	ranking := d.ranking()
	all, err := d.db.Store.Publications(ctx, d.code)
	if err != nil || len(all) != 1 || all[0].Units != 4 || all[0].Ranked != 2 || all[0].Digest != ranking.Digest {
		t.Fatalf("%+v %v", all, err)
	}
	if file, err := d.db.Store.PublicationFile(ctx, all[0]); err != nil || file.Name != "45.pdf" {
		t.Errorf("%+v %v", file, err)
	}
	list, err := d.db.Store.PublishedList(ctx, d.code, 1, storage.PublishedFilter{})
	if err != nil || list.Matching != 4 {
		t.Fatalf("%+v %v", list, err)
	}
	for _, row := range list.Rows {
		for _, unit := range ranking.Units {
			if unit.Unit == row.Unit && (unit.Total != row.Total || unit.Rank != row.Rank || unit.Surveyed != row.Surveyed || unit.Out != row.Out) {
				t.Errorf("%s was published as %+v, ranked as %+v", row.Unit, row, unit.Result)
			}
		}
	}
	if list.Rows[0].Unit != "STC" || list.Rows[0].Rank != 1 || list.Rows[len(list.Rows)-1].Unit != "26740" || list.Rows[2].Rank != 0 {
		t.Errorf("the order: %+v", list.Rows)
	}
	for name, row := range map[string]struct {
		filter storage.PublishedFilter
		want   int
	}{
		"a group": {storage.PublishedFilter{Group: "communes"}, 1}, "a name without diacritics": {storage.PublishedFilter{Query: "tai chinh"}, 1},
		"a class": {storage.PublishedFilter{Class: "Xuất sắc"}, 1}, "nothing": {storage.PublishedFilter{Query: "không có"}, 0},
	} {
		if found, err := d.db.Store.PublishedList(ctx, d.code, 1, row.filter); err != nil || found.Matching != row.want {
			t.Errorf("%s: %d, %v", name, found.Matching, err)
		}
	}
	var published int
	if err := d.db.Owner.QueryRow(`select count(*) from appraisals where published_at is not null`).Scan(&published); err != nil || published != 3 {
		t.Errorf("%d appraisals know that they are public, %v", published, err)
	}
}

// TestAPublishedResultStays: every number of a unit's result is that of the moment of
// publication, whatever comes later; a correction is another one.
func TestAPublishedResultStays(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT")
	ctx, own := context.Background(), staff.Scope{Units: []string{"STC"}}
	d.appraised("STC", 100, []string{"2.1.1"}, nil)
	d.appraised("SYT", 50, nil, nil)
	d.surveyed(80, "STC", "SYT")
	if err := d.extra("STC", par.ExtraBonus, 50); err != nil {
		t.Fatal(err)
	}
	if _, err := d.publish(nil); err != nil {
		t.Fatal(err)
	}
	read := func(number int) storage.PublishedResult {
		t.Helper()
		r, err := d.db.Store.PublishedResult(ctx, own, d.code, number, "STC")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := read(1)
	scores := map[string]par.Score{}
	for _, c := range d.c.Set.Criteria {
		if c.Asked() {
			scores[c.Code] = par.Appraised{Self: first.Scores[c.Code].Self, First: first.Scores[c.Code].First, Second: first.Scores[c.Code].Second}.Final()
		} else {
			scores[c.Code] = c.Surveyed(d.c.Set, first.Opinions)
			if scores[c.Code].Points != first.Surveys[c.Code] {
				t.Errorf("%s: published %s, follows %s", c.Code, first.Surveys[c.Code], scores[c.Code].Points)
			}
		}
	}
	// What was frozen gives the same result again, to the last hundredth.
	again := d.c.Set.Result(scores, first.Asked())
	if again.Total != first.Total || again.Appraised != first.Appraised || again.Out != first.Out || again.Class != first.Class || !again.Complete {
		t.Errorf("published %+v, its parts come to %+v", first.PublishedRow, again)
	}
	sums := d.c.Set.FieldSums(scores)
	for i, sum := range first.Fields {
		if sum != sums[i] {
			t.Errorf("field %s: published %+v, follows %+v", sum.Field, sum, sums[i])
		}
	}
	if mark := first.Scores["1.1.1"].First; mark == nil || mark.Reason != "no evidence" || !first.Scores["2.1.1"].First.NotApplicable {
		t.Errorf("%+v", first.Scores["1.1.1"])
	}
	if len(first.Extras) != 1 || first.Extras[0].Points != 50 || first.Extras[0].Number != "12/QĐ" {
		t.Errorf("%+v", first.Extras)
	}
	// Marks, surveys and bonuses change afterwards.
	d.db.MarkScore(t, d.code+"-STC", "1.1.1", 0, false, d.officer().Person)
	d.surveyed(60, "STC", "SYT")
	if err := d.extra("STC", par.ExtraPenalty, 100); err != nil {
		t.Fatal(err)
	}
	if now := read(1); now.Total != first.Total || now.Scores["1.1.1"].First.Points != first.Scores["1.1.1"].First.Points || now.Surveys["3.6.1"] != first.Surveys["3.6.1"] || len(now.Extras) != 1 {
		t.Error("a published result changed")
	}
	if _, err := d.publish(nil); brokenAt(err) != "announce_reason reason" {
		t.Errorf("a correction without a reason: %v", err)
	}
	if number, err := d.publish(func(n *storage.NewPublication) { n.Reason = "Chấm lại" }); err != nil || number != 2 {
		t.Fatalf("%d %v", number, err)
	}
	d.told(storage.NoticePublished, "STC specialist")
	d.told(storage.NoticeCorrected, "STC specialist")
	if read(2).Total >= first.Total || read(1).Total != first.Total {
		t.Error("the correction is not beside the first one")
	}
	for _, statement := range []string{
		`update published_results set total = 0`, `delete from published_results`, `update index_publications set decision = ''`, `delete from published_groups`,
	} {
		if _, err := d.db.Owner.Exec(`set role cchc_app; ` + statement); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", statement, err)
		}
		_, _ = d.db.Owner.Exec(`reset role`)
	}
	if _, err := d.db.Store.PublishedResult(ctx, own, d.code, 1, "SYT"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a unit reads another's scores: %v", err)
	}
	groups, err := d.db.Store.PublishedGroups(ctx, d.code, 1)
	if err != nil || len(groups) != 1 || groups[0].Ranked != 2 || len(groups[0].Fields) != 8 || groups[0].Classes["Xuất sắc"] != 1 {
		t.Errorf("%+v %v", groups, err)
	}
	years, err := d.db.Store.YearResults(ctx, own, d.c.Form, d.c.Period, "STC")
	if err != nil || len(years) != 1 || years[0].Number != 2 || years[0].Total != read(2).Total {
		t.Errorf("%+v %v", years, err)
	}
	if _, err := d.db.Store.YearResults(ctx, own, d.c.Form, d.c.Period, "SYT"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a unit reads another's years: %v", err)
	}
}

// TestTwoPublishAtOnce: of two officers one publishes; the other is told, however long after.
func TestTwoPublishAtOnce(t *testing.T) {
	d := newRankDesk(t, "STC")
	d.appraised("STC", 100, nil, nil)
	d.surveyed(80, "STC")
	digest := d.ranking().Digest
	outcomes := make(chan error, 2)
	for _, one := range []storage.NewPublication{d.announcement(digest), d.announcement(digest)} {
		go func() {
			_, err := d.db.Store.Publish(context.Background(), one)
			outcomes <- err
		}()
	}
	done := 0
	for range 2 {
		switch err := <-outcomes; {
		case err == nil:
			done++
		case brokenAt(err) != "publish_overtaken":
			t.Errorf("%v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d were published", done)
	}
	one, other := d.announcement(digest), d.announcement(digest)
	one.Reason, other.Reason = "Chấm lại", "Chấm lại"
	if number, err := d.db.Store.Publish(context.Background(), one); err != nil || number != 2 {
		t.Fatalf("%d %v", number, err)
	}
	if number, err := d.db.Store.Publish(context.Background(), other); brokenAt(err) != "publish_overtaken" {
		t.Errorf("a correction is corrected by who has not seen it: %d %v", number, err)
	}
}

// TestAnOpenAppraisalIsNotRanked: while a unit may still explain, or criteria are marked
// once more, every mark is there and none is final. Publishing the others takes nothing
// from it: it is named without a rank, and goes on.
func TestAnOpenAppraisalIsNotRanked(t *testing.T) {
	d := newRankDesk(t, "STC", "SYT", "STP")
	ctx := context.Background()
	for _, unit := range []string{"STC", "SYT", "STP"} {
		d.appraised(unit, 90, nil, nil)
	}
	d.surveyed(80, "STC", "SYT", "STP")
	for unit, stage := range map[string]string{"SYT": "explaining", "STP": "second"} {
		d.exec(`update appraisals set stage = $2, due_at = now(), ended_at = null where unit_code = $1`, unit, stage)
	}
	if r := d.ranking(); r.Ranked() != 1 {
		t.Fatalf("%d have a rank", r.Ranked())
	}
	if _, err := d.publish(nil); brokenAt(err) != "publish_unranked unranked" {
		t.Fatalf("open appraisals are published without a word: %v", err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Unranked = true }); err != nil {
		t.Fatal(err)
	}
	list, err := d.db.Store.PublishedList(ctx, d.code, 1, storage.PublishedFilter{})
	if err != nil || len(list.Rows) != 3 {
		t.Fatalf("%+v %v", list, err)
	}
	for _, row := range list.Rows {
		if open := row.Unit != "STC"; row.Open != open || (row.Rank == 0) != open {
			t.Errorf("%s: rank %d, open %t", row.Unit, row.Rank, row.Open)
		}
		if found, err := d.db.Store.PublishedList(ctx, d.code, 1, storage.PublishedFilter{Class: row.Class}); err != nil || found.Matching != 1 {
			t.Errorf("a class lists %d units, who has no rank has none: %v", found.Matching, err)
		}
	}
	var public string
	if err := d.db.Owner.QueryRow(`select string_agg(unit_code, ' ') from appraisals where published_at is not null`).Scan(&public); err != nil || public != "STC" {
		t.Errorf("%s can no longer explain: %v", public, err)
	}
}

// TestAKeyIsOfOnePublication: a form's key that has published one campaign publishes no
// other.
func TestAKeyIsOfOnePublication(t *testing.T) {
	d := newRankDesk(t, "STC")
	d.appraised("STC", 100, nil, nil)
	d.surveyed(80, "STC")
	key := uuid.New()
	if _, err := d.publish(func(n *storage.NewPublication) { n.Key = key }); err != nil {
		t.Fatal(err)
	}
	other := indexCampaign("STC")
	other.Code, other.Period = "cs-2025y", "2025y"
	code, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.officer().Person, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Key, n.Campaign = key, code }); brokenAt(err) != "key_reused" {
		t.Errorf("%v", err)
	}
}

// TestWhatIsWeighedIsNotPublished: at each moment of an appraisal a publication holds what
// rounds that are over gave, and no mark that is being weighed.
func TestWhatIsWeighedIsNotPublished(t *testing.T) {
	b := handedIn(t)
	ctx := context.Background()
	d := &rankDesk{desk: b.desk, code: "cs-2026y", all: staff.Scope{All: true}}
	var err error
	if d.c, err = b.db.Store.IndexCampaign(ctx, d.all, d.code); err != nil {
		t.Fatal(err)
	}
	d.appraised("SYT", 90, nil, nil)
	d.surveyed(80, "STC", "SYT")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	published := func() (storage.PublishedResult, storage.PublishedScore) {
		t.Helper()
		number, err := d.publish(func(n *storage.NewPublication) { n.Unranked, n.Reason = true, "Chấm lại" })
		must(err)
		r, err := b.db.Store.PublishedResult(ctx, d.all, d.code, number, "STC")
		must(err)
		sum := par.Points(0)
		for _, one := range r.Fields {
			sum += one.Points
		}
		if sum != r.Appraised+r.Surveyed {
			t.Errorf("publication %d: its fields come to %s, the unit to %s", number, sum, r.Appraised+r.Surveyed)
		}
		return r, r.Scores["2.4.1"]
	}
	must(b.give("2.4.1", 50, "Có kết quả"))
	if r, score := published(); !r.Open || r.Rank != 0 || r.Appraised != 0 || score.First != nil || !score.Self.Known {
		t.Errorf("first round: %+v, %+v", r.PublishedRow, score)
	}
	b.markAll()
	first, score := published()
	if !first.Open || first.Appraised == 0 || score.First == nil || score.First.Reason != "Có kết quả" || len(first.Missing) != 0 {
		t.Errorf("while the unit explains: %+v, %+v", first.PublishedRow, score)
	}
	b.explainDraft("2.4.1", "Xin bổ sung")
	must(b.explain())
	must(b.give("2.4.1", 100, "Giải trình thuyết phục"))
	if r, score := published(); !r.Open || r.Appraised != first.Appraised || score.First == nil || score.Second != nil {
		t.Errorf("second round: %+v, %+v", r.PublishedRow, score)
	}
	must(b.finish("2"))
	if r, score := published(); r.Open || r.Rank == 0 || r.Appraised != first.Appraised+50 || score.Before != nil || score.Second == nil || score.Second.Points != 100 {
		t.Errorf("done: %+v, %+v", r.PublishedRow, score)
	}
	must(b.db.Store.ReopenAppraisal(ctx, uuid.New(), b.id, []string{"2.4.1"}, "Nhầm", b.people[staff.Officer]))
	must(b.give("2.4.1", 75, "Một phần"))
	if r, score := published(); !r.Open || r.Rank != 0 || r.Appraised != first.Appraised+50 || score.Second != nil || score.Before == nil || score.Appraised().Final().Points != 100 {
		t.Errorf("opened again: %+v, %+v", r.PublishedRow, score)
	}
	must(b.finish("2"))
	if r, score := published(); r.Rank == 0 || r.Appraised != first.Appraised+25 || score.Before == nil || score.Second == nil || score.Second.Reason != "Một phần" {
		t.Errorf("at last: %+v, %+v", r.PublishedRow, score)
	}
}
