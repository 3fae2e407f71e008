package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// The events of adjustments in a document's history begin with this; the action
// follows.
const eventAdjustment = "adjustment_"

// AdjustmentDecision is what a person wants with an adjustment, as the form sent it.
type AdjustmentDecision struct {
	Key        uuid.UUID // from the form: the same click twice is the same key
	Document   string
	Adjustment int64
	Action     document.Action
	Actor      staff.Actor
	Hash       string // on the screen
	Reason     string
}

// DecideAdjustment moves an adjustment by the table of its moves, and brings it into
// force where that is what was decided: the plan's tasks, the draft of its next
// revision and its workflow follow in the same transaction. The same key again is the
// same decision. rule.Errors: why not.
func (s *Store) DecideAdjustment(ctx context.Context, d AdjustmentDecision) error {
	d.Reason = CleanText(d.Reason)
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, err := s.lockTracked(ctx, tx, d.Document)
		if err != nil {
			return err
		}
		if known, err := stepUnder(ctx, tx, d); known || err != nil {
			return err
		}
		a, err := readAdjustment(ctx, tx, d.Document, d.Adjustment)
		if err != nil {
			return err
		}
		m, err := s.weighDecision(ctx, tx, p, &a, d)
		if err != nil {
			return err
		}
		return m.apply(ctx)
	})
	if uniqueViolation(err, "adjustment_steps_key_key") { // the same key on another plan at the same moment
		return rule.Broken(KeyReused, "")
	}
	return err
}

func stepUnder(ctx context.Context, tx *sqlx.Tx, d AdjustmentDecision) (bool, error) {
	const find = `select person_id, adjustment_id, action from adjustment_steps where key = $1`
	var known struct {
		Person     int64           `db:"person_id"`
		Adjustment int64           `db:"adjustment_id"`
		Action     document.Action `db:"action"`
	}
	err := tx.GetContext(ctx, &known, find, d.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && (known.Person != d.Actor.Person || known.Adjustment != d.Adjustment || known.Action != d.Action):
		return false, rule.Broken(KeyReused, "")
	}
	return err == nil, wrap("look for the key of a step", err)
}

// State is what the moves of the adjustment are decided by.
func (a *Adjustment) State(unit string, acted []document.Part) document.State {
	state := document.State{Kind: document.Plan, Unit: unit, Stage: a.Stage, ContentHash: a.Hash, Acted: acted}
	if a.Submitter != nil {
		state.Submitter = *a.Submitter
	}
	return state
}

// ActedOn is everybody's part in the adjustment so far.
func (s *Store) ActedOn(ctx context.Context, adjustment int64) ([]document.Part, error) {
	return actedOn(ctx, s.db, adjustment)
}

func actedOn(ctx context.Context, q sqlx.QueryerContext, adjustment int64) ([]document.Part, error) {
	const list = `
		select distinct person_id, role from adjustment_steps
		where adjustment_id = $1 and action in ('submit', 'approve', 'return', 'confirm')`
	var parts []document.Part
	err := sqlx.SelectContext(ctx, q, &parts, list, adjustment)
	return parts, wrap("read parts in an adjustment", err)
}

