package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/plan"
)

// KnownFigures are a report's figures that the unit's plan of the year knows, as of
// the end of the data window. Empty where the unit has no living plan.
type KnownFigures struct {
	Plan   string // document
	Name   string // of its campaign
	Last   calendar.Day
	Values map[string]KnownFigure // by indicator
}

// KnownFigure is one of them.
type KnownFigure struct {
	Source string // KnownTasks or KnownDone
	Value  form.Decimal
}

// What a plan knows, as indicator_sources names it.
const (
	KnownTasks = "plan_tasks" // tasks to be carried out (1.1)
	KnownDone  = "plan_done"  // of them completed since the year began (1.2)
)

// source is one indicator that plans know, by the code that the form's version has.
type source struct {
	Indicator string `db:"indicator"`
	Version   int    `db:"version"`
	Source    string `db:"source"`
}

// sources are the indicators of a form's version that plans know. They are laid down
// for one version and follow the indicators through the others; where a series breaks,
// the plan knows nothing of what the indicator has become.
func (s *Store) sources(ctx context.Context, q sqlx.QueryerContext, formCode string, version int) ([]source, error) {
	const list = `select indicator, version, source from indicator_sources where form = $1`
	var laid []source
	if err := sqlx.SelectContext(ctx, q, &laid, list, formCode); err != nil {
		return nil, wrap("read sources of indicators", err)
	}
	var asked []source
	for _, one := range laid {
		if one.Version != version {
			history, err := s.formHistory(ctx, q, formCode)
			if err != nil {
				return nil, err
			}
			var comparable bool
			if one.Indicator, comparable = form.Follow(history.Mappings, one.Version, version, one.Indicator); !comparable {
				continue
			}
		}
		asked = append(asked, one)
	}
	return asked, nil
}

// planOfYear is the living plan of a unit ($1) for a year ($2), id and name of its
// campaign: of several, the one that was asked for last.
const planOfYear = `
			select d.id, c.name from documents d join campaigns c on c.code = d.campaign
			where d.unit_code = $1 and d.kind = 'plan' and c.period = $2
			  and exists (select from plan_trackings x where x.document_id = d.id)
			order by c.launched_at desc, d.id limit 1`

// values are the figures alone, as checks compare with them.
func (k KnownFigures) values() map[string]form.Decimal {
	if len(k.Values) == 0 {
		return nil
	}
	values := make(map[string]form.Decimal, len(k.Values))
	for code, one := range k.Values {
		values[code] = one.Value
	}
	return values
}

// knownFigures counts the plan of the document's unit and year at the end of its
// window. doc needs its form, its unit, its period and its window alone.
func (s *Store) knownFigures(ctx context.Context, q sqlx.QueryerContext, doc *lockedDocument) (KnownFigures, error) {
	k := KnownFigures{Last: doc.WindowTo}
	own, err := ownPeriod(doc.Period)
	if err != nil || !own.Valid() {
		return k, err
	}
	asked, err := s.sources(ctx, q, doc.Form, doc.FormVersion)
	if err != nil || len(asked) == 0 {
		return k, err
	}
	const read = `
		select p.id, p.name, t.done_on, (t.cancelled_at at time zone 'Asia/Ho_Chi_Minh')::date as cancelled_on, (
			select min((a.ended_at at time zone 'Asia/Ho_Chi_Minh')::date)
			from plan_adjustments a join adjusted_tasks x on x.adjustment_id = a.id
			where a.document_id = p.id and a.stage = 'approved' and x.key = t.key and x.kind = 'added' and not x.dropped) as added_on
		from (` + planOfYear + `) p
		join plan_tasks t on t.document_id = p.id`
	var tasks []struct {
		ID        string        `db:"id"`
		Name      string        `db:"name"`
		Done      *calendar.Day `db:"done_on"`
		Cancelled *calendar.Day `db:"cancelled_on"`
		Added     *calendar.Day `db:"added_on"`
	}
	year := period.Period{Kind: period.Year, Year: own.Year, Number: 1}
	if err := sqlx.SelectContext(ctx, q, &tasks, read, doc.Unit, year.Code()); err != nil || len(tasks) == 0 {
		return k, wrap("read the year's plan", err)
	}
	dated := make([]plan.Dated, len(tasks))
	for i, task := range tasks {
		dated[i] = plan.Dated{Added: task.Added, Done: task.Done, Cancelled: task.Cancelled}
	}
	count := plan.CountOn(dated, k.Last)
	k.Plan, k.Name, k.Values = tasks[0].ID, tasks[0].Name, map[string]KnownFigure{}
	for _, one := range asked {
		n := count.Tasks
		if one.Source == KnownDone {
			n = count.Done
		}
		k.Values[one.Indicator] = KnownFigure{Source: one.Source, Value: form.DecimalOf(int64(n))}
	}
	return k, nil
}
