package templates

import (
	"fmt"
	"slices"

	"cchc/domain/calendar"
	"cchc/domain/rule"
	"cchc/templates/words"
)

// gridParts are the scripts that only this page needs, asked for at once.
func gridParts() []string {
	return []string{
		"js/grid.js", "js/grid/checks.js", "js/grid/moves.js", "js/grid/numbers.js", "js/grid/paste.js", "js/grid/range.js", "js/grid/ratio.js", "js/grid/said.js", "js/grid/undo.js",
	}
}

// FiguresPage is GET /documents/{id}/figures/{group}: one group of the annex as
// a grid. The form posts, per figure that is typed, "figure.<code>",
// "reason.<code>" and "base.<code>" (the version it was typed on) to the same
// address; next=1 from the button that goes on to the next group,
// reuse=<code> from the one that takes over last period's reason, take=<code> from
// the one that takes over the plan's number.
//
// Where somebody else has saved a figure that was typed here too, the answer is
// 409 with this page. Such a row keeps its base, carries the version that was
// compared with as "clash.<code>", and asks for "choice.<code>": mine or theirs.
// Without a choice it is asked again, so nothing is overwritten unseen.
//
// With Accept: application/json the answer is FiguresSaved, or 409.
type FiguresPage struct {
	Shell
	Document DocumentHead
	Group    int    // 1 to 7
	Heading  string // "3. Cải cách thủ tục hành chính"
	Saved    string // as in SectionPage
	SavedBy  string
	List     []SideItem
	Previous string // head of the figures of the period before: "Quý III"; empty: none
	LastYear string // of the same period last year: "Quý IV năm 2025"; empty: none
	Current  string // "Quý IV"
	Rows     []FigureRow
	Summary  string // "Nhóm 3: còn 1 lỗi, 2 lý do và 1 ô chưa nhập."
	Problem  *Link  // to the nearest thing to mend, here or in another group; nil: none
	Next     *Link  // the group after; nil on the last
}

// Conflicts are the rows that somebody else has saved too.
func (p FiguresPage) Conflicts() []FigureRow {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r FigureRow) bool { return r.Conflict == nil })
}

// FigureRow is one indicator in the grid.
type FigureRow struct {
	Code     string
	Name     string
	Unit     string // of measure
	Indent   int
	Version  int      // base version of the figure; 0: nothing saved yet
	Previous Compared // the period before
	LastYear Compared // the same period last year
	Value    string   // as typed or vi-VN
	Computed bool     // a ratio: shown, never typed
	Above    string   // a ratio's numerator: "3.19+3.20"; empty: only the server can reckon it
	Below    string   // its denominator
	Locked   string   // why it is not typed: "Lấy từ 3.22 của Quý III"; empty: it is
	Known    *KnownNumber
	Errors   rule.Errors
	Warnings rule.Errors // each asks for a reason
	Reason   string
	Offered  string // last period's reason for this indicator
	Conflict *FigureConflict
	Blank    bool // not typed yet: "Chưa nhập. Nếu không có, ghi 0."
}

// KnownNumber is what the unit's plan says for an indicator, and where that is seen.
type KnownNumber struct {
	Text string // "Kế hoạch CCHC năm 2026: 60 nhiệm vụ phải thực hiện, tính đến 14/12/2026."
	URL  string
	Same bool // as stands in the cell: nothing to take over
}

// KnownText tells where a known number comes from. done: it counts completed tasks.
func KnownText(plan, value string, done bool, last calendar.Day) string {
	counts := "nhiệm vụ phải thực hiện, tính đến"
	if done {
		counts = "nhiệm vụ đã có văn bản kết quả đến hết ngày"
	}
	return fmt.Sprintf("%s: %s %s %s.", plan, value, counts, words.Date(last))
}

// Compared is an earlier figure and how far the present one has moved from it.
type Compared struct {
	Value  string // vi-VN; empty: none
	Change string // "+7,9 %"; empty: not comparable
}

// FigureConflict is a cell with two values: what was typed here, in the row
// itself, and what somebody else has saved meanwhile.
type FigureConflict struct {
	Version      int // theirs
	By           string
	When         string // "10:42 hôm nay"
	Mine, Theirs string // vi-VN, or as typed; empty: blank
	MineReason   string
	TheirsReason string
}

// Class is the row's state.
func (r FigureRow) Class() string {
	switch {
	case len(r.Errors) > 0:
		return "broken"
	case r.Conflict != nil || len(r.Warnings) > 0:
		return "doubtful"
	}
	return ""
}

// AskReason tells whether the row has a field for a reason.
func (r FigureRow) AskReason() bool { return len(r.Warnings) > 0 || r.Reason != "" }

// gridRow is a row with the heads of its earlier columns.
type gridRow struct {
	Row                FigureRow
	Previous, LastYear string
}

func figureRow(page FiguresPage, row FigureRow) gridRow {
	return gridRow{Row: row, Previous: page.Previous, LastYear: page.LastYear}
}

// earlierCell is one earlier figure; Name is that of its change in FigureState.
type earlierCell struct {
	Head, Name string
	Figure     Compared
}

func earlier(head, name string, figure Compared) earlierCell {
	return earlierCell{Head: head, Name: name, Figure: figure}
}

// FiguresSaved is what a script is told after it has saved a group: what was
// saved, and what the checks now say of the group.
type FiguresSaved struct {
	Saved    string                 `json:"saved"`    // "10:42"
	Versions map[string]int         `json:"versions"` // by indicator, of all that were sent and taken
	Unread   int                    `json:"unread"`   // texts that are no figures, which were not saved
	Summary  string                 `json:"summary"`
	Problem  string                 `json:"problem"` // address of the nearest thing to mend; empty: none
	Groups   map[string]GroupState  `json:"groups"`  // by number: checks reach across groups
	Rows     map[string]FigureState `json:"rows"`    // by indicator, of this group
}

// GroupState is a group in the list beside the editor.
type GroupState struct {
	State string `json:"state"`
	Bad   bool   `json:"bad"`
}

// FigureState is what may change in a row while others are typed.
type FigureState struct {
	Class    string   `json:"class"`
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
	Blank    bool     `json:"blank"`
	Ratio    string   `json:"ratio"` // of a computed figure
	Previous string   `json:"previous"`
	LastYear string   `json:"lastYear"`
}
