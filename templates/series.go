package templates

import (
	"fmt"
	"time"

	"cchc/domain/period"
	"cchc/templates/words"
)

// Titles and nouns of the pages of series.
const (
	TitleSeries    = "Lịch mở đợt"
	TitleNewSeries = "Thêm lịch mở đợt"
	TitleProposal  = "Đợt cần mở"
)

// SeriesPage is GET /series: the campaigns that come back each period, and the
// next twelve of each.
type SeriesPage struct {
	Shell
	Open  []ProposalRow // to be launched now
	List  []SeriesCard
	Ended []EndedSeries
	Empty Empty
}

// EndedSeries is a series that proposes no more.
type EndedSeries struct{ ID, Name, About, Reason string }

// EndedAbout tells who ended a series, and when.
func EndedAbout(by string, at time.Time) string { return by + " kết thúc, " + words.Moment(at) }

// SeriesCard is one series with what comes.
type SeriesCard struct {
	ID      string // anchor
	Name    string
	EditURL string
	State   Chip
	Facts   []string
	Edited  string
	Problem *Note // its form is no longer offered
	Coming  []ComingRow
}

// ComingRow is one period to come.
type ComingRow struct {
	Period  string
	Window  string
	Due     string
	Propose string // when it is proposed; empty where nothing proposes
	State   Chip
	URL     string // the campaign, the proposal, or the launch of it
	Label   string // words of the link
	Why     []string
}

// ProposalRow is a campaign that is to be launched.
type ProposalRow struct {
	URL   string
	Name  string
	Facts []string
	Due   string
	Late  bool
}

// SeriesChip tells whether a series is in force.
func SeriesChip(active bool) Chip {
	if active {
		return Chip{Icon: "play-fill", Class: "done", Word: "Đang áp dụng"}
	}
	return Chip{Icon: "slash-circle", Class: "off", Word: "Tạm ngừng"}
}

// The states of a period to come.
func ComingChip(state string) Chip {
	switch state {
	case ComingLaunched:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã mở"}
	case ComingProposed:
		return Chip{Icon: "bell", Class: "back", Word: "Cần mở"}
	case ComingDismissed:
		return Chip{Icon: "slash-circle", Class: "off", Word: "Không mở"}
	}
	return Chip{Icon: "hourglass-split", Class: "idle", Word: "Chưa đến ngày"}
}

// How a period to come stands.
const (
	ComingLater     = "later"
	ComingProposed  = "proposed"
	ComingLaunched  = "launched"
	ComingDismissed = "dismissed"
)

// Words of the links of a period to come.
const (
	LinkCampaign = "Xem đợt"
	LinkProposal = "Xem đề xuất"
	LinkLaunch   = "Mở sớm"
)

// ComingOf lays a period to come out.
func ComingOf(p period.Period, w period.Window, due period.Due, last string, why []period.Step) ComingRow {
	return ComingRow{
		Period: words.Upper(words.Period(p)), Window: words.Date(w.From) + " – " + words.Date(w.To),
		Due: words.Upper(words.DueSet(due)) + ", chậm nhất " + last, Why: words.Explain(why),
	}
}

// SeriesFacts are the grey facts under a series' name.
func SeriesFacts(kind period.Kind, form string, units, leadDays int, plans bool) []string {
	before := "đề xuất trước ngày chốt số liệu "
	if plans {
		before = "đề xuất trước năm kế hoạch "
	}
	return []string{
		"Mỗi kỳ: " + words.Lower(words.PeriodKind(kind)), form, counted(units, "đơn vị"), before + counted(leadDays, "ngày"),
	}
}

// ProposalFacts are what launching a proposal would mean.
func ProposalFacts(w period.Window, units, unmanned int) []string {
	facts := []string{words.Window(w), counted(units, "đơn vị")}
	if unmanned > 0 {
		facts = append(facts, counted(unmanned, "đơn vị")+" chưa đủ người")
	}
	return facts
}

// SeriesEdited tells who changed a series last.
func SeriesEdited(by string, at time.Time) string { return by + " ghi lúc " + words.Moment(at) }

// FormGone warns that a series asks for a form that is no longer offered.
func FormGone() *Note {
	return &Note{Tone: ToneWarn, Bold: "Biểu mẫu của lịch này không còn dùng.", Text: "Chọn biểu mẫu khác để đợt sau mở được."}
}

// NoSeries is the page without a series.
func NoSeries() Empty {
	return Empty{Title: "Chưa có lịch mở đợt nào", Text: "Thêm lịch cho báo cáo hằng tháng, hằng quý…: đến kỳ, hệ thống đề xuất đợt đã điền sẵn để bạn mở.", URL: "/series/new", Label: "Thêm lịch mở đợt"}
}

// SeriesFormPage is GET and POST of /series/new and /series/{code}.
type SeriesFormPage struct {
	Shell
	Key     string
	URL     string
	Version int // 0: a new one
	Draft   SeriesDraft
	Kinds   []Option
	Forms   []Option
	Groups  []RosterGroup
	End     *SeriesEnd // nil: a new one
}

