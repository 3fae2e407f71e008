package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/par"
)

// frozenOpinion is what a published survey score follows from.
type frozenOpinion struct {
	Criterion string `json:"criterion"`
	Group     string `json:"group"`
	Mean      int64  `json:"mean"` // ten-thousandths of a percent
	Answers   int    `json:"answers"`
}

// freezeStep is how many units' results one statement writes.
const freezeStep = 500

// freezeResults writes the results of all units and groups.
func freezeResults(ctx context.Context, tx *sqlx.Tx, c IndexCampaign, number int, ranking Ranking) error {
	standing, err := standingScores(ctx, tx, c.Code)
	if err != nil {
		return err
	}
	opinions, err := opinionsOf(ctx, tx, c.Code)
	if err != nil {
		return err
	}
	surveys := c.Set.Surveys()
	var frozen []frozenUnit
	for _, unit := range c.leaveWeighed(ranking.Units, standing) {
		one := c.freeze(unit, surveys, opinions[unit.Unit], standing[unit.Document].fields)
		if err := one.adds(); err != nil {
			return err
		}
		frozen = append(frozen, one)
	}
	for start := 0; start < len(frozen); start += freezeStep {
		if err := writeResults(ctx, tx, c.Code, number, frozen[start:min(start+freezeStep, len(frozen))]); err != nil {
			return err
		}
	}
	return writeGroups(ctx, tx, c, number, frozen)
}

// standingScore is what rounds that are over gave a document.
type standingScore struct {
	fields  map[string]par.FieldSum // Most holds the points that left the total
	missing []string                // criteria that they gave nothing
}

// standingScores sums, by document and field, what rounds that are over gave: of a
// criterion that is asked for, what stood when it was.
func standingScores(ctx context.Context, tx *sqlx.Tx, campaign string) (map[string]standingScore, error) {
	const read = `
		select document_id, field, coalesce(sum(points) filter (where not out), 0), coalesce(sum(most) filter (where out), 0),
		       array_agg(criterion) filter (where points is null)
		from (
			select document_id, criterion, field, most, case when asked then stood else final end as points,
			       case when asked then stood_out else final_out end as out
			from index_scores where campaign = $1) s
		group by document_id, field`
	rows, err := tx.QueryxContext(ctx, read, campaign)
	if err != nil {
		return nil, wrap("sum scores by field", err)
	}
	defer func() { _ = rows.Close() }()
	standing := map[string]standingScore{}
	for rows.Next() {
		var document string
		var sum par.FieldSum
		var missing pq.StringArray
		if err := rows.Scan(&document, &sum.Field, &sum.Points, &sum.Most, &missing); err != nil {
			return nil, wrap("sum scores by field", err)
		}
		one := standing[document]
		if one.fields == nil {
			one.fields = map[string]par.FieldSum{}
		}
		one.fields[sum.Field], one.missing = sum, append(one.missing, missing...)
		standing[document] = one
	}
	return standing, wrap("sum scores by field", rows.Err())
}

// leaveWeighed takes what is being weighed from the results of units whose appraisal is
// under way: they keep what rounds that are over gave. They have no rank either way.
func (c IndexCampaign) leaveWeighed(units []RankedUnit, standing map[string]standingScore) []RankedUnit {
	asked, surveys := askedCodes(c.Set), surveyCodes(c.Set)
	var entries []par.Entry
	for _, u := range units {
		if !u.open() {
			continue
		}
		e := par.Entry{Unit: u.Unit, Group: u.Group, Open: true, Surveyed: u.Surveyed, Extras: u.Extras}
		for _, sum := range standing[u.Document].fields {
			e.Appraised += sum.Points
			e.Out += sum.Most
		}
		e.Missing = append(inSetOrder(asked, standing[u.Document].missing), inSetOrder(surveys, u.Missing)...)
		entries = append(entries, e)
	}
	left := map[string]par.Ranked{}
	for _, one := range c.Set.Conclude(entries) {
		left[one.Unit] = one
	}
	units = slices.Clone(units)
	for i, u := range units {
		if one, open := left[u.Unit]; open {
			units[i].Ranked = one
		}
	}
	return units
}

// inSetOrder sorts codes as the set has them; those of others are left out.
func inSetOrder(order []string, codes []string) []string {
	var sorted []string
	for _, code := range order {
		if slices.Contains(codes, code) {
			sorted = append(sorted, code)
		}
	}
	return sorted
}

