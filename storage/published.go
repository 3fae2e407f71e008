package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/staff"
)

// Publication is one published result of a campaign.
type Publication struct {
	Campaign    string       `db:"campaign"`
	Number      int          `db:"number"`
	Form        string       `db:"form"`
	FormVersion int          `db:"form_version"`
	Digest      string       `db:"digest"`
	Units       int          `db:"units"`
	Ranked      int          `db:"ranked"`
	Decision    string       `db:"decision"` // number of the decision
	DecidedOn   calendar.Day `db:"decided_on"`
	Title       string       `db:"title"`
	FileHash    string       `db:"file_hash"`
	FileName    string       `db:"file_name"`
	Reason      string       `db:"reason"` // of a correction
	PublishedBy string       `db:"published_by"`
	PublishedAt time.Time    `db:"published_at"`
}

// Publications lists what has been published of a campaign, newest first.
func (s *Store) Publications(ctx context.Context, campaign string) ([]Publication, error) {
	const list = `
		select x.campaign, x.number, x.form, x.form_version, x.digest, x.units, x.ranked, x.decision, x.decided_on, x.title,
		       x.file_hash, x.file_name, x.reason, p.name as published_by, x.published_at
		from index_publications x join persons p on p.id = x.published_by
		where x.campaign = $1 order by x.number desc`
	var all []Publication
	err := s.db.SelectContext(ctx, &all, list, campaign)
	return all, wrap("list publications of "+campaign, err)
}

// PublicationFile finds the decision of a publication.
func (s *Store) PublicationFile(ctx context.Context, p Publication) (DocumentFile, error) {
	const find = `select hash, size, media_type from files where hash = $1`
	file := DocumentFile{Name: p.FileName}
	err := s.db.GetContext(ctx, &file.StoredFile, find, p.FileHash)
	return file, wrap("find decision", err)
}

// PublishedGroup is how a group of units stands in a publication.
type PublishedGroup struct {
	Group     string
	Name      string // as it was called; "": the software's own name
	Units     int
	Ranked    int
	MeanTotal par.Points
	Fields    []par.FieldMean
	Classes   map[string]int // units by class
}

// PublishedGroups lists the groups of a publication.
func (s *Store) PublishedGroups(ctx context.Context, campaign string, number int) ([]PublishedGroup, error) {
	const list = `
		select rank_group, name, units, ranked, mean_total, fields, classes
		from published_groups where campaign = $1 and publication = $2 order by place, rank_group`
	rows, err := s.db.QueryxContext(ctx, list, campaign, number)
	if err != nil {
		return nil, wrap("list groups of a result", err)
	}
	defer func() { _ = rows.Close() }()
	var all []PublishedGroup
	for rows.Next() {
		var one PublishedGroup
		var fields, classes []byte
		if err := rows.Scan(&one.Group, &one.Name, &one.Units, &one.Ranked, &one.MeanTotal, &fields, &classes); err != nil {
			return nil, wrap("list groups of a result", err)
		}
		if err := unmarshalBoth(fields, &one.Fields, classes, &one.Classes); err != nil {
			return nil, fmt.Errorf("list groups of %s: %w", campaign, err)
		}
		all = append(all, one)
	}
	return all, wrap("list groups of a result", rows.Err())
}

func unmarshalBoth(a []byte, into any, b []byte, intoB any) error {
	if err := json.Unmarshal(a, into); err != nil {
		return err
	}
	return json.Unmarshal(b, intoB)
}

// PublishedRow is a unit in the list of a publication.
type PublishedRow struct {
	Unit      string         `db:"unit_code"`
	Name      string         `db:"unit_name"`
	Group     string         `db:"rank_group"`
	GroupName string         `db:"group_name"` // as it was called; "": the software's own name
	Appraised par.Points     `db:"appraised"`
	Surveyed  par.Points     `db:"surveyed"`
	Out       par.Points     `db:"out"`
	Scaled    par.Points     `db:"scaled"`
	Bonus     par.Points     `db:"bonus"`
	Penalty   par.Points     `db:"penalty"`
	Total     par.Points     `db:"total"`
	Class     string         `db:"class"`
	Rank      int            `db:"rank"` // 0: none
	Of        int            `db:"of_units"`
	Shared    int            `db:"shared"`
	Missing   pq.StringArray `db:"missing"`
	Open      bool           `db:"open"` // its appraisal was under way: it has no rank, and what it has is of rounds that were over
}

// PublishedPage is how many units a page of the list has.
const PublishedPage = 50

// PublishedFilter narrows and pages the list. The zero value of a field does not
// narrow; Page counts from 1; All lists everything.
type PublishedFilter struct {
	Group string // of units
	Query string // name, without diacritics too
	Class string
	Page  int
	All   bool
}

