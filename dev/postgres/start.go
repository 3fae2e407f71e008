package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"cchc/dev/logs"
)

// settings of the server. 400 connections leave room for a Temporal server,
// both programs and several test packages at once.
func (c *Cluster) settings() []string {
	onOff := map[bool]string{true: "on", false: "off"}[c.options.Fsync]
	all := []string{
		"-D", c.home.data(), "-k", c.home.socket, "-p", "5432",
		"-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
		"-c", "max_connections=400", "-c", "shared_buffers=256MB",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC",
		"-c", "fsync=" + onOff, "-c", "full_page_writes=" + onOff, "-c", "synchronous_commit=" + onOff,
	}
	for _, setting := range c.options.Settings {
		all = append(all, "-c", setting)
	}
	return all
}

// startOrAdopt runs under the start lock.
func (c *Cluster) startOrAdopt(ctx context.Context) error {
	if adopted, err := c.adopt(ctx); adopted || err != nil {
		return err
	}
	var err error
	if c.binaries, err = c.binaries.forData(c.home.data()); err != nil {
		return err
	}
	if err := c.initialise(ctx); err != nil {
		return err
	}
	// Nobody works there, so the file is a dead server's; PostgreSQL itself
	// would be kept away by a zombie of the same number.
	if err := os.Remove(c.home.pidFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale lock file: %w", err)
	}
	return c.launch(ctx)
}

// adopt waits out a server that is starting or stopping, and tells whether one
// answers.
func (c *Cluster) adopt(ctx context.Context) (bool, error) {
	for deadline := time.Now().Add(60 * time.Second); c.home.occupied(); {
		err := ping(ctx, c.URL("postgres"))
		if err == nil {
			return true, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return false, fmt.Errorf("the PostgreSQL that runs in %s does not answer: %w", c.home.dir, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false, nil
}

// initialise makes the data under another name and renames it when it is
// whole, so that a kill in the middle leaves nothing half made.
func (c *Cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(c.home.data() + "/PG_VERSION"); err == nil {
		return nil
	}
	_, _ = fmt.Fprintf(c.options.Log, "making a PostgreSQL %d cluster in %s\n", c.binaries.major, c.home.dir)
	draft := c.home.data() + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	args := []string{"-D", draft, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"}
	if !c.options.Fsync {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, c.binaries.path("initdb"), args...)
	c.become(cmd)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	if err := os.Rename(draft, c.home.data()); err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	return nil
}

// become makes a command run as the server's user, apart from our terminal and
// our process group: Ctrl-C reaches us, and we stop the server.
func (c *Cluster) become(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.home.as, Setsid: true}
	cmd.Dir = c.home.dir
	for _, pair := range os.Environ() {
		// PGPORT, PGDATA and their like would overrule what we say.
		if !strings.HasPrefix(pair, "PG") && !strings.HasPrefix(pair, "LC_") && !strings.HasPrefix(pair, "LANG") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C.UTF-8")
}

func (c *Cluster) launch(ctx context.Context) error {
	log, err := logs.Open(c.home.logFile())
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(c.binaries.path("postgres"), c.settings()...)
	c.become(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it went is in cmd.ProcessState
		close(ended)
	}()
	// Recovery after a kill may take a while; it is given the time.
	for deadline := time.Now().Add(2 * time.Minute); ; {
		err := ping(ctx, c.URL("postgres"))
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("PostgreSQL ended at once (%s), its last words:\n%s", cmd.ProcessState, logs.Tail(c.home.logFile(), 8))
		case <-ctx.Done():
			_ = syscall.Kill(cmd.Process.Pid, syscall.SIGINT)
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			_ = syscall.Kill(cmd.Process.Pid, syscall.SIGINT)
			return fmt.Errorf("PostgreSQL does not answer: %w", err)
		}
	}
}

// watchman waits until nobody uses the cluster and then stops its server. It
// outlives us, so kill -9 leaves no server behind. It checks that the process
// is the server's: the number may be stale.
const watchman = `pid=$(head -n 1 "$0/postmaster.pid" 2>/dev/null) || exit 0
[ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$0")" ] && kill -INT "$pid"`

// watch starts a watchman. Where flock(1) is missing, on a Mac, the server
// stays after a kill and the next Start adopts it.
func (h home) watch() error {
	flock, err := exec.LookPath("flock")
	if err != nil {
		return nil
	}
	cmd := exec.Command(flock, "--no-fork", h.usersLock(), "/bin/sh", "-c", watchman, h.data())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Dir = "/"
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the cluster's watchman: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
