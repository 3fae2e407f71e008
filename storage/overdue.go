package storage

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/unicode/norm"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Refusals of a note of why a document is overdue.
const (
	CauseMissing    rule.Code = "cause_missing"
	CauseTooLong    rule.Code = "cause_too_long" // args: the most letters allowed
	CauseNotOverdue rule.Code = "cause_not_overdue"
)

// CauseMax is the most letters a note may have: one line of a register.
const CauseMax = 300

// OverdueCause is a note of why a document is overdue. A later one takes its
// place; none is ever changed or removed.
type OverdueCause struct {
	Document string     `db:"document_id"`
	Text     string     `db:"text"`
	By       string     `db:"by"` // name
	Role     staff.Role `db:"role"`
	Unit     string     `db:"unit_name"`
	At       time.Time  `db:"noted_at"`
}

// NewCause is a note to be added.
type NewCause struct {
	Key      uuid.UUID
	Document string
	Text     string
	Actor    staff.Actor
	Position staff.Position // in which the actor speaks
}

const causeColumns = ` x.document_id, x.text, p.name as by, x.role, u.name as unit_name, x.noted_at
	from overdue_causes x join persons p on p.id = x.person_id join units u on u.code = x.unit_code`

// AddOverdueCause notes why a document is overdue, with a line of the audit. The
// same key again is the same note.
func (s *Store) AddOverdueCause(ctx context.Context, n NewCause, a Audit) error {
	text := strings.Join(strings.Fields(norm.NFC.String(n.Text)), " ")
	switch {
	case text == "":
		return rule.Broken(CauseMissing, "cause")
	case utf8.RuneCountInString(text) > CauseMax:
		return rule.Broken(CauseTooLong, "cause", CauseMax)
	}
	const add = `
		insert into overdue_causes (key, document_id, text, person_id, role, unit_code)
		values ($1, $2, $3, $4, $5, $6) on conflict (key) do nothing`
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, n.Document)
		if err != nil {
			return err
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("note cause", err)
		}
		if !document.Overdue(doc.DueAt, doc.Stage.Closed(), now) {
			return rule.Broken(CauseNotOverdue, "cause")
		}
		added, err := tx.ExecContext(ctx, add, n.Key, n.Document, text, n.Actor.Person, n.Position.Role, n.Position.Unit)
		if err != nil {
			return wrap("note cause", err)
		}
		if rows, err := added.RowsAffected(); err != nil || rows == 0 {
			return wrap("note cause", err)
		}
		a.Action, a.Object, a.Detail = AuditCause, n.Document, map[string]any{"cause": text}
		return addAudit(ctx, tx, a)
	})
}

// OverdueCauses lists a document's notes, the newest first.
func (s *Store) OverdueCauses(ctx context.Context, id string) ([]OverdueCause, error) {
	const list = `select` + causeColumns + ` where x.document_id = $1 order by x.id desc`
	var notes []OverdueCause
	err := s.db.SelectContext(ctx, &notes, list, id)
	return notes, wrap("list causes of "+id, err)
}

// newestCauses reads the newest note of each document that has one.
func newestCauses(ctx context.Context, q sqlx.QueryerContext, ids []string) (map[string]OverdueCause, error) {
	const list = `select distinct on (x.document_id)` + causeColumns + ` where x.document_id = any($1) order by x.document_id, x.id desc`
	var notes []OverdueCause
	if err := sqlx.SelectContext(ctx, q, &notes, list, pq.Array(ids)); err != nil {
		return nil, wrap("list causes", err)
	}
	newest := map[string]OverdueCause{}
	for _, note := range notes {
		newest[note.Document] = note
	}
	return newest, nil
}
