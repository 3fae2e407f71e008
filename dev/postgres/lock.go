package postgres

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

type lockKind int

const (
	shared    lockKind = syscall.LOCK_SH
	exclusive lockKind = syscall.LOCK_EX
)

// lock waits for the lock on a file, which is held while the file is open: the
// kernel frees it when the process dies, however it dies.
func lock(ctx context.Context, path string, kind lockKind) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the cluster: %w", err)
	}
	for !tryLock(file, kind) {
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("wait for %s: %w", path, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return file, nil
}

func tryLock(file *os.File, kind lockKind) bool {
	return syscall.Flock(int(file.Fd()), int(kind)|syscall.LOCK_NB) == nil
}
