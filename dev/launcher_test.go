package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/dev/postgres"
)

func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestReadSettings(t *testing.T) {
	s, err := readSettings("/src/cchc", from(nil))
	if err != nil {
		t.Fatal(err)
	}
	want := settings{
		data: "/src/cchc/.data", webPort: 8080, serverPort: 8088, adminPort: 8081, workerPort: 8082, watchPort: 8087,
		temporalPort: 7233, uiPort: 8233, retentionDays: 90,
	}
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	s, err = readSettings("/src/cchc", from(map[string]string{
		"CCHC_DATA": "/srv/cchc", "CCHC_PORT": "9000", "CCHC_ADMIN_PORT": "9100",
		"CCHC_TEMPORAL_PORT": "9200", "CCHC_TEMPORAL_UI_PORT": "9300", "CCHC_RETENTION_DAYS": "7",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want = settings{
		data: "/srv/cchc", dataChosen: true, webPort: 9000, serverPort: 9008, adminPort: 9100, workerPort: 9101, watchPort: 9007,
		temporalPort: 9200, uiPort: 9300, retentionDays: 7,
	}
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}

func TestReadSettingsNamesEveryBadVariable(t *testing.T) {
	_, err := readSettings("/src", from(map[string]string{
		"CCHC_PORT": "http", "CCHC_TEMPORAL_PORT": "70000", "CCHC_RETENTION_DAYS": "0",
	}))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"CCHC_PORT:", "CCHC_TEMPORAL_PORT:", "CCHC_RETENTION_DAYS:"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
	_, err = readSettings("/src", from(map[string]string{"CCHC_PORT": "8233"}))
	if err == nil || err.Error() != "CCHC_PORT and CCHC_TEMPORAL_UI_PORT are both 8233" {
		t.Errorf("one port for two: %v", err)
	}
}

func TestBusyPortNamesItsVariable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := port{listener.Addr().(*net.TCPAddr).Port, "CCHC_PORT"}
	err = p.free()
	if want := fmt.Sprintf("port %d is in use by another program: set CCHC_PORT to another one", p.number); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_ = listener.Close()
	if err := p.free(); err != nil {
		t.Errorf("a free port: %v", err)
	}
}

func TestOneLauncherPerDataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, err := claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := claim(dir); err == nil || !strings.Contains(err.Error(), "CCHC_DATA") {
		t.Errorf("second launcher: %v", err)
	}
	_ = first.Close()
	again, err := claim(dir)
	if err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	_ = again.Close()
}

// words collects what the launcher says.
type words struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (w *words) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.text.Write(p)
}

func (w *words) has(part string) bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return strings.Contains(w.text.String(), part)
}

// shell is a program made of a shell script.
func shell(t *testing.T, script string) program {
	return program{
		name: "script", path: "/bin/sh", args: []string{"-c", script}, dir: t.TempDir(),
		log: filepath.Join(t.TempDir(), "script.log"), patience: 300 * time.Millisecond,
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func TestDeadServiceIsSaidAndStartedAgain(t *testing.T) {
	var said words
	s := &service{program: shell(t, `echo started >> starts; echo dying; test $(wc -l < starts) -ge 2 && exec sleep 60; exit 3`)}
	s.out = newReport(&said)
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	eventually(t, "second start", func() bool {
		content, _ := os.ReadFile(filepath.Join(s.dir, "starts"))
		return strings.Count(string(content), "started") == 2
	})
	for _, part := range []string{"script has ended (exit status 3)", "dying", "starting it again"} {
		if !said.has(part) {
			t.Errorf("%q was not said", part)
		}
	}
}

// A part that is switched off stays stopped until it is switched on again, and the
// launcher can be stopped meanwhile.
func TestAPartIsSwitchedOffAndOn(t *testing.T) {
	var said words
	root := t.TempDir()
	set := settings{data: filepath.Join(root, "data"), dataChosen: true}
	out := newReport(&said)
	if err := turn(set, root, "server", false, out); err == nil || !strings.Contains(err.Error(), "does not run") {
		t.Errorf("no system: %v", err)
	}
	lock, err := claim(set.data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }()
	if err := turn(set, root, "printer", false, out); err == nil {
		t.Error("a part that there is not was switched")
	}
	s := &service{program: shell(t, `echo started >> starts; exec sleep 60`), out: out, off: filepath.Join(set.data, offFolder, "server")}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	starts := func() int {
		content, _ := os.ReadFile(filepath.Join(s.dir, "starts"))
		return strings.Count(string(content), "started")
	}
	eventually(t, "it is started", func() bool { return starts() == 1 })
	first, _ := s.current()
	if err := turn(set, root, "server", false, out); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is stopped", func() bool { return said.has("script is stopped") })
	select {
	case <-first.ended:
	default:
		t.Error("it still runs")
	}
	if said.has("has ended") || starts() != 1 {
		t.Error("it is taken for a failure")
	}
	for range 2 {
		if err := turn(set, root, "server", true, out); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "it is started again", func() bool { return starts() == 2 })
	if err := turn(set, root, "server", false, out); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is stopped again", func() bool { second, _ := s.current(); <-second.ended; return true })
	s.stop()
}

func TestServiceThatIgnoresUsIsForced(t *testing.T) {
	var said words
	s := &service{program: shell(t, `trap '' TERM; echo up > up; while :; do sleep 0.05; done`)}
	s.out = newReport(&said)
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the script is up", func() bool { _, err := os.Stat(filepath.Join(s.dir, "up")); return err == nil })
	began := time.Now()
	s.stop()
	if took := time.Since(began); took < s.patience || took > 10*time.Second {
		t.Errorf("stopped after %v", took)
	}
	if said.has("starting it again") {
		t.Error("a stopped service was started again")
	}
}

func TestAwaitSaysWhyAServiceIsNotReady(t *testing.T) {
	var answer sync.Map
	answer.Store("code", http.StatusServiceUnavailable)
	probe := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		code, _ := answer.Load("code")
		w.WriteHeader(code.(int))
	}))
	defer probe.Close()

	s := &service{program: shell(t, `echo up; exec sleep 60`), ready: probe.URL, out: newReport(&words{})}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	err := s.await(context.Background(), 300*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("not ready: %v", err)
	}
	answer.Store("code", http.StatusOK)
	if err := s.await(context.Background(), time.Minute); err != nil {
		t.Errorf("ready: %v", err)
	}

	dead := &service{program: shell(t, `echo bad configuration; exit 1`), ready: "http://127.0.0.1:1/", out: newReport(&words{})}
	if err := dead.start(); err != nil {
		t.Fatal(err)
	}
	defer dead.stop()
	err = dead.await(context.Background(), time.Minute)
	if err == nil || !strings.Contains(err.Error(), "bad configuration") {
		t.Errorf("ended: %v", err)
	}
}

