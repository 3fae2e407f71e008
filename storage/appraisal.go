package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/staff"
)

// lockedAppraisal is an appraisal inside a transaction that holds its document's row.
type lockedAppraisal struct {
	Revision    int             `db:"revision"`
	Stage       appraisal.Stage `db:"stage"`
	RoundAt     time.Time       `db:"round_at"`
	DueAt       *time.Time      `db:"due_at"`
	Extended    bool            `db:"extended"`
	PublishedAt *time.Time      `db:"published_at"`
	RungAt      time.Time       `db:"rung_at"`
	Answered    bool            `db:"answered"`
	Written     bool            `db:"written"`   // by the unit, which has not sent it
	LateStep    *int64          `db:"late_step"` // an answer that came too late and waits; nil: none
	Now         time.Time       `db:"now"`

	CampaignName string `db:"campaign_name"`

	store    *Store
	tx       *sqlx.Tx
	doc      *lockedDocument
	set      par.Set
	year     int
	schedule AppraisalSchedule
	days     calendar.Calendar
	chain    []document.Part
	fields   []appraisalField
	scores   []indexScore
	notices  []Notice
}

// appraisalField is one row of appraisal_fields.
type appraisalField struct {
	Code       string     `db:"field"`
	Appraiser  string     `db:"appraiser"`
	Todo       int        `db:"todo"`
	Marked     int        `db:"marked"`
	FinishedAt *time.Time `db:"finished_at"`
}

// indexScore is one row of index_scores.
type indexScore struct {
	Criterion string `db:"criterion"`
	Field     string `db:"field"`
	Self      *int64 `db:"self"`
	SelfOut   bool   `db:"self_out"`
	First     *int64 `db:"first"`
	FirstOut  bool   `db:"first_out"`
	Second    *int64 `db:"second"`
	SecondOut bool   `db:"second_out"`
	Asked     bool   `db:"asked"`
	Marked    bool   `db:"marked"`
	Stood     *int64 `db:"stood"` // when it was asked for
	StoodOut  bool   `db:"stood_out"`
	StoodMark int64  `db:"stood_mark"`
}

const indexScoreColumns = `criterion, field, self, self_out, first, first_out, second, second_out, asked, marked, stood, stood_out, stood_mark`

// closed tells whether a mark of the criterion is one of a round that is over: no
// appraiser weighs it any more.
func (r indexScore) closed(mark int64) bool { return !r.Asked || mark <= r.StoodMark }

// appraised is the row as the rules of marks see it, without the reasons of its marks.
func (r indexScore) appraised() par.Appraised {
	var a par.Appraised
	if r.Self != nil {
		a.Self = par.Score{Points: par.Points(*r.Self), Known: true, NotApplicable: r.SelfOut}
	}
	if r.First != nil {
		a.First = &par.Mark{Criterion: r.Criterion, Round: par.FirstRound, Points: par.Points(*r.First), NotApplicable: r.FirstOut}
	}
	if r.Asked && r.Stood != nil {
		a.Before = &par.Mark{Criterion: r.Criterion, Round: par.SecondRound, Points: par.Points(*r.Stood), NotApplicable: r.StoodOut}
	}
	if r.Second != nil {
		a.Second = &par.Mark{Criterion: r.Criterion, Round: par.SecondRound, Points: par.Points(*r.Second), NotApplicable: r.SecondOut}
	}
	return a
}

