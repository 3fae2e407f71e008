package templates

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// BoardPage is GET /campaigns/{code}: who holds what since when. Filters are
// query parameters q, group, status, flag, sort and page; the cells of the funnel
// are filter links. A unit's own people see the same page over their unit alone.
type BoardPage struct {
	Shell
	Facts    []string
	Starting string // "Đang khởi động ..."; empty once every unit has begun
	Due      DueLine
	Funnel   Funnel
	Sum      string // "188/188"
	Roster   string // the sentence beside the funnel's head
	Desks    []DeskLoad
	Ladder   []string // words.Rung(...), the campaign's reminders
	Filters  *BoardFilters
	Heading  string // of the table: "30 đơn vị"
	Rows     []BoardRow
	Paging   Paging
	Empty    Empty
	Remind   *RemindForm // for officers, while there is somebody to remind
	AddUnits string      // for officers: where units are added
	Print    string      // who printed it when, under which filter
}

// DeskLoad is how many documents lie at one kind of desk.
type DeskLoad struct {
	Name   string
	Open   int
	Median string // working days, "2,5"
}

// BoardFilters is the GET form above the table.
type BoardFilters struct {
	URL      string
	Query    string
	Groups   []Option
	Statuses []Option
	Flags    []Option
	Sorts    []Option
	Pills    []Pill
	Active   int
}

// Pill is a filter one click away.
type Pill struct {
	Icon, Label, URL string
	Current          bool
}

// RemindForm is the one click that reminds the holders. It carries the filter.
type RemindForm struct {
	URL    string
	Key    string
	Label  string
	Hidden []HiddenField
}

// BoardRow is one unit's document.
type BoardRow struct {
	URL      string
	Unit     string
	Status   document.Status
	Pending  string // a decision is recorded but not applied yet
	Holder   string // names, or that nobody holds the desk
	Role     string
	Vacant   bool
	Since    string
	Held     string // working days at the desk; empty when closed
	Due      string
	Flags    []Flag
	Revision int // 0: never submitted
}

// Words of a board's filters.
const (
	RosterSentence  = "Tổng các bước luôn bằng số đơn vị trong danh sách"
	OwnUnitSentence = "Văn bản của đơn vị bạn trong đợt này"
	allFlags        = "Tất cả"
	maxNames        = 2
)

// BoardTitle is the head of the table: "30 đơn vị quá hạn".
func BoardTitle(n int, status document.Status, flag string) string {
	title := counted(n, "đơn vị")
	if status != "" {
		title += ", bước " + words.Lower(words.Status(status))
	}
	if flag != "" {
		title += ", " + words.Lower(flagWords[flag])
	}
	return title
}

var flagWords = map[string]string{
	"overdue": "Quá hạn", "extended": "Được gia hạn", "vacant": "Chưa có người giữ",
}

// FlagOptions are the choices of the flag filter.
func FlagOptions(chosen string) []Option {
	options := []Option{{Value: "", Label: allFlags, Selected: chosen == ""}}
	for _, flag := range []string{"overdue", "extended", "vacant"} {
		options = append(options, Option{Value: flag, Label: flagWords[flag], Selected: flag == chosen})
	}
	return options
}

// SortOptions are the choices of a board's order.
func SortOptions(chosen string) []Option {
	options := []Option{
		{Value: "held", Label: "Giữ lâu nhất"}, {Value: "due", Label: "Hạn gần nhất"},
		{Value: "unit", Label: "Tên đơn vị"}, {Value: "status", Label: "Bước"},
	}
	for i := range options {
		options[i].Selected = options[i].Value == chosen
	}
	return options
}

// GroupOptions are the choices of the kind of units, with their counts.
func GroupOptions(chosen string, counts map[string]int, total int) []Option {
	options := []Option{{Value: "", Label: fmt.Sprintf("Tất cả %d", total), Selected: chosen == ""}}
	for _, group := range words.UnitGroups {
		if counts[group] > 0 {
			options = append(options, Option{Value: group, Label: fmt.Sprintf("%s, %d", words.UnitGroup(group), counts[group]), Selected: group == chosen})
		}
	}
	return options
}

