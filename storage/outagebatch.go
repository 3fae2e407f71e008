package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// DeadlineAnswer is what an officer says to one group of deadlines.
type DeadlineAnswer struct {
	Kind     DeadlineKind
	Campaign string
	Due      time.Time // as it was shown
	Extended bool
	Until    calendar.Day // the new last day
	Tried    bool         // those alone where an attempt failed
	Field    string       // of the form, for what is wrong with it
}

// NewOutageBatch is deadlines that an officer extends because of an outage, with one
// click.
type NewOutageBatch struct {
	Key     uuid.UUID // from the form
	Outage  int64
	Actor   staff.Actor
	Reason  string
	Answers []DeadlineAnswer
}

// AddOutageBatch keeps what an officer decided; AnswerOutageBatch then carries it out.
// The same key again is the same batch. rule.Errors: what is wrong with it; a group
// that has moved since it was shown is DueMovedMeanwhile at its field.
func (s *Store) AddOutageBatch(ctx context.Context, n NewOutageBatch) error {
	if !n.Actor.Holds(staff.Officer, s.authority) {
		return rule.Broken(document.NotYourRole, "")
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		// One click after the other: what one has taken up the next does not see as touched.
		if _, err := lockOutage(ctx, tx, n.Outage); err != nil {
			return err
		}
		known, err := outageBatchUnder(ctx, tx, n)
		if known || err != nil {
			return err
		}
		d, err := outageFor(ctx, tx, n.Outage)
		if err != nil {
			return err
		}
		if broken := d.Ready(); broken != nil {
			return broken
		}
		if err := s.touched(ctx, tx, everywhere, &d); err != nil {
			return err
		}
		if broken := d.check(n); broken != nil {
			return broken
		}
		return s.keepOutageBatch(ctx, tx, d, n)
	})
}

// OutageBatchKept tells whether the click has been kept before: what it chose is no
// longer proposed then. rule.Errors: KeyReused.
func (s *Store) OutageBatchKept(ctx context.Context, n NewOutageBatch) (bool, error) {
	return outageBatchUnder(ctx, s.db, n)
}

func outageBatchUnder(ctx context.Context, q sqlx.QueryerContext, n NewOutageBatch) (bool, error) {
	const find = `select count(*), count(*) filter (where person_id = $2 and outage_id = $3) from outage_batches where key = $1`
	var known, own int
	if err := q.QueryRowxContext(ctx, find, n.Key, n.Actor.Person, n.Outage).Scan(&known, &own); err != nil {
		return false, wrap("look for the batch", err)
	}
	if known != own {
		return false, rule.Broken(KeyReused, "")
	}
	return known > 0, nil
}

// check collects what is wrong with an officer's answers.
func (d OutageDeadlines) check(n NewOutageBatch) rule.Errors {
	errs := document.CheckDecline(n.Reason) // an extension's reason has the same rule
	if len(n.Answers) == 0 {
		errs.Add(DeadlinesMissing, "")
	}
	for _, a := range n.Answers {
		g := d.group(a)
		switch {
		case g == nil:
			errs.Add(DueMovedMeanwhile, a.Field)
		case a.Until <= g.LastDay:
			errs.Add(document.ExtensionNotLater, a.Field)
		case a.Until > max(g.LastDay, calendar.DayOf(d.Span.To)).Add(document.MostDaysAsked):
			errs.Add(document.ExtensionTooFar, a.Field, document.MostDaysAsked)
		}
	}
	return errs
}

func (s *Store) keepOutageBatch(ctx context.Context, tx *sqlx.Tx, d OutageDeadlines, n NewOutageBatch) error {
	const add = `
		insert into outage_batches (key, outage_id, person_id, unit_code, role, reason, made_at)
		values ($1, $2, $3, $4, $5, $6, clock_timestamp())`
	if _, err := tx.ExecContext(ctx, add, n.Key, n.Outage, n.Actor.Person, s.authority, staff.Officer, n.Reason); err != nil {
		return wrap("keep batch", err)
	}
	kept := 0
	for _, a := range n.Answers {
		rows, err := keepAnswer(ctx, tx, d, n.Key, a)
		if err != nil {
			return err
		}
		kept += rows
	}
	if kept == 0 {
		return rule.Broken(DeadlinesMissing, "")
	}
	return nil
}

