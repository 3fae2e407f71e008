package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/templates/chart"
	"cchc/templates/words"
)

// PlanBoardPage is GET /campaigns/{code}/tasks, and of one plan GET
// /documents/{id}/board: its tasks at one instant. The query parameter view chooses
// what stands under the shares: the tasks, those who lead them (leads), the months
// of the year (months). Filters are status, field, month, group, lead and page; of
// those who lead also q and sort.
type PlanBoardPage struct {
	Shell
	Facts   []string
	Back    Link // where the plan or the campaign is
	Tabs    []Tab
	Shares  TaskShares
	Filters PlanBoardFilters
	Heading string
	Rows    []PlanBoardRow
	Leads   []PlanLeadRow
	Heads   []string // of the statuses in a table
	Months  *PlanMonths
	Paging  Paging
	Empty   Empty
	Take    Takeaway
}

// PlansPage is GET /plans: the campaigns of plans that the reader takes part in.
type PlansPage struct {
	Shell
	Rows   []PlanCampaignRow
	Paging Paging
	Empty  Empty
}

// PlanCampaignRow is one campaign of plans.
type PlanCampaignRow struct {
	Name  string
	URL   string   // of its board; of the campaign or the reader's own draft while no plan lives
	Facts []string // its year, how many plans live
	Done  string   // how far the tasks have come, or that there are none
	Flags []Flag
	Bars  []TaskBar
	Cells []TaskCell // none while no plan lives
}

// TaskShares is how tasks are spread over the statuses: one bar, a cell each.
type TaskShares struct {
	Bars   []TaskBar
	Cells  []TaskCell
	Total  string // "60 nhiệm vụ"
	Done   string // "Hoàn thành 24/58, đạt 41,38 %"
	Spoken string
}

// TaskBar is a drawn part of tasks alike in status.
type TaskBar struct {
	Status   plan.Status
	X, Width int
}

// TaskCell is one status with its number.
type TaskCell struct {
	Status  plan.Status
	Name    string
	Count   int
	Share   string
	URL     string
	Current bool
}

// PlanBoardFilters is the GET form above the list, and what is set.
type PlanBoardFilters struct {
	URL      string
	View     string
	Lead     string // kept as it is
	Named    bool   // the list has names to look for
	Query    string
	Statuses []Option
	Fields   []Option
	Months   []Option
	Groups   []Option
	Sorts    []Option
	Chips    []Chosen
	ClearURL string
	Active   int
}

// Chosen is a filter that is set; its URL takes it away.
type Chosen struct{ Label, URL string }

// PlanBoardRow is one task.
type PlanBoardRow struct {
	TaskText
	URL     string
	Unit    string // of the plan; empty on the board of one
	Field   string
	Chip    Chip
	Left    string
	Percent string
}

// PlanLeadRow is who leads tasks, with their spread.
type PlanLeadRow struct {
	Name    string
	URL     string
	Planned string
	Share   string
	Bars    []TaskBar
	Cells   []TaskCell
}

// PlanMonths is the timeline: the year's months with their tasks, in two sizes, and
// its table.
type PlanMonths struct {
	Wide, Small TaskColumns
	Spoken      string
	Rows        []PlanMonthRow
}

// TaskColumns is a drawn timeline.
type TaskColumns struct {
	chart.Columns
	Today string // name of the line that marks now
}

// PlanMonthRow is one month of the table.
type PlanMonthRow struct {
	Name    string
	URL     string
	Planned string
	Share   string
	Cells   []TaskCell
	Now     bool
}

// The views of a plan board.
const (
	PlanTasksView  = ""
	PlanLeadsView  = "leads"
	PlanMonthsView = "months"
)

