package storage

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/period"
)

// formContext gathers the same unit's figures of earlier periods, with the
// reasons it gave, that checks and readers compare with. A period that was never
// reported stays nil: its checks are not applied. Figures reported on another
// version of the form stand under the codes of this one.
func (s *Store) formContext(ctx context.Context, q sqlx.QueryerContext, formCode string, version int, unit, periodCode string) (form.Context, error) {
	p, err := ownPeriod(periodCode)
	if err != nil || p == (period.Period{}) {
		return form.Context{}, err
	}
	found, err := s.earlierFigures(ctx, q, formCode, version, unit, map[string][]period.Period{
		"previous": p.Adjoining(), "in_year": p.BeforeInYear(), "begun": p.Begun(),
		"last_year": {p.SameLastYear()},
	})
	if err != nil {
		return form.Context{}, err
	}
	return form.Context{
		Own: p, Previous: found["previous"].figures, PreviousInYear: found["in_year"].figures,
		Begun: found["begun"].figures, SameLastYear: found["last_year"].figures,
		Periods: form.ContextPeriods{Previous: found["previous"].Period, Begun: found["begun"].Period},
	}, nil
}

// ownPeriod reads a campaign's period; the zero one of an ad hoc report, which is
// outside every period: nothing is compared with it and nothing carried over.
func ownPeriod(code string) (period.Period, error) {
	if code == "" {
		return period.Period{}, nil
	}
	p, err := period.Parse(code)
	if err != nil {
		return p, fmt.Errorf("read period: %w", err)
	}
	return p, nil
}

// What a unit ($1) reported on a form ($2) for a period: the report that was
// confirmed, else the newest one, of it the revision that was confirmed last, else
// the newest that the director signed. What is not signed has not been reported, and
// while a report is reopened for correction, what was confirmed holds. The first row
// of a period is it.
const (
	reported = `
		from documents d
		join campaigns c on c.code = d.campaign
		join signing_attempts a on a.document_id = d.id and a.state = 'signed'`
	reportedOrder = ` (d.approved_revision > 0) desc, d.created_at desc, (a.revision = d.approved_revision) desc, a.revision desc`
)

// earlierReport is what a unit reported in the first of some periods in which it
// has reported anything.
type earlierReport struct {
	Use     string `db:"use"`
	Period  string `db:"period"`
	Version int    `db:"form_version"` // of the form it was reported on
	revisionKey
	figures map[string]form.Figure
}

// earlierFigures reads for each use the figures of the first of its periods for
// which the unit has reported on that form, as the given version has them.
func (s *Store) earlierFigures(ctx context.Context, q sqlx.QueryerContext, formCode string, version int, unit string, uses map[string][]period.Period) (map[string]earlierReport, error) {
	const list = `
		with asked as (
			select * from unnest($3::text[], $4::text[], $5::int[]) as w (use, period, place)
		)
		select distinct on (w.use) w.use, c.period, c.form_version, a.document_id, a.revision` + reported + `
		join asked w on w.period = c.period
		where d.unit_code = $1 and c.form = $2
		order by w.use, w.place,` + reportedOrder
	var names, codes []string
	var places []int64
	for use, periods := range uses {
		for place, code := range period.Codes(periods) {
			names, codes, places = append(names, use), append(codes, code), append(places, int64(place))
		}
	}
	var rows []earlierReport
	err := sqlx.SelectContext(ctx, q, &rows, list, unit, formCode, pq.Array(names), pq.Array(codes), pq.Array(places))
	if err != nil {
		return nil, wrap("read earlier figures", err)
	}
	keys := make([]revisionKey, len(rows))
	for i, row := range rows {
		keys[i] = row.revisionKey
	}
	contents, err := s.frozenOf(ctx, q, keys...)
	if err != nil {
		return nil, fmt.Errorf("read earlier figures of %s: %w", unit, err)
	}
	found := make(map[string]earlierReport, len(rows))
	for _, row := range rows {
		row.figures = contents[row.revisionKey].content.Figures
		if row.Version != version {
			history, err := s.formHistory(ctx, q, formCode)
			if err != nil {
				return nil, err
			}
			row.figures = form.Continue(history.Mappings, row.Version, version, row.figures)
		}
		found[row.Use] = row
	}
	return found, nil
}
