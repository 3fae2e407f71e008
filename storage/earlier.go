package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/period"
)

// formContext gathers the same unit's figures of earlier periods, with the
// reasons it gave, that checks and readers compare with. A period that was never
// reported stays nil: its checks are not applied.
func formContext(ctx context.Context, q sqlx.QueryerContext, formCode, unit, periodCode string) (form.Context, error) {
	p, err := period.Parse(periodCode)
	if err != nil {
		return form.Context{}, fmt.Errorf("read period: %w", err)
	}
	before, lastYear := p.Previous(), p.SameLastYear()
	figures, err := figuresOf(ctx, q, formCode, unit, before.Code(), lastYear.Code())
	if err != nil {
		return form.Context{}, err
	}
	fc := form.Context{Previous: figures[before.Code()], SameLastYear: figures[lastYear.Code()]}
	if before.Year == p.Year {
		fc.PreviousInYear = fc.Previous
	}
	return fc, nil
}

// What a unit ($1) reported on a form ($2) for some periods ($3): the report that
// was confirmed, else the newest one, of it the newest revision that the director
// signed. What is not signed has not been reported. The first row of a period is it.
const (
	reported = `
		from documents d
		join campaigns c on c.code = d.campaign
		join signing_attempts a on a.document_id = d.id and a.state = 'signed'
		join revisions r on r.document_id = a.document_id and r.revision = a.revision
		where d.unit_code = $1 and c.form = $2 and c.period = any($3)`
	reportedFirst = ` order by c.period, (d.stage = 'approved') desc, d.created_at desc, a.revision desc`
)

// figuresOf reads the figures that the unit reported for those periods on that
// form, by period.
func figuresOf(ctx context.Context, q sqlx.QueryerContext, formCode, unit string, periods ...string) (map[string]map[string]form.Figure, error) {
	const list = `
		select distinct on (c.period) c.period, r.content -> 'figures' as figures` + reported + reportedFirst
	var rows []struct {
		Period  string `db:"period"`
		Figures []byte `db:"figures"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list, unit, formCode, pq.Array(periods)); err != nil {
		return nil, wrap("read earlier figures", err)
	}
	byPeriod := make(map[string]map[string]form.Figure, len(rows))
	for _, row := range rows {
		var figures map[string]form.Figure
		if err := json.Unmarshal(row.Figures, &figures); err != nil {
			return nil, fmt.Errorf("read earlier figures of %s in %s: %w", unit, row.Period, err)
		}
		byPeriod[row.Period] = figures
	}
	return byPeriod, nil
}
