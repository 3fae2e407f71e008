package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

const (
	personKey = "person" // whose session it is
	stampKey  = "stamp"  // of the password it was opened with
)

// A session ends after a working day, or sooner when nobody asks for anything:
// TCVN 14423:2026 5.5.2.2a suggests 15 minutes. The setting
// session_idle_minutes changes the latter from the next start on.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 15
)

func (s *Server) newSessions(ctx context.Context) (*scs.SessionManager, error) {
	idle, err := s.store.SettingNumber(ctx, "session_idle_minutes", sessionIdle)
	if err != nil {
		return nil, fmt.Errorf("set up sessions: %w", err)
	}
	m := scs.New()
	m.Store = s.store.Sessions()
	m.Codec = sessionCodec{}
	m.Lifetime = sessionLife
	m.IdleTimeout = time.Duration(idle) * time.Minute
	m.Cookie.Name = "session"
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false
	m.Cookie.Secure = s.secure
	if s.secure {
		m.Cookie.Name = "__Host-session" // cannot be set by a neighbouring host
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.answer(w, r, err) }
	return m, nil
}

// remembers brings the session. A page that looks for news by itself reads it
// only: nobody is at the desk, so it must not keep the session from ending.
func (s *Server) remembers(next http.Handler) http.Handler {
	saving, reading := s.sessions.LoadAndSave(next), s.peeks(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get(liveHeader) == "" {
			saving.ServeHTTP(w, r)
			return
		}
		reading.ServeHTTP(w, r)
	})
}

// peeks brings the session without renewing it.
func (s *Server) peeks(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			s.answer(w, r, err)
			return
		}
		w.Header().Add("Vary", "Cookie")
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// sessionLeft is how many seconds the session lasts after this request, which
// renews it.
func (s *Server) sessionLeft(r *http.Request) int {
	left := min(s.sessions.IdleTimeout-storage.SessionSlack, time.Until(s.sessions.Deadline(r.Context())))
	return max(0, int(left.Seconds()))
}

// showSession tells a page how long the session lasts: another page of the same
// person may have renewed it since.
func (s *Server) showSession(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	left, err := s.store.Sessions().Left(r.Context(), s.sessions.Token(r.Context()))
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, map[string]int{"left": int(left.Seconds())})
}

// prolongSession is the reader's own word that they are still there.
func (s *Server) prolongSession(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	if !wantsJSON(r) {
		return goTo(w, r, refererPath(r))
	}
	return answerJSON(w, http.StatusOK, map[string]int{"left": s.sessionLeft(r)})
}

// recognises finds out who asks. The person and their positions are read at
// every request: a revoked account or role is gone at once, and a changed
// password ends the other sessions.
func (s *Server) recognises(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r.Context())
		v.session = true
		if person := s.sessions.GetInt64(r.Context(), personKey); person != 0 {
			account, err := s.store.Sessions().Account(r.Context(), person)
			switch {
			case errors.Is(err, storage.ErrNotFound) || err == nil && account.Stamp != s.sessions.GetString(r.Context(), stampKey):
				err = s.sessions.Destroy(r.Context())
			case err == nil:
				v.account = account
			}
			if err != nil {
				s.answer(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// open begins a person's session under a fresh token.
func (s *Server) open(r *http.Request, account storage.Account) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	s.store.Sessions().Belongs(r.Context(), account.Person)
	s.sessions.Put(r.Context(), personKey, account.Person)
	s.sessions.Put(r.Context(), stampKey, account.Stamp)
	visitOf(r.Context()).account = account
	return nil
}

// home is the reader's first page: their tasks, as they chose to see them.
func (s *Server) home(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if actor.HoldsOnly(staff.Viewer) {
		return goTo(w, r, "/dashboard")
	}
	query, err := s.store.HomeView(r.Context(), actor.Person)
	if err != nil {
		return err
	}
	return goTo(w, r, pathWith("/tasks", query))
}

// askToSignIn sends to the sign-in page, from where a page asked for is come
// back to. What was typed into a form is kept: 401, which scripts understand too.
// A stream of news just ends.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Path == eventsPath {
		return endStream(w)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return goTo(w, r, signInPath(r.URL.RequestURI()))
	}
	back := refererPath(r)
	kept := keptOf(r)
	if kept == nil {
		return goTo(w, r, signInPath(back))
	}
	return s.render(w, http.StatusUnauthorized, "session/sign-in", s.signInPage(r, "", back, kept))
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	back := localPath(r.URL.Query().Get("return"))
	if actor.Person != 0 {
		return goTo(w, r, back)
	}
	return s.show(w, "session/sign-in", s.signInPage(r, "", back, nil))
}

