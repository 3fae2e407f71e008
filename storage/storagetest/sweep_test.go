package storagetest

import (
	"os"
	"testing"
	"time"
)

// nobody is no process: beyond the highest number Linux gives.
const nobody = 1 << 23

func TestSweep(t *testing.T) {
	Open(t) // prepares the server
	db := OpenAs(t, template.admin)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	long := time.Now().Add(-2 * sweepAfter)
	rows := []struct {
		what, name string
		stays      bool
	}{
		{"of an ended process, long ago", cloneName(nobody, long), false},
		{"of an ended process, just now", cloneName(nobody, time.Now()), true},
		{"of a living process", cloneName(os.Getpid(), long), true},
		{"of an ended process, in use", cloneName(nobody+1, long), true},
	}
	for _, row := range rows {
		run(t, template.admin, `create database `+row.name)
		t.Cleanup(func() { run(t, template.admin, `drop database if exists `+row.name+` with (force)`) })
	}
	inUse := OpenAs(t, address(template.admin, rows[3].name, ""))
	if err := inUse.Ping(); err != nil {
		t.Fatal(err)
	}
	if err := sweep(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		var there bool
		if err := db.QueryRow(`select exists (select from pg_database where datname = $1)`, row.name).Scan(&there); err != nil {
			t.Fatal(err)
		}
		if there != row.stays {
			t.Errorf("a clone %s: there after sweeping: %v", row.what, there)
		}
	}
}
