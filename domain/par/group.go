package par

import (
	"slices"
	"strconv"
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

// Regroup is the groups with other names, by kind: kinds of one name are ranked together,
// those of two never. A group that keeps its name keeps its code. What counts as the same
// name, without diacritics and case, is fold's to say.
func (g RankGroups) Regroup(names map[string]string, fold func(string) string) RankGroups {
	fresh := make(RankGroups, len(g))
	spelt := map[string]string{}
	for i, one := range g {
		name := strings.Join(strings.Fields(names[one.Kind]), " ")
		if _, known := spelt[fold(name)]; !known {
			spelt[fold(name)] = name
		}
		fresh[i] = RankGroup{Kind: one.Kind, Name: spelt[fold(name)]}
	}
	codes, taken := map[string]string{}, map[string]bool{}
	for _, one := range g {
		if _, kept := spelt[fold(one.Name)]; kept {
			codes[fold(one.Name)], taken[one.Code] = one.Code, true
		}
	}
	for i, one := range fresh {
		key := fold(one.Name)
		if codes[key] == "" {
			codes[key] = freeCode(key, taken)
			taken[codes[key]] = true
		}
		fresh[i].Code = codes[key]
	}
	return fresh
}

// freeCode is a code for a folded name that no other group has, whatever signs alone the
// names differ in.
func freeCode(key string, taken map[string]bool) string {
	code := strings.Join(strings.FieldsFunc(key, notInCode), "-")
	if code == "" {
		code = "group"
	}
	free := code
	for n := 2; taken[free]; n++ {
		free = code + "-" + strconv.Itoa(n)
	}
	return free
}

func notInCode(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }

// Same tells whether nothing is different.
func (g RankGroups) Same(other RankGroups) bool { return slices.Equal(g, other) }