// PublishedList is a part of a publication's list.
type PublishedList struct {
	Rows     []PublishedRow
	Matching int
}

const publishedRows = `
	select unit_code, unit_name, rank_group, appraised, surveyed, out, scaled, bonus, penalty, total, class,
	       coalesce(rank, 0) as rank, of_units, shared, missing, open,
	       (select g.name from published_groups g where (g.campaign, g.publication, g.rank_group) =
	           (published_results.campaign, published_results.publication, published_results.rank_group)) as group_name`

// PublishedList reads the list of a publication: a group by rank, those without a rank
// behind. Everybody of the campaign may read it.
func (s *Store) PublishedList(ctx context.Context, campaign string, number int, f PublishedFilter) (PublishedList, error) {
	const list = publishedRows + `, count(*) over () as matching
		from published_results
		where campaign = $1 and publication = $2 and ($3 = '' or rank_group = $3) and ($4 = '' or class = $4 and rank is not null) and name_key like $5
		order by rank_group desc, published_results.rank nulls last, unit_code limit $6 offset $7`
	limit, offset := PublishedPage, (max(f.Page, 1)-1)*PublishedPage
	if f.All {
		limit, offset = mostPublished, 0
	}
	var rows []struct {
		PublishedRow
		Matching int `db:"matching"`
	}
	err := s.db.SelectContext(ctx, &rows, list, campaign, number, f.Group, f.Class, "%"+likeEscape(Fold(f.Query))+"%", limit, offset)
	if err != nil {
		return PublishedList{}, wrap("list results of "+campaign, err)
	}
	var found PublishedList
	for _, row := range rows {
		found.Rows, found.Matching = append(found.Rows, row.PublishedRow), row.Matching
	}
	return found, nil
}

// mostPublished is more units than a city has.
const mostPublished = 20_000

// PublishedResult is a unit's result with every number that it follows from.
type PublishedResult struct {
	PublishedRow
	Document     string
	Revision     int // 0: nothing was handed in
	BonusAsked   par.Points
	PenaltyAsked par.Points
	Fields       []par.FieldSum
	Surveys      map[string]par.Points // by criterion; without points: absent
	Opinions     []par.Opinion
	Scores       map[string]PublishedScore // of what was appraised, by criterion
	Extras       []par.Extra
}

// PublishedScore is the marks of one criterion.
type PublishedScore struct {
	Self                  par.Score // its points alone: why is the answer's to tell
	First, Before, Second *par.Mark // as par.Appraised has them
}

// Appraised is the criterion by the marks that were published.
func (s PublishedScore) Appraised() par.Appraised {
	return par.Appraised{Self: s.Self, First: s.First, Before: s.Before, Second: s.Second}
}

// Asked is what bonuses and penalties asked for.
func (r PublishedResult) Asked() par.Adjusted {
	return par.Adjusted{Bonus: r.BonusAsked, Penalty: r.PenaltyAsked}
}

// PublishedResult reads a unit's result. ErrNotFound: there is none, or the unit lies
// outside the scope.
func (s *Store) PublishedResult(ctx context.Context, scope staff.Scope, campaign string, number int, unit string) (PublishedResult, error) {
	const read = publishedRows + `, document_id, revision, bonus_asked, penalty_asked, fields, surveys, opinions, scores, extras
		from published_results
		where campaign = $1 and publication = $2 and unit_code = $3 and ($4 or unit_code = any($5))`
	var row struct {
		PublishedRow
		Document     string     `db:"document_id"`
		Revision     int        `db:"revision"`
		BonusAsked   par.Points `db:"bonus_asked"`
		PenaltyAsked par.Points `db:"penalty_asked"`
		Fields       []byte     `db:"fields"`
		Surveys      []byte     `db:"surveys"`
		Opinions     []byte     `db:"opinions"`
		Scores       []byte     `db:"scores"`
		Extras       []byte     `db:"extras"`
	}
	if err := s.db.GetContext(ctx, &row, read, campaign, number, unit, scope.All, pq.Array(scope.Units)); err != nil {
		return PublishedResult{}, wrap("read result of "+unit, err)
	}
	r := PublishedResult{
		PublishedRow: row.PublishedRow, Document: row.Document, Revision: row.Revision,
		BonusAsked: row.BonusAsked, PenaltyAsked: row.PenaltyAsked,
	}
	for _, part := range []func() error{
		func() error { return json.Unmarshal(row.Fields, &r.Fields) },
		func() error { return r.readSurveys(row.Surveys, row.Opinions) },
		func() error { return r.readScores(row.Scores) },
		func() error { return r.readExtras(row.Extras) },
	} {
		if err := part(); err != nil {
			return r, fmt.Errorf("read result of %s: %w", unit, err)
		}
	}
	return r, nil
}

