package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/par"
)

// beginAppraisal opens the appraisal of what was just handed in: the unit's own scores
// are frozen, every field goes to whoever appraises it, and the relay starts its
// workflow.
func (r *recorder) beginAppraisal(ctx context.Context, at time.Time) error {
	return r.store.openAppraisal(ctx, r.tx, r.doc, at)
}

func (s *Store) openAppraisal(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, at time.Time) error {
	a := &lockedAppraisal{store: s, tx: tx, doc: doc, Now: at, RoundAt: at, Stage: appraisal.First}
	if err := a.readRules(ctx); err != nil {
		return err
	}
	found, err := s.frozenOf(ctx, tx, revisionKey{doc.ID, doc.Revision})
	if err != nil {
		return err
	}
	const begin = `
		insert into appraisals (document_id, campaign, unit_code, revision, round_at, due_at, rung_at, wake_at, created_at)
		values ($1, $2, $3, $4, $5, $6, $5, $5::timestamptz - interval '2 minutes', $5)`
	due := a.schedule.Due(appraisal.First, at, a.days)
	if _, err := tx.ExecContext(ctx, begin, doc.ID, doc.Campaign, doc.Unit, doc.Revision, at, due); err != nil {
		return wrap("begin appraisal", err)
	}
	if err := a.addFields(ctx, due); err != nil {
		return err
	}
	if err := a.addScores(ctx, par.Answers(found[revisionKey{doc.ID, doc.Revision}].content.Answers)); err != nil {
		return err
	}
	return a.addStep(ctx, appraisalStep{Key: doc.ID + ":begin", Action: appraisal.Begin, From: appraisal.First, To: appraisal.First, At: at})
}

// addFields writes who appraises which field; one without criteria that units answer
// is nobody's.
func (a *lockedAppraisal) addFields(ctx context.Context, due time.Time) error {
	const add = `
		insert into appraisal_fields (document_id, field, campaign, unit_code, appraiser, place, todo, due_at)
		select $1, f.field, $2, $3, f.appraiser, f.place, f.todo, $4
		from unnest($5::text[], $6::text[], $7::int[], $8::int[]) as f (field, appraiser, place, todo)`
	var codes, appraisers []string
	var places, todo []int64
	for i, f := range a.set.Fields {
		asked := 0
		for _, c := range a.set.InField(f.Code) {
			if c.Asked() {
				asked++
			}
		}
		if asked > 0 {
			codes, appraisers = append(codes, f.Code), append(appraisers, appraisal.Appraiser(f, a.doc.Unit, a.store.authority))
			places, todo = append(places, int64(i+1)), append(todo, int64(asked))
		}
	}
	_, err := a.tx.ExecContext(ctx, add, a.doc.ID, a.doc.Campaign, a.doc.Unit, due,
		pq.Array(codes), pq.Array(appraisers), pq.Array(places), pq.Array(todo))
	return wrap("add fields of an appraisal", err)
}

// addScores freezes the unit's own scores.
func (a *lockedAppraisal) addScores(ctx context.Context, given map[string]par.Answer) error {
	const add = `
		insert into index_scores (document_id, criterion, campaign, unit_code, field, place, most, self, self_out)
		select $1, s.criterion, $2, $3, s.field, s.place, s.most, nullif(s.self, -1), s.self_out
		from unnest($4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::boolean[]) as s (criterion, field, place, most, self, self_out)`
	var codes, fields []string
	var places, most, self []int64
	var out []bool
	for i, c := range a.set.Criteria {
		if !c.Asked() {
			continue
		}
		score := c.Score(given[c.Code], a.year)
		points := int64(-1)
		if score.Known {
			points = int64(score.Points)
		}
		codes, fields, places = append(codes, c.Code), append(fields, c.Field), append(places, int64(i+1))
		most, self, out = append(most, int64(c.Max)), append(self, points), append(out, score.NotApplicable)
	}
	_, err := a.tx.ExecContext(ctx, add, a.doc.ID, a.doc.Campaign, a.doc.Unit,
		pq.Array(codes), pq.Array(fields), pq.Array(places), pq.Array(most), pq.Array(self), pq.Array(out))
	return wrap("add scores", err)
}

// Beginning is what a look for appraisals to begin came to.
type Beginning struct {
	Begun  int
	Failed map[string]error // why not, by document
	Next   string           // the document after which the next look goes on; "": all have been looked at
}

// BeginAppraisals opens the appraisals of self-assessments that were handed in before there
// were any: it looks at no more than limit, those after the named one. One that cannot be
// opened keeps no other from it.
func (s *Store) BeginAppraisals(ctx context.Context, after string, limit int) (Beginning, error) {
	const find = `
		select d.id from documents d
		where d.stage = 'handed_in' and d.id > $1 and not exists (select from appraisals a where a.document_id = d.id)
		order by d.id limit $2`
	var ids []string
	if err := s.db.SelectContext(ctx, &ids, find, after, limit); err != nil {
		return Beginning{}, wrap("look for appraisals to begin", err)
	}
	found := Beginning{Failed: map[string]error{}}
	for _, id := range ids {
		if err := s.inTx(ctx, func(tx *sqlx.Tx) error { return s.beginMissing(ctx, tx, id) }); err != nil {
			found.Failed[id] = err
			continue
		}
		found.Begun++
	}
	if len(ids) == limit {
		found.Next = ids[limit-1]
	}
	return found, ctx.Err()
}

func (s *Store) beginMissing(ctx context.Context, tx *sqlx.Tx, id string) error {
	doc, err := lockDocument(ctx, tx, id)
	if err != nil {
		return err
	}
	const look = `select clock_timestamp() as now, exists (select from appraisals where document_id = $1) as begun`
	var at struct {
		Now   time.Time `db:"now"`
		Begun bool      `db:"begun"`
	}
	if err := tx.GetContext(ctx, &at, look, id); err != nil || at.Begun || doc.Stage != document.HandedIn {
		return wrap("look for an appraisal", err)
	}
	return s.openAppraisal(ctx, tx, doc, at.Now)
}
