package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

// Programs whose heart beats.
const (
	BeatServer = "server"
	BeatWorker = "worker"
	BeatWatch  = "watch" // the separate watcher, each time it calls
)

// BeatEvery is how often server and worker beat.
const BeatEvery = 15 * time.Second

// lateAfter is after how long a program's beat has been missed. What counts as an
// outage is the rule's to say; a gap is only what it may look at. The watcher is heard
// once an hour while all is well, when it fetches its facts.
func lateAfter(program string) time.Duration {
	if program == BeatWatch {
		return 2*time.Hour + 15*time.Minute
	}
	return time.Minute
}

// Beat notes that the program is alive. A beat that comes late, because nothing ran
// or the database was away, leaves the gap behind. Of several programs of one name
// one that beats is enough.
func (s *Store) Beat(ctx context.Context, program string) error {
	const gap = `
		with last as materialized (
			select at from heartbeats where program = $1 for no key update
		)
		insert into heartbeat_gaps (program, from_at, to_at, settled)
		select $1, at, clock_timestamp(), $1 <> 'server' from last where at < clock_timestamp() - $2 * interval '1 second'`
	const beat = `
		insert into heartbeats (program, at) values ($1, clock_timestamp())
		on conflict (program) do update set at = greatest(heartbeats.at, excluded.at)`
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, gap, program, lateAfter(program).Seconds()); err != nil {
			return wrap("look for a gap between heartbeats", err)
		}
		_, err := tx.ExecContext(ctx, beat, program)
		return wrap("beat", err)
	})
}

// Heartbeat is when a program was last heard.
type Heartbeat struct {
	Program string    `db:"program"`
	At      time.Time `db:"at"`
	Late    bool      `db:"-"`
}

// Heartbeats lists when each program was last heard.
func (s *Store) Heartbeats(ctx context.Context) ([]Heartbeat, error) {
	const list = `
		select program, at, clock_timestamp() as now from heartbeats order by program`
	var rows []struct {
		Heartbeat
		Now time.Time `db:"now"`
	}
	if err := s.db.SelectContext(ctx, &rows, list); err != nil {
		return nil, wrap("list heartbeats", err)
	}
	all := make([]Heartbeat, len(rows))
	for i, row := range rows {
		all[i] = row.Heartbeat
		all[i].Late = row.Now.Sub(row.At) > lateAfter(row.Program)
	}
	return all, nil
}

// SettleGaps opens an outage of each gap that the rule takes for one, or widens the
// one that is on record of the same time. Only the server's gaps count, and Beat leaves
// no others open: without the worker people still write and hand in, and what they hand
// in is received. It returns how many gaps were looked at.
func (s *Store) SettleGaps(ctx context.Context) (int, error) {
	const list = `
		select id, from_at, to_at from heartbeat_gaps
		where not settled and program = 'server' order by id limit 20 for update skip locked`
	var gaps []struct {
		ID   int64     `db:"id"`
		From time.Time `db:"from_at"`
		To   time.Time `db:"to_at"`
	}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := tx.SelectContext(ctx, &gaps, list); err != nil || len(gaps) == 0 {
			return wrap("list gaps", err)
		}
		for _, gap := range gaps {
			found := sighting{
				Source: SourceGap, Span: outage.Span{From: gap.From, To: gap.To},
				Key: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "outage gap %d", gap.ID)),
			}
			if _, err := s.takeSighting(ctx, tx, found); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `update heartbeat_gaps set settled = true where id = $1`, gap.ID); err != nil {
				return wrap("settle gap", err)
			}
		}
		return nil
	})
	return len(gaps), err
}

// reckoning is what outages are judged by, as of one instant.
type outageReckoning struct {
	OutageHandling
	days    calendar.Calendar
	windows []outage.Window
	now     time.Time
}

func loadReckoning(ctx context.Context, tx *sqlx.Tx, handling int64) (r outageReckoning, err error) {
	if r.OutageHandling, err = loadHandling(ctx, tx, handling); err != nil {
		return r, err
	}
	if r.days, err = loadCalendar(ctx, tx); err != nil {
		return r, err
	}
	if r.windows, err = loadWindows(ctx, tx); err != nil {
		return r, err
	}
	err = tx.GetContext(ctx, &r.now, `select clock_timestamp()`)
	return r, wrap("reckon outage", err)
}

// mark is when the notice of the outage is due; nil: never.
func (r outageReckoning) mark(o lockedOutage) *time.Time {
	if o.Kind != outage.Stopped {
		return nil
	}
	if at, ever := r.Rule.Mark(r.days, o.Span(), r.windows); ever {
		return &at
	}
	return nil
}
