package web

import (
	"errors"
	"net/http"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

func (s *Server) passwordPage(r *http.Request, broken rule.Errors) templates.PasswordPage {
	p := templates.PasswordPage{
		Shell:  s.shell(r, templates.TitlePassword, templates.AtNowhere),
		Key:    newKey(),
		Forced: visitOf(r.Context()).account.MustChange,
	}
	p.Errors = broken
	return p
}

func (s *Server) showPassword(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	return s.show(w, "session/password", s.passwordPage(r, nil))
}

// changePassword sets the reader's own new password, which ends their other
// sessions; this one goes on.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	err := s.store.ChangePassword(r.Context(), actor.Person,
		r.PostFormValue("current"), r.PostFormValue("password"), r.PostFormValue("repeat"))
	var broken rule.Errors
	if errors.As(err, &broken) {
		return s.showBroken(w, "session/password", s.passwordPage(r, broken))
	}
	if err != nil {
		return err
	}
	account, err := s.store.Account(r.Context(), actor.Person)
	if err != nil {
		return err
	}
	if err := s.open(r, account); err != nil {
		return err
	}
	if err := s.audit(r, storage.AuditPassword, "", nil); err != nil {
		return err
	}
	if err := s.flash(r, templates.PasswordChanged()); err != nil {
		return err
	}
	return goTo(w, r, "/")
}

// showProfile is what the reader holds and has chosen.
func (s *Server) showProfile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page := templates.ProfilePage{
		Shell: s.shell(r, templates.TitleProfile, templates.AtNowhere), Name: actor.Name, Username: actor.Username,
	}
	names := visitOf(r.Context()).account.UnitNames
	for _, p := range actor.Positions {
		page.Positions = append(page.Positions, words.Position(p.Role, names[p.Unit]))
	}
	return s.show(w, "people/profile", page)
}
