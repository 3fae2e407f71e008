package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/plan"
	"cchc/domain/rule"
)

// Codes of what only the database can tell about a form that is edited.
const (
	FormCodeTaken    rule.Code = "form_code_taken"
	FormDraftChanged rule.Code = "form_draft_changed" // published otherwise than it was shown
)

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

// FormConflict tells that somebody else has saved the same part since the page
// was opened. Nothing was overwritten.
type FormConflict struct {
	Draft FormDraft // as it stands now
}

func (e *FormConflict) Error() string {
	return fmt.Sprintf("form %s: saved by someone else meanwhile", e.Draft.Form)
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

func addFormSave(ctx context.Context, tx *sqlx.Tx, id int64, version int, content form.Version, by formSaver) error {
	const add = `insert into form_draft_saves (draft_id, version, content, saved_by, auto) values ($1, $2, $3, $4, $5)`
	raw, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("save form: %w", err)
	}
	_, err = tx.ExecContext(ctx, add, id, version, string(raw), by.person, by.auto)
	return wrap("save form "+content.Code, err)
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

// DiscardFormDraft gives the open draft up; what was saved stays on record.
func (s *Store) DiscardFormDraft(ctx context.Context, code string, by int64) error {
	const discard = `update form_drafts set closed_at = clock_timestamp(), closed_by = $2 where form = $1 and closed_at is null`
	_, err := s.db.ExecContext(ctx, discard, code, by)
	return wrap("discard draft of form "+code, err)
}

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
