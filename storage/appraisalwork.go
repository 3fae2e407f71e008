package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/period"
)

// AppraisalState is how an appraisal stands: all that its workflow needs to choose the
// next timer.
type AppraisalState struct {
	Document string
	Campaign string
	Unit     string
	Kind     document.Kind
	Stage    appraisal.Stage
	Waits    int       // fields whose appraisers are waited for
	DueAt    time.Time // end of the present round's time; zero: done
	Overdue  bool
	Reminds  bool      // somebody is to be reminded at the instant the call came for
	Next     time.Time // strictly later than everything walked so far; zero: nothing
	Wake     time.Time // when the workflow comes for it
	Ended    bool
}

// TrackAppraisal walks the appraisal to the instant `passed` that its workflow has waited
// for (zero: none), makes the moves that follow by themselves, and tells how it stands.
// It may be called at any time and answers alike the second time. ErrNotFound: the
// document is not appraised.
func (s *Store) TrackAppraisal(ctx context.Context, id string, passed time.Time, runID string) (AppraisalState, error) {
	var state AppraisalState
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, err := s.lockAppraisal(ctx, tx, id, passed)
		if err != nil {
			return err
		}
		if passed.After(a.RungAt) {
			a.RungAt = passed
		}
		state = a.progress(passed)
		return a.save(ctx, state, runID)
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("track appraisal %s: %w", id, err)
	}
	return state, err
}

func (a *lockedAppraisal) progress(passed time.Time) AppraisalState {
	state := AppraisalState{
		Document: a.doc.ID, Campaign: a.doc.Campaign, Unit: a.doc.Unit, Kind: a.doc.Kind, Stage: a.Stage,
		Ended: a.Stage == appraisal.Done,
	}
	for _, f := range a.fields {
		if f.FinishedAt == nil {
			state.Waits++
		}
	}
	agenda := a.agenda()
	state.DueAt = agenda.DueAt.UTC()
	state.Overdue = !state.Ended && !a.RungAt.Before(agenda.DueAt)
	if !passed.IsZero() {
		_, state.Reminds = agenda.At(passed, passed)
	}
	if next, ok := agenda.Next(a.RungAt); ok {
		state.Next, state.Wake = next, next
		if !next.Equal(agenda.DueAt) { // the end of a round is nobody's to come late for
			state.Wake = next.Add(spread(a.doc.ID))
		}
	}
	return state
}

func (a *lockedAppraisal) save(ctx context.Context, state AppraisalState, runID string) error {
	const save = `
		update appraisals
		set rung_at = $2, wake_at = $3, relay_at = null, relay_failures = 0, run_id = case when $4 = '' then run_id else $4 end
		where document_id = $1`
	var wake *time.Time
	if !state.Wake.IsZero() {
		wake = &state.Wake
	}
	_, err := a.tx.ExecContext(ctx, save, a.doc.ID, a.RungAt, wake, runID)
	return wrap("save appraisal", err)
}

// RemindAppraisal tells the people whom the rung of the instant names. Whether they are
// still waited for is looked at here again. It may be called again for the same instant.
//
// An appraiser who is late with a hundred units is told once, of the campaign: the key
// is the campaign's, the round's and the rung's. A unit is told of its own.
func (s *Store) RemindAppraisal(ctx context.Context, id string, at time.Time) error {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, err := s.lockAppraisal(ctx, tx, id, at)
		if err != nil {
			return err
		}
		rung, due := a.agenda().At(at, a.Now)
		if !due {
			return nil
		}
		return addNotices(ctx, tx, a.reminders(rung, at))
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remind of appraisal %s: %w", id, err)
	}
	return nil
}

func (a *lockedAppraisal) reminders(rung period.Rung, at time.Time) []Notice {
	coming, late := NoticeAppraiseComing, NoticeAppraiseLate
	if a.Stage == appraisal.Explaining {
		coming, late = NoticeExplainComing, NoticeExplainOver
	}
	kind := coming
	if !at.Before(*a.DueAt) {
		kind = late
	}
	var notices []Notice
	for _, to := range rung.To {
		for _, desk := range a.recipients(to) {
			n := Notice{
				Key:  fmt.Sprintf("%s:%s:%d:%s:%s:%s", a.doc.Campaign, a.Stage, a.DueAt.Unix(), rung.Code, desk.Unit, desk.Role),
				Kind: kind, Role: desk.Role, Unit: desk.Unit,
				Args: map[string]any{"due": a.DueAt.Unix(), "name": a.CampaignName, "appraises": a.doc.Campaign},
			}
			if a.Stage == appraisal.Explaining {
				n.Key, n.Document = a.doc.ID+":"+n.Key, a.doc.ID
				n.Args = map[string]any{"due": a.DueAt.Unix(), "appraisal": a.doc.ID}
			}
			if !slices.ContainsFunc(notices, func(other Notice) bool { return other.Key == n.Key }) {
				notices = append(notices, n)
			}
		}
	}
	return notices
}

// ClaimAppraisals takes appraisals whose workflow is to look: told to by what was
// written, or a minute late, or not running at all. Each claim pushes the next one back
// as ClaimWakes does.
func (s *Store) ClaimAppraisals(ctx context.Context, limit int) ([]string, error) {
	var ids []string
	err := s.claim(ctx, &ids, "appraisals", "document_id", limit)
	return ids, err
}

// LivingAppraisals lists ids of appraisals under way after the given one, at most limit.
func (s *Store) LivingAppraisals(ctx context.Context, after string, limit int) ([]string, error) {
	const list = `select document_id from appraisals where ended_at is null and document_id > $1 order by document_id limit $2`
	var ids []string
	err := s.db.SelectContext(ctx, &ids, list, after, limit)
	return ids, wrap("list living appraisals", err)
}
