package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Engine is what pages of campaigns and operators ask of the workflow engine.
// Everything here may fail or be missing: what is asked for is a row already, and
// the worker's relay starts what was not started.
type Engine struct {
	LaunchCampaign func(ctx context.Context, code string) error
	StartDocument  func(ctx context.Context, id string) error
	// KeepSeries makes the schedule of a series agree with its row.
	KeepSeries func(ctx context.Context, code string) error
	// Knows tells whether a workflow runs for the document.
	Knows func(ctx context.Context, id string) (bool, error)
	// Retention is how long a closed workflow's history is kept; 0: for ever.
	Retention time.Duration
}

// enginePatience is how long a page waits for the engine before it goes on
// without: starting is the relay's work too.
const enginePatience = 3 * time.Second

// start asks the engine for something; a failure is logged, never shown.
func (s *Server) start(r *http.Request, ask func(context.Context, string) error, what string) {
	if ask == nil {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), enginePatience)
	defer cancel()
	if err := ask(ctx, what); err != nil {
		visitOf(r.Context()).log.WarnContext(ctx, "engine not reached, the relay starts it", "what", what, "error", err)
	}
}

func campaignPath(code string) string { return "/campaigns/" + code }

// showCampaigns lists the campaigns that the reader's scope takes part in.
func (s *Server) showCampaigns(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	q := r.URL.Query()
	filter := storage.CampaignFilter{Query: q.Get("q"), Year: q.Get("year"), Page: pageNumber(q)}
	for _, state := range []storage.CampaignState{storage.CampaignOpen, storage.CampaignClosed} {
		if q.Get("state") == string(state) {
			filter.State = state
		}
	}
	lines, err := s.store.Campaigns(r.Context(), actor.Reads(), filter)
	if err != nil {
		return err
	}
	days, now, err := s.reckoning(r)
	if err != nil {
		return err
	}
	page := templates.CampaignsPage{
		Shell: s.shell(r, templates.TitleCampaigns, templates.AtCampaigns), Launch: s.mayLaunch(r, actor),
		Filters: templates.CampaignFilters{
			Query: filter.Query, Years: templates.CampaignYears(filter.Year, yearsAround(now)),
			States: templates.CampaignStates(string(filter.State)), Active: countSet(filter.Year, string(filter.State)),
		},
	}
	if page.Launch {
		if page.Open, err = s.openProposals(r, days, now); err != nil {
			return err
		}
	}
	total := 0
	for _, line := range lines {
		total = line.Total
		page.Rows = append(page.Rows, campaignRow(line, days, now))
	}
	page.Paging = paging(r.URL, filter.Page, len(lines), storage.CampaignPage, total, templates.CampaignNoun)
	filtered := storage.Fold(filter.Query) != "" || page.Filters.Active > 0
	page.Empty = templates.NoCampaigns(filtered, page.Launch)
	return s.show(w, "campaigns/list", page)
}

func campaignRow(line storage.CampaignLine, days calendar.Calendar, now time.Time) templates.CampaignRow {
	path := campaignPath(line.Code)
	all, done := line.Counts.Sum(), closedOf(line.Counts)
	row := templates.CampaignRow{
		URL: path, Name: line.Name, Late: line.Overdue > 0, Done: templates.DoneOf(done, all),
		Facts: templates.CampaignFacts(line.Kind, line.Period, period.Window{From: line.WindowFrom, To: line.WindowTo}),
		Due:   words.Due(line.DueAt, now, days),
		Funnel: templates.StatusFunnel(line.Counts, "", func(status document.Status) string {
			return path + "?status=" + string(status)
		}),
	}
	if done == all {
		row.Due = templates.CampaignDone
	}
	if line.Overdue > 0 {
		row.Flags = append(row.Flags, templates.OverdueCount(line.Overdue))
	}
	return row
}

func closedOf(counts storage.StatusCounts) int {
	return counts[document.IsApproved] + counts[document.IsHandedIn] + counts[document.IsExempt]
}

// reckoning is the calendar and the one clock by which a page reckons.
func (s *Server) reckoning(r *http.Request) (calendar.Calendar, time.Time, error) {
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return days, time.Time{}, err
	}
	now, err := s.store.Now(r.Context())
	return days, now, err
}

