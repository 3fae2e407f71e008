package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Limits of what a draft holds, in letters.
const (
	MaxSection      = 100_000
	MaxFigureReason = 1_000
)

// Codes of what can be wrong with a saved text.
const (
	TextTooLong rule.Code = "text_too_long" // args: the most letters allowed
)

// Conflict is one place where somebody has saved since the page was opened.
// What stands there now was not overwritten.
type Conflict struct {
	Field   string // form.SectionField, form.FigureField, plan.TaskField of the row, par.AnswerField or par.MarkField of the criterion
	Version int    // the base version of a next try
	Body    string // a section's text
	Value   *form.Decimal
	Reason  string     // a figure's reason; of an adjusted task
	Task    *plan.Task // a task; nil: it has been taken out
	Answer  *par.Answer
	Mark    *par.TypedMark // a mark as the fields would show it
	Seen    int64          // the criterion's newest mark
	Given   bool           // it has been given, and is more than a draft
	By      string         // who saved it
	At      time.Time
}

// Conflicts is every place that was not saved because somebody was faster.
type Conflicts []Conflict

func (c Conflicts) Error() string {
	fields := make([]string, len(c))
	for i, one := range c {
		fields[i] = one.Field
	}
	return "saved by someone else meanwhile: " + strings.Join(fields, ", ")
}

// At finds the conflict at a field.
func (c Conflicts) At(field string) (Conflict, bool) {
	for _, one := range c {
		if one.Field == field {
			return one, true
		}
	}
	return Conflict{}, false
}

// Saved is the state of one saved place.
type Saved struct {
	Version int
	At      time.Time
}

// SaveSection saves a section's text over the version that was on the screen (0:
// nobody had written it). The text is put into NFC and cleaned of control
// characters. Conflicts: somebody has saved a different text since. Saving what
// stands there already changes nothing and is never a conflict, so an autosave
// may repeat itself. rule.Errors: not the moment, not the person, or too long.
func (s *Store) SaveSection(ctx context.Context, id, section, body string, base int, actor staff.Actor) (Saved, error) {
	body = CleanText(body)
	if letters := len([]rune(body)); letters > MaxSection {
		return Saved{}, rule.Broken(TextTooLong, form.SectionField(section), MaxSection)
	}
	saved, err := s.saveOver(ctx, id, section, body, base, actor)
	if err != nil || saved.Version > 0 {
		return saved, err
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDrafting(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
		if err != nil {
			return err
		}
		if _, known := version.Section(section); !known {
			return fmt.Errorf("save section %s: %w", section, ErrNotFound)
		}
		if saved, err = replaceSection(ctx, tx, id, section, body, base, actor.Person); err != nil || saved.Version == 0 {
			return err
		}
		return markStarted(ctx, tx, doc)
	})
	return saved, err
}

// saveOver is the usual autosave, in one statement: a different text over the base
// version while nothing stands against it. Where it writes nothing (Version 0),
// SaveSection's own transaction does what is left or tells why not.
func (s *Store) saveOver(ctx context.Context, id, section, body string, base int, actor staff.Actor) (Saved, error) {
	unit, err := s.DocumentUnit(ctx, id)
	if err != nil || base == 0 || !actor.Holds(staff.Specialist, unit) {
		return Saved{}, err
	}
	const write = `
		update draft_sections set body = $3, version = version + 1, updated_by = $5, updated_at = clock_timestamp()
		where document_id = $1 and section = $2 and version = $4 and body <> $3 and take_open_draft($1)
		returning version, updated_at`
	var saved Saved
	err = s.db.QueryRowxContext(ctx, write, id, section, body, base, actor.Person).Scan(&saved.Version, &saved.At)
	if errors.Is(err, sql.ErrNoRows) {
		return Saved{}, nil
	}
	return saved, wrap("write section", err)
}

// lockForDraft takes the document's row for a change of its draft: only while it
// is drafted, only by a specialist of its unit, and never under a submission
// that waits for its answer.
func lockForDraft(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*lockedDocument, error) {
	doc, err := lockDrafting(ctx, tx, id, actor)
	if err != nil {
		return nil, err
	}
	var waiting bool
	if err := tx.GetContext(ctx, &waiting, `select `+submissionWaits, id); err != nil {
		return nil, wrap("look for a waiting submission", err)
	}
	if waiting {
		return nil, rule.Broken(DecisionPending, "")
	}
	return doc, nil
}

// submissionWaits is asked under the lock, in a statement after the one that
// took it: an earlier one does not see what was stored while it waited.
const submissionWaits = `exists (select from decisions where document_id = $1 and outcome is null and action = 'submit')`

