package par

import (
	"slices"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/rule"
)

// The codes of broken rules of a self-assessment. Each stands at its member
// (AnswerField) or at the criterion.
const (
	Unknown          rule.Code = "score_unknown"           // the set has no such criterion
	NotAsked         rule.Code = "score_not_asked"         // a survey's criterion is not answered by the unit
	Missing          rule.Code = "score_missing"           // -
	NumberNegative   rule.Code = "score_negative"          // -
	NumberWhole      rule.Code = "score_whole"             // -
	NumberBig        rule.Code = "score_big"               // digits allowed before the comma
	DoneOverOf       rule.Code = "score_done_over"         // done, of
	DayUndone        rule.Code = "score_day_undone"        // a day of what was not done
	DayFar           rule.Code = "score_day"               // first and last day that can be meant (ISO)
	ItemMissing      rule.Code = "score_item_missing"      // the line's name
	ItemUnknown      rule.Code = "score_item_unknown"      // -
	ClaimOver        rule.Code = "score_claim_over"        // most points
	ClaimNegative    rule.Code = "score_claim_negative"    // -
	ClaimUnexplained rule.Code = "score_claim_unexplained" // points that the rule gives, points claimed
	NotAppRefused    rule.Code = "score_not_app"           // -
	NotAppWhy        rule.Code = "score_not_app_why"       // -
	EvidenceMissing  rule.Code = "score_evidence_missing"  // -
	EvidenceUnknown  rule.Code = "score_evidence_unknown"  // a file that is not attached
	ExplanationLong  rule.Code = "score_explanation_long"  // letters allowed
	EvidenceMany     rule.Code = "score_evidence_many"     // files allowed
	FactChanged      rule.Code = "score_fact_changed"      // the system knows otherwise by now
)

// Limits of an answer.
const (
	MaxExplanation = 4000
	MaxEvidence    = 50 // files of one criterion
)

// Context is what answers are held against. A nil map is unknown: what needs it is
// not checked.
type Context struct {
	Year  int             // the assessed one
	Files map[string]bool // hashes of the attached files
	Facts Facts
}

// Check finds all that is wrong with a self-assessment at once, in the order of the
// criteria.
func (s Set) Check(answers []Answer, ctx Context) rule.Errors {
	var broken rule.Errors
	given := Answers(answers)
	for _, c := range s.Criteria {
		a, answered := given[c.Code]
		delete(given, c.Code)
		switch {
		case c.Asked():
			broken = append(broken, c.check(a, ctx)...)
		case answered && !a.Blank():
			broken.Add(NotAsked, AnswerField(c.Code, ""))
		}
	}
	for _, a := range answers {
		if _, left := given[a.Criterion]; left {
			broken.Add(Unknown, AnswerField(a.Criterion, ""))
		}
	}
	return broken
}

func (c Criterion) check(a Answer, ctx Context) rule.Errors {
	k := answerCheck{c: c, a: a}
	k.broken = c.Acceptable(a)
	if a.NotApplicable {
		if c.MayNotApply && a.Explanation == "" {
			k.add(NotAppWhy, MemberExplanation)
		}
		return k.broken
	}
	if f, known := ctx.Facts[c.Fact]; known && c.Fact != "" {
		k.fact(f) // the unit has nothing to fill in
	} else {
		k.inputs(ctx.Year)
	}
	k.claim(ctx.Year)
	k.evidence(ctx)
	return k.broken
}

// fact asks that the system's own answer stands, and is not an old one.
func (k *answerCheck) fact(f Fact) {
	if now := k.c.Answer(f, k.a); len(now.Differing(k.a)) > 0 {
		k.add(FactChanged, "")
	}
}

