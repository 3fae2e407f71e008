package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/rule"
)

// A batch is what an officer decides with one click about many documents. Its rows are
// written first and carried out one by one, each in a transaction of its own, by the
// request or, what a dying server leaves, by the worker's relay.

// batchKind is where batches of one kind are kept.
type batchKind struct {
	batches string // table: key, made_at, done_at
	items   string // table: batch, outcome, broken, decision_id, failures, retry_at
	item    string // the column that names an item of a batch
}

// The kinds.
var (
	extensionBatches = batchKind{batches: "extension_batches", items: "extension_batch_items", item: "request_id"}
	outageBatches    = batchKind{batches: "outage_batches", items: "outage_batch_items", item: "id"}
)

// itemDue keeps items i that nobody has carried out and that are not waiting to be tried
// again.
const itemDue = `i.outcome is null and (i.retry_at is null or i.retry_at <= clock_timestamp())`

// batchItem is one deadline or request of a batch.
type batchItem interface {
	item() int64
	document() string // whose row is locked first; empty: none
}

// BatchFailed says that some of a batch could not be carried out; the rest of it has
// been. Which ones is in the log and on the pages of the batch.
type BatchFailed struct{ Failed, Of int }

func (f BatchFailed) Error() string {
	return fmt.Sprintf("%d of %d could not be carried out; they are tried again", f.Failed, f.Of)
}

// carryOut carries out items of a batch. One that fails is noted and tried again later;
// those behind it go on. answer does what the item asks for, under the document's lock,
// and returns the decision that was added; rule.Errors refuse the item. The error is
// BatchFailed, or that of a database that is away or of a caller who stopped waiting:
// then the rest is left to the next call.
func carryOut[T batchItem](ctx context.Context, s *Store, k batchKind, batch uuid.UUID, items []T,
	answer func(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, item T) (*int64, error),
) error {
	failed := 0
	for _, item := range items {
		err := s.inTx(ctx, func(tx *sqlx.Tx) error {
			return s.answerItem(ctx, tx, k, batch, item, func(doc *lockedDocument) (*int64, error) { return answer(ctx, tx, doc, item) })
		})
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil || isConnection(err):
			return fmt.Errorf("carry out a batch: %w", err)
		}
		failed++
		s.log().WarnContext(ctx, "an item of a batch failed", "kind", k.items, "batch", batch, "item", item.item(), "document", item.document(), "error", err)
		if err := s.failItem(ctx, k, batch, item.item(), err); err != nil {
			return err
		}
	}
	if failed > 0 {
		return BatchFailed{Failed: failed, Of: len(items)}
	}
	return nil
}

// answerItem carries out one item, unless it was before.
func (s *Store) answerItem(ctx context.Context, tx *sqlx.Tx, k batchKind, batch uuid.UUID, item batchItem, answer func(*lockedDocument) (*int64, error)) error {
	var doc *lockedDocument
	if id := item.document(); id != "" {
		var err error
		if doc, err = lockDocument(ctx, tx, id); err != nil {
			return err
		}
	}
	take := `select 1 from ` + k.items + ` where batch = $1 and ` + k.item + ` = $2 and outcome is null for no key update`
	var taken int
	if err := tx.GetContext(ctx, &taken, take, batch, item.item()); err != nil {
		if err = wrap("take an item of a batch", err); errors.Is(err, ErrNotFound) {
			return nil // somebody else has carried it out
		}
		return err
	}
	decision, err := answer(doc)
	var broken rule.Errors
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	return endItem(ctx, tx, k, batch, item.item(), decision, broken)
}

func endItem(ctx context.Context, tx *sqlx.Tx, k batchKind, batch uuid.UUID, item int64, decision *int64, broken rule.Errors) error {
	end := `update ` + k.items + ` set outcome = $3, broken = $4, decision_id = $5, retry_at = null where batch = $1 and ` + k.item + ` = $2`
	outcome := "taken"
	if broken != nil {
		outcome, decision = "refused", nil
	} else {
		broken = rule.Errors{}
	}
	raw, err := json.Marshal(broken)
	if err != nil {
		return fmt.Errorf("end an item of a batch: %w", err)
	}
	_, err = tx.ExecContext(ctx, end, batch, item, outcome, string(raw), decision)
	return wrap("end an item of a batch", err)
}

// ItemRetried says of something of a batch that it failed and is tried again.
const ItemRetried rule.Code = "batch_item_retried"

// When what fails is tried again, and how often: after 10 s, then each time four times as
// long, for an hour in all. Then it is set aside, so that its batch comes to an end.
const (
	batchPause = 10 * time.Second
	batchTries = 6
)

