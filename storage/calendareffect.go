package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
)

const markColumns = `date, kind, name, certainty, legal_number, legal_date, pair`

// Holidays lists every marked day in order.
func (s *Store) Holidays(ctx context.Context) ([]calendar.Mark, error) {
	const list = `select ` + markColumns + ` from holidays order by date`
	var marks []calendar.Mark
	err := sqlx.SelectContext(ctx, s.db, &marks, list)
	return marks, wrap("list holidays", err)
}

// CalendarEffect is everything that an edit of the calendar moves, and what it
// leaves, as it stands at one instant.
type CalendarEffect struct {
	Version   int // of the calendar that was looked at
	Now       time.Time
	Campaigns []CampaignEffect // with open documents, the newest first
	Tasks     []TaskMoves      // of living plans, in order of time
	Proposals []ProposalMove   // open ones

	before, after calendar.Calendar
	deadlines     []deadlineMove
}

// CampaignEffect is what an edit does to one campaign with open documents.
type CampaignEffect struct {
	Code, Name string
	ByRule     bool // its due follows from a rule; else it was set by hand
	From, To   time.Time
	Rungs      []campaign.RungMove // of the ladder against the campaign's own due
	Open       int
	Moved      []DocumentMove        // whose present due moves, in order of unit
	Kept       map[campaign.Kept]int // whose due stays though the campaign's moves

	due      period.Due
	newDue   period.Due
	standing []standingRow
	ladder   period.Ladder
	confirm  period.Ladder
}

// DocumentMove is one document whose due moves.
type DocumentMove struct {
	Document string
	UnitName string
	Stage    document.Stage
	From, To time.Time
	unit     string
	unitDue  time.Time
	revision int
}

// Moves counts campaigns whose own due moves, and documents.
func (e CalendarEffect) Moves() (campaigns, documents int) {
	for _, c := range e.Campaigns {
		if !c.From.Equal(c.To) {
			campaigns++
		}
		documents += len(c.Moved)
	}
	return campaigns, documents
}

// MovedTasks counts the open tasks of living plans whose last day moves.
func (e CalendarEffect) MovedTasks() int {
	n := 0
	for _, one := range e.Tasks {
		n += one.Tasks
	}
	return n
}

// campaignRow is an open campaign with the rule its due follows from.
type campaignRow struct {
	Code          string       `db:"code"`
	Name          string       `db:"name"`
	Period        string       `db:"period"`
	WindowFrom    calendar.Day `db:"window_from"`
	WindowTo      calendar.Day `db:"window_to"`
	period.Due                 // as it was set
	DueAt         time.Time    `db:"due_at"`
	Ladder        []byte       `db:"ladder"`
	ConfirmLadder []byte       `db:"confirm_ladder"`
	Rule          *int64       `db:"due_rule"`
}

// standingRow is an open document.
type standingRow struct {
	ID          string         `db:"id"`
	Campaign    string         `db:"campaign"`
	Unit        string         `db:"unit_code"`
	UnitName    string         `db:"unit_name"`
	Stage       document.Stage `db:"stage"`
	Revision    int            `db:"revision"`
	CampaignDue time.Time      `db:"campaign_due"`
	UnitDue     time.Time      `db:"unit_due_at"`
	Due         time.Time      `db:"due_at"`
	Extended    bool           `db:"extended"`
	Signed      bool           `db:"signed"`
	Arrived     time.Time      `db:"desk_since"`
	SentBack    *time.Time     `db:"sent_back"`
	ConfirmDays int            `db:"confirm_days"`
	Resubmit    int            `db:"resubmit_days"`
}

func (r standingRow) standing() campaign.Standing {
	return campaign.Standing{
		Stage: r.Stage, CampaignDue: r.CampaignDue, UnitDue: r.UnitDue, Due: r.Due, Extended: r.Extended,
		Signed: r.Signed, Arrived: r.Arrived, SentBack: r.SentBack, ConfirmDays: r.ConfirmDays, Resubmit: r.Resubmit,
	}
}

// PreviewCalendar tells what an edit would move, and changes nothing. rule.Errors:
// what is wrong with it.
func (s *Store) PreviewCalendar(ctx context.Context, change calendar.Change) (CalendarEffect, error) {
	var effect CalendarEffect
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `set transaction isolation level repeatable read, read only`); err != nil {
			return wrap("preview calendar", err)
		}
		var err error
		effect, err = s.calendarEffect(ctx, tx, change)
		return err
	})
	return effect, err
}

