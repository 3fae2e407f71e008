package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
)

// atUnits are the desks that the authority may chase: a document that it holds
// itself waits for its own officers.
const atUnits = ` and not d.closed and d.stage <> 'authority_review'`

// ReminderFilter is whom one click reminds: what the board is narrowed to, and
// without a filter those that are overdue, if there are any.
func ReminderFilter(f BoardFilter, overdue int) BoardFilter {
	if !f.narrows() && overdue > 0 {
		f.Flag = BoardOverdue
	}
	f.Sort, f.Page, f.All = "", 0, false
	return f
}

// ReminderOutcome is what a click does about one document.
type ReminderOutcome string

// The outcomes, in the order of lists.
const (
	ReminderSent   ReminderOutcome = "sent"   // its holders are told
	ReminderVacant ReminderOutcome = "vacant" // nobody holds the desk; the notice waits among the lost ones
	ReminderRecent ReminderOutcome = "recent" // left alone: something happened there within ReminderPause
	ReminderBusy   ReminderOutcome = "busy"   // left alone: somebody is deciding about it at this moment
	ReminderToday  ReminderOutcome = "today"  // left alone: reminded today already
)

// ReminderOutcomes lists every outcome in order.
var ReminderOutcomes = []ReminderOutcome{ReminderSent, ReminderVacant, ReminderRecent, ReminderBusy, ReminderToday}

// ReminderPause is how long a desk is left alone after something has happened
// there.
const ReminderPause = 4 * time.Hour

// ReminderResult is one document of a reminder.
type ReminderResult struct {
	Document string          `db:"id" json:"document"`
	UnitName string          `db:"unit_name" json:"unit_name"`
	Role     staff.Role      `db:"role" json:"role"` // of the desk
	Holders  pq.StringArray  `db:"holders" json:"holders"`
	DueAt    time.Time       `db:"due_at" json:"due_at"`
	Outcome  ReminderOutcome `db:"-" json:"outcome"`
}

// ReminderRun is one click and what it did, unit by unit, in order of name.
type ReminderRun struct {
	Campaign string
	By       string // name
	At       time.Time
	Results  []ReminderResult
}

// Counts is how many documents had each outcome.
func (r ReminderRun) Counts() map[ReminderOutcome]int {
	counts := map[ReminderOutcome]int{}
	for _, one := range r.Results {
		counts[one.Outcome]++
	}
	return counts
}

// chasedRow is a document whose holders may be reminded.
type chasedRow struct {
	ReminderResult
	Stage    document.Stage `db:"stage"`
	Revision int            `db:"revision"`
	Task     int64          `db:"task"`
	Unit     string         `db:"unit_code"` // of the desk
	Recent   bool           `db:"recent"`
	Busy     bool           `db:"busy"`
	Today    bool           `db:"today"`
}

func (r chasedRow) outcome() ReminderOutcome {
	switch {
	case r.Busy:
		return ReminderBusy
	case r.Today:
		return ReminderToday
	case r.Recent:
		return ReminderRecent
	case len(r.Holders) == 0:
		return ReminderVacant
	}
	return ReminderSent
}

// chased reads the documents that fit, with all that decides what becomes of each;
// lock may end the statement.
func chased(ctx context.Context, tx *sqlx.Tx, code string, f BoardFilter, now time.Time, lock string) ([]chasedRow, error) {
	list := `
		with fitting as (
			select d.id` + boardFrom(f, everywhere) + atUnits + `)
		select d.id, u.name as unit_name, d.stage, d.revision, d.due_at, k.id as task, k.role, k.unit_code,
		       array(select q.name ` + boardHolders + ` order by q.name collate "vi-x-icu") as holders,
		       greatest(d.desk_since,
		           (select max(x.updated_at) from draft_sections x where x.document_id = d.id),
		           (select max(x.updated_at) from draft_figures x where x.document_id = d.id)) > $8 as recent,
		       exists (select from decisions w where w.document_id = d.id and w.outcome is null) as busy,
		       exists (select from history h where h.key = d.id || ':reminded:' || $9) as today
		from fitting join documents d on d.id = fitting.id` + boardUnits + `
		join tasks k on k.document_id = d.id and k.closed_at is null
		where d.closed_at is null and d.stage <> 'authority_review'
		order by u.name collate "vi-x-icu", d.id` + lock
	args := append(boardArgs(code, everywhere, f, now), now.Add(-ReminderPause), calendar.DayOf(now).String())
	var rows []chasedRow
	if err := tx.SelectContext(ctx, &rows, list, args...); err != nil {
		return nil, wrap("list desks", err)
	}
	for i := range rows {
		rows[i].Outcome = rows[i].outcome()
	}
	return rows, nil
}

// ReminderPreview tells what RemindHolders would do now, and changes nothing.
func (s *Store) ReminderPreview(ctx context.Context, code string, f BoardFilter) (ReminderRun, error) {
	run := ReminderRun{Campaign: code}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &run.At, `select clock_timestamp()`); err != nil {
			return wrap("read clock", err)
		}
		rows, err := chased(ctx, tx, code, f, run.At, "")
		run.Results = results(rows)
		return err
	})
	if err != nil {
		return ReminderRun{}, fmt.Errorf("preview reminder of %s: %w", code, err)
	}
	return run, nil
}

