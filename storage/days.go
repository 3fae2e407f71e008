package storage

import (
	"context"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
)

// channelCalendar tells that the working calendar has changed.
const channelCalendar = "calendar"

// daysAge is how long the calendar is believed without being read: who changes it
// beside the programs, in the table itself, tells nobody.
const daysAge = time.Minute

// days keeps the working calendar while its changes are heard of: nearly every page
// reckons by it, and it changes once a year.
type days struct {
	mu      sync.Mutex
	hearing bool
	kept    *calendar.Calendar
	read    time.Time
	changes int // heard of so far
}

// get gives the calendar if it is known; else the turn that put asks for.
func (d *days) get(now time.Time) (known *calendar.Calendar, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept != nil && now.Sub(d.read) < daysAge {
		return d.kept, d.changes
	}
	return nil, d.changes
}

// put keeps a calendar, unless it may have changed while it was being read.
func (d *days) put(read calendar.Calendar, at time.Time, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hearing && turn == d.changes {
		d.kept, d.read = &read, at
	}
}

// forget is told of a change, or that there may have been one.
func (d *days) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = nil
	d.changes++
}

// hear follows the connection on which changes are told.
func (d *days) hear(event pq.ListenerEventType) {
	d.forget()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hearing = event == pq.ListenerEventConnected || event == pq.ListenerEventReconnected
}

// Calendar is the working calendar by which pages reckon. A decision reads the
// table itself, in its own transaction.
func (s *Store) Calendar(ctx context.Context) (calendar.Calendar, error) {
	now := time.Now()
	known, turn := s.days.get(now)
	if known != nil {
		return *known, nil
	}
	read, err := loadCalendar(ctx, s.db)
	if err == nil {
		s.days.put(read, now, turn)
	}
	return read, err
}

// tellCalendar tells the programs that listen, once the transaction is committed.
func tellCalendar(ctx context.Context, tx sqlx.ExecerContext) error {
	_, err := tx.ExecContext(ctx, `select pg_notify($1, '')`, channelCalendar)
	return wrap("tell of the calendar", err)
}
