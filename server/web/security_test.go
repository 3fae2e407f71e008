package web

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/storage"
)

func TestHeadersOfEveryAnswer(t *testing.T) {
	k := newKit(t)
	admin := k.at(t, "SNV", staff.AccountAdmin)
	static := k.visitor().get(t, "/sign-in")
	sheet := static.body[strings.Index(static.body, "/static/"):]
	sheet = sheet[:strings.IndexByte(sheet, '"')]
	for _, path := range []string{"/sign-in", "/activate", "/profile", "/admin/accounts", "/no/such/page", "/healthz", sheet} {
		a := admin.get(t, path)
		want := map[string]string{
			"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		}
		if path == sheet {
			want = map[string]string{
				"Content-Security-Policy": filePolicy, "X-Content-Type-Options": "nosniff",
				"Referrer-Policy": "", "Permissions-Policy": "",
			}
		}
		for name, want := range want {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if kept := strings.Contains(a.Header.Get("Cache-Control"), "immutable"); kept != (path == sheet) {
			t.Errorf("%s: Cache-Control %q", path, a.Header.Get("Cache-Control"))
		}
		if a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
	for _, word := range []string{"unsafe-inline", "unsafe-eval", "*", "http:"} {
		if strings.Contains(contentPolicy, word) {
			t.Errorf("the policy allows %s", word)
		}
	}
}

// A form that another site sends in the reader's name is refused and noted.
func TestForeignForms(t *testing.T) {
	k := newKit(t)
	for _, row := range []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"our own page", map[string]string{"Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		{"typed by hand or a tool", nil, http.StatusSeeOther},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, http.StatusForbidden},
		{"a neighbour", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://other.test"}, http.StatusForbidden},
		{"an old browser on another site", map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"an old browser on our page", map[string]string{"Origin": "http://cchc.test"}, http.StatusSeeOther},
	} {
		b := k.at(t, "STC", staff.Specialist)
		for name, value := range row.header {
			b.header.Set(name, value)
		}
		if a := b.post(t, "/theme", url.Values{"theme": {"dark"}}); a.StatusCode != row.want {
			t.Errorf("%s: %d, want %d", row.name, a.StatusCode, row.want)
		}
	}
	if n := k.audited(t, storage.AuditRefused); n != 3 {
		t.Errorf("%d refusals noted, want 3", n)
	}
}

func TestGuessingIsSlow(t *testing.T) {
	k := newKit(t)
	guess := func(b *browser, username string) int {
		return b.post(t, "/sign-in", url.Values{"username": {username}, "password": {"x"}}).StatusCode
	}
	for n := range 10 {
		// Another address each time: the account is what is protected.
		if status := guess(k.visitor(), "stc.somebody"); status != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", n+1, status)
		}
	}
	if status := guess(k.visitor(), " STC.Somebody"); status != http.StatusTooManyRequests {
		t.Errorf("the 11th try within a minute: %d", status)
	}
	if status := guess(k.visitor(), "stc.other"); status != http.StatusUnprocessableEntity {
		t.Errorf("another account: %d", status)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	k := newKit(t)
	admin := k.at(t, "SNV", staff.AccountAdmin)
	form := url.Values{"list": {strings.Repeat("x", 3*bodyLimit)}}
	if a := admin.post(t, "/admin/accounts/import", form); a.StatusCode < 400 || a.StatusCode >= 500 {
		t.Errorf("3 MB to a form of 2: %d", a.StatusCode)
	}
}

func TestClientAddress(t *testing.T) {
	for _, row := range []struct{ peer, passed, want string }{
		{"203.0.113.9:55", "", "203.0.113.9"},
		{"127.0.0.1:55", "203.0.113.9", "203.0.113.9 via 127.0.0.1"},
		{"127.0.0.1:55", "forged, 203.0.113.9", "203.0.113.9 via 127.0.0.1"},
		{"127.0.0.1:55", "not an address", "127.0.0.1"},
		{"[2001:db8::1]:55", "", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = row.peer
		if row.passed != "" {
			r.Header.Set("X-Forwarded-For", row.passed)
		}
		if got := clientAddress(r); got != row.want {
			t.Errorf("%+v: %q", row, got)
		}
	}
}

func TestErrorsBecomeAnswers(t *testing.T) {
	k := newKit(t)
	for name, row := range map[string]struct {
		do   handler
		want int
	}{
		"not found": {failing(storage.ErrNotFound), http.StatusNotFound},
		"forbidden": {failing(errForbidden), http.StatusForbidden},
		"changed":   {failing(errChanged), http.StatusConflict},
		"malformed": {failing(errBadForm), http.StatusBadRequest},
		"unknown":   {failing(errors.New("secret table name")), http.StatusInternalServerError},
		"panic":     {func(http.ResponseWriter, *http.Request, staff.Actor) error { panic("secret") }, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			route := k.server.handle(page(get, "/fails", anyone, row.do))
			k.handler = k.server.visits(k.server.recovers(k.server.secures(
				k.server.sessions.LoadAndSave(k.server.recognises(route)))))
			a := k.visitor().get(t, "/fails").want(t, row.want)
			k.at(t, "STC", staff.Specialist).get(t, "/fails").want(t, row.want).silent(t, "secret")
			a.silent(t, "secret")
			if row.want == http.StatusInternalServerError {
				a.says(t, a.Header.Get("X-Request-Id"))
			}
			if a.Header.Get("Content-Security-Policy") != contentPolicy {
				t.Error("the error page has no policy")
			}
		})
	}
}

func failing(err error) handler {
	return func(http.ResponseWriter, *http.Request, staff.Actor) error { return err }
}

func TestHealth(t *testing.T) {
	k := newKit(t)
	if a := k.visitor().get(t, "/readyz"); a.StatusCode != http.StatusOK {
		t.Errorf("ready: %d", a.StatusCode)
	}
	admin := httptest.NewRecorder()
	k.server.AdminHandler().ServeHTTP(admin, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if body := admin.Body.String(); !strings.Contains(body, `cchc_http_request_seconds_count{method="GET",route="/readyz",status="200"} 1`) {
		t.Errorf("metrics do not count the request: %.300s", body)
	}
	if a := k.visitor().get(t, "/metrics"); a.StatusCode != http.StatusNotFound {
		t.Errorf("metrics are shown to people: %d", a.StatusCode)
	}
	_ = k.Store.Close()
	if a := k.visitor().get(t, "/readyz"); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("without a database: %d", a.StatusCode)
	}
	if a := k.visitor().get(t, "/healthz"); a.StatusCode != http.StatusOK {
		t.Errorf("alive without a database: %d", a.StatusCode)
	}
}

func TestPagesComeCompressedAndFilesDoNot(t *testing.T) {
	k := newKit(t)
	b := k.at(t, "STC", staff.Specialist)
	id := k.document(t, "STC")
	plain := b.get(t, "/tasks").want(t, http.StatusOK)
	b.header.Set("Accept-Encoding", "gzip")
	small := b.get(t, "/tasks").want(t, http.StatusOK)
	if small.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(small.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("headers %v", small.Header)
	}
	if small.Header.Get("Content-Type") != plain.Header.Get("Content-Type") || len(small.body) > len(plain.body)/2 {
		t.Errorf("%s, %d bytes of %d", small.Header.Get("Content-Type"), len(small.body), len(plain.body))
	}
	reader, err := gzip.NewReader(strings.NewReader(small.body))
	if err != nil {
		t.Fatal(err)
	}
	if page, err := io.ReadAll(reader); err != nil || !strings.Contains(string(page), "Việc của tôi") {
		t.Errorf("the page does not come out whole: %v", err)
	}
	print := b.get(t, "/documents/"+id+"/print.pdf").want(t, http.StatusOK)
	if print.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(print.body, "%PDF") {
		t.Errorf("a PDF comes as %v", print.Header)
	}
}