func (r *PublishedResult) readSurveys(surveys, opinions []byte) error {
	var points map[string]int64
	var asked []frozenOpinion
	if err := unmarshalBoth(surveys, &points, opinions, &asked); err != nil {
		return err
	}
	r.Surveys = make(map[string]par.Points, len(points))
	for code, p := range points {
		r.Surveys[code] = par.Points(p)
	}
	for _, o := range asked {
		r.Opinions = append(r.Opinions, par.Opinion{
			Criterion: o.Criterion, Group: o.Group, Mean: decimal.OfTenThousandths(o.Mean), Answers: o.Answers,
		})
	}
	return nil
}

func (r *PublishedResult) readScores(raw []byte) error {
	var rows []struct {
		Criterion    string `json:"criterion"`
		Self         *int64 `json:"self"`
		SelfOut      bool   `json:"self_out"`
		First        *int64 `json:"first"`
		FirstOut     bool   `json:"first_out"`
		FirstReason  string `json:"first_reason"`
		Before       *int64 `json:"before"`
		BeforeOut    bool   `json:"before_out"`
		BeforeReason string `json:"before_reason"`
		Second       *int64 `json:"second"`
		SecondOut    bool   `json:"second_out"`
		SecondReason string `json:"second_reason"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return err
	}
	r.Scores = make(map[string]PublishedScore, len(rows))
	for _, row := range rows {
		var one PublishedScore
		if row.Self != nil {
			one.Self = par.Score{Points: par.Points(*row.Self), Known: true, NotApplicable: row.SelfOut}
		}
		one.First = frozenMark(row.Criterion, par.FirstRound, row.First, row.FirstOut, row.FirstReason)
		one.Before = frozenMark(row.Criterion, par.SecondRound, row.Before, row.BeforeOut, row.BeforeReason)
		one.Second = frozenMark(row.Criterion, par.SecondRound, row.Second, row.SecondOut, row.SecondReason)
		r.Scores[row.Criterion] = one
	}
	return nil
}

func frozenMark(criterion string, round int, points *int64, out bool, reason string) *par.Mark {
	if points == nil {
		return nil
	}
	return &par.Mark{Criterion: criterion, Round: round, Points: par.Points(*points), NotApplicable: out, Reason: reason}
}

func (r *PublishedResult) readExtras(raw []byte) error {
	var rows []struct {
		Kind     par.ExtraKind `json:"kind"`
		Points   int64         `json:"points"`
		Reason   string        `json:"reason"`
		Number   string        `json:"number"`
		IssuedOn calendar.Day  `json:"issued_on"`
		Title    string        `json:"title"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		r.Extras = append(r.Extras, par.Extra{
			Unit: r.Unit, Kind: row.Kind, Points: par.Points(row.Points), Reason: row.Reason,
			Number: row.Number, IssuedOn: &row.IssuedOn, Title: row.Title,
		})
	}
	return nil
}

// YearResult is a unit's result of one year, as it was last published.
type YearResult struct {
	Campaign    string     `db:"campaign"`
	Period      string     `db:"period"`
	Number      int        `db:"number"`
	FormVersion int        `db:"form_version"`
	Total       par.Points `db:"total"`
	Class       string     `db:"class"`
	Rank        int        `db:"rank"` // 0: none
	Of          int        `db:"of_units"`
	Group       string     `db:"rank_group"`
}

// YearResults lists the unit's published results by the same form up to a period,
// newest first. ErrNotFound: the unit lies outside the scope.
func (s *Store) YearResults(ctx context.Context, scope staff.Scope, form, period, unit string) ([]YearResult, error) {
	if !scope.Covers(unit) {
		return nil, fmt.Errorf("read results of %s: %w", unit, ErrNotFound)
	}
	const list = `
		select distinct on (c.period) c.code as campaign, c.period, p.number, p.form_version, r.total, r.class,
		       coalesce(r.rank, 0) as rank, r.of_units, r.rank_group
		from index_publications p
		join campaigns c on c.code = p.campaign
		join published_results r on (r.campaign, r.publication, r.unit_code) = (p.campaign, p.number, $3)
		where p.form = $1 and c.period <= $2
		order by c.period desc, c.launched_at desc, p.number desc limit $4`
	var years []YearResult
	err := s.db.SelectContext(ctx, &years, list, form, period, unit, mostYears)
	return years, wrap("list results of "+unit, err)
}

// mostYears is how many years are compared.
const mostYears = 10

// IndexSet reads the criteria of a form's version.
func (s *Store) IndexSet(ctx context.Context, form string, version int) (par.Set, error) {
	v, err := s.formVersion(ctx, s.db, form, version)
	if err != nil {
		return par.Set{}, err
	}
	if v.Index == nil {
		return par.Set{}, fmt.Errorf("form %s has no criteria: %w", form, ErrNotFound)
	}
	return *v.Index, nil
}
