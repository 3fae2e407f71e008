package storage

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// AttemptSource is who says that an attempt failed.
type AttemptSource string

// The sources. What a browser tells is a claim: it is shown as one, counts only where
// the outage touched a deadline by rule, and extends nothing by itself.
const (
	SeenByServer  AttemptSource = "server"
	ToldByBrowser AttemptSource = "browser"
)

// FailedAttempt is a save or a decision about a document that the software could not take.
type FailedAttempt struct {
	Document string        `json:"document"`
	Person   int64         `json:"person,omitempty"`  // 0: known by the session alone
	Session  string        `json:"session,omitempty"` // hex of its token's hash
	Source   AttemptSource `json:"source"`
	At       time.Time     `json:"at"`
}

// SessionMark is what a session is found by again, without its secret.
func SessionMark(token string) string { return hex.EncodeToString(tokenHash(token)) }

// attemptsAge is how long ago an attempt may lie that is told.
const attemptsAge = 14 * 24 * time.Hour

// AddAttempts keeps attempts that failed. What cannot have been one is left out: the
// person does not hold a role at the document's unit, or the instant lies ahead or too
// far behind. The same minute again is the same attempt, so that nobody's tale grows
// with the telling.
func (s *Store) AddAttempts(ctx context.Context, attempts []FailedAttempt) error {
	const add = `
		insert into failed_attempts (person_id, document_id, source, at)
		select distinct q.id, d.id, a.source, date_trunc('minute', a.at)
		from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[]) a (document, person, session, source, at)
		left join sessions s on a.session <> '' and s.token_hash = decode(a.session, 'hex')
		join persons q on q.id = coalesce(nullif(a.person, 0), s.person_id)
		join documents d on d.id = a.document
		where a.at <= clock_timestamp() and a.at > clock_timestamp() - make_interval(secs => $6)
		  and exists (select from positions p where p.person_id = q.id and p.unit_code = d.unit_code
		              and p.valid_from <= a.at and (p.valid_to is null or p.valid_to > a.at))
		on conflict do nothing`
	if len(attempts) == 0 {
		return nil
	}
	size := len(attempts)
	documents, sessions, sources := make([]string, size), make([]string, size), make([]string, size)
	persons, at := make([]int64, size), make([]time.Time, size)
	for i, one := range attempts {
		documents[i], persons[i], sessions[i], sources[i], at[i] = one.Document, one.Person, one.Session, string(one.Source), one.At
	}
	_, err := s.db.ExecContext(ctx, add, pq.Array(documents), pq.Array(persons), pq.Array(sessions), pq.Array(sources), pq.Array(at), attemptsAge.Seconds())
	return wrap("keep failed attempts", err)
}

// What the server sees fail is written beside the files first, because the database may
// be what failed: a line an attempt, taken over when the database answers again.
const (
	attemptsFile  = "failed-attempts"
	attemptsLimit = 2 << 20 // bytes; beyond it nothing is noted any more: enough units are known by then
)

// longestID is beyond what documents are called, in bytes.
const longestID = 200

// tellable tells whether the database can be asked about the attempt: a line that it
// refuses would keep all others from being taken over. Who is not known at all has
// attempted nothing.
func (a FailedAttempt) tellable() bool {
	return len(a.Document) <= longestID && !strings.ContainsRune(a.Document, 0) && (a.Person != 0 || a.Session != "")
}

// NoteAttempt writes an attempt beside the files. It needs no database. What cannot be a
// document, or is nobody's, is passed over: anybody may ask for any address.
func (s *Store) NoteAttempt(a FailedAttempt) error {
	if !a.tellable() {
		return nil
	}
	line, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("note attempt: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(s.files.dir, attemptsFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("note attempt: %w", err)
	}
	if info, err := file.Stat(); err == nil && info.Size() < attemptsLimit {
		_, err = file.Write(append(line, '\n')) // one write: lines of several servers do not mix
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

// TakeAttempts brings what was noted beside the files into the database. What it could
// not bring is tried again at the next call; nothing is brought twice.
func (s *Store) TakeAttempts(ctx context.Context) error {
	noted := filepath.Join(s.files.dir, attemptsFile)
	err := os.Rename(noted, noted+"."+uuid.NewString()) // whoever notes from now on begins a new file
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take attempts: %w", err)
	}
	left, err := filepath.Glob(noted + ".*")
	if err != nil {
		return fmt.Errorf("take attempts: %w", err)
	}
	for _, path := range left {
		attempts, err := readAttempts(path)
		if err != nil {
			return err
		}
		if err := s.AddAttempts(ctx, attempts); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // another server has brought it too
			return fmt.Errorf("take attempts: %w", err)
		}
	}
	return nil
}

// readAttempts reads a file of attempts; a line that was cut short by a dying machine is
// passed over.
func readAttempts(path string) ([]FailedAttempt, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take attempts: %w", err)
	}
	defer func() { _ = file.Close() }()
	var attempts []FailedAttempt
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var a FailedAttempt
		if json.Unmarshal(lines.Bytes(), &a) == nil && a.tellable() {
			attempts = append(attempts, a)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("take attempts: %w", err)
	}
	return attempts, nil
}
