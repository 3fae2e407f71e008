package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// DraftExplanation is what the unit is writing about one criterion's mark.
type DraftExplanation struct {
	appraisal.Explanation
	Version int // by which a save is guarded; 0: nothing so far
	By      string
	At      time.Time
}

// explanations are a unit's drafts by criterion.
type explanations map[string]DraftExplanation

// draftExplanations reads what the unit has written so far, with its files.
func draftExplanations(ctx context.Context, q sqlx.QueryerContext, id string) (explanations, error) {
	const read = `
		select d.criterion, d.body, d.version, p.name as by, d.updated_at
		from draft_explanations d join persons p on p.id = d.updated_by where d.document_id = $1`
	var rows []struct {
		Criterion string    `db:"criterion"`
		Body      string    `db:"body"`
		Version   int       `db:"version"`
		By        string    `db:"by"`
		At        time.Time `db:"updated_at"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, read, id); err != nil {
		return nil, wrap("read explanations", err)
	}
	drafts := explanations{}
	for _, row := range rows {
		drafts[row.Criterion] = DraftExplanation{
			Explanation: appraisal.Explanation{Criterion: row.Criterion, Text: row.Body}, Version: row.Version, By: row.By, At: row.At,
		}
	}
	const files = `select criterion, hash, name from explanation_files where document_id = $1 order by criterion, added_at, hash`
	var attached []struct {
		Criterion string `db:"criterion"`
		Hash      string `db:"hash"`
		Name      string `db:"name"`
	}
	if err := sqlx.SelectContext(ctx, q, &attached, files, id); err != nil {
		return nil, wrap("read files of explanations", err)
	}
	for _, file := range attached {
		one := drafts[file.Criterion]
		one.Criterion = file.Criterion
		one.Files = append(one.Files, appraisal.File{Hash: file.Hash, Name: file.Name})
		drafts[file.Criterion] = one
	}
	return drafts, nil
}

// HashWith is the hash of the answer as it would be sent, had the unit's draft of the view
// been changed so and not otherwise.
func (v AppraisalView) HashWith(changes []ExplanationChange) string {
	drafts := explanations(maps.Clone(v.Drafts))
	for _, change := range changes {
		one := drafts[change.Criterion]
		one.Criterion, one.Text = change.Criterion, CleanText(change.Text)
		drafts[change.Criterion] = one
	}
	return hashExplanations(drafts.answer(v.Set))
}

// answer is what would be sent: in the order of the criteria, blank ones left out.
func (e explanations) answer(set par.Set) []appraisal.Explanation {
	var answer []appraisal.Explanation
	for _, c := range set.Criteria {
		if one, written := e[c.Code]; written && (one.Text != "" || len(one.Files) > 0) {
			answer = append(answer, one.Explanation)
		}
	}
	return answer
}

func readExplanations(raw []byte) ([]appraisal.Explanation, error) {
	var answer []appraisal.Explanation
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	return answer, nil
}

// ExplanationChange is one explanation as it was written.
type ExplanationChange struct {
	Criterion string
	Text      string
	Base      int // version on the screen; 0: nothing stood there
}

// SaveExplanations keeps what the unit writes about marks, and returns the versions by
// criterion. Conflicts, with the text that stands: somebody else has saved since; the
// others are saved, and what is blank is never a conflict. rule.Errors: not the moment, not the person, or what no draft takes;
// then nothing is saved.
func (s *Store) SaveExplanations(ctx context.Context, id string, changes []ExplanationChange, actor staff.Actor) (map[string]Saved, error) {
	saved := make(map[string]Saved, len(changes))
	var conflicts Conflicts
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, err := s.lockExplaining(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		drafts, err := draftExplanations(ctx, tx, id)
		if err != nil {
			return err
		}
		changes, err = a.cleanExplanations(changes)
		if err != nil {
			return err
		}
		for _, change := range changes {
			now := drafts[change.Criterion]
			switch {
			case now.Text == change.Text:
				saved[change.Criterion] = Saved{Version: now.Version, At: now.At}
			case now.Version != change.Base && change.Text == "": // says nothing; what somebody else has written stays
			case now.Version != change.Base:
				conflicts = append(conflicts, Conflict{
					Field: appraisal.ExplainField(change.Criterion), Version: now.Version, Body: now.Text, By: now.By, At: now.At,
				})
			default:
				if saved[change.Criterion], err = writeExplanation(ctx, tx, id, change, actor.Person); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return saved, conflicts
	}
	return saved, nil
}

// lockExplaining takes the appraisal for a change of the unit's draft.
func (s *Store) lockExplaining(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*lockedAppraisal, error) {
	a, err := s.lockAppraisal(ctx, tx, id, time.Time{})
	if err != nil {
		return nil, err
	}
	_, err = a.decide(appraisal.Decision{Action: appraisal.Write}, actor)
	return a, err
}

// cleanExplanations puts texts into the form in which they are kept; the last of each
// criterion counts.
func (a *lockedAppraisal) cleanExplanations(changes []ExplanationChange) ([]ExplanationChange, error) {
	state := a.state()
	var broken rule.Errors
	at := map[string]int{}
	var once []ExplanationChange
	for _, change := range changes {
		change.Text = CleanText(change.Text)
		broken = append(broken, state.CheckDraft(appraisal.Explanation{Criterion: change.Criterion, Text: change.Text})...)
		if earlier, again := at[change.Criterion]; again {
			once[earlier] = change
			continue
		}
		at[change.Criterion] = len(once)
		once = append(once, change)
	}
	return once, broken.Err()
}

func writeExplanation(ctx context.Context, tx *sqlx.Tx, id string, change ExplanationChange, person int64) (Saved, error) {
	const write = `
		insert into draft_explanations (document_id, criterion, body, updated_by) values ($1, $2, $3, $4)
		on conflict (document_id, criterion) do update
		set body = excluded.body, version = draft_explanations.version + 1, updated_by = excluded.updated_by, updated_at = clock_timestamp()
		returning version, updated_at`
	var one Saved
	err := tx.QueryRowxContext(ctx, write, id, change.Criterion, change.Text, person).Scan(&one.Version, &one.At)
	return one, wrap("write explanation", err)
}

// AddExplanationFile attaches a file to what the unit writes about a criterion. The same
// bytes twice are one file.
func (s *Store) AddExplanationFile(ctx context.Context, id, criterion, name string, from io.Reader, actor staff.Actor) error {
	check := func(tx *sqlx.Tx, files int) error {
		a, err := s.lockExplaining(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		drafts, err := draftExplanations(ctx, tx, id)
		if err != nil {
			return err
		}
		draft := appraisal.Explanation{Criterion: criterion, Files: make([]appraisal.File, len(drafts[criterion].Files)+files)}
		return a.state().CheckDraft(draft).Err()
	}
	if err := s.inTx(ctx, func(tx *sqlx.Tx) error { return check(tx, 0) }); err != nil { // before anything is kept
		return err
	}
	name = cleanName(name)
	file, err := s.keepUpload(ctx, name, from)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var attached bool
		const look = `select exists (select from explanation_files where document_id = $1 and criterion = $2 and hash = $3)`
		if err := tx.GetContext(ctx, &attached, look, id, criterion, file.Hash); err != nil || attached {
			return wrap("look for a file", err)
		}
		if err := check(tx, 1); err != nil {
			return err
		}
		const attach = `
			insert into explanation_files (document_id, criterion, hash, name, added_by) values ($1, $2, $3, $4, $5)
			on conflict do nothing`
		_, err := tx.ExecContext(ctx, attach, id, criterion, file.Hash, name, actor.Person)
		return wrap("attach file to an explanation", err)
	})
}

// RemoveExplanationFile takes a file off. Removing it again changes nothing.
func (s *Store) RemoveExplanationFile(ctx context.Context, id, criterion, hash string, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := s.lockExplaining(ctx, tx, id, actor); err != nil {
			return err
		}
		const remove = `delete from explanation_files where document_id = $1 and criterion = $2 and hash = $3`
		_, err := tx.ExecContext(ctx, remove, id, criterion, hash)
		return wrap("remove file of an explanation", err)
	})
}
