package campaign

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Series is a campaign that comes back each period. It launches nothing: shortly
// before the data window of a period ends it proposes a campaign, and an officer
// launches it once there is a guidance document (QĐ 1439 Đ3.6).
type Series struct {
	Code     string
	Name     string // of its campaigns, without the period
	Form     string
	Plans    bool // it asks for the plans of a year (QĐ 1439 Đ9)
	Period   period.Kind
	Groups   []string // kinds of units in the roster,
	Added    []string // units besides,
	LeftOut  []string // and units of the kinds that are not
	LeadDays int      // calendar days before the window's end, of plans before the year, at which it proposes
	Active   bool
	Since    time.Time // what would have been proposed before is not caught up
}

// MaxLeadDays is the most days before the window's end.
const MaxLeadDays = 90

// proposeMinutes after midnight a proposal comes: when people begin their day.
const proposeMinutes = 8 * 60

// Codes of broken rules of a series, each at the field it names.
const (
	SeriesCodeBad    rule.Code = "series_code"
	SeriesNameBad    rule.Code = "series_name" // args: the most letters
	SeriesFormBad    rule.Code = "series_form"
	SeriesPeriodBad  rule.Code = "series_period"
	SeriesPlansYear  rule.Code = "series_plans_year" // plans are of a year
	SeriesLeadBad    rule.Code = "series_lead"       // args: the most days
	SeriesUnitsNone  rule.Code = "series_units"
	SeriesProposed   rule.Code = "series_proposed"   // it has proposed something: it is ended, not deleted
	SeriesNoReason   rule.Code = "series_end_reason" // args: the most letters
	GuidanceMissing  rule.Code = "campaign_guidance" // of a proposed campaign
	ProposalDecided  rule.Code = "proposal_decided"
	ProposalNoReason rule.Code = "proposal_reason"
)

// SeriesCodes lists every code above.
var SeriesCodes = []rule.Code{
	SeriesCodeBad, SeriesNameBad, SeriesFormBad, SeriesPeriodBad, SeriesLeadBad, SeriesUnitsNone,
	SeriesPlansYear, SeriesProposed, SeriesNoReason, GuidanceMissing, ProposalDecided, ProposalNoReason,
}

var seriesCode = regexp.MustCompile(`^[a-z][a-z0-9-]{1,29}$`)

// Validate reports everything that speaks against keeping the series, whose
// roster is taken from these units.
func (s Series) Validate(units []staff.Unit) rule.Errors {
	var broken rule.Errors
	if name := strings.TrimSpace(s.Name); name == "" || len([]rune(name)) > MaxName/2 {
		broken.Add(SeriesNameBad, "name", MaxName/2)
	}
	if !seriesCode.MatchString(s.Code) || s.Code == reservedCode {
		broken.Add(SeriesCodeBad, "code")
	}
	if s.Form == "" {
		broken.Add(SeriesFormBad, "form")
	}
	if !slices.Contains(period.Kinds, s.Period) {
		broken.Add(SeriesPeriodBad, "period_kind")
	}
	if s.Plans && s.Period != period.Year {
		broken.Add(SeriesPlansYear, "period_kind")
	}
	if s.LeadDays < 0 || s.LeadDays > MaxLeadDays {
		broken.Add(SeriesLeadBad, "lead_days", MaxLeadDays)
	}
	if len(s.Roster(units)) == 0 {
		broken.Add(SeriesUnitsNone, "units")
	}
	return broken
}

// Roster are the codes of the units in force that the series asks, in their order.
func (s Series) Roster(units []staff.Unit) []string {
	var roster []string
	for _, unit := range units {
		ofGroup := slices.Contains(s.Groups, unit.Group) && !slices.Contains(s.LeftOut, unit.Code)
		if ofGroup || slices.Contains(s.Added, unit.Code) {
			roster = append(roster, unit.Code)
		}
	}
	return roster
}

// Choose sets the roster to the chosen units: kinds of which most units are
// chosen are taken whole, so that a unit founded later belongs to it, and the
// others are named.
func (s *Series) Choose(chosen []string, units []staff.Unit) {
	s.Groups, s.Added, s.LeftOut = []string{}, []string{}, []string{}
	in, of := map[string]int{}, map[string]int{}
	for _, unit := range units {
		of[unit.Group]++
		if slices.Contains(chosen, unit.Code) {
			in[unit.Group]++
		}
	}
	for _, unit := range units {
		whole := in[unit.Group]*2 > of[unit.Group]
		picked := slices.Contains(chosen, unit.Code)
		if whole && !slices.Contains(s.Groups, unit.Group) {
			s.Groups = append(s.Groups, unit.Group)
		}
		switch {
		case whole && !picked:
			s.LeftOut = append(s.LeftOut, unit.Code)
		case !whole && picked:
			s.Added = append(s.Added, unit.Code)
		}
	}
}

