package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

const outageRulePath = "/outage-rule"

// showOutageRule is how outages are judged and handled, as a form of what comes next.
func (s *Server) showOutageRule(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, newest, err := s.outageRulePage(r, actor)
	if err != nil {
		return err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return err
	}
	page.Typed = typedHandling(newest, units)
	return s.show(w, "outages/rule", page)
}

func (s *Server) outageRulePage(r *http.Request, actor staff.Actor) (templates.OutageRulePage, storage.OutageHandling, error) {
	page := templates.OutageRulePage{Shell: s.shell(r, templates.TitleOutageRule, outagePlace(actor)), Key: newKey()}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: page.Title})
	history, err := s.store.OutageHandlings(r.Context())
	if err != nil || len(history) == 0 {
		return page, storage.OutageHandling{}, err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return page, history[0], err
	}
	names := map[string]string{}
	for _, unit := range units {
		names[unit.Code] = unit.Name
	}
	for i, h := range history {
		state := templates.RuleReplaced
		if i == 0 {
			state = templates.RuleInForce
		}
		it := h.ITUnit
		if name, known := names[it]; known {
			it = name
		}
		page.History = append(page.History, templates.OutageRuleRow{
			State: templates.RuleChip(state), Text: templates.OutageRuleText(h.Rule, it, h.ApprovalHours),
			Edited: templates.RuleEdited(h.EditedBy, h.EditedAt), Reason: h.Reason,
		})
	}
	page.Replaces = history[0].ID
	return page, history[0], nil
}

func typedHandling(h storage.OutageHandling, units []staff.Unit) templates.OutageRuleTyped {
	typed := templates.OutageRuleTyped{
		Days: strconv.Itoa(h.Rule.Days), Confirm: minutesText(h.Rule.Confirm), Recovery: minutesText(h.Rule.Recovery),
		Announce: strconv.Itoa(int(h.Rule.Announce.Hours())), Lead: strconv.Itoa(h.Rule.Lead), ApprovalHours: strconv.Itoa(h.ApprovalHours),
		Counts: templates.OutageCounts(h.Rule.Count), ITUnits: itUnits(units, h.ITUnit), SiteURL: h.SiteURL, Hotline: h.Hotline,
	}
	office := make([]outage.Session, 2)
	copy(office, h.Rule.Office)
	typed.MorningOpens, typed.MorningCloses = clockText(office[0].Opens), clockText(office[0].Closes)
	typed.NoonOpens, typed.AfternoonCloses = clockText(office[1].Opens), clockText(office[1].Closes)
	return typed
}

func minutesText(d time.Duration) string { return strconv.Itoa(int(d.Minutes())) }

// itUnits are the departments: IT is none of a ward's tasks.
func itUnits(units []staff.Unit, chosen string) []templates.Option {
	options := []templates.Option{}
	for _, unit := range units {
		if unit.Group == "department" {
			options = append(options, templates.Option{Value: unit.Code, Label: unit.Name, Selected: unit.Code == chosen})
		}
	}
	return options
}

// saveOutageRule lays a new rule down in the place of the one that was on the screen.
func (s *Server) saveOutageRule(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
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
	typed, broken := readHandling(r.PostForm)
	if len(broken) == 0 {
		err := s.store.AddOutageHandling(r.Context(), key, actor.Person, replaces, typed)
		if err == nil {
			return s.doneWith(w, r, templates.OutageRuleSavedFlash, outageRulePath)
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page, _, err := s.outageRulePage(r, actor)
	if err != nil {
		return err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return err
	}
	page.Key, page.Errors, page.Typed = key.String(), atOffice(broken), retyped(r.PostForm, units)
	return s.showBroken(w, "outages/rule", page)
}

// atOffice puts what is wrong with the office day at its first field.
func atOffice(broken rule.Errors) rule.Errors {
	for i := range broken {
		if broken[i].Field == "office" {
			broken[i].Field = "office.morning.opens"
		}
	}
	return broken
}

// readHandling reads the form: texts that are no number or time. What the rules say of
// the rest is told when it is saved.
func readHandling(f url.Values) (storage.OutageHandling, rule.Errors) {
	var broken rule.Errors
	number := func(field string) int {
		n, err := strconv.Atoi(strings.TrimSpace(f.Get(field)))
		if err != nil || n > 1_000_000 {
			broken.Add(wholeBad, field)
		}
		return n
	}
	clock := func(field string) int {
		minutes, ok := readClock(f.Get(field))
		if !ok {
			broken.Add(clockBad, field)
		}
		return minutes
	}
	h := storage.OutageHandling{
		Rule: outage.Rule{
			Days: number("days"), Count: outage.Count(f.Get("count")), Lead: number("lead"),
			Confirm: time.Duration(number("confirm")) * time.Minute, Recovery: time.Duration(number("recovery")) * time.Minute,
			Announce: time.Duration(number("announce")) * time.Hour,
			Office: []outage.Session{
				{Opens: clock("office.morning.opens"), Closes: clock("office.morning.closes")},
				{Opens: clock("office.afternoon.opens"), Closes: clock("office.afternoon.closes")},
			},
		},
		ITUnit: f.Get("it_unit"), ApprovalHours: number("approval_hours"), SiteURL: strings.TrimSpace(f.Get("site_url")),
		Hotline: strings.TrimSpace(f.Get("hotline")), Reason: strings.Join(strings.Fields(f.Get("reason")), " "),
	}
	return h, broken
}

// retyped is what stood in the fields.
func retyped(f url.Values, units []staff.Unit) templates.OutageRuleTyped {
	return templates.OutageRuleTyped{
		Days: f.Get("days"), Confirm: f.Get("confirm"), Recovery: f.Get("recovery"), Announce: f.Get("announce"), Lead: f.Get("lead"),
		ApprovalHours: f.Get("approval_hours"), MorningOpens: f.Get("office.morning.opens"), MorningCloses: f.Get("office.morning.closes"),
		NoonOpens: f.Get("office.afternoon.opens"), AfternoonCloses: f.Get("office.afternoon.closes"),
		Counts: templates.OutageCounts(outage.Count(f.Get("count"))), ITUnits: itUnits(units, f.Get("it_unit")),
		SiteURL: f.Get("site_url"), Hotline: f.Get("hotline"), Reason: f.Get("reason"),
	}
}
