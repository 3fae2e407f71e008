// Command proxy stands before the server, passes everything on, and answers itself when
// the server does not: since when it has been away, until when as far as somebody knows,
// that what was typed is kept, and whom to call.
//
//	proxy        listen
//	proxy page   write the page as it is without any knowledge, for another proxy to serve
//
// It keeps nothing, needs nothing of the server's files, and judges nothing: when an
// outage began and whether it is one is the watcher's (watch/), which it asks. TLS is
// the business of what stands before it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"cchc/config"
	"cchc/templates/bulletin"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 3 * time.Minute // longer than the server's pause on a stream of news
	stopTimeout   = 10 * time.Second
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 && args[0] == "page" {
		page, err := bulletin.Unavailable(bulletin.State{}, "")
		if err == nil {
			_, err = os.Stdout.Write(page)
		}
		return err
	}
	cfg, err := config.LoadProxy(os.Getenv)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return listen(ctx, cfg.Listen, newProxy(cfg, log), log)
}

// listen serves until it is told to stop. Streams of news last as long as their pages:
// they are cut off then.
func listen(ctx context.Context, address string, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	log.InfoContext(ctx, "listening", "address", listener.Addr().String())
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			err = server.Close()
			stopped <- err
			return
		}
		stopped <- nil
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}
