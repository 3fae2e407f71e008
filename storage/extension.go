package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// The events of a request for more time in a document's history; that it was
// granted is the event of the extension.
const (
	eventAsked     = "extension_asked"
	eventDeclined  = "extension_declined"
	eventWithdrawn = "extension_withdrawn"
	eventLapsed    = "extension_lapsed" // it ended by itself
)

// RequestOutcome is how a request for more time ended; empty while it is open.
type RequestOutcome string

// The outcomes.
const (
	RequestGranted   RequestOutcome = "granted"
	RequestDeclined  RequestOutcome = "declined"
	RequestWithdrawn RequestOutcome = "withdrawn"
)

// NewRequest is a request for more time, as the form sent it.
type NewRequest struct {
	Key      uuid.UUID // from the form: the same click twice is the same key
	Document string
	Actor    staff.Actor
	Reason   string
	Until    time.Time // the last allowed instant that is wanted
}

// AskExtension keeps a unit's request for more time and tells the authority's
// officers. The same key again is the same request. rule.Errors: the state or the
// form says no.
func (s *Store) AskExtension(ctx context.Context, n NewRequest) error {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, n.Document)
		if err != nil {
			return err
		}
		if known, err := askedUnder(ctx, tx, n); known || err != nil {
			return err
		}
		return s.askExtension(ctx, tx, doc, n)
	})
	if uniqueViolation(err, "extension_requests_key_key") { // the same key on another document at the same moment
		return rule.Broken(KeyReused, "")
	}
	return err
}

func askedUnder(ctx context.Context, tx *sqlx.Tx, n NewRequest) (bool, error) {
	const find = `select person_id, document_id from extension_requests where key = $1`
	var known struct {
		Person   int64  `db:"person_id"`
		Document string `db:"document_id"`
	}
	err := tx.GetContext(ctx, &known, find, n.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && (known.Person != n.Actor.Person || known.Document != n.Document):
		return false, rule.Broken(KeyReused, "")
	}
	return true, wrap("look for the request's key", err)
}

func (s *Store) askExtension(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, n NewRequest) error {
	const standing = `
		select clock_timestamp() as now,
		       exists (select from extension_requests where document_id = $1 and outcome is null) as asked`
	var at struct {
		Now   time.Time `db:"now"`
		Asked bool      `db:"asked"`
	}
	if err := tx.GetContext(ctx, &at, standing, doc.ID); err != nil {
		return wrap("look for an open request", err)
	}
	position, _ := document.AskerOf(n.Actor, doc.Unit)
	ask := document.Ask{
		Person: n.Actor.Person, Role: string(position.Role), Unit: position.Unit, Reason: n.Reason, Until: n.Until, At: at.Now,
	}
	if broken := document.CheckAsk(doc.state(), ask, at.Asked); broken != nil {
		return broken
	}
	const insert = `
		insert into extension_requests (key, document_id, campaign, unit_code, person_id, role, reason, due_at, until, asked_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`
	var id int64
	err := tx.GetContext(ctx, &id, insert, n.Key, doc.ID, doc.Campaign, doc.Unit, ask.Person, ask.Role, ask.Reason, doc.DueAt, ask.Until, ask.At)
	if err != nil {
		return wrap("keep request", err)
	}
	line := requestLine(doc, id, eventAsked, at.Now)
	line.Person, line.Role, line.Unit, line.Reason = &ask.Person, ask.Role, &ask.Unit, ask.Reason
	line.Detail["due"] = ask.Until.Unix()
	if err := addHistory(ctx, tx, line); err != nil {
		return err
	}
	return addNotices(ctx, tx, []Notice{{
		Key: fmt.Sprintf("%s:request:%d:asked", doc.ID, id), Kind: NoticeAsked, Document: doc.ID,
		Role: staff.Officer, Unit: s.authority, Args: map[string]any{"due": doc.DueAt.Unix()},
	}})
}

