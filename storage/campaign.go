package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
)

// Codes of what only the database can tell about a launch.
const (
	CampaignCodeTaken rule.Code = "campaign_code_taken"
	UnitUnknown       rule.Code = "unit_unknown" // args: the unit
	UnitInRoster      rule.Code = "unit_in_roster"
)

// LaunchCampaign makes the campaign and a document for every unit of its roster
// in one transaction: documents, tasks, history and notices are there together
// or not at all. The same key again returns the campaign it made the first time.
// Starting the workflows is LaunchCampaign the workflow's work.
func (s *Store) LaunchCampaign(ctx context.Context, key uuid.UUID, by int64, p campaign.Plan) (code string, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Thousands of rows: this one transaction may take longer than a page.
		if _, err := tx.ExecContext(ctx, `set local statement_timeout = '60s'`); err != nil {
			return wrap("launch campaign", err)
		}
		if code, err = launchedUnder(ctx, tx, key); code != "" || err != nil {
			return err
		}
		code = p.Code
		return s.launch(ctx, tx, key, by, p)
	})
	if uniqueViolation(err, "campaigns_launch_key_key") || uniqueViolation(err, "campaigns_pkey") ||
		uniqueViolation(err, "form_versions_pkey") { // the form of an ad hoc report
		return launchedMeanwhile(ctx, s.db, key)
	}
	return code, err
}

// launchedMeanwhile tells a second click at the same moment, which finds its
// campaign, from another campaign that has taken the code.
func launchedMeanwhile(ctx context.Context, q sqlx.QueryerContext, key uuid.UUID) (string, error) {
	code, err := launchedUnder(ctx, q, key)
	if code == "" && err == nil {
		return "", rule.Broken(CampaignCodeTaken, "code")
	}
	return code, err
}

// LaunchedUnder is the code of the campaign launched under the key. ErrNotFound:
// there is none.
func (s *Store) LaunchedUnder(ctx context.Context, key uuid.UUID) (string, error) {
	code, err := launchedUnder(ctx, s.db, key)
	if err == nil && code == "" {
		err = fmt.Errorf("look for the launch: %w", ErrNotFound)
	}
	return code, err
}

func launchedUnder(ctx context.Context, q sqlx.QueryerContext, key uuid.UUID) (string, error) {
	var code string
	err := sqlx.GetContext(ctx, q, &code, `select code from campaigns where launch_key = $1`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return code, wrap("look for the launch", err)
}

func (s *Store) launch(ctx context.Context, tx *sqlx.Tx, key uuid.UUID, by int64, p campaign.Plan) error {
	if err := holdCalendar(ctx, tx); err != nil {
		return err
	}
	days, err := loadCalendar(ctx, tx)
	if err != nil {
		return err
	}
	var now time.Time
	if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
		return wrap("launch campaign", err)
	}
	p = p.At(now, days)
	broken := p.Validate(days, now)
	version, err := s.launchedForm(ctx, tx, p)
	if err != nil {
		return err
	}
	if (version.Plan != nil) != (p.Kind == document.Plan) || (version.Index != nil) != (p.Kind == document.Index) {
		broken.Add(campaign.FormOtherKind, "form")
	}
	if err := broken.Err(); err != nil {
		return err
	}
	if err := formOffered(ctx, tx, p.Form, p.FormVersion); err != nil {
		return err
	}
	if p.Proposal != 0 {
		if err := lockOpenProposal(ctx, tx, p.Proposal); err != nil {
			return err
		}
	}
	if p.Request != nil {
		if err := addRequestForm(ctx, tx, p, by); err != nil {
			return err
		}
	}
	if err := insertCampaign(ctx, tx, key, by, p, days, now); err != nil {
		return err
	}
	if p.Appraisal != nil && p.Kind == document.Index {
		if err := putAppraisalSchedule(ctx, tx, p.Code, *p.Appraisal, by); err != nil {
			return err
		}
	}
	if p.Request != nil {
		if err := addRequest(ctx, tx, key, p, by); err != nil {
			return err
		}
	}
	if err := answerProposals(ctx, tx, p, by, now); err != nil {
		return err
	}
	if err := addDocuments(ctx, tx, p.Code, p.Units, by, now); err != nil {
		return err
	}
	return addNoticesForLaunch(ctx, tx, p.Code)
}

// launchedForm is the form that the plan brings with it or names.
func (s *Store) launchedForm(ctx context.Context, tx *sqlx.Tx, p campaign.Plan) (form.Version, error) {
	if p.Request != nil {
		return p.Request.Form, nil
	}
	return s.formVersion(ctx, tx, p.Form, p.FormVersion)
}

