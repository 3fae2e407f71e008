package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// maxFailures is how often applying one decision may go wrong before it is set
// aside as failed and shown to operators, so that those behind it go on.
const maxFailures = 5

// DocumentState is how a document stands after RecordDecisions: all that its
// workflow needs to choose the next timer, and nothing it could decide by.
type DocumentState struct {
	Document    string
	Campaign    string
	Unit        string
	Kind        document.Kind
	Stage       document.Stage
	Status      document.Status
	Revision    int
	Closed      bool
	Role        staff.Role // whose desk; empty when closed
	DeskUnit    string
	DueAt       time.Time
	Overdue     bool
	Passed      *Rung // the rung the call came for, when the ladder still has it
	Next        *Rung // strictly later than everything walked so far
	Answered    int   // decisions answered by this call
	NeedsLookIn bool  // a decision could not be applied now; call again soon
}

// Rung is one occurrence on the ladder of the present desk.
type Rung struct {
	Code  string
	Index int
	At    time.Time // the rung's own instant: its key and its time
	Wake  time.Time // when the workflow comes for it: reminders are spread over a minute
	To    []string
	IsDue bool // the due instant itself, never spread
}

// RecordDecisions answers every unanswered decision of the document in order of
// receipt, then makes the system move of the instant `passed` (zero: none), and
// returns how the document stands. It is the only writer of the stage, is safe
// to call at any time, and never needs to know who asked. runID is the workflow
// run that asks.
//
// Refusals are outcomes, not errors. An error means nothing was committed but
// the count of failed tries.
func (s *Store) RecordDecisions(ctx context.Context, id string, passed time.Time, runID string) (DocumentState, error) {
	var state DocumentState
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, id)
		if err != nil {
			return err
		}
		r := recorder{store: s, tx: tx, doc: doc}
		if r.calendar, err = loadCalendar(ctx, tx); err != nil {
			return err
		}
		if err := r.answerAll(ctx); err != nil {
			return err
		}
		if runID != "" {
			doc.RunID = runID
		}
		state, err = r.settle(ctx, passed)
		return err
	})
	if err != nil {
		return DocumentState{}, fmt.Errorf("record decisions of %s: %w", id, err)
	}
	return state, nil
}

// recorder is one run of RecordDecisions inside its transaction.
type recorder struct {
	store    *Store
	tx       *sqlx.Tx
	doc      *lockedDocument
	calendar calendar.Calendar
	notices  []Notice
	answered int
	blocked  bool // a decision failed and waits for another try
}

func (r *recorder) answerAll(ctx context.Context) error {
	const list = `
		select id, key, document_id, action, person_id, role, unit_code, revision,
		       content_hash, reason, until, attempt_id, received_at, failures, request_id, outage_id
		from decisions where document_id = $1 and outcome is null order by id`
	var rows []decisionRow
	if err := r.tx.SelectContext(ctx, &rows, list, r.doc.ID); err != nil {
		return wrap("list unanswered decisions", err)
	}
	for _, row := range rows {
		if err := r.answer(ctx, row); err != nil {
			return err
		}
		if r.blocked {
			return nil // those behind wait: order of receipt
		}
	}
	return nil
}

// answer applies or refuses one decision inside a savepoint of its own.
func (r *recorder) answer(ctx context.Context, d decisionRow) error {
	before, noticesBefore := *r.doc, len(r.notices)
	if _, err := r.tx.ExecContext(ctx, `savepoint decision`); err != nil {
		return wrap("set savepoint", err)
	}
	outcome, broken, err := r.apply(ctx, d)
	if err == nil {
		err = r.writeOutcome(ctx, d, outcome, broken)
	}
	if err == nil {
		r.answered++
		_, err = r.tx.ExecContext(ctx, `release savepoint decision`)
		return wrap("release savepoint", err)
	}
	if !countsAsFailure(err) {
		return err
	}
	*r.doc, r.notices = before, r.notices[:noticesBefore]
	if _, rollErr := r.tx.ExecContext(ctx, `rollback to savepoint decision`); rollErr != nil {
		return wrap("roll back to savepoint", errors.Join(err, rollErr))
	}
	return r.countFailure(ctx, d, err)
}

// countsAsFailure tells an error of this decision from one of the moment: a lost
// connection, a lock or a time-out says nothing about the decision.
func countsAsFailure(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var pqErr *pq.Error
	if !errors.As(err, &pqErr) {
		return !isConnection(err)
	}
	switch pqErr.Code.Class() {
	case "08", "40", "53", "55", "57", "58":
		return false
	}
	return true
}

// apply asks the rules and, where they allow, makes the move.
func (r *recorder) apply(ctx context.Context, d decisionRow) (outcome string, broken rule.Errors, err error) {
	v, err := r.store.decide(ctx, r.tx, r.doc, d)
	if errors.As(err, &broken) {
		return Refused, broken, r.refuse(ctx, d)
	}
	if err != nil {
		return "", nil, err
	}
	if err := r.move(ctx, d, v); err != nil {
		return "", nil, err
	}
	return Applied, nil, nil
}

