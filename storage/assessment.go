package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// DraftAnswer is the answer to a criterion as it stands, with what a save must be
// based on.
type DraftAnswer struct {
	par.Answer
	Version int
	By      string // who saved it
	At      time.Time
}

// AnswerChange is one answer as it was written.
type AnswerChange struct {
	Answer par.Answer
	Base   int  // version on the screen; 0: nothing stood there
	blank  bool // nothing was written, whatever the system knows
}

// SaveAnswers saves the answers that nobody else has overtaken, all in one statement,
// and returns the versions by criterion. Conflicts lists those that were not saved;
// the others are, and what is blank is never a conflict. Criteria that score themselves are answered by what the system knows
// at this instant, whatever was written; only a claim, its reason and files are taken.
// rule.Errors: not the moment, not the person, or answers that no draft takes; then
// nothing is saved. An incomplete answer is no error.
func (s *Store) SaveAnswers(ctx context.Context, id string, changes []AnswerChange, actor staff.Actor) (map[string]Saved, error) {
	saved := make(map[string]Saved, len(changes))
	var conflicts Conflicts
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, sheet, err := s.lockAnswers(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		written, err := s.cleanAnswers(ctx, tx, doc, sheet.set, changes)
		if err != nil {
			return err
		}
		for _, change := range written {
			now, stands := sheet.answers[change.Answer.Criterion]
			switch {
			case stands && len(now.Differing(change.Answer)) == 0, !stands && change.Answer.Blank():
				saved[change.Answer.Criterion] = Saved{Version: now.Version, At: now.At}
			case now.Version != change.Base && change.blank: // says nothing; what somebody else has written stays
			case now.Version != change.Base:
				theirs := now.Answer
				conflicts = append(conflicts, Conflict{
					Field: par.AnswerField(change.Answer.Criterion, ""), Version: now.Version, Answer: &theirs, By: now.By, At: now.At,
				})
			default:
				sheet.change(change.Answer)
			}
		}
		if err := sheet.write(ctx, tx, id, actor.Person, saved); err != nil {
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

// answerSheet is a self-assessment under the document's lock.
type answerSheet struct {
	set     par.Set
	answers map[string]DraftAnswer
	changed []par.Answer
}

func (a *answerSheet) change(answer par.Answer) { a.changed = append(a.changed, answer) }

// lockAnswers takes the document's row for a change of its answers; ErrNotFound: its
// form has no criteria.
func (s *Store) lockAnswers(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*lockedDocument, *answerSheet, error) {
	doc, err := lockForDraft(ctx, tx, id, actor)
	if err != nil {
		return nil, nil, err
	}
	version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
	if err != nil {
		return nil, nil, err
	}
	if version.Index == nil {
		return nil, nil, fmt.Errorf("form %s has no criteria: %w", doc.Form, ErrNotFound)
	}
	_, answers, err := draftAnswers(ctx, tx, id, *version.Index)
	return doc, &answerSheet{set: *version.Index, answers: answers}, err
}

// cleanAnswers puts the answers into the form in which they are kept, the last change
// of each criterion alone, and refuses what no draft takes.
func (s *Store) cleanAnswers(ctx context.Context, q sqlx.QueryerContext, doc *lockedDocument, set par.Set, changes []AnswerChange) ([]AnswerChange, error) {
	facts, err := s.facts(ctx, q, set, doc.Unit, doc.Period)
	if err != nil {
		return nil, err
	}
	var broken rule.Errors
	at := map[string]int{}
	var once []AnswerChange
	for _, change := range changes {
		c, known := set.Criterion(change.Answer.Criterion)
		if !known {
			broken.Add(par.Unknown, par.AnswerField(change.Answer.Criterion, ""))
			continue
		}
		change.Answer.Explanation = CleanText(change.Answer.Explanation)
		broken = append(broken, c.Acceptable(change.Answer)...)
		change.blank = c.Clean(change.Answer).Blank()
		if f, found := facts[c.Fact]; found && c.Fact != "" {
			change.Answer = c.Answer(f, change.Answer)
		}
		change.Answer = c.Clean(change.Answer)
		if earlier, again := at[c.Code]; again {
			once[earlier] = change
			continue
		}
		at[c.Code] = len(once)
		once = append(once, change)
	}
	return once, broken.Err()
}

// write writes what was changed in one statement.
func (a *answerSheet) write(ctx context.Context, tx *sqlx.Tx, id string, person int64, saved map[string]Saved) error {
	const write = `
		insert into draft_answers (document_id, criterion, answer, updated_by)
		select $1, c.criterion, c.answer, $2 from unnest($3::text[], $4::jsonb[]) as c (criterion, answer)
		on conflict (document_id, criterion) do update
		set answer = excluded.answer, version = draft_answers.version + 1,
		    updated_by = excluded.updated_by, updated_at = clock_timestamp()
		returning criterion, version, updated_at`
	if len(a.changed) == 0 {
		return nil
	}
	var codes, answers []string
	for _, answer := range a.changed {
		raw, err := json.Marshal(answer)
		if err != nil {
			return fmt.Errorf("write answer to %s: %w", answer.Criterion, err)
		}
		codes, answers = append(codes, answer.Criterion), append(answers, string(raw))
	}
	written, err := writeSaved(ctx, tx, write, id, person, pq.Array(codes), pq.Array(answers))
	maps.Copy(saved, written)
	return wrap("write answers", err)
}

// draftAnswers reads the answers in the order of the criteria, and by criterion with
// their versions: also those that are blank by now.
func draftAnswers(ctx context.Context, q sqlx.QueryerContext, id string, set par.Set) ([]par.Answer, map[string]DraftAnswer, error) {
	const read = `
		select a.answer, a.version, a.updated_at, p.name
		from draft_answers a join persons p on p.id = a.updated_by where a.document_id = $1`
	var rows []struct {
		Answer  []byte    `db:"answer"`
		Version int       `db:"version"`
		At      time.Time `db:"updated_at"`
		By      string    `db:"name"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, read, id); err != nil {
		return nil, nil, wrap("read answers", err)
	}
	by := make(map[string]DraftAnswer, len(rows))
	all := make([]par.Answer, 0, len(rows))
	for _, row := range rows {
		one := DraftAnswer{Version: row.Version, By: row.By, At: row.At}
		if err := json.Unmarshal(row.Answer, &one.Answer); err != nil {
			return nil, nil, fmt.Errorf("read answers of %s: %w", id, err)
		}
		by[one.Criterion] = one
		all = append(all, one.Answer)
	}
	return set.Arrange(all), by, nil
}

// facts are what the system knows of the unit and the year for the criteria that score
// themselves; nil where the form has none.
func (s *Store) facts(ctx context.Context, q sqlx.QueryerContext, set par.Set, unit, periodCode string) (par.Facts, error) {
	asked := false
	for _, c := range set.Criteria {
		asked = asked || c.Fact != ""
	}
	own, err := ownPeriod(periodCode)
	if err != nil || !asked || !own.Valid() {
		return nil, err
	}
	return s.factsOf(ctx, q, unit, period.Period{Kind: period.Year, Year: own.Year, Number: 1})
}

// factsFor are the facts of a form, for its checks.
func (s *Store) factsFor(ctx context.Context, q sqlx.QueryerContext, version form.Version, unit, periodCode string) (par.Facts, error) {
	if version.Index == nil {
		return nil, nil
	}
	return s.facts(ctx, q, *version.Index, unit, periodCode)
}

// UnitFacts are what the system knows of how a unit kept to the regulation in a year
// (QĐ 1439 Đ15.2), as of now.
func (s *Store) UnitFacts(ctx context.Context, unit string, year int) (par.Facts, error) {
	return s.factsOf(ctx, s.db, unit, period.Period{Kind: period.Year, Year: year, Number: 1})
}

// factsOf looks at the reports whose periods lie in the year, at its plan, and at who
// holds the unit's desks now. A report counts as late from the end of its time on,
// whether it came after that or not at all; one that was exempted does not count.
func (s *Store) factsOf(ctx context.Context, q sqlx.QueryerContext, unit string, year period.Period) (par.Facts, error) {
	const reports = `
		select d.id, coalesce(d.first_signed_at, clock_timestamp()) >= d.unit_due_at as late, d.returns,
		       d.first_signed_at is null and clock_timestamp() >= d.unit_due_at as missing
		from documents d join campaigns c on c.code = d.campaign
		where d.unit_code = $1 and d.kind = 'report' and d.stage <> 'exempt'
		  and c.window_to between $2 and $3
		order by d.created_at, d.id`
	var rows []struct {
		ID      string `db:"id"`
		Late    bool   `db:"late"`
		Missing bool   `db:"missing"`
		Returns int    `db:"returns"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, reports, unit, year.From(), year.To()); err != nil {
		return nil, wrap("read reports of the year", err)
	}
	var late, returned par.Fact
	signed := len(rows) > 0
	for _, row := range rows {
		if row.Late {
			late.Number++
			late.Sources = append(late.Sources, row.ID)
		}
		if row.Returns > 0 {
			returned.Number += row.Returns
			returned.Sources = append(returned.Sources, row.ID)
		}
		signed = signed && !row.Missing
	}
	kept, err := keptBy(ctx, q, unit, year)
	if err != nil {
		return nil, err
	}
	kept.Items[par.KeptSigned] = signed
	return par.Facts{par.FactLate: late, par.FactReturns: returned, par.FactCompliance: kept}, nil
}

// keptBy is what of the regulation the unit keeps: people at its desks and a focal
// officer, a confirmed plan of the year, and a line about each of the plan's tasks
// that is neither done nor cancelled.
func keptBy(ctx context.Context, q sqlx.QueryerContext, unit string, year period.Period) (par.Fact, error) {
	const look = `
		with plan as (
			select d.id from documents d join campaigns c on c.code = d.campaign
			where d.unit_code = $1 and d.kind = 'plan' and c.period = $2 and d.approved_revision > 0
			order by c.launched_at desc, d.id limit 1
		)
		select (select count(distinct p.role) = 4 from positions p
		        where p.unit_code = $1 and p.role in ('specialist', 'division_head', 'director', 'focal_officer') and ` + inForce + `) as people,
		       coalesce((select id from plan), '') as plan,
		       exists (select from plan_tasks t join plan p on p.id = t.document_id) and not exists (
		           select from plan_tasks t join plan p on p.id = t.document_id
		           where t.started_at is null and t.done_on is null and t.cancelled_at is null) as progress`
	var found struct {
		People   bool   `db:"people"`
		Plan     string `db:"plan"`
		Progress bool   `db:"progress"`
	}
	if err := sqlx.GetContext(ctx, q, &found, look, unit, year.Code()); err != nil {
		return par.Fact{}, wrap("read what a unit keeps", err)
	}
	kept := par.Fact{Items: map[string]bool{
		par.KeptPeople: found.People, par.KeptPlan: found.Plan != "", par.KeptProgress: found.Progress,
	}}
	if found.Plan != "" {
		kept.Sources = []string{found.Plan}
	}
	return kept, nil
}
