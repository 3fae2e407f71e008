package web

import (
	"errors"
	"net/http"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates"
)

// comments is what the unit's people have told each other, for them alone; nil
// for other readers.
func (s *Server) comments(r *http.Request, d *dossier) (*templates.Comments, error) {
	if !d.ownPeople() {
		return nil, nil
	}
	all, err := s.store.Comments(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	list := &templates.Comments{URL: "/documents/" + d.ID + "/comments", Key: newKey()}
	for _, one := range all {
		list.All = append(list.All, templates.Comment{ID: one.ID, Who: one.Person, Body: one.Body, At: one.At})
	}
	return list, nil
}

// addComment keeps a comment and goes back to the document.
func (s *Server) addComment(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "comment"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	text := r.PostFormValue("comment")
	err = s.store.AddComment(r.Context(), key, d.ID, actor.Person, text)
	var broken rule.Errors
	if !errors.As(err, &broken) {
		if err != nil {
			return err
		}
		return goTo(w, r, "/documents/"+d.ID+"#comments")
	}
	list, err := s.comments(r, d)
	if err != nil {
		return err
	}
	list.Text = text
	page := templates.CommentsPage{Shell: s.shellOf(r, d, templates.TitleComments), Document: d.head(), Comments: list}
	page.Errors = broken
	return s.showBroken(w, "document/comments", page)
}
