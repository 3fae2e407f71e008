package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
	"cchc/domain/rule"
)

// Codes of what speaks against a way of handling outages.
const (
	HoursBad      rule.Code = "outage_hours"       // of the time for approvals, 1 to most
	ITUnitUnknown rule.Code = "outage_it_unit"     // args: what was given
	SiteURLBad    rule.Code = "outage_site_url"    // no whole http or https address
	TextLong      rule.Code = "outage_text_long"   // args: the most letters allowed
	TextMissing   rule.Code = "outage_text"        // nothing was written
	OutageChanged rule.Code = "outage_changed"     // somebody else was faster
	OutageOver    rule.Code = "outage_over"        // it is closed, or has ended
	OutageWhen    rule.Code = "outage_when"        // in the future, or ends before it begins
	OutageLongAgo rule.Code = "outage_long_ago"    // args: the most days allowed
	ExpectedBad   rule.Code = "outage_expected"    // not after the beginning
	OutageTold    rule.Code = "outage_told"        // units have been told: it cannot have been none
	NoticeFixed   rule.Code = "notice_fixed"       // it is published or withdrawn: nothing changes it
	WordGiven     rule.Code = "notice_word_given"  // the party has given its word for this version
	WordOfBoth    rule.Code = "notice_word_both"   // one person cannot speak for both departments
	WindowPast    rule.Code = "maintenance_past"   // it has begun
	WindowBad     rule.Code = "maintenance_window" // ends before it begins, or lasts too long
)

// OutageHandling is how outages are judged and what is done about them.
type OutageHandling struct {
	ID            int64
	Rule          outage.Rule
	ITUnit        string // code of the unit that runs IT
	ApprovalHours int    // of office time, in which both departments give their word
	SiteURL       string // the authority's own site
	Hotline       string // whom units call, a line each
	Reason        string // why it was laid down
	EditedBy      string // name; "": came with the software
	EditedAt      time.Time
}

// approval is the office time in which words are asked for.
func (h OutageHandling) approval() time.Duration { return time.Duration(h.ApprovalHours) * time.Hour }

// Help is whom units call, a line each.
func (h OutageHandling) Help() []string { return lines(h.Hotline) }

const (
	mostApprovalHours = 240
	mostShortText     = 500
)

// validate finds all that is wrong with it. Whether there is such a unit is asked of
// the database.
func (h OutageHandling) validate() rule.Errors {
	broken := h.Rule.Validate()
	if h.ApprovalHours < 1 || h.ApprovalHours > mostApprovalHours {
		broken.Add(HoursBad, "approval_hours", mostApprovalHours)
	}
	for field, value := range map[string]string{"site_url": h.SiteURL, "hotline": h.Hotline, "reason": h.Reason} {
		if len([]rune(value)) > mostShortText {
			broken.Add(TextLong, field, mostShortText)
		}
	}
	if h.SiteURL != "" && !isAddress(h.SiteURL) {
		broken.Add(SiteURLBad, "site_url")
	}
	return broken
}

// isAddress tells whether people who are given the text can follow it.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

type handlingRow struct {
	ID            int64     `db:"id"`
	Rule          []byte    `db:"rule"`
	ITUnit        string    `db:"it_unit"`
	ApprovalHours int       `db:"approval_hours"`
	SiteURL       string    `db:"site_url"`
	Hotline       string    `db:"hotline"`
	Reason        string    `db:"reason"`
	EditedBy      string    `db:"edited_by"`
	EditedAt      time.Time `db:"edited_at"`
}

func (r handlingRow) handling() (OutageHandling, error) {
	h := OutageHandling{
		ID: r.ID, ITUnit: r.ITUnit, ApprovalHours: r.ApprovalHours, SiteURL: r.SiteURL, Hotline: r.Hotline,
		Reason: r.Reason, EditedBy: r.EditedBy, EditedAt: r.EditedAt,
	}
	if err := json.Unmarshal(r.Rule, &h.Rule); err != nil {
		return h, fmt.Errorf("read outage rule %d: %w", r.ID, err)
	}
	return h, nil
}

const readHandling = `
	select r.id, r.rule, r.it_unit, r.approval_hours, r.site_url, r.hotline, r.reason,
	       coalesce(p.name, '') as edited_by, r.edited_at
	from outage_rules r left join persons p on p.id = r.edited_by`

// OutageHandling is how outages are handled now.
func (s *Store) OutageHandling(ctx context.Context) (OutageHandling, error) {
	return loadHandling(ctx, s.db, 0)
}

// HandlingOf is how the outage is, or was, handled.
func (s *Store) HandlingOf(ctx context.Context, o Outage) (OutageHandling, error) {
	return loadHandling(ctx, s.db, o.Rule)
}

// loadHandling reads one; 0: the newest.
func loadHandling(ctx context.Context, q sqlx.QueryerContext, id int64) (OutageHandling, error) {
	const read = readHandling + ` where $1 = 0 or r.id = $1 order by r.id desc limit 1`
	var row handlingRow
	if err := sqlx.GetContext(ctx, q, &row, read, id); err != nil {
		return OutageHandling{}, wrap("read outage rule", err)
	}
	return row.handling()
}

// OutageHandlings lists every one that ever was, the newest first.
func (s *Store) OutageHandlings(ctx context.Context) ([]OutageHandling, error) {
	const list = readHandling + ` order by r.id desc`
	var rows []handlingRow
	if err := s.db.SelectContext(ctx, &rows, list); err != nil {
		return nil, wrap("list outage rules", err)
	}
	all := make([]OutageHandling, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = row.handling(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// AddOutageHandling lays a new way down in the place of the one that the caller has
// seen; outages that are not over are judged by it from now on. The same key again
// changes nothing. rule.Errors: what is wrong with it, or OutageChanged.
func (s *Store) AddOutageHandling(ctx context.Context, key uuid.UUID, by, replaces int64, h OutageHandling) error {
	broken := h.validate()
	if _, err := s.Unit(ctx, h.ITUnit); err != nil {
		broken.Add(ITUnitUnknown, "it_unit", h.ITUnit)
	}
	if h.Reason == "" {
		broken.Add(TextMissing, "reason")
	}
	if err := broken.Err(); err != nil {
		return err
	}
	encoded, err := json.Marshal(h.Rule)
	if err != nil {
		return fmt.Errorf("write outage rule: %w", err)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		const add = `
			insert into outage_rules (key, rule, it_unit, approval_hours, site_url, hotline, reason, replaces, edited_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			on conflict (key) do nothing`
		_, err := tx.ExecContext(ctx, add, key, string(encoded), h.ITUnit, h.ApprovalHours, h.SiteURL, h.Hotline, h.Reason, replaces, by)
		if uniqueViolation(err, "outage_rules_replaces_key") {
			return rule.Broken(OutageChanged, "")
		}
		if err != nil {
			return wrap("add outage rule", err)
		}
		return wakeOutages(ctx, tx)
	})
}
