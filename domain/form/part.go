package form

import (
	"reflect"
	"slices"
	"strconv"

	"cchc/domain/plan"
)

// Part is what one page of the editor changes: two people may work on different
// parts of a form at the same time.
type Part struct {
	Kind  string // PartGeneral, PartSection, PartIndicator, PartCheck, one of a plan or of the index
	Group string // of PartIndicator: the indicators of this group alone; of PartCriterion: the field
}

// Extract is the form with nothing but the part.
func (v Version) Extract(p Part) Version {
	if p.ofIndex() {
		return Version{Index: v.extractIndex(p)}
	}
	switch p.Kind {
	case PartGeneral:
		return Version{Title: v.Title, Tolerance: v.Tolerance}
	case PartSection:
		return Version{Sections: v.Sections}
	case PartCheck:
		return Version{Checks: v.Checks}
	case PartPlanField:
		return Version{Plan: &plan.Table{Fields: v.table().Fields, Deadline: v.table().Deadline}}
	case PartPlanProduct:
		return Version{Plan: &plan.Table{Products: v.table().Products}}
	}
	return Version{Indicators: v.InGroup(p.Group)}
}

// Same tells whether two forms agree in the part.
func (v Version) Same(p Part, other Version) bool {
	a, b := v.Extract(p), other.Extract(p)
	return a.Title == b.Title && a.Tolerance == b.Tolerance && sameRows(a.Sections, b.Sections) &&
		sameRows(a.Indicators, b.Indicators) && sameRows(a.Checks, b.Checks) && sameSet(a.Index, b.Index) && sameTable(a.table(), b.table())
}

func sameTable(a, b plan.Table) bool {
	return a.Deadline == b.Deadline && sameRows(a.Fields, b.Fields) && sameRows(a.Products, b.Products)
}

func sameRows[R any](a, b []R) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// Replace is the form with the part as the other has it. The indicators of a
// group stay where the group stands; those that the other gives another group go
// to its end, or make a new one at the end of the form.
func (v Version) Replace(p Part, with Version) Version {
	if p.ofIndex() {
		v.Index = v.replaceIndex(p, with)
		return v
	}
	switch p.Kind {
	case PartGeneral:
		v.Title, v.Tolerance = with.Title, with.Tolerance
	case PartSection:
		v.Sections = with.Sections
	case PartCheck:
		v.Checks = with.Checks
	case PartPlanField, PartPlanProduct:
		v.Plan = replaceTable(p, v.table(), with.table())
	default:
		v.Indicators = replaceGroup(v.Indicators, p.Group, with.Indicators)
	}
	return v
}

func replaceTable(p Part, table, with plan.Table) *plan.Table {
	if p.Kind == PartPlanProduct {
		table.Products = with.Products
	} else {
		table.Fields, table.Deadline = with.Fields, with.Deadline
	}
	return &table
}

func replaceGroup(all []Indicator, group string, rows []Indicator) []Indicator {
	at := slices.IndexFunc(all, func(i Indicator) bool { return i.Group == group })
	if at < 0 {
		at = len(all)
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(i Indicator) bool { return i.Group == group })
	placed := rest[:at:at] // no indicator of the group stands before its first
	var moved []Indicator
	for _, one := range rows {
		if one.Group == group || !hasGroup(rest, one.Group) {
			placed = append(placed, one)
		} else {
			moved = append(moved, one)
		}
	}
	placed = append(placed, rest[at:]...)
	for _, one := range moved {
		placed = appendToGroup(placed, one)
	}
	return placed
}

func hasGroup(all []Indicator, group string) bool {
	return slices.ContainsFunc(all, func(i Indicator) bool { return i.Group == group })
}

func appendToGroup(all []Indicator, one Indicator) []Indicator {
	end := len(all)
	for i, other := range all {
		if other.Group == one.Group {
			end = i + 1
		}
	}
	return slices.Insert(all, end, one)
}

// Groups are the names of the groups in the order of the form.
func (v Version) Groups() []string {
	var groups []string
	for _, one := range v.Indicators {
		if !slices.Contains(groups, one.Group) {
			groups = append(groups, one.Group)
		}
	}
	return groups
}

// InGroup are the indicators of the group.
func (v Version) InGroup(group string) []Indicator {
	var rows []Indicator
	for _, one := range v.Indicators {
		if one.Group == group {
			rows = append(rows, one)
		}
	}
	return rows
}

// MoveGroup puts the group one place up or down; at an end it stays.
func (v Version) MoveGroup(group string, up bool) Version {
	groups := v.Groups()
	at := slices.Index(groups, group)
	to := at + 1
	if up {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(groups) {
		return v
	}
	groups[at], groups[to] = groups[to], groups[at]
	var indicators []Indicator
	for _, one := range groups {
		indicators = append(indicators, v.InGroup(one)...)
	}
	v.Indicators = indicators
	return v
}

// AddGroup begins a group with one empty indicator, whose code follows from the
// place at which the group stands: the eighth begins with 8.1.
func (v Version) AddGroup(group string) Version {
	if group == "" || hasGroup(v.Indicators, group) {
		return v
	}
	code := strconv.Itoa(len(v.Groups())+1) + ".1"
	v.Indicators = append(slices.Clone(v.Indicators), NewIndicator(group, code))
	return v
}

// NewIndicator is an empty row of the group: a count that is summed.
func NewIndicator(group, code string) Indicator {
	return Indicator{Code: code, Group: group, Type: TypeInteger, AcrossUnits: AcrossUnitsSum, AcrossTime: AcrossTimeSum}
}
