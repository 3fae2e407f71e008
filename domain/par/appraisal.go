package par

import (
	"strings"

	"cchc/domain/rule"
)

// The codes of what is wrong with a mark.
const (
	MarkSurvey      rule.Code = "mark_survey"       // a survey's criterion is not marked
	MarkRound       rule.Code = "mark_round"        // a second mark without a first
	MarkOver        rule.Code = "mark_over"         // most points
	MarkNegative    rule.Code = "mark_negative"     // -
	MarkUnexplained rule.Code = "mark_unexplained"  // the points that it differs from; "": there are none
	MarkRemark      rule.Code = "mark_remark"       // the criterion wants a remark in any case
	MarkLong        rule.Code = "mark_long"         // letters allowed
	MarkNotApp      rule.Code = "mark_not_app"      // the criterion always applies
	MarkNotAppPlus  rule.Code = "mark_not_app_plus" // points for what does not apply
)

// The rounds of an appraisal: the second follows the unit's explanation.
const (
	FirstRound  = 1
	SecondRound = 2
)

// Mark is what an appraiser gives a criterion in one round. Marks are never changed
// once a round has ended.
type Mark struct {
	Criterion     string
	Round         int
	Points        Points
	NotApplicable bool
	Reason        string
}

// Appraised is one criterion on its way to its final points.
type Appraised struct {
	Self   Score // of the self-assessment
	First  *Mark
	Before *Mark // the second mark that stood when the criterion was opened once more; nil: it was not
	Second *Mark
}

// standing is what the next mark of the round is compared with: what stands without it.
func (a Appraised) standing(round int) Score {
	switch {
	case round == SecondRound && a.Before != nil:
		return a.Before.score()
	case round == SecondRound && a.First != nil:
		return a.First.score()
	}
	return a.Self
}

// score is what the mark gives, without its why.
func (m Mark) score() Score {
	return Score{Points: m.Points, Known: true, NotApplicable: m.NotApplicable}
}

// LastSecond is the newest mark of the second round that counts; nil: there is none.
func (a Appraised) LastSecond() *Mark {
	if a.Second != nil {
		return a.Second
	}
	return a.Before
}

// CheckMark finds what is wrong with a mark, at "mark.<code>". Whoever gives other
// points than those that stand says why, for every difference.
func (c Criterion) CheckMark(a Appraised, m Mark) rule.Errors {
	field := MarkField(c.Code)
	var broken rule.Errors
	if !c.Asked() {
		broken.Add(MarkSurvey, field)
		return broken
	}
	if m.Round == SecondRound && a.First == nil || m.Round != FirstRound && m.Round != SecondRound {
		broken.Add(MarkRound, field)
	}
	switch {
	case m.Points < 0:
		broken.Add(MarkNegative, field)
	case m.Points > c.Max:
		broken.Add(MarkOver, field, c.Max.String())
	case m.NotApplicable && m.Points != 0:
		broken.Add(MarkNotAppPlus, field)
	}
	if m.NotApplicable && !c.MayNotApply && !a.Self.NotApplicable {
		broken.Add(MarkNotApp, field)
	}
	reason := strings.TrimSpace(m.Reason)
	if len([]rune(reason)) > MaxExplanation {
		broken.Add(MarkLong, field, MaxExplanation)
	}
	if reason != "" {
		return broken
	}
	stands := a.standing(m.Round)
	switch {
	case !stands.Known && (m.Points != 0 || m.NotApplicable):
		broken.Add(MarkUnexplained, field, "")
	case stands.Known && (stands.Points != m.Points || stands.NotApplicable != m.NotApplicable):
		broken.Add(MarkUnexplained, field, stands.Points.String())
	case c.NeedsRemark && m.Round == FirstRound:
		broken.Add(MarkRemark, field)
	}
	return broken
}

// MarkField names a criterion's mark in broken rules: "mark.1.1.3".
func MarkField(criterion string) string { return "mark." + criterion }

// Final is the score that counts: the newest second mark if there is one, else the first.
// What nobody has appraised has no points: a self-assessment alone is not official.
// A mark that confirms what stands needs no reason, and keeps the reasons of it.
func (a Appraised) Final() Score {
	s := Score{Why: a.Self.Why}
	if a.Self.Known {
		s = s.because(WhySelf, a.Self.Points)
	} else {
		s = s.because(WhySelfBlank)
	}
	if a.First == nil {
		return s.because(WhyUnappraised)
	}
	s = s.marked(*a.First, a.standing(FirstRound))
	if a.Before != nil {
		s = s.marked(*a.Before, a.First.score())
	}
	if a.Second != nil {
		s = s.marked(*a.Second, a.standing(SecondRound))
	}
	return s
}

func (s Score) marked(m Mark, stands Score) Score {
	if m.NotApplicable {
		return s.leaveOut().because(WhyMarkedOut, m.Round, m.Reason)
	}
	s.NotApplicable = false
	if stands.Known && stands.Points == m.Points && !stands.NotApplicable {
		return s.give(m.Points).because(WhyConfirmed, m.Round, m.Points)
	}
	return s.give(m.Points).because(WhyMarked, m.Round, m.Points, m.Reason)
}

// Disputed tells whether the first mark is not the unit's own score: what the unit may
// explain.
func (a Appraised) Disputed() bool {
	if a.First == nil {
		return false
	}
	if !a.Self.Known {
		return a.First.Points != 0 || a.First.NotApplicable
	}
	return a.Self.Points != a.First.Points || a.Self.NotApplicable != a.First.NotApplicable
}

// Agreement is the mark of the round that takes over what stands; false where nothing
// stands, or where the criterion wants a remark in any case.
func (c Criterion) Agreement(a Appraised, round int) (Mark, bool) {
	stands := a.standing(round)
	m := Mark{Criterion: c.Code, Round: round, Points: stands.Points, NotApplicable: stands.NotApplicable}
	return m, stands.Known && len(c.CheckMark(a, m)) == 0
}
