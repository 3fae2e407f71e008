package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/decimal"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/staff"
)

// IndexCampaign is a campaign of self-assessments with its set of criteria.
type IndexCampaign struct {
	Campaign
	Set par.Set
	Now time.Time // by which its pages reckon
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
	now, err := s.Now(ctx)
	return IndexCampaign{Campaign: campaign, Set: *version.Index, Now: now}, err
}

// AppraisalStage is how far the appraisal of a unit has come, for whoever ranks.
type AppraisalStage string

// NotHandedIn is a unit whose self-assessment has not been handed in; the other stages
// are those of the appraisal.
const NotHandedIn AppraisalStage = ""

// AppraisalDone is the stage of an appraisal that has given every criterion its points.
const AppraisalDone AppraisalStage = "done"

// open tells whether an appraisal is under way.
func (s AppraisalStage) open() bool { return s != NotHandedIn && s != AppraisalDone }

// RankedUnit is a unit in a ranking.
type RankedUnit struct {
	par.Ranked
	Name     string
	Kind     string // of units
	Document string
	Revision int // the appraised one; 0: none yet
	Stage    AppraisalStage
	Opinions []par.Opinion
	Extras   par.Adjusted // as asked for, before the caps
}

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

// Ranking ranks the campaign's units by what is there at this instant: the marks of the
// appraisal, the surveys, bonuses and penalties, all read by one statement.
// ErrNotFound: a reader of less than the whole city has no part in that.
func (s *Store) Ranking(ctx context.Context, scope staff.Scope, c IndexCampaign) (Ranking, error) {
	if !scope.All {
		return Ranking{}, fmt.Errorf("rank the units of %s: %w", c.Code, ErrNotFound)
	}
	return readRanking(ctx, s.db, c)
}

// readRanking is the one statement and what the rules make of it.
func readRanking(ctx context.Context, q sqlx.QueryerContext, c IndexCampaign) (Ranking, error) {
	// A criterion that others are asked about has no row among the scores; a unit that
	// handed nothing in has none at all.
	const read = `
		select d.id, d.unit_code, u.name, u.unit_group, coalesce(g.rank_group, u.unit_group) as rank_group, d.stage = 'exempt' as exempt,
		       coalesce(a.stage, '') as stage, coalesce(a.revision, 0) as revision,
		       coalesce(s.appraised, 0) as appraised, coalesce(s.out, 0) as out, coalesce(s.scored, 0) as scored, s.missing,
		       coalesce(o.opinions, '') as opinions, coalesce(x.bonus, 0) as bonus, coalesce(x.penalty, 0) as penalty
		from documents d
		join units u on u.code = d.unit_code
		left join rank_groups g on g.unit_group = u.unit_group
		left join appraisals a on a.document_id = d.id
		left join (
			select document_id, sum(final) filter (where not final_out) as appraised, sum(most) filter (where final_out) as out,
			       count(*) as scored, array_agg(criterion) filter (where final is null) as missing
			from index_scores where campaign = $1 group by document_id) s on s.document_id = d.id
		left join (
			select unit_code, string_agg(concat_ws(' ', criterion, respondents, mean, answers), ';') as opinions
			from survey_opinions where campaign = $1 group by unit_code) o on o.unit_code = d.unit_code
		left join (
			select unit_code, sum(points) filter (where kind = 'bonus') as bonus, sum(points) filter (where kind = 'penalty') as penalty
			from score_extras where campaign = $1 and withdrawn_at is null group by unit_code) x on x.unit_code = d.unit_code
		where d.campaign = $1`
	rows, err := q.QueryxContext(ctx, read, c.Code)
	if err != nil {
		return Ranking{}, wrap("read scores of "+c.Code, err)
	}
	defer func() { _ = rows.Close() }()
	var ranking Ranking
	var entries []par.Entry
	units := map[string]RankedUnit{}
	asked := askedCodes(c.Set)
	for rows.Next() {
		var one RankedUnit
		var e par.Entry
		var exempt bool
		var scored int
		var missing pq.StringArray
		var opinions string
		if err := rows.Scan(&one.Document, &e.Unit, &one.Name, &one.Kind, &e.Group, &exempt, &one.Stage, &one.Revision,
			&e.Appraised, &e.Out, &scored, &missing, &opinions, &e.Extras.Bonus, &e.Extras.Penalty); err != nil {
			return Ranking{}, wrap("read scores of "+c.Code, err)
		}
		if exempt {
			ranking.Exempt++
			continue
		}
		if e.Missing = inSetOrder(asked, missing); scored == 0 {
			e.Missing = asked
		}
		if e.Opinions, err = parseOpinions(opinions); err != nil {
			return Ranking{}, fmt.Errorf("read opinions on %s: %w", e.Unit, err)
		}
		e.Open = one.Stage.open()
		one.Opinions, one.Extras = e.Opinions, e.Extras
		units[e.Unit] = one
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return Ranking{}, wrap("read scores of "+c.Code, err)
	}
	for _, ranked := range c.Set.Conclude(entries) {
		one := units[ranked.Unit]
		one.Ranked = ranked
		ranking.Units = append(ranking.Units, one)
	}
	ranking.Digest = digestOf(ranking.Units)
	return ranking, nil
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

// inSetOrder sorts codes as the set has them.
func inSetOrder(order []string, codes []string) []string {
	if len(codes) == 0 {
		return nil
	}
	var sorted []string
	for _, code := range order {
		if slices.Contains(codes, code) {
			sorted = append(sorted, code)
		}
	}
	return sorted
}

// parseOpinions reads the rows as readRanking's statement writes them.
func parseOpinions(text string) ([]par.Opinion, error) {
	if text == "" {
		return nil, nil
	}
	opinions := make([]par.Opinion, 0, strings.Count(text, ";")+1)
	for row := range strings.SplitSeq(text, ";") {
		parts := strings.Split(row, " ")
		if len(parts) != 4 {
			return nil, fmt.Errorf("opinion %q", row)
		}
		mean, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("opinion %q: %w", row, err)
		}
		answers, err := strconv.Atoi(parts[3])
		if err != nil {
			return nil, fmt.Errorf("opinion %q: %w", row, err)
		}
		opinions = append(opinions, par.Opinion{
			Criterion: parts[0], Group: parts[1], Mean: decimal.OfTenThousandths(mean), Answers: answers,
		})
	}
	return opinions, nil
}

// digestOf is a hash over what the ranking says of every unit, so that a publication is
// of what was on the screen.
func digestOf(units []RankedUnit) string {
	sum := sha256.New()
	for _, u := range units {
		_, _ = fmt.Fprintln(sum, u.Unit, u.Group, u.Revision, int64(u.Appraised), int64(u.Surveyed), int64(u.Out), int64(u.Scaled), // a hash takes everything
			int64(u.Extras.Bonus), int64(u.Bonus), int64(u.Extras.Penalty), int64(u.Penalty), int64(u.Total), u.Class, u.Rank, u.Of, u.Shared, u.Missing)
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
