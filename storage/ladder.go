package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// LadderEdit is the steps of a kind of work as somebody lays them down.
type LadderEdit struct {
	Key     uuid.UUID // from the form: a double click is one edit
	Kind    reminder.Kind
	Base    int // version on the screen; 0: what the software came with
	Ladder  period.Ladder
	Reason  string
	Running bool // campaigns under way that go by the steps before follow too; of other kinds all do
	Actor   staff.Actor
	Address string // network address and request, for the audit
	Request string
}

func (e LadderEdit) takesRunning() bool { return e.Running || !e.Kind.PerCampaign() }

// LaidLadder is an edit that was made, as people read it.
type LaidLadder struct {
	Kind     reminder.Kind
	Version  int
	Ladder   period.Ladder
	Reason   string
	Running  bool
	Followed int // campaigns under way that it was laid down for
	By       string
	At       time.Time
}

// Ladders reads the steps that people have laid down, the newest of each kind.
func (s *Store) Ladders(ctx context.Context) (reminder.Ladders, error) { return loadLadders(ctx, s.db) }

func loadLadders(ctx context.Context, q sqlx.QueryerContext) (reminder.Ladders, error) {
	const newest = `select distinct on (kind) kind, ladder from reminder_ladders order by kind, version desc`
	rows, err := q.QueryxContext(ctx, newest)
	if err != nil {
		return nil, wrap("read ladders", err)
	}
	defer func() { _ = rows.Close() }()
	ladders := reminder.Ladders{}
	for rows.Next() {
		var kind reminder.Kind
		var raw []byte
		if err := rows.Scan(&kind, &raw); err != nil {
			return nil, wrap("read ladders", err)
		}
		var ladder period.Ladder
		if err := json.Unmarshal(raw, &ladder); err != nil {
			return nil, fmt.Errorf("read ladder of %s: %w", kind, err)
		}
		ladders[kind] = ladder
	}
	return ladders, wrap("read ladders", rows.Err())
}

// LadderHistory lists every edit, of each kind the newest first.
func (s *Store) LadderHistory(ctx context.Context) ([]LaidLadder, error) {
	const list = `
		select l.kind, l.version, l.ladder, l.reason, l.running, l.followed, p.name, l.edited_at
		from reminder_ladders l join persons p on p.id = l.edited_by order by l.kind, l.version desc`
	rows, err := s.db.QueryxContext(ctx, list)
	if err != nil {
		return nil, wrap("list edits of ladders", err)
	}
	defer func() { _ = rows.Close() }()
	var laid []LaidLadder
	for rows.Next() {
		var one LaidLadder
		var raw []byte
		if err := rows.Scan(&one.Kind, &one.Version, &raw, &one.Reason, &one.Running, &one.Followed, &one.By, &one.At); err != nil {
			return nil, wrap("list edits of ladders", err)
		}
		if err := json.Unmarshal(raw, &one.Ladder); err != nil {
			return nil, fmt.Errorf("read ladder of %s: %w", one.Kind, err)
		}
		laid = append(laid, one)
	}
	return laid, wrap("list edits of ladders", rows.Err())
}

// SaveLadder lays the steps of a kind down over the version that was on the screen, and
// has whatever follows them look. What has been sent stays sent: steps that would have
// come earlier are not made up for. The same form again changes nothing. rule.Errors: what
// reminder.Validate says, no reason, the same steps as before, somebody else was faster,
// KeyReused where the form has been sent with something else, or not the person.
func (s *Store) SaveLadder(ctx context.Context, e LadderEdit) error {
	if !e.Actor.Holds(staff.Officer, s.authority) {
		return rule.Broken(document.NotYourRole, "")
	}
	e.Reason = strings.Join(strings.Fields(CleanText(e.Reason)), " ")
	broken := reminder.Validate(e.Kind, e.Ladder)
	if e.Reason == "" || len([]rune(e.Reason)) > reminder.MaxReason {
		broken.Add(reminder.ReasonBad, "reason", reminder.MaxReason)
	}
	if err := broken.Err(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		done, err := ladderLaid(ctx, tx, e)
		if err != nil || done {
			return err
		}
		before, err := loadLadders(ctx, tx)
		if err != nil {
			return err
		}
		if before.Of(e.Kind).Same(e.Ladder) {
			return rule.Broken(reminder.Unchanged, "ladder")
		}
		follow, err := s.follow(ctx, tx, e, before.Of(e.Kind))
		if err != nil {
			return err
		}
		if err := insertLadder(ctx, tx, e, follow); err != nil {
			return err
		}
		return addAudit(ctx, tx, Audit{
			Person: e.Actor.Person, Action: AuditLadder, Object: string(e.Kind), Address: e.Address, Request: e.Request,
			Detail: map[string]any{"version": e.Base + 1, "before": before.Of(e.Kind), "after": e.Ladder, "reason": e.Reason, "followed": follow},
		})
	})
}

