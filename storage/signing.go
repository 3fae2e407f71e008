package storage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of what can be wrong on the way to a signature.
const (
	NumberUsed       rule.Code = "number_used"       // args: the number, the next free one
	NumberBad        rule.Code = "number_bad"        //
	DecisionPending  rule.Code = "decision_pending"  // somebody's decision waits for its answer
	SigningExpired   rule.Code = "signing_expired"   // the prepared file is no longer kept for this signature
	SignatureMissing rule.Code = "signature_missing" // signing goes through a signing attempt only
)

// SigningWindow is how long prepared bytes wait for their signature when the key
// is at hand.
const SigningWindow = 2 * time.Minute

const maxPDF = 50 << 20

// Attempt is one try at signing one revision. Its number is its own: a void
// attempt keeps it for ever.
type Attempt struct {
	ID           uuid.UUID    `db:"id"`
	Document     string       `db:"document_id"`
	Revision     int          `db:"revision"`
	ContentHash  string       `db:"content_hash"`
	Person       int64        `db:"person_id"`
	Year         int          `db:"number_year"`
	Symbol       string       `db:"number_symbol"`
	Number       int          `db:"number"`
	Date         calendar.Day `db:"document_date"`
	State        string       `db:"state"`
	PreparedHash *string      `db:"prepared_pdf_hash"`
	SignedHash   *string      `db:"signed_pdf_hash"`
	Certificate  []byte       `db:"certificate"` // JSON: what the preflight showed
	CreatedAt    time.Time    `db:"created_at"`
	EndedAt      *time.Time   `db:"ended_at"`
	WhyVoid      string       `db:"why_void"`
}

// NumberText is the number as printed: below ten with a leading zero
// (NĐ 30/2020 PL I.3), e.g. "07/BC-STC".
func (a Attempt) NumberText() string { return NumberText(a.Number, a.Symbol) }

// NumberText writes a document number as NĐ 30/2020 PL I.3 wants it.
func NumberText(number int, symbol string) string {
	return PrintedNumber(number) + "/" + symbol
}

// PrintedNumber is the number alone: below ten with a leading zero.
func PrintedNumber(number int) string { return fmt.Sprintf("%02d", number) }

// SigningIntent is what the director wants to sign, as it was on the screen.
type SigningIntent struct {
	Document    string
	Actor       staff.Actor
	Revision    int
	ContentHash string
	Number      int // 0: the one assigned by the clerk, else the next of the unit's series
}

// ReserveNumber takes a number for one attempt in a short transaction. The
// document's date is today by the database's clock. rule.Errors: the state or
// the content has changed, or the number has been used this year.
func (s *Store) ReserveNumber(ctx context.Context, in SigningIntent) (Attempt, error) {
	var a Attempt
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, now, err := s.lockForSigning(ctx, tx, in)
		if err != nil {
			return err
		}
		// What an earlier attempt left behind without being opened is void now.
		if err := voidUnfinished(ctx, tx, doc.ID, now); err != nil {
			return err
		}
		a = Attempt{
			ID: uuid.New(), Document: doc.ID, Revision: doc.Revision, ContentHash: doc.ContentHash,
			Person: in.Actor.Person, Date: calendar.DayOf(now), State: "preparing",
		}
		a.Year = a.Date.Year()
		if a.Symbol, err = unitSymbol(ctx, tx, doc.Unit, doc.Kind); err != nil {
			return err
		}
		if a.Number, err = takeNumber(ctx, tx, doc, a, in.Number, "preparing"); err != nil {
			return err
		}
		return insertAttempt(ctx, tx, a)
	})
	if err != nil {
		return Attempt{}, err
	}
	return a, nil
}

// lockForSigning checks, under the lock, that this person may sign what was on
// the screen, now.
func (s *Store) lockForSigning(ctx context.Context, tx *sqlx.Tx, in SigningIntent) (*lockedDocument, time.Time, error) {
	var now time.Time
	doc, err := lockDocument(ctx, tx, in.Document)
	if err != nil {
		return nil, now, err
	}
	if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
		return nil, now, wrap("read clock", err)
	}
	var waiting bool
	const pending = `select exists (select from decisions where document_id = $1 and outcome is null)`
	if err := tx.GetContext(ctx, &waiting, pending, doc.ID); err != nil {
		return nil, now, wrap("look for waiting decisions", err)
	}
	if waiting {
		return nil, now, rule.Broken(DecisionPending, "")
	}
	if doc.Stage.Closed() {
		return nil, now, rule.Broken(document.Closed, "")
	}
	position, ok := document.RoleFor(doc.state(), document.Sign, in.Actor, s.authority)
	if !ok {
		return nil, now, s.whyNoRole(doc, NewDecision{Action: document.Sign, Actor: in.Actor})
	}
	_, err = s.decide(ctx, tx, doc, decisionRow{
		Document: doc.ID, Action: document.Sign, Person: in.Actor.Person, Role: string(position.Role),
		Unit: position.Unit, Revision: in.Revision, ContentHash: in.ContentHash, ReceivedAt: now,
	})
	return doc, now, err
}

