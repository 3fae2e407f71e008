package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// BoardFlag narrows a board by a remark beside the status.
type BoardFlag string

// The flags of the filter.
const (
	BoardOverdue  BoardFlag = "overdue"   // open and past its due
	BoardExtended BoardFlag = "extended"  // the unit was given more time
	BoardVacant   BoardFlag = "vacant"    // nobody holds the desk it lies at
	BoardSentBack BoardFlag = "sent_back" // the authority has returned it
	// Overdue, and somebody has noted why, or nobody has.
	BoardExplained   BoardFlag = "explained"
	BoardUnexplained BoardFlag = "unexplained"
	BoardReopened    BoardFlag = "reopened" // the authority has reopened it after it was approved
	BoardAsking      BoardFlag = "asking"   // the unit asks for more time and has no answer yet
)

// BoardFlags lists every flag.
var BoardFlags = []BoardFlag{
	BoardOverdue, BoardExtended, BoardVacant, BoardSentBack, BoardExplained, BoardUnexplained, BoardAsking, BoardReopened,
}

// Punctual narrows by both classes of what was handed in on time; the other
// classes are document.Punctuality.
const Punctual document.Punctuality = "punctual"

// BoardSort is the order of a board's rows.
type BoardSort string

// The orders; the empty one is BoardByHeld.
const (
	BoardByHeld   BoardSort = "held"   // open ones first, the longest held on top
	BoardByDue    BoardSort = "due"    // open ones first, the nearest due on top
	BoardByUnit   BoardSort = "unit"   // by name, Vietnamese order
	BoardByStatus BoardSort = "status" // in the order of the funnel
)

// BoardPage is how many rows a page of the board has, BoardAll how many a board
// in one piece may have, which is more than any city has units.
const (
	BoardPage = 50
	BoardAll  = 5000
)

// BoardFilter narrows, orders and pages a board. The zero value of a field does
// not narrow; Page counts from 1.
type BoardFilter struct {
	Query  string // name of the unit, without diacritics too
	Group  string // units.unit_group
	Status document.Status
	Class  document.Punctuality // or Punctual
	Flag   BoardFlag
	Sort   BoardSort
	Page   int
	All    bool // every row at once: for print and export
}

// classes are the stored classes that the filter asks for; none: all.
func (f BoardFilter) classes() []string {
	switch f.Class {
	case "":
		return []string{}
	case Punctual:
		return []string{string(document.OnTime), string(document.OnTimeReturned)}
	}
	return []string{string(f.Class)}
}

// window is which rows are read.
func (f BoardFilter) window() (limit, offset int) {
	if f.All {
		return BoardAll, 0
	}
	return BoardPage, (max(f.Page, 1) - 1) * BoardPage
}

// narrows tells whether any row may be left out.
func (f BoardFilter) narrows() bool {
	return Fold(f.Query) != "" || f.Group != "" || f.Status != "" || f.Class != "" || f.Flag != ""
}

// Board is one campaign over the reader's scope at one instant: counts and rows
// are of the same snapshot, so that the funnel's sum is always the roster.
type Board struct {
	Now      time.Time
	Counts   StatusCounts // unfiltered
	Overdue  int          // unfiltered
	Extended int          // unfiltered
	Asking   int          // unfiltered: open requests for more time
	Groups   map[string]int
	Desks    map[document.Stage]DeskLoad
	Rows     []BoardRow
	Matching int // rows that fit the filter, over all pages
	// Remindable is how many rows of the reminder (see ReminderFilter) lie at a
	// desk of a unit, recently changed ones included.
	Remindable int

	tallies []tally // unfiltered
}

