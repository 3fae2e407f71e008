package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// DocumentView is a document as its page needs it: the row, its campaign, its
// unit, who is waited for, and who has acted. Now is the database's clock, by
// which the page reckons.
type DocumentView struct {
	ID            string          `db:"id"`
	Kind          document.Kind   `db:"kind"`
	Stage         document.Stage  `db:"stage"`
	Status        document.Status `db:"status"`
	Revision      int             `db:"revision"`     // newest frozen; 0: none
	ContentHash   string          `db:"content_hash"` // of that revision
	Started       bool            `db:"started"`
	Returned      bool            `db:"returned"`
	Submitter     int64           `db:"submitter"`
	UnitDueAt     time.Time       `db:"unit_due_at"`
	ExtendedAt    *time.Time      `db:"extended_at"`
	DueAt         time.Time       `db:"due_at"`
	DeskSince     time.Time       `db:"desk_since"`
	FirstSignedAt *time.Time      `db:"first_signed_at"`
	Returns       int             `db:"returns"`
	Reopened      int             `db:"reopened"`
	ReopenedAt    *time.Time      `db:"reopened_at"`
	RunID         string          `db:"run_id"`
	CreatedAt     time.Time       `db:"created_at"`
	ClosedAt      *time.Time      `db:"closed_at"`
	Now           time.Time       `db:"now"`
	// Signed lists the revisions that the director has signed.
	Signed pq.Int64Array `db:"signed"`

	Unit     staff.Unit       `db:"unit"`
	Campaign DocumentCampaign `db:"campaign"`

	DeskRole staff.Role      // empty when closed
	DeskUnit string          // code
	Holders  []Holder        // who holds that desk now
	Acted    []document.Part // everybody's part in the chain so far
	// SigningBy has a signing attempt open until SigningUntil; 0: nobody.
	SigningBy    int64     `db:"signing_by"`
	SigningUntil time.Time `db:"signing_until"`
}

// DocumentCampaign is what a document's page tells of its campaign.
type DocumentCampaign struct {
	Code         string       `db:"code"`
	Name         string       `db:"name"`
	Form         string       `db:"form"`
	FormVersion  int          `db:"form_version"`
	Period       string       `db:"period"`
	WindowFrom   calendar.Day `db:"window_from"`
	WindowTo     calendar.Day `db:"window_to"`
	period.Due                // as the campaign set it
	DueAt        time.Time    `db:"due_at"` // without this unit's extensions
	ResubmitDays int          `db:"resubmit_days"`
	ConfirmDays  int          `db:"confirm_days"`
	Guidance     string       `db:"guidance"`
	CityUnit     string       `db:"city_unit"` // whose plan is the city's own; "": none
}

// State is what the table of moves decides by, for drawing buttons.
func (v DocumentView) State() document.State {
	return document.State{
		Kind: v.Kind, Unit: v.Unit.Code, Stage: v.Stage, Revision: v.Revision,
		ContentHash: v.ContentHash, DueAt: v.DueAt, Submitter: v.Submitter,
		Acted: v.Acted, SigningBy: v.SigningBy,
	}
}

// Reading is what decides which of its revisions a person may read.
func (v DocumentView) Reading() document.Reading {
	return readingOf(v.Revision, v.Signed)
}

func readingOf(revision int, signed pq.Int64Array) document.Reading {
	reading := document.Reading{Revision: revision}
	for _, one := range signed {
		reading.Signed = append(reading.Signed, int(one))
	}
	return reading
}

// Overdue tells whether the present desk is late at the view's own instant.
func (v DocumentView) Overdue() bool { return v.ClosedAt == nil && !v.Now.Before(v.DueAt) }

// signedRevisions are the revisions of documents d that the director has signed.
const signedRevisions = `
		       array(select a.revision from signing_attempts a
		             where a.document_id = d.id and a.state = 'signed' order by a.revision) as signed`