// lockDrafting is lockForDraft for whoever looks for a waiting submission in a
// statement of their own.
func lockDrafting(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*lockedDocument, error) {
	doc, err := lockDocument(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case !actor.Holds(staff.Specialist, doc.Unit):
		return nil, rule.Broken(document.NotYourRole, "")
	case doc.Stage.Closed():
		return nil, rule.Broken(document.Closed, "")
	case doc.Stage != document.Drafting:
		return nil, rule.Broken(document.WrongStage, "", string(doc.Stage))
	}
	return doc, nil
}

// replaceSection writes over the base version alone, and nothing where the same
// text stands already; else it tells who was faster.
func replaceSection(ctx context.Context, tx *sqlx.Tx, id, section, body string, base int, person int64) (Saved, error) {
	const replace = `
		with now as (
			select f.version, f.body, f.updated_at, p.name
			from draft_sections f join persons p on p.id = f.updated_by
			where f.document_id = $1 and f.section = $2
		), state as (
			select ` + submissionWaits + ` as submission, coalesce((select version from now), 0) as version,
			       coalesce((select body from now), '') = $3 as same
		), written as (
			insert into draft_sections (document_id, section, body, updated_by)
			select $1, $2, $3, $4 from state where not submission and not same and version = $5
			on conflict (document_id, section) do update
			set body = excluded.body, version = draft_sections.version + 1,
			    updated_by = excluded.updated_by, updated_at = clock_timestamp()
			returning version, updated_at
		)
		select s.submission, s.same, coalesce(w.version, 0) as saved, coalesce(w.updated_at, n.updated_at) as at,
		       s.version, coalesce(n.name, '') as name, case when w.version is null and not s.same then n.body end as body
		from state s left join now n on true left join written w on true`
	var found struct {
		Submission, Same bool
		Saved            int // the version written; 0: none
		At               *time.Time
		Version          int // that stood there
		Name             string
		Body             *string
	}
	if err := tx.GetContext(ctx, &found, replace, id, section, body, person, base); err != nil {
		return Saved{}, wrap("write section", err)
	}
	var at time.Time // zero: nobody has written it
	if found.At != nil {
		at = *found.At
	}
	switch {
	case found.Submission:
		return Saved{}, rule.Broken(DecisionPending, "")
	case found.Saved > 0:
		return Saved{Version: found.Saved, At: at}, nil
	case found.Same:
		return Saved{Version: found.Version, At: at}, nil
	}
	theirs := Conflict{Field: form.SectionField(section), Version: found.Version, By: found.Name, At: at}
	if found.Body != nil {
		theirs.Body = *found.Body
	}
	return Saved{}, Conflicts{theirs}
}

// writeSection writes over whatever stands there: the caller has read it under
// the lock.
func writeSection(ctx context.Context, tx *sqlx.Tx, id, section, body string, person int64) (Saved, error) {
	const write = `
		insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)
		on conflict (document_id, section) do update
		set body = excluded.body, version = draft_sections.version + 1,
		    updated_by = excluded.updated_by, updated_at = clock_timestamp()
		returning version, updated_at`
	var saved Saved
	err := tx.QueryRowxContext(ctx, write, id, section, body, person).Scan(&saved.Version, &saved.At)
	return saved, wrap("write section", err)
}

// markStarted notes the first line ever written into the document.
func markStarted(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument) error {
	if doc.Started {
		return nil
	}
	_, err := tx.ExecContext(ctx, `update documents set started = true where id = $1 and not started`, doc.ID)
	return wrap("mark document started", err)
}

// FigureChange is one figure as it was typed. A nil Value is blank, not zero.
type FigureChange struct {
	Indicator string
	Value     *form.Decimal
	Reason    string
	Base      int // version on the screen; 0: nobody had written it
}

// SaveFigures saves the changes that nobody else has overtaken, and returns the
// versions of all it looked at by indicator. Conflicts lists those that were not
// saved; the others are. rule.Errors: not the moment, not the person, or figures
// that the form does not take; then nothing is saved.
func (s *Store) SaveFigures(ctx context.Context, id string, changes []FigureChange, actor staff.Actor) (map[string]Saved, error) {
	saved := make(map[string]Saved, len(changes))
	var conflicts Conflicts
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockForDraft(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
		if err != nil {
			return err
		}
		if err := acceptable(version, changes).Err(); err != nil {
			return err
		}
		standing, err := figuresNow(ctx, tx, id)
		if err != nil {
			return err
		}
		var fresh []FigureChange
		for _, change := range eachOnce(changes) {
			change.Reason = CleanText(change.Reason)
			now := standing[change.Indicator]
			switch {
			case sameFigure(now, change):
				saved[change.Indicator] = Saved{Version: now.Version, At: now.At}
			case now.Version != change.Base:
				now.Field = form.FigureField(change.Indicator)
				conflicts = append(conflicts, now)
			default:
				fresh = append(fresh, change)
			}
		}
		if len(fresh) == 0 {
			return nil
		}
		if err := writeFigures(ctx, tx, id, fresh, actor.Person, saved); err != nil {
			return err
		}
		return markStarted(ctx, tx, doc)
	})
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return saved, conflicts
	}
	return saved, nil
}

