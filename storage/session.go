package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Sessions keeps the web's sessions. It has the methods that scs asks of a
// store; those with a context are the ones in use. The browser holds a random
// token, the table only its SHA-256, so that a stolen backup opens nothing.
type Sessions struct{ store *Store }

// Sessions is the store of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx reads a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	const read = `select data from sessions where token_hash = $1 and expires_at > clock_timestamp()`
	var data []byte
	err := s.store.db.GetContext(ctx, &data, read, tokenHash(token))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, wrap("read session", err)
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
		insert into sessions (token_hash, data, expires_at)
		select $1, $2, $3 where not exists (
			select from sessions
			where token_hash = $1 and data = $2 and expires_at between $4 and $3)
		on conflict (token_hash) do update set data = excluded.data, expires_at = excluded.expires_at`
	expires = expires.UTC()
	_, err := s.store.db.ExecContext(ctx, write, tokenHash(token), data, expires, expires.Add(-SessionSlack))
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