// keepAnswer writes the rows of one group: its documents one by one, and the campaign's
// own due before them where all of them get more time.
func keepAnswer(ctx context.Context, tx *sqlx.Tx, d OutageDeadlines, key uuid.UUID, a DeadlineAnswer) (int, error) {
	const whole = `
		insert into outage_batch_items (batch, outage_id, kind, campaign, from_at, until)
		values ($1, $2, 'campaign', $3, $4, $5)`
	g := d.group(a)
	until := g.at(a.Until)
	if g.Own && !a.Tried {
		if _, err := tx.ExecContext(ctx, whole, key, d.ID, g.Campaign, g.Due, until); err != nil {
			return 0, wrap("keep the campaign's due", err)
		}
	}
	from, to := d.attempts()
	added, err := tx.ExecContext(ctx, keepItems[a.Kind], key, until, d.ID, d.Span.From, from, to, g.Campaign, g.Due, g.Extended, a.Tried)
	if err != nil {
		return 0, wrap("keep the batch's deadlines", err)
	}
	rows, err := added.RowsAffected()
	return int(rows), wrap("keep the batch's deadlines", err)
}

// keepItems writes the documents of a group of each kind, in the order of their units.
// Arguments: the batch, the new end, the outage, its beginning, the attempts' first and
// last instant, the group's campaign, due and whether it was extended, and whether
// attempts must have failed.
var keepItems = map[DeadlineKind]string{
	DeadlineDocuments:  keepDocuments,
	DeadlineSigned:     keepSigned,
	DeadlineReviews:    keepReviews,
	DeadlineAppraisals: keepAppraisals,
	DeadlineTasks:      keepTasks,
}

const (
	itemsInto = `
		insert into outage_batch_items (batch, outage_id, kind, campaign, document_id, from_at, until, tasks)`

	keepDocuments = itemsInto + `
		select $1, $3, 'documents', d.campaign, d.id, d.due_at, $2, 0
		from documents d` + triedIn + `d.id
		where d.campaign = $7 and d.due_at = $8 and d.closed_at is null and d.stage <> 'authority_review'
		  and coalesce(d.extended_at > $4, false) = $9 and (not $10 or a.document_id is not null)
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'documents')
		order by d.unit_code`

	keepSigned = itemsInto + `
		select $1, $3, 'signed', d.campaign, d.id, d.unit_due_at, $2, 0
		from documents d` + triedIn + `d.id
		where d.campaign = $7 and d.unit_due_at = $8 and d.punctuality = 'late'
		  and coalesce(d.extended_at > $4, false) = $9 and (not $10 or a.document_id is not null)
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'signed')
		order by d.unit_code`

	keepReviews = itemsInto + `
		select $1, $3, 'reviews', d.campaign, d.id, d.due_at, $2, 0
		from documents d` + triedIn + `d.id
		where d.campaign = $7 and d.due_at = $8 and d.closed_at is null and d.stage = 'authority_review' and d.desk_since < $6
		  and ($4::timestamptz is null) = $9 and (not $10 or a.document_id is not null)
		  and not exists (` + takenUp + `i.document_id = d.id and i.kind = 'reviews')
		order by d.unit_code`

	keepAppraisals = itemsInto + `
		select $1, $3, 'appraisals', p.campaign, p.document_id, p.due_at, $2, 0
		from appraisals p` + triedIn + `p.document_id
		where p.campaign = $7 and p.due_at = $8 and p.ended_at is null and p.round_at < $6
		  and ` + roundExtended + ` = $9 and (not $10 or a.document_id is not null)
		  and not exists (` + takenUp + `i.document_id = p.document_id and i.kind = 'appraisals')
		order by p.unit_code`

	keepTasks = itemsInto + `
		select $1, $3, 'tasks', t.campaign, t.document_id, t.ends_at, $2, count(*)
		from plan_tasks t join plan_trackings k on k.document_id = t.document_id` + triedIn + `t.document_id
		where t.campaign = $7 and t.ends_at = $8 and t.cancelled_at is null and (t.done_on is null or t.done_on > t.last_day)
		  and k.ended_at is null and t.extended_by is distinct from $3
		  and (t.extended_to is not null and $4::timestamptz is not null) = $9 and (not $10 or a.document_id is not null)
		  and not exists (` + takenUp + `i.document_id = t.document_id and i.kind = 'tasks' and i.from_at = t.ends_at)
		group by t.campaign, t.document_id, t.ends_at, t.unit_code order by t.unit_code`
)