// ladderLaid waits for whoever lays steps of the kind down at this moment, and tells
// whether this form has been before; rule.Errors: it has with something else, or somebody
// else was faster.
func ladderLaid(ctx context.Context, tx *sqlx.Tx, e LadderEdit) (bool, error) {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('reminder_ladders'), hashtext($1))`, e.Kind); err != nil {
		return false, wrap("lock ladder", err)
	}
	const read = `
		select coalesce(max(version), 0) as newest, coalesce(bool_or(key = $2), false) as done,
		       coalesce(bool_or(key = $2 and ladder = $3::jsonb and reason = $4 and running = $5), false) as same
		from reminder_ladders where kind = $1`
	var row struct {
		Newest int  `db:"newest"`
		Done   bool `db:"done"`
		Same   bool `db:"same"`
	}
	raw, err := json.Marshal(e.Ladder)
	if err != nil {
		return false, fmt.Errorf("lay ladder down: %w", err)
	}
	if err := tx.GetContext(ctx, &row, read, e.Kind, e.Key, string(raw), e.Reason, e.takesRunning()); err != nil {
		return false, wrap("look for the newest ladder", err)
	}
	switch {
	case row.Done && !row.Same:
		return false, rule.Broken(KeyReused, "")
	case !row.Done && row.Newest != e.Base:
		return false, rule.Broken(reminder.Replaced, "")
	}
	return row.Done, nil
}

func insertLadder(ctx context.Context, tx *sqlx.Tx, e LadderEdit, follow []string) error {
	const insert = `
		insert into reminder_ladders (kind, version, key, ladder, reason, running, followed, edited_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	raw, err := json.Marshal(e.Ladder)
	if err != nil {
		return fmt.Errorf("lay ladder down: %w", err)
	}
	_, err = tx.ExecContext(ctx, insert, e.Kind, e.Base+1, e.Key, string(raw), e.Reason, e.takesRunning(), len(follow), e.Actor.Person)
	if uniqueViolation(err, "reminder_ladders_key_key") { // of another kind's form
		return rule.Broken(KeyReused, "")
	}
	return wrap("lay ladder down", err)
}

// follow has what is under way go by the new steps, and returns the campaigns that do.
func (s *Store) follow(ctx context.Context, tx *sqlx.Tx, e LadderEdit, before period.Ladder) ([]string, error) {
	if !e.Kind.PerCampaign() {
		const walk = `
			update plan_trackings set rung_at = clock_timestamp()
			where ended_at is null and wake_at > clock_timestamp() and rung_at < clock_timestamp()`
		if _, err := tx.ExecContext(ctx, walk); err != nil {
			return nil, wrap("walk plans up to now", err)
		}
		_, err := wakePlans(ctx, tx)
		return nil, err
	}
	if !e.Running {
		return nil, nil
	}
	codes, err := followers(ctx, tx, e.Kind, before)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	raw, err := json.Marshal(e.Ladder)
	if err != nil {
		return nil, fmt.Errorf("lay ladder down: %w", err)
	}
	if e.Kind == reminder.Appraisal {
		return codes, followSchedules(ctx, tx, codes, string(raw), e.Actor.Person)
	}
	return codes, followCampaigns(ctx, tx, e.Kind, codes, string(raw))
}

// LadderFollowers counts the campaigns under way that go by the steps that hold now for
// the kind, and would follow an edit.
func (s *Store) LadderFollowers(ctx context.Context, kind reminder.Kind) (int, error) {
	ladders, err := s.Ladders(ctx)
	if err != nil || !kind.PerCampaign() {
		return 0, err
	}
	codes, err := followers(ctx, s.db, kind, ladders.Of(kind))
	return len(codes), err
}

