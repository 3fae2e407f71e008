package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// AppraisalDecision is what a person wants with an appraisal, as the form sent it.
type AppraisalDecision struct {
	Key      uuid.UUID // from the form: the same click twice is the same key
	Document string
	Actor    staff.Actor
	Action   appraisal.Action
	Field    string    // finish, resume
	Seen     int64     // finish: the field's newest mark on the screen
	Hash     string    // explain: of the answer on the screen
	Reason   string    // take_late, refuse_late, extend, reopen
	Criteria []string  // reopen
	Until    time.Time // extend
	Outage   int64     // extend: because of this outage; 0: none
}

// DecideAppraisal does what a person wants with an appraisal: a step of its history, and
// the stages that follow, in one transaction; its workflow is told to look. The same key
// again is the same decision. rule.Errors: why not. ErrNotFound: the document is not
// appraised.
func (s *Store) DecideAppraisal(ctx context.Context, d AppraisalDecision) error {
	d.Reason = CleanText(d.Reason)
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, err := s.lockAppraisal(ctx, tx, d.Document, time.Time{})
		if err != nil {
			return err
		}
		if known, err := a.stepUnder(ctx, d); known || err != nil {
			return err
		}
		return a.apply(ctx, d)
	})
	if uniqueViolation(err, "appraisal_steps_key_key") { // the same key on another document at the same moment
		return rule.Broken(KeyReused, "")
	}
	return err
}

func (a *lockedAppraisal) stepUnder(ctx context.Context, d AppraisalDecision) (bool, error) {
	const find = `select coalesce(person_id, 0) as person_id, document_id, action from appraisal_steps where key = $1`
	var known struct {
		Person   int64            `db:"person_id"`
		Document string           `db:"document_id"`
		Action   appraisal.Action `db:"action"`
	}
	err := a.tx.GetContext(ctx, &known, find, d.Key.String())
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && (known.Person != d.Actor.Person || known.Document != d.Document || known.Action != d.Action):
		return false, rule.Broken(KeyReused, "")
	}
	return err == nil, wrap("look for the key of a step", err)
}

// stepEffects is what each action does beside its line of history.
var stepEffects = map[appraisal.Action]func(a *lockedAppraisal, ctx context.Context, d AppraisalDecision, step *appraisalStep) error{
	appraisal.Finish:     (*lockedAppraisal).finish,
	appraisal.Resume:     (*lockedAppraisal).resume,
	appraisal.Explain:    (*lockedAppraisal).explain,
	appraisal.Accept:     (*lockedAppraisal).accept,
	appraisal.TakeLate:   (*lockedAppraisal).takeLate,
	appraisal.RefuseLate: (*lockedAppraisal).refuseLate,
	appraisal.Extend:     (*lockedAppraisal).extend,
	appraisal.Reopen:     (*lockedAppraisal).reopen,
}

func (a *lockedAppraisal) apply(ctx context.Context, d AppraisalDecision) error {
	effect, known := stepEffects[d.Action]
	if !known {
		return rule.Broken(appraisal.NotYours, "")
	}
	position, err := a.decide(appraisal.Decision{
		Action: d.Action, Field: d.Field, Reason: d.Reason, Criteria: d.Criteria, Until: d.Until,
	}, d.Actor)
	if err != nil {
		return err
	}
	step := appraisalStep{
		Key: d.Key.String(), Action: d.Action, Field: d.Field, Person: d.Actor.Person, Position: position,
		From: a.Stage, To: a.Stage, Reason: d.Reason, At: a.Now,
	}
	if err := effect(a, ctx, d, &step); err != nil {
		return err
	}
	if err := a.settle(ctx); err != nil {
		return err
	}
	if err := tellLive(ctx, a.tx, a.doc.ID); err != nil {
		return err
	}
	return a.wake(ctx)
}

// finish ends the field's round. It is bound to the marks that were on the screen.
func (a *lockedAppraisal) finish(ctx context.Context, d AppraisalDecision, step *appraisalStep) error {
	const newest = `
		select coalesce(max(m.id), 0) from appraisal_marks m
		where m.document_id = $1 and m.criterion in (select criterion from index_scores where document_id = $1 and field = $2)`
	var seen int64
	if err := a.tx.GetContext(ctx, &seen, newest, a.doc.ID, d.Field); err != nil {
		return wrap("look for the newest mark", err)
	}
	if seen != d.Seen {
		return rule.Broken(document.ContentChanged, "")
	}
	const finish = `update appraisal_fields set finished_at = $3 where document_id = $1 and field = $2`
	if _, err := a.tx.ExecContext(ctx, finish, a.doc.ID, d.Field, a.Now); err != nil {
		return wrap("finish a field", err)
	}
	return a.keep(ctx, step)
}

// keep writes the step and reads the rows again, by which the next stage is found.
func (a *lockedAppraisal) keep(ctx context.Context, step *appraisalStep) error {
	if err := a.addStep(ctx, *step); err != nil {
		return err
	}
	return a.readRows(ctx)
}

func (a *lockedAppraisal) resume(ctx context.Context, d AppraisalDecision, step *appraisalStep) error {
	const resume = `update appraisal_fields set finished_at = null where document_id = $1 and field = $2`
	if _, err := a.tx.ExecContext(ctx, resume, a.doc.ID, d.Field); err != nil {
		return wrap("take a field up again", err)
	}
	return a.keep(ctx, step)
}

