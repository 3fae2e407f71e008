package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/plan"
)

// What follows from the calendar besides campaigns and their documents: the last days
// of the tasks of living plans, and the dues of campaigns that are proposed.

// longestRest is more days than a day can be shifted over days off.
const longestRest = 60

// TaskMoves are the tasks of living plans whose last day moves alike.
type TaskMoves struct {
	From, To calendar.Day
	Tasks    int        // open ones
	Plans    int        // that they are in
	Listed   []TaskMove // the first of them, in order of unit
}

// TaskMove is one task whose last day moves.
type TaskMove struct {
	Document string `db:"document_id"`
	Key      string `db:"key"`
	UnitName string `db:"unit_name"`
	Name     string `db:"name"`
}

// ProposalMove is a proposed campaign whose due moves.
type ProposalMove struct {
	ID       int64
	Name     string
	From, To time.Time
}

// deadlineMove is one deadline of one form's plans that ends on another day.
type deadlineMove struct {
	Form     string       `db:"form"`
	Version  int          `db:"form_version"`
	Deadline string       `db:"deadline"`
	LastDay  calendar.Day `db:"last_day"`
	Tasks    int          `db:"tasks"`
	Plans    int          `db:"plans"`

	to   calendar.Day
	ends time.Time
}

// near are the last days that the change can move.
func near(change calendar.Change) (first, last calendar.Day) {
	first, last, _ = change.Bounds()
	return first.Add(-longestRest), last.Add(longestRest)
}

// movedDeadlines are the deadlines of living plans that end on another day. Tasks with
// the same deadline move together, so that what is reckoned does not grow with the
// city. A day that was given after an outage stays; where the deadline's own comes to
// lie later, the plan's next look (sync) takes that.
func (s *Store) movedDeadlines(ctx context.Context, tx *sqlx.Tx, change calendar.Change, after calendar.Calendar) ([]deadlineMove, error) {
	const list = `
		select c.form, c.form_version, t.task ->> 'deadline' as deadline, t.last_day,
		       count(*) filter (where t.done_on is null) as tasks,
		       count(distinct t.document_id) filter (where t.done_on is null) as plans
		from plan_tasks t join plan_trackings k on k.document_id = t.document_id join campaigns c on c.code = t.campaign
		where t.last_day between $1 and $2 and t.cancelled_at is null and t.extended_to is null and k.ended_at is null
		group by 1, 2, 3, 4 order by t.last_day, 1, 2, 3`
	first, last := near(change)
	var all []deadlineMove
	if err := tx.SelectContext(ctx, &all, list, first, last); err != nil {
		return nil, wrap("list deadlines", err)
	}
	var moved []deadlineMove
	for _, one := range all {
		version, err := s.formVersion(ctx, tx, one.Form, one.Version)
		if err != nil {
			return nil, err
		}
		deadline, err := plan.ParseDeadline(one.Deadline)
		if err != nil || version.Plan == nil {
			return nil, fmt.Errorf("read deadline %q of form %s/%d: %w", one.Deadline, one.Form, one.Version, err)
		}
		to, named := deadline.LastDay(version.Plan.Deadline, after)
		if !named || to == one.LastDay {
			continue
		}
		one.to = to
		one.ends, _ = deadline.LastInstant(version.Plan.Deadline, after)
		moved = append(moved, one)
	}
	return moved, nil
}

// tasksListed is how many tasks of one day are named.
const tasksListed = 100

// taskMoves counts and names the tasks that move, by day.
func taskMoves(ctx context.Context, tx *sqlx.Tx, deadlines []deadlineMove) ([]TaskMoves, error) {
	const list = `
		select t.document_id, t.key, u.name as unit_name, t.task ->> 'name' as name
		from unnest($1::text[], $2::int[], $3::text[]) m (form, version, deadline)
		join campaigns c on c.form = m.form and c.form_version = m.version
		join plan_tasks t on t.campaign = c.code and t.last_day = $4 and t.task ->> 'deadline' = m.deadline
		join plan_trackings k on k.document_id = t.document_id
		join units u on u.code = t.unit_code
		where t.cancelled_at is null and t.done_on is null and t.extended_to is null and k.ended_at is null
		order by u.name collate "vi-x-icu", t.document_id, t.place limit $5`
	var moves []TaskMoves
	parts := map[int][]deadlineMove{}
	for _, one := range deadlines {
		at := slices.IndexFunc(moves, func(m TaskMoves) bool { return m.From == one.LastDay && m.To == one.to })
		if at < 0 {
			at = len(moves)
			moves = append(moves, TaskMoves{From: one.LastDay, To: one.to})
		}
		moves[at].Tasks, moves[at].Plans = moves[at].Tasks+one.Tasks, moves[at].Plans+one.Plans
		parts[at] = append(parts[at], one)
	}
	for at := range moves { // a day that is edited moves the deadlines of a few days
		columns := columnsOf(parts[at])
		if err := tx.SelectContext(ctx, &moves[at].Listed, list, columns.forms, columns.versions, columns.codes, moves[at].From, tasksListed); err != nil {
			return nil, wrap("list tasks that move", err)
		}
	}
	return slices.DeleteFunc(moves, func(m TaskMoves) bool { return m.Tasks == 0 }), nil
}

