package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

// patience is how long anything may take on a machine that is small and busy;
// requestTime is what the listening server gives a request that is no stream.
const (
	patience    = time.Minute
	requestTime = time.Second
)

// ear is a browser that listens to /events over a real connection.
type ear struct {
	answer *http.Response
	lines  chan string
}

// listening serves the kit's pages with short timeouts, as a server in production
// does with long ones, and lets them hear the database.
func listening(t *testing.T, k *kit) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(k.handler)
	server.Config.ReadTimeout = requestTime
	server.Config.WriteTimeout = requestTime
	server.Start()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- k.Store.Listen(ctx, map[string]func(string){storage.ChannelLive: k.server.Changed}) }()
	t.Cleanup(func() {
		k.server.live.close()
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the listener ended with %v", err)
		}
	})
	k.heard(t)
	return server
}

// heard returns when the listener is at its place.
func (k *kit) heard(t *testing.T) {
	t.Helper()
	probe := newOpenPage(-1, staff.Scope{All: true}, []string{watchTasks})
	if !k.server.live.join(probe, time.Now()) {
		t.Fatal("the hub takes nobody")
	}
	defer k.server.live.leave(probe)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		k.notify(t, "c:probe")
		select {
		case <-probe.wake:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("notifications do not arrive")
}

func (k *kit) notify(t *testing.T, payload string) {
	t.Helper()
	if _, err := k.Owner.Exec(`select pg_notify('live', $1)`, payload); err != nil {
		t.Fatal(err)
	}
}

// moved writes a line of the document's history, as every move does.
func (k *kit) moved(t *testing.T, id, key string) {
	t.Helper()
	const add = `insert into history (document_id, key, at, event, revision) values ($1, $2, now(), 'submit', 1)`
	if _, err := k.Owner.Exec(add, id, key); err != nil {
		t.Fatal(err)
	}
}

func (k *kit) listen(t *testing.T, server *httptest.Server, b *browser, watches ...string) *ear {
	t.Helper()
	return k.listenSince(t, server, b, time.Now(), watches...)
}

// listenSince listens for a page that was made at the instant.
func (k *kit) listenSince(t *testing.T, server *httptest.Server, b *browser, made time.Time, watches ...string) *ear {
	t.Helper()
	query := url.Values{"watch": watches, "at": {strconv.FormatInt(made.UnixMilli(), 10)}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/events?"+query.Encode(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip") // offered, as browsers do
	for name, value := range b.cookie {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{answer: answer, lines: make(chan string, 100)}
	go func() {
		defer close(e.lines)
		for text := bufio.NewScanner(answer.Body); text.Scan(); {
			e.lines <- text.Text()
		}
	}()
	t.Cleanup(func() { _ = answer.Body.Close() })
	return e
}

// next is the next line that has the prefix; "" when the stream ends or nothing
// comes in time.
func (e *ear) next(prefix string, patience time.Duration) string {
	over := time.After(patience)
	for {
		select {
		case line, open := <-e.lines:
			if !open {
				return ""
			}
			if strings.HasPrefix(line, prefix) {
				return line
			}
		case <-over:
			return ""
		}
	}
}

func TestEventsComeToThoseWhomTheyConcern(t *testing.T) {
	k := newKit(t)
	server := listening(t, k)
	id := k.document(t, "STC")
	campaign := strings.TrimSuffix(id, "-STC")
	head := k.listen(t, server, k.at(t, "STC", staff.DivisionHead), "tasks", "document:"+id)
	board := k.listen(t, server, k.at(t, "SNV", staff.Officer), "campaign:"+campaign)
	stranger := k.listen(t, server, k.at(t, "SYT", staff.DivisionHead), "tasks", "document:"+id, "campaign:"+campaign)
	admin := k.listen(t, server, k.at(t, "SNV", staff.SystemAdmin), "tasks", "document:"+id)
	for _, e := range []*ear{head, board, stranger, admin} {
		if kind := e.answer.Header.Get("Content-Type"); kind != "text/event-stream" || e.answer.Header.Get("Content-Encoding") != "" {
			t.Fatalf("comes as %q, %q", kind, e.answer.Header.Get("Content-Encoding"))
		}
		if e.answer.Header.Get("X-Accel-Buffering") != "no" || e.answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", e.answer.Header)
		}
		if e.next("event: hello", patience) == "" {
			t.Fatal("the stream does not begin")
		}
	}
	time.Sleep(requestTime + 100*time.Millisecond) // past the server's own deadlines
	k.moved(t, id, "one")
	if got := head.next("data: t", patience); got != "data: tasks document:"+id {
		t.Errorf("the head of the unit hears %q", got)
	}
	if got := board.next("data: c", patience); got != "data: campaign:"+campaign {
		t.Errorf("the officer at the board hears %q", got)
	}
	for name, e := range map[string]*ear{"someone of another unit": stranger, "an operator": admin} {
		if got := e.next("data: ", 700*time.Millisecond); got != "data: " { // of the greeting
			t.Errorf("%s hears %q first", name, got)
		}
		if got := e.next("data: ", 300*time.Millisecond); got != "" {
			t.Errorf("%s hears %q", name, got)
		}
	}
}

func TestEventsAreGathered(t *testing.T) {
	k := newKit(t)
	server := listening(t, k)
	id := k.document(t, "STC")
	e := k.listen(t, server, k.at(t, "STC", staff.Specialist), "document:"+id)
	e.next("event: hello", patience)
	begun := time.Now()
	for _, key := range []string{"a", "b", "c", "d"} {
		k.moved(t, id, key)
	}
	if e.next("event: change", patience) == "" {
		t.Fatal("the first change is not told")
	}
	k.moved(t, id, "e")
	gathered := time.Since(begun) < calm // else this machine was too slow for them to be gathered
	if e.next("event: change", patience) == "" {
		t.Fatal("a later change is not told")
	}
	if passed := time.Since(begun); passed < calm {
		t.Errorf("told twice within %v", passed)
	}
	if got := e.next("event: ", calm+500*time.Millisecond); got != "" && gathered {
		t.Errorf("told once more than needed: %q", got)
	}
}

func TestWhatChangedBeforeThePageListenedIsTold(t *testing.T) {
	k := newKit(t)
	server := listening(t, k)
	id := k.document(t, "STC")
	made := time.Now()
	k.moved(t, id, "between")
	time.Sleep(200 * time.Millisecond)
	b := k.at(t, "STC", staff.Specialist)
	late := k.listenSince(t, server, b, made, "document:"+id)
	if late.next("event: change", patience) == "" {
		t.Error("a page that listens late misses what happened since it was made")
	}
	fresh := k.listenSince(t, server, b, time.Now(), "document:"+id)
	if got := fresh.next("event: change", time.Second); got != "" {
		t.Error("a page is told what it shows already")
	}
	old := k.listenSince(t, server, b, made.Add(-time.Hour), "document:"+id)
	if old.next("event: change", spread+patience) == "" {
		t.Error("a page from before this server began is not told to look again")
	}
}

func TestALaunchIsFewNotifications(t *testing.T) {
	k := newKit(t)
	listening(t, k)
	id := k.document(t, "STC")
	campaign := strings.TrimSuffix(id, "-STC")
	const units = `insert into documents (id, campaign, unit_code, kind, unit_due_at, due_at, desk_since, rung_at, created_at)
		select $1 || '-' || code, $1, code, 'report', now(), now(), now(), now(), now() from units where code <> 'STC'`
	if _, err := k.Owner.Exec(units, campaign); err != nil {
		t.Fatal(err)
	}
	const all = `insert into history (document_id, key, at, event, revision)
		select id, id || ':launched', now(), 'launched', 0 from documents where campaign = $1`
	if _, err := k.Owner.Exec(all, campaign); err != nil {
		t.Fatal(err)
	}
	k.notify(t, "c:last")
	k.server.live.mu.Lock()
	defer k.server.live.mu.Unlock()
	var told []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		told = nil
		for _, c := range k.server.live.recent {
			if c.campaign == campaign || c.campaign == "last" {
				told = append(told, c.campaign+c.document)
			}
		}
		if slices.Contains(told, "last") {
			break
		}
		k.server.live.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		k.server.live.mu.Lock()
	}
	if want := []string{campaign, "last"}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
}

