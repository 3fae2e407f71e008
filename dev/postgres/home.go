package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// home is the folder of one cluster and the user its server runs as.
type home struct {
	dir    string
	socket string              // folder of the Unix socket
	as     *syscall.Credential // nil: ourselves
}

func (h home) data() string      { return filepath.Join(h.dir, "data") }
func (h home) pidFile() string   { return filepath.Join(h.data(), "postmaster.pid") }
func (h home) logFile() string   { return filepath.Join(h.dir, "postgres.log") }
func (h home) usersLock() string { return filepath.Join(h.dir, "users.lock") }
func (h home) startLock() string { return filepath.Join(h.dir, "start.lock") }

// longestSocket is the longest folder that leaves room for the socket's own
// name: the kernel allows 107 bytes in all, 103 on a Mac.
const longestSocket = 103 - len("/.s.PGSQL.5432")

func (h home) url(role, database string) string {
	address := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database}
	query := url.Values{"host": {h.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	address.RawQuery = strings.ReplaceAll(query, "%2F", "/") // allowed as it is, and people read it
	return address.String()
}

// makeHome makes the folder where missing. PostgreSQL refuses to run as root,
// so root's cluster belongs to the user postgres, whom the package made.
func makeHome(dir string) (home, error) {
	if !filepath.IsAbs(dir) {
		return home{}, fmt.Errorf("folder of the cluster %q is not absolute", dir)
	}
	h := home{dir: dir, socket: dir}
	if len(dir) > longestSocket {
		sum := sha256.Sum256([]byte(dir))
		h.socket = "/tmp/cchc-" + hex.EncodeToString(sum[:6])
	}
	if os.Geteuid() == 0 {
		as, err := account("postgres")
		if err != nil {
			return home{}, err
		}
		h.as = as
	}
	for _, folder := range []string{h.dir, h.socket} {
		if err := h.makeFolder(folder); err != nil {
			return home{}, err
		}
	}
	return h, h.reachable()
}

// makeFolder makes a folder that belongs to the server's user alone: whoever
// can enter it can open the socket.
func (h home) makeFolder(folder string) error {
	// The folders above must let the server's user through.
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return fmt.Errorf("make folder of the cluster: %w", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make folder of the cluster: %w", err)
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return fmt.Errorf("make folder of the cluster: %w", err)
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || (owner != h.uid() && owner != uint32(os.Geteuid())) {
		return fmt.Errorf("%s is not a folder of this user", folder)
	}
	if h.as != nil {
		if err := os.Chown(folder, int(h.as.Uid), int(h.as.Gid)); err != nil {
			return fmt.Errorf("make folder of the cluster: %w", err)
		}
	}
	return os.Chmod(folder, 0o700)
}

func (h home) uid() uint32 {
	if h.as != nil {
		return h.as.Uid
	}
	return uint32(os.Geteuid())
}

// ErrUnreachable says that the server's user cannot enter the folder.
var ErrUnreachable = errors.New("cannot be entered by the user postgres, as whom the server runs: choose a folder outside private ones")

// reachable asks the server's user whether it can enter its folder: /root and
// other private folders above it would keep it out.
func (h home) reachable() error {
	cmd := exec.Command("/bin/sh", "-c", `cd "$0"`, h.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.as}
	cmd.Dir = "/"
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %w", h.dir, ErrUnreachable)
	}
	return nil
}

func account(name string) (*syscall.Credential, error) {
	found, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root and there is no user %s to run it as: %w", name, err)
	}
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(found.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// running is the server of this folder, if its process lives. The number in
// the file is not believed alone: it may be stale and belong to somebody else.
func (h home) running() (pid int, alive bool) {
	content, err := os.ReadFile(h.pidFile())
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 0 {
		return 0, false
	}
	return pid, h.worksHere(pid)
}

// stop ends the server: at once but orderly, then without a checkpoint, then
// by force.
func (h home) stop() error {
	pid, alive := h.running()
	if !alive {
		return nil
	}
	for _, step := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop PostgreSQL: %w", err)
		}
		for deadline := time.Now().Add(step.patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			if !h.occupied() {
				return nil
			}
		}
	}
	return fmt.Errorf("PostgreSQL in %s (process %d) does not end", h.dir, pid)
}
