package storage

import (
	"context"

	"github.com/lib/pq"

	"cchc/domain/staff"
)

// OutageGiven is how much of a campaign was given more time because of outages.
type OutageGiven struct {
	Documents int `db:"documents"` // whose units' due has moved
	Rounds    int `db:"rounds"`    // self-assessments whose appraisal's round was prolonged
	Tasks     int `db:"tasks"`     // of living plans
}

// OutageGiven counts it within the scope. What an officer decided and has not been
// carried out is not counted.
func (s *Store) OutageGiven(ctx context.Context, scope staff.Scope, campaign string) (OutageGiven, error) {
	const count = `
		select count(distinct i.document_id) filter (where i.kind in ('documents', 'signed')) as documents,
		       count(distinct i.document_id) filter (where i.kind = 'appraisals') as rounds,
		       (select count(*) from plan_tasks t where t.campaign = $1 and t.extended_to is not null and ($2 or t.unit_code = any($3))) as tasks
		from outage_batch_items i left join decisions x on x.id = i.decision_id
		where i.campaign = $1 and i.outcome = 'taken' and coalesce(x.outcome, 'applied') = 'applied'
		  and ($2 or exists (select from documents d where d.id = i.document_id and d.unit_code = any($3)))`
	var given OutageGiven
	err := s.db.GetContext(ctx, &given, count, campaign, scope.All, pq.Array(scope.Units))
	return given, wrap("count what outages gave", err)
}

// dueGiven tells of document d whether its unit's due has moved because of an outage.
const dueGiven = `(d.extended_at is not null and coalesce((
	select true from outage_batch_items i left join decisions x on x.id = i.decision_id
	where i.campaign = d.campaign and i.document_id = d.id and i.kind in ('documents', 'signed') and i.outcome = 'taken' and coalesce(x.outcome, 'applied') = 'applied' limit 1), false))`
