package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/templates/words"
)

// Titles of the pages of the calendar's editor; TitleCalendar is the calendar's own.
const (
	TitleMark    = "Ghi ngày nghỉ, ngày làm bù"
	TitleMarkOf  = "Sửa ngày trong lịch"
	TitlePreview = "Xem trước khi lưu lịch"
)

// CalendarPage is GET /calendar: the days that depart from the ordinary week. For
// officers it leads to the editor.
type CalendarPage struct {
	Shell
	Warning *Note  // years without official days; nil: none
	Add     string // where a day is entered; empty: not for this reader
	Years   []Tab
	Days    []MarkedDay
	Empty   Empty
	Changes []CalendarLine // what was edited, the newest first; for officers
}

// MarkedDay is one row of the calendar.
type MarkedDay struct {
	Date      string
	Weekday   string
	Name      string
	About     string // the other day of a swap, and the notice
	Kind      string
	Works     bool // a rest day that is worked
	Certainty Chip
	URL       string // where it is edited; empty: not for this reader
}

// CalendarLine is one edit that was made.
type CalendarLine struct {
	What  []string
	About string
}

// MarkRow is a day of the table as people read it.
func MarkRow(m calendar.Mark) MarkedDay {
	return MarkedDay{
		Date: words.Date(m.Date), Weekday: words.Upper(words.Weekday(m.Date)), Name: m.Name, About: markAbout(m),
		Kind: words.Upper(words.DayKind(string(m.Kind))), Works: m.Kind == calendar.SwappedWork, Certainty: certaintyChip(m.Certainty),
	}
}

// markAbout is "Hoán đổi với 22/08/2026; theo 9441/TB-BNV ngày 18/10/2025".
func markAbout(m calendar.Mark) string {
	var parts []string
	if m.Pair != nil {
		parts = append(parts, "hoán đổi với "+words.Date(*m.Pair))
	}
	if m.LegalNumber != "" {
		legal := "theo " + m.LegalNumber
		if m.LegalDate != nil {
			legal += " ngày " + words.Date(*m.LegalDate)
		}
		parts = append(parts, legal)
	}
	if len(parts) == 0 {
		return ""
	}
	return words.Upper(strings.Join(parts, "; "))
}

// NoMarks is a year without marked days.
func NoMarks() Empty {
	return Empty{Title: "Chưa có ngày nghỉ nào cho năm này", Text: "Khi có thông báo lịch nghỉ, các ngày sẽ hiện ở đây. Thứ Bảy và Chủ nhật luôn là ngày nghỉ hằng tuần."}
}

// CalendarWarning warns of years without official days; nil: there is none.
func CalendarWarning(years []int) *Note {
	if len(years) == 0 {
		return nil
	}
	texts := make([]string, len(years))
	for i, year := range years {
		texts[i] = strconv.Itoa(year)
	}
	return &Note{
		Tone: ToneWarn, Bold: "Lịch năm " + strings.Join(texts, ", ") + " chưa có ngày nghỉ chính thức.",
		Text: "Hạn của các đợt tính theo ngày dự kiến; cập nhật theo thông báo lịch nghỉ khi có.",
	}
}

// CalendarWarningLinked is the same where the calendar is a click away.
func CalendarWarningLinked(years []int) *LinkedNote {
	note := CalendarWarning(years)
	if note == nil {
		return nil
	}
	return &LinkedNote{Note: *note, URL: "/calendar", Label: "Xem lịch"}
}

// MarkPage is GET /calendar/edit: one day, a run of days or a swap, new or as it
// stands. It posts to /calendar/preview.
type MarkPage struct {
	Shell
	Key         string
	Editing     string // the day that is edited, yyyy-mm-dd; empty: a new one
	Kinds       []Option
	From, To    string
	Work        string // of a swap: the rest day that is worked
	Name        string
	Certainties []Option
	LegalNumber string
	LegalDate   string
	Removable   string   // says what would be removed; empty: nothing
	Others      []string // what is to be saved together with it
	Carried     []string // the same, as the form sends it along
	Opened      string   // the edit that is opened again, as it was laid down; empty: a new one
}

// KindSwap is the choice of a pair of days.
const KindSwap = "swap"

