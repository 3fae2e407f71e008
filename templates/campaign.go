package templates

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// Titles and nouns of the campaign pages.
const (
	TitleCampaigns = "Đợt báo cáo"
	TitleLaunch    = "Mở đợt báo cáo"
	TitleReview    = "Kiểm tra trước khi mở đợt"
	TitleAddUnits  = "Thêm đơn vị vào đợt"
	TitleCalendar  = "Lịch làm việc"
	CampaignNoun   = "đợt"
	UnitNoun       = "đơn vị"
)

// CampaignsPage is GET /campaigns. Filters are query parameters q, year, state
// and page.
type CampaignsPage struct {
	Shell
	Launch  bool // may open a new one
	Open    []ProposalRow
	Filters CampaignFilters
	Rows    []CampaignRow
	Paging  Paging
	Empty   Empty // shown when there is no row
}

// CampaignFilters is the GET form above the list, as filled in.
type CampaignFilters struct {
	Query  string
	Years  []Option
	States []Option
	Active int
}

// CampaignRow is one campaign; its counts are over what the reader may read.
type CampaignRow struct {
	URL    string
	Name   string
	Facts  []string // period, data window, how many units
	Due    string   // words.Due(...), or that nobody is waited for
	Late   bool     // some document is overdue
	Flags  []Flag
	Funnel Funnel
	Done   string // "101/188 đơn vị đã xong"
}

// CampaignYears are the choices of the year filter.
func CampaignYears(chosen string, years []int) []Option {
	options := []Option{{Value: "", Label: "Mọi năm", Selected: chosen == ""}}
	for _, year := range years {
		value := fmt.Sprint(year)
		options = append(options, Option{Value: value, Label: "Năm " + value, Selected: value == chosen})
	}
	return options
}

// CampaignStates are the choices of the state filter.
func CampaignStates(chosen string) []Option {
	return []Option{
		{Value: "", Label: "Mọi đợt", Selected: chosen == ""},
		{Value: "open", Label: "Đang thực hiện", Selected: chosen == "open"},
		{Value: "closed", Label: "Đã xong", Selected: chosen == "closed"},
	}
}

// NoCampaigns is the empty list.
func NoCampaigns(filtered, launches bool) Empty {
	switch {
	case filtered:
		return Empty{Title: "Không có đợt nào khớp bộ lọc", Text: "Thử tên khác hoặc bỏ bớt điều kiện.", URL: "/campaigns", Label: "Bỏ mọi lọc"}
	case launches:
		return Empty{Title: "Chưa có đợt báo cáo nào", Text: "Mở đợt đầu tiên để các đơn vị bắt đầu soạn báo cáo.", URL: "/campaigns/new", Label: "Mở đợt báo cáo"}
	}
	return Empty{Title: "Chưa có đợt báo cáo nào", Text: "Đợt mới hiện ở đây khi Sở Nội vụ mở đợt cho đơn vị của bạn."}
}

// CampaignFacts are the grey facts under a campaign's name.
func CampaignFacts(k document.Kind, p string, w period.Window) []string {
	facts := []string{words.WindowOf(k, w)}
	if parsed, err := period.Parse(p); err == nil {
		facts = append([]string{"Kỳ " + words.Period(parsed)}, facts...)
	}
	return facts
}

// DoneOf tells how many of the roster are done.
func DoneOf(done, all int) string {
	return fmt.Sprintf("%s/%s đơn vị đã xong", words.Number(done), words.Number(all))
}

// OverdueCount is the flag of a campaign with overdue documents.
func OverdueCount(n int) Flag { return OverdueFlag(counted(n, "đơn vị quá hạn")) }

// StartingNote tells how far a launch has got.
func StartingNote(started, all int) string {
	return fmt.Sprintf("Đang khởi động quy trình: %s/%s đơn vị.", words.Number(started), words.Number(all))
}

// CampaignDone is said instead of a due when every unit is done.
const CampaignDone = "Mọi đơn vị đã xong."

// StatusFunnel lays counts out in the order of the statuses; a status that does
// not occur in the kind's chain is left out while it is empty. link gives a
// status its filter link.
func StatusFunnel(counts map[document.Status]int, chosen document.Status, link func(document.Status) string) Funnel {
	var f Funnel
	for _, status := range document.Statuses {
		n := counts[status]
		f.Total += n
		if status == document.IsHandedIn && n == 0 {
			continue // only an index is handed in
		}
		f.Cells = append(f.Cells, FunnelCell{
			Status: status, Name: words.Status(status), Count: n, URL: link(status), Current: status == chosen,
		})
	}
	return f
}

