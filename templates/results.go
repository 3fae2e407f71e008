package templates

import (
	"cchc/templates/chart"
	"cchc/templates/words"
)

// Titles of the published result's pages and workbooks.
const (
	TitleResults = "Kết quả chỉ số CCHC"
	SheetResults = "Kết quả"
)

// ResultsPage is GET /campaigns/{code}/results: what has been published, for everybody
// of the campaign. Query parameters: publication (number; the newest without), group,
// class, q and page.
type ResultsPage struct {
	Shell
	Facts    []string
	Note     *Note  // that it is a correction, or that there is a newer one
	Decision []Pair // number, day, title
	File     File
	Own      []OwnResult // of the reader's units
	Tabs     []Tab
	Classes  []ResultClass
	Bars     []chart.Bar
	Mean     string
	Spoken   string
	Filters  *ResultFilters
	Heading  string
	Rows     []ResultRow
	Paging   Paging
	Empty    Empty
	Take     Takeaway
	PDF      string
	Issues   []PublicationLine // all publications; one alone: none
}

// OwnResult is the result of a unit of the reader's.
type OwnResult struct {
	Unit, Sentence, URL string
}

// ResultClass is how many units have a class.
type ResultClass struct {
	Name    string
	Step    int // of its colour, from the best, 0
	Count   int
	Share   string
	URL     string
	Current bool
}

// ResultFilters is the GET form above the list.
type ResultFilters struct {
	URL     string
	Query   string
	Hidden  []HiddenField
	Classes []Option
	Active  int
}

// ResultRow is one unit of the list.
type ResultRow struct {
	Rank      string // empty: none
	Shared    bool
	Unit      string
	URL       string // its result; empty: not for this reader
	Own       bool
	Appraised string
	Surveyed  string
	Extra     string
	Total     string
	Width     int // of its bar, in thousandths of the whole
	Class     string
	Step      int // of the class's colour
	Missing   string
}

// PublicationLine is one publication in the list of all.
type PublicationLine struct {
	Name    string // "Lần 2"
	About   string // when, by which decision
	Reason  string
	URL     string
	Current bool
}

// UnitResultPage is GET /campaigns/{code}/results/{unit}: a unit's published result, every
// score with its why, beside its group and the years before. Query parameter:
// publication.
type UnitResultPage struct {
	Shell
	Facts []string
	Note  *Note
	// Unfinished says that the appraisal was under way at the publication; nil: it was over.
	Unfinished *Note
	Rank       string // "3 / 22"; "—": none
	Total      string // "—": none, as long as points are lacking or may change
	Class      string
	Step       int
	Why        []string
	Fields     []ResultField
	Compared   string // name of the group beside it
	Earlier    string // the year before; empty: none
	Radar      chart.Radar
	Wide       chart.Bars
	Small      chart.Bars
	Spoken     string
	Extras     []ResultExtra
	Years      []ResultYear
	YearPlot   *chart.Plot
	YearSaid   string
	Gone       []ResultGone // criteria that the set no longer has
}

// ResultField is one field of the index with its criteria.
type ResultField struct {
	Code, Name string
	Anchor     string
	Points     string // "12,50 / 15,00"
	Percent    string // empty: nothing applies
	Mean       string // of the group
	Before     string // the year before
	Rows       []ResultScore
}

// ResultScore is one criterion.
type ResultScore struct {
	Code, Name, Max string
	Survey          bool
	Self            string
	First           string
	Second          string
	Final           string
	Before          string // the year before; empty: none
	Unlike          string // why it cannot be compared with; empty: it can
	WhyTitle        string
	Why             []string
	Anchor          string
}

// ResultExtra is a bonus or a penalty.
type ResultExtra struct{ Points, Kind, Reason, Document string }

// ResultYear is one year in the table of all.
type ResultYear struct {
	Year, Total, Class, Rank, Change, URL string
	Unlike                                string // the set was another
	Current                               bool
}

// ResultGone is a criterion of the year before that is not there any more.
type ResultGone struct{ Code, Name, Points string }

// NoteUnfinished is said over the result of a unit whose appraisal was under way.
func NoteUnfinished() *Note {
	return &Note{
		Tone: ToneWarn, Bold: "Thẩm định chưa xong khi công bố.",
		Text: "Trang này có điểm tự chấm và điểm của các vòng thẩm định đã kết thúc; chưa có tổng điểm, xếp loại và hạng.",
	}
}

// ResultAnchor is the id of a criterion's row.
func ResultAnchor(criterion string) string { return anchor("tieu-chi-" + criterion) }

// FieldAnchor is the id of a field's table.
func FieldAnchor(field string) string { return anchor("linh-vuc-" + field) }

// NoResults is the page before the first publication.
func NoResults(campaign string) Empty {
	return Empty{
		Title: "Chưa công bố kết quả", Text: "Kết quả có ở đây sau khi thẩm định, khảo sát xong và có quyết định công bố.",
		URL: "/campaigns/" + campaign, Label: "Về đợt đánh giá",
	}
}

// NoMatchingResults is a filter that no unit fits.
func NoMatchingResults(url string) Empty {
	return Empty{Title: "Không có đơn vị nào khớp bộ lọc", Text: "Bỏ bớt điều kiện để xem các đơn vị khác.", URL: url, Label: "Bỏ mọi lọc"}
}

// ResultSheet are the titles of the workbook's columns.
var ResultSheet = []string{
	"Nhóm", "Hạng", "Mã đơn vị", "Đơn vị", "Điểm thẩm định", "Điểm khảo sát", "Điểm tối đa không áp dụng", "Điểm quy đổi",
	"Điểm thưởng", "Điểm trừ", "Tổng điểm", "Xếp loại", "Còn thiếu",
}

// ClassOptionsOf are the classes as choices of a filter.
func ClassOptionsOf(names []string, chosen string) []Option {
	options := []Option{{Value: "", Label: "Mọi xếp loại", Selected: chosen == ""}}
	for _, name := range names {
		options = append(options, Option{Value: name, Label: name, Selected: name == chosen})
	}
	return options
}

// radar and bars are drawings with the sentence that says them.
type radar struct {
	Radar  chart.Radar
	Spoken string
}

func radarOf(r chart.Radar, spoken string) radar { return radar{r, spoken} }

type bars struct {
	Bars   chart.Bars
	Spoken string
}

func barsOf(b chart.Bars, spoken string) bars { return bars{b, spoken} }

// ResultsHead names the list on a print and in a workbook.
func ResultsHead(campaign string, number int, group string) string {
	return words.Join(campaign, words.PublicationName(number), group)
}