// MarkKinds are the choices of what a day is.
func MarkKinds(chosen string) []Option {
	options := []Option{
		{Value: string(calendar.Holiday), Label: "Nghỉ lễ, tết"},
		{Value: string(calendar.Compensatory), Label: "Nghỉ bù ngày lễ trùng cuối tuần"},
		{Value: KindSwap, Label: "Hoán đổi: nghỉ một ngày, làm bù một ngày"},
		{Value: string(calendar.SwappedOff), Label: "Chỉ ngày nghỉ hoán đổi"},
		{Value: string(calendar.SwappedWork), Label: "Chỉ ngày làm bù"},
	}
	return chosenOption(options, chosen)
}

// MarkCertainties are the choices of how sure a day is.
func MarkCertainties(chosen string) []Option {
	var options []Option
	for _, one := range calendar.Certainties {
		options = append(options, Option{Value: one, Label: words.Certainty(one)})
	}
	return chosenOption(options, chosen)
}

func chosenOption(options []Option, chosen string) []Option {
	for i := range options {
		options[i].Selected = options[i].Value == chosen
	}
	return options
}

// RemovalText says what goes when a day is removed.
func RemovalText(ch calendar.Change) string {
	days := make([]string, len(ch.Remove))
	for i, day := range ch.Remove {
		days[i] = words.Date(day)
	}
	return "Xóa " + strings.Join(days, " và ")
}

// CalendarPreviewPage is what an edit would move, before it is saved: the answer to
// POST /calendar/preview, and with 409 to POST /calendar when the calendar has been
// edited meanwhile.
type CalendarPreviewPage struct {
	Shell
	Facts     []string
	Edits     []CalendarEdit
	Campaigns []CampaignMoves // in which anything moves
	Tasks     []DueMoves      // of living plans, by day
	Proposals []Link          // campaigns that are proposed
	Still     []string        // campaigns in which nothing does
	Key       string
	Hidden    []HiddenField
	More      bool // another edit may be added
}

// CalendarEdit is one edit that is to be saved.
type CalendarEdit struct {
	Lines      []string
	Open, Drop string // values of the buttons
	Name       string // of it, for those buttons
}

// CalendarEditOf is the n-th edit, of the calendar that those before it leave.
func CalendarEditOf(n int, ch calendar.Change, was calendar.Calendar) CalendarEdit {
	edit := CalendarEdit{Lines: ChangeLines(ch, was), Open: fmt.Sprintf("open.%d", n), Drop: fmt.Sprintf("drop.%d", n)}
	if first, _, ok := ch.Bounds(); ok {
		edit.Name = words.Date(first)
	}
	return edit
}

// CalendarMoves counts what an edit moves.
type CalendarMoves struct{ Campaigns, Documents, Tasks, Proposals int }

// none tells whether nothing moves.
func (m CalendarMoves) none() bool { return m == CalendarMoves{} }

// parts are the counts that are more than nothing.
func (m CalendarMoves) parts() []string {
	var parts []string
	for _, one := range []struct {
		n    int
		noun string
	}{{m.Documents, "văn bản"}, {m.Campaigns, "đợt"}, {m.Tasks, "nhiệm vụ trong kế hoạch"}, {m.Proposals, "đợt được đề xuất"}} {
		if one.n > 0 {
			parts = append(parts, counted(one.n, one.noun))
		}
	}
	return parts
}

// CampaignMoves is what an edit moves in one campaign.
type CampaignMoves struct {
	ID, Name, URL string
	Due           string
	Moves         []DueMoves
	Kept          []string
	Rungs         []RungMoveRow
}

// DueMoves is the documents whose due moves alike.
type DueMoves struct {
	Text  string // "186 văn bản: 24:00 16/12/2026 thành 24:00 17/12/2026"
	Rows  []Link
	More  int
	Later bool
}

// RungMoveRow is one step of a ladder that moves.
type RungMoveRow struct {
	When, To, From, Until string
	Now                   bool // it lies behind by the new calendar: sent at once
}

// ChangeLines say an edit in words.
func ChangeLines(ch calendar.Change, was calendar.Calendar) []string {
	var lines []string
	for _, mark := range ch.Put {
		line := words.Upper(words.DateLong(mark.Date)) + ": " + words.DayKind(string(mark.Kind)) + " “" + mark.Name + "”, " + words.Lower(words.Certainty(mark.Certainty))
		if about := markAbout(mark); about != "" {
			line += "; " + words.Lower(about)
		}
		if old, there := was.Mark(mark.Date); there {
			line += fmt.Sprintf(" (trước: %s “%s”, %s)", words.DayKind(string(old.Kind)), old.Name, words.Lower(words.Certainty(old.Certainty)))
		}
		lines = append(lines, line)
	}
	for _, day := range ch.Remove {
		line := words.Upper(words.DateLong(day)) + ": bỏ khỏi lịch"
		if old, there := was.Mark(day); there {
			line += fmt.Sprintf(" (trước: %s “%s”)", words.DayKind(string(old.Kind)), old.Name)
		}
		lines = append(lines, line)
	}
	return lines
}

