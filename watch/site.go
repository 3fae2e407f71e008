package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cchc/domain/outage"
	"cchc/templates/bulletin"
)

// The public files. A print's name is its outage's id and what it tells.
const (
	pageFile     = "index.html"
	fragmentFile = "state.html"     // for other pages to hold; empty while nothing is stopped
	stateFile    = "state.json"     // the same for programs
	mostShown    = 20               // bulletins on the page and in the feed
	lookLasts    = 15 * time.Minute // what was seen is said to be so; above three looks, however rare
	pageEvery    = 5 * time.Minute
	publicMode   = 0o644
)

func makeSite(path string) error { return os.MkdirAll(path, 0o755) }

// publish puts a released notice onto the page and into the feed, and notes it.
func (w *watcher) publish(id string) error {
	r := w.records[id]
	var fresh []*outage.Notice
	for _, n := range []*outage.Notice{r.Notice, r.AllClear} {
		if n != nil && !n.Released.IsZero() && n.Published.IsZero() {
			fresh = append(fresh, n)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := w.writeSite(); err != nil {
		return err
	}
	return w.change(id, func(r *record) error {
		for _, n := range []*outage.Notice{r.Notice, r.AllClear} {
			if n != nil && !n.Released.IsZero() && n.Published.IsZero() {
				n.Published = w.now()
			}
		}
		r.changed()
		return nil
	})
}

// writeSite writes what has changed of the public files.
func (w *watcher) writeSite() error {
	facts := w.known()
	made := w.now().Truncate(pageEvery)
	state := w.state(facts, made)
	shown, err := w.bulletins(facts)
	if err != nil {
		return err
	}
	page, pageErr := bulletin.Page(state, shown)
	fragment, fragmentErr := bulletin.Fragment(state)
	feed, feedErr := bulletin.Feed(bulletin.Site{Agency: state.Agency, URL: w.cfg.URL.JoinPath("/").String()}, shown, made)
	program, programErr := json.Marshal(forPrograms(state))
	if err := errors.Join(pageErr, fragmentErr, feedErr, programErr); err != nil {
		return err
	}
	for _, one := range []struct {
		name    string
		content []byte
	}{{pageFile, page}, {fragmentFile, fragment}, {bulletin.FeedFile, feed}, {stateFile, program}} {
		if path := filepath.Join(w.cfg.Site, one.name); !same(path, one.content) {
			if err := show(path, one.content); err != nil {
				return err
			}
		}
	}
	return nil
}

// state is how the system stands, as of the last look. Maintenance that was announced
// is shown too, with its end.
func (w *watcher) state(facts outage.Facts, made time.Time) bulletin.State {
	state := bulletin.State{
		Agency: facts.Letterhead.Agency, Help: facts.Help, System: w.cfg.System.String(), Site: facts.Site,
		Board: w.cfg.URL.JoinPath("/").String(), Made: made,
	}
	_, last := w.looks.seen()
	if last.Up {
		state.Checking = w.now().Sub(last.At) > lookLasts // the watcher's own line is down: it knows nothing
		return state
	}
	if id, _ := w.current(); id != "" {
		r := w.records[id]
		state.Since = r.Span.From
		if r.Notice != nil {
			state.Until = r.Notice.Until
		}
	} else if announced(facts.Windows, last.At, w.now()) {
		state.Since = w.looks.turned()
	}
	state.Checking = !state.Down()
	for _, window := range facts.Windows {
		if state.Down() && state.Until.IsZero() && !window.From.After(w.now()) && window.To.After(w.now()) {
			state.Until = window.To
		}
	}
	return state
}

type programState struct {
	Down  bool      `json:"down"`
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Help  []string  `json:"help"`
	Site  string    `json:"site,omitempty"` // the authority's own
	Board string    `json:"board"`          // the page of notices, as everybody reaches it
	Made  time.Time `json:"made"`
}

func forPrograms(s bulletin.State) programState {
	return programState{Down: s.Down(), Since: s.Since, Until: s.Until, Help: s.Help, Site: s.Site, Board: s.Board, Made: s.Made}
}

// bulletins are the notices and all-clears that went out, the newest first, with their
// prints.
func (w *watcher) bulletins(facts outage.Facts) ([]bulletin.Bulletin, error) {
	var out []bulletin.Bulletin
	for id, r := range w.records {
		for _, one := range []struct {
			kind bulletin.Kind
			n    *outage.Notice
		}{{bulletin.Stopped, r.Notice}, {bulletin.AllClear, r.AllClear}} {
			if one.n == nil || one.n.Released.IsZero() {
				continue
			}
			b := bulletinOf(id, one.kind, *one.n, facts)
			var err error
			if b.PDF, err = w.keepPrint(b.ID, *one.n, facts); err != nil {
				return nil, err
			}
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b bulletin.Bulletin) int { return b.Published.Compare(a.Published) })
	return out[:min(len(out), mostShown)], nil
}

// keepPrint writes the print of a notice, once, and gives its name.
func (w *watcher) keepPrint(id string, n outage.Notice, facts outage.Facts) (string, error) {
	name := id + ".pdf"
	path := filepath.Join(w.cfg.Site, name)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return name, nil
	}
	files, err := w.print(n, facts)
	if err != nil {
		w.log.Error("print notice", "error", err)
	}
	if len(files) == 0 {
		return "", nil // the text stands on the page
	}
	return name, show(path, files[0].content)
}
