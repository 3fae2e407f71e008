package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of what can be wrong with a decision before the table of moves is asked.
const (
	KeyReused   rule.Code = "key_reused"      // the form's key belongs to another decision
	RightEnded  rule.Code = "right_ended"     // the role was not held when the decision was received
	Unavailable rule.Code = "decision_failed" // five tries went wrong; an operator must look
)

// NewDecision is what a person wants, as the form sent it.
type NewDecision struct {
	Key         uuid.UUID // from the form: the same click twice is the same key
	Document    string
	Action      document.Action
	Actor       staff.Actor
	Revision    int    // on the screen
	ContentHash string // on the screen
	Reason      string
	Until       time.Time        // extend, reopen, excuse, prolong
	Request     int64            // extend only: the unit's request that it answers; 0: none
	Outage      int64            // extend, excuse, prolong: because of this outage; 0: none
	Points      []document.Point // return only: what is asked for, point by point
}

// Answer is what became of a decision. Outcome is empty while it waits.
type Answer struct {
	ID         int64       `db:"id"`
	Key        uuid.UUID   `db:"key"`
	Document   string      `db:"document_id"`
	Action     string      `db:"action"`
	Person     int64       `db:"person_id"`
	ReceivedAt time.Time   `db:"received_at"`
	Outcome    string      `db:"outcome"`
	Broken     rule.Errors `db:"-"`
	BrokenJSON []byte      `db:"broken"`
}

// The outcomes of a decision.
const (
	Applied = "applied"
	Refused = "refused"
	Failed  = "failed"
)

// AddDecision stores what a person wants, stamped with the database's clock.
// It answers early (rule.Errors) when the state under the lock already says no;
// a row once stored is answered by RecordDecisions alone. The same key again
// returns the same id. ErrNotFound: no such document.
func (s *Store) AddDecision(ctx context.Context, n NewDecision) (id int64, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		id, err = s.addDecision(ctx, tx, n, nil)
		return err
	})
	return id, err
}

func (s *Store) addDecision(ctx context.Context, tx *sqlx.Tx, n NewDecision, attempt *uuid.UUID) (int64, error) {
	doc, err := lockDocument(ctx, tx, n.Document)
	if err != nil {
		return 0, err
	}
	if id, err := sameKey(ctx, tx, n); id != 0 || err != nil {
		return id, err
	}
	if doc.Stage.Over(n.Action) {
		return 0, rule.Broken(document.Closed, "")
	}
	if n.Action == document.Sign && attempt == nil {
		return 0, rule.Broken(SignatureMissing, "")
	}
	position, ok := document.RoleFor(doc.state(), n.Action, n.Actor, s.authority)
	if !ok {
		return 0, s.whyNoRole(doc, n)
	}
	d := decisionRow{
		Key: n.Key, Document: n.Document, Action: n.Action, Person: n.Actor.Person,
		Role: string(position.Role), Unit: position.Unit, Revision: n.Revision,
		ContentHash: n.ContentHash, Reason: n.Reason, Attempt: attempt,
	}
	if !n.Until.IsZero() {
		d.Until = &n.Until
	}
	if n.Request != 0 {
		d.Request = &n.Request
	}
	if n.Outage != 0 {
		d.Outage = &n.Outage
	}
	if err := tx.GetContext(ctx, &d.ReceivedAt, `select clock_timestamp()`); err != nil {
		return 0, wrap("stamp decision", err)
	}
	if err := document.CheckPoints(n.Points).Err(); err != nil {
		return 0, err
	}
	if _, err := s.decide(ctx, tx, doc, d); err != nil {
		return 0, err
	}
	id, err := insertDecision(ctx, tx, d)
	if err != nil {
		return 0, err
	}
	return id, addPoints(ctx, tx, id, n.Points)
}

// whyNoRole tells a person without a fitting position whether the stage has
// moved on or the desk was never theirs.
func (s *Store) whyNoRole(doc *lockedDocument, n NewDecision) error {
	for _, m := range document.Moves {
		if m.Action == n.Action && n.Actor.Holds(m.Role, s.unitOf(m.Desk, doc)) && m.From != doc.Stage {
			return rule.Broken(document.WrongStage, "", string(doc.Stage))
		}
	}
	return rule.Broken(document.NotYourRole, "")
}

func (s *Store) unitOf(desk document.Desk, doc *lockedDocument) string {
	if desk == document.AtAuthority {
		return s.authority
	}
	return doc.Unit
}

// sameKey finds a decision already stored under the key. Somebody else's key, or
// one of another document, is refused.
func sameKey(ctx context.Context, tx *sqlx.Tx, n NewDecision) (int64, error) {
	const find = `select id, person_id, document_id, action from decisions where key = $1`
	var known struct {
		ID       int64           `db:"id"`
		Person   int64           `db:"person_id"`
		Document string          `db:"document_id"`
		Action   document.Action `db:"action"`
	}
	err := tx.GetContext(ctx, &known, find, n.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, wrap("look for the decision's key", err)
	case known.Person != n.Actor.Person || known.Document != n.Document || known.Action != n.Action:
		return 0, rule.Broken(KeyReused, "")
	}
	return known.ID, nil
}

