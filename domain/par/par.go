// Package par holds the rules of the administrative reform index (chỉ số CCHC, QD
// 1439 art. 8.3 and 15.2): versioned sets of criteria, how each scores what a unit
// hands in, what is wrong with a self-assessment, how an appraisal changes it, and
// how totals, classes and ranks follow.
//
// A set is data of a form's version (form.Version.Index); nothing here names a
// particular criterion. Answers are part of a document's content
// (form.Content.Answers) and go through the chain like any report; what the
// appraisers mark afterwards is not content, and no mark ever changes an answer.
//
// Every score is exact until it is rounded once, to hundredths, half up; sums are
// sums of what is shown. Every score says why: Score.Why is data, its words are in
// templates/words. Nothing here may read a clock, know a document's stage, or use
// floats.
package par

import (
	"slices"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
)

// Set is one version of the criteria, with everything by which they become a rank.
type Set struct {
	Total    Points      `json:"total"` // what the most points of all criteria sum to
	Fields   []Field     `json:"fields"`
	Criteria []Criterion `json:"criteria"` // in the order of the fields
	Groups   []Group     `json:"groups"`   // who answers the surveys
	Classes  []Class     `json:"classes"`  // from the best down
	Bonus    Points      `json:"bonus"`    // the most that bonuses may add
	Penalty  Points      `json:"penalty"`  // the most that penalties may take
}

// Field is a part of the index. Its criteria stand together.
type Field struct {
	Code      string `json:"code"` // "3"; stable between versions
	Name      string `json:"name"`
	Appraiser string `json:"appraiser,omitempty"` // code of the unit that appraises it; empty: the authority
}

// Group is one kind of respondents.
type Group struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Class is a name for totals from so many percent of the set's total.
type Class struct {
	Name string         `json:"name"`
	From decimal.Number `json:"from"` // percent
}

// Kind is how a criterion scores.
type Kind string

// The kinds.
const (
	YesNo     Kind = "YESNO"     // all or nothing
	Date      Kind = "DATE"      // done by a day; less when late
	Formula   Kind = "FORMULA"   // its share of a ratio, nothing below a floor
	Banded    Kind = "BAND"      // steps over a ratio, a count or a value
	Cap       Kind = "CAP"       // everything from a target on, its share below
	Deduct    Kind = "DEDUCT"    // everything less so much a case
	Count     Kind = "COUNT"     // so much a case, until everything
	Checklist Kind = "CHECKLIST" // the sum of what was done
	Survey    Kind = "SURVEY"    // asked of others, never of the unit
)

// Kinds lists every kind.
var Kinds = []Kind{YesNo, Date, Formula, Banded, Cap, Deduct, Count, Checklist, Survey}

// Evidence is whether a criterion wants files.
type Evidence string

// The rules of evidence.
const (
	EvidenceRequired Evidence = "required" // of whoever claims any points
	EvidenceOptional Evidence = "optional"
	EvidenceNone     Evidence = "none"
)

// EvidenceRules lists them.
var EvidenceRules = []Evidence{EvidenceRequired, EvidenceOptional, EvidenceNone}

// Criterion is one leaf of the index (tiêu chí thành phần).
type Criterion struct {
	Code        string   `json:"code"` // "3.4.1"; stable between versions
	Field       string   `json:"field"`
	Name        string   `json:"name"`
	Max         Points   `json:"max"`
	Kind        Kind     `json:"kind"`
	Rule        Rule     `json:"rule"`
	Evidence    Evidence `json:"evidence"`
	Guide       string   `json:"guide,omitempty"`         // what counts, and what proves it
	Fact        FactName `json:"fact,omitempty"`          // what this system knows of it: it scores itself
	MayNotApply bool     `json:"may_not_apply,omitempty"` // a unit may say that it is none of its business
	NeedsRemark bool     `json:"needs_remark,omitempty"`  // the appraiser gives a reason also for what they confirm
	DoneLabel   string   `json:"done_label,omitempty"`    // what is counted, as people read it: the number of tasks completed
	OfLabel     string   `json:"of_label,omitempty"`      // out of what: the number of tasks in the plan
}

