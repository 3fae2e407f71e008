package templates

import (
	"strings"

	"cchc/domain/par"
	"cchc/templates/words"
)

// TitleRankGroups is the page that says which units are ranked together.
const TitleRankGroups = "Nhóm xếp hạng"

// RankGroupsPage is GET and POST /rank-groups. It posts replaces, reason and for each kind
// of units "kind.<kind>", the name of its group: kinds of one name are ranked together.
type RankGroupsPage struct {
	Shell
	Key      string
	Action   string
	Replaces int64
	Rows     []RankGroupRow
	Reason   string
	History  []RankGroupsSaid
	Writes   bool // the reader may change them
}

// RankGroupRow is one kind of units.
type RankGroupRow struct {
	Field string
	Kind  string
	Units string // "113 đơn vị"
	Name  string // of its group
}

// RankGroupsSaid is groups that were laid down.
type RankGroupsSaid struct {
	State  Chip
	Groups []string // a sentence a group
	Edited string
	Reason string
}

// RankGroupsChip tells whether groups are in force.
func RankGroupsChip(inForce bool) Chip {
	if inForce {
		return RuleChip(RuleInForce)
	}
	return RuleChip(RuleReplaced)
}

// GroupSentences tell which kinds each group has: "Phường, xã, đặc khu: Phường; Xã."
func GroupSentences(groups par.RankGroups) []string {
	var said []string
	done := map[string]bool{}
	for _, one := range groups {
		if done[one.Code] {
			continue
		}
		done[one.Code] = true
		var kinds []string
		for _, other := range groups {
			if other.Code == one.Code {
				kinds = append(kinds, words.UnitGroup(other.Kind))
			}
		}
		said = append(said, one.Name+": "+strings.Join(kinds, "; ")+".")
	}
	return said
}

// RankGroupsSaved is the banner after an edit.
var RankGroupsSaved = Flash{Tone: ToneOK, Text: "Đã ghi nhóm xếp hạng mới.", More: "Xếp hạng tạm tính theo nhóm này; kết quả đã công bố giữ nguyên."}
