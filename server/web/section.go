package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showSection is the editor of one part.
func (s *Server) showSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	page, err := s.sectionPage(r, d, draft, section)
	if err != nil {
		return err
	}
	return s.show(w, "document/section", page)
}

// sectionOf reads the part named in the path, {code}.
func (s *Server) sectionOf(r *http.Request, actor staff.Actor) (*dossier, storage.Draft, form.Section, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, storage.Draft{}, form.Section{}, err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return nil, storage.Draft{}, form.Section{}, err
	}
	section, known := draft.Form.Section(chi.URLParam(r, "code"))
	if !known {
		return nil, storage.Draft{}, form.Section{}, storage.ErrNotFound
	}
	return d, draft, section, nil
}

func (s *Server) sectionPage(r *http.Request, d *dossier, draft storage.Draft, section form.Section) (templates.SectionPage, error) {
	now := draft.Sections[section.Code]
	page := templates.SectionPage{
		Shell: s.shellOf(r, d, words.Heading(section.Code, section.Title)), Document: d.head(),
		Code: section.Code, Heading: section.Title, Hint: section.Hint, Required: section.Required,
		Text: now.Body, Version: now.Version, Saved: savedWhen(now.At, d.Now), SavedBy: now.By,
		List: d.sideList(draft, "section."+section.Code), Stale: staleTexts(draft.Stale(section.Code)),
	}
	earlier, err := s.store.Earlier(r.Context(), d.ID)
	if err != nil {
		return page, err
	}
	page.Earlier = earlierOf(earlier, section.Code, now.Body)
	sections := draft.Form.Sections
	for i, one := range sections {
		if one.Code != section.Code {
			continue
		}
		if i > 0 {
			page.Previous = &templates.Link{Label: sections[i-1].Title, URL: d.sectionURL(sections[i-1].Code)}
		}
		if i+1 < len(sections) {
			page.Next = &templates.Link{Label: sections[i+1].Title, URL: d.sectionURL(sections[i+1].Code)}
		}
	}
	return page, nil
}

func (d *dossier) sectionURL(code string) string { return d.path("/sections/" + code) }

func (d *dossier) figuresURL(group int) string {
	return d.path("/figures/" + strconv.Itoa(group))
}

// saveSection keeps a part: the plain form, and autosave by the same address.
func (s *Server) saveSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "text", "base_version"); err != nil {
		return err
	}
	return s.keepSection(w, r, actor, r.PostFormValue("text"))
}

// keepSection saves the text as this part, or shows whose text stands there.
func (s *Server) keepSection(w http.ResponseWriter, r *http.Request, actor staff.Actor, text string) error {
	id, code := chi.URLParam(r, "id"), chi.URLParam(r, "code")
	base, err := strconv.Atoi(r.PostFormValue("base_version"))
	if err != nil {
		return errBadForm
	}
	saved, err := s.store.SaveSection(r.Context(), id, code, text, base, actor)
	var conflicts storage.Conflicts
	var broken rule.Errors
	switch {
	case errors.As(err, &conflicts):
		return s.sectionConflict(w, r, actor, storage.CleanText(text), conflicts[0])
	case errors.As(err, &broken):
		return s.sectionBroken(w, r, actor, text, broken)
	case err != nil:
		return err
	case wantsJSON(r):
		return s.tellSaved(w, r, text, saved)
	}
	if err := s.seen(r, actor, "sections/"+code); err != nil {
		return err
	}
	if r.PostForm.Has("copy") || r.PostForm.Has("confirm") {
		return s.bringUpToDate(w, r, actor)
	}
	return s.nextSection(w, r, actor)
}

// nextSection goes where the button said: on to the next part, or stays.
func (s *Server) nextSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	page, err := s.sectionPage(r, d, draft, section)
	if err != nil {
		return err
	}
	switch {
	case r.PostFormValue("next") == "":
		return goTo(w, r, d.sectionURL(section.Code))
	case page.Next != nil:
		return goTo(w, r, page.Next.URL)
	}
	return goTo(w, r, d.path(""))
}

// sectionBroken shows the editor again with what was typed.
func (s *Server) sectionBroken(w http.ResponseWriter, r *http.Request, actor staff.Actor, text string, broken rule.Errors) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	}
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	page, err := s.sectionPage(r, d, draft, section)
	if err != nil {
		return err
	}
	page.Text, page.Errors = text, broken
	return s.showBroken(w, "document/section", page)
}

// savedWhen is when something was saved, as pages and autosave say it.
func savedWhen(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	if calendar.DayOf(at) == calendar.DayOf(now) {
		return words.Clock(at)
	}
	return words.MomentNear(at, now)
}