// Rule is the numbers of a kind; those of other kinds are absent.
type Rule struct {
	Deadline *Deadline       `json:"deadline,omitempty"` // DATE
	Late     []LateStep      `json:"late,omitempty"`     // DATE: by days late, ascending
	Floor    *decimal.Number `json:"floor,omitempty"`    // FORMULA: percent below which there is nothing
	Target   *decimal.Number `json:"target,omitempty"`   // CAP: percent from which there is everything
	Basis    Basis           `json:"basis,omitempty"`    // BAND
	Bands    []Band          `json:"bands,omitempty"`    // BAND: ascending; below the first there is nothing
	Without  Without         `json:"without,omitempty"`  // of ratios: what no cases at all score
	MayPass  bool            `json:"may_pass,omitempty"` // of ratios: more may be done than was to be
	Step     Points          `json:"step,omitempty"`     // DEDUCT, COUNT: a case
	Items    []Item          `json:"items,omitempty"`    // CHECKLIST
	Weights  []Weight        `json:"weights,omitempty"`  // SURVEY
}

// Deadline is a day of the assessed year, or of the one before or after it.
type Deadline struct {
	Year  int `json:"year,omitempty"` // -1, 0, 1
	Month int `json:"month"`
	Day   int `json:"day"`
}

// In is the deadline of an assessed year.
func (d Deadline) In(year int) calendar.Day {
	return calendar.Date(year+d.Year, time.Month(d.Month), d.Day)
}

// LateStep is what is left when something came at most so many days late.
type LateStep struct {
	Days   int    `json:"days"`
	Points Points `json:"points"`
}

// Basis is what bands are steps of.
type Basis string

// The bases.
const (
	OfRatio Basis = "ratio" // percent
	OfCount Basis = "count" // whole cases
	OfValue Basis = "value" // a number that comes from elsewhere
)

// Bases lists them.
var Bases = []Basis{OfRatio, OfCount, OfValue}

// Band holds from a value on, until the next band.
type Band struct {
	From   decimal.Number `json:"from"`
	Points Points         `json:"points"`
	Share  bool           `json:"share,omitempty"` // of a ratio: its share of the most points, instead of fixed ones
}

// Without is what a ratio without cases (a zero denominator) scores.
type Without string

// What no cases score.
const (
	WithoutNothing Without = "nothing"
	WithoutAll     Without = "all"     // nothing was to be done, so nothing was left undone
	WithoutOut     Without = "not_app" // the criterion does not apply
)

// Withouts lists them.
var Withouts = []Without{WithoutNothing, WithoutAll, WithoutOut}

// Item is one line of a checklist.
type Item struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Points Points `json:"points"`
}

// Weight is how much a group's answers count, in percent; those of a criterion sum
// to 100.
type Weight struct {
	Group   string `json:"group"`
	Percent int    `json:"percent"`
}

// Criterion is the criterion with the code.
func (s Set) Criterion(code string) (Criterion, bool) {
	i := slices.IndexFunc(s.Criteria, func(c Criterion) bool { return c.Code == code })
	if i < 0 {
		return Criterion{}, false
	}
	return s.Criteria[i], true
}

// Field is the field with the code.
func (s Set) Field(code string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// InField are the criteria of a field, in their order.
func (s Set) InField(code string) []Criterion {
	var found []Criterion
	for _, c := range s.Criteria {
		if c.Field == code {
			found = append(found, c)
		}
	}
	return found
}

// Sum is the most points of so many criteria.
func Sum(criteria []Criterion) Points {
	var sum Points
	for _, c := range criteria {
		sum += c.Max
	}
	return sum
}

// Ratio tells whether the criterion is answered with what was done out of what.
func (c Criterion) Ratio() bool {
	return c.Kind == Formula || c.Kind == Cap || c.Kind == Banded && c.Rule.Basis == OfRatio
}

// Counted tells whether it is answered with one number.
func (c Criterion) Counted() bool {
	return c.Kind == Deduct || c.Kind == Count || c.Kind == Banded && c.Rule.Basis != OfRatio
}

// Whole tells whether the one number must be whole.
func (c Criterion) Whole() bool { return c.Counted() && c.Rule.Basis != OfValue }

// Item is the line of the checklist with the code.
func (c Criterion) Item(code string) (Item, bool) {
	i := slices.IndexFunc(c.Rule.Items, func(one Item) bool { return one.Code == code })
	if i < 0 {
		return Item{}, false
	}
	return c.Rule.Items[i], true
}

// Asked tells whether the unit answers the criterion itself.
func (c Criterion) Asked() bool { return c.Kind != Survey }
