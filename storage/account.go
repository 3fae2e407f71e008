package storage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// AccountFilter chooses from the list of accounts; empty fields choose all.
type AccountFilter struct {
	Query  string // part of a name or username, diacritics do not matter
	Unit   string // who holds or last held a position there
	State  string // invited, active or closed
	Offset int
	Limit  int
}

// AccountEntry is an account as administrators see it.
type AccountEntry struct {
	ID          int64      `db:"id"`
	Username    string     `db:"username"`
	Name        string     `db:"name"`
	Mail        string     `db:"mail"`
	State       string     `db:"state"`
	LockedUntil *time.Time `db:"locked_until"` // nil: not locked now
	CodeExpires *time.Time `db:"activation_expires"`
	CreatedAt   time.Time  `db:"created_at"`
	Positions   []HeldPosition
}

// HeldPosition is a position with when it is held.
type HeldPosition struct {
	ID     int64 `db:"id"`
	Person int64 `db:"person_id"`
	staff.Position
	UnitName string     `db:"unit_name"`
	From     time.Time  `db:"valid_from"`
	To       *time.Time `db:"valid_to"`
}

const entryColumns = `q.id, q.username, q.name, q.mail, q.state, q.created_at, q.activation_expires,
	case when q.locked_until > clock_timestamp() then q.locked_until end as locked_until`

// Accounts lists accounts by name and tells how many there are in all.
func (s *Store) Accounts(ctx context.Context, f AccountFilter) ([]AccountEntry, int, error) {
	const where = ` from persons q
		where ($1 = '' or strpos(q.name_key, $1) > 0 or strpos(q.username, $1) > 0)
		  and ($2 = '' or exists (select from positions p where p.person_id = q.id and p.unit_code = $2))
		  and ($3 = '' or q.state = $3)`
	key := Fold(f.Query)
	var total int
	if err := s.db.GetContext(ctx, &total, `select count(*)`+where, key, f.Unit, f.State); err != nil {
		return nil, 0, wrap("count accounts", err)
	}
	var entries []AccountEntry
	err := s.db.SelectContext(ctx, &entries, `select `+entryColumns+where+`
		order by q.name collate "vi-x-icu", q.id offset $4 limit $5`, key, f.Unit, f.State, f.Offset, f.Limit)
	if err != nil {
		return nil, 0, wrap("read accounts", err)
	}
	return entries, total, s.addPositions(ctx, entries, true)
}

// AccountEntry reads one account with all its positions, past ones too.
func (s *Store) AccountEntry(ctx context.Context, person int64) (AccountEntry, error) {
	entries := make([]AccountEntry, 1)
	err := s.db.GetContext(ctx, &entries[0], `select `+entryColumns+` from persons q where q.id = $1`, person)
	if err != nil {
		return AccountEntry{}, wrap("read account", err)
	}
	err = s.addPositions(ctx, entries, false)
	return entries[0], err
}

func (s *Store) addPositions(ctx context.Context, entries []AccountEntry, heldOnly bool) error {
	const read = `
		select p.id, p.person_id, p.unit_code, p.role, u.name as unit_name, p.valid_from, p.valid_to
		from positions p join units u on u.code = p.unit_code
		where p.person_id = any($1) and (not $2 or ` + inForce + `)
		order by p.valid_to is not null, p.id`
	ids, at := make([]int64, len(entries)), map[int64]int{}
	for i, e := range entries {
		ids[i], at[e.ID] = e.ID, i
	}
	var positions []HeldPosition
	if err := s.db.SelectContext(ctx, &positions, read, pq.Array(ids), heldOnly); err != nil {
		return wrap("read positions", err)
	}
	for _, p := range positions {
		e := &entries[at[p.Person]]
		e.Positions = append(e.Positions, p)
	}
	return nil
}

// Issued is a one-time activation code, told once: only its hash is kept.
type Issued struct {
	Person    int64
	Username  string
	Name      string
	Positions []staff.Position
	Code      string
	Expires   time.Time
}

// codeLife is how long an activation code may be used.
const codeLife = 14 * 24 * time.Hour

// accountLock makes changes of accounts follow one another, so that two
// administrators cannot remove each other as the last one.
const accountLock = `select pg_advisory_xact_lock(14390002)`

// changeAccount runs a change of someone else's account with its line of
// evidence in one transaction. by is who changes it, and from where.
func (s *Store) changeAccount(ctx context.Context, by Audit, action string, person int64, change func(*sqlx.Tx, personRow) error) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, accountLock); err != nil {
			return wrap("change account", err)
		}
		var row personRow
		err := tx.GetContext(ctx, &row, `select `+personColumns+` from persons where id = $1 for update`, person)
		switch {
		case err != nil:
			return wrap("change account", err)
		case person == by.Person:
			return rule.Broken(staff.OwnAccount, "")
		case row.State == "closed":
			return rule.Broken(staff.AccountClosed, "")
		}
		if err := change(tx, row); err != nil {
			return err
		}
		by.Action, by.Object = action, row.Username
		return addAudit(ctx, tx, by)
	})
}

