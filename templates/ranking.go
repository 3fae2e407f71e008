package templates

import (
	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/templates/words"
)

// Titles of the pages on which the authority makes the result of the index.
const (
	TitleRanking = "Tổng hợp, xếp hạng"
	TitleSurvey  = "Kết quả khảo sát"
	TitleExtras  = "Điểm thưởng, điểm trừ"
	TitlePublish = "Công bố kết quả"
	SheetRanking = "Xếp hạng"
	RankedNoun   = "đơn vị"
)

// RankingPage is GET /campaigns/{code}/ranking: how the units would be ranked now, and
// who lacks what before the result can be published. Query parameters: q, group, state
// and page.
type RankingPage struct {
	Shell
	Facts   []string
	Steps   []CheckLine // what a publication needs, and how far it is there
	Links   []Button    // surveys, bonuses, the appraisal
	Publish *Button     // for officers
	Results *Button     // what has been published; nil: nothing
	Tabs    []Tab       // groups of units
	Filters *RankingFilters
	Heading string
	Rows    []RankingRow
	Paging  Paging
	Empty   Empty
	Take    Takeaway
	PDF     string // the list as an annex of the decision
}

// RankingFilters is the GET form above the table.
type RankingFilters struct {
	URL    string
	Query  string
	Group  string // kept from the tab
	States []Option
	Active int
}

// RankingRow is one unit.
type RankingRow struct {
	Rank      string // "3"; empty: none yet
	Shared    bool
	Unit      string
	URL       string // its appraisal; empty: nothing was handed in
	Stage     Chip
	Appraised string
	Surveyed  string
	Extra     string // "+0,50", "-0,25"; empty: none
	Total     string
	Class     string
	Missing   string // what it lacks
}

// The states of the ranking's filter.
const (
	RankingComplete = "complete"
	RankingLacking  = "lacking"
)

// RankingStates are the choices of the filter.
func RankingStates(chosen string) []Option {
	return []Option{
		{Value: "", Label: "Mọi đơn vị", Selected: chosen == ""},
		{Value: RankingComplete, Label: "Đã đủ điểm", Selected: chosen == RankingComplete},
		{Value: RankingLacking, Label: "Còn thiếu", Selected: chosen == RankingLacking},
	}
}

// RankingChip is how far a unit's appraisal has come; "": it has handed nothing in.
func RankingChip(stage string) Chip {
	if stage == "" {
		return Chip{Icon: "circle", Class: "idle", Word: "Chưa nộp"}
	}
	return AppraisalChip(appraisal.Stage(stage))
}

// NoRanking is a filter that no unit fits.
func NoRanking(url string) Empty {
	return Empty{Title: "Không có đơn vị nào khớp bộ lọc", Text: "Bỏ bớt điều kiện để xem các đơn vị khác.", URL: url, Label: "Bỏ mọi lọc"}
}

// SurveyPage is GET /campaigns/{code}/surveys, which asks for a workbook with survey
// results ("file", posted to the same address), and GET .../surveys/{import}, which
// shows what a workbook would change. That form posts digest, what was on the screen.
// Nothing is saved before.
type SurveyPage struct {
	Shell
	Facts     []string
	Key       string
	Base      string // of these pages
	Back      Link   // the ranking
	MaxSize   string
	Templates []Link // workbooks to fill in
	Groups    []SurveyGroupLine
	Done      []string // workbooks that were taken over

	// Of a workbook that was handed in:
	File    string // its name; empty: none was
	Action  string
	Lines   int
	Marks   []ImportMark
	Marked  string // address of the workbook with its marks; empty: nothing is wrong
	Digest  string
	Changes []SurveyChangeRow
	More    int // changes that are not shown one by one
	Total   int // changes in all
	Same    int
}

// Blocked tells whether the workbook cannot be taken over as it is.
func (p SurveyPage) Blocked() bool { return len(p.Marks) > 0 }

// SurveyGroupLine is a group of respondents, and how far its results are there.
type SurveyGroupLine struct {
	Name     string
	Criteria string // codes of what it is asked about
	Units    string // "186/190 đơn vị"
	Answers  string
	Whole    bool
}

// SurveyChangeRow is one result that changes.
type SurveyChangeRow struct {
	Unit, Criterion, Group string
	Before                 string // empty: nothing stands
	After                  string
}

// SurveyChangesShown is how many changes a page shows one by one.
const SurveyChangesShown = 200

