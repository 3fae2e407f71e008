package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
)

// BoardFlag narrows a board by a remark beside the status.
type BoardFlag string

// The flags of the filter.
const (
	BoardOverdue  BoardFlag = "overdue"  // open and past its due
	BoardExtended BoardFlag = "extended" // the unit was given more time
	BoardVacant   BoardFlag = "vacant"   // nobody holds the desk it lies at
)

// BoardSort is the order of a board's rows.
type BoardSort string

// The orders; the empty one is BoardByHeld.
const (
	BoardByHeld   BoardSort = "held"   // open ones first, the longest held on top
	BoardByDue    BoardSort = "due"    // open ones first, the nearest due on top
	BoardByUnit   BoardSort = "unit"   // by name, Vietnamese order
	BoardByStatus BoardSort = "status" // in the order of the funnel
)

// BoardPage is how many rows a page of the board has.
const BoardPage = 50

// BoardFilter narrows, orders and pages a board. The zero value of a field does
// not narrow; Page counts from 1.
type BoardFilter struct {
	Query  string // name of the unit, without diacritics too
	Group  string // units.unit_group
	Status document.Status
	Flag   BoardFlag
	Sort   BoardSort
	Page   int
}

// narrows tells whether any row may be left out.
func (f BoardFilter) narrows() bool {
	return Fold(f.Query) != "" || f.Group != "" || f.Status != "" || f.Flag != ""
}

// Board is one campaign over the reader's scope at one instant: counts and rows
// are of the same snapshot, so that the funnel's sum is always the roster.
type Board struct {
	Now      time.Time
	Counts   StatusCounts // unfiltered
	Overdue  int          // unfiltered
	Extended int          // unfiltered
	Groups   map[string]int
	Desks    map[staff.Role][]time.Time // since when each open document lies at its desk
	Rows     []BoardRow
	Matching int // rows that fit the filter, over all pages
	// Remindable is how many rows of the reminder (see ReminderFilter) lie at a
	// desk of a unit, recently changed ones included.
	Remindable int
}

// BoardRow is one unit's document.
type BoardRow struct {
	Document      string          `db:"id"`
	Unit          string          `db:"unit_code"`
	UnitName      string          `db:"unit_name"`
	Group         string          `db:"unit_group"`
	Stage         document.Stage  `db:"stage"`
	Status        document.Status `db:"status"`
	Revision      int             `db:"revision"`
	Returns       int             `db:"returns"`
	DueAt         time.Time       `db:"due_at"`
	UnitDueAt     time.Time       `db:"unit_due_at"`
	ExtendedAt    *time.Time      `db:"extended_at"`
	DeskSince     time.Time       `db:"desk_since"`
	FirstSignedAt *time.Time      `db:"first_signed_at"`
	ClosedAt      *time.Time      `db:"closed_at"`
	DeskRole      staff.Role      `db:"desk_role"` // empty when closed
	Holders       pq.StringArray  `db:"holders"`   // names of who holds the desk now
	Waiting       *time.Time      `db:"waiting"`   // receipt of a decision without an answer
	Matching      int             `db:"matching"`
}

// Overdue tells whether the desk is late at the instant.
func (r BoardRow) Overdue(now time.Time) bool {
	return document.Overdue(r.DueAt, r.ClosedAt != nil, now)
}

// boardFrom begins every read of a board. $1 is the campaign, $2 and $3 the
// scope, $4 to $8 the filter, $9 now. k is the open task: whose desk it is.
const (
	boardFrom = `
		from documents d
		join units u on u.code = d.unit_code
		left join tasks k on k.document_id = d.id and k.closed_at is null
		where d.campaign = $1 and ($2 or d.unit_code = any($3))
		  and ($4 = '' or u.name_key like $5) and ($6 = '' or u.unit_group = $6)
		  and ($7 = '' or d.status = $7)
		  and case $8 when '' then true
		      when 'overdue' then d.closed_at is null and d.due_at <= $9
		      when 'extended' then d.extended_at is not null
		      when 'vacant' then k.id is not null and not exists (select ` + boardHolders + `)
		      else false end`
	boardHolders = `
		from positions p join persons q on q.id = p.person_id
		where p.unit_code = k.unit_code and p.role = k.role and q.state = 'active' and ` + inForce
)

func boardArgs(code string, scope staff.Scope, f BoardFilter, now time.Time) []any {
	key := Fold(f.Query)
	return []any{code, scope.All, pq.Array(scope.Units), key, "%" + likeEscape(key) + "%",
		f.Group, string(f.Status), string(f.Flag), now}
}