func (s *Server) signInPage(r *http.Request, username, back string, kept *templates.KeptForm) templates.SignInPage {
	p := templates.SignInPage{
		Shell: s.shell(r, templates.TitleSignIn, templates.AtNowhere), Username: username, Return: back, Demo: s.demo, Kept: kept,
	}
	if kept != nil {
		p.Note = templates.KeptNote()
	}
	return p
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	username, back := strings.TrimSpace(r.PostFormValue("username")), localPath(r.PostFormValue("return"))
	kept := keptBefore(r)
	account, err := s.store.SignIn(r.Context(), username, r.PostFormValue("password"))
	var broken rule.Errors
	if errors.As(err, &broken) {
		s.metrics.signIns.WithLabelValues("refused").Inc()
		if err := s.tellFailedSignIn(r, username, err); err != nil {
			return err
		}
		p := s.signInPage(r, username, back, kept)
		p.Errors = broken
		return s.showBroken(w, "session/sign-in", p)
	}
	if err != nil {
		return err
	}
	if err := s.open(r, account); err != nil {
		return err
	}
	s.metrics.signIns.WithLabelValues("ok").Inc()
	if err := s.audit(r, storage.AuditSignIn, "", nil); err != nil {
		return err
	}
	if kept != nil && !account.MustChange && !ofAnother(kept, account.Username) {
		return s.resume(w, r, kept)
	}
	return goTo(w, r, back)
}

func (s *Server) tellFailedSignIn(r *http.Request, username string, err error) error {
	action := storage.AuditSignInFailed
	if errors.Is(err, storage.ErrJustLocked) {
		action = storage.AuditSignInLocked
	}
	if letters := []rune(username); len(letters) > 100 {
		username = string(letters[:100])
	}
	return s.audit(r, action, username, nil)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if actor.Person != 0 {
		if err := s.audit(r, storage.AuditSignOut, "", nil); err != nil {
			return err
		}
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return goTo(w, r, "/sign-in")
}

func (s *Server) showActivate(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	return s.show(w, "session/activate", templates.ActivatePage{
		Shell: s.shell(r, templates.TitleActivate, templates.AtNowhere),
	})
}

func (s *Server) activate(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	username, code := strings.TrimSpace(r.PostFormValue("username")), r.PostFormValue("code")
	account, err := s.store.Activate(r.Context(), username, code, r.PostFormValue("password"), r.PostFormValue("repeat"))
	var broken rule.Errors
	if errors.As(err, &broken) {
		p := templates.ActivatePage{Shell: s.shell(r, templates.TitleActivate, templates.AtNowhere), Username: username, Code: code}
		p.Errors = broken
		return s.showBroken(w, "session/activate", p)
	}
	if err != nil {
		return err
	}
	if err := s.open(r, account); err != nil {
		return err
	}
	if err := s.audit(r, storage.AuditActivated, "", nil); err != nil {
		return err
	}
	return goTo(w, r, "/")
}

const themeCookie = "theme"

func themeOf(r *http.Request) templates.Theme {
	if cookie, err := r.Cookie(themeCookie); err == nil {
		if theme := templates.Theme(cookie.Value); theme.Valid() {
			return theme
		}
	}
	return templates.ThemeDevice
}

// chooseTheme keeps the choice on the device, because it is the device's.
func (s *Server) chooseTheme(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	theme := templates.Theme(r.PostFormValue("theme"))
	if !theme.Valid() {
		return errBadForm
	}
	cookie := &http.Cookie{ //nolint:gosec // secure wherever the pages are: a demonstration has no https
		Name: themeCookie, Value: string(theme), Path: "/", MaxAge: 400 * 24 * 3600,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
	if theme == templates.ThemeDevice {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
	return goTo(w, r, localPath(r.PostFormValue("return")))
}
