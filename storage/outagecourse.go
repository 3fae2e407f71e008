package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/outage"
	"cchc/domain/staff"
)

// OutageState is how an outage stands: all that its workflow needs to choose what
// comes next.
type OutageState struct {
	ID     int64
	Kind   outage.Kind
	Phase  OutagePhase
	Step   outage.Step // Wait, Over, or what the workflow is to have done
	Notice int64       // that the step is about
	Wake   time.Time   // of Wait: when to come again; zero: only when told to
	Mark   time.Time   // the notice is due; zero: never
	Due    time.Time   // words for the draft are asked for until then
}

// OutagePhase is the state in a word, for operators.
type OutagePhase string

// The phases.
const (
	PhaseRunning  OutagePhase = "running" // it lasts, and no notice is due
	PhaseAsked    OutagePhase = "asked"   // a draft waits for words
	PhaseTold     OutagePhase = "told"    // units have been told
	PhaseSettling OutagePhase = "settling"
	PhaseClosed   OutagePhase = "closed"
)

// outageCourse is an outage with its notices, inside a transaction that holds its row.
type outageCourse struct {
	lockedOutage
	by      outageReckoning
	notices []outageNoticeRow
}

// outageNoticeRow is a notice that was not withdrawn, as its course needs it.
type outageNoticeRow struct {
	ID        int64             `db:"id"`
	Kind      outage.NoticeKind `db:"kind"`
	Version   int               `db:"version"`
	Ended     bool              `db:"ended"`
	Missing   int               `db:"missing"` // words
	Drafted   time.Time         `db:"drafted_at"`
	Due       time.Time         `db:"due_at"`
	Published *time.Time        `db:"published_at"`
	Posted    bool              `db:"posted"`
	TakenOver bool              `db:"taken_over"`
	Edited    bool              `db:"edited"`
}

// partiesMissing are the parties whose word for the version n.version of notice n is
// still missing.
const partiesMissing = `
	array(select w from unnest(n.needs) w
	      where not exists (select from outage_words v
	                        where v.notice_id = n.id and v.version = n.version and v.party = w and v.verdict = 'approve'))`

