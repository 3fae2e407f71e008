package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// TaskCityUnknown is the broken rule of a task of the city's plan that there is not;
// args: the row.
const TaskCityUnknown rule.Code = "task_city_unknown"

// CityPlan is the id of the city's own plan that the document's tasks may carry out;
// "": its campaign has none, or the document is that plan.
func (v DocumentView) CityPlan() string {
	if v.Campaign.CityUnit == "" || v.Campaign.CityUnit == v.Unit.Code {
		return ""
	}
	return v.Campaign.Code + "-" + v.Campaign.CityUnit
}

// IsCityPlan tells whether the document is the city's own plan.
func (v DocumentView) IsCityPlan() bool {
	return v.Campaign.CityUnit != "" && v.Campaign.CityUnit == v.Unit.Code
}

// CityTasks lists the tasks of the city's plan that those of the document may carry
// out, in its order: every unit of the campaign may see what it is to carry out, once
// the city's plan has been confirmed. The caller has read the document within the
// reader's scope.
func (s *Store) CityTasks(ctx context.Context, v DocumentView) ([]plan.CityTask, error) {
	const list = `select place, task from plan_tasks where document_id = $1 and cancelled_at is null order by place, key`
	id := v.CityPlan()
	if id == "" {
		return nil, nil
	}
	var rows []struct {
		Place int    `db:"place"`
		Raw   []byte `db:"task"`
	}
	if err := s.db.SelectContext(ctx, &rows, list, id); err != nil {
		return nil, wrap("list tasks of the city", err)
	}
	tasks := make([]plan.CityTask, len(rows))
	for i, row := range rows {
		var task plan.Task
		if err := json.Unmarshal(row.Raw, &task); err != nil {
			return nil, fmt.Errorf("read tasks of %s: %w", id, err)
		}
		tasks[i] = plan.CityTask{Key: task.Key, Number: row.Place, Name: task.Name, Lead: task.Lead.Name, Deadline: task.Deadline}
	}
	return tasks, nil
}

// unknownCity refuses links to tasks that the city's plan does not have. One that it
// has taken out since may stand: the unit's plan was approved with it.
func unknownCity(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, changes []TaskChange) error {
	var keys []string
	for _, change := range changes {
		if change.Task.City != "" && !change.Removed {
			keys = append(keys, change.Task.City)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	const known = `
		select t.key from plan_tasks t join campaigns c on c.code = t.campaign
		where c.code = $1 and c.city_unit <> $2 and t.document_id = c.code || '-' || c.city_unit and t.key = any($3)
		for share of c` // so that nobody names another city's plan meanwhile
	var found []string
	if err := tx.SelectContext(ctx, &found, known, doc.Campaign, doc.Unit, pq.Array(keys)); err != nil {
		return wrap("look for tasks of the city", err)
	}
	exists := make(map[string]bool, len(found))
	for _, key := range found {
		exists[key] = true
	}
	var broken rule.Errors
	for i, change := range changes {
		if city := change.Task.City; city != "" && !change.Removed && !exists[city] {
			broken.Add(TaskCityUnknown, plan.TaskField(change.Task.Key, plan.ColumnCity), i+1)
		}
	}
	return broken.Err()
}

// LinkedTask is a unit's task that carries out one of the city's.
type LinkedTask struct {
	Document string
	Key      string
	Unit     string // name
	Place    int
	Task     plan.Task
	Status   plan.Status   // at the reader's instant
	Percent  *int          // as last noted; nil: never
	Given    *calendar.Day // the last day that was given after an outage; nil: none
}

// LinkedTasks lists the tasks of units within the scope that carry out the task of the
// city's plan, unit by unit, and counts them by status. The caller has read that plan.
func (s *Store) LinkedTasks(ctx context.Context, scope staff.Scope, v DocumentView, p PlanTracking, key string) ([]LinkedTask, plan.Tally, error) {
	const list = `
		select t.document_id, t.place, t.task, t.started_at, t.percent, t.done_on, t.cancelled_at, t.extended_to, u.name as unit
		from plan_tasks t join units u on u.code = t.unit_code
		where t.campaign = $1 and t.city_key = $2 and ($3 or t.unit_code = any($4))
		order by u.name collate "vi-x-icu", t.place`
	var rows []struct {
		planTask
		Document string `db:"document_id"`
		Unit     string `db:"unit"`
	}
	if err := s.db.SelectContext(ctx, &rows, list, v.Campaign.Code, key, scope.All, pq.Array(scope.Units)); err != nil {
		return nil, nil, wrap("list tasks that carry out the city's", err)
	}
	linked, tally := make([]LinkedTask, len(rows)), plan.Tally{}
	for i, row := range rows {
		one := LinkedTask{Document: row.Document, Unit: row.Unit, Place: row.Place, Percent: row.Percent, Given: row.ExtendedTo}
		if err := json.Unmarshal(row.Raw, &one.Task); err != nil {
			return nil, nil, fmt.Errorf("read tasks of %s: %w", row.Document, err)
		}
		one.Key = one.Task.Key
		one.Status = plan.StatusOf(one.Task.Deadline, row.facts(), p.Now, p.Table.Deadline, p.Calendar)
		tally[one.Status]++
		linked[i] = one
	}
	return linked, tally, nil
}
