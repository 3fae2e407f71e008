package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	seriesPath   = "/series"
	seriesAnchor = "series-" // begins the anchor of a series on the page of all
	seriesComing = 12        // campaigns to come that are shown of each series
	usualLead    = 10        // days before the window's end
)

// showSeries lists the campaigns that come back each period, the next twelve of
// each, and those that are to be launched now.
func (s *Server) showSeries(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	all, err := s.store.AllSeries(r.Context())
	if err != nil {
		return err
	}
	proposed, err := s.store.Proposals(r.Context(), calendar.DayOf(d.now).Year())
	if err != nil {
		return err
	}
	page := templates.SeriesPage{Shell: s.shell(r, templates.TitleSeries, templates.AtCampaigns), Empty: templates.NoSeries()}
	page.Crumbs = seriesCrumbs()
	page.Crumbs[len(page.Crumbs)-1].URL = ""
	if page.Open, err = s.openProposals(r, d.days, d.now); err != nil {
		return err
	}
	for _, one := range all {
		if one.EndedAt != nil {
			page.Ended = append(page.Ended, templates.EndedSeries{
				ID: seriesAnchor + one.Code, Name: one.Name, About: templates.EndedAbout(one.EndedBy, *one.EndedAt), Reason: one.EndReason,
			})
			continue
		}
		page.List = append(page.List, d.seriesCard(one, proposed))
	}
	return s.show(w, "campaigns/series", page)
}

// openProposals are the campaigns that are to be launched now.
func (s *Server) openProposals(r *http.Request, days calendar.Calendar, now time.Time) ([]templates.ProposalRow, error) {
	open, err := s.store.OpenProposals(r.Context())
	if err != nil {
		return nil, err
	}
	rows := make([]templates.ProposalRow, len(open))
	for i, one := range open {
		rows[i] = templates.ProposalRow{
			URL: proposalPath(one.ID), Name: one.Name(), Due: words.Due(one.DueAt, now, days), Late: !one.DueAt.After(now),
			Facts: templates.ProposalFacts(period.Window{From: one.WindowFrom, To: one.WindowTo}, one.Units, one.Unmanned),
		}
	}
	return rows, nil
}

func (d launchDesk) seriesCard(one storage.SeriesRow, proposed []storage.Proposal) templates.SeriesCard {
	chosen := d.newestOf(one.Form)
	card := templates.SeriesCard{
		ID: seriesAnchor + one.Code, Name: one.Name, EditURL: seriesPath + "/" + one.Code, State: templates.SeriesChip(one.Active),
		Facts:  templates.SeriesFacts(one.Period, chosen.Title, len(one.Roster(d.units)), one.LeadDays, one.Plans),
		Edited: templates.SeriesEdited(one.EditedBy, one.EditedAt),
	}
	if chosen.Form == "" {
		card.Facts = templates.SeriesFacts(one.Period, one.Form, len(one.Roster(d.units)), one.LeadDays, one.Plans)
		card.Problem = templates.FormGone()
	}
	if !one.Active {
		return card
	}
	for _, coming := range one.Next(seriesComing, d.now, d.rules, d.days) {
		row := templates.ComingOf(coming.Period, coming.Window, coming.Due, words.InstantShort(coming.Due.LastInstant(d.days)), coming.Why)
		row.Propose = words.Moment(coming.ProposeAt)
		card.Coming = append(card.Coming, d.stateOf(row, one, coming, proposed))
	}
	return card
}

// stateOf tells how a period to come stands, and where to go from there.
func (d launchDesk) stateOf(row templates.ComingRow, one storage.SeriesRow, coming campaign.Coming, proposed []storage.Proposal) templates.ComingRow {
	code := coming.Period.Code()
	at := slices.IndexFunc(proposed, func(p storage.Proposal) bool { return p.Series == one.Code && p.Period == code })
	launched := d.campaignOf(one.Form, code)
	switch {
	case launched != "":
		row.State, row.URL, row.Label = templates.ComingChip(templates.ComingLaunched), campaignPath(launched), templates.LinkCampaign
	case at >= 0 && proposed[at].State == storage.ProposalDismissed:
		row.State, row.URL, row.Label = templates.ComingChip(templates.ComingDismissed), proposalPath(proposed[at].ID), templates.LinkProposal
	case at >= 0:
		row.State, row.URL, row.Label = templates.ComingChip(templates.ComingProposed), proposalPath(proposed[at].ID), templates.LinkProposal
	default:
		row.State, row.Label = templates.ComingChip(templates.ComingLater), templates.LinkLaunch
		row.URL = withQuery("/campaigns/new", map[string][]string{"form": {formValue(d.newestOf(one.Form))}, "period": {code}})
	}
	return row
}

