package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"cchc/config"
	"cchc/templates/bulletin"
)

const (
	watchTimeout = 2 * time.Second
	watchEvery   = 15 * time.Second // the watcher is asked at most so often
	watchLimit   = 64 << 10         // bytes of its answer
)

// knowledge is what is known of the server's absence: what the watcher says, and where
// it cannot be asked, what this program has seen itself.
type knowledge struct {
	watch  *url.URL // nil: there is no watcher
	help   []string
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	since time.Time // the server has not answered since; zero: it does
	asked time.Time
	said  watched
}

// watched is the watcher's state.json.
type watched struct {
	Down  bool      `json:"down"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Help  []string  `json:"help"`
	Site  string    `json:"site"`  // the authority's own
	Board string    `json:"board"` // where notices stand
}

func newKnowledge(cfg config.Proxy) *knowledge {
	return &knowledge{watch: cfg.Watch, help: cfg.Help, client: &http.Client{Timeout: watchTimeout}, now: time.Now}
}

// answered notes that the server is there.
func (k *knowledge) answered() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.since = time.Time{}
}

// missed notes that the server did not answer, and tells what is known of it.
func (k *knowledge) missed(ctx context.Context) bulletin.State {
	now := k.now()
	if k.turn(now) {
		said := k.ask(ctx) // meanwhile others are told what was known before
		k.mu.Lock()
		k.said = said
		k.mu.Unlock()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	state := bulletin.State{Since: k.since, Help: k.help, Made: now}
	if state.Since.IsZero() { // it has answered somebody else meanwhile
		state.Since = now
	}
	state.Site, state.Board = k.said.Site, k.said.Board
	if len(k.said.Help) > 0 {
		state.Help = k.said.Help
	}
	if k.said.Down && !k.said.Since.IsZero() && k.said.Since.Before(state.Since) {
		state.Since = k.said.Since
	}
	if k.said.Down && k.said.Until.After(now) {
		state.Until = k.said.Until
	}
	return state
}

// turn notes since when the server has been missed, and tells whether it is time to ask
// the watcher again.
func (k *knowledge) turn(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.since.IsZero() {
		k.since = now
	}
	if k.watch == nil || now.Sub(k.asked) < watchEvery {
		return false
	}
	k.asked = now
	return true
}

// ask asks the watcher; what it cannot say is left open.
func (k *knowledge) ask(ctx context.Context) watched {
	var said watched
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), watchTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.watch.JoinPath("state.json").String(), http.NoBody)
	if err != nil {
		return said
	}
	answer, err := k.client.Do(request)
	if err != nil {
		return said
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(answer.Body, watchLimit)).Decode(&said) != nil {
		return watched{}
	}
	return said
}