// Board reads one page of a campaign's board within the scope: four statements
// however many units there are. A campaign without a document in the scope is
// ErrNotFound.
func (s *Store) Board(ctx context.Context, scope staff.Scope, code string, f BoardFilter) (Board, error) {
	var b Board
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return b, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	for _, part := range []func(context.Context, *sqlx.Tx, staff.Scope, string, BoardFilter, *Board) error{
		boardCounts, boardDesks, boardRows, boardRemindable,
	} {
		if err := part(ctx, tx, scope, code, f, &b); err != nil {
			return Board{}, fmt.Errorf("read board of %s: %w", code, err)
		}
	}
	return b, nil
}

func boardCounts(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	const count = `
		select d.status, u.unit_group, count(*) as n,
		       count(*) filter (where d.closed_at is null and d.due_at <= $4) as overdue,
		       count(*) filter (where d.extended_at is not null) as extended
		from documents d join units u on u.code = d.unit_code
		where d.campaign = $1 and ($2 or d.unit_code = any($3))
		group by d.status, u.unit_group`
	var rows []struct {
		Status   document.Status `db:"status"`
		Group    string          `db:"unit_group"`
		N        int             `db:"n"`
		Overdue  int             `db:"overdue"`
		Extended int             `db:"extended"`
	}
	if err := tx.GetContext(ctx, &b.Now, `select clock_timestamp()`); err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &rows, count, code, scope.All, pq.Array(scope.Units), b.Now); err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNotFound
	}
	b.Counts, b.Groups = StatusCounts{}, map[string]int{}
	for _, row := range rows {
		b.Counts[row.Status] += row.N
		b.Groups[row.Group] += row.N
		b.Overdue += row.Overdue
		b.Extended += row.Extended
	}
	return nil
}

func boardDesks(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	const list = `
		select k.role, d.desk_since
		from documents d join tasks k on k.document_id = d.id and k.closed_at is null
		where d.campaign = $1 and ($2 or d.unit_code = any($3))
		order by d.desk_since`
	var rows []struct {
		Role  staff.Role `db:"role"`
		Since time.Time  `db:"desk_since"`
	}
	if err := tx.SelectContext(ctx, &rows, list, code, scope.All, pq.Array(scope.Units)); err != nil {
		return err
	}
	b.Desks = map[staff.Role][]time.Time{}
	for _, row := range rows {
		b.Desks[row.Role] = append(b.Desks[row.Role], row.Since)
	}
	return nil
}

// boardOrders ends in the id, so that pages neither repeat nor lose a row.
var boardOrders = map[BoardSort]string{
	BoardByHeld:   `d.closed_at is not null, d.desk_since, d.id`,
	BoardByDue:    `d.closed_at is not null, d.due_at, d.id`,
	BoardByUnit:   `u.name collate "vi-x-icu", d.id`,
	BoardByStatus: `array_position($12::text[], d.status), d.desk_since, d.id`,
}

func boardRows(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	order, known := boardOrders[f.Sort]
	if !known {
		order = boardOrders[BoardByHeld]
	}
	list := `
		select d.id, d.unit_code, u.name as unit_name, u.unit_group, d.stage, d.status, d.revision,
		       d.returns, d.due_at, d.unit_due_at, d.extended_at, d.desk_since, d.first_signed_at,
		       d.closed_at, coalesce(k.role, '') as desk_role,
		       array(select q.name ` + boardHolders + ` order by q.name collate "vi-x-icu") as holders,
		       (select min(w.received_at) from decisions w
		        where w.document_id = d.id and w.outcome is null) as waiting,
		       count(*) over () as matching` + boardFrom + ` and $12::text[] is not null
		order by ` + order + ` limit $10 offset $11`
	statuses := make([]string, len(document.Statuses))
	for i, status := range document.Statuses {
		statuses[i] = string(status)
	}
	args := append(boardArgs(code, scope, f, b.Now), BoardPage, (max(f.Page, 1)-1)*BoardPage, pq.Array(statuses))
	if err := tx.SelectContext(ctx, &b.Rows, list, args...); err != nil {
		return err
	}
	if len(b.Rows) > 0 {
		b.Matching = b.Rows[0].Matching
	}
	return nil
}

// atUnits are the desks that the authority may chase: a document that it holds
// itself waits for its own officers.
const atUnits = ` and d.closed_at is null and d.stage <> 'authority_review'`

func boardRemindable(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	const count = `select count(*)` + boardFrom + atUnits
	return tx.GetContext(ctx, &b.Remindable, count, boardArgs(code, scope, ReminderFilter(f, b.Overdue), b.Now)...)
}

// ReminderFilter is whom one click reminds: what the board is narrowed to, and
// without a filter those that are overdue, if there are any.
func ReminderFilter(f BoardFilter, overdue int) BoardFilter {
	if !f.narrows() && overdue > 0 {
		f.Flag = BoardOverdue
	}
	f.Sort, f.Page = "", 0
	return f
}

