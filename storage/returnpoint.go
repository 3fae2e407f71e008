package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// ReturnPoint is one thing that the newest return asks for, and what the unit says it
// has done about it.
type ReturnPoint struct {
	ID int64 `db:"id"`
	document.Point
	Answer     string     `db:"answer"` // the newest; empty: none
	AnsweredBy string     `db:"answered_by"`
	AnsweredAt *time.Time `db:"answered_at"`
}

// Open tells whether it waits for an answer.
func (p ReturnPoint) Open() bool { return p.Answer == "" }

// returnPoints lists the points of the newest return or reopening that was carried out
// ($1 the document; $2: of the authority's alone, which is not told what the unit's own
// desks have asked for).
const returnPoints = `
		select p.id, p.field, p.must, p.body, coalesce(a.body, '') as answer, coalesce(q.name, '') as answered_by, a.at as answered_at
		from return_points p
		left join lateral (select body, person_id, at from point_answers where point_id = p.id order by id desc limit 1) a on true
		left join persons q on q.id = a.person_id
		where p.decision_id = (
			select id from decisions
			where document_id = $1 and action in ('return', 'reopen') and outcome = 'applied'
			  and (not $2 or role in ('officer', 'authority_head'))
			order by id desc limit 1)
		order by p.place`

// ReturnPoints lists what the newest return asks for, in its order; none where it gave a
// reason alone. The caller has read the document within the reader's scope.
func (s *Store) ReturnPoints(ctx context.Context, id string, authoritys bool) ([]ReturnPoint, error) {
	var points []ReturnPoint
	err := s.db.SelectContext(ctx, &points, returnPoints, id, authoritys)
	return points, wrap("list points of "+id, err)
}

// addPoints keeps the points of a return beside its decision.
func addPoints(ctx context.Context, tx *sqlx.Tx, decision int64, points []document.Point) error {
	if len(points) == 0 {
		return nil
	}
	const add = `
		insert into return_points (decision_id, place, field, must, body)
		select $1, p.place, p.field, p.must, p.body
		from unnest($2::text[], $3::bool[], $4::text[]) with ordinality as p (field, must, body, place)`
	var fields, texts []string
	var musts []bool
	for _, one := range points {
		fields, musts, texts = append(fields, one.Field), append(musts, one.Must), append(texts, one.Text)
	}
	_, err := tx.ExecContext(ctx, add, decision, pq.Array(fields), pq.Array(musts), pq.Array(texts))
	return wrap("keep points", err)
}

// pointsNow lists what is being answered under the document's lock; none where it has
// not come back.
func pointsNow(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument) ([]ReturnPoint, error) {
	if !doc.Returned {
		return nil, nil
	}
	var points []ReturnPoint
	err := tx.SelectContext(ctx, &points, returnPoints, doc.ID, false)
	return points, wrap("list points", err)
}

// OpenMusts is the points that must be answered and are not, as broken rules.
func OpenMusts(points []ReturnPoint) (broken rule.Errors) {
	for _, one := range points {
		if one.Must && one.Open() {
			broken.Add(document.PointOpen, "point."+strconv.FormatInt(one.ID, 10), one.Text)
		}
	}
	return broken
}

// AnswerPoint keeps what the actor says was done about a point of the newest return. What
// stands as the answer already is no other, so that a double click answers once.
// ErrNotFound: the return has no such point; rule.Errors: see document.CheckAnswer,
// KeyReused at "answer" where the form has answered in other words, or the document is not
// being written.
func (s *Store) AnswerPoint(ctx context.Context, key uuid.UUID, id string, point int64, text string, actor staff.Actor) error {
	text = strings.TrimSpace(CleanText(text))
	if err := document.CheckAnswer(text).Err(); err != nil {
		return err
	}
	const add = `insert into point_answers (key, point_id, person_id, body) values ($1, $2, $3, $4)`
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDrafting(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		points, err := pointsNow(ctx, tx, doc)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(points, func(one ReturnPoint) bool { return one.ID == point })
		if at < 0 {
			return fmt.Errorf("answer point %d of %s: %w", point, id, ErrNotFound)
		}
		if points[at].Answer == text {
			return nil
		}
		_, err = tx.ExecContext(ctx, add, key, point, actor.Person, text)
		if uniqueViolation(err, "point_answers_key_key") {
			return rule.Broken(KeyReused, "answer")
		}
		return wrap("answer point", err)
	})
}
