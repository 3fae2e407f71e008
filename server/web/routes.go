package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"cchc/templates"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is every way in, with who may take it. Nothing else is served besides
// static files and the health of the program.
func (s *Server) routes() []route {
	return []route{
		page(get, "/", signedIn, s.home),
		page(get, "/sign-in", anyone, s.showSignIn),
		page(post, "/sign-in", anyone, s.signIn).slowly().upTo(4 * bodyLimit), // may carry a kept form
		page(post, "/sign-out", anyone, s.signOut),
		page(get, "/activate", anyone, s.showActivate),
		page(post, "/activate", anyone, s.activate).slowly(),
		page(post, "/theme", anyone, s.chooseTheme),
		page(get, "/password", changingPassword, s.showPassword),
		page(post, "/password", changingPassword, s.changePassword).slowly(),
		page(get, "/profile", signedIn, s.showProfile),

		page(get, noticesPath, signedIn, s.showNotices),
		page(post, "/notices/read", signedIn, s.readNotices),
		page(get, unreachedPath, authorityStaff, s.showUnreached),

		page(get, "/admin/accounts", accountAdmins, s.showAccounts),
		page(get, "/admin/accounts/import", accountAdmins, s.showImport),
		page(post, "/admin/accounts/import", accountAdmins, s.importPeople).upTo(2 * bodyLimit),
		page(get, "/admin/accounts/{person}", accountAdmins, s.showAccount),
		page(post, "/admin/accounts/{person}/code", accountAdmins, s.reissueCode),
		page(post, "/admin/accounts/{person}/close", accountAdmins, s.closeAccount),
		page(post, "/admin/accounts/{person}/positions", accountAdmins, s.addPosition),
		page(post, "/admin/accounts/{person}/positions/{position}/end", accountAdmins, s.endPosition),
	}
}

// Handler is the pages as they are served to people.
func (s *Server) Handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.visits, s.recovers, s.secures)
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.Handle("/static/*", templates.Static())
	r.Group(func(r chi.Router) {
		r.Use(s.sessions.LoadAndSave, s.recognises, s.refusesForeign)
		for _, rt := range s.routes() {
			r.Method(rt.method, rt.path, s.handle(rt))
		}
		r.NotFound(s.handle(page(get, "", anyone, s.notFound)))
		r.MethodNotAllowed(s.handle(page(get, "", anyone, s.notFound)))
	})
	return r
}

// AdminHandler is what operators' tools ask, on a port of its own.
func (s *Server) AdminHandler() http.Handler {
	r := chi.NewRouter()
	r.Get("/healthz", s.healthz)
	r.Get("/readyz", s.readyz)
	r.Handle("/metrics", s.metrics.handler())
	return r
}
