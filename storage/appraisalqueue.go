package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/staff"
)

// AppraisalQueueState is which fields of the queue are listed.
type AppraisalQueueState string

// The states.
const (
	AppraisalsOpen     AppraisalQueueState = "open"     // wait for the reader
	AppraisalsLate     AppraisalQueueState = "late"     // of them past the round's time
	AppraisalsFinished AppraisalQueueState = "finished" // the round is finished, the newest first
)

// AppraisalQueueStates lists them.
var AppraisalQueueStates = []AppraisalQueueState{AppraisalsOpen, AppraisalsLate, AppraisalsFinished}

// AppraisalQueuePage is how many rows a page has.
const AppraisalQueuePage = 50

// AppraisalFilter narrows and pages an appraiser's queue. The zero value of a field does
// not narrow; Page counts from 1.
type AppraisalFilter struct {
	State    AppraisalQueueState
	Campaign string
	Field    string
	Query    string // name of the unit, without diacritics too
	Group    string // units.unit_group
	Page     int
}

// Narrows tells whether anything but state and page is set.
func (f AppraisalFilter) Narrows() bool {
	return f.Campaign != "" || f.Field != "" || f.Query != "" || f.Group != ""
}

// AppraisalQueue is one page of the fields that the reader appraises.
type AppraisalQueue struct {
	Now    time.Time
	Rows   []AppraisalRow
	Total  int // rows of the state that fit the filter
	Open   int // over all
	Late   int // of them
	Choice []AppraisalChoice
}

// AppraisalRow is one field of one unit.
type AppraisalRow struct {
	Document     string          `db:"document_id"`
	Unit         string          `db:"unit_code"`
	UnitName     string          `db:"unit_name"`
	Campaign     string          `db:"campaign"`
	CampaignName string          `db:"campaign_name"`
	Form         string          `db:"form"`
	FormVersion  int             `db:"form_version"`
	Field        string          `db:"field"`
	FieldName    string          `db:"-"`
	Stage        appraisal.Stage `db:"stage"`
	Todo         int             `db:"todo"`
	Marked       int             `db:"marked"`
	DueAt        time.Time       `db:"due_at"`
	FinishedAt   *time.Time      `db:"finished_at"`
	LateAnswer   bool            `db:"late_answer"` // the unit's answer came too late and waits for the authority's word
}

// AppraisalChoice is a campaign and a field that the reader appraises, for the filter.
type AppraisalChoice struct {
	Campaign     string `db:"campaign"`
	CampaignName string `db:"campaign_name"`
	Form         string `db:"form"`
	FormVersion  int    `db:"form_version"`
	Field        string `db:"field"`
	FieldName    string `db:"-"`
}

// appraisalConditions are the rows of each state.
var appraisalConditions = map[AppraisalQueueState]struct{ where, order string }{
	AppraisalsOpen:     {`f.finished_at is null`, `f.due_at, f.document_id, f.place`},
	AppraisalsLate:     {`f.finished_at is null and f.due_at <= statement_timestamp()`, `f.due_at, f.document_id, f.place`},
	AppraisalsFinished: {`f.finished_at is not null`, `f.finished_at desc, f.document_id, f.place`},
}

// narrowed are the conditions that the filter sets, each as ` and …`, and the arguments
// with those that they need. One that is not set does not stand in the statement, so
// that each is planned for itself.
func (f AppraisalFilter) narrowed(args []any) (string, []any) {
	var where string
	add := func(set bool, condition string, values ...any) {
		if !set {
			return
		}
		places := make([]any, len(values))
		for i, value := range values {
			args = append(args, value)
			places[i] = len(args)
		}
		where += fmt.Sprintf(` and `+condition, places...)
	}
	key := Fold(f.Query)
	add(f.Campaign != "", `f.campaign = $%d`, f.Campaign)
	add(f.Field != "", `f.field = $%d`, f.Field)
	add(f.Group != "", `f.unit_code in (select code from units where unit_group = $%d)`, f.Group)
	add(key != "", `f.unit_code in (select code from units where name_key like $%d or lower(code) = $%d)`, "%"+likeEscape(key)+"%", key)
	return where, args
}