// failItem notes that an item could not be carried out. What says nothing about the item
// itself is tried again and not counted.
func (s *Store) failItem(ctx context.Context, k batchKind, batch uuid.UUID, item int64, why error) error {
	fail := `
		update ` + k.items + `
		set failures = failures + $3,
		    retry_at = case when failures + $3 < $5 then clock_timestamp() + $4 * power(4, failures) * interval '1 second' end,
		    outcome = case when failures + $3 >= $5 then 'refused' end,
		    broken = case when failures + $3 >= $5 then $6::jsonb else broken end
		where batch = $1 and ` + k.item + ` = $2 and outcome is null`
	counted := 0
	if countsAsFailure(why) {
		counted = 1
	}
	given, err := json.Marshal(rule.Broken(Unavailable, ""))
	if err != nil {
		return fmt.Errorf("note a failed item: %w", err)
	}
	_, err = s.db.ExecContext(ctx, fail, batch, item, counted, batchPause.Seconds(), batchTries, string(given))
	return wrap("note a failed item", err)
}

// endBatch closes a batch of which nothing is left; false: something is, or it was closed
// before.
func endBatch(ctx context.Context, q sqlx.ExecerContext, k batchKind, key uuid.UUID) (bool, error) {
	done := `
		update ` + k.batches + ` set done_at = clock_timestamp()
		where key = $1 and done_at is null
		  and not exists (select from ` + k.items + ` where batch = $1 and outcome is null)`
	ended, err := q.ExecContext(ctx, done, key)
	if err != nil {
		return false, wrap("end batch", err)
	}
	rows, err := ended.RowsAffected()
	return rows > 0, wrap("end batch", err)
}

// undone lists batches that were begun a while ago and not carried out to their end, the
// oldest first: whoever began them is gone, or something of them is to be tried again
// now. What waits for its next try keeps nobody from coming.
func (s *Store) undone(ctx context.Context, k batchKind) ([]uuid.UUID, error) {
	list := `
		select b.key from ` + k.batches + ` b
		where b.done_at is null and b.made_at < statement_timestamp() - interval '10 seconds'
		  and coalesce((select min(coalesce(i.retry_at, '-infinity')) from ` + k.items + ` i
		                where i.batch = b.key and i.outcome is null), '-infinity') <= clock_timestamp()
		order by b.made_at limit 20`
	var keys []uuid.UUID
	err := s.db.SelectContext(ctx, &keys, list)
	return keys, wrap("list batches that are not done", err)
}

// UndoneBatches lists such batches of requests for more time.
func (s *Store) UndoneBatches(ctx context.Context) ([]uuid.UUID, error) {
	return s.undone(ctx, extensionBatches)
}

// UndoneOutageBatches lists such batches of deadlines after an outage.
func (s *Store) UndoneOutageBatches(ctx context.Context) ([]uuid.UUID, error) {
	return s.undone(ctx, outageBatches)
}

// StuckItem is something of a batch that failed and is to be tried again, or was set
// aside after the last try: for operators.
type StuckItem struct {
	Document string     `db:"document_id"` // empty: a campaign's own due
	Campaign string     `db:"campaign"`
	Failures int        `db:"failures"`
	RetryAt  *time.Time `db:"retry_at"`
	MadeAt   time.Time  `db:"made_at"`
	Outage   bool       `db:"outage"` // of a batch after an outage; else of requests for more time
}

// stuckAge is for how long what was set aside stays before an operator's eyes.
const stuckAge = 14 * 24 * time.Hour

// StuckItems lists what of batches could not be carried out, the newest batch first, at
// most limit.
func (s *Store) StuckItems(ctx context.Context, limit int) ([]StuckItem, error) {
	const list = `
		select * from (
		    select coalesce(i.document_id, '') as document_id, i.campaign, i.failures, i.retry_at, b.made_at, true as outage
		    from outage_batch_items i cross join lateral (select made_at from outage_batches where key = i.batch offset 0) b
		    where i.failures > 0 and i.outcome is distinct from 'taken'
		    union all
		    select r.document_id, r.campaign, i.failures, i.retry_at, b.made_at, false
		    from extension_batch_items i cross join lateral (select made_at from extension_batches where key = i.batch offset 0) b
		    cross join lateral (select document_id, campaign from extension_requests where id = i.request_id offset 0) r
		    where i.failures > 0 and i.outcome is distinct from 'taken') stuck
		where made_at > statement_timestamp() - $2 * interval '1 second'
		order by made_at desc, document_id limit $1`
	var stuck []StuckItem
	err := s.db.SelectContext(ctx, &stuck, list, limit, stuckAge.Seconds())
	return stuck, wrap("list what of batches is stuck", err)
}
