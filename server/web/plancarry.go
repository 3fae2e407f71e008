package web

import (
	"net/http"
	"slices"

	"cchc/domain/plan"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// everyTask in place of a key means all that were taken over.
const everyTask = "all"

// carryOffer tells what the plan of the year before has left that this one does not
// have; nil: nothing.
func (s *Server) carryOffer(r *http.Request, d *planDesk, removed []storage.DraftTask) (*templates.CarryOffer, error) {
	earlier, err := s.store.EarlierPlan(r.Context(), d.ID)
	if err != nil || earlier == nil {
		return nil, err
	}
	left := slices.DeleteFunc(earlier.Left, func(task plan.Task) bool {
		_, stands := d.draft.Tasks[task.Key]
		return stands || slices.ContainsFunc(removed, func(t storage.DraftTask) bool { return t.Key == task.Key })
	})
	if len(left) == 0 {
		return nil, nil
	}
	return &templates.CarryOffer{Text: words.CarryOffer(earlier.Year, len(left)), URL: "/documents/" + earlier.Document + "/tracking"}, nil
}

// carryTasks takes over what the plan of the year before has left.
func (s *Server) carryTasks(w http.ResponseWriter, r *http.Request, d *planDesk) error {
	taken, err := s.store.CarryTasks(r.Context(), d.ID, d.actor)
	if broken := brokenIn(err); broken != nil {
		return s.notTaken(w, r, d.actor, broken)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneOK, Text: words.Carried(taken)}, d.planURL())
}

// lookAtTasks notes that a task that was taken over holds as it stands, or all do.
func (s *Server) lookAtTasks(w http.ResponseWriter, r *http.Request, d *planDesk, key string) error {
	var keys []string // all
	path := d.planURL()
	if key != everyTask {
		keys, path = []string{key}, path+"#"+taskAnchor(key)
	}
	err := s.store.LookAtTasks(r.Context(), d.ID, keys, d.actor)
	if broken := brokenIn(err); broken != nil {
		return s.notTaken(w, r, d.actor, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, path)
}
