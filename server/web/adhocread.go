package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// unitsUnknown names, all at once, what a pasted list has that is no unit.
const unitsUnknown rule.Code = "request_units_unknown"

// adHoc is an ad hoc campaign in the making: what was typed and what it comes to.
type adHoc struct {
	launchDesk
	form     url.Values
	plan     campaign.Plan
	sections []form.Section // rows of the outline, empty ones among them
	offered  form.Version   // whose indicators are offered
	unread   rule.Errors    // of texts that are no day, number or time
	fitted   string         // for which due the ladder was filled in
	refitted bool           // the ladder is no longer the one that was posted
}

func today(d launchDesk) calendar.Day { return calendar.DayOf(d.now) }

// readAdHoc reads the form. Whether it may be launched is the domain's to say.
func (s *Server) readAdHoc(r *http.Request, d launchDesk) (adHoc, error) {
	f := r.PostForm
	a := adHoc{launchDesk: d, form: f, fitted: f.Get("fitted")}
	a.readSections()
	if chosen := d.form(f.Get("form")); f.Get("form") != "" && formValue(chosen) == f.Get("form") {
		var err error
		if a.offered, err = s.store.FormVersion(r.Context(), chosen.Form, chosen.Version); err != nil {
			return a, err
		}
	}
	a.readPlan()
	return a, nil
}

func (a *adHoc) readSections() {
	for row := 0; row < campaign.MaxOutline && a.form.Has(form.RowField("sections", row, "title")); row++ {
		a.sections = append(a.sections, form.Section{
			Title: storage.CleanLine(a.form.Get(form.RowField("sections", row, "title"))), Hint: strings.TrimSpace(a.form.Get(form.RowField("sections", row, "hint"))),
			Required: a.form.Get(form.RowField("sections", row, "required")) != "",
		})
	}
}

func (a *adHoc) readPlan() {
	f := a.form
	code, name := strings.TrimSpace(f.Get("code")), storage.CleanLine(f.Get("name"))
	request := &campaign.Request{
		Number: storage.CleanLine(f.Get("request_number")), Date: a.day("request_date"), Issuer: storage.CleanLine(f.Get("request_issuer")), Title: storage.CleanLine(f.Get("request_title")),
		Ahead: period.Ahead{Span: templates.SpanOf(f.Get("span"))},
		Form:  campaign.OwnForm(code, name, a.sections, a.offered.Pick(f["indicator"])),
	}
	a.plan = campaign.Plan{
		Code: code, Kind: document.AdHoc, Name: name, Form: request.Form.Code, FormVersion: request.Form.Number,
		Due:         period.Due{Inclusive: true, Cutoff: period.MidnightCutoff, Shift: period.ShiftNone},
		ConfirmDays: a.number("confirm_days"), ResubmitDays: a.number("resubmit_days"),
		ConfirmLadder: a.ladders.Of(reminder.Confirm), Request: request,
		Guidance: words.RequestLine(request.Number, request.Date, request.Issuer),
	}
	a.readDue()
	if f.Get("window_from") != "" || f.Get("window_to") != "" {
		a.plan.Window = period.Window{From: a.day("window_from"), To: a.day("window_to")}
	}
	ladder, unread := readLadder(f)
	a.unread = append(a.unread, unread...)
	a.plan.Ladder = campaign.NameRungs(ladder)
	a.readUnits()
	a.plan = a.plan.At(a.now, a.days)
}

func (a *adHoc) readDue() {
	request := a.plan.Request
	switch request.Ahead.Span {
	case period.SpanInstant:
		a.plan.Due.Day = a.day("due_day")
		cutoff, ok := readClock(a.form.Get("due.cutoff"))
		if a.plan.Due.Cutoff = cutoff; !ok {
			a.unread.Add(clockBad, "due.cutoff")
		}
	case period.SpanHours, period.SpanDays, period.SpanWorkingDays:
		request.Ahead.Count = a.number("due_count")
	default:
		a.unread.Add(choiceBad, "span")
	}
}

func (a *adHoc) day(field string) calendar.Day {
	day, ok := dayIn(strings.TrimSpace(a.form.Get(field)))
	if !ok {
		a.unread.Add(dateBad, field)
	}
	return day
}

func (a *adHoc) number(field string) int {
	n, err := strconv.Atoi(strings.TrimSpace(a.form.Get(field)))
	if err != nil {
		a.unread.Add(wholeBad, field)
	}
	return n
}