// DocumentView reads a document within the reader's scope. ErrNotFound: there is
// none, or it lies outside; the reader is not told which.
func (s *Store) DocumentView(ctx context.Context, scope staff.Scope, id string) (DocumentView, error) {
	const read = `
		select d.id, d.kind, d.stage, d.status, d.revision, d.content_hash, d.started, d.returned,
		       coalesce(d.submitter, 0) as submitter, d.unit_due_at, d.extended_at, d.due_at,
		       d.desk_since, d.first_signed_at, d.returns, d.reopened, d.reopened_at, d.run_id, d.created_at, d.closed_at,
		       clock_timestamp() as now,
		       ` + signedRevisions + `,
		       coalesce((select json_agg(json_build_object('person', p.person_id, 'role', p.role)) from (` + partsOf + `d.id) p), '[]') as acted,
		       coalesce(o.person_id, 0) as signing_by, coalesce(o.expires_at, '0001-01-01T00:00:00Z') as signing_until,
		       u.code as "unit.code", u.abbreviation as "unit.abbreviation", u.name as "unit.name",
		       u.unit_group as "unit.unit_group", u.superior as "unit.superior", u.agency as "unit.agency",
		       u.signer_capacity as "unit.signer_capacity", u.symbol as "unit.symbol",
		       u.place as "unit.place", u.valid_from as "unit.valid_from", u.valid_to as "unit.valid_to",
		       c.code as "campaign.code", c.name as "campaign.name", c.form as "campaign.form",
		       c.form_version as "campaign.form_version", c.period as "campaign.period",
		       c.window_from as "campaign.window_from", c.window_to as "campaign.window_to",
		       c.due_day as "campaign.due_day", c.due_inclusive as "campaign.due_inclusive",
		       c.due_cutoff as "campaign.due_cutoff", c.due_shift as "campaign.due_shift",
		       c.due_at as "campaign.due_at", c.resubmit_days as "campaign.resubmit_days",
		       c.confirm_days as "campaign.confirm_days", c.guidance as "campaign.guidance",
		       coalesce(c.city_unit, '') as "campaign.city_unit"
		from documents d
		join units u on u.code = d.unit_code
		join campaigns c on c.code = d.campaign
		left join signing_attempts o on o.document_id = d.id and o.state = 'open' and o.expires_at > clock_timestamp()
		where d.id = $1 and ($2 or d.unit_code = any($3))`
	var row struct {
		DocumentView
		Parts []byte `db:"acted"` // JSON
	}
	if err := s.db.GetContext(ctx, &row, read, id, scope.All, pq.Array(scope.Units)); err != nil {
		return row.DocumentView, wrap("read document "+id, err)
	}
	v := row.DocumentView
	if err := json.Unmarshal(row.Parts, &v.Acted); err != nil {
		return v, fmt.Errorf("read parts of %s: %w", id, err)
	}
	return v, s.addHolders(ctx, &v)
}

// addHolders adds who is waited for.
func (s *Store) addHolders(ctx context.Context, v *DocumentView) error {
	if role, desk, open := document.DeskOf(v.Stage); open {
		v.DeskRole, v.DeskUnit = role, v.Unit.Code
		if desk == document.AtAuthority {
			v.DeskUnit = s.authority
		}
		holders, err := s.PeopleAt(ctx, v.DeskUnit, v.DeskRole)
		if err != nil {
			return err
		}
		v.Holders = holders
	}
	return nil
}

// DocumentStage is where a document lies: by it a signal names its human task.
func (s *Store) DocumentStage(ctx context.Context, id string) (document.Stage, error) {
	var stage document.Stage
	err := s.db.GetContext(ctx, &stage, `select stage from documents where id = $1`, id)
	return stage, wrap("read stage of "+id, err)
}

// RevisionView is one frozen revision.
type RevisionView struct {
	Document    string
	Number      int
	Content     form.Content
	ContentHash string
	Warnings    rule.Errors // what the checks doubted when it was submitted
	SubmittedBy int64
	Submitter   string // name
	SubmittedAt time.Time
}