// followers are the campaigns under way that go by the steps. One with steps of its own
// keeps them.
func followers(ctx context.Context, q sqlx.QueryerContext, kind reminder.Kind, ladder period.Ladder) ([]string, error) {
	const reports = `
		select c.code, c.ladder from campaigns c
		where exists (select from documents d where d.campaign = c.code and d.closed_at is null) order by c.code`
	const confirms = `
		select c.code, c.confirm_ladder as ladder from campaigns c
		where exists (select from documents d where d.campaign = c.code and d.closed_at is null) order by c.code`
	const schedules = `
		select s.campaign as code, s.ladder from appraisal_schedules s
		where exists (select from documents d where d.campaign = s.campaign and d.closed_at is null)
		   or exists (select from appraisals a where a.campaign = s.campaign and a.ended_at is null) order by s.campaign`
	list := map[reminder.Kind]string{reminder.Report: reports, reminder.Confirm: confirms, reminder.Appraisal: schedules}[kind]
	var rows []struct {
		Code   string `db:"code"`
		Ladder []byte `db:"ladder"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list); err != nil {
		return nil, wrap("list campaigns by their ladders", err)
	}
	var codes []string
	for _, row := range rows {
		var own period.Ladder
		if err := json.Unmarshal(row.Ladder, &own); err != nil {
			return nil, fmt.Errorf("read ladder of %s: %w", row.Code, err)
		}
		if own.Same(ladder) {
			codes = append(codes, row.Code)
		}
	}
	return codes, nil
}

// followCampaigns gives campaigns new steps. Their open documents' workflows are told to
// look: the next step may come sooner than the one that each waits for. What is behind,
// because the engine was down, still has its steps before it.
func followCampaigns(ctx context.Context, tx *sqlx.Tx, kind reminder.Kind, codes []string, ladder string) error {
	const lock = `select id from documents where campaign = any($1) and closed_at is null order by id for no key update`
	if _, err := tx.ExecContext(ctx, lock, pq.Array(codes)); err != nil {
		return wrap("lock documents", err)
	}
	const reports = `update campaigns set ladder = $2 where code = any($1)`
	const confirms = `update campaigns set confirm_ladder = $2 where code = any($1)`
	put := reports
	if kind == reminder.Confirm {
		put = confirms
	}
	if _, err := tx.ExecContext(ctx, put, pq.Array(codes), ladder); err != nil {
		return wrap("give campaigns a ladder", err)
	}
	const wake = `
		update documents
		set rung_at = case when wake_at > clock_timestamp() then greatest(rung_at, clock_timestamp()) else rung_at end,
		    wake_at = clock_timestamp() - interval '2 minutes', relay_at = null, relay_failures = 0
		where campaign = any($1) and closed_at is null`
	_, err := tx.ExecContext(ctx, wake, pq.Array(codes))
	return wrap("wake documents", err)
}

// followSchedules gives the appraisals of campaigns new steps.
func followSchedules(ctx context.Context, tx *sqlx.Tx, codes []string, ladder string, by int64) error {
	const lock = `select code from campaigns where code = any($1) order by code for no key update`
	if _, err := tx.ExecContext(ctx, lock, pq.Array(codes)); err != nil {
		return wrap("lock campaigns", err)
	}
	const put = `
		update appraisal_schedules set ladder = $2, version = version + 1, updated_by = $3, updated_at = clock_timestamp()
		where campaign = any($1)`
	if _, err := tx.ExecContext(ctx, put, pq.Array(codes), ladder, by); err != nil {
		return wrap("give appraisals a ladder", err)
	}
	const walk = `
		update appraisals set rung_at = clock_timestamp()
		where campaign = any($1) and ended_at is null and wake_at > clock_timestamp() and rung_at < clock_timestamp()`
	if _, err := tx.ExecContext(ctx, walk, pq.Array(codes)); err != nil {
		return wrap("walk appraisals up to now", err)
	}
	for _, code := range codes {
		if err := wakeAppraisals(ctx, tx, code); err != nil {
			return err
		}
	}
	return nil
}
