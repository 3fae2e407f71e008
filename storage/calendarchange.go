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
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// CalendarChanged refuses an edit of a calendar that somebody else has edited
// since its editor saw it.
const CalendarChanged rule.Code = "calendar_changed"

// CalendarEdit is an edit of the calendar as its editor confirmed it.
type CalendarEdit struct {
	Key     uuid.UUID // from the form
	Version int       // of the calendar that was previewed
	Change  calendar.Change
	Actor   staff.Actor
	Audit   Audit
}

// ChangeCalendar edits the calendar and moves everything that follows from it: dues
// of open campaigns and documents, their tasks, the last days of the tasks of living
// plans, and the dues of proposals; each moved document has a line of
// its history, units are told, and workflows are woken. Everything is one
// transaction. The same key again changes nothing. rule.Errors: what is wrong with
// the edit, or CalendarChanged.
func (s *Store) ChangeCalendar(ctx context.Context, e CalendarEdit) error {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// Every open document of the city: this one may take longer than a page.
		for _, setting := range []string{`set local statement_timeout = '60s'`, `set local lock_timeout = '20s'`} {
			if _, err := tx.ExecContext(ctx, setting); err != nil {
				return wrap("change calendar", err)
			}
		}
		return s.changeCalendar(ctx, tx, e)
	})
	s.days.forget() // whoever changed it sees it at once
	switch {
	case uniqueViolation(err, "calendar_changes_key_key"):
		return nil // the second click at the same moment; all of it was rolled back
	case uniqueViolation(err, "calendar_changes_pkey"):
		return rule.Broken(CalendarChanged, "")
	}
	return err
}

// calendarLock keeps launches, which reckon dues by the calendar, from running
// beside its change.
const calendarLock = 7_402_026

// holdCalendar keeps the calendar from being changed until the transaction ends.
func holdCalendar(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock_shared($1)`, calendarLock)
	return wrap("hold calendar", err)
}

func (s *Store) changeCalendar(ctx context.Context, tx *sqlx.Tx, e CalendarEdit) error {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, calendarLock); err != nil {
		return wrap("lock calendar", err)
	}
	var done bool
	if err := tx.GetContext(ctx, &done, `select exists (select from calendar_changes where key = $1)`, e.Key); err != nil || done {
		return wrap("look for the edit", err)
	}
	// Documents first, in order, as every transaction; then they are read as the
	// transactions that held them left them.
	const lock = `
		select id from documents where id in (
			select id from documents where closed_at is null
			union select document_id from plan_tasks where last_day between $1 and $2 and cancelled_at is null)
		order by id for no key update`
	first, last := near(e.Change)
	var locked []string
	if err := tx.SelectContext(ctx, &locked, lock, first, last); err != nil {
		return wrap("lock open documents", err)
	}
	effect, err := s.calendarEffect(ctx, tx, e.Change)
	if err != nil {
		return err
	}
	if effect.Version != e.Version {
		return rule.Broken(CalendarChanged, "")
	}
	for _, part := range []func(context.Context, *sqlx.Tx, CalendarEdit, CalendarEffect) error{
		keepCalendarEdit, writeMarks, moveCampaigns, moveDocuments, moveTasks, moveProposals, rememberMoves, wakeMoved, tellMoved,
	} {
		if err := part(ctx, tx, e, effect); err != nil {
			return err
		}
	}
	return nil
}

func keepCalendarEdit(ctx context.Context, tx *sqlx.Tx, e CalendarEdit, effect CalendarEffect) error {
	const add = `
		insert into calendar_changes (version, key, person_id, at, change, campaigns, documents, tasks, proposals)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	text, err := json.Marshal(e.Change)
	if err != nil {
		return fmt.Errorf("keep edit of the calendar: %w", err)
	}
	campaigns, documents := effect.Moves()
	if _, err := tx.ExecContext(ctx, add, effect.Version+1, e.Key, e.Actor.Person, effect.Now, string(text), campaigns, documents,
		effect.MovedTasks(), len(effect.Proposals)); err != nil {
		return wrap("keep edit of the calendar", err)
	}
	e.Audit.Action, e.Audit.Object = AuditCalendar, fmt.Sprint(effect.Version+1)
	e.Audit.Detail = map[string]any{"change": e.Change, "campaigns": campaigns, "documents": documents, "tasks": effect.MovedTasks(), "proposals": len(effect.Proposals)}
	return addAudit(ctx, tx, e.Audit)
}