func results(rows []chasedRow) []ReminderResult {
	out := make([]ReminderResult, len(rows))
	for i, row := range rows {
		out[i] = row.ReminderResult
	}
	return out
}

// RemindHolders tells whoever holds the documents at the units' desks that fit
// the filter, once a day. Left alone is a desk where something happened within
// ReminderPause (it got the document, a draft was saved), and a document that is
// being decided about at this moment. The same key again does nothing: what the
// first click did is read by ReminderRun.
func (s *Store) RemindHolders(ctx context.Context, key uuid.UUID, code string, f BoardFilter, by staff.Actor) error {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// A whole city at once: this one transaction may take longer than a page.
		if _, err := tx.ExecContext(ctx, `set local statement_timeout = '30s'`); err != nil {
			return wrap("remind holders", err)
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("remind holders", err)
		}
		all, err := chased(ctx, tx, code, f, now, "")
		if err != nil {
			return err
		}
		free, err := chased(ctx, tx, code, f, now, ` for no key update of d skip locked`)
		if err != nil {
			return err
		}
		if err := addReminderRun(ctx, tx, key, code, by, now, merged(all, free)); err != nil {
			return err
		}
		return remind(ctx, tx, free, by, now)
	})
	if uniqueViolation(err, "reminder_runs_pkey") {
		return nil // the second click; all of it was rolled back
	}
	if err != nil {
		return fmt.Errorf("remind holders of %s: %w", code, err)
	}
	return nil
}

// merged marks as busy what is locked by somebody else.
func merged(all, free []chasedRow) []ReminderResult {
	outcomes := map[string]ReminderOutcome{}
	for _, row := range free {
		outcomes[row.Document] = row.Outcome
	}
	merged := results(all)
	for i := range merged {
		outcome, ours := outcomes[merged[i].Document]
		if merged[i].Outcome = outcome; !ours {
			merged[i].Outcome = ReminderBusy
		}
	}
	return merged
}

func addReminderRun(ctx context.Context, tx *sqlx.Tx, key uuid.UUID, code string, by staff.Actor, now time.Time, rows []ReminderResult) error {
	const add = `insert into reminder_runs (key, campaign, person_id, run_at, results) values ($1, $2, $3, $4, $5)`
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("keep reminder run: %w", err)
	}
	_, err = tx.ExecContext(ctx, add, key, code, by.Person, now, string(text))
	return wrap("keep reminder run", err)
}

// remind writes the notices and the lines of history of those that are told, and
// of vacant desks, whose notice is found by whoever takes the desk.
func remind(ctx context.Context, tx *sqlx.Tx, rows []chasedRow, by staff.Actor, now time.Time) error {
	const remember = `
		insert into history (document_id, key, at, event, person_id, role, revision, from_stage, to_stage, detail)
		select r.id, r.id || ':reminded:' || $2, $3, 'reminded', $4, $5, r.revision, r.stage, r.stage,
		       jsonb_build_object('to', jsonb_build_array('holder'), 'due', r.due)
		from jsonb_to_recordset($1) as r(id text, revision int, stage text, due bigint)
		on conflict (key) do nothing`
	type told struct {
		ID       string         `json:"id"`
		Revision int            `json:"revision"`
		Stage    document.Stage `json:"stage"`
		Due      int64          `json:"due"`
	}
	var notices []Notice
	events := []told{}
	day := calendar.DayOf(now).String()
	for _, row := range rows {
		if row.Outcome != ReminderSent && row.Outcome != ReminderVacant {
			continue
		}
		kind := NoticeReminder
		if document.Overdue(row.DueAt, false, now) {
			kind = NoticeOverdue
		}
		notices = append(notices, Notice{
			Key: row.Document + ":reminded:" + day, Kind: kind, Document: row.Document, Task: row.Task, Role: row.Role, Unit: row.Unit,
			Args: map[string]any{"due": row.DueAt.Unix(), "stage": string(row.Stage)},
		})
		events = append(events, told{row.Document, row.Revision, row.Stage, row.DueAt.Unix()})
	}
	text, err := json.Marshal(events)
	if err != nil {
		return fmt.Errorf("remember reminders: %w", err)
	}
	if _, err := tx.ExecContext(ctx, remember, string(text), day, now, by.Person, staff.Officer); err != nil {
		return wrap("remember reminders", err)
	}
	return addNotices(ctx, tx, notices)
}

// ReminderRun reads what a click did. ErrNotFound: there was none with the key in
// this campaign.
func (s *Store) ReminderRun(ctx context.Context, code string, key uuid.UUID) (ReminderRun, error) {
	const read = `
		select r.campaign, p.name as by, r.run_at as at, r.results
		from reminder_runs r join persons p on p.id = r.person_id
		where r.key = $1 and r.campaign = $2`
	var row struct {
		ReminderRun
		Raw []byte `db:"results"`
	}
	if err := s.db.GetContext(ctx, &row, read, key, code); err != nil {
		return ReminderRun{}, wrap("read reminder run", err)
	}
	if err := json.Unmarshal(row.Raw, &row.Results); err != nil {
		return ReminderRun{}, fmt.Errorf("read reminder run: %w", err)
	}
	return row.ReminderRun, nil
}
