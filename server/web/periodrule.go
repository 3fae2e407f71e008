package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const rulesPath = "/period-rules"

// ruleExamples is how many periods the page of a rule shows by it.
const ruleExamples = 4

// showRules lists the rules of every kind, what holds now first.
func (s *Server) showRules(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	history, err := s.store.PeriodRuleHistory(r.Context())
	if err != nil {
		return err
	}
	days, now, err := s.reckoning(r)
	if err != nil {
		return err
	}
	page := templates.RulesPage{Shell: s.shell(r, templates.TitleRules, templates.AtCampaigns)}
	page.Crumbs = seriesCrumbs(page.Title)
	for _, kind := range period.Kinds {
		page.Kinds = append(page.Kinds, ruleKind(kind, history, days, now))
	}
	return s.show(w, "campaigns/rules", page)
}

func seriesCrumbs(titles ...string) []templates.Crumb {
	crumbs := []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: templates.TitleSeries, URL: seriesPath}}
	for _, title := range titles {
		crumbs = append(crumbs, templates.Crumb{Label: title})
	}
	return crumbs
}

// ruleKind lays out the rules of one kind: in force for the present period,
// to come for a later one, or replaced.
func ruleKind(kind period.Kind, history []storage.PeriodRule, days calendar.Calendar, now time.Time) templates.RuleKind {
	view := templates.RuleKind{Name: words.PeriodKind(kind), EditURL: rulesPath + "/" + string(kind)}
	rules := rulesOf(history)
	present := period.Of(kind, calendar.DayOf(now))
	current, _ := rules.For(present)
	var coming []templates.RuleView
	for _, one := range history {
		if one.Kind != kind {
			continue
		}
		edited := templates.RuleEdited(one.EditedBy, one.EditedAt)
		switch first, holds := firstPeriod(one.Rule, rules, present); {
		case one.ID == current.ID:
			row := templates.RuleOf(one.Rule, templates.RuleInForce, edited, one.Reason)
			row.Example = example(one.Rule, present, days)
			view.Rules = append(view.Rules, row)
		case holds:
			row := templates.RuleOf(one.Rule, templates.RuleComing, edited, one.Reason)
			row.Example = example(one.Rule, first, days)
			coming = append(coming, row)
		default:
			view.Past = append(view.Past, templates.RuleOf(one.Rule, templates.RuleReplaced, edited, one.Reason))
		}
	}
	view.Rules = append(view.Rules, coming...)
	return view
}

func rulesOf(history []storage.PeriodRule) period.Rules {
	rules := make(period.Rules, len(history))
	for i, one := range history {
		rules[i] = one.Rule
	}
	return rules
}

// firstPeriod is the first period after the present one for which the rule holds;
// false when there is none.
func firstPeriod(r period.Rule, rules period.Rules, present period.Period) (period.Period, bool) {
	if r.ValidFrom <= present.From() {
		return present, false
	}
	p := period.Of(r.Kind, r.ValidFrom)
	if p.From() < r.ValidFrom {
		p = p.Next()
	}
	holds, _ := rules.For(p)
	return p, holds.ID == r.ID
}

func example(r period.Rule, p period.Period, days calendar.Calendar) string {
	window := r.Window(p)
	due, _ := r.Suggest(p, window, days)
	return templates.RuleExample(p, window, due)
}

// newestRule is the last edit of the kind of the address: what a new one replaces.
func (s *Server) newestRule(r *http.Request) (storage.PeriodRule, error) {
	kind := period.Kind(chi.URLParam(r, "kind"))
	history, err := s.store.PeriodRuleHistory(r.Context())
	if err != nil {
		return storage.PeriodRule{}, err
	}
	at := slices.IndexFunc(history, func(one storage.PeriodRule) bool { return one.Kind == kind })
	if at < 0 {
		return storage.PeriodRule{}, storage.ErrNotFound
	}
	return history[at], nil
}

// showRule is the form of a new rule, filled in from the newest one.
func (s *Server) showRule(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	newest, err := s.newestRule(r)
	if err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	draft := ruleDraft(newest.Rule)
	draft.ValidFrom = words.Date(calendar.Date(calendar.DayOf(now).Year()+1, time.January, 1))
	return s.show(w, "campaigns/rule", s.rulePage(r, newest, draft))
}

func (s *Server) rulePage(r *http.Request, newest storage.PeriodRule, draft templates.RuleDraft) templates.RulePage {
	page := templates.RulePage{
		Shell: s.shell(r, templates.TitleRule, templates.AtCampaigns), Key: newKey(), URL: rulesPath + "/" + string(newest.Kind),
		Replaces: newest.ID, Name: words.PeriodKind(newest.Kind), Draft: draft,
		Now: templates.RuleOf(newest.Rule, templates.RuleInForce, templates.RuleEdited(newest.EditedBy, newest.EditedAt), newest.Reason),
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: templates.TitleRules, URL: rulesPath}, {Label: page.Name},
	}
	return page
}

