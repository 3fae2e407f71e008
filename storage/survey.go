package storage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// SurveyMovedOn refuses to take over a workbook whose results would change other rows
// than the page has shown.
const SurveyMovedOn rule.Code = "survey_moved_on"

// SurveyImport is a workbook with survey results that was handed in for a campaign.
type SurveyImport struct {
	ID         int64      `db:"id"`
	Campaign   string     `db:"campaign"`
	Hash       string     `db:"hash"`
	Name       string     `db:"name"`
	UploadedBy string     `db:"uploaded_by"` // name
	UploadedAt time.Time  `db:"uploaded_at"`
	AppliedBy  *string    `db:"applied_by"` // name; nil: never taken over
	AppliedAt  *time.Time `db:"applied_at"`
}

const surveyImports = `
	select i.id, i.campaign, i.hash, i.name, u.name as uploaded_by, i.uploaded_at, a.name as applied_by, i.applied_at
	from survey_imports i join persons u on u.id = i.uploaded_by left join persons a on a.id = i.applied_by`

// AddSurveyImport keeps a workbook that may become results. rule.Errors at the field
// "file": why it is not taken. The same bytes again, from the same person and under the same
// name, are the same import until it is taken over: who gave which stays known.
func (s *Store) AddSurveyImport(ctx context.Context, campaign, name string, from io.Reader, actor staff.Actor) (SurveyImport, error) {
	if _, err := s.indexOf(ctx, s.db, campaign); err != nil { // before anything is kept
		return SurveyImport{}, err
	}
	name, file, err := s.keepWorkbook(ctx, name, from)
	if err != nil {
		return SurveyImport{}, err
	}
	const note = `
		insert into survey_imports (campaign, hash, name, uploaded_by) values ($1, $2, $3, $4)
		on conflict (campaign, hash, uploaded_by, name) where applied_at is null do update set uploaded_at = clock_timestamp()
		returning id`
	one := SurveyImport{Campaign: campaign, Hash: file.Hash, Name: name}
	err = s.db.GetContext(ctx, &one.ID, note, campaign, file.Hash, name, actor.Person)
	return one, wrap("note workbook", err)
}

// SurveyImport reads a workbook of the campaign, with its bytes.
func (s *Store) SurveyImport(ctx context.Context, campaign string, id int64) (SurveyImport, []byte, error) {
	const read = surveyImports + ` where i.campaign = $1 and i.id = $2`
	var one SurveyImport
	if err := s.db.GetContext(ctx, &one, read, campaign, id); err != nil {
		return one, nil, wrap("read workbook of "+campaign, err)
	}
	data, err := s.ReadFile(one.Hash)
	return one, data, err
}

// SurveyImports lists the workbooks that were taken over, newest first.
func (s *Store) SurveyImports(ctx context.Context, campaign string) ([]SurveyImport, error) {
	const list = surveyImports + ` where i.campaign = $1 and i.applied_at is not null order by i.applied_at desc, i.id desc limit $2`
	var imports []SurveyImport
	err := s.db.SelectContext(ctx, &imports, list, campaign, mostImports)
	return imports, wrap("list workbooks of "+campaign, err)
}

// mostImports is more workbooks than a year's surveys come in.
const mostImports = 200

// CampaignUnit is a unit that a campaign ranks.
type CampaignUnit struct {
	Code string `db:"code"`
	Name string `db:"name"`
}

// CampaignUnits lists the units of a campaign that are not exempt: departments first,
// then by name in Vietnamese order.
func (s *Store) CampaignUnits(ctx context.Context, campaign string) ([]CampaignUnit, error) {
	const list = `
		select u.code, u.name from documents d join units u on u.code = d.unit_code
		where d.campaign = $1 and d.stage <> 'exempt'
		order by u.unit_group <> 'department', u.name collate "vi-x-icu"`
	var units []CampaignUnit
	err := s.db.SelectContext(ctx, &units, list, campaign)
	return units, wrap("list units of "+campaign, err)
}

// FindCampaignUnits lists the units of a campaign that are not exempt and that a few
// letters of the name or the code may mean, at most limit; without diacritics too.
func (s *Store) FindCampaignUnits(ctx context.Context, campaign, query string, limit int) ([]CampaignUnit, error) {
	const list = `
		select u.code, u.name from documents d join units u on u.code = d.unit_code
		where d.campaign = $1 and d.stage <> 'exempt' and (u.name_key like $2 or lower(u.code) = $3)
		order by lower(u.code) = $3 desc, u.unit_group <> 'department', u.name collate "vi-x-icu" limit $4`
	key := Fold(query)
	var units []CampaignUnit
	err := s.db.SelectContext(ctx, &units, list, campaign, "%"+likeEscape(key)+"%", key, limit)
	return units, wrap("find units of "+campaign, err)
}

// CampaignUnit reads a unit of a campaign that is not exempt. ErrNotFound: there is none.
func (s *Store) CampaignUnit(ctx context.Context, campaign, code string) (CampaignUnit, error) {
	const read = `
		select u.code, u.name from documents d join units u on u.code = d.unit_code
		where d.campaign = $1 and d.unit_code = $2 and d.stage <> 'exempt'`
	var unit CampaignUnit
	err := s.db.GetContext(ctx, &unit, read, campaign, code)
	return unit, wrap("read unit of "+campaign, err)
}

