package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cchc/domain/outage"
)

func TestLooksAreReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), looksFile)
	l, err := openLooks(path)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 10, 5, 1, 0, 0, 0, time.UTC)
	for i := range 240 { // two hours, every 30 s; down in the second half of the first
		look := outage.Look{At: begin.Add(time.Duration(i) * 30 * time.Second), Up: i < 60 || i >= 120}
		if err := l.add(look); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(content), "\n"); n > 16 {
		t.Errorf("%d lines for two hours", n)
	}
	again, err := openLooks(path)
	if err != nil {
		t.Fatal(err)
	}
	turns, last := again.seen()
	if len(turns) != 3 || !turns[1].At.Equal(begin.Add(30*time.Minute)) || !turns[2].At.Equal(begin.Add(time.Hour)) || !last.Up {
		t.Errorf("turns %v, last %v", turns, last)
	}
}

// What a power cut has left of the last line is no look, and the next one stands on a
// line of its own.
func TestTornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), looksFile)
	zeros := strings.Repeat("\x00", 100_000) + "\n"
	if err := os.WriteFile(path, []byte("2026-10-05T01:00:00Z up\n"+zeros+"2026-10-05T01:1"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := openLooks(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.add(outage.Look{At: time.Date(2026, 10, 5, 2, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	if l, err = openLooks(path); err != nil {
		t.Fatal(err)
	}
	if turns, last := l.seen(); len(turns) != 2 || last.Up {
		t.Errorf("%v, %v", turns, last)
	}
}

func TestLooking(t *testing.T) {
	answer := func(status int, text string) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
		}))
		t.Cleanup(s.Close)
		return s
	}
	elsewhere := answer(http.StatusOK, "ready\n")
	redirecting := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	t.Cleanup(redirecting.Close)
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	witness := answer(http.StatusNotFound, "")
	for _, row := range []struct {
		why, system, witness string
		deaf, up, known      bool
	}{
		{"ready", elsewhere.URL, "", false, true, true},
		{"a proxy's page for everything", answer(http.StatusOK, "<html>").URL, "", false, false, true},
		{"not ready", answer(http.StatusServiceUnavailable, "ready").URL, "", false, false, true},
		{"somebody else's sign-in page", redirecting.URL, "", false, false, true},
		{"no answer", dead.URL, "", false, false, true},
		{"no answer, the line works", dead.URL, witness.URL, false, false, true},
		{"no answer, no line", dead.URL, dead.URL, false, false, false},
		{"no answer, and the witness never gave one", dead.URL, dead.URL, true, false, true},
	} {
		p := newProbe(address(t, row.system), nil)
		if row.witness != "" {
			p.witness = address(t, row.witness)
		}
		if up, known := p.look(t.Context(), row.deaf); up != row.up || known != row.known {
			t.Errorf("%s: up %v, known %v", row.why, up, known)
		}
	}
}

// While the watcher's own line is down nothing is on record, and the page does not say
// of the system what nobody has seen.
func TestTheWatchersOwnLineIsDown(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	witness := httptest.NewServer(http.NotFoundHandler())
	k.cfg.Witness = address(t, witness.URL)
	k.restart()
	k.until("2026-10-05 10:00", minute)
	k.system.set(false)
	witness.Close()
	k.until("2026-10-05 10:10", minute)
	if page := k.public(pageFile); !strings.Contains(page, "Phần mềm đang hoạt động") {
		t.Errorf("ten minutes later:\n%s", page)
	}
	k.until("2026-10-05 11:00", 5*minute)
	if ids, _ := k.folder.outages(); len(ids) != 0 || len(k.sink.Accepted()) != 0 {
		t.Errorf("outages %v, %d mails", ids, len(k.sink.Accepted()))
	}
	if page := k.public(pageFile); !strings.Contains(page, "Đang kiểm tra kết nối") || strings.Contains(page, "Phần mềm đang hoạt động") {
		t.Errorf("an hour later:\n%s", page)
	}
}

// Where the line goes down between a look and the hourly check, the witness is not taken
// for a wrong address: nothing is on record.
func TestTheLineGoesDownBeforeTheCheck(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	witness := httptest.NewServer(http.NotFoundHandler())
	k.cfg.Witness = address(t, witness.URL)
	k.restart()
	k.until("2026-10-05 10:00", minute)
	k.system.set(false)
	witness.Close()
	k.factsNext = time.Time{}
	if err := k.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if k.watcher.health.Witness != outage.Works {
		t.Errorf("the witness: %q", k.watcher.health.Witness)
	}
	k.until("2026-10-05 11:00", 5*minute)
	if ids, _ := k.folder.outages(); len(ids) != 0 || len(k.sink.Accepted()) != 0 {
		t.Errorf("outages %v, %d mails", ids, len(k.sink.Accepted()))
	}
}

// A witness that is not heard while the system is, a wrong address, is found at the start
// and told, and does not hide an outage.
func TestAWitnessThatBearsNone(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	if k.system.health.Witness != outage.Unset || k.system.health.Mail != outage.Works {
		t.Errorf("told %+v", k.system.health)
	}
	witness := httptest.NewServer(http.NotFoundHandler())
	k.cfg.Witness = address(t, witness.URL)
	k.restart()
	k.step(minute)
	if k.system.health.Witness != outage.Works {
		t.Errorf("told %+v", k.system.health)
	}
	witness.Close()
	k.cfg.Mail.Address = nobody(t)
	k.restart()
	k.step(minute)
	if k.system.health.Witness != outage.Silent || k.system.health.Mail != outage.Silent {
		t.Errorf("told %+v", k.system.health)
	}
	k.system.set(false)
	k.until("2026-10-05 10:10", minute)
	if r := k.only(); !r.Span.Open() {
		t.Errorf("%+v", r.Span)
	}
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	return strings.TrimPrefix(dead.URL, "http://")
}

// A record that cannot be read is not begun anew, which would mail everybody again:
// operators hear of it.
func TestARecordThatCannotBeRead(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	k.system.set(false)
	k.until("2026-10-05 10:05", minute)
	path := k.folder.in(outagesDir, k.only().ID+".json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	k.restart()
	k.clock = k.clock.Add(minute)
	k.look(t.Context())
	if err := k.round(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	if !same(path, []byte("{")) {
		t.Error("it was written over")
	}
	if a := k.get("/healthz"); a.Code != http.StatusServiceUnavailable {
		t.Errorf("health %d", a.Code)
	}
	if n := len(k.mailed("giám sát cần được kiểm tra")); n != 4 {
		t.Errorf("%d calls for help", n)
	}
}

// A command that is run as root leaves the file to the user of the running program.
func TestFilesKeepTheirOwner(t *testing.T) {
	owner := os.Geteuid()
	if owner == 0 {
		owner = 65534
	}
	path := filepath.Join(t.TempDir(), "x.json")
	if err := errors.Join(write(path, []byte("1"), 0o600), os.Chown(path, owner, -1), write(path, []byte("2"), 0o600)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if now := info.Sys().(*syscall.Stat_t).Uid; int(now) != owner || info.Mode().Perm() != 0o600 || !same(path, []byte("2")) {
		t.Errorf("belongs to %d, mode %v", now, info.Mode())
	}
}

// A rule that has become stricter about what an outage is leaves no record open for
// good, and re-reads nothing that was judged.
func TestARuleThatChanges(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	k.system.set(false)
	k.until("2026-10-05 10:05", minute)
	k.mutex.Lock()
	k.facts.Rule.Confirm, k.facts.Rule.Recovery = 5*time.Hour, time.Hour
	k.mutex.Unlock()
	k.system.set(true)
	k.until("2026-10-05 12:00", 5*minute)
	if r := k.only(); r.Span.Open() {
		t.Error("it stays open for good")
	}
	k.mutex.Lock()
	k.facts.Rule.Confirm, k.facts.Rule.Recovery = 10*minute, 24*time.Hour
	k.mutex.Unlock()
	k.system.set(false)
	k.until("2026-10-05 13:00", 5*minute)
	if ids, _ := k.folder.outages(); len(ids) != 2 {
		t.Errorf("outages %v, want another one", ids)
	}
}
