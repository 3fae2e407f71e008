package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// DeadlineKind is what sort of deadline an outage touched.
type DeadlineKind string

// The kinds.
const (
	DeadlineDocuments  DeadlineKind = "documents"  // dues of documents at their units' desks
	DeadlineSigned     DeadlineKind = "signed"     // dues by which documents were signed late
	DeadlineReviews    DeadlineKind = "reviews"    // the authority's own dues to confirm documents
	DeadlineAppraisals DeadlineKind = "appraisals" // ends of the rounds of appraisals
	DeadlineTasks      DeadlineKind = "tasks"      // last days of tasks of living plans
)

// DeadlineKinds lists every kind, in the order of pages.
var DeadlineKinds = []DeadlineKind{DeadlineDocuments, DeadlineSigned, DeadlineReviews, DeadlineAppraisals, DeadlineTasks}

// deadlineCampaign is a campaign's own due, which moves with that of its documents.
const deadlineCampaign DeadlineKind = "campaign"

// Refusals of deadlines that are to be extended after an outage.
const (
	OutageUnconfirmed rule.Code = "outage_unconfirmed" // nobody has said that it was one
	OutageGoesOn      rule.Code = "outage_goes_on"     // nothing is given back before it is over
	DeadlinesMissing  rule.Code = "deadlines_missing"  // nothing was chosen
	DueMovedMeanwhile rule.Code = "due_moved_meanwhile"
)

// DeadlineGroup is deadlines of one campaign that an outage touched alike.
type DeadlineGroup struct {
	Kind      DeadlineKind `db:"kind"`
	Campaign  string       `db:"campaign"`
	Name      string       `db:"name"`
	Due       time.Time    `db:"due"`       // the end of the time allowed
	Own       bool         `db:"own"`       // it is the campaign's own due
	Extended  bool         `db:"extended"`  // somebody has extended these since the outage began
	Documents int          `db:"documents"` // plans, for tasks
	Tasks     int          `db:"tasks"`
	Tried     int          `db:"tried"` // of the documents: where an attempt failed

	LastDay calendar.Day `db:"-"` // of the time allowed
	Until   calendar.Day `db:"-"` // the last day that is proposed
	Given   int          `db:"-"` // working days that this gives back
}

// at is the end of a day, at the deadline's own hour.
func (g DeadlineGroup) at(day calendar.Day) time.Time {
	return day.Start().Add(g.Due.Sub(g.LastDay.Start()))
}

// OutageDeadlines is an outage with the deadlines that it touched and that have not been
// extended because of it.
type OutageDeadlines struct {
	ID        int64
	Span      outage.Span
	Rule      outage.Rule
	Confirmed bool
	Now       time.Time
	Calendar  calendar.Calendar
	Groups    []DeadlineGroup // none before the outage is confirmed and over
}

// Ready tells what keeps deadlines from being extended; nil: nothing does.
func (d OutageDeadlines) Ready() rule.Errors {
	switch {
	case !d.Confirmed:
		return rule.Broken(OutageUnconfirmed, "")
	case d.Span.Open():
		return rule.Broken(OutageGoesOn, "")
	}
	return nil
}

// OutageDeadlines reads what an outage touched, within the scope. ErrNotFound: there is
// no such outage, or it was a risk alone.
func (s *Store) OutageDeadlines(ctx context.Context, scope staff.Scope, id int64) (OutageDeadlines, error) {
	d, err := outageFor(ctx, s.db, id)
	if err != nil || d.Ready() != nil {
		return d, err
	}
	return d, s.touched(ctx, s.db, scope, &d)
}