// frozenUnit is a unit's result with what it follows from.
type frozenUnit struct {
	RankedUnit
	fields   []par.FieldSum
	surveys  map[string]int64 // points by criterion
	opinions []frozenOpinion
}

// adds tells whether the result is what the marks and opinions come to that are frozen
// with it: nothing is published by a sum that has gone wrong.
func (f frozenUnit) adds() error {
	var points par.Points
	for _, sum := range f.fields {
		points += sum.Points
	}
	if points != f.Appraised+f.Surveyed {
		return fmt.Errorf("the result of %s is of %s points, its marks and opinions come to %s", f.Unit, f.Appraised+f.Surveyed, points)
	}
	return nil
}

func (c IndexCampaign) freeze(unit RankedUnit, surveys []par.Criterion, opinions []par.Opinion, appraised map[string]par.FieldSum) frozenUnit {
	f := frozenUnit{RankedUnit: unit, surveys: map[string]int64{}, opinions: []frozenOpinion{}}
	given := map[string]par.Points{}
	for _, one := range surveys {
		if score := one.Surveyed(c.Set, opinions); score.Known {
			f.surveys[one.Code] = int64(score.Points)
			given[one.Field] += score.Points
		}
	}
	for _, field := range c.Set.Fields {
		sum := par.FieldSum{Field: field.Code, Most: par.Sum(c.Set.InField(field.Code))}
		sum.Points = appraised[field.Code].Points + given[field.Code]
		sum.Most -= appraised[field.Code].Most
		f.fields = append(f.fields, sum)
	}
	for _, o := range opinions {
		f.opinions = append(f.opinions, frozenOpinion{Criterion: o.Criterion, Group: o.Group, Mean: o.Mean.TenThousandths(), Answers: o.Answers})
	}
	return f
}

