package web

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/storage"
)

// The rules of outages. Which unit runs IT is data, so they ask for it.
var (
	outageReaders = access{name: "outage readers", permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		if actor.Holds(staff.Officer, s.store.Authority()) || actor.Holds(staff.AuthorityHead, s.store.Authority()) ||
			actor.Holds(staff.SystemAdmin, s.store.Authority()) || actor.HoldsAny(staff.Viewer) {
			return nil
		}
		return s.atIT(r, actor, staff.Specialist, staff.DivisionHead, staff.Director)
	}}
	outageKeepers = access{name: "outage keepers", permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		return s.keepsOutages(r, actor)
	}}
	outageOfficers = holding("outage officers", staff.Officer, staff.AuthorityHead)
	outageSpeakers = access{name: "outage speakers", permits: func(s *Server, r *http.Request, actor staff.Actor) error {
		parties, err := s.speaksFor(r, actor)
		if err != nil {
			return err
		}
		return permitted(len(parties) > 0)
	}}
	// watcher admits the separate watcher, by its token and without a session.
	watcher = access{name: "watcher", open: true, forced: true, permits: (*Server).knowsWatcher}
)

// keepsOutages: who looks after the software lays down what happens to it.
func (s *Server) keepsOutages(r *http.Request, actor staff.Actor) error {
	for _, role := range []staff.Role{staff.Officer, staff.AuthorityHead, staff.SystemAdmin} {
		if actor.Holds(role, s.store.Authority()) {
			return nil
		}
	}
	return s.atIT(r, actor, staff.Specialist, staff.DivisionHead, staff.Director)
}

// atIT admits whoever holds one of the roles at the unit that runs IT.
func (s *Server) atIT(r *http.Request, actor staff.Actor, roles ...staff.Role) error {
	if !actor.HoldsAny(roles...) {
		return errForbidden
	}
	h, err := s.store.OutageHandling(r.Context())
	if err != nil {
		return err
	}
	for _, role := range roles {
		if actor.Holds(role, h.ITUnit) {
			return nil
		}
	}
	return errForbidden
}

// speaksFor are the parties whose word the actor may give, each with the position in
// which they do.
func (s *Server) speaksFor(r *http.Request, actor staff.Actor) (map[outage.Party]staff.Position, error) {
	h, err := s.store.OutageHandling(r.Context())
	if err != nil {
		return nil, err
	}
	return s.store.SpeaksFor(actor, h), nil
}

// errUnknownCaller answers 401.
var errUnknownCaller = errors.New("unknown caller")

// knowsWatcher holds the token against ours in constant time. Without one configured
// there is no watcher, and no such page.
func (s *Server) knowsWatcher(r *http.Request, _ staff.Actor) error {
	if s.watchToken == "" {
		return storage.ErrNotFound
	}
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer || subtle.ConstantTimeCompare([]byte(given), []byte(s.watchToken)) != 1 {
		return errUnknownCaller
	}
	return nil
}
