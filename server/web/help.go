package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

// showHelp lists the help about all screens.
func (s *Server) showHelp(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.show(w, "help/index", templates.HelpIndexPage{
		Shell: s.shell(r, templates.TitleHelp, templates.AtNowhere), Groups: templates.HelpGroups, Reopens: actor.Person != 0,
	})
}

// showHelpTopic is the help about one screen.
func (s *Server) showHelpTopic(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	topic, text, known := templates.HelpTopicOf(chi.URLParam(r, "topic"))
	if !known {
		return storage.ErrNotFound
	}
	shell := s.shell(r, topic.Title, templates.AtNowhere)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleHelp, URL: "/help"}, {Label: topic.Title}}
	return s.show(w, "help/topic", templates.HelpTopicPage{Shell: shell, Slug: topic.Slug, Groups: templates.HelpGroups, Text: text})
}

// firstLook is the panel for somebody who has not closed it yet, by the first of
// their roles.
func (s *Server) firstLook(r *http.Request) *templates.FirstLook {
	account := visitOf(r.Context()).account
	if !account.FirstLook || len(account.Positions) == 0 {
		return nil
	}
	return templates.FirstLookOf(account.Positions[0].Role)
}

// changeFirstLook closes the panel for good, or opens it again from the help.
func (s *Server) changeFirstLook(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	state := r.PostFormValue("state")
	if state != "open" && state != "closed" {
		return errBadForm
	}
	if err := s.store.SetFirstLook(r.Context(), actor.Person, state == "open"); err != nil {
		return err
	}
	if err := s.audit(r, storage.AuditFirstLook, state, nil); err != nil {
		return err
	}
	return goTo(w, r, "/tasks")
}