// PreviewFacts sum up what an edit moves.
func PreviewFacts(m CalendarMoves, open int) []string {
	if m.none() {
		return []string{"Không hạn nào thay đổi", counted(open, "đợt đang mở")}
	}
	facts := []string{counted(m.Documents, "văn bản dời hạn"), counted(m.Campaigns, "đợt dời hạn chung")}
	if m.Tasks > 0 {
		facts = append(facts, counted(m.Tasks, "nhiệm vụ trong kế hoạch dời hạn"))
	}
	if m.Proposals > 0 {
		facts = append(facts, counted(m.Proposals, "đợt được đề xuất dời hạn"))
	}
	return append(facts, counted(open, "đợt đang mở"))
}

// TaskMoveText says which tasks move alike.
func TaskMoveText(tasks, plans int, from, to calendar.Day) string {
	return fmt.Sprintf("%s của %s: %s thành %s", counted(tasks, "nhiệm vụ"), counted(plans, "kế hoạch"), words.Date(from), words.Date(to))
}

// ProposalMoveText says how the due of a proposed campaign moves.
func ProposalMoveText(name string, from, to time.Time) string {
	return name + ": " + words.InstantShort(from) + " thành " + words.InstantShort(to)
}

// CampaignDueMove says how a campaign's own due stands after the edit.
func CampaignDueMove(from, to time.Time, byRule bool) string {
	if !from.Equal(to) {
		return "Hạn chung: " + words.Instant(from) + " thành " + words.Instant(to) + "."
	}
	if byRule {
		return "Hạn chung giữ nguyên " + words.Instant(from) + "."
	}
	return "Hạn chung giữ nguyên " + words.Instant(from) + ", do người mở đợt đặt."
}

// DueMoveText says what moves alike.
func DueMoveText(n int, from, to time.Time) string {
	return fmt.Sprintf("%s: %s thành %s", counted(n, "văn bản"), words.InstantShort(from), words.InstantShort(to))
}

var keptWords = map[campaign.Kept]string{
	campaign.KeptHandedIn: "đã ký nộp: giữ hạn khi nộp",
	campaign.KeptExtended: "đã được gia hạn: giữ hạn đã cho",
	campaign.KeptByHand:   "có hạn riêng: giữ nguyên",
}

// KeptLines say whose due stays though the campaign's moves.
func KeptLines(kept map[campaign.Kept]int) []string {
	var lines []string
	for _, why := range []campaign.Kept{campaign.KeptExtended, campaign.KeptHandedIn, campaign.KeptByHand} {
		if kept[why] > 0 {
			lines = append(lines, counted(kept[why], "văn bản ")+keptWords[why])
		}
	}
	return lines
}

// RungMoveOf is one step that moves, as people read it at the given instant.
func RungMoveOf(move campaign.RungMove, now time.Time) RungMoveRow {
	when, to := words.RungParts(move.Rung)
	row := RungMoveRow{When: when, To: to, From: words.Moment(move.From), Until: words.Moment(move.To), Now: !move.To.After(now)}
	if move.Rung.AtDue() {
		row.From, row.Until = words.InstantShort(move.From), words.InstantShort(move.To)
	}
	return row
}

// StillText names a campaign in which nothing moves.
func StillText(name string, open int) string {
	return name + ", " + counted(open, "văn bản đang mở")
}

// CalendarFlash is the banner after an edit was saved.
func CalendarFlash(m CalendarMoves) Flash {
	text := "Đã lưu lịch. Không hạn nào thay đổi."
	if !m.none() {
		text = "Đã lưu lịch. Đã dời hạn: " + strings.Join(m.parts(), ", ") + "."
	}
	if m.Documents > 0 {
		text += " Đơn vị có văn bản dời hạn được báo."
	}
	return Flash{Tone: ToneOK, Text: text}
}

// CalendarEditAbout tells who edited when, and what it moved.
func CalendarEditAbout(name string, at time.Time, m CalendarMoves) string {
	text := name + ", " + words.Moment(at)
	if !m.none() {
		text += "; dời hạn " + strings.Join(m.parts(), ", ")
	}
	return text
}
