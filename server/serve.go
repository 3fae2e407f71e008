package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"cchc/board"
	"cchc/config"
	"cchc/server/notary"
	"cchc/server/web"
	"cchc/storage"
	"cchc/templates"
	"cchc/workflows"
)

// heapGrowth is by how many per cent the heap may grow before it is collected, and
// heapLimit where it is collected sooner. A page leaves some hundred kilobytes behind
// and the programs keep little: with the usual 100 a fifth of the server's time went
// into collecting the same small heap over and over. What is kept is some 50 MB, and
// what the store keeps of frozen revisions at most another 40; but every sign-in takes
// 46 MB for a moment (argon2id), and without the limit a rush of them left 2 GB behind.
const (
	heapGrowth = 400
	heapLimit  = 640 << 20
)

// serve shows the pages until it is told to stop; requests under way are then
// answered first.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	debug.SetGCPercent(heapGrowth)
	debug.SetMemoryLimit(heapLimit)
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
	answers := store.Answers()
	pages, err := newPages(ctx, cfg, log, store, engine, answers)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return listen(ctx, log, "pages", cfg.Listen, pages.Handler()) })
	group.Go(func() error { return listen(ctx, log, "admin", cfg.AdminListen, pages.AdminHandler()) })
	group.Go(func() error {
		return store.Listen(ctx, map[string]func(string){storage.ChannelDecision: answers.Hear, storage.ChannelLive: pages.Changed})
	})
	group.Go(func() error { pages.EndLive(ctx); return nil })
	group.Go(func() error { pages.Sweep(ctx); return nil })
	group.Go(func() error { pages.TakeAttempts(ctx); return nil })
	group.Go(func() error { pages.Beat(ctx); return nil })
	return group.Wait()
}

func newPages(ctx context.Context, cfg config.Config, log *slog.Logger, store *storage.Store,
	engine *workflows.Client, answers *storage.Answers) (*web.Server, error) {
	parsed, err := templates.New()
	if err != nil {
		return nil, err
	}
	keys, err := notary.ReadKeys(cfg.Keys, cfg.TrustRoots)
	if err != nil {
		return nil, err
	}
	options := web.Options{
		Store: store, Pages: parsed, Log: log, PublicURL: cfg.PublicURL, Secure: cfg.CookieSecure,
		Ready: map[string]func(context.Context) error{"workflow engine": engine.Ready},
		Look:  engine.Look, Answers: answers, WorkflowURL: workflowURL(cfg.Temporal), Keys: keys,
		WatchToken: cfg.WatchToken, Board: board.Board{Folder: cfg.Announcements, Public: cfg.PublicURL},
		Engine: web.Engine{
			LaunchCampaign: engine.LaunchCampaign, StartDocument: engine.StartDocument, Knows: engine.Knows,
			KeepSeries: keepSeries(store, engine),
			Retention:  time.Duration(cfg.Temporal.RetentionDays) * 24 * time.Hour,
		},
	}
	if cfg.Demo {
		if options.Demo, err = demoAccounts(ctx, store); err != nil {
			return nil, err
		}
	}
	return web.New(ctx, options)
}

// workflowURL tells where the engine's own pages show a run; nil without them.
func workflowURL(c config.Temporal) func(id, run string) string {
	if c.UIURL == nil {
		return nil
	}
	return func(id, run string) string {
		return c.UIURL.JoinPath("namespaces", c.Namespace, "workflows", id, run, "history").String()
	}
}

// Timeouts of the pages: uploads come over slow lines, and an answer to a
// decision waits up to five seconds for the workflow.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 2 * time.Minute
	writeTimeout  = time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 15 * time.Second
)

func listen(ctx context.Context, log *slog.Logger, name, address string, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen for %s: %w", name, err)
	}
	log.InfoContext(ctx, "listening", "for", name, "address", listener.Addr().String())
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", name, err)
	}
	return <-stopped
}

// keepSeries makes the schedule of one series agree with its row.
func keepSeries(store *storage.Store, engine *workflows.Client) func(context.Context, string) error {
	return func(ctx context.Context, code string) error {
		all, err := store.SeriesSchedules(ctx)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Code == code {
				return engine.KeepSchedule(ctx, one.Series, one.Instants)
			}
		}
		return nil
	}
}