// explain freezes the unit's answer. In time, what it explains is marked again; too
// late, it waits for the authority's word.
func (a *lockedAppraisal) explain(ctx context.Context, d AppraisalDecision, step *appraisalStep) error {
	drafts, err := draftExplanations(ctx, a.tx, a.doc.ID)
	if err != nil {
		return err
	}
	answer := drafts.answer(a.set)
	if broken := a.state().CheckAnswer(answer); broken != nil {
		return broken
	}
	if step.Hash = hashExplanations(answer); step.Hash != d.Hash {
		return rule.Broken(document.ContentChanged, "")
	}
	step.Content, step.Late = answer, a.state().Late(a.Now)
	if step.Late {
		a.notices = append(a.notices, Notice{
			Key:  fmt.Sprintf("%s:%s:%s", a.doc.ID, NoticeExplainedLate, step.Key),
			Kind: NoticeExplainedLate, Document: a.doc.ID, Role: staff.Officer, Unit: a.store.authority,
			Args: map[string]any{"appraisal": a.doc.ID},
		})
	} else if err := a.ask(ctx, criteriaOf(answer)); err != nil {
		return err
	}
	id, err := a.insertStep(ctx, *step)
	if a.Answered = true; step.Late {
		a.LateStep = &id
	}
	return err
}

func criteriaOf(answer []appraisal.Explanation) []string {
	codes := make([]string, len(answer))
	for i, one := range answer {
		codes[i] = one.Criterion
	}
	return codes
}

func (a *lockedAppraisal) accept(ctx context.Context, _ AppraisalDecision, step *appraisalStep) error {
	a.Answered = true
	return a.keep(ctx, step)
}

// takeLate has what came too late marked again, as if it had come in time.
func (a *lockedAppraisal) takeLate(ctx context.Context, _ AppraisalDecision, step *appraisalStep) error {
	answer, err := a.lateAnswer(ctx)
	if err != nil {
		return err
	}
	a.tellLate(NoticeLateTaken)
	if err := a.answerLate(ctx, step); err != nil {
		return err
	}
	return a.ask(ctx, criteriaOf(answer))
}

func (a *lockedAppraisal) refuseLate(ctx context.Context, _ AppraisalDecision, step *appraisalStep) error {
	a.tellLate(NoticeLateRefused)
	return a.answerLate(ctx, step)
}

func (a *lockedAppraisal) tellLate(kind string) {
	for _, role := range []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director} {
		a.notices = append(a.notices, Notice{
			Key: fmt.Sprintf("%s:%s:%d:%s", a.doc.ID, kind, *a.LateStep, role), Kind: kind, Document: a.doc.ID, Role: role, Unit: a.doc.Unit,
			Args: map[string]any{"appraisal": a.doc.ID},
		})
	}
}

func (a *lockedAppraisal) lateAnswer(ctx context.Context) ([]appraisal.Explanation, error) {
	const read = `select content from appraisal_steps where id = $1`
	var raw []byte
	if err := a.tx.GetContext(ctx, &raw, read, *a.LateStep); err != nil {
		return nil, wrap("read a late answer", err)
	}
	return readExplanations(raw)
}

func (a *lockedAppraisal) answerLate(ctx context.Context, step *appraisalStep) error {
	const answer = `update appraisal_steps set answered_by = $2 where id = $1 and answered_by is null`
	id, err := a.insertStep(ctx, *step)
	if err != nil {
		return err
	}
	if _, err := a.tx.ExecContext(ctx, answer, *a.LateStep, id); err != nil {
		return wrap("answer a late answer", err)
	}
	a.LateStep = nil
	return nil
}

// extend gives the present round more time.
func (a *lockedAppraisal) extend(ctx context.Context, d AppraisalDecision, step *appraisalStep) error {
	step.Detail = map[string]any{"before": a.DueAt.Unix(), "due": d.Until.Unix()}
	if d.Outage != 0 {
		step.Detail["outage"] = d.Outage
	}
	if err := a.setDue(ctx, d.Until, true); err != nil {
		return err
	}
	if a.Stage == appraisal.Explaining {
		a.tellUnit(NoticeExplainExtended, staff.Specialist, staff.DivisionHead, staff.Director)
	}
	return a.addStep(ctx, *step)
}

// reopen has criteria marked once more, whatever stands: an error that was found, or
// what a publication is corrected by.
func (a *lockedAppraisal) reopen(ctx context.Context, d AppraisalDecision, step *appraisalStep) error {
	for _, code := range d.Criteria {
		if _, known := a.score(code); !known {
			return rule.Broken(appraisal.NoCriteria, "criteria")
		}
	}
	step.Detail = map[string]any{"criteria": slices.Sorted(slices.Values(d.Criteria))}
	if err := a.addStep(ctx, *step); err != nil {
		return err
	}
	return a.ask(ctx, d.Criteria)
}

// ReopenAppraisal has criteria of an appraisal that is over, or in its second round,
// marked once more.
func (s *Store) ReopenAppraisal(ctx context.Context, key uuid.UUID, id string, criteria []string, reason string, actor staff.Actor) error {
	return s.DecideAppraisal(ctx, AppraisalDecision{
		Key: key, Document: id, Actor: actor, Action: appraisal.Reopen, Criteria: criteria, Reason: reason,
	})
}

// ExtendAppraisal gives the present round of an appraisal more time.
func (s *Store) ExtendAppraisal(ctx context.Context, key uuid.UUID, id string, until time.Time, reason string, actor staff.Actor) error {
	return s.DecideAppraisal(ctx, AppraisalDecision{
		Key: key, Document: id, Actor: actor, Action: appraisal.Extend, Until: until, Reason: reason,
	})
}

// hashExplanations is the hash of an answer in its one form.
func hashExplanations(answer []appraisal.Explanation) string {
	return form.HashOf(appraisal.Canonical(answer))
}