// ReissueCode takes a person's password and gives a new one-time code instead
// (QĐ 1439 Đ14.5). It also ends a lock.
func (s *Store) ReissueCode(ctx context.Context, by Audit, person int64) (Issued, error) {
	const reissue = `
		update persons set state = 'invited', password_hash = '', must_change = false,
			failed_attempts = 0, locked_until = null, activation_hash = $2,
			activation_expires = clock_timestamp() + make_interval(secs => $3)
		where id = $1 returning activation_expires`
	var issued Issued
	err := s.changeAccount(ctx, by, AuditReissued, person, func(tx *sqlx.Tx, row personRow) error {
		code, hash := newCode()
		issued = Issued{Person: row.ID, Username: row.Username, Name: row.Name, Code: code}
		return wrap("reissue code", tx.GetContext(ctx, &issued.Expires, reissue, person, hash, codeLife.Seconds()))
	})
	return issued, err
}

// CloseAccount ends an account and all its positions for good (QĐ 1439 Đ6.4).
func (s *Store) CloseAccount(ctx context.Context, by Audit, person int64) error {
	const (
		positions = `update positions set valid_to = clock_timestamp() where person_id = $1 and (valid_to is null or valid_to > clock_timestamp())`
		account   = `update persons set state = 'closed', password_hash = '', activation_hash = null, activation_expires = null where id = $1`
	)
	return s.changeAccount(ctx, by, AuditClosed, person, func(tx *sqlx.Tx, _ personRow) error {
		if _, err := tx.ExecContext(ctx, positions, person); err != nil {
			return wrap("close account", err)
		}
		if _, err := tx.ExecContext(ctx, account, person); err != nil {
			return wrap("close account", err)
		}
		return s.someAdminLeft(ctx, tx)
	})
}

// AddPosition gives a person a role at a unit from now on. Broken rules carry
// the form fields "role" and "unit".
func (s *Store) AddPosition(ctx context.Context, by Audit, person int64, p staff.Position) error {
	const (
		known = `select exists (select from units where code = $1 and (valid_to is null or valid_to >= clock_timestamp()::date))`
		add   = `insert into positions (person_id, unit_code, role) values ($1, $2, $3)`
	)
	by.Detail = map[string]any{"unit": p.Unit, "role": p.Role}
	return s.changeAccount(ctx, by, AuditPositionAdded, person, func(tx *sqlx.Tx, _ personRow) error {
		errs := staff.CheckPosition("role", p.Role, p.Unit, s.authority)
		var unit bool
		if err := tx.GetContext(ctx, &unit, known, p.Unit); err != nil {
			return wrap("add position", err)
		}
		if !unit {
			errs.Add(staff.UnitUnknown, "unit", p.Unit)
		}
		if err := errs.Err(); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, add, person, p.Unit, p.Role)
		if uniqueViolation(err, "positions_once") {
			return rule.Broken(staff.PositionHeld, "role")
		}
		return wrap("add position", err)
	})
}

// EndPosition takes a position from its person from now on.
func (s *Store) EndPosition(ctx context.Context, by Audit, person, position int64) error {
	const end = `
		update positions set valid_to = clock_timestamp()
		where id = $1 and person_id = $2 and (valid_to is null or valid_to > clock_timestamp())
		returning unit_code, role`
	by.Detail = map[string]any{}
	return s.changeAccount(ctx, by, AuditPositionEnded, person, func(tx *sqlx.Tx, _ personRow) error {
		var ended staff.Position
		if err := tx.GetContext(ctx, &ended, end, position, person); err != nil {
			return wrap("end position", err)
		}
		by.Detail["unit"], by.Detail["role"] = ended.Unit, ended.Role
		return s.someAdminLeft(ctx, tx)
	})
}

// someAdminLeft refuses a change after which nobody could issue accounts.
func (s *Store) someAdminLeft(ctx context.Context, tx *sqlx.Tx) error {
	const left = `
		select exists (select from positions p join persons q on q.id = p.person_id
			where p.role = 'account_admin' and p.unit_code = $1 and q.state = 'active' and ` + inForce + `)`
	var some bool
	if err := tx.GetContext(ctx, &some, left, s.authority); err != nil {
		return wrap("look for an account administrator", err)
	}
	if !some {
		return rule.Broken(staff.LastAccountAdmin, "")
	}
	return nil
}

// codes are written with Crockford's alphabet: no I, L, O, U to misread.
var codes = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newCode makes a one-time activation code of 80 random bits, for reading out
// and typing: "7K3M-...". Only its hash is kept.
func newCode() (code, hash string) {
	random := make([]byte, 10)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	text := codes.EncodeToString(random)
	code = fmt.Sprintf("%s-%s-%s-%s", text[0:4], text[4:8], text[8:12], text[12:16])
	return code, codeHash(code)
}

// codeHash forgives what people change when they type a code.
func codeHash(code string) string {
	code = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
