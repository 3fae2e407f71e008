package storagetest

import (
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/storage"
)

// Unclaimed answers every criterion of a set with what claims no points, so that no
// evidence is asked for: no, nothing of ten, or that it does not apply where it may not,
// and why.
func Unclaimed(set par.Set, why string) []storage.AnswerChange {
	no, zero, ten := false, decimal.Number{}, decimal.Of(10)
	var changes []storage.AnswerChange
	for _, c := range set.Criteria {
		if !c.Asked() {
			continue
		}
		a := par.Answer{Criterion: c.Code, Yes: &no, Done: &zero, Of: &ten, Number: &zero}
		switch {
		case c.Kind == par.Deduct:
			a.Number = &ten
		case c.MayNotApply:
			a.NotApplicable, a.Explanation = true, why
		}
		changes = append(changes, storage.AnswerChange{Answer: a})
	}
	return changes
}
