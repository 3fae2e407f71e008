package storage

import (
	"context"
	"database/sql"
	"fmt"
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
	BoardAsking      BoardFlag = "asking" // the unit asks for more time and has no answer yet
)

// BoardFlags lists every flag.
var BoardFlags = []BoardFlag{
	BoardOverdue, BoardExtended, BoardVacant, BoardSentBack, BoardExplained, BoardUnexplained, BoardAsking,
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

	atUnits, overdueAtUnits int // unfiltered, at desks of units
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
	DueAt         time.Time       `db:"due_at"`
	UnitDueAt     time.Time       `db:"unit_due_at"`
	ExtendedAt    *time.Time      `db:"extended_at"`
	DeskSince     time.Time       `db:"desk_since"`
	FirstSignedAt *time.Time      `db:"first_signed_at"`
	ClosedAt      *time.Time      `db:"closed_at"`
	DeskRole      staff.Role      `db:"desk_role"` // empty when closed
	Holders       pq.StringArray  `db:"holders"`   // names of who holds the desk now
	Waiting       *time.Time      `db:"waiting"`   // receipt of a decision without an answer
	Asked         *time.Time      `db:"asked"`     // until when the unit asks for more time; nil: it does not
	Matching      int             `db:"matching"`
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

// boardFlags are the flags as conditions on documents d; $6 is now. One statement
// a flag, so that each is planned for itself: most never leave the index.
var boardFlags = map[BoardFlag]string{
	"":               ``,
	BoardOverdue:     ` and ` + boardOverdue,
	BoardExtended:    ` and d.extended_at is not null`,
	BoardSentBack:    ` and d.returns > 0`,
	BoardAsking:      ` and d.closed_at is null and exists ` + openRequest,
	BoardExplained:   ` and ` + boardOverdue + ` and exists ` + boardExplained,
	BoardUnexplained: ` and ` + boardOverdue + ` and not exists ` + boardExplained,
	BoardVacant: ` and exists (select from tasks k where k.document_id = d.id and k.closed_at is null
		and not exists (select ` + boardHolders + `))`,
}

const (
	boardOverdue   = `d.closed_at is null and d.due_at <= $6`
	boardExplained = `(select from overdue_causes x where x.document_id = d.id)`
	openRequest    = `(select r.until from extension_requests r where r.document_id = d.id and r.outcome is null)`
	boardUnits     = ` join units u on u.code = d.unit_code`
	// $1 is the campaign, $2 and $3 the scope.
	boardWhere = `
		where d.campaign = $1 and ($2 or d.unit_code = any($3)) and ($4 = '' or d.status = $4)
		  and (cardinality($5::text[]) = 0 or d.punctuality = any($5)) and $6::timestamptz is not null`
	boardNamed = ` and ($7 = '' or u.name_key like $8) and ($9 = '' or u.unit_group = $9)`
)

// boardFrom begins every read of a board: documents d, and units u where the
// filter or the reader of the rows needs their names.
func boardFrom(f BoardFilter, named bool) string {
	flag, known := boardFlags[f.Flag]
	if !known {
		flag = ` and false`
	}
	if named || Fold(f.Query) != "" || f.Group != "" {
		return ` from documents d` + boardUnits + boardWhere + boardNamed + flag
	}
	return ` from documents d` + boardWhere + ` and $7::text is not null and $8::text is not null and $9::text is not null` + flag
}

func boardArgs(code string, scope staff.Scope, f BoardFilter, now time.Time) []any {
	key := Fold(f.Query)
	return []any{code, scope.All, pq.Array(scope.Units), string(f.Status), pq.Array(f.classes()), now,
		key, "%" + likeEscape(key) + "%", f.Group}
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
		boardCounts, boardDesks, boardRows, boardArrivals, boardCauses, boardRemindable,
	} {
		if err := part(ctx, tx, scope, code, f, &b); err != nil {
			return Board{}, fmt.Errorf("read board of %s: %w", code, err)
		}
	}
	return b, nil
}

// boardCount counts a campaign within a scope.
const boardCount = `
	select d.status, d.stage, u.unit_group, count(*) as n,
	       count(*) filter (where d.closed_at is null and d.due_at <= $4) as overdue,
	       count(*) filter (where d.extended_at is not null) as extended
	from documents d join units u on u.code = d.unit_code
	where d.campaign = $1 and ($2 or d.unit_code = any($3))
	group by d.status, d.stage, u.unit_group`

