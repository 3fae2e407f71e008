package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// ProposalState is where a proposal stands.
type ProposalState string

// The states.
const (
	ProposalOpen      ProposalState = "open"
	ProposalLaunched  ProposalState = "launched"
	ProposalDismissed ProposalState = "dismissed"
)

// Proposal is a campaign that a series asks to be launched, with what launching
// it would have meant when it was proposed.
type Proposal struct {
	ID         int64         `db:"id"`
	Series     string        `db:"series"`
	SeriesName string        `db:"series_name"`
	Form       string        `db:"form"`
	Plans      bool          `db:"plans"` // it asks for the plans of a year
	Period     string        `db:"period"`
	WindowFrom calendar.Day  `db:"window_from"`
	WindowTo   calendar.Day  `db:"window_to"`
	DueAt      time.Time     `db:"due_at"`
	Units      int           `db:"units"`
	Unmanned   int           `db:"unmanned"` // units with a desk that nobody holds
	Notices    int           `db:"notices"`  // until the due, at most
	ProposedAt time.Time     `db:"proposed_at"`
	State      ProposalState `db:"state"`
	Campaign   string        `db:"campaign"`
	DecidedBy  string        `db:"decided_by"` // name
	DecidedAt  *time.Time    `db:"decided_at"`
	Reason     string        `db:"reason"`
}

// Name is the campaign's name as proposed.
func (p Proposal) Name() string { return proposedName(p.SeriesName, p.Period) }

func proposedName(series, code string) string {
	parsed, err := period.Parse(code)
	if err != nil {
		return series
	}
	return series + " " + words.Period(parsed)
}

const readProposal = `
	select o.id, o.series, s.name as series_name, s.form, s.kind = 'plan' as plans, o.period, o.window_from, o.window_to, o.due_at, o.units,
	       o.unmanned, o.notices, o.proposed_at, o.state, coalesce(o.campaign, '') as campaign,
	       coalesce(p.name, '') as decided_by, o.decided_at, o.reason
	from campaign_proposals o
	join series s on s.code = o.series
	left join persons p on p.id = o.decided_by`

// OpenProposals lists the campaigns that are to be launched, the first due first.
func (s *Store) OpenProposals(ctx context.Context) ([]Proposal, error) {
	const list = readProposal + ` where o.state = 'open' order by o.due_at, o.id`
	var open []Proposal
	err := s.db.SelectContext(ctx, &open, list)
	return open, wrap("list open proposals", err)
}

// Proposals lists what the series have proposed for periods of the year and of
// the one after.
func (s *Store) Proposals(ctx context.Context, year int) ([]Proposal, error) {
	const list = readProposal + ` where left(o.period, 4) in ($1, $2) order by o.id`
	var all []Proposal
	err := s.db.SelectContext(ctx, &all, list, strconv.Itoa(year), strconv.Itoa(year+1))
	return all, wrap("list proposals", err)
}

// Proposal reads one. ErrNotFound: there is none.
func (s *Store) Proposal(ctx context.Context, id int64) (Proposal, error) {
	const read = readProposal + ` where o.id = $1`
	var one Proposal
	err := s.db.GetContext(ctx, &one, read, id)
	return one, wrap(fmt.Sprintf("read proposal %d", id), err)
}

