package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// StatusCounts is how many documents have each status; a status without any may
// be missing.
type StatusCounts map[document.Status]int

// Scan reads the JSON object {status: count}; NULL is no documents.
func (c *StatusCounts) Scan(source any) error {
	*c = StatusCounts{}
	if source == nil {
		return nil
	}
	text, ok := source.([]byte)
	if !ok {
		return fmt.Errorf("scan counts: cannot read %T", source)
	}
	return json.Unmarshal(text, c)
}

// Sum is the number of documents counted.
func (c StatusCounts) Sum() int {
	sum := 0
	for _, n := range c {
		sum += n
	}
	return sum
}

// CampaignLine is a campaign in the list, counted over the reader's scope.
type CampaignLine struct {
	Code       string        `db:"code"`
	Kind       document.Kind `db:"kind"`
	Name       string        `db:"name"`
	Period     string        `db:"period"`
	WindowFrom calendar.Day  `db:"window_from"`
	WindowTo   calendar.Day  `db:"window_to"`
	DueAt      time.Time     `db:"due_at"`
	LaunchedAt time.Time     `db:"launched_at"`
	StartedAt  *time.Time    `db:"started_at"` // nil: workflows are still being started
	Counts     StatusCounts  `db:"counts"`
	Overdue    int           `db:"overdue"`
	Total      int           `db:"total"` // campaigns that fit the filter
}

// CampaignState narrows the list by whether anybody is still waited for.
type CampaignState string

// The states of the filter.
const (
	CampaignOpen   CampaignState = "open"   // some document is open
	CampaignClosed CampaignState = "closed" // all are done
)

// CampaignPage is how many campaigns a page of the list has.
const CampaignPage = 20

// CampaignFilter narrows and pages the list. The zero value of a field does not
// narrow; Page counts from 1.
type CampaignFilter struct {
	Query string // name, without diacritics too
	Year  string // of the period, "2026"
	State CampaignState
	Page  int
}

// Campaigns lists the campaigns in which the reader's scope has documents, newest
// first, in one statement. Only the documents of the page's campaigns are counted.
func (s *Store) Campaigns(ctx context.Context, scope staff.Scope, f CampaignFilter) ([]CampaignLine, error) {
	concerns := within(scope, 1)
	if !scope.All {
		concerns = `exists (select from documents d where d.campaign = c.code and ` + concerns + `)`
	}
	list := `
		with page as (
			select c.*, count(*) over () as total
			from campaigns c
			where ` + concerns + `
			  and ($2 = '' or c.code = any($3)) and ($4 = '' or coalesce(nullif(left(c.period, 4), ''), to_char(c.window_to, 'YYYY')) = $4)
			  and ($5 = '' or ($5 = 'open') = exists (
				select from documents d where d.campaign = c.code and not d.closed and ` + within(scope, 1) + `))
			order by c.launched_at desc, c.code
			limit $6 offset $7
		)
		select c.code, c.kind, c.name, c.period, c.window_from, c.window_to, c.due_at,
		       c.launched_at, c.started_at, m.counts, m.overdue, c.total
		from page c, lateral (
			select jsonb_object_agg(status, n) as counts, sum(overdue)::int as overdue from (
				select d.status, sum(d.n) as n, sum(d.overdue) as overdue
				from (` + tallied(scope, `statement_timestamp()`, 1) + `) d
				group by d.status having sum(d.n) <> 0) counted) m
		order by c.launched_at desc, c.code`
	named, err := s.campaignsNamed(ctx, f.Query)
	if err != nil {
		return nil, err
	}
	var lines []CampaignLine
	err = s.db.SelectContext(ctx, &lines, list, scopeUnits(scope), Fold(f.Query),
		pq.Array(named), f.Year, f.State, CampaignPage, (max(f.Page, 1)-1)*CampaignPage)
	return lines, wrap("list campaigns", err)
}

