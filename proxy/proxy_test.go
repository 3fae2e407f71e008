package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/config"
	"cchc/domain/calendar"
)

// before is the proxy before a server at the address.
func before(t *testing.T, server string, watch string) (*proxy, *httptest.Server) {
	t.Helper()
	cfg := config.Proxy{Help: []string{"Sở Nội vụ, 028 0000 0000"}}
	cfg.Server, _ = url.Parse(server)
	if watch != "" {
		cfg.Watch, _ = url.Parse(watch)
	}
	p := newProxy(cfg, slog.New(slog.DiscardHandler))
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	return p, front
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

func fetch(t *testing.T, method, address string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestTheServersOwnAnswersPass(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError) // its own error page, not ours
		_, _ = fmt.Fprintf(w, "%s %s for %q", r.Host, r.URL.RequestURI(), r.Header["X-Forwarded-For"])
	}))
	defer server.Close()
	_, front := before(t, server.URL, "")
	for _, row := range []struct{ said, want string }{
		{"", `for ["127.0.0.1"]`},
		{"10.1.2.3", `for ["10.1.2.3"]`}, // what stands before knows who asks
	} {
		answer, body := fetch(t, http.MethodGet, front.URL+"/tasks?page=2", "X-Forwarded-For", row.said)
		if answer.StatusCode != http.StatusInternalServerError || !strings.HasSuffix(body, row.want) || !strings.HasPrefix(body, strings.TrimPrefix(front.URL, "http://")+" /tasks?page=2") {
			t.Errorf("%d %s", answer.StatusCode, body)
		}
	}
}

func TestAStreamGoesOnAtOnce(t *testing.T) {
	more := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-more
	}))
	defer server.Close()
	_, front := before(t, server.URL, "")
	answer, err := http.Get(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || line != "data: 1\n" {
		t.Errorf("%q, %v", line, err)
	}
	close(more)
}

// Without a server people are told what is the matter: by the watcher's word, and where
// there is none by what was seen here.
func TestWithoutAServer(t *testing.T) {
	now := calendar.Date(2026, 10, 5).At(10 * 60)
	watch := `{"down":true,"since":"2026-10-05T02:12:00Z","until":"2026-10-05T09:00:00Z","help":["Trực kỹ thuật, 028 1111 1111"],"board":"https://watch.example/","site":"https://sonoivu.example/"}`
	watcher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/state.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, watch)
	}))
	defer watcher.Close()
	for _, row := range []struct {
		why, watch string
		want, not  []string
	}{
		{"no watcher", "", []string{"10:00", "05/10/2026", "Chưa xác định được thời điểm", "028 0000 0000"}, nil},
		{"the watcher knows", watcher.URL, []string{"09:12", "16:00", "028 1111 1111", `href="https://watch.example/"`, `href="https://sonoivu.example/"`}, []string{"028 0000 0000", "Chưa xác định"}},
		{"the watcher is away too", nobody(t), []string{"10:00", "028 0000 0000"}, nil},
	} {
		p, front := before(t, nobody(t), row.watch)
		p.known.now = func() time.Time { return now }
		answer, body := fetch(t, http.MethodGet, front.URL+"/documents/bc-STC?a=1", "Accept", "text/html")
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", row.why, answer.StatusCode, answer.Header)
		}
		for _, text := range append(row.want, "Nội dung đang soạn vẫn còn", `href="/documents/bc-STC?a=1"`) {
			if !strings.Contains(body, text) {
				t.Errorf("%s: the page does not say %q", row.why, text)
			}
		}
		for _, text := range row.not {
			if strings.Contains(body, text) {
				t.Errorf("%s: the page says %q", row.why, text)
			}
		}
		for _, text := range []string{"<script", "src=", "/static/", "<link"} {
			if strings.Contains(body, text) {
				t.Errorf("%s: the page needs another file: %s", row.why, text)
			}
		}
	}
}

