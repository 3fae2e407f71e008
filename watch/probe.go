package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	lookTimeout = 10 * time.Second
	readyPath   = "readyz"
	readyWord   = "ready" // what the server answers; a proxy's page that is shown for everything says something else
)

// probe looks at the system as people reach it.
type probe struct {
	system  *url.URL
	witness *url.URL // nil: none
	client  *http.Client
}

func newProbe(system, witness *url.URL) probe {
	return probe{system: system, witness: witness, client: &http.Client{
		Timeout: lookTimeout,
		// Somebody else's sign-in page in between is no answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// Each look goes the whole way: name, connection, certificate.
		Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment},
	}}
}

// look tells whether the system is usable. known is false where nothing can be said:
// the watcher's own line is down. A witness that is not heard when the line is up (deaf)
// bears no witness.
func (p probe) look(ctx context.Context, deaf bool) (up, known bool) {
	if p.ready(ctx) {
		return true, true
	}
	if ctx.Err() != nil {
		return false, false
	}
	return false, p.witness == nil || deaf || p.answers(ctx, p.witness)
}

func (p probe) ready(ctx context.Context) bool {
	answer, err := p.get(ctx, p.system.JoinPath(readyPath))
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	word, err := io.ReadAll(io.LimitReader(answer.Body, 64))
	return err == nil && answer.StatusCode == http.StatusOK && strings.TrimSpace(string(word)) == readyWord
}

// answers tells whether anything at all comes back.
func (p probe) answers(ctx context.Context, address *url.URL) bool {
	answer, err := p.get(ctx, address)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return true
}

func (p probe) get(ctx context.Context, address *url.URL) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "cchc-watch")
	return p.client.Do(request)
}
