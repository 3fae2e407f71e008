package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of why a result is not published.
const (
	PublishMovedOn   rule.Code = "publish_moved_on"  // the result is another by now
	PublishOvertaken rule.Code = "publish_overtaken" // somebody else has published meanwhile
	PublishUnranked  rule.Code = "publish_unranked"  // args: units without a rank, which nobody has agreed to
	PublishNobody    rule.Code = "publish_nobody"    // no unit has a rank
)

// NewPublication is a result that an officer publishes, as it was on the screen.
type NewPublication struct {
	Key      uuid.UUID
	Campaign string
	Digest   string // of the ranking on the screen
	Next     int    // the publication that it was to be on the screen, from 1
	Unranked bool   // units without a rank are named so, knowingly
	par.Announcement
	FileName string // of the decision; "": none was chosen
	FileData io.Reader
	Actor    staff.Actor
	Audit    Audit // who and from where; what is said here
}

// Publish freezes the ranking with every number that it follows from, tells the units, and
// returns the number of the publication. The same once more, by its key, returns the one it
// made.
// rule.Errors: at its fields what is wrong with the announcement; at no field PublishMovedOn,
// PublishOvertaken, PublishNobody or KeyReused. Published results are never changed; the
// next one is a correction. A unit whose appraisal is under way has no rank, and what is
// frozen of it is what rounds that are over gave: no mark that is being weighed becomes
// public.
func (s *Store) Publish(ctx context.Context, n NewPublication) (int, error) {
	n.Number, n.Title, n.Reason = CleanLine(n.Number), CleanText(n.Title), CleanText(n.Reason)
	c, err := s.IndexCampaign(ctx, staff.Scope{All: true}, n.Campaign)
	if err != nil {
		return 0, err
	}
	if number, err := n.made(ctx, s.db); number > 0 || err != nil {
		return number, err
	}
	n.FileName = cleanName(n.FileName)
	n.File = n.FileName != ""
	if broken := par.CheckAnnouncement(n.Announcement, n.Next > 1, calendar.DayOf(c.Now)); broken != nil {
		return 0, broken
	}
	file, err := s.keepUpload(ctx, n.FileName, n.FileData)
	if err != nil {
		return 0, err
	}
	var number int
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		number, err = s.publish(ctx, tx, n, c, file)
		return err
	})
	if uniqueViolation(err, "index_publications_key_key") { // the same key for another campaign at the same moment
		return 0, rule.Broken(KeyReused, "")
	}
	return number, err
}

func (s *Store) publish(ctx context.Context, tx *sqlx.Tx, n NewPublication, c IndexCampaign, file StoredFile) (int, error) {
	// Thousands of rows: this one transaction may take longer than a page.
	for _, setting := range []string{`set local statement_timeout = '60s'`, `set local lock_timeout = '20s'`} {
		if _, err := tx.ExecContext(ctx, setting); err != nil {
			return 0, wrap("publish "+n.Campaign, err)
		}
	}
	if err := lockIndex(ctx, tx, n.Campaign); err != nil {
		return 0, err
	}
	if number, err := n.made(ctx, tx); number > 0 || err != nil {
		return number, err
	}
	if err := lockCampaignDocuments(ctx, tx, n.Campaign); err != nil {
		return 0, err
	}
	ranking, err := readRanking(ctx, tx, c)
	if err != nil {
		return 0, err
	}
	ranked := ranking.Ranked()
	if broken := n.refused(ranking, ranked); broken != nil {
		return 0, broken
	}
	number, err := latestPublication(ctx, tx, n.Campaign)
	if err != nil {
		return 0, err
	}
	if number++; number != n.Next {
		return 0, rule.Broken(PublishOvertaken, "")
	}
	const add = `
		insert into index_publications (campaign, number, key, form, form_version, digest, units, ranked, decision, decided_on, title,
			file_hash, file_name, reason, published_by, published_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, clock_timestamp()) returning published_at`
	var at time.Time
	if err := tx.GetContext(ctx, &at, add, n.Campaign, number, n.Key, c.Form, c.FormVersion, ranking.Digest, len(ranking.Units), ranked,
		n.Number, n.IssuedOn, n.Title, file.Hash, n.FileName, n.Reason, n.Actor.Person); err != nil {
		return 0, wrap("publish "+n.Campaign, err)
	}
	if err := freezeResults(ctx, tx, c, number, ranking); err != nil {
		return 0, err
	}
	// An appraisal that is not over goes on: its unit is published without a rank, by what
	// rounds that are over gave, and may still explain.
	const mark = `update appraisals set published_at = $2 where campaign = $1 and stage = 'done'`
	if _, err := tx.ExecContext(ctx, mark, n.Campaign, at); err != nil {
		return 0, wrap("publish "+n.Campaign, err)
	}
	if err := addNotices(ctx, tx, n.notices(number, ranking)); err != nil {
		return 0, err
	}
	n.Audit.Action, n.Audit.Object = AuditIndexPublished, n.Campaign
	n.Audit.Detail = map[string]any{"publication": number, "decision": n.Number, "digest": ranking.Digest, "units": len(ranking.Units), "ranked": ranked}
	return number, addAudit(ctx, tx, n.Audit)
}

