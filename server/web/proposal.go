package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

func proposalPath(id int64) string { return "/proposals/" + strconv.FormatInt(id, 10) }

// proposal reads the one of the address.
func (s *Server) proposal(r *http.Request) (storage.Proposal, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "proposal"), 10, 64)
	if err != nil {
		return storage.Proposal{}, storage.ErrNotFound
	}
	return s.store.Proposal(r.Context(), id)
}

// showProposal is what a series asks to be launched, and what that would mean now.
func (s *Server) showProposal(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	one, err := s.proposal(r)
	if err != nil {
		return err
	}
	page, err := s.proposalPage(r, one)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/proposal", page)
}

func (s *Server) proposalPage(r *http.Request, one storage.Proposal) (templates.ProposalPage, error) {
	page := templates.ProposalPage{
		Shell: s.shell(r, one.Name(), templates.AtCampaigns), Key: newKey(), URL: proposalPath(one.ID),
		Facts: templates.ProposalPairs(one.SeriesName, seriesPath+"#"+seriesAnchor+one.Series, period.Window{From: one.WindowFrom, To: one.WindowTo},
			words.Instant(one.DueAt), one.ProposedAt),
	}
	page.Crumbs = seriesCrumbs(page.Title)
	switch one.State {
	case storage.ProposalLaunched:
		page.Campaign, page.Decided = campaignPath(one.Campaign), templates.LaunchedProposal(one.DecidedBy, *one.DecidedAt)
		return page, nil
	case storage.ProposalDismissed:
		page.Decided = templates.DismissedProposal(one.DecidedBy, *one.DecidedAt, one.Reason)
		return page, nil
	}
	page.LaunchURL = withQuery("/campaigns/new", url.Values{"proposal": {strconv.FormatInt(one.ID, 10)}})
	return page, s.dryRun(r, one, &page)
}

// dryRun tells what launching the proposal would send now, to whom, and why it is
// due when it is.
func (s *Server) dryRun(r *http.Request, one storage.Proposal, page *templates.ProposalPage) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	held, err := s.store.Staffing(r.Context())
	if err != nil {
		return err
	}
	series, err := s.store.Series(r.Context(), one.Series)
	if err != nil {
		return err
	}
	p, err := period.Parse(one.Period)
	if err != nil {
		return err
	}
	coming, known := series.At(p, one.ProposedAt, d.rules, d.days)
	if !known {
		return nil
	}
	simulated := series.Plan(coming, 0, d.units, d.ladders.Of(reminder.Report), d.ladders.Of(reminder.Confirm)).Simulate(held, s.store.Authority(), d.days, d.now)
	page.Simulation = templates.ProposalDry(simulated.Units, simulated.Reached, simulated.UntilDue)
	page.Unstaffed, page.Unmanned = unstaffed(simulated, d.units)
	page.Why = &templates.Why{Steps: words.Explain(coming.Why), Days: templates.DueDays(coming.Window, coming.Due.LastDay(d.days), d.days)}
	return nil
}

// dismissProposal notes that the campaign will not be launched. A second click
// finds it dismissed.
func (s *Server) dismissProposal(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key"); err != nil {
		return err
	}
	one, err := s.proposal(r)
	if err != nil {
		return err
	}
	err = s.store.DismissProposal(r.Context(), one.ID, actor.Person, r.PostForm.Get("reason"))
	broken, is := asBroken(err)
	if is && broken.Has(campaign.ProposalDecided) {
		return goTo(w, r, proposalPath(one.ID)) // it says by whom
	}
	if is {
		return s.proposalAgain(w, r, one, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.DismissedFlash(one.Name())); err != nil {
		return err
	}
	return goTo(w, r, seriesPath)
}

func (s *Server) proposalAgain(w http.ResponseWriter, r *http.Request, one storage.Proposal, broken rule.Errors) error {
	page, err := s.proposalPage(r, one)
	if err != nil {
		return err
	}
	page.Errors, page.Reason = broken, r.PostForm.Get("reason")
	return s.showBroken(w, "campaigns/proposal", page)
}
