package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// FormPublication is what an officer publishes: the draft as it was on the screen.
type FormPublication struct {
	Key      uuid.UUID // from the form: a double click is one version
	Form     string
	Base     int          // the save that was shown
	Mapping  form.Mapping // from the newest published version; no rows for a first one
	Guidance string       // number and date of the guidance document
	Note     string       // why
}

// Limits and codes of a publication.
const (
	MaxFormNote                    = 1000
	FormGuidanceMissing  rule.Code = "form_guidance"
	FormNothingDifferent rule.Code = "form_nothing_different"
	FormDraftChanged     rule.Code = "form_draft_changed" // published otherwise than it was shown
)

// PublishForm makes the draft the form's next version, for ever, and returns its
// number. The same key again returns what it made the first time. rule.Errors: all
// that Validate finds in the form and in the mapping, a missing guidance document,
// or that the draft has been changed since it was shown.
func (s *Store) PublishForm(ctx context.Context, p FormPublication, by int64) (int, error) {
	var number int
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var err error
		if number, err = publishedUnder(ctx, tx, p.Key); number > 0 || err != nil {
			return err
		}
		d, err := lockFormDraft(ctx, tx, p.Form)
		if errors.Is(err, ErrNotFound) {
			// A second click waits for the first one's lock and finds the draft closed.
			if number, err = publishedUnder(ctx, tx, p.Key); number == 0 && err == nil {
				err = fmt.Errorf("publish form %s: %w", p.Form, ErrNotFound)
			}
			return err
		}
		if err != nil {
			return err
		}
		if err := s.publishable(ctx, tx, d, &p); err != nil {
			return err
		}
		number = d.Content.Number
		return publishForm(ctx, tx, d, p, by)
	})
	return number, err
}

func publishedUnder(ctx context.Context, q sqlx.QueryerContext, key uuid.UUID) (int, error) {
	const look = `select coalesce((select version from form_versions where publish_key = $1), 0)`
	var number int
	err := sqlx.GetContext(ctx, q, &number, look, key)
	return number, wrap("look for the publication", err)
}

// publishable holds the draft against every rule at once.
func (s *Store) publishable(ctx context.Context, tx *sqlx.Tx, d FormDraft, p *FormPublication) error {
	if d.Version != p.Base {
		return rule.Broken(FormDraftChanged, "")
	}
	p.Guidance, p.Note = CleanLine(p.Guidance), CleanText(p.Note)
	broken := d.Content.Validate()
	if p.Guidance == "" {
		broken.Add(FormGuidanceMissing, "guidance")
	}
	if letters := len([]rune(p.Note)); letters > MaxFormNote {
		broken.Add(TextTooLong, "note", MaxFormNote)
	}
	if d.Content.Number > 1 {
		older, err := s.formVersion(ctx, tx, d.Form, d.Content.Number-1)
		if err != nil {
			return err
		}
		p.Mapping.From, p.Mapping.To = older.Number, d.Content.Number
		broken = append(broken, p.Mapping.Validate(older, d.Content)...)
		if len(form.Changes(older, d.Content, p.Mapping)) == 0 {
			broken.Add(FormNothingDifferent, "")
		}
	}
	return broken.Err()
}

func publishForm(ctx context.Context, tx *sqlx.Tx, d FormDraft, p FormPublication, by int64) error {
	const insert = `
		insert into form_versions (form, version, title, content, published_by, guidance, note, publish_key)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	const closing = `
		update form_drafts set closed_at = clock_timestamp(), closed_by = $2, published = $3 where id = $1`
	raw, err := json.Marshal(d.Content)
	if err != nil {
		return fmt.Errorf("publish form %s: %w", d.Form, err)
	}
	v := d.Content
	if _, err := tx.ExecContext(ctx, insert, v.Code, v.Number, v.Title, string(raw), by, p.Guidance, p.Note, p.Key); err != nil {
		return wrap("publish form "+d.Form, err)
	}
	if v.Number > 1 {
		if err := addMapping(ctx, tx, v.Code, p.Mapping); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, closing, d.ID, by, v.Number)
	return wrap("close draft of form "+d.Form, err)
}

func addMapping(ctx context.Context, tx *sqlx.Tx, code string, m form.Mapping) error {
	const add = `
		insert into indicator_maps (form, from_version, to_version, from_code, to_code, breaks, note)
		select $1, $2, $3, * from unnest($4::text[], $5::text[], $6::boolean[], $7::text[])`
	var froms, tos, notes []string
	var breaks []bool
	for _, row := range m.Rows {
		froms, tos = append(froms, row.From), append(tos, row.To)
		breaks, notes = append(breaks, row.Break), append(notes, CleanLine(row.Note))
	}
	_, err := tx.ExecContext(ctx, add, code, m.From, m.To, pq.Array(froms), pq.Array(tos), pq.Array(breaks), pq.Array(notes))
	return wrap("publish mapping of form "+code, err)
}
