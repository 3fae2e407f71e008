// Package web is the pages: it says who may come through which route, reads
// forms, asks storage and domain, and answers with a page of templates.
//
// All routes stand on one screen (routes.go) with their access rule, which is
// checked before the handler runs: what names no rule does not exist. Handlers
// return errors; one place answers them (errors.go). Rules of documents are
// domain's, SQL is storage's, words are templates'; none of them belongs here.
package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/httprate"
	"github.com/google/uuid"

	"cchc/board"
	"cchc/bundle"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/server/notary"
	"cchc/storage"
	"cchc/storage/bounded"
	"cchc/templates"
	"cchc/templates/words"
)

// Options is what the pages stand on.
type Options struct {
	Store     *storage.Store
	Pages     *templates.Templates
	Log       *slog.Logger
	PublicURL *url.URL                // forms from elsewhere are refused
	Secure    bool                    // cookies over https only
	Demo      []templates.DemoAccount // shown on the sign-in page
	// Ready is asked by /readyz, besides the database: each by the name that the
	// answer carries when it fails.
	Ready map[string]func(context.Context) error
	// Look tells a document's workflow that a decision waits. It may fail, or be
	// nil: the relay tells it again.
	Look    func(ctx context.Context, id string, stage document.Stage, key string) error
	Answers *storage.Answers // where requests wait for what becomes of decisions; nil: by reading rows alone
	Keys    notary.Keys
	// WorkflowURL is where operators see a document's workflow; nil: no links.
	WorkflowURL func(id, run string) string
	Engine      Engine
	WatchToken  string      // of the separate watcher; "": there is none
	Board       board.Board // announcements on disk, for when the database is away
}

// Server is the pages, ready to be served.
type Server struct {
	store    *storage.Store
	pages    *templates.Templates
	log      *slog.Logger
	sessions *scs.SessionManager
	foreign  *http.CrossOriginProtection
	metrics  *metrics
	secure   bool
	demo     []templates.DemoAccount
	ready    map[string]func(context.Context) error

	look        func(ctx context.Context, id string, stage document.Stage, key string) error
	answers     *storage.Answers
	patience    time.Duration // how long an answer to a decision is waited for
	notary      notary.Notary
	bundles     bundle.Sealer
	signing     turns // one signature at a time for a document
	wrongKeys   *httprate.RateLimiter
	workflowURL func(id, run string) string
	engine      Engine
	watchToken  string
	board       board.Board
	live        *hub // open pages that want to hear of changes
	compared    *bounded.Cache[twoTexts, []templates.ProseDifference]
}