func outageFor(ctx context.Context, q sqlx.QueryerContext, id int64) (OutageDeadlines, error) {
	const read = `
		select o.began_at, o.ended_at, o.confirmed_at is not null as confirmed, r.rule, clock_timestamp() as now
		from outages o join outage_rules r on r.id = o.rule where o.id = $1 and o.kind = 'outage' and o.dismissed_at is null`
	var row struct {
		Began     time.Time  `db:"began_at"`
		Ended     *time.Time `db:"ended_at"`
		Confirmed bool       `db:"confirmed"`
		Rule      []byte     `db:"rule"`
		Now       time.Time  `db:"now"`
	}
	if err := sqlx.GetContext(ctx, q, &row, read, id); err != nil {
		return OutageDeadlines{}, wrap("read outage", err)
	}
	d := OutageDeadlines{ID: id, Span: outage.Span{From: row.Began}, Confirmed: row.Confirmed, Now: row.Now}
	if row.Ended != nil {
		d.Span.To = *row.Ended
	}
	if err := json.Unmarshal(row.Rule, &d.Rule); err != nil {
		return d, fmt.Errorf("read rule of outage %d: %w", id, err)
	}
	var err error
	d.Calendar, err = loadCalendar(ctx, q)
	return d, err
}

// touched finds the groups of deadlines that lie near the outage and keeps those that
// its rule gives something back.
func (s *Store) touched(ctx context.Context, q sqlx.QueryerContext, scope staff.Scope, d *OutageDeadlines) error {
	windows, err := loadWindows(ctx, q)
	if err != nil {
		return err
	}
	first, last := d.reach()
	from, to := d.attempts()
	var near []DeadlineGroup
	for _, list := range []string{touchedDocuments, touchedSigned, touchedReviews, touchedAppraisals, touchedTasks} {
		var groups []DeadlineGroup
		if err := sqlx.SelectContext(ctx, q, &groups, list, first, last, d.ID, d.Span.From, from, to, scope.All, pq.Array(scope.Units)); err != nil {
			return wrap("list deadlines near an outage", err)
		}
		near = append(near, groups...)
	}
	for _, g := range near {
		g.LastDay = calendar.DayOf(g.Due.Add(-time.Nanosecond))
		until, given, touched := d.Rule.Extended(d.Calendar, d.Span, windows, g.LastDay)
		if touched {
			g.Until, g.Given = until, given
			d.Groups = append(d.Groups, g)
		}
	}
	return nil
}

// reach is within which ends of time the outage can touch a deadline: from its first day
// to the rule's lead after its last.
func (d OutageDeadlines) reach() (first, last time.Time) {
	end := d.Calendar.AddWorkingDays(calendar.DayOf(d.Span.To), d.Rule.Lead+1)
	return calendar.DayOf(d.Span.From).Start(), end.Add(1).Start()
}

// attempts is when attempts may have failed because of the outage: it is seen from
// outside a little after it began, and over once it has stayed usable.
func (d OutageDeadlines) attempts() (from, to time.Time) {
	return d.Span.From.Add(-d.Rule.Confirm), d.Span.To.Add(d.Rule.Recovery)
}

