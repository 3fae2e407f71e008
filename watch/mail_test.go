package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"cchc/domain/outage"
	"cchc/post/posttest"
)

// approved is a kit whose notice has both words and was not released yet.
func approved(t *testing.T, units int, configure func(*posttest.Sink, *smtp.Server)) *kit {
	t.Helper()
	k := newKit(t, "2026-10-05 09:50", city(units), configure)
	k.system.set(false)
	k.until("2026-10-07 10:30", 30*minute)
	k.bothApprove()
	return k
}

const stopped = "Thông báo: Phần mềm quản lý công tác cải cách hành chính ngừng"

// counted are how often each address got the mail, and under how many ids.
func received(mails []posttest.Received) (times map[string]int, ids map[string]bool) {
	times, ids = map[string]int{}, map[string]bool{}
	for _, m := range mails {
		times[m.To]++
		ids[m.ID] = true
	}
	return times, ids
}

// A server that refuses some for good, some for now, breaks off, and closes: everybody
// else gets the mail, and nobody twice.
func TestRefusingServer(t *testing.T) {
	var offered atomic.Int64
	var armed atomic.Bool
	k := approved(t, 188, func(s *posttest.Sink, _ *smtp.Server) {
		s.OnRcpt = func(to string) error {
			switch {
			case !armed.Load():
				return nil
			case to == "head@u007.example":
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
			case to == "head@u011.example" && offered.Load() < 100:
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
			}
			return nil
		}
		s.OnData = func(int) error {
			if !armed.Load() {
				return nil
			}
			switch offered.Add(1) {
			case 40:
				return posttest.ErrHangUp
			case 80:
				return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "closing"}
			case 90:
				return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "content refused"}
			}
			return nil
		}
	})
	armed.Store(true)
	for range 20 {
		k.step(2 * minute)
	}
	times, ids := received(k.mailed(stopped))
	if len(times) != 186 || len(ids) != 186 || len(k.mailed(stopped)) != 186 {
		t.Errorf("%d mails to %d under %d ids, want all of 188 but the two refused", len(k.mailed(stopped)), len(times), len(ids))
	}
	accepted, refused := counted(k.only().Notice.Sent)
	if accepted != 186 || refused != 2 || k.only().Notice.Done.IsZero() {
		t.Errorf("noted %d accepted, %d refused", accepted, refused)
	}
}

// A server that takes longer than the watcher waits: the watcher goes on looking, and
// everybody has the mail in the end.
func TestSlowServer(t *testing.T) {
	var slow atomic.Bool
	k := approved(t, 188, func(s *posttest.Sink, _ *smtp.Server) {
		s.OnData = func(int) error {
			if slow.Load() {
				time.Sleep(1200 * time.Millisecond)
				return posttest.ErrHangUp
			}
			time.Sleep(time.Millisecond)
			return nil
		}
	})
	k.mails.Timeout = 400 * time.Millisecond
	slow.Store(true)
	began := time.Now()
	k.step(minute)
	if took := time.Since(began); took > 20*time.Second { // 75 s if it waited for every mail
		t.Errorf("one round took %v", took)
	}
	if n := len(k.mailed(stopped)); n != 0 {
		t.Errorf("%d accepted", n)
	}
	slow.Store(false)
	k.mails.Timeout = patient
	for range 4 {
		k.step(2 * minute)
	}
	if times, _ := received(k.mailed(stopped)); len(times) != 188 || len(k.mailed(stopped)) != 188 {
		t.Errorf("%d mails to %d", len(k.mailed(stopped)), len(times))
	}
}

func TestNoMailServerForADay(t *testing.T) {
	k := approved(t, 10, nil)
	away := k.cfg.Mail.Address
	k.cfg.Mail.Address = "127.0.0.1:1"
	k.restart()
	k.until("2026-10-08 10:30", 30*minute)
	r := k.only()
	for _, d := range r.Notice.Sent {
		if d.Attempts != 0 || d.Settled() {
			t.Fatalf("a server that cannot be reached cost a mail an attempt: %+v", d)
		}
	}
	if r.Notice.Published.IsZero() {
		t.Error("the page waited for the mails")
	}
	k.cfg.Mail.Address = away
	k.restart()
	k.step(minute)
	if n := len(k.mailed(stopped)); n != 10 {
		t.Errorf("%d mails", n)
	}
}

// childOf is set in a process of this test that runs the program itself.
const childOf = "CCHC_WATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childOf) != "" {
		signal.Ignore(syscall.SIGXFSZ) // a file that is too large is an error, as on a full disk
		if err := run(nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child starts the program in a folder, as a process of its own: with everything else
// dead, and the mail server alone alive.
func child(t *testing.T, dir, mails, listen string, before ...string) (*os.Process, <-chan struct{}) {
	t.Helper()
	args := append(before, os.Args[0])
	command := exec.Command(args[0], args[1:]...)
	command.Env = []string{
		childOf + "=1", "CCHC_PUBLIC_URL=http://127.0.0.1:1", "CCHC_WATCH_DATA=" + dir, "CCHC_WATCH_URL=http://127.0.0.1:1/",
		"CCHC_WATCH_SECONDS=1", "CCHC_WATCH_LISTEN=" + listen, "CCHC_SMTP_ADDRESS=" + mails, "CCHC_SMTP_TLS=none", "CCHC_MAIL_FROM=cchc@watch.example",
	}
	said := &bytes.Buffer{}
	command.Stderr = said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("the program said:\n%s", said)
		}
	})
	return command.Process, ended
}