func insertCampaign(ctx context.Context, tx *sqlx.Tx, key uuid.UUID, by int64, p campaign.Plan, c calendar.Calendar, now time.Time) error {
	const insert = `
		insert into campaigns (code, launch_key, kind, name, form, form_version, period,
			window_from, window_to, due_day, due_inclusive, due_cutoff, due_shift, due_at,
			ladder, confirm_days, resubmit_days, confirm_ladder, guidance, launched_by, launched_at, due_rule, city_unit)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, nullif($23, ''))`
	byRule, err := dueRule(ctx, tx, p, c)
	if err != nil {
		return err
	}
	ladder, err := json.Marshal(p.Ladder)
	if err != nil {
		return fmt.Errorf("insert campaign: %w", err)
	}
	confirm, err := json.Marshal(p.ConfirmLadder)
	if err != nil {
		return fmt.Errorf("insert campaign: %w", err)
	}
	_, err = tx.ExecContext(ctx, insert, p.Code, key, p.Kind, p.Name, p.Form, p.FormVersion,
		p.Period, p.Window.From, p.Window.To, p.Due.Day, p.Due.Inclusive, p.Due.Cutoff,
		p.Due.Shift, p.Due.LastInstant(c), string(ladder), p.ConfirmDays, p.ResubmitDays,
		string(confirm), p.Guidance, by, now, byRule, p.CityUnit)
	return wrap("insert campaign", err)
}

// addDocuments makes a document, its first task and its first line of history
// for each unit. wake_at is now: the relay starts what the launch does not reach.
func addDocuments(ctx context.Context, tx *sqlx.Tx, code string, units []string, by int64, now time.Time) error {
	const unknown = `
		select u from unnest($1::text[]) u
		where not exists (select from units where code = u and valid_from <= $2::date
			and (valid_to is null or valid_to >= $2::date)) limit 1`
	var missing string
	err := tx.GetContext(ctx, &missing, unknown, pq.Array(units), calendar.DayOf(now))
	if err == nil {
		return rule.Broken(UnitUnknown, "units", missing)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return wrap("check roster", err)
	}
	const documents = `
		insert into documents (id, campaign, unit_code, kind, unit_due_at, due_at,
			desk_since, rung_at, wake_at, created_at)
		select c.code || '-' || u, c.code, u, c.kind, c.due_at, c.due_at, $3, $3, $3, $3
		from campaigns c, unnest($2::text[]) u where c.code = $1`
	if _, err := tx.ExecContext(ctx, documents, code, pq.Array(units), now); err != nil {
		if uniqueViolation(err, "documents_pkey") {
			return rule.Broken(UnitInRoster, "units")
		}
		return wrap("add documents", err)
	}
	const tasks = `
		insert into tasks (document_id, stage, role, unit_code, opened_at, due_at)
		select id, stage, 'specialist', unit_code, created_at, due_at
		from documents where campaign = $1 and unit_code = any($2)`
	if _, err := tx.ExecContext(ctx, tasks, code, pq.Array(units)); err != nil {
		return wrap("add tasks", err)
	}
	const history = `
		insert into history (document_id, key, at, event, person_id, role, revision, to_stage)
		select id, id || ':launched', created_at, 'launched', $3, 'officer', 0, stage
		from documents where campaign = $1 and unit_code = any($2)`
	if _, err := tx.ExecContext(ctx, history, code, pq.Array(units), by); err != nil {
		return wrap("add history", err)
	}
	return indexLaunched(ctx, tx, code, units, now)
}

// AddCampaignUnit adds a unit to a launched campaign's roster and returns the id
// of its document. UnitInRoster: it is there already.
func (s *Store) AddCampaignUnit(ctx context.Context, code, unit string, by int64) (string, error) {
	id := code + "-" + unit
	return id, s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := holdCalendar(ctx, tx); err != nil {
			return err
		}
		var now time.Time
		const clock = `select clock_timestamp() from campaigns where code = $1`
		if err := tx.GetContext(ctx, &now, clock, code); err != nil {
			return wrap("add unit to campaign "+code, err)
		}
		if err := addDocuments(ctx, tx, code, []string{unit}, by, now); err != nil {
			return err
		}
		return addNotices(ctx, tx, []Notice{{
			Key: id + ":launched:specialist", Kind: NoticeLaunched, Document: id,
			Role: "specialist", Unit: unit,
		}})
	})
}

// CampaignDocuments lists ids of the campaign's documents after the given one,
// in order, at most limit: the launch walks them in batches.
func (s *Store) CampaignDocuments(ctx context.Context, code, after string, limit int) ([]string, error) {
	const list = `select id from documents where campaign = $1 and id > $2 order by id limit $3`
	var ids []string
	err := s.db.SelectContext(ctx, &ids, list, code, after, limit)
	return ids, wrap("list documents of campaign "+code, err)
}

// MarkCampaignStarted notes that every document's workflow has been started.
func (s *Store) MarkCampaignStarted(ctx context.Context, code string) error {
	const mark = `update campaigns set started_at = coalesce(started_at, clock_timestamp()) where code = $1`
	_, err := s.db.ExecContext(ctx, mark, code)
	return wrap("mark campaign started", err)
}
