package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/staff"
)

// PlanState is how a living plan stands: all that its workflow needs to choose the
// next timer.
type PlanState struct {
	Document string
	Campaign string
	Unit     string
	Kind     document.Kind
	Tasks    int       // planned: without cancelled ones
	Done     int       // of them completed
	Late     int       // of them open past their deadline
	Deadline time.Time // the next one; zero: none is ahead
	Reminds  bool      // somebody is to be reminded at the instant the call came for
	Next     time.Time // strictly later than everything walked so far; zero: nothing
	Wake     time.Time // when the workflow comes for it
	Ended    bool
}

// TrackPlan walks the plan to the instant `passed` that its workflow has waited for
// (zero: none), makes its rows agree with table and calendar, and tells how it
// stands. It may be called at any time and answers alike the second time. ErrNotFound:
// the document is no plan that lives.
func (s *Store) TrackPlan(ctx context.Context, id string, passed time.Time, runID string) (PlanState, error) {
	var state PlanState
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, err := s.lockTracked(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := p.sync(ctx, tx); err != nil {
			return err
		}
		agenda, err := p.agenda()
		if err != nil {
			return err
		}
		if passed.After(p.RungAt) {
			p.RungAt = passed
		}
		state = p.state(agenda, passed)
		return p.save(ctx, tx, state, runID)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("track plan %s: %w", id, err)
	}
	return state, err
}

func (p *trackedPlan) state(a plan.Agenda, passed time.Time) PlanState {
	state := PlanState{
		Document: p.doc.ID, Campaign: p.doc.Campaign, Unit: p.doc.Unit, Kind: p.doc.Kind, Late: a.Late(p.RungAt),
		Ended: a.Over(p.RungAt) || p.doc.Stage == document.Exempted,
	}
	for _, task := range p.tasks {
		if task.CancelledAt == nil {
			state.Tasks++
		}
		if task.CancelledAt == nil && task.DoneOn != nil {
			state.Done++
		}
	}
	state.Deadline, _ = a.Deadline(p.RungAt)
	_, waits := a.WaitingAt(passed, passed)
	state.Reminds = !passed.IsZero() && (waits || len(a.At(passed, passed)) > 0)
	if next, ok := a.Next(p.RungAt); ok && !state.Ended {
		state.Next, state.Wake = next, next.Add(spread(p.doc.ID))
	}
	return state
}

func (p *trackedPlan) save(ctx context.Context, tx *sqlx.Tx, state PlanState, runID string) error {
	const save = `
		update plan_trackings
		set rung_at = $2, wake_at = $3, relay_at = null, relay_failures = 0, run_id = case when $4 = '' then run_id else $4 end,
		    ended_at = case when $5 then coalesce(ended_at, clock_timestamp()) end
		where document_id = $1`
	var wake *time.Time
	if !state.Wake.IsZero() {
		wake = &state.Wake
	}
	_, err := tx.ExecContext(ctx, save, p.doc.ID, p.RungAt, wake, runID, state.Ended)
	return wrap("save tracking", err)
}

// RemindPlan tells the people whom the rungs of the instant name, in one notice a
// person however many tasks fall together, and one of an adjustment that waits. What
// still waits is looked at here again: what was completed or decided meanwhile, or has
// been overtaken, is left out. It may be called again for the same instant. It returns
// how many tasks and adjustments are told of.
func (s *Store) RemindPlan(ctx context.Context, id string, at time.Time) (int, error) {
	told := 0
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, err := s.lockTracked(ctx, tx, id)
		if err != nil {
			return err
		}
		agenda, err := p.agenda()
		if err != nil {
			return err
		}
		due := agenda.At(at, p.Now)
		notices := s.planNotices(p.doc, due, at)
		if rung, waits := agenda.WaitingAt(at, p.Now); waits {
			told++
			notices = append(notices, s.waitingNotices(p, agenda.Waiting.Recipients(rung), at)...)
		}
		told += len(due)
		return addNotices(ctx, tx, notices)
	})
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("remind of plan %s: %w", id, err)
	}
	return told, nil
}

// planRecipients are the ladder's words for people in the order of their desks: who
// holds two of them gets the notice of the first.
var planRecipients = []string{
	period.ToHolder, period.ToDivisionHead, period.ToDirector, period.ToAuthorityOfficer, period.ToAuthorityHead,
}

// planNotices are the notices of one instant. They share a key, to which the person
// is added: nobody is told twice of the same instant.
func (s *Store) planNotices(doc *lockedDocument, due []plan.Reminder, at time.Time) []Notice {
	var notices []Notice
	for _, to := range planRecipients {
		own := slices.DeleteFunc(slices.Clone(due), func(r plan.Reminder) bool { return !slices.Contains(r.Rung.To, to) })
		if len(own) == 0 {
			continue
		}
		kind, first := NoticePlanComing, own[0].Due
		keys := make([]string, len(own))
		for i, one := range own {
			keys[i] = one.Task
			if one.Due.Before(first) {
				first = one.Due
			}
		}
		if !first.After(at) {
			kind = NoticePlanLate
		}
		role, unit := s.planRecipient(doc, to)
		notices = append(notices, Notice{
			Key: fmt.Sprintf("%s:tasks:%d", doc.ID, at.Unix()), Kind: kind, Document: doc.ID, Role: role, Unit: unit,
			Args: map[string]any{"due": first.Unix(), "tasks": keys},
		})
	}
	return notices
}

// waitingNotices remind of the adjustment that waits: who holds it of their work, those
// above that it lies there.
func (s *Store) waitingNotices(p *trackedPlan, to []string, at time.Time) []Notice {
	var notices []Notice
	for _, one := range to {
		kind := NoticeAdjustmentStill
		role, unit := s.adjustmentDesk(p)
		if one != period.ToHolder {
			kind = NoticeAdjustmentLies
			role, unit = s.recipient(p.doc, one)
		}
		if slices.ContainsFunc(notices, func(n Notice) bool { return n.Role == role && n.Unit == unit }) {
			continue
		}
		notices = append(notices, Notice{
			Key: fmt.Sprintf("%s:waiting:%d:%d:%s", p.doc.ID, p.Adjustment, at.Unix(), role), Kind: kind, Document: p.doc.ID, Role: role, Unit: unit,
			Args: map[string]any{"adjustment": p.Adjustment, "stage": string(*p.AdjustedAt), "since": p.HeldSince.Unix()},
		})
	}
	return notices
}

// adjustmentDesk is who has the open adjustment.
func (s *Store) adjustmentDesk(p *trackedPlan) (staff.Role, string) {
	switch *p.AdjustedAt {
	case document.DivisionReview:
		return staff.DivisionHead, p.doc.Unit
	case document.AuthorityReview:
		return staff.Officer, s.authority
	}
	return staff.Specialist, p.doc.Unit // it came back
}

// planRecipient turns a ladder's word for people into a role at a unit. An approved
// plan lies at no desk: its holder is the specialist.
func (s *Store) planRecipient(doc *lockedDocument, to string) (staff.Role, string) {
	if to == period.ToHolder {
		return staff.Specialist, doc.Unit
	}
	return s.recipient(doc, to)
}

// ClaimPlans takes living plans whose workflow is to look: told to by what was
// written, or a minute late, or not running at all. Each claim pushes the next one
// back as ClaimWakes does.
func (s *Store) ClaimPlans(ctx context.Context, limit int) ([]string, error) {
	var ids []string
	err := s.claim(ctx, &ids, "plan_trackings", "document_id", limit)
	return ids, err
}