// StatusOptions are the choices of the status filter.
func StatusOptions(chosen document.Status) []Option {
	options := []Option{{Value: "", Label: words.AllStatuses, Selected: chosen == ""}}
	for _, status := range document.Statuses {
		if status != document.IsHandedIn || chosen == status {
			options = append(options, Option{Value: string(status), Label: words.Status(status), Selected: status == chosen})
		}
	}
	return options
}

// OverduePill and ExtendedPill lead to what is overdue, and what was extended.
func OverduePill(n int, url string, current bool) Pill {
	return Pill{Icon: "exclamation-octagon-fill", Label: fmt.Sprintf("Quá hạn %d", n), URL: url, Current: current}
}

// ExtendedPill leads to the units that were given more time.
func ExtendedPill(n int, url string, current bool) Pill {
	return Pill{Icon: "calendar-event", Label: fmt.Sprintf("Được gia hạn %d", n), URL: url, Current: current}
}

// HolderNames are the names at a desk, at most two and how many more.
func HolderNames(names []string) string {
	if len(names) <= maxNames {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s và %d người khác", strings.Join(names[:maxNames], ", "), len(names)-maxNames)
}

// NobodyHolds is said of a desk without a holder.
const NobodyHolds = "Chưa có người"

// NobodyIsAsked is said where a document waits for nobody.
const NobodyIsAsked = "—"

// DeskName is a desk of the table "Giữ lâu nhất".
func DeskName(role staff.Role) string { return words.Role(role) }

// HalfDays writes a median given in half days: "2,5".
func HalfDays(halves int) string {
	if halves%2 == 0 {
		return fmt.Sprintf("%d,0", halves/2)
	}
	return fmt.Sprintf("%d,5", halves/2)
}

// ExtendedFlag tells that the unit was given more time.
func ExtendedFlag(word string) Flag { return Flag{Icon: "calendar-plus", Class: "warn", Word: word} }

// RemindLabel is the button: whom one click reminds.
func RemindLabel(n int, overdue bool) string {
	if overdue {
		return "Nhắc " + counted(n, "đơn vị quá hạn")
	}
	return "Nhắc " + counted(n, "đơn vị đang giữ")
}

// RemindedFlash is the banner after a reminder.
func RemindedFlash(sent, recent, today, vacant int) Flash {
	f := Flash{Tone: ToneOK, Text: "Đã nhắc " + counted(sent, "đơn vị") + "."}
	if sent == 0 {
		f = Flash{Tone: ToneInfo, Text: "Không có đơn vị nào cần nhắc lúc này."}
	}
	var more []string
	for _, one := range []struct {
		n    int
		text string
	}{
		{recent, "Bỏ qua %d đơn vị vừa xử lý."}, {today, "%d đơn vị đã được nhắc hôm nay."},
		{vacant, "%d đơn vị chưa có người giữ bước này."},
	} {
		if one.n > 0 {
			more = append(more, fmt.Sprintf(one.text, one.n))
		}
	}
	f.More = strings.Join(more, " ")
	return f
}

// NoRows is an empty board under a filter.
func NoRows(url string) Empty {
	return Empty{Title: "Không có đơn vị nào khớp bộ lọc", Text: "Thử tên khác hoặc bỏ bớt điều kiện.", URL: url, Label: "Bỏ mọi lọc"}
}

// PrintedBy is the head of a print.
func PrintedBy(moment, name string) string { return fmt.Sprintf("In lúc %s, %s", moment, name) }

// PartOf is "103/188".
func PartOf(part, all int) string { return words.Number(part) + "/" + words.Number(all) }

// UpdatedAt tells at which instant the board was read.
func UpdatedAt(now time.Time) string { return "Cập nhật " + words.Clock(now) }
