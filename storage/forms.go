package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
)

// PublishedForm is a form version that a campaign may name.
type PublishedForm struct {
	Form    string `db:"form"`
	Version int    `db:"version"`
	Title   string `db:"title"`
	Plan    bool   `db:"plan"`  // it has a table of tasks
	Index   bool   `db:"index"` // it has a set of criteria
}

// Kind is the sort of document that the form is for.
func (f PublishedForm) Kind() document.Kind {
	switch {
	case f.Plan:
		return document.Plan
	case f.Index:
		return document.Index
	}
	return document.Report
}

// oneOff are the forms that one campaign brings with it: nothing else uses them,
// and they have no later version.
const oneOff = `campaign_only`

// PublishedForms lists the form versions that a campaign may be launched with:
// not the retired ones, the newest of each form first.
func (s *Store) PublishedForms(ctx context.Context) ([]PublishedForm, error) {
	const list = `
		select form, version, title, content -> 'plan' is not null as plan, content -> 'index' is not null as index from form_versions v
		where not ` + oneOff + ` and not exists (select from retired_form_versions r where (r.form, r.version) = (v.form, v.version))
		order by form, version desc`
	var forms []PublishedForm
	err := s.db.SelectContext(ctx, &forms, list)
	return forms, wrap("list form versions", err)
}

// FormRetired refuses a campaign whose form version is no longer offered.
const FormRetired rule.Code = "campaign_form_retired"

// formOffered holds a launch to versions that are offered.
func formOffered(ctx context.Context, q sqlx.QueryerContext, code string, version int) error {
	const look = `select exists (select from retired_form_versions where form = $1 and version = $2)`
	var retired bool
	if err := sqlx.GetContext(ctx, q, &retired, look, code, version); err != nil {
		return wrap("look for retired form", err)
	}
	if retired {
		return rule.Broken(FormRetired, "form")
	}
	return nil
}

// FormLine is a published version as the list of forms has it.
type FormLine struct {
	Form          string     `db:"form"`
	Version       int        `db:"version"`
	Title         string     `db:"title"`
	PublishedAt   time.Time  `db:"published_at"`
	PublishedBy   *string    `db:"published_by"` // nil: it shipped with the software
	Guidance      string     `db:"guidance"`
	Note          string     `db:"note"`
	Sections      int        `db:"sections"`
	Indicators    int        `db:"indicators"`
	Checks        int        `db:"checks"`
	Criteria      int        `db:"criteria"` // of a self-assessment's form
	Campaigns     int        `db:"campaigns"`
	RetiredAt     *time.Time `db:"retired_at"`
	RetiredBy     *string    `db:"retired_by"`
	RetiredReason *string    `db:"retired_reason"`
}

// FormDraftLine is an open draft in the list of forms.
type FormDraftLine struct {
	Form    string    `db:"form"`
	Title   string    `db:"title"`
	BasedOn int       `db:"based_on"`
	By      string    `db:"saved_by"`
	At      time.Time `db:"saved_at"`
}

const formLines = `
	select v.form, v.version, v.title, v.published_at, p.name as published_by, v.guidance, v.note,
	       coalesce(jsonb_array_length(nullif(v.content -> 'sections', 'null')), 0) as sections,
	       coalesce(jsonb_array_length(nullif(v.content -> 'indicators', 'null')), 0) as indicators,
	       coalesce(jsonb_array_length(nullif(v.content -> 'checks', 'null')), 0) as checks,
	       coalesce(jsonb_array_length(nullif(v.content -> 'index' -> 'criteria', 'null')), 0) as criteria,
	       (select count(*) from campaigns c where c.form = v.form and c.form_version = v.version) as campaigns,
	       r.retired_at, q.name as retired_by, r.reason as retired_reason
	from form_versions v
	left join persons p on p.id = v.published_by
	left join retired_form_versions r on r.form = v.form and r.version = v.version
	left join persons q on q.id = r.retired_by`

// Forms lists every version of every form, the newest of each first, without those
// that belong to one campaign alone.
func (s *Store) Forms(ctx context.Context) ([]FormLine, error) {
	const list = formLines + ` where not v.` + oneOff + ` order by v.form, v.version desc`
	var lines []FormLine
	err := s.db.SelectContext(ctx, &lines, list)
	return lines, wrap("list forms", err)
}

// FormLine is one published version. ErrNotFound: there is no such version.
func (s *Store) FormLine(ctx context.Context, code string, version int) (FormLine, error) {
	const read = formLines + ` where v.form = $1 and v.version = $2`
	var line FormLine
	err := s.db.GetContext(ctx, &line, read, code, version)
	return line, wrap(fmt.Sprintf("read form %s/%d", code, version), err)
}

