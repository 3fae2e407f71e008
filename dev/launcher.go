package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cchc/dev/logs"
	"cchc/dev/postgres"

	_ "github.com/lib/pq" // the driver
)

// launcher is the whole local system.
type launcher struct {
	settings
	out  *report
	root string

	lock     *os.File // ours while we run: keeps a second launcher out of the data
	cluster  *postgres.Cluster
	mails    *mailbox
	services []*service // in the order they were started
	proxy    *service   // of them, the one that people come to
	year     *child     // makes the demo year, once the system is ready
	accounts string     // the demo accounts, as the server printed them
}

// start brings everything up in the order in which it is needed.
func (l *launcher) start(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		l.claimData, l.claimPorts, l.startPostgres, l.makeToken, l.build, l.startProxy, l.prepareDatabase,
		l.startTemporal, l.openMailbox, l.migrateAndSeed, l.startPrograms, l.startWatch,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	l.announce()
	return l.startDemoYear()
}

func (l *launcher) claimData(context.Context) error {
	lock, err := claim(l.data)
	if err != nil {
		return err
	}
	l.lock = lock
	return nil
}

func (l *launcher) build(ctx context.Context) error { return buildAll(ctx, l.root, l.out) }

// startProxy starts the proxy before the rest and stops it after the rest: whoever comes
// meanwhile reads that the server is not there.
func (l *launcher) startProxy(context.Context) error {
	if err := os.RemoveAll(l.in(offFolder)); err != nil {
		return fmt.Errorf("switch all parts on: %w", err)
	}
	l.proxy = l.service("proxy", 15*time.Second, fmt.Sprintf("http://127.0.0.1:%d/readyz", l.webPort), l.proxyEnvironment())
	return l.proxy.start()
}

func (l *launcher) claimPorts(context.Context) error { return l.freePorts(5 * time.Second) }

// startPostgres moves the data folder where root's checkout is private, unless
// the person has chosen it.
func (l *launcher) startPostgres(ctx context.Context) error {
	l.out.say("starting PostgreSQL")
	err := l.tryPostgres(ctx)
	if errors.Is(err, postgres.ErrUnreachable) && !l.dataChosen {
		l.data = elsewhere(l.root)
		l.out.say("the user postgres cannot enter this checkout: the data is kept in %s", l.data)
		_ = l.lock.Close()
		if err := l.claimData(ctx); err != nil {
			return err
		}
		err = l.tryPostgres(ctx)
	}
	if errors.Is(err, postgres.ErrUnreachable) {
		return fmt.Errorf("CCHC_DATA: %w", err)
	}
	if err != nil {
		return err
	}
	for _, folder := range []string{"log", "files", "keys"} {
		if err := os.MkdirAll(l.in(folder), 0o700); err != nil {
			return fmt.Errorf("make the data folder (CCHC_DATA): %w", err)
		}
	}
	return nil
}

func (l *launcher) tryPostgres(ctx context.Context) (err error) {
	l.cluster, err = postgres.Start(ctx, postgres.Options{Dir: l.in("postgres"), Fsync: true, Log: l.out})
	return err
}

func (l *launcher) in(name string) string { return filepath.Join(l.data, name) }

func (l *launcher) bin(name string) string { return filepath.Join(l.root, "bin", name) }

// prepareDatabase makes what an administrator makes in production: the owner's
// role and an empty database. The rest is the migrations'.
func (l *launcher) prepareDatabase(ctx context.Context) error {
	db, err := sql.Open("postgres", l.cluster.URL("postgres"))
	if err != nil {
		return fmt.Errorf("open the cluster: %w", err)
	}
	defer func() { _ = db.Close() }()
	for _, thing := range []struct{ looking, making string }{
		{`select exists (select from pg_roles where rolname = 'cchc_owner')`, `create role cchc_owner login createrole`},
		{`select exists (select from pg_database where datname = 'cchc')`, `create database cchc owner cchc_owner`},
	} {
		var there bool
		if err := db.QueryRowContext(ctx, thing.looking).Scan(&there); err != nil {
			return fmt.Errorf("look at the cluster: %w", err)
		}
		if there {
			continue
		}
		if _, err := db.ExecContext(ctx, thing.making); err != nil {
			return fmt.Errorf("%s: %w", thing.making, err)
		}
	}
	return nil
}

func (l *launcher) startTemporal(ctx context.Context) error {
	l.out.say("starting Temporal")
	s := l.service("temporal", 15*time.Second, fmt.Sprintf("http://127.0.0.1:%d/", l.uiPort), l.environment())
	s.args = []string{
		"-database", l.cluster.URL("postgres"),
		"-port", strconv.Itoa(l.temporalPort), "-ui-port", strconv.Itoa(l.uiPort),
		"-retention-days", strconv.Itoa(l.retentionDays),
	}
	if err := s.start(); err != nil {
		return err
	}
	return s.await(ctx, 90*time.Second)
}

