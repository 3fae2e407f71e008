package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"cchc/board"
	"cchc/domain/staff"
	"cchc/storage/storagetest"
	"cchc/templates"
)

// kit is the pages over a database of the test's own.
type kit struct {
	*storagetest.Database
	server   *Server
	handler  http.Handler
	people   int
	visitors int
}

// parsed are the pages, once for all tests: parsing takes longer than most of them.
var parsed = sync.OnceValues(templates.New)

func newKit(t *testing.T) *kit {
	t.Helper()
	d := storagetest.Open(t)
	pages, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	public, _ := url.Parse("http://cchc.test")
	server, err := New(context.Background(), Options{
		Store: d.Store, Pages: pages, PublicURL: public, Board: board.Board{Folder: t.TempDir(), Public: public},
		Log: slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &kit{Database: d, server: server, handler: server.Handler()}
}

// testLog shows warnings and errors of the server in the test's own output.
type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// person makes an active account with the positions; its password cannot be
// used, because hashing is slow: see as.
func (k *kit) person(t *testing.T, positions ...staff.Position) int64 {
	t.Helper()
	k.people++
	const add = `insert into persons (username, name, name_key, state)
		select 'p' || $1::int, 'Người ' || $1::int, 'nguoi', 'active' returning id`
	var id int64
	if err := k.Owner.QueryRow(add, k.people).Scan(&id); err != nil {
		t.Fatal(err)
	}
	for _, p := range positions {
		if _, err := k.Owner.Exec(`insert into positions (person_id, unit_code, role) values ($1, $2, $3)`, id, p.Unit, p.Role); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// browser is one visitor.
type browser struct {
	kit     *kit
	cookie  map[string]string
	header  http.Header
	address string
}

func (k *kit) visitor() *browser {
	k.visitors++
	return &browser{
		kit: k, cookie: map[string]string{}, header: http.Header{},
		address: fmt.Sprintf("10.1.%d.%d", k.visitors/250, k.visitors%250), // limits are by address
	}
}

// as is a visitor who is signed in as the person, without the password's delay.
func (k *kit) as(t *testing.T, person int64) *browser {
	t.Helper()
	account, err := k.Store.Account(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := k.server.sessions.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	k.server.sessions.Put(ctx, personKey, account.Person)
	k.server.sessions.Put(ctx, stampKey, account.Stamp)
	token, _, err := k.server.sessions.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b := k.visitor()
	b.cookie[k.server.sessions.Cookie.Name] = token
	return b
}

// at is a visitor who is signed in as someone new with the role at the unit.
func (k *kit) at(t *testing.T, unit string, role staff.Role) *browser {
	t.Helper()
	return k.as(t, k.person(t, staff.Position{Unit: unit, Role: role}))
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (b *browser) get(t *testing.T, path string) answer {
	t.Helper()
	return b.send(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(t, r)
}

func (b *browser) send(t *testing.T, r *http.Request) answer {
	t.Helper()
	r.Host = "cchc.test"
	r.RemoteAddr = b.address + ":1"
	for name, values := range b.header {
		r.Header[name] = values
	}
	for name, value := range b.cookie {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	recorder := httptest.NewRecorder()
	b.kit.handler.ServeHTTP(recorder, r)
	response := recorder.Result()
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookie, c.Name)
		} else {
			b.cookie[c.Name] = c.Value
		}
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(body)}
}

// want fails unless the answer has the status and, when one is given, goes there.
func (a answer) want(t *testing.T, status int, location ...string) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("status %d, want %d: %.600s", a.StatusCode, status, a.words())
	}
	if len(location) > 0 && a.Header.Get("Location") != location[0] {
		t.Fatalf("goes to %q, want %q", a.Header.Get("Location"), location[0])
	}
	return a
}

// says fails unless the page's text has all of the texts.
func (a answer) says(t *testing.T, texts ...string) answer {
	t.Helper()
	words := a.words()
	for _, text := range texts {
		if !strings.Contains(words, text) {
			t.Errorf("the page does not say %q: %.2000s", text, words)
		}
	}
	return a
}

// silent fails if the page's text has one of the texts.
func (a answer) silent(t *testing.T, texts ...string) answer {
	t.Helper()
	words := a.words()
	for _, text := range texts {
		if strings.Contains(words, text) {
			t.Errorf("the page says %q", text)
		}
	}
	return a
}

// words is the text of the page's main part, runs of space as one.
func (a answer) words() string {
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		return a.body
	}
	var text strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return strings.Join(strings.Fields(text.String()), " ")
}

// field is the value of the page's first input or textarea with the name.
func (a answer) field(t *testing.T, name string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || attribute(n, "name") != name {
			continue
		}
		if n.Data == "textarea" && n.FirstChild != nil {
			return n.FirstChild.Data
		}
		return attribute(n, "value")
	}
	t.Fatalf("no field %q", name)
	return ""
}

// button is the value of the page's first button with the name.
func (a answer) button(t *testing.T, name string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "button" && attribute(n, "name") == name {
			return attribute(n, "value")
		}
	}
	t.Fatalf("no button %q", name)
	return ""
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// document makes an open document of the unit in a campaign of its own, and
// gives its id.
func (k *kit) document(t *testing.T, unit string) string {
	t.Helper()
	by := k.person(t)
	code := "test-" + strings.ToLower(unit)
	const campaign = `insert into campaigns (code, launch_key, kind, name, form, form_version, period,
			window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by)
		select $1, gen_random_uuid(), 'report', 'Đợt thử', form, version, '2026q4', '2026-09-15', '2026-12-14',
			'2026-12-18', '2026-12-17T17:00:00Z', '{}', '{}', $2 from form_versions where form = 'bc-cchc-quy'`
	const document = `insert into documents (id, campaign, unit_code, kind, unit_due_at, due_at, desk_since, rung_at, created_at)
		values ($1 || '-' || $2, $1, $2, 'report', '2026-12-17T17:00:00Z', '2026-12-17T17:00:00Z', now(), now(), now())`
	if _, err := k.Owner.Exec(campaign, code, by); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Owner.Exec(document, code, unit); err != nil {
		t.Fatal(err)
	}
	return code + "-" + unit
}
