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
	"github.com/lib/pq"

	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// Codes of what only the database can tell about a series.
const (
	SeriesTaken   rule.Code = "series_code_taken"
	SeriesChanged rule.Code = "series_changed"
)

// SeriesRow is a series with who laid it down.
type SeriesRow struct {
	campaign.Series
	Version   int
	EditedBy  string // name
	EditedAt  time.Time
	EndedAt   *time.Time // nil: it has not ended
	EndedBy   string     // name
	EndReason string
}

type seriesRow struct {
	Code     string         `db:"code"`
	Name     string         `db:"name"`
	Form     string         `db:"form"`
	Kind     period.Kind    `db:"period_kind"`
	Groups   pq.StringArray `db:"groups"`
	Added    pq.StringArray `db:"added"`
	LeftOut  pq.StringArray `db:"left_out"`
	LeadDays int            `db:"lead_days"`
	Active   bool           `db:"active"`
	Since    time.Time      `db:"active_since"`
	Version  int            `db:"version"`
	EditedBy string         `db:"edited_by"`
	EditedAt time.Time      `db:"edited_at"`
	Plans    bool           `db:"plans"`
	EndedAt  *time.Time     `db:"ended_at"`
	EndedBy  string         `db:"ended_by"`
	Reason   string         `db:"end_reason"`
}

func (r seriesRow) series() SeriesRow {
	return SeriesRow{
		Series: campaign.Series{
			Code: r.Code, Name: r.Name, Form: r.Form, Plans: r.Plans, Period: r.Kind, Groups: r.Groups, Added: r.Added,
			LeftOut: r.LeftOut, LeadDays: r.LeadDays, Active: r.Active, Since: r.Since,
		},
		Version: r.Version, EditedBy: r.EditedBy, EditedAt: r.EditedAt, EndedAt: r.EndedAt, EndedBy: r.EndedBy, EndReason: r.Reason,
	}
}

const readSeries = `
	select s.code, s.name, s.form, s.period_kind, s.groups, s.added, s.left_out, s.lead_days, s.active,
	       s.active_since, s.version, p.name as edited_by, s.edited_at, s.kind = 'plan' as plans,
	       s.ended_at, coalesce(e.name, '') as ended_by, s.end_reason
	from series s join persons p on p.id = s.edited_by left join persons e on e.id = s.ended_by`

// AllSeries lists the series, those in force first, those that have ended last.
func (s *Store) AllSeries(ctx context.Context) ([]SeriesRow, error) {
	const list = readSeries + ` order by s.ended_at is not null, not s.active, s.code`
	var rows []seriesRow
	if err := s.db.SelectContext(ctx, &rows, list); err != nil {
		return nil, wrap("list series", err)
	}
	all := make([]SeriesRow, len(rows))
	for i, row := range rows {
		all[i] = row.series()
	}
	return all, nil
}

// Series reads one. ErrNotFound: there is none.
func (s *Store) Series(ctx context.Context, code string) (SeriesRow, error) {
	const read = readSeries + ` where s.code = $1`
	var row seriesRow
	err := s.db.GetContext(ctx, &row, read, code)
	return row.series(), wrap("read series "+code, err)
}

// AddSeries lays a series down. The same key again changes nothing. rule.Errors:
// what Validate says, or SeriesTaken.
func (s *Store) AddSeries(ctx context.Context, key uuid.UUID, by int64, one campaign.Series) error {
	kind, err := s.validSeries(ctx, one)
	if err != nil {
		return err
	}
	const add = `
		insert into series (code, key, name, form, period_kind, groups, added, left_out, lead_days, active,
			active_since, edited_by, edited_at, kind)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp(), $11, clock_timestamp(), $12)
		on conflict (key) do nothing`
	_, err = s.db.ExecContext(ctx, add, one.Code, key, one.Name, one.Form, one.Period, texts(one.Groups),
		texts(one.Added), texts(one.LeftOut), one.LeadDays, one.Active, by, kind)
	if uniqueViolation(err, "series_pkey") {
		return rule.Broken(SeriesTaken, "code")
	}
	return wrap("add series", err)
}

// ChangeSeries changes what the caller has seen at the version; its code stays.
// What comes into force again does so from now on. rule.Errors: what Validate
// says, or SeriesChanged, as also where it has ended.
func (s *Store) ChangeSeries(ctx context.Context, by int64, version int, one campaign.Series) error {
	kind, err := s.validSeries(ctx, one)
	if err != nil {
		return err
	}
	const change = `
		update series set name = $3, form = $4, period_kind = $5, groups = $6, added = $7, left_out = $8, lead_days = $9,
			active_since = case when $10 and not active or period_kind <> $5 then clock_timestamp() else active_since end,
			active = $10, version = version + 1, edited_by = $11, edited_at = clock_timestamp(), kind = $12
		where code = $1 and version = $2 and ended_at is null`
	done, err := s.db.ExecContext(ctx, change, one.Code, version, one.Name, one.Form, one.Period, texts(one.Groups),
		texts(one.Added), texts(one.LeftOut), one.LeadDays, one.Active, by, kind)
	if err != nil {
		return wrap("change series "+one.Code, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(rule.Broken(SeriesChanged, "").Err(), err)
	}
	return nil
}

// texts is a list as the database takes it; no list is an empty one.
func texts(list []string) any { return pq.Array(append([]string{}, list...)) }

// validSeries holds the series against its rules, and tells of what kind its
// campaigns are, which is that of its form.
func (s *Store) validSeries(ctx context.Context, one campaign.Series) (document.Kind, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return "", err
	}
	const look = `
		select coalesce((select content -> 'plan' is not null from form_versions where form = $1 order by version desc limit 1), false)`
	if err := s.db.GetContext(ctx, &one.Plans, look, one.Form); err != nil {
		return "", wrap("read form of series", err)
	}
	kind := document.Report
	if one.Plans {
		kind = document.Plan
	}
	return kind, one.Validate(units).Err()
}

