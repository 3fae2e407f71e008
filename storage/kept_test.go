package storage_test

import (
	"context"
	"database/sql"
	"testing"

	"cchc/storage"
	"cchc/storage/storagetest"
)

// single is a single connection that keeps its statements.
func single(t *testing.T) (*sql.Conn, *storagetest.Database) {
	t.Helper()
	db := storagetest.Open(t)
	pool, err := storage.OpenKept(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(); _ = pool.Close() })
	return conn, db
}

func read(t *testing.T, conn *sql.Conn, query string, args ...any) int {
	t.Helper()
	var n int
	if err := conn.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestStatementsAreKept(t *testing.T) {
	conn, _ := single(t)
	for range 3 {
		if n := read(t, conn, `select count(*) from units where code = $1`, "STC"); n != 1 {
			t.Errorf("%d units, want 1", n)
		}
		if _, err := conn.ExecContext(context.Background(), `update settings set value = $1 where key = 'none'`, "x"); err != nil {
			t.Fatal(err)
		}
	}
	// Two of them, and the one that asks.
	if n := read(t, conn, `select count(*) from pg_prepared_statements`); n != 3 {
		t.Errorf("%d statements kept, want 3", n)
	}
}

// A compiler that runs for a second before a statement of milliseconds must not
// come back with a newer PostgreSQL or another address.
func TestNothingIsCompiled(t *testing.T) {
	conn, _ := single(t)
	var jit string
	if err := conn.QueryRowContext(context.Background(), `show jit`).Scan(&jit); err != nil || jit != "off" {
		t.Errorf("jit is %q, want off (%v)", jit, err)
	}
}

// A failed statement, and one first met in a transaction that has failed
// already, leave the connection as good as it was.
func TestKeptStatementsSurviveFailures(t *testing.T) {
	conn, _ := single(t)
	ctx := context.Background()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	const insert = `insert into settings (key, value) values ($1, $2)`
	const count = `select count(*) from settings where key like $1`
	for i, fails := range []bool{false, true, true} { // new, the same key again, aborted
		if _, err := tx.ExecContext(ctx, insert, "kept", "1"); (err != nil) != fails {
			t.Errorf("insert %d: %v", i, err)
		}
	}
	var n int
	if err := tx.QueryRowContext(ctx, count, "kept%").Scan(&n); err == nil {
		t.Error("a query in a failed transaction was answered")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := read(t, conn, count, "kept%"); n != 0 {
		t.Errorf("%d settings, want 0", n)
	}
	if _, err := conn.ExecContext(ctx, insert, "kept", "1"); err != nil {
		t.Errorf("insert afterwards: %v", err)
	}
}

// A migration beside a running program may change what a statement returns: one
// call fails, the next is prepared anew.
func TestKeptStatementOfAChangedTable(t *testing.T) {
	conn, db := single(t)
	ctx := context.Background()
	const query = `select value from settings where key = $1`
	if _, err := conn.ExecContext(ctx, `insert into settings (key, value) values ($1, $2)`, "kept", "7"); err != nil {
		t.Fatal(err)
	}
	read(t, conn, query, "kept")
	if _, err := db.Owner.Exec(`alter table settings alter column value type int using value::int`); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := conn.QueryRowContext(ctx, query, "kept").Scan(&n); err == nil {
		t.Error("PostgreSQL answered a statement whose result type has changed; nothing was tested")
	}
	if n := read(t, conn, query, "kept"); n != 7 {
		t.Errorf("read %d, want 7", n)
	}
}
