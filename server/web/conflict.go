package web

import (
	"net/http"
	"strconv"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

func (s *Server) sectionConflict(w http.ResponseWriter, r *http.Request, actor staff.Actor, mine string, theirs storage.Conflict) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusConflict, map[string]any{"version": theirs.Version})
	}
	d, _, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusConflict, "document/conflict", templates.ConflictPage{
		Shell: s.shellOf(r, d, words.TitleConflict), Document: d.head(), Code: section.Code,
		Mine: mine, Version: theirs.Version, Them: theirs.By, When: words.MomentNear(theirs.At, d.Now),
		Blocks: conflictBlocks(mine, theirs.Body),
	})
}

// mergeSection puts a text together from two by the person's choices, and saves
// it over the version that was compared with. If a third text stands there by
// now, the comparison begins anew and nothing is lost.
func (s *Server) mergeSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "text", "base_version"); err != nil {
		return err
	}
	_, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	mine := storage.CleanText(r.PostFormValue("text"))
	stands := draft.Sections[section.Code]
	if strconv.Itoa(stands.Version) != r.PostFormValue("base_version") {
		return s.sectionConflict(w, r, actor, mine, storage.Conflict{
			Version: stands.Version, Body: stands.Body, By: stands.By, At: stands.At,
		})
	}
	merged := merge(mine, stands.Body, func(number int) string {
		return r.PostFormValue("choice." + strconv.Itoa(number))
	})
	return s.keepSection(w, r, actor, merged)
}