// Coming is one period of a series as it will be proposed.
type Coming struct {
	Period    period.Period
	Window    period.Window
	Due       period.Due
	Why       []period.Step
	ProposeAt time.Time
}

// Of lays one period out as the series proposes it in time; false when no rule says
// how.
func (s Series) Of(p period.Period, rules period.Rules, c calendar.Calendar) (Coming, bool) {
	return s.At(p, time.Time{}, rules, c)
}

// At lays one period out as the series proposes it at the instant, which may be later
// than it should. It makes a difference for plans alone: units get their working days
// from the day on which they are asked.
func (s Series) At(p period.Period, at time.Time, rules period.Rules, c calendar.Calendar) (Coming, bool) {
	if s.Plans {
		return s.plansOf(p, at, c), p.Kind == period.Year
	}
	r, known := rules.For(p)
	if !known {
		return Coming{}, false
	}
	one := Coming{Period: p, Window: r.Window(p)}
	one.Due, one.Why = r.Suggest(p, one.Window, c)
	one.ProposeAt = one.Window.To.Add(-s.LeadDays).At(proposeMinutes)
	return one, true
}

func (s Series) plansOf(year period.Period, at time.Time, c calendar.Calendar) Coming {
	one := Coming{Period: year, ProposeAt: year.From().Add(-s.LeadDays).At(proposeMinutes)}
	asked := one.ProposeAt
	if at.After(asked) {
		asked = at
	}
	one.Window, one.Due, one.Why = SuggestPlan(year, calendar.DayOf(asked), c)
	return one
}

// Next are the next n periods whose due lies ahead.
func (s Series) Next(n int, now time.Time, rules period.Rules, c calendar.Calendar) []Coming {
	var next []Coming
	p := period.Of(s.Period, calendar.DayOf(now)).Previous()
	for range n + 3 { // the one before, and those of this time whose due has passed
		if one, known := s.At(p, now, rules, c); known && len(next) < n && s.ahead(one, now, c) {
			next = append(next, one)
		}
		p = p.Next()
	}
	return next
}

// catchUp is how far back a series looks for what it has not proposed, a year of
// any kind: longer than any system stands still.
const catchUp = 366

// Missing are the periods that are to be proposed by now and have been neither
// proposed nor launched, as done tells of their codes: those whose due lies ahead,
// and those that came while everything stood still.
func (s Series) Missing(now time.Time, done func(code string) bool, rules period.Rules, c calendar.Calendar) []Coming {
	if !s.Active {
		return nil
	}
	var missing []Coming
	first := calendar.DayOf(now).Add(-catchUp)
	for p := period.Of(s.Period, first); p.From() <= calendar.DayOf(now).Add(catchUp); p = p.Next() {
		one, known := s.At(p, now, rules, c)
		if !known || one.ProposeAt.After(now) || done(p.Code()) {
			continue
		}
		if s.ahead(one, now, c) || one.ProposeAt.After(s.Since) {
			missing = append(missing, one)
		}
	}
	return missing
}

// ahead tells whether the campaign still makes sense: a report that is not due yet, a
// plan for a year that has not begun.
func (s Series) ahead(one Coming, now time.Time, c calendar.Calendar) bool {
	if s.Plans {
		return one.Period.From().Start().After(now)
	}
	return one.Due.LastInstant(c).After(now)
}

// Instants are when the series proposes: the last few instants since it is in
// force, which a schedule that stood still may have to make up for, and the next n.
func (s Series) Instants(n int, now time.Time, rules period.Rules, c calendar.Calendar) []time.Time {
	var past, ahead []time.Time
	p := period.Of(s.Period, calendar.DayOf(now).Add(-catchUp))
	for range catchUp/28 + n + 4 {
		one, known := s.Of(p, rules, c)
		switch {
		case !known:
		case one.ProposeAt.After(now) && len(ahead) < n:
			ahead = append(ahead, one.ProposeAt)
		case !one.ProposeAt.After(now) && one.ProposeAt.After(s.Since):
			past = append(past, one.ProposeAt)
		}
		p = p.Next()
	}
	return append(past[max(0, len(past)-3):], ahead...)
}

// Plan is the campaign of a period as the series proposes it; its code, name and
// guidance are still to be given. The ladders are those that hold for documents and for
// the authority's own desk.
func (s Series) Plan(one Coming, formVersion int, units []staff.Unit, ladder, confirm period.Ladder) Plan {
	kind := document.Report
	if s.Plans {
		kind = document.Plan
	}
	return Plan{
		Kind: kind, Form: s.Form, FormVersion: formVersion, Period: one.Period.Code(), Window: one.Window, Due: one.Due,
		Ladder: ladder, ConfirmDays: DefaultConfirmDays, ResubmitDays: DefaultResubmitDays,
		ConfirmLadder: confirm, Units: s.Roster(units),
	}
}
