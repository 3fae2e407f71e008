package web

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

// autosavePart saves what stands on the page while somebody types. Rows that ask for
// another group stay until a button is pressed: they would leave the page otherwise.
func (s *Server) autosavePart(w http.ResponseWriter, r *http.Request, actor staff.Actor, p formPart) error {
	if p.unread != nil && len(p.unread(r.PostForm)) > 0 {
		return answerJSON(w, http.StatusUnprocessableEntity, templates.FormAutosaved{})
	}
	typed, group := p.read(r.PostForm), p.renamed(r.PostForm)
	for i := range typed.Indicators {
		typed.Indicators[i].Group = group
	}
	return s.autosave(w, r, actor, p.part, typed, group)
}

func (s *Server) autosaveGeneral(w http.ResponseWriter, r *http.Request, e *formEditor, actor staff.Actor) error {
	if broken := e.readGeneral(r); len(broken) > 0 {
		return answerJSON(w, http.StatusUnprocessableEntity, templates.FormAutosaved{Version: e.Version})
	}
	return s.autosave(w, r, actor, e.here, e.typed, "")
}

func (s *Server) autosave(w http.ResponseWriter, r *http.Request, actor staff.Actor, part form.Part, typed form.Version, group string) error {
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	draft, err := s.store.AutosaveFormPart(r.Context(), chi.URLParam(r, "form"), base, part, typed, actor.Person)
	if theirs, clashes := clashIn(err); clashes {
		return answerJSON(w, http.StatusConflict, templates.FormAutosaved{Version: theirs.Version})
	}
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, templates.FormAutosaved{Saved: words.Clock(draft.At), Version: draft.Version, Group: group})
}
