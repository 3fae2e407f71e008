// Package postgres starts and stops a private PostgreSQL cluster for the local
// system and for the tests: on a Unix socket only, in a folder of its own, with
// no password because nobody else can reach the socket.
//
// Any number of processes may use one cluster. Each holds a shared lock on a
// file of it for as long as it lives; the first starts the server, the others
// adopt it, and when the last one has gone, by Stop or by kill -9, the server
// is stopped. Whatever was killed, the next Start recovers.
//
// Production never runs this package, and nothing here knows a table.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "github.com/lib/pq" // the driver
)

// Floor is the oldest major version of PostgreSQL the system runs on.
const Floor = 15

// External names the variable that points to a PostgreSQL to use instead of a
// private one: a superuser's URL. It is not DATABASE_URL, so that a shell set
// up for production cannot make the tests write there.
const External = "CCHC_POSTGRES_URL"

// Options say where a cluster lives and how careful it is.
type Options struct {
	Dir   string    // its folder: made where missing; absolute
	Fsync bool      // false: survives kill -9 but no power cut, and data that does not start is thrown away
	Log   io.Writer // progress in words; nil: silence
	// Settings of the server beside our own, e.g. "log_lock_waits=on". They count
	// when the server is started, not when it is adopted.
	Settings []string
}

// Cluster is a running PostgreSQL. Its methods may be called at any time from
// any goroutine but Stop, which is called once.
type Cluster struct {
	external *url.URL // set: somebody else's server
	home     home
	binaries binaries
	options  Options
	users    *os.File // our shared lock: we use the cluster while it is open
}

// held keeps the clusters in use from the garbage collector, which would close
// their lock files and so let the server be stopped under a caller who kept
// the URL alone.
var held sync.Map

// Shared is the cluster of all tests of this user on this machine: its data may
// be thrown away at any time. It is never stopped explicitly: that happens when
// the last test process ends.
func Shared(ctx context.Context) (*Cluster, error) {
	dir := filepath.Join("/tmp", "cchc-test-postgres-"+strconv.Itoa(os.Geteuid()))
	return Start(ctx, Options{Dir: dir})
}

// Start starts the cluster in o.Dir or adopts it where it already runs,
// installing PostgreSQL and making the folder when they are missing.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if address := os.Getenv(External); address != "" {
		return useExternal(ctx, address)
	}
	found, err := findOrInstall(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	place, err := makeHome(o.Dir)
	if err != nil {
		return nil, err
	}
	c := &Cluster{home: place, binaries: found, options: o}
	if c.users, err = lock(ctx, place.usersLock(), shared); err != nil {
		return nil, err
	}
	if err := c.Ensure(ctx); err != nil {
		_ = c.users.Close()
		return nil, err
	}
	held.Store(c, true)
	return c, place.watch()
}

// Ensure starts the server again where it has died. It is cheap while it runs.
func (c *Cluster) Ensure(ctx context.Context) error {
	if c.external != nil {
		return ping(ctx, c.URL("postgres"))
	}
	starting, err := lock(ctx, c.home.startLock(), exclusive)
	if err != nil {
		return err
	}
	defer func() { _ = starting.Close() }()
	err = c.startOrAdopt(ctx)
	if err == nil || c.options.Fsync || ctx.Err() != nil || c.home.occupied() {
		return err
	}
	_, _ = fmt.Fprintf(c.options.Log, "the test data in %s does not start (%v): made anew\n", c.home.dir, err)
	if err := os.RemoveAll(c.home.data()); err != nil {
		return fmt.Errorf("throw away test data: %w", err)
	}
	return c.startOrAdopt(ctx)
}

// URL is the address of a database of the cluster as its superuser, in the form
// that lib/pq and pgx read.
func (c *Cluster) URL(database string) string {
	if c.external != nil {
		address := *c.external
		address.Path = "/" + database
		return address.String()
	}
	return c.home.url("postgres", database)
}

// RoleURL is the same as another role.
func (c *Cluster) RoleURL(role, database string) string {
	if c.external != nil {
		address := *c.external
		address.User = url.User(role)
		address.Path = "/" + database
		return address.String()
	}
	return c.home.url(role, database)
}

// Running tells whether the server's process lives. Somebody else's server is
// theirs to look after and counts as running.
func (c *Cluster) Running() bool {
	if c.external != nil {
		return true
	}
	_, alive := c.home.running()
	return alive
}

// PID is the server's process, for tests that kill it.
func (c *Cluster) PID() (int, error) {
	if c.external != nil {
		return 0, errors.New("the server named by " + External + " is not ours")
	}
	pid, alive := c.home.running()
	if !alive {
		return 0, errors.New("no server is running in " + c.home.dir)
	}
	return pid, nil
}

// Stop ends our use. The server stops with its last user, and Stop returns when
// it has stopped or is known to be used by others.
func (c *Cluster) Stop() error {
	if c.external != nil {
		return nil
	}
	defer held.Delete(c)
	defer func() { _ = c.users.Close() }()
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if tryLock(c.users, exclusive) {
			return c.home.stop()
		}
		if _, alive := c.home.running(); !alive {
			return nil
		}
	}
	return nil
}

// useExternal checks the server that somebody else runs.
func useExternal(ctx context.Context, address string) (*Cluster, error) {
	parsed, err := url.Parse(address)
	if err != nil || (parsed.Scheme != "postgres" && parsed.Scheme != "postgresql") {
		return nil, errors.New(External + ": is not a URL like postgres://user@host:5432/postgres")
	}
	c := &Cluster{external: parsed}
	if err := ping(ctx, c.URL("postgres")); err != nil {
		return nil, fmt.Errorf("%s: %w", External, err)
	}
	return c, nil
}

// ping tells whether a server answers and is new enough.
func ping(ctx context.Context, address string) error {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var version int
	if err := db.QueryRowContext(ctx, `select current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return err
	}
	if version/10000 < Floor {
		return fmt.Errorf("PostgreSQL %d is too old: %d or newer is needed", version/10000, Floor)
	}
	return nil
}