// Acceptable finds what may not even stand in a draft: numbers that no rule can
// count with, what says two things at once, claims beyond the most points, texts too
// long.
func (c Criterion) Acceptable(a Answer) rule.Errors {
	k := answerCheck{c: c, a: a}
	if a.NotApplicable && !c.MayNotApply {
		k.add(NotAppRefused, MemberNotApplicable)
	}
	k.number(MemberDone, a.Done, false)
	k.number(MemberOf, a.Of, false)
	k.number(MemberNumber, a.Number, c.Whole())
	if c.Kind == Date && a.Day != nil && a.Yes != nil && !*a.Yes {
		k.add(DayUndone, MemberDay)
	}
	for _, code := range a.spoken() {
		if _, known := c.Item(code); !known {
			k.add(ItemUnknown, MemberItems)
			break
		}
	}
	switch {
	case a.Claim == nil:
	case *a.Claim < 0:
		k.add(ClaimNegative, MemberClaim)
	case *a.Claim > c.Max:
		k.add(ClaimOver, MemberClaim, c.Max.String())
	}
	if len([]rune(a.Explanation)) > MaxExplanation {
		k.add(ExplanationLong, MemberExplanation, MaxExplanation)
	}
	if len(a.Evidence) > MaxEvidence {
		k.add(EvidenceMany, MemberEvidence, MaxEvidence)
	}
	return k.broken
}

// answerCheck is one run over one answer.
type answerCheck struct {
	c      Criterion
	a      Answer
	broken rule.Errors
}

func (k *answerCheck) add(code rule.Code, member string, args ...any) {
	k.broken.Add(code, AnswerField(k.c.Code, member), args...)
}

func (k *answerCheck) number(member string, n *decimal.Number, whole bool) {
	switch {
	case n == nil:
	case n.Sign() < 0:
		k.add(NumberNegative, member)
	case n.Oversized():
		k.add(NumberBig, member, decimal.MaxDigits)
	case whole && !n.IsInteger():
		k.add(NumberWhole, member)
	}
}

// inputs are what the kind asks for: everything, and what fits together.
func (k *answerCheck) inputs(year int) {
	c, a := k.c, k.a
	switch {
	case c.Kind == YesNo:
		k.wants(MemberYes, a.Yes != nil)
	case c.Kind == Date:
		k.wants(MemberDay, a.Day != nil || a.Yes != nil && !*a.Yes)
		first, last := calendar.Date(year-1, 1, 1), calendar.Date(year+1, 12, 31)
		if a.Day != nil && (*a.Day < first || *a.Day > last) {
			k.add(DayFar, MemberDay, first.String(), last.String())
		}
	case c.Ratio():
		k.wants(MemberDone, a.Done != nil)
		k.wants(MemberOf, a.Of != nil)
		if a.Done != nil && a.Of != nil && !c.Rule.MayPass && a.Done.Cmp(*a.Of) > 0 {
			k.add(DoneOverOf, MemberDone, a.Done.String(), a.Of.String())
		}
	case c.Counted():
		k.wants(MemberNumber, a.Number != nil)
	case c.Kind == Checklist:
		for _, item := range c.Rule.Items {
			if _, said := a.Items[item.Code]; !said {
				k.add(ItemMissing, MemberItems, item.Name)
			}
		}
	}
}

func (k *answerCheck) wants(member string, there bool) {
	if !there {
		k.add(Missing, member)
	}
}

// claim asks why the unit wants other points than the rule gives.
func (k *answerCheck) claim(year int) {
	if k.a.Claim == nil || k.a.Explanation != "" {
		return
	}
	if byRule := k.c.ByRule(k.a, year); byRule.Known && byRule.Points != *k.a.Claim {
		k.add(ClaimUnexplained, MemberExplanation, byRule.Points.String(), k.a.Claim.String())
	}
}

// evidence is asked of whoever gets points; what the system knows itself needs none
// unless the unit claims otherwise.
func (k *answerCheck) evidence(ctx Context) {
	own := k.c.Fact == "" || k.a.Claim != nil
	score := k.c.Score(k.a, ctx.Year)
	if k.c.Evidence == EvidenceRequired && own && score.Known && score.Points > 0 && !score.NotApplicable && len(k.a.Evidence) == 0 {
		k.add(EvidenceMissing, MemberEvidence)
	}
	for _, hash := range k.a.Evidence {
		if ctx.Files != nil && !ctx.Files[hash] {
			k.add(EvidenceUnknown, MemberEvidence)
			break
		}
	}
}

func contains[V comparable](all []V, one V) bool { return slices.Contains(all, one) }

// sorted puts answers into an order of their own, before that of a set.
func sorted(answers []Answer) []Answer {
	slices.SortFunc(answers, func(a, b Answer) int { return strings.Compare(a.Criterion, b.Criterion) })
	return answers
}
