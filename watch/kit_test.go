package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"cchc/config"
	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/post/posttest"
)

const token = "a secret of the test"

// patient is how long a mail server may take where a test is not about that: a machine
// that is busy is not slow.
const patient = 20 * time.Second

// at reads "2026-10-05 10:00" of Vietnam.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// system is the software as the watcher sees it from outside.
type system struct {
	*httptest.Server
	mutex   sync.Mutex
	up      bool
	facts   outage.Facts
	known   outage.Known
	reports map[string]outage.Report // the newest of each
	asked   int                      // for facts
	health  outage.Health            // as last told
}

func newSystem(t *testing.T, facts outage.Facts) *system {
	t.Helper()
	s := &system{up: true, facts: facts, reports: map[string]outage.Report{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ready\n") })
	mux.HandleFunc("GET /watch/facts", func(w http.ResponseWriter, _ *http.Request) {
		s.asked++
		_ = json.NewEncoder(w).Encode(s.facts)
	})
	mux.HandleFunc("POST /watch/health", func(_ http.ResponseWriter, r *http.Request) {
		var health outage.Health
		if err := json.NewDecoder(r.Body).Decode(&health); err != nil {
			t.Error(err)
		}
		s.health = health
	})
	mux.HandleFunc("POST /watch/reports", func(w http.ResponseWriter, r *http.Request) {
		var report outage.Report
		if err := json.NewDecoder(r.Body).Decode(&report); err != nil {
			t.Error(err)
		}
		if report.Version < s.reports[report.ID].Version {
			t.Errorf("version %d of %s comes after %d", report.Version, report.ID, s.reports[report.ID].Version)
		}
		s.reports[report.ID] = report
		_ = json.NewEncoder(w).Encode(s.known)
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		switch {
		case !s.up:
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path != "/readyz" && r.Header.Get("Authorization") != "Bearer "+token:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *system) set(up bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.up = up
}

func (s *system) reported(id string) outage.Report {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.reports[id]
}

// city are the facts of a city with n units, two contacts each; each tenth unit's head
// and focal officer are one person.
func city(n int) outage.Facts {
	facts := outage.Facts{
		Made: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Rule: outage.DefaultRule(),
		Needs: []outage.Party{outage.Authority, outage.IT},
		Officers: []outage.Officer{
			{Name: "Trần Quốc Bảo", Mail: "bao@snv.example", Party: outage.Authority},
			{Name: "Lý Thu Hà", Mail: "ha@skhcn.example", Party: outage.IT},
			{Name: "Đỗ Minh Khôi", Mail: "khoi@snv.example"},
		},
		Letterhead: outage.Letterhead{
			Superior: []string{"Ủy ban nhân dân", "Thành phố Hồ Chí Minh"}, Agency: "Sở Nội vụ", Place: "Thành phố Hồ Chí Minh",
			Symbol: "TB-SNV", Capacity: []string{"Giám đốc"}, Signer: "Phạm Thị Mai", ITAgency: "Sở Khoa học và Công nghệ",
		},
		Help: []string{"Phòng Cải cách hành chính, Sở Nội vụ: 028 1234 5678"},
	}
	for i := range n {
		unit := fmt.Sprintf("U%03d", i)
		head := outage.Contact{Unit: unit, UnitName: "Đơn vị " + unit, Post: outage.Head, Name: "Nguyễn Văn An", Mail: "head@" + unit + ".example"}
		facts.Contacts = append(facts.Contacts, head)
		if i%10 == 0 {
			head.Post, head.Mail = outage.Focal, strings.ToUpper(head.Mail)
			facts.Contacts = append(facts.Contacts, head)
		}
	}
	return facts
}

// kit is a watcher under a clock of its own.
type kit struct {
	*watcher
	t      *testing.T
	system *system
	sink   *posttest.Sink
	clock  time.Time
	cfg    config.Watch
}

// newKit begins at that time with all well, and with the facts fetched.
func newKit(t *testing.T, begin string, facts outage.Facts, configure func(*posttest.Sink, *smtp.Server)) *kit {
	t.Helper()
	k := &kit{t: t, clock: at(t, begin), system: newSystem(t, facts), sink: posttest.Listen(t, "", configure)}
	folder := t.TempDir()
	k.cfg = config.Watch{
		System: address(t, k.system.URL), Every: 30 * time.Second, Token: token,
		Folder: folder, Site: filepath.Join(folder, "site"), URL: address(t, "https://watch.example/"),
		Operators: []mail.Address{{Name: "Trực vận hành", Address: "truc@cchc.example"}},
		Mail:      config.Mail{Address: k.sink.Address, TLS: config.MailPlain, From: "CCHC <cchc@watch.example>"},
	}
	k.restart()
	k.step(time.Second)
	if got := k.known(); len(got.Contacts) != len(facts.Contacts) {
		t.Fatalf("facts not fetched: %d contacts", len(got.Contacts))
	}
	return k
}

// restart is a new program over what is on the disk.
func (k *kit) restart() {
	k.t.Helper()
	w, err := newWatcher(k.cfg, slog.New(slog.NewTextHandler(io.Discard, nil)), func() time.Time { return k.clock })
	if err != nil {
		k.t.Fatal(err)
	}
	w.mails.Timeout = patient
	k.watcher = w
}

// step lets time pass, then looks and works.
func (k *kit) step(d time.Duration) {
	k.t.Helper()
	k.clock = k.clock.Add(d)
	k.look(context.Background())
	if err := k.round(context.Background()); err != nil && !strings.Contains(err.Error(), "mail server") {
		k.t.Fatalf("%s: %v", k.clock, err)
	}
}

// until steps to that time, which is the last step's.
func (k *kit) until(text string, every time.Duration) {
	k.t.Helper()
	end := at(k.t, text)
	for k.clock.Before(end) {
		k.step(min(every, end.Sub(k.clock)))
	}
}

// only is the one outage on record.
func (k *kit) only() record {
	k.t.Helper()
	ids, err := k.folder.outages()
	if err != nil || len(ids) != 1 {
		k.t.Fatalf("outages %v, %v", ids, err)
	}
	r, err := k.folder.outage(ids[0])
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

// mailed are the accepted mails whose subject has that text.
func (k *kit) mailed(subject string) []posttest.Received {
	return slices.DeleteFunc(k.sink.Accepted(), func(m posttest.Received) bool { return !strings.Contains(m.Subject, subject) })
}

// public is one of the site's files.
func (k *kit) public(name string) string {
	k.t.Helper()
	content, err := os.ReadFile(filepath.Join(k.cfg.Site, name))
	if err != nil {
		k.t.Fatal(err)
	}
	return string(content)
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// linkIn is the token of the link in a mail.
func linkIn(t *testing.T, m posttest.Received) string {
	t.Helper()
	_, after, found := strings.Cut(m.Text, "https://watch.example/approve?token=")
	if !found {
		t.Fatalf("no link in\n%s", m.Text)
	}
	return strings.Fields(after)[0]
}

func (k *kit) get(path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	k.handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	return answer
}

func (k *kit) send(path string, fields url.Values) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	k.handler().ServeHTTP(answer, request)
	return answer
}

// command runs a command beside the watcher and gives back what it says.
func (k *kit) command(args ...string) (string, error) {
	var said strings.Builder
	err := command{folder: k.folder, out: &said, now: k.clock}.run(args)
	return said.String(), err
}

// bothApprove gives both words for the draft as it stands.
func (k *kit) bothApprove() {
	k.t.Helper()
	for _, by := range []string{"bao@snv.example", "ha@skhcn.example"} {
		if _, err := k.command("approve", k.only().ID, "-by", by); err != nil {
			k.t.Fatal(err)
		}
	}
}
