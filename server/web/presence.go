package web

import (
	"net/http"
	"regexp"
	"strings"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Two people who write one document see each other. A page that is looked at
// says every 20 s where its reader is (presence.js) and hears who else is there;
// without scripts a reader sees the others as of the page's load, and is seen
// when they save.

// places are the parts of a document's draft where one can be, as paths below
// the document. Anything else is the document itself.
var places = regexp.MustCompile(`^(sections/[A-Z0-9.]{1,10}|figures/[0-9]{1,3}|files|plan)$`)

func placeOf(path string) string {
	path = strings.Trim(path, "/")
	if strings.HasPrefix(path, "plan/") {
		path = planPlace // one of its tasks
	}
	if places.MatchString(path) {
		return path
	}
	return ""
}

// markPresent takes a page's word where its reader is, and tells who else is
// there.
func (s *Server) markPresent(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "place"); err != nil {
		return err
	}
	id := documentID(r)
	stage, err := s.store.DocumentStage(r.Context(), id)
	if err != nil {
		return err
	}
	others := []storage.Presence{}
	if stage == document.Drafting {
		if err := s.store.MarkPresent(r.Context(), id, actor.Person, placeOf(r.PostFormValue("place"))); err != nil {
			return err
		}
		if others, err = s.store.Present(r.Context(), id, actor.Person); err != nil {
			return err
		}
	}
	return answerJSON(w, http.StatusOK, map[string]any{"others": companions(others)})
}

// seen notes that somebody without scripts has just saved here.
func (s *Server) seen(r *http.Request, actor staff.Actor, place string) error {
	if wantsJSON(r) {
		return nil // the script tells by itself, and seldom
	}
	return s.store.MarkPresent(r.Context(), documentID(r), actor.Person, place)
}

// companions are the others in words.
func companions(others []storage.Presence) []templates.Companion {
	list := make([]templates.Companion, len(others))
	for i, one := range others {
		list[i] = templates.Companion{
			Place: one.Place, Text: words.PresentAt(one.Name, one.Place), Here: words.PresentHere(one.Name),
		}
	}
	return list
}

// company is who else has the draft open, on a page of one of its authors; nil
// for everybody else.
func (d *dossier) company() *templates.Company {
	if !d.writes() {
		return nil
	}
	return &templates.Company{URL: "/documents/" + d.ID + "/presence", Others: companions(d.present)}
}

// writes tells whether the reader is one of those who write the draft now.
func (d *dossier) writes() bool {
	return d.Stage == document.Drafting && d.actor.Holds(staff.Specialist, d.Unit.Code)
}
