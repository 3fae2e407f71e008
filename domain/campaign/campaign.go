// Package campaign holds the rules of a campaign (đợt): what must hold before
// it is launched over a roster of units. Its parts (period, window, due,
// ladder) have their rules in domain/period.
package campaign

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// Plan is a campaign as an officer lays it down before launch.
type Plan struct {
	Code          string // ASCII, part of every document's id, e.g. "bc-2026q4"
	Kind          document.Kind
	Name          string
	Form          string
	FormVersion   int
	Period        string // domain/period code; of an ad hoc report empty: it is outside every period
	Window        period.Window
	Due           period.Due
	Ladder        period.Ladder // against the unit's due
	ConfirmDays   int           // working days the authority gives itself
	ResubmitDays  int           // working days a returned document gets
	ConfirmLadder period.Ladder // against the authority's own due
	Guidance      string        // number and date of the guidance document (QĐ 1439 Đ3.6)
	Units         []string
	Proposal      int64    // the proposal that it answers; 0: none
	Request       *Request // of an ad hoc report: what asks for it; nil otherwise
	// CityUnit is the unit whose plan is the city's own, of plans alone; "": none is.
	CityUnit string
	// Appraisal is what the appraisal of self-assessments goes by; nil: the usual one, and
	// that of campaigns of other kinds.
	Appraisal *appraisal.Schedule
}

// Limits of a plan.
const (
	MaxName  = 300
	MaxDays  = 60
	MaxUnits = 20000
)

// What the authority gives itself, and a unit whose document was returned, in
// working days, unless a campaign says otherwise.
const (
	DefaultConfirmDays  = 2
	DefaultResubmitDays = 3
)

// The addresses at which campaigns are launched.
const (
	reservedCode  = "new"
	reservedAdHoc = "ad-hoc"
)

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)

// DefaultConfirmLadder nudges the authority's officers when their own due comes
// and passes, and its head after that.
func DefaultConfirmLadder() period.Ladder {
	return period.Ladder{
		{Code: "due", WorkingDays: 0, To: []string{period.ToAuthorityOfficer}},
		{Code: "escalate_head", WorkingDays: 1, To: []string{period.ToAuthorityHead}},
	}
}

// Codes of broken rules of a plan, each at the field it names.
const (
	CodeBad        rule.Code = "campaign_code"
	NameBad        rule.Code = "campaign_name"
	PeriodBad      rule.Code = "campaign_period"
	WindowBad      rule.Code = "campaign_window"
	DueTooEarly    rule.Code = "campaign_due_before_window_end" // args: the window's last day
	DuePast        rule.Code = "campaign_due_past"
	PlanNotYear    rule.Code = "campaign_plan_year" // a plan and the index are of a year
	FormOtherKind  rule.Code = "campaign_form_kind" // a plan's form for a report, or the other way round
	DaysBad        rule.Code = "campaign_days"      // args: the most days
	UnitsMissing   rule.Code = "campaign_units_missing"
	UnitsTooMany   rule.Code = "campaign_units_too_many"
	UnitTwice      rule.Code = "campaign_unit_twice" // args: the unit
	LadderNeedsDue rule.Code = "ladder_due_missing"
	CityNotAsked   rule.Code = "campaign_city_unit" // the unit of the city's plan is not in the roster
	// Of a launched campaign, whose plan is named the city's own afterwards:
	CityAbsent   rule.Code = "campaign_city_absent" // the unit is not in the roster
	CityInUse    rule.Code = "campaign_city_in_use" // units' tasks carry out those of the city's plan; args: how many
	CityNoReason rule.Code = "campaign_city_reason" // nothing is said why
)

// Codes lists every code above.
var Codes = []rule.Code{
	CodeBad, NameBad, PeriodBad, WindowBad, DueTooEarly, DuePast, PlanNotYear, FormOtherKind, DaysBad,
	UnitsMissing, UnitsTooMany, UnitTwice, LadderNeedsDue, CityNotAsked, CityAbsent, CityInUse, CityNoReason,
}

