package par

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
)

// Answer is what a unit hands in for one criterion. Blank is not zero: what is nil
// has not been said. Text is plain, in Unicode NFC: callers normalise it when it
// comes in.
type Answer struct {
	Criterion     string          `json:"criterion"`
	NotApplicable bool            `json:"not_applicable,omitempty"`
	Yes           *bool           `json:"yes,omitempty"`         // YESNO; DATE: whether it was done, while there is no day
	Day           *calendar.Day   `json:"day,omitempty"`         // DATE: when it was done
	Done          *decimal.Number `json:"done,omitempty"`        // of ratios
	Of            *decimal.Number `json:"of,omitempty"`          // of ratios
	Number        *decimal.Number `json:"number,omitempty"`      // DEDUCT, COUNT, bands of counts and values
	Items         map[string]bool `json:"items,omitempty"`       // CHECKLIST: each line has its own yes or no
	Claim         *Points         `json:"claim,omitempty"`       // the unit asks for other points than the rule gives
	Explanation   string          `json:"explanation,omitempty"` // why: of a claim, and of what does not apply
	Evidence      []string        `json:"evidence,omitempty"`    // hashes of attached files; a file may prove several criteria
	Sources       []string        `json:"sources,omitempty"`     // of a fact: ids of the documents that count
}

// The members of an answer, as fields of broken rules and of differences name them.
const (
	MemberNotApplicable = "not_applicable"
	MemberYes           = "yes"
	MemberDay           = "day"
	MemberDone          = "done"
	MemberOf            = "of"
	MemberNumber        = "number"
	MemberItems         = "items"
	MemberClaim         = "claim"
	MemberExplanation   = "explanation"
	MemberEvidence      = "evidence"
	MemberSources       = "sources"
)

// Members lists the members in the order in which they are written.
var Members = []string{
	MemberClaim, MemberDay, MemberDone, MemberEvidence, MemberExplanation, MemberItems,
	MemberNotApplicable, MemberNumber, MemberOf, MemberSources, MemberYes,
}

// Text is the member's value as one canonical text, "" when it is blank: numbers
// and points as theirs, days as ISO, "true" and "false", of a checklist one line an
// item ("a true"), hashes and ids one a line; all lines sorted.
func (a Answer) Text(member string) string {
	switch member {
	case MemberNotApplicable:
		if a.NotApplicable {
			return strconv.FormatBool(true)
		}
	case MemberYes:
		if a.Yes != nil {
			return strconv.FormatBool(*a.Yes)
		}
	case MemberDay:
		return textOf(a.Day)
	case MemberDone:
		return textOf(a.Done)
	case MemberOf:
		return textOf(a.Of)
	case MemberNumber:
		return textOf(a.Number)
	case MemberItems:
		lines := make([]string, 0, len(a.Items))
		for _, code := range slices.Sorted(maps.Keys(a.Items)) {
			lines = append(lines, code+" "+strconv.FormatBool(a.Items[code]))
		}
		return strings.Join(lines, "\n")
	case MemberClaim:
		return textOf(a.Claim)
	case MemberExplanation:
		return a.Explanation
	case MemberEvidence:
		return sortedLines(a.Evidence)
	case MemberSources:
		return sortedLines(a.Sources)
	}
	return ""
}

func textOf[V interface{ String() string }](value *V) string {
	if value == nil {
		return ""
	}
	return (*value).String()
}

func sortedLines(lines []string) string {
	return strings.Join(slices.Sorted(slices.Values(lines)), "\n")
}

// Blank tells whether nothing has been said.
func (a Answer) Blank() bool { return len(a.Differing(Answer{})) == 0 }

// Differing lists the members in which two answers differ, in the order of Members.
func (a Answer) Differing(other Answer) []string {
	return slices.DeleteFunc(slices.Clone(Members), func(m string) bool { return a.Text(m) == other.Text(m) })
}

// Clean is the answer as it is kept: only what the criterion asks for, texts without
// space around them, lines once and in order. What does not apply is not answered.
func (c Criterion) Clean(a Answer) Answer {
	kept := Answer{
		Criterion: c.Code, NotApplicable: a.NotApplicable && c.MayNotApply,
		Explanation: strings.TrimSpace(a.Explanation), Evidence: once(a.Evidence), Sources: once(a.Sources),
	}
	if c.Fact == "" {
		kept.Sources = nil
	}
	if c.Evidence == EvidenceNone {
		kept.Evidence = nil
	}
	if kept.NotApplicable || !c.Asked() {
		return kept
	}
	kept.Claim = a.Claim
	switch {
	case c.Kind == Date && a.Day != nil:
		kept.Day = a.Day
	case c.Kind == YesNo || c.Kind == Date:
		kept.Yes = a.Yes
	case c.Ratio():
		kept.Done, kept.Of = a.Done, a.Of
	case c.Counted():
		kept.Number = a.Number
	case c.Kind == Checklist && len(a.Items) > 0:
		kept.Items = maps.Clone(a.Items)
	}
	return kept
}

func once(lines []string) []string {
	lines = slices.DeleteFunc(slices.Sorted(slices.Values(lines)), func(line string) bool { return line == "" })
	if len(lines) == 0 {
		return nil
	}
	return slices.Compact(lines)
}

// Answers are those of a self-assessment, by criterion.
func Answers(answers []Answer) map[string]Answer {
	by := make(map[string]Answer, len(answers))
	for _, a := range answers {
		by[a.Criterion] = a
	}
	return by
}

// Arrange is the answers in the order of the criteria, blank ones left out; those of
// no known criterion come last.
func (s Set) Arrange(answers []Answer) []Answer {
	place := make(map[string]int, len(s.Criteria))
	for i, c := range s.Criteria {
		place[c.Code] = i
	}
	order := func(a Answer) int {
		if i, known := place[a.Criterion]; known {
			return i
		}
		return len(place)
	}
	arranged := slices.DeleteFunc(slices.Clone(answers), Answer.Blank)
	slices.SortStableFunc(arranged, func(a, b Answer) int { return order(a) - order(b) })
	return arranged
}

// AnswerField names a member in broken rules and differences: "score.1.1.3/done";
// with an empty member the criterion: "score.1.1.3".
func AnswerField(criterion, member string) string {
	if member == "" {
		return answerPrefix + criterion
	}
	return answerPrefix + criterion + "/" + member
}

const answerPrefix = "score."

// ParseAnswerField reads what AnswerField writes.
func ParseAnswerField(field string) (criterion, member string, ok bool) {
	rest, found := strings.CutPrefix(field, answerPrefix)
	criterion, member, _ = strings.Cut(rest, "/")
	return criterion, member, found && criterion != ""
}

// spoken lists the lines of a checklist that the answer speaks of, sorted.
func (a Answer) spoken() []string { return slices.Sorted(maps.Keys(a.Items)) }
