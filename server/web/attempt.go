package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

// Attempts that failed are what an officer sees, after an outage, beside the deadlines
// that it touched. What the server could not take it notes itself, by the session, also
// while the database is away. What never reached it, browsers tell when it is back: that
// is a claim, kept apart, and counts for people of the document's own unit alone.

// noteAttempt notes a form about a document that the software could not take.
func (s *Server) noteAttempt(r *http.Request, v *visit, status int) {
	id, failed := failedAt(r, status)
	if !failed {
		return
	}
	attempt := storage.FailedAttempt{Document: id, Person: v.account.Person, Source: storage.SeenByServer, At: v.begun}
	if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil && attempt.Person == 0 {
		attempt.Session = storage.SessionMark(cookie.Value)
	}
	if err := s.store.NoteAttempt(attempt); err != nil {
		v.log.ErrorContext(r.Context(), "note failed attempt", "error", err)
	}
}

// failedAt tells about which document a form failed by the software's fault. What pages
// ask by themselves is no attempt of anybody.
func failedAt(r *http.Request, status int) (id string, failed bool) {
	if r.Method != http.MethodPost || status < http.StatusInternalServerError {
		return "", false
	}
	for _, pages := range []string{"/documents/", "/appraisals/"} { // both go by the document
		if rest, below := strings.CutPrefix(r.URL.Path, pages); below {
			id, action, deeper := strings.Cut(rest, "/")
			return id, deeper && action != "presence" && action != "attempts"
		}
	}
	return "", false
}

// longestAgo is how long ago an attempt may lie that a browser tells of.
const longestAgo = 14 * 24 * time.Hour

// tellAttempts takes a browser's word that saves of its reader failed: the first and the
// last of them, each by how many seconds ago it was, because browsers' clocks differ.
func (s *Server) tellAttempts(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "first", "last"); err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	var attempts []storage.FailedAttempt
	for _, field := range []string{"first", "last"} {
		ago, err := strconv.Atoi(r.PostFormValue(field))
		if err != nil || ago < 0 || ago > int(longestAgo.Seconds()) {
			return errBadForm
		}
		attempts = append(attempts, storage.FailedAttempt{
			Document: documentID(r), Person: actor.Person, Source: storage.ToldByBrowser, At: now.Add(-time.Duration(ago) * time.Second),
		})
	}
	if err := s.store.AddAttempts(r.Context(), attempts); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
