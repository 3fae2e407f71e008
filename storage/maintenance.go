package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// Maintenance is a window that was announced.
type Maintenance struct {
	ID           int64      `db:"id"`
	FromAt       time.Time  `db:"from_at"`
	ToAt         time.Time  `db:"to_at"`
	Purpose      string     `db:"purpose"`
	AnnouncedAt  time.Time  `db:"announced_at"`
	AnnouncedBy  string     `db:"announced_by"` // name
	CancelledAt  *time.Time `db:"cancelled_at"`
	CancelledBy  string     `db:"cancelled_by"` // name
	CancelReason string     `db:"cancel_reason"`
}

// Window is what the rule makes of it.
func (m Maintenance) Window() outage.Window {
	return outage.Window{Span: outage.Span{From: m.FromAt, To: m.ToAt}, Announced: m.AnnouncedAt}
}

const longestWindow = 14 * 24 * time.Hour

const readMaintenance = `
	select w.id, w.from_at, w.to_at, w.purpose, w.announced_at, a.name as announced_by,
	       w.cancelled_at, coalesce(c.name, '') as cancelled_by, w.cancel_reason
	from maintenance_windows w join persons a on a.id = w.announced_by left join persons c on c.id = w.cancelled_by`

// MaintenanceWindows lists the windows, those to come first and then the newest, at
// most limit.
func (s *Store) MaintenanceWindows(ctx context.Context, limit int) ([]Maintenance, error) {
	const list = readMaintenance + ` order by w.to_at desc, w.id desc limit $1`
	var all []Maintenance
	err := s.db.SelectContext(ctx, &all, list, limit)
	return all, wrap("list maintenance", err)
}

// ComingMaintenance lists the windows that are not over, the next first: for
// everybody to read.
func (s *Store) ComingMaintenance(ctx context.Context) ([]Maintenance, error) {
	const list = readMaintenance + ` where w.cancelled_at is null and w.to_at > clock_timestamp() order by w.from_at, w.id`
	var all []Maintenance
	err := s.db.SelectContext(ctx, &all, list)
	return all, wrap("list coming maintenance", err)
}

// loadWindows reads every window that counts.
func loadWindows(ctx context.Context, q sqlx.QueryerContext) ([]outage.Window, error) {
	const list = `select from_at, to_at, announced_at from maintenance_windows where cancelled_at is null order by from_at, id`
	var rows []Maintenance
	if err := sqlx.SelectContext(ctx, q, &rows, list); err != nil {
		return nil, wrap("read maintenance", err)
	}
	windows := make([]outage.Window, len(rows))
	for i, row := range rows {
		windows[i] = row.Window()
	}
	return windows, nil
}

// MaintenanceSpans reads every window that counts.
func (s *Store) MaintenanceSpans(ctx context.Context) ([]outage.Window, error) {
	return loadWindows(ctx, s.db)
}

// AnnounceMaintenance adds a window and tells units' people of it. It may be one that
// has begun: then it excuses nothing (outage.Rule.Announce), but is known. The same
// key again adds nothing. rule.Errors: WindowBad, TextMissing, TextLong.
func (s *Store) AnnounceMaintenance(ctx context.Context, key uuid.UUID, by int64, span outage.Span, purpose string) error {
	purpose = strings.TrimSpace(purpose)
	var broken rule.Errors
	if span.Open() || !span.To.After(span.From) || span.To.Sub(span.From) > longestWindow {
		broken.Add(WindowBad, "to.day")
	}
	broken = append(broken, written("purpose", purpose, mostShortText)...)
	if err := broken.Err(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		const add = `
			insert into maintenance_windows (key, from_at, to_at, purpose, announced_at, announced_by)
			select $1, $2, $3, $4, clock_timestamp(), $5 where $3 > clock_timestamp()
			on conflict (key) do nothing returning id`
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, add, key, span.From, span.To, purpose, by); err != nil {
			return wrap("announce maintenance", err)
		}
		if len(ids) == 0 {
			return s.announcedBefore(ctx, tx, key)
		}
		if err := tellMaintenance(ctx, tx, ids[0], NoticeMaintenance, purpose, span); err != nil {
			return err
		}
		return wakeOutages(ctx, tx)
	})
}

// announcedBefore tells a click repeated from a window that is over already.
func (s *Store) announcedBefore(ctx context.Context, tx *sqlx.Tx, key uuid.UUID) error {
	const look = `select exists (select from maintenance_windows where key = $1)`
	var known bool
	if err := tx.GetContext(ctx, &known, look, key); err != nil || known {
		return wrap("announce maintenance", err)
	}
	return rule.Broken(WindowPast, "to.day")
}

// CancelMaintenance takes a window back before it begins. rule.Errors: WindowPast,
// TextMissing, TextLong. ErrNotFound: there is none.
func (s *Store) CancelMaintenance(ctx context.Context, id, by int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := written("reason", reason, mostShortText).Err(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		const read = `
			select from_at > clock_timestamp() as coming, cancelled_at is not null as cancelled, purpose,
			       from_at, to_at
			from maintenance_windows where id = $1 for no key update`
		var row struct {
			Coming    bool      `db:"coming"`
			Cancelled bool      `db:"cancelled"`
			Purpose   string    `db:"purpose"`
			From      time.Time `db:"from_at"`
			To        time.Time `db:"to_at"`
		}
		if err := tx.GetContext(ctx, &row, read, id); err != nil {
			return wrap(fmt.Sprintf("read maintenance %d", id), err)
		}
		if row.Cancelled {
			return nil
		}
		if !row.Coming {
			return rule.Broken(WindowPast, "reason")
		}
		const cancel = `
			update maintenance_windows set cancelled_at = clock_timestamp(), cancelled_by = $2, cancel_reason = $3 where id = $1`
		if _, err := tx.ExecContext(ctx, cancel, id, by, reason); err != nil {
			return wrap("cancel maintenance", err)
		}
		if err := tellMaintenance(ctx, tx, id, NoticeMaintenanceOff, row.Purpose, outage.Span{From: row.From, To: row.To}); err != nil {
			return err
		}
		return wakeOutages(ctx, tx)
	})
}

// tellMaintenance tells everybody who writes, reviews or signs when they will not be
// able to.
func tellMaintenance(ctx context.Context, tx *sqlx.Tx, id int64, kind, purpose string, span outage.Span) error {
	return tellUnits(ctx, tx, telling{
		Key: fmt.Sprintf("%s:%d", kind, id), Kind: kind,
		Roles: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director, staff.FocalOfficer},
		Args:  map[string]any{"name": purpose, "text": []string{words.MaintenanceWhen(span.From, span.To)}},
	})
}

// written checks a text that must be there and must not be too long, in letters.
func written(field, text string, most int) rule.Errors {
	switch letters := len([]rune(text)); {
	case letters == 0:
		return rule.Broken(TextMissing, field)
	case letters > most:
		return rule.Broken(TextLong, field, most)
	}
	return nil
}
