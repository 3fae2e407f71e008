package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cchc/domain/outage"
)

const minute = time.Minute

// The whole road: 05/10/2026 is a Monday.
func TestTwoWorkingDaysOfOutage(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(188), nil)
	k.until("2026-10-05 10:00", minute)
	k.system.set(false)
	k.until("2026-10-05 10:09", minute)
	if n := len(k.sink.Accepted()); n != 0 {
		t.Fatalf("%d mails about what may be a restart", n)
	}
	if page := k.public(pageFile); !strings.Contains(page, "Đang kiểm tra kết nối") {
		t.Errorf("page before it is an outage:\n%s", page)
	}
	k.until("2026-10-05 10:12", minute)
	r := k.only()
	if !r.Span.From.Equal(at(t, "2026-10-05 10:01")) || !r.Span.Open() || !r.Due.Equal(at(t, "2026-10-07 10:01")) {
		t.Errorf("outage %v, due %v", r.Span, r.Due)
	}
	if told := k.mailed("không truy cập được từ 10:01 ngày 05/10/2026"); len(told) != 4 {
		t.Errorf("%d operators and officers told", len(told))
	}
	if page := k.public(pageFile); !strings.Contains(page, "Phần mềm đang ngừng hoạt động") || !strings.Contains(page, "028 1234 5678") {
		t.Errorf("page:\n%s", page)
	}

	k.until("2026-10-07 09:59", 30*minute)
	if r = k.only(); r.Notice != nil {
		t.Fatal("drafted before the mark")
	}
	k.until("2026-10-07 10:02", minute)
	r = k.only()
	if r.Notice == nil || !r.Notice.Released.IsZero() || r.Notice.Hash != r.Notice.Sum() {
		t.Fatalf("at the mark: %+v", r.Notice)
	}
	asked := k.mailed("Cần duyệt thông báo")
	if len(asked) != 2 || len(asked[0].Files) != 1 || !strings.HasPrefix(string(asked[0].Files[0].Bytes), "%PDF-") {
		t.Fatalf("%d officers asked", len(asked))
	}

	k.step(minute)
	if len(k.mailed("Thông báo")) != 0 {
		t.Fatal("sent without a word")
	}
	tokens := map[string]string{asked[0].To: linkIn(t, asked[0]), asked[1].To: linkIn(t, asked[1])}
	fields := url.Values{"token": {tokens["bao@snv.example"]}, "hash": {r.Notice.Hash}}
	if a := k.send("/approve", fields); a.Code != 200 || !strings.Contains(a.Body.String(), "Sở Khoa học và Công nghệ") {
		t.Errorf("%d\n%s", a.Code, a.Body)
	}
	k.step(minute)
	if r = k.only(); !r.Notice.Released.IsZero() {
		t.Fatal("sent with one word of two")
	}
	if said, err := k.command("approve", r.ID, "-by", "ha@skhcn.example"); err != nil || !strings.Contains(said, "sends it now") {
		t.Errorf("%s %v", said, err)
	}
	k.step(minute)
	r = k.only()
	sent := k.mailed("Thông báo: Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động")
	if len(sent) != 188 || r.Notice.Done.IsZero() || r.Notice.Published.IsZero() {
		t.Fatalf("%d mails, notice %+v", len(sent), r.Notice.Done)
	}
	if !strings.Contains(sent[0].Text, "https://watch.example/#tb-"+r.ID) || !strings.Contains(sent[0].Text, "(đủ 02 ngày làm việc liên tiếp)") {
		t.Errorf("mail:\n%s", sent[0].Text)
	}
	for _, name := range []string{pageFile, "feed.xml"} {
		if !strings.Contains(k.public(name), "ngừng hoạt động từ 10:01 ngày 05/10/2026") {
			t.Errorf("%s does not have the notice", name)
		}
	}

	k.system.set(true)
	k.until("2026-10-07 10:20", minute)
	if r = k.only(); !r.Span.Open() {
		t.Fatal("closed before it was usable for half an hour")
	}
	if strings.Contains(k.public(pageFile), "đang ngừng hoạt động") {
		t.Error("the page says that a usable system has stopped")
	}
	k.until("2026-10-07 10:50", minute)
	r = k.only()
	if r.Span.Open() || r.AllClear == nil || r.AllClear.Done.IsZero() || r.Quiet {
		t.Fatalf("after recovery: %+v", r)
	}
	if n := len(k.mailed("hoạt động trở lại")); n != 188 {
		t.Errorf("%d all-clears", n)
	}
	if up := k.mailed("đã truy cập được"); len(up) != 4 || !strings.Contains(up[0].Text, "được gửi đến các đơn vị đã nhận") {
		t.Errorf("%d operators told of the recovery", len(up))
	}
	got := k.system.reported(r.ID)
	if got.Version != r.Version || len(got.Notice.Sent) != 188 || len(got.Notice.Approvals) != 2 || got.AllClear == nil || r.Taken != r.Version {
		t.Errorf("taken over: version %d of %d, %+v", got.Version, r.Version, got.Notice)
	}
	before := len(k.sink.Accepted())
	k.until("2026-10-07 14:00", 10*minute)
	if n := len(k.sink.Accepted()); n != before {
		t.Errorf("%d mails more", n-before)
	}
}