func ruleDraft(r period.Rule) templates.RuleDraft {
	return templates.RuleDraft{
		ValidFrom: words.Date(r.ValidFrom), MonthsBefore: strconv.Itoa(r.MonthsBefore), FromDay: strconv.Itoa(r.FromDay),
		ToDay: strconv.Itoa(r.ToDay), WorkingDays: strconv.Itoa(r.WorkingDays), Cutoff: clockText(r.Cutoff),
		Inclusive: r.Inclusive, Shifts: templates.ShiftOptions(string(r.Shift)), WindowSource: r.WindowSource, DueSource: r.DueSource,
		WindowCertainties: templates.CertaintyOptions(r.WindowCertainty), DueCertainties: templates.CertaintyOptions(r.DueCertainty),
	}
}

// saveRule lays the typed rule down, or shows what it would make of the next
// periods.
func (s *Server) saveRule(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "replaces"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	replaces, err := strconv.ParseInt(r.PostForm.Get("replaces"), 10, 64)
	if err != nil {
		return errBadForm
	}
	newest, err := s.newestRule(r)
	if err != nil {
		return err
	}
	typed, broken := readPeriodRule(r.PostForm, newest.Kind)
	page := s.rulePage(r, newest, typedRule(r.PostForm, typed))
	page.Key = key.String()
	reason := short(strings.Join(strings.Fields(r.PostForm.Get("reason")), " "), maxRuleReason)
	preview := r.PostForm.Get("do") == "preview"
	if reason == "" && !preview {
		broken.Add(reasonMissing, "reason")
	}
	if len(broken) == 0 && !preview {
		err := s.store.AddPeriodRule(r.Context(), key, actor.Person, replaces, typed, reason)
		if err == nil {
			if err := s.flash(r, templates.RuleSavedFlash(page.Name, typed.ValidFrom)); err != nil {
				return err
			}
			return goTo(w, r, rulesPath)
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	if page.Errors = broken; len(broken) > 0 {
		return s.showBroken(w, "campaigns/rule", page)
	}
	if page.Coming, err = s.ruleComing(r, typed); err != nil {
		return err
	}
	return s.show(w, "campaigns/rule", page)
}

const (
	maxRuleReason           = 500
	reasonMissing rule.Code = "rule_reason"
)

// ruleComing are the first periods for which a typed rule would hold.
func (s *Server) ruleComing(r *http.Request, typed period.Rule) ([]templates.ComingRow, error) {
	days, now, err := s.reckoning(r)
	if err != nil {
		return nil, err
	}
	p := period.Of(typed.Kind, max(typed.ValidFrom, calendar.DayOf(now)))
	if p.From() < typed.ValidFrom {
		p = p.Next()
	}
	var rows []templates.ComingRow
	for range ruleExamples {
		window := typed.Window(p)
		due, why := typed.Suggest(p, window, days)
		rows = append(rows, templates.ComingOf(p, window, due, words.InstantShort(due.LastInstant(days)), why))
		p = p.Next()
	}
	return rows, nil
}

// readPeriodRule reads the form: texts that are no number, day or time, and what the
// rules say of those that are.
func readPeriodRule(f url.Values, kind period.Kind) (period.Rule, rule.Errors) {
	var unread rule.Errors
	number := func(field string) int {
		n, err := strconv.Atoi(strings.TrimSpace(f.Get(field)))
		if err != nil {
			unread.Add(wholeBad, field)
		}
		return n
	}
	oneLine := func(field string) string { return strings.Join(strings.Fields(f.Get(field)), " ") }
	r := period.Rule{
		Kind: kind, MonthsBefore: number("months_before"), FromDay: number("from_day"), ToDay: number("to_day"),
		WorkingDays: number("working_days"), Inclusive: f.Get("due.inclusive") != "", Shift: period.Shift(f.Get("due.shift")),
		WindowSource: oneLine("window_source"), WindowCertainty: f.Get("window_certainty"),
		DueSource: oneLine("due_source"), DueCertainty: f.Get("due_certainty"),
	}
	ok := false
	if r.ValidFrom, ok = dayIn(strings.TrimSpace(f.Get("valid_from"))); !ok {
		unread.Add(dateBad, "valid_from")
	}
	if r.Cutoff, ok = readClock(f.Get("due.cutoff")); !ok {
		unread.Add(clockBad, "due.cutoff")
	}
	return r, append(unread, withoutFields(r.Validate(), unread)...)
}

// withoutFields leaves out what is told of fields that could not even be read.
func withoutFields(broken, unread rule.Errors) rule.Errors {
	return slices.DeleteFunc(broken, func(one rule.Error) bool {
		return slices.ContainsFunc(unread, func(u rule.Error) bool { return u.Field == one.Field })
	})
}

func typedRule(f url.Values, r period.Rule) templates.RuleDraft {
	return templates.RuleDraft{
		ValidFrom: f.Get("valid_from"), MonthsBefore: f.Get("months_before"), FromDay: f.Get("from_day"), ToDay: f.Get("to_day"),
		WorkingDays: f.Get("working_days"), Cutoff: f.Get("due.cutoff"), Inclusive: r.Inclusive,
		Shifts: templates.ShiftOptions(string(r.Shift)), WindowSource: f.Get("window_source"), DueSource: f.Get("due_source"),
		WindowCertainties: templates.CertaintyOptions(r.WindowCertainty), DueCertainties: templates.CertaintyOptions(r.DueCertainty),
		Reason: f.Get("reason"),
	}
}
