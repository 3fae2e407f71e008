package storage

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of what only the database can tell about a bonus or a penalty.
const (
	ExtraUnit rule.Code = "extra_unit" // no unit of the campaign
	ExtraGone rule.Code = "extra_gone" // it was withdrawn before
)

// ScoreExtra is a bonus or a penalty of a unit, and what became of it.
type ScoreExtra struct {
	par.Extra
	ID           int64
	UnitName     string
	FileHash     *string
	FileName     string
	AddedBy      string // name
	AddedAt      time.Time
	WithdrawnBy  *string // name; nil: it stands
	WithdrawnAt  *time.Time
	WithdrawnWhy string
}

// NewExtra is a bonus or a penalty as an officer writes it.
type NewExtra struct {
	par.Extra
	Key      uuid.UUID
	Campaign string
	FileName string // of the document; "": none was chosen
	File     io.Reader
	Actor    staff.Actor
	Audit    Audit // who and from where; what is said here
}

// AddExtra adds a bonus or a penalty. The same once more, by its key, adds nothing.
// rule.Errors: what is wrong with it, at its fields; at no field KeyReused: the key has
// added another.
func (s *Store) AddExtra(ctx context.Context, n NewExtra) error {
	n.Reason, n.Number, n.Title = CleanText(n.Reason), CleanLine(n.Number), CleanText(n.Title)
	version, err := s.indexOf(ctx, s.db, n.Campaign)
	if err != nil {
		return err
	}
	roster, err := rosterOf(ctx, s.db, n.Campaign)
	if err != nil {
		return err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	broken := version.Index.CheckExtra(n.Extra, calendar.DayOf(now))
	if !roster[n.Unit] {
		broken.Add(ExtraUnit, "unit")
	}
	if broken != nil {
		return broken
	}
	var file StoredFile
	if n.FileName = cleanName(n.FileName); n.FileName != "" {
		if file, err = s.keepUpload(ctx, n.FileName, n.File); err != nil {
			return err
		}
	}
	const add = `
		insert into score_extras (key, campaign, unit_code, kind, points, reason, document_number, issued_on, title, file_hash, file_name, added_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12)
		on conflict (key) do nothing returning id`
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockIndex(ctx, tx, n.Campaign); err != nil {
			return err
		}
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, add, n.Key, n.Campaign, n.Unit, n.Kind, int64(n.Points), n.Reason, n.Number, n.IssuedOn, n.Title,
			file.Hash, n.FileName, n.Actor.Person); err != nil {
			return wrap("add bonus or penalty", err)
		}
		if len(ids) == 0 {
			return n.added(ctx, tx, file.Hash)
		}
		n.Audit.Action, n.Audit.Object = AuditExtra, n.Campaign
		n.Audit.Detail = map[string]any{"extra": ids[0], "unit": n.Unit, "kind": n.Kind, "points": n.Points.String()}
		return addAudit(ctx, tx, n.Audit)
	})
}

// added tells whether what the key has added is this one.
func (n NewExtra) added(ctx context.Context, tx *sqlx.Tx, hash string) error {
	const look = `
		select campaign = $2 and unit_code = $3 and kind = $4 and points = $5 and reason = $6 and document_number = $7 and issued_on = $8
		       and title = $9 and coalesce(file_hash, '') = $10 and added_by = $11
		from score_extras where key = $1`
	var same bool
	err := tx.GetContext(ctx, &same, look, n.Key, n.Campaign, n.Unit, n.Kind, int64(n.Points), n.Reason, n.Number, n.IssuedOn, n.Title,
		hash, n.Actor.Person)
	if err == nil && !same {
		return rule.Broken(KeyReused, "")
	}
	return wrap("look for the bonus or penalty", err)
}

