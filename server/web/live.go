package web

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"cchc/domain/staff"
)

// What a page may watch. The names are what it is told, and the only thing: an
// id that its reader did not ask for is never sent.
const (
	watchTasks    = "tasks"     // anything within the reader's scope: lists, counts
	watchDocument = "document:" // with the document's id
	watchCampaign = "campaign:" // with the campaign's code
)

// Bounds of the hub. A browser opens six connections to one host at most, and
// pages need some of them.
const (
	mostOfPerson = 4
	mostOfAll    = 5000
	mostRecent   = 2000 // changes kept for pages that connect a little later
)

// How news is spread out. A document that is being looked at comes at once, and
// then every other second; long lists of a wide scope change all the time.
const (
	calm       = 2 * time.Second
	calmOfWide = 10 * time.Second
	spread     = 4 * time.Second // of what everybody hears at the same moment
)

// change is what the database told. Ids only: whoever is concerned fetches the
// page again and is checked again.
type change struct {
	at       time.Time
	all      bool // anything may have changed
	document string
	campaign string // of the document, or, without one, of which many changed
	unit     string
}

// changeOf reads a payload of storage.ChannelLive. A document's id is its
// campaign's code and its unit's.
func changeOf(payload string, now time.Time) (change, bool) {
	kind, id, _ := strings.Cut(payload, ":")
	switch {
	case payload == "":
		return change{at: now, all: true}, true
	case kind == "c":
		return change{at: now, campaign: id}, true
	case kind == "d":
		campaign, unit := splitDocument(id)
		return change{at: now, document: id, campaign: campaign, unit: unit}, true
	}
	return change{}, false // of another release
}

func splitDocument(id string) (campaign, unit string) {
	cut := strings.LastIndexByte(id, '-')
	return id[:max(cut, 0)], id[cut+1:]
}

// many tells whether the change comes to many people at once.
func (c change) many() bool { return c.document == "" }

// concerns tells whether someone who reads this much and watches that is told.
func (c change) concerns(scope staff.Scope, watch string) bool {
	seen := c.many() || scope.Covers(c.unit)
	if id, ok := strings.CutPrefix(watch, watchDocument); ok {
		campaign, unit := splitDocument(id)
		return scope.Covers(unit) && (c.all || c.document == id || c.many() && c.campaign == campaign)
	}
	if code, ok := strings.CutPrefix(watch, watchCampaign); ok {
		return seen && (c.all || c.campaign == code)
	}
	return watch == watchTasks && seen && (scope.All || len(scope.Units) > 0)
}

// hub knows the open pages and tells each what it watches. Telling never waits:
// what is to be said is noted at the page, whose own request says it.
type hub struct {
	mu     sync.Mutex
	pages  map[*openPage]struct{}
	of     map[int64][]*openPage // by person, the oldest first
	recent []change
	known  time.Time // changes since then are in recent
	closed bool
}

func newHub(now time.Time) *hub {
	return &hub{pages: map[*openPage]struct{}{}, of: map[int64][]*openPage{}, known: now}
}

// openPage is one page in one browser.
type openPage struct {
	person  int64
	watches []string
	scope   staff.Scope
	hits    []string      // watches that are to be told
	from    time.Time     // when they may be told
	told    time.Time     // when some were told last
	wake    chan struct{} // there is something to tell
	end     chan struct{} // closed when the page shall not be told anything more
}

func newOpenPage(person int64, scope staff.Scope, watches []string) *openPage {
	return &openPage{
		person: person, scope: scope, watches: watches,
		wake: make(chan struct{}, 1), end: make(chan struct{}),
	}
}

// join adds a page that was made at the instant: what has changed since is told
// at once. Where a person has too many pages open, the oldest one gives way. It
// returns false when there is no place.
func (h *hub) join(p *openPage, made time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.pages) >= mostOfAll {
		return false
	}
	if own := h.of[p.person]; len(own) >= mostOfPerson {
		h.remove(own[0])
	}
	h.pages[p] = struct{}{}
	h.of[p.person] = append(h.of[p.person], p)
	if made.Before(h.known) {
		p.note(change{at: h.known, all: true})
	}
	for _, c := range h.recent {
		if !c.at.Before(made) {
			p.note(c)
		}
	}
	return true
}

func (h *hub) leave(p *openPage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(p)
}

func (h *hub) remove(p *openPage) {
	if _, there := h.pages[p]; !there {
		return
	}
	delete(h.pages, p)
	close(p.end)
	own := slices.DeleteFunc(h.of[p.person], func(one *openPage) bool { return one == p })
	if len(own) == 0 {
		delete(h.of, p.person)
		return
	}
	h.of[p.person] = own
}

// tell notes a change at every page that it concerns.
func (h *hub) tell(c change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.all {
		h.recent, h.known = nil, c.at
	} else if h.recent = append(h.recent, c); len(h.recent) > mostRecent {
		half := h.recent[:mostRecent/2]
		h.known = half[len(half)-1].at.Add(1)
		h.recent = slices.Clone(h.recent[len(half):])
	}
	for p := range h.pages {
		p.note(c)
	}
}

// note keeps what the page is to be told of the change.
func (p *openPage) note(c change) {
	before := len(p.hits)
	for _, watch := range p.watches {
		if c.concerns(p.scope, watch) && !slices.Contains(p.hits, watch) {
			p.hits = append(p.hits, watch)
		}
	}
	if len(p.hits) == before {
		return
	}
	if before == 0 {
		p.from = c.at
		if c.many() {
			p.from = p.from.Add(rand.N(spread)) //nolint:gosec // spreads load, hides nothing
		}
	}
	select {
	case p.wake <- struct{}{}:
	default: // it has been woken already
	}
}

// due is when the page may be told what has been noted.
func (h *hub) due(p *openPage) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	pause := calm
	urgent := slices.ContainsFunc(p.hits, func(watch string) bool { return strings.HasPrefix(watch, watchDocument) })
	if p.scope.All && !urgent {
		pause = calmOfWide
	}
	if next := p.told.Add(pause); next.After(p.from) {
		return next
	}
	return p.from
}

// take is what the page is told now.
func (h *hub) take(p *openPage, now time.Time) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	hits := p.hits
	p.hits, p.told = nil, now
	return hits
}

// reads changes what the page's reader may hear of.
func (h *hub) reads(p *openPage, scope staff.Scope) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.scope = scope
}

// close ends all pages and admits no more.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for p := range h.pages {
		h.remove(p)
	}
}
