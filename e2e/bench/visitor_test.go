package bench

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// visitor is one signed-in person at a browser of their own, with their cookies;
// compression is asked for.
type visitor struct {
	client  *http.Client
	web     string
	address string // whom the server sees: sign-ins from one address are limited
	name    string
}

var visitors atomic.Int64

// wire keeps connections alive; people share them, as behind an office's proxy.
var wire = &http.Transport{DisableCompression: true, MaxIdleConns: 512, MaxIdleConnsPerHost: 512, IdleConnTimeout: 5 * time.Minute}

// visit signs a person in.
func (t *town) visit(username string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	n := visitors.Add(1)
	v := &visitor{
		web: t.Web, name: username, address: fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255),
		client: &http.Client{Jar: jar, Timeout: time.Minute, Transport: wire},
	}
	answer, err := v.post("/sign-in", url.Values{"username": {username}, "password": {volume.Password}})
	if err != nil {
		return nil, err
	}
	if answer.path == "/sign-in" {
		return nil, fmt.Errorf("%s was not let in: %d", username, answer.status)
	}
	return v, nil
}

// mustVisit is visit for a part that cannot go on without.
func (t *town) mustVisit(b *testing.B, username string) *visitor {
	b.Helper()
	v, err := t.visit(username)
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// answer is a page as it came; body is empty where nobody asked for it.
type answer struct {
	status int
	path   string // after being sent on
	bytes  int64  // on the wire
	body   string
}

// get reads a page whole and throws it away, as it came over the wire: what is
// measured is the server, not our unpacking.
func (v *visitor) get(path string) (answer, error) { return v.do(http.MethodGet, path, nil, false) }

// read keeps the page.
func (v *visitor) read(path string) (answer, error) { return v.do(http.MethodGet, path, nil, true) }

func (v *visitor) post(path string, form url.Values) (answer, error) {
	return v.do(http.MethodPost, path, form, false)
}

func (v *visitor) do(method, path string, form url.Values, keep bool, header ...string) (answer, error) {
	request, err := http.NewRequest(method, v.web+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("X-Forwarded-For", v.address)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", v.web)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := v.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	a := answer{status: response.StatusCode, path: response.Request.URL.Path}
	if !keep {
		a.bytes, err = io.Copy(io.Discard, response.Body)
		return a, err
	}
	body := io.Reader(response.Body)
	if response.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(response.Body); err != nil {
			return a, err
		}
	}
	text, err := io.ReadAll(body)
	a.body = string(text)
	return a, err
}

// in tells an error where a page is not what was asked for.
func (a answer) in(path string, err error) error {
	if err == nil && (a.status != http.StatusOK || a.path != strings.SplitN(path, "?", 2)[0]) {
		err = fmt.Errorf("%d at %s", a.status, a.path)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// open starts the server when it does not run yet.
func (t *town) open(b *testing.B) {
	b.Helper()
	if _, err := os.Stat(t.Keys()); err != nil {
		t.Run(stack.Server, "seed-demo") // keys to sign with
	}
	t.StartPart(stack.Server)
	t.Eventually("the server is ready", time.Minute, func() bool {
		answer, err := http.Get(t.Web + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}
