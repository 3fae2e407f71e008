// Package stack runs the whole system for a test, each part as a process of its
// own that the test may kill: a PostgreSQL with fsync on, Temporal, worker and
// server, the same binaries as in production.
package stack

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"cchc/config"
	"cchc/dev/postgres"
	"cchc/migrations"
	"cchc/storage"
	"cchc/workflows"

	_ "github.com/lib/pq" // the driver
)

// The parts that can be killed and started.
const (
	Temporal = "temporal"
	Worker   = "worker"
	Server   = "server"
	Proxy    = "proxy" // before the server
	Watch    = "watch" // in production on another host; told nothing of the database
)

// Stack is a running system. Web is its address.
type Stack struct {
	Dir     string
	Cluster *postgres.Cluster
	Store   *storage.Store
	Owner   *sql.DB
	Engine  *workflows.Client
	Web     string
	SMTP    string // the mail server of parts that are started from now on; "": none

	t       testing.TB
	ports   map[string]int
	mutex   *sync.Mutex
	running map[string]*process
}

// Patience is how long anything may take that is not promised to be quicker: the
// machine of a test is small and busy, and a wait that succeeds costs nothing.
const Patience = 3 * time.Minute

type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// Start brings up PostgreSQL, with settings beside the usual ones, Temporal and
// the worker; the server comes with StartPart(Server). Everything stops with the
// test.
func Start(t testing.TB, settings ...string) *Stack {
	t.Helper()
	build(t)
	s := &Stack{t: t, Dir: dataDir(t), mutex: new(sync.Mutex), running: map[string]*process{}, ports: freePorts(t)}
	s.Web = "http://" + s.address("web")
	var err error
	ctx := context.Background()
	if s.Cluster, err = postgres.Start(ctx, postgres.Options{Dir: filepath.Join(s.Dir, "postgres"), Fsync: true, Settings: settings}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Cluster.Stop() })
	s.prepare(ctx)
	t.Cleanup(s.stopAll)
	if err := os.WriteFile(s.watchToken(), []byte("the secret of a test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{Temporal, Worker} {
		s.StartPart(part)
	}
	s.connect(ctx)
	s.await(ctx)
	return s
}

// For is the same system for a test within the test: what goes wrong there is said by
// that test, and ends no other.
func (s *Stack) For(t testing.TB) *Stack {
	own := *s
	own.t = t
	return &own
}

// dataDir is a short path that PostgreSQL's own user can enter.
func dataDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/tmp", "cchc-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

var built sync.Once

// build compiles the binaries once a run, with the flags used everywhere.
func build(t testing.TB) {
	t.Helper()
	built.Do(func() {
		cmd := exec.Command("go", "run", "./dev", "build")
		cmd.Dir = Root()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
	})
}

// Root is the checkout.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

func bin(name string) string {
	return filepath.Join(Root(), "bin") + string(filepath.Separator) + name
}

// freePorts finds a port for each program. They lie below those that the system gives to
// outgoing connections: a program that is started again must find its port free.
func freePorts(t testing.TB) map[string]int {
	const first, last = 10000, 32000
	ports := map[string]int{}
	for _, name := range []string{"web", "admin", "worker", "temporal", "ui", "proxy", "watch"} {
		for tries := 0; ports[name] == 0; tries++ {
			if tries == 100 {
				t.Fatal("no port is free")
			}
			port := first + rand.IntN(last-first)
			if _, given := givenPorts.LoadOrStore(port, true); given {
				continue
			}
			if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
				_ = l.Close()
				ports[name] = port
			}
		}
	}
	return ports
}

// givenPorts are those of all stacks of this run.
var givenPorts sync.Map

func (s *Stack) address(port string) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.ports[port]))
}

