package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
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
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("one round took %v", took)
	}
	if n := len(k.mailed(stopped)); n != 0 {
		t.Errorf("%d accepted", n)
	}
	slow.Store(false)
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

// The disk is full: one mail whose mark cannot be kept, and no more until it can be;
// operators hear of it. A limit on the size of files is what a full disk is.
func TestFullDisk(t *testing.T) {
	k := approved(t, 30, nil)
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	full := func(is bool) {
		limit := before
		if is {
			limit.Cur = 1
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
	}
	defer full(false)
	if err := errors.Join(k.readRecords(), k.release(t.Context(), k.only().ID)); err != nil {
		t.Fatal(err)
	}
	full(true)
	for range 3 {
		k.clock = k.clock.Add(minute)
		if err := k.round(t.Context()); err == nil {
			t.Error("nobody noticed")
		}
	}
	if n := len(k.mailed(stopped)); n != 1 {
		t.Errorf("%d mails without a mark", n)
	}
	if n := len(k.mailed("giám sát cần được kiểm tra")); n != 4 {
		t.Errorf("%d operators heard of it", n)
	}
	if a := k.get("/healthz"); a.Code != 503 {
		t.Errorf("health %d", a.Code)
	}
	full(false)
	k.step(minute)
	if times, _ := received(k.mailed(stopped)); len(times) != 30 || len(k.mailed(stopped)) != 30 {
		t.Errorf("%d mails to %d", len(k.mailed(stopped)), len(times))
	}
	if a := k.get("/healthz"); a.Code != 200 {
		t.Errorf("health %d", a.Code)
	}
}

// childOf is set in a process of this test that runs the program itself.
const childOf = "CCHC_WATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childOf) != "" {
		if err := run(nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// The program alone, with everything else dead, killed between the server's acceptance
// and its own mark, over and over: everybody gets the mail, and only those twice at
// whose mail it was killed, under the same id.
func TestKilledBetweenAcceptanceAndMark(t *testing.T) {
	const units = 40
	kills := map[int]bool{5: true, 17: true, 29: true} // by the number of mails accepted
	var child atomic.Pointer[os.Process]
	twice := map[string]bool{}
	sink := posttest.Listen(t, "", nil)
	sink.After = func() {
		all := sink.Accepted()
		if kills[len(all)] {
			twice[all[len(all)-1].To] = true
			_ = child.Load().Kill()
		}
	}
	dir := prepareReleased(t, units)
	for deadline := time.Now().Add(time.Minute); ; {
		command := exec.Command(os.Args[0])
		command.Env = []string{
			childOf + "=1", "CCHC_PUBLIC_URL=http://127.0.0.1:1", "CCHC_WATCH_DATA=" + dir, "CCHC_WATCH_URL=http://127.0.0.1:1/",
			"CCHC_WATCH_LISTEN=127.0.0.1:0", "CCHC_SMTP_ADDRESS=" + sink.Address, "CCHC_SMTP_TLS=none", "CCHC_MAIL_FROM=cchc@watch.example",
		}
		var said strings.Builder
		command.Stderr = &said
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		child.Store(command.Process)
		ended := make(chan struct{})
		go func() { _ = command.Wait(); close(ended) }()
		done := false
		for !done {
			select {
			case <-ended:
				done = true
			case <-time.After(20 * time.Millisecond):
				if r, err := folder(dir).outage(releasedID); err == nil && !r.Notice.Done.IsZero() {
					_ = command.Process.Kill()
					<-ended
					checkKilled(t, sink, units, twice)
					return
				}
			}
			if time.Now().After(deadline) {
				t.Fatalf("not done:\n%s", said.String())
			}
		}
	}
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
	if err := f.keepFacts(facts); err != nil {
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
