package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// OrderField is the field of a conflict about an adjustment's order.
const OrderField = "order"

// BeginAdjustment opens the draft of an adjustment and returns its id; where one is
// open already, that one's. rule.Errors: the plan cannot be adjusted now, or not by
// this person. ErrNotFound: no plan that lives.
func (s *Store) BeginAdjustment(ctx context.Context, key uuid.UUID, id string, actor staff.Actor) (int64, error) {
	var adjustment int64
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, err := s.lockAdjustable(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		adjustment, err = p.openAdjustment(ctx, tx)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		const begin = `
			insert into plan_adjustments (key, document_id, campaign, unit_code, held_since, created_at)
			values ($1, $2, $3, $4, $5, $5) returning id`
		err = tx.GetContext(ctx, &adjustment, begin, key, id, p.doc.Campaign, p.doc.Unit, p.Now)
		return wrap("begin adjustment", err)
	})
	if uniqueViolation(err, "plan_adjustments_key_key") { // of an adjustment that has ended, or of another plan's
		return 0, rule.Broken(KeyReused, "")
	}
	return adjustment, err
}

// lockAdjustable takes the plan for a change of its open adjustment by the unit's
// specialist. A plan that is being corrected is not adjusted.
func (s *Store) lockAdjustable(ctx context.Context, tx *sqlx.Tx, id string, actor staff.Actor) (*trackedPlan, error) {
	p, err := s.lockTracked(ctx, tx, id)
	switch {
	case err != nil:
		return nil, err
	case !actor.Holds(staff.Specialist, p.doc.Unit):
		return nil, rule.Broken(document.NotYourRole, "")
	case p.doc.Stage != document.Approved:
		return nil, rule.Broken(plan.AdjustmentOutdated, "")
	}
	return p, nil
}

func (p *trackedPlan) openAdjustment(ctx context.Context, tx *sqlx.Tx) (int64, error) {
	const find = `select id from plan_adjustments where document_id = $1 and ended_at is null`
	var id int64
	err := tx.GetContext(ctx, &id, find, p.doc.ID)
	return id, wrap("look for an open adjustment", err)
}

// lockAdjustmentDraft reads the adjustment for writing: it must lie with its unit.
func (s *Store) lockAdjustmentDraft(ctx context.Context, tx *sqlx.Tx, id string, adjustment int64, actor staff.Actor) (*trackedPlan, Adjustment, error) {
	p, err := s.lockAdjustable(ctx, tx, id, actor)
	if err != nil {
		return nil, Adjustment{}, err
	}
	a, err := readAdjustment(ctx, tx, id, adjustment)
	switch {
	case err != nil:
		return nil, a, err
	case !a.Open():
		return nil, a, rule.Broken(document.Closed, "")
	case a.Stage != document.Drafting:
		return nil, a, rule.Broken(document.WrongStage, "", string(a.Stage))
	}
	return p, a, nil
}

// NewOrder is an adjustment's order as the form sent it.
type NewOrder struct {
	Document   string
	Adjustment int64
	Actor      staff.Actor
	Base       int // version on the screen
	plan.Order
	FileName string    // "": the file stays as it is
	File     io.Reader // its bytes, read once
}

// SaveOrder keeps the order of an adjustment that is being written. Conflicts: somebody
// else has saved it since; nothing is overwritten. rule.Errors: what no draft takes;
// what is merely missing is told at the submission.
func (s *Store) SaveOrder(ctx context.Context, n NewOrder) error {
	n.Number, n.Issuer, n.Title, n.FileName = CleanLine(n.Number), CleanLine(n.Issuer), CleanText(n.Title), cleanName(n.FileName)
	if broken := n.TooLong(); broken != nil {
		return broken
	}
	var file StoredFile
	if n.FileName != "" { // before its bytes are read: whether anything may be written at all
		if err := s.inTx(ctx, func(tx *sqlx.Tx) error {
			_, _, err := s.lockAdjustmentDraft(ctx, tx, n.Document, n.Adjustment, n.Actor)
			return err
		}); err != nil {
			return err
		}
		var err error
		if file, err = s.keepUpload(ctx, n.FileName, n.File); err != nil {
			return err
		}
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		_, a, err := s.lockAdjustmentDraft(ctx, tx, n.Document, n.Adjustment, n.Actor)
		if err != nil {
			return err
		}
		if a.saysOrder(n, file) {
			return nil
		}
		if a.Version != n.Base {
			return Conflicts{{Field: OrderField, Version: a.Version}}
		}
		const save = `
			update plan_adjustments
			set number = $2, issued_on = $3, issuer = $4, title = $5, version = version + 1,
			    file_hash = coalesce(nullif($6, ''), file_hash), file_name = case when $6 = '' then file_name else $7 end
			where id = $1`
		_, err = tx.ExecContext(ctx, save, a.ID, n.Number, n.IssuedOn, n.Issuer, n.Title, file.Hash, n.FileName)
		return wrap("save order", err)
	})
}