// outageBatch is a batch being carried out.
type outageBatch struct {
	Key    uuid.UUID  `db:"key"`
	Outage int64      `db:"outage_id"`
	Person int64      `db:"person_id"`
	Unit   string     `db:"unit_code"`
	Role   staff.Role `db:"role"`
	Reason string     `db:"reason"`
}

func (b outageBatch) actor() staff.Actor {
	return staff.Actor{Person: b.Person, Positions: []staff.Position{{Unit: b.Unit, Role: b.Role}}}
}

// outageItem is one deadline of a batch.
type outageItem struct {
	ID       int64        `db:"id"`
	Kind     DeadlineKind `db:"kind"`
	Campaign string       `db:"campaign"`
	Document string       `db:"document_id"`
	From     time.Time    `db:"from_at"`
	Until    time.Time    `db:"until"`
}

func (i outageItem) item() int64      { return i.ID }
func (i outageItem) document() string { return i.Document }

// key is that of what carries the deadline out: a second try finds it under it.
func (i outageItem) key(batch uuid.UUID) uuid.UUID {
	return uuid.NewSHA1(batch, []byte(strconv.FormatInt(i.ID, 10)))
}

// AnswerOutageBatch carries out what is left of a batch, each deadline in a transaction
// of its own: a document's becomes a decision's row, which RecordDecisions answers. It
// may be called at any time, by anybody, any number of times. BatchFailed: some deadlines
// are tried again later, the others are carried out.
func (s *Store) AnswerOutageBatch(ctx context.Context, key uuid.UUID) error {
	const read = `select key, outage_id, person_id, unit_code, role, reason from outage_batches where key = $1`
	const left = `
		select i.id, i.kind, i.campaign, coalesce(i.document_id, '') as document_id, i.from_at, i.until
		from outage_batch_items i where i.batch = $1 and ` + itemDue + ` order by i.id`
	var batch outageBatch
	if err := s.db.GetContext(ctx, &batch, read, key); err != nil {
		return wrap("read batch", err)
	}
	var items []outageItem
	if err := s.db.SelectContext(ctx, &items, left, key); err != nil {
		return wrap("list what is left of a batch", err)
	}
	failed := carryOut(ctx, s, outageBatches, key, items, func(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, item outageItem) (*int64, error) {
		return s.extendDeadline(ctx, tx, doc, batch, item)
	})
	return errors.Join(failed, s.inTx(ctx, func(tx *sqlx.Tx) error { return s.endOutageBatch(ctx, tx, batch) }))
}

// extendDeadline moves the deadline, or adds the decision that does and returns its id.
// rule.Errors: it is not what it was when the officer saw it.
func (s *Store) extendDeadline(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, batch outageBatch, item outageItem) (*int64, error) {
	switch item.Kind {
	case deadlineCampaign:
		return nil, extendCampaign(ctx, tx, item)
	case DeadlineTasks:
		return nil, s.extendTasks(ctx, tx, doc, batch, item)
	case DeadlineAppraisals:
		return nil, s.extendRound(ctx, tx, doc, batch, item)
	}
	action, due := document.Extend, doc.DueAt
	switch item.Kind {
	case DeadlineSigned:
		action, due = document.Excuse, doc.UnitDueAt
	case DeadlineReviews:
		action = document.Prolong
	}
	if !due.Equal(item.From) {
		return nil, rule.Broken(DueMovedMeanwhile, "")
	}
	id, err := s.addDecision(ctx, tx, NewDecision{
		Key: item.key(batch.Key), Document: doc.ID, Action: action, Actor: batch.actor(),
		Revision: doc.Revision, ContentHash: doc.ContentHash, Reason: batch.Reason, Until: item.Until, Outage: batch.Outage,
	}, nil)
	return &id, err
}

