package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/templates/bulletin"
)

const (
	longestForm = 64 << 10
	formLayout  = "15:04 02/01/2006" // as people write an instant
)

// handler serves the public files to everybody, and a draft to whoever holds a link.
func (w *watcher) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", w.healthz)
	mux.HandleFunc("GET /approve", w.showDraft)
	mux.HandleFunc("POST /approve", w.approveDraft)
	mux.HandleFunc("POST /amend", w.amendDraft)
	mux.HandleFunc("GET /draft.pdf", w.printDraft)
	mux.HandleFunc("GET /{file...}", w.public)
	policy := "default-src 'none'; style-src " + bulletin.StyleSource() +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		head := rw.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		r.Body = http.MaxBytesReader(rw, r.Body, longestForm)
		mux.ServeHTTP(rw, r)
	})
}

// serve serves until the context ends.
func (w *watcher) serve(ctx context.Context) error {
	server := &http.Server{
		Addr: w.cfg.Listen, Handler: w.handler(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
	}
	stopped := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(last)
	})
	defer stopped()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// healthz tells whether the last round could keep and read what it must.
func (w *watcher) healthz(rw http.ResponseWriter, _ *http.Request) {
	w.mutex.Lock()
	failing := w.failing
	w.mutex.Unlock()
	if errors.Is(failing, errDisk) {
		http.Error(rw, "cannot keep or read its files", http.StatusServiceUnavailable)
		return
	}
	rw.WriteHeader(http.StatusOK)
}

// types are the kinds of files that are public, by their ending.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".xml": "application/atom+xml; charset=utf-8",
	".json": "application/json", ".pdf": "application/pdf",
}