func within(t *testing.T, patience time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

func done(dir string) bool {
	r, err := folder(dir).outage(releasedID)
	return err == nil && !r.Notice.Done.IsZero()
}

// The program alone, killed between the server's acceptance and its own mark, over and
// over: everybody gets the mail, and only those twice at whose mail it was killed,
// under the same id.
func TestKilledBetweenAcceptanceAndMark(t *testing.T) {
	const units = 40
	kills := map[int]bool{5: true, 17: true, 29: true} // by the number of mails accepted
	var victim atomic.Pointer[os.Process]
	var mutex sync.Mutex
	twice := map[string]bool{}
	sink := posttest.Listen(t, "", nil)
	sink.After = func() {
		mutex.Lock()
		defer mutex.Unlock()
		if all := sink.Accepted(); kills[len(all)] {
			twice[all[len(all)-1].To] = true
			_ = victim.Load().Kill()
		}
	}
	dir := prepareReleased(t, units)
	for range len(kills) {
		process, ended := child(t, dir, sink.Address, "127.0.0.1:0")
		victim.Store(process)
		select {
		case <-ended:
		case <-time.After(2 * time.Minute):
			t.Fatal("it was not killed")
		}
	}
	child(t, dir, sink.Address, "127.0.0.1:0")
	within(t, 2*time.Minute, "all mails are noted", func() bool { return done(dir) })
	mutex.Lock()
	defer mutex.Unlock()
	checkKilled(t, sink, units, twice)
}

// The disk is full: one mail whose mark cannot be kept, and no more until it can be;
// operators hear of it. A limit on the size of files is to a process what a full disk
// is.
func TestFullDisk(t *testing.T) {
	const units, patience = 30, 2 * time.Minute
	sink := posttest.Listen(t, "", nil)
	dir := prepareReleased(t, units)
	listen := freePort(t)
	process, _ := child(t, dir, sink.Address, listen, "prlimit", "--fsize=0:unlimited")
	mails := func(subject string) int {
		return len(slices.DeleteFunc(sink.Accepted(), func(m posttest.Received) bool { return !strings.Contains(m.Subject, subject) }))
	}
	within(t, patience, "operators hear of it", func() bool { return mails("giám sát cần được kiểm tra") == 3 })
	within(t, patience, "its health says so", func() bool { return health(listen) == http.StatusServiceUnavailable })
	time.Sleep(3 * time.Second) // three more rounds
	if n := mails(stopped); n != 1 {
		t.Errorf("%d mails without a mark", n)
	}
	if n := mails("giám sát cần được kiểm tra"); n != 3 {
		t.Errorf("%d calls for help", n)
	}
	if out, err := exec.Command("prlimit", "--fsize=unlimited", "--pid", strconv.Itoa(process.Pid)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	within(t, patience, "all mails are noted", func() bool { return done(dir) })
	times, _ := received(sink.Accepted())
	for to, n := range times {
		if strings.HasPrefix(to, "head@") && n != 1 {
			t.Errorf("%s got it %d times", to, n)
		}
	}
	if n := mails(stopped); n != units {
		t.Errorf("%d mails", n)
	}
	within(t, patience, "it is well again", func() bool { return health(listen) == http.StatusOK })
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func health(listen string) int {
	answer, err := http.Get("http://" + listen + "/healthz")
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func checkKilled(t *testing.T, sink *posttest.Sink, units int, twice map[string]bool) {
	t.Helper()
	times, ids := received(sink.Accepted())
	if len(times) != units || len(ids) != units || len(twice) != 3 {
		t.Errorf("%d addresses under %d ids, killed at %d", len(times), len(ids), len(twice))
	}
	for to, n := range times {
		if n > 2 || n == 2 && !twice[to] {
			t.Errorf("%s got it %d times", to, n)
		}
	}
}

const releasedID = "20261005T030000Z"

// prepareReleased is a folder in which a notice was just released.
func prepareReleased(t *testing.T, units int) string {
	t.Helper()
	dir := t.TempDir()
	f := folder(dir)
	if err := f.prepare(); err != nil {
		t.Fatal(err)
	}
	facts := city(units)
	_, keyErr := f.key()
	if err := errors.Join(keyErr, f.keepFacts(facts)); err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 10, 5, 3, 0, 0, 0, time.UTC)
	r := record{Report: outage.Report{ID: releasedID, Version: 1, Span: outage.Span{From: from}}, Hooks: map[string]hookRun{}}
	r.Notice = &outage.Notice{Drafted: from, Released: from}
	wordDraft(&r, facts)
	r.Notice.Sent = deliveries("watch.example", releasedID, "notice", recipients(facts))
	if err := f.add(r); err != nil {
		t.Fatal(err)
	}
	look := writeLook(outage.Look{At: from})
	if err := os.WriteFile(filepath.Join(dir, looksFile), []byte(look), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
