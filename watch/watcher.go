package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cchc/config"
	"cchc/domain/outage"
	"cchc/post"
	"cchc/templates/bulletin"
)

const (
	roundEvery   = 5 * time.Second // between two looks at what is to be done
	factsEvery   = time.Hour
	factsRetry   = time.Minute
	reportRetry  = time.Minute
	leadRetry    = 10 * time.Minute // a system that said it leads is asked again
	askAgain     = 4 * time.Hour    // officers who have not answered
	linkLasts    = 48 * time.Hour
	mailPause    = time.Minute // after a mail server that takes nothing
	troubleEvery = time.Hour
)

// watcher does the work. Its rounds never run beside each other; looking and the pages
// go on meanwhile.
type watcher struct {
	cfg    config.Watch
	log    *slog.Logger
	now    func() time.Time
	folder folder
	key    []byte
	looks  *looks
	probe  probe
	system upstream
	mails  post.Server
	wake   chan struct{}
	deaf   atomic.Bool // the witness is not heard though the line is up

	mutex sync.Mutex // guards facts, against the pages
	facts outage.Facts

	// What follows belongs to the rounds alone.
	records   map[string]record // of all outages, as last read
	factsNext time.Time
	health    outage.Health
	torn      error              // the kept facts could not be read; until others are
	mailNext  time.Time          // nothing is mailed before
	unsaved   map[string]outcome // by message id: what could not be kept
	troubled  time.Time          // when operators were last told of the watcher's own trouble
	failing   error              // of the last round
}

func newWatcher(cfg config.Watch, log *slog.Logger, now func() time.Time) (*watcher, error) {
	w := &watcher{
		cfg: cfg, log: log, now: now, folder: folder(cfg.Folder),
		probe: newProbe(cfg.System, cfg.Witness), system: newUpstream(cfg.System, cfg.Token),
		mails: post.Server{Mail: cfg.Mail}, wake: make(chan struct{}, 1),
		records: map[string]record{}, unsaved: map[string]outcome{},
	}
	if err := errors.Join(w.folder.prepare(), makeSite(cfg.Site)); err != nil {
		return nil, err
	}
	var err error
	if w.key, err = w.folder.key(); err != nil {
		return nil, err
	}
	if w.facts, w.torn = w.folder.facts(); w.torn != nil {
		log.Error("facts that cannot be read", "error", w.torn, "going on with those of", w.facts.Made)
		w.health.Torn = true
	}
	w.looks, err = openLooks(w.folder.in(looksFile))
	return w, err
}

// known are the facts of this moment.
func (w *watcher) known() outage.Facts {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.facts
}

// lookOn looks until the context ends.
func (w *watcher) lookOn(ctx context.Context) {
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-time.After(w.cfg.Every):
		}
	}
}

// look looks once and notes what was seen. The instant is that at which the look began.
func (w *watcher) look(ctx context.Context) {
	at := w.now()
	up, known := w.probe.look(ctx, w.deaf.Load())
	if !known {
		if ctx.Err() == nil {
			w.log.Warn("the witness does not answer either: the look is not counted")
		}
		return
	}
	if err := w.looks.add(outage.Look{At: at, Up: up}); err != nil {
		w.log.Error("look", "error", err)
	}
}

// workOn does what is to be done until the context ends.
func (w *watcher) workOn(ctx context.Context) {
	for {
		if err := w.round(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("round", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-time.After(min(roundEvery, w.cfg.Every)):
		}
	}
}

// stir has the next round begin at once.
func (w *watcher) stir() {
	select {
	case w.wake <- struct{}{}:
	default: // it is on its way
	}
}

// round does all that is due. What fails holds nothing else up and is tried again in
// the next one.
func (w *watcher) round(ctx context.Context) error {
	err := w.torn // operators hear of it, also where this round mends it
	err = errors.Join(err, w.refresh(ctx), w.readRecords(), w.openAndClose())
	for _, id := range w.pending() {
		err = errors.Join(err, w.advance(ctx, id))
	}
	err = errors.Join(err, w.writeSite())
	w.mutex.Lock()
	w.failing = err
	w.mutex.Unlock()
	if errors.Is(err, errDisk) {
		w.callForHelp(ctx, err)
	}
	return err
}

// refresh fetches the facts hourly while all is well, and tells how the watcher stands.
func (w *watcher) refresh(ctx context.Context) error {
	_, last := w.looks.seen()
	now := w.now()
	if !last.Up || now.Before(w.factsNext) {
		return nil
	}
	w.checkUp(ctx)
	if w.cfg.Token == "" {
		w.factsNext = now.Add(factsEvery)
		return nil
	}
	w.factsNext = now.Add(factsRetry)
	facts, err := w.system.facts(ctx)
	if err != nil {
		w.log.Warn("facts", "error", err)
		return nil // those of an hour ago will do
	}
	err = w.takeFacts(facts)
	w.tellHealth(ctx)
	return err
}

// takeFacts keeps fresh facts, unless those of before serve better.
func (w *watcher) takeFacts(facts outage.Facts) error {
	kept, now := w.known(), w.now()
	if facts.Made.Before(kept.Made) && kept.Made.Before(now.Add(time.Hour)) {
		return nil // from before those that are kept, unless these were made by a wrong clock
	}
	if w.health.Refused = kept.Refuses(facts); w.health.Refused != "" {
		w.log.Error("facts are not taken, those of before stay", "why", w.health.Refused, "kept of", kept.Made)
		return nil
	}
	if err := w.folder.keepFacts(facts); err != nil {
		return err
	}
	w.mutex.Lock()
	w.facts = facts
	w.mutex.Unlock()
	w.factsNext, w.torn = now.Add(factsEvery), nil
	return nil
}

// readRecords reads the outages that a command or a page may have changed.
func (w *watcher) readRecords() error {
	ids, err := w.folder.outages()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if old, there := w.records[id]; there && old.over() {
			continue
		}
		r, readErr := w.folder.outage(id)
		if readErr != nil {
			err = errors.Join(err, readErr)
			continue
		}
		w.records[id] = r
	}
	return err
}

