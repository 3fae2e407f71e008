package web

import (
	"net/http"

	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

const plansPath = "/plans"

// showPlans lists the campaigns of plans that the reader takes part in, each with how
// far its tasks have come.
func (s *Server) showPlans(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	number := pageNumber(r.URL.Query())
	lines, err := s.store.PlanCampaigns(r.Context(), actor.Reads(), number)
	if err != nil {
		return err
	}
	page := templates.PlansPage{Shell: s.shell(r, templates.TitlePlans, templates.AtPlans), Empty: templates.NoPlans()}
	total := 0
	for _, line := range lines {
		total = line.Total
		page.Rows = append(page.Rows, planCampaignRow(line))
	}
	page.Paging = paging(r.URL, number, len(lines), storage.CampaignPage, total, templates.PlanCampaignNoun)
	return s.show(w, "plan/campaigns", page)
}

func planCampaignRow(line storage.PlanLine) templates.PlanCampaignRow {
	tally, path := line.Tally(), planLinePath(line)
	row := templates.PlanCampaignRow{Name: line.Name, URL: path, Facts: templates.PlanLineFacts(line.Period, line.Plans, line.Roster)}
	if !line.Lives() {
		row.Done = templates.NoPlanLives
		return row
	}
	row.Done, row.Bars = templates.PlanDone(tally), templates.TaskBars(tally)
	row.Cells = templates.TaskCells(tally, func(status plan.Status) string { return path + "?status=" + string(status) })
	if late := templates.LateFact(tally); late != "" {
		row.Flags = append(row.Flags, templates.OverdueFlag(late))
	}
	return row
}

// planLinePath leads to the board of the reader's own plan, or of all of them; while
// none lives, to where it is made.
func planLinePath(line storage.PlanLine) string {
	path, board := campaignPath(line.Code), "/tasks"
	if line.Document != "" {
		path, board = "/documents/"+line.Document, "/board"
	}
	if !line.Lives() {
		return path
	}
	return path + board
}
