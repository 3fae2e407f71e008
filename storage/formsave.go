package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/plan"
)

// FormConflict tells that somebody else has saved the same part since the page
// was opened. Nothing was overwritten.
type FormConflict struct {
	Draft FormDraft // as it stands now
}

func (e *FormConflict) Error() string {
	return fmt.Sprintf("form %s: saved by someone else meanwhile", e.Draft.Form)
}

// SaveFormPart puts a part of the form over the save that was on the screen.
// Other parts may have been changed by others meanwhile and stay as they are.
// FormConflict: so was this one. What stands there already is not saved again; what a
// page had saved by itself is kept from now on.
func (s *Store) SaveFormPart(ctx context.Context, code string, base int, part form.Part, with form.Version, by int64) (FormDraft, error) {
	return s.saveFormPart(ctx, code, base, part, with, formSaver{person: by})
}

// AutosaveFormPart is SaveFormPart as the page does it by itself while somebody types:
// the person's next save takes its place, so that such saves do not pile up.
func (s *Store) AutosaveFormPart(ctx context.Context, code string, base int, part form.Part, with form.Version, by int64) (FormDraft, error) {
	return s.saveFormPart(ctx, code, base, part, with, formSaver{person: by, auto: true})
}

// formSaver is who saves a form, and whether by a click.
type formSaver struct {
	person int64
	auto   bool
}

func (s *Store) saveFormPart(ctx context.Context, code string, base int, part form.Part, with form.Version, by formSaver) (FormDraft, error) {
	with = cleanForm(with)
	return s.changeFormDraft(ctx, code, by, func(tx *sqlx.Tx, d FormDraft) (form.Version, error) {
		if d.Content.Same(part, with) || base == d.Version {
			return d.Content.Replace(part, with), nil
		}
		seen := form.Version{}
		if base < d.Version {
			var err error
			if seen, err = formSave(ctx, tx, d.ID, base); err != nil {
				return form.Version{}, err
			}
		}
		if !seen.Same(part, d.Content) {
			return form.Version{}, &FormConflict{Draft: d}
		}
		return d.Content.Replace(part, with), nil
	})
}

// cleanForm puts every text of a form into the shape in which texts are kept.
func cleanForm(v form.Version) form.Version {
	v.Title = CleanLine(v.Title)
	v.Sections, v.Indicators, v.Checks = slices.Clone(v.Sections), slices.Clone(v.Indicators), slices.Clone(v.Checks)
	for i := range v.Sections {
		one := &v.Sections[i]
		one.Code, one.Title, one.Parent, one.Hint = CleanLine(one.Code), CleanLine(one.Title), CleanLine(one.Parent), CleanLine(one.Hint)
	}
	for i := range v.Indicators {
		one := &v.Indicators[i]
		one.Code, one.Group, one.Name, one.Unit = CleanLine(one.Code), CleanLine(one.Group), CleanLine(one.Name), CleanLine(one.Unit)
		one.Numerator, one.Denominator, one.ValidTo = CleanLine(one.Numerator), CleanLine(one.Denominator), CleanLine(one.ValidTo)
	}
	for i := range v.Checks {
		one := &v.Checks[i]
		one.Rule, one.Note = CleanLine(one.Rule), CleanLine(one.Note)
	}
	if v.Index != nil {
		v.Index = cleanSet(*v.Index)
	}
	if v.Plan != nil {
		table := *v.Plan
		table.Fields, table.Products = cleanChoices(table.Fields), cleanChoices(table.Products)
		v.Plan = &table
	}
	return v
}

func cleanSet(s par.Set) *par.Set {
	s.Fields, s.Criteria = slices.Clone(s.Fields), slices.Clone(s.Criteria)
	for i := range s.Fields {
		s.Fields[i].Name = CleanLine(s.Fields[i].Name)
	}
	for i := range s.Criteria {
		one := &s.Criteria[i]
		one.Name, one.Guide = CleanLine(one.Name), CleanText(one.Guide)
		one.DoneLabel, one.OfLabel = CleanLine(one.DoneLabel), CleanLine(one.OfLabel)
	}
	return &s
}

