package crash

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
)

// confirmed lays down an outage that is over and that an officer has confirmed.
func (c *city) confirmed(from, to time.Time) int64 {
	c.t.Helper()
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, opened_at, rung_at, closed_at, closing)
		select gen_random_uuid(), 'outage', 'hand', $1, $2, max(id), clock_timestamp(), $1, $1, $1, 'quiet' from outage_rules returning id`
	var id int64
	if err := c.Owner.QueryRow(add, from, to).Scan(&id); err != nil {
		c.t.Fatal(err)
	}
	return id
}

// An officer extends the deadlines of a whole campaign after an outage, and everything
// is killed while that is carried out: each is extended once, and none is left.
func TestDeadlinesExtendedWhileEverythingIsKilled(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	due := calendar.DayOf(time.Now()).Add(40).At(17 * 60)
	c := settle(t, s, 40, due)
	days, err := s.Store.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	last := days.PreviousWorkingDay(calendar.DayOf(due))
	id := c.confirmed(last.At(8*60), last.At(16*60))
	ctx := context.Background()
	found, err := s.Store.OutageDeadlines(ctx, staff.Scope{All: true}, id)
	if err != nil || len(found.Groups) != 1 || found.Groups[0].Documents != len(c.units) {
		t.Fatalf("%+v, %v", found.Groups, err)
	}
	g := found.Groups[0]
	n := storage.NewOutageBatch{
		Key: uuid.New(), Outage: id, Actor: c.officer, Reason: "Sự cố phần mềm",
		Answers: []storage.DeadlineAnswer{{Kind: g.Kind, Campaign: g.Campaign, Due: g.Due, Until: g.Until}},
	}
	if err := s.Store.AddOutageBatch(ctx, n); err != nil {
		t.Fatal(err)
	}
	c.exec(`update outage_batches set made_at = made_at - interval '1 minute'`) // its beginner is gone: the relay carries it out
	over := make(chan struct{})
	var weather sync.WaitGroup
	weather.Go(func() { c.weather(over) })
	s.Eventually("every deadline is extended", 3*time.Minute, func() bool {
		var left int
		err := s.Owner.QueryRow(`select count(*) from documents where campaign = $1 and due_at = $2`, c.campaign, due).Scan(&left)
		return err == nil && left == 0 // the database may be away just now
	})
	close(over)
	weather.Wait()
	for what, check := range map[string]struct {
		want  int
		query string
	}{
		"extensions":              {len(c.units), `select count(*) from decisions where action = 'extend' and outcome = 'applied'`},
		"unanswered":              {0, `select count(*) from decisions where outcome is null or outcome <> 'applied'`},
		"lines of history":        {len(c.units), `select count(*) from history where event = 'extend'`},
		"deadlines, each once":    {len(c.units) + 1, `select count(*) from outage_batch_items where outcome = 'taken'`},
		"the campaign moved too":  {1, `select count(*) from campaigns c where due_at > now() + interval '40 days' and not exists (select from documents d where d.campaign = c.code and d.due_at <> c.due_at)`},
		"tasks have the new due":  {len(c.units), `select count(*) from tasks t join documents d on d.id = t.document_id where t.closed_at is null and t.due_at = d.due_at`},
		"the batch has ended":     {1, `select count(*) from outage_batches where done_at is not null`},
		"notices, each unit once": {2 * len(c.units), `select count(*) from notices where kind = 'extended' and person_id is not null`},
	} {
		s.Eventually(what, time.Minute, func() bool { return s.Count(check.query) == check.want })
	}
}

// The database is gone: whoever sends a form meanwhile is told so, nothing of it is
// half done, and once the database is back it is known whose attempt failed. The server
// is gone: the proxy before it answers.
func TestAttemptsWhileTheDatabaseIsGone(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	s.Run(stack.Server, "seed-demo")
	c := &city{Stack: s, t: t, people: map[string]map[staff.Role]staff.Actor{}, campaign: "bc-" + uuid.NewString()[:8], units: []string{"STC"}}
	c.officer = c.person(staff.Officer, "SNV")
	c.launch(time.Now().Add(40 * 24 * time.Hour))
	s.StartPart(stack.Server)
	s.StartPart(stack.Proxy)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	author := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	status := func(path string, form url.Values) int {
		t.Helper()
		answer, err := author.PostForm(s.Front()+path, form)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	s.Eventually("the server is ready", time.Minute, func() bool {
		answer, err := author.Get(s.Front() + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	if got := status("/sign-in", url.Values{"username": {"stc.hanhntm"}, "password": {storage.DemoPassword}}); got != http.StatusSeeOther {
		t.Fatalf("signing in: %d", got)
	}
	submit := "/documents/" + c.campaign + "-STC/submit"
	form := url.Values{"key": {uuid.NewString()}, "revision": {"0"}, "content_hash": {""}}
	s.Kill("postgres")
	if got := status(submit, form); got != http.StatusInternalServerError {
		t.Errorf("without a database a form is answered %d", got)
	}
	s.Kill(stack.Server)
	if got := status(submit, form); got != http.StatusServiceUnavailable {
		t.Errorf("without a server a form is answered %d", got)
	}
	s.Revive("postgres", stack.Server)
	const seen = `select count(*) from failed_attempts a join persons p on p.id = a.person_id where p.username = 'stc.hanhntm' and a.document_id = $1 and a.source = 'server'`
	s.Eventually("the attempt is on record", time.Minute, func() bool { return s.Count(seen, c.campaign+"-STC") == 1 })
	if n := s.Count(`select count(*) from decisions`); n != 0 {
		t.Errorf("%d decisions of a form that failed", n)
	}
}

// Everything is gone at once, for hours, and nobody looked on: at the restart the gap
// between the server's heartbeats is found, one outage is opened of it however often the
// programs die again, and its workflow follows it.
func TestAGapIsFoundAtRestart(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	s.Run(stack.Server, "seed-demo")
	s.StartPart(stack.Server)
	s.Eventually("the server's heart beats", time.Minute, func() bool {
		return s.Count(`select count(*) from heartbeats where program = 'server'`) == 1
	})
	all := []string{stack.Server, stack.Worker, stack.Temporal, "postgres"}
	s.Kill(all...)
	s.Revive("postgres")
	c := &city{Stack: s, t: t}
	c.exec(`update heartbeats set at = at - interval '3 hours'`) // so long it was
	s.Revive(all...)
	const found = `select count(*) from outages where source = 'gap' and ended_at - began_at between interval '3 hours' and interval '4 hours'`
	s.Eventually("the gap is an outage", time.Minute, func() bool { return s.Count(found) == 1 })
	s.Kill(all...)
	s.Revive(all...)
	s.Eventually("its workflow follows it", 2*time.Minute, func() bool { return s.Count(`select count(*) from outages where run_id <> ''`) == 1 })
	if n := s.Count(`select count(*) from outages`); n != 1 {
		t.Errorf("%d outages of one gap", n)
	}
	if n := s.Count(`select count(*) from outages where confirmed_at is not null`); n != 0 {
		t.Error("nobody has confirmed it, and yet clocks stand still")
	}
}
