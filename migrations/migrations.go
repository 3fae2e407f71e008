// Package migrations holds the numbered SQL, forward only, that makes the
// database, and under seed/ the reference and demo data. It applies the SQL;
// reading seed data into tables is storage's.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Seed is the reference and demo data: CSV and JSON files under seed/.
//
//go:embed seed
var Seed embed.FS

// Apply brings the database to the newest version. It runs as the owner of the
// schema and holds a session lock, so two starters at once are safe.
func Apply(ctx context.Context, owner *sql.DB) error {
	return apply(ctx, owner, files)
}

// apply runs every migration that the database does not have, in the order of their
// numbers: work that goes on at once takes its numbers beforehand, so a lower one may
// come later than a higher one, to a database that has that already.
func apply(ctx context.Context, owner *sql.DB, files fs.FS) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, owner, files,
		goose.WithSessionLocker(locker), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("apply migrations: %w", err)
	}
	return nil
}

// Files is the SQL itself, for whoever must know whether it changed.
func Files() embed.FS { return files }