// LaunchPage is GET and POST /campaigns/new: the campaign as an officer lays it
// down. The choice of form and period is a form of its own by GET, which
// fills in the rest; the rest posts here and comes back checked.
type LaunchPage struct {
	Shell
	Key     string
	Draft   LaunchDraft
	Forms   []Option // value "code.version"
	Periods []Option
	Shifts  []Option
	Why     *Why // of the suggested due day
	Groups  []RosterGroup
	Rounds  []RoundFields // of self-assessments: the schedule of their appraisal
	// Proposed says that a series proposes this campaign; nil: nobody but the officer.
	Proposed *LinkedNote
}

// LaunchDraft is what stands in the fields, as typed.
type LaunchDraft struct {
	Form, Period            string
	Plan                    bool // the form is a plan's: the window is its year
	Index                   bool // the form is a self-assessment's: the same
	City                    bool // the authority's plan is the city's own
	Code, Name, Guidance    string
	WindowFrom, WindowTo    string
	DueDay, Cutoff, Shift   string
	Inclusive               bool
	ConfirmDays, ResubmDays string
	Proposal                string // number of the proposal that it answers; empty: none
	Rungs                   []RungRow
}

// RungRow is one row of the ladder's table.
type RungRow struct {
	Index   int
	ID      string // ladder-0: what an error of the rung points to
	Whens   []Option
	Days    string
	To      []RungRecipient
	Repeat  bool
	Problem string // the sentence of what is wrong with it
}

// RungRecipient is one check box of a rung.
type RungRecipient struct {
	Value, Label string
	Checked      bool
}

// RosterGroup is the units of one kind, to be ticked.
type RosterGroup struct {
	Name   string
	Units  []RosterUnit
	Chosen int
}

// RosterUnit is one unit of the roster.
type RosterUnit struct {
	Code, Name string
	Checked    bool
}

// Where a rung stands, as the values of RungRow.Whens.
const (
	RungOff    = ""
	RungBefore = "before"
	RungAtDue  = "due"
	RungAfter  = "after"

	RungHoursBefore = "hours_before"
	RungHoursAfter  = "hours_after"
)

// RungWhens are the choices of when a rung comes.
func RungWhens(chosen string) []Option {
	return []Option{
		{Value: RungOff, Label: "Không dùng", Selected: chosen == RungOff},
		{Value: RungBefore, Label: "Trước hạn (ngày)", Selected: chosen == RungBefore},
		{Value: RungHoursBefore, Label: "Trước hạn (giờ)", Selected: chosen == RungHoursBefore},
		{Value: RungAtDue, Label: "Đúng hạn", Selected: chosen == RungAtDue},
		{Value: RungHoursAfter, Label: "Sau hạn (giờ)", Selected: chosen == RungHoursAfter},
		{Value: RungAfter, Label: "Sau hạn (ngày)", Selected: chosen == RungAfter},
	}
}

// recipientOrder is the order of a rung's check boxes.
var recipientOrder = []string{
	period.ToHolder, period.ToDivisionHead, period.ToDirector, period.ToAuthorityOfficer, period.ToAuthorityHead,
}

// RungRecipients are the check boxes of a rung.
func RungRecipients(chosen []string) []RungRecipient {
	boxes := make([]RungRecipient, len(recipientOrder))
	for i, to := range recipientOrder {
		boxes[i] = RungRecipient{Value: to, Label: words.Upper(words.Recipient(to))}
		for _, one := range chosen {
			boxes[i].Checked = boxes[i].Checked || one == to
		}
	}
	return boxes
}

// ShiftOptions are the choices of where a due on a day off goes.
func ShiftOptions(chosen string) []Option {
	var options []Option
	for _, shift := range []period.Shift{period.ShiftNone, period.ShiftForward, period.ShiftBackward} {
		options = append(options, Option{Value: string(shift), Label: words.Shift(shift), Selected: string(shift) == chosen})
	}
	return options
}

// PeriodOptions are the periods of a choice.
func PeriodOptions(periods []period.Period, chosen string) []Option {
	options := make([]Option, len(periods))
	for i, p := range periods {
		options[i] = Option{Value: p.Code(), Label: words.Upper(words.Period(p)), Selected: p.Code() == chosen}
	}
	return options
}

// FormOption names a form version in a choice.
func FormOption(value, title string, version int, chosen string) Option {
	return Option{Value: value, Label: fmt.Sprintf("%s, phiên bản %d", title, version), Selected: value == chosen}
}