// Validate reports everything that speaks against launching the plan now.
// At least one working day must lie between the end of the data window and the
// last allowed instant (NĐ 09/2019 Đ8.5b); the window of a plan is the time for
// which it plans, which usually begins after it is due, and of an ad hoc report both are what the
// requesting body asks (Đ8.5c).
func (p Plan) Validate(c calendar.Calendar, now time.Time) rule.Errors {
	var broken rule.Errors
	if !codePattern.MatchString(p.Code) || p.Code == reservedCode || p.Code == reservedAdHoc {
		broken.Add(CodeBad, "code")
	}
	if name := strings.TrimSpace(p.Name); name == "" || len([]rune(name)) > MaxName {
		broken.Add(NameBad, "name", MaxName)
	}
	switch parsed, err := period.Parse(p.Period); {
	case p.Kind == document.AdHoc:
		broken = append(broken, p.asked(now)...)
	case err != nil:
		broken.Add(PeriodBad, "period")
	case (p.Kind == document.Plan || p.Kind == document.Index) && parsed.Kind != period.Year:
		broken.Add(PlanNotYear, "period")
	}
	if p.Proposal != 0 && strings.TrimSpace(p.Guidance) == "" {
		broken.Add(GuidanceMissing, "guidance")
	}
	broken = append(broken, p.times(c, now)...)
	broken = append(broken, p.ladders()...)
	if p.Appraisal != nil {
		broken = append(broken, p.Appraisal.Validate()...)
	}
	return append(broken, p.roster()...)
}

// DueRule is the id of the rule that the plan's due follows from in its window;
// 0 when it was set otherwise, or the plan has no period.
func (p Plan) DueRule(rules period.Rules, c calendar.Calendar) int64 {
	parsed, err := period.Parse(p.Period)
	if err != nil {
		return 0
	}
	r, known := rules.For(parsed)
	if !known {
		return 0
	}
	if due, _ := r.Suggest(parsed, p.Window, c); due != p.Due {
		return 0
	}
	return r.ID
}

func (p Plan) times(c calendar.Calendar, now time.Time) rule.Errors {
	broken := p.Due.Validate()
	if p.Window.To < p.Window.From {
		broken.Add(WindowBad, "window_to")
	}
	if last := p.Due.LastDay(c); p.hasGap() && c.WorkingDaysBetween(p.Window.To, last) < 1 {
		broken.Add(DueTooEarly, "due_day", p.Window.To.String())
	}
	if !p.Due.LastInstant(c).After(now) {
		broken.Add(DuePast, "due_day")
	}
	if p.ConfirmDays < 1 || p.ConfirmDays > MaxDays {
		broken.Add(DaysBad, "confirm_days", MaxDays)
	}
	if p.ResubmitDays < 1 || p.ResubmitDays > MaxDays {
		broken.Add(DaysBad, "resubmit_days", MaxDays)
	}
	return broken
}

// hasGap tells whether the decree's working day must lie between window and due: it
// is for periodic reports (NĐ 09/2019 Đ8.5b).
func (p Plan) hasGap() bool { return p.Kind == document.Report }

// ladders checks both ladders; each must contain the due instant itself, whose
// passing is a move of the system.
func (p Plan) ladders() rule.Errors {
	broken := p.Ladder.Validate()
	broken = append(broken, p.ConfirmLadder.Validate()...)
	for _, ladder := range []period.Ladder{p.Ladder, p.ConfirmLadder} {
		if !hasDue(ladder) {
			broken.Add(LadderNeedsDue, "ladder")
		}
	}
	return broken
}

func hasDue(l period.Ladder) bool { return slices.ContainsFunc(l, period.Rung.AtDue) }

func (p Plan) roster() rule.Errors {
	var broken rule.Errors
	if len(p.Units) == 0 {
		broken.Add(UnitsMissing, "units")
	}
	if len(p.Units) > MaxUnits {
		broken.Add(UnitsTooMany, "units", MaxUnits)
	}
	seen := map[string]bool{}
	for _, unit := range p.Units {
		if seen[unit] {
			broken.Add(UnitTwice, "units", unit)
		}
		seen[unit] = true
	}
	if p.CityUnit != "" && !seen[p.CityUnit] {
		broken.Add(CityNotAsked, "city")
	}
	return broken
}
