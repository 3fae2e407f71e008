// Package storagetest gives each test a migrated and seeded PostgreSQL database
// of its own, cloned from a template, opened as the role cchc_app.
package storagetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/migrations"
	"cchc/storage"

	_ "github.com/lib/pq" // the driver
)

// Database is one test's own database.
type Database struct {
	Store    *storage.Store
	URL      string  // as cchc_app
	OwnerURL string  // as the owner, for looking and arranging
	Owner    *sql.DB // open as the owner
}

var template struct {
	sync.Once
	admin string // address of the cluster's maintenance database, as superuser
	name  string
	err   error
}

// Open clones the template. The clone lives on for a while after the test: see sweep.
func Open(t testing.TB) *Database {
	t.Helper()
	template.Do(func() { template.admin, template.name, template.err = prepare() })
	if template.err != nil {
		t.Fatalf("prepare test database: %v", template.err)
	}
	name := cloneName(os.Getpid(), time.Now())
	run(t, template.admin, fmt.Sprintf(`create database %s template %s strategy file_copy`, name, template.name))
	d := &Database{
		URL:      address(template.admin, name, "cchc_app"),
		OwnerURL: address(template.admin, name, ""),
	}
	// Settings of a role in a database are not cloned with it.
	run(t, template.admin,
		fmt.Sprintf(`alter role cchc_app in database %s set lock_timeout = '3s'`, name),
		fmt.Sprintf(`alter role cchc_app in database %s set statement_timeout = '5s'`, name),
		fmt.Sprintf(`alter role cchc_app in database %s set timezone = 'UTC'`, name))
	owner, err := sql.Open("postgres", d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	d.Owner = owner
	d.Store, err = storage.Open(context.Background(), storage.Options{URL: d.URL, Files: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.Store.Close()
		dropLarge(t, owner, name)
		_ = owner.Close()
	})
	return d
}

// OpenAs opens a bare connection with an address of the database.
func OpenAs(t testing.TB, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t testing.TB, admin string, statements ...string) {
	t.Helper()
	db, err := sql.Open("postgres", admin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// prepare makes the template once for all packages under test: its name is the
// hash of the migrations and the seed, and a lock keeps two makers apart.
func prepare() (admin, name string, err error) {
	admin, err = cluster()
	if err != nil {
		return "", "", err
	}
	db, err := sql.Open("postgres", admin)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return "", "", err
	}
	defer func() { _ = conn.Close() }()
	name = "template_" + fingerprint()
	ctx := context.Background()
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock(14390001)`); err != nil {
		return "", "", err
	}
	defer func() { _, _ = conn.ExecContext(ctx, `select pg_advisory_unlock(14390001)`) }()
	if err := sweep(ctx, conn); err != nil {
		return "", "", err
	}
	var done bool
	if err := conn.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1 and datistemplate)`, name).Scan(&done); err != nil || done {
		return admin, name, err
	}
	for _, statement := range []string{
		fmt.Sprintf(`drop database if exists %s with (force)`, name),
		fmt.Sprintf(`create database %s`, name),
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return "", "", err
		}
	}
	if err := fill(ctx, address(admin, name, "")); err != nil {
		return "", "", err
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`alter database %s is_template true`, name))
	return admin, name, err
}

func fill(ctx context.Context, url string) error {
	owner, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close() }()
	if err := migrations.Apply(ctx, owner); err != nil {
		return err
	}
	return storage.Seed(ctx, owner)
}

// fingerprint changes whenever a migration or a seed file does.
func fingerprint() string {
	sum := sha256.New()
	for _, tree := range []fs.FS{migrations.Files(), migrations.Seed} {
		_ = fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := fs.ReadFile(tree, path)
			_, _ = fmt.Fprintf(sum, "%s\n%s\n", path, data)
			return err
		})
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// address is the same server with another database and user.
func address(admin, database, user string) string {
	u, err := url.Parse(admin)
	if err != nil {
		panic("test database address: " + err.Error())
	}
	u.Path = "/" + database
	if user != "" {
		u.User = url.User(user)
	}
	return strings.TrimSpace(u.String())
}
