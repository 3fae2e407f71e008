package form

import (
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
// left out, every value a text.
func (w *canonicalWriter) answers(answers []par.Answer) {
	if len(answers) == 0 {
		return
	}
	w.raw(`,"answers":[`)
	for i, a := range answers {
		w.separate(i)
		w.raw(`{"criterion":`).text(a.Criterion)
		for _, member := range par.Members {
			if value := trimmed(a.Text(member)); value != "" {
				w.raw(`,`).text(member).raw(`:`).text(value)
			}
		}
		w.raw(`}`)
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