// pending are the outages for which something may be left to do, the oldest first.
func (w *watcher) pending() []string {
	var ids []string
	for id, r := range w.records {
		if !r.over() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// openAndClose brings the records in line with what the looks say. What was judged
// once is not read again, so that no later rule changes it.
func (w *watcher) openAndClose() error {
	facts, seenUntil := w.known(), w.now().Add(-lookMargin)
	current, ended := w.current()
	turns, _ := w.looks.seen()
	turns = slices.DeleteFunc(turns, func(look outage.Look) bool { return !look.At.After(ended) })
	if current == "" {
		for _, span := range facts.Rule.Outages(turns, seenUntil) {
			if span.Open() && !announced(facts.Windows, span.From, w.now()) {
				return w.open(idOf(span), span)
			}
		}
		return nil
	}
	from := w.records[current].Span.From
	rule := facts.Rule
	rule.Confirm = 0 // it is on record, whatever the rule has become
	for _, span := range rule.Outages(turns, seenUntil) {
		if !span.Open() && !span.From.After(from) && span.To.After(from) {
			span.From = from
			return w.change(current, func(r *record) error { w.end(r, span); return nil })
		}
	}
	return nil
}

// lookMargin: a look counts from when it began and is in the log when it has ended.
const lookMargin = 2*lookTimeout + 2*time.Second

// current is the id of the outage that lasts, "" without one, and when the one before
// had ended.
func (w *watcher) current() (id string, ended time.Time) {
	for key, r := range w.records {
		switch {
		case r.Span.Open():
			id = key
		case r.Span.To.After(ended):
			ended = r.Span.To
		}
	}
	return id, ended
}

// announced tells whether all of the time from then until now lies in maintenance that
// was announced before it began.
func announced(windows []outage.Window, from, now time.Time) bool {
	for _, window := range windows {
		if window.Announced.Before(window.From) && !from.Before(window.From) && (window.Open() || now.Before(window.To)) {
			return true
		}
	}
	return false
}

func (w *watcher) open(id string, span outage.Span) error {
	w.log.Warn("outage", "id", id, "from", span.From)
	r := record{Report: outage.Report{ID: id, Version: 1, Span: span, Due: w.dueOf(span)}, Hooks: map[string]hookRun{"down": {}}}
	r.Told = deliveries(w.mails.Domain(), id, "down", w.alarmed())
	if err := w.folder.add(r); err != nil {
		return err
	}
	w.records[id] = r
	return nil
}

// dueOf is when the notice is due, by the facts of now; zero: never.
func (w *watcher) dueOf(span outage.Span) time.Time {
	facts := w.known()
	due, _ := facts.Rule.Mark(facts.Calendar(), outage.Span{From: span.From}, facts.Windows)
	return due
}

// end closes an outage: quietly where no notice had gone out.
func (w *watcher) end(r *record, span outage.Span) {
	w.log.Warn("outage over", "id", r.ID, "to", span.To)
	r.Span = span
	r.changed()
	r.Back = deliveries(w.mails.Domain(), r.ID, "up", w.alarmed())
	r.Hooks["up"] = hookRun{}
	r.Quiet = !r.StoodBack && (r.Notice == nil || r.Notice.Released.IsZero())
}

// allClear goes to whom the notice went, and needs nobody's word.
func (w *watcher) allClear(r *record) *outage.Notice {
	facts, now := w.known(), w.now()
	n := &outage.Notice{Drafted: now, Released: now}
	n.Title, n.Text = bulletin.Write(bulletin.Event{
		Kind: bulletin.AllClear, Span: r.Span, Made: now, Earlier: r.Notice.Number,
		Letterhead: facts.Letterhead, Help: facts.Help,
	})
	n.Hash = n.Sum()
	var to []recipient
	for _, d := range r.Notice.Sent {
		to = append(to, recipient{Mail: d.Mail, Unit: d.Unit})
	}
	n.Sent = deliveries(w.mails.Domain(), r.ID, "all-clear", to)
	return n
}

// change changes an outage on the disk and in memory.
func (w *watcher) change(id string, do func(*record) error) error {
	r, err := w.folder.change(id, do)
	if err == nil {
		w.records[id] = r
	}
	return err
}

// alarmed are those who are told at once: the operators by configuration and the
// officers of the facts, each address once.
func (w *watcher) alarmed() []recipient {
	var all []recipient
	for _, o := range w.cfg.Operators {
		all = append(all, recipient{Name: o.Name, Mail: o.Address})
	}
	for _, o := range w.known().Officers {
		all = append(all, recipient{Name: o.Name, Mail: o.Mail})
	}
	return once(all)
}

// once are the recipients that have an address, each address once.
func once(all []recipient) []recipient {
	seen := map[string]bool{"": true}
	var out []recipient
	for _, one := range all {
		if a := outage.Address(one.Mail); !seen[a] {
			seen[a] = true
			out = append(out, one)
		}
	}
	return out
}

// needs are the bodies whose word a notice needs: never none.
func needs(facts outage.Facts) []outage.Party {
	if len(facts.Needs) == 0 {
		return []outage.Party{outage.Authority}
	}
	return facts.Needs
}
