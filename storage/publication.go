package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of why a result is not published.
const (
	PublishMovedOn  rule.Code = "publish_moved_on" // the result is another by now
	PublishUnranked rule.Code = "publish_unranked" // args: units without a rank, which nobody has agreed to
	PublishNobody   rule.Code = "publish_nobody"   // no unit has a rank
)

// NewPublication is a result that an officer publishes, as it was on the screen.
type NewPublication struct {
	Key      uuid.UUID
	Campaign string
	Digest   string // of the ranking on the screen
	Unranked bool   // units without a rank are named so, knowingly
	par.Announcement
	FileName string // of the decision; "": none was chosen
	FileData io.Reader
	Actor    staff.Actor
	Audit    Audit // who and from where; what is said here
}

// Publish freezes the ranking with every number that it follows from, and returns the
// number of the publication. The same key again returns the one it made. rule.Errors: at
// its fields what is wrong with the announcement; at no field PublishMovedOn. Published
// results are never changed; the next one is a correction.
func (s *Store) Publish(ctx context.Context, n NewPublication) (int, error) {
	n.Number, n.Title, n.Reason = CleanLine(n.Number), CleanText(n.Title), CleanText(n.Reason)
	c, err := s.IndexCampaign(ctx, staff.Scope{All: true}, n.Campaign)
	if err != nil {
		return 0, err
	}
	if number, err := publicationUnder(ctx, s.db, n.Key); number > 0 || err != nil {
		return number, err
	}
	latest, err := latestPublication(ctx, s.db, n.Campaign)
	if err != nil {
		return 0, err
	}
	n.FileName = cleanName(n.FileName)
	n.File = n.FileName != ""
	if broken := par.CheckAnnouncement(n.Announcement, latest > 0, calendar.DayOf(c.Now)); broken != nil {
		return 0, broken
	}
	file, err := s.keepUpload(ctx, n.FileName, n.FileData)
	if err != nil {
		return 0, err
	}
	var number int
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		number, err = s.publish(ctx, tx, n, c, file, latest)
		return err
	})
	return number, err
}

