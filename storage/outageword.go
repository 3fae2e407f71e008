package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// OutageVerdict is what a department says about a draft.
type OutageVerdict string

// The verdicts.
const (
	OutageApprove OutageVerdict = "approve"
	OutageReturn  OutageVerdict = "return"
)

// OutageWord is a department's word about the version of a draft that was on the
// screen.
type OutageWord struct {
	Key     uuid.UUID
	Notice  int64
	Version int
	Hash    string
	Party   outage.Party
	Verdict OutageVerdict
	Reason  string // of a return
}

// GiveOutageWord notes the word. The last approval that was missing has the workflow
// publish; a return tells the authority's officers to write the draft anew. Who
// approves for the authority says with it that it was an outage. The same key again
// changes nothing. rule.Errors: NoticeFixed, OutageChanged, WordGiven, WordOfBoth,
// TextMissing, TextLong. The caller has checked that the actor may speak for the party.
func (s *Store) GiveOutageWord(ctx context.Context, actor staff.Actor, position staff.Position, w OutageWord) error {
	w.Reason = strings.TrimSpace(w.Reason)
	if w.Verdict == OutageReturn {
		if err := written("reason", w.Reason, mostShortText).Err(); err != nil {
			return err
		}
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var again bool
		if err := tx.GetContext(ctx, &again, `select exists (select from outage_words where key = $1)`, w.Key); err != nil || again {
			return wrap("give word", err)
		}
		n, o, err := lockNotice(ctx, tx, w.Notice, w.Version)
		if err != nil {
			return err
		}
		if n.Hash != w.Hash {
			return rule.Broken(OutageChanged, "")
		}
		if err := insertWord(ctx, tx, actor, position, w); err != nil {
			return err
		}
		return s.heed(ctx, tx, o, n, actor, position, w)
	})
}

func insertWord(ctx context.Context, tx *sqlx.Tx, actor staff.Actor, position staff.Position, w OutageWord) error {
	const other = `
		select exists (select from outage_words where notice_id = $1 and version = $2 and party <> $3 and person_id = $4)`
	var both bool
	if err := tx.GetContext(ctx, &both, other, w.Notice, w.Version, w.Party, actor.Person); err != nil {
		return wrap("give word", err)
	}
	if both {
		return rule.Broken(WordOfBoth, "")
	}
	const add = `
		insert into outage_words (key, notice_id, version, content_hash, party, verdict, reason, person_id, name, role, unit_code, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())
		on conflict (notice_id, version, party) do nothing`
	done, err := tx.ExecContext(ctx, add, w.Key, w.Notice, w.Version, w.Hash, w.Party, w.Verdict, w.Reason, actor.Person,
		actor.Name, position.Role, position.Unit)
	if err != nil {
		return wrap("give word", err)
	}
	if rows, err := done.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(rule.Broken(WordGiven, "").Err(), err)
	}
	return nil
}

// heed writes what follows from a word.
func (s *Store) heed(ctx context.Context, tx *sqlx.Tx, o lockedOutage, n OutageNotice, actor staff.Actor, position staff.Position, w OutageWord) error {
	line := outageLine{
		Key: fmt.Sprintf("word:%d:%d:%s", n.ID, n.Version, w.Party), Event: OutageApproved, Person: actor.Person, Unit: position.Unit,
		Detail: OutageDetail{Kind: n.Kind, Party: w.Party, Version: n.Version, Reason: w.Reason},
	}
	if w.Verdict == OutageReturn {
		line.Event = OutageReturned
	}
	if err := addOutageEvent(ctx, tx, o.ID, line); err != nil {
		return err
	}
	switch {
	case w.Verdict == OutageReturn:
		if err := s.tellReturned(ctx, tx, o.ID, n, w.Party); err != nil {
			return err
		}
	case w.Party == outage.Authority:
		if err := confirmOutage(ctx, tx, o, actor.Person, ""); err != nil {
			return err
		}
	}
	return wakeOutage(ctx, tx, o.ID)
}

func (s *Store) tellReturned(ctx context.Context, tx *sqlx.Tx, id int64, n OutageNotice, by outage.Party) error {
	var notices []Notice
	for _, role := range partyRoles(outage.Authority) {
		notices = append(notices, Notice{
			Key: fmt.Sprintf("outage:%d:returned:%d:%d:%s", id, n.ID, n.Version, by), Kind: NoticeOutageReturned, Role: role,
			Unit: s.authority, Args: map[string]any{"outage": id, "notice": n.ID, "name": n.Title},
		})
	}
	return addNotices(ctx, tx, notices)
}

// OutageWordRow is a word that was given.
type OutageWordRow struct {
	Party   outage.Party  `db:"party"`
	Version int           `db:"version"`
	Verdict OutageVerdict `db:"verdict"`
	Reason  string        `db:"reason"`
	Name    string        `db:"name"`
	Road    string        `db:"road"` // page; at the watcher: link, command
	At      time.Time     `db:"at"`
}

// OutageWords lists what was said about a notice, the newest first.
func (s *Store) OutageWords(ctx context.Context, notice int64) ([]OutageWordRow, error) {
	const list = `
		select party, version, verdict, reason, name, road, at from outage_words where notice_id = $1 order by id desc`
	var all []OutageWordRow
	err := s.db.SelectContext(ctx, &all, list, notice)
	return all, wrap("list words", err)
}

// SpeaksFor are the parties whose word the actor may give, each with the position in
// which they do.
func (s *Store) SpeaksFor(actor staff.Actor, h OutageHandling) map[outage.Party]staff.Position {
	may := map[outage.Party]staff.Position{}
	for _, party := range []outage.Party{outage.Authority, outage.IT} {
		for _, role := range partyRoles(party) {
			if unit := s.partyUnit(party, h); actor.Holds(role, unit) {
				may[party] = staff.Position{Unit: unit, Role: role}
			}
		}
	}
	return may
}

// AskedNotice is a draft that waits for a word of the reader's department.
type AskedNotice struct {
	Outage int64     `db:"outage_id"`
	Notice int64     `db:"id"`
	Title  string    `db:"title"`
	DueAt  time.Time `db:"due_at"`
	Late   bool      `db:"late"`
}

// AskedNotices lists the drafts that wait for a word that the actor may give, the
// first due first. A draft that was returned waits for its authors.
func (s *Store) AskedNotices(ctx context.Context, actor staff.Actor) ([]AskedNotice, error) {
	const list = `
		select n.outage_id, n.id, n.title, n.due_at, n.due_at < clock_timestamp() as late
		from outage_notices n, (select it_unit from outage_rules order by id desc limit 1) h
		where n.published_at is null and n.withdrawn_at is null
		  and exists (select from unnest(n.needs) w
		              where (w = 'authority' and $1 or w = 'it' and h.it_unit = any($2))
		                and not exists (select from outage_words v where v.notice_id = n.id and v.version = n.version and v.party = w))
		order by n.due_at, n.id`
	authority := false
	for _, role := range partyRoles(outage.Authority) {
		authority = authority || actor.Holds(role, s.authority)
	}
	units := []string{}
	for _, p := range actor.Positions {
		if slices.Contains(partyRoles(outage.IT), p.Role) {
			units = append(units, p.Unit)
		}
	}
	if !authority && len(units) == 0 {
		return nil, nil
	}
	var asked []AskedNotice
	err := s.db.SelectContext(ctx, &asked, list, authority, texts(units))
	return asked, wrap("list drafts that wait for a word", err)
}
