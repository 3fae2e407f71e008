package storage

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"cchc/domain/document"
)

// Wake is a document whose workflow must be told to look.
type Wake struct {
	Document string         `db:"id"`
	Stage    document.Stage `db:"stage"`
}

// spread is how far into the minute a document's reminders are moved, so that
// thousands do not come in the same second: 0 to 59 seconds, by the id. The due
// instant itself is not spread.
func spread(id string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return time.Duration(h.Sum32()%60) * time.Second
}

// wakeAt is when the transaction expects the workflow to call again; nil when
// it need not.
func wakeAt(state DocumentState) *time.Time {
	if state.Next == nil {
		return nil
	}
	return &state.Next.Wake
}

// rush is how many decisions wait at once when many people hand in together.
const rush = 50

// ClaimWakes takes documents that need their workflow's attention: those with
// an unanswered decision that the web's own signal has not brought forward, and
// open ones whose workflow should have called a minute ago. In a rush decisions wait
// because there are many, and their signals are on their way: to signal each again
// after three seconds would double the work just when there is too much of it, so
// that they are given half a minute. Each claim pushes the next one back: 10 s
// doubling to 1 h, until RecordDecisions is heard of. What is late is so by the
// statement's own instant, which an index can be asked for; a clock that goes on
// meanwhile would have it read through every two seconds.
func (s *Store) ClaimWakes(ctx context.Context, limit int) ([]Wake, error) {
	const claim = `
		with waiting as (
			select count(*) as n from (select from decisions where outcome is null limit $2 + 1) w
		), late as (
			select document_id as id from decisions
			where outcome is null and received_at < statement_timestamp()
				- case when (select n from waiting) > $2 then interval '30 seconds' else interval '3 seconds' end
			union
			select id from documents where wake_at < statement_timestamp() - interval '1 minute'
		), picked as (
			select d.id from documents d join late using (id)
			where d.relay_at is null or d.relay_at <= clock_timestamp()
			order by d.relay_at nulls first, d.id
			limit $1
			for no key update of d skip locked
		)
		update documents d
		set relay_failures = d.relay_failures + 1,
		    relay_at = clock_timestamp()
		        + least(interval '1 hour', interval '10 seconds' * power(2, least(d.relay_failures, 12)))
		from picked where d.id = picked.id
		returning d.id, d.stage`
	var wakes []Wake
	err := s.db.SelectContext(ctx, &wakes, claim, limit, rush)
	return wakes, wrap("claim documents to wake", err)
}

// claim takes rows of a table that has wake_at, relay_at and relay_failures, whose
// workflow is to look: it was told to, or is a minute late. Each claim pushes the next
// one back as ClaimWakes does. ids points to a slice of the key's type.
func (s *Store) claim(ctx context.Context, ids any, table, key string, limit int) error {
	claim := fmt.Sprintf(`
		with picked as (
			select %[2]s from %[1]s
			where wake_at <= statement_timestamp() - interval '1 minute' and (relay_at is null or relay_at <= clock_timestamp())
			order by wake_at, %[2]s
			limit $1
			for no key update skip locked
		)
		update %[1]s t
		set relay_failures = t.relay_failures + 1,
		    relay_at = clock_timestamp()
		        + least(interval '1 hour', interval '10 seconds' * power(2, least(t.relay_failures, 12)))
		where t.%[2]s = any (array(select %[2]s from picked))
		returning t.%[2]s`, table, key)
	return wrap("claim "+table+" to wake", s.db.SelectContext(ctx, ids, claim, limit))
}

// WakeOpen asks for every open document's and every living plan's workflow to be
// woken now: after Temporal has lost its data, or on an operator's word.
func (s *Store) WakeOpen(ctx context.Context) (int64, error) {
	const wake = `
		update documents set wake_at = clock_timestamp() - interval '1 hour', relay_at = null, relay_failures = 0
		where closed_at is null`
	result, err := s.db.ExecContext(ctx, wake)
	if err != nil {
		return 0, wrap("wake open documents", err)
	}
	plans, err := wakePlans(ctx, s.db)
	if err != nil {
		return 0, err
	}
	documents, err := result.RowsAffected()
	return documents + plans, err
}

// SampleOpen picks a few open documents, the newest among them, whose workflow
// has had time to start: by them the relay sees whether Temporal still knows.
func (s *Store) SampleOpen(ctx context.Context, n int) ([]string, error) {
	const sample = `
		(select id from documents
		 where closed_at is null and run_id <> '' and created_at < clock_timestamp() - interval '1 minute'
		 order by created_at desc limit 1)
		union
		(select id from documents where closed_at is null and run_id <> '' order by random() limit $1)`
	var ids []string
	err := s.db.SelectContext(ctx, &ids, sample, n)
	return ids, wrap("sample open documents", err)
}

// OpenDocuments lists ids of open documents after the given one, at most limit.
func (s *Store) OpenDocuments(ctx context.Context, after string, limit int) ([]string, error) {
	const list = `select id from documents where closed_at is null and id > $1 order by id limit $2`
	var ids []string
	err := s.db.SelectContext(ctx, &ids, list, after, limit)
	return ids, wrap("list open documents", err)
}