func cleanChoices(choices []plan.Choice) []plan.Choice {
	clean := slices.Clone(choices)
	for i, one := range clean {
		clean[i] = plan.Choice{Code: CleanLine(one.Code), Name: CleanLine(one.Name)}
	}
	return clean
}

// EditFormDraft makes a change that holds whatever others have saved meanwhile:
// a group moved or added.
func (s *Store) EditFormDraft(ctx context.Context, code string, by int64, edit func(form.Version) form.Version) (FormDraft, error) {
	return s.changeFormDraft(ctx, code, formSaver{person: by}, func(_ *sqlx.Tx, d FormDraft) (form.Version, error) {
		return edit(d.Content), nil
	})
}

func (s *Store) changeFormDraft(ctx context.Context, code string, by formSaver, change func(*sqlx.Tx, FormDraft) (form.Version, error)) (FormDraft, error) {
	const count = `update form_drafts set version = $2 where id = $1`
	var saved FormDraft
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		d, err := lockFormDraft(ctx, tx, code)
		if err != nil {
			return err
		}
		content, err := change(tx, d)
		if err != nil {
			return err
		}
		same, dropped := sameContent(content, d.Content), false
		if !same || !by.auto { // a click keeps what the page had saved by itself
			if dropped, err = dropAutosave(ctx, tx, d, by.person); err != nil {
				return err
			}
		}
		if same && !dropped {
			saved = d
			return nil
		}
		if err := addFormSave(ctx, tx, d.ID, d.Version+1, content, by); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, count, d.ID, d.Version+1); err != nil {
			return wrap("save form "+code, err)
		}
		saved, err = formDraft(ctx, tx, code)
		return err
	})
	return saved, err
}

// dropAutosave removes the newest save where the same person's page made it by itself,
// and tells whether it did.
// Who has it on the screen is compared with the save before it: that may tell of a
// conflict where there is none, and overlooks only that the part was put back as it
// was then.
func dropAutosave(ctx context.Context, tx *sqlx.Tx, d FormDraft, by int64) (bool, error) {
	const drop = `with dropped as (
		delete from form_draft_saves where draft_id = $1 and version = $2 and auto and saved_by = $3 and version > 1 returning 1)
		select count(*) from dropped`
	var n int
	err := tx.GetContext(ctx, &n, drop, d.ID, d.Version, by)
	return n > 0, wrap("drop earlier save", err)
}

func sameContent(a, b form.Version) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errors.Join(errLeft, errRight) == nil && string(left) == string(right)
}

// formSave is an earlier save of the draft, or the last one before it that is kept.
// Where there is none (a page of a draft that was closed since) it reads as empty, so
// that it conflicts.
func formSave(ctx context.Context, q sqlx.QueryerContext, id int64, version int) (form.Version, error) {
	const read = `
		select content from form_draft_saves where draft_id = $1 and version <= $2 order by version desc limit 1`
	var raw []byte
	var content form.Version
	err := wrap("read earlier save", sqlx.GetContext(ctx, q, &raw, read, id, version))
	if errors.Is(err, ErrNotFound) {
		return content, nil
	}
	if err != nil {
		return content, err
	}
	if err := json.Unmarshal(raw, &content); err != nil {
		return content, fmt.Errorf("read earlier save: %w", err)
	}
	return content, nil
}

// FormSave is an earlier save of the open draft. ErrNotFound: there is none.
func (s *Store) FormSave(ctx context.Context, code string, version int) (form.Version, error) {
	d, err := s.FormDraft(ctx, code)
	if err != nil {
		return form.Version{}, err
	}
	if version < 1 || version > d.Version {
		return form.Version{}, fmt.Errorf("read save %d of form %s: %w", version, code, ErrNotFound)
	}
	return formSave(ctx, s.db, d.ID, version)
}

func addFormSave(ctx context.Context, tx *sqlx.Tx, id int64, version int, content form.Version, by formSaver) error {
	const add = `insert into form_draft_saves (draft_id, version, content, saved_by, auto) values ($1, $2, $3, $4, $5)`
	raw, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("save form: %w", err)
	}
	_, err = tx.ExecContext(ctx, add, id, version, string(raw), by.person, by.auto)
	return wrap("save form "+content.Code, err)
}