// Words of plan boards.
const (
	TitlePlans       = "Kế hoạch"
	PlanCampaignNoun = "đợt kế hoạch"
	NoPlanLives      = "Chưa có kế hoạch nào được duyệt"
	TitlePlanBoard   = "Tiến độ kế hoạch"
	UnitPlanBoard    = "Bảng tiến độ"
	BackToCampaign   = "Về đợt kế hoạch"
	PlanByTask       = "Theo nhiệm vụ"
	PlanByLead       = "Theo đơn vị chủ trì"
	PlanByOwnLead    = "Theo chủ trì"
	PlanByMonth      = "Theo tháng"
	TaskNoun         = "nhiệm vụ"
	LeadNoun         = "đơn vị chủ trì"
	OwnLeadNoun      = "đầu mối chủ trì"
	NoDeadlineMonth  = "Không có ngày cuối"
	SheetTasks       = "Nhiệm vụ"
	SheetLeads       = "Chủ trì"
	SheetMonths      = "Theo tháng"
	noDeadlineShort  = "—"
	todayLine        = "Hôm nay"
	allChoices       = "Tất cả"
)

// chartStatuses is the order in which statuses are stacked, from below.
var chartStatuses = []plan.Status{plan.DoneInTime, plan.DoneLate, plan.InProgress, plan.NotStarted, plan.Overdue, plan.Cancelled}

// ChartStatus is the status of a part of a column.
func (TaskColumns) ChartStatus(part int) plan.Status { return chartStatuses[part] }

// TaskStatusHeads are the statuses as heads of a table.
func TaskStatusHeads() []string {
	heads := make([]string, len(plan.Statuses))
	for i, status := range plan.Statuses {
		heads[i] = words.TaskStatus(status)
	}
	return heads
}

// TaskSharesOf lays a tally out; link is the board narrowed to a status, chosen the
// one it is narrowed to.
func TaskSharesOf(t plan.Tally, chosen plan.Status, link func(plan.Status) string) TaskShares {
	s := TaskShares{
		Bars: TaskBars(t), Cells: TaskCells(t, link), Total: words.TaskCount(t.Total()),
		Done: PlanDone(t),
	}
	var parts []string
	for i := range s.Cells {
		cell := &s.Cells[i]
		cell.Current = cell.Status == chosen
		parts = append(parts, words.Lower(cell.Name)+" "+words.Number(cell.Count))
	}
	s.Spoken = s.Total + ": " + strings.Join(parts, ", ") + "."
	return s
}

// PlanDone tells how far a tally has come: "Hoàn thành 24/58, đạt 41,38 %".
func PlanDone(t plan.Tally) string {
	return fmt.Sprintf("Hoàn thành %s, đạt %s", PartOf(t.Done(), t.Planned()), words.PlanShare(t))
}

// TaskBars are the drawn parts of a tally.
func TaskBars(t plan.Tally) []TaskBar {
	counts := make([]int, len(plan.Statuses))
	for i, status := range plan.Statuses {
		counts[i] = t[status]
	}
	var bars []TaskBar
	for _, bar := range chart.Stack(counts) {
		bars = append(bars, TaskBar{Status: plan.Statuses[bar.Part], X: bar.X, Width: bar.Width})
	}
	return bars
}

// TaskCells are the counts of a tally in the order of boards.
func TaskCells(t plan.Tally, link func(plan.Status) string) []TaskCell {
	cells := make([]TaskCell, len(plan.Statuses))
	for i, status := range plan.Statuses {
		cells[i] = TaskCell{
			Status: status, Name: words.TaskStatus(status), Count: t[status], Share: words.Share(t[status], t.Total()), URL: link(status),
		}
	}
	return cells
}

