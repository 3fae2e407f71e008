package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// What was typed into a field is no value of its kind.
const (
	wholeBad  rule.Code = "form_whole"
	clockBad  rule.Code = "form_clock"
	choiceBad rule.Code = "form_choice"
)

const (
	maxGuidance = 300
	// spareRungs are the empty rows under the ladder, for steps to be added.
	spareRungs = 3
)

// launchDesk is what a launch is laid down over: read once for a page.
type launchDesk struct {
	authority string // code of the authority's unit
	now       time.Time
	days      calendar.Calendar
	rules     period.Rules
	forms     []storage.PublishedForm
	units     []staff.Unit
	launched  []storage.LaunchedCampaign
	ladders   reminder.Ladders
}

func (s *Server) launchDesk(r *http.Request) (launchDesk, error) {
	d := launchDesk{authority: s.store.Authority()}
	var err error
	ctx := r.Context()
	if d.days, d.now, err = s.reckoning(r); err != nil {
		return d, err
	}
	if d.rules, err = s.store.PeriodRules(ctx); err != nil {
		return d, err
	}
	if d.forms, err = s.store.PublishedForms(ctx); err != nil {
		return d, err
	}
	if d.units, err = s.store.Units(ctx); err != nil {
		return d, err
	}
	if d.launched, err = s.store.LaunchedCampaigns(ctx); err != nil {
		return d, err
	}
	d.ladders, err = s.store.Ladders(ctx)
	return d, err
}

// taken tells whether the form's period has a campaign.
func (d launchDesk) taken(form string) func(period string) bool {
	return func(code string) bool { return d.campaignOf(form, code) != "" }
}

func (d launchDesk) campaignOf(form, period string) string {
	for _, one := range d.launched {
		if one.Form == form && one.Period == period {
			return one.Code
		}
	}
	return ""
}

func (d launchDesk) codeTaken(code string) bool {
	return slices.ContainsFunc(d.launched, func(one storage.LaunchedCampaign) bool { return one.Code == code })
}

// showLaunch is the form, filled in for the chosen form and period. The kind of
// document is the form's.
func (s *Server) showLaunch(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Has("proposal") {
		return s.showProposedLaunch(w, r, d)
	}
	draft, why := d.suggested(r.URL.Query())
	everyone := map[string]bool{}
	for _, unit := range d.units {
		everyone[unit.Code] = true
	}
	return s.show(w, "campaigns/launch", s.launchPage(r, d, draft, why, everyone))
}

// showProposedLaunch is the form filled in as a series proposes it.
func (s *Server) showProposedLaunch(w http.ResponseWriter, r *http.Request, d launchDesk) error {
	id, err := strconv.ParseInt(r.URL.Query().Get("proposal"), 10, 64)
	if err != nil {
		return storage.ErrNotFound
	}
	proposed, err := s.store.Proposal(r.Context(), id)
	if err != nil {
		return err
	}
	if proposed.State != storage.ProposalOpen {
		return goTo(w, r, proposalPath(id)) // it says what became of it
	}
	series, err := s.store.Series(r.Context(), proposed.Series)
	if err != nil {
		return err
	}
	draft, why := d.suggested(url.Values{"form": {formValue(d.newestOf(proposed.Form))}, "period": {proposed.Period}})
	draft.Name, draft.Proposal = proposed.Name(), strconv.FormatInt(id, 10)
	roster := map[string]bool{}
	for _, code := range series.Roster(d.units) {
		roster[code] = true
	}
	return s.show(w, "campaigns/launch", s.launchPage(r, d, draft, why, roster))
}

