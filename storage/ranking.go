package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/staff"
)

// IndexCampaign is a campaign of self-assessments with its set of criteria.
type IndexCampaign struct {
	Campaign
	Set    par.Set
	Groups par.RankGroups // in which its units are ranked
	Now    time.Time      // by which its pages reckon
}

// IndexCampaign reads a campaign of self-assessments in which the scope has a
// document. ErrNotFound: there is none, it lies outside, or it has no criteria.
func (s *Store) IndexCampaign(ctx context.Context, scope staff.Scope, code string) (IndexCampaign, error) {
	campaign, err := s.Campaign(ctx, scope, code)
	if err != nil {
		return IndexCampaign{}, err
	}
	version, err := s.formVersion(ctx, s.db, campaign.Form, campaign.FormVersion)
	if err != nil {
		return IndexCampaign{}, err
	}
	if version.Index == nil {
		return IndexCampaign{}, fmt.Errorf("campaign %s has no criteria: %w", code, ErrNotFound)
	}
	grouping, err := s.RankGrouping(ctx)
	if err != nil {
		return IndexCampaign{}, err
	}
	now, err := s.Now(ctx)
	return IndexCampaign{Campaign: campaign, Set: *version.Index, Groups: grouping.Groups, Now: now}, err
}

// NotHandedIn is where a unit's appraisal stands before its self-assessment was handed in:
// there is none.
const NotHandedIn appraisal.Stage = ""

// RankedUnit is a unit in a ranking.
type RankedUnit struct {
	par.Ranked
	Name     string
	Kind     string // of units
	Document string
	Revision int // the appraised one; 0: none yet
	Stage    appraisal.Stage
	Extras   par.Adjusted // as asked for, before the caps
	Basis    string       // of every mark, opinion, bonus and penalty behind the sums, with their reasons
}

// open tells whether the unit's appraisal is under way.
func (u RankedUnit) open() bool { return u.Stage != NotHandedIn && u.Stage != appraisal.Done }

// Ranking is all units of a campaign as they would be ranked now.
type Ranking struct {
	Units  []RankedUnit // in the order of par.Set.Conclude
	Exempt int          // units that need not assess themselves
	Digest string       // of every number in it
}

// Ranked counts the units with a rank.
func (r Ranking) Ranked() int {
	n := 0
	for _, one := range r.Units {
		if one.Final() {
			n++
		}
	}
	return n
}

// Ranking ranks the campaign's units by what is there at this instant: the sums of marks
// and surveys, which are as old as the marks themselves, bonuses and penalties. It is shared
// with others who ask at the same time; nobody may change it.
// ErrNotFound: a reader of less than the whole city has no part in that.
func (s *Store) Ranking(ctx context.Context, scope staff.Scope, c IndexCampaign) (Ranking, error) {
	if !scope.All {
		return Ranking{}, fmt.Errorf("rank the units of %s: %w", c.Code, ErrNotFound)
	}
	return s.rankings.get(ctx, c.rankingKey(), func(ctx context.Context) (Ranking, error) { return readRanking(ctx, s.db, c) })
}

// rankingKey names the ranking of a campaign by the groups in force.
func (c IndexCampaign) rankingKey() string {
	key := c.Code
	for _, one := range c.Groups {
		key += " " + one.Kind + ":" + one.Code
	}
	return key
}

