package volume

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/storage"
)

// rules hold what the application's own road would have seen to: each counts the
// rows that break it. $1 and $2, $3 are the desks: stage, role, and whose.
var rules = []struct{ what, count string }{
	{"an open document has one open task, a closed one none", `
		select count(*) from documents d
		where (d.closed_at is null) <> (select count(*) = 1 from tasks t where t.document_id = d.id and t.closed_at is null)`},
	{"an open task lies at the desk of the document's stage, with its due", `
		select count(*) from tasks t join documents d on d.id = t.document_id
		where t.closed_at is null and (t.stage <> d.stage or t.due_at <> d.due_at or t.opened_at <> d.desk_since)`},
	{"a document has as many revisions as submissions, and the newest one's hash", `
		select count(*) from documents d
		where d.revision <> (select count(*) from revisions r where r.document_id = d.id)
		   or d.revision <> (select count(*) from decisions x where x.document_id = d.id and x.action = 'submit')
		   or d.content_hash <> coalesce((select r.content_hash from revisions r where r.document_id = d.id and r.revision = d.revision), '')`},
	{"the stage is where the last move of the history led", `
		select count(*) from documents d
		where d.stage <> (select h.to_stage from history h where h.document_id = d.id and h.person_id is not null order by h.at desc, h.id desc limit 1)`},
	{"each decision has its line in the history, at its time", `
		select count(*) from decisions x left join history h on h.key = 'decision:' || x.id
		where h.at is distinct from x.received_at or h.event <> x.action or h.person_id <> x.person_id`},
	{"a decision begins where the one before it ended", `
		select count(*) from (
			select from_stage, lag(to_stage) over (partition by document_id order by at, id) as before
			from history where person_id is not null
		) h where before is not null and before <> from_stage`},
	{"the first signature is remembered, and whether it came back", `
		select count(*) from documents d
		where d.first_signed_at is distinct from (select min(x.received_at) from decisions x where x.document_id = d.id and x.action = 'sign')
		   or d.returns <> (select count(*) from history h where h.document_id = d.id and h.event = 'return' and h.from_stage = 'authority_review')`},
	{"a document is closed when its last decision was received", `
		select count(*) from documents d where d.closed_at is not null
		  and d.closed_at <> (select max(x.received_at) from decisions x where x.document_id = d.id)`},
	{"nothing has happened before the launch, nor after now", `
		select count(*) from history h join documents d on d.id = h.document_id
		where h.at < d.created_at or h.at > clock_timestamp() + interval '1 day'`},
	{"nobody acts in one chain as two", `
		select count(*) from (select 1 from decisions group by document_id, person_id having count(distinct role) > 1) x`},
	{"a signature has its attempt, its number and its files", `
		select count(*) from decisions x
		where x.action = 'sign' and not exists (
			select from signing_attempts a
			join document_numbers n on n.document_id = a.document_id and n.revision = a.revision and n.number = a.number
			where a.id = x.attempt_id and a.state = 'signed' and n.state = 'issued' and a.content_hash = x.content_hash)`},
	{"whoever has decided on a document has it among what they handled", `
		select count(*) from (select document_id, person_id, max(received_at) as at from decisions group by 1, 2) x
		full join handled h using (document_id, person_id)
		join documents d on d.id = document_id
		where x.at is distinct from h.at or h.status <> d.status or h.open <> (d.closed_at is null)`},
	{"a document carries the group of its unit", `
		select count(*) from documents d join units u on u.code = d.unit_code where d.unit_group <> u.unit_group`},
	{"the sums of closed documents are their number", `
		select count(*) from closed_documents full join (
			select campaign, unit_group, status, punctuality, extended, returned, sum(n) as summed from document_tallies
			group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0) t using (campaign, unit_group, status, punctuality, extended, returned)
		where n is distinct from summed`},
	{"the sums of what each person has handled are its number", `
		select count(*) from closed_handled full join (
			select person_id, unit_code, status, sum(n) as summed from handled_tallies
			group by 1, 2, 3 having sum(n) <> 0) t using (person_id, unit_code, status)
		where n is distinct from summed`},
	{"the tasks of a plan that lives are those of its approved revision", `
		select count(*) from plan_trackings t join documents d on d.id = t.document_id
		join revisions r on r.document_id = d.id and r.revision = d.approved_revision
		where (select jsonb_agg(x.task order by x.place) from plan_tasks x where x.document_id = t.document_id) is distinct from r.content -> 'tasks'`},
	{"what was answered last is what a self-assessment froze", `
		select count(*) from documents d join revisions r on r.document_id = d.id and r.revision = d.revision
		join (select document_id, count(*) as n, jsonb_agg(answer) as answers from draft_answers group by 1) a on a.document_id = d.id
		where n <> jsonb_array_length(r.content -> 'answers') or not r.content -> 'answers' @> a.answers`},
	{"a completed task has its result, of its own day", `
		select count(*) from plan_tasks t left join task_entries e on e.id = t.result_id and e.document_id = t.document_id and e.task = t.key
		where t.done_on is distinct from e.issued_on`},
	{"the sums of tasks are their number", `
		select count(*) from counted_tasks full join (
			select campaign, unit_group, field, month, until, state, sum(n) as summed from task_tallies
			group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0) t using (campaign, unit_group, field, month, until, state)
		where n is distinct from summed`},
	{"the leads of a plan are counted", `
		select (select count(*) from (select * from counted_leads except select * from plan_leads) x)
		     + (select count(*) from (select * from plan_leads except select * from counted_leads) x)`},
	{"what was decided on is what had been frozen", `
		select count(*) from decisions x join revisions r on r.document_id = x.document_id and r.revision = x.revision
		where x.action in ('approve', 'sign', 'return', 'confirm') and r.content_hash <> x.content_hash`},
}