func TestRunOnce(t *testing.T) {
	said, err := runOnce(context.Background(), shell(t, `echo one; echo two; echo noise >&2`))
	if err != nil || said != "one\ntwo\n" {
		t.Errorf("got %q, %v", said, err)
	}
	_, err = runOnce(context.Background(), shell(t, `echo no such table >&2; exit 1`))
	if err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("got %v", err)
	}
}

func TestMailboxKeepsMails(t *testing.T) {
	m, err := openMailbox(filepath.Join(t.TempDir(), "mails"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	for i := range 2 {
		body := fmt.Sprintf("Subject: notice %d\r\n\r\nXin chào\r\n", i)
		if err := smtp.SendMail(m.addr, nil, "a@localhost", []string{"b@localhost"}, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(m.folder, "*"))
	if len(files) != 2 {
		t.Fatalf("files: %v", files)
	}
	for i, file := range files {
		content, err := os.ReadFile(file)
		if err != nil || !strings.HasSuffix(file, ".eml") || !strings.Contains(string(content), fmt.Sprintf("notice %d", i)) ||
			!strings.Contains(string(content), "Xin chào") {
			t.Errorf("%s: %q, %v", file, content, err)
		}
	}
}

// Nothing that configures the programs slips in from the shell.
func TestEnvironmentIsOurs(t *testing.T) {
	t.Setenv("CCHC_DEMO", "false")
	t.Setenv("DATABASE_URL", "postgres://production/cchc")
	t.Setenv("PGPASSWORD", "secret")
	t.Setenv("LANG", "vi_VN.UTF-8")
	kept := strings.Join((&launcher{}).environment(), "\n")
	for _, name := range []string{"CCHC_DEMO", "DATABASE_URL", "PGPASSWORD"} {
		if strings.Contains(kept, name+"=") {
			t.Errorf("%s slipped in", name)
		}
	}
	if !strings.Contains(kept, "LANG=vi_VN.UTF-8") {
		t.Error("the rest of the environment is lost")
	}
}

// The second table of docs/configuration.md names what the launcher reads.
func TestDocumentedVariables(t *testing.T) {
	content, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, local, found := strings.Cut(string(content), "## The local system")
	if !found {
		t.Fatal("the table is missing")
	}
	asked := map[string]bool{"PG_BINDIR": true, postgres.External: true, "CCHC_LOG_LEVEL": true, "CCHC_DEMO_YEAR": true}
	if _, err := readSettings("/src", func(name string) string { asked[name] = true; return "" }); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(local) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "| `"), "`")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		if !asked[name] {
			t.Errorf("%s is documented and not read", name)
		}
		delete(asked, name)
	}
	for name := range asked {
		t.Errorf("%s is read and not documented", name)
	}
}
