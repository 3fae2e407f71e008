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

// OutageText is what people are told of an outage, in an officer's words.
type OutageText struct {
	BeganAt    time.Time
	ExpectedAt *time.Time
	What       string
	Advice     string
}

const (
	mostOutageText = 2000
	// longestAgoDays is how far back a person may lay the beginning of an outage: once
	// it is confirmed, a slip in the year would stop every clock for years, for good.
	longestAgoDays = 90
)

// began checks the beginning that a person has given.
func (t OutageText) began(now time.Time) rule.Errors {
	switch {
	case t.BeganAt.After(now):
		return rule.Broken(OutageWhen, "began.day")
	case t.BeganAt.Before(now.AddDate(0, 0, -longestAgoDays)):
		return rule.Broken(OutageLongAgo, "began.day", longestAgoDays)
	}
	return nil
}

func (t OutageText) check() (OutageText, rule.Errors) {
	t.What, t.Advice = strings.TrimSpace(t.What), strings.TrimSpace(t.Advice)
	broken := written("what", t.What, mostOutageText)
	if len([]rune(t.Advice)) > mostOutageText {
		broken.Add(TextLong, "advice", mostOutageText)
	}
	if t.ExpectedAt != nil && !t.ExpectedAt.After(t.BeganAt) {
		broken.Add(ExpectedBad, "expected.day")
	}
	return t, broken
}

// OpenOutage lays an outage or a risk down by hand. The same key again answers with
// the one that it made. rule.Errors: TextMissing, TextLong, OutageWhen, OutageLongAgo.
func (s *Store) OpenOutage(ctx context.Context, key uuid.UUID, actor staff.Actor, kind outage.Kind, t OutageText) (int64, error) {
	t, broken := t.check()
	if err := broken.Err(); err != nil {
		return 0, err
	}
	var id int64
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("open outage", err)
		}
		if broken := t.began(now); broken != nil {
			return broken
		}
		opened, err := s.addOutage(ctx, tx, newOutage{
			Key: key, Kind: kind, Source: SourceHand, Span: outage.Span{From: t.BeganAt}, Text: t, By: actor.Person,
		})
		id = opened
		return err
	})
	return id, err
}

type newOutage struct {
	Key    uuid.UUID
	Kind   outage.Kind
	Source string
	Span   outage.Span
	Text   OutageText
	By     int64 // 0: nobody
}