// maxSeriesReason is the longest reason for which a series ends, in letters.
const maxSeriesReason = 1000

// EndSeries has the series propose nothing from now on, for good; what waits to be
// launched is noted as not launched, with the same reason. What it proposed stays on
// record. Ended once more it stays as it is. rule.Errors: SeriesNoReason, or
// SeriesChanged.
func (s *Store) EndSeries(ctx context.Context, code string, version int, by int64, reason string) error {
	const lock = `select version, ended_at is not null as ended from series where code = $1 for no key update`
	const end = `
		update series set active = false, ended_at = clock_timestamp(), ended_by = $2, end_reason = $3, version = version + 1 where code = $1`
	const dismiss = `
		update campaign_proposals set state = 'dismissed', decided_by = $2, decided_at = clock_timestamp(), reason = $3
		where series = $1 and state = 'open'`
	reason = strings.TrimSpace(reason)
	if letters := len([]rune(reason)); letters == 0 || letters > maxSeriesReason {
		return rule.Broken(campaign.SeriesNoReason, "reason", maxSeriesReason)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var now struct {
			Version int  `db:"version"`
			Ended   bool `db:"ended"`
		}
		if err := tx.GetContext(ctx, &now, lock, code); err != nil {
			return wrap("lock series "+code, err)
		}
		switch {
		case now.Ended:
			return nil
		case now.Version != version:
			return rule.Broken(SeriesChanged, "")
		}
		for _, statement := range []string{end, dismiss} {
			if _, err := tx.ExecContext(ctx, statement, code, by, reason); err != nil {
				return wrap("end series "+code, err)
			}
		}
		return nil
	})
}

// SeriesHasProposed tells whether the series has ever proposed a campaign.
func (s *Store) SeriesHasProposed(ctx context.Context, code string) (bool, error) {
	var proposed bool
	err := s.db.GetContext(ctx, &proposed, `select exists (select from campaign_proposals where series = $1)`, code)
	return proposed, wrap("look for proposals of "+code, err)
}

// DeleteSeries takes a series away that has never proposed anything, as if it had not
// been laid down. One that is gone already is success. rule.Errors: SeriesProposed.
func (s *Store) DeleteSeries(ctx context.Context, code string) error {
	const drop = `delete from series s where code = $1 and not exists (select from campaign_proposals where series = s.code)`
	done, err := s.db.ExecContext(ctx, drop, code)
	if foreignViolation(err) {
		return rule.Broken(campaign.SeriesProposed, "") // it proposes at this moment
	}
	if err != nil {
		return wrap("delete series "+code, err)
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return wrap("delete series "+code, err)
	}
	proposed, err := s.SeriesHasProposed(ctx, code)
	if err == nil && proposed {
		err = rule.Broken(campaign.SeriesProposed, "")
	}
	return err
}

// ScheduledSeries is a series with the instants at which it proposes, and
// whether a period is waiting to be proposed since a while.
type ScheduledSeries struct {
	campaign.Series
	Instants []time.Time
	Behind   bool
}

// scheduledAhead is how many instants ahead a schedule knows, and scheduleLate
// how long a schedule may take before it is helped.
const (
	scheduledAhead = 12
	scheduleLate   = time.Minute
)

// SeriesSchedules tells how the schedules should stand now.
func (s *Store) SeriesSchedules(ctx context.Context) ([]ScheduledSeries, error) {
	all, err := s.AllSeries(ctx)
	all = slices.DeleteFunc(all, func(one SeriesRow) bool { return one.EndedAt != nil })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rules, err := s.PeriodRules(ctx)
	if err != nil {
		return nil, err
	}
	days, err := s.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	schedules := make([]ScheduledSeries, len(all))
	for i, one := range all {
		done, err := doneOf(ctx, s.db, one.Series)
		if err != nil {
			return nil, err
		}
		schedules[i] = ScheduledSeries{
			Series:   one.Series,
			Instants: one.Instants(scheduledAhead, now, rules, days),
			Behind:   len(one.Missing(now.Add(-scheduleLate), done, rules, days)) > 0,
		}
	}
	return schedules, nil
}

// doneOf tells of a period's code whether the series has proposed it, or a
// campaign of its form has been launched for it.
func doneOf(ctx context.Context, q sqlx.QueryerContext, one campaign.Series) (func(string) bool, error) {
	const list = `
		select period from campaign_proposals where series = $1
		union select period from campaigns where form = $2`
	var codes []string
	if err := sqlx.SelectContext(ctx, q, &codes, list, one.Code, one.Form); err != nil {
		return nil, fmt.Errorf("read what series %s has proposed: %w", one.Code, err)
	}
	known := make(map[string]bool, len(codes))
	for _, code := range codes {
		known[code] = true
	}
	return func(code string) bool { return known[code] }, nil
}
