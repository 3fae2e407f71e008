package par

import (
	"slices"
	"strings"

	"cchc/domain/rule"
)

// The codes of what is wrong with groups of ranking, at "kind.<kind>".
const (
	GroupMissing rule.Code = "rank_group_missing" // a kind of units without a group
	GroupLong    rule.Code = "rank_group_long"    // letters allowed
)

// MaxGroupName is the most letters a group's name has.
const MaxGroupName = 80

// RankGroup says in which group the units of a kind are ranked.
type RankGroup struct {
	Kind string `json:"kind"` // of units
	Code string `json:"code"` // of the group; published results name it
	Name string `json:"name"` // "": the software has a name for it
}

// RankGroups are the groups of all kinds of units, in the order in which they are listed.
// A kind that is not among them is ranked by itself.
type RankGroups []RankGroup

// Of is the code of the group in which units of the kind are ranked.
func (g RankGroups) Of(kind string) string {
	for _, one := range g {
		if one.Kind == kind {
			return one.Code
		}
	}
	return kind
}

// Name is the name of a group; "": it has none of its own.
func (g RankGroups) Name(code string) string {
	if at := g.Place(code); at < len(g) {
		return g[at].Name
	}
	return ""
}

// Place is where a group is listed; groups that are not among them come last.
func (g RankGroups) Place(code string) int {
	at := slices.IndexFunc(g, func(one RankGroup) bool { return one.Code == code })
	if at < 0 {
		return len(g)
	}
	return at
}

// GroupField names a kind's group in broken rules: "kind.ward".
func GroupField(kind string) string { return "kind." + kind }

// Check finds what is wrong with the names.
func (g RankGroups) Check() rule.Errors {
	var broken rule.Errors
	for _, one := range g {
		switch letters := len([]rune(one.Name)); {
		case letters == 0:
			broken.Add(GroupMissing, GroupField(one.Kind))
		case letters > MaxGroupName:
			broken.Add(GroupLong, GroupField(one.Kind), MaxGroupName)
		}
	}
	return broken
}

// Regroup is the groups with other names, by kind: kinds of one name are ranked together.
// A group that keeps its name keeps its code. What counts as the same name, without
// diacritics and case, is fold's to say.
func (g RankGroups) Regroup(names map[string]string, fold func(string) string) RankGroups {
	codes := map[string]string{}
	for _, one := range g {
		codes[fold(one.Name)] = one.Code
	}
	spelt := map[string]string{}
	fresh := make(RankGroups, len(g))
	for i, one := range g {
		name := strings.Join(strings.Fields(names[one.Kind]), " ")
		key := fold(name)
		if _, known := spelt[key]; !known {
			spelt[key] = name
		}
		if codes[key] == "" {
			codes[key] = strings.Join(strings.FieldsFunc(key, notInCode), "-")
		}
		fresh[i] = RankGroup{Kind: one.Kind, Code: codes[key], Name: spelt[key]}
	}
	return fresh
}

func notInCode(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }

// Same tells whether nothing is different.
func (g RankGroups) Same(other RankGroups) bool { return slices.Equal(g, other) }
