package templates

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/templates/chart"
	"cchc/templates/words"
)

// TitleDashboard is the name of the leader's first page.
const TitleDashboard = "Tình hình nộp báo cáo"

// DashboardPage is GET /dashboard: how reporting stands over what the reader may
// read, at one instant. The campaign is the query parameter campaign.
type DashboardPage struct {
	Shell
	Facts     []string
	Campaigns []Option
	Tiles     []StatTile
	Classes   Share
	Groups    []GroupShare // none for the reader of one unit
	Trend     Trend
	Heat      *Heat // by kind of units and period; nil with one period or one kind
	Desks     []DeskLoad
	Worst     []WorstUnit
	WorstOf   string // over which periods
	Board     string // the chosen campaign's board
	Empty     Empty  // shown instead when there is no campaign
}

// StatTile is one number with what it counts, how it compares, and where it
// leads.
type StatTile struct {
	Label  string
	Value  string
	Of     string // small, beside the value: "%", "/ 186"
	Tenths int    // length of the thin bar, of 1000
	Change string // against the period before
	Icon   string // arrow-up, arrow-down, or none
	Note   string
	Bad    bool // the note is a flag
	URL    string
}

// Share is the counted classes as one bar with a cell each; the percentages sum to
// 100,0.
type Share struct {
	Bars   []ClassBar
	Cells  []ClassCell
	Total  string // "186 đơn vị phải nộp = 100 %"
	Beside string // what is counted beside the classes
	Spoken string // all of it as one sentence
}

// ClassBar is a drawn part of a share.
type ClassBar struct {
	Class    document.Punctuality
	X, Width int
}

// ClassCell is one class with its number.
type ClassCell struct {
	Class   document.Punctuality
	Name    string
	Percent string
	Count   int
	URL     string
}

// GroupShare is the classes of one kind of units.
type GroupShare struct {
	Name   string
	Asked  int
	Bars   []ClassBar
	Cells  []ClassCell
	InTime string // percent
	Late   int    // overdue now
	URL    string
}

// Trend is the share handed in on time over the periods, in two sizes, and its
// table.
type Trend struct {
	Wide, Small chart.Line
	Spoken      string
	Heads       []string // of the classes
	Rows        []TrendRow
}

// TrendRow is one period of the trend's table.
type TrendRow struct {
	Period string
	URL    string
	Cells  []ClassCell
	Asked  int
	Late   string // counted beside: returned after handing in
}

// Heat is on-time shares by kind of units and period.
type Heat struct {
	Periods []string
	Rows    []HeatRow
}

// HeatRow is one kind of units.
type HeatRow struct {
	Name  string
	Cells []HeatCell
}

// HeatCell is one share: its step colours it, the number is always written.
type HeatCell struct {
	Step int // 0: nothing to compute
	Text string
}

// WorstUnit is a unit that was late often.
type WorstUnit struct {
	Name     string
	URL      string
	Late     int
	Missing  int
	Returned int
	Asked    int
}

// HeatText is a share without its sign; "—" for none.
func HeatText(tenths int) string {
	if tenths == chart.None {
		return "—"
	}
	return strings.TrimSuffix(words.Tenths(tenths), " %")
}

// DashboardFacts are the grey facts under the title; the instant is that of all
// numbers.
func DashboardFacts(campaign string, now time.Time, asked, exempt int) []string {
	facts := []string{campaign, "Số liệu lúc " + words.Second(now), counted(asked, "đơn vị phải nộp")}
	if exempt > 0 {
		facts = append(facts, counted(exempt, "đơn vị được miễn, không tính"))
	}
	return facts
}

// CampaignChoice is a campaign in the choice.
func CampaignChoice(code, name string, chosen bool) Option {
	return Option{Value: code, Label: name, Selected: chosen}
}

// ClassShare lays the counts of document.Punctualities out; tenths are their
// shares in order, link is the board narrowed to a class, beside what is counted
// beside.
func ClassShare(counts, tenths []int, link func(document.Punctuality) string, beside string) Share {
	total := 0
	for _, n := range counts {
		total += n
	}
	share := Share{Bars: ClassBars(counts), Cells: ClassCells(counts, tenths, link), Total: counted(total, "đơn vị phải nộp = 100 %"), Beside: beside}
	var parts []string
	for _, cell := range share.Cells {
		parts = append(parts, fmt.Sprintf("%s %s, %s", words.Lower(cell.Name), cell.Percent, counted(cell.Count, "đơn vị")))
	}
	share.Spoken = share.Total + ": " + strings.Join(parts, "; ") + "."
	return share
}

