package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/form"
)

// Draft is what is being written, as its pages need it. Hash is that of Content:
// a submission is bound to what was on the screen.
type Draft struct {
	Form     form.Version
	Context  form.Context // the unit's figures of earlier periods
	Known    KnownFigures // of its plan
	Content  form.Content
	Hash     string
	Result   form.Result
	Sections map[string]DraftSection // written ones, by code
	Figures  map[string]DraftFigure  // touched ones, by code
	Files    []DraftFile
	Tasks    map[string]DraftTask   // rows of a plan by key; Content.Tasks has their order
	Answers  map[string]DraftAnswer // to criteria, by code; Content.Answers has their order
	Revision int                    // newest frozen revision
	Touched  time.Time              // when it was last changed; zero: never

	unconfirmed map[string]map[string]bool // fingerprints of copied paragraphs by section
}

// DraftSection is a section as it stands, with what a save must be based on.
type DraftSection struct {
	Section string    `db:"section"`
	Body    string    `db:"body"`
	Version int       `db:"version"`
	By      string    `db:"name"`
	At      time.Time `db:"updated_at"`
}

// DraftFigure is a figure as it stands.
type DraftFigure struct {
	Indicator string        `db:"indicator"`
	Value     *form.Decimal `db:"value"`
	Reason    string        `db:"reason"`
	Version   int           `db:"version"`
	By        string        `db:"name"`
	At        time.Time     `db:"updated_at"`
}

// DraftFile is an attached file.
type DraftFile struct {
	StoredFile
	Name string    `db:"name"`
	By   string    `db:"added_by"`
	At   time.Time `db:"added_at"`
}

// Draft reads a document's draft with what the form's checks say of it. The
// caller has already checked that the reader belongs to the unit: a draft is not
// yet anybody else's business.
func (s *Store) Draft(ctx context.Context, id string) (Draft, error) {
	const read = `
		select c.form, c.form_version, c.period, c.window_to, d.unit_code, d.revision
		from documents d join campaigns c on c.code = d.campaign where d.id = $1`
	var doc lockedDocument // only what this statement fills
	if err := s.db.GetContext(ctx, &doc, read, id); err != nil {
		return Draft{}, wrap("read draft of "+id, err)
	}
	d := Draft{Revision: doc.Revision, Sections: map[string]DraftSection{}, Figures: map[string]DraftFigure{}}
	var err error
	if d.Form, err = s.formVersion(ctx, s.db, doc.Form, doc.FormVersion); err != nil {
		return Draft{}, err
	}
	if d.Context, err = s.formContext(ctx, s.db, doc.Form, doc.FormVersion, doc.Unit, doc.Period); err != nil {
		return Draft{}, err
	}
	d.Context.WindowEnd = doc.WindowTo
	if d.Known, err = s.knownFigures(ctx, s.db, &doc); err != nil {
		return Draft{}, err
	}
	d.Context.Known = d.Known.values()
	if err := d.read(ctx, s.db, id); err != nil {
		return Draft{}, fmt.Errorf("read draft of %s: %w", id, err)
	}
	d.gather()
	if d.Form.Plan != nil {
		if d.Content.Tasks, d.Tasks, err = draftTasks(ctx, s.db, id, *d.Form.Plan); err != nil {
			return Draft{}, err
		}
		for _, task := range d.Tasks {
			d.touch(task.At)
		}
	}
	if d.Form.Index != nil {
		if d.Content.Answers, d.Answers, err = draftAnswers(ctx, s.db, id, *d.Form.Index); err != nil {
			return Draft{}, err
		}
		for _, answer := range d.Answers {
			d.touch(answer.At)
		}
		if d.Context.Facts, err = s.factsFor(ctx, s.db, d.Form, doc.Unit, doc.Period); err != nil {
			return Draft{}, err
		}
	}
	d.Hash = d.Content.Hash()
	d.Result = d.Form.Check(d.Content, d.Context)
	return d, nil
}

