package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/staff"
)

// frozenDraft is a draft as it would be frozen: its content in the one form that
// is hashed, its hash, and what the form's checks say of it.
type frozenDraft struct {
	content   form.Content
	canonical []byte
	hash      string
	result    form.Result
}

// checkDraft reads the draft under the document's lock and runs the form's
// checks on it; those that look at earlier periods only when it is asked.
func (s *Store) checkDraft(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, withEarlier bool) (*frozenDraft, error) {
	version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
	if err != nil {
		return nil, err
	}
	content, err := draftContent(ctx, tx, doc.ID, version)
	if err != nil {
		return nil, err
	}
	own, err := ownPeriod(doc.Period)
	if err != nil {
		return nil, err
	}
	earlier := form.Context{Own: own}
	if withEarlier {
		if earlier, err = s.formContext(ctx, tx, doc.Form, doc.FormVersion, doc.Unit, doc.Period); err != nil {
			return nil, err
		}
		known, err := s.knownFigures(ctx, tx, doc)
		if err != nil {
			return nil, err
		}
		earlier.Known = known.values()
		if earlier.Facts, err = s.factsFor(ctx, tx, version, doc.Unit, doc.Period); err != nil {
			return nil, err
		}
	}
	earlier.WindowEnd = doc.WindowTo
	canonical := content.Canonical()
	return &frozenDraft{
		content: content, canonical: canonical, hash: form.HashOf(canonical), result: version.Check(content, earlier),
	}, nil
}

// move carries out an allowed decision: the stage, what the action does besides,
// the history, the desk, and the notices that the move itself causes.
func (r *recorder) move(ctx context.Context, d decisionRow, v verdict) error {
	from := r.doc.Stage
	r.doc.Stage = v.move.To
	if err := r.effect(ctx, d, v, from); err != nil {
		return err
	}
	if v.move.To.Closed() && !from.Closed() {
		r.doc.ClosedAt = &d.ReceivedAt
	}
	line := decided(r.doc, d, from)
	if err := r.endRequest(ctx, d, &line); err != nil {
		return err
	}
	if err := r.remember(ctx, line); err != nil {
		return err
	}
	if from == v.move.To {
		return r.renewTask(ctx)
	}
	r.doc.DeskSince = d.ReceivedAt
	task, err := r.changeDesk(ctx, d)
	if err != nil {
		return err
	}
	r.announce(d, from, task)
	return nil
}

// effect is what each action does beside changing the stage.
func (r *recorder) effect(ctx context.Context, d decisionRow, v verdict, from document.Stage) error {
	switch d.Action {
	case document.Submit:
		return r.freeze(ctx, d, v.draft)
	case document.Sign:
		return r.handIn(ctx, d)
	case document.Return:
		r.doc.Returned = true
		if from == document.AuthorityReview {
			r.sendBack(d)
		}
	case document.Recall:
		r.doc.Returned = false
	case document.Extend:
		r.extend(d)
	case document.Excuse:
		r.excuse(d)
	case document.Prolong:
		r.setDue(*d.Until, d.ReceivedAt)
	case document.Confirm:
		r.doc.ApprovedRev = r.doc.Revision
		if r.doc.Kind == document.Plan {
			return r.beginTracking(ctx, d.ReceivedAt)
		}
	case document.Reopen:
		r.reopen(d)
	case document.Exempt:
		return voidOpenAttempts(ctx, r.tx, r.doc.ID, "exempt")
	}
	return nil
}

// freeze makes the draft the next revision. It never changes again.
func (r *recorder) freeze(ctx context.Context, d decisionRow, draft *frozenDraft) error {
	r.doc.Revision++
	r.doc.ContentHash = draft.hash
	r.doc.Submitter = &d.Person
	r.doc.Started, r.doc.Returned = true, false
	const insert = `
		insert into revisions (document_id, revision, content, content_hash, warnings, submitted_by, submitted_at)
		values ($1, $2, $3, $4, $5, $6, $7)`
	warnings, err := json.Marshal(draft.result.Warnings)
	if err != nil {
		return fmt.Errorf("freeze revision: %w", err)
	}
	if _, err := r.tx.ExecContext(ctx, insert, r.doc.ID, r.doc.Revision, string(draft.canonical),
		draft.hash, string(warnings), d.Person, d.ReceivedAt); err != nil {
		return wrap("freeze revision", err)
	}
	if err := r.openBundle(ctx); err != nil {
		return err
	}
	return r.indexFrozen(ctx, draft.content, d.ReceivedAt)
}

// handIn notes the signature: the attempt is the issued one, and the first
// signature's receipt decides whether the unit was on time.
func (r *recorder) handIn(ctx context.Context, d decisionRow) error {
	if r.doc.FirstSignedAt == nil {
		r.doc.FirstSignedAt = &d.ReceivedAt
	}
	if r.doc.Stage == document.AuthorityReview {
		r.setDue(document.DeskDue(d.ReceivedAt, r.doc.ConfirmDays, r.calendar), d.ReceivedAt)
	}
	if err := issueAttempt(ctx, r.tx, d); err != nil {
		return err
	}
	if err := r.indexSigned(ctx, d.ReceivedAt); err != nil {
		return err
	}
	if r.doc.Stage == document.HandedIn {
		return r.beginAppraisal(ctx, d.ReceivedAt)
	}
	return nil
}

