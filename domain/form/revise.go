package form

import (
	"slices"
	"strconv"

	"cchc/domain/plan"
)

// Parts of a form in which versions differ.
const (
	PartGeneral     = "general"
	PartSection     = "section"
	PartIndicator   = "indicator"
	PartCheck       = "check"
	PartPlanField   = "plan_field"   // of a plan: the fields of its tasks, and how deadlines are read
	PartPlanProduct = "plan_product" // of a plan: the kinds of products
)

// How a row of a form differs.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
	Moved   = "moved" // the row itself is the same
)

// Change is one row in which two versions of a form differ.
type Change struct {
	Part   string
	How    string
	Code   string // of the section or indicator; a check's rule; empty in general
	Name   string // its title or name, of the newer version where it has one
	Fields []FieldChange
}

// FieldChange is one field of a changed row; texts as the form has them.
type FieldChange struct{ Field, Before, After string }

// Changes lists what the newer version changes: in general, in sections,
// indicators, checks and criteria, each in the newer order with what is gone after it. An
// indicator that the mapping continues under another code is changed, not new.
func Changes(older, newer Version, m Mapping) []Change {
	var found []Change
	if fields := fieldChanges(older.general(), newer.general()); len(fields) > 0 {
		found = append(found, Change{Part: PartGeneral, How: Changed, Name: newer.Title, Fields: fields})
	}
	same := func(code string) string { return code }
	before := func(code string) string {
		if into := m.Into(code); len(into) == 1 && m.oneToOne(into[0]) {
			return into[0].From
		}
		if _, kept := older.Indicator(code); kept && len(m.Rows) == 0 {
			return code
		}
		return ""
	}
	found = append(found, rowChanges(PartSection, older.sectionRows(), newer.sectionRows(), same)...)
	found = append(found, rowChanges(PartIndicator, older.indicatorRows(), newer.indicatorRows(), before)...)
	found = append(found, rowChanges(PartCheck, older.checkRows(), newer.checkRows(), same)...)
	if fields := fieldChanges(older.deadline(), newer.deadline()); len(fields) > 0 {
		found = append(found, Change{Part: PartPlanField, How: Changed, Fields: fields})
	}
	found = append(found, rowChanges(PartPlanField, choiceRows(older.table().Fields), choiceRows(newer.table().Fields), same)...)
	found = append(found, rowChanges(PartPlanProduct, choiceRows(older.table().Products), choiceRows(newer.table().Products), same)...)
	return append(found, indexChanges(older, newer)...)
}

// row is a row of a form as texts by field.
type row struct {
	code, name string
	fields     []FieldChange // Before alone is used
}

func texts(pairs ...string) []FieldChange {
	fields := make([]FieldChange, 0, len(pairs)/2)
	for pair := range slices.Chunk(pairs, 2) {
		fields = append(fields, FieldChange{Field: pair[0], Before: pair[1]})
	}
	return fields
}

func (v Version) general() []FieldChange {
	return texts("title", v.Title, "tolerance", strconv.Itoa(v.Tolerance))
}

func (v Version) sectionRows() []row {
	rows := make([]row, len(v.Sections))
	for i, s := range v.Sections {
		rows[i] = row{code: s.Code, name: s.Title, fields: texts("title", s.Title,
			"required", strconv.FormatBool(s.Required), "hint", s.Hint, "parent", s.Parent)}
	}
	return rows
}

func (v Version) indicatorRows() []row {
	rows := make([]row, len(v.Indicators))
	for i, one := range v.Indicators {
		rows[i] = row{code: one.Code, name: one.Name, fields: texts("code", one.Code, "name", one.Name,
			"group", one.Group, "unit", one.Unit, "type", one.Type, "numerator", one.Numerator,
			"denominator", one.Denominator, "across_time", one.AcrossTime, "valid_to", one.ValidTo,
			"indent", strconv.Itoa(one.Indent))}
	}
	return rows
}

func (v Version) checkRows() []row {
	rows := make([]row, len(v.Checks))
	for i, check := range v.Checks {
		text := check.Rule
		if parsed, err := ParseRule(check.Rule); err == nil {
			text = parsed.String()
		}
		rows[i] = row{code: text, name: check.Note, fields: texts("severity", check.Severity, "note", check.Note)}
	}
	return rows
}

// table is the plan's table; the zero value where the form has none.
func (v Version) table() plan.Table {
	if v.Plan == nil {
		return plan.Table{}
	}
	return *v.Plan
}

func (v Version) deadline() []FieldChange {
	rule := v.table().Deadline
	return texts("excludes_date", strconv.FormatBool(rule.ExcludesDate), "cutoff", strconv.Itoa(rule.Cutoff), "shift", string(rule.Shift))
}

func choiceRows(choices []plan.Choice) []row {
	rows := make([]row, len(choices))
	for i, one := range choices {
		rows[i] = row{code: one.Code, name: one.Name, fields: texts("name", one.Name)}
	}
	return rows
}

// rowChanges compares two tables; before names the older row that a newer one
// continues, "" for none.
func rowChanges(part string, older, newer []row, before func(code string) string) []Change {
	at := map[string]int{}
	for i, one := range older {
		at[one.code] = i
	}
	var found []Change
	var continued []int // rows of older, in the newer order
	pairs := map[int]row{}
	for _, now := range newer {
		i, known := at[before(now.code)]
		if _, taken := pairs[i]; !known || taken {
			found = append(found, Change{Part: part, How: Added, Code: now.code, Name: now.name})
			continue
		}
		pairs[i] = now
		continued = append(continued, i)
		if fields := fieldChanges(older[i].fields, now.fields); len(fields) > 0 {
			found = append(found, Change{Part: part, How: Changed, Code: now.code, Name: now.name, Fields: fields})
		}
	}
	for _, i := range outOfOrder(continued) {
		found = append(found, Change{Part: part, How: Moved, Code: pairs[i].code, Name: pairs[i].name})
	}
	for i, one := range older {
		if _, kept := pairs[i]; !kept {
			found = append(found, Change{Part: part, How: Removed, Code: one.code, Name: one.name})
		}
	}
	return found
}

func fieldChanges(older, newer []FieldChange) []FieldChange {
	var found []FieldChange
	for i, now := range newer {
		if older[i].Before != now.Before {
			found = append(found, FieldChange{Field: now.Field, Before: older[i].Before, After: now.Before})
		}
	}
	return found
}

// outOfOrder are the fewest numbers without which the others ascend: the rows
// that were moved.
func outOfOrder(numbers []int) []int {
	longest, before := make([]int, len(numbers)), make([]int, len(numbers))
	end := -1
	for i := range numbers {
		longest[i], before[i] = 1, -1
		for j := range i {
			if numbers[j] < numbers[i] && longest[j]+1 > longest[i] {
				longest[i], before[i] = longest[j]+1, j
			}
		}
		if end < 0 || longest[i] > longest[end] {
			end = i
		}
	}
	var staying []int
	for ; end >= 0; end = before[end] {
		staying = append(staying, numbers[end])
	}
	return slices.DeleteFunc(slices.Clone(numbers), func(n int) bool { return slices.Contains(staying, n) })
}