// OpinionChange is a result that a workbook brings, beside what stands.
type OpinionChange struct {
	par.UnitOpinion
	Before *par.Opinion // nil: nothing stands
}

// SurveyChanges is what a workbook comes to.
type SurveyChanges struct {
	Changes []OpinionChange // those that change something, in the order of the workbook
	Same    int             // results that stand already
	Digest  string          // of the changes, for taking over what was on the screen
}

// SurveyChanges holds results against those that stand.
func (s *Store) SurveyChanges(ctx context.Context, campaign string, opinions []par.UnitOpinion) (SurveyChanges, error) {
	return surveyChanges(ctx, s.db, campaign, opinions)
}

type opinionKey struct{ unit, criterion, group string }

func surveyChanges(ctx context.Context, q sqlx.QueryerContext, campaign string, opinions []par.UnitOpinion) (SurveyChanges, error) {
	stands, err := standingOpinions(ctx, q, campaign)
	if err != nil {
		return SurveyChanges{}, err
	}
	var changes SurveyChanges
	sum := sha256.New()
	for _, o := range opinions {
		before, there := stands[opinionKey{o.Unit, o.Criterion, o.Group}]
		if there && before.Mean == o.Mean && before.Answers == o.Answers {
			changes.Same++
			continue
		}
		change := OpinionChange{UnitOpinion: o}
		if there {
			change.Before = &before
		}
		_, _ = fmt.Fprintln(sum, o.Unit, o.Criterion, o.Group, o.Mean, o.Answers, there, before.Mean, before.Answers) // a hash takes everything
		changes.Changes = append(changes.Changes, change)
	}
	changes.Digest = hex.EncodeToString(sum.Sum(nil))
	return changes, nil
}

func standingOpinions(ctx context.Context, q sqlx.QueryerContext, campaign string) (map[opinionKey]par.Opinion, error) {
	const read = `select unit_code, criterion, respondents, mean, answers from survey_opinions where campaign = $1`
	rows, err := q.QueryxContext(ctx, read, campaign)
	if err != nil {
		return nil, wrap("read survey results", err)
	}
	defer func() { _ = rows.Close() }()
	stands := map[opinionKey]par.Opinion{}
	for rows.Next() {
		var key opinionKey
		var mean int64
		var o par.Opinion
		if err := rows.Scan(&key.unit, &key.criterion, &key.group, &mean, &o.Answers); err != nil {
			return nil, wrap("read survey results", err)
		}
		o.Criterion, o.Group, o.Mean = key.criterion, key.group, decimal.OfTenThousandths(mean)
		stands[key] = o
	}
	return stands, wrap("read survey results", rows.Err())
}

// ApplySurvey takes over a workbook's results, all or none, and returns how many
// changed something. SurveyMovedOn at no field: they would change other rows than
// those of the digest. Taking over the same again changes nothing.
func (s *Store) ApplySurvey(ctx context.Context, one SurveyImport, opinions []par.UnitOpinion, digest string, actor staff.Actor, audit Audit) (int, error) {
	changed := 0
	version, err := s.indexOf(ctx, s.db, one.Campaign)
	if err != nil {
		return 0, err
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		// A workbook has tens of thousands of results: this may take longer than a page.
		if _, err := tx.ExecContext(ctx, `set local statement_timeout = '60s'`); err != nil {
			return wrap("take over survey results", err)
		}
		if err := lockIndex(ctx, tx, one.Campaign); err != nil {
			return err
		}
		changes, err := surveyChanges(ctx, tx, one.Campaign, opinions)
		if err != nil {
			return err
		}
		if len(changes.Changes) == 0 {
			return nil
		}
		if changes.Digest != digest {
			return rule.Broken(SurveyMovedOn, "")
		}
		if err := s.stillThere(ctx, tx, one.Campaign, opinions); err != nil {
			return err
		}
		if one.ID, err = noteApplied(ctx, tx, one.ID, actor.Person); err != nil {
			return err
		}
		if err := writeOpinions(ctx, tx, one, changes.Changes); err != nil {
			return err
		}
		if err := sumSurveys(ctx, tx, one.Campaign, *version.Index); err != nil {
			return err
		}
		changed = len(changes.Changes)
		audit.Action, audit.Object = AuditSurvey, one.Campaign
		audit.Detail = map[string]any{"file": one.Name, "hash": one.Hash, "changed": changed}
		return addAudit(ctx, tx, audit)
	})
	return changed, err
}

// noteApplied notes who takes a workbook over, and returns the import that the results rest
// on: a workbook that was taken over before, and is once more, is one of its own.
func noteApplied(ctx context.Context, tx *sqlx.Tx, id, person int64) (int64, error) {
	const mark = `update survey_imports set applied_by = $2, applied_at = clock_timestamp() where id = $1 and applied_at is null returning id`
	const again = `
		insert into survey_imports (campaign, hash, name, uploaded_by, uploaded_at, applied_by, applied_at)
		select campaign, hash, name, uploaded_by, uploaded_at, $2, clock_timestamp() from survey_imports where id = $1 returning id`
	var noted int64
	err := tx.GetContext(ctx, &noted, mark, id, person)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.GetContext(ctx, &noted, again, id, person)
	}
	return noted, wrap("note workbook", err)
}

