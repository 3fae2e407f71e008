package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// lockedDocument is a document's row held under its lock, with what its
// campaign lays down. Moves change it in memory; saveDocument writes it once.
type lockedDocument struct {
	ID            string         `db:"id"`
	Campaign      string         `db:"campaign"`
	Unit          string         `db:"unit_code"`
	Kind          document.Kind  `db:"kind"`
	Stage         document.Stage `db:"stage"`
	Revision      int            `db:"revision"`
	ContentHash   string         `db:"content_hash"`
	Started       bool           `db:"started"`
	Returned      bool           `db:"returned"`
	Submitter     *int64         `db:"submitter"`
	UnitDueAt     time.Time      `db:"unit_due_at"`
	ExtendedAt    *time.Time     `db:"extended_at"`
	DueAt         time.Time      `db:"due_at"`
	DeskSince     time.Time      `db:"desk_since"`
	FirstSignedAt *time.Time     `db:"first_signed_at"`
	Returns       int            `db:"returns"`
	Reopened      int            `db:"reopened"`
	ReopenedAt    *time.Time     `db:"reopened_at"`
	ApprovedRev   int            `db:"approved_revision"` // what other periods compare with; 0: none
	RungAt        time.Time      `db:"rung_at"`
	RunID         string         `db:"run_id"`
	CreatedAt     time.Time      `db:"created_at"`
	ClosedAt      *time.Time     `db:"closed_at"`

	Form          string       `db:"form"`
	FormVersion   int          `db:"form_version"`
	Period        string       `db:"period"`
	WindowTo      calendar.Day `db:"window_to"`
	LadderJSON    []byte       `db:"ladder"`
	ConfirmDays   int          `db:"confirm_days"`
	ResubmitDays  int          `db:"resubmit_days"`
	ConfirmLadder []byte       `db:"confirm_ladder"`
}

// lockDocument takes the document's row for writing. Every writing transaction
// starts here.
func lockDocument(ctx context.Context, tx *sqlx.Tx, id string) (*lockedDocument, error) {
	const lock = `
		select d.id, d.campaign, d.unit_code, d.kind, d.stage, d.revision, d.content_hash,
		       d.started, d.returned, d.submitter, d.unit_due_at, d.extended_at, d.due_at,
		       d.desk_since, d.first_signed_at, d.returns, d.reopened, d.reopened_at, d.approved_revision,
		       d.rung_at, d.run_id, d.created_at,
		       d.closed_at, c.form, c.form_version, c.period, c.window_to, c.ladder,
		       c.confirm_days, c.resubmit_days, c.confirm_ladder
		from documents d join campaigns c on c.code = d.campaign
		where d.id = $1
		for no key update of d`
	doc := new(lockedDocument)
	if err := tx.GetContext(ctx, doc, lock, id); err != nil {
		return nil, wrap("lock document "+id, err)
	}
	return doc, nil
}

// saveDocument writes what the moves have changed, and when the workflow is
// expected next. The relay's patience starts anew.
func saveDocument(ctx context.Context, tx *sqlx.Tx, d *lockedDocument, wake *time.Time) error {
	const save = `
		update documents
		set stage = $2, revision = $3, content_hash = $4, started = $5, returned = $6,
		    submitter = $7, unit_due_at = $8, extended_at = $9, due_at = $10, desk_since = $11,
		    first_signed_at = $12, returns = $13, rung_at = $14, run_id = $15, closed_at = $16,
		    wake_at = $17, relay_at = null, relay_failures = 0,
		    reopened = $18, reopened_at = $19, approved_revision = $20
		where id = $1`
	_, err := tx.ExecContext(ctx, save, d.ID, d.Stage, d.Revision, d.ContentHash, d.Started,
		d.Returned, d.Submitter, d.UnitDueAt, d.ExtendedAt, d.DueAt, d.DeskSince,
		d.FirstSignedAt, d.Returns, d.RungAt, d.RunID, d.ClosedAt, wake,
		d.Reopened, d.ReopenedAt, d.ApprovedRev)
	return wrap("save document", err)
}

// state is what the table of moves decides by. The hash is that of the newest
// revision; while drafting the caller sets the draft's.
func (d *lockedDocument) state() document.State {
	s := document.State{
		Kind: d.Kind, Unit: d.Unit, Stage: d.Stage,
		Revision: d.Revision, ContentHash: d.ContentHash, DueAt: d.DueAt,
		UnitDueAt: d.UnitDueAt, Signed: d.FirstSignedAt != nil,
	}
	if d.Submitter != nil {
		s.Submitter = *d.Submitter
	}
	return s
}

// ladder is the ladder of the present desk: the authority's own while it
// reviews, else the campaign's.
func (d *lockedDocument) ladder() (period.Ladder, error) {
	raw := d.LadderJSON
	if d.Stage == document.AuthorityReview {
		raw = d.ConfirmLadder
	}
	var l period.Ladder
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, fmt.Errorf("read ladder of %s: %w", d.Campaign, err)
	}
	return l, nil
}

// desk tells who is waited for: the role and the code of the unit.
func (s *Store) desk(d *lockedDocument) (staff.Role, string, bool) {
	role, desk, ok := document.DeskOf(d.Stage)
	if desk == document.AtAuthority {
		return role, s.authority, ok
	}
	return role, d.Unit, ok
}

// partsOf asks for everybody's part in the chain of the document named after it.
const partsOf = `
		select distinct x.person_id, x.role from decisions x
		where x.outcome = 'applied' and x.action in ('submit', 'approve', 'return', 'sign', 'confirm')
		  and x.document_id = `

// acted lists everybody's part in the chain so far, over all revisions.
func acted(ctx context.Context, q sqlx.QueryerContext, id string) ([]document.Part, error) {
	const list = partsOf + `$1`
	var parts []document.Part
	err := sqlx.SelectContext(ctx, q, &parts, list, id)
	return parts, wrap("list parts in the chain", err)
}

// loadCalendar reads the working calendar as the tables have it now, with the days that
// confirmed outages took.
func loadCalendar(ctx context.Context, q sqlx.QueryerContext) (calendar.Calendar, error) {
	const list = `select ` + markColumns + ` from holidays order by date`
	var marks []calendar.Mark
	if err := sqlx.SelectContext(ctx, q, &marks, list); err != nil {
		return calendar.Calendar{}, wrap("read calendar", err)
	}
	return withStanding(ctx, q, calendar.New(marks))
}
