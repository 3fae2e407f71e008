package templates

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/form"
	"cchc/templates/chart"
	"cchc/templates/words"
)

// Titles and nouns of the pages that compare an indicator.
const (
	TitleIndicators    = "So sánh chỉ tiêu"
	TitleContributions = "Đóng góp của từng đơn vị"
	SheetIndicator     = "So sánh chỉ tiêu"
	ContributionNoun   = "đơn vị"
)

// IndicatorsPage is GET /indicators: one indicator over all periods. Query
// parameters: form, indicator ("version.code" or a code of the newest version),
// group, unit (its code, or part of its name), length.
type IndicatorsPage struct {
	Shell
	Forms      []Option
	Indicators []IndicatorGroup
	Groups     []Option // kinds of units; none for who reads one unit
	Units      []Option // of who reads several; none otherwise
	ByName     bool     // the unit is found by its name
	UnitText   string   // as typed
	Matches    []Link   // units of that name, to choose from
	NoMatch    bool
	Lengths    []Option // kinds of periods; none with one
	Heading    string   // "3.26 Tỷ lệ giải quyết đúng hạn"
	Facts      []string
	Ratio      bool
	Reading    string // of a ratio, in words
	Wide       chart.Plot
	Small      chart.Plot
	Partial    bool // some period is still under way
	Spoken     string
	Rows       []PeriodRow // newest first
	Book       string      // address of the workbook
	Note       *Note
	Empty      Empty
}

// IndicatorGroup is a group in the choice of indicators.
type IndicatorGroup struct {
	Heading string
	Options []Option
}

// PeriodRow is one campaign in the table.
type PeriodRow struct {
	Period   string
	Campaign string // its name, where the period has several
	Value    string // empty: none
	Missing  string // why there is none
	Change   string // against the period before
	Above    string
	Below    string
	Reported string // "186/188"
	Whole    bool   // everybody has reported
	Open     string // that some are still under way; empty: none
	Version  string // "Phiên bản 2, mã 3.18"
	URL      string // its contributions, or the unit's document
	URLText  string
	Break    string // what speaks against comparing with the periods before; empty: nothing
	Apart    []Link // the indicators to look at instead
}

// Why a period has no value.
const (
	NotInVersion  = "Phiên bản này không hỏi chỉ tiêu"
	NotAskedThen  = "Kỳ này không thu thập"
	NoneConfirmed = "Chưa có báo cáo nào được xác nhận"
	NoDenominator = "—"
	NotInRoster   = "Không có trong danh sách của đợt"
	ApartThen     = "Tách hoặc gộp, không có số so sánh được; xem"
)

// StillOpen is said of a period whose reports are still coming in.
const StillOpen = "đang nhận báo cáo"

// ContributionsLink leads to what each unit gave.
const ContributionsLink = "Xem từng đơn vị"

// UnitOfMeasure names what is counted.
func UnitOfMeasure(unit string) string { return "Đơn vị tính: " + unit }

// BreakText is said where a series breaks.
func BreakText(version int, note string) string {
	text := fmt.Sprintf("Từ phiên bản %d đo khác, không so với các kỳ trước", version)
	if note != "" {
		return text + ": " + strings.TrimSuffix(note, ".") + "."
	}
	return text + "."
}

// VersionPlace is the version and code of a point.
func VersionPlace(version int, code string) string {
	if code == "" {
		return fmt.Sprintf("Phiên bản %d", version)
	}
	return fmt.Sprintf("Phiên bản %d, mã %s", version, code)
}

// ReportedOf counts who has reported.
func ReportedOf(reported, asked int) string {
	return words.Number(reported) + "/" + words.Number(asked)
}

// IndicatorFacts say over whom, and of what instant.
func IndicatorFacts(whom, unit string, now time.Time) []string {
	return []string{whom, UnitOfMeasure(unit), "Chỉ tính báo cáo đã được Sở Nội vụ xác nhận", "Số liệu lúc " + words.Second(now)}
}

// Over whom a series is.
const (
	WholeCity = "Toàn thành phố"
	OwnUnits  = "Các đơn vị của bạn"
)

// ScopeOptions are the kinds of units that a series may be narrowed to.
func ScopeOptions(chosen string) []Option {
	options := []Option{{Value: "", Label: WholeCity, Selected: chosen == ""}}
	for _, group := range words.UnitGroups {
		options = append(options, Option{Value: group, Label: words.UnitGroup(group), Selected: group == chosen})
	}
	return options
}

// lengthWords name the kinds of periods by their letter.
var lengthWords = map[string]string{"m": "Theo tháng", "q": "Theo quý", "h": "Theo 6 tháng", "n": "Theo 9 tháng", "y": "Theo năm"}

