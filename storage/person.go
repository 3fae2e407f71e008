package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/jmoiron/sqlx"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Account is a person as the web needs them at every request.
type Account struct {
	staff.Actor
	UnitNames  map[string]string // of the positions' units
	MustChange bool              // the password was issued by someone else (QĐ 1439 Đ14.1)
	Stamp      string            // changes with the password: sessions of the old one end
	FirstLook  bool              // the guided first look is still shown
}

// inForce is the condition that a position p holds at this instant.
const inForce = `p.valid_from <= clock_timestamp() and (p.valid_to is null or p.valid_to > clock_timestamp())`

type personRow struct {
	ID           int64      `db:"id"`
	Username     string     `db:"username"`
	Name         string     `db:"name"`
	State        string     `db:"state"`
	PasswordHash string     `db:"password_hash"`
	MustChange   bool       `db:"must_change"`
	LockedUntil  *time.Time `db:"locked_until"`
	Locked       bool       `db:"locked"`
}

const personColumns = `id, username, name, state, password_hash, must_change, locked_until,
	coalesce(locked_until > clock_timestamp(), false) as locked`

// What an account is made of: columns of the person q, and of the positions in
// force, with the names of their units.
const (
	accountColumns = `coalesce(q.id, 0) as id, coalesce(q.username, '') as username, coalesce(q.name, '') as name,
		coalesce(q.password_hash, '') as password_hash, coalesce(q.must_change, false) as must_change,
		q.first_look_closed_at is null as first_look,
		coalesce(p.unit_code, '') as unit_code, coalesce(p.role, '') as role, coalesce(u.name, '') as unit_name`
	accountPositions = `left join positions p on p.person_id = q.id and ` + inForce + `
		left join units u on u.code = p.unit_code`
)

// accountRow is a person with one of their positions.
type accountRow struct {
	ID           int64  `db:"id"`
	Username     string `db:"username"`
	Name         string `db:"name"`
	PasswordHash string `db:"password_hash"`
	MustChange   bool   `db:"must_change"`
	FirstLook    bool   `db:"first_look"`
	heldPosition
}

// Account reads an active person with the positions in force now, in one
// statement. A closed or not yet activated account is ErrNotFound: its sessions
// are over at once.
func (s *Store) Account(ctx context.Context, person int64) (Account, error) {
	const read = `
		select ` + accountColumns + `
		from persons q
		` + accountPositions + `
		where q.id = $1 and q.state = 'active'
		order by p.id`
	var rows []accountRow
	if err := s.db.SelectContext(ctx, &rows, read, person); err != nil {
		return Account{}, wrap("read account", err)
	}
	if len(rows) == 0 {
		return Account{}, wrap("read account", sql.ErrNoRows)
	}
	return accountOf(rows), nil
}

// accountOf puts an account together of one row or more.
func accountOf(rows []accountRow) Account {
	row := rows[0]
	account := Account{
		Actor:      staff.Actor{Person: row.ID, Username: row.Username, Name: row.Name},
		UnitNames:  map[string]string{},
		MustChange: row.MustChange,
		Stamp:      stamp(row.PasswordHash),
		FirstLook:  row.FirstLook,
	}
	for _, row := range rows {
		account.hold(row.heldPosition)
	}
	return account
}

// heldPosition is a position with the name of its unit; an empty one is none.
type heldPosition struct {
	staff.Position
	UnitName string `db:"unit_name"`
}

func (a *Account) hold(p heldPosition) {
	if p.Unit == "" {
		return
	}
	a.Positions = append(a.Positions, p.Position)
	a.UnitNames[p.Unit] = p.UnitName
}

// Actor reads an active person with the positions in force now.
func (s *Store) Actor(ctx context.Context, person int64) (staff.Actor, error) {
	account, err := s.Account(ctx, person)
	return account.Actor, err
}

func stamp(passwordHash string) string {
	sum := sha256.Sum256([]byte(passwordHash))
	return hex.EncodeToString(sum[:8])
}

// Holder is a person who holds a position now.
type Holder struct {
	Person   int64  `db:"id"`
	Username string `db:"username"`
	Name     string `db:"name"`
	Mail     string `db:"mail"`
}

