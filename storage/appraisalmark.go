package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// NewMarks is what an appraiser gives criteria of one field, as the form sent it.
type NewMarks struct {
	Key      uuid.UUID // from the form; a criterion is marked once by it
	Document string
	Field    string
	Marks    []MarkGiven
	Typed    []MarkChange // the same as it was typed, for SaveMarkDrafts
	Actor    staff.Actor
}

// MarkGiven is one mark and what it was given on.
type MarkGiven struct {
	Criterion     string
	Points        par.Points
	NotApplicable bool
	Reason        string
	Seen          int64 // the criterion's newest mark on the screen; 0: none
	Base          int   // version of its draft on the screen; 0: none
}

// MarkOvertaken: somebody has marked the criterion since the page was opened.
const MarkOvertaken rule.Code = "mark_overtaken" // args: who

// MarkCodes lists the codes of this file.
var MarkCodes = []rule.Code{MarkOvertaken}

// SaveMarks gives marks: all, or none. What says what the criterion's newest mark of the
// round says is no mark, so that a double click gives nothing twice. rule.Errors at
// "mark.<criterion>": what is wrong with each; without a field: not the moment, or not
// the person. ErrNotFound: no appraisal, or a criterion that is not the field's.
func (s *Store) SaveMarks(ctx context.Context, n NewMarks) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, position, err := s.lockForMarks(ctx, tx, n)
		if err != nil {
			return err
		}
		_, err = a.give(ctx, n, position)
		return err
	})
}

func (s *Store) lockForMarks(ctx context.Context, tx *sqlx.Tx, n NewMarks) (*lockedAppraisal, staff.Position, error) {
	a, err := s.lockAppraisal(ctx, tx, n.Document, time.Time{})
	if err != nil {
		return nil, staff.Position{}, err
	}
	position, err := a.decide(appraisal.Decision{Action: appraisal.Mark, Field: n.Field}, n.Actor)
	return a, position, err
}

// decide picks the position of the decision and asks the rules.
func (a *lockedAppraisal) decide(d appraisal.Decision, actor staff.Actor) (staff.Position, error) {
	d.Person = actor.Person
	state := a.state()
	position, ok := state.RoleFor(d, actor, a.store.authority)
	if !ok {
		return position, rule.Broken(appraisal.NotYours, "")
	}
	return position, state.Check(d, a.Now).Err()
}

// newestMark is the newest mark of a criterion in a round.
type newestMark struct {
	ID        int64     `db:"id"`
	Key       uuid.UUID `db:"key"`
	Criterion string    `db:"criterion"`
	Points    int64     `db:"points"`
	Out       bool      `db:"out"`
	Reason    string    `db:"reason"`
	By        string    `db:"by"`
	At        time.Time `db:"at"`
}

func (m newestMark) mark() par.Mark {
	return par.Mark{Criterion: m.Criterion, Points: par.Points(m.Points), NotApplicable: m.Out, Reason: m.Reason}
}

func (a *lockedAppraisal) newestMarks(ctx context.Context, round int) (map[string]newestMark, error) {
	const list = `
		select distinct on (m.criterion) m.id, m.key, m.criterion, m.points, m.out, m.reason, p.name as by, m.at
		from appraisal_marks m join persons p on p.id = m.person_id
		where m.document_id = $1 and m.round = $2 order by m.criterion, m.id desc`
	var rows []newestMark
	if err := a.tx.SelectContext(ctx, &rows, list, a.doc.ID, round); err != nil {
		return nil, wrap("list newest marks", err)
	}
	newest := make(map[string]newestMark, len(rows))
	for _, row := range rows {
		newest[row.Criterion] = row
	}
	return newest, nil
}

// give checks the marks and writes those that say something new, in two statements
// however many they are; it returns how many.
func (a *lockedAppraisal) give(ctx context.Context, n NewMarks, position staff.Position) (int, error) {
	round := a.Stage.Round()
	desk, err := a.markDesk(ctx)
	if err != nil {
		return 0, err
	}
	var broken rule.Errors
	var given []MarkGiven
	for _, m := range n.Marks {
		m.Reason = CleanText(m.Reason)
		problems, fresh, err := a.weighMark(n, m, round, desk)
		if err != nil {
			return 0, err
		}
		broken = append(broken, problems...)
		if fresh {
			given = append(given, m)
		}
	}
	if len(broken) > 0 {
		return 0, broken
	}
	if len(given) == 0 {
		return 0, nil
	}
	if err := a.insertMarks(ctx, n, given, round, position); err != nil {
		return 0, err
	}
	return len(given), a.noteMarks(ctx, given, round, n.Field)
}

// weighMark finds what is wrong with a mark. fresh: it says something that its
// criterion's newest mark does not.
func (a *lockedAppraisal) weighMark(n NewMarks, m MarkGiven, round int, desk markDesk) (broken rule.Errors, fresh bool, err error) {
	c, known := a.set.Criterion(m.Criterion)
	row, scored := a.score(m.Criterion)
	if !known || !scored || row.Field != n.Field {
		return nil, false, fmt.Errorf("mark %q of %s: %w", m.Criterion, a.doc.ID, ErrNotFound)
	}
	field := par.MarkField(m.Criterion)
	now, draft := desk.marks[m.Criterion], desk.drafts[m.Criterion]
	given := par.Mark{Criterion: m.Criterion, Round: round, Points: m.Points, NotApplicable: m.NotApplicable, Reason: m.Reason}
	same := now.ID != 0 && row.Marked && now.Points == int64(m.Points) && now.Out == m.NotApplicable && now.Reason == m.Reason
	switch {
	case same:
		return nil, false, nil
	case now.ID != m.Seen:
		return rule.Broken(MarkOvertaken, field, now.By), false, nil
	case draft.Waits && draft.Version != m.Base:
		return rule.Broken(MarkOvertaken, field, draft.By), false, nil
	case !row.Asked:
		return rule.Broken(appraisal.FieldFinished, field), false, nil
	}
	stands := row.appraised() // but for the round's own marks
	if stands.Second = nil; round == par.FirstRound {
		stands.First = nil
	}
	return c.CheckMark(stands, given), true, nil
}

