package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// OutageNotice is a notice about an outage as it stands. Of the content (outage.Notice)
// number, title and text are set, Hash is theirs, and Released is when it was published.
type OutageNotice struct {
	outage.Notice
	ID          int64
	Outage      int64
	Kind        outage.NoticeKind
	Version     int
	Ended       bool // it says that the outage is over
	Needs       []outage.Party
	Missing     []outage.Party // of them, whose word for this version is not there
	DueAt       time.Time
	EditedBy    string // name; "": as drafted by the software
	EditedAt    *time.Time
	PDFHash     string
	PublishedAt *time.Time
	WithdrawnAt *time.Time
	TakenOver   bool // the separate watcher published it
	Told        bool // notices to units' people are written
	Posted      bool
}

type outageNoticeFull struct {
	ID          int64             `db:"id"`
	Outage      int64             `db:"outage_id"`
	Kind        outage.NoticeKind `db:"kind"`
	Version     int               `db:"version"`
	Number      string            `db:"number"`
	Title       string            `db:"title"`
	Paragraphs  []byte            `db:"paragraphs"`
	Hash        string            `db:"content_hash"`
	Ended       bool              `db:"ended"`
	Needs       []byte            `db:"needs"`
	Missing     []byte            `db:"missing"`
	DraftedAt   time.Time         `db:"drafted_at"`
	DueAt       time.Time         `db:"due_at"`
	EditedBy    string            `db:"edited_by"`
	EditedAt    *time.Time        `db:"edited_at"`
	PDFHash     string            `db:"pdf_hash"`
	PublishedAt *time.Time        `db:"published_at"`
	WithdrawnAt *time.Time        `db:"withdrawn_at"`
	TakenOver   bool              `db:"taken_over"`
	Told        bool              `db:"told"`
	Posted      bool              `db:"posted"`
}

func (r outageNoticeFull) notice() (OutageNotice, error) {
	n := OutageNotice{
		Notice: outage.Notice{Drafted: r.DraftedAt, Number: r.Number, Title: r.Title, Hash: r.Hash},
		ID:     r.ID, Outage: r.Outage, Kind: r.Kind, Version: r.Version, Ended: r.Ended, DueAt: r.DueAt,
		EditedBy: r.EditedBy, EditedAt: r.EditedAt, PDFHash: r.PDFHash, PublishedAt: r.PublishedAt,
		WithdrawnAt: r.WithdrawnAt, TakenOver: r.TakenOver, Told: r.Told, Posted: r.Posted,
	}
	if r.PublishedAt != nil {
		n.Released = *r.PublishedAt
	}
	for _, one := range []struct {
		raw  []byte
		into any
	}{{r.Paragraphs, &n.Text}, {r.Needs, &n.Needs}, {r.Missing, &n.Missing}} {
		if err := json.Unmarshal(one.raw, one.into); err != nil {
			return n, fmt.Errorf("read notice %d of an outage: %w", r.ID, err)
		}
	}
	return n, nil
}

const readOutageNotice = `
	select n.id, n.outage_id, n.kind, n.version, n.number, n.title, n.paragraphs, n.content_hash, n.ended,
	       to_jsonb(n.needs) as needs, to_jsonb(` + partiesMissing + `) as missing, n.drafted_at, n.due_at,
	       coalesce(p.name, '') as edited_by, n.edited_at, coalesce(n.pdf_hash, '') as pdf_hash, n.published_at,
	       n.withdrawn_at, n.taken_over, n.told, n.posted
	from outage_notices n left join persons p on p.id = n.edited_by`