// FormDrafts lists the forms that are being edited.
func (s *Store) FormDrafts(ctx context.Context) ([]FormDraftLine, error) {
	const list = `
		select d.form, d.based_on, s.content ->> 'title' as title, s.saved_at, p.name as saved_by
		from form_drafts d
		join form_draft_saves s on s.draft_id = d.id and s.version = d.version
		join persons p on p.id = s.saved_by
		where d.closed_at is null order by d.form`
	var lines []FormDraftLine
	err := s.db.SelectContext(ctx, &lines, list)
	return lines, wrap("list form drafts", err)
}

// FormUse is a campaign that uses a version of a form.
type FormUse struct {
	Code       string       `db:"code"`
	Name       string       `db:"name"`
	Period     string       `db:"period"`
	WindowTo   calendar.Day `db:"window_to"`
	LaunchedAt time.Time    `db:"launched_at"`
}

// FormUses lists the newest campaigns that use the version, at most most.
func (s *Store) FormUses(ctx context.Context, code string, version, most int) ([]FormUse, error) {
	const list = `
		select code, name, period, window_to, launched_at from campaigns
		where form = $1 and form_version = $2 order by launched_at desc, code limit $3`
	var uses []FormUse
	err := s.db.SelectContext(ctx, &uses, list, code, version, most)
	return uses, wrap("list uses of form "+code, err)
}

// FormReasonMissing asks why a version is retired.
const FormReasonMissing rule.Code = "form_reason"

// RetireForm takes the version from what is offered at a launch. Campaigns that
// use it go on. A version that is retired already stays as it is.
func (s *Store) RetireForm(ctx context.Context, code string, version int, reason string, by int64) error {
	const retire = `
		insert into retired_form_versions (form, version, reason, retired_by) values ($1, $2, $3, $4)
		on conflict (form, version) do nothing`
	reason = CleanLine(reason)
	if reason == "" {
		return rule.Broken(FormReasonMissing, "reason")
	}
	if letters := len([]rune(reason)); letters > MaxFormNote {
		return rule.Broken(TextTooLong, "reason", MaxFormNote)
	}
	if _, err := s.FormVersion(ctx, code, version); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, retire, code, version, reason, by)
	return wrap("retire form "+code, err)
}

// RestoreForm offers a retired version again.
func (s *Store) RestoreForm(ctx context.Context, code string, version int) error {
	const restore = `delete from retired_form_versions where form = $1 and version = $2`
	_, err := s.db.ExecContext(ctx, restore, code, version)
	return wrap("restore form "+code, err)
}

// FormHistory is a form with all its versions, oldest first, and how the
// indicators of each continue in the next.
type FormHistory struct {
	Versions []form.Version
	Mappings []form.Mapping // one fewer than versions
}

// FormHistory reads it. A step that nobody has confirmed (both versions shipped
// with the software) is as SuggestMapping has it. ErrNotFound: no such form.
func (s *Store) FormHistory(ctx context.Context, code string) (FormHistory, error) {
	return s.formHistory(ctx, s.db, code)
}

func (s *Store) formHistory(ctx context.Context, q sqlx.QueryerContext, code string) (FormHistory, error) {
	const versions = `select version from form_versions where form = $1 order by version`
	var numbers []int
	if err := sqlx.SelectContext(ctx, q, &numbers, versions, code); err != nil {
		return FormHistory{}, wrap("list versions of form "+code, err)
	}
	if len(numbers) == 0 {
		return FormHistory{}, fmt.Errorf("read form %s: %w", code, ErrNotFound)
	}
	steps, err := mappings(ctx, q, code)
	if err != nil {
		return FormHistory{}, err
	}
	var h FormHistory
	for i, number := range numbers {
		version, err := s.formVersion(ctx, q, code, number)
		if err != nil {
			return FormHistory{}, err
		}
		h.Versions = append(h.Versions, version)
		if i == 0 {
			continue
		}
		step, confirmed := steps[number]
		if !confirmed {
			step = form.SuggestMapping(h.Versions[i-1], version)
		}
		h.Mappings = append(h.Mappings, step)
	}
	return h, nil
}

// mappings are the confirmed steps of the form by the version they lead to.
func mappings(ctx context.Context, q sqlx.QueryerContext, code string) (map[int]form.Mapping, error) {
	const list = `
		select from_version, to_version, from_code, to_code, breaks, note
		from indicator_maps where form = $1 order by to_version, from_code, to_code`
	var rows []struct {
		From     int    `db:"from_version"`
		To       int    `db:"to_version"`
		FromCode string `db:"from_code"`
		ToCode   string `db:"to_code"`
		Breaks   bool   `db:"breaks"`
		Note     string `db:"note"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list, code); err != nil {
		return nil, wrap("read mappings of form "+code, err)
	}
	steps := map[int]form.Mapping{}
	for _, row := range rows {
		step := steps[row.To]
		step.From, step.To = row.From, row.To
		step.Rows = append(step.Rows, form.MapRow{From: row.FromCode, To: row.ToCode, Break: row.Breaks, Note: row.Note})
		steps[row.To] = step
	}
	return steps, nil
}