// ExtrasPage is GET and POST /campaigns/{code}/extras: bonuses and penalties. Query
// parameters: q and page of the list, find (letters of a unit's name) and unit (the chosen
// one's code) of the form. It posts unit, kind, points, reason, number, issued_on, title
// and a file; each row that stands posts why to .../extras/{extra}.
type ExtrasPage struct {
	Shell
	Facts     []string
	Key       string
	Action    string
	Back      Link
	Caps      string // how much they may come to
	Find      string // a unit is looked for by these letters
	Found     []Link // that may be meant: each leads to the form
	FoundMore bool   // there are more
	Unit      string // name of the chosen one; empty: none is
	Draft     ExtraDraft
	Kinds     []Option
	Lost      string // a file that must be chosen again
	Accept    string
	MaxSize   string
	Query     string // of the list
	Matching  string // how many rows there are
	Rows      []ExtraRow
	Paging    Paging
	Empty     Empty
	Writes    bool // the reader may add and withdraw
}

// Filling tells whether the form is shown: a unit has been chosen, or something was typed.
func (p ExtrasPage) Filling() bool { return p.Unit != "" || p.Errors != nil && p.Draft.Unit != "" }

// ExtraFormAnchor is where the form stands.
const ExtraFormAnchor = "#them"

// ExtrasNoun is what the list counts.
const ExtrasNoun = "mục"

// ExtraDraft is what stands in the fields, as typed.
type ExtraDraft struct{ Unit, Points, Reason, Number, IssuedOn, Title string }

// ExtraRow is one bonus or penalty.
type ExtraRow struct {
	ID        string
	Key       string
	Action    string // withdraws it, and comes back to this part of the list
	Unit      string
	Points    string // "+0,50"
	Kind      string
	Reason    string
	Document  string
	File      *File
	About     string // who added it, when
	Withdrawn string // who withdrew it, when and why; empty: it stands
	Error     string
	Why       string // as typed
}

// ExtraKinds are the choices of what is added.
func ExtraKinds(chosen par.ExtraKind) []Option {
	options := []Option{{Value: "", Label: "Chọn", Selected: chosen == ""}}
	for _, kind := range par.ExtraKinds {
		options = append(options, Option{Value: string(kind), Label: words.ExtraKind(kind), Selected: kind == chosen})
	}
	return options
}

// NoExtras is the list without rows; query is what was looked for.
func NoExtras(query, url string) Empty {
	if query != "" {
		return Empty{Title: "Không có mục nào của đơn vị tên như vậy", Text: "Gõ ít chữ hơn, không cần dấu.", URL: url, Label: "Xem mọi mục"}
	}
	return Empty{Title: "Chưa có điểm thưởng, điểm trừ", Text: "Mỗi mục ghi ở đây có lý do, văn bản căn cứ và được cộng, trừ vào tổng điểm trong giới hạn của bộ tiêu chí."}
}

// PublishPage is GET and POST /campaigns/{code}/publish. It posts digest and publication,
// what was on the screen, number, issued_on, title, reason, unranked=1 where units without a rank are
// named so, and the decision's file.
type PublishPage struct {
	Shell
	Facts     []string
	Key       string
	Action    string
	Back      Link
	Digest    string
	Number    int // of this publication
	Tops      []PublishGroup
	Unranked  []PublishUnranked
	Agreed    bool // to leave them without a rank
	Draft     PublishDraft
	Lost      string
	Accept    string
	MaxSize   string
	Earlier   string // what is public already; empty: nothing
	Unchanged bool   // and it says the same
	MovedOn   bool   // the result is another than was on the screen
	Ranked    string // "186 đơn vị"
	NoneYet   bool   // nothing can be ranked
}

// PublishGroup is the head of one group's list.
type PublishGroup struct {
	Name    string
	Units   string
	Classes []Pair
	Rows    []RankingRow
	More    string
}

// PublishUnranked is a unit that would be without a rank.
type PublishUnranked struct{ Unit, Missing string }

// PublishDraft is what stands in the fields, as typed.
type PublishDraft struct{ Number, IssuedOn, Title, Reason string }

// PublishShown is how many units of each group the page shows before publication.
const PublishShown = 10

// ShowPublished leads to what has been published.
const ShowPublished = "Xem kết quả đã công bố"

// RankingHead heads the list on a print and in a workbook.
func RankingHead(campaign string) string { return "Xếp hạng tạm tính: " + campaign }

// MoreRanked tells that a list goes on; empty: it does not.
func MoreRanked(n int) string {
	if n <= 0 {
		return ""
	}
	return "Và " + words.Number(n) + " đơn vị khác, xem đủ ở trang tổng hợp."
}

// RankTile is a rank out of how many: "3 / 22".
func RankTile(rank, of int) string { return words.Number(rank) + " / " + words.Number(of) }

// DecisionPairs are the facts of the decision that announced a result.
func DecisionPairs(number string, day calendar.Day, title, at, by string) []Pair {
	return []Pair{
		{Name: "Số, ký hiệu", Value: number}, {Name: "Ngày", Value: words.Date(day)}, {Name: "Trích yếu", Value: title},
		{Name: "Công bố", Value: at + ", " + by},
	}
}

// BackToRanking leads back to the list of units.
const BackToRanking = "Về trang tổng hợp"
