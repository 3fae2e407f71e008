package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// Event is one line of a document's history with the names people read.
type Event struct {
	ID         int64          `db:"id"`
	At         time.Time      `db:"at"`
	Event      string         `db:"event"` // launched, an action, due_passed, reminder_sent, escalated
	Person     int64          `db:"person_id"`
	PersonName string         `db:"person_name"` // empty: the system
	Role       staff.Role     `db:"role"`
	Unit       string         `db:"unit_code"`
	UnitName   string         `db:"unit_name"`
	Revision   int            `db:"revision"`
	FromStage  document.Stage `db:"from_stage"`
	ToStage    document.Stage `db:"to_stage"`
	Reason     string         `db:"reason"`
	Detail     map[string]any `db:"-"` // due (Unix seconds), rung, to: as the words of an event take it
	RawDetail  []byte         `db:"detail"`
}

// Timeline is a document's history, newest first.
func (s *Store) Timeline(ctx context.Context, id string) ([]Event, error) {
	const list = `
		select h.id, h.at, h.event, coalesce(h.person_id, 0) as person_id, coalesce(p.name, '') as person_name,
		       h.role, coalesce(h.unit_code, '') as unit_code, coalesce(u.name, '') as unit_name,
		       h.revision, h.from_stage, h.to_stage, h.reason, h.detail
		from history h
		left join persons p on p.id = h.person_id
		left join units u on u.code = h.unit_code
		where h.document_id = $1
		order by h.at desc, h.id desc`
	var events []Event
	if err := s.db.SelectContext(ctx, &events, list, id); err != nil {
		return nil, wrap("read timeline", err)
	}
	for i := range events {
		if err := json.Unmarshal(events[i].RawDetail, &events[i].Detail); err != nil {
			return nil, fmt.Errorf("read timeline of %s: %w", id, err)
		}
	}
	return events, nil
}