func TestShortOutageEndsQuietly(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(3), nil)
	k.system.set(false)
	k.until("2026-10-05 15:00", 10*minute)
	k.system.set(true)
	k.until("2026-10-05 16:00", 5*minute)
	r := k.only()
	if r.Span.Open() || !r.Quiet || r.Notice != nil || !r.over() {
		t.Errorf("%+v", r)
	}
	if got := k.system.reported(r.ID); !got.Quiet || got.Span.Open() {
		t.Errorf("reported %+v", got)
	}
	if n := len(k.sink.Accepted()); n != 8 {
		t.Errorf("%d mails, want that it stopped and that it is back, to four each", n)
	}
	if !strings.Contains(k.public(pageFile), "Chưa có thông báo nào") {
		t.Error("the page tells of a notice")
	}
}

// Resolved while the officers thought about it: nothing goes out.
func TestRecoveryBeforeApproval(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(3), nil)
	k.system.set(false)
	k.until("2026-10-07 11:00", 30*minute)
	asked := k.mailed("Cần duyệt")
	r := k.only()
	k.system.set(true)
	k.until("2026-10-07 12:00", 5*minute)
	fields := url.Values{"token": {linkIn(t, asked[0])}, "hash": {r.Notice.Hash}}
	if a := k.send("/approve", fields); a.Code != 410 {
		t.Errorf("approved after the end: %d", a.Code)
	}
	if _, err := k.command("approve", r.ID, "-by", "bao@snv.example"); err == nil {
		t.Error("approved by command after the end")
	}
	k.step(minute)
	if r = k.only(); !r.Quiet || !r.Notice.Released.IsZero() || len(k.mailed("Thông báo:")) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestAnnouncedMaintenance(t *testing.T) {
	facts := city(3)
	facts.Windows = []outage.Window{{
		Span:      outage.Span{From: at(t, "2026-10-05 10:00"), To: at(t, "2026-10-09 10:00")},
		Announced: at(t, "2026-10-01 08:00"),
	}}
	k := newKit(t, "2026-10-05 09:59", facts, nil)
	k.clock = at(t, "2026-10-05 10:00")
	k.system.set(false)
	k.until("2026-10-09 09:00", time.Hour)
	if ids, _ := k.folder.outages(); len(ids) != 0 || len(k.sink.Accepted()) != 0 {
		t.Errorf("outages %v, %d mails", ids, len(k.sink.Accepted()))
	}
	if state := k.public(fragmentFile); !strings.Contains(state, "Dự kiến hoạt động trở lại lúc <strong>10:00 ngày 09/10/2026</strong>") {
		t.Errorf("state %q", state)
	}
	// It lasts longer than announced: what is beyond counts.
	k.until("2026-10-09 10:30", 5*minute)
	if r := k.only(); len(k.mailed("không truy cập được")) != 4 || !r.Due.Equal(at(t, "2026-10-13 10:00")) {
		t.Errorf("due %v, %d told", r.Due, len(k.mailed("không truy cập được")))
	}
}

// A program that is started anew at every step does what one does that runs on.
func TestRestartedAllTheTime(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(5), nil)
	k.system.set(false)
	step := func(text string) {
		for end := at(t, text); k.clock.Before(end); {
			k.restart()
			k.step(30 * minute)
		}
	}
	step("2026-10-07 11:00")
	k.bothApprove()
	step("2026-10-07 12:00")
	k.system.set(true)
	step("2026-10-07 15:00")
	for subject, want := range map[string]int{
		"không truy cập được từ": 4, "Cần duyệt thông báo": 2, "Thông báo: Phần mềm quản lý công tác cải cách hành chính ngừng": 5,
		"hoạt động trở lại": 5, "đã truy cập được": 4,
	} {
		if n := len(k.mailed(subject)); n != want {
			t.Errorf("%d mails %q, want %d", n, subject, want)
		}
	}
	if r := k.only(); !r.over() {
		t.Errorf("not over: %+v", r)
	}
}

