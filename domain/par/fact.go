package par

import (
	"maps"

	"cchc/domain/decimal"
)

// FactName is something that this system itself knows of how a unit keeps to the
// regulation (QD 1439 art. 15.2).
type FactName string

// The facts.
const (
	FactLate       FactName = "late_reports"     // number: reports of the year handed in late or not at all
	FactReturns    FactName = "returned_reports" // number: how often the authority returned reports of the year
	FactCompliance FactName = "compliance"       // checklist of the Kept… items
)

// FactNames lists them.
var FactNames = []FactName{FactLate, FactReturns, FactCompliance}

// The lines of a checklist that FactCompliance answers.
const (
	KeptPeople   = "people"   // somebody holds each desk of the chain, and the focal officer is named (art. 6.4, 7.1)
	KeptPlan     = "plan"     // the plan's report was confirmed here (art. 9)
	KeptProgress = "progress" // progress of the plan's open tasks has been written (art. 9)
	KeptSigned   = "signed"   // every report of the year was signed digitally here (art. 7.2)
)

// KeptItems lists them.
var KeptItems = []string{KeptPeople, KeptPlan, KeptProgress, KeptSigned}

// Fits tells whether a criterion of this shape can be answered by the fact.
func (f FactName) Fits(c Criterion) bool {
	switch f {
	case FactLate, FactReturns:
		return c.Counted() && c.Whole()
	case FactCompliance:
		for _, item := range c.Rule.Items {
			if !contains(KeptItems, item.Code) {
				return false
			}
		}
		return c.Kind == Checklist
	}
	return false
}

// Fact is what was found of a unit and a year at one moment.
type Fact struct {
	Number  int             // of facts that count
	Items   map[string]bool // of a checklist
	Sources []string        // ids of the documents that count against or for it
}

// Facts are those of a unit, by name.
type Facts map[FactName]Fact

// Answer is the criterion answered by what was found; what the unit has added stays.
func (c Criterion) Answer(f Fact, added Answer) Answer {
	a := Answer{
		Criterion: c.Code, Sources: f.Sources, NotApplicable: added.NotApplicable,
		Claim: added.Claim, Explanation: added.Explanation, Evidence: added.Evidence,
	}
	if c.Kind == Checklist {
		a.Items = map[string]bool{}
		for _, item := range c.Rule.Items {
			a.Items[item.Code] = f.Items[item.Code]
		}
	} else {
		n := decimal.Of(int64(f.Number))
		a.Number = &n
	}
	return c.Clean(a)
}

// WithFacts is the answers with the criteria that score themselves answered by what
// was found. A fact that is not there changes nothing.
func (s Set) WithFacts(answers []Answer, facts Facts) []Answer {
	by := Answers(answers)
	for _, c := range s.Criteria {
		if f, found := facts[c.Fact]; found && c.Fact != "" {
			by[c.Code] = c.Answer(f, by[c.Code])
		}
	}
	all := make([]Answer, 0, len(by))
	for a := range maps.Values(by) {
		all = append(all, a)
	}
	return s.Arrange(sorted(all))
}