// extendCampaign moves the due that units added later get, and that boards name. It is
// set by hand from now on: an edit of the calendar leaves it.
func extendCampaign(ctx context.Context, tx *sqlx.Tx, item outageItem) error {
	const move = `
		update campaigns
		set due_at = $3, due_day = $4::date + case when due_inclusive then 0 else 1 end, due_shift = 'none', due_rule = null
		where code = $1 and due_at = $2`
	moved, err := tx.ExecContext(ctx, move, item.Campaign, item.From, item.Until, calendar.DayOf(item.Until.Add(-time.Nanosecond)))
	if err != nil {
		return wrap("move campaign "+item.Campaign, err)
	}
	return mustTouch(moved)
}

// mustTouch refuses what has touched nothing: the due is not what the officer saw.
func mustTouch(result sql.Result) error {
	rows, err := result.RowsAffected()
	if err == nil && rows == 0 {
		return rule.Broken(DueMovedMeanwhile, "")
	}
	return wrap("count what was moved", err)
}

// extendRound gives the present round of an appraisal more time. The round of another
// moment, or one that has another end by now, is left alone.
func (s *Store) extendRound(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, batch outageBatch, item outageItem) error {
	a, err := s.appraisalOf(ctx, tx, doc, time.Time{})
	if err != nil {
		return err
	}
	if a.DueAt == nil || !a.DueAt.Equal(item.From) {
		return rule.Broken(DueMovedMeanwhile, "")
	}
	return a.apply(ctx, AppraisalDecision{
		Key: item.key(batch.Key), Document: doc.ID, Actor: batch.actor(), Action: appraisal.Extend,
		Reason: batch.Reason, Until: item.Until, Outage: batch.Outage,
	})
}

// extendTasks gives tasks of a living plan more time, and tells its unit.
func (s *Store) extendTasks(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, batch outageBatch, item outageItem) error {
	const give = `
		update plan_tasks set extended_to = $3, extended_by = $4
		where document_id = $1 and ends_at = $2 and cancelled_at is null and (done_on is null or done_on > last_day)
		  and extended_by is distinct from $4`
	last := calendar.DayOf(item.Until.Add(-time.Nanosecond))
	given, err := tx.ExecContext(ctx, give, doc.ID, item.From, last, batch.Outage)
	if err != nil {
		return wrap("extend tasks", err)
	}
	if err := mustTouch(given); err != nil {
		return err
	}
	p, err := s.trackedPlan(ctx, tx, doc)
	if err != nil {
		return err
	}
	if err := p.sync(ctx, tx); err != nil {
		return err
	}
	if err := wakePlan(ctx, tx, doc.ID); err != nil {
		return err
	}
	key := fmt.Sprintf("%s:outage:%d:%d", doc.ID, batch.Outage, item.ID)
	if err := addHistory(ctx, tx, event{
		Document: doc.ID, Key: key, At: p.Now, Event: NoticeTaskTime, Person: &batch.Person, Role: string(batch.Role), Unit: &batch.Unit,
		Revision: doc.Revision, FromStage: doc.Stage, ToStage: doc.Stage, Reason: batch.Reason,
		Detail: map[string]any{"due": item.Until.Unix(), "outage": batch.Outage},
	}); err != nil {
		return err
	}
	return addNotices(ctx, tx, []Notice{{
		Key: key, Kind: NoticeTaskTime, Document: doc.ID, Role: staff.Specialist, Unit: doc.Unit, Args: map[string]any{"due": item.Until.Unix()},
	}})
}

// endOutageBatch closes a batch of which nothing is left, and has all units told of what
// it extended.
func (s *Store) endOutageBatch(ctx context.Context, tx *sqlx.Tx, batch outageBatch) error {
	if ended, err := endBatch(ctx, tx, outageBatches, batch.Key); err != nil || !ended {
		return err
	}
	grants, err := outageGrants(ctx, tx, batch.Outage, &batch.Key)
	if err != nil || len(grants) == 0 {
		return err
	}
	d, err := outageFor(ctx, tx, batch.Outage)
	if err != nil {
		return err
	}
	told := make([]words.Extension, len(grants))
	for i, g := range grants {
		told[i] = words.Extension{
			Kind: string(g.Kind), Campaign: g.Name, From: g.From, Until: g.Until, Documents: g.Documents, Tasks: g.Tasks, Whole: g.Whole,
		}
	}
	var content outage.Notice
	content.Title, content.Text = words.DeadlinesNotice(d.Span.From, d.Span.To, told)
	_, err = s.addFollowUp(ctx, tx, batch.Outage, content)
	return err
}