// The near deadlines. Arguments: after, until, the outage, its beginning, the attempts'
// first and last instant, the scope.
const (
	triedIn = ` left join (select distinct document_id from failed_attempts where at between $5 and $6) a on a.document_id = `

	// takenUp are items that are under way or have been carried out.
	takenUp = `select from outage_batch_items i left join decisions x on x.id = i.decision_id
		where i.outage_id = $3 and coalesce(i.outcome, 'taken') = 'taken' and coalesce(x.outcome, 'applied') = 'applied' and `

	touchedDocuments = `
		select 'documents' as kind, d.campaign, c.name, d.due_at as due, d.due_at = c.due_at as own,
		       coalesce(d.extended_at > $4, false) as extended, count(*) as documents, 0 as tasks, count(a.document_id) as tried
		from documents d join campaigns c on c.code = d.campaign` + triedIn + `d.id
		where d.closed_at is null and d.stage <> 'authority_review' and d.due_at > $1 and d.due_at <= $2
		  and ($7 or d.unit_code = any($8))
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'documents')
		group by 2, 3, 4, 5, 6 order by d.due_at, c.name, 6`

	touchedSigned = `
		select 'signed' as kind, d.campaign, c.name, d.unit_due_at as due, false as own,
		       coalesce(d.extended_at > $4, false) as extended, count(*) as documents, 0 as tasks, count(a.document_id) as tried
		from documents d join campaigns c on c.code = d.campaign` + triedIn + `d.id
		where d.punctuality = 'late' and d.unit_due_at > $1 and d.unit_due_at <= $2
		  and ($7 or d.unit_code = any($8))
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'signed')
		group by 2, 3, 4, 6 order by d.unit_due_at, c.name, 6`

	touchedReviews = `
		select 'reviews' as kind, d.campaign, c.name, d.due_at as due, false as own, $4::timestamptz is null as extended,
		       count(*) as documents, 0 as tasks, count(a.document_id) as tried
		from documents d join campaigns c on c.code = d.campaign` + triedIn + `d.id
		where d.closed_at is null and d.stage = 'authority_review' and d.due_at > $1 and d.due_at <= $2 and d.desk_since < $6
		  and ($7 or d.unit_code = any($8))
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'reviews')
		group by 2, 3, 4 order by d.due_at, c.name`

	touchedAppraisals = `
		select 'appraisals' as kind, p.campaign, c.name, p.due_at as due, false as own, ` + roundExtended + ` as extended,
		       count(*) as documents, 0 as tasks, count(a.document_id) as tried
		from appraisals p join campaigns c on c.code = p.campaign` + triedIn + `p.document_id
		where p.ended_at is null and p.due_at > $1 and p.due_at <= $2 and p.round_at < $6 and ($7 or p.unit_code = any($8))
		  and not exists (` + takenUp + `i.document_id = p.document_id and i.kind = 'appraisals')
		group by 2, 3, 4, 6 order by p.due_at, c.name, 6`

	// roundExtended tells whether somebody has given the present round of appraisal p more
	// time since the outage began.
	roundExtended = `(p.extended and exists (select from appraisal_steps x
		where x.document_id = p.document_id and x.action = 'extend' and x.at > $4 and x.at >= p.round_at))`

	touchedTasks = `
		select 'tasks' as kind, t.campaign, c.name, t.ends_at as due, false as own, t.extended_to is not null and $4::timestamptz is not null as extended,
		       count(distinct t.document_id) as documents, count(*) as tasks, count(distinct a.document_id) as tried
		from plan_tasks t join campaigns c on c.code = t.campaign join plan_trackings k on k.document_id = t.document_id` + triedIn + `t.document_id
		where t.cancelled_at is null and (t.done_on is null or t.done_on > t.last_day) and t.ends_at > $1 and t.ends_at <= $2
		  and k.ended_at is null and t.extended_by is distinct from $3 and ($7 or t.unit_code = any($8))
		  and not exists (` + takenUp + `i.document_id = t.document_id and i.kind = 'tasks' and i.from_at = t.ends_at)
		group by 2, 3, 4, 6 order by t.ends_at, c.name, 6`
)

// group finds the group that an officer answers; nil: the outage touches none such.
func (d OutageDeadlines) group(a DeadlineAnswer) *DeadlineGroup {
	at := slices.IndexFunc(d.Groups, func(g DeadlineGroup) bool {
		return g.Kind == a.Kind && g.Campaign == a.Campaign && g.Due.Equal(a.Due) && g.Extended == a.Extended
	})
	if at < 0 {
		return nil
	}
	return &d.Groups[at]
}

