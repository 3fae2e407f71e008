// Package form holds versioned forms of reports, plans and self-assessments: their
// sections, indicators, checks, table of tasks and set of criteria, what a unit has
// written into one, and what is wrong with it.
//
// A form is data; nothing here names a particular indicator. Checks are parsed
// from their text, ratios are computed and never typed, blank is not zero, and
// every figure is exact: there are no floats. Callers hand in text in Unicode
// NFC.
//
// What a task is and when it is done are domain/plan's, how criteria score
// domain/par's. Where a document stands in its chain belongs to domain/document, how
// figures are read from a workbook to sheet, words to templates/words.
package form

import (
	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/plan"
)

// Version is one version of a form. Versions are never changed once used, so
// that old reports stay comparable (QD 1439 art. 10.2).
type Version struct {
	Code       string      `json:"code"`
	Number     int         `json:"number"`
	Title      string      `json:"title"`
	Sections   []Section   `json:"sections"`
	Indicators []Indicator `json:"indicators"`
	Checks     []Check     `json:"checks"`
	Tolerance  int         `json:"tolerance"`       // percent of change that needs a reason; 0: never
	Plan       *plan.Table `json:"plan,omitempty"`  // of a plan's form: what its table of tasks is like; nil: there is none
	Index      *par.Set    `json:"index,omitempty"` // of a self-assessment's form: its criteria; nil: there are none
}

// Section is one part of the narrative.
type Section struct {
	Code     string `json:"code"` // "I", "II.1"
	Title    string `json:"title"`
	Required bool   `json:"required"`
	Hint     string `json:"hint"`
	Parent   string `json:"parent"` // heading printed above the first section that has it; may be empty
}

// The types of indicators.
const (
	TypeInteger = "integer"
	TypeDecimal = "decimal"
	TypeRatio   = "ratio" // percent, computed from Numerator and Denominator
)

// How an indicator combines across units.
const (
	AcrossUnitsSum   = "sum"
	AcrossUnitsRatio = "ratio"
)

// How an indicator combines across periods: flows are summed, of stocks the
// first or the last one counts.
const (
	AcrossTimeSum   = "sum"
	AcrossTimeFirst = "first"
	AcrossTimeLast  = "last"
	AcrossTimeRatio = "ratio"
)

// Indicator is one row of the statistical annex.
type Indicator struct {
	Code        string `json:"code"` // "3.18", "4.3.1"; stable between versions
	Group       string `json:"group"`
	Name        string `json:"name"`
	Unit        string `json:"unit"` // of measure
	Type        string `json:"type"`
	Numerator   string `json:"numerator,omitempty"`   // of a ratio: a sum of codes, "3.19+3.20"
	Denominator string `json:"denominator,omitempty"` // of a ratio
	AcrossUnits string `json:"across_units"`
	AcrossTime  string `json:"across_time"`
	ValidTo     string `json:"valid_to,omitempty"` // last day asked, yyyy-mm-dd; empty: still asked
	Indent      int    `json:"indent"`             // 1: a part of the row above
}

// The severities of checks.
const (
	SeverityError   = "error"   // blocks submission
	SeverityWarning = "warning" // needs a reason
)

// Check is one rule between figures; ParseRule reads its text.
type Check struct {
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Note     string `json:"note,omitempty"`
}

// Figure is what a unit reports for one indicator. A nil Value is blank, which is
// not zero. A ratio has no value of its own but may have a reason.
type Figure struct {
	Code   string   `json:"code"`
	Value  *Decimal `json:"value"`
	Reason string   `json:"reason,omitempty"`
}

// Active are the indicators asked of a report whose data window ends on that
// day, in the order of the form.
func (v Version) Active(windowEnd calendar.Day) []Indicator {
	active := make([]Indicator, 0, len(v.Indicators))
	for _, indicator := range v.Indicators {
		if indicator.asked(windowEnd) {
			active = append(active, indicator)
		}
	}
	return active
}

// asked tells whether ValidTo has not passed before the window ends. An
// unreadable date, which Validate refuses, keeps the indicator.
func (i Indicator) asked(windowEnd calendar.Day) bool {
	if i.ValidTo == "" {
		return true
	}
	last, err := calendar.ParseDay(i.ValidTo)
	return err != nil || last >= windowEnd
}

// Indicator is the indicator with the code.
func (v Version) Indicator(code string) (Indicator, bool) {
	for _, indicator := range v.Indicators {
		if indicator.Code == code {
			return indicator, true
		}
	}
	return Indicator{}, false
}

// Section is the section with the code.
func (v Version) Section(code string) (Section, bool) {
	for _, section := range v.Sections {
		if section.Code == code {
			return section, true
		}
	}
	return Section{}, false
}