// Nobody looked for a night: what was open goes on, and nothing is counted twice.
func TestWatcherItselfWasOff(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(2), nil)
	k.system.set(false)
	k.until("2026-10-05 11:00", 5*minute)
	k.clock = at(t, "2026-10-06 08:00")
	k.system.set(true)
	k.restart()
	k.until("2026-10-06 09:00", 5*minute)
	if r := k.only(); !r.Span.To.Equal(at(t, "2026-10-06 08:05")) || !r.Quiet {
		t.Errorf("%+v", r.Report)
	}
}

func TestOfficersAreAskedAgain(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(2), nil)
	k.system.set(false)
	k.until("2026-10-07 11:00", 30*minute)
	if _, err := k.command("approve", k.only().ID, "-by", "bao@snv.example"); err != nil {
		t.Fatal(err)
	}
	k.until("2026-10-07 14:30", 10*minute)
	again := k.mailed("Nhắc: cần duyệt")
	if len(again) != 1 || again[0].To != "ha@skhcn.example" {
		t.Errorf("asked again: %v", again)
	}
}

// While the system can be reached and brings the notice out itself, the watcher does
// not; when it goes silent, the watcher does.
func TestTheSystemLeads(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(2), nil)
	k.system.set(false)
	k.until("2026-10-07 11:00", 30*minute)
	k.system.mutex.Lock()
	k.system.up, k.system.known = true, outage.Known{ID: "7", Leads: true}
	k.system.mutex.Unlock()
	k.bothApprove()
	if err := k.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := k.only(); !r.StoodBack || !r.Notice.Released.IsZero() || len(k.mailed("Thông báo:")) != 0 {
		t.Fatalf("sent beside the system: %+v", r)
	}
	k.system.set(false)
	k.until("2026-10-07 11:30", 10*minute)
	if r := k.only(); r.StoodBack || len(k.mailed("Thông báo:")) != 2 {
		t.Errorf("the system went silent: %+v", r)
	}
}

// The system has told units itself that it is over: the watcher does not besides.
func TestTheSystemHasGivenTheAllClear(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(2), nil)
	k.system.set(false)
	k.until("2026-10-07 11:00", 30*minute)
	k.bothApprove()
	k.step(minute)
	k.system.mutex.Lock()
	k.system.up, k.system.known = true, outage.Known{ID: "7", Cleared: true}
	k.system.mutex.Unlock()
	k.until("2026-10-07 12:00", 5*minute)
	r := k.only()
	if len(k.mailed("Thông báo:")) != 2 || r.AllClear != nil || !r.over() || k.system.reported(r.ID).Version != r.Version {
		t.Errorf("%d mails, %+v", len(k.mailed("Thông báo:")), r)
	}
}

func TestFacts(t *testing.T) {
	k := newKit(t, "2026-10-05 09:00", city(2), nil)
	k.until("2026-10-05 11:30", 10*minute)
	if k.system.asked != 3 {
		t.Errorf("asked %d times in two and a half hours", k.system.asked)
	}
	k.system.mutex.Lock()
	k.system.facts.Rule.Days = 0
	k.system.mutex.Unlock()
	k.until("2026-10-05 13:00", 10*minute)
	if k.known().Rule.Days != 2 {
		t.Error("a rule without sense was taken")
	}
	k.system.mutex.Lock()
	k.system.facts = outage.Facts{Rule: outage.DefaultRule(), Made: k.clock}
	k.system.mutex.Unlock()
	k.until("2026-10-05 13:30", 10*minute)
	if len(k.known().Contacts) == 0 {
		t.Error("an empty system has emptied the facts")
	}
	k.system.mutex.Lock()
	k.system.facts = city(1)
	k.system.facts.Made = at(t, "2026-09-01 00:00")
	k.system.mutex.Unlock()
	k.until("2026-10-05 14:00", 10*minute)
	if len(k.known().Contacts) == 1 {
		t.Error("older facts were taken for newer ones")
	}
	k.restart()
	if len(k.known().Contacts) == 0 {
		t.Error("the facts were not kept")
	}
	if _, err := os.Stat(filepath.Join(k.cfg.Folder, factsFile)); err != nil {
		t.Error(err)
	}
}