func (a *lockedAppraisal) score(criterion string) (indexScore, bool) {
	for _, row := range a.scores {
		if row.Criterion == criterion {
			return row, true
		}
	}
	return indexScore{}, false
}

func (a *lockedAppraisal) insertMarks(ctx context.Context, n NewMarks, given []MarkGiven, round int, position staff.Position) error {
	const insert = `
		insert into appraisal_marks (key, document_id, criterion, round, points, out, reason, person_id, role, unit_code, at)
		select $1, $2, m.criterion, $3, m.points, m.out, m.reason, $4, $5, $6, $7
		from unnest($8::text[], $9::int[], $10::boolean[], $11::text[]) as m (criterion, points, out, reason)`
	codes, points, out, reasons := marksInColumns(given)
	_, err := a.tx.ExecContext(ctx, insert, n.Key, a.doc.ID, round, n.Actor.Person, position.Role, position.Unit, a.Now,
		pq.Array(codes), pq.Array(points), pq.Array(out), pq.Array(reasons))
	if uniqueViolation(err, "appraisal_marks_key_document_id_criterion_key") {
		return rule.Broken(KeyReused, "")
	}
	if err != nil {
		return wrap("add marks", err)
	}
	const newest = `update appraisals set newest_mark = (select max(id) from appraisal_marks where document_id = $1) where document_id = $1`
	_, err = a.tx.ExecContext(ctx, newest, a.doc.ID)
	return wrap("note the newest mark", err)
}

func marksInColumns(given []MarkGiven) (codes []string, points []int64, out []bool, reasons []string) {
	for _, m := range given {
		codes, points = append(codes, m.Criterion), append(points, int64(m.Points))
		out, reasons = append(out, m.NotApplicable), append(reasons, m.Reason)
	}
	return codes, points, out, reasons
}

// noteMarks brings scores and counts up to date.
func (a *lockedAppraisal) noteMarks(ctx context.Context, given []MarkGiven, round int, field string) error {
	const first = `
		update index_scores s set first = m.points, first_out = m.out, marked = true
		from unnest($2::text[], $3::int[], $4::boolean[]) as m (criterion, points, out)
		where s.document_id = $1 and s.criterion = m.criterion`
	const second = `
		update index_scores s set second = m.points, second_out = m.out, marked = true
		from unnest($2::text[], $3::int[], $4::boolean[]) as m (criterion, points, out)
		where s.document_id = $1 and s.criterion = m.criterion`
	codes, points, out, _ := marksInColumns(given)
	write := first
	if round == par.SecondRound {
		write = second
	}
	if _, err := a.tx.ExecContext(ctx, write, a.doc.ID, pq.Array(codes), pq.Array(points), pq.Array(out)); err != nil {
		return wrap("note marks", err)
	}
	const counts = `
		update appraisal_fields
		set marked = (select count(*) from index_scores where document_id = $1 and field = $2 and asked and marked)
		where document_id = $1 and field = $2`
	_, err := a.tx.ExecContext(ctx, counts, a.doc.ID, field)
	return wrap("count marks", err)
}

// AgreeAll gives the marks, and takes over what stands for every other criterion of the
// field that has no mark of this round yet: a mark each, as if it had been given alone.
// It returns how many say something new. Criteria that ask for a remark, and those
// without a score to take over, are left. asked names the criteria that were on the
// screen: what was not is left as well, and so is what somebody has typed about. rule.Errors: as SaveMarks.
func (s *Store) AgreeAll(ctx context.Context, n NewMarks, asked []string) (int, error) {
	given := 0
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, position, err := s.lockForMarks(ctx, tx, n)
		if err != nil {
			return err
		}
		agreed, err := a.agreed(ctx, n, asked)
		if err != nil {
			return err
		}
		all := n
		all.Marks = slices.Concat(n.Marks, agreed)
		given, err = a.give(ctx, all, position)
		return err
	})
	return given, err
}

// agreed are marks that take over what stands, where none was given. They are bound to the
// newest marks of this moment: they follow from the rows under the lock, not from a
// screen.
func (a *lockedAppraisal) agreed(ctx context.Context, n NewMarks, asked []string) ([]MarkGiven, error) {
	desk, err := a.markDesk(ctx)
	if err != nil {
		return nil, err
	}
	var agreed []MarkGiven
	for _, code := range asked {
		c, known := a.set.Criterion(code)
		row, scored := a.score(code)
		typed := slices.ContainsFunc(n.Marks, func(m MarkGiven) bool { return m.Criterion == code })
		if typed || !known || !scored || row.Field != n.Field || !row.Asked || row.Marked || desk.drafts[code].Waits {
			continue
		}
		if m, agrees := c.Agreement(row.appraised(), a.Stage.Round()); agrees {
			agreed = append(agreed, MarkGiven{Criterion: code, Points: m.Points, NotApplicable: m.NotApplicable, Seen: desk.marks[code].ID})
		}
	}
	return agreed, nil
}