func (r *recorder) writeOutcome(ctx context.Context, d decisionRow, outcome string, broken rule.Errors) error {
	const write = `
		update decisions set outcome = $2, broken = $3, answered_at = clock_timestamp()
		where id = $1 and outcome is null`
	if broken == nil {
		broken = rule.Errors{}
	}
	raw, err := json.Marshal(broken)
	if err != nil {
		return fmt.Errorf("write outcome: %w", err)
	}
	_, err = r.tx.ExecContext(ctx, write, d.ID, outcome, raw)
	return wrap("write outcome", err)
}

// refuse ends the signing attempt of a refused signature: the signed file stays
// as evidence and is never offered as issued, its number is never used again.
func (r *recorder) refuse(ctx context.Context, d decisionRow) error {
	if d.Attempt == nil {
		return nil
	}
	return voidAttempt(ctx, r.tx, *d.Attempt, "refused")
}

// countFailure notes that applying went wrong. After maxFailures the decision
// is set aside, so that it cannot hold up the others for ever.
func (r *recorder) countFailure(ctx context.Context, d decisionRow, cause error) error {
	const count = `update decisions set failures = failures + 1 where id = $1`
	if _, err := r.tx.ExecContext(ctx, count, d.ID); err != nil {
		return wrap("count failure", err)
	}
	r.store.log().ErrorContext(ctx, "decision could not be applied",
		"document", r.doc.ID, "decision", d.ID, "try", d.Failures+1, "error", cause)
	if d.Failures+1 < maxFailures {
		r.blocked = true
		return nil
	}
	r.answered++
	return r.writeOutcome(ctx, d, Failed, rule.Broken(Unavailable, ""))
}

// settle makes the system move, sees to tasks, notices and the row, and tells
// how the document stands.
func (r *recorder) settle(ctx context.Context, passed time.Time) (DocumentState, error) {
	ladder, err := r.rungs()
	if err != nil {
		return DocumentState{}, err
	}
	taken, err := r.pass(ctx, ladder, passed)
	if err != nil {
		return DocumentState{}, err
	}
	if err := addNotices(ctx, r.tx, r.notices); err != nil {
		return DocumentState{}, err
	}
	state := r.state(ladder, taken)
	return state, saveDocument(ctx, r.tx, r.doc, wakeAt(state))
}

// rungs is the whole ladder of the present desk from the launch on; nil when
// the document is closed.
func (r *recorder) rungs() ([]period.At, error) {
	if r.doc.Stage.Closed() {
		return nil, nil
	}
	ladder, err := r.doc.ladder()
	if err != nil {
		return nil, err
	}
	return ladder.All(r.doc.CreatedAt, r.doc.DueAt, r.calendar), nil
}

// pass walks the ladder to the instant the workflow waited for. The instant is
// the move's time and key: a second call for it does nothing and answers alike.
func (r *recorder) pass(ctx context.Context, ladder []period.At, at time.Time) (*Rung, error) {
	if at.IsZero() || at.Before(r.doc.RungAt) {
		return nil, nil
	}
	for _, one := range ladder {
		if !one.Time.Equal(at) {
			continue
		}
		rung := r.rung(one)
		if at.After(r.doc.RungAt) {
			r.doc.RungAt = at
			if rung.IsDue {
				return rung, r.remember(ctx, duePassed(r.doc, at))
			}
		}
		return rung, nil
	}
	return nil, nil // the ladder has changed since the timer was set
}

func (r *recorder) rung(at period.At) *Rung {
	rung := &Rung{
		Code: at.Rung.Code, Index: at.Index, At: at.Time, Wake: at.Time, To: at.Rung.To,
		IsDue: at.Time.Equal(r.doc.DueAt),
	}
	if !rung.IsDue {
		rung.Wake = at.Time.Add(spread(r.doc.ID))
	}
	return rung
}

func (r *recorder) state(ladder []period.At, passed *Rung) DocumentState {
	d := r.doc
	state := DocumentState{
		Document: d.ID, Campaign: d.Campaign, Unit: d.Unit, Kind: d.Kind, Stage: d.Stage,
		Status: document.StatusOf(d.Stage, d.Started, d.Returned), Revision: d.Revision,
		Closed: d.Stage.Closed(), DueAt: d.DueAt, Passed: passed,
		Overdue:  !d.Stage.Closed() && !d.RungAt.Before(d.DueAt),
		Answered: r.answered, NeedsLookIn: r.blocked,
	}
	state.Role, state.DeskUnit, _ = r.store.desk(d)
	for _, one := range ladder {
		if one.Time.After(d.RungAt) {
			state.Next = r.rung(one)
			break
		}
	}
	return state
}