// prepare makes the database with its two roles, migrated and seeded.
func (s *Stack) prepare(ctx context.Context) {
	admin, err := sql.Open("postgres", s.Cluster.URL("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = admin.Close() }()
	if _, err := admin.ExecContext(ctx, `create database cchc`); err != nil {
		s.t.Fatal(err)
	}
	if s.Owner, err = sql.Open("postgres", s.Cluster.URL("cchc")); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.Owner.Close() })
	if err := migrations.Apply(ctx, s.Owner); err != nil {
		s.t.Fatal(err)
	}
	if err := storage.Seed(ctx, s.Owner); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Stack) connect(ctx context.Context) {
	var err error
	s.Store, err = storage.Open(ctx, storage.Options{URL: s.Cluster.RoleURL("cchc_app", "cchc"), Files: filepath.Join(s.Dir, "files")})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.Store.Close() })
	s.Engine, err = workflows.Connect(config.Temporal{Address: s.address("temporal"), Namespace: "cchc"}, client.Options{Logger: quiet{}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.Engine.Close)
}

type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

// await returns when the engine and the worker are ready to work.
func (s *Stack) await(ctx context.Context) {
	s.Eventually("the engine is ready", time.Minute, func() bool { return s.Engine.Ready(ctx) == nil })
	s.Eventually("the worker is ready", time.Minute, func() bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address("worker")+"/readyz", http.NoBody)
		if err != nil {
			return false
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

// Eventually waits until the condition holds, for as long as it is expected to take and
// never shorter than Patience.
func (s *Stack) Eventually(what string, expected time.Duration, holds func() bool) {
	s.t.Helper()
	patience := max(expected, Patience)
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// StartPart starts a part that does not run.
func (s *Stack) StartPart(part string) {
	s.t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.running[part] != nil {
		return
	}
	log, err := os.OpenFile(filepath.Join(s.Dir, part+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(bin(part), s.args(part)...)
	cmd.Env = s.environment()
	if part == Watch {
		cmd.Env = s.watchEnvironment()
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		_ = log.Close()
		close(p.ended)
	}()
	s.running[part] = p
}

// Run runs a command of a program to its end, in the stack's environment, e.g.
// Run(Server, "seed-demo").
func (s *Stack) Run(part, command string) {
	s.t.Helper()
	cmd := exec.Command(bin(part), command)
	cmd.Env = s.environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%s %s: %v\n%s", part, command, err, out)
	}
}

// Cockpit is the address of the engine's own pages.
func (s *Stack) Cockpit() string { return "http://" + s.address("ui") }

// Front is the address of the proxy before the server.
func (s *Stack) Front() string { return "http://" + s.address("proxy") }

// Admin is the address of a program's health and metrics.
func (s *Stack) Admin(part string) string {
	return "http://" + s.address(map[string]string{Server: "admin", Worker: "worker"}[part])
}

// WatchDir is what the watcher keeps.
func (s *Stack) WatchDir() string { return filepath.Join(s.Dir, "watch") }

// Watcher is the address of the watcher's own pages.
func (s *Stack) Watcher() string { return "http://" + s.address("watch") }

// RunWatch runs a command of the watcher to its end, and gives back what it says.
func (s *Stack) RunWatch(args ...string) string {
	s.t.Helper()
	cmd := exec.Command(bin(Watch), args...)
	cmd.Env = s.watchEnvironment()
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("watch %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// Keys is the folder of the demo signing keys and their roots.
func (s *Stack) Keys() string { return filepath.Join(s.Dir, "keys") }

func (s *Stack) args(part string) []string {
	if part != Temporal { // the others read their environment
		return nil
	}
	return []string{
		"-database", s.Cluster.URL("postgres"), "-port", strconv.Itoa(s.ports["temporal"]),
		"-ui-port", strconv.Itoa(s.ports["ui"]), "-namespace", "cchc",
	}
}

func (s *Stack) environment() []string {
	return append(os.Environ(),
		"DATABASE_URL="+s.Cluster.RoleURL("cchc_app", "cchc"),
		"CCHC_LISTEN="+s.address("web"), "CCHC_ADMIN_LISTEN="+s.address("admin"),
		"CCHC_WORKER_ADMIN_LISTEN="+s.address("worker"), "CCHC_PUBLIC_URL="+s.Web,
		"CCHC_COOKIE_SECURE=false", "CCHC_TEMPORAL_ADDRESS="+s.address("temporal"),
		"CCHC_TEMPORAL_NAMESPACE=cchc", "CCHC_TEMPORAL_UI_URL=http://"+s.address("ui"),
		"CCHC_FILES="+filepath.Join(s.Dir, "files"), "CCHC_KEYS="+s.Keys(),
		"CCHC_TRUST_ROOTS="+filepath.Join(s.Keys(), "roots.pem"), "CCHC_DEMO=true",
		"CCHC_MAIL_FROM=CCHC <cchc@localhost>", "CCHC_SMTP_ADDRESS="+s.SMTP, "CCHC_SMTP_TLS=none",
		"CCHC_WATCH_TOKEN_FILE="+s.watchToken(),
		"CCHC_PROXY_LISTEN="+s.address("proxy"), "CCHC_PROXY_SERVER="+s.Web, "CCHC_WATCH_URL="+s.Watcher()+"/", "CCHC_PROXY_HELP=028 0000 0000",
	)
}

// watchEnvironment has the watcher look every second.
func (s *Stack) watchEnvironment() []string {
	return append(os.Environ(),
		"CCHC_PUBLIC_URL="+s.Web, "CCHC_WATCH_DATA="+s.WatchDir(), "CCHC_WATCH_SECONDS=1",
		"CCHC_WATCH_LISTEN="+s.address("watch"), "CCHC_WATCH_URL="+s.Watcher()+"/",
		"CCHC_WATCH_TOKEN_FILE="+s.watchToken(), "CCHC_SMTP_ADDRESS="+s.SMTP, "CCHC_SMTP_TLS=none",
		"CCHC_MAIL_FROM=CCHC <giam-sat@localhost>",
	)
}

// watchToken is the file with the secret that server and watcher share.
func (s *Stack) watchToken() string { return filepath.Join(s.Dir, "watch-token") }

// Runs tells whether a part has been started and not killed.
func (s *Stack) Runs(part string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.running[part] != nil
}

// PID is the process of a part that runs.
func (s *Stack) PID(part string) int {
	s.t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	p := s.running[part]
	if p == nil {
		s.t.Fatalf("%s does not run", part)
	}
	return p.cmd.Process.Pid
}

// Kill ends parts with kill -9, all before any of them can react, and returns
// when they are gone. "postgres" is a part here too.
func (s *Stack) Kill(parts ...string) {
	s.t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, part := range parts {
		if part == "postgres" {
			pid, err := s.Cluster.PID()
			if err != nil {
				s.t.Fatal(err)
			}
			_ = syscall.Kill(pid, syscall.SIGKILL)
			continue
		}
		if p := s.running[part]; p != nil {
			_ = p.cmd.Process.Kill()
		}
	}
	for _, part := range parts {
		if p := s.running[part]; p != nil {
			<-p.ended
			delete(s.running, part)
		}
	}
}

// Revive starts what has been killed; the database first.
func (s *Stack) Revive(parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if part == "postgres" {
			if err := s.Cluster.Ensure(context.Background()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for _, part := range parts {
		if part != "postgres" {
			s.StartPart(part)
		}
	}
}

func (s *Stack) stopAll() {
	if s.t.Failed() {
		for _, part := range []string{Temporal, Worker, Server, Watch} {
			s.t.Logf("last words of %s:\n%s", part, tail(filepath.Join(s.Dir, part+".log")))
		}
	}
	s.Kill(Proxy, Watch, Server, Worker, Temporal)
}

func tail(path string) string {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "(none)"
	}
	return lastLines(string(data), 40, 300)
}

// lastLines is the end of a log, in so many lines of so many bytes.
func lastLines(log string, most, long int) string {
	lines := strings.Split(strings.TrimRight(log, "\n"), "\n")
	lines = lines[max(0, len(lines)-most):]
	for i, line := range lines {
		if len(line) > long {
			lines[i] = strings.ToValidUTF8(line[:long], "") + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// Count runs a counting query as the owner.
func (s *Stack) Count(query string, args ...any) int {
	s.t.Helper()
	var n int
	if err := s.Owner.QueryRow(query, args...).Scan(&n); err != nil {
		s.t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
	return n
}