// Check holds the rows against the rules of the domain and every foreign key. The
// error lists all that is broken.
func Check(ctx context.Context, owner *sql.DB) error {
	var errs []error
	for _, rule := range rules {
		var broken int
		if err := owner.QueryRowContext(ctx, rule.count).Scan(&broken); err != nil {
			return fmt.Errorf("%s: %w", rule.what, err)
		}
		if broken > 0 {
			errs = append(errs, fmt.Errorf("%d rows: %s", broken, rule.what))
		}
	}
	return errors.Join(append(errs, checkSums(ctx, owner), checkMoves(ctx, owner), checkDesks(ctx, owner), checkKeys(ctx, owner))...)
}

// checkSums holds the stored sums against the documents they are made of.
func checkSums(ctx context.Context, owner *sql.DB) error {
	apart, err := storage.SumsApart(ctx, owner)
	if err != nil || apart > 0 {
		return errors.Join(err, fmt.Errorf("%d sums are not what the documents come to", apart))
	}
	return nil
}

// checkMoves holds every move in the history against the table of moves, each kind
// with its own end.
func checkMoves(ctx context.Context, owner *sql.DB) error {
	var known []string
	for _, m := range document.Moves {
		for _, kind := range document.Kinds {
			known = append(known, strings.Join([]string{string(kind), string(m.From), string(m.Action), string(m.Role), string(m.EndOf(kind))}, " "))
		}
	}
	const count = `
		select count(*) from history h join decisions x on h.key = 'decision:' || x.id join documents d on d.id = x.document_id
		where not d.kind || ' ' || h.from_stage || ' ' || h.event || ' ' || h.role || ' ' || h.to_stage = any($1)`
	var broken int
	if err := owner.QueryRowContext(ctx, count, pq.Array(known)).Scan(&broken); err != nil || broken > 0 {
		return errors.Join(err, fmt.Errorf("%d moves are not in the table of moves", broken))
	}
	return nil
}

// checkDesks holds every task against the desk of its stage.
func checkDesks(ctx context.Context, owner *sql.DB) error {
	var known []string
	for _, stage := range document.Stages {
		if role, desk, open := document.DeskOf(stage); open {
			known = append(known, strings.Join([]string{string(stage), string(role), string(desk)}, " "))
		}
	}
	const count = `
		select count(*) from tasks t join documents d on d.id = t.document_id
		where not t.stage || ' ' || t.role || ' ' || case when t.unit_code = d.unit_code then 'unit' else 'authority' end = any($1)`
	var broken int
	if err := owner.QueryRowContext(ctx, count, pq.Array(known)).Scan(&broken); err != nil || broken > 0 {
		return errors.Join(err, fmt.Errorf("%d tasks do not lie at the desk of their stage", broken))
	}
	return nil
}

// checkKeys looks for rows that point to nothing: the filling does not look at
// foreign keys row by row.
func checkKeys(ctx context.Context, owner *sql.DB) error {
	const list = `
		select c.conname, format('select count(*) from %s a left join %s b on %s where b.%I is null and %s',
			c.conrelid::regclass, c.confrelid::regclass,
			string_agg(format('a.%I = b.%I', f.attname, t.attname), ' and '), min(t.attname),
			string_agg(format('a.%I is not null', f.attname), ' and '))
		from pg_constraint c
		cross join unnest(c.conkey, c.confkey) as k (from_key, to_key)
		join pg_attribute f on f.attrelid = c.conrelid and f.attnum = k.from_key
		join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.to_key
		where c.contype = 'f' group by c.oid, c.conname, c.conrelid, c.confrelid`
	rows, err := owner.QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	checks := map[string]string{}
	for rows.Next() {
		var name, count string
		if err := rows.Scan(&name, &count); err != nil {
			return err
		}
		checks[name] = count
	}
	errs := []error{rows.Err()}
	for name, count := range checks {
		var broken int
		if err := owner.QueryRowContext(ctx, count).Scan(&broken); err != nil || broken > 0 {
			errs = append(errs, errors.Join(err, fmt.Errorf("%d rows break %s", broken, name)))
		}
	}
	return errors.Join(errs...)
}
