package campaign

import (
	"slices"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// Request is what asks for an ad hoc report (QĐ 1439 Đ7.2): the document that asks,
// what is to be written, and until when.
type Request struct {
	Number string       // of the requesting document, "2315/UBND-KSTTHC"
	Date   calendar.Day // of it
	Issuer string       // who signed for it: the body that asks
	Title  string       // what it is about
	Ahead  period.Ahead // until when; no span: the plan's Due as it was typed
	Form   form.Version // own outline and appendix, for this campaign alone
}

// Limits of a request.
const (
	MaxRequestNumber = 60
	MaxIssuer        = 150
	MaxRequestTitle  = 300
)

// Codes of broken rules of a request, each at the field it names.
const (
	RequestNumberBad rule.Code = "request_number" // args: the most letters
	RequestDateBad   rule.Code = "request_date"   // later than the launch
	RequestIssuerBad rule.Code = "request_issuer" // args: the most letters
	RequestTitleBad  rule.Code = "request_title"  // args: the most letters
	RequestMissing   rule.Code = "request_missing"
	AheadBad         rule.Code = "request_ahead"   // args: the most hours or days
	OutlineMissing   rule.Code = "request_outline" // no section to write
	PeriodNotAsked   rule.Code = "request_period"  // an ad hoc report has none
)

// RequestCodes lists every code above.
var RequestCodes = []rule.Code{
	RequestNumberBad, RequestDateBad, RequestIssuerBad, RequestTitleBad, RequestMissing, AheadBad, OutlineMissing, PeriodNotAsked,
}

// numerals are the codes of an outline's sections, in order.
var numerals = []string{
	"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X",
	"XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX",
}

// MaxOutline is the most sections of an outline.
var MaxOutline = len(numerals)

// Outline numbers sections in their order; those with neither title nor hint are
// left out, and so is what is more than MaxOutline.
func Outline(sections []form.Section) []form.Section {
	var outline []form.Section
	for _, one := range sections {
		if strings.TrimSpace(one.Title+one.Hint) == "" || len(outline) == MaxOutline {
			continue
		}
		one.Code = numerals[len(outline)]
		outline = append(outline, one)
	}
	return outline
}

// OwnForm is the form that belongs to the campaign with the code and name alone, and
// has its code.
func OwnForm(code, name string, sections []form.Section, appendix form.Version) form.Version {
	return form.Version{
		Code: code, Number: 1, Title: name, Sections: Outline(sections),
		Indicators: appendix.Indicators, Checks: appendix.Checks,
	}
}

// At is the plan as it stands when it is launched at the instant: a due in hours or
// days is counted from there, and data that nobody has bounded are those of that day.
func (p Plan) At(now time.Time, c calendar.Calendar) Plan {
	if p.Request == nil {
		return p
	}
	if ahead := p.Request.Ahead; ahead.Span != period.SpanInstant && ahead.Count > 0 && ahead.Count <= ahead.Most() {
		p.Due = ahead.Due(now, c)
	}
	if p.Window == (period.Window{}) {
		today := calendar.DayOf(now)
		p.Window = period.Window{From: today, To: today}
	}
	return p
}

// asked reports what is wrong with the request.
func (p Plan) asked(now time.Time) rule.Errors {
	if p.Request == nil {
		return rule.Broken(RequestMissing, "request_number")
	}
	r := *p.Request
	var broken rule.Errors
	text := func(code rule.Code, field, text string, most int) {
		if text = strings.TrimSpace(text); text == "" || len([]rune(text)) > most {
			broken.Add(code, field, most)
		}
	}
	text(RequestNumberBad, "request_number", r.Number, MaxRequestNumber)
	text(RequestIssuerBad, "request_issuer", r.Issuer, MaxIssuer)
	text(RequestTitleBad, "request_title", r.Title, MaxRequestTitle)
	if r.Date > calendar.DayOf(now) {
		broken.Add(RequestDateBad, "request_date")
	}
	if p.Period != "" {
		broken.Add(PeriodNotAsked, "period")
	}
	if r.Ahead.Span != period.SpanInstant && (r.Ahead.Count < 1 || r.Ahead.Count > r.Ahead.Most()) {
		broken.Add(AheadBad, "due_count", r.Ahead.Most())
	}
	if len(r.Form.Sections) == 0 {
		broken.Add(OutlineMissing, "sections")
	}
	for _, one := range r.Form.Validate() {
		if !slices.Contains([]string{"sections", "title", "code"}, one.Field) { // told already, of the campaign
			broken = append(broken, one)
		}
	}
	return broken
}