// AppraisalQueue reads a page of the fields that the reader appraises, at whichever of
// their units: those whose time ends first on top.
func (s *Store) AppraisalQueue(ctx context.Context, actor staff.Actor, filter AppraisalFilter) (AppraisalQueue, error) {
	asked, known := appraisalConditions[filter.State]
	if !known {
		return AppraisalQueue{}, fmt.Errorf("read queue of appraisals: no state %q", filter.State)
	}
	units := pq.Array(s.appraises(actor))
	narrow, args := filter.narrowed([]any{units})
	where := asked.where + narrow
	var q AppraisalQueue
	err := s.countQueue(ctx, &q, filter, where, args)
	if err == nil {
		err = s.listQueue(ctx, &q, filter, where, asked.order, args)
	}
	if err == nil {
		q.Choice, err = s.appraisalChoice(ctx, units)
	}
	return q, err
}

// countQueue counts what waits over all, and the rows that the page is one of. What is
// not narrowed is counted once.
func (s *Store) countQueue(ctx context.Context, q *AppraisalQueue, filter AppraisalFilter, where string, args []any) error {
	const waiting = `
		select clock_timestamp(), count(*), count(*) filter (where due_at <= statement_timestamp())
		from appraisal_fields where appraiser = any($1) and finished_at is null`
	if err := s.db.QueryRowxContext(ctx, waiting, args[0]).Scan(&q.Now, &q.Open, &q.Late); err != nil {
		return wrap("count queue of appraisals", err)
	}
	switch {
	case filter.State == AppraisalsOpen && !filter.Narrows():
		q.Total = q.Open
	case filter.State == AppraisalsLate && !filter.Narrows():
		q.Total = q.Late
	default:
		count := `select count(*) from appraisal_fields f where f.appraiser = any($1) and ` + where
		return wrap("count rows of the queue of appraisals", s.db.GetContext(ctx, &q.Total, count, args...))
	}
	return nil
}

// listQueue reads the page. Each appraiser's rows come out of the index in the queue's
// order, no more of them than the page may need: the planner would rather sort all rows
// of all appraisers.
func (s *Store) listQueue(ctx context.Context, q *AppraisalQueue, filter AppraisalFilter, where, order string, args []any) error {
	skip := (max(filter.Page, 1) - 1) * AppraisalQueuePage
	args = append(args, AppraisalQueuePage, skip, skip+AppraisalQueuePage)
	n := len(args)
	list := fmt.Sprintf(`
		with page as (
			select f.* from unnest($1::text[]) as own (code) cross join lateral (
				select f.document_id, f.unit_code, f.campaign, f.field, f.place, f.todo, f.marked, f.due_at, f.finished_at
				from appraisal_fields f where f.appraiser = own.code and `+where+` order by `+order+` limit $%d) f
			order by `+order+` limit $%d offset $%d)
		select f.document_id, f.unit_code, u.name as unit_name, f.campaign, c.name as campaign_name, c.form, c.form_version,
		       f.field, a.stage, f.todo, f.marked, f.due_at, f.finished_at,
		       exists (select from appraisal_steps x where x.document_id = f.document_id and x.late and x.answered_by is null) as late_answer
		from page f join appraisals a on a.document_id = f.document_id
		join units u on u.code = f.unit_code join campaigns c on c.code = f.campaign
		order by `+order, n, n-2, n-1)
	if err := s.db.SelectContext(ctx, &q.Rows, list, args...); err != nil {
		return wrap("read queue of appraisals", err)
	}
	for i, row := range q.Rows {
		name, err := s.fieldName(ctx, row.Form, row.FormVersion, row.Field)
		if err != nil {
			return err
		}
		q.Rows[i].FieldName = name
	}
	return nil
}

// appraisalChoice lists what the queue may be narrowed to: few campaigns of few fields,
// found by going from one to the next in the index.
func (s *Store) appraisalChoice(ctx context.Context, units any) ([]AppraisalChoice, error) {
	const list = `
		select c.code as campaign, c.name as campaign_name, c.form, c.form_version, v.field ->> 'code' as field
		from campaigns c join form_versions fv on fv.form = c.form and fv.version = c.form_version
		cross join lateral jsonb_array_elements(fv.content -> 'index' -> 'fields') with ordinality as v (field, n)
		cross join lateral (
			select from appraisal_fields f where f.campaign = c.code and f.appraiser = any($1) and f.field = v.field ->> 'code' limit 1) f
		where c.kind = 'index'
		order by c.launched_at desc, c.code, v.n`
	var rows []AppraisalChoice
	if err := s.db.SelectContext(ctx, &rows, list, units); err != nil {
		return nil, wrap("list appraised fields", err)
	}
	for i, row := range rows {
		name, err := s.fieldName(ctx, row.Form, row.FormVersion, row.Field)
		if err != nil {
			return nil, err
		}
		rows[i].FieldName = name
	}
	return rows, nil
}