// Reminded is what one click has done, counted in documents.
type Reminded struct {
	Sent   int // whose holders have been told
	Recent int // left alone: somebody has acted within ReminderPause
	Today  int // left alone: reminded today already
	Vacant int // nobody holds the desk; the notice waits among the lost ones
}

// ReminderPause is how long a desk is left alone after something has happened
// there.
const ReminderPause = 4 * time.Hour

// RemindHolders tells whoever holds the documents at the units' desks that fit
// the filter, once a day. Left alone is a desk where something happened within
// ReminderPause (it got the document, a draft was saved), and a document that is
// being decided about at this moment.
func (s *Store) RemindHolders(ctx context.Context, code string, f BoardFilter, by staff.Actor) (Reminded, error) {
	var told Reminded
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// A whole city at once: this one transaction may take longer than a page.
		if _, err := tx.ExecContext(ctx, `set local statement_timeout = '30s'`); err != nil {
			return wrap("remind holders", err)
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("remind holders", err)
		}
		rows, err := chased(ctx, tx, code, f, now, &told)
		if err != nil {
			return err
		}
		return remind(ctx, tx, rows, by, now)
	})
	if err != nil {
		return Reminded{}, fmt.Errorf("remind holders of %s: %w", code, err)
	}
	return told, nil
}

// chasedRow is a locked document whose holders may be reminded.
type chasedRow struct {
	Document string         `db:"id"`
	Stage    document.Stage `db:"stage"`
	Revision int            `db:"revision"`
	DueAt    time.Time      `db:"due_at"`
	Task     int64          `db:"task"`
	Role     staff.Role     `db:"role"`
	Unit     string         `db:"unit_code"`
	Recent   bool           `db:"recent"`
	Today    bool           `db:"today"`
	Vacant   bool           `db:"vacant"`
}

// chased locks the documents that fit and sorts out those that are left alone.
func chased(ctx context.Context, tx *sqlx.Tx, code string, f BoardFilter, now time.Time, told *Reminded) ([]chasedRow, error) {
	const count = `select count(*)` + boardFrom + atUnits
	const lock = `
		select d.id, d.stage, d.revision, d.due_at, k.id as task, k.role, k.unit_code,
		       greatest(d.desk_since,
		           (select max(x.updated_at) from draft_sections x where x.document_id = d.id),
		           (select max(x.updated_at) from draft_figures x where x.document_id = d.id)) > $10 as recent,
		       exists (select from history h where h.key = d.id || ':reminded:' || $11) as today,
		       not exists (select ` + boardHolders + `) as vacant` + boardFrom + atUnits + ` and k.id is not null
		order by d.id
		for no key update of d skip locked`
	args := boardArgs(code, staff.Scope{All: true}, f, now)
	var fitting int
	if err := tx.GetContext(ctx, &fitting, count, args...); err != nil {
		return nil, wrap("count desks", err)
	}
	var rows, left []chasedRow
	args = append(args, now.Add(-ReminderPause), calendar.DayOf(now).String())
	if err := tx.SelectContext(ctx, &rows, lock, args...); err != nil {
		return nil, wrap("lock desks", err)
	}
	told.Recent = max(0, fitting-len(rows)) // locked: being decided about right now
	for _, row := range rows {
		switch {
		case row.Today:
			told.Today++
			continue
		case row.Recent:
			told.Recent++
			continue
		case row.Vacant:
			told.Vacant++
		default:
			told.Sent++
		}
		left = append(left, row)
	}
	return left, nil
}

func remind(ctx context.Context, tx *sqlx.Tx, rows []chasedRow, by staff.Actor, now time.Time) error {
	notices := make([]Notice, len(rows))
	for i, row := range rows {
		kind := NoticeReminder
		if document.Overdue(row.DueAt, false, now) {
			kind = NoticeOverdue
		}
		key := row.Document + ":reminded:" + calendar.DayOf(now).String()
		notices[i] = Notice{
			Key: key, Kind: kind, Document: row.Document, Task: row.Task, Role: row.Role, Unit: row.Unit,
			Args: map[string]any{"due": row.DueAt.Unix(), "stage": string(row.Stage)},
		}
		err := addHistory(ctx, tx, event{
			Document: row.Document, Key: key, At: now, Event: "reminded", Person: &by.Person, Role: string(staff.Officer),
			Revision: row.Revision, FromStage: row.Stage, ToStage: row.Stage,
			Detail: map[string]any{"to": []string{"holder"}, "due": row.DueAt.Unix()},
		})
		if err != nil {
			return err
		}
	}
	return addNotices(ctx, tx, notices)
}