func selectNotices(ctx context.Context, q sqlx.QueryerContext, what, list string, args ...any) ([]OutageNotice, error) {
	var rows []outageNoticeFull
	if err := sqlx.SelectContext(ctx, q, &rows, list, args...); err != nil {
		return nil, wrap(what, err)
	}
	all := make([]OutageNotice, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = row.notice(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// OutageNotices lists the notices of an outage, withdrawn ones too, in their order.
func (s *Store) OutageNotices(ctx context.Context, id int64) ([]OutageNotice, error) {
	return selectNotices(ctx, s.db, "list notices of outage", readOutageNotice+` where n.outage_id = $1 order by n.id`, id)
}

// OutageNotice reads one. ErrNotFound: there is none.
func (s *Store) OutageNotice(ctx context.Context, id int64) (OutageNotice, error) {
	return oneNotice(ctx, s.db, id)
}

func oneNotice(ctx context.Context, q sqlx.QueryerContext, id int64) (OutageNotice, error) {
	found, err := selectNotices(ctx, q, "read notice of an outage", readOutageNotice+` where n.id = $1`, id)
	switch {
	case err != nil:
		return OutageNotice{}, err
	case len(found) == 0:
		return OutageNotice{}, fmt.Errorf("read notice %d of an outage: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// Announcements lists what units were told, the newest first, at most limit: for
// everybody to read. It reads alone, so that it works while nothing can be written.
func (s *Store) Announcements(ctx context.Context, limit int) ([]OutageNotice, error) {
	const list = readOutageNotice + ` where n.published_at is not null order by n.published_at desc, n.id desc limit $1`
	return selectNotices(ctx, s.db, "list announcements", list, limit)
}

// SaveOutageDraft writes the notice that the outage's turn asks for, for the first
// time or anew, and asks for the words that it needs; over is the version of the draft
// that the content was made from, 0: there was none. When the turn is another one by
// now, or an officer has edited the draft meanwhile, it does nothing: another call has
// done it, the outage has gone on, or the workflow comes again.
func (s *Store) SaveOutageDraft(ctx context.Context, id int64, kind outage.NoticeKind, over int, content outage.Notice, ended bool) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		c, err := s.outageCourse(ctx, tx, id)
		if err != nil {
			return err
		}
		turn := c.course().Turn(c.at())
		if kind == outage.TheNotice && turn.Step != outage.WriteNotice || kind == outage.AllClear && turn.Step != outage.WriteAllClear {
			return nil
		}
		if c.version(turn.Notice) != over {
			return nil
		}
		if turn.Notice != 0 {
			return s.rewriteDraft(ctx, tx, c, turn.Notice, content, ended)
		}
		needs := []outage.Party{}
		if kind == outage.TheNotice {
			if needs, err = s.outageParties(ctx, tx, c.by.OutageHandling); err != nil {
				return err
			}
		}
		_, err = s.addDraft(ctx, tx, c, newNotice{Kind: kind, Content: content, Ended: ended, Needs: needs})
		return err
	})
}

// version is that of a notice as it stands; 0: there is none.
func (c *outageCourse) version(notice int64) int {
	for _, n := range c.notices {
		if n.ID == notice {
			return n.Version
		}
	}
	return 0
}

type newNotice struct {
	Kind    outage.NoticeKind
	Content outage.Notice
	Ended   bool
	Needs   []outage.Party
}

func (s *Store) addDraft(ctx context.Context, tx *sqlx.Tx, c *outageCourse, n newNotice) (int64, error) {
	text, err := json.Marshal(n.Content.Text)
	if err != nil {
		return 0, fmt.Errorf("write notice of an outage: %w", err)
	}
	const add = `
		insert into outage_notices (outage_id, kind, number, title, paragraphs, content_hash, ended, needs, drafted_at, due_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`
	due := c.at()
	if len(n.Needs) > 0 {
		due = c.by.Rule.AddOffice(c.by.days, c.at(), c.by.approval())
	}
	var id int64
	err = tx.GetContext(ctx, &id, add, c.ID, n.Kind, n.Content.Number, n.Content.Title, string(text), n.Content.Sum(), n.Ended,
		partyTexts(n.Needs), c.at(), due)
	if err != nil {
		return 0, wrap("add notice of an outage", err)
	}
	line := outageLine{Key: fmt.Sprintf("drafted:%d", id), Event: OutageDrafted, Detail: OutageDetail{Kind: n.Kind, Version: 1}}
	if err := addOutageEvent(ctx, tx, c.ID, line); err != nil {
		return 0, err
	}
	return id, s.ask(ctx, tx, c.by.OutageHandling, id, n.Needs, "1")
}

func partyTexts(parties []outage.Party) any {
	list := make([]string, len(parties))
	for i, one := range parties {
		list[i] = string(one)
	}
	return texts(list)
}

// rewriteDraft puts new words in the place of a draft's; what was said about the old
// ones is void.
func (s *Store) rewriteDraft(ctx context.Context, tx *sqlx.Tx, c *outageCourse, notice int64, content outage.Notice, ended bool) error {
	version, err := changeDraft(ctx, tx, notice, content, ended, 0)
	if err != nil {
		return err
	}
	line := outageLine{
		Key: fmt.Sprintf("rewritten:%d:%d", notice, version), Event: OutageRewritten,
		Detail: OutageDetail{Kind: outage.TheNotice, Version: version},
	}
	if err := addOutageEvent(ctx, tx, c.ID, line); err != nil {
		return err
	}
	missing, err := missingParties(ctx, tx, notice)
	if err != nil {
		return err
	}
	return s.ask(ctx, tx, c.by.OutageHandling, notice, missing, fmt.Sprint(version))
}

// changeDraft writes the words; ended: they say that the outage is over; by 0: the
// software.
func changeDraft(ctx context.Context, tx *sqlx.Tx, notice int64, content outage.Notice, ended bool, by int64) (version int, err error) {
	text, err := json.Marshal(content.Text)
	if err != nil {
		return 0, fmt.Errorf("write notice of an outage: %w", err)
	}
	const change = `
		update outage_notices
		set number = $2, title = $3, paragraphs = $4, content_hash = $5, ended = $6, version = version + 1,
		    edited_by = coalesce(nullif($7, 0), edited_by), edited_at = case when $7 = 0 then edited_at else clock_timestamp() end
		where id = $1 returning version`
	err = tx.GetContext(ctx, &version, change, notice, content.Number, content.Title, string(text), content.Sum(), ended, by)
	return version, wrap("change notice of an outage", err)
}

// outageParties are those whose word a notice needs: the authority's, and that of the
// department that runs IT where there is one besides.
func (s *Store) outageParties(ctx context.Context, q sqlx.QueryerContext, h OutageHandling) ([]outage.Party, error) {
	const look = `
		select exists (select from units where code = $1 and code <> $2
		               and (valid_to is null or valid_to >= (clock_timestamp() at time zone 'Asia/Ho_Chi_Minh')::date))`
	var other bool
	if err := sqlx.GetContext(ctx, q, &other, look, h.ITUnit, s.authority); err != nil {
		return nil, wrap("look for the IT department", err)
	}
	if !other {
		return []outage.Party{outage.Authority}, nil
	}
	return []outage.Party{outage.Authority, outage.IT}, nil
}

// lockNotice takes a notice with its outage's row for writing; version is what the
// caller has seen. rule.Errors: NoticeFixed, OutageChanged.
func lockNotice(ctx context.Context, tx *sqlx.Tx, id int64, version int) (OutageNotice, lockedOutage, error) {
	var parent int64
	if err := tx.GetContext(ctx, &parent, `select outage_id from outage_notices where id = $1`, id); err != nil {
		return OutageNotice{}, lockedOutage{}, wrap("read notice of an outage", err)
	}
	o, err := lockOutage(ctx, tx, parent)
	if err != nil {
		return OutageNotice{}, o, err
	}
	n, err := oneNotice(ctx, tx, id)
	switch {
	case err != nil:
		return n, o, err
	case n.PublishedAt != nil || n.WithdrawnAt != nil:
		return n, o, rule.Broken(NoticeFixed, "")
	case n.Version != version:
		return n, o, rule.Broken(OutageChanged, "")
	}
	return n, o, nil
}

const (
	mostTitle     = 300
	mostParagraph = 2000
	mostText      = 30 // paragraphs
	mostNumber    = 40
)

// checkContent finds what is wrong with words that an officer has written.
func checkContent(n outage.Notice) rule.Errors {
	broken := written("title", n.Title, mostTitle)
	if len([]rune(n.Number)) > mostNumber {
		broken.Add(TextLong, "number", mostNumber)
	}
	if len(n.Text) == 0 {
		broken.Add(TextMissing, "text")
	}
	if len(n.Text) > mostText || slices.ContainsFunc(n.Text, func(p string) bool { return len([]rune(p)) > mostParagraph }) {
		broken.Add(TextLong, "text", mostParagraph)
	}
	return broken
}

// EditOutageNotice changes a draft's number, title and text. What was said about it
// before is void, and both departments are asked anew. rule.Errors: TextMissing,
// TextLong, NoticeFixed, OutageChanged.
func (s *Store) EditOutageNotice(ctx context.Context, id int64, version int, actor staff.Actor, content outage.Notice) error {
	if err := checkContent(content).Err(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		n, o, err := lockNotice(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if n.Hash == content.Sum() {
			return nil
		}
		now, err := changeDraft(ctx, tx, id, content, n.Ended, actor.Person)
		if err != nil {
			return err
		}
		line := outageLine{
			Key: fmt.Sprintf("rewritten:%d:%d", id, now), Event: OutageRewritten, Person: actor.Person, Unit: s.authority,
			Detail: OutageDetail{Kind: n.Kind, Version: now},
		}
		if err := addOutageEvent(ctx, tx, o.ID, line); err != nil {
			return err
		}
		h, err := loadHandling(ctx, tx, 0)
		if err != nil {
			return err
		}
		if err := s.ask(ctx, tx, h, id, n.Needs, fmt.Sprint(now)); err != nil {
			return err
		}
		return wakeOutage(ctx, tx, o.ID)
	})
}
