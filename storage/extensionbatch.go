package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// BatchEmpty refuses a click without a request.
const BatchEmpty rule.Code = "requests_missing"

// Verdict is what an officer says to requests for more time.
type Verdict string

// The verdicts.
const (
	Grant   Verdict = "grant"
	Decline Verdict = "decline"
)

// RequestAnswer is one request of a click.
type RequestAnswer struct {
	Request int64
	Until   time.Time // grant: the new last allowed instant
}

// NewBatch is what an officer decides with one click, about one request or many.
type NewBatch struct {
	Key     uuid.UUID // from the form
	Actor   staff.Actor
	Verdict Verdict
	Reason  string
	Answers []RequestAnswer
}

// AddBatch keeps what an officer decided; AnswerBatch then carries it out. The
// same key again is the same batch.
func (s *Store) AddBatch(ctx context.Context, n NewBatch) error {
	if err := s.checkBatch(n).Err(); err != nil {
		return err
	}
	const add = `
		insert into extension_batches (key, person_id, unit_code, role, verdict, reason, made_at)
		values ($1, $2, $3, $4, $5, $6, clock_timestamp())`
	const items = `
		insert into extension_batch_items (batch, request_id, n, until)
		select $1, i.request, i.n, case when $2 then to_timestamp(i.until) end
		from unnest($3::bigint[], $4::bigint[]) with ordinality as i (request, until, n)
		join extension_requests r on r.id = i.request
		on conflict do nothing`
	requests, until := make([]int64, len(n.Answers)), make([]int64, len(n.Answers))
	for i, one := range n.Answers {
		requests[i], until[i] = one.Request, one.Until.Unix()
	}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, add, n.Key, n.Actor.Person, s.authority, staff.Officer, n.Verdict, n.Reason); err != nil {
			return wrap("keep batch", err)
		}
		_, err := tx.ExecContext(ctx, items, n.Key, n.Verdict == Grant, pq.Array(requests), pq.Array(until))
		return wrap("keep the batch's requests", err)
	})
	if uniqueViolation(err, "extension_batches_pkey") {
		return s.sameBatch(ctx, n)
	}
	return err
}

func (s *Store) checkBatch(n NewBatch) rule.Errors {
	if !n.Actor.Holds(staff.Officer, s.authority) {
		return rule.Broken(document.NotYourRole, "")
	}
	errs := document.CheckDecline(n.Reason) // an extension's reason has the same rule
	if len(n.Answers) == 0 {
		errs.Add(BatchEmpty, "requests")
	}
	return errs
}

func (s *Store) sameBatch(ctx context.Context, n NewBatch) error {
	var person int64
	if err := s.db.GetContext(ctx, &person, `select person_id from extension_batches where key = $1`, n.Key); err != nil {
		return wrap("look for the batch", err)
	}
	if person != n.Actor.Person {
		return rule.Broken(KeyReused, "")
	}
	return nil
}

// batchRow is a batch being carried out.
type batchRow struct {
	Key     uuid.UUID  `db:"key"`
	Person  int64      `db:"person_id"`
	Unit    string     `db:"unit_code"`
	Role    staff.Role `db:"role"`
	Verdict Verdict    `db:"verdict"`
	Reason  string     `db:"reason"`
}

func (b batchRow) actor() staff.Actor {
	return staff.Actor{Person: b.Person, Positions: []staff.Position{{Unit: b.Unit, Role: b.Role}}}
}

// requestItem is one request of a batch.
type requestItem struct {
	Request  int64      `db:"request_id"`
	Document string     `db:"document_id"`
	Until    *time.Time `db:"until"`
}

func (i requestItem) item() int64      { return i.Request }
func (i requestItem) document() string { return i.Document }

// AnswerBatch carries out what is left of a batch, each request in a transaction of
// its own: an extension becomes a decision's row, which RecordDecisions answers; a
// declined request ends. It may be called at any time, by anybody, any number of
// times. BatchFailed: some requests are tried again later, the others are answered.
func (s *Store) AnswerBatch(ctx context.Context, key uuid.UUID) error {
	const read = `select key, person_id, unit_code, role, verdict, reason from extension_batches where key = $1`
	const left = `
		select i.request_id, r.document_id, i.until
		from extension_batch_items i join extension_requests r on r.id = i.request_id
		where i.batch = $1 and ` + itemDue + ` order by i.n`
	var batch batchRow
	if err := s.db.GetContext(ctx, &batch, read, key); err != nil {
		return wrap("read batch", err)
	}
	var items []requestItem
	if err := s.db.SelectContext(ctx, &items, left, key); err != nil {
		return wrap("list what is left of a batch", err)
	}
	failed := carryOut(ctx, s, extensionBatches, key, items, func(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, one requestItem) (*int64, error) {
		return s.answerRequest(ctx, tx, doc, batch, one)
	})
	_, err := endBatch(ctx, s.db, extensionBatches, key)
	return errors.Join(failed, err)
}