func (s *Store) outageCourse(ctx context.Context, tx *sqlx.Tx, id int64) (*outageCourse, error) {
	o, err := lockOutage(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c := &outageCourse{lockedOutage: o}
	const list = `
		select n.id, n.kind, n.version, n.ended, cardinality(` + partiesMissing + `) as missing, n.drafted_at, n.due_at,
		       n.published_at, n.posted, n.taken_over, n.edited_by is not null as edited
		from outage_notices n where n.outage_id = $1 and n.withdrawn_at is null order by n.id`
	if err := tx.SelectContext(ctx, &c.notices, list, id); err != nil {
		return nil, wrap("list notices of outage", err)
	}
	rule := int64(0) // the newest, until units have been told or it is closed
	if c.settled() {
		rule = o.Rule
	}
	if c.by, err = loadReckoning(ctx, tx, rule); err != nil {
		return nil, err
	}
	if !c.settled() {
		c.MarkAt = c.by.mark(o)
	}
	return c, nil
}

// settled tells whether what the outage is judged by stands for good.
func (c *outageCourse) settled() bool {
	return c.ClosedAt != nil || slices.ContainsFunc(c.notices, func(n outageNoticeRow) bool { return n.Published != nil })
}

// at is the instant by which the course is reckoned: a timer that rang a moment
// before the database's clock has come there is not sent back.
func (c *outageCourse) at() time.Time {
	if c.RungAt.After(c.by.now) {
		return c.RungAt
	}
	return c.by.now
}

func (c *outageCourse) course() outage.Course {
	course := outage.Course{
		Kind: c.Kind, Span: c.Span(), Recovery: c.by.Rule.Recovery,
		Dismissed: c.DismissedAt != nil, Closed: c.ClosedAt != nil,
	}
	if c.MarkAt != nil {
		course.Mark = *c.MarkAt
	}
	for _, n := range c.notices {
		course.Notices = append(course.Notices, n.told())
	}
	return course
}

func (n outageNoticeRow) told() outage.Told {
	told := outage.Told{
		ID: n.ID, Kind: n.Kind, Drafted: n.Drafted, Due: n.Due, Ready: n.Missing == 0, Ended: n.Ended, Posted: n.Posted, Taken: n.TakenOver,
	}
	if n.Published != nil {
		told.Published = *n.Published
	}
	return told
}

// RecordOutage walks the outage to the instant `passed` that its workflow has waited
// for (zero: none), reminds and closes where that is due, and says what comes next. It
// may be called at any time and answers alike the second time. ErrNotFound: there is
// no such outage.
func (s *Store) RecordOutage(ctx context.Context, id int64, passed time.Time, runID string) (OutageState, error) {
	var state OutageState
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		c, err := s.outageCourse(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.walk(ctx, tx, c, passed); err != nil {
			return err
		}
		turn := c.course().Turn(c.at())
		if turn.Step == outage.Finish {
			if err := c.close(ctx, tx, turn.How); err != nil {
				return err
			}
			turn = c.course().Turn(c.at())
		}
		state = c.state(turn)
		return c.save(ctx, tx, state, runID)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("record outage %d: %w", id, err)
	}
	return state, err
}

// walk goes to the instant, notes on the way that the mark has passed, and reminds of
// the words that are missing at it.
func (s *Store) walk(ctx context.Context, tx *sqlx.Tx, c *outageCourse, passed time.Time) error {
	before := c.RungAt
	if passed.After(c.RungAt) {
		c.RungAt = passed
	}
	if course := c.course(); course.Kind == outage.Stopped && course.Turn(c.at()).Step == outage.WriteNotice {
		line := outageLine{Key: "marked", Event: OutageMarked, Detail: OutageDetail{To: c.MarkAt}}
		if err := addOutageEvent(ctx, tx, c.ID, line); err != nil {
			return err
		}
	}
	asked, waits := c.course().Asked()
	if !waits || passed.IsZero() {
		return nil
	}
	if due := c.by.Rule.Reminder(c.by.days, asked, before); due.After(passed) {
		return nil
	}
	return s.remind(ctx, tx, c, asked.ID, passed)
}

// close ends the outage: its workflow has nothing more to do.
func (c *outageCourse) close(ctx context.Context, tx *sqlx.Tx, how outage.Closing) error {
	if err := withdrawDrafts(ctx, tx, c.ID); err != nil {
		return err
	}
	at := c.at()
	if _, err := tx.ExecContext(ctx, `update outages set closed_at = $2, closing = $3 where id = $1`, c.ID, at, how); err != nil {
		return wrap("close outage", err)
	}
	c.ClosedAt, c.Closing = &at, how
	c.notices = slices.DeleteFunc(c.notices, func(n outageNoticeRow) bool { return n.Published == nil })
	return addOutageEvent(ctx, tx, c.ID, outageLine{
		Key: fmt.Sprintf("closed:%d", c.Version), Event: OutageClosed, Detail: OutageDetail{How: how},
	})
}

func (c *outageCourse) state(turn outage.Turn) OutageState {
	state := OutageState{ID: c.ID, Kind: c.Kind, Step: turn.Step, Notice: turn.Notice, Wake: turn.At, Phase: c.phase()}
	if c.MarkAt != nil && c.Kind == outage.Stopped {
		state.Mark = c.MarkAt.UTC()
	}
	if asked, waits := c.course().Asked(); waits {
		state.Due = asked.Due.UTC()
		next := c.by.Rule.Reminder(c.by.days, asked, c.at())
		if turn.Step == outage.Wait && (state.Wake.IsZero() || next.Before(state.Wake)) {
			state.Wake = next
		}
	}
	state.Wake = state.Wake.UTC() // alike however it was come by
	return state
}

func (c *outageCourse) phase() OutagePhase {
	told := slices.ContainsFunc(c.notices, func(n outageNoticeRow) bool { return n.Kind == outage.TheNotice && n.Published != nil })
	_, asked := c.course().Asked()
	switch {
	case c.ClosedAt != nil:
		return PhaseClosed
	case asked:
		return PhaseAsked
	case c.EndedAt != nil:
		return PhaseSettling
	case told:
		return PhaseTold
	}
	return PhaseRunning
}

func (c *outageCourse) save(ctx context.Context, tx *sqlx.Tx, state OutageState, runID string) error {
	const save = `
		update outages
		set rung_at = $2, wake_at = $3, mark_at = $4, rule = $5, relay_at = null, relay_failures = 0,
		    run_id = case when $6 = '' then run_id else $6 end
		where id = $1`
	wake := instantOrNull(state.Wake)
	if state.Step != outage.Wait && state.Step != outage.Over {
		// What the workflow is to do next is looked after too: should it die before,
		// the relay starts it again.
		soon := c.by.now.Add(time.Minute)
		wake = &soon
	}
	_, err := tx.ExecContext(ctx, save, c.ID, c.RungAt, wake, c.MarkAt, c.by.ID, runID)
	return wrap("save outage", err)
}

// ClaimOutages takes outages whose workflow is to look: told to by what was written,
// or a minute late, or not running at all. Each claim pushes the next one back as
// ClaimWakes does.
func (s *Store) ClaimOutages(ctx context.Context, limit int) ([]int64, error) {
	var ids []int64
	err := s.claim(ctx, &ids, "outages", "id", limit)
	return ids, err
}

// OpenOutages lists the ids of outages that are not closed.
func (s *Store) OpenOutages(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := s.db.SelectContext(ctx, &ids, `select id from outages where closed_at is null order by id`)
	return ids, wrap("list open outages", err)
}

// partyRoles are who may give a party's word, and is asked for it.
func partyRoles(party outage.Party) []staff.Role {
	if party == outage.Authority {
		return []staff.Role{staff.Officer, staff.AuthorityHead}
	}
	return []staff.Role{staff.DivisionHead, staff.Director}
}

// partyUnit is where they sit.
func (s *Store) partyUnit(party outage.Party, h OutageHandling) string {
	if party == outage.Authority {
		return s.authority
	}
	return h.ITUnit
}

// remind tells those whose word is missing, once for an instant.
func (s *Store) remind(ctx context.Context, tx *sqlx.Tx, c *outageCourse, notice int64, at time.Time) error {
	missing, err := missingParties(ctx, tx, notice)
	if err != nil {
		return err
	}
	line := outageLine{
		Key: fmt.Sprintf("reminded:%d:%d", notice, at.Unix()), Event: OutageReminded, Detail: OutageDetail{Parties: missing},
	}
	if err := addOutageEvent(ctx, tx, c.ID, line); err != nil {
		return err
	}
	return s.ask(ctx, tx, c.by.OutageHandling, notice, missing, fmt.Sprintf("reminder:%d", at.Unix()))
}

func missingParties(ctx context.Context, tx *sqlx.Tx, notice int64) ([]outage.Party, error) {
	const list = `select unnest(` + partiesMissing + `) from outage_notices n where n.id = $1`
	var missing []outage.Party
	err := tx.SelectContext(ctx, &missing, list, notice)
	return missing, wrap("list missing words", err)
}

// ask tells the parties' people that a draft waits for their word. Told again under
// the same name they hear nothing.
func (s *Store) ask(ctx context.Context, tx *sqlx.Tx, h OutageHandling, notice int64, parties []outage.Party, name string) error {
	const read = `select outage_id, title, due_at from outage_notices where id = $1`
	var draft struct {
		Outage int64     `db:"outage_id"`
		Title  string    `db:"title"`
		Due    time.Time `db:"due_at"`
	}
	if err := tx.GetContext(ctx, &draft, read, notice); err != nil {
		return wrap("read draft", err)
	}
	var notices []Notice
	for _, party := range parties {
		for _, role := range partyRoles(party) {
			notices = append(notices, Notice{
				Key: fmt.Sprintf("outage:%d:draft:%d:%s:%s", draft.Outage, notice, name, party), Kind: NoticeOutageApproval,
				Role: role, Unit: s.partyUnit(party, h),
				Args: map[string]any{
					"outage": draft.Outage, "notice": notice, "party": party, "name": draft.Title, "due": draft.Due.Unix(),
				},
			})
		}
	}
	return addNotices(ctx, tx, notices)
}