func (s *Server) mayLaunch(r *http.Request, actor staff.Actor) bool {
	return officers.permits(s, r, actor) == nil
}

// pageNumber reads the page of a list from its address; what is none is the first.
func pageNumber(q url.Values) int {
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 100_000)
}

// firstYear is when the regime began: no campaign is older.
const firstYear = 2025

func yearsAround(now time.Time) []int {
	var years []int
	for year := calendar.DayOf(now).Year() + 1; year >= firstYear; year-- {
		years = append(years, year)
	}
	return years
}

func countSet(values ...string) int {
	n := 0
	for _, value := range values {
		if value != "" {
			n++
		}
	}
	return n
}

// showUnits offers the units that are not in the campaign's roster yet.
func (s *Server) showUnits(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	page, err := s.unitsPage(r)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/units", page)
}

func (s *Server) unitsPage(r *http.Request) (templates.UnitsPage, error) {
	ctx, code := r.Context(), chi.URLParam(r, "code")
	var page templates.UnitsPage
	c, err := s.store.Campaign(ctx, staff.Scope{All: true}, code)
	if err != nil {
		return page, err
	}
	inRoster, err := s.store.RosterUnits(ctx, code)
	if err != nil {
		return page, err
	}
	units, err := s.store.Units(ctx)
	if err != nil {
		return page, err
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return page, err
	}
	page = templates.UnitsPage{
		Shell: s.shell(r, templates.TitleAddUnits, templates.AtCampaigns), Key: newKey(),
		URL: campaignPath(code) + "/units", Empty: templates.AllInRoster(campaignPath(code)),
		Groups: rosterGroups(without(units, inRoster), chosenUnits(r)),
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: c.Name, URL: campaignPath(code)}, {Label: page.Title},
	}
	if len(page.Groups) > 0 && document.Overdue(c.DueAt, false, now) {
		page.Note = templates.LateUnitsNote(c.DueAt)
	}
	return page, nil
}

// addUnits adds the chosen units to a launched campaign. A unit that a second
// click finds there already is where it should be.
func (s *Server) addUnits(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	code, chosen := chi.URLParam(r, "code"), r.PostForm["unit"]
	if len(chosen) == 0 {
		page, err := s.unitsPage(r)
		if err != nil {
			return err
		}
		page.Errors = rule.Broken("campaign_units_missing", "units")
		return s.showBroken(w, "campaigns/units", page)
	}
	added := 0
	for _, unit := range chosen {
		id, err := s.store.AddCampaignUnit(r.Context(), code, unit, actor.Person)
		if broken, is := asBroken(err); is && broken.Has(storage.UnitInRoster) {
			continue
		}
		if err != nil {
			return err
		}
		added++
		s.start(r, s.engine.StartDocument, id)
	}
	if err := s.flash(r, templates.UnitsAddedFlash(added)); err != nil {
		return err
	}
	return goTo(w, r, campaignPath(code))
}

func chosenUnits(r *http.Request) map[string]bool {
	return setOf(r.PostForm["unit"])
}

func setOf(codes []string) map[string]bool {
	set := map[string]bool{}
	for _, code := range codes {
		set[code] = true
	}
	return set
}

func without(units []staff.Unit, codes []string) []staff.Unit {
	out := map[string]bool{}
	for _, code := range codes {
		out[code] = true
	}
	var left []staff.Unit
	for _, unit := range units {
		if !out[unit.Code] {
			left = append(left, unit)
		}
	}
	return left
}

// rosterGroups lays units out by kind, in the order of choices.
func rosterGroups(units []staff.Unit, chosen map[string]bool) []templates.RosterGroup {
	var groups []templates.RosterGroup
	for _, kind := range words.UnitGroups {
		group := templates.RosterGroup{Name: words.UnitGroup(kind)}
		for _, unit := range units {
			if unit.Group != kind {
				continue
			}
			group.Units = append(group.Units, templates.RosterUnit{Code: unit.Code, Name: unit.Name, Checked: chosen[unit.Code]})
			if chosen[unit.Code] {
				group.Chosen++
			}
		}
		if len(group.Units) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}
