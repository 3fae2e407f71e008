package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// AuditWoken tells that an operator woke one document's workflow, or all.
const AuditWoken = "woken"

// WakeReasonMissing refuses an operator's action without a reason.
const WakeReasonMissing rule.Code = "wake_reason"

// How long something may be quiet before an operator is shown it.
const (
	unansweredAfter = 10 * time.Second // a decision is answered within a second
	silentAfter     = 3 * time.Minute  // the relay comes after one
)

// UnansweredDecision is a decision that was received and has no outcome, or was
// set aside as failed. It tells nothing of the content.
type UnansweredDecision struct {
	ID         int64           `db:"id"`
	Document   string          `db:"document_id"`
	Action     document.Action `db:"action"`
	Role       staff.Role      `db:"role"`
	ReceivedAt time.Time       `db:"received_at"`
	Failures   int             `db:"failures"`       // tries that went wrong
	Relayed    int             `db:"relay_failures"` // signals without an answer
	RunID      string          `db:"run_id"`
	ClosedAt   *time.Time      `db:"closed_at"` // of the document
	AnsweredAt *time.Time      `db:"answered_at"`
}

// UnansweredDecisions lists the oldest decisions that still wait after some
// seconds, at most limit.
func (s *Store) UnansweredDecisions(ctx context.Context, limit int) ([]UnansweredDecision, error) {
	const list = `
		select x.id, x.document_id, x.action, x.role, x.received_at, x.failures,
		       d.relay_failures, d.run_id, d.closed_at, x.answered_at
		from decisions x join documents d on d.id = x.document_id
		where x.outcome is null and x.received_at < clock_timestamp() - $2 * interval '1 second'
		order by x.received_at, x.id limit $1`
	var rows []UnansweredDecision
	err := s.db.SelectContext(ctx, &rows, list, limit, unansweredAfter.Seconds())
	return rows, wrap("list unanswered decisions", err)
}

// FailedDecisions lists the newest decisions that could not be applied after
// several tries, at most limit.
func (s *Store) FailedDecisions(ctx context.Context, limit int) ([]UnansweredDecision, error) {
	const list = `
		select x.id, x.document_id, x.action, x.role, x.received_at, x.failures,
		       d.relay_failures, d.run_id, d.closed_at, x.answered_at
		from decisions x join documents d on d.id = x.document_id
		where x.outcome = 'failed' order by x.id desc limit $1`
	var rows []UnansweredDecision
	err := s.db.SelectContext(ctx, &rows, list, limit)
	return rows, wrap("list failed decisions", err)
}

// OperatedDocument is a document as its operators see it: where its workflow
// stands, nothing of the content.
type OperatedDocument struct {
	Document  string          `db:"id"`
	Status    document.Status `db:"status"`
	WakeAt    *time.Time      `db:"wake_at"`
	RelayAt   *time.Time      `db:"relay_at"`
	Relayed   int             `db:"relay_failures"`
	RunID     string          `db:"run_id"` // empty: the workflow has not been heard of
	CreatedAt time.Time       `db:"created_at"`
	ClosedAt  *time.Time      `db:"closed_at"`
	Waiting   int             `db:"waiting"` // unanswered decisions
}

const operatedColumns = `
	select d.id, d.status, d.wake_at, d.relay_at, d.relay_failures, d.run_id, d.created_at, d.closed_at,
	       (select count(*) from decisions x where x.document_id = d.id and x.outcome is null) as waiting
	from documents d `

// SilentDocuments lists open documents whose workflow should have called and has
// not, at most limit, and how many there are.
func (s *Store) SilentDocuments(ctx context.Context, limit int) ([]OperatedDocument, int, error) {
	const silent = `where d.closed_at is null and d.wake_at < clock_timestamp() - $1 * interval '1 second'`
	const count = `select count(*) from documents d ` + silent
	const list = operatedColumns + silent + ` order by d.wake_at, d.id limit $2`
	var total int
	if err := s.db.GetContext(ctx, &total, count, silentAfter.Seconds()); err != nil {
		return nil, 0, wrap("count silent documents", err)
	}
	var rows []OperatedDocument
	err := s.db.SelectContext(ctx, &rows, list, silentAfter.Seconds(), limit)
	return rows, total, wrap("list silent documents", err)
}

// OperatedDocument reads one document for its operators, by its id.
func (s *Store) OperatedDocument(ctx context.Context, id string) (OperatedDocument, error) {
	const read = operatedColumns + `where d.id = $1`
	var row OperatedDocument
	err := s.db.GetContext(ctx, &row, read, id)
	return row, wrap("read document for operators", err)
}

// OpenCounts is what an operator sees at a glance.
type OpenCounts struct {
	Documents  int `db:"documents"`  // open
	Unanswered int `db:"unanswered"` // decisions of any age
	Mails      int `db:"mails"`      // queued
	Bundles    int `db:"bundles"`    // of evidence, not sealed yet
}

// OpenCounts counts what is on its way.
func (s *Store) OpenCounts(ctx context.Context) (OpenCounts, error) {
	const count = `
		select (select count(*) from documents where closed_at is null) as documents,
		       (select count(*) from decisions where outcome is null) as unanswered,
		       (select count(*) from mails where state = 'queued') as mails,
		       (select count(*) from evidence_bundles where sealed_at is null) as bundles`
	var c OpenCounts
	err := s.db.GetContext(ctx, &c, count)
	return c, wrap("count what is open", err)
}

// WakeDocument asks for the document's workflow to be woken now, an open one or
// one that has closed: the worker's relay does it. Who asked and why is audited
// in the same transaction.
func (s *Store) WakeDocument(ctx context.Context, id string, by Audit) error {
	const wake = `
		update documents set wake_at = clock_timestamp() - interval '1 hour', relay_at = null, relay_failures = 0
		where id = $1`
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockDocument(ctx, tx, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, wake, id); err != nil {
			return wrap("set wake", err)
		}
		by.Action, by.Object = AuditWoken, id
		return addAudit(ctx, tx, by)
	})
	if err != nil {
		return fmt.Errorf("wake document %s: %w", id, err)
	}
	return nil
}