// Facts that nobody could be notified by do not take the place of those that are kept,
// and the operators of the system hear of it.
func TestFactsThatWouldNotify(t *testing.T) {
	for _, row := range []struct {
		why  string
		take func(*outage.Facts)
		want outage.Refusal
	}{
		{"officers and no contacts", func(f *outage.Facts) { f.Contacts = nil }, outage.NoContacts},
		{"contacts without an address", func(f *outage.Facts) {
			for i := range f.Contacts {
				f.Contacts[i].Mail = " "
			}
		}, outage.NoContacts},
		{"nobody who could give a word", func(f *outage.Facts) { f.Officers = f.Officers[2:] }, outage.NoOfficers},
		{"a rule without sense", func(f *outage.Facts) { f.Rule.Days = 0 }, outage.BadRule},
		{"fewer, but some", func(f *outage.Facts) { f.Contacts, f.Officers = f.Contacts[:2], f.Officers[:1] }, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			k := newKit(t, "2026-10-05 09:00", city(3), nil)
			k.system.mutex.Lock()
			k.system.facts = city(3)
			row.take(&k.system.facts)
			k.system.facts.Made = k.clock.Add(minute)
			k.system.mutex.Unlock()
			k.until("2026-10-05 10:30", 10*minute)
			if k.system.health.Refused != row.want {
				t.Errorf("told %+v", k.system.health)
			}
			if taken := k.known().Made.After(city(3).Made); taken != (row.want == "") {
				t.Errorf("taken %v: %+v", taken, k.known())
			}
		})
	}
}

// Facts that a disk has spoilt stop neither the program nor a command: those of before
// serve, operators hear of it, and the next ones take their place.
func TestTornFacts(t *testing.T) {
	k := newKit(t, "2026-10-05 08:30", city(2), nil)
	k.until("2026-10-05 09:50", 10*minute) // they were fetched twice
	for _, spoilt := range []string{"{", `{"rule":{"days":0}}`, ""} {
		if err := os.WriteFile(k.folder.in(factsFile), []byte(spoilt), 0o600); err != nil {
			t.Fatal(err)
		}
		k.restart()
		if len(k.known().Contacts) != len(city(2).Contacts) {
			t.Fatalf("after %q: %+v", spoilt, k.known())
		}
	}
	k.system.set(false)
	k.clock = k.clock.Add(minute)
	k.look(t.Context())
	if err := k.round(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	if n := len(k.mailed("giám sát cần được kiểm tra")); n != 4 {
		t.Errorf("%d calls for help", n)
	}
	if a := k.get("/healthz"); a.Code != http.StatusServiceUnavailable {
		t.Errorf("health %d", a.Code)
	}
	k.system.set(true)
	k.clock = k.clock.Add(minute)
	k.look(t.Context())
	if err := k.round(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	k.step(minute)
	if a := k.get("/healthz"); a.Code != http.StatusOK || !k.system.health.Torn {
		t.Errorf("health %d, told %+v", a.Code, k.system.health)
	}
	if facts, torn := k.folder.facts(); torn != nil || len(facts.Contacts) == 0 {
		t.Errorf("not written anew: %v", torn)
	}
	for _, name := range []string{factsFile, factsBefore} {
		if err := os.WriteFile(k.folder.in(name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	k.restart()
	if k.known().Rule.Days != 2 {
		t.Error("without any facts there is no rule")
	}
}

// Without facts there is nobody to notify, but operators are told, and a notice still
// needs a word.
func TestWithoutFacts(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(0), nil)
	k.cfg.Token = ""
	k.restart()
	k.system.set(false)
	k.until("2026-10-07 12:00", 30*minute)
	r := k.only()
	if r.Notice == nil || !r.Notice.Released.IsZero() || len(k.mailed("không truy cập được")) != 1 {
		t.Fatalf("%+v", r)
	}
	if _, err := k.command("approve", r.ID, "-by", "bao@snv.example"); err == nil {
		t.Error("the word of nobody knows whom was taken")
	}
	if _, err := k.command("approve", r.ID, "-by", "bao@snv.example", "-name", "Trần Quốc Bảo", "-party", "authority"); err != nil {
		t.Error(err)
	}
	k.step(minute)
	if r = k.only(); r.Notice.Published.IsZero() || r.Notice.Done.IsZero() {
		t.Errorf("not on the page: %+v", r.Notice)
	}
}

func TestHook(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(2), nil)
	folder := t.TempDir()
	k.cfg.Hook = filepath.Join(folder, "hook.sh")
	script := "#!/bin/sh\necho \"$1 $2\" >> " + folder + "/said\ncat > " + folder + "/$1.json\n[ \"$1\" != down ] || [ $(wc -l < " + folder + "/said) -gt 1 ]\n"
	if err := os.WriteFile(k.cfg.Hook, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	k.restart()
	k.system.set(false)
	k.until("2026-10-05 10:30", minute)
	k.system.set(true)
	k.until("2026-10-05 11:30", minute)
	id := k.only().ID
	said, err := os.ReadFile(filepath.Join(folder, "said"))
	if err != nil || string(said) != "down "+id+"\ndown "+id+"\nup "+id+"\n" {
		t.Errorf("%q, %v", said, err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "up.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report outage.Report
	if err := json.Unmarshal(content, &report); err != nil || report.ID != id || report.Span.Open() {
		t.Errorf("%+v, %v", report, err)
	}
}