// Timeline draws a year's months and what has no last day; now is how far the year
// has come in thousandths, less than 0 or more than 1000 in another year.
func Timeline(year int, months []plan.Tally, none plan.Tally, now int) PlanMonths {
	var axis []chart.Stretch
	for i, tally := range months {
		axis = append(axis, chart.Stretch{Name: strconv.Itoa(i + 1), Counts: stacked(tally)})
	}
	var apart *chart.Stretch
	if none.Total() > 0 {
		apart = &chart.Stretch{Name: noDeadlineShort, Counts: stacked(none)}
	}
	draw := func(width, height int) TaskColumns {
		return TaskColumns{Columns: chart.ColumnsOf(width, height, axis, apart, now, writeCount), Today: todayLine}
	}
	m := PlanMonths{Wide: draw(1040, 280), Small: draw(308, 210)}
	var parts []string
	for i, tally := range months {
		if tally.Total() > 0 {
			parts = append(parts, fmt.Sprintf("tháng %d có %s, hoàn thành %s", i+1, words.TaskCount(tally.Planned()), words.Number(tally.Done())))
		}
	}
	if none.Total() > 0 {
		parts = append(parts, fmt.Sprintf("%s không có ngày cuối, hoàn thành %s", words.TaskCount(none.Planned()), words.Number(none.Done())))
	}
	if len(parts) == 0 {
		parts = []string{"chưa có nhiệm vụ nào"}
	}
	m.Spoken = fmt.Sprintf("Nhiệm vụ theo tháng đến hạn năm %d: %s.", year, strings.Join(parts, "; "))
	return m
}

func stacked(t plan.Tally) []int {
	counts := make([]int, len(chartStatuses))
	for i, status := range chartStatuses {
		counts[i] = t[status]
	}
	return counts
}

func writeCount(n int64) string { return words.Number(int(n)) }

// MonthOfYear is "Tháng 6/2027".
func MonthOfYear(year, month int) string { return fmt.Sprintf("Tháng %d/%d", month, year) }

// PlanBoardFacts are the grey facts: how many plans of the roster, for who reads it
// all, and the instant of all numbers.
func PlanBoardFacts(plans, roster int, now time.Time) []string {
	instant := "Số liệu lúc " + words.Second(now)
	if roster == 0 {
		return []string{instant}
	}
	return []string{fmt.Sprintf("%s kế hoạch đã duyệt", PartOf(plans, roster)), instant}
}

// PlanLineFacts are the grey facts under a campaign of plans: its year, and how many
// of the plans that were asked for have been approved.
func PlanLineFacts(code string, plans, roster int) []string {
	facts := []string{fmt.Sprintf("%s kế hoạch đã duyệt", PartOf(plans, roster))}
	if p, err := period.Parse(code); err == nil {
		facts = append([]string{words.Upper(words.Period(p))}, facts...)
	}
	return facts
}

// NoPlans is the list without a campaign.
func NoPlans() Empty {
	return Empty{Title: "Chưa có đợt kế hoạch nào", Text: "Kế hoạch hiện ở đây khi Sở Nội vụ mở đợt lập kế hoạch năm."}
}

// UnitPlanFacts are the grey facts over one plan.
func UnitPlanFacts(unit, campaign string, now time.Time) []string {
	return []string{unit, campaign, "Số liệu lúc " + words.Second(now)}
}

// LeadSortOptions are the orders of those who lead.
func LeadSortOptions(chosen string) []Option {
	options := []Option{{Value: "late", Label: "Quá hạn nhiều nhất"}, {Value: "share", Label: "Tỷ lệ hoàn thành thấp nhất"}, {Value: "name", Label: "Tên"}}
	for i := range options {
		options[i].Selected = options[i].Value == chosen
	}
	return options
}

// TaskStatusOptions are the choices of a status.
func TaskStatusOptions(chosen plan.Status) []Option {
	options := []Option{{Label: allChoices, Selected: chosen == ""}}
	for _, status := range plan.Statuses {
		options = append(options, Option{Value: string(status), Label: words.TaskStatus(status), Selected: status == chosen})
	}
	return options
}

// FieldOptions are the fields of a plan's form.
func FieldOptions(fields []plan.Choice, chosen string) []Option {
	options := []Option{{Label: allChoices, Selected: chosen == ""}}
	for _, field := range fields {
		options = append(options, Option{Value: field.Code, Label: field.Name, Selected: field.Code == chosen})
	}
	return options
}

