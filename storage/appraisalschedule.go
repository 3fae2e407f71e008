package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// AppraisalSchedule is what the appraisal of a campaign goes by, with what an edit of it
// must be based on.
type AppraisalSchedule struct {
	appraisal.Schedule
	Version int    // 0: nothing was laid down; the usual one holds
	By      string // who changed it last
	At      time.Time
}

// AppraisalSchedule reads the schedule of a campaign of self-assessments.
func (s *Store) AppraisalSchedule(ctx context.Context, campaign string) (AppraisalSchedule, error) {
	return appraisalSchedule(ctx, s.db, campaign)
}

func appraisalSchedule(ctx context.Context, q sqlx.QueryerContext, campaign string) (AppraisalSchedule, error) {
	const read = `
		select s.first_days, s.first_on, s.explain_days, s.explain_on, s.second_days, s.second_on, s.ladder, s.version,
		       p.name as by, s.updated_at
		from appraisal_schedules s join persons p on p.id = s.updated_by where s.campaign = $1`
	var row struct {
		FirstDays   int           `db:"first_days"`
		FirstOn     *calendar.Day `db:"first_on"`
		ExplainDays int           `db:"explain_days"`
		ExplainOn   *calendar.Day `db:"explain_on"`
		SecondDays  int           `db:"second_days"`
		SecondOn    *calendar.Day `db:"second_on"`
		Ladder      []byte        `db:"ladder"`
		Version     int           `db:"version"`
		By          string        `db:"by"`
		At          time.Time     `db:"updated_at"`
	}
	err := sqlx.GetContext(ctx, q, &row, read, campaign)
	if errors.Is(err, sql.ErrNoRows) {
		ladders, err := loadLadders(ctx, q)
		return AppraisalSchedule{Schedule: appraisal.DefaultSchedule(ladders.Of(reminder.Appraisal))}, err
	}
	if err != nil {
		return AppraisalSchedule{}, wrap("read schedule of an appraisal", err)
	}
	schedule := AppraisalSchedule{Version: row.Version, By: row.By, At: row.At, Schedule: appraisal.Schedule{
		First:   appraisal.Time{Days: row.FirstDays, On: row.FirstOn},
		Explain: appraisal.Time{Days: row.ExplainDays, On: row.ExplainOn},
		Second:  appraisal.Time{Days: row.SecondDays, On: row.SecondOn},
	}}
	if err := json.Unmarshal(row.Ladder, &schedule.Ladder); err != nil {
		return schedule, fmt.Errorf("read schedule of the appraisal of %s: %w", campaign, err)
	}
	return schedule, nil
}

// ScheduleField is the field of a conflict about a schedule.
const ScheduleField = "schedule"

// SaveAppraisalSchedule lays down the schedule of a campaign of self-assessments, over
// the version that was on the screen. Rounds under way that have no end of their own
// follow it: their workflows are told to look. The audit says who and from where; what is
// said here. Conflicts: somebody else has changed it since. rule.Errors: what is wrong with it, or not the person. ErrNotFound: no such
// campaign, or one of another kind.
func (s *Store) SaveAppraisalSchedule(ctx context.Context, campaign string, schedule appraisal.Schedule, base int, actor staff.Actor, audit Audit) error {
	if !actor.Holds(staff.Officer, s.authority) {
		return rule.Broken(document.NotYourRole, "")
	}
	if broken := schedule.Validate(); broken != nil {
		return broken
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		const lock = `select code from campaigns where code = $1 and kind = 'index' for no key update`
		var code string
		if err := tx.GetContext(ctx, &code, lock, campaign); err != nil {
			return wrap("lock campaign "+campaign, err)
		}
		now, err := appraisalSchedule(ctx, tx, campaign)
		if err != nil {
			return err
		}
		if now.Version != base {
			return Conflicts{{Field: ScheduleField, Version: now.Version, By: now.By, At: now.At}}
		}
		if err := putAppraisalSchedule(ctx, tx, campaign, schedule, actor.Person); err != nil {
			return err
		}
		if err := wakeAppraisals(ctx, tx, campaign); err != nil {
			return err
		}
		audit.Action, audit.Object = AuditAppraisalSchedule, campaign
		audit.Detail = map[string]any{"before": roundsOf(now.Schedule), "after": roundsOf(schedule)}
		return addAudit(ctx, tx, audit)
	})
}

// roundsOf are the rounds of a schedule as the audit tells them.
func roundsOf(s appraisal.Schedule) map[string]any {
	return map[string]any{"first": s.First, "explain": s.Explain, "second": s.Second}
}

func putAppraisalSchedule(ctx context.Context, tx sqlx.ExecerContext, campaign string, schedule appraisal.Schedule, by int64) error {
	const put = `
		insert into appraisal_schedules (campaign, first_days, first_on, explain_days, explain_on, second_days, second_on, ladder, updated_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (campaign) do update
		set first_days = excluded.first_days, first_on = excluded.first_on, explain_days = excluded.explain_days,
		    explain_on = excluded.explain_on, second_days = excluded.second_days, second_on = excluded.second_on,
		    ladder = excluded.ladder, version = appraisal_schedules.version + 1, updated_by = excluded.updated_by, updated_at = clock_timestamp()`
	ladder, err := json.Marshal(schedule.Ladder)
	if err != nil {
		return fmt.Errorf("save schedule: %w", err)
	}
	_, err = tx.ExecContext(ctx, put, campaign, schedule.First.Days, schedule.First.On, schedule.Explain.Days, schedule.Explain.On,
		schedule.Second.Days, schedule.Second.On, string(ladder), by)
	return wrap("save schedule of an appraisal", err)
}
