package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
)

// What a line of an outage's timeline tells.
const (
	OutageOpened    = "opened"    // detail: source
	OutageDeclared  = "declared"  // a risk
	OutageAgain     = "again"     // another source tells of the same one; detail: source, from, to
	OutageEdited    = "edited"    // what people are told of it
	OutageEnded     = "ended"     // detail: at
	OutageResumed   = "resumed"   // it was not over; detail: source
	OutageConfirmed = "confirmed" //
	OutageDismissed = "dismissed" // detail: reason
	OutageMarked    = "marked"    // the notice is due; detail: at
	OutageDrafted   = "drafted"   // detail: kind, version
	OutageRewritten = "rewritten" // detail: version
	OutageApproved  = "approved"  // detail: party, version
	OutageReturned  = "returned"  // detail: party, version, reason
	OutageReminded  = "reminded"  // detail: parties
	OutagePublished = "published" // detail: kind, number
	OutageTaken     = "taken"     // the watcher has published it; detail: kind, sent, all
	OutageRest      = "rest"      // the server sends what the watcher has not; detail: kind
	OutageClosed    = "closed"    // detail: how
)

// OutageEvent is a line of the timeline.
type OutageEvent struct {
	ID     int64     `db:"id"`
	At     time.Time `db:"at"`
	Event  string    `db:"event"`
	Person string    `db:"person"` // name; "": the system, or somebody at the watcher
	Unit   string    `db:"unit"`   // name of the unit for which the person acted
	Raw    []byte    `db:"detail"`
}

// Detail reads what the line tells besides.
func (e OutageEvent) Detail() OutageDetail {
	var d OutageDetail
	_ = json.Unmarshal(e.Raw, &d) // what an older release wrote otherwise is told without it
	return d
}

// OutageDetail is what lines of the timeline may tell besides.
type OutageDetail struct {
	Source  string            `json:"source,omitempty"`
	From    *time.Time        `json:"from,omitempty"`
	To      *time.Time        `json:"to,omitempty"`
	Reason  string            `json:"reason,omitempty"`
	Kind    outage.NoticeKind `json:"kind,omitempty"`
	Number  string            `json:"number,omitempty"`
	Version int               `json:"version,omitempty"`
	Party   outage.Party      `json:"party,omitempty"`
	Parties []outage.Party    `json:"parties,omitempty"`
	Name    string            `json:"name,omitempty"` // who gave a word at the watcher
	Sent    int               `json:"sent,omitempty"` // mails that the watcher's server accepted,
	All     int               `json:"all,omitempty"`  // of so many
	How     outage.Closing    `json:"how,omitempty"`
}

// OutageTimeline lists what happened, the newest first.
func (s *Store) OutageTimeline(ctx context.Context, id int64) ([]OutageEvent, error) {
	const list = `
		select e.id, e.at, e.event, coalesce(p.name, '') as person, coalesce(u.name, '') as unit, e.detail
		from outage_events e left join persons p on p.id = e.person_id left join units u on u.code = e.unit_code
		where e.outage_id = $1 order by e.id desc`
	var all []OutageEvent
	err := s.db.SelectContext(ctx, &all, list, id)
	return all, wrap("read timeline of outage", err)
}

// outageLine is a line to be written.
type outageLine struct {
	Key    string // stable for what happened: a second try is no event; "": of the instant
	Event  string
	Person int64 // 0: the system
	Unit   string
	Detail OutageDetail
}

func addOutageEvent(ctx context.Context, tx *sqlx.Tx, id int64, line outageLine) error {
	const add = `
		insert into outage_events (outage_id, key, at, event, person_id, unit_code, detail)
		values ($1, $2, clock_timestamp(), $3, nullif($4, 0), nullif($5, ''), $6)
		on conflict (key) do nothing`
	detail, err := json.Marshal(line.Detail)
	if err != nil {
		return fmt.Errorf("write event of outage: %w", err)
	}
	if line.Key == "" {
		line.Key = uuid.NewString()
	}
	_, err = tx.ExecContext(ctx, add, id, fmt.Sprintf("%d:%s", id, line.Key), line.Event, line.Person, line.Unit, string(detail))
	return wrap("write event of outage", err)
}