func unitSymbol(ctx context.Context, tx *sqlx.Tx, unit string, kind document.Kind) (string, error) {
	var symbol string
	err := tx.GetContext(ctx, &symbol, `select symbol from units where code = $1`, unit)
	return kind.Symbol(symbol), wrap("read unit's symbol", err)
}

// takeNumber takes the wanted number of the unit's series of the year: the one
// the clerk assigned to this document when none is asked for, else the next.
func takeNumber(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, a Attempt, want int, state string) (int, error) {
	if want < 0 || want > 99999 {
		return 0, rule.Broken(NumberBad, "number")
	}
	number, err := takeAssigned(ctx, tx, doc, a, want, state)
	if number != 0 || err != nil {
		return number, err
	}
	for {
		next, err := nextNumber(ctx, tx, doc.Unit, a.Year, a.Symbol)
		if err != nil {
			return 0, err
		}
		number := want
		if number == 0 {
			number = next
		}
		const take = `
			insert into document_numbers (unit_code, year, symbol, number, document_id, revision, state, assigned_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`
		result, err := tx.ExecContext(ctx, take, doc.Unit, a.Year, a.Symbol, number, doc.ID, doc.Revision, state, a.Person)
		if err != nil {
			return 0, wrap("take number", err)
		}
		taken, err := result.RowsAffected()
		if err != nil || taken == 1 {
			return number, wrap("take number", err)
		}
		if want != 0 {
			return 0, rule.Broken(NumberUsed, "number", want, next)
		}
	}
}

// takeAssigned uses the number that the clerk has set aside for this document;
// 0 when there is none, or another one is asked for.
func takeAssigned(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, a Attempt, want int, state string) (int, error) {
	const take = `
		update document_numbers set state = $5, revision = $6
		where document_id = $1 and year = $2 and symbol = $3 and state = 'assigned'
		  and ($4 = 0 or number = $4)
		returning number`
	var number int
	err := tx.GetContext(ctx, &number, take, doc.ID, a.Year, a.Symbol, want, state, doc.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, wrap("take assigned number", err)
}

func nextNumber(ctx context.Context, q sqlx.QueryerContext, unit string, year int, symbol string) (int, error) {
	const next = `
		select coalesce(max(number), 0) + 1 from document_numbers
		where unit_code = $1 and year = $2 and symbol = $3`
	var number int
	err := sqlx.GetContext(ctx, q, &number, next, unit, year, symbol)
	return number, wrap("find next number", err)
}

// NumberOffer is the number a signature would get now: the one the clerk
// assigned, else the next of the unit's series this year.
func (s *Store) NumberOffer(ctx context.Context, id string) (number int, symbol string, assigned bool, err error) {
	const read = `
		select d.kind, u.symbol, extract(year from clock_timestamp() at time zone 'Asia/Ho_Chi_Minh')::int as year, d.unit_code,
		       coalesce((select n.number from document_numbers n where n.document_id = d.id and n.state = 'assigned'
		                 and n.year = extract(year from clock_timestamp() at time zone 'Asia/Ho_Chi_Minh') limit 1), 0) as assigned
		from documents d join units u on u.code = d.unit_code where d.id = $1`
	var row struct {
		Kind     document.Kind `db:"kind"`
		Symbol   string        `db:"symbol"`
		Year     int           `db:"year"`
		Unit     string        `db:"unit_code"`
		Assigned int           `db:"assigned"`
	}
	if err := s.db.GetContext(ctx, &row, read, id); err != nil {
		return 0, "", false, wrap("read number offer", err)
	}
	row.Symbol = row.Kind.Symbol(row.Symbol)
	if row.Assigned != 0 {
		return row.Assigned, row.Symbol, true, nil
	}
	number, err = nextNumber(ctx, s.db, row.Unit, row.Year, row.Symbol)
	return number, row.Symbol, false, err
}

// AssignNumber sets a number aside for the document, by the unit's clerk or
// director; number 0 takes the next. A number set aside before becomes void.
func (s *Store) AssignNumber(ctx context.Context, id string, actor staff.Actor, number int) (int, error) {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockDocument(ctx, tx, id)
		if err != nil {
			return err
		}
		if !actor.Holds(staff.Clerk, doc.Unit) && !actor.Holds(staff.Director, doc.Unit) {
			return rule.Broken(document.NotYourRole, "")
		}
		if doc.Stage != document.Signing {
			return rule.Broken(document.WrongStage, "", string(doc.Stage))
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return wrap("read clock", err)
		}
		const void = `update document_numbers set state = 'void' where document_id = $1 and state = 'assigned' and number <> $2`
		if _, err := tx.ExecContext(ctx, void, id, number); err != nil {
			return wrap("void assigned number", err)
		}
		a := Attempt{Person: actor.Person, Year: calendar.DayOf(now).Year()}
		if a.Symbol, err = unitSymbol(ctx, tx, doc.Unit, doc.Kind); err != nil {
			return err
		}
		number, err = takeNumber(ctx, tx, doc, a, number, "assigned")
		return err
	})
	return number, err
}

