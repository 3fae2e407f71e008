package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
)

// Who opened an outage.
const (
	SourceWatch = "watch" // the separate watcher saw it
	SourceGap   = "gap"   // a gap between two heartbeats
	SourceHand  = "hand"  // somebody laid it down; only somebody's word ends it
)

// Outage is one, or the risk of one, as it stands.
type Outage struct {
	ID           int64          `db:"id"`
	Kind         outage.Kind    `db:"kind"`
	Source       string         `db:"source"`
	BeganAt      time.Time      `db:"began_at"`
	EndedAt      *time.Time     `db:"ended_at"`
	ExpectedAt   *time.Time     `db:"expected_at"` // usable again, as is hoped
	What         string         `db:"what"`
	Advice       string         `db:"advice"`
	MarkAt       *time.Time     `db:"mark_at"`
	ConfirmedAt  *time.Time     `db:"confirmed_at"`
	ConfirmedBy  string         `db:"confirmed_by"` // name; "": at the watcher
	DismissedAt  *time.Time     `db:"dismissed_at"`
	DismissedBy  string         `db:"dismissed_by"`
	DismissedFor string         `db:"dismissed_for"`
	OpenedBy     string         `db:"opened_by"` // name; "": by itself
	OpenedAt     time.Time      `db:"opened_at"`
	ClosedAt     *time.Time     `db:"closed_at"`
	Closing      outage.Closing `db:"closing"`
	Version      int            `db:"version"`
	RunID        string         `db:"run_id"`
	Rule         int64          `db:"rule"`
}

// Span is how long it lasts.
func (o Outage) Span() outage.Span { return spanOf(o.BeganAt, o.EndedAt) }

func spanOf(from time.Time, to *time.Time) outage.Span {
	span := outage.Span{From: from}
	if to != nil {
		span.To = *to
	}
	return span
}

const readOutage = `
	select o.id, o.kind, o.source, o.began_at, o.ended_at, o.expected_at, o.what, o.advice, o.mark_at,
	       o.confirmed_at, coalesce(c.name, '') as confirmed_by,
	       o.dismissed_at, coalesce(d.name, '') as dismissed_by, o.dismissed_for,
	       coalesce(p.name, '') as opened_by, o.opened_at, o.closed_at, coalesce(o.closing, '') as closing,
	       o.version, o.run_id, o.rule
	from outages o
	left join persons c on c.id = o.confirmed_by
	left join persons d on d.id = o.dismissed_by
	left join persons p on p.id = o.opened_by`

// Outages lists outages and risks, those that are not closed first, then the newest,
// at most limit.
func (s *Store) Outages(ctx context.Context, limit int) ([]Outage, error) {
	const list = readOutage + ` order by o.closed_at is not null, o.began_at desc, o.id desc limit $1`
	var all []Outage
	err := s.db.SelectContext(ctx, &all, list, limit)
	return all, wrap("list outages", err)
}

// Outage reads one. ErrNotFound: there is none.
func (s *Store) Outage(ctx context.Context, id int64) (Outage, error) {
	const read = readOutage + ` where o.id = $1`
	var one Outage
	err := s.db.GetContext(ctx, &one, read, id)
	return one, wrap(fmt.Sprintf("read outage %d", id), err)
}

// StoppedNow is the newest outage that goes on and that units have been told of; false:
// there is none.
func (s *Store) StoppedNow(ctx context.Context) (one Outage, stopped bool, err error) {
	const read = readOutage + `
		where o.kind = 'outage' and o.closed_at is null and o.ended_at is null
		  and exists (select from outage_notices n
		              where n.outage_id = o.id and n.kind = 'notice' and n.published_at is not null and not n.ended)
		order by o.began_at desc limit 1`
	var found []Outage
	if err := s.db.SelectContext(ctx, &found, read); err != nil || len(found) == 0 {
		return one, false, wrap("look for an outage that goes on", err)
	}
	return found[0], true, nil
}

// lockedOutage is an outage inside a transaction that holds its row.
type lockedOutage struct {
	Outage
	RungAt time.Time `db:"rung_at"`
}

func lockOutage(ctx context.Context, tx *sqlx.Tx, id int64) (lockedOutage, error) {
	const read = `
		select id, kind, source, began_at, ended_at, expected_at, what, advice, mark_at, confirmed_at, dismissed_at,
		       dismissed_for, opened_at, closed_at, coalesce(closing, '') as closing, version, rung_at, rule
		from outages where id = $1 for no key update`
	var o lockedOutage
	err := tx.GetContext(ctx, &o, read, id)
	return o, wrap(fmt.Sprintf("read outage %d", id), err)
}

// wakeOutage asks for the outage's workflow to look: the relay signals it within
// seconds, and starts it where it does not run.
func wakeOutage(ctx context.Context, tx *sqlx.Tx, id int64) error {
	const wake = `
		update outages set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where id = $1`
	_, err := tx.ExecContext(ctx, wake, id)
	return wrap("wake outage", err)
}

// wakeOutages asks for all that are not closed: rule, calendar or windows have changed.
func wakeOutages(ctx context.Context, tx sqlx.ExecerContext) error {
	const wake = `
		update outages set wake_at = clock_timestamp() - interval '1 minute', relay_at = null, relay_failures = 0
		where closed_at is null`
	_, err := tx.ExecContext(ctx, wake)
	return wrap("wake outages", err)
}
