package web

import (
	"net/http"
	"slices"

	"cchc/domain/plan"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// addCity tells of a unit's task which of the city's it carries out, and of a city's
// what the units do for it.
func (s *Server) addCity(r *http.Request, d *trackingDesk, task storage.TrackedTask, page *templates.TrackedPage) error {
	if d.IsCityPlan() {
		linked, tally, err := s.store.LinkedTasks(r.Context(), d.actor.Reads(), d.DocumentView, d.PlanTracking, task.Key)
		if err == nil {
			page.Linked = linkedSum(linked, tally)
		}
		return err
	}
	if task.City == "" {
		return nil
	}
	city, err := s.store.CityTasks(r.Context(), d.DocumentView)
	if err != nil {
		return err
	}
	page.City = &templates.CityTask{Text: cityText(task.Task, city)}
	if at := slices.IndexFunc(city, func(c plan.CityTask) bool { return c.Key == task.City }); at >= 0 {
		page.City.About = templates.CityTaskAbout(city[at])
	}
	if d.actor.Reads().Covers(d.Campaign.CityUnit) {
		page.City.URL = "/documents/" + d.CityPlan() + "/tracking/" + task.City
	}
	return nil
}

// linkedSum sums up what units do for a task of the city's plan: overdue ones first.
func linkedSum(linked []storage.LinkedTask, tally plan.Tally) *templates.LinkedSum {
	units := map[string]bool{}
	for _, one := range linked {
		units[one.Unit] = true
	}
	sum := &templates.LinkedSum{Facts: templates.LinkedFacts(len(units), tally)}
	for _, status := range plan.Statuses {
		if n := tally[status]; n > 0 {
			sum.Chips = append(sum.Chips, templates.LinkedChip{Chip: templates.TaskChip(status), Count: n})
		}
	}
	slices.SortStableFunc(linked, func(a, b storage.LinkedTask) int { return lateFirst(a) - lateFirst(b) })
	for _, one := range linked[:min(len(linked), templates.MostLinked)] {
		sum.Rows = append(sum.Rows, templates.LinkedRow{
			URL: "/documents/" + one.Document + "/tracking/" + one.Key, Unit: one.Unit, Name: one.Task.Name, Lead: one.Task.Lead.Name,
			Time: words.TaskTime(one.Task), Given: words.TaskGiven(one.Given), Percent: templates.LinkedPercent(one.Percent), Chip: templates.TaskChip(one.Status),
		})
	}
	if len(linked) > len(sum.Rows) {
		sum.More = templates.LinkedMore(len(sum.Rows), len(linked))
	}
	return sum
}

func lateFirst(one storage.LinkedTask) int {
	if one.Status == plan.Overdue {
		return 0
	}
	return 1
}