// weighDecision asks the table of moves, and where the adjustment goes on, the rules
// of what it says.
func (s *Store) weighDecision(ctx context.Context, tx *sqlx.Tx, p *trackedPlan, a *Adjustment, d AdjustmentDecision) (*adjustmentMove, error) {
	on, err := p.standing()
	if err != nil {
		return nil, err
	}
	a.arrange(on.living.Tasks)
	if err := a.weigh(on); err != nil {
		return nil, err
	}
	acted, err := actedOn(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	state := a.State(p.doc.Unit, acted)
	position, broken := document.AdjustmentRole(state, d.Action, d.Actor, s.authority)
	if broken != nil {
		return nil, broken
	}
	move, broken := document.NextAdjustment(state, document.Decision{
		Action: d.Action, Person: d.Actor.Person, Role: string(position.Role), Unit: position.Unit,
		ContentHash: d.Hash, Reason: d.Reason, ReceivedAt: p.Now,
	}, s.authority)
	switch forward := move.Action == document.Submit || move.Action == document.Approve || move.Action == document.Confirm; {
	case broken != nil:
		return nil, broken
	case forward && p.doc.Stage != document.Approved:
		return nil, rule.Broken(plan.AdjustmentOutdated, "")
	case forward && a.Broken != nil:
		return nil, a.Broken
	case forward && move.Action != document.Submit && a.Submitted != a.Hash: // what stands in the plan is no longer what was checked
		return nil, rule.Broken(plan.AdjustmentMoved, "")
	}
	return &adjustmentMove{store: s, tx: tx, plan: p, on: on, adjustment: a, decision: d, position: position, move: move}, nil
}

// adjustmentMove is a decision about an adjustment that is allowed.
type adjustmentMove struct {
	store      *Store
	tx         *sqlx.Tx
	plan       *trackedPlan
	on         plansAdjusted
	adjustment *Adjustment
	decision   AdjustmentDecision
	position   staff.Position
	move       document.Move
}

func (m *adjustmentMove) apply(ctx context.Context) error {
	step, err := m.addStep(ctx)
	if err != nil {
		return err
	}
	if m.move.To == document.Approved {
		if err := m.enforce(ctx); err != nil {
			return err
		}
	}
	const move = `
		update plan_adjustments
		set stage = $2, returned = $3, held_since = $4,
		    submitter = case when $5 then $6 else submitter end, content_hash = case when $5 then $7 else content_hash end,
		    ended_at = case when $2 in ('approved', 'discarded') then $4::timestamptz end,
		    n = $8, revision = $9, before = $10, after = $11
		where id = $1`
	submits := m.move.Action == document.Submit
	var n, revision, before, after any
	if m.move.To == document.Approved {
		if n, err = m.number(ctx); err != nil {
			return err
		}
		revision = m.plan.doc.ApprovedRev
		if before, after, err = m.snapshots(); err != nil {
			return err
		}
	}
	_, err = m.tx.ExecContext(ctx, move, m.adjustment.ID, m.move.To, m.move.Action == document.Return, m.plan.Now,
		submits, m.decision.Actor.Person, m.adjustment.Hash, n, revision, before, after)
	if err != nil {
		return wrap("move adjustment", err)
	}
	if m.move.To == document.Approved { // from here on the table is the adjusted one
		if err := m.plan.sync(ctx, m.tx); err != nil {
			return err
		}
		if err := m.plan.indexAdjusted(ctx, m.tx, m.adjustment.After); err != nil {
			return err
		}
	}
	if err := wakePlan(ctx, m.tx, m.plan.doc.ID); err != nil { // another desk is reminded now, or none
		return err
	}
	if err := m.remember(ctx, step); err != nil {
		return err
	}
	return addNotices(ctx, m.tx, m.notices(step))
}

func (m *adjustmentMove) addStep(ctx context.Context) (int64, error) {
	const insert = `
		insert into adjustment_steps (key, adjustment_id, action, person_id, role, unit_code, from_stage, to_stage, reason, content_hash, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`
	var id int64
	err := m.tx.GetContext(ctx, &id, insert, m.decision.Key, m.adjustment.ID, m.move.Action, m.decision.Actor.Person,
		m.position.Role, m.position.Unit, m.move.From, m.move.To, m.decision.Reason, m.adjustment.Hash, m.plan.Now)
	return id, wrap("add step of an adjustment", err)
}

// number is the adjustment's among those of the plan that came into force.
func (m *adjustmentMove) number(ctx context.Context) (int, error) {
	const next = `select count(*) + 1 from plan_adjustments where document_id = $1 and stage = 'approved'`
	var n int
	err := m.tx.GetContext(ctx, &n, next, m.plan.doc.ID)
	return n, wrap("number adjustment", err)
}

func (m *adjustmentMove) snapshots() (before, after string, err error) {
	old, err := json.Marshal(m.adjustment.Before)
	if err != nil {
		return "", "", fmt.Errorf("write versions of a plan: %w", err)
	}
	made, err := json.Marshal(m.adjustment.After)
	return string(old), string(made), err
}

// enforce writes the adjusted tasks into the draft of the plan's next revision: a plan
// that is reopened for correction is corrected as it stands, adjustments included.
func (m *adjustmentMove) enforce(ctx context.Context) error {
	rows, err := taskRows(ctx, m.tx, m.plan.doc.ID)
	if err != nil {
		return err
	}
	draft := &taskTable{rules: m.on.table, rows: rows}
	for _, change := range m.adjustment.Tasks {
		at := draft.index(change.Task.Key)
		if at < 0 {
			at = len(draft.rows)
			draft.rows = append(draft.rows, taskRow{})
		}
		row := &draft.rows[at]
		row.Removed, row.changed = change.Kind == plan.Removed, true
		row.Task = change.Task
	}
	return draft.write(ctx, m.tx, m.plan.doc.ID, m.decision.Actor.Person)
}

// remember writes the line of the document's history.
func (m *adjustmentMove) remember(ctx context.Context, step int64) error {
	doc := m.plan.doc
	person := m.decision.Actor.Person
	return addHistory(ctx, m.tx, event{
		Document: doc.ID, Key: fmt.Sprintf("adjustment:%d", step), At: m.plan.Now, Event: eventAdjustment + string(m.move.Action),
		Person: &person, Role: string(m.position.Role), Unit: &m.position.Unit, Revision: doc.Revision, FromStage: doc.Stage, ToStage: doc.Stage,
		Reason: m.decision.Reason, Detail: map[string]any{"adjustment": m.adjustment.ID, "number": m.adjustment.Number},
	})
}

// notices tell whoever has the adjustment now, and of its end everybody of the unit
// who answers for the plan.
func (m *adjustmentMove) notices(step int64) []Notice {
	doc := m.plan.doc
	tell := func(kind string, role staff.Role, unit string) Notice {
		return Notice{
			Key: fmt.Sprintf("%s:adjustment:%d:%s", doc.ID, step, role), Kind: kind, Document: doc.ID, Role: role, Unit: unit,
			Args: map[string]any{"adjustment": m.adjustment.ID},
		}
	}
	switch {
	case m.move.To == document.DivisionReview:
		return []Notice{tell(NoticeAdjustment, staff.DivisionHead, doc.Unit)}
	case m.move.To == document.AuthorityReview:
		return []Notice{tell(NoticeAdjustment, staff.Officer, m.store.authority)}
	case m.move.Action == document.Return:
		return []Notice{tell(NoticeAdjustmentReturned, staff.Specialist, doc.Unit)}
	case m.move.To == document.Approved:
		return []Notice{
			tell(NoticeAdjusted, staff.Specialist, doc.Unit), tell(NoticeAdjusted, staff.DivisionHead, doc.Unit), tell(NoticeAdjusted, staff.Director, doc.Unit),
		}
	}
	return nil
}