// ClassBars are the drawn parts of counts of document.Punctualities.
func ClassBars(counts []int) []ClassBar {
	var bars []ClassBar
	for _, bar := range chart.Stack(counts) {
		bars = append(bars, ClassBar{Class: document.Punctualities[bar.Part], X: bar.X, Width: bar.Width})
	}
	return bars
}

// ClassCells are the counts of document.Punctualities with their shares.
func ClassCells(counts, tenths []int, link func(document.Punctuality) string) []ClassCell {
	cells := make([]ClassCell, len(counts))
	for i, class := range document.Punctualities {
		cells[i] = ClassCell{Class: class, Name: words.Punctuality(class), Percent: words.Tenths(tenths[i]), Count: counts[i], URL: link(class)}
	}
	return cells
}

// Beside says what the classes do not show by themselves: how many of those not
// handed in are late already, and every return, of what came late too.
func Beside(overdue, returned int) string {
	var parts []string
	if overdue > 0 {
		parts = append(parts, counted(overdue, "đơn vị đang quá hạn ở một bàn."))
	}
	if returned > 0 {
		parts = append(parts, counted(returned, "đơn vị từng bị Sở Nội vụ trả lại, kể cả nộp muộn."))
	}
	return strings.Join(parts, " ")
}

// ClassHeads are the heads of the classes in a table.
func ClassHeads() []string {
	heads := make([]string, len(document.Punctualities))
	for i, class := range document.Punctualities {
		heads[i] = words.Punctuality(class)
	}
	return heads
}

// Names of the two lines of the trend.
const (
	LineInTime = "Nộp đúng hạn"
	LineClean  = "Đúng hạn, không bị trả lại"
)

// TrendSpoken says a trend as a sentence.
func TrendSpoken(labels []string, inTime []int) string {
	var parts []string
	for i, label := range labels {
		if inTime[i] != chart.None {
			parts = append(parts, label+" "+words.Tenths(inTime[i]))
		}
	}
	return "Tỷ lệ nộp đúng hạn theo kỳ: " + strings.Join(parts, ", ") + "."
}

// Labels of the tiles.
const (
	TileInTime   = "Nộp đúng hạn"
	TileMissing  = "Chưa nộp"
	TileReturned = "Từng bị trả lại"
	TileApproved = "Đã duyệt"
	TileHandedIn = "Đã nộp để thẩm định"
)

// OverdueWord is the flag of what is late already.
const OverdueWord = "Đang quá hạn"

// Against is a change beside the period before: "tăng 3,2 điểm so với quý III năm
// 2026".
func Against(tenths int, before string) (change, icon string) {
	switch {
	case tenths > 0:
		icon = "arrow-up"
	case tenths < 0:
		icon = "arrow-down"
	}
	return words.Points(tenths) + " so với " + before, icon
}

// Before tells what the period before came to.
func Before(value, period string) string { return words.Upper(period) + ": " + value }

// NothingBefore is said when there is no period to compare with.
const NothingBefore = "Chưa có kỳ trước để so"

// WorstOver tells over which periods units are compared.
func WorstOver(periods int) string {
	if periods == 1 {
		return "Trong đợt này"
	}
	return fmt.Sprintf("Trong %d kỳ gần nhất", periods)
}

// NoDashboard is the dashboard before the first campaign.
func NoDashboard() Empty {
	return Empty{Title: "Chưa có số liệu", Text: "Bảng tổng hợp hiện ra khi có đợt báo cáo đầu tiên trong phạm vi của bạn.", URL: "/tasks", Label: "Về việc của tôi"}
}

// UnitRecordPage is GET /dashboard/units/{unit}: every document of one unit, the
// newest first.
type UnitRecordPage struct {
	Shell
	Facts  []string
	Rows   []UnitRecordRow
	Paging Paging
	Empty  Empty
}

// UnitRecordRow is one document of a unit.
type UnitRecordRow struct {
	URL      string
	Campaign string
	Status   document.Status
	Class    string
	Due      string
	Signed   string // first handed in; empty: not yet
	Returns  int
	Flags    []Flag
}

// UnitRecordFact is the grey fact under the unit's name.
const UnitRecordFact = "Các báo cáo đã giao cho đơn vị, mới nhất ở trên"

// DocumentNoun is what a unit's record counts.
const DocumentNoun = "báo cáo"

// NoDocuments is a unit without a document.
func NoDocuments() Empty {
	return Empty{Title: "Chưa có báo cáo nào", Text: "Đơn vị chưa có trong danh sách của đợt nào.", URL: "/dashboard", Label: "Về tổng hợp"}
}