func (d *Draft) read(ctx context.Context, q sqlx.QueryerContext, id string) error {
	const sections = `
		select f.section, f.body, f.version, f.updated_at, p.name
		from draft_sections f join persons p on p.id = f.updated_by where f.document_id = $1`
	var written []DraftSection
	if err := sqlx.SelectContext(ctx, q, &written, sections, id); err != nil {
		return err
	}
	for _, one := range written {
		d.Sections[one.Section] = one
		d.touch(one.At)
	}
	const figures = `
		select f.indicator, f.value, f.reason, f.version, f.updated_at, p.name
		from draft_figures f join persons p on p.id = f.updated_by where f.document_id = $1`
	var typed []DraftFigure
	if err := sqlx.SelectContext(ctx, q, &typed, figures, id); err != nil {
		return err
	}
	for _, one := range typed {
		d.Figures[one.Indicator] = one
		d.touch(one.At)
	}
	const files = `
		select a.hash, a.name, a.added_at, f.size, f.media_type, p.name as added_by
		from draft_files a join files f using (hash) join persons p on p.id = a.added_by
		where a.document_id = $1 order by a.name, a.hash`
	if err := sqlx.SelectContext(ctx, q, &d.Files, files, id); err != nil {
		return err
	}
	for _, one := range d.Files {
		d.touch(one.At)
	}
	return d.readCopies(ctx, q, id)
}

func (d *Draft) touch(at time.Time) {
	if at.After(d.Touched) {
		d.Touched = at
	}
}

// gather makes the content of what was read, so that the hash is that of
// exactly what the page shows.
func (d *Draft) gather() {
	d.Content = form.Content{
		Form: d.Form.Code, FormVersion: d.Form.Number,
		Sections: map[string]string{}, Figures: map[string]form.Figure{},
	}
	for code, one := range d.Sections {
		d.Content.Sections[code] = one.Body
	}
	for code, one := range d.Figures {
		d.Content.Figures[code] = form.Figure{Code: code, Value: one.Value, Reason: one.Reason}
	}
	for _, one := range d.Files {
		d.Content.Files = append(d.Content.Files, form.FileRef{Name: one.Name, Hash: one.Hash, Size: one.Size})
	}
}

// Checked is a content with its form, what it is compared with, and what the
// checks say of it.
type Checked struct {
	Form    form.Version
	Context form.Context
	Content form.Content
	Result  form.Result
	Bundle  Bundle // the evidence of a frozen self-assessment; zero: it has none
}

// Checked runs the form's checks on a frozen revision of the document: for its
// ratios, its warnings and the figures of earlier periods. What the unit's plan knew
// is told as it was when the revision was submitted.
func (s *Store) Checked(ctx context.Context, v DocumentView, revision RevisionView) (Checked, error) {
	version, err := s.formVersion(ctx, s.db, v.Campaign.Form, v.Campaign.FormVersion)
	if err != nil {
		return Checked{}, err
	}
	earlier, err := s.formContext(ctx, s.db, v.Campaign.Form, v.Campaign.FormVersion, v.Unit.Code, v.Campaign.Period)
	if err != nil {
		return Checked{}, err
	}
	earlier.WindowEnd = v.Campaign.WindowTo
	checked := Checked{Form: version, Context: earlier, Content: revision.Content, Result: version.Check(revision.Content, earlier)}
	checked.Result.Recall(revision.Warnings)
	if version.Index == nil {
		return checked, nil
	}
	if checked.Bundle, err = s.bundleRow(ctx, v.ID, revision.Number); errors.Is(err, ErrNotFound) {
		err = nil
	}
	return checked, err
}

// Checked is the draft as a content that has been checked.
func (d Draft) Checked() Checked {
	return Checked{Form: d.Form, Context: d.Context, Content: d.Content, Result: d.Result}
}