func (s *Store) publish(ctx context.Context, tx *sqlx.Tx, n NewPublication, c IndexCampaign, file StoredFile, latest int) (int, error) {
	// Thousands of rows: this one transaction may take longer than a page.
	for _, setting := range []string{`set local statement_timeout = '60s'`, `set local lock_timeout = '20s'`} {
		if _, err := tx.ExecContext(ctx, setting); err != nil {
			return 0, wrap("publish "+n.Campaign, err)
		}
	}
	if err := lockIndex(ctx, tx, n.Campaign); err != nil {
		return 0, err
	}
	if number, err := publicationUnder(ctx, tx, n.Key); number > 0 || err != nil {
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
	if number != latest { // somebody else has published meanwhile
		return 0, rule.Broken(PublishMovedOn, "")
	}
	number++
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
	// An appraisal that is not over goes on: its unit is published without a rank, and may
	// still explain.
	const mark = `update appraisals set published_at = $2 where campaign = $1 and stage = 'done'`
	if _, err := tx.ExecContext(ctx, mark, n.Campaign, at); err != nil {
		return 0, wrap("publish "+n.Campaign, err)
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

func publicationUnder(ctx context.Context, q sqlx.QueryerContext, key uuid.UUID) (int, error) {
	var number int
	err := sqlx.GetContext(ctx, q, &number, `select number from index_publications where key = $1`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, wrap("look for the publication", err)
}

// latestPublication is the number of the newest publication; 0: there is none.
func latestPublication(ctx context.Context, q sqlx.QueryerContext, campaign string) (int, error) {
	var number int
	err := sqlx.GetContext(ctx, q, &number, `select coalesce(max(number), 0) from index_publications where campaign = $1`, campaign)
	return number, wrap("look for publications of "+campaign, err)
}

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
	fields, err := appraisedFields(ctx, tx, c.Code)
	if err != nil {
		return err
	}
	opinions, err := opinionsOf(ctx, tx, c.Code)
	if err != nil {
		return err
	}
	surveys := c.Set.Surveys()
	var frozen []frozenUnit
	for _, unit := range ranking.Units {
		one := c.freeze(unit, surveys, opinions[unit.Unit], fields[unit.Document])
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

// appraisedFields are the sums of the marks by document and field; Most holds the points
// that left the total.
func appraisedFields(ctx context.Context, tx *sqlx.Tx, campaign string) (map[string]map[string]par.FieldSum, error) {
	const read = `
		select document_id, field, coalesce(sum(final) filter (where not final_out), 0), coalesce(sum(most) filter (where final_out), 0)
		from index_scores where campaign = $1 group by document_id, field`
	rows, err := tx.QueryxContext(ctx, read, campaign)
	if err != nil {
		return nil, wrap("sum scores by field", err)
	}
	defer func() { _ = rows.Close() }()
	sums := map[string]map[string]par.FieldSum{}
	for rows.Next() {
		var document string
		var one par.FieldSum
		if err := rows.Scan(&document, &one.Field, &one.Points, &one.Most); err != nil {
			return nil, wrap("sum scores by field", err)
		}
		if sums[document] == nil {
			sums[document] = map[string]par.FieldSum{}
		}
		sums[document][one.Field] = one
	}
	return sums, wrap("sum scores by field", rows.Err())
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
			out, scaled, bonus_asked, bonus, penalty_asked, penalty, total, class, rank, of_units, shared, missing, fields, surveys, opinions, scores, extras)
		select $1, $2, r.unit, u.name, u.name_key, r.rank_group, r.document, r.revision, r.appraised, r.surveyed, r.out, r.scaled,
		       r.bonus_asked, r.bonus, r.penalty_asked, r.penalty, r.total, r.class, nullif(r.rank, 0), r.of_units, r.shared,
		       string_to_array(r.missing, ' '), r.fields, r.surveys, r.opinions,
		       coalesce((
		           select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('criterion', s.criterion,
		                  'self', s.self, 'self_out', nullif(s.self_out, false),
		                  'first', s.first, 'first_out', nullif(s.first_out, false), 'first_reason', nullif(f.reason, ''),
		                  'second', s.second, 'second_out', nullif(s.second_out, false), 'second_reason', nullif(x.reason, ''))) order by s.place)
		           from index_scores s
		           left join lateral (select m.reason from appraisal_marks m
		               where m.document_id = s.document_id and m.criterion = s.criterion and m.round = 1 order by m.id desc limit 1) f on true
		           left join lateral (select m.reason from appraisal_marks m
		               where m.document_id = s.document_id and m.criterion = s.criterion and m.round = 2 order by m.id desc limit 1) x on true
		           where s.document_id = r.document), '[]'),
		       coalesce((
		           select jsonb_agg(jsonb_build_object('kind', e.kind, 'points', e.points, 'reason', e.reason, 'number', e.document_number,
		                  'issued_on', e.issued_on, 'title', e.title) order by e.id)
		           from score_extras e where e.campaign = $1 and e.unit_code = r.unit and e.withdrawn_at is null), '[]')
		from unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[], $11::int[], $12::int[], $13::int[],
		            $14::int[], $15::int[], $16::text[], $17::int[], $18::int[], $19::int[], $20::text[], $21::jsonb[], $22::jsonb[], $23::jsonb[])
		     as r (unit, rank_group, document, revision, appraised, surveyed, out, scaled, bonus_asked, bonus, penalty_asked,
		           penalty, total, class, rank, of_units, shared, missing, fields, surveys, opinions)
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
	texts, numbers, documents := make([][]string, 5), make([][]int64, 13), make([][]string, 3)
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
	columns = append(columns, pq.Array(texts[4]))
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
