// Package storage is the only place with SQL, and keeps the files by their
// hash. Each statement stands as a const beside the function that runs it.
//
// Rules are domain's; storage asks them inside its transactions. It knows
// neither Temporal nor the web. Every writing transaction that concerns a
// document takes the document's row first, "for no key update": another order
// deadlocks.
package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/storage/bounded"
)

// ErrNotFound is returned when what was asked for by its key does not exist, or
// lies outside the scope that the caller may read.
var ErrNotFound = errors.New("not found")

// Store is the database and the files, as the programs use them.
type Store struct {
	db        *sqlx.DB
	files     Files
	authority string
	url       string
	logger    *slog.Logger
	forms     sync.Map // published form versions by code and number
	rankings  sharedReads[Ranking]

	days        days
	units       *bounded.Cache[string, string] // units' codes by document
	frozen      *bounded.Cache[revisionKey, frozen]
	searchTexts *bounded.Cache[textKey, []Passage] // of frozen revisions
}

// Options says where the store is.
type Options struct {
	URL       string       // lib/pq address, role cchc_app
	Files     string       // folder of files by hash
	Authority string       // code of the authority's unit; empty: "SNV"
	MaxConns  int          // 0: 16
	Log       *slog.Logger // nil: slog's default
}

// Open connects. It checks that the database answers, not that it is migrated.
func Open(ctx context.Context, o Options) (*Store, error) {
	pool, err := openKept(o.URL)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(pool, "postgres")
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	db.SetMaxOpenConns(o.MaxConns)
	db.SetMaxIdleConns(o.MaxConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	files, err := openFiles(o.Files)
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	if o.Authority == "" {
		o.Authority = "SNV"
	}
	return &Store{
		db: db, files: files, authority: o.Authority, url: o.URL, logger: o.Log,
		units:       bounded.New[string, string](unitBytes),
		frozen:      bounded.New[revisionKey, frozen](frozenBytes),
		searchTexts: bounded.New[textKey, []Passage](searchTextBytes),
	}, nil
}

// Close gives the connections back.
func (s *Store) Close() error { return s.db.Close() }

// Authority is the code of the authority's own unit.
func (s *Store) Authority() string { return s.authority }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Now is the database's clock: the one clock that stamps decisions and by which
// every screen reckons.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.db.GetContext(ctx, &now, `select clock_timestamp()`)
	return now, wrap("read the database's clock", err)
}

// inTx runs f in one transaction and commits when it returns nil.
func (s *Store) inTx(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// wrap says what was attempted, and turns "no rows" into ErrNotFound.
func wrap(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// foreignViolation tells whether err is a broken reference between rows.
func foreignViolation(err error) bool {
	var broken *pq.Error
	return errors.As(err, &broken) && broken.Code == "23503"
}

// uniqueViolation tells whether err is a broken unique constraint with the name.
func uniqueViolation(err error, constraint string) bool {
	var pqErr *pq.Error
	return errors.As(err, &pqErr) && pqErr.Code == "23505" && pqErr.Constraint == constraint
}

// isConnection tells an error of the way to the database from one of a
// statement.
func isConnection(err error) bool {
	var netErr *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, sql.ErrTxDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &netErr)
}

func (s *Store) log() *slog.Logger {
	if s.logger == nil {
		return slog.Default()
	}
	return s.logger
}