// acceptable collects what the form does not take: unknown indicators, typed
// percentages, figures out of range, reasons too long.
func acceptable(version form.Version, changes []FigureChange) rule.Errors {
	var broken rule.Errors
	for _, change := range changes {
		field := form.FigureField(change.Indicator)
		if _, known := version.Indicator(change.Indicator); !known {
			broken.Add("figure_unknown", field)
			continue
		}
		if len([]rune(change.Reason)) > MaxFigureReason {
			broken.Add(TextTooLong, field, MaxFigureReason)
		}
		if change.Value != nil {
			_, errs := version.ParseFigure(change.Indicator, change.Value.VN())
			broken = append(broken, errs...)
		}
	}
	return broken
}

// eachOnce keeps the last change of each indicator.
func eachOnce(changes []FigureChange) []FigureChange {
	at := make(map[string]int, len(changes))
	once := make([]FigureChange, 0, len(changes))
	for _, change := range changes {
		if i, again := at[change.Indicator]; again {
			once[i] = change
			continue
		}
		at[change.Indicator] = len(once)
		once = append(once, change)
	}
	return once
}

func sameFigure(now Conflict, change FigureChange) bool {
	if now.Reason != change.Reason || (now.Value == nil) != (change.Value == nil) {
		return false
	}
	return now.Value == nil || *now.Value == *change.Value
}

func figuresNow(ctx context.Context, tx *sqlx.Tx, id string) (map[string]Conflict, error) {
	const read = `
		select f.indicator, f.version, f.value, f.reason, p.name, f.updated_at
		from draft_figures f join persons p on p.id = f.updated_by
		where f.document_id = $1`
	rows, err := tx.QueryxContext(ctx, read, id)
	if err != nil {
		return nil, wrap("read figures", err)
	}
	defer func() { _ = rows.Close() }()
	standing := map[string]Conflict{}
	for rows.Next() {
		var indicator string
		var now Conflict
		if err := rows.Scan(&indicator, &now.Version, &now.Value, &now.Reason, &now.By, &now.At); err != nil {
			return nil, wrap("read figures", err)
		}
		standing[indicator] = now
	}
	return standing, wrap("read figures", rows.Err())
}

// writeFigures writes all changes in one statement: a pasted range is a hundred of
// them. Each indicator stands among them once.
func writeFigures(ctx context.Context, tx *sqlx.Tx, id string, changes []FigureChange, person int64, saved map[string]Saved) error {
	const write = `
		insert into draft_figures (document_id, indicator, value, reason, updated_by)
		select $1, c.indicator, c.value, c.reason, $5
		from unnest($2::text[], $3::numeric[], $4::text[]) as c (indicator, value, reason)
		on conflict (document_id, indicator) do update
		set value = excluded.value, reason = excluded.reason, version = draft_figures.version + 1,
		    updated_by = excluded.updated_by, updated_at = clock_timestamp()
		returning indicator, version, updated_at`
	indicators, reasons := make([]string, len(changes)), make([]string, len(changes))
	values := make([]*form.Decimal, len(changes))
	for i, change := range changes {
		indicators[i], values[i], reasons[i] = change.Indicator, change.Value, change.Reason
	}
	written, err := writeSaved(ctx, tx, write, id, pq.Array(indicators), pq.Array(values), pq.Array(reasons), person)
	maps.Copy(saved, written)
	return wrap("write figures", err)
}

// writeSaved runs a statement that writes places of a draft and returns, for each, its
// name, its version and when.
func writeSaved(ctx context.Context, tx *sqlx.Tx, write string, args ...any) (map[string]Saved, error) {
	rows, err := tx.QueryxContext(ctx, write, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	saved := map[string]Saved{}
	for rows.Next() {
		var name string
		var one Saved
		if err := rows.Scan(&name, &one.Version, &one.At); err != nil {
			return nil, err
		}
		saved[name] = one
	}
	return saved, rows.Err()
}
