package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/staff"
)

// A route is one way in: what is asked, by whom, and who answers.
type route struct {
	method string
	path   string
	who    access
	do     handler
	limit  int64 // bytes of body
	slow   bool  // few tries a minute
	quiet  bool  // asked by the page itself: no sign that its reader is there
	bare   bool  // needs no session, so that it works without the database
}

// bodyLimit is for forms; uploads say their own.
const bodyLimit = 1 << 20

func page(method, path string, who access, do handler) route {
	return route{method: method, path: path, who: who, do: do, limit: bodyLimit}
}

// upTo lets a route take a larger body, in bytes.
func (rt route) upTo(limit int64) route {
	rt.limit = limit
	return rt
}

// slowly limits how often one address, and one username from anywhere, may try
// a route that takes passwords or codes. An office shares one address.
func (rt route) slowly() route {
	rt.slow = true
	return rt
}

// quietly marks a route that pages ask by themselves: it does not lengthen the
// session, which would else never end before an empty chair.
func (rt route) quietly() route {
	rt.quiet = true
	return rt
}

// barely marks a route that is the same for everybody: it looks at no session.
func (rt route) barely() route {
	rt.bare = true
	return rt
}

// access is a rule of who may take a route. The zero value admits nobody.
type access struct {
	name    string // for the test that walks every route
	open    bool   // without signing in
	forced  bool   // also while the password must be changed first
	permits func(s *Server, r *http.Request, actor staff.Actor) error
}

// errForbidden refuses someone who is signed in; the refusal is audited.
var errForbidden = errors.New("forbidden")

func permitted(ok bool) error {
	if ok {
		return nil
	}
	return errForbidden
}

func always(*Server, *http.Request, staff.Actor) error { return nil }

// The rules that look at nothing but the person.
var (
	anyone           = access{name: "anyone", open: true, forced: true, permits: always}
	signedIn         = access{name: "signed in", permits: always}
	changingPassword = access{name: "changing password", forced: true, permits: always}
	accountAdmins    = holding("account admins", staff.AccountAdmin)
	operators        = holding("operators", staff.SystemAdmin)
	officers         = holding("officers", staff.Officer)
	authorityStaff   = holding("authority staff", staff.Officer, staff.AuthorityHead, staff.AccountAdmin)
	rankingReaders   = holding("ranking readers", staff.Officer, staff.AuthorityHead)
	readers          = access{name: "readers", permits: func(_ *Server, _ *http.Request, actor staff.Actor) error {
		return permitted(reads(actor))
	}}
)

// unitReaders admits whoever may read the unit named in the path as {unit}.
var unitReaders = access{name: "unit readers", permits: func(_ *Server, r *http.Request, actor staff.Actor) error {
	return permitted(actor.Reads().Covers(chi.URLParam(r, "unit")))
}}

// reads tells whether there is anything that the actor may read.
func reads(actor staff.Actor) bool {
	scope := actor.Reads()
	return scope.All || len(scope.Units) > 0
}

// The rules that look at the document named in the path as {id}.
var (
	documentReaders   = access{name: "document readers", permits: readsDocument}
	documentOwnPeople = access{name: "document's own people", permits: ownsDocument}
	documentAuthors   = atDocument("document authors", staff.Specialist)
	documentReviewers = atDocument("document reviewers", staff.DivisionHead)
	documentDirectors = atDocument("document directors", staff.Director)
	documentNumberers = atDocument("document numberers", staff.Clerk, staff.Director)
	documentDeciders  = atDocument("document deciders", staff.DivisionHead, staff.Director,
		staff.Officer, staff.AuthorityHead)
	documentConfirmers = atDocument("document confirmers", staff.Officer, staff.AuthorityHead)
	documentOfficers   = atDocument("document officers", staff.Officer)
	documentAskers     = atDocument("document askers", staff.Specialist, staff.DivisionHead)
	documentAdjusters  = atDocument("document adjusters", staff.Specialist, staff.DivisionHead, staff.Officer, staff.AuthorityHead)
	documentExplainers = atDocument("document explainers", staff.Specialist, staff.DivisionHead, staff.Director, staff.Officer)
)

// holding admits whoever holds one of the roles at the authority, for the roles
// that exist there alone.
func holding(name string, roles ...staff.Role) access {
	return access{name: name, permits: func(s *Server, _ *http.Request, actor staff.Actor) error {
		for _, role := range roles {
			if actor.Holds(role, s.store.Authority()) {
				return nil
			}
		}
		return errForbidden
	}}
}

func readsDocument(s *Server, r *http.Request, actor staff.Actor) error {
	unit, err := s.store.DocumentUnit(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	return permitted(actor.Reads().Covers(unit))
}

func ownsDocument(s *Server, r *http.Request, actor staff.Actor) error {
	unit, err := s.store.DocumentUnit(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	return permitted(belongs(actor, unit))
}

// atDocument admits whoever holds one of the roles at the document's unit, or at
// the authority where the role exists there alone.
func atDocument(name string, roles ...staff.Role) access {
	return access{name: name, permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		own, err := s.store.DocumentUnit(r.Context(), chi.URLParam(r, "id"))
		if err != nil {
			return err
		}
		for _, role := range roles {
			unit := own
			if role.AtAuthorityOnly() {
				unit = s.store.Authority()
			}
			if actor.Holds(role, unit) {
				return nil
			}
		}
		return errForbidden
	}}
}

// handle checks the route's rule, runs its handler and answers its error.
func (s *Server) handle(rt route) http.HandlerFunc {
	serve := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.serve(w, r, rt); err != nil {
			s.answer(w, r, err)
		}
	}))
	if rt.slow {
		serve = s.limits(serve)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, rt.limit)
		serve.ServeHTTP(w, r)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, rt route) error {
	v := visitOf(r.Context())
	switch {
	case rt.who.permits == nil:
		return errForbidden
	case !rt.who.open && v.account.Person == 0:
		return s.askToSignIn(w, r)
	case v.account.MustChange && !rt.who.forced:
		return goTo(w, r, "/password")
	}
	if err := rt.who.permits(s, r, v.account.Actor); err != nil {
		return err
	}
	if !rt.quiet && wantsJSON(r) { // tells the script how long the session now lasts
		w.Header().Set("Session-Left", strconv.Itoa(s.sessionLeft(r)))
	}
	return rt.do(w, r, v.account.Actor)
}