// suggested is the draft that law, calendar and what was launched before suggest.
func (d launchDesk) suggested(q url.Values) (templates.LaunchDraft, *templates.Why) {
	chosen := d.form(q.Get("form"))
	if kind := chosen.Kind(); kind == document.Plan || kind == document.Index {
		return d.suggestedYear(chosen, q)
	}
	kind := chosen.Kind()
	p, err := period.Parse(q.Get("period"))
	r, known := d.rules.For(p)
	if err != nil || !known {
		p = campaign.NextPeriod(d.usualKind(chosen.Form), d.now, d.taken(chosen.Form), d.rules, d.days)
		r, _ = d.rules.For(p)
	}
	window := r.Window(p)
	due, steps := r.Suggest(p, window, d.days)
	draft := templates.LaunchDraft{
		Form: formValue(chosen), Period: p.Code(),
		Code: campaign.SuggestCode(kind, p, d.codeTaken), Name: templates.CampaignName(kind, p),
		WindowFrom: words.Date(window.From), WindowTo: words.Date(window.To),
		DueDay: words.Date(due.Day), Inclusive: due.Inclusive, Cutoff: clockText(due.Cutoff), Shift: string(due.Shift),
		ConfirmDays: strconv.Itoa(campaign.DefaultConfirmDays), ResubmDays: strconv.Itoa(campaign.DefaultResubmitDays), Rungs: rungRows(d.ladders.Of(reminder.Report), nil),
	}
	return draft, &templates.Why{
		Steps: words.Explain(steps), Days: templates.DueDays(window, due.LastDay(d.days), d.days),
	}
}

// suggestedYear is the draft of a campaign that asks for the plans or the
// self-assessments of a year. It has no data window: its window is the year.
func (d launchDesk) suggestedYear(chosen storage.PublishedForm, q url.Values) (templates.LaunchDraft, *templates.Why) {
	today := calendar.DayOf(d.now)
	year, err := period.Parse(q.Get("period"))
	if err != nil || year.Kind != period.Year {
		year = campaign.NextPlanYear(today, d.taken(chosen.Form))
		if chosen.Index {
			year = campaign.NextIndexYear(today, d.taken(chosen.Form))
		}
	}
	kind := chosen.Kind()
	window, due, steps := campaign.SuggestPlan(year, today, d.days)
	draft := templates.LaunchDraft{
		Form: formValue(chosen), Plan: chosen.Plan, Index: chosen.Index, Period: year.Code(),
		Code: campaign.SuggestCode(kind, year, d.codeTaken), Name: templates.CampaignName(kind, year),
		WindowFrom: words.Date(window.From), WindowTo: words.Date(window.To),
		DueDay: words.Date(due.Day), Inclusive: due.Inclusive, Cutoff: clockText(due.Cutoff), Shift: string(due.Shift),
		ConfirmDays: strconv.Itoa(campaign.DefaultConfirmDays), ResubmDays: strconv.Itoa(campaign.DefaultResubmitDays), Rungs: rungRows(d.ladders.Of(reminder.Report), nil),
	}
	return draft, &templates.Why{
		Steps: words.Explain(steps), Days: templates.DueDays(window, due.LastDay(d.days), d.days),
	}
}

// usualKind is the kind of period that the form was launched for last; a form
// never launched is a quarter's.
func (d launchDesk) usualKind(form string) period.Kind {
	for _, one := range d.launched {
		if p, err := period.Parse(one.Period); err == nil && one.Form == form {
			return p.Kind
		}
	}
	return period.Quarter
}

// form is the form version by its value in the choice, else the first.
func (d launchDesk) form(value string) storage.PublishedForm {
	for _, one := range d.forms {
		if formValue(one) == value {
			return one
		}
	}
	if len(d.forms) > 0 {
		return d.forms[0]
	}
	return storage.PublishedForm{}
}