// New wires the pages. It reads the settings that hold until the next start.
func New(ctx context.Context, o Options) (*Server, error) {
	s := &Server{
		store: o.Store, pages: o.Pages, log: o.Log, secure: o.Secure,
		demo: o.Demo, ready: o.Ready, metrics: newMetrics(),
		look: o.Look, answers: o.Answers, patience: answerPatience, workflowURL: o.WorkflowURL, engine: o.Engine, watchToken: o.WatchToken, board: o.Board,
		bundles:   bundle.Sealer{Store: o.Store},
		notary:    notary.Notary{Store: o.Store, Keys: o.Keys, Layout: Report, Log: o.Log},
		wrongKeys: httprate.NewRateLimiter(keyTries, keyTriesWindow), live: newHub(time.Now()),
		compared: bounded.New[twoTexts, []templates.ProseDifference](comparedBytes),
	}
	if s.answers == nil {
		s.answers = o.Store.Answers()
	}
	var err error
	if s.foreign, err = s.crossOrigin(o.PublicURL); err != nil {
		return nil, err
	}
	if s.sessions, err = s.newSessions(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// handler answers one route for someone who may come in. The actor is the zero
// Actor where the route is open and nobody is signed in.
type handler func(w http.ResponseWriter, r *http.Request, actor staff.Actor) error

// shell is what the layout needs around a page with this title.
func (s *Server) shell(r *http.Request, title string, at templates.Place) templates.Shell {
	v := visitOf(r.Context())
	shell := templates.Shell{
		Title: title,
		Theme: themeOf(r),
		Path:  r.URL.RequestURI(),
		Flash: s.takeFlash(r),
	}
	if r.Method != http.MethodGet {
		shell.Path = "/" // a form's answer cannot be come back to
	}
	if v.account.Person == 0 {
		return shell
	}
	waiting, err := s.store.Waiting(r.Context(), v.account.Person)
	if err != nil {
		v.log.ErrorContext(r.Context(), "count what waits", "error", err)
	}
	shell.User = &templates.User{Name: v.account.Name, Username: v.account.Username}
	if v.session { // of a request that broke off nothing is left to ask
		shell.SessionLeft = s.sessionLeft(r)
	}
	if len(v.account.Positions) > 0 {
		first := v.account.Positions[0]
		shell.User.Position = words.Position(first.Role, v.account.UnitNames[first.Unit])
	}
	shell.Menu = templates.MenuFor(v.account.Actor, at, waiting.Tasks)
	shell.Bell = waiting.Notices
	shell.Search = reads(v.account.Actor)
	if r.Method == http.MethodGet {
		shell.Live = &templates.Live{At: v.begun, Watch: []string{watchTasks}}
	}
	return shell
}

// render answers with a whole page, or with nothing of it.
func (s *Server) render(w http.ResponseWriter, status int, page string, view any) error {
	var buffer bytes.Buffer
	if err := s.pages.Render(&buffer, page, view); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := buffer.WriteTo(w)
	return gone(err)
}

// show answers with a page that is in order.
func (s *Server) show(w http.ResponseWriter, page string, view any) error {
	return s.render(w, http.StatusOK, page, view)
}

// showBroken shows a form again with what is wrong with it: 422.
func (s *Server) showBroken(w http.ResponseWriter, page string, view any) error {
	return s.render(w, http.StatusUnprocessableEntity, page, view)
}

// goTo sends the browser to a page after a form was taken: 303.
func goTo(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// newKey is a form's idempotency key: what a double click sends twice.
func newKey() string { return uuid.NewString() }

const flashKey = "flash"

// flash keeps the banner that the next page shows once.
func (s *Server) flash(r *http.Request, f templates.Flash) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("keep banner: %w", err)
	}
	s.sessions.Put(r.Context(), flashKey, string(text))
	return nil
}

func (s *Server) takeFlash(r *http.Request) *templates.Flash {
	if !visitOf(r.Context()).session {
		return nil
	}
	text := s.sessions.PopString(r.Context(), flashKey)
	if text == "" {
		return nil
	}
	var f templates.Flash
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil // written by another release: a banner is not worth an error
	}
	return &f
}

// gone hides that the reader has left: nobody is there to be answered.
func gone(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return &writeError{err}
}

// writeError is a failure after the answer has begun: it is logged, not answered.
type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// audit writes a line of evidence about this request.
func (s *Server) audit(r *http.Request, action, object string, detail map[string]any) error {
	v := visitOf(r.Context())
	return s.store.AddAudit(r.Context(), storage.Audit{
		Person: v.account.Person, Username: v.account.Username, Action: action,
		Object: object, Detail: detail, Address: clientAddress(r), Request: v.id,
	})
}

// takeEvery is how often attempts that failed are brought into the database.
const takeEvery = 15 * time.Second

// TakeAttempts brings what was noted of failed attempts into the database, again and
// again until the context ends.
func (s *Server) TakeAttempts(ctx context.Context) {
	every := time.NewTicker(takeEvery)
	defer every.Stop()
	for {
		s.takeAttempts(ctx)
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

func (s *Server) takeAttempts(ctx context.Context) {
	if err := s.store.TakeAttempts(ctx); err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "take failed attempts", "error", err)
	}
}

// Sweep removes expired sessions, who was present long ago, and workbooks that nobody
// took over, every hour until the context ends. By the sessions the people of failed
// attempts are known: these are brought first.
func (s *Server) Sweep(ctx context.Context) {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		s.takeAttempts(ctx)
		if _, err := s.store.Sessions().Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "sweep sessions", "error", err)
		}
		if _, err := s.store.SweepPresences(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "sweep presences", "error", err)
		}
		if _, err := s.store.SweepPlanImports(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "sweep workbooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}