func requestLine(doc *lockedDocument, id int64, name string, at time.Time) event {
	return event{
		Document: doc.ID, Key: fmt.Sprintf("request:%d:%s", id, name), At: at, Event: name, Revision: doc.Revision,
		FromStage: doc.Stage, ToStage: doc.Stage, Detail: map[string]any{"request": id},
	}
}

// WithdrawExtension takes a document's open request back, by anybody of the unit
// who may ask. rule.Errors: it has ended, or a decision about it is on its way.
func (s *Store) WithdrawExtension(ctx context.Context, id string, request int64, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, id)
		if err != nil {
			return err
		}
		position, ok := document.AskerOf(actor, doc.Unit)
		if !ok {
			return rule.Broken(document.NotYourRole, "")
		}
		if err := requestStands(ctx, tx, id, request, 0); err != nil {
			return err
		}
		ended, err := endRequest(ctx, tx, id, RequestWithdrawn, &actor.Person, "", nil)
		if err != nil {
			return err
		}
		line := requestLine(doc, ended.ID, eventWithdrawn, ended.At)
		line.Person, line.Role, line.Unit = &actor.Person, string(position.Role), &position.Unit
		return addHistory(ctx, tx, line)
	})
}

// requestStands refuses what concerns a request that has ended, or that another
// decision than the given one (0: none) is about to answer.
func requestStands(ctx context.Context, tx *sqlx.Tx, id string, request, decision int64) error {
	const read = `
		select r.outcome is null as open,
		       exists (select from decisions d where d.request_id = r.id and d.outcome is null and d.id <> $3) as waiting
		from extension_requests r where r.id = $1 and r.document_id = $2`
	var r struct {
		Open    bool `db:"open"`
		Waiting bool `db:"waiting"`
	}
	switch err := tx.GetContext(ctx, &r, read, request, id, decision); {
	case err != nil:
		return wrap("read request", err)
	case !r.Open:
		return rule.Broken(document.RequestAnswered, "")
	case r.Waiting:
		return rule.Broken(document.RequestInWaiting, "")
	}
	return nil
}

// endedRequest is a request that has just ended.
type endedRequest struct {
	ID   int64      `db:"id"`
	Role staff.Role `db:"role"` // who had asked
	At   time.Time  `db:"answered_at"`
}

// endRequest ends the document's open request, at the given instant or now;
// ErrNotFound: none is open. by is nil where it ends by itself.
func endRequest(ctx context.Context, tx *sqlx.Tx, id string, outcome RequestOutcome, by *int64, answer string, at *time.Time) (endedRequest, error) {
	const end = `
		update extension_requests
		set outcome = $2, answered_by = $3, answer = $4, answered_at = coalesce($5, clock_timestamp())
		where document_id = $1 and outcome is null
		returning id, role, answered_at`
	var ended endedRequest
	err := tx.GetContext(ctx, &ended, end, id, outcome, by, answer, at)
	return ended, wrap("end request", err)
}

// endRequest answers the document's open request by an extension that is applied,
// and ends it when the document leaves the unit's desks. line is the decision's own
// line of the history.
func (r *recorder) endRequest(ctx context.Context, d decisionRow, line *event) error {
	outcome, by, answer := RequestGranted, &d.Person, d.Reason
	switch {
	case d.Action == document.Extend:
	case document.EndsRequest(r.doc.Stage):
		outcome, by, answer = RequestWithdrawn, nil, ""
	default:
		return nil
	}
	ended, err := endRequest(ctx, r.tx, r.doc.ID, outcome, by, answer, &d.ReceivedAt)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if outcome == RequestWithdrawn {
		return r.remember(ctx, requestLine(r.doc, ended.ID, eventLapsed, d.ReceivedAt))
	}
	line.Detail["request"] = ended.ID
	if ended.Role != staff.Specialist { // they are told of every extension
		r.notify(d, NoticeExtended, ended.Role, r.doc.Unit, 0)
	}
	return nil
}