// saysOrder tells whether nothing is left to save: the same form sent twice.
func (a *Adjustment) saysOrder(n NewOrder, file StoredFile) bool {
	sameDay := a.IssuedOn == nil && n.IssuedOn == nil || a.IssuedOn != nil && n.IssuedOn != nil && *a.IssuedOn == *n.IssuedOn
	sameFile := file.Hash == "" || a.FileHash != nil && *a.FileHash == file.Hash && a.FileName == n.FileName
	return sameDay && sameFile && a.Number == n.Number && a.Issuer == n.Issuer && a.Title == n.Title
}

// AdjustedChange is what the form does to one task. Dropped leaves the task as it is
// after all.
type AdjustedChange struct {
	plan.Adjusted
	Base    int // version on the screen; 0: the adjustment has not touched the task
	Dropped bool
}

// SaveAdjusted keeps what an adjustment does to a task. Conflicts: somebody else has
// saved that task since. rule.Errors: codes the form does not have, texts too long,
// units that do not exist; whether the task is complete is told at the submission.
func (s *Store) SaveAdjusted(ctx context.Context, id string, adjustment int64, c AdjustedChange, actor staff.Actor) error {
	c.Task, c.Reason = cleanTask(c.Task), CleanText(c.Reason)
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, a, err := s.lockAdjustmentDraft(ctx, tx, id, adjustment, actor)
		if err != nil {
			return err
		}
		on, err := p.standing()
		if err != nil {
			return err
		}
		if err := c.settle(on.living.Tasks); err != nil {
			return err
		}
		row := plan.Index(on.living.Tasks, c.Task.Key) + 1
		if broken := append(p.table.Acceptable(c.Task, row), c.ReasonTooLong(row)...); broken != nil {
			return broken
		}
		change := []TaskChange{{Task: c.Task}}
		if _, err := cleanChanges(ctx, tx, p.table, change); err != nil {
			return err
		}
		if err := unknownCity(ctx, tx, p.doc, change); err != nil {
			return err
		}
		rows, err := adjustedTasks(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		for _, now := range rows {
			if now.Task.Key != c.Task.Key {
				continue
			}
			if now.dropped == c.Dropped && (c.Dropped || now.Kind == c.Kind && now.Reason == c.Reason && now.Task.Same(c.Task)) {
				return nil
			}
			if now.Version != c.Base {
				return Conflicts{now.standing(on.living.Tasks)}
			}
		}
		return writeAdjusted(ctx, tx, a.ID, c, actor.Person, p.Now)
	})
}

// standing is what a save that comes too late is told: the task as they leave it, none
// where they take it out, and why.
func (t AdjustedTask) standing(tasks []plan.Task) Conflict {
	stands := Conflict{Field: plan.TaskField(t.Task.Key, ""), Version: t.Version, By: t.By, At: t.At, Reason: t.Reason}
	at := plan.Index(tasks, t.Task.Key)
	switch {
	case !t.dropped && t.Kind != plan.Removed:
		stands.Task = &t.Task
	case t.dropped && at >= 0:
		stands.Task = &tasks[at]
	}
	return stands
}

// settle has the kind agree with the plan: whether a task is new is not the form's to
// say, and one taken out keeps its words.
func (c *AdjustedChange) settle(tasks []plan.Task) error {
	at := plan.Index(tasks, c.Task.Key)
	switch {
	case at < 0 && c.Kind == plan.Removed:
		return fmt.Errorf("take task %q out: %w", c.Task.Key, ErrNotFound)
	case at < 0:
		c.Kind = plan.Added
	case c.Kind == plan.Removed:
		c.Task = tasks[at]
	default:
		c.Kind = plan.Changed
	}
	return nil
}

func writeAdjusted(ctx context.Context, tx *sqlx.Tx, adjustment int64, c AdjustedChange, person int64, now time.Time) error {
	const write = `
		insert into adjusted_tasks (adjustment_id, key, kind, task, reason, dropped, updated_by, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (adjustment_id, key) do update
		set kind = excluded.kind, task = case when excluded.dropped then adjusted_tasks.task else excluded.task end, reason = excluded.reason,
		    dropped = excluded.dropped, version = adjusted_tasks.version + 1, updated_by = excluded.updated_by, updated_at = excluded.updated_at`
	raw, err := json.Marshal(c.Task)
	if err != nil {
		return fmt.Errorf("write adjusted task %s: %w", c.Task.Key, err)
	}
	_, err = tx.ExecContext(ctx, write, adjustment, c.Task.Key, c.Kind, string(raw), c.Reason, c.Dropped, person, now)
	return wrap("write adjusted task", err)
}

// OpenAdjustment is the id of the plan's open adjustment; 0: none is open.
func (s *Store) OpenAdjustment(ctx context.Context, id string) (int64, error) {
	const find = `select id from plan_adjustments where document_id = $1 and ended_at is null`
	var adjustment int64
	err := s.db.GetContext(ctx, &adjustment, find, id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return adjustment, wrap("look for an open adjustment", err)
}

// AdjustedTaskVersion is the version of what the adjustment does to the task, dropped
// or not, by which a save of it is guarded; 0: nothing so far.
func (s *Store) AdjustedTaskVersion(ctx context.Context, adjustment int64, key string) (int, error) {
	const read = `select version from adjusted_tasks where adjustment_id = $1 and key = $2`
	var version int
	err := s.db.GetContext(ctx, &version, read, adjustment, key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, wrap("read version of an adjusted task", err)
}