// SeriesEnd is the fold with which a series ends: for good, or deleted while it has
// proposed nothing. Posts key, version and reason.
type SeriesEnd struct {
	URL    string
	Delete bool
	Open   int // proposals that are noted as not launched with it
	Reason string
	Shown  bool // unfolded: something is wrong in it
}

// SeriesEndNote says what ending a series does.
func (e SeriesEnd) Note() string {
	switch {
	case e.Delete:
		return "Lịch chưa đề xuất đợt nào nên xóa được hẳn."
	case e.Open > 0:
		return "Lịch không đề xuất nữa và không mở lại được; " + counted(e.Open, "đợt đang chờ mở") + " được ghi không mở với cùng lý do. Đợt đã mở không đổi."
	}
	return "Lịch không đề xuất nữa và không mở lại được. Đợt đã mở và các đề xuất trước đây vẫn xem được."
}

// SeriesEndedFlash and SeriesDeletedFlash are the banners after a series has gone.
func SeriesEndedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã kết thúc lịch “" + name + "”."}
}

// SeriesDeletedFlash is the banner after a series was deleted.
func SeriesDeletedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã xóa lịch “" + name + "”."}
}

// SeriesDraft is what stands in the fields, as typed.
type SeriesDraft struct {
	Code, Name, LeadDays string
	Active               bool
}

// PeriodKindOptions are the kinds of periods of a choice.
func PeriodKindOptions(chosen period.Kind) []Option {
	var options []Option
	for _, kind := range period.Kinds {
		options = append(options, Option{Value: string(kind), Label: words.PeriodKind(kind), Selected: kind == chosen})
	}
	return options
}

// SeriesSavedFlash is the banner after a series was laid down or changed.
func SeriesSavedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã ghi lịch “" + name + "”.", More: "12 đợt sắp tới ở dưới."}
}

// ProposalPage is GET /proposals/{proposal}: what is to be launched, what that
// would mean, and the way to launch or to dismiss it.
type ProposalPage struct {
	Shell
	Key        string
	URL        string // of the page; dismissing posts to URL + "/dismiss"
	LaunchURL  string // empty: it has been decided
	Decided    *Note
	Campaign   string // where it was launched to
	Facts      []Pair
	Why        *Why
	Simulation string
	Unstaffed  []string
	Unmanned   int
	Reason     string
}

// ProposalPairs are the facts of a proposal.
func ProposalPairs(series, seriesURL string, w period.Window, due string, at time.Time) []Pair {
	return []Pair{
		{Name: "Theo lịch", Value: series, URL: seriesURL},
		{Name: "Thời gian chốt số liệu", Value: "từ " + words.Date(w.From) + " đến hết " + words.Date(w.To)},
		{Name: "Hạn nộp", Value: due},
		{Name: "Được đề xuất", Value: words.Moment(at)},
	}
}

// ProposalDry tells what launching would send now.
func ProposalDry(units, reached, notices int) string {
	return fmt.Sprintf("Nếu mở bây giờ: %s, đến được %s; từ lúc mở đến hết hạn gửi nhiều nhất %s tin.",
		counted(units, "đơn vị"), counted(reached, "đơn vị"), words.Number(notices))
}

// LaunchedProposal and DismissedProposal tell what became of a proposal.
func LaunchedProposal(by string, at time.Time) *Note {
	return &Note{Tone: ToneOK, Bold: "Đợt đã được mở.", Text: by + ", " + words.Moment(at) + "."}
}

// DismissedProposal tells who decided against it, when and why.
func DismissedProposal(by string, at time.Time, reason string) *Note {
	return &Note{Tone: ToneInfo, Bold: "Không mở đợt này.", Text: by + ", " + words.Moment(at) + ": " + reason}
}

// DismissedFlash is the banner after a dismissal.
func DismissedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã ghi: không mở đợt “" + name + "”.", More: "Khi cần vẫn mở được ở Mở đợt báo cáo."}
}

// ProposalNote stands above the launch of a proposed campaign.
func ProposalNote(url string) *LinkedNote {
	return &LinkedNote{Note: Note{Tone: ToneInfo, Bold: "Đợt này do lịch mở đợt đề xuất.",
		Text: "Phải ghi văn bản hướng dẫn trước khi mở (Quyết định 1439/QĐ-UBND Điều 3.6)."}, URL: url, Label: "Xem đề xuất"}
}

// LinkedNote is a note with a way on.
type LinkedNote struct {
	Note
	URL, Label string
}

// OpenProposalsNote is the line of "my tasks" about campaigns to be launched; nil
// without any.
func OpenProposalsNote(n int) *LinkedNote {
	if n == 0 {
		return nil
	}
	return &LinkedNote{Note: Note{Tone: ToneWarn, Bold: counted(n, "đợt báo cáo") + " cần mở.",
		Text: "Đã đến ngày theo lịch mở đợt; các đơn vị chưa nhận được gì."}, URL: "/series", Label: "Xem đợt cần mở"}
}