// ProposeCampaigns adds a proposal for every period that the series has to
// propose by now and tells the authority's officers, in one transaction. What was
// proposed or launched already is left alone, so it may be called at any time and
// answers with what it has added. A series that is not in force, or is unknown,
// proposes nothing.
func (s *Store) ProposeCampaigns(ctx context.Context, code string) ([]string, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	held, err := s.Staffing(ctx)
	if err != nil {
		return nil, err
	}
	ladders, err := s.Ladders(ctx)
	if err != nil {
		return nil, err
	}
	var added []string
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		const lock = readSeries + ` where s.code = $1 for no key update of s`
		var row seriesRow
		if err := tx.GetContext(ctx, &row, lock, code); err != nil {
			return wrap("read series "+code, err)
		}
		p, err := newProposing(ctx, tx, row.series().Series)
		if err != nil {
			return err
		}
		for _, one := range p.series.Missing(p.now, p.done, p.rules, p.days) {
			plan := p.series.Plan(one, 0, units, ladders.Of(reminder.Report), ladders.Of(reminder.Confirm))
			simulated := plan.Simulate(held, s.authority, p.days, p.now)
			if err := p.add(ctx, tx, one, simulated, s.authority); err != nil {
				return err
			}
			added = append(added, one.Period.Code())
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return added, err
}

// proposing is what one call reckons with.
type proposing struct {
	series campaign.Series
	rules  period.Rules
	days   calendar.Calendar
	now    time.Time
	done   func(string) bool
}

func newProposing(ctx context.Context, tx *sqlx.Tx, one campaign.Series) (proposing, error) {
	p := proposing{series: one}
	var err error
	if p.rules, err = loadRules(ctx, tx); err != nil {
		return p, err
	}
	if p.days, err = loadCalendar(ctx, tx); err != nil {
		return p, err
	}
	if err := tx.GetContext(ctx, &p.now, `select clock_timestamp()`); err != nil {
		return p, wrap("propose campaigns", err)
	}
	p.done, err = doneOf(ctx, tx, one)
	return p, err
}

func (p proposing) add(ctx context.Context, tx *sqlx.Tx, one campaign.Coming, simulated campaign.Simulation, authority string) error {
	const add = `
		insert into campaign_proposals (series, period, window_from, window_to, due_at, units, unmanned, notices, proposed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`
	var id int64
	due := one.Due.LastInstant(p.days)
	err := tx.GetContext(ctx, &id, add, p.series.Code, one.Period.Code(), one.Window.From, one.Window.To, due,
		simulated.Units, simulated.Unmanned(), simulated.UntilDue, p.now)
	if err != nil {
		return wrap("add proposal", err)
	}
	return addNotices(ctx, tx, []Notice{{
		Key: fmt.Sprintf("proposal:%d", id), Kind: NoticeProposed, Role: staff.Officer, Unit: authority,
		Args: map[string]any{
			"name": proposedName(p.series.Name, one.Period.Code()), "proposal": id, "due": due.Unix(),
		},
	}})
}

// maxProposalReason is the longest reason of a dismissal, in letters.
const maxProposalReason = 1000

// DismissProposal notes that the campaign will not be launched, and why.
// rule.Errors: ProposalNoReason, ProposalDecided. ErrNotFound: there is none.
func (s *Store) DismissProposal(ctx context.Context, id, by int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if letters := len([]rune(reason)); letters == 0 || letters > maxProposalReason {
		return rule.Broken(campaign.ProposalNoReason, "reason", maxProposalReason)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockOpenProposal(ctx, tx, id); err != nil {
			return err
		}
		const dismiss = `
			update campaign_proposals set state = 'dismissed', decided_by = $2, decided_at = clock_timestamp(), reason = $3
			where id = $1`
		_, err := tx.ExecContext(ctx, dismiss, id, by, reason)
		return wrap("dismiss proposal", err)
	})
}

func lockOpenProposal(ctx context.Context, tx *sqlx.Tx, id int64) error {
	var state ProposalState
	if err := tx.GetContext(ctx, &state, `select state from campaign_proposals where id = $1 for update`, id); err != nil {
		return wrap("lock proposal", err)
	}
	if state != ProposalOpen {
		return rule.Broken(campaign.ProposalDecided, "")
	}
	return nil
}

// answerProposals closes the proposals that a launch answers: the one it came
// from, which must still be open, and those of the same form and period, whoever
// launched it.
func answerProposals(ctx context.Context, tx *sqlx.Tx, p campaign.Plan, by int64, now time.Time) error {
	const answer = `
		update campaign_proposals o set state = 'launched', campaign = $1, decided_by = $2, decided_at = $3
		from series s
		where s.code = o.series and o.state = 'open' and (o.id = $4 or s.form = $5 and o.period = $6)`
	_, err := tx.ExecContext(ctx, answer, p.Code, by, now, p.Proposal, p.Form, p.Period)
	return wrap("answer proposals", err)
}
