// Command worker runs the workflows and activities, relays decisions whose
// signal was lost, sends mails, settles tallies and seals bundles of evidence. "worker ensure" instead wakes
// every open document's workflow at once, and those still running for closed
// documents.
//
// Several may run beside each other; any of them may be killed at any instant.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"cchc/activities"
	"cchc/board"
	"cchc/config"
	"cchc/storage"
	"cchc/workflows"
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
	store, err := storage.Open(ctx, storage.Options{URL: cfg.DatabaseURL, Files: cfg.Files, MaxConns: 32, Log: log})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	engine, err := workflows.Connect(cfg.Temporal, client.Options{Logger: temporallog.NewStructuredLogger(log)})
	if err != nil {
		return err
	}
	defer engine.Close()
	switch {
	case len(args) == 0:
		return serve(ctx, cfg, store, engine)
	case len(args) == 1 && args[0] == "ensure":
		return ensure(ctx, store, engine)
	}
	return errors.New("usage: worker [ensure]")
}

// heapGrowth is by how many per cent the heap may grow before it is collected: a
// third of the worker's computing in a rush of submissions went into collecting a
// small heap over and over.
const heapGrowth = 400

// serve runs everything until it is told to stop, or one part cannot go on.
func serve(ctx context.Context, cfg config.Config, store *storage.Store, engine *workflows.Client) error {
	debug.SetGCPercent(heapGrowth)
	group, ctx := errgroup.WithContext(ctx)
	mailer := activities.Mailer{Store: store, Mail: cfg.Mail, Public: cfg.PublicURL, Log: slog.Default()}
	relay := relay{store: store, engine: engine}
	announced := board.Board{Folder: cfg.Announcements, Public: cfg.PublicURL}
	group.Go(func() error { return work(ctx, store, engine, announced) })
	group.Go(func() error { return relay.run(ctx) })
	group.Go(func() error { return relay.runBatches(ctx) })
	group.Go(func() error { return schedules{store: store, engine: engine}.run(ctx) })
	group.Go(func() error { return foldSums(ctx, store) })
	group.Go(func() error { mailer.Run(ctx); return ctx.Err() })
	group.Go(func() error { return settle(ctx, store) })
	group.Go(func() error { return sealBundles(ctx, store) })
	group.Go(func() error { return beat(ctx, store) })
	group.Go(func() error { return admin(ctx, cfg.WorkerAdminListen, store, engine) })
	err := group.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
