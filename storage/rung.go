package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// SendRung tells the people a rung of the ladder names, unless there is no
// longer a reason to: the document is closed, its due has moved, or a later rung
// for the same people has come in the meantime (after downtime only the latest
// goes out). It may be called again for the same rung: the keys are the same.
// It returns whether the rung was sent.
func (s *Store) SendRung(ctx context.Context, id string, rung Rung, due time.Time) (sent bool, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, id)
		if err != nil {
			return err
		}
		if doc.Stage.Closed() || !doc.DueAt.Equal(due) {
			return nil
		}
		stale, err := overtaken(ctx, tx, doc, rung)
		if err != nil || stale {
			return err
		}
		if again, err := sentEarlier(ctx, tx, doc, rung, due); err != nil || again {
			return err
		}
		sent = true
		if err := addHistory(ctx, tx, rungSent(doc, rung, due)); err != nil {
			return err
		}
		return addNotices(ctx, tx, s.rungNotices(doc, rung, due))
	})
	if err != nil {
		return false, fmt.Errorf("send rung %s of %s: %w", rung.Code, id, err)
	}
	return sent, nil
}

// overtaken tells whether a later rung for one of the same recipients is due by
// the database's clock.
func overtaken(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, rung Rung) (bool, error) {
	days, err := loadCalendar(ctx, tx)
	if err != nil {
		return false, err
	}
	ladder, err := doc.ladder()
	if err != nil {
		return false, err
	}
	var now time.Time
	if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
		return false, wrap("read clock", err)
	}
	for _, later := range ladder.All(rung.At, doc.DueAt, days) {
		together := calendar.DayOf(later.Time) == calendar.DayOf(rung.At)
		if later.Rung.Hours != 0 || inHours(ladder, rung) {
			together = later.Time.Sub(rung.At) < time.Minute
		}
		if !together && !later.Time.After(now) && shareRecipient(later.Rung.To, rung.To) {
			return true, nil
		}
	}
	return false, nil
}

// sentEarlier tells whether a rung that comes once was sent for this due already, at
// another instant: an outage that was confirmed afterwards has moved it.
func sentEarlier(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, rung Rung, due time.Time) (bool, error) {
	const find = `
		select exists (
			select from history
			where document_id = $1 and event in ('reminder_sent', 'escalated') and key <> $2
			  and detail ->> 'rung' = $3 and (detail ->> 'due')::bigint = $4)`
	ladder, err := doc.ladder()
	if err != nil {
		return false, err
	}
	if rung.Index < len(ladder) && ladder[rung.Index].Repeat {
		return false, nil
	}
	var sent bool
	err = tx.GetContext(ctx, &sent, find, doc.ID, rungKey(doc, rung, due), rung.Code, due.Unix())
	return sent, wrap("look for the rung in the history", err)
}

// inHours tells whether the rung is one that is counted in hours: those of one day
// are not sent together, so a later one makes it stale.
func inHours(ladder period.Ladder, rung Rung) bool {
	return rung.Index < len(ladder) && ladder[rung.Index].Hours != 0
}

func shareRecipient(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

func rungKey(doc *lockedDocument, rung Rung, due time.Time) string {
	return fmt.Sprintf("%s:rung:%d:%d:%d", doc.ID, rung.Index, due.Unix(), rung.At.Unix())
}

func rungSent(doc *lockedDocument, rung Rung, due time.Time) event {
	name := "reminder_sent"
	if rung.Escalates() {
		name = "escalated"
	}
	return event{
		Document: doc.ID, Key: rungKey(doc, rung, due), At: rung.At, Event: name,
		Revision: doc.Revision, FromStage: doc.Stage, ToStage: doc.Stage,
		Detail: map[string]any{"rung": rung.Code, "to": rung.To, "due": due.Unix()},
	}
}

// Escalates tells whether the rung goes beyond the desk that holds the document.
func (r Rung) Escalates() bool {
	for _, to := range r.To {
		if to == period.ToDirector || to == period.ToAuthorityHead {
			return true
		}
	}
	return false
}

// rungNotices are one notice a desk: whoever is named twice, as the holder and by
// name, is told once.
func (s *Store) rungNotices(doc *lockedDocument, rung Rung, due time.Time) []Notice {
	kind := rungKind(rung, due)
	notices := make([]Notice, 0, len(rung.To))
	for _, to := range rung.To {
		role, unit := s.recipient(doc, to)
		if slices.ContainsFunc(notices, func(n Notice) bool { return n.Role == role && n.Unit == unit }) {
			continue
		}
		notices = append(notices, Notice{
			Key:  rungKey(doc, rung, due) + ":" + to,
			Kind: kind, Document: doc.ID, Role: role, Unit: unit,
			Args: map[string]any{"due": due.Unix(), "stage": string(doc.Stage), "rung": rung.Code},
		})
	}
	return notices
}

func rungKind(rung Rung, due time.Time) string {
	switch {
	case rung.Escalates():
		return NoticeEscalation
	case rung.At.Before(due):
		return NoticeReminder
	case rung.At.Equal(due):
		return NoticeDue
	}
	return NoticeOverdue
}

// recipient turns a ladder's word for people into a role at a unit.
func (s *Store) recipient(doc *lockedDocument, to string) (staff.Role, string) {
	switch to {
	case period.ToDivisionHead:
		return staff.DivisionHead, doc.Unit
	case period.ToDirector:
		return staff.Director, doc.Unit
	case period.ToAuthorityOfficer:
		return staff.Officer, s.authority
	case period.ToAuthorityHead:
		return staff.AuthorityHead, s.authority
	}
	role, unit, _ := s.desk(doc)
	return role, unit
}