func TestStreamsEndWithTheSession(t *testing.T) {
	k := newKit(t)
	person := k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	b := k.as(t, person)
	page := newOpenPage(person, staff.Scope{Units: []string{"STC"}}, []string{watchTasks})
	look := func() bool { return k.server.stillThere(k.contextOf(t, b), page) }
	if !look() {
		t.Fatal("a session that holds is taken for ended")
	}
	if _, err := k.Owner.Exec(`update positions set valid_to = now() where person_id = $1`, person); err != nil {
		t.Fatal(err)
	}
	if !look() || len(page.scope.Units) != 0 {
		t.Errorf("an ended position is still heard of: %v", page.scope)
	}
	ctx := k.contextOf(t, b)
	b.post(t, "/sign-out", url.Values{}).want(t, http.StatusSeeOther)
	if k.server.stillThere(ctx, page) {
		t.Error("the stream outlives its session")
	}
	b = k.as(t, person)
	ctx = k.contextOf(t, b)
	if _, err := k.Owner.Exec(`update persons set state = 'closed' where id = $1`, person); err != nil {
		t.Fatal(err)
	}
	if k.server.stillThere(ctx, page) {
		t.Error("the stream outlives its account")
	}
}

// contextOf is the context of a request of this browser.
func (k *kit) contextOf(t *testing.T, b *browser) context.Context {
	t.Helper()
	var ctx context.Context
	catch := k.server.visits(k.server.peeks(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() })))
	r := httptest.NewRequest(http.MethodGet, eventsPath, nil)
	for name, value := range b.cookie {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	catch.ServeHTTP(httptest.NewRecorder(), r)
	return context.WithoutCancel(ctx)
}