// fieldName is the name of a field of a form's criteria; versions are kept once read.
func (s *Store) fieldName(ctx context.Context, code string, number int, field string) (string, error) {
	version, err := s.FormVersion(ctx, code, number)
	if err != nil || version.Index == nil {
		return "", err
	}
	f, _ := version.Index.Field(field)
	return f.Name, nil
}

// NextAppraisal is the first open field of the reader's queue after the one that is
// named, in the queue's order and of the same field where one waits; ok is false when
// nothing is left.
func (s *Store) NextAppraisal(ctx context.Context, actor staff.Actor, document, field string) (next AppraisalRow, ok bool, err error) {
	units := pq.Array(s.appraises(actor))
	for _, same := range []bool{true, false} {
		find := `
			select f.document_id, f.field from unnest($1::text[]) as own (code) cross join lateral (
				select f.document_id, f.field, f.place, f.due_at from appraisal_fields f
				where f.appraiser = own.code and f.finished_at is null and (f.document_id, f.field) <> ($2, $3) ` +
			narrowing(same, `and f.field = $3`, ``) + `
				order by f.due_at, f.document_id, f.place limit 1) f
			order by f.due_at, f.document_id, f.place limit 1`
		var rows []AppraisalRow
		if err := s.db.SelectContext(ctx, &rows, find, units, document, field); err != nil {
			return next, false, wrap("find the next appraisal", err)
		}
		if len(rows) != 0 {
			return rows[0], true, nil
		}
	}
	return next, false, nil
}

// AppraisalWork is what of appraisals waits for a person.
type AppraisalWork struct {
	Open        int    `db:"open"`         // fields that they appraise
	Late        int    `db:"late"`         // of them past the round's time
	Explaining  int    `db:"explaining"`   // of their units, whose answer is awaited
	Document    string `db:"document"`     // one of them
	LateAnswers int    `db:"late_answers"` // that wait for the authority's word
	LateOne     string `db:"late_one"`     // the document of one of them
}

// AppraisalWork counts what of appraisals waits for the actor.
func (s *Store) AppraisalWork(ctx context.Context, actor staff.Actor) (AppraisalWork, error) {
	const count = `
		select f.open, f.late, e.n as explaining, coalesce(e.document, '') as document, l.n as late_answers, coalesce(l.document, '') as late_one
		from (select count(*) as open, count(*) filter (where due_at <= statement_timestamp()) as late
		      from appraisal_fields where appraiser = any($1) and finished_at is null) f,
		     (select count(*) as n, min(document_id) as document from appraisals where stage = 'explaining' and unit_code = any($2)) e,
		     (select count(*) as n, min(document_id) as document from appraisal_steps where $3 and late and answered_by is null) l`
	own := []string{}
	for _, p := range actor.Positions {
		if p.Role == staff.Specialist || p.Role == staff.DivisionHead || p.Role == staff.Director {
			own = append(own, p.Unit)
		}
	}
	var work AppraisalWork
	officer := actor.Holds(staff.Officer, s.authority) || actor.Holds(staff.AuthorityHead, s.authority)
	units := s.appraises(actor)
	if len(own) == 0 && len(units) == 0 {
		return work, nil
	}
	err := s.db.GetContext(ctx, &work, count, pq.Array(units), pq.Array(own), officer)
	return work, wrap("count work of appraisals", err)
}

// AppraisalGap is what a campaign's appraisal still lacks in one unit: a field that its
// appraiser has not finished, or, without a field, the unit's answer or the authority's
// word about one that came too late.
type AppraisalGap struct {
	Document  string          `db:"document_id"`
	Unit      string          `db:"unit_code"`
	UnitName  string          `db:"unit_name"`
	Stage     appraisal.Stage `db:"stage"`
	Field     string          `db:"field"`
	Appraiser string          `db:"appraiser"` // unit's code; "": the unit, or the authority
	Todo      int             `db:"todo"`
	Marked    int             `db:"marked"`
	DueAt     *time.Time      `db:"due_at"`
	Late      bool            `db:"late"` // an answer that came too late waits
}

// AppraisalGaps is the first of what a campaign's appraisal still lacks.
type AppraisalGaps struct {
	Rows  []AppraisalGap
	Total int
}

// mostGaps is how many of them are listed: a city lacks tens of thousands at first.
const mostGaps = 300

