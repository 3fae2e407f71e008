package form

import (
	"slices"
	"strconv"
	"strings"

	"cchc/domain/par"
	"cchc/domain/rule"
)

const (
	codeAnswersOther rule.Code = "answers_unknown" // answers in a form that has no criteria
	codeKinds        rule.Code = "form_kinds"      // both a table of tasks and a set of criteria
)

// AnswersField is the place of a rule broken by the answers as a whole.
const AnswersField = "answers"

// answers checks a self-assessment by the rules of its criteria.
func (k *checking) answers() {
	if k.version.Index == nil {
		if len(k.content.Answers) > 0 {
			k.Errors.Add(codeAnswersOther, AnswersField)
		}
		return
	}
	files := make(map[string]bool, len(k.content.Files))
	for _, file := range k.content.Files {
		files[file.Hash] = true
	}
	ctx := par.Context{Year: k.context.Own.Year, Files: files, Facts: k.context.Facts}
	k.Errors = append(k.Errors, k.version.Index.Check(k.content.Answers, ctx)...)
}

// index checks the set of criteria at the places that domain/par names.
func (n *validation) index() {
	if n.version.Index == nil {
		return
	}
	if n.version.Plan != nil {
		n.broken.Add(codeKinds, "plan")
	}
	n.broken = append(n.broken, n.version.Index.Validate()...)
}

// answers writes those of a self-assessment: an object each, its keys sorted, blanks
// left out, numbers, points and days as texts, lists sorted.
func (w *canonicalWriter) answers(answers []par.Answer) {
	if len(answers) == 0 {
		return
	}
	w.raw(`,"answers":[`)
	for i, a := range answers {
		w.separate(i)
		w.answer(a)
	}
	w.raw(`]`)
}

// memberCriterion stands behind par.MemberClaim, the first of par.Members.
const memberCriterion = "criterion"

func (w *canonicalWriter) answer(a par.Answer) {
	w.raw(`{`)
	written := 0
	member := func(name string) *canonicalWriter {
		w.separate(written)
		written++
		return w.text(name).raw(`:`)
	}
	names := append([]string{memberCriterion}, par.Members...)
	slices.Sort(names)
	for _, name := range names {
		value := trimmed(a.Text(name))
		switch {
		case name == memberCriterion:
			member(name).text(a.Criterion)
		case value == "":
		case name == par.MemberYes || name == par.MemberNotApplicable:
			member(name).raw(value)
		case name == par.MemberItems:
			member(name).flags(a.Items)
		case name == par.MemberEvidence || name == par.MemberSources:
			member(name).texts(strings.Split(value, "\n"))
		default:
			member(name).text(value)
		}
	}
	w.raw(`}`)
}

func (w *canonicalWriter) flags(flags map[string]bool) {
	w.raw(`{`)
	for i, key := range sortedKeys(flags) {
		w.separate(i)
		w.text(key).raw(`:` + strconv.FormatBool(flags[key]))
	}
	w.raw(`}`)
}

func (w *canonicalWriter) texts(texts []string) {
	w.raw(`[`)
	for i, text := range texts {
		w.separate(i)
		w.text(text)
	}
	w.raw(`]`)
}

// answerDifferences are those of two self-assessments, member by member.
func answerDifferences(before, after []par.Answer) []Difference {
	var found []Difference
	for _, one := range par.Differences(before, after) {
		for _, member := range one.Members {
			d := Difference{
				Field: par.AnswerField(one.Criterion, member), Before: trimmed(one.Before.Text(member)), After: trimmed(one.After.Text(member)),
			}
			if d.Before != d.After {
				found = append(found, d)
			}
		}
	}
	return found
}