// PeopleAt lists who holds the role at the unit now and can sign in.
func (s *Store) PeopleAt(ctx context.Context, unit string, role staff.Role) ([]Holder, error) {
	const read = `
		select distinct q.id, q.username, q.name, q.mail
		from positions p join persons q on q.id = p.person_id
		where p.unit_code = $1 and p.role = $2 and q.state = 'active' and ` + inForce + `
		order by q.id`
	var holders []Holder
	err := s.db.SelectContext(ctx, &holders, read, unit, role)
	return holders, wrap("read people at "+unit, err)
}

// Waiting is what the header counts for a person.
type Waiting struct {
	Tasks   int `db:"tasks"`   // open tasks at desks they hold
	Notices int `db:"notices"` // unread
}

// Waiting counts a person's open tasks and unread notices.
func (s *Store) Waiting(ctx context.Context, person int64) (Waiting, error) {
	const read = `
		select (select count(*) from tasks t
		        join (select distinct p.unit_code, p.role from positions p
		              where p.person_id = $1 and ` + inForce + `) me on me.unit_code = t.unit_code and me.role = t.role
		        where t.closed_at is null) as tasks,
		       (select count(*) from notices n where n.person_id = $1 and n.read_at is null) as notices`
	var w Waiting
	err := s.db.GetContext(ctx, &w, read, person)
	return w, wrap("count what waits", err)
}