// Request is a unit's request for more time, with what a page tells of it.
type Request struct {
	ID           int64          `db:"id"`
	Document     string         `db:"document_id"`
	Campaign     string         `db:"campaign"`
	CampaignName string         `db:"campaign_name"`
	Cutoff       int            `db:"due_cutoff"` // of the campaign, minutes after midnight
	Unit         string         `db:"unit_code"`
	UnitName     string         `db:"unit_name"`
	By           string         `db:"by"` // name
	Role         staff.Role     `db:"role"`
	Reason       string         `db:"reason"`
	Until        time.Time      `db:"until"` // wanted
	AskedAt      time.Time      `db:"asked_at"`
	Stage        document.Stage `db:"stage"`
	DueAt        time.Time      `db:"due_at"`  // of the document now
	Waiting      bool           `db:"waiting"` // a decision about it is on its way
	Total        int            `db:"total"`   // open ones that fit, over all pages
}

const requestColumns = `
		select r.id, r.document_id, r.campaign, c.name as campaign_name, c.due_cutoff, r.unit_code, u.name as unit_name,
		       p.name as by, r.role, r.reason, r.until, r.asked_at, d.stage, d.due_at,
		       exists (select from decisions x where x.request_id = r.id and x.outcome is null) as waiting`

const requestJoins = `
		join documents d on d.id = r.document_id
		join campaigns c on c.code = r.campaign
		join units u on u.code = r.unit_code
		join persons p on p.id = r.person_id`

// RequestsPage is how many open requests one page has: one click answers no more.
const RequestsPage = 200

// OpenRequests lists the open requests within the scope, of one campaign or, with
// an empty code, of all: campaign by campaign, the newest first, the nearest due
// on top. page counts from 1.
func (s *Store) OpenRequests(ctx context.Context, scope staff.Scope, campaign string, page int) ([]Request, error) {
	const list = requestColumns + `, count(*) over () as total
		from extension_requests r` + requestJoins + `
		where r.outcome is null and ($1 = '' or r.campaign = $1) and ($2 or r.unit_code = any($3))
		order by c.launched_at desc, c.code, d.due_at, u.name collate "vi-x-icu", r.id
		limit $4 offset $5`
	var requests []Request
	err := s.db.SelectContext(ctx, &requests, list, campaign, scope.All, pq.Array(scope.Units), RequestsPage, (max(page, 1)-1)*RequestsPage)
	return requests, wrap("list open requests", err)
}

// OpenRequest is the document's open request; nil: there is none. The caller has
// checked that the reader may see the document.
func (s *Store) OpenRequest(ctx context.Context, id string) (*Request, error) {
	const read = requestColumns + `, 1 as total from extension_requests r` + requestJoins + `
		where r.document_id = $1 and r.outcome is null`
	var request Request
	err := s.db.GetContext(ctx, &request, read, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &request, wrap("read open request", err)
}

// RequestCount counts the open requests within the scope, of one campaign or of
// all.
func (s *Store) RequestCount(ctx context.Context, scope staff.Scope, campaign string) (int, error) {
	var n int
	err := s.db.GetContext(ctx, &n, requestCount, campaign, scope.All, pq.Array(scope.Units))
	return n, wrap("count open requests", err)
}

const requestCount = `
	select count(*) from extension_requests
	where outcome is null and ($1 = '' or campaign = $1) and ($2 or unit_code = any($3))`

// RequestCutoffs tells of each request within the scope at which minute of its last
// day the campaign's documents are due.
func (s *Store) RequestCutoffs(ctx context.Context, scope staff.Scope, requests []int64) (map[int64]int, error) {
	const list = `
		select r.id, c.due_cutoff from extension_requests r join campaigns c on c.code = r.campaign
		where r.id = any($1) and ($2 or r.unit_code = any($3))`
	var rows []struct {
		ID     int64 `db:"id"`
		Cutoff int   `db:"due_cutoff"`
	}
	if err := s.db.SelectContext(ctx, &rows, list, pq.Array(requests), scope.All, pq.Array(scope.Units)); err != nil {
		return nil, wrap("read requests", err)
	}
	cutoffs := make(map[int64]int, len(rows))
	for _, row := range rows {
		cutoffs[row.ID] = row.Cutoff
	}
	return cutoffs, nil
}