func writeMarks(ctx context.Context, tx *sqlx.Tx, e CalendarEdit, _ CalendarEffect) error {
	const remove = `delete from holidays where date = any($1::date[])`
	const put = `
		insert into holidays (date, kind, name, certainty, legal_number, legal_date, pair)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (date) do update
		set kind = excluded.kind, name = excluded.name, certainty = excluded.certainty,
		    legal_number = excluded.legal_number, legal_date = excluded.legal_date, pair = excluded.pair`
	days := make([]string, len(e.Change.Remove))
	for i, day := range e.Change.Remove {
		days[i] = day.String()
	}
	if _, err := tx.ExecContext(ctx, remove, pq.Array(days)); err != nil {
		return wrap("remove days", err)
	}
	for _, mark := range e.Change.Put { // a month at most
		if _, err := tx.ExecContext(ctx, put, mark.Date, mark.Kind, mark.Name, mark.Certainty, mark.LegalNumber, mark.LegalDate, mark.Pair); err != nil {
			return wrap("mark day", err)
		}
	}
	return tellCalendar(ctx, tx)
}

func moveCampaigns(ctx context.Context, tx *sqlx.Tx, _ CalendarEdit, effect CalendarEffect) error {
	const move = `update campaigns set due_day = $2, due_at = $3 where code = $1`
	for _, c := range effect.Campaigns { // a handful is open at a time
		if c.newDue == c.due && c.From.Equal(c.To) {
			continue
		}
		if _, err := tx.ExecContext(ctx, move, c.Code, c.newDue.Day, c.To); err != nil {
			return wrap("move campaign "+c.Code, err)
		}
	}
	return nil
}

// moved are all documents whose due moves, column by column.
type moved struct {
	ids, units, stages []string
	due, unitDue, was  []time.Time
	revisions          []int64
}

func (e CalendarEffect) moved() moved {
	var m moved
	for _, c := range e.Campaigns {
		for _, one := range c.Moved {
			m.ids, m.units, m.stages = append(m.ids, one.Document), append(m.units, one.unit), append(m.stages, string(one.Stage))
			m.due, m.unitDue, m.was = append(m.due, one.To), append(m.unitDue, one.unitDue), append(m.was, one.From)
			m.revisions = append(m.revisions, int64(one.revision))
		}
	}
	return m
}

// moveDocuments gives documents and open tasks their new dues. Where the desk's due
// moves, the ladder is walked anew from now on, as after an extension.
func moveDocuments(ctx context.Context, tx *sqlx.Tx, _ CalendarEdit, effect CalendarEffect) error {
	const documents = `
		update documents d
		set unit_due_at = m.unit_due, rung_at = case when d.due_at = m.due then d.rung_at else $4 end, due_at = m.due
		from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as m (id, due, unit_due)
		where d.id = m.id`
	const tasks = `
		update tasks k set due_at = m.due
		from unnest($1::text[], $2::timestamptz[]) as m (id, due)
		where k.document_id = m.id and k.closed_at is null`
	m := effect.moved()
	if _, err := tx.ExecContext(ctx, documents, pq.Array(m.ids), pq.Array(m.due), pq.Array(m.unitDue), effect.Now); err != nil {
		return wrap("move documents", err)
	}
	_, err := tx.ExecContext(ctx, tasks, pq.Array(m.ids), pq.Array(m.due))
	return wrap("move tasks", err)
}

// rememberMoves writes a line of history of each moved document.
func rememberMoves(ctx context.Context, tx *sqlx.Tx, e CalendarEdit, effect CalendarEffect) error {
	const remember = `
		insert into history (document_id, key, at, event, person_id, role, unit_code, revision, from_stage, to_stage, detail)
		select m.id, m.id || ':calendar:' || $6, $7, $8, $9, 'officer', $10, m.revision, m.stage, m.stage,
		       jsonb_build_object('due', extract(epoch from m.due)::bigint, 'was', extract(epoch from m.was)::bigint)
		from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::text[]) as m (id, due, was, revision, stage)`
	m := effect.moved()
	_, err := tx.ExecContext(ctx, remember, pq.Array(m.ids), pq.Array(m.due), pq.Array(m.was), pq.Array(m.revisions), pq.Array(m.stages),
		fmt.Sprint(effect.Version+1), effect.Now, NoticeDueMoved, e.Actor.Person, e.authority())
	return wrap("remember moves", err)
}

