package web

import (
	"encoding/json"
	"net/http"

	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/storage"
)

const (
	watchFactsPath  = "/watch/facts"
	watchHealthPath = "/watch/health"
	watchReportPath = "/watch/reports"

	// watchReportLimit is for a report that names every recipient of two notices.
	watchReportLimit = 4 << 20
)

// watchFacts gives the separate watcher what it needs while all else is gone. That it
// has called is noted: operators see when it was last heard.
func (s *Server) watchFacts(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	facts, err := s.store.OutageFacts(r.Context())
	if err != nil {
		return err
	}
	if err := s.store.Beat(r.Context(), storage.BeatWatch); err != nil {
		visitOf(r.Context()).log.WarnContext(r.Context(), "note that the watcher called", "error", err) // the facts matter more
	}
	return answerJSON(w, http.StatusOK, facts)
}

// watchHealth takes down how the watcher stands itself, for the operators' page.
func (s *Server) watchHealth(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	var health outage.Health
	if err := json.NewDecoder(r.Body).Decode(&health); err != nil {
		return badForm(err)
	}
	if err := s.store.KeepWatchHealth(r.Context(), health); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// watchReport takes over what the watcher tells of one outage, and answers with what
// the server has made of it. Told again it changes nothing.
func (s *Server) watchReport(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	var report outage.Report
	if err := json.NewDecoder(r.Body).Decode(&report); err != nil {
		return badForm(err)
	}
	if report.ID == "" || len(report.ID) > 100 || report.Version < 1 || report.Span.From.IsZero() ||
		!report.Span.Open() && report.Span.To.Before(report.Span.From) {
		return errBadForm
	}
	known, err := s.store.TakeOutageReport(r.Context(), report)
	if err != nil {
		return err
	}
	if err := s.store.Beat(r.Context(), storage.BeatWatch); err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, known)
}
