package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// FormCodeTaken refuses a new form of a code that there is: only the database can tell.
const FormCodeTaken rule.Code = "form_code_taken"

// FormDraft is a form while it is edited. Content carries the number it will be
// published under.
type FormDraft struct {
	ID        int64
	Form      string
	BasedOn   int // the version it began as; 0: empty
	Version   int // of the newest save
	By        string
	At        time.Time // of the newest save
	StartedBy string
	StartedAt time.Time
	Content   form.Version
}

// NewFormDraft says what a draft begins as: a version of a form, as the next
// version of it, or of a new form where Code is given; or empty, as a new form.
type NewFormDraft struct {
	FromForm    string
	FromVersion int
	Code        string // of a new form
	Title       string
}

// StartFormDraft opens the draft of a form and returns the form's code. Where one
// is open already, that one stays. rule.Errors: the code or title of a new form,
// or that its code is taken.
func (s *Store) StartFormDraft(ctx context.Context, n NewFormDraft, by int64) (string, error) {
	content := form.Version{}
	if n.FromForm != "" {
		from, err := s.FormVersion(ctx, n.FromForm, n.FromVersion)
		if err != nil {
			return "", err
		}
		content = from
	}
	if n.Code != "" {
		content.Code, content.Title = n.Code, CleanLine(n.Title)
		if err := newFormProblems(content); err != nil {
			return "", err
		}
	}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if n.Code != "" {
			if err := formCodeFree(ctx, tx, n.Code); err != nil {
				return err
			}
		}
		return startFormDraft(ctx, tx, content, n, by)
	})
	if uniqueViolation(err, "form_drafts_open") {
		err = nil // opened by somebody else at this moment
		if n.Code != "" {
			err = rule.Broken(FormCodeTaken, "code")
		}
	}
	return content.Code, err
}

// newFormProblems are what stands against the code and title of a new form; the
// rest may still be unfinished.
func newFormProblems(content form.Version) error {
	var broken rule.Errors
	for _, one := range content.Validate() {
		if one.Field == "code" || one.Field == "title" {
			broken = append(broken, one)
		}
	}
	return broken.Err()
}

func formCodeFree(ctx context.Context, tx *sqlx.Tx, code string) error {
	const look = `
		select exists (select from form_versions where form = $1)
		    or exists (select from form_drafts where form = $1 and closed_at is null)`
	var taken bool
	if err := tx.GetContext(ctx, &taken, look, code); err != nil {
		return wrap("look for form "+code, err)
	}
	if taken {
		return rule.Broken(FormCodeTaken, "code")
	}
	return nil
}

func startFormDraft(ctx context.Context, tx *sqlx.Tx, content form.Version, n NewFormDraft, by int64) error {
	const open = `insert into form_drafts (form, based_on, started_by) values ($1, $2, $3) returning id`
	based := n.FromVersion
	if n.Code != "" {
		based = 0
	}
	var id int64
	if err := tx.GetContext(ctx, &id, open, content.Code, based, by); err != nil {
		return wrap("open draft of form "+content.Code, err)
	}
	return addFormSave(ctx, tx, id, 1, content, formSaver{person: by})
}

// FormDraft reads the open draft of the form. ErrNotFound: there is none.
func (s *Store) FormDraft(ctx context.Context, code string) (FormDraft, error) {
	return formDraft(ctx, s.db, code)
}

func formDraft(ctx context.Context, q sqlx.QueryerContext, code string) (FormDraft, error) {
	const read = `
		select d.id, d.form, d.based_on, d.version, d.started_at, p.name as started_by, q.name as saved_by,
		       s.saved_at, s.content, 1 + coalesce((select max(version) from form_versions where form = d.form), 0) as number
		from form_drafts d
		join form_draft_saves s on s.draft_id = d.id and s.version = d.version
		join persons p on p.id = d.started_by join persons q on q.id = s.saved_by
		where d.form = $1 and d.closed_at is null`
	var row struct {
		ID        int64     `db:"id"`
		Form      string    `db:"form"`
		BasedOn   int       `db:"based_on"`
		Version   int       `db:"version"`
		StartedAt time.Time `db:"started_at"`
		StartedBy string    `db:"started_by"`
		SavedBy   string    `db:"saved_by"`
		SavedAt   time.Time `db:"saved_at"`
		Content   []byte    `db:"content"`
		Number    int       `db:"number"`
	}
	if err := sqlx.GetContext(ctx, q, &row, read, code); err != nil {
		return FormDraft{}, wrap("read draft of form "+code, err)
	}
	d := FormDraft{
		ID: row.ID, Form: row.Form, BasedOn: row.BasedOn, Version: row.Version, By: row.SavedBy, At: row.SavedAt,
		StartedBy: row.StartedBy, StartedAt: row.StartedAt,
	}
	if err := json.Unmarshal(row.Content, &d.Content); err != nil {
		return FormDraft{}, fmt.Errorf("read draft of form %s: %w", code, err)
	}
	d.Content.Code, d.Content.Number = row.Form, row.Number
	return d, nil
}

// lockFormDraft takes the draft's row first: saves and the publication of one form
// come one after the other. What is read comes from after the lock was got.
func lockFormDraft(ctx context.Context, tx *sqlx.Tx, code string) (FormDraft, error) {
	const lock = `select id from form_drafts where form = $1 and closed_at is null for no key update`
	var id int64
	if err := tx.GetContext(ctx, &id, lock, code); err != nil {
		return FormDraft{}, wrap("lock draft of form "+code, err)
	}
	return formDraft(ctx, tx, code)
}

// DiscardFormDraft gives the open draft up; what was saved stays on record.
func (s *Store) DiscardFormDraft(ctx context.Context, code string, by int64) error {
	const discard = `update form_drafts set closed_at = clock_timestamp(), closed_by = $2 where form = $1 and closed_at is null`
	_, err := s.db.ExecContext(ctx, discard, code, by)
	return wrap("discard draft of form "+code, err)
}