// deadlineColumns are deadlines that move, column by column.
type deadlineColumns struct{ forms, versions, codes, days, ends any }

func columnsOf(moves []deadlineMove) deadlineColumns {
	var forms, codes, days []string
	var versions []int64
	var ends []time.Time
	for _, one := range moves {
		forms, codes, versions = append(forms, one.Form), append(codes, one.Deadline), append(versions, int64(one.Version))
		days, ends = append(days, one.to.String()), append(ends, one.ends)
	}
	return deadlineColumns{pq.Array(forms), pq.Array(versions), pq.Array(codes), pq.Array(days), pq.Array(ends)}
}

// moveTasks gives the tasks of living plans their new last days. The caller holds
// their documents' rows; workflows are told with all others.
func moveTasks(ctx context.Context, tx *sqlx.Tx, e CalendarEdit, effect CalendarEffect) error {
	const move = `
		update plan_tasks t set last_day = m.last_day, ends_at = m.ends_at
		from unnest($1::text[], $2::int[], $3::text[], $4::date[], $5::timestamptz[]) m (form, version, deadline, last_day, ends_at)
		join campaigns c on c.form = m.form and c.form_version = m.version
		where t.campaign = c.code and t.task ->> 'deadline' = m.deadline and t.last_day between $6 and $7
		  and t.cancelled_at is null and t.extended_to is null and exists (select from plan_trackings k where k.document_id = t.document_id and k.ended_at is null)`
	if len(effect.deadlines) == 0 {
		return nil
	}
	columns := columnsOf(effect.deadlines)
	first, last := near(e.Change)
	_, err := tx.ExecContext(ctx, move, columns.forms, columns.versions, columns.codes, columns.days, columns.ends, first, last)
	return wrap("move tasks of plans", err)
}

// movedProposals are the open proposals whose due follows from its rule and moves.
func movedProposals(ctx context.Context, tx *sqlx.Tx, before, after calendar.Calendar) ([]ProposalMove, error) {
	const list = readProposal + ` where o.state = 'open' order by o.due_at, o.id`
	var open []Proposal
	if err := tx.SelectContext(ctx, &open, list); err != nil {
		return nil, wrap("list open proposals", err)
	}
	rules, err := loadRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	var moves []ProposalMove
	for _, one := range open {
		p, err := period.Parse(one.Period)
		if err != nil {
			return nil, fmt.Errorf("read period of proposal %d: %w", one.ID, err)
		}
		// Units have their days from the day on which it was proposed, however many days
		// ahead of the year the series proposes since.
		series := campaign.Series{Plans: one.Plans, LeadDays: campaign.MaxLeadDays}
		was, known := series.At(p, one.ProposedAt, rules, before)
		is, _ := series.At(p, one.ProposedAt, rules, after)
		if from, to := was.Due.LastInstant(before), is.Due.LastInstant(after); known && from.Equal(one.DueAt) && !from.Equal(to) {
			moves = append(moves, ProposalMove{ID: one.ID, Name: one.Name(), From: from, To: to})
		}
	}
	return moves, nil
}

func moveProposals(ctx context.Context, tx *sqlx.Tx, _ CalendarEdit, effect CalendarEffect) error {
	const move = `
		update campaign_proposals o set due_at = m.due_at
		from unnest($1::bigint[], $2::timestamptz[]) m (id, due_at) where o.id = m.id and o.state = 'open'`
	if len(effect.Proposals) == 0 {
		return nil
	}
	var ids []int64
	var dues []time.Time
	for _, one := range effect.Proposals {
		ids, dues = append(ids, one.ID), append(dues, one.To)
	}
	_, err := tx.ExecContext(ctx, move, pq.Array(ids), pq.Array(dues))
	return wrap("move proposals", err)
}
