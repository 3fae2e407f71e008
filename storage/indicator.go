package storage

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/staff"
)

// SeriesQuery asks for one indicator over all periods. Unit, or else Group, narrows
// it; neither is all that the scope reads.
type SeriesQuery struct {
	Form      string
	Indicator string // a code of the version
	Version   int    // 0: the newest
	Unit      string
	Group     string // kind of units
	Length    string // letter of the period's kind ("q"); empty: that of the newest campaign
}

// Series is one indicator over the campaigns of its form, oldest first, followed
// through all versions (QĐ 1439 Đ10.2). Only confirmed documents count.
type Series struct {
	History   FormHistory
	Version   form.Version // in which the indicator was chosen
	Indicator form.Indicator
	Length    string
	Lengths   []string // the kinds of periods that the form was launched for
	Points    []SeriesPoint
	Now       time.Time
}

// SeriesPoint is one campaign of a series.
type SeriesPoint struct {
	Campaign string       `db:"code"`
	Name     string       `db:"name"`
	Period   string       `db:"period"`
	WindowTo calendar.Day `db:"window_to"`
	Number   int          `db:"form_version"`

	Place    form.Place
	Breaks   bool // at this campaign the form's version has changed what is measured
	Reckoned form.Reckoned
	Units    int // in the roster
	Asked    int // units that have to report
	Reported int // of them, confirmed
	Open     int // of them, still under way

	Document string          // of the only unit; empty: it was not in the roster
	Status   document.Status // its state
}

// IndicatorSeries reads a series. What it costs grows with the campaigns and the
// terms of a ratio, not with the units: sums are stored. ErrNotFound: the form, the
// version or the indicator does not exist, or the scope does not cover the unit.
func (s *Store) IndicatorSeries(ctx context.Context, scope staff.Scope, q SeriesQuery) (Series, error) {
	series := Series{Length: q.Length}
	if q.Unit != "" && !scope.Covers(q.Unit) {
		return series, fmt.Errorf("read series of unit %s: %w", q.Unit, ErrNotFound)
	}
	var err error
	if series.History, err = s.FormHistory(ctx, q.Form); err != nil {
		return series, err
	}
	if err := series.choose(q); err != nil {
		return series, err
	}
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return series, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	if err := series.readPoints(ctx, tx, scope, q.Form); err != nil {
		return series, err
	}
	series.follow()
	if scope.All && q.Unit == "" {
		err = series.readSums(ctx, tx, q.Group)
	} else {
		err = series.readUnits(ctx, tx, scope, q)
	}
	return series, err
}

// choose finds the version and its indicator.
func (s *Series) choose(q SeriesQuery) error {
	versions := s.History.Versions
	s.Version = versions[len(versions)-1]
	for _, one := range versions {
		if one.Number == q.Version {
			s.Version = one
		}
	}
	indicator, known := s.Version.Indicator(q.Indicator)
	if !known {
		return fmt.Errorf("read series of %s %s: %w", q.Form, q.Indicator, ErrNotFound)
	}
	s.Indicator = indicator
	return nil
}

// readPoints lists the campaigns of the wanted kind of period, in one statement with
// the clock and with what tells which kinds there are: on a page whose sums are stored,
// ways to the database are most of the cost. Ad hoc campaigns have no period and no
// place in a series.
func (s *Series) readPoints(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string) error {
	const list = `
		select c.code, c.name, c.period, c.window_to, c.form_version, c.launched_at, clock_timestamp() as now
		from campaigns c where c.form = $3 and c.period <> '' and ` + inScope + `
		order by c.period, c.launched_at, c.code`
	var rows []struct {
		SeriesPoint
		LaunchedAt time.Time `db:"launched_at"`
		Now        time.Time `db:"now"`
	}
	if err := tx.SelectContext(ctx, &rows, list, scope.All, pq.Array(scope.Units), code); err != nil {
		return wrap("list campaigns of form "+code, err)
	}
	if len(rows) == 0 {
		return wrap("read clock", tx.GetContext(ctx, &s.Now, `select clock_timestamp()`))
	}
	s.Now = rows[0].Now
	newest := map[string]time.Time{}
	for _, row := range rows {
		if length := lengthOf(row.Period); row.LaunchedAt.After(newest[length]) {
			newest[length] = row.LaunchedAt
		}
	}
	s.Lengths = slices.SortedFunc(maps.Keys(newest), func(a, b string) int {
		return cmp.Or(newest[b].Compare(newest[a]), strings.Compare(a, b))
	})
	if !slices.Contains(s.Lengths, s.Length) {
		s.Length = s.Lengths[0]
	}
	for _, row := range rows {
		if lengthOf(row.Period) == s.Length {
			s.Points = append(s.Points, row.SeriesPoint)
		}
	}
	return nil
}

