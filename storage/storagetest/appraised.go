package storagetest

import (
	"slices"
	"testing"

	"cchc/domain/par"
)

// Appraisal is a self-assessment that has been handed in and appraised, written by rows
// and not by the road that leads there.
type Appraisal struct {
	Campaign string
	Unit     string
	Set      par.Set
	Percent  int      // of each criterion's points, as marked
	Out      []string // criteria that do not apply
	Unmarked []string // criteria that nobody has marked
	By       int64    // who marked
}

// Appraise writes it.
func (d *Database) Appraise(t testing.TB, a Appraisal) {
	t.Helper()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := d.Owner.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	id := a.Campaign + "-" + a.Unit
	exec(`insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at) values ($1, 1, '{}', 'x', $2, now())`, id, a.By)
	exec(`insert into appraisals (document_id, campaign, unit_code, revision, stage, round_at, rung_at, created_at, ended_at)
		values ($1, $2, $3, 1, 'done', now(), now(), now(), now())`, id, a.Campaign, a.Unit)
	for i, f := range a.Set.Fields {
		exec(`insert into appraisal_fields (document_id, field, campaign, unit_code, appraiser, place, todo, marked, due_at, finished_at)
			values ($1, $2, $3, $4, 'SNV', $5, 0, 0, now(), now())`, id, f.Code, a.Campaign, a.Unit, i+1)
	}
	for i, c := range a.Set.Criteria {
		if !c.Asked() {
			continue
		}
		exec(`insert into index_scores (document_id, criterion, campaign, unit_code, field, place, most, self, asked) values ($1, $2, $3, $4, $5, $6, $7, $7, false)`,
			id, c.Code, a.Campaign, a.Unit, c.Field, i+1, int64(c.Max))
		out := slices.Contains(a.Out, c.Code)
		points := int64(c.Max) * int64(a.Percent) / 100
		if out {
			points = 0
		}
		if !slices.Contains(a.Unmarked, c.Code) {
			d.MarkScore(t, id, c.Code, points, out, a.By)
		}
	}
}

// MarkScore writes a mark of the first round.
func (d *Database) MarkScore(t testing.TB, document, criterion string, points int64, out bool, by int64) {
	t.Helper()
	const score = `update index_scores set first = $3, first_out = $4 where document_id = $1 and criterion = $2`
	if _, err := d.Owner.Exec(score, document, criterion, points, out); err != nil {
		t.Fatal(err)
	}
	const mark = `
		with given as (
			insert into appraisal_marks (key, document_id, criterion, round, points, out, reason, person_id, role, unit_code, at)
			values (gen_random_uuid(), $1, $2, 1, $3, $4, 'no evidence', $5, 'officer', 'SNV', now()) returning id)
		update appraisals set newest_mark = given.id from given where document_id = $1`
	if _, err := d.Owner.Exec(mark, document, criterion, points, out, by); err != nil {
		t.Fatal(err)
	}
}