func formValue(f storage.PublishedForm) string { return fmt.Sprintf("%s.%d", f.Form, f.Version) }

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func (s *Server) launchPage(r *http.Request, d launchDesk, draft templates.LaunchDraft, why *templates.Why, chosen map[string]bool) templates.LaunchPage {
	page := templates.LaunchPage{
		Shell: s.shell(r, templates.TitleLaunch, templates.AtCampaigns), Key: newKey(), Draft: draft, Why: why,
		Shifts:  templates.ShiftOptions(draft.Shift),
		Periods: templates.PeriodOptions(d.periods(draft), draft.Period), Groups: rosterGroups(d.units, chosen),
	}
	if draft.Index {
		page.Rounds = roundFields(appraisal.DefaultSchedule(nil))
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: page.Title}}
	if id := proposalID(draft.Proposal); id != 0 {
		page.Proposed = templates.ProposalNote(proposalPath(id))
	}
	for _, one := range d.forms {
		page.Forms = append(page.Forms, templates.FormOption(formValue(one), one.Title, one.Version, draft.Form))
	}
	return page
}

// periods are the choices; one that was asked for by its address is among them.
func (d launchDesk) periods(draft templates.LaunchDraft) []period.Period {
	today := calendar.DayOf(d.now)
	periods := campaign.Periods(today)
	switch {
	case draft.Plan:
		periods = campaign.PlanYears(today)
	case draft.Index:
		periods = campaign.IndexYears(today)
	}
	p, err := period.Parse(draft.Period)
	if err == nil && !slices.Contains(periods, p) {
		periods = append([]period.Period{p}, periods...)
	}
	return periods
}

// checkLaunch takes the form: back for changes, or to the summary when all is in
// order.
func (s *Server) checkLaunch(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	plan, broken := readPlan(r.PostForm, d)
	if r.PostForm.Get("do") == "edit" {
		return s.launchAgain(w, r, d, plan, nil)
	}
	broken = append(broken, validated(plan, d, broken)...)
	if d.codeTaken(plan.Code) {
		broken.Add(storage.CampaignCodeTaken, "code")
	}
	if len(broken) > 0 {
		return s.launchAgain(w, r, d, plan, broken)
	}
	chosen := d.form(r.PostForm.Get("form"))
	page, err := s.launchReview(r, d, plan, templates.FormOption("", chosen.Title, chosen.Version, "-").Label)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/review", page)
}

// validated is what the rules say of the plan, without fields that could not even
// be read: those have been told of.
func validated(plan campaign.Plan, d launchDesk, unread rule.Errors) rule.Errors {
	var broken rule.Errors
	for _, one := range plan.Validate(d.days, d.now) {
		if !slices.ContainsFunc(unread, func(u rule.Error) bool { return u.Field == one.Field }) {
			broken = append(broken, one)
		}
	}
	return broken
}

// launchAgain shows the form as it was typed.
func (s *Server) launchAgain(w http.ResponseWriter, r *http.Request, d launchDesk, plan campaign.Plan, broken rule.Errors) error {
	_, why := d.suggested(r.PostForm) // form and period are the chosen ones
	page := s.launchPage(r, d, typedDraft(r.PostForm, plan, broken), why, chosenUnits(r))
	page.Errors = broken
	typedRounds(page.Rounds, r.PostForm)
	if key := r.PostForm.Get("key"); uuid.Validate(key) == nil {
		page.Key = key
	}
	if broken == nil {
		return s.show(w, "campaigns/launch", page)
	}
	return s.showBroken(w, "campaigns/launch", page)
}

// launchCampaign opens the campaign. The key makes a double click one campaign.
func (s *Server) launchCampaign(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key"); err != nil {
		return err
	}
	key, err := uuid.Parse(r.PostForm.Get("key"))
	if err != nil {
		return badForm(err)
	}
	d, err := s.launchDesk(r)
	if err != nil {
		return err
	}
	plan, unread := readPlan(r.PostForm, d)
	if len(unread) > 0 {
		return s.launchAgain(w, r, d, plan, append(unread, validated(plan, d, unread)...))
	}
	return s.openCampaign(w, r, key, actor, plan, func(broken rule.Errors) error { return s.launchAgain(w, r, d, plan, broken) })
}