// Hashing by argon2id takes memory on purpose: a few at a time, so that a storm
// of sign-ins at eight in the morning queues instead of eating the machine.
var (
	hashing     = make(chan struct{}, 4)
	hashingCost = &argon2id.Params{Memory: 46 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	nobodysHash = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody", hashingCost) })
)

func hashPassword(ctx context.Context, password string) (string, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-hashing }()
	hash, err := argon2id.CreateHash(password, hashingCost)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// passwordMatches compares. An empty hash (nobody, or not activated) is compared
// with a hash that nothing matches, so that the answer takes as long.
func passwordMatches(ctx context.Context, password, hash string) (bool, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-hashing }()
	known := hash != ""
	if !known {
		var err error
		if hash, err = nobodysHash(); err != nil {
			return false, fmt.Errorf("compare password: %w", err)
		}
	}
	if len(password) > staff.PasswordMax {
		password, known = "", false
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return match && known, nil
}

// How often a password may be wrong, and how long the account is then locked:
// TCVN 14423:2026 5.5.2.2 suggests at most 5 and at least 12 hours. Rows of
// settings change both.
const (
	lockoutAttempts = 5
	lockoutMinutes  = 12 * 60
)

// SignIn checks a username and password. What is refused is rule.Errors; who is
// told of a lock has shown the right password, so that names cannot be probed.
func (s *Store) SignIn(ctx context.Context, username, password string) (Account, error) {
	var row personRow
	err := s.db.GetContext(ctx, &row, `select `+personColumns+` from persons where username = $1 and state = 'active'`,
		strings.ToLower(strings.TrimSpace(username)))
	if err = wrap("sign in", err); err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	match, err := passwordMatches(ctx, password, row.PasswordHash)
	switch {
	case err != nil:
		return Account{}, err
	case row.ID == 0:
		return Account{}, rule.Broken(staff.SignInWrong, "username")
	case match && row.Locked:
		return Account{}, rule.Broken(staff.SignInLocked, "username", row.LockedUntil.UTC().Format(time.RFC3339))
	case !match:
		return Account{}, s.countFailure(ctx, row)
	}
	const succeeded = `update persons set failed_attempts = 0, locked_until = null where id = $1 and failed_attempts > 0`
	if _, err := s.db.ExecContext(ctx, succeeded, row.ID); err != nil {
		return Account{}, wrap("sign in", err)
	}
	return s.Account(ctx, row.ID)
}

// countFailure counts a wrong password and locks at the limit. While the account
// is locked nothing is counted, so that a lock always ends.
func (s *Store) countFailure(ctx context.Context, row personRow) error {
	wrong := rule.Broken(staff.SignInWrong, "username")
	if row.Locked {
		return wrong
	}
	limit, err := s.SettingNumber(ctx, "lockout_attempts", lockoutAttempts)
	if err != nil {
		return err
	}
	minutes, err := s.SettingNumber(ctx, "lockout_minutes", lockoutMinutes)
	if err != nil {
		return err
	}
	const failed = `
		update persons set
			failed_attempts = case when failed_attempts + 1 >= $2 then 0 else failed_attempts + 1 end,
			locked_until = case when failed_attempts + 1 >= $2
				then clock_timestamp() + make_interval(mins => $3) else locked_until end
		where id = $1 and (locked_until is null or locked_until <= clock_timestamp())
		returning coalesce(locked_until > clock_timestamp(), false)`
	var locked []bool
	if err := s.db.SelectContext(ctx, &locked, failed, row.ID, limit, minutes); err != nil {
		return wrap("count a wrong password", err)
	}
	if len(locked) == 1 && locked[0] {
		return errors.Join(ErrJustLocked, wrong)
	}
	return wrong
}

// ErrJustLocked stands beside the broken rule of the wrong password that locked
// the account: the audit tells of it, the page does not.
var ErrJustLocked = errors.New("account locked")

// ChangePassword sets a person's own new password. Broken rules carry the form
// fields "current", "password" and "repeat".
func (s *Store) ChangePassword(ctx context.Context, person int64, current, chosen, repeat string) error {
	var row personRow
	err := s.db.GetContext(ctx, &row, `select `+personColumns+` from persons where id = $1 and state = 'active'`, person)
	if err != nil {
		return wrap("change password", err)
	}
	match, err := passwordMatches(ctx, current, row.PasswordHash)
	if err != nil {
		return err
	}
	if !match {
		if again, err := passwordMatches(ctx, chosen, row.PasswordHash); err != nil || again && chosen == repeat {
			return err // the same form a second time: the change is done
		}
		err := s.countFailure(ctx, row)
		if broken := (rule.Errors)(nil); errors.As(err, &broken) {
			return rule.Broken(staff.PasswordWrong, "current")
		}
		return err
	}
	errs := checkChosen(row.Username, chosen, repeat)
	if current == chosen {
		errs.Add(staff.PasswordSame, "password")
	}
	if err := errs.Err(); err != nil {
		return err
	}
	hash, err := hashPassword(ctx, chosen)
	if err != nil {
		return err
	}
	const change = `
		update persons set password_hash = $3, must_change = false, failed_attempts = 0, locked_until = null
		where id = $1 and password_hash = $2 and state = 'active'`
	return s.one(ctx, "change password", change, person, row.PasswordHash, hash)
}

func checkChosen(username, chosen, repeat string) rule.Errors {
	errs := staff.CheckPassword("password", username, chosen)
	if chosen != repeat {
		errs.Add(staff.PasswordDiffers, "repeat")
	}
	return errs
}

// Activate turns a one-time code into an account with the password its person
// chose. A code works once, for its username, and until it expires. Broken rules
// carry the form fields "code", "password" and "repeat".
func (s *Store) Activate(ctx context.Context, username, code, chosen, repeat string) (Account, error) {
	const find = `select ` + personColumns + ` from persons
		where activation_hash = $1 and username = $2
			and activation_expires > clock_timestamp() and state = 'invited'`
	var row personRow
	hash := codeHash(code)
	err := wrap("activate", s.db.GetContext(ctx, &row, find, hash, strings.ToLower(strings.TrimSpace(username))))
	if errors.Is(err, ErrNotFound) {
		return Account{}, rule.Broken(staff.ActivationWrong, "code")
	}
	if err != nil {
		return Account{}, err
	}
	if err := checkChosen(row.Username, chosen, repeat).Err(); err != nil {
		return Account{}, err
	}
	password, err := hashPassword(ctx, chosen)
	if err != nil {
		return Account{}, err
	}
	const activate = `
		update persons set password_hash = $3, state = 'active', must_change = false,
			activation_hash = null, activation_expires = null, failed_attempts = 0, locked_until = null
		where id = $1 and activation_hash = $2 and activation_expires > clock_timestamp() and state = 'invited'`
	if err := s.one(ctx, "activate", activate, row.ID, hash, password); err != nil {
		if errors.Is(err, ErrNotFound) { // somebody used the code a moment ago
			return Account{}, rule.Broken(staff.ActivationWrong, "code")
		}
		return Account{}, err
	}
	return s.Account(ctx, row.ID)
}

// one runs a statement that must change exactly one row; none is ErrNotFound.
func (s *Store) one(ctx context.Context, what, statement string, args ...any) error {
	return execOne(ctx, s.db, what, statement, args...)
}

func execOne(ctx context.Context, db sqlx.ExecerContext, what, statement string, args ...any) error {
	result, err := db.ExecContext(ctx, statement, args...)
	if err != nil {
		return wrap(what, err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap(what, err)
}
