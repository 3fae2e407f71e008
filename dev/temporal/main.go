// Command temporal is the local workflow engine: the Temporal server and its
// web UI in one process, for development and tests.
//
// It keeps its data in two databases of the given PostgreSQL, as production
// does, listens on loopback only and needs nothing from outside. It knows the
// namespace and the search attributes of this system and nothing else of it;
// production reaches a Temporal by address and never runs this program.
//
// It is a module of its own because the server's dependencies are many times
// those of the application. Keep one set of build flags: another set compiles
// everything again, which takes minutes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"
)

// options is what the program is told; every flag can also come from the
// environment.
type options struct {
	database      string // URL of the PostgreSQL server; the database in it is ignored
	store         string // name of the database; visibility is kept in <store>_visibility
	port, uiPort  int
	namespace     string
	retentionDays int
	logLevel      string
}

func main() {
	o, err := parse(os.Args[1:], os.Getenv)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "temporal:", err)
		os.Exit(1)
	}
}

func parse(args []string, getenv func(string) string) (options, error) {
	var o options
	set := flag.NewFlagSet("temporal", flag.ContinueOnError)
	text := func(target *string, name, env, fallback, usage string) {
		if value := getenv(env); value != "" {
			fallback = value
		}
		set.StringVar(target, name, fallback, usage+" ("+env+")")
	}
	var port, uiPort, days string
	text(&o.database, "database", "CCHC_TEMPORAL_DATABASE", "", "PostgreSQL server, e.g. postgres://postgres@/?host=/run/postgresql")
	text(&o.store, "store", "CCHC_TEMPORAL_STORE", "temporal", "name of the database; NAME_visibility stands beside it")
	text(&port, "port", "CCHC_TEMPORAL_PORT", "7233", "port of the gRPC frontend on 127.0.0.1")
	text(&uiPort, "ui-port", "CCHC_TEMPORAL_UI_PORT", "8233", "port of the web UI on 127.0.0.1; 0: no UI")
	text(&o.namespace, "namespace", "CCHC_TEMPORAL_NAMESPACE", "cchc", "namespace made at start")
	text(&days, "retention-days", "CCHC_RETENTION_DAYS", "90", "days a closed workflow is kept")
	text(&o.logLevel, "log-level", "CCHC_TEMPORAL_LOG_LEVEL", "warn", "debug, info, warn or error")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	var problems []error
	whole := func(target *int, value, name string, least, most int) {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			problems = append(problems, fmt.Errorf("-%s: %q is not a whole number from %d to %d", name, value, least, most))
		}
		*target = n
	}
	whole(&o.port, port, "port", 1, 65535)
	whole(&o.uiPort, uiPort, "ui-port", 0, 65535)
	whole(&o.retentionDays, days, "retention-days", 1, 3650)
	if o.database == "" {
		problems = append(problems, errors.New("-database: is not set"))
	}
	return o, errors.Join(problems...)
}

// heapGrowth is by how many per cent the heap may grow before it is collected, and
// heapLimit where it is collected sooner. With the usual 100 a good part of the
// server's computing went into collecting what each call leaves behind. The limit
// lies well above what it keeps for 4,000 open documents, some 600 MB: near it the
// program would do little but collect.
const (
	heapGrowth = 300
	heapLimit  = 1536 << 20
)

func run(o options) error {
	debug.SetGCPercent(heapGrowth)
	debug.SetMemoryLimit(heapLimit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if err := freePort(o.port, "-port or CCHC_TEMPORAL_PORT"); err != nil {
		return err
	}
	if err := freePort(o.uiPort, "-ui-port or CCHC_TEMPORAL_UI_PORT"); err != nil {
		return err
	}
	logger := newLogger(o.logLevel)
	stores, err := prepareStores(ctx, o, logger)
	if err != nil {
		return err
	}
	server, err := startServer(o, stores, logger)
	if err != nil {
		return err
	}
	defer stopWithin(10*time.Second, server.Stop)
	if err := prepareNamespace(ctx, o); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer startUI(o)()

	fmt.Printf("temporal ready: frontend 127.0.0.1:%d, ui http://127.0.0.1:%d\n", o.port, o.uiPort)
	<-ctx.Done()
	stop() // a second signal ends the process at once
	return nil
}

// freePort refuses a port somebody else listens on before anything is started,
// in words that say what to change. Port 0 means that none is wanted.
func freePort(port int, setting string) error {
	if port == 0 {
		return nil
	}
	listener, err := net.Listen("tcp", address(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is in use by another program: choose another with %s", port, setting)
	}
	if err != nil {
		return fmt.Errorf("port %d (%s): %w", port, setting, err)
	}
	return listener.Close()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// stopWithin asks for an orderly stop and gives up after the limit: nothing is
// lost by it, because the server survives even kill -9.
func stopWithin(limit time.Duration, stop func() error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := stop(); err != nil {
			fmt.Fprintln(os.Stderr, "temporal: stopping:", err)
		}
	}()
	select {
	case <-done:
	case <-time.After(limit):
	}
}