// authority is the unit at which the editor is an officer.
func (e CalendarEdit) authority() string {
	for _, position := range e.Actor.Positions {
		if position.Role == staff.Officer {
			return position.Unit
		}
	}
	return ""
}

// wakeMoved has the workflows look whose next instant may have moved: of documents all
// open ones of a campaign that anything moves in.
func wakeMoved(ctx context.Context, tx *sqlx.Tx, _ CalendarEdit, effect CalendarEffect) error {
	const wake = `
		update documents set wake_at = $2::timestamptz - interval '2 minutes', relay_at = null, relay_failures = 0
		where id = any($1)`
	var ids []string
	for i := range effect.Campaigns {
		ids = append(ids, effect.Campaigns[i].disturbed(effect.before, effect.after, effect.Now)...)
	}
	if _, err := tx.ExecContext(ctx, wake, pq.Array(ids), effect.Now); err != nil {
		return wrap("wake documents", err)
	}
	if _, err := wakePlans(ctx, tx); err != nil { // each reckons its tasks' last days anew
		return err
	}
	if err := wakeAppraisals(ctx, tx, ""); err != nil { // and each of these the end of its round
		return err
	}
	return wakeOutages(ctx, tx) // and each of these when its notice is due
}

// disturbed are the documents whose due or next rung moves. Those with the same due
// at the same kind of desk have the same ladder: it is reckoned once.
func (c *CampaignEffect) disturbed(before, after calendar.Calendar, now time.Time) []string {
	to := map[string]time.Time{}
	for _, one := range c.Moved {
		to[one.Document] = one.To
	}
	type desk struct {
		due     time.Time
		confirm bool
	}
	moves := map[desk]bool{}
	var ids []string
	for _, row := range c.standing {
		if _, moved := to[row.ID]; moved {
			ids = append(ids, row.ID)
			continue
		}
		at := desk{row.Due, row.Stage == document.AuthorityReview}
		moving, known := moves[at]
		if !known {
			ladder := c.ladder
			if at.confirm {
				ladder = c.confirm
			}
			moving = len(campaign.MovedRungs(ladder, row.Due, row.Due, before, after, now)) > 0
			moves[at] = moving
		}
		if moving {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// tellMoved tells the units whose due moves. The authority's own desk reads its due
// in its list.
func tellMoved(ctx context.Context, tx *sqlx.Tx, _ CalendarEdit, effect CalendarEffect) error {
	var notices []Notice
	for _, c := range effect.Campaigns {
		for _, one := range c.Moved {
			if one.Stage == document.AuthorityReview {
				continue
			}
			for _, role := range []staff.Role{staff.Specialist, staff.Director} {
				notices = append(notices, Notice{
					Key: fmt.Sprintf("%s:calendar:%d:%s", one.Document, effect.Version+1, role), Kind: NoticeDueMoved,
					Document: one.Document, Role: role, Unit: one.unit,
					Args: map[string]any{"due": one.To.Unix(), "stage": string(one.Stage)},
				})
			}
		}
	}
	return addNotices(ctx, tx, notices)
}

// CalendarChange is one edit that was made, as people read it.
type CalendarChange struct {
	Version   int             `db:"version"`
	By        string          `db:"by"` // name
	At        time.Time       `db:"at"`
	Raw       []byte          `db:"change"`
	Change    calendar.Change `db:"-"`
	Campaigns int             `db:"campaigns"`
	Documents int             `db:"documents"`
	Tasks     int             `db:"tasks"`
	Proposals int             `db:"proposals"`
}

// CalendarChanges lists the newest edits, the newest first.
func (s *Store) CalendarChanges(ctx context.Context, limit int) ([]CalendarChange, error) {
	const list = `
		select x.version, p.name as by, x.at, x.change, x.campaigns, x.documents, x.tasks, x.proposals
		from calendar_changes x join persons p on p.id = x.person_id order by x.version desc limit $1`
	var changes []CalendarChange
	if err := s.db.SelectContext(ctx, &changes, list, limit); err != nil {
		return nil, wrap("list edits of the calendar", err)
	}
	for i := range changes {
		if err := json.Unmarshal(changes[i].Raw, &changes[i].Change); err != nil {
			return nil, fmt.Errorf("read edit of the calendar: %w", err)
		}
	}
	return changes, nil
}