// openCampaign launches a campaign of any kind and goes to its board, or shows the form
// again with what speaks against it.
func (s *Server) openCampaign(w http.ResponseWriter, r *http.Request, key uuid.UUID, actor staff.Actor, plan campaign.Plan, again func(rule.Errors) error) error {
	code, err := s.store.LaunchCampaign(r.Context(), key, actor.Person, plan)
	if broken, is := asBroken(err); is {
		return again(broken)
	}
	if err != nil {
		return err
	}
	s.start(r, s.engine.LaunchCampaign, code)
	if err := s.flash(r, templates.LaunchedFlash(len(plan.Units))); err != nil {
		return err
	}
	return goTo(w, r, campaignPath(code))
}

// asBroken tells broken rules from failures.
func asBroken(err error) (rule.Errors, bool) {
	var broken rule.Errors
	is := errors.As(err, &broken)
	return broken, is
}

// launchReview is the summary: what will happen, to whom, and who is missing.
func (s *Server) launchReview(r *http.Request, d launchDesk, plan campaign.Plan, form string) (templates.LaunchReviewPage, error) {
	held, err := s.store.Staffing(r.Context())
	if err != nil {
		return templates.LaunchReviewPage{}, err
	}
	simulated := plan.Simulate(held, s.store.Authority(), d.days, d.now)
	page := templates.LaunchReviewPage{
		Shell: s.shell(r, templates.TitleReview, templates.AtCampaigns), Key: r.PostForm.Get("key"),
		Hidden: hiddenFields(r.PostForm), Due: dueLine(plan.Due, plan.Window, plan.Due.LastInstant(d.days), d.now, d.days),
		Facts: templates.LaunchFacts(plan, form), PostURL: "/campaigns", EditURL: "/campaigns/new",
		Units: len(plan.Units), Sends: templates.SendRows(simulated), Summary: templates.SimulationSummary(simulated),
		Ahead: templates.SimulationAhead(simulated), Button: templates.LaunchButton(len(plan.Units)),
	}
	if uuid.Validate(page.Key) != nil {
		page.Key = newKey()
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: page.Title}}
	for _, group := range rosterGroups(d.units, setOf(plan.Units)) {
		page.Groups = append(page.Groups, templates.GroupCount{Name: group.Name, Chosen: group.Chosen, All: len(group.Units)})
	}
	if other := d.campaignOf(plan.Form, plan.Period); other != "" {
		page.Notes = append(page.Notes, templates.SamePeriodNote(other))
	}
	page.Unstaffed, page.Unmanned = unstaffed(simulated, d.units)
	if page.Unmanned > 0 {
		page.Notes = append(page.Notes, templates.UnstaffedNote(page.Unmanned))
	}
	return page, nil
}

// unstaffed names the desks that nobody holds, and counts their units.
func unstaffed(simulated campaign.Simulation, units []staff.Unit) (desks []string, unmanned int) {
	names, seen := map[string]string{}, map[string]bool{}
	for _, unit := range units {
		names[unit.Code] = unit.Name
	}
	for _, desk := range simulated.Unstaffed {
		desks = append(desks, templates.UnstaffedDesk(desk.Role, names[desk.Unit]))
		seen[desk.Unit] = true
	}
	return desks, len(seen)
}

// hiddenFields carries the whole form to its last button, in a stable order.
func hiddenFields(f url.Values) []templates.HiddenField {
	var names []string
	for name := range f {
		if name != "key" && name != "do" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var fields []templates.HiddenField
	for _, name := range names {
		for _, value := range f[name] {
			fields = append(fields, templates.HiddenField{Name: name, Value: value})
		}
	}
	return fields
}

// dueLine is a campaign's due with the reasons for it.
func dueLine(due period.Due, window period.Window, last, now time.Time, days calendar.Calendar) templates.DueLine {
	explanation := due.Explain(days)
	line := templates.DueLine{
		Sentence: words.Due(last, now, days),
		Why: &templates.Why{
			Steps: words.Explain(explanation.Steps), Days: templates.DueDays(window, explanation.LastDay, days),
		},
	}
	if !due.Inclusive {
		line.Sentence = words.DueBefore(explanation.EffectiveDay, last, now, days)
	}
	return line
}