// DeskLoad is what lies open at one stage's desks.
type DeskLoad struct {
	Open    int
	Overdue int
	Oldest  time.Time
	// Middle are the two arrivals in the middle of all, in order of time; the same
	// one twice when their number is odd.
	Middle [2]time.Time
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
	Reopened      int             `db:"reopened"`
	DueAt         time.Time       `db:"due_at"`
	UnitDueAt     time.Time       `db:"unit_due_at"`
	ExtendedAt    *time.Time      `db:"extended_at"`
	Given         bool            `db:"given"` // more time because of an outage
	DeskSince     time.Time       `db:"desk_since"`
	FirstSignedAt *time.Time      `db:"first_signed_at"`
	ClosedAt      *time.Time      `db:"closed_at"`
	DeskRole      staff.Role      `db:"desk_role"` // empty when closed
	Holders       pq.StringArray  `db:"holders"`   // names of who holds the desk now
	Waiting       *time.Time      `db:"waiting"`   // receipt of a decision without an answer
	Asked         *time.Time      `db:"asked"`     // until when the unit asks for more time; nil: it does not
	// Arrivals are its ways from desk to desk so far, in order.
	Arrivals []document.Arrival `db:"-"`
	Cause    *OverdueCause      `db:"-"` // the newest note of why it is overdue; nil: none
}

// Vacant tells whether it lies at a desk that nobody holds.
func (r BoardRow) Vacant() bool { return r.DeskRole != "" && len(r.Holders) == 0 }

// Overdue tells whether the desk is late at the instant.
func (r BoardRow) Overdue(now time.Time) bool {
	return document.Overdue(r.DueAt, r.ClosedAt != nil, now)
}

// boardHolders are the people at the desk of the open task k.
const boardHolders = `
	from positions p join persons q on q.id = p.person_id
	where p.unit_code = k.unit_code and p.role = k.role and q.state = 'active' and ` + inForce

// boardFlags are the flags as conditions on documents d; $5 is now. One statement
// a flag, so that each is planned for itself: most never leave the index.
var boardFlags = map[BoardFlag]string{
	"":               ``,
	BoardOverdue:     ` and ` + boardOverdue,
	BoardExtended:    ` and d.extended_at is not null`,
	BoardSentBack:    ` and d.returns > 0`,
	BoardReopened:    ` and d.reopened > 0`,
	BoardAsking:      ` and d.closed_at is null and exists ` + openRequest,
	BoardExplained:   ` and ` + boardOverdue + ` and exists ` + boardExplained,
	BoardUnexplained: ` and ` + boardOverdue + ` and not exists ` + boardExplained,
	BoardVacant: ` and exists (select from tasks k where k.document_id = d.id and k.closed_at is null
		and not exists (select ` + boardHolders + `))`,
}

const (
	boardOverdue   = `not d.closed and d.due_at <= $5`
	boardExplained = `(select from overdue_causes x where x.document_id = d.id)`
	openRequest    = `(select r.until from extension_requests r where r.document_id = d.id and r.outcome is null)`
	boardUnits     = ` join units u on u.code = d.unit_code`
)

// boardFrom are the documents d of a board that fit the filter. A condition that is not
// asked for is not in the statement: deep pages pass thousands of rows by it.
func boardFrom(f BoardFilter, scope staff.Scope) string {
	return ` from documents d` + boardWhere(f, scope)
}

func boardWhere(f BoardFilter, scope staff.Scope) string {
	flag, known := boardFlags[f.Flag]
	if !known {
		flag = ` and false`
	}
	return `
		where d.campaign = $1 and ` + within(scope, 2) + ` and $5::timestamptz is not null` +
		narrowing(f.Status != "", ` and d.status = $3`, ` and $3 = ''`) +
		narrowing(len(f.classes()) > 0, ` and d.punctuality = any($4)`, ` and $4::text[] is not null`) +
		narrowing(Fold(f.Query) != "", ` and d.unit_code in (select code from units where name_key like $6)`, ` and $6::text is not null`) +
		narrowing(f.Group != "", ` and d.unit_group = $7`, ` and $7 = ''`) + flag
}

func boardArgs(code string, scope staff.Scope, f BoardFilter, now time.Time) []any {
	return []any{code, scopeUnits(scope), string(f.Status), pq.Array(f.classes()), now,
		"%" + likeEscape(Fold(f.Query)) + "%", f.Group}
}

// Board reads one page of a campaign's board within the scope: a handful of
// statements however many units there are. A campaign without a document in the scope is
// ErrNotFound.
func (s *Store) Board(ctx context.Context, scope staff.Scope, code string, f BoardFilter) (Board, error) {
	var b Board
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return b, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	for _, part := range []func(context.Context, *sqlx.Tx, staff.Scope, string, BoardFilter, *Board) error{
		boardCounts, boardMatching, boardDesks, boardRows, boardArrivals, boardCauses,
	} {
		if err := part(ctx, tx, scope, code, f, &b); err != nil {
			return Board{}, fmt.Errorf("read board of %s: %w", code, err)
		}
	}
	return b, nil
}