// refused is why the ranking is not published: it is another than on the screen, or not
// what anybody would want.
func (n NewPublication) refused(r Ranking, ranked int) rule.Errors {
	unranked := len(r.Units) - ranked
	switch {
	case r.Digest != n.Digest:
		return rule.Broken(PublishMovedOn, "")
	case ranked == 0:
		return rule.Broken(PublishNobody, "")
	case unranked > 0 && !n.Unranked:
		return rule.Broken(PublishUnranked, "unranked", unranked)
	}
	return nil
}

// lockCampaignDocuments takes the rows of a campaign's documents, so that no appraisal
// moves on meanwhile.
func lockCampaignDocuments(ctx context.Context, tx *sqlx.Tx, campaign string) error {
	const lock = `select id from documents where campaign = $1 order by id for no key update`
	var ids []string
	return wrap("lock documents of "+campaign, tx.SelectContext(ctx, &ids, lock, campaign))
}

// made is the number of the publication that the key has made; 0: none. KeyReused at no
// field: it has made another, of another campaign, somebody else's or by other words.
func (n NewPublication) made(ctx context.Context, q sqlx.QueryerContext) (int, error) {
	const find = `select campaign, number, decision, decided_on, title, reason, published_by from index_publications where key = $1`
	var one struct {
		Campaign  string       `db:"campaign"`
		Number    int          `db:"number"`
		Decision  string       `db:"decision"`
		DecidedOn calendar.Day `db:"decided_on"`
		Title     string       `db:"title"`
		Reason    string       `db:"reason"`
		By        int64        `db:"published_by"`
	}
	err := sqlx.GetContext(ctx, q, &one, find, n.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, wrap("look for the publication", err)
	case one.Campaign != n.Campaign || one.By != n.Actor.Person,
		one.Decision != n.Number || n.IssuedOn == nil || one.DecidedOn != *n.IssuedOn || one.Title != n.Title || one.Reason != n.Reason:
		return 0, rule.Broken(KeyReused, "")
	}
	return one.Number, nil
}

// notices tell those who drafted and those who signed, at every unit of the result.
func (n NewPublication) notices(number int, r Ranking) []Notice {
	kind := NoticePublished
	if number > 1 {
		kind = NoticeCorrected
	}
	notices := make([]Notice, 0, 2*len(r.Units))
	for _, unit := range r.Units {
		for _, role := range []staff.Role{staff.Specialist, staff.Director} {
			notices = append(notices, Notice{
				Key:  fmt.Sprintf("%s:%s:%d:%s", unit.Document, kind, number, role),
				Kind: kind, Document: unit.Document, Role: role, Unit: unit.Unit, Args: map[string]any{"results": n.Campaign},
			})
		}
	}
	return notices
}

// latestPublication is the number of the newest publication; 0: there is none.
func latestPublication(ctx context.Context, q sqlx.QueryerContext, campaign string) (int, error) {
	var number int
	err := sqlx.GetContext(ctx, q, &number, `select coalesce(max(number), 0) from index_publications where campaign = $1`, campaign)
	return number, wrap("look for publications of "+campaign, err)
}