// addOutage writes the row, its first line and the notices to those who look after
// the software, and has the relay start its workflow.
func (s *Store) addOutage(ctx context.Context, tx *sqlx.Tx, n newOutage) (int64, error) {
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, expected_at, what, advice, rule, opened_by, opened_at,
			rung_at, wake_at)
		select $1, $2, $3, $4, $5, $6, $7, $8, r.id, nullif($9, 0), now, now, now - interval '1 minute'
		from (select id from outage_rules order by id desc limit 1) r, clock_timestamp() now
		on conflict (key) do nothing returning id`
	var ids []int64
	err := tx.SelectContext(ctx, &ids, add, n.Key, n.Kind, n.Source, n.Span.From, instantOrNull(n.Span.To), n.Text.ExpectedAt,
		n.Text.What, n.Text.Advice, n.By)
	if err != nil {
		return 0, wrap("add outage", err)
	}
	if len(ids) == 0 { // the same click again
		var id int64
		err := tx.GetContext(ctx, &id, `select id from outages where key = $1`, n.Key)
		return id, wrap("add outage", err)
	}
	line := outageLine{Key: "opened", Event: OutageOpened, Person: n.By, Detail: OutageDetail{Source: n.Source}}
	if n.Kind == outage.AtRisk {
		line.Event = OutageDeclared
	}
	if err := addOutageEvent(ctx, tx, ids[0], line); err != nil {
		return 0, err
	}
	if !n.Span.Open() {
		ended := outageLine{Key: endedKey(n.Span), Event: OutageEnded, Detail: OutageDetail{Source: n.Source, To: &n.Span.To}}
		if err := addOutageEvent(ctx, tx, ids[0], ended); err != nil {
			return 0, err
		}
	}
	return ids[0], addNotices(ctx, tx, s.keepersNotices(ids[0], n))
}

func endedKey(s outage.Span) string { return fmt.Sprintf("ended:%d", s.To.UnixMilli()) }

func instantOrNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// keepersNotices tell those who look after the software at the authority.
func (s *Store) keepersNotices(id int64, n newOutage) []Notice {
	var notices []Notice
	for _, role := range []staff.Role{staff.SystemAdmin, staff.Officer, staff.AuthorityHead} {
		notices = append(notices, Notice{
			Key: fmt.Sprintf("outage:%d:opened", id), Kind: NoticeOutageOpened, Role: role, Unit: s.authority,
			Args: map[string]any{"outage": id, "name": words.OutageName(n.Kind, n.Span.From)},
		})
	}
	return notices
}

// changeOutage runs f on the row that the caller has seen at the version, notes who
// has changed it, and wakes the workflow.
func (s *Store) changeOutage(ctx context.Context, id int64, version int, f func(tx *sqlx.Tx, o lockedOutage, now time.Time) (outageLine, error)) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		o, err := lockOutage(ctx, tx, id)
		if err != nil {
			return err
		}
		if o.Version != version {
			return rule.Broken(OutageChanged, "")
		}
		if o.ClosedAt != nil {
			return rule.Broken(OutageOver, "")
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("change outage", err)
		}
		line, err := f(tx, o, now)
		if err != nil {
			return err
		}
		if err := addOutageEvent(ctx, tx, id, line); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `update outages set version = version + 1 where id = $1`, id); err != nil {
			return wrap("change outage", err)
		}
		return wakeOutage(ctx, tx, id)
	})
}

// EditOutage changes what people are told of it; began_at may be corrected until it
// is confirmed. rule.Errors: as OpenOutage, OutageChanged, OutageOver.
func (s *Store) EditOutage(ctx context.Context, id int64, version int, actor staff.Actor, t OutageText) error {
	t, broken := t.check()
	if err := broken.Err(); err != nil {
		return err
	}
	return s.changeOutage(ctx, id, version, func(tx *sqlx.Tx, o lockedOutage, now time.Time) (outageLine, error) {
		began := t.BeganAt
		if o.ConfirmedAt != nil {
			began = o.BeganAt // clocks stand still from there on
		} else if broken := t.began(now); broken != nil && !began.Equal(o.BeganAt.Truncate(time.Minute)) {
			return outageLine{}, broken // what a form leaves as it is, is told to the minute
		}
		if o.EndedAt != nil && !o.EndedAt.After(began) {
			return outageLine{}, rule.Broken(OutageWhen, "began.day")
		}
		const edit = `update outages set began_at = $2, expected_at = $3, what = $4, advice = $5 where id = $1`
		_, err := tx.ExecContext(ctx, edit, id, began, t.ExpectedAt, t.What, t.Advice)
		return outageLine{Event: OutageEdited, Person: actor.Person}, wrap("edit outage", err)
	})
}

// EndOutage notes that the software is usable again since the instant, or that the
// risk has passed. rule.Errors: OutageWhen, OutageChanged, OutageOver.
func (s *Store) EndOutage(ctx context.Context, id int64, version int, actor staff.Actor, at time.Time) error {
	return s.changeOutage(ctx, id, version, func(tx *sqlx.Tx, o lockedOutage, now time.Time) (outageLine, error) {
		if o.EndedAt != nil {
			return outageLine{}, rule.Broken(OutageOver, "")
		}
		if at.After(now) || !at.After(o.BeganAt) {
			return outageLine{}, rule.Broken(OutageWhen, "ended.day")
		}
		_, err := tx.ExecContext(ctx, `update outages set ended_at = $2 where id = $1`, id, at)
		return outageLine{Event: OutageEnded, Person: actor.Person, Detail: OutageDetail{To: &at}}, wrap("end outage", err)
	})
}

// ConfirmOutage notes an officer's word that it was an outage. Once said it stays.
// rule.Errors: OutageChanged, OutageOver.
func (s *Store) ConfirmOutage(ctx context.Context, id int64, version int, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		o, err := lockOutage(ctx, tx, id)
		if err != nil {
			return err
		}
		if o.Version != version {
			return rule.Broken(OutageChanged, "")
		}
		if o.DismissedAt != nil || o.Kind != outage.Stopped {
			return rule.Broken(OutageOver, "")
		}
		if _, err := tx.ExecContext(ctx, `update outages set version = version + 1 where id = $1`, id); err != nil {
			return wrap("confirm outage", err)
		}
		return confirmOutage(ctx, tx, o, actor.Person, "")
	})
}

// confirmOutage also serves a word for its notice: who has it told to units says that
// it was one. A person of 0 spoke at the watcher, under the name: where somebody has
// said here meanwhile that it was none, that stands.
func confirmOutage(ctx context.Context, tx *sqlx.Tx, o lockedOutage, person int64, name string) error {
	if o.ConfirmedAt != nil || o.DismissedAt != nil || o.Kind != outage.Stopped {
		return nil
	}
	const confirm = `update outages set confirmed_at = clock_timestamp(), confirmed_by = nullif($2, 0) where id = $1`
	if _, err := tx.ExecContext(ctx, confirm, o.ID, person); err != nil {
		return wrap("confirm outage", err)
	}
	return addOutageEvent(ctx, tx, o.ID, outageLine{
		Key: "confirmed", Event: OutageConfirmed, Person: person, Detail: OutageDetail{Name: name},
	})
}

// DismissOutage notes that it was none, and withdraws the draft of its notice.
// rule.Errors: TextMissing, TextLong, OutageTold, OutageChanged, OutageOver.
func (s *Store) DismissOutage(ctx context.Context, id int64, version int, actor staff.Actor, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := written("dismissed_for", reason, mostShortText).Err(); err != nil {
		return err
	}
	return s.changeOutage(ctx, id, version, func(tx *sqlx.Tx, o lockedOutage, _ time.Time) (outageLine, error) {
		if o.ConfirmedAt != nil || o.DismissedAt != nil {
			return outageLine{}, rule.Broken(OutageTold, "")
		}
		const told = `select exists (select from outage_notices where outage_id = $1 and published_at is not null)`
		var published bool
		if err := tx.GetContext(ctx, &published, told, id); err != nil {
			return outageLine{}, wrap("dismiss outage", err)
		}
		if published {
			return outageLine{}, rule.Broken(OutageTold, "")
		}
		const dismiss = `
			update outages set dismissed_at = clock_timestamp(), dismissed_by = $2, dismissed_for = $3 where id = $1`
		if _, err := tx.ExecContext(ctx, dismiss, id, actor.Person, reason); err != nil {
			return outageLine{}, wrap("dismiss outage", err)
		}
		return outageLine{Event: OutageDismissed, Person: actor.Person, Detail: OutageDetail{Reason: reason}},
			withdrawDrafts(ctx, tx, id)
	})
}

func withdrawDrafts(ctx context.Context, tx *sqlx.Tx, id int64) error {
	const withdraw = `
		update outage_notices set withdrawn_at = clock_timestamp()
		where outage_id = $1 and kind <> 'deadlines' and published_at is null and withdrawn_at is null`
	_, err := tx.ExecContext(ctx, withdraw, id)
	return wrap("withdraw drafts", err)
}