func boardCounts(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	if err := tx.GetContext(ctx, &b.Now, `select clock_timestamp()`); err != nil {
		return err
	}
	var err error
	if b.tallies, err = tallies(ctx, tx, scope, []string{code}, b.Now); err != nil {
		return err
	}
	if len(b.tallies) == 0 {
		return ErrNotFound
	}
	if err := tx.GetContext(ctx, &b.Asking, requestCount, code, scope.All, pq.Array(scope.Units)); err != nil {
		return err
	}
	b.Counts, b.Groups = StatusCounts{}, map[string]int{}
	for _, row := range b.tallies {
		b.Counts[row.Status] += row.N
		b.Groups[row.Group] += row.N
		b.Overdue += row.Overdue
		if row.Extended {
			b.Extended += row.N
		}
	}
	return nil
}

func boardDesks(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	var err error
	b.Desks, err = deskLoads(ctx, tx, scope, code, b.Now)
	return err
}

// deskLoads is what lies at the desks of a campaign.
func deskLoads(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, now time.Time) (map[document.Stage]DeskLoad, error) {
	// The arrivals are put in order once, and those in the middle picked from them.
	count := `
		select stage, open, overdue, since[1] as oldest, since[(open + 1) / 2] as lower, since[open / 2 + 1] as upper
		from (
			select d.stage, count(*)::int as open, count(*) filter (where d.due_at <= $3) as overdue,
			       array_agg(d.desk_since order by d.desk_since) as since` +
		documentsOf(`$1`, scope, 2) + ` and not d.closed
			group by d.stage) desks`
	var rows []struct {
		Stage   document.Stage `db:"stage"`
		Open    int            `db:"open"`
		Overdue int            `db:"overdue"`
		Oldest  time.Time      `db:"oldest"`
		Lower   time.Time      `db:"lower"`
		Upper   time.Time      `db:"upper"`
	}
	if err := tx.SelectContext(ctx, &rows, count, code, scopeUnits(scope), now); err != nil {
		return nil, wrap("count desks", err)
	}
	desks := map[document.Stage]DeskLoad{}
	for _, row := range rows {
		desks[row.Stage] = DeskLoad{
			Open: row.Open, Overdue: row.Overdue, Oldest: row.Oldest, Middle: [2]time.Time{row.Lower, row.Upper},
		}
	}
	return desks, nil
}

// boardOrders ends in the unit, so that pages neither repeat nor lose a row.
var boardOrders = map[BoardSort]string{
	BoardByHeld:   ` order by d.closed, d.desk_since, d.unit_code`,
	BoardByDue:    ` order by d.closed, d.due_at, d.unit_code`,
	BoardByUnit:   ` order by u.name collate "vi-x-icu", u.code`,
	BoardByStatus: ` order by array_position($10::text[], d.status), d.desk_since, d.unit_code`,
}

// boardRows picks the page's units, which the index alone can tell for most
// filters and orders, and then reads their documents.
func boardRows(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	order, known := boardOrders[f.Sort]
	if !known {
		order = boardOrders[BoardByHeld]
	}
	from := boardFrom(f, scope)
	switch {
	case f.Sort == BoardByUnit && scope.All: // units in order, each one's document looked up, until the page is full
		from = ` from (select code, name from units order by name collate "vi-x-icu", code) u cross join lateral (
			select d.unit_code from documents d` + boardWhere(f, scope) + ` and d.unit_code = u.code offset 0) d where true`
	case f.Sort == BoardByUnit:
		from = ` from documents d` + boardUnits + boardWhere(f, scope)
	}
	list := `
		with page as materialized (
			select d.unit_code` + from + `
			  and $10::text[] is not null` + order + ` limit $8 offset $9)
		select d.id, d.unit_code, u.name as unit_name, u.unit_group, d.stage, d.status, d.revision,
		       d.returns, d.reopened, d.due_at, d.unit_due_at, d.extended_at, ` + dueGiven + ` as given, d.desk_since, d.first_signed_at,
		       d.closed_at, coalesce(k.role, '') as desk_role,
		       array(select q.name ` + boardHolders + ` order by q.name collate "vi-x-icu") as holders,
		       (select min(w.received_at) from decisions w
		        where w.document_id = d.id and w.outcome is null) as waiting,
		       ` + openRequest + ` as asked
		from page join documents d on d.campaign = $1 and d.unit_code = page.unit_code` + boardUnits + `
		left join tasks k on k.document_id = d.id and k.closed_at is null` + order
	statuses := make([]string, len(document.Statuses))
	for i, status := range document.Statuses {
		statuses[i] = string(status)
	}
	limit, offset := f.window()
	args := append(boardArgs(code, scope, f, b.Now), limit, offset, pq.Array(statuses))
	return tx.SelectContext(ctx, &b.Rows, list, args...)
}