func writeResults(ctx context.Context, tx *sqlx.Tx, campaign string, number int, units []frozenUnit) error {
	const write = `
		insert into published_results (campaign, publication, unit_code, unit_name, name_key, rank_group, document_id, revision, appraised, surveyed,
			out, scaled, bonus_asked, bonus, penalty_asked, penalty, total, class, rank, of_units, shared, missing, open, fields, surveys, opinions, scores, extras)
		select $1, $2, r.unit, u.name, u.name_key, r.rank_group, r.document, r.revision, r.appraised, r.surveyed, r.out, r.scaled,
		       r.bonus_asked, r.bonus, r.penalty_asked, r.penalty, r.total, r.class, nullif(r.rank, 0), r.of_units, r.shared,
		       string_to_array(r.missing, ' '), r.open, r.fields, r.surveys, r.opinions,
		       coalesce((
		           select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('criterion', s.criterion,
		                  'self', s.self, 'self_out', nullif(s.self_out, false),
		                  'first', f.points, 'first_out', nullif(f.out, false), 'first_reason', nullif(f.reason, ''),
		                  'before', b.points, 'before_out', nullif(b.out, false), 'before_reason', nullif(b.reason, ''),
		                  'second', x.points, 'second_out', nullif(x.out, false), 'second_reason', nullif(x.reason, ''))) order by s.place)
		           from index_scores s
		           left join lateral (select m.points, m.out, m.reason from appraisal_marks m
		               where m.document_id = s.document_id and m.criterion = s.criterion and m.round = 1 and (m.id <= s.stood_mark or not s.asked)
		               order by m.id desc limit 1) f on true
		           left join lateral (select m.points, m.out, m.reason from appraisal_marks m
		               where m.document_id = s.document_id and m.criterion = s.criterion and m.round = 2 and m.id <= s.stood_mark
		               order by m.id desc limit 1) b on true
		           left join lateral (select m.points, m.out, m.reason from appraisal_marks m
		               where m.document_id = s.document_id and m.criterion = s.criterion and m.round = 2 and m.id > s.stood_mark and not s.asked
		               order by m.id desc limit 1) x on true
		           where s.document_id = r.document), '[]'),
		       coalesce((
		           select jsonb_agg(jsonb_build_object('kind', e.kind, 'points', e.points, 'reason', e.reason, 'number', e.document_number,
		                  'issued_on', e.issued_on, 'title', e.title) order by e.id)
		           from score_extras e where e.campaign = $1 and e.unit_code = r.unit and e.withdrawn_at is null), '[]')
		from unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[], $11::int[], $12::int[], $13::int[],
		            $14::int[], $15::int[], $16::text[], $17::int[], $18::int[], $19::int[], $20::text[], $21::boolean[], $22::jsonb[], $23::jsonb[], $24::jsonb[])
		     as r (unit, rank_group, document, revision, appraised, surveyed, out, scaled, bonus_asked, bonus, penalty_asked,
		           penalty, total, class, rank, of_units, shared, missing, open, fields, surveys, opinions)
		join units u on u.code = r.unit`
	columns, err := resultColumns(units)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, write, append([]any{campaign, number}, columns...)...)
	if err != nil {
		return wrap("write results of "+campaign, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != int64(len(units)) {
		return errors.Join(err, fmt.Errorf("write results of %s: %d rows for %d units", campaign, n, len(units)))
	}
	return nil
}

// resultColumns are the units' results column by column, as writeResults takes them.
func resultColumns(units []frozenUnit) ([]any, error) {
	n := len(units)
	texts, numbers, documents, open := make([][]string, 5), make([][]int64, 13), make([][]string, 3), make([]bool, n)
	for i := range texts {
		texts[i] = make([]string, n)
	}
	for i := range numbers {
		numbers[i] = make([]int64, n)
	}
	for i := range documents {
		documents[i] = make([]string, n)
	}
	for i, u := range units {
		open[i] = u.Open
		for at, text := range []string{u.Unit, u.Group, u.Document, u.Class, strings.Join(u.Missing, " ")} {
			texts[at][i] = text
		}
		for at, number := range []int64{
			int64(u.Revision), int64(u.Appraised), int64(u.Surveyed), int64(u.Out), int64(u.Scaled), int64(u.Extras.Bonus), int64(u.Bonus),
			int64(u.Extras.Penalty), int64(u.Penalty), int64(u.Total), int64(u.Rank), int64(u.Of), int64(u.Shared),
		} {
			numbers[at][i] = number
		}
		for at, value := range []any{u.fields, u.surveys, u.opinions} {
			raw, err := json.Marshal(value)
			if err != nil {
				return nil, fmt.Errorf("write result of %s: %w", u.Unit, err)
			}
			documents[at][i] = string(raw)
		}
	}
	var columns []any
	for _, text := range texts[:3] {
		columns = append(columns, pq.Array(text))
	}
	for _, number := range numbers[:10] {
		columns = append(columns, pq.Array(number))
	}
	columns = append(columns, pq.Array(texts[3]))
	for _, number := range numbers[10:] {
		columns = append(columns, pq.Array(number))
	}
	columns = append(columns, pq.Array(texts[4]), pq.Array(open))
	for _, document := range documents {
		columns = append(columns, pq.Array(document))
	}
	return columns, nil
}

// writeGroups writes how each group of units stands.
func writeGroups(ctx context.Context, tx *sqlx.Tx, c IndexCampaign, number int, units []frozenUnit) error {
	const write = `
		insert into published_groups (campaign, publication, rank_group, units, ranked, mean_total, fields, classes, name, place)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	for start := 0; start < len(units); {
		end := start + 1
		for end < len(units) && units[end].Group == units[start].Group {
			end++
		}
		var totals []par.Points
		var fields [][]par.FieldSum
		classes := map[string]int{}
		for _, u := range units[start:end] {
			if u.Final() {
				totals, fields = append(totals, u.Total), append(fields, u.fields)
				classes[u.Class]++
			}
		}
		means, err := json.Marshal(c.Set.MeanOfFields(fields))
		if err != nil {
			return fmt.Errorf("write results of a group: %w", err)
		}
		counts, err := json.Marshal(classes)
		if err != nil {
			return fmt.Errorf("write results of a group: %w", err)
		}
		if _, err := tx.ExecContext(ctx, write, c.Code, number, units[start].Group, end-start, len(totals),
			int64(par.MeanTotal(totals)), string(means), string(counts),
			c.Groups.Name(units[start].Group), c.Groups.Place(units[start].Group)); err != nil {
			return wrap("write results of a group", err)
		}
		start = end
	}
	return nil
}
