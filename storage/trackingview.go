package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/plan"
)

// TrackedTask is a task of a living plan as its pages tell it.
type TrackedTask struct {
	plan.Task
	Place   int           // its row, from 1
	Status  plan.Status   // at the reader's instant
	LastDay *calendar.Day // last day in time; nil: no day is named
	EndsAt  *time.Time    // the end of that day's time
	Given   bool          // that day was given after an outage
	Percent *int          // as last noted; nil: never
	DoneOn  *calendar.Day // day of the result document
	Newest  *TaskEntry    // newest progress or withdrawal; nil: none
	Result  *TaskEntry    // the result that stands; nil: none
}

// PlanTracking is a plan that lives.
type PlanTracking struct {
	Revision int // whose tasks these are
	Table    plan.Table
	Tasks    []TrackedTask // in the order of the approved table; cancelled ones among them
	Tally    plan.Tally
	Ended    bool
	Now      time.Time // the database's clock, by which statuses are derived
	Calendar calendar.Calendar
}

// PlanTracking reads a plan that lives, for a document that the caller has read
// within the reader's scope. ErrNotFound: it is none.
func (s *Store) PlanTracking(ctx context.Context, v DocumentView) (PlanTracking, error) {
	p := PlanTracking{Tally: plan.Tally{}}
	const read = `select revision, ended_at is not null, clock_timestamp() from plan_trackings where document_id = $1`
	if err := s.db.QueryRowxContext(ctx, read, v.ID).Scan(&p.Revision, &p.Ended, &p.Now); err != nil {
		return p, wrap("read tracking of "+v.ID, err)
	}
	version, err := s.FormVersion(ctx, v.Campaign.Form, v.Campaign.FormVersion)
	if err != nil {
		return p, err
	}
	if version.Plan == nil {
		return p, ErrNotFound
	}
	p.Table = *version.Plan
	if p.Calendar, err = s.Calendar(ctx); err != nil {
		return p, err
	}
	const list = `select ` + planTaskColumns + ` from plan_tasks where document_id = $1 order by cancelled_at is not null, place, key`
	var rows []planTask
	if err := s.db.SelectContext(ctx, &rows, list, v.ID); err != nil {
		return p, wrap("list tracked tasks", err)
	}
	newest, results, err := s.newestEntries(ctx, v.ID)
	if err != nil {
		return p, err
	}
	for _, row := range rows {
		one := TrackedTask{Place: row.Place, LastDay: row.LastDay, EndsAt: row.EndsAt, Percent: row.Percent, DoneOn: row.DoneOn}
		if err := json.Unmarshal(row.Raw, &one.Task); err != nil {
			return p, fmt.Errorf("read task %s of %s: %w", row.Key, v.ID, err)
		}
		one.Given = row.ExtendedTo != nil && row.LastDay != nil && *row.ExtendedTo == *row.LastDay
		one.Status = plan.StatusOf(one.Deadline, row.facts(), p.Now, p.Table.Deadline, p.Calendar)
		one.Newest, one.Result = newest[row.Key], results[row.Key]
		p.Tally[one.Status]++
		p.Tasks = append(p.Tasks, one)
	}
	return p, nil
}

// newestEntries are, by task, the newest word about the work and the result that
// stands.
func (s *Store) newestEntries(ctx context.Context, id string) (newest, results map[string]*TaskEntry, err error) {
	const list = readEntries + `
		where e.document_id = $1 and (
		    e.id in (select result_id from plan_tasks where document_id = $1)
		    or e.id in (select max(id) from task_entries where document_id = $1 and kind <> 'result' group by task))`
	var rows []TaskEntry
	if err := s.db.SelectContext(ctx, &rows, list, id); err != nil {
		return nil, nil, wrap("list newest entries", err)
	}
	newest, results = map[string]*TaskEntry{}, map[string]*TaskEntry{}
	for i, row := range rows {
		if row.Kind == plan.Result {
			results[row.Task] = &rows[i]
		} else {
			newest[row.Task] = &rows[i]
		}
	}
	return newest, results, nil
}

// TracksPlan tells whether the document is a plan that lives or has lived.
func (s *Store) TracksPlan(ctx context.Context, id string) (bool, error) {
	var tracked bool
	err := s.db.GetContext(ctx, &tracked, `select exists (select from plan_trackings where document_id = $1)`, id)
	return tracked, wrap("look for tracking", err)
}

// LivingPlans lists ids of plans that live after the given one, at most limit.
func (s *Store) LivingPlans(ctx context.Context, after string, limit int) ([]string, error) {
	const list = `select document_id from plan_trackings where ended_at is null and document_id > $1 order by document_id limit $2`
	var ids []string
	err := s.db.SelectContext(ctx, &ids, list, after, limit)
	return ids, wrap("list living plans", err)
}