func boardCounts(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	var rows []struct {
		Status   document.Status `db:"status"`
		Stage    document.Stage  `db:"stage"`
		Group    string          `db:"unit_group"`
		N        int             `db:"n"`
		Overdue  int             `db:"overdue"`
		Extended int             `db:"extended"`
	}
	if err := tx.GetContext(ctx, &b.Now, `select clock_timestamp()`); err != nil {
		return err
	}
	if err := tx.SelectContext(ctx, &rows, boardCount, code, scope.All, pq.Array(scope.Units), b.Now); err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNotFound
	}
	if err := tx.GetContext(ctx, &b.Asking, requestCount, code, scope.All, pq.Array(scope.Units)); err != nil {
		return err
	}
	b.Counts, b.Groups = StatusCounts{}, map[string]int{}
	for _, row := range rows {
		b.Counts[row.Status] += row.N
		b.Groups[row.Group] += row.N
		b.Overdue += row.Overdue
		b.Extended += row.Extended
		if !row.Stage.Closed() && row.Stage != document.AuthorityReview {
			b.atUnits += row.N
			b.overdueAtUnits += row.Overdue
		}
	}
	return nil
}

func boardDesks(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, _ BoardFilter, b *Board) error {
	var err error
	b.Desks, err = deskLoads(ctx, tx, scope, code, b.Now)
	return err
}

// deskLoad counts the desks and picks the arrivals in the middle.
const deskLoad = `
	select d.stage, count(*) as open, count(*) filter (where d.due_at <= $4) as overdue,
	       min(d.desk_since) as oldest,
	       (array_agg(d.desk_since order by d.desk_since))[(count(*) + 1) / 2] as lower,
	       (array_agg(d.desk_since order by d.desk_since))[count(*) / 2 + 1] as upper
	from documents d
	where d.campaign = $1 and ($2 or d.unit_code = any($3)) and d.closed_at is null
	group by d.stage`

// deskLoads is what lies at the desks of a campaign.
func deskLoads(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, now time.Time) (map[document.Stage]DeskLoad, error) {
	var rows []struct {
		Stage   document.Stage `db:"stage"`
		Open    int            `db:"open"`
		Overdue int            `db:"overdue"`
		Oldest  time.Time      `db:"oldest"`
		Lower   time.Time      `db:"lower"`
		Upper   time.Time      `db:"upper"`
	}
	if err := tx.SelectContext(ctx, &rows, deskLoad, code, scope.All, pq.Array(scope.Units), now); err != nil {
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
	BoardByHeld:   ` order by d.closed_at is not null, d.desk_since, d.unit_code`,
	BoardByDue:    ` order by d.closed_at is not null, d.due_at, d.unit_code`,
	BoardByUnit:   ` order by u.name collate "vi-x-icu", d.unit_code`,
	BoardByStatus: ` order by array_position($12::text[], d.status), d.desk_since, d.unit_code`,
}

// boardRows picks the page's units, which the index alone can tell for most
// filters and orders, and then reads their documents.
func boardRows(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	order, known := boardOrders[f.Sort]
	if !known {
		order = boardOrders[BoardByHeld]
	}
	list := `
		with page as materialized (
			select d.unit_code, count(*) over () as matching` + boardFrom(f, f.Sort == BoardByUnit) + `
			  and $12::text[] is not null` + order + ` limit $10 offset $11)
		select d.id, d.unit_code, u.name as unit_name, u.unit_group, d.stage, d.status, d.revision,
		       d.returns, d.due_at, d.unit_due_at, d.extended_at, d.desk_since, d.first_signed_at,
		       d.closed_at, coalesce(k.role, '') as desk_role,
		       array(select q.name ` + boardHolders + ` order by q.name collate "vi-x-icu") as holders,
		       (select min(w.received_at) from decisions w
		        where w.document_id = d.id and w.outcome is null) as waiting,
		       ` + openRequest + ` as asked, page.matching
		from page join documents d on d.campaign = $1 and d.unit_code = page.unit_code` + boardUnits + `
		left join tasks k on k.document_id = d.id and k.closed_at is null` + order
	statuses := make([]string, len(document.Statuses))
	for i, status := range document.Statuses {
		statuses[i] = string(status)
	}
	limit, offset := f.window()
	args := append(boardArgs(code, scope, f, b.Now), limit, offset, pq.Array(statuses))
	if err := tx.SelectContext(ctx, &b.Rows, list, args...); err != nil {
		return err
	}
	if len(b.Rows) > 0 {
		b.Matching = b.Rows[0].Matching
	}
	return nil
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

func boardRemindable(ctx context.Context, tx *sqlx.Tx, scope staff.Scope, code string, f BoardFilter, b *Board) error {
	if !f.narrows() { // counted already
		if b.Remindable = b.atUnits; b.Overdue > 0 {
			b.Remindable = b.overdueAtUnits
		}
		return nil
	}
	count := `select count(*)` + boardFrom(f, false) + atUnits
	return tx.GetContext(ctx, &b.Remindable, count, boardArgs(code, scope, f, b.Now)...)
}
