package web

import (
	"errors"
	"net/http"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

func (s *Server) passwordPage(r *http.Request, broken rule.Errors) templates.PasswordPage {
	p := templates.PasswordPage{
		Shell:  s.shell(r, templates.TitlePassword, templates.AtNowhere),
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
