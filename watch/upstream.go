package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"cchc/domain/outage"
)

// upstream is the system as the watcher's partner: it gives facts and takes reports.
type upstream struct {
	system *url.URL
	token  string
	client *http.Client
}

const (
	upstreamTimeout = 20 * time.Second
	longestAnswer   = 64 << 20 // of the facts of a whole city far below
)

// errNoToken: the watcher was not told the secret, so that it asks for nothing.
var errNoToken = errors.New("no CCHC_WATCH_TOKEN_FILE")

func newUpstream(system *url.URL, token string) upstream {
	return upstream{system: system, token: token, client: &http.Client{
		Timeout:       upstreamTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// facts fetches the facts of this moment.
func (u upstream) facts(ctx context.Context) (outage.Facts, error) {
	var facts outage.Facts
	err := u.ask(ctx, http.MethodGet, "watch/facts", nil, &facts)
	if err != nil {
		err = fmt.Errorf("fetch facts: %w", err)
	}
	return facts, err
}

// tellHealth says how the watcher stands itself.
func (u upstream) tellHealth(ctx context.Context, health outage.Health) error {
	err := u.ask(ctx, http.MethodPost, "watch/health", health, nil)
	if err != nil {
		err = fmt.Errorf("tell health: %w", err)
	}
	return err
}

// tell hands in a report, and says what the system has made of it.
func (u upstream) tell(ctx context.Context, report outage.Report) (outage.Known, error) {
	var known outage.Known
	err := u.ask(ctx, http.MethodPost, "watch/reports", report, &known)
	if err != nil {
		err = fmt.Errorf("report outage %s: %w", report.ID, err)
	}
	return known, err
}

func (u upstream) ask(ctx context.Context, method, path string, say, into any) error {
	if u.token == "" {
		return errNoToken
	}
	body := io.Reader(http.NoBody)
	if say != nil {
		content, err := json.Marshal(say)
		if err != nil {
			return err
		}
		body = bytes.NewReader(content)
	}
	request, err := http.NewRequestWithContext(ctx, method, u.system.JoinPath(path).String(), body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+u.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := u.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode/100 != 2 {
		return errors.New(answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(io.LimitReader(answer.Body, longestAnswer)).Decode(into)
}
