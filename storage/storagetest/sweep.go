package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// A clone is some hundred small files. Where ext4 keeps them, making one costs ten
// times as much while files of another have just been deleted: the file system
// looks through every inode freed in the last seconds and takes none of them. So a
// test leaves its clone behind, unless it has grown large, and a later process
// drops it.
const (
	sweepAfter = 10 * time.Minute
	large      = 64 << 20 // bytes; an untouched clone has some 9 MB
)

// cloneName tells whose the clone is and since when.
func cloneName(pid int, made time.Time) string {
	return fmt.Sprintf("t_%d_%d", pid, made.UnixNano())
}

// sweep drops the clones that ended processes have left behind some time ago. One
// with connections (by somebody on another machine, if the server is an external
// one) is left alone.
func sweep(ctx context.Context, conn *sql.Conn) error {
	const find = `select datname from pg_database where datname ~ '^t_[0-9]+_[0-9]+$'
		and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)`
	rows, err := conn.QueryContext(ctx, find)
	if err != nil {
		return fmt.Errorf("find clones: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var left []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("find clones: %w", err)
		}
		if leftBehind(name) {
			left = append(left, name)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("find clones: %w", err)
	}
	for _, name := range left {
		// Not by force: whoever has just connected keeps it.
		_, _ = conn.ExecContext(ctx, `drop database if exists `+name)
	}
	return nil
}

func leftBehind(name string) bool {
	var pid int
	var made int64
	if _, err := fmt.Sscanf(name, "t_%d_%d", &pid, &made); err != nil {
		return false
	}
	ended := errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
	return ended && time.Since(time.Unix(0, made)) > sweepAfter
}

// dropLarge drops a clone that a test has filled: disks are finite.
func dropLarge(t testing.TB, owner *sql.DB, name string) {
	t.Helper()
	var size int64
	if err := owner.QueryRow(`select pg_database_size($1)`, name).Scan(&size); err != nil {
		t.Fatalf("size of %s: %v", name, err)
	}
	if size > large {
		run(t, template.admin, `drop database if exists `+name+` with (force)`)
	}
}