// CampaignName is the suggested name of a campaign.
func CampaignName(kind document.Kind, p period.Period) string {
	name := "Báo cáo CCHC "
	switch kind {
	case document.AdHoc:
		name = "Báo cáo đột xuất về CCHC "
	case document.Plan:
		name = "Kế hoạch CCHC "
	case document.Index:
		name = "Tự đánh giá chỉ số CCHC "
	}
	return name + words.Period(p)
}

// LaunchReviewPage is the answer of POST /campaigns/new when all is in order: what
// will happen, before POST /campaigns makes it happen.
type LaunchReviewPage struct {
	Shell
	Key       string
	Hidden    []HiddenField // the whole draft, posted again
	Facts     []Pair
	Due       DueLine
	Groups    []GroupCount
	Units     int
	Sends     []SendRow
	Summary   string   // "Sẽ gửi khoảng ..."
	Ahead     string   // what comes after the due at most
	Unstaffed []string // desks nobody holds, named
	Unmanned  int      // how many units have such a desk
	Notes     []Note
	Button    string
	PostURL   string // launches it
	EditURL   string // the form again, as it was typed
}

// HiddenField is one value that a form carries along.
type HiddenField struct{ Name, Value string }

// GroupCount is how many units of a kind are in the roster.
type GroupCount struct {
	Name        string
	Chosen, All int
}

// SendRow is what one rung would send.
type SendRow struct {
	When  string // "Trước hạn 5 ngày làm việc"
	First string // the first time
	To    string
	Each  int
	Times int
}

// LaunchFacts are the facts of the summary.
func LaunchFacts(p campaign.Plan, form string) []Pair {
	facts := []Pair{
		{Name: "Tên đợt", Value: p.Name}, {Name: "Mã đợt", Value: p.Code, Mono: true},
		{Name: "Loại", Value: words.Kind(p.Kind)}, {Name: "Biểu mẫu", Value: form},
	}
	if parsed, err := period.Parse(p.Period); err == nil {
		facts = append(facts, Pair{Name: "Kỳ", Value: words.Upper(words.Period(parsed))})
	}
	if p.CityUnit != "" {
		facts = append(facts, Pair{Name: "Kế hoạch của Thành phố", Value: "do Sở Nội vụ lập trong đợt này"})
	}
	if p.Appraisal != nil {
		facts = append(facts, AppraisalPairs(*p.Appraisal)...)
	}
	facts = append(facts, windowFact(p),
		Pair{Name: "Sở Nội vụ xác nhận", Value: "trong " + counted(p.ConfirmDays, "ngày làm việc")},
		Pair{Name: "Nộp lại khi bị trả", Value: "trong " + counted(p.ResubmitDays, "ngày làm việc")})
	switch {
	case p.Request != nil:
		facts = append(facts, Pair{Name: words.FactRequest, Value: p.Guidance}, Pair{Name: "Trích yếu", Value: p.Request.Title})
	case p.Guidance != "":
		facts = append(facts, Pair{Name: "Văn bản hướng dẫn", Value: p.Guidance})
	}
	return facts
}

func windowFact(p campaign.Plan) Pair {
	name, window := "Thời gian chốt số liệu", "từ "+words.Date(p.Window.From)+" đến hết "+words.Date(p.Window.To)
	switch {
	case p.Kind == document.Plan:
		name = "Thời gian của kế hoạch"
	case p.Kind == document.Index:
		name = "Thời gian đánh giá"
	case p.Kind == document.AdHoc && p.Window.From == p.Window.To:
		window = "đến hết " + words.Date(p.Window.To)
	}
	return Pair{Name: name, Value: window}
}

// SimulationSummary tells how many notices the launch and the reminders are.
func SimulationSummary(s campaign.Simulation) string {
	return fmt.Sprintf("Từ lúc mở đợt đến hết hạn sẽ gửi nhiều nhất %s tin cho %s đơn vị; đơn vị nộp sớm nhận ít hơn.",
		words.Number(s.UntilDue), words.Number(s.Reached))
}

// SimulationAhead tells the most that can come after the due.
func SimulationAhead(s campaign.Simulation) string {
	return fmt.Sprintf("Sau hạn, nếu không đơn vị nào nộp, có thêm nhiều nhất %s tin nhắc và báo cấp trên.", words.Number(s.AfterDue))
}

