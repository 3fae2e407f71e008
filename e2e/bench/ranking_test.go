package bench

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
	"cchc/storage/storagetest/volume"
)

// rankings is how often the ranking is reckoned, each time beside its bare statement.
const rankings = 9

// measureRanking: the whole city's self-assessments are ranked, beside the statement that
// reads them; then published; then the pages. Engine and worker rest meanwhile.
func (t *town) measureRanking(b *testing.B) {
	t.open(b)
	ctx, all := context.Background(), staff.Scope{All: true}
	code := volume.IndexCampaign(volume.IndexYear(time.Now()) - 1) // the newest is the appraisers'
	c, err := t.Store.IndexCampaign(ctx, all, code)
	if err != nil {
		b.Fatal(err)
	}
	t.appraiseAll(b, c)
	t.Kill(stack.Worker, stack.Temporal)
	defer t.Revive(stack.Temporal, stack.Worker)
	var ranking storage.Ranking
	rank := func() error {
		ranking, err = t.Store.Ranking(ctx, all, c)
		return err
	}
	raw, statements := t.bareReaders(b, 1)[0], t.record(b, rank)
	if len(statements) != 1 || ranking.Ranked() != everyone {
		b.Fatalf("%d statements, %d units of %d ranked", len(statements), ranking.Ranked(), everyone)
	}
	var took, floors, marks []time.Duration
	for range rankings {
		began := time.Now()
		if err := rank(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		began = time.Now()
		if err := raw.run(statements); err != nil {
			b.Fatal(err)
		}
		floors = append(floors, time.Since(began))
		began = time.Now()
		t.rankByMarks(b, code)
		marks = append(marks, time.Since(began))
	}
	p, f, m := percentile(took, 50), percentile(floors, 50), percentile(marks, 50)
	what := fmt.Sprintf("ranking of %d self-assessments, %d criteria", everyone, len(c.Set.Criteria))
	t.figures.add(what, milliseconds(p), milliseconds(m)+" for SQL that ranks by every mark", p.Seconds()/m.Seconds())
	t.figures.add("the same", milliseconds(p), milliseconds(f)+" for its bare statement, which reads sums", p.Seconds()/f.Seconds())
	t.publishAll(b, c, ranking)
	t.measureResults(b, code)
}

// rankByMarks is what a ranking costs in SQL alone: every mark and opinion of the city is
// read, added up and ranked. Rounding, caps, classes and what is missing are not in it.
func (t *town) rankByMarks(b *testing.B, code string) {
	b.Helper()
	const rank = `
		select count(*), max(place) from (
			select d.unit_code, rank() over (partition by u.unit_group order by s.points + coalesce(o.points, 0) desc) as place
			from documents d join units u on u.code = d.unit_code
			join (select document_id, sum(final) filter (where not final_out) as points from index_scores where campaign = $1 group by document_id) s on s.document_id = d.id
			left join (select unit_code, sum(mean) as points from survey_opinions where campaign = $1 group by unit_code) o on o.unit_code = d.unit_code
			where d.campaign = $1) r`
	var n, last int
	if err := t.Owner.QueryRow(rank, code).Scan(&n, &last); err != nil || n != everyone {
		b.Fatalf("%d units are ranked by their marks, %v", n, err)
	}
}

// appraiseAll marks every criterion of every self-assessment and has every group asked
// about every unit.
func (t *town) appraiseAll(b *testing.B, c storage.IndexCampaign) {
	b.Helper()
	var codes, fields []string
	var places, most []int64
	for i, one := range c.Set.Criteria {
		if one.Asked() {
			codes, fields = append(codes, one.Code), append(fields, one.Field)
			places, most = append(places, int64(i+1)), append(most, int64(one.Max))
		}
	}
	t.exec(b, `insert into appraisals (document_id, campaign, unit_code, revision, stage, round_at, rung_at, created_at, ended_at)
		select id, campaign, unit_code, revision, 'done', now(), now(), now(), now() from documents where campaign = $1 and stage = 'handed_in'
		on conflict (document_id) do update set stage = 'done', due_at = null, wake_at = null, ended_at = now()`, c.Code)
	t.exec(b, `insert into appraisal_fields (document_id, field, campaign, unit_code, appraiser, place, todo, marked, due_at, finished_at)
		select a.document_id, f.field, a.campaign, a.unit_code, 'SNV', 1, 0, 0, now(), now()
		from appraisals a, (select distinct unnest($2::text[]) as field) f where a.campaign = $1
		on conflict (document_id, field) do update set finished_at = now()`, c.Code, pq.Array(fields))
	t.exec(b, `insert into index_scores (document_id, criterion, campaign, unit_code, field, place, most, self, first, asked)
		select a.document_id, s.criterion, a.campaign, a.unit_code, s.field, s.place, s.most, s.most,
		       s.most * (50 + ('x' || substr(md5(a.document_id || s.criterion), 1, 6))::bit(24)::int % 51) / 100, false
		from appraisals a, unnest($2::text[], $3::text[], $4::int[], $5::int[]) as s (criterion, field, place, most) where a.campaign = $1
		on conflict (document_id, criterion) do update set first = excluded.first, first_out = false, asked = false, marked = false`,
		c.Code, pq.Array(codes), pq.Array(fields), pq.Array(places), pq.Array(most))
	t.exec(b, `insert into appraisal_marks (key, document_id, criterion, round, points, reason, person_id, role, unit_code, at)
		select gen_random_uuid(), document_id, criterion, 1, first, 'x', $2, 'officer', 'SNV', now() from index_scores where campaign = $1`, c.Code, t.officer.Person)
	t.exec(b, `insert into files (hash, size, media_type) values (repeat('a', 64), 1, 'x') on conflict do nothing`)
	t.exec(b, `insert into survey_imports (campaign, hash, name, uploaded_by) values ($1, repeat('a', 64), 'a.xlsx', $2) on conflict do nothing`, c.Code, t.officer.Person)
	t.surveyAll(b, c)
	t.exec(b, `vacuum analyze appraisals, appraisal_fields, index_scores, index_sums, appraisal_marks, survey_opinions, survey_sums`)
	if n, want := t.Count(`select count(*) from index_scores where campaign = $1`, c.Code), everyone*len(codes); n != want {
		b.Fatalf("%d scores, want %d", n, want)
	}
}

// surveyAll takes the answers of every group about every unit over, as a workbook's are.
func (t *town) surveyAll(b *testing.B, c storage.IndexCampaign) {
	b.Helper()
	ctx := context.Background()
	one := storage.SurveyImport{Campaign: c.Code, Name: "a.xlsx"}
	if err := t.Owner.QueryRow(`select max(id) from survey_imports where campaign = $1`, c.Code).Scan(&one.ID); err != nil {
		b.Fatal(err)
	}
	units, err := t.Store.CampaignUnits(ctx, c.Code)
	if err != nil {
		b.Fatal(err)
	}
	var opinions []par.UnitOpinion
	for _, unit := range units {
		for _, criterion := range c.Set.Surveys() {
			for _, w := range criterion.Rule.Weights {
				mean := decimal.OfTenThousandths(600_000 + int64(len(opinions)*7919%400_001))
				opinions = append(opinions, par.UnitOpinion{Unit: unit.Code, Opinion: par.Opinion{Criterion: criterion.Code, Group: w.Group, Mean: mean, Answers: 30}})
			}
		}
	}
	changes, err := t.Store.SurveyChanges(ctx, c.Code, opinions)
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	n, err := t.Store.ApplySurvey(ctx, one, opinions, changes.Digest, t.officer, storage.Audit{Person: t.officer.Person})
	if err != nil {
		b.Fatal(err)
	}
	t.figures.add(fmt.Sprintf("%d survey results taken over", n), seconds(time.Since(began)), "", 0)
}

// publishAll freezes the ranking.
func (t *town) publishAll(b *testing.B, c storage.IndexCampaign, ranking storage.Ranking) {
	b.Helper()
	today := calendar.DayOf(time.Now())
	n := storage.NewPublication{
		Key: uuid.New(), Campaign: c.Code, Digest: ranking.Digest, Next: 1, FileName: "qd.pdf", FileData: bytes.NewReader([]byte("%PDF-1.4\n%%EOF\n")),
		Announcement: par.Announcement{Number: "1/QD", IssuedOn: &today, Title: "x"}, Actor: t.officer, Audit: storage.Audit{Person: t.officer.Person},
	}
	began := time.Now()
	if _, err := t.Store.Publish(context.Background(), n); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	if rows := t.Count(`select count(*) from published_results where campaign = $1 and rank is not null`, c.Code); rows != everyone {
		b.Fatalf("%d results are published, want %d", rows, everyone)
	}
	t.figures.add(fmt.Sprintf("publication of %d results, every score frozen", everyone), seconds(took), "", 0)
	t.exec(b, `vacuum analyze published_results`)
}

// measureResults: the pages of the ranking and of what is published.
func (t *town) measureResults(b *testing.B, code string) {
	b.Helper()
	raw := t.bareReaders(b, readers)
	var unit string
	if err := t.Owner.QueryRow(`select unit_code from published_results where campaign = $1 and unit_code like 'ZZ%' order by unit_code limit 1`, code).Scan(&unit); err != nil {
		b.Fatal(err)
	}
	base := "/campaigns/" + code
	statements := map[string][]recorded{}
	for _, page := range []pageRead{
		{"ranking before publication, 1st and 20th page", volume.Officer, []string{base + "/ranking?group=communes", base + "/ranking?group=communes&page=20"}, 0},
		{"published results, 1st and 20th page", volume.Officer, []string{base + "/results?group=communes", base + "/results?group=communes&page=20"}, 0},
		{"published result of a unit", volume.Username(unit, "specialist"), []string{base + "/results/" + unit}, 0},
	} {
		statements[page.name] = t.measurePage(b, page, raw)
	}
	t.explainPages(b, statements)
}