// newestOf is the newest version of the form that is offered. The zero value when
// none is.
func (d launchDesk) newestOf(form string) storage.PublishedForm {
	for _, one := range d.forms {
		if one.Form == form {
			return one
		}
	}
	return storage.PublishedForm{}
}

// showNewSeries is the form of a series, empty.
func (s *Server) showNewSeries(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	everyone := make([]string, len(d.units))
	for i, unit := range d.units {
		everyone[i] = unit.Code
	}
	fresh := storage.SeriesRow{Series: campaign.Series{Period: period.Month, LeadDays: usualLead, Active: true}}
	fresh.Choose(everyone, d.units)
	return s.show(w, "campaigns/series-form", s.seriesForm(r, d, fresh, strconv.Itoa(usualLead)))
}

// showOneSeries is the form of a series as it stands.
func (s *Server) showOneSeries(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	one, err := s.store.Series(r.Context(), chi.URLParam(r, "series"))
	if err != nil {
		return err
	}
	if one.EndedAt != nil {
		return goTo(w, r, seriesPath+"#"+seriesAnchor+one.Code) // it says why
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	page := s.seriesForm(r, d, one, strconv.Itoa(one.LeadDays))
	if page.End, err = s.seriesEnd(r, one.Code); err != nil {
		return err
	}
	return s.show(w, "campaigns/series-form", page)
}

// seriesEnd is how the series may go.
func (s *Server) seriesEnd(r *http.Request, code string) (*templates.SeriesEnd, error) {
	proposed, err := s.store.SeriesHasProposed(r.Context(), code)
	if err != nil {
		return nil, err
	}
	if !proposed {
		return &templates.SeriesEnd{URL: seriesPath + "/" + code + "/delete", Delete: true}, nil
	}
	end := &templates.SeriesEnd{URL: seriesPath + "/" + code + "/end"}
	open, err := s.store.OpenProposals(r.Context())
	for _, one := range open {
		if one.Series == code {
			end.Open++
		}
	}
	return end, err
}

// endSeries has the series propose nothing any more; its schedule goes with the next
// turn of the worker, and starts nothing until then.
func (s *Server) endSeries(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "version"); err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return errBadForm
	}
	one, err := s.store.Series(r.Context(), chi.URLParam(r, "series"))
	if err != nil {
		return err
	}
	err = s.store.EndSeries(r.Context(), one.Code, version, actor.Person, r.PostForm.Get("reason"))
	if broken, is := asBroken(err); is {
		return s.seriesAgain(w, r, one, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.SeriesEndedFlash(one.Name)); err != nil {
		return err
	}
	return goTo(w, r, seriesPath)
}

// deleteSeries takes a series away that has proposed nothing.
func (s *Server) deleteSeries(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	one, err := s.store.Series(r.Context(), chi.URLParam(r, "series"))
	if errors.Is(err, storage.ErrNotFound) {
		return goTo(w, r, seriesPath) // a second click
	}
	if err != nil {
		return err
	}
	err = s.store.DeleteSeries(r.Context(), one.Code)
	if broken, is := asBroken(err); is {
		return s.seriesAgain(w, r, one, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.SeriesDeletedFlash(one.Name)); err != nil {
		return err
	}
	return goTo(w, r, seriesPath)
}

// seriesAgain is the series as it stands, with what is wrong with its end.
func (s *Server) seriesAgain(w http.ResponseWriter, r *http.Request, one storage.SeriesRow, broken rule.Errors) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	page := s.seriesForm(r, d, one, strconv.Itoa(one.LeadDays))
	if page.End, err = s.seriesEnd(r, one.Code); err != nil {
		return err
	}
	page.End.Shown, page.End.Reason, page.Errors = true, r.PostFormValue("reason"), broken
	return s.showBroken(w, "campaigns/series-form", page)
}

