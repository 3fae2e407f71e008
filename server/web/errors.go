package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

// errChanged answers 409: what the form was about has changed since it was
// shown. Pages that can show the difference do so themselves.
var errChanged = errors.New("changed meanwhile")

// answer is the only place where errors become answers. Nothing internal is
// shown: what failed is logged once, under the id that the page tells.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r.Context())
	var broken rule.Errors
	var tooBig *http.MaxBytesError
	var unwritten *writeError
	status := http.StatusInternalServerError
	switch {
	case errors.As(err, &unwritten) || r.Context().Err() != nil:
		v.log.InfoContext(r.Context(), "reader gone", "error", err)
		return
	case errors.Is(err, errUnknownCaller):
		v.log.WarnContext(r.Context(), "a watcher with another token")
		plain(w, http.StatusUnauthorized, http.StatusText(http.StatusUnauthorized))
		return
	case errors.Is(err, errForbidden):
		status = http.StatusForbidden
		s.tellRefusal(r, v)
	case errors.Is(err, storage.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, errChanged):
		status = http.StatusConflict
	case errors.As(err, &tooBig):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, errBadForm):
		status = http.StatusBadRequest
	case errors.Is(err, errTooMany):
		status = http.StatusTooManyRequests
	case errors.As(err, &broken):
		status = http.StatusUnprocessableEntity
	default:
		v.log.ErrorContext(r.Context(), "request failed", "error", err)
	}
	s.problem(w, r, v, status, broken)
}

// errBadForm answers 400: what came is no form that a page of ours sends.
var errBadForm = errors.New("malformed form")

// badForm answers 400, or 413 where the body was too large.
func badForm(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	return fmt.Errorf("%w: %w", errBadForm, err)
}

// tellRefusal writes the denial log (QĐ 1439 Đ5).
func (s *Server) tellRefusal(r *http.Request, v *visit) {
	err := s.audit(r, storage.AuditRefused, r.Method+" "+r.URL.Path, nil)
	if err != nil {
		v.log.ErrorContext(r.Context(), "write audit", "error", err)
	}
}

// problem shows the error's page.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, v *visit, status int, broken rule.Errors) {
	err := s.render(w, status, "errors/error", s.errorPage(r, v, status, broken))
	if err == nil {
		return
	}
	v.log.ErrorContext(r.Context(), "show error page", "error", err)
	var unwritten *writeError
	if !errors.As(err, &unwritten) {
		plain(w, status, http.StatusText(status)+" ("+v.id+")")
	}
}

func (s *Server) errorPage(r *http.Request, v *visit, status int, broken rule.Errors) templates.ErrorPage {
	shell := s.shell(r, "", templates.AtNowhere)
	shell.Errors = broken
	shell.Live = nil
	switch status {
	case http.StatusForbidden:
		return templates.Forbidden(shell)
	case http.StatusNotFound:
		return templates.NotFound(shell)
	case http.StatusTooManyRequests:
		return templates.TooMany(shell)
	case http.StatusInternalServerError:
		return templates.Failed(shell, v.id)
	}
	return templates.BadRequest(shell, status)
}

func (s *Server) notFound(http.ResponseWriter, *http.Request, staff.Actor) error {
	return storage.ErrNotFound
}

// errTooMany answers 429.
var errTooMany = errors.New("too many tries")

// tooMany answers who tries too often.
func (s *Server) tooMany(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, errTooMany)
}

// recovers turns a panic into a 500 with its id; the stack is logged.
func (s *Server) recovers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(fault) // net/http's own way to hang up
			}
			v := visitOf(r.Context())
			v.session = false // it belongs to the request that broke off
			v.log.ErrorContext(r.Context(), "panic", slog.Any("fault", fault), "stack", string(debug.Stack()))
			s.problem(w, r, v, http.StatusInternalServerError, nil)
		}()
		next.ServeHTTP(w, r)
	})
}
