package form

import (
	"encoding/json"
	"slices"
	"strconv"

	"cchc/domain/par"
)

// Parts of a form that has a set of criteria.
const (
	PartScale     = "scale"     // what all criteria sum to, caps, classes, groups of respondents
	PartField     = "field"     // the fields of the index
	PartCriterion = "criterion" // Part.Group: the criteria of the field with this code
)

// ofIndex tells whether the part belongs to the set of criteria.
func (p Part) ofIndex() bool {
	return p.Kind == PartScale || p.Kind == PartField || p.Kind == PartCriterion
}

// set is the form's set of criteria; an empty one where there is none.
func (v Version) set() par.Set {
	if v.Index == nil {
		return par.Set{}
	}
	return *v.Index
}

// extractIndex is the set with nothing but the part.
func (v Version) extractIndex(p Part) *par.Set {
	s := v.set()
	switch p.Kind {
	case PartScale:
		return &par.Set{Total: s.Total, Bonus: s.Bonus, Penalty: s.Penalty, Classes: s.Classes, Groups: s.Groups}
	case PartField:
		return &par.Set{Fields: s.Fields}
	}
	return &par.Set{Criteria: s.InField(p.Group)}
}

func sameSet(a, b *par.Set) bool {
	if a == nil || b == nil {
		return a == b
	}
	left, leftErr := json.Marshal(a)
	right, rightErr := json.Marshal(b)
	return leftErr == nil && rightErr == nil && string(left) == string(right)
}

// replaceIndex is the set with the part as the other has it. Criteria follow the
// order of the fields. A field that still has criteria stays, so that none is lost
// with it.
func (v Version) replaceIndex(p Part, with Version) *par.Set {
	s, other := v.set(), with.set()
	switch p.Kind {
	case PartScale:
		s.Total, s.Bonus, s.Penalty, s.Classes, s.Groups = other.Total, other.Bonus, other.Penalty, other.Classes, other.Groups
	case PartField:
		fields := slices.Clone(other.Fields)
		for _, old := range s.Fields {
			if _, stays := other.Field(old.Code); !stays && len(s.InField(old.Code)) > 0 {
				fields = append(fields, old)
			}
		}
		s.Fields = fields
		s.Criteria = inFieldOrder(s)
	default:
		s.Criteria = replaceCriteria(s, p.Group, other.Criteria)
	}
	return &s
}

// replaceCriteria puts the rows in the place of a field's criteria; a row that names
// another field goes to its end.
func replaceCriteria(s par.Set, field string, rows []par.Criterion) []par.Criterion {
	s.Criteria = slices.DeleteFunc(slices.Clone(s.Criteria), func(c par.Criterion) bool { return c.Field == field })
	s.Criteria = append(s.Criteria, rows...)
	return inFieldOrder(s)
}

// inFieldOrder sorts the criteria by their fields; those of no known field come last.
func inFieldOrder(s par.Set) []par.Criterion {
	order := func(c par.Criterion) int {
		i := slices.IndexFunc(s.Fields, func(f par.Field) bool { return f.Code == c.Field })
		if i < 0 {
			return len(s.Fields)
		}
		return i
	}
	criteria := slices.Clone(s.Criteria)
	slices.SortStableFunc(criteria, func(a, b par.Criterion) int { return order(a) - order(b) })
	return criteria
}

// scaleTexts, fieldRows and criterionRows are a set as texts by field, for
// comparing.
func (v Version) scaleTexts() []FieldChange {
	s := v.set()
	return texts("total", s.Total.Number().VN(), "bonus", s.Bonus.Number().VN(), "penalty", s.Penalty.Number().VN(),
		"classes", par.WriteClasses(s.Classes), "groups", par.WriteGroups(s.Groups))
}

func (v Version) fieldRows() []row {
	fields := v.set().Fields
	rows := make([]row, len(fields))
	for i, f := range fields {
		rows[i] = row{code: f.Code, name: f.Name, fields: texts("name", f.Name, "appraiser", f.Appraiser)}
	}
	return rows
}

func (v Version) criterionRows() []row {
	criteria := v.set().Criteria
	rows := make([]row, len(criteria))
	for i, c := range criteria {
		rows[i] = row{code: c.Code, name: c.Name, fields: criterionTexts(c)}
	}
	return rows
}

func criterionTexts(c par.Criterion) []FieldChange {
	r := c.Rule
	return texts("name", c.Name, "field", c.Field, "max", c.Max.Number().VN(), "kind", string(c.Kind),
		"deadline", deadlineText(r.Deadline), "late", par.WriteLate(r.Late), "floor", numberText(r.Floor), "target", numberText(r.Target),
		"basis", string(r.Basis), "bands", par.WriteBands(r.Bands), "without", string(r.Without), "may_pass", strconv.FormatBool(r.MayPass),
		"step", r.Step.Number().VN(), "items", par.WriteItems(r.Items), "weights", par.WriteWeights(r.Weights),
		"evidence", string(c.Evidence), "guide", c.Guide, "fact", string(c.Fact), "may_not_apply", strconv.FormatBool(c.MayNotApply),
		"needs_remark", strconv.FormatBool(c.NeedsRemark), "done_label", c.DoneLabel, "of_label", c.OfLabel)
}

func deadlineText(d *par.Deadline) string {
	if d == nil {
		return ""
	}
	text := par.WriteDeadline(d)
	if d.Year != 0 {
		text += " " + strconv.Itoa(d.Year)
	}
	return text
}

func numberText(n *Decimal) string {
	if n == nil {
		return ""
	}
	return n.VN()
}

// indexChanges are those of two sets: the scale, fields, criteria by their codes.
func indexChanges(older, newer Version) []Change {
	same := func(code string) string { return code }
	var found []Change
	if fields := fieldChanges(older.scaleTexts(), newer.scaleTexts()); len(fields) > 0 {
		found = append(found, Change{Part: PartScale, How: Changed, Fields: fields})
	}
	found = append(found, rowChanges(PartField, older.fieldRows(), newer.fieldRows(), same)...)
	return append(found, rowChanges(PartCriterion, older.criterionRows(), newer.criterionRows(), same)...)
}