// public serves one of the files of the site, and nothing below or beside it.
func (w *watcher) public(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if name == "" {
		name = pageFile
	}
	kind, known := types[filepath.Ext(name)]
	if !known || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`) {
		w.answer(rw, http.StatusNotFound, bulletin.Missing)
		return
	}
	content, err := os.ReadFile(filepath.Join(w.cfg.Site, name))
	switch {
	case err != nil:
		w.answer(rw, http.StatusNotFound, bulletin.Missing)
		return
	case len(content) == 0:
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	rw.Header().Set("Content-Type", kind)
	rw.Header().Set("Cache-Control", "no-cache")
	_, _ = rw.Write(content) //nolint:gosec // a file that this program has written itself
}

// holder is who holds a link, and the outage that it is for.
type holder struct {
	right
	token  string
	record record
	facts  outage.Facts
}

// holderOf reads the token of a request. Where it entitles to nothing any more the
// answer has been given.
func (w *watcher) holderOf(rw http.ResponseWriter, r *http.Request) (holder, bool) {
	rw.Header().Set("Cache-Control", "no-store")
	h := holder{token: r.FormValue("token"), facts: w.known()}
	var err error
	if h.right, err = verify(w.key, h.token, w.now()); err == nil {
		h.record, err = w.folder.outage(h.Outage)
	}
	if err != nil || h.record.Notice == nil || h.officer().Party != h.Party {
		w.answer(rw, http.StatusForbidden, bulletin.LinkBad)
		return h, false
	}
	if given, there := h.given(); there {
		w.answer(rw, http.StatusOK, bulletin.Used(given))
		return h, false
	}
	if slices.Contains(h.record.Used, mark(h.token)) { // for a draft that was changed since
		w.answer(rw, http.StatusForbidden, bulletin.LinkBad)
		return h, false
	}
	if !h.record.waits() {
		w.answer(rw, http.StatusGone, bulletin.Ended)
		return h, false
	}
	return h, true
}

// officer is the holder by the facts of now: who has left since has no word any more.
func (h holder) officer() outage.Officer {
	return officerOf(h.facts, []outage.Party{h.Party}, h.Mail)
}

// given is when the holder's word was given by this link, or for this draft.
func (h holder) given() (time.Time, bool) {
	for _, a := range h.record.Notice.Approvals {
		if outage.Address(a.Mail) == outage.Address(h.Mail) && a.Party == h.Party && a.Hash == h.record.Notice.Hash {
			return a.At, true
		}
	}
	return time.Time{}, false
}

// showDraft shows and changes nothing: mail programs open links by themselves.
func (w *watcher) showDraft(rw http.ResponseWriter, r *http.Request) {
	if h, ok := w.holderOf(rw, r); ok {
		w.show(rw, http.StatusOK, h, formOf(*h.record.Notice))
	}
}

func (w *watcher) show(rw http.ResponseWriter, status int, h holder, typed form, faults ...bulletin.Fault) {
	n := *h.record.Notice
	draft := bulletin.Draft{
		Officer: h.officer().Name, Outage: h.Outage, Span: h.record.Span, Notice: n,
		Agency: h.facts.Letterhead.Agency, Count: len(recipients(h.facts)), Unreached: outage.Unreached(h.facts.Contacts),
		Token: h.token, PDF: "draft.pdf?token=" + h.token, Number: typed.number, Until: typed.until, Note: typed.note,
		Numbered: h.facts.Letterhead.Signer != "", Errors: faults,
	}
	for _, party := range n.Lacks(needs(h.facts)) {
		draft.Waiting = append(draft.Waiting, bulletin.PartyName(party, h.facts.Letterhead))
	}
	for _, a := range n.Approvals {
		if a.Hash == n.Hash {
			draft.Given = append(draft.Given, bulletin.Given(a, h.facts.Letterhead))
		}
	}
	page, err := bulletin.Approve(draft)
	w.page(rw, status, page, err)
}

func (w *watcher) approveDraft(rw http.ResponseWriter, r *http.Request) {
	h, ok := w.holderOf(rw, r)
	if !ok {
		return
	}
	now := w.now()
	word := outage.Approval{
		Party: h.Party, Name: h.officer().Name, Mail: h.Mail,
		At: now, Hash: r.FormValue("hash"), Road: "link",
	}
	after, err := w.folder.change(h.Outage, func(r *record) error { return approve(r, word, mark(h.token)) })
	if err != nil {
		w.refuse(rw, h, err)
		return
	}
	w.log.Warn("notice approved", "id", h.Outage, "by", word.Name, "road", word.Road)
	w.stir()
	var waiting []string
	for _, party := range after.Notice.Lacks(needs(h.facts)) {
		waiting = append(waiting, bulletin.PartyName(party, h.facts.Letterhead))
	}
	w.answer(rw, http.StatusOK, bulletin.Approved(now, waiting))
}

func (w *watcher) amendDraft(rw http.ResponseWriter, r *http.Request) {
	h, ok := w.holderOf(rw, r)
	if !ok {
		return
	}
	typed := form{number: r.FormValue("number"), until: r.FormValue("until"), note: r.FormValue("note")}
	a, faults := typed.read(w.now())
	if len(faults) > 0 {
		w.show(rw, http.StatusUnprocessableEntity, h, typed, faults...)
		return
	}
	hash := r.FormValue("hash")
	after, err := w.folder.change(h.Outage, func(r *record) error { return amend(r, a, hash, h.facts) })
	if err != nil {
		w.refuse(rw, h, err)
		return
	}
	w.log.Warn("draft amended", "id", h.Outage, "by", h.Mail)
	h.record = after
	w.stir()
	http.Redirect(rw, r, "approve?token="+h.token, http.StatusSeeOther)
}

// form is what an officer typed.
type form struct{ number, until, note string }

func formOf(n outage.Notice) form {
	f := form{number: n.Number, note: n.Note}
	if !n.Until.IsZero() {
		f.until = n.Until.In(calendar.Zone).Format(formLayout)
	}
	return f
}

// read makes an amendment of it, with all that is wrong.
func (f form) read(now time.Time) (amendment, []bulletin.Fault) {
	a := amendment{Number: strings.TrimSpace(f.number), Note: strings.ReplaceAll(f.note, "\r\n", "\n")} // a browser counts a line's end as one
	var unread []bulletin.Fault
	if text := strings.Join(strings.Fields(f.until), " "); text != "" {
		var err error
		if a.Until, err = time.ParseInLocation(formLayout, text, calendar.Zone); err != nil {
			unread = []bulletin.Fault{bulletin.UntilFault}
		}
	}
	return a, append(unread, a.faults(now)...)
}

// refuse answers an officer whose word or change was not taken.
func (w *watcher) refuse(rw http.ResponseWriter, h holder, err error) {
	switch {
	case errors.Is(err, errChanged):
		a := bulletin.Changed
		a.Back = "approve?token=" + h.token
		w.answer(rw, http.StatusConflict, a)
	case errors.Is(err, errEnded):
		w.answer(rw, http.StatusGone, bulletin.Ended)
	case errors.Is(err, errUsed):
		w.answer(rw, http.StatusForbidden, bulletin.LinkBad)
	default:
		w.log.Error("officer's word", "error", err)
		w.answer(rw, http.StatusServiceUnavailable, bulletin.NotKept)
	}
}

func (w *watcher) printDraft(rw http.ResponseWriter, r *http.Request) {
	h, ok := w.holderOf(rw, r)
	if !ok {
		return
	}
	files, err := w.print(*h.record.Notice, h.facts)
	if err != nil || len(files) == 0 {
		w.log.Error("print draft", "error", err)
		w.answer(rw, http.StatusServiceUnavailable, bulletin.NoPrint)
		return
	}
	rw.Header().Set("Content-Type", "application/pdf")
	rw.Header().Set("Content-Disposition", `inline; filename="`+files[0].name+`"`)
	_, _ = rw.Write(files[0].content)
}

func (w *watcher) answer(rw http.ResponseWriter, status int, a bulletin.Answer) {
	page, err := bulletin.Said(a)
	w.page(rw, status, page, err)
}

func (w *watcher) page(rw http.ResponseWriter, status int, page []byte, err error) {
	if err != nil {
		w.log.Error("page", "error", err)
		http.Error(rw, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write(page)
}
