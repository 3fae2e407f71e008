package volume

import (
	"fmt"

	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/par"
)

// roundDays is how far ahead the first round of the newest year ends.
const roundDays = 10

// keepScores keeps what a self-assessment comes to, as an appraisal freezes it.
func (m *maker) keepScores(v int, set par.Set, c form.Content, year int) error {
	given := par.Answers(c.Answers)
	var codes, fields []string
	var places, most, self []int64
	var out []bool
	for i, one := range set.Criteria {
		if score := one.Score(given[one.Code], year); one.Asked() {
			codes, fields, places = append(codes, one.Code), append(fields, one.Field), append(places, int64(i+1))
			most, self, out = append(most, int64(one.Max)), append(self, int64(score.Points)), append(out, score.NotApplicable)
		}
	}
	return m.exec(`insert into content_score select $1, * from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::boolean[])`,
		v, pq.Array(codes), pq.Array(fields), pq.Array(places), pq.Array(most), pq.Array(self), pq.Array(out))
}

// keepFields keeps who owns which field.
func (m *maker) keepFields(set par.Set) error {
	for i, f := range set.Fields {
		asked := 0
		for _, c := range set.InField(f.Code) {
			if c.Asked() {
				asked++
			}
		}
		if asked == 0 {
			continue
		}
		if err := m.exec(`insert into content_field values ($1, $2, $3, $4)`, f.Code, f.Appraiser, i+1, asked); err != nil {
			return err
		}
	}
	return nil
}

// appraisals are those of every self-assessment: over in the years before, in the first
// round in the newest, where three fields of ten are finished.
func (m *maker) appraisals() error {
	now, newest := pq.QuoteLiteral(m.now.Format("2006-01-02T15:04:05Z"))+`::timestamptz`, fmt.Sprint(indexRound)
	finished := `pg_temp.luck(a.document_id, f.field) < 300`
	return m.all(`
		insert into appraisals (document_id, campaign, unit_code, revision, stage, round_at, due_at, rung_at, wake_at, created_at, ended_at)
		select p.id, r.code, p.unit, p.revision, case when p.c = `+newest+` then 'first' else 'done' end, p.last,
		       case when p.c = `+newest+` then `+now+` + interval '`+fmt.Sprint(roundDays)+` days' end, p.last,
		       case when p.c = `+newest+` then `+now+` + interval '1 year' end, p.last, case when p.c <> `+newest+` then p.last end
		from plan p join rounds r on r.c = p.c where r.written = '`+scored+`' and p.status = 'handed_in' order by p.n`, `
		insert into appraisal_fields (document_id, field, campaign, unit_code, appraiser, place, todo, marked, due_at, finished_at)
		select a.document_id, f.field, a.campaign, a.unit_code, case when o.code is null or o.code = a.unit_code then '`+Authority+`' else o.code end,
		       f.place, case when a.stage = 'first' then f.todo else 0 end, case when a.stage = 'first' and `+finished+` then f.todo else 0 end,
		       coalesce(a.due_at, a.ended_at), case when a.stage = 'done' or `+finished+` then a.created_at end
		from appraisals a cross join content_field f left join units o on o.code = f.owner order by a.document_id, f.place`, `
		insert into index_scores (document_id, criterion, campaign, unit_code, field, place, most, self, self_out, first, first_out, asked, marked)
		select a.document_id, s.criterion, a.campaign, a.unit_code, s.field, s.place, s.most, s.self, s.out,
		       case when f.finished_at is not null then s.self end, f.finished_at is not null and s.out, a.stage = 'first', a.stage = 'first' and f.finished_at is not null
		from appraisals a join plan p on p.id = a.document_id join content_score s on s.v = (p.v + p.revision) % 48
		join appraisal_fields f on f.document_id = a.document_id and f.field = s.field order by a.document_id, s.place`, `
		select sum_scores_of(array_agg(document_id)) from appraisals`, `
		insert into appraisal_marks (key, document_id, criterion, round, points, out, person_id, role, unit_code, at)
		select gen_random_uuid(), s.document_id, s.criterion, 1, s.first, s.first_out, (select id from persons where username = '`+Officer+`'), 'officer', '`+Authority+`', f.finished_at
		from index_scores s join appraisal_fields f on f.document_id = s.document_id and f.field = s.field
		where s.marked order by s.document_id, s.place`, `
		insert into appraisal_steps (key, document_id, action, from_stage, to_stage, at)
		select document_id || ':begin', document_id, 'begin', 'first', 'first', created_at from appraisals order by document_id`)
}
