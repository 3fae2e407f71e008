package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"cchc/config"
	"cchc/server/demo"
	"cchc/server/notary"
	"cchc/server/web"
	"cchc/storage"
	"cchc/workflows"
)

// retryPause is how long the demo year waits before it goes on after an error:
// the database or the workflow engine may have been away.
const retryPause = 10 * time.Second

// makeDemoYear makes the demonstration's year beside the running programs and
// tells how far it is.
func makeDemoYear(ctx context.Context, cfg config.Config, log *slog.Logger, out io.Writer) error {
	if !cfg.DemoYear {
		return nil
	}
	if !cfg.Demo || cfg.Keys == "" {
		return errors.New("CCHC_DEMO, CCHC_KEYS: are needed for the demo year: it signs with demo keys")
	}
	store, err := storage.Open(ctx, storage.Options{URL: cfg.DatabaseURL, Files: cfg.Files, Log: log})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	engine, err := workflows.Connect(cfg.Temporal, client.Options{Logger: temporallog.NewStructuredLogger(log)})
	if err != nil {
		return err
	}
	defer engine.Close()
	keys, err := notary.ReadKeys(cfg.Keys, cfg.TrustRoots)
	if err != nil {
		return err
	}
	return keepMaking(ctx, &demo.Year{
		Store: store, Answers: store.Answers(), Keys: demo.NewKeyring(cfg.Keys, cfg.TrustRoots),
		Notary: notary.Notary{Store: store, Keys: keys, Layout: web.Report, Log: log},
		Look:   engine.Look, Launch: engine.LaunchCampaign, Log: log,
		Say: func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) },
	})
}

// keepMaking makes the year while it hears the answers to its decisions.
func keepMaking(ctx context.Context, year *demo.Year) error {
	ctx, done := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return year.Store.Listen(ctx, map[string]func(string){storage.ChannelDecision: year.Answers.Hear})
	})
	group.Go(func() error {
		defer done()
		untilComplete(ctx, year)
		return nil
	})
	return group.Wait()
}

// untilComplete tries again after each error, until the year is complete or the
// context ends.
func untilComplete(ctx context.Context, year *demo.Year) {
	for {
		err := year.Run(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		year.Say("demo: %v; going on in %v", err, retryPause)
		select {
		case <-ctx.Done():
		case <-time.After(retryPause):
		}
	}
}
