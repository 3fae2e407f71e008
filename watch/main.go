// Command watch looks at the system from outside, on another host, and does what QĐ
// 1439 Đ11.5 asks for when the system has stopped for two consecutive working days. It
// needs neither PostgreSQL nor Temporal: what it keeps are files.
//
//	watch                     look, tell operators, draft and send notices, serve the public page
//	watch list                the outages on record
//	watch show ID             one of them, with its notice as it stands
//	watch amend ID ...        change a draft: -number 12/TB-SNV -until 2026-10-05T17:00 -note "..."
//	watch approve ID -by MAIL an officer's word for a draft
//
// A command works beside the running program, which carries out what follows. Both may
// be killed at any instant. How an outage is judged is domain/outage's, every word is
// in templates/bulletin.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"cchc/config"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	cfg, err := config.LoadWatch(os.Getenv)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	if len(args) > 0 {
		return command{folder: folder(cfg.Folder), out: os.Stdout, now: time.Now()}.run(args)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return watch(ctx, cfg, log)
}

// watch runs until it is told to stop. A second one in the same folder does not begin.
func watch(ctx context.Context, cfg config.Watch, log *slog.Logger) error {
	w, err := newWatcher(cfg, log, time.Now)
	if err != nil {
		return err
	}
	unlock, err := w.folder.lock(runFile, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("CCHC_WATCH_DATA: another watch runs with %s", cfg.Folder)
	}
	if err != nil {
		return err
	}
	defer unlock()
	if cfg.Token == "" {
		log.Warn("no CCHC_WATCH_TOKEN_FILE: no facts, nobody but the operators is told")
	}
	if cfg.Mail.Address == "" {
		log.Warn("no CCHC_SMTP_ADDRESS: nothing is mailed")
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { w.lookOn(ctx); return nil })
	group.Go(func() error { w.workOn(ctx); return nil })
	group.Go(func() error { return w.serve(ctx) })
	return group.Wait()
}