func (s *Server) seriesForm(r *http.Request, d launchDesk, one storage.SeriesRow, lead string) templates.SeriesFormPage {
	page := templates.SeriesFormPage{
		Shell: s.shell(r, templates.TitleNewSeries, templates.AtCampaigns), Key: newKey(), URL: seriesPath + "/new", Version: one.Version,
		Draft: templates.SeriesDraft{Code: one.Code, Name: one.Name, LeadDays: lead, Active: one.Active},
		Kinds: templates.PeriodKindOptions(one.Period),
	}
	if one.Version > 0 {
		page.Title, page.URL = one.Name, seriesPath+"/"+one.Code
	}
	page.Crumbs = seriesCrumbs(page.Title)
	listed := map[string]bool{}
	for _, f := range d.forms {
		if !listed[f.Form] && !f.Index { // a year is assessed once, after a decision of its own
			listed[f.Form] = true
			page.Forms = append(page.Forms, templates.Option{Value: f.Form, Label: f.Title, Selected: f.Form == one.Form})
		}
	}
	chosen := map[string]bool{}
	for _, code := range one.Roster(d.units) {
		chosen[code] = true
	}
	page.Groups = rosterGroups(d.units, chosen)
	return page
}

// addSeries and changeSeries write the row first; the schedule follows, at once
// when the engine answers, else by the worker's own loop.
func (s *Server) addSeries(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.saveSeries(w, r, func(key uuid.UUID, typed storage.SeriesRow) error {
		return s.store.AddSeries(r.Context(), key, actor.Person, typed.Series)
	})
}

func (s *Server) changeSeries(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.saveSeries(w, r, func(_ uuid.UUID, typed storage.SeriesRow) error {
		if _, err := s.store.Series(r.Context(), typed.Code); err != nil {
			return err
		}
		return s.store.ChangeSeries(r.Context(), actor.Person, typed.Version, typed.Series)
	})
}

func (s *Server) saveSeries(w http.ResponseWriter, r *http.Request, save func(uuid.UUID, storage.SeriesRow) error) error {
	if err := parseForm(r, "key", "version"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	typed, broken := readSeries(r, d)
	if len(broken) == 0 {
		err = save(key, typed)
		if err == nil {
			s.start(r, s.engine.KeepSeries, typed.Code)
			if err := s.flash(r, templates.SeriesSavedFlash(typed.Name)); err != nil {
				return err
			}
			return goTo(w, r, seriesPath)
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page := s.seriesForm(r, d, typed, r.PostForm.Get("lead_days"))
	if typed.Version > 0 {
		if page.End, err = s.seriesEnd(r, typed.Code); err != nil {
			return err
		}
	}
	page.Key, page.Errors = key.String(), broken
	return s.showBroken(w, "campaigns/series-form", page)
}

// readSeries reads the form. The code of a series that exists is its address's.
func readSeries(r *http.Request, d launchDesk) (storage.SeriesRow, rule.Errors) {
	var unread rule.Errors
	f := r.PostForm
	version, err := strconv.Atoi(f.Get("version"))
	if err != nil {
		version = 0
	}
	lead, err := strconv.Atoi(strings.TrimSpace(f.Get("lead_days")))
	if err != nil {
		unread.Add(wholeBad, "lead_days")
	}
	chosen := d.newestOf(f.Get("form"))
	typed := storage.SeriesRow{Version: version, Series: campaign.Series{
		Code: strings.TrimSpace(f.Get("code")), Name: strings.Join(strings.Fields(f.Get("name")), " "),
		Form: chosen.Form, Plans: chosen.Plan, Period: period.Kind(f.Get("period_kind")), LeadDays: lead, Active: f.Get("active") != "",
	}}
	if code := chi.URLParam(r, "series"); code != "" {
		typed.Code = code
	}
	typed.Choose(f["unit"], d.units)
	return typed, append(unread, withoutFields(typed.Validate(d.units), unread)...)
}