// follow finds the indicator's place in the version of each campaign. A break is
// shown at the first campaign after it.
func (s *Series) follow() {
	places := form.Lineage(s.History.Mappings, s.Version.Number, s.Indicator.Code)
	shown := 0
	for i := range s.Points {
		point := &s.Points[i]
		point.Place = places[point.Number]
		if i > 0 {
			for number := shown + 1; number <= point.Number; number++ {
				point.Breaks = point.Breaks || places[number].Break
			}
		}
		shown = max(shown, point.Number)
	}
}

// version is the form as the point's campaign has it.
func (s *Series) version(number int) form.Version {
	at := slices.IndexFunc(s.History.Versions, func(v form.Version) bool { return v.Number == number })
	return s.History.Versions[max(at, 0)]
}

// parts are the codes of which sums are needed, in whichever version.
func (s *Series) parts() []string {
	var codes []string
	for _, point := range s.Points {
		codes = append(codes, s.version(point.Number).Parts(point.Place.Code)...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// reckon fills the points from sums by campaign and code.
func (s *Series) reckon(sums map[string]map[string]form.Decimal) {
	for i := range s.Points {
		point := &s.Points[i]
		point.Reckoned = s.version(point.Number).Reckon(point.Place.Code, point.WindowTo, sums[point.Campaign])
	}
}

func (s *Series) campaigns() []string {
	codes := make([]string, len(s.Points))
	for i, point := range s.Points {
		codes[i] = point.Campaign
	}
	return codes
}

// sumsOf are stored sums with what is outstanding; group ” is all kinds of units.
const sumsOf = `
	select campaign, indicator, sum(total)::text as total from (
		select campaign, indicator, total from indicator_sums
		where indicator = any($2) and campaign = any($1) and ($3 = '' or unit_group = $3)
		union all
		select x.campaign, f.indicator, x.times * f.value
		from sum_changes x join revisions r on r.document_id = x.document_id and r.revision = x.revision, lateral ` + someFigures + ` f
		where x.campaign = any($1) and ($3 = '' or x.unit_group = $3)) s
	group by 1, 2`

// countsOf tells how many units each campaign has, how many of them have to report,
// and have been confirmed: what is closed is tallied, what is open is counted.
const countsOf = `
	select campaign, sum(units) as units, coalesce(sum(asked), 0) as asked, coalesce(sum(reported), 0) as reported, sum(open) as open from (
		select campaign, sum(n) as units, sum(n) filter (where status <> 'exempt') as asked, sum(n) filter (where status = 'approved') as reported, 0 as open
		from document_tallies where campaign = any($1) and ($2 = '' or unit_group = $2) group by 1
		union all
		select d.campaign, count(*), count(*), 0, count(*) from unnest($1::text[]) c(code), lateral (
			select campaign from documents where campaign = c.code and not closed and ($2 = '' or unit_group = $2) offset 0) d
		group by 1) n
	group by 1`

func (s *Series) readSums(ctx context.Context, tx *sqlx.Tx, group string) error {
	var totals []campaignTotal
	if err := tx.SelectContext(ctx, &totals, sumsOf, pq.Array(s.campaigns()), pq.Array(s.parts()), group); err != nil {
		return wrap("read sums", err)
	}
	sums, err := byCampaign(totals)
	if err != nil {
		return err
	}
	var counts []struct {
		Campaign string `db:"campaign"`
		Units    int    `db:"units"`
		Asked    int    `db:"asked"`
		Reported int    `db:"reported"`
		Open     int    `db:"open"`
	}
	if err := tx.SelectContext(ctx, &counts, countsOf, pq.Array(s.campaigns()), group); err != nil {
		return wrap("read counts", err)
	}
	for _, count := range counts {
		for i := range s.Points {
			if point := &s.Points[i]; point.Campaign == count.Campaign {
				point.Units, point.Asked, point.Reported, point.Open = count.Units, count.Asked, count.Reported, count.Open
			}
		}
	}
	for campaign := range sums { // sums that have gone back to nothing are nothing
		if !s.reported(campaign) {
			delete(sums, campaign)
		}
	}
	s.reckon(sums)
	return nil
}

func (s *Series) reported(campaign string) bool {
	return slices.ContainsFunc(s.Points, func(p SeriesPoint) bool { return p.Campaign == campaign && p.Reported > 0 })
}

// campaignTotal is a sum of one figure; the text is a decimal.
type campaignTotal struct {
	Campaign  string `db:"campaign"`
	Indicator string `db:"indicator"`
	Total     string `db:"total"`
}

func byCampaign(totals []campaignTotal) (map[string]map[string]form.Decimal, error) {
	sums := map[string]map[string]form.Decimal{}
	for _, one := range totals {
		var total form.Decimal
		if err := total.Scan(one.Total); err != nil {
			return nil, fmt.Errorf("read sum of %s in %s: %w", one.Indicator, one.Campaign, err)
		}
		if sums[one.Campaign] == nil {
			sums[one.Campaign] = map[string]form.Decimal{}
		}
		sums[one.Campaign][one.Indicator] = total
	}
	return sums, nil
}

// readUnits sums up the documents of one unit, or of the few that the scope covers.
func (s *Series) readUnits(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, q SeriesQuery) error {
	const list = `
		select campaign, id, status from documents
		where unit_code = any($1) and campaign = any($2) and ($3 = '' or unit_group = $3)`
	const figures = `
		select d.campaign, f.indicator, sum(f.value)::text as total
		from documents d join revisions r on r.document_id = d.id and r.revision = d.revision, lateral ` + someFigures + ` f
		where d.unit_code = any($1) and d.campaign = any($3) and d.stage = 'approved' and ($4 = '' or d.unit_group = $4)
		group by 1, 2`
	units := scope.Units
	if q.Unit != "" {
		units = []string{q.Unit}
	}
	var documents []struct {
		Campaign string          `db:"campaign"`
		ID       string          `db:"id"`
		Status   document.Status `db:"status"`
	}
	if err := tx.SelectContext(ctx, &documents, list, pq.Array(units), pq.Array(s.campaigns()), q.Group); err != nil {
		return wrap("list documents of units", err)
	}
	for _, one := range documents {
		for i := range s.Points {
			point := &s.Points[i]
			if point.Campaign != one.Campaign {
				continue
			}
			point.Document, point.Status = one.ID, one.Status
			point.Units++
			if one.Status != document.IsExempt {
				point.Asked++
			}
			switch one.Status {
			case document.IsApproved:
				point.Reported++
			case document.IsExempt, document.IsHandedIn:
			default:
				point.Open++
			}
		}
	}
	var totals []campaignTotal
	if err := tx.SelectContext(ctx, &totals, figures, pq.Array(units), pq.Array(s.parts()), pq.Array(s.campaigns()), q.Group); err != nil {
		return wrap("read figures of units", err)
	}
	sums, err := byCampaign(totals)
	if err != nil {
		return err
	}
	s.reckon(sums)
	return nil
}

// Contribution is what one unit gave for one campaign, or why it gave nothing.
type Contribution struct {
	Unit     string          `db:"unit_code"`
	Name     string          `db:"name"`
	Group    string          `db:"unit_group"`
	Document string          `db:"id"`
	Status   document.Status `db:"status"`
	Reckoned form.Reckoned
}

// Counts tells whether the unit's figures are in the sum.
func (c Contribution) Counts() bool { return c.Status == document.IsApproved }

// ContributionQuery asks for the units behind one point of a series.
type ContributionQuery struct {
	Campaign  string
	Indicator string // code in the campaign's version
	Group     string
	Missing   bool // only those whose figures are not in the sum
	Page      int  // from 1
}

// ContributionPage is how many units a page has.
const ContributionPage = 100

// Contributions are the units of a campaign with what each gave, by name.
type Contributions struct {
	Campaign  SeriesPoint
	Form      string
	Version   form.Version
	Indicator form.Indicator
	Whole     SeriesPoint // the sum that the rows make
	Total     int         // units that fit the filter
	Rows      []Contribution
}

// Contributions reads them, all as of one instant. ErrNotFound: no such campaign in the
// scope, or its form has no such indicator.
func (s *Store) Contributions(ctx context.Context, scope staff.Scope, q ContributionQuery) (Contributions, error) {
	var found Contributions
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return found, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	const campaign = `
		select c.code, c.name, c.period, c.window_to, c.form_version, c.form from campaigns c
		where c.code = $3 and ` + inScope
	var c struct {
		SeriesPoint
		Form string `db:"form"`
	}
	if err := tx.GetContext(ctx, &c, campaign, scope.All, pq.Array(scope.Units), q.Campaign); err != nil {
		return found, wrap("read campaign "+q.Campaign, err)
	}
	found.Campaign, found.Form = c.SeriesPoint, c.Form
	if found.Version, err = s.formVersion(ctx, tx, c.Form, c.Number); err != nil {
		return found, err
	}
	indicator, known := found.Version.Indicator(q.Indicator)
	if !known {
		return found, fmt.Errorf("read contributions to %s: %w", q.Indicator, ErrNotFound)
	}
	found.Indicator = indicator
	for _, part := range []func(context.Context, *sqlx.Tx, staff.Scope, ContributionQuery) error{found.readWhole, found.readRows, found.addFigures} {
		if err := part(ctx, tx, scope, q); err != nil {
			return found, err
		}
	}
	return found, nil
}

// readWhole reads the sum as a series of this campaign alone; it counts the units too.
func (c *Contributions) readWhole(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, q ContributionQuery) error {
	point := c.Campaign
	point.Place = form.Place{Code: q.Indicator}
	series := Series{History: FormHistory{Versions: []form.Version{c.Version}}, Points: []SeriesPoint{point}}
	read := func() error { return series.readUnits(ctx, tx, scope, SeriesQuery{Group: q.Group}) }
	if scope.All {
		read = func() error { return series.readSums(ctx, tx, q.Group) }
	}
	err := read()
	c.Whole = series.Points[0]
	if c.Total = c.Whole.Units; q.Missing {
		c.Total -= c.Whole.Reported
	}
	return err
}

// readRows reads the units of the page: in order, each one's document looked up, until
// the page is full. To sort all names costs more than all the rest.
func (c *Contributions) readRows(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, q ContributionQuery) error {
	const list = `
		select u.code as unit_code, u.name, d.unit_group, d.id, d.status
		from (select code, name from units where $1 or code = any($2) order by name collate "vi-x-icu", code) u cross join lateral (
			select unit_group, id, status from documents
			where campaign = $3 and unit_code = u.code and ($4 = '' or unit_group = $4) and (not $5 or status <> 'approved') offset 0) d
		order by u.name collate "vi-x-icu", u.code limit $6 offset $7`
	err := tx.SelectContext(ctx, &c.Rows, list, scope.All, pq.Array(scope.Units), q.Campaign, q.Group, q.Missing,
		ContributionPage, (max(q.Page, 1)-1)*ContributionPage)
	return wrap("list contributions", err)
}

func lengthOf(period string) string {
	if len(period) < 5 {
		return ""
	}
	return period[4:5]
}

// addFigures puts the figures of confirmed documents at their rows.
func (c *Contributions) addFigures(ctx context.Context, tx *sqlx.Tx, _ staff.Scope, _ ContributionQuery) error {
	const figures = `
		select d.id as campaign, f.indicator, f.value::text as total
		from documents d join revisions r on r.document_id = d.id and r.revision = d.revision, lateral ` + someFigures + ` f
		where d.id = any($1) and d.stage = 'approved'`
	ids := make([]string, len(c.Rows))
	for i, row := range c.Rows {
		ids[i] = row.Document
	}
	var totals []campaignTotal
	if err := tx.SelectContext(ctx, &totals, figures, pq.Array(ids), pq.Array(c.Version.Parts(c.Indicator.Code))); err != nil {
		return wrap("read contributions", err)
	}
	sums, err := byCampaign(totals)
	if err != nil {
		return err
	}
	for i := range c.Rows {
		c.Rows[i].Reckoned = c.Version.Reckon(c.Indicator.Code, c.Campaign.WindowTo, sums[c.Rows[i].Document])
	}
	return nil
}

// ComparableForms are the forms with figures that the scope has campaigns of, the
// most recently used first.
func (s *Store) ComparableForms(ctx context.Context, scope staff.Scope) ([]PublishedForm, error) {
	const list = `
		select v.form, v.version, v.title from (
			select c.form, max(c.launched_at) as used from campaigns c where c.period <> '' and ` + inScope + ` group by c.form) f
		join lateral (
			select form, version, title, content from form_versions where form = f.form order by version desc limit 1) v on true
		where jsonb_array_length(coalesce(nullif(v.content -> 'indicators', 'null'), '[]')) > 0
		order by f.used desc, v.form`
	var forms []PublishedForm
	err := s.db.SelectContext(ctx, &forms, list, scope.All, pq.Array(scope.Units))
	return forms, wrap("list forms to compare", err)
}