// answerRequest declines a request, or adds the decision that grants it and returns its
// id.
func (s *Store) answerRequest(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, batch batchRow, one requestItem) (*int64, error) {
	if batch.Verdict == Decline {
		return nil, s.decline(ctx, tx, doc, batch, one.Request)
	}
	id, err := s.addDecision(ctx, tx, NewDecision{
		Key: uuid.NewSHA1(batch.Key, []byte(strconv.FormatInt(one.Request, 10))), Document: doc.ID, Action: document.Extend,
		Actor: batch.actor(), Revision: doc.Revision, ContentHash: doc.ContentHash,
		Reason: batch.Reason, Until: *one.Until, Request: one.Request,
	}, nil)
	return &id, err
}

func (s *Store) decline(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, batch batchRow, request int64) error {
	if err := requestStands(ctx, tx, doc.ID, request, 0); err != nil {
		return err
	}
	ended, err := endRequest(ctx, tx, doc.ID, RequestDeclined, &batch.Person, batch.Reason, nil)
	if err != nil {
		return err
	}
	line := requestLine(doc, request, eventDeclined, ended.At)
	line.Person, line.Role, line.Unit, line.Reason = &batch.Person, string(batch.Role), &batch.Unit, batch.Reason
	line.Detail["due"] = doc.DueAt.Unix()
	if err := addHistory(ctx, tx, line); err != nil {
		return err
	}
	return addNotices(ctx, tx, []Notice{{
		Key: fmt.Sprintf("%s:request:%d:declined", doc.ID, request), Kind: NoticeDeclined, Document: doc.ID,
		Role: ended.Role, Unit: doc.Unit, Args: map[string]any{"due": doc.DueAt.Unix()},
	}})
}

// BatchState is what became of one request of a click.
type BatchState string

// The states, in the order of lists.
const (
	BatchGranted  BatchState = "granted"
	BatchDeclined BatchState = "declined"
	BatchWaiting  BatchState = "waiting" // recorded; its answer comes
	BatchRefused  BatchState = "refused" // see Broken
)

// BatchStates lists every state in order.
var BatchStates = []BatchState{BatchGranted, BatchDeclined, BatchWaiting, BatchRefused}

// BatchItem is one request of a batch.
type BatchItem struct {
	Document  string      `db:"document_id"`
	Campaign  string      `db:"campaign"`
	UnitName  string      `db:"unit_name"`
	Asked     time.Time   `db:"asked"` // the instant that was wanted
	Until     *time.Time  `db:"until"` // grant: the one that was given
	Outcome   string      `db:"outcome"`
	Decision  int64       `db:"decision_id"`
	Decided   string      `db:"decided"` // outcome of that decision
	Failures  int         `db:"failures"`
	RawBroken []byte      `db:"broken"`
	Broken    rule.Errors `db:"-"`
}

// Batch is a click and what it did, request by request.
type Batch struct {
	Key     uuid.UUID `db:"key"`
	By      string    `db:"by"` // name
	Person  int64     `db:"person_id"`
	Verdict Verdict   `db:"verdict"`
	Reason  string    `db:"reason"`
	At      time.Time `db:"made_at"`
	Items   []BatchItem
}

// State is what became of the request.
func (b Batch) State(item BatchItem) BatchState {
	switch {
	case item.Outcome == "refused" || item.Decided == Refused || item.Decided == Failed:
		return BatchRefused
	case item.Outcome == "" || b.Verdict == Grant && item.Decided != Applied:
		return BatchWaiting
	case b.Verdict == Grant:
		return BatchGranted
	}
	return BatchDeclined
}

// Batch reads what a click did. ErrNotFound: there was none with the key.
func (s *Store) Batch(ctx context.Context, key uuid.UUID) (Batch, error) {
	const read = `
		select b.key, p.name as by, b.person_id, b.verdict, b.reason, b.made_at
		from extension_batches b join persons p on p.id = b.person_id where b.key = $1`
	const items = `
		select r.document_id, r.campaign, u.name as unit_name, r.until as asked, i.until, coalesce(i.outcome, '') as outcome, i.failures,
		       coalesce(i.decision_id, 0) as decision_id, coalesce(d.outcome, '') as decided,
		       case when d.outcome in ('refused', 'failed') then d.broken else i.broken end as broken
		from extension_batch_items i
		join extension_requests r on r.id = i.request_id
		join units u on u.code = r.unit_code
		left join decisions d on d.id = i.decision_id
		where i.batch = $1 order by i.n`
	var b Batch
	if err := s.db.GetContext(ctx, &b, read, key); err != nil {
		return b, wrap("read batch", err)
	}
	if err := s.db.SelectContext(ctx, &b.Items, items, key); err != nil {
		return b, wrap("read the batch's requests", err)
	}
	for i := range b.Items {
		if err := json.Unmarshal(b.Items[i].RawBroken, &b.Items[i].Broken); err != nil {
			return b, fmt.Errorf("read batch %s: %w", key, err)
		}
		if b.Items[i].Outcome == "" && b.Items[i].Failures > 0 {
			b.Items[i].Broken = rule.Broken(ItemRetried, "")
		}
	}
	return b, nil
}