// MonthOptions are the months of the plan's year, and none, as values name them.
func MonthOptions(year int, none, chosen string) []Option {
	options := []Option{{Label: allChoices, Selected: chosen == ""}}
	for month := 1; month <= 12; month++ {
		value := fmt.Sprintf("%04d-%02d", year, month)
		options = append(options, Option{Value: value, Label: MonthOfYear(year, month), Selected: value == chosen})
	}
	return append(options, Option{Value: none, Label: NoDeadlineMonth, Selected: chosen == none})
}

// LabelOf is the label of the chosen option; empty when that is the first, which
// narrows nothing.
func LabelOf(options []Option) string {
	for i, option := range options {
		if option.Selected && i > 0 {
			return option.Label
		}
	}
	return ""
}

// PlanNarrowed says a plan board's filter in words.
func PlanNarrowed(chips []Chosen, query string) string {
	var parts []string
	if query != "" {
		parts = append(parts, "tên có “"+query+"”")
	}
	for _, chip := range chips {
		parts = append(parts, words.Lower(chip.Label))
	}
	if len(parts) == 0 {
		return "Bộ lọc: không lọc"
	}
	return "Bộ lọc: " + strings.Join(parts, ", ")
}

// ChosenLabel names a set filter: "Tháng: Tháng 6/2027".
func ChosenLabel(name, value string) string { return name + ": " + value }

// Names of the filters of a plan board.
const (
	FilterStatus = "Trạng thái"
	FilterField  = "Lĩnh vực"
	FilterMonth  = "Đến hạn"
	FilterGroup  = "Loại đơn vị"
	FilterLead   = "Chủ trì"
)

// LeadsHeading is the head of the list of those who lead.
func LeadsHeading(n int, own bool) string {
	if own {
		return counted(n, OwnLeadNoun)
	}
	return counted(n, LeadNoun)
}

// TaskPercent is how far a task has come, as noted last.
func TaskPercent(percent *int) string {
	if percent == nil {
		return ""
	}
	return fmt.Sprintf("%d %%", *percent)
}

// NoPlanTasks is a plan board without a task; all is it without filters, empty where
// none is set.
func NoPlanTasks(all string) Empty {
	if all == "" {
		return Empty{Title: "Chưa có nhiệm vụ nào được theo dõi", Text: "Nhiệm vụ hiện ra khi kế hoạch của đơn vị được Sở Nội vụ duyệt."}
	}
	return Empty{Title: "Không có nhiệm vụ nào khớp bộ lọc", Text: "Bỏ bớt điều kiện để thấy nhiều nhiệm vụ hơn.", URL: all, Label: "Bỏ mọi lọc"}
}

// PlanBoardPrintTitle heads a plan board on paper.
func PlanBoardPrintTitle(name string) string { return TitlePlanBoard + ": " + name }

// Titles of the columns of the workbooks.
var (
	TaskSheet = []string{
		"Đơn vị", "STT", "Lĩnh vực", "Nhiệm vụ", "Sản phẩm dự kiến", "Chủ trì", "Phối hợp", "Thời hạn", "Ngày cuối", "Trạng thái", "Tiến độ, %", "Ngày hoàn thành",
	}
	leadSheet  = []string{"Chủ trì", "Số nhiệm vụ phải thực hiện"}
	monthSheet = []string{"Tháng đến hạn", "Số nhiệm vụ phải thực hiện"}
)

// LeadSheet are the titles over those who lead.
func LeadSheet() []string { return append(append([]string{}, leadSheet...), tallyTitles()...) }

// MonthSheet are the titles over the months.
func MonthSheet() []string { return append(append([]string{}, monthSheet...), tallyTitles()...) }

func tallyTitles() []string { return append(TaskStatusHeads(), "Tỷ lệ hoàn thành") }
