// Command server shows the pages. With an argument it does one thing and ends:
//
//	server migrate    bring the database's schema to the newest version (DATABASE_OWNER_URL),
//	                  and index for searching what an earlier release has not
//	server seed       bring in reference data that is missing: units, calendar, forms
//	server seed-demo  make demo accounts and signing keys without legal value (CCHC_DEMO)
//	server demo-year  make a year of demo documents, beside the running programs (CCHC_DEMO)
//
// All of them may be run again at any time. Several servers may run beside each
// other; any may be killed at any instant.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	_ "github.com/lib/pq" // the driver

	"cchc/config"
	"cchc/migrations"
	"cchc/storage"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	cfg, err := config.Load(os.Getenv)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	slog.SetDefault(log)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case len(args) > 1:
	case command == "":
		return serve(ctx, cfg, log)
	case command == "migrate":
		return migrate(ctx, cfg)
	case command == "seed":
		return withDatabase(cfg.DatabaseURL, func(db *sql.DB) error { return storage.Seed(ctx, db) })
	case command == "seed-demo":
		return seedDemo(ctx, cfg, os.Stdout)
	case command == "demo-year":
		return makeDemoYear(ctx, cfg, log, os.Stdout)
	}
	return errors.New("usage: server [migrate | seed | seed-demo | demo-year]")
}

func migrate(ctx context.Context, cfg config.Config) error {
	url, err := cfg.MigrationURL()
	if err != nil {
		return err
	}
	return withDatabase(url, func(db *sql.DB) error {
		if err := migrations.Apply(ctx, db); err != nil {
			return err
		}
		n, err := storage.Reindex(ctx, db)
		if n > 0 {
			slog.InfoContext(ctx, "documents made ready for searching", "documents", n)
		}
		return err
	})
}

func withDatabase(url string, do func(*sql.DB) error) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() { _ = db.Close() }()
	return do(db)
}