func (l *launcher) openMailbox(context.Context) (err error) {
	l.mails, err = openMailbox(l.in("mails"))
	return err
}

func (l *launcher) migrateAndSeed(ctx context.Context) error {
	l.out.say("migrating and seeding the database")
	for _, command := range []string{"migrate", "seed", "seed-demo"} {
		p := l.program("server", l.programEnvironment())
		p.name, p.args = "server "+command, []string{command}
		if command == "migrate" {
			p.env = append(p.env, "DATABASE_OWNER_URL="+l.cluster.RoleURL("cchc_owner", "cchc"))
		}
		said, err := runOnce(ctx, p)
		if err != nil {
			return err
		}
		if command == "seed-demo" {
			l.accounts = strings.TrimSpace(said)
		}
	}
	return nil
}

func (l *launcher) startPrograms(ctx context.Context) error {
	l.out.say("starting worker and server")
	environment := l.programEnvironment()
	worker := l.service("worker", 30*time.Second, fmt.Sprintf("http://127.0.0.1:%d/readyz", l.workerPort), environment)
	server := l.service("server", 20*time.Second, fmt.Sprintf("http://127.0.0.1:%d/readyz", l.adminPort), environment)
	for _, s := range []*service{worker, server} {
		if err := s.start(); err != nil {
			return err
		}
	}
	for _, s := range []*service{worker, server, l.proxy} {
		if err := s.await(ctx, 60*time.Second); err != nil {
			return err
		}
	}
	return nil
}

// startWatch starts the watcher last: what it looks at is up.
func (l *launcher) startWatch(ctx context.Context) error {
	s := l.service("watch", 10*time.Second, fmt.Sprintf("http://127.0.0.1:%d/healthz", l.watchPort), l.watchEnvironment())
	if err := s.start(); err != nil {
		return err
	}
	return s.await(ctx, 30*time.Second)
}

// startDemoYear fills the system with examples while it can be used already: a
// child that gives way to everything else, ends by itself, and goes on at the
// next start where this one stopped it.
func (l *launcher) startDemoYear() (err error) {
	p := l.program("server", l.programEnvironment())
	p.name, p.log = "demo year", l.in("log/demo-year.log")
	p.path, p.args = "nice", []string{"-n", "10", l.bin("server"), "demo-year"}
	p.lines = func(line string) { l.out.say("%s", line) }
	if l.year, err = startChild(p); err != nil {
		return err
	}
	go func() {
		<-l.year.ended
		if l.year.err != nil {
			l.out.say("demo: ended (%v), its last words (%s):\n%s", l.year.err, p.log, logs.Tail(p.log, 5))
		}
	}()
	return nil
}

// watch revives PostgreSQL when it dies, as the services are revived, and
// returns when the person wants to stop.
func (l *launcher) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		if l.cluster.Running() {
			continue
		}
		l.out.say("PostgreSQL has ended (%s): starting it again", l.in("postgres/postgres.log"))
		if err := l.cluster.Ensure(ctx); err != nil && ctx.Err() == nil {
			l.out.say("PostgreSQL: %v", err)
		}
	}
}

// stop takes everything down in the reverse order: nobody loses what it leans
// on before it has ended.
func (l *launcher) stop() {
	if l.year != nil {
		l.year.stop()
	}
	for i := len(l.services) - 1; i >= 0; i-- {
		l.services[i].stop()
	}
	if l.mails != nil {
		l.mails.close()
	}
	if l.cluster != nil {
		if err := l.cluster.Stop(); err != nil {
			l.out.say("%v", err)
		}
	}
	if l.lock != nil {
		_ = l.lock.Close()
	}
	if l.cluster != nil {
		l.out.say("stopped")
	}
}

func (l *launcher) announce() {
	l.out.print("")
	l.out.print("pages       http://127.0.0.1:%d (the proxy; behind it the server, port %d)", l.webPort, l.serverPort)
	l.out.print("Temporal    http://127.0.0.1:%d/namespaces/cchc/workflows", l.uiPort)
	l.out.print("watcher     http://127.0.0.1:%d", l.watchPort)
	l.out.print("metrics     http://127.0.0.1:%d/metrics (server), http://127.0.0.1:%d/metrics (worker)", l.adminPort, l.workerPort)
	l.out.print("database    psql '%s'", l.cluster.URL("cchc"))
	l.out.print("mails       %s", l.mails.folder)
	l.out.print("logs        %s", l.in("log"))
	l.out.print("")
	if l.accounts != "" {
		l.out.print("%s\n", l.accounts)
	}
	l.out.say("Ctrl-C stops everything")
	l.out.print("ready: http://127.0.0.1:%d", l.webPort)
}