// calendarEffect reads and reckons what an edit moves.
func (s *Store) calendarEffect(ctx context.Context, tx *sqlx.Tx, change calendar.Change) (CalendarEffect, error) {
	const clock = `select clock_timestamp() as now, coalesce(max(version), 0) as version from calendar_changes`
	var effect CalendarEffect
	if err := tx.QueryRowxContext(ctx, clock).Scan(&effect.Now, &effect.Version); err != nil {
		return effect, wrap("read the calendar's version", err)
	}
	var err error
	if effect.before, err = loadCalendar(ctx, tx); err != nil {
		return effect, err
	}
	if broken := effect.before.Check(change, calendar.DayOf(effect.Now)); broken != nil {
		return effect, broken
	}
	effect.after = effect.before.With(change)
	if effect.Campaigns, err = openCampaigns(ctx, tx, effect.before, effect.after); err != nil {
		return effect, err
	}
	rows, err := openStandings(ctx, tx)
	if err != nil {
		return effect, err
	}
	at := map[string]*CampaignEffect{}
	for i := range effect.Campaigns {
		at[effect.Campaigns[i].Code] = &effect.Campaigns[i]
	}
	for _, row := range rows {
		if c := at[row.Campaign]; c != nil {
			c.take(row, effect.before, effect.after)
		}
	}
	for _, c := range at {
		c.Rungs = campaign.MovedRungs(c.ladder, c.From, c.To, effect.before, effect.after, effect.Now)
	}
	if effect.deadlines, err = s.movedDeadlines(ctx, tx, change, effect.after); err != nil {
		return effect, err
	}
	if effect.Tasks, err = taskMoves(ctx, tx, effect.deadlines); err != nil {
		return effect, err
	}
	effect.Proposals, err = movedProposals(ctx, tx, effect.before, effect.after)
	return effect, err
}

// openCampaigns are the campaigns with an open document, with their dues before and
// after.
func openCampaigns(ctx context.Context, tx *sqlx.Tx, before, after calendar.Calendar) ([]CampaignEffect, error) {
	const list = `
		select code, name, period, window_from, window_to, due_day, due_inclusive, due_cutoff, due_shift, due_at,
		       ladder, confirm_ladder, due_rule
		from campaigns c
		where exists (select from documents d where d.campaign = c.code and d.closed_at is null)
		order by launched_at desc, code`
	var rows []campaignRow
	if err := tx.SelectContext(ctx, &rows, list); err != nil {
		return nil, wrap("list open campaigns", err)
	}
	rules, err := loadRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	byID := map[int64]period.Rule{}
	for _, one := range rules {
		byID[one.ID] = one
	}
	effects := make([]CampaignEffect, len(rows))
	for i, row := range rows {
		basis := campaign.DueBasis{Due: row.Due, DueAt: row.DueAt, Window: period.Window{From: row.WindowFrom, To: row.WindowTo}}
		if row.Rule != nil {
			if one, known := byID[*row.Rule]; known {
				basis.Rule = &one
			}
			if basis.Period, err = period.Parse(row.Period); err != nil {
				return nil, fmt.Errorf("read period of %s: %w", row.Code, err)
			}
		}
		effect := CampaignEffect{Code: row.Code, Name: row.Name, ByRule: basis.Rule != nil, From: row.DueAt, due: row.Due, Kept: map[campaign.Kept]int{}}
		effect.newDue, effect.To = basis.After(before, after)
		if err := json.Unmarshal(row.Ladder, &effect.ladder); err != nil {
			return nil, fmt.Errorf("read ladder of %s: %w", row.Code, err)
		}
		if err := json.Unmarshal(row.ConfirmLadder, &effect.confirm); err != nil {
			return nil, fmt.Errorf("read ladder of %s: %w", row.Code, err)
		}
		effects[i] = effect
	}
	return effects, nil
}

// openStandings reads every open document with what its dues follow from.
func openStandings(ctx context.Context, tx *sqlx.Tx) ([]standingRow, error) {
	const list = `
		select d.id, d.campaign, d.unit_code, u.name as unit_name, d.stage, d.revision, c.due_at as campaign_due, d.unit_due_at, d.due_at,
		       d.extended_at is not null as extended, d.first_signed_at is not null as signed, d.desk_since,
		       case when d.returns > 0 then (
		           select h.at from history h
		           where h.document_id = d.id and h.event = 'return' and h.from_stage = 'authority_review'
		           order by h.id desc limit 1) end as sent_back,
		       c.confirm_days, c.resubmit_days
		from documents d join campaigns c on c.code = d.campaign join units u on u.code = d.unit_code
		where d.closed_at is null
		order by u.name collate "vi-x-icu", d.id`
	var rows []standingRow
	err := tx.SelectContext(ctx, &rows, list)
	return rows, wrap("list open documents", err)
}

// take reckons one document's dues.
func (c *CampaignEffect) take(row standingRow, before, after calendar.Calendar) {
	c.Open++
	c.standing = append(c.standing, row)
	standing := row.standing()
	dues := standing.After(before, after, c.To)
	if !dues.Desk.Equal(row.Due) || !dues.Unit.Equal(row.UnitDue) {
		c.Moved = append(c.Moved, DocumentMove{
			Document: row.ID, UnitName: row.UnitName, Stage: row.Stage, From: row.Due, To: dues.Desk,
			unit: row.Unit, unitDue: dues.Unit, revision: row.Revision,
		})
		return
	}
	if kept := standing.Kept(); kept != "" && !c.From.Equal(c.To) {
		c.Kept[kept]++
	}
}