func insertDecision(ctx context.Context, tx *sqlx.Tx, d decisionRow) (int64, error) {
	const insert = `
		insert into decisions (key, document_id, action, person_id, role, unit_code,
			revision, content_hash, reason, until, attempt_id, received_at, request_id, outage_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		returning id`
	var id int64
	err := tx.GetContext(ctx, &id, insert, d.Key, d.Document, d.Action, d.Person, d.Role,
		d.Unit, d.Revision, d.ContentHash, d.Reason, d.Until, d.Attempt, d.ReceivedAt, d.Request, d.Outage)
	if uniqueViolation(err, "decisions_key_key") { // the same key on another document at the same moment
		return 0, rule.Broken(KeyReused, "")
	}
	return id, wrap("insert decision", err)
}

// decisionRow is a stored decision.
type decisionRow struct {
	ID          int64           `db:"id"`
	Key         uuid.UUID       `db:"key"`
	Document    string          `db:"document_id"`
	Action      document.Action `db:"action"`
	Person      int64           `db:"person_id"`
	Role        string          `db:"role"`
	Unit        string          `db:"unit_code"`
	Revision    int             `db:"revision"`
	ContentHash string          `db:"content_hash"`
	Reason      string          `db:"reason"`
	Until       *time.Time      `db:"until"`
	Attempt     *uuid.UUID      `db:"attempt_id"`
	ReceivedAt  time.Time       `db:"received_at"`
	Failures    int             `db:"failures"`
	Request     *int64          `db:"request_id"`
	Outage      *int64          `db:"outage_id"`
}

func (d decisionRow) decision() document.Decision {
	out := document.Decision{
		Action: d.Action, Person: d.Person, Role: d.Role, Unit: d.Unit, Revision: d.Revision,
		ContentHash: d.ContentHash, Reason: d.Reason, ReceivedAt: d.ReceivedAt,
	}
	if d.Until != nil {
		out.Until = *d.Until
	}
	return out
}

// verdict is an allowed move with what its effects need.
type verdict struct {
	move  document.Move
	draft *frozenDraft // submit only
}

// decide asks the rules under the lock: first whether the person had the right
// when the decision was received, then the table of moves, and for a submission
// the form. rule.Errors are refusals; any other error is a failure. Before the
// decision is stored (it has no id yet) the form's checks against earlier periods
// are left to the answer: reading those costs as much as all the rest.
func (s *Store) decide(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, d decisionRow) (verdict, error) {
	held, signingBy, err := standing(ctx, tx, doc.ID, d)
	if err != nil {
		return verdict{}, err
	}
	if !held {
		return verdict{}, rule.Broken(RightEnded, "")
	}
	if d.Request != nil {
		if err := requestStands(ctx, tx, doc.ID, *d.Request, d.ID); err != nil {
			return verdict{}, err
		}
	}
	state := doc.state()
	state.SigningBy = signingBy
	if state.Acted, err = acted(ctx, tx, doc.ID); err != nil {
		return verdict{}, err
	}
	var v verdict
	if doc.Stage == document.Drafting && d.Action == document.Submit {
		if v.draft, err = s.checkDraft(ctx, tx, doc, d.ID != 0); err != nil {
			return verdict{}, err
		}
		state.ContentHash = v.draft.hash
	}
	move, broken := document.Next(state, d.decision(), s.authority)
	if broken != nil {
		return verdict{}, broken
	}
	if v.draft != nil {
		points, err := pointsNow(ctx, tx, doc)
		if err != nil {
			return verdict{}, err
		}
		if broken := append(slices.Clone(v.draft.result.Errors), OpenMusts(points)...); len(broken) > 0 {
			return verdict{}, broken
		}
	}
	v.move = move
	return v, nil
}

// standing tells, of the instant when the decision was received, whether the
// person held the role, and who had a signing attempt open (0: nobody). A role
// that ended later still counts; a closed account is gone at once.
func standing(ctx context.Context, tx *sqlx.Tx, id string, d decisionRow) (held bool, signingBy int64, err error) {
	const find = `
		select exists (
			select from positions p join persons q on q.id = p.person_id
			where p.person_id = $1 and p.unit_code = $2 and p.role = $3
			  and p.valid_from <= $4 and (p.valid_to is null or p.valid_to > $4)
			  and q.state = 'active'),
		coalesce((
			select person_id from signing_attempts
			where document_id = $5 and state = 'open' and opened_at <= $4 and expires_at > $4), 0)`
	err = tx.QueryRowxContext(ctx, find, d.Person, d.Unit, d.Role, d.ReceivedAt, id).Scan(&held, &signingBy)
	return held, signingBy, wrap("check position", err)
}

// DecisionAnswer reads what became of a decision. Only its author may ask.
func (s *Store) DecisionAnswer(ctx context.Context, id, person int64) (Answer, error) {
	const read = `
		select id, key, document_id, action, person_id, received_at,
		       coalesce(outcome, '') as outcome, broken
		from decisions where id = $1 and person_id = $2`
	var a Answer
	if err := s.db.GetContext(ctx, &a, read, id, person); err != nil {
		return a, wrap("read decision", err)
	}
	if err := json.Unmarshal(a.BrokenJSON, &a.Broken); err != nil {
		return a, fmt.Errorf("read decision %d: %w", id, err)
	}
	return a, nil
}