// WithdrawExtra takes a bonus or a penalty back, with a reason; the same person with the
// same reason again changes nothing. rule.Errors: no reason, or it was withdrawn before.
func (s *Store) WithdrawExtra(ctx context.Context, campaign string, id int64, why string, actor staff.Actor, audit Audit) error {
	why = strings.TrimSpace(CleanText(why))
	switch {
	case why == "":
		return rule.Broken(par.ExtraWithdraw, "why")
	case len([]rune(why)) > par.MaxExtraReason:
		return rule.Broken(par.ExtraLong, "why", par.MaxExtraReason)
	}
	const withdraw = `
		update score_extras set withdrawn_by = $3, withdrawn_at = clock_timestamp(), withdrawn_why = $4
		where campaign = $1 and id = $2 and withdrawn_at is null returning id`
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockIndex(ctx, tx, campaign); err != nil {
			return err
		}
		var ids []int64
		if err := tx.SelectContext(ctx, &ids, withdraw, campaign, id, actor.Person, why); err != nil {
			return wrap("withdraw bonus or penalty", err)
		}
		if len(ids) == 0 {
			return withdrawn(ctx, tx, campaign, id, actor.Person, why)
		}
		audit.Action, audit.Object, audit.Detail = AuditExtraWithdrawn, campaign, map[string]any{"extra": id}
		return addAudit(ctx, tx, audit)
	})
}

// withdrawn tells whether the person has withdrawn it with these words: a double click.
func withdrawn(ctx context.Context, tx *sqlx.Tx, campaign string, id, person int64, why string) error {
	const look = `select exists (select from score_extras where campaign = $1 and id = $2 and withdrawn_by = $3 and withdrawn_why = $4)`
	var same bool
	err := tx.GetContext(ctx, &same, look, campaign, id, person, why)
	if err == nil && !same {
		return rule.Broken(ExtraGone, "")
	}
	return wrap("look for the bonus or penalty", err)
}

// ExtraPage is how many bonuses and penalties a page lists.
const ExtraPage = 50

// ExtraFilter narrows and pages the list of bonuses and penalties. Page counts from 1.
type ExtraFilter struct {
	Query string // of the unit's name, without diacritics too
	Page  int
}

// ScoreExtras lists a campaign's bonuses and penalties, those that stand first, the
// newest on top, and tells how many match.
func (s *Store) ScoreExtras(ctx context.Context, campaign string, f ExtraFilter) (all []ScoreExtra, matching int, err error) {
	const list = `
		select x.id, x.unit_code, u.name as unit_name, x.kind, x.points, x.reason, x.document_number, x.issued_on, x.title, x.file_hash, x.file_name,
		       a.name as added_by, x.added_at, w.name as withdrawn_by, x.withdrawn_at, x.withdrawn_why, count(*) over ()
		from score_extras x join units u on u.code = x.unit_code join persons a on a.id = x.added_by
		left join persons w on w.id = x.withdrawn_by
		where x.campaign = $1 and u.name_key like $2
		order by x.withdrawn_at is not null, x.id desc limit $3 offset $4`
	rows, err := s.db.QueryxContext(ctx, list, campaign, "%"+likeEscape(Fold(f.Query))+"%", ExtraPage, (max(f.Page, 1)-1)*ExtraPage)
	if err != nil {
		return nil, 0, wrap("list bonuses and penalties", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one ScoreExtra
		var issued calendar.Day
		if err := rows.Scan(&one.ID, &one.Unit, &one.UnitName, &one.Kind, &one.Points, &one.Reason, &one.Number, &issued, &one.Title,
			&one.FileHash, &one.FileName, &one.AddedBy, &one.AddedAt, &one.WithdrawnBy, &one.WithdrawnAt, &one.WithdrawnWhy, &matching); err != nil {
			return nil, 0, wrap("list bonuses and penalties", err)
		}
		one.IssuedOn = &issued
		all = append(all, one)
	}
	return all, matching, wrap("list bonuses and penalties", rows.Err())
}

// ExtraFile finds the document of a bonus or a penalty of the campaign.
func (s *Store) ExtraFile(ctx context.Context, campaign, hash string) (DocumentFile, error) {
	const find = `
		select f.hash, f.size, f.media_type, x.file_name as name
		from score_extras x join files f on f.hash = x.file_hash where x.campaign = $1 and x.file_hash = $2 limit 1`
	var file DocumentFile
	err := s.db.GetContext(ctx, &file, find, campaign, hash)
	return file, wrap("find document of a bonus or a penalty", err)
}