// AppraisalGaps lists what a campaign's appraisal still lacks, within the scope, by unit.
func (s *Store) AppraisalGaps(ctx context.Context, campaign string, scope staff.Scope) (AppraisalGaps, error) {
	const list = `
		select d.* from (
			select f.document_id, f.unit_code, u.name as unit_name, a.stage, f.field, f.appraiser, f.todo, f.marked, f.due_at, false as late, f.place
			from appraisal_fields f join appraisals a on a.document_id = f.document_id join units u on u.code = f.unit_code
			where f.campaign = $1 and f.finished_at is null
			union all
			select a.document_id, a.unit_code, u.name, a.stage, '', '', 0, 0, a.due_at, false, 0
			from appraisals a join units u on u.code = a.unit_code where a.campaign = $1 and a.stage = 'explaining'
			union all
			select a.document_id, a.unit_code, u.name, a.stage, '', '', 0, 0, x.at, true, 0
			from appraisal_steps x join appraisals a on a.document_id = x.document_id join units u on u.code = a.unit_code
			where a.campaign = $1 and x.late and x.answered_by is null
		) d where `
	query := `select document_id, unit_code, unit_name, stage, field, appraiser, todo, marked, due_at, late, count(*) over () as total from (` +
		list + within(scope, 2) + `) g order by unit_name collate "vi-x-icu", document_id, place limit $3`
	var rows []struct {
		AppraisalGap
		Total int `db:"total"`
	}
	err := s.db.SelectContext(ctx, &rows, query, campaign, scopeUnits(scope), mostGaps)
	var gaps AppraisalGaps
	for _, row := range rows {
		gaps.Rows, gaps.Total = append(gaps.Rows, row.AppraisalGap), row.Total
	}
	return gaps, wrap("list gaps of an appraisal", err)
}

// AppraisalProgress is how far a campaign's appraisal is.
type AppraisalProgress struct {
	Now    time.Time
	Stages map[appraisal.Stage]int // appraisals by stage
	Late   map[appraisal.Stage]int // of them past the round's time
	Fields []FieldProgress
}

// FieldProgress is how far one appraiser is with one field of all units.
type FieldProgress struct {
	Field         string `db:"field"`
	Name          string `db:"-"`
	Appraiser     string `db:"appraiser"`
	AppraiserName string `db:"appraiser_name"`
	Units         int    `db:"units"`
	Open          int    `db:"open"` // units that wait
	Late          int    `db:"late"` // of them past the round's time
	Todo          int    `db:"todo"` // criteria of those that wait
	Marked        int    `db:"marked"`
}

// AppraisalProgress counts how far the appraisal of a campaign is, over all units.
func (s *Store) AppraisalProgress(ctx context.Context, c Campaign) (AppraisalProgress, error) {
	p := AppraisalProgress{Stages: map[appraisal.Stage]int{}, Late: map[appraisal.Stage]int{}}
	var err error
	if p.Now, err = s.Now(ctx); err != nil {
		return p, err
	}
	const stages = `
		select stage, count(*) as n, count(*) filter (where due_at <= $2) as late from appraisals where campaign = $1 group by stage`
	var counted []struct {
		Stage appraisal.Stage `db:"stage"`
		N     int             `db:"n"`
		Late  int             `db:"late"`
	}
	if err := s.db.SelectContext(ctx, &counted, stages, c.Code, p.Now); err != nil {
		return p, wrap("count appraisals", err)
	}
	for _, one := range counted {
		p.Stages[one.Stage], p.Late[one.Stage] = one.N, one.Late
	}
	const fields = `
		select f.field, f.appraiser, u.name as appraiser_name, count(*) as units,
		       count(*) filter (where f.finished_at is null) as open,
		       count(*) filter (where f.finished_at is null and f.due_at <= $2) as late,
		       coalesce(sum(f.todo) filter (where f.finished_at is null), 0) as todo,
		       coalesce(sum(f.marked) filter (where f.finished_at is null), 0) as marked
		from appraisal_fields f join units u on u.code = f.appraiser
		where f.campaign = $1 group by f.field, f.appraiser, u.name, f.place order by f.place, count(*) desc, f.appraiser`
	if err := s.db.SelectContext(ctx, &p.Fields, fields, c.Code, p.Now); err != nil {
		return p, wrap("count fields of appraisals", err)
	}
	for i, one := range p.Fields {
		if p.Fields[i].Name, err = s.fieldName(ctx, c.Form, c.FormVersion, one.Field); err != nil {
			return p, err
		}
	}
	return p, nil
}