// stillThere refuses results about a unit that has left the campaign since.
func (s *Store) stillThere(ctx context.Context, tx *sqlx.Tx, campaign string, opinions []par.UnitOpinion) error {
	roster, err := rosterOf(ctx, tx, campaign)
	if err != nil {
		return err
	}
	for _, o := range opinions {
		if !roster[o.Unit] {
			return rule.Broken(SurveyMovedOn, "")
		}
	}
	return nil
}

func writeOpinions(ctx context.Context, tx *sqlx.Tx, one SurveyImport, changes []OpinionChange) error {
	const write = `
		insert into survey_opinions (campaign, unit_code, criterion, respondents, mean, answers, import_id)
		select $1, r.*, $2 from unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::int[]) r
		on conflict (campaign, unit_code, criterion, respondents) do update
		set mean = excluded.mean, answers = excluded.answers, import_id = excluded.import_id`
	n := len(changes)
	units, criteria, groups := make([]string, n), make([]string, n), make([]string, n)
	means, answers := make([]int64, n), make([]int64, n)
	for i, c := range changes {
		units[i], criteria[i], groups[i] = c.Unit, c.Criterion, c.Group
		means[i], answers[i] = c.Mean.TenThousandths(), int64(c.Answers)
	}
	_, err := tx.ExecContext(ctx, write, one.Campaign, one.ID, pq.Array(units), pq.Array(criteria), pq.Array(groups), pq.Array(means), pq.Array(answers))
	return wrap("write survey results", err)
}

// opinionsOf are the opinions of a campaign by unit.
func opinionsOf(ctx context.Context, q sqlx.QueryerContext, campaign string) (map[string][]par.Opinion, error) {
	stands, err := standingOpinions(ctx, q, campaign)
	if err != nil {
		return nil, err
	}
	opinions := map[string][]par.Opinion{}
	for key, o := range stands {
		opinions[key.unit] = append(opinions[key.unit], o)
	}
	for _, one := range opinions { // a map has no order
		slices.SortFunc(one, func(a, b par.Opinion) int {
			return cmp.Or(strings.Compare(a.Criterion, b.Criterion), strings.Compare(a.Group, b.Group))
		})
	}
	return opinions, nil
}

// sumSurveys reckons the points of the surveys whose opinions have changed.
func sumSurveys(ctx context.Context, tx *sqlx.Tx, campaign string, set par.Set) error {
	const list = `select unit_code from survey_sums where campaign = $1 and points is null order by unit_code`
	var units []string
	if err := tx.SelectContext(ctx, &units, list, campaign); err != nil {
		return wrap("sum surveys of "+campaign, err)
	}
	opinions, err := opinionsOf(ctx, tx, campaign)
	if err != nil {
		return err
	}
	points, missing := make([]int64, len(units)), make([]string, len(units))
	for i, unit := range units {
		sum, unanswered := set.SumSurveys(opinions[unit])
		points[i], missing[i] = int64(sum), strings.Join(unanswered, " ")
	}
	const write = `
		update survey_sums s set points = r.points, missing = string_to_array(r.missing, ' ')
		from unnest($2::text[], $3::int[], $4::text[]) as r (unit, points, missing) where s.campaign = $1 and s.unit_code = r.unit`
	_, err = tx.ExecContext(ctx, write, campaign, pq.Array(units), pq.Array(points), pq.Array(missing))
	return wrap("sum surveys of "+campaign, err)
}

// SurveyReach is how far the opinions of a group of respondents are there.
type SurveyReach struct {
	Group   string `db:"respondents"`
	Asked   int    `db:"asked"` // criteria that units have an opinion on
	Units   int    `db:"units"` // with so many
	Answers int    `db:"answers"`
}

// SurveyReach counts the opinions on the units that a campaign ranks.
func (s *Store) SurveyReach(ctx context.Context, campaign string) ([]SurveyReach, error) {
	const count = `
		select respondents, asked, count(*) as units, sum(answers)::bigint as answers
		from (
			select o.respondents, count(*) as asked, sum(o.answers) as answers
			from survey_opinions o join documents d on d.campaign = o.campaign and d.unit_code = o.unit_code and d.stage <> 'exempt'
			where o.campaign = $1 group by o.unit_code, o.respondents) o
		group by respondents, asked order by respondents, asked`
	var reach []SurveyReach
	err := s.db.SelectContext(ctx, &reach, count, campaign)
	return reach, wrap("count survey results of "+campaign, err)
}

// SurveyOpinions reads the opinions of a campaign by unit.
func (s *Store) SurveyOpinions(ctx context.Context, campaign string) (map[string][]par.Opinion, error) {
	return opinionsOf(ctx, s.db, campaign)
}
