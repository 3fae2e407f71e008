package web

import (
	"errors"
	"net/http"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

// autosaveScores saves what can be saved and tells what that comes to. An answer that
// cannot be read, or that may not even stand in a draft, holds back only itself.
func (s *Server) autosaveScores(w http.ResponseWriter, r *http.Request, actor staff.Actor, d *scoreDesk, typed typedScores) error {
	var changes []storage.AnswerChange
	for _, change := range typed.changes {
		if !typed.held[change.Answer.Criterion] {
			changes = append(changes, change)
		}
	}
	saved, err := s.store.SaveAnswers(r.Context(), d.ID, changes, actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return answerJSON(w, http.StatusConflict, map[string]any{"error": conflicts.Error()})
	case broken != nil:
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	case err != nil:
		return err
	}
	if d, err = s.scoreDesk(r, actor); err != nil { // as it stands now
		return err
	}
	page := s.scoresPage(r, d)
	answer := templates.ScoresSaved{
		Saved: page.Saved, Sum: page.Sum, Unread: len(typed.changes) - len(changes),
		Versions: make(map[string]int, len(saved)), Rows: make(map[string]templates.ScoreState, len(saved)),
	}
	for _, row := range page.Rows {
		if one, sent := saved[row.Code]; sent {
			answer.Versions[row.Code] = one.Version
			answer.Rows[row.Code] = templates.ScoreState{Points: row.Points, Title: row.WhyTitle, About: row.About, Why: row.Why, Problems: row.Problems}
		}
	}
	return answerJSON(w, http.StatusOK, answer)
}