// boardArrivals reads the ways of the page's documents from desk to desk.
func boardArrivals(ctx context.Context, tx *sqlx.Tx, _ staff.Scope, _ string, _ BoardFilter, b *Board) error {
	const list = `
		select h.document_id, h.to_stage, h.at from history h
		where h.document_id = any($1) and h.from_stage <> h.to_stage
		order by h.document_id, h.id`
	var rows []struct {
		Document string         `db:"document_id"`
		Stage    document.Stage `db:"to_stage"`
		At       time.Time      `db:"at"`
	}
	if err := tx.SelectContext(ctx, &rows, list, pq.Array(b.documents())); err != nil {
		return err
	}
	ways := map[string][]document.Arrival{}
	for _, row := range rows {
		ways[row.Document] = append(ways[row.Document], document.Arrival{Stage: row.Stage, At: row.At})
	}
	for i := range b.Rows {
		row := &b.Rows[i]
		if row.Arrivals = ways[row.Document]; len(row.Arrivals) == 0 {
			row.Arrivals = []document.Arrival{{Stage: row.Stage, At: row.DeskSince}}
		}
	}
	return nil
}

// boardCauses reads the newest note of each of the page's documents.
func boardCauses(ctx context.Context, tx *sqlx.Tx, _ staff.Scope, _ string, _ BoardFilter, b *Board) error {
	notes, err := newestCauses(ctx, tx, b.documents())
	for i := range b.Rows {
		if note, noted := notes[b.Rows[i].Document]; noted {
			b.Rows[i].Cause = &note
		}
	}
	return err
}

func (b Board) documents() []string {
	ids := make([]string, len(b.Rows))
	for i, row := range b.Rows {
		ids[i] = row.Document
	}
	return ids
}

// boardMatching counts what fits the filter, and what a reminder would go to: by
// the tallies, and where they cannot tell (the filter narrows, so a reminder keeps
// it as it is) in one statement.
func boardMatching(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	if !f.tallied() {
		count := `select count(*), count(*) filter (where true` + atUnits + `)` + boardFrom(f, scope)
		return tx.QueryRowxContext(ctx, count, boardArgs(code, scope, f, b.Now)...).Scan(&b.Matching, &b.Remindable)
	}
	reminder := ReminderFilter(f, b.Overdue)
	for _, row := range b.tallies {
		b.Matching += f.fitting(row)
		if row.atUnit() {
			b.Remindable += reminder.fitting(row)
		}
	}
	return nil
}

// tallied tells whether the tallies say how many rows fit.
func (f BoardFilter) tallied() bool {
	return Fold(f.Query) == "" && slices.Contains([]BoardFlag{"", BoardOverdue, BoardExtended, BoardSentBack}, f.Flag)
}

// fitting is how many documents of the tally fit.
func (f BoardFilter) fitting(row tally) int {
	switch {
	case f.Group != "" && f.Group != row.Group,
		f.Status != "" && f.Status != row.Status,
		f.Class != "" && !slices.Contains(f.classes(), string(row.Class)),
		f.Flag == BoardExtended && !row.Extended,
		f.Flag == BoardSentBack && !row.Returned:
		return 0
	case f.Flag == BoardOverdue:
		return row.Overdue
	}
	return row.N
}
