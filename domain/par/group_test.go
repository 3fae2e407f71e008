package par_test

import (
	"fmt"
	"strings"
	"testing"

	"cchc/domain/par"
)

// fold is case and a few marks, as much as these tests need.
func fold(s string) string {
	return strings.NewReplacer("ở", "o", "à", "a", "ư", "u", "ờ", "o", "ã", "a", "ấ", "a").Replace(strings.ToLower(s))
}

func groups() par.RankGroups {
	return par.RankGroups{
		{Kind: "department", Code: "departments", Name: "Sở, ban, ngành"},
		{Kind: "ward", Code: "communes", Name: "Phường, xã"},
		{Kind: "commune", Code: "communes", Name: "Phường, xã"},
	}
}

func TestRankGroups(t *testing.T) {
	g := groups()
	for kind, want := range map[string]string{"department": "departments", "ward": "communes", "commune": "communes", "island": "island"} {
		if got := g.Of(kind); got != want {
			t.Errorf("%s is ranked in %s, want %s", kind, got, want)
		}
	}
	if g.Name("communes") != "Phường, xã" || g.Name("island") != "" || g.Place("departments") != 0 || g.Place("communes") != 1 || g.Place("island") != 3 {
		t.Error("names or places")
	}
}

func TestRegroup(t *testing.T) {
	for name, row := range map[string]struct{ department, ward, commune, want string }{
		"nothing changes":                  {"Sở, ban, ngành", "Phường, xã", "Phường, xã", "departments communes communes"},
		"a kind is ranked by itself":       {"Sở, ban, ngành", "Phường", "Phường, xã", "departments phuong communes"},
		"all together":                     {"Phường, xã", "Phường, xã", "Phường, xã", "communes communes communes"},
		"a new name is a new group":        {"Sở, ban, ngành", "Cấp xã", "Cấp  xã ", "departments cap-xa cap-xa"},
		"case and marks make no new group": {"SO, BAN, NGANH", "Phường, xã", "phuong, xa", "departments communes communes"},
		"signs alone make another group":   {"Sở, ban, ngành", "Cấp xã", "Cấp-xã", "departments cap-xa cap-xa-2"},
		"a name is another group's code":   {"Communes", "Phường, xã", "Phường, xã", "communes-2 communes communes"},
		"a name of signs alone":            {"***", "Phường, xã", "…", "group communes group-2"},
	} {
		fresh := groups().Regroup(map[string]string{"department": row.department, "ward": row.ward, "commune": row.commune}, fold)
		var codes []string
		for _, one := range fresh {
			codes = append(codes, one.Code)
		}
		if got := strings.Join(codes, " "); got != row.want || fresh.Check() != nil {
			t.Errorf("%s: %s, want %s; %v", name, got, row.want, fresh.Check())
		}
		if fresh[1].Code == fresh[2].Code && fresh[1].Name != fresh[2].Name {
			t.Errorf("%s: one group has two names: %v", name, fresh)
		}
		if same := fresh.Same(groups()); same != (name == "nothing changes") {
			t.Errorf("%s: the same: %v", name, same)
		}
	}
}

func TestCheckGroups(t *testing.T) {
	broken := groups().Regroup(map[string]string{"department": " ", "ward": strings.Repeat("ă", par.MaxGroupName+1), "commune": strings.Repeat("ă", par.MaxGroupName)}, fold).Check()
	var told []string
	for _, one := range broken {
		told = append(told, fmt.Sprint(one.Code, " ", one.Field))
	}
	if got := strings.Join(told, ", "); got != "rank_group_missing kind.department, rank_group_long kind.ward" {
		t.Error(got)
	}
}