func TestLookingForNewsDoesNotKeepASession(t *testing.T) {
	k := newKit(t)
	b := k.at(t, "STC", staff.Specialist)
	expiry := func() (at time.Time) {
		if err := k.Owner.QueryRow(`select max(expires_at) from sessions`).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	// Ends closer than storage.SessionSlack are one: the session looks a minute old.
	if _, err := k.Owner.Exec(`update sessions set expires_at = expires_at - interval '1 minute'`); err != nil {
		t.Fatal(err)
	}
	first := expiry()
	b.header.Set(liveHeader, "1")
	b.get(t, "/tasks").want(t, http.StatusOK)
	if got := expiry(); !got.Equal(first) {
		t.Errorf("a page fetched by a script keeps the session until %v, was %v", got, first)
	}
	b.header.Del(liveHeader)
	b.get(t, "/tasks").want(t, http.StatusOK)
	if got := expiry(); !got.After(first) {
		t.Error("a page that a person asked for does not keep the session")
	}
}

func TestOldPagesGiveWay(t *testing.T) {
	h := newHub(time.Now())
	var pages []*openPage
	for range mostOfPerson + 2 {
		p := newOpenPage(7, staff.Scope{All: true}, []string{watchTasks})
		pages = append(pages, p)
		if !h.join(p, time.Now()) {
			t.Fatal("no place")
		}
	}
	for i, p := range pages {
		ended := false
		select {
		case <-p.end:
			ended = true
		default:
		}
		if ended != (i < 2) {
			t.Errorf("page %d ended: %v", i, ended)
		}
	}
	h.close()
	if h.join(newOpenPage(8, staff.Scope{}, nil), time.Now()) {
		t.Error("a closed hub takes a page")
	}
	for _, p := range pages {
		h.leave(p)
		select {
		case <-p.end:
		default:
			t.Error("a page outlives the hub")
		}
	}
	if len(h.pages) != 0 || len(h.of) != 0 {
		t.Errorf("left behind: %v, %v", h.pages, h.of)
	}
}
