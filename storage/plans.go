package storage

import (
	"context"

	"cchc/domain/staff"
)

// PlanLine is a campaign of plans, counted over the reader's scope.
type PlanLine struct {
	Code   string `db:"code"`
	Name   string `db:"name"`
	Period string `db:"period"`
	Roster int    `db:"roster"` // plans asked for
	Plans  int    `db:"plans"`  // of them living, or lived
	// Document is the plan of a reader who has one; empty: there are several.
	Document string `db:"document"`
	TaskCounts
	Total int `db:"total"` // campaigns of plans
}

// Lives tells whether there is something to follow.
func (l PlanLine) Lives() bool { return l.Plans > 0 }

// PlanCampaigns lists the campaigns of plans in which the reader's scope has
// documents, the newest year first, at the instant of the reading. Page counts from 1.
func (s *Store) PlanCampaigns(ctx context.Context, scope staff.Scope, page int) ([]PlanLine, error) {
	concerns := within(scope, 1)
	plans := `
		select count(*) as roster, (select count(distinct document_id) from plan_leads where campaign = c.code) as plans, '' as document
		from documents d where d.campaign = c.code and ` + within(scope, 1)
	tasks := `
		select ` + statusAt(`statement_timestamp()`) + ` as status, n from task_tallies where campaign = c.code`
	if !scope.All {
		concerns = `exists (select from documents d where d.campaign = c.code and ` + concerns + `)`
		plans = `
			select count(*) as roster, count(t.document_id) as plans, case when count(*) = 1 then min(d.id) else '' end as document
			from documents d left join plan_trackings t on t.document_id = d.id
			where d.campaign = c.code and ` + within(scope, 1)
		tasks = `
			select ` + taskStatusAt(`statement_timestamp()`) + ` as status, 1 as n
			from plan_tasks where campaign = c.code and unit_code = any($1)`
	}
	list := `
		with page as (
			select c.code, c.name, c.period, c.launched_at, count(*) over () as total
			from campaigns c where c.kind = 'plan' and ` + concerns + `
			order by c.period desc, c.launched_at desc, c.code limit $2 offset $3
		)
		select c.code, c.name, c.period, c.total, p.*, t.*
		from page c, lateral (` + plans + `) p, lateral (
			select coalesce(sum(n) filter (where status = 'not_started'), 0) as not_started,
			       coalesce(sum(n) filter (where status = 'in_progress'), 0) as in_progress,
			       coalesce(sum(n) filter (where status = 'overdue'), 0) as overdue,
			       coalesce(sum(n) filter (where status = 'done_in_time'), 0) as done_in_time,
			       coalesce(sum(n) filter (where status = 'done_late'), 0) as done_late,
			       coalesce(sum(n) filter (where status = 'cancelled'), 0) as cancelled
			from (` + tasks + `) k) t
		order by c.period desc, c.launched_at desc, c.code`
	var lines []PlanLine
	err := s.db.SelectContext(ctx, &lines, list, scopeUnits(scope), CampaignPage, (max(page, 1)-1)*CampaignPage)
	return lines, wrap("list campaigns of plans", err)
}