// sendBack gives a returned document its time for resubmission, never less than
// the unit's own due.
func (r *recorder) sendBack(d decisionRow) {
	r.doc.Returns++
	r.setDue(document.ResubmitDue(d.ReceivedAt, r.doc.UnitDueAt, r.doc.ResubmitDays, r.calendar), d.ReceivedAt)
}

// extend moves the due of the present desk; before the first signature that is
// the legal due by which on time is measured.
func (r *recorder) extend(d decisionRow) {
	if r.doc.FirstSignedAt == nil {
		r.doc.UnitDueAt = *d.Until
	}
	r.doc.ExtendedAt = &d.ReceivedAt
	r.setDue(*d.Until, d.ReceivedAt)
	r.notify(d, "extended", staff.Specialist, r.doc.Unit, 0)
	r.notify(d, "extended", staff.Director, r.doc.Unit, 0)
}

// excuse moves the due by which on time is measured, of what was signed already. The
// present desk keeps its own.
func (r *recorder) excuse(d decisionRow) {
	r.doc.UnitDueAt = *d.Until
	r.doc.ExtendedAt = &d.ReceivedAt
	r.notify(d, NoticeExcused, staff.Specialist, r.doc.Unit, 0)
	r.notify(d, NoticeExcused, staff.Director, r.doc.Unit, 0)
}

// reopen gives an approved document back to its unit for correction. What was
// signed and approved stays what others read and compare with until the new
// revision is; how the unit stood to its due stays as it was.
func (r *recorder) reopen(d decisionRow) {
	r.doc.Returned, r.doc.ClosedAt = true, nil
	r.doc.Reopened++
	r.doc.ReopenedAt = &d.ReceivedAt
	r.setDue(*d.Until, d.ReceivedAt)
}

// setDue starts the ladder anew against the given instant: rungs before the
// decision are not walked again.
func (r *recorder) setDue(due, decidedAt time.Time) {
	r.doc.DueAt = due
	r.doc.RungAt = decidedAt
}

// changeDesk closes the open task and opens that of the next desk; 0 when
// nobody is waited for.
func (r *recorder) changeDesk(ctx context.Context, d decisionRow) (int64, error) {
	const closeOpen = `
		update tasks set closed_at = $2, closed_by = $3
		where document_id = $1 and closed_at is null`
	if _, err := r.tx.ExecContext(ctx, closeOpen, r.doc.ID, d.ReceivedAt, d.Person); err != nil {
		return 0, wrap("close task", err)
	}
	role, unit, ok := r.store.desk(r.doc)
	if !ok {
		return 0, nil
	}
	const open = `
		insert into tasks (document_id, stage, role, unit_code, opened_at, due_at)
		values ($1, $2, $3, $4, $5, $6) returning id`
	var id int64
	err := r.tx.GetContext(ctx, &id, open, r.doc.ID, r.doc.Stage, role, unit, d.ReceivedAt, r.doc.DueAt)
	return id, wrap("open task", err)
}

// renewTask gives the open task the document's new due.
func (r *recorder) renewTask(ctx context.Context) error {
	const renew = `update tasks set due_at = $2 where document_id = $1 and closed_at is null`
	_, err := r.tx.ExecContext(ctx, renew, r.doc.ID, r.doc.DueAt)
	return wrap("renew task", err)
}

// announce tells the next desk, and those who must learn of the move.
func (r *recorder) announce(d decisionRow, from document.Stage, task int64) {
	role, unit, open := r.store.desk(r.doc)
	switch {
	case d.Action == document.Recall:
		// The reviewer's task is closed; the author knows.
	case d.Action == document.Return:
		r.notify(d, "returned", staff.Specialist, r.doc.Unit, task)
		if from == document.AuthorityReview {
			r.notify(d, "returned", staff.DivisionHead, r.doc.Unit, 0)
			r.notify(d, "returned", staff.Director, r.doc.Unit, 0)
		}
	case d.Action == document.Reopen:
		r.notify(d, NoticeReopened, staff.Specialist, r.doc.Unit, task)
		r.notify(d, NoticeReopened, staff.DivisionHead, r.doc.Unit, 0)
		r.notify(d, NoticeReopened, staff.Director, r.doc.Unit, 0)
	case d.Action == document.Confirm:
		r.notify(d, "confirmed", staff.Specialist, r.doc.Unit, 0)
		r.notify(d, "confirmed", staff.Director, r.doc.Unit, 0)
	case d.Action == document.Exempt:
		r.notify(d, "exempted", staff.Specialist, r.doc.Unit, 0)
	case open:
		r.notify(d, "task_opened", role, unit, task)
	}
}

func (r *recorder) notify(d decisionRow, kind string, role staff.Role, unit string, task int64) {
	r.notices = append(r.notices, Notice{
		Key: fmt.Sprintf("%s:d%d:%s:%s", r.doc.ID, d.ID, kind, role), Kind: kind,
		Document: r.doc.ID, Task: task, Role: role, Unit: unit,
		Args: map[string]any{"due": told(r.doc, d.Action).Unix(), "stage": string(r.doc.Stage)},
	})
}

// told is the due that a decision's history and notices name.
func told(doc *lockedDocument, action document.Action) time.Time {
	if action == document.Excuse {
		return doc.UnitDueAt
	}
	return doc.DueAt
}