// readUnits takes the ticked units and those of the pasted list, in the order of the
// units; what is neither a code nor a name is told all at once.
func (a *adHoc) readUnits() {
	chosen := setOf(a.form["unit"])
	known := unitsByName(a.units)
	var unknown []string
	for _, text := range strings.FieldsFunc(a.form.Get("unit_list"), func(r rune) bool { return strings.ContainsRune("\r\n\t;", r) }) {
		if text = storage.CleanLine(text); text == "" {
			continue
		}
		if code := known[storage.Fold(text)]; code != "" {
			chosen[code] = true
		} else {
			unknown = append(unknown, text)
		}
	}
	if len(unknown) > 0 {
		a.unread.Add(unitsUnknown, "unit_list", templates.UnknownUnits(unknown))
	}
	for _, unit := range a.units {
		if chosen[unit.Code] {
			a.plan.Units = append(a.plan.Units, unit.Code)
		}
		delete(chosen, unit.Code)
	}
	for code := range chosen { // not a unit in force: the launch refuses it by its code
		a.plan.Units = append(a.plan.Units, code)
	}
}

// unitsByName finds a unit's code by its code or its name, however they are written;
// a name that two units have finds none.
func unitsByName(units []staff.Unit) map[string]string {
	known := map[string]string{}
	for _, unit := range units {
		name := storage.Fold(unit.Name)
		if _, twice := known[name]; twice {
			known[name] = ""
			continue
		}
		known[name] = unit.Code
	}
	for _, unit := range units {
		known[storage.Fold(unit.Code)] = unit.Code
	}
	return known
}

// broken is everything that speaks against launching it now.
func (a adHoc) broken() rule.Errors {
	broken := append(rule.Errors{}, a.unread...)
	broken = append(broken, validated(a.plan, a.launchDesk, a.unread)...)
	if a.codeTaken(a.plan.Code) {
		broken.Add(storage.CampaignCodeTaken, "code")
	}
	return a.atTypedRows(broken)
}

// atTypedRows points errors of the outline to the rows as they were typed: empty rows
// are not part of it.
func (a adHoc) atTypedRows(broken rule.Errors) rule.Errors {
	var typed []int
	for row, one := range a.sections {
		if len(campaign.Outline([]form.Section{one})) > 0 {
			typed = append(typed, row)
		}
	}
	for i, one := range broken {
		parts := strings.Split(one.Field, ".")
		if len(parts) != 3 || parts[0] != "sections" {
			continue
		}
		if row, err := strconv.Atoi(parts[1]); err == nil && row < len(typed) {
			broken[i].Field = form.RowField("sections", typed[row], parts[2])
		}
	}
	return broken
}

// editRows adds, moves or removes a row of the outline.
func (a *adHoc) editRows(do string) {
	what, text, _ := strings.Cut(do, ".")
	row, err := strconv.Atoi(text)
	inside := err == nil && row >= 0 && row < len(a.sections)
	room := len(a.sections) < campaign.MaxOutline
	switch {
	case what == "add" && room:
		a.sections = append(a.sections, form.Section{})
	case what == "insert" && room && inside:
		a.sections = append(a.sections[:row+1], append([]form.Section{{}}, a.sections[row+1:]...)...)
	case what == "remove" && inside:
		a.sections = append(a.sections[:row], a.sections[row+1:]...)
	case what == "up" && inside && row > 0:
		a.sections[row-1], a.sections[row] = a.sections[row], a.sections[row-1]
	case what == "down" && inside && row < len(a.sections)-1:
		a.sections[row+1], a.sections[row] = a.sections[row], a.sections[row+1]
	}
	if len(a.sections) == 0 {
		a.sections = []form.Section{{}}
	}
}

// fit fills the ladder in for the due.
func (a *adHoc) fit() {
	last := a.plan.Due.LastInstant(a.days)
	if !last.After(a.now) {
		return
	}
	a.plan.Ladder = campaign.NameRungs(period.LadderFor(a.now, last))
	a.fitted, a.refitted = strconv.Itoa(int(last.Sub(a.now).Minutes())), true
}

// refit fills the ladder in anew when it is still as it was filled in, and the due is
// another by now.
func (a *adHoc) refit() {
	minutes, err := strconv.Atoi(a.fitted)
	if err != nil {
		return
	}
	if a.plan.Ladder.Same(period.LadderFor(a.now, a.now.Add(time.Duration(minutes)*time.Minute))) {
		a.fit()
	}
}