func insertAttempt(ctx context.Context, tx *sqlx.Tx, a Attempt) error {
	const insert = `
		insert into signing_attempts (id, document_id, revision, content_hash, person_id,
			number_year, number_symbol, number, document_date, state)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'preparing')`
	_, err := tx.ExecContext(ctx, insert, a.ID, a.Document, a.Revision, a.ContentHash, a.Person,
		a.Year, a.Symbol, a.Number, a.Date)
	return wrap("insert signing attempt", err)
}

// Prepared is a rendered and prepared file, ready for a signature.
type Prepared struct {
	PDF         []byte
	Preparation json.RawMessage // signing.Preparation without the bytes
	Certificate json.RawMessage // owner, serial, issuer, validity
}

// BeginSigning keeps the prepared bytes and opens the attempt until its window
// ends. While it is open, moves of other people that change the stage are
// answered "being signed". Everything is checked again under the lock.
func (s *Store) BeginSigning(ctx context.Context, attempt uuid.UUID, in SigningIntent, p Prepared, window time.Duration) error {
	file, err := s.keepBytes(bytes.NewReader(p.PDF), "application/pdf", maxPDF)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		_, now, err := s.lockForSigning(ctx, tx, in)
		if err != nil {
			return err
		}
		if err := voidExpired(ctx, tx, in.Document, now); err != nil {
			return err
		}
		if err := addFileRow(ctx, tx, file); err != nil {
			return err
		}
		const open = `
			update signing_attempts
			set state = 'open', prepared_pdf_hash = $2, preparation = $3, certificate = $4,
			    opened_at = $5, expires_at = $6
			where id = $1 and state = 'preparing' and person_id = $7 and revision = $8`
		result, err := tx.ExecContext(ctx, open, attempt, file.Hash, string(p.Preparation),
			string(p.Certificate), now, now.Add(window), in.Actor.Person, in.Revision)
		if uniqueViolation(err, "signing_one_open") {
			return rule.Broken(document.SigningInProgress, "")
		}
		return oneRow(result, err, "open signing attempt", rule.Broken(SigningExpired, ""))
	})
}

// oneRow turns "no row fitted" into the given refusal.
func oneRow(result sql.Result, err error, what string, none error) error {
	if err != nil {
		return wrap(what, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return wrap(what, err)
	}
	if n == 0 {
		return none
	}
	return nil
}

// AddSignedDecision keeps the signed file and, in one transaction, ends the
// attempt and stores the director's decision. It repeats safely: the same key
// returns the same id.
func (s *Store) AddSignedDecision(ctx context.Context, n NewDecision, attempt uuid.UUID, signed []byte) (id int64, err error) {
	file, err := s.keepBytes(bytes.NewReader(signed), "application/pdf", maxPDF)
	if err != nil {
		return 0, err
	}
	n.Action = document.Sign
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockDocument(ctx, tx, n.Document); err != nil {
			return err
		}
		if id, err = sameKey(ctx, tx, n); id != 0 || err != nil {
			return err
		}
		if err := addFileRow(ctx, tx, file); err != nil {
			return err
		}
		const sign = `
			update signing_attempts set state = 'signed', signed_pdf_hash = $2, ended_at = clock_timestamp()
			where id = $1 and state = 'open' and expires_at > clock_timestamp() and person_id = $3 and document_id = $4`
		result, err := tx.ExecContext(ctx, sign, attempt, file.Hash, n.Actor.Person, n.Document)
		if err := oneRow(result, err, "end signing attempt", rule.Broken(SigningExpired, "")); err != nil {
			return err
		}
		id, err = s.addDecision(ctx, tx, n, &attempt)
		return err
	})
	return id, err
}

// AbandonSigning voids an attempt that came to nothing. A signed one stays: its
// decision has been stored, whatever the caller heard of it.
func (s *Store) AbandonSigning(ctx context.Context, attempt uuid.UUID, why string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var id string
		err := tx.GetContext(ctx, &id, `select document_id from signing_attempts where id = $1`, attempt)
		if err != nil {
			return wrap("find signing attempt", err)
		}
		if _, err := lockDocument(ctx, tx, id); err != nil {
			return err
		}
		const which = `a.id = $1 and a.state in ('preparing', 'open')`
		_, err = tx.ExecContext(ctx, fmt.Sprintf(voidSQL, which), attempt, why)
		return wrap("void signing attempt", err)
	})
}