// Whoever makes up a link to the system leads nobody elsewhere by the page that stands in.
func TestTryAgainStaysHere(t *testing.T) {
	_, front := before(t, nobody(t), "")
	for _, path := range []string{"//elsewhere.example/x?a=1", "///elsewhere.example/x?a=1"} {
		if _, body := fetch(t, http.MethodGet, front.URL+path, "Accept", "text/html"); !strings.Contains(body, `href="/elsewhere.example/x?a=1"`) {
			t.Errorf("%s leads elsewhere:\n%s", path, body)
		}
		if _, body := fetch(t, http.MethodPost, front.URL+"/x", "Accept", "text/html", "Referer", front.URL+path); !strings.Contains(body, `href="/elsewhere.example/x?a=1"`) {
			t.Errorf("from %s: leads elsewhere", path)
		}
	}
}

func TestFormsAndScriptsWithoutAServer(t *testing.T) {
	_, front := before(t, nobody(t), "")
	_, body := fetch(t, http.MethodPost, front.URL+"/documents/bc-STC/submit", "Accept", "text/html", "Referer", front.URL+"/documents/bc-STC/check")
	if !strings.Contains(body, `href="/documents/bc-STC/check"`) {
		t.Error("the form's own page is not led to")
	}
	_, body = fetch(t, http.MethodPost, front.URL+"/documents/bc-STC/submit", "Accept", "text/html", "Referer", "https://elsewhere.example/x")
	if !strings.Contains(body, `href="/"`) {
		t.Error("leads to another site")
	}
	answer, body := fetch(t, http.MethodPost, front.URL+"/documents/bc-STC/sections/I", "Accept", "application/json")
	if answer.StatusCode != http.StatusServiceUnavailable || body != "" {
		t.Errorf("a script is answered %d %q", answer.StatusCode, body)
	}
}

// Who leaves in the middle of sending a file says nothing of the server: nobody is told
// that it stopped then.
func TestAReaderWhoLeavesIsNoOutage(t *testing.T) {
	began := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	p, front := before(t, server.URL, "")
	conn, err := net.Dial("tcp", strings.TrimPrefix(front.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "POST /files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nbegin"); err != nil {
		t.Fatal(err)
	}
	<-began
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	front.Close() // once it has answered
	p.known.mu.Lock()
	defer p.known.mu.Unlock()
	if !p.known.since.IsZero() {
		t.Errorf("the server is missed since %v", p.known.since)
	}
}

// What came broken was not passed on whole: it is not answered as if it were.
func TestABrokenBodyIsNotTakenForDone(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	p, front := before(t, server.URL, "")
	conn, err := net.Dial("tcp", strings.TrimPrefix(front.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "POST /files HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("answered with %s", answer.Status)
	}
	p.known.mu.Lock()
	defer p.known.mu.Unlock()
	if !p.known.since.IsZero() {
		t.Errorf("the server is missed since %v", p.known.since)
	}
}

// Since when is told anew after the server has been back.
func TestTheServerComesBack(t *testing.T) {
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	address := up.Listener.Addr().String()
	_ = up.Listener.Close()
	p, front := before(t, "http://"+address, "")
	now := calendar.Date(2026, 10, 5).At(8 * 60)
	p.known.now = func() time.Time { return now }
	sees := func(clock string) {
		t.Helper()
		if _, body := fetch(t, http.MethodGet, front.URL, "Accept", "text/html"); !strings.Contains(body, "từ <strong>"+clock) {
			t.Errorf("not since %s", clock)
		}
	}
	sees("08:00")
	now = now.Add(time.Hour)
	sees("08:00")
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	up.Listener = listener
	up.Start()
	if answer, _ := fetch(t, http.MethodGet, front.URL); answer.StatusCode != http.StatusOK {
		t.Errorf("back: %d", answer.StatusCode)
	}
	up.Close()
	now = now.Add(time.Hour)
	sees("10:00")
}
