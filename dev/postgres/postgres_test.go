package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// helper makes the test binary a process that uses a cluster until it is killed.
const helper = "CCHC_TEST_USE_CLUSTER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helper); dir != "" {
		c, err := Start(context.Background(), Options{Dir: dir})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("using", c.URL("postgres"))
		_, _ = io.Copy(io.Discard, os.Stdin) // until killed
	}
	os.Exit(m.Run())
}

// place is a folder that the server's user can enter, whatever TMPDIR says.
func place(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "cchc-pg-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "cluster")
}

func start(t *testing.T, o Options) *Cluster {
	t.Helper()
	t.Setenv(External, "")
	o.Log = t.Output()
	c, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	return c
}

func exe(t *testing.T, c *Cluster, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func pid(t *testing.T, c *Cluster) int {
	t.Helper()
	pid, err := c.PID()
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestDataOutlivesStop(t *testing.T) {
	dir := place(t)
	c := start(t, Options{Dir: dir, Fsync: true})
	exe(t, c, `create table kept (n int)`)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PID(); err == nil {
		t.Fatal("the server still runs after Stop")
	}
	began := time.Now()
	c = start(t, Options{Dir: dir, Fsync: true})
	t.Logf("second start: %v", time.Since(began))
	exe(t, c, `insert into kept values (1)`)
}

func TestServerIsReachedOnTheSocketAlone(t *testing.T) {
	c := start(t, Options{Dir: place(t)})
	exe(t, c, `do $$ begin
		if current_setting('listen_addresses') <> '' then raise 'listens on a network'; end if;
		if current_setting('timezone') <> 'UTC' then raise 'not in UTC'; end if;
		if current_setting('server_encoding') <> 'UTF8' then raise 'not in UTF8'; end if;
	end $$`)
	info, err := os.Stat(c.home.socket)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder of the socket: %v, %v", info.Mode(), err)
	}
}

func TestSecondStarterAdopts(t *testing.T) {
	dir := place(t)
	var both [2]*Cluster
	t.Setenv(External, "")
	var group sync.WaitGroup
	for i := range both {
		group.Go(func() {
			var err error
			if both[i], err = Start(context.Background(), Options{Dir: dir}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	one := pid(t, both[0])
	if other := pid(t, both[1]); other != one {
		t.Fatalf("two servers: %d and %d", one, other)
	}
	if err := both[0].Stop(); err != nil {
		t.Fatal(err)
	}
	if still := pid(t, both[1]); still != one {
		t.Fatalf("the first Stop took the server from the second user")
	}
	if err := both[1].Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := both[1].PID(); err == nil {
		t.Error("the last Stop left the server running")
	}
}

// A caller may keep the address alone: the collector must not close the lock.
func TestAddressAloneKeepsTheServer(t *testing.T) {
	dir := place(t)
	t.Setenv(External, "")
	if _, err := Start(context.Background(), Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	home, err := makeHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	users, err := os.OpenFile(home.usersLock(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = users.Close() }()
	for range 5 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
		if tryLock(users, exclusive) {
			t.Fatal("the lock of a cluster in use was freed")
		}
	}
	held.Range(func(c, _ any) bool { return c.(*Cluster).home.dir != dir || c.(*Cluster).Stop() != nil })
}

func TestKilledServerIsRevived(t *testing.T) {
	c := start(t, Options{Dir: place(t), Fsync: true})
	exe(t, c, `create table kept (n int)`)
	killed := pid(t, c)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := c.Ensure(context.Background()); err != nil {
		t.Fatal(err)
	}
	if pid(t, c) == killed {
		t.Error("still the killed process")
	}
	exe(t, c, `insert into kept values (1)`)
}

// Kill -9 of the last user leaves no server behind, and the next one starts.
func TestKilledUserLeavesNothing(t *testing.T) {
	dir := place(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helper+"="+dir, External+"=")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, _ := stdout.Read(line)
	if !strings.HasPrefix(string(line[:n]), "using ") {
		t.Fatalf("helper said %q", line[:n])
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	home, err := makeHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); home.occupied(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server outlived its only user by a minute")
		}
	}
	c := start(t, Options{Dir: dir})
	exe(t, c, `select 1`)
}

func TestStaleLockFileOfAForeignProcess(t *testing.T) {
	dir := place(t)
	c := start(t, Options{Dir: dir})
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	stale := fmt.Sprintf("%d\n%s\n", os.Getpid(), c.home.data())
	if err := os.WriteFile(c.home.pidFile(), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	exe(t, start(t, Options{Dir: dir}), `select 1`)
}

func TestHalfMadeClusterIsMadeAnew(t *testing.T) {
	dir := place(t)
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	exe(t, start(t, Options{Dir: dir}), `select 1`)
}

// Test data that does not start is thrown away; a person's data never is.
func TestBrokenData(t *testing.T) {
	dir := place(t)
	c := start(t, Options{Dir: dir, Fsync: true})
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	control := filepath.Join(c.home.data(), "global", "pg_control")
	if err := os.Remove(control); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(context.Background(), Options{Dir: dir, Fsync: true}); err == nil {
		t.Fatal("started without pg_control")
	} else if !strings.Contains(err.Error(), "pg_control") {
		t.Errorf("the server's own words are missing: %v", err)
	}
	exe(t, start(t, Options{Dir: dir}), `select 1`)
}

func TestLongFolderGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(place(t), strings.Repeat("long-", 20))
	c := start(t, Options{Dir: dir})
	if len(c.home.socket) > longestSocket {
		t.Errorf("socket in %s", c.home.socket)
	}
	exe(t, c, `select 1`)
	t.Cleanup(func() { _ = os.RemoveAll(c.home.socket) })
}

// As root the server runs as postgres, who cannot enter root's private folders;
// an ordinary user's own private folder is no obstacle.
func TestPrivateParent(t *testing.T) {
	t.Setenv(External, "")
	dir := place(t)
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := Start(context.Background(), Options{Dir: dir})
	if os.Geteuid() == 0 {
		if !errors.Is(err, ErrUnreachable) {
			t.Errorf("got %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
}

func TestExternalServer(t *testing.T) {
	ours := start(t, Options{Dir: place(t)})
	t.Setenv(External, ours.URL("postgres"))
	c, err := Start(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.URL("other") != ours.URL("other") || !strings.Contains(c.RoleURL("cchc_app", "x"), "cchc_app@") {
		t.Errorf("URL %s, role URL %s", c.URL("other"), c.RoleURL("cchc_app", "x"))
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	pid(t, ours) // still there: it is not c's to stop
	t.Setenv(External, "db:5432")
	if _, err := Start(context.Background(), Options{}); err == nil || !strings.HasPrefix(err.Error(), External) {
		t.Errorf("got %v", err)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	install := func(name, version string) string {
		dir := filepath.Join(root, name)
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		for _, program := range []string{"postgres", "initdb"} {
			if err := os.WriteFile(filepath.Join(dir, program), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	install("a/9", "9.6.24")
	install("a/15", "15.18 (Debian 15.18-0+deb12u1)")
	want := install("a/17", "17beta1")
	install("b/18", "18.0")
	only13 := filepath.Dir(install("c/13", "13.9"))

	rows := []struct {
		name     string
		patterns []string
		want     binaries
		tooOld   int
	}{
		{"the newest of the first place", []string{root + "/a/*", root + "/b/*"}, binaries{want, 17}, 9},
		{"the next place where the first has none", []string{root + "/none/*", root + "/b/*"}, binaries{root + "/b/18", 18}, 0},
		{"below the floor", []string{only13 + "/*"}, binaries{}, 13},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got, tooOld := find(row.patterns); got != row.want || tooOld != row.tooOld {
				t.Errorf("got %v, too old %d; want %v, %d", got, tooOld, row.want, row.tooOld)
			}
		})
	}

	t.Setenv("PG_BINDIR", only13+"/13")
	if _, err := findOrInstall(context.Background(), io.Discard); err == nil || !strings.HasPrefix(err.Error(), "PG_BINDIR:") {
		t.Errorf("a wrong PG_BINDIR passed: %v", err)
	}
}