// TriedUnit is a unit whose attempts on a document failed during an outage.
type TriedUnit struct {
	Document string     `db:"document_id"`
	Campaign string     `db:"campaign"`
	UnitName string     `db:"unit_name"`
	Due      time.Time  `db:"due_at"`      // of the present desk
	UnitDue  time.Time  `db:"unit_due_at"` // by which on time is measured
	RoundDue *time.Time `db:"round_due"`   // of its appraisal's present round; nil: none is under way
	Seen     int        `db:"seen"`        // attempts that the server saw fail
	Told     int        `db:"told"`        // attempts that a browser told of
	First    time.Time  `db:"first"`
	Last     time.Time  `db:"last"`
	Given    bool       `db:"given"` // its deadline has been extended because of the outage
}

// TriedListed is how many documents with failed attempts are named.
const TriedListed = 1000

// TriedUnits lists whose attempts failed during the outage, within the scope, by name.
func (s *Store) TriedUnits(ctx context.Context, scope staff.Scope, d OutageDeadlines) ([]TriedUnit, error) {
	const list = `
		select a.document_id, o.campaign, u.name as unit_name, o.due_at, o.unit_due_at, p.due_at as round_due,
		       count(*) filter (where a.source = 'server') as seen, count(*) filter (where a.source = 'browser') as told,
		       min(a.at) as first, max(a.at) as last,
		       exists (select from outage_batch_items i where i.document_id = a.document_id and i.outage_id = $6 and coalesce(i.outcome, 'taken') = 'taken') as given
		from failed_attempts a join documents o on o.id = a.document_id join units u on u.code = o.unit_code
		left join appraisals p on p.document_id = a.document_id
		where a.at between $1 and $2 and ($3 or o.unit_code = any($4))
		group by 1, 2, 3, 4, 5, 6 order by u.name collate "vi-x-icu", 1 limit $5`
	from, to := d.attempts()
	if d.Span.Open() {
		to = d.Now
	}
	var units []TriedUnit
	err := s.db.SelectContext(ctx, &units, list, from, to, scope.All, pq.Array(scope.Units), TriedListed, d.ID)
	return units, wrap("list failed attempts", err)
}

// OutageGrant is what was extended because of an outage, as notices and pages tell it.
type OutageGrant struct {
	Kind      DeadlineKind `db:"kind"`
	Campaign  string       `db:"campaign"`
	Name      string       `db:"name"` // of the campaign
	From      time.Time    `db:"from_at"`
	Until     time.Time    `db:"until"`
	Documents int          `db:"documents"`
	Tasks     int          `db:"tasks"`
	Whole     bool         `db:"whole"` // the campaign's own due has moved with them
}

// OutageGrants sums up what has been extended because of an outage, the earliest due
// first: what was refused is left out.
func (s *Store) OutageGrants(ctx context.Context, id int64) ([]OutageGrant, error) {
	return outageGrants(ctx, s.db, id, nil)
}

// outageGrants sums up what one click has extended, or with a nil batch all of them.
func outageGrants(ctx context.Context, q sqlx.QueryerContext, id int64, batch *uuid.UUID) ([]OutageGrant, error) {
	const list = `
		select i.kind, i.campaign, c.name, i.from_at, i.until, count(*) as documents, sum(i.tasks) as tasks,
		       exists (select from outage_batch_items w where w.document_id is null and w.outage_id = b.outage_id and w.kind = 'campaign'
		               and w.campaign = i.campaign and w.until = i.until and w.outcome = 'taken') and i.kind = 'documents' as whole
		from outage_batches b join outage_batch_items i on i.batch = b.key
		join campaigns c on c.code = i.campaign left join decisions d on d.id = i.decision_id
		where b.outage_id = $1 and ($2::uuid is null or b.key = $2) and i.kind <> 'campaign' and i.outcome = 'taken' and coalesce(d.outcome, 'applied') = 'applied'
		group by b.outage_id, 1, 2, 3, 4, 5 order by i.from_at, c.name, 1, i.until`
	var grants []OutageGrant
	err := sqlx.SelectContext(ctx, q, &grants, list, id, batch)
	return grants, wrap("list what was extended", err)
}