// lockAppraisal takes an appraisal for writing, the document's row first, and brings it
// to where it stands at this instant. ErrNotFound: the document is not appraised.
func (s *Store) lockAppraisal(ctx context.Context, tx *sqlx.Tx, id string, passed time.Time) (*lockedAppraisal, error) {
	doc, err := lockDocument(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return s.appraisalOf(ctx, tx, doc, passed)
}

// appraisalOf reads the appraisal of a document whose row is held. passed is the
// instant that a timer has come for, zero where none has: the appraisal's clock is never
// behind what has been walked.
func (s *Store) appraisalOf(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, passed time.Time) (*lockedAppraisal, error) {
	const read = `
		select a.revision, a.stage, a.round_at, a.due_at, a.extended, a.published_at, a.rung_at, clock_timestamp() as now,
		       (select name from campaigns where code = a.campaign) as campaign_name,
		       exists (select from appraisal_steps x where x.document_id = a.document_id and x.action in ('explain', 'accept')) as answered,
		       exists (select from draft_explanations x where x.document_id = a.document_id and x.body <> '')
		           or exists (select from explanation_files x where x.document_id = a.document_id) as written,
		       (select x.id from appraisal_steps x where x.document_id = a.document_id and x.late and x.answered_by is null) as late_step
		from appraisals a where a.document_id = $1 for no key update of a`
	a := &lockedAppraisal{store: s, tx: tx, doc: doc}
	if err := tx.GetContext(ctx, a, read, doc.ID); err != nil {
		return nil, wrap("read appraisal of "+doc.ID, err)
	}
	for _, walked := range []time.Time{passed, a.RungAt} {
		if walked.After(a.Now) {
			a.Now = walked
		}
	}
	if err := a.readRules(ctx); err != nil {
		return nil, err
	}
	var err error
	if a.chain, err = acted(ctx, tx, doc.ID); err != nil {
		return nil, err
	}
	if err := a.readRows(ctx); err != nil {
		return nil, err
	}
	return a, a.settle(ctx)
}

// readRules reads what the appraisal goes by: criteria, year, schedule, days off.
func (a *lockedAppraisal) readRules(ctx context.Context) error {
	version, err := a.store.formVersion(ctx, a.tx, a.doc.Form, a.doc.FormVersion)
	if err != nil {
		return err
	}
	if version.Index == nil {
		return fmt.Errorf("read appraisal of %s: the form has no criteria: %w", a.doc.ID, ErrNotFound)
	}
	a.set = *version.Index
	own, err := ownPeriod(a.doc.Period)
	if err != nil {
		return err
	}
	a.year = own.Year
	if a.schedule, err = appraisalSchedule(ctx, a.tx, a.doc.Campaign); err != nil {
		return err
	}
	a.days, err = loadCalendar(ctx, a.tx)
	return err
}

func (a *lockedAppraisal) readRows(ctx context.Context) error {
	const fields = `select field, appraiser, todo, marked, finished_at from appraisal_fields where document_id = $1 order by place`
	a.fields = nil
	if err := a.tx.SelectContext(ctx, &a.fields, fields, a.doc.ID); err != nil {
		return wrap("list fields of an appraisal", err)
	}
	const scores = `select ` + indexScoreColumns + ` from index_scores where document_id = $1 order by place`
	a.scores = nil
	return wrap("list scores", a.tx.SelectContext(ctx, &a.scores, scores, a.doc.ID))
}

// state is what the moves are decided by.
func (a *lockedAppraisal) state() appraisal.State {
	s := appraisalState(a.doc.Unit, a.Stage, a.DueAt, a.fields, a.scores, a.Answered, a.LateStep != nil, a.PublishedAt != nil, a.chain)
	s.Written = a.Written
	return s
}

func appraisalState(unit string, stage appraisal.Stage, due *time.Time, fields []appraisalField, scores []indexScore, answered, late, published bool, chain []document.Part) appraisal.State {
	s := appraisal.State{Unit: unit, Stage: stage, Answered: answered, LateWaits: late, Published: published, Chain: chain}
	if due != nil {
		s.DueAt = *due
	}
	for _, f := range fields {
		s.Fields = append(s.Fields, appraisal.Field{Code: f.Code, Appraiser: f.Appraiser, Todo: f.Todo, Marked: f.Marked, Finished: f.FinishedAt != nil})
	}
	for _, row := range scores {
		if row.appraised().Disputed() {
			s.Disputed = append(s.Disputed, row.Criterion)
		}
	}
	return s
}

// settle brings the appraisal to where it stands now: the end of its round as calendar
// and schedule have it, and the stages that follow by themselves. It is the only writer
// of the stage.
func (a *lockedAppraisal) settle(ctx context.Context) error {
	if err := a.renewDue(ctx); err != nil {
		return err
	}
	for {
		next, moves := a.state().Next(a.Now)
		if !moves {
			return a.tell(ctx)
		}
		if err := a.enter(ctx, next); err != nil {
			return err
		}
	}
}

// tell adds the notices gathered so far.
func (a *lockedAppraisal) tell(ctx context.Context) error {
	err := addNotices(ctx, a.tx, a.notices)
	a.notices = nil
	return err
}

// renewDue has the end of the round follow the schedule and the calendar, unless the
// authority gave it more time.
func (a *lockedAppraisal) renewDue(ctx context.Context) error {
	if a.Stage == appraisal.Done || a.Extended {
		return nil
	}
	due := a.schedule.Due(a.Stage, a.RoundAt, a.days)
	if due.Equal(*a.DueAt) {
		return nil
	}
	return a.setDue(ctx, due, false)
}

// setDue gives the present round another end. Rungs that lie before now are not walked
// again.
func (a *lockedAppraisal) setDue(ctx context.Context, due time.Time, extended bool) error {
	const appraisals = `
		update appraisals set due_at = $2, extended = $3, wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where document_id = $1`
	const fields = `update appraisal_fields set due_at = $2 where document_id = $1`
	a.DueAt, a.Extended = &due, extended
	if _, err := a.tx.ExecContext(ctx, appraisals, a.doc.ID, due, extended); err != nil {
		return wrap("renew an appraisal's due", err)
	}
	_, err := a.tx.ExecContext(ctx, fields, a.doc.ID, due)
	return wrap("renew an appraisal's due", err)
}

// enter begins a stage. Of what was asked in the round before nothing is asked any more,
// but what the unit has explained since, which the second round is for.
func (a *lockedAppraisal) enter(ctx context.Context, to appraisal.Stage) error {
	const move = `
		update appraisals
		set stage = $2, round_at = $3, due_at = $4, extended = false, rung_at = $5,
		    ended_at = case when $2 = 'done' then $3::timestamptz end,
		    wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where document_id = $1`
	from := a.Stage
	a.Stage, a.RoundAt, a.DueAt, a.Extended = to, a.Now, nil, false
	if a.Now.After(a.RungAt) {
		a.RungAt = a.Now
	}
	if to != appraisal.Done {
		due := a.schedule.Due(to, a.Now, a.days)
		a.DueAt = &due
	}
	if _, err := a.tx.ExecContext(ctx, move, a.doc.ID, to, a.Now, a.DueAt, a.RungAt); err != nil {
		return wrap("move appraisal", err)
	}
	if to != appraisal.Second {
		if err := a.askNothing(ctx); err != nil {
			return err
		}
	} else if _, err := a.tx.ExecContext(ctx, `update appraisal_fields set due_at = $2 where document_id = $1`, a.doc.ID, a.DueAt); err != nil {
		return wrap("begin the second round", err)
	}
	step := appraisalStep{Key: uuid.NewString(), Action: appraisal.Advance, From: from, To: to, At: a.Now}
	if err := a.addStep(ctx, step); err != nil {
		return err
	}
	a.announce(from)
	return a.readRows(ctx)
}

func (a *lockedAppraisal) askNothing(ctx context.Context) error {
	const scores = `update index_scores set asked = false, marked = false where document_id = $1 and (asked or marked)`
	const fields = `update appraisal_fields set todo = 0, marked = 0 where document_id = $1 and todo > 0`
	if _, err := a.tx.ExecContext(ctx, scores, a.doc.ID); err != nil {
		return wrap("end a round", err)
	}
	_, err := a.tx.ExecContext(ctx, fields, a.doc.ID)
	return wrap("end a round", err)
}

// ask has criteria marked once more. What stood stays what everybody sees of them until the
// round is over; a mark that is being weighed stood for nobody. A field that was finished
// waits again.
func (a *lockedAppraisal) ask(ctx context.Context, criteria []string) error {
	const scores = `
		update index_scores s
		set asked = true, marked = false,
		    stood = case when asked then stood else final end, stood_out = case when asked then stood_out else final_out end,
		    stood_mark = case when asked then stood_mark else coalesce((
		        select max(m.id) from appraisal_marks m where m.document_id = s.document_id and m.criterion = s.criterion), 0) end
		where document_id = $1 and criterion = any($2)`
	if _, err := a.tx.ExecContext(ctx, scores, a.doc.ID, pq.Array(criteria)); err != nil {
		return wrap("ask for marks", err)
	}
	const fields = `
		update appraisal_fields f
		set todo = s.todo, marked = s.marked, finished_at = case when s.marked < s.todo then null else f.finished_at end
		from (select field, count(*) filter (where asked) as todo, count(*) filter (where asked and marked) as marked
		      from index_scores where document_id = $1 group by field) s
		where f.document_id = $1 and f.field = s.field`
	if _, err := a.tx.ExecContext(ctx, fields, a.doc.ID); err != nil {
		return wrap("ask for marks", err)
	}
	return a.readRows(ctx)
}

// appraisalStep is one line of an appraisal's history as it is written.
type appraisalStep struct {
	Key      string
	Action   appraisal.Action
	Field    string
	Person   int64 // 0: by time
	Position staff.Position
	From, To appraisal.Stage
	Reason   string
	Content  []appraisal.Explanation
	Hash     string
	Detail   map[string]any
	At       time.Time
	Late     bool
}

func (a *lockedAppraisal) addStep(ctx context.Context, step appraisalStep) error {
	_, err := a.insertStep(ctx, step)
	return err
}

func (a *lockedAppraisal) insertStep(ctx context.Context, step appraisalStep) (int64, error) {
	const insert = `
		insert into appraisal_steps (key, document_id, action, field, person_id, role, unit_code, from_stage, to_stage,
			reason, content, content_hash, detail, at, late)
		values ($1, $2, $3, nullif($4, ''), nullif($5::bigint, 0), $6, nullif($7, ''), $8, $9, $10, $11, $12, $13, $14, $15)
		returning id`
	var content any
	if step.Content != nil {
		raw, err := json.Marshal(step.Content)
		if err != nil {
			return 0, fmt.Errorf("add step of an appraisal: %w", err)
		}
		content = string(raw)
	}
	if step.Detail == nil {
		step.Detail = map[string]any{}
	}
	detail, err := json.Marshal(step.Detail)
	if err != nil {
		return 0, fmt.Errorf("add step of an appraisal: %w", err)
	}
	var id int64
	err = a.tx.GetContext(ctx, &id, insert, step.Key, a.doc.ID, step.Action, step.Field, step.Person, step.Position.Role, step.Position.Unit,
		step.From, step.To, step.Reason, content, step.Hash, string(detail), step.At, step.Late)
	return id, wrap("add step of an appraisal", err)
}

// wake asks for the appraisal's workflow to look: what is written may change its next
// instant.
func (a *lockedAppraisal) wake(ctx context.Context) error {
	const wake = `
		update appraisals set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where document_id = $1`
	_, err := a.tx.ExecContext(ctx, wake, a.doc.ID)
	return wrap("wake appraisal", err)
}

// wakeAppraisals asks for the workflows of all appraisals under way to look, of one
// campaign or of all.
func wakeAppraisals(ctx context.Context, tx sqlx.ExecerContext, campaign string) error {
	const wake = `
		update appraisals set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where ended_at is null and ($1 = '' or campaign = $1)`
	_, err := tx.ExecContext(ctx, wake, campaign)
	return wrap("wake appraisals", err)
}