// SendRows are the rungs of a simulation.
func SendRows(s campaign.Simulation) []SendRow {
	rows := []SendRow{{When: "Khi mở đợt", First: "Ngay khi mở", To: "Chuyên viên, cán bộ đầu mối", Each: s.Launch, Times: 1}}
	for _, one := range s.Rungs {
		when, to := words.RungParts(one.Rung)
		first := words.Moment(one.First)
		if one.Rung.AtDue() {
			first = words.InstantShort(one.First) // the due itself: 24:00, not 00:00 of the day after
		}
		rows = append(rows, SendRow{When: when, First: first, To: words.Upper(to), Each: one.Each, Times: one.Times})
	}
	return rows
}

// UnstaffedDesk names a desk that nobody holds.
func UnstaffedDesk(role staff.Role, unit string) string { return words.Position(role, unit) }

// UnstaffedNote warns of units without a holder for a step.
func UnstaffedNote(units int) Note {
	return Note{Tone: ToneWarn, Bold: counted(units, "đơn vị") + " chưa có đủ người cho các bước.",
		Text: "Vẫn mở đợt được; tin gửi đến bước chưa có người được giữ trong danh sách chưa đến được cho đến khi có tài khoản."}
}

// SamePeriodNote warns that the form's period has a campaign already.
func SamePeriodNote(code string) Note {
	return Note{Tone: ToneWarn, Bold: "Kỳ này đã có đợt " + code + ".", Text: "Mở thêm một đợt nữa thì các đơn vị phải nộp hai văn bản."}
}

// LaunchButton is the last button of a launch.
func LaunchButton(units int) string { return "Mở đợt cho " + counted(units, "đơn vị") }

// LaunchedFlash is the banner after a launch.
func LaunchedFlash(units int) Flash {
	return Flash{Tone: ToneOK, Text: "Đã mở đợt cho " + counted(units, "đơn vị") + ".", More: "Quy trình của từng đơn vị đang được khởi động; có thể rời trang này."}
}

// UnitsPage is GET and POST /campaigns/{code}/units: units that are not in the
// roster yet.
type UnitsPage struct {
	Shell
	Key    string
	URL    string
	Groups []RosterGroup
	Note   *Note // the due has passed
	Empty  Empty // every unit is in the roster
}

// LateUnitsNote warns that a unit added now is overdue at once.
func LateUnitsNote(due time.Time) *Note {
	return &Note{Tone: ToneWarn, Bold: "Đợt đã hết hạn lúc " + words.Instant(due) + ".", Text: "Đơn vị thêm bây giờ quá hạn ngay; gia hạn cho đơn vị tại trang văn bản."}
}

// AllInRoster is said when no unit is left to be added.
func AllInRoster(url string) Empty {
	return Empty{Title: "Mọi đơn vị đã có trong đợt", Text: "Không còn đơn vị nào để thêm.", URL: url, Label: "Về trang theo dõi đợt"}
}

// UnitsAddedFlash is the banner after units were added.
func UnitsAddedFlash(n int) Flash {
	return Flash{Tone: ToneOK, Text: "Đã thêm " + counted(n, "đơn vị") + " vào đợt."}
}

// certaintyChip tells how sure a day is: a day that is not official yet may move
// deadlines when it is announced otherwise.
func certaintyChip(certainty string) Chip {
	chip := Chip{Icon: "question-circle", Class: "idle", Word: words.Certainty(certainty)}
	switch certainty {
	case period.CertaintyOfficial:
		chip.Icon, chip.Class = "check-circle-fill", "done"
	case period.CertaintyExpected:
		chip.Icon, chip.Class = "hourglass-split", "back"
	}
	return chip
}

// DueDays is the strip of days around a due: the end of the window, the days off
// between, and the last allowed day.
func DueDays(w period.Window, last calendar.Day, c calendar.Calendar) []CalendarDay {
	const most = 21
	from := w.To
	if last-from >= most || last < from {
		from = last - most + 1
	}
	var days []CalendarDay
	for day := from; day <= last+1; day++ {
		cell := CalendarDay{Weekday: words.WeekdayShort(day), Date: words.DateShort(day)}
		mark, marked := c.Mark(day)
		switch {
		case !c.IsWorkingDay(day):
			cell.Class, cell.Word = "off", "nghỉ"
		case marked:
			cell.Word = words.DayKind(string(mark.Kind))
		}
		switch day {
		case w.To:
			cell.Class, cell.Word = "key", "chốt số liệu"
		case last:
			cell.Class, cell.Word = "last", "hạn cuối"
		}
		days = append(days, cell)
	}
	return days
}
