package crash

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/post/posttest"
)

const noticeSubject = "Thông báo: Phần mềm quản lý công tác cải cách hành chính ngừng"

// TestWatchAlone: everything dies, PostgreSQL too; the watcher alone detects it, drafts
// the notice at the mark, asks both bodies, and brings it to every unit. When the system
// is back it takes over what was sent, and nobody gets anything twice.
func TestWatchAlone(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	sink := posttest.Listen(t, "", nil)
	s.SMTP = sink.Address
	s.Run(stack.Server, "seed-demo")
	units := headsWithMail(t, s)
	office := soonestOffice()
	setRule(t, s, office)
	s.Kill(stack.Worker)
	s.Revive(stack.Worker) // with the mail server
	s.StartPart(stack.Server)
	s.Eventually("the server is ready", time.Minute, func() bool {
		answer, err := http.Get(s.Web + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	s.StartPart(stack.Watch)
	mailed := func(subject string) (n int) {
		for _, m := range sink.Accepted() {
			if strings.Contains(m.Subject, subject) {
				n++
			}
		}
		return n
	}
	var facts outage.Facts
	s.Eventually("the watcher has its facts", time.Minute, func() bool {
		return readJSON(filepath.Join(s.WatchDir(), "facts.json"), &facts) == nil
	})
	contacts := len(outage.Recipients(facts.Contacts))
	if contacts < units || len(facts.Needs) != 2 {
		t.Fatalf("%d recipients in %d units, words of %v", contacts, units, facts.Needs)
	}

	all := []string{stack.Server, stack.Worker, stack.Temporal, "postgres"}
	s.Kill(all...)
	if !time.Now().Before(office.From) {
		t.Fatalf("the machine is too slow: killed after %v", office.From)
	}
	var told outage.Report
	report := func() bool {
		found, err := filepath.Glob(filepath.Join(s.WatchDir(), "outages", "*.json"))
		return err == nil && len(found) == 1 && readJSON(found[0], &told) == nil
	}
	s.Eventually("operators are told", 2*time.Minute, func() bool { return report() && mailed("không truy cập được") > 0 })
	s.Eventually("the notice is drafted at its mark", 5*time.Minute, func() bool { return report() && told.Notice != nil })
	if told.Notice.Drafted.Before(office.To) {
		t.Errorf("drafted at %v, the mark is %v", told.Notice.Drafted, office.To)
	}
	if mailed(noticeSubject) != 0 {
		t.Error("sent without a word")
	}
	for _, party := range facts.Needs {
		s.RunWatch("approve", told.ID, "-by", officerOf(t, facts, party))
	}
	s.Eventually("every unit has the notice", time.Minute, func() bool { return mailed(noticeSubject) == contacts })
	for _, name := range []string{"/", "/feed.xml"} {
		if page := get(t, s.Watcher()+name); !strings.Contains(page, "ngừng hoạt động từ "+told.Span.From.In(calendar.Zone).Format("15:04 ngày 02/01/2006")) {
			t.Errorf("%s does not have the notice:\n%s", name, page)
		}
	}

	s.Revive("postgres", stack.Temporal, stack.Worker, stack.Server)
	s.Eventually("the all-clear is out", 4*time.Minute, func() bool { return mailed("hoạt động trở lại") == contacts })
	s.Eventually("the system has taken over both", 3*time.Minute, func() bool {
		return s.Count(`select count(*) from outage_notices where taken_over and published_at is not null`) == 2
	})
	s.Eventually("its outage is closed", 2*time.Minute, func() bool {
		return s.Count(`select count(*) from outages where closed_at is not null`) == 1
	})
	if n := s.Count(`select count(*) from outages`); n != 1 {
		t.Errorf("%d outages on record, want the watcher's, with which the gap goes together", n)
	}
	time.Sleep(15 * time.Second) // the worker's mailer has had its rounds
	if notices, clear := mailed(noticeSubject), mailed("hoạt động trở lại"); notices != contacts || clear != contacts {
		t.Errorf("%d notices and %d all-clears to %d people", notices, clear, contacts)
	}
}

// headsWithMail gives every unit one more head, with a mail address, and the authority
// an officer; the number of units.
func headsWithMail(t *testing.T, s *stack.Stack) int {
	t.Helper()
	units, err := s.Store.Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := &city{Stack: s, t: t}
	for _, unit := range units {
		c.person(staff.Director, unit.Code)
	}
	c.person(staff.Officer, "SNV")
	return len(units)
}

// soonestOffice is a minute that begins soon and is all the office time there is today:
// an outage that covers it has lasted a working day.
func soonestOffice() outage.Span {
	begin := time.Now().In(calendar.Zone).Truncate(time.Minute).Add(4 * time.Minute)
	if day := calendar.DayOf(begin); calendar.DayOf(begin.Add(2*time.Minute)) != day {
		time.Sleep(time.Until(day.Add(1).Start())) // not over midnight
		begin = day.Add(1).Start().Add(2 * time.Minute)
	}
	return outage.Span{From: begin, To: begin.Add(time.Minute)}
}

// setRule makes that minute the office time, of a day that is worked.
func setRule(t *testing.T, s *stack.Stack, office outage.Span) {
	t.Helper()
	day := calendar.DayOf(office.From)
	opens := int(office.From.Sub(day.Start()) / time.Minute)
	rule, err := json.Marshal(outage.Rule{
		Days: 1, Count: outage.ByHours, Office: []outage.Session{{Opens: opens, Closes: opens + 1}},
		Confirm: 15 * time.Second, Recovery: 10 * time.Second, // one look that a busy machine is late for is no outage
		Announce: 24 * time.Hour, Lead: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		statement string
		args      []any
	}{
		{`delete from holidays where date = $1`, []any{day}},
		{`insert into holidays (date, kind, name, certainty) values ($1, 'swapped_work', $2, 'official')`, []any{day, "day of a test"}},
		{`insert into outage_rules (key, rule, it_unit, approval_hours, replaces, reason)
			select $1, $2, it_unit, approval_hours, id, 'test' from outage_rules order by id desc limit 1`, []any{uuid.New(), string(rule)}},
	} {
		if _, err := s.Owner.Exec(one.statement, one.args...); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", one.statement, err))
		}
	}
}

func officerOf(t *testing.T, facts outage.Facts, party outage.Party) string {
	t.Helper()
	for _, o := range facts.Officers {
		if o.Party == party {
			return o.Mail
		}
	}
	t.Fatalf("nobody of %s among the facts", party)
	return ""
}

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

func get(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