// Campaign is everything that was laid down at the launch.
type Campaign struct {
	Code          string        `db:"code"`
	Kind          document.Kind `db:"kind"`
	Name          string        `db:"name"`
	Form          string        `db:"form"`
	FormVersion   int           `db:"form_version"`
	FormTitle     string        `db:"form_title"`
	Period        string        `db:"period"`
	WindowFrom    calendar.Day  `db:"window_from"`
	WindowTo      calendar.Day  `db:"window_to"`
	period.Due                  // as set at the launch
	DueAt         time.Time     `db:"due_at"`
	Ladder        period.Ladder `db:"-"`
	RawLadder     []byte        `db:"ladder"`
	ConfirmDays   int           `db:"confirm_days"`
	ResubmitDays  int           `db:"resubmit_days"`
	Guidance      string        `db:"guidance"`
	LaunchedBy    string        `db:"launched_by"` // name
	LaunchedAt    time.Time     `db:"launched_at"`
	StartedAt     *time.Time    `db:"started_at"`
	StartedSoFar  int           `db:"started_so_far"` // while StartedAt is nil: documents whose workflow has been heard of
	RosterOverall int           `db:"roster"`         // of the whole city, not of a scope
	CityUnit      string        `db:"city_unit"`      // whose plan is the city's own; empty: none is
}

// Campaign reads one campaign in which the scope has a document. ErrNotFound:
// there is none, or it lies outside.
func (s *Store) Campaign(ctx context.Context, scope staff.Scope, code string) (Campaign, error) {
	const read = `
		select c.code, c.kind, c.name, c.form, c.form_version, f.title as form_title, c.period,
		       c.window_from, c.window_to, c.due_day, c.due_inclusive, c.due_cutoff, c.due_shift,
		       c.due_at, c.ladder, c.confirm_days, c.resubmit_days, c.guidance, p.name as launched_by,
		       c.launched_at, c.started_at, coalesce(c.city_unit, '') as city_unit,
		       (select count(*) from documents d where d.campaign = c.code) as roster,
		       case when c.started_at is null then (
		           select count(*) from documents d where d.campaign = c.code and d.run_id <> '') else 0 end as started_so_far
		from campaigns c
		join form_versions f on f.form = c.form and f.version = c.form_version
		join persons p on p.id = c.launched_by
		where c.code = $1 and ($2 or exists (
			select from documents d where d.campaign = c.code and d.unit_code = any($3)))`
	var c Campaign
	if err := s.db.GetContext(ctx, &c, read, code, scope.All, pq.Array(scope.Units)); err != nil {
		return c, wrap("read campaign "+code, err)
	}
	if err := json.Unmarshal(c.RawLadder, &c.Ladder); err != nil {
		return c, fmt.Errorf("read ladder of campaign %s: %w", code, err)
	}
	return c, nil
}

// LaunchedCampaign names a campaign by what a new one must not repeat.
type LaunchedCampaign struct {
	Code   string `db:"code"`
	Form   string `db:"form"`
	Period string `db:"period"`
}

// LaunchedCampaigns lists all campaigns, newest first: from them the next period
// and a free code are suggested.
func (s *Store) LaunchedCampaigns(ctx context.Context) ([]LaunchedCampaign, error) {
	const list = `select code, form, period from campaigns order by launched_at desc, code`
	var all []LaunchedCampaign
	err := s.db.SelectContext(ctx, &all, list)
	return all, wrap("list launched campaigns", err)
}

// Staffing reads who could be told at each desk of every unit now: whoever a
// notice would be written for.
func (s *Store) Staffing(ctx context.Context) (campaign.Staffing, error) {
	const list = `
		select p.unit_code, p.role, p.person_id
		from positions p join persons q on q.id = p.person_id
		where ` + inForce + ` and (q.state = 'active' or (q.state = 'invited' and q.mail <> ''))
		group by 1, 2, 3 order by 1, 2, 3`
	var rows []struct {
		staff.Position
		Person int64 `db:"person_id"`
	}
	if err := s.db.SelectContext(ctx, &rows, list); err != nil {
		return nil, wrap("read who holds which desk", err)
	}
	held := campaign.Staffing{}
	for _, row := range rows {
		held[row.Position] = append(held[row.Position], row.Person)
	}
	return held, nil
}

// RosterUnits lists the codes of the units that have a document in the campaign.
func (s *Store) RosterUnits(ctx context.Context, code string) ([]string, error) {
	const list = `select unit_code from documents where campaign = $1 order by unit_code`
	var units []string
	err := s.db.SelectContext(ctx, &units, list, code)
	return units, wrap("list units of campaign "+code, err)
}