// LengthOptions are the kinds of periods that a form was launched for.
func LengthOptions(lengths []string, chosen string) []Option {
	var options []Option
	for _, one := range lengths {
		options = append(options, Option{Value: one, Label: lengthWords[one], Selected: one == chosen})
	}
	return options
}

// IndicatorChoices are the indicators of a version by group.
func IndicatorChoices(v form.Version, chosen string) []IndicatorGroup {
	var groups []IndicatorGroup
	for i, name := range v.Groups() {
		group := IndicatorGroup{Heading: words.Group(i+1, name)}
		for _, one := range v.InGroup(name) {
			group.Options = append(group.Options, Option{Value: one.Code, Label: one.Code + " " + one.Name, Selected: one.Code == chosen})
		}
		groups = append(groups, group)
	}
	return groups
}

// RetiredChoices are the indicators that only earlier versions have.
func RetiredChoices(options []Option) IndicatorGroup {
	return IndicatorGroup{Heading: "Đã thôi thu thập", Options: options}
}

// SeriesSpoken says a series as a sentence.
func SeriesSpoken(heading string, labels, values []string) string {
	var parts []string
	for i, label := range labels {
		if values[i] != "" {
			parts = append(parts, label+" "+values[i])
		}
	}
	if len(parts) == 0 {
		return heading + ": chưa có số liệu."
	}
	return heading + " theo kỳ: " + strings.Join(parts, "; ") + "."
}

// ShortNumber writes a number in ten-thousandths for an axis: "1,2 triệu".
func ShortNumber(n int64) string {
	const one = 10_000
	for _, large := range []struct {
		size int64
		word string
	}{{1_000_000_000 * one, " tỷ"}, {1_000_000 * one, " triệu"}} {
		if n >= large.size || n <= -large.size {
			hundredths := n / (large.size / 100)
			return form.OfTenThousandths(hundredths*(one/100)).VN() + large.word
		}
	}
	return form.OfTenThousandths(n).VN()
}

// NoIndicators is the page before the first campaign with figures.
func NoIndicators() Empty {
	return Empty{Title: "Chưa có số liệu để so sánh", Text: "Trang này có số khi đợt báo cáo đầu tiên có chỉ tiêu trong phạm vi của bạn.", URL: "/campaigns", Label: "Về các đợt báo cáo"}
}

// ChartLatest is how many periods a chart shows; the table has them all.
const ChartLatest = 40

// ChartNote tells that the chart shows the latest periods alone.
func ChartNote(shown, all int) string {
	if all <= shown {
		return ""
	}
	return fmt.Sprintf("Biểu đồ vẽ %d kỳ gần nhất; bảng có đủ %d kỳ.", shown, all)
}

// IndicatorSheet is the heads of the workbook's columns.
var IndicatorSheet = []string{"Kỳ", "Đợt", "Giá trị", "Tử số", "Mẫu số", "Đã xác nhận", "Phải báo cáo", "Phiên bản biểu mẫu", "Mã", "Ghi chú"}

// IndicatorBookAbout are the lines under the workbook's title.
func IndicatorBookAbout(reader, whom, unit string, now time.Time) []string {
	return []string{
		"Phạm vi: " + whom, UnitOfMeasure(unit), "Chỉ tính báo cáo đã được Sở Nội vụ xác nhận; tỷ lệ tính lại từ tổng tử số và tổng mẫu số.",
		"Kết xuất lúc " + words.Moment(now) + ", " + reader,
	}
}

// ContributionsPage is GET /indicators/units: what each unit gave for one period.
// Query parameters: campaign, indicator, group, state (missing) and page.
type ContributionsPage struct {
	Shell
	URL     string
	Hidden  []HiddenField // campaign and indicator
	Heading string
	Facts   []string
	Ratio   bool
	Whole   PeriodRow
	Groups  []Option
	States  []Option
	Rows    []ContributionRow
	Paging  Paging
	Empty   Empty
}

// ContributionRow is one unit.
type ContributionRow struct {
	Unit  string
	Group string
	URL   string
	Chip  Chip
	Value string
	Above string
	Below string
}

// ContributionStates are the choices of the state filter.
func ContributionStates(missing bool) []Option {
	return []Option{{Value: "", Label: "Mọi đơn vị", Selected: !missing}, {Value: "missing", Label: "Chưa tính vào tổng", Selected: missing}}
}

// NoContributions is a filter that nobody fits.
func NoContributions() Empty {
	return Empty{Title: "Không có đơn vị nào khớp bộ lọc", Text: "Bỏ bớt điều kiện để xem các đơn vị khác."}
}
