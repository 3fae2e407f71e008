package web

import (
	"net/http"
	"net/url"
	"slices"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showAppraisals is the queue of the fields that the reader appraises.
func (s *Server) showAppraisals(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := appraisalFilter(r.URL.Query())
	q, err := s.store.AppraisalQueue(r.Context(), actor, filter)
	if err != nil {
		return err
	}
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return err
	}
	page := templates.AppraisalsPage{
		Shell: s.shell(r, templates.TitleAppraisals, templates.AtTasks), Facts: templates.AppraisalFacts(q.Open), Late: templates.AppraisalLate(q.Late),
		State: string(filter.State), Filters: appraisalFilters(filter, q.Choice), Empty: templates.AppraisalsEmpty(string(filter.State), filter.Narrows()),
	}
	page.Crumbs = []templates.Crumb{{Label: words.TitleTasks, URL: "/tasks"}, {Label: templates.TitleAppraisals}}
	for _, state := range storage.AppraisalQueueStates {
		tab := templates.Tab{Label: templates.QueueState(string(state)), URL: filterURL(filter, state, 1), Current: state == filter.State}
		switch state {
		case storage.AppraisalsOpen:
			tab.Count, tab.HasZero = q.Open, true
		case storage.AppraisalsLate:
			tab.Count = q.Late
		}
		page.Tabs = append(page.Tabs, tab)
	}
	for _, row := range q.Rows {
		one := templates.AppraisalRow{
			URL: fieldPath(row.Document, row.Field), Unit: row.UnitName, Campaign: row.CampaignName, Field: row.Field + ". " + row.FieldName,
			Round: words.AppraisalStage(row.Stage), Marked: templates.MarkedOf(row.Marked, row.Todo),
			Chip: templates.FieldChip(row.FinishedAt != nil, row.Marked, row.Todo),
		}
		if row.FinishedAt != nil {
			one.Due, one.Marked = words.Moment(*row.FinishedAt), ""
		} else {
			one.Due, one.Left, one.Late = words.RoundEnds(row.DueAt), words.Left(row.DueAt, q.Now, days), !q.Now.Before(row.DueAt)
		}
		page.Rows = append(page.Rows, one)
	}
	if len(page.Rows) > 0 && filter.State != storage.AppraisalsFinished {
		page.NextURL = page.Rows[0].URL
	}
	page.Paging = templates.Paging{Total: q.Total, Noun: templates.NounFields}
	if q.Total > 0 {
		page.Paging.From = (filter.Page-1)*storage.AppraisalQueuePage + 1
		page.Paging.To = page.Paging.From + len(q.Rows) - 1
	}
	if filter.Page > 1 {
		page.Paging.PreviousURL = filterURL(filter, filter.State, filter.Page-1)
	}
	if page.Paging.To < q.Total {
		page.Paging.NextURL = filterURL(filter, filter.State, filter.Page+1)
	}
	if actor.Reads().All {
		seen := map[string]bool{}
		for _, one := range q.Choice {
			if !seen[one.Campaign] {
				seen[one.Campaign] = true
				page.Runs = append(page.Runs, templates.Link{Label: one.CampaignName, URL: campaignPath(one.Campaign) + "/appraisal"})
			}
		}
	}
	return s.show(w, "appraisal/queue", page)
}

// appraisalFilter reads the filters of the address; what it does not know narrows
// nothing.
func appraisalFilter(q url.Values) storage.AppraisalFilter {
	filter := storage.AppraisalFilter{State: storage.AppraisalsOpen, Query: searchText(q.Get("q")), Page: pageNumber(q)}
	for _, state := range storage.AppraisalQueueStates {
		if q.Get("state") == string(state) {
			filter.State = state
		}
	}
	if code := q.Get("campaign"); len(code) <= maxSearchText {
		filter.Campaign = code
	}
	if code := q.Get("field"); len(code) <= maxSearchText {
		filter.Field = code
	}
	if slices.Contains(words.UnitGroups, q.Get("group")) {
		filter.Group = q.Get("group")
	}
	return filter
}

func filterURL(f storage.AppraisalFilter, state storage.AppraisalQueueState, page int) string {
	q := url.Values{"state": {string(state)}}
	for name, value := range map[string]string{"campaign": f.Campaign, "field": f.Field, "group": f.Group, "q": f.Query} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("page", words.Number(page))
	}
	return appraisalsPath + "?" + q.Encode()
}

func appraisalFilters(f storage.AppraisalFilter, choice []storage.AppraisalChoice) templates.AppraisalFilters {
	filters := templates.AppraisalFilters{
		Query: f.Query, ClearURL: filterURL(storage.AppraisalFilter{}, f.State, 1),
		Campaigns: []templates.Option{{Label: templates.AllIndexCampaigns}}, Fields: []templates.Option{{Label: templates.AllFields}},
		Groups: templates.ScopeOptions(f.Group),
	}
	for _, set := range []string{f.Campaign, f.Field, f.Group, f.Query} {
		if set != "" {
			filters.Active++
		}
	}
	for _, one := range choice {
		filters.Campaigns = addOption(filters.Campaigns, one.Campaign, one.CampaignName, f.Campaign)
		if f.Campaign == "" || f.Campaign == one.Campaign {
			filters.Fields = addOption(filters.Fields, one.Field, one.Field+". "+one.FieldName, f.Field)
		}
	}
	return filters
}

// addOption adds a choice once.
func addOption(options []templates.Option, value, label, chosen string) []templates.Option {
	if slices.ContainsFunc(options, func(o templates.Option) bool { return o.Value == value }) {
		return options
	}
	return append(options, templates.Option{Value: value, Label: label, Selected: value == chosen})
}
