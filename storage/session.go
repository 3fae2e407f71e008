package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// Sessions keeps the web's sessions. It has the methods that scs asks of a
// store; those with a context are the ones in use. The browser holds a random
// token, the table only its SHA-256, so that a stolen backup opens nothing.
type Sessions struct{ store *Store }

// Sessions is the store of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// sitting is what one request has read of its session, and with it of the person
// whose session it is.
type sitting struct {
	token   string
	data    []byte
	expires time.Time
	person  int64    // whose session the row is; 0: nobody's, or of an earlier release
	account *Account // read with the row
}

type sittingKey struct{}

// With gives a request a place for what is read of its session. Without it the
// person is read, and the session written, each time.
func (s Sessions) With(ctx context.Context) context.Context {
	return context.WithValue(ctx, sittingKey{}, new(sitting))
}

func sittingOf(ctx context.Context) *sitting {
	if known, ok := ctx.Value(sittingKey{}).(*sitting); ok {
		return known
	}
	return new(sitting)
}

// Belongs tells whose session it will be once it is written.
func (s Sessions) Belongs(ctx context.Context, person int64) { sittingOf(ctx).person = person }

// Account is the session's person as they stood when the session was read.
func (s Sessions) Account(ctx context.Context, person int64) (Account, error) {
	now := sittingOf(ctx)
	if now.account != nil && now.account.Person == person {
		return *now.account, nil
	}
	now.person = person // a session of an earlier release learns whose it is
	return s.store.Account(ctx, person)
}

// FindCtx reads a session that has not expired, and its person, in one statement:
// every request begins with it.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	const read = `
		select s.data, s.expires_at, coalesce(s.person_id, 0) as session_person, q.id is not null as active, ` + accountColumns + `
		from sessions s
		left join persons q on q.id = s.person_id and q.state = 'active'
		` + accountPositions + `
		where s.token_hash = $1 and s.expires_at > clock_timestamp()
		order by p.id`
	var rows []struct {
		Data    []byte    `db:"data"`
		Expires time.Time `db:"expires_at"`
		Person  int64     `db:"session_person"`
		Active  bool      `db:"active"`
		accountRow
	}
	if err := s.store.db.SelectContext(ctx, &rows, read, tokenHash(token)); err != nil || len(rows) == 0 {
		return nil, false, wrap("read session", err)
	}
	now := sittingOf(ctx)
	*now = sitting{token: token, data: rows[0].Data, expires: rows[0].Expires, person: rows[0].Person}
	if rows[0].Active {
		positions := make([]accountRow, len(rows))
		for i, row := range rows {
			positions[i] = row.accountRow
		}
		account := accountOf(positions)
		now.account = &account
	}
	return rows[0].Data, true, nil
}

// Left is how long the session lasts if nobody asks for anything; zero when it
// has ended.
func (s Sessions) Left(ctx context.Context, token string) (time.Duration, error) {
	const read = `
		select coalesce(max(extract(epoch from expires_at - clock_timestamp())), 0)::float8
		from sessions where token_hash = $1`
	var seconds float64
	err := s.store.db.GetContext(ctx, &seconds, read, tokenHash(token))
	return max(0, time.Duration(seconds*float64(time.Second))), wrap("read what is left of a session", err)
}

// SessionSlack is by how much a session's end is not moved: a request that would
// gain less than that writes nothing. Many come in one second, autosave among
// them, and each would wait for the disk.
const SessionSlack = 10 * time.Second

// CommitCtx writes a session that holds something new, or whose end moves by
// more than SessionSlack.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	const write = `
		insert into sessions (token_hash, data, expires_at, person_id) values ($1, $2, $3, nullif($4::bigint, 0))
		on conflict (token_hash) do update
		set data = excluded.data, expires_at = excluded.expires_at, person_id = excluded.person_id`
	expires = expires.UTC().Truncate(time.Microsecond) // as the row keeps it
	found := sittingOf(ctx)
	gain := expires.Sub(found.expires)
	if found.token == token && bytes.Equal(found.data, data) && gain >= 0 && gain <= SessionSlack {
		return nil
	}
	_, err := s.store.db.ExecContext(ctx, write, tokenHash(token), data, expires, found.person)
	return wrap("write session", err)
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.store.db.ExecContext(ctx, `delete from sessions where token_hash = $1`, tokenHash(token))
	return wrap("end session", err)
}

// Find is FindCtx without a context, which scs's interface also asks for.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s Sessions) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Sweep removes expired sessions and tells how many.
func (s Sessions) Sweep(ctx context.Context) (int64, error) {
	result, err := s.store.db.ExecContext(ctx, `delete from sessions where expires_at < clock_timestamp()`)
	if err != nil {
		return 0, fmt.Errorf("sweep sessions: %w", err)
	}
	return result.RowsAffected()
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