// readRanking is the one statement and what the rules make of it. Where points of surveys
// have not been reckoned since the opinions changed, those are read as well.
func readRanking(ctx context.Context, q sqlx.QueryerContext, c IndexCampaign) (Ranking, error) {
	// A unit that handed nothing in has no sum of marks, one that nobody was asked about
	// none of opinions.
	const read = `
		select d.id, d.unit_code, u.name, u.unit_group, d.stage = 'exempt' as exempt, coalesce(a.stage, '') as stage, coalesce(a.revision, 0) as revision,
		       coalesce(s.appraised, 0) as appraised, coalesce(s.out, 0) as out, coalesce(s.scored, 0) as scored, s.missing,
		       o.unit_code is not null as surveyed, o.points, o.missing, coalesce(x.bonus, 0) as bonus, coalesce(x.penalty, 0) as penalty,
		       concat_ws(' ', a.newest_mark, s.digest, o.digest, x.ids) as basis
		from documents d
		join units u on u.code = d.unit_code
		left join appraisals a on a.document_id = d.id
		left join index_sums s on s.document_id = d.id and s.campaign = $1
		left join survey_sums o on o.campaign = $1 and o.unit_code = d.unit_code
		left join (
			select unit_code, sum(points) filter (where kind = 'bonus') as bonus, sum(points) filter (where kind = 'penalty') as penalty,
			       string_agg(id::text, ' ' order by id) as ids
			from score_extras where campaign = $1 and withdrawn_at is null group by unit_code) x on x.unit_code = d.unit_code
		where d.campaign = $1`
	rows, err := q.QueryxContext(ctx, read, c.Code)
	if err != nil {
		return Ranking{}, wrap("read scores of "+c.Code, err)
	}
	defer func() { _ = rows.Close() }()
	r := rankingReader{c: c, asked: askedCodes(c.Set), surveys: surveyCodes(c.Set)}
	for rows.Next() {
		if err := r.scan(rows); err != nil {
			return Ranking{}, wrap("read scores of "+c.Code, err)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return Ranking{}, wrap("read scores of "+c.Code, err)
	}
	if err := r.reckonSurveys(ctx, q); err != nil {
		return Ranking{}, err
	}
	return r.ranking(), nil
}

// rankingReader takes a campaign's units row by row.
type rankingReader struct {
	c          IndexCampaign
	asked      []string // criteria that units answer
	surveys    []string // those that others are asked about
	exempt     int
	units      []RankedUnit
	entries    []par.Entry // of units, in the same order
	unreckoned []int       // of units: their opinions are to be read
}

func (r *rankingReader) scan(rows *sqlx.Rows) error {
	var one RankedUnit
	var e par.Entry
	var exempt, surveyed bool
	var scored int
	var points sql.NullInt64
	var unmarked, unanswered pq.StringArray
	if err := rows.Scan(&one.Document, &e.Unit, &one.Name, &one.Kind, &exempt, &one.Stage, &one.Revision, &e.Appraised, &e.Out, &scored, &unmarked,
		&surveyed, &points, &unanswered, &e.Extras.Bonus, &e.Extras.Penalty, &one.Basis); err != nil {
		return err
	}
	if exempt {
		r.exempt++
		return nil
	}
	if e.Missing = unmarked; scored == 0 {
		e.Missing = r.asked[:len(r.asked):len(r.asked)]
	}
	switch {
	case !surveyed:
		e.Missing = append(e.Missing, r.surveys...)
	case !points.Valid:
		r.unreckoned = append(r.unreckoned, len(r.units))
	default:
		e.Surveyed, e.Missing = par.Points(points.Int64), append(e.Missing, unanswered...)
	}
	e.Group, e.Open, one.Extras = r.c.Groups.Of(one.Kind), one.open(), e.Extras
	r.units, r.entries = append(r.units, one), append(r.entries, e)
	return nil
}

// reckonSurveys adds the points of surveys that are not reckoned.
func (r *rankingReader) reckonSurveys(ctx context.Context, q sqlx.QueryerContext) error {
	if len(r.unreckoned) == 0 {
		return nil
	}
	opinions, err := opinionsOf(ctx, q, r.c.Code)
	if err != nil {
		return err
	}
	for _, i := range r.unreckoned {
		e := &r.entries[i]
		points, unanswered := r.c.Set.SumSurveys(opinions[e.Unit])
		e.Surveyed, e.Missing = points, append(e.Missing, unanswered...)
	}
	return nil
}

func (r *rankingReader) ranking() Ranking {
	at := make(map[string]int, len(r.units))
	for i, e := range r.entries {
		at[e.Unit] = i
	}
	ranking := Ranking{Exempt: r.exempt, Units: make([]RankedUnit, 0, len(r.units))}
	for _, ranked := range r.c.Set.Conclude(r.entries) {
		one := r.units[at[ranked.Unit]]
		one.Ranked = ranked
		ranking.Units = append(ranking.Units, one)
	}
	ranking.Digest = digestOf(ranking.Units)
	return ranking
}

// askedCodes are the criteria that units answer, in the set's order.
func askedCodes(set par.Set) []string {
	var codes []string
	for _, c := range set.Criteria {
		if c.Asked() {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// surveyCodes are the criteria that others are asked about, in the set's order.
func surveyCodes(set par.Set) []string {
	var codes []string
	for _, c := range set.Surveys() {
		codes = append(codes, c.Code)
	}
	return codes
}

// digestOf is a hash over what the ranking says of every unit and what that rests on, so
// that a publication is of what was on the screen: also where marks or opinions have changed
// and come to the same sums.
func digestOf(units []RankedUnit) string {
	sum := sha256.New()
	var line []byte
	for _, u := range units {
		line = line[:0]
		for _, text := range []string{u.Unit, u.Name, u.Group, u.Class, string(u.Stage), u.Basis, strings.Join(u.Missing, " ")} {
			line = strconv.AppendQuote(line, text)
		}
		for _, n := range []int64{
			int64(u.Revision), int64(u.Appraised), int64(u.Surveyed), int64(u.Out), int64(u.Scaled), int64(u.Extras.Bonus), int64(u.Bonus),
			int64(u.Extras.Penalty), int64(u.Penalty), int64(u.Total), int64(u.Rank), int64(u.Of), int64(u.Shared),
		} {
			line = append(strconv.AppendInt(line, n, 10), ' ')
		}
		_, _ = sum.Write(strconv.AppendBool(line, u.Open)) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// lockIndex keeps the surveys, bonuses and penalties of a campaign, and its
// publications, from being changed by another transaction.
func lockIndex(ctx context.Context, tx *sqlx.Tx, campaign string) error {
	_, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtextextended('index:' || $1, 0))`, campaign)
	return wrap("lock index of "+campaign, err)
}

// rosterOf are the units of a campaign that are to be ranked, by code.
func rosterOf(ctx context.Context, q sqlx.QueryerContext, campaign string) (map[string]bool, error) {
	const list = `select unit_code from documents where campaign = $1 and stage <> $2`
	var codes []string
	if err := sqlx.SelectContext(ctx, q, &codes, list, campaign, document.Exempted); err != nil {
		return nil, wrap("list units of "+campaign, err)
	}
	roster := make(map[string]bool, len(codes))
	for _, code := range codes {
		roster[code] = true
	}
	return roster, nil
}

// indexOf reads the set of criteria that a campaign pins.
func (s *Store) indexOf(ctx context.Context, q sqlx.QueryerContext, campaign string) (form.Version, error) {
	var code string
	var number int
	const read = `select form, form_version from campaigns where code = $1`
	if err := q.QueryRowxContext(ctx, read, campaign).Scan(&code, &number); err != nil {
		return form.Version{}, wrap("read form of "+campaign, err)
	}
	version, err := s.formVersion(ctx, q, code, number)
	if err == nil && version.Index == nil {
		err = fmt.Errorf("campaign %s has no criteria: %w", campaign, ErrNotFound)
	}
	return version, err
}