// Revision reads one frozen revision of a document the caller may read. Its
// content is shared with other requests: it is for reading.
func (s *Store) Revision(ctx context.Context, id string, number int) (RevisionView, error) {
	const read = `
		select r.content_hash, r.submitted_by, p.name, r.submitted_at
		from revisions r join persons p on p.id = r.submitted_by
		where r.document_id = $1 and r.revision = $2`
	v := RevisionView{Document: id, Number: number}
	err := s.db.QueryRowxContext(ctx, read, id, number).
		Scan(&v.ContentHash, &v.SubmittedBy, &v.Submitter, &v.SubmittedAt)
	if err != nil {
		return v, wrap(fmt.Sprintf("read revision %d of %s", number, id), err)
	}
	key := revisionKey{id, number}
	found, err := s.frozenOf(ctx, s.db, key)
	v.Content, v.Warnings = found[key].content, found[key].warnings
	return v, err
}

// RevisionLine is one frozen revision in a list.
type RevisionLine struct {
	Number      int       `db:"revision"`
	ContentHash string    `db:"content_hash"`
	SubmittedAt time.Time `db:"submitted_at"`
	Submitter   string    `db:"name"`
}

// Revisions lists a document's frozen revisions, newest first.
func (s *Store) Revisions(ctx context.Context, id string) ([]RevisionLine, error) {
	const list = `
		select r.revision, r.content_hash, r.submitted_at, p.name
		from revisions r join persons p on p.id = r.submitted_by
		where r.document_id = $1 order by r.revision desc`
	var lines []RevisionLine
	err := s.db.SelectContext(ctx, &lines, list, id)
	return lines, wrap("list revisions", err)
}

// WaitingDecision is a decision that has been received and not yet answered.
// Its author sees it, and so does the next desk.
type WaitingDecision struct {
	ID         int64           `db:"id"`
	Key        uuid.UUID       `db:"key"`
	Action     document.Action `db:"action"`
	Person     int64           `db:"person_id"`
	PersonName string          `db:"name"`
	Role       staff.Role      `db:"role"`
	ReceivedAt time.Time       `db:"received_at"`
}

// WaitingDecisions lists a document's unanswered decisions in order of receipt.
func (s *Store) WaitingDecisions(ctx context.Context, id string) ([]WaitingDecision, error) {
	const list = `
		select x.id, x.key, x.action, x.person_id, p.name, x.role, x.received_at
		from decisions x join persons p on p.id = x.person_id
		where x.document_id = $1 and x.outcome is null order by x.id`
	var waiting []WaitingDecision
	err := s.db.SelectContext(ctx, &waiting, list, id)
	return waiting, wrap("list waiting decisions", err)
}

// DocumentFile finds a file by its hash among those of the document that the
// reader may see: of the revisions open to them, and for the unit's own people of
// the draft, and what asks for an ad hoc report. ErrNotFound: it is not one of them.
func (s *Store) DocumentFile(ctx context.Context, id, hash string, own bool) (DocumentFile, error) {
	const find = `
		select f.hash, f.size, f.media_type, named.name
		from (
			select e ->> 'name' as name from revisions r, jsonb_array_elements(r.content -> 'files') e
			where r.document_id = $1 and e ->> 'hash' = $2 and r.revision = any($4)
			union all
			select name from draft_files where $3 and document_id = $1 and hash = $2
			union all
			select q.file_name from documents d join campaign_requests q on q.campaign = d.campaign
			where d.id = $1 and q.file_hash = $2
		) named
		join files f on f.hash = $2
		limit 1`
	var file DocumentFile
	reading, err := s.reading(ctx, id)
	if err != nil {
		return file, err
	}
	err = s.db.GetContext(ctx, &file, find, id, hash, own, pq.Array(reading.All(own)))
	return file, wrap("find file of document "+id, err)
}

// reading is which revisions a document has, and which are signed.
func (s *Store) reading(ctx context.Context, id string) (document.Reading, error) {
	const read = `select d.revision, ` + signedRevisions + ` from documents d where d.id = $1`
	var revision int
	var signed pq.Int64Array
	err := s.db.QueryRowxContext(ctx, read, id).Scan(&revision, &signed)
	return readingOf(revision, signed), wrap("read revisions of "+id, err)
}

// DocumentFile is an attached file with the name it was given.
type DocumentFile struct {
	StoredFile
	Name string `db:"name"`
}