// issueAttempt makes the signed attempt of an applied decision the issued one.
// It refuses to go on without: no document is ever signed without its file.
func issueAttempt(ctx context.Context, tx *sqlx.Tx, d decisionRow) error {
	const issue = `
		update document_numbers n set state = 'issued'
		from signing_attempts a, documents d
		where a.id = $1 and a.state = 'signed' and a.revision = $2 and d.id = a.document_id
		  and n.unit_code = d.unit_code and n.year = a.number_year
		  and n.symbol = a.number_symbol and n.number = a.number and n.document_id = a.document_id`
	result, err := tx.ExecContext(ctx, issue, d.Attempt, d.Revision)
	return oneRow(result, err, "issue number", errors.New("issue number: the signing attempt is not a signed one"))
}

const voidSQL = `
	with ended as (
		update signing_attempts a set state = 'void', why_void = $2, ended_at = clock_timestamp()
		where %s and a.state <> 'void'
		returning a.document_id, a.number_year, a.number_symbol, a.number
	)
	update document_numbers n set state = 'void'
	from ended e join documents d on d.id = e.document_id
	where n.unit_code = d.unit_code and n.year = e.number_year and n.symbol = e.number_symbol
	  and n.number = e.number and n.state <> 'issued'`

func voidAttempt(ctx context.Context, tx *sqlx.Tx, attempt uuid.UUID, why string) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(voidSQL, `a.id = $1`), attempt, why)
	return wrap("void signing attempt", err)
}

// voidOpenAttempts ends whatever is being signed: the document has left the desk.
func voidOpenAttempts(ctx context.Context, tx *sqlx.Tx, document, why string) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(voidSQL, `a.document_id = $1 and a.state in ('preparing', 'open')`), document, why)
	return wrap("void open signing attempts", err)
}

// voidExpired ends open attempts whose window is over.
func voidExpired(ctx context.Context, tx *sqlx.Tx, document string, now time.Time) error {
	const which = `a.document_id = $1 and a.state = 'open' and a.expires_at <= $3`
	_, err := tx.ExecContext(ctx, fmt.Sprintf(voidSQL, which), document, "expired", now)
	return wrap("void expired signing attempts", err)
}

// voidUnfinished ends attempts that were never opened, and expired ones.
func voidUnfinished(ctx context.Context, tx *sqlx.Tx, document string, now time.Time) error {
	const which = `a.document_id = $1 and (a.state = 'preparing' or a.state = 'open' and a.expires_at <= $3)`
	_, err := tx.ExecContext(ctx, fmt.Sprintf(voidSQL, which), document, "abandoned", now)
	return wrap("void unfinished signing attempts", err)
}

// Attempts lists a document's signing attempts, newest first.
func (s *Store) Attempts(ctx context.Context, document string) ([]Attempt, error) {
	const list = `
		select id, document_id, revision, content_hash, person_id, number_year, number_symbol,
		       number, document_date, state, prepared_pdf_hash, signed_pdf_hash, certificate,
		       created_at, ended_at, why_void
		from signing_attempts where document_id = $1 order by created_at desc`
	var attempts []Attempt
	err := s.db.SelectContext(ctx, &attempts, list, document)
	return attempts, wrap("list signing attempts", err)
}

// IssuedFile is a signed file that is offered as issued.
type IssuedFile struct {
	Attempt
	SignedAt   time.Time `db:"received_at"`
	PersonName string    `db:"person_name"`
}

// IssuedFiles lists the document's issued files, newest revision first: signed,
// and their decision applied. The file of an earlier revision stays (QĐ 1439 Đ8.2).
func (s *Store) IssuedFiles(ctx context.Context, document string) ([]IssuedFile, error) {
	const list = `
		select a.id, a.document_id, a.revision, a.content_hash, a.person_id, a.number_year,
		       a.number_symbol, a.number, a.document_date, a.state, a.prepared_pdf_hash,
		       a.signed_pdf_hash, a.certificate, a.created_at, a.ended_at, a.why_void,
		       d.received_at, p.name as person_name
		from signing_attempts a
		join decisions d on d.document_id = a.document_id and d.attempt_id = a.id and d.outcome = 'applied'
		join persons p on p.id = a.person_id
		where a.document_id = $1 and a.state = 'signed'
		order by a.revision desc`
	var files []IssuedFile
	err := s.db.SelectContext(ctx, &files, list, document)
	return files, wrap("list issued files", err)
}