// OutageBatch is a click and how far it has been carried out.
type OutageBatch struct {
	Key     uuid.UUID `db:"key"`
	By      string    `db:"by"` // name
	At      time.Time `db:"made_at"`
	Reason  string    `db:"reason"`
	Items   int       `db:"items"`   // documents and plans
	Done    int       `db:"done"`    // of them extended
	Refused int       `db:"refused"` // of them left alone; the rest waits
}

// Waiting is how many deadlines have not been answered.
func (b OutageBatch) Waiting() int { return b.Items - b.Done - b.Refused }

// OutageBatches lists what was decided about an outage's deadlines, the newest first.
func (s *Store) OutageBatches(ctx context.Context, id int64) ([]OutageBatch, error) {
	const list = `
		select b.key, p.name as by, b.made_at, b.reason, count(i.id) as items,
		       count(i.id) filter (where i.outcome = 'taken' and (i.decision_id is null or d.outcome = 'applied')) as done,
		       count(i.id) filter (where i.outcome = 'refused' or d.outcome in ('refused', 'failed')) as refused
		from outage_batches b join persons p on p.id = b.person_id
		left join outage_batch_items i on i.batch = b.key and i.kind <> 'campaign'
		left join decisions d on d.id = i.decision_id
		where b.outage_id = $1
		group by 1, 2, 3, 4 order by b.made_at desc`
	var batches []OutageBatch
	err := s.db.SelectContext(ctx, &batches, list, id)
	return batches, wrap("list batches of an outage", err)
}

// RefusedDeadline is a deadline of an outage that was left alone, or failed and is tried
// again (ItemRetried).
type RefusedDeadline struct {
	Document string      `db:"document_id"`
	Name     string      `db:"name"` // of the campaign
	UnitName string      `db:"unit_name"`
	Raw      []byte      `db:"broken"`
	Retried  bool        `db:"retried"`
	Broken   rule.Errors `db:"-"`
}

// refusedListed is how many deadlines that were left alone are named.
const refusedListed = 200

// RefusedDeadlines lists deadlines of an outage that could not be extended, with why.
func (s *Store) RefusedDeadlines(ctx context.Context, id int64) ([]RefusedDeadline, error) {
	const list = `
		with refused as materialized (
			select i.id, i.document_id, i.campaign,
			       case when d.outcome in ('refused', 'failed') then d.broken else i.broken end as broken, i.outcome is null as retried
			from outage_batches b join outage_batch_items i on i.batch = b.key left join decisions d on d.id = i.decision_id
			where b.outage_id = $1 and (i.outcome = 'refused' or d.outcome in ('refused', 'failed') or i.outcome is null and i.failures > 0)
		)
		select coalesce(i.document_id, '') as document_id, c.name, coalesce(u.name, '') as unit_name, i.broken, i.retried
		from refused i join campaigns c on c.code = i.campaign
		left join documents o on o.id = i.document_id left join units u on u.code = o.unit_code
		order by i.id limit $2`
	var refused []RefusedDeadline
	if err := s.db.SelectContext(ctx, &refused, list, id, refusedListed); err != nil {
		return nil, wrap("list refused deadlines", err)
	}
	for i := range refused {
		if err := json.Unmarshal(refused[i].Raw, &refused[i].Broken); err != nil {
			return nil, fmt.Errorf("read refused deadline: %w", err)
		}
		if refused[i].Retried {
			refused[i].Broken = rule.Broken(ItemRetried, "")
		}
	}
	return refused, nil
}

// OutageWakes lists the decisions of a batch that wait for their answer, with their
// documents' stages: whose workflows are to be told.
func (s *Store) OutageWakes(ctx context.Context, batch uuid.UUID) ([]Wake, error) {
	const list = `
		select o.id, o.stage
		from outage_batch_items i join decisions d on d.id = i.decision_id join documents o on o.id = d.document_id
		where i.batch = $1 and d.outcome is null order by d.id`
	var wakes []Wake
	err := s.db.SelectContext(ctx, &wakes, list, batch)
	return wakes, wrap("list waiting decisions", err)
}
