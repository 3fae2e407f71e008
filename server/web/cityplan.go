package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

func cityPlanPath(code string) string { return campaignPath(code) + "/city-plan" }

// showCityPlan offers to name the authority's plan of a launched campaign the city's
// own, or to take the name away.
func (s *Server) showCityPlan(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	page, err := s.cityPlanPage(r)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/city-plan", page)
}

func (s *Server) cityPlanPage(r *http.Request) (templates.CityPlanPage, error) {
	var page templates.CityPlanPage
	c, err := s.store.Campaign(r.Context(), staff.Scope{All: true}, chi.URLParam(r, "code"))
	if err != nil {
		return page, err
	}
	if c.Kind != document.Plan {
		return page, storage.ErrNotFound
	}
	page = templates.CityPlanPage{
		Shell: s.shell(r, templates.TitleCityPlan, templates.AtCampaigns), URL: cityPlanPath(c.Code), Back: campaignPath(c.Code),
		Campaign: c.Name, Named: c.CityUnit != "", Units: campaignPath(c.Code) + "/units",
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: c.Name, URL: campaignPath(c.Code)}, {Label: page.Title},
	}
	if page.Named {
		unit, err := s.store.Unit(r.Context(), c.CityUnit)
		if err != nil {
			return page, err
		}
		page.Unit, page.Plan = unit.Name, "/documents/"+c.Code+"-"+c.CityUnit
	}
	return page, nil
}

// nameCityPlan names it or takes the name away; what stands already is done.
func (s *Server) nameCityPlan(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	code := chi.URLParam(r, "code")
	change := storage.CityPlanNamed{
		Campaign: code, Reason: r.PostForm.Get("reason"),
		By: s.by(r, actor),
	}
	if r.PostForm.Get("do") == "name" {
		change.Unit = s.store.Authority()
	}
	err := s.store.NameCityPlan(r.Context(), change)
	if broken := brokenIn(err); broken != nil {
		return s.cityPlanRefused(w, r, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.CityPlanFlash(change.Unit != "")); err != nil {
		return err
	}
	return goTo(w, r, campaignPath(code))
}

func (s *Server) cityPlanRefused(w http.ResponseWriter, r *http.Request, broken rule.Errors) error {
	page, err := s.cityPlanPage(r)
	if err != nil {
		return err
	}
	page.Errors, page.Reason = broken, r.PostForm.Get("reason")
	return s.showBroken(w, "campaigns/city-plan", page)
}
