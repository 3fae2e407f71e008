package templates

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/templates/words"
)

// BoardPage is GET /campaigns/{code}: who holds what since when. Filters are
// query parameters q, group, status, flag, sort and page; the cells of the funnel
// are filter links. A unit's own people see the same page over their unit alone.
type BoardPage struct {
	Shell
	Facts     []string
	Starting  string // "Đang khởi động ..."; empty once every unit has begun
	Due       DueLine
	Funnel    Funnel
	Sum       string // "188/188"
	Roster    string // the sentence beside the funnel's head
	Desks     []DeskLoad
	DeskDays  []string // heads of the columns of working days, one a desk
	Ladder    []string // words.Rung(...), the campaign's reminders
	Filters   *BoardFilters
	Heading   string // of the table: "30 đơn vị"
	Rows      []BoardRow
	Paging    Paging
	Empty     Empty
	Remind    *Button  // for officers, while there is somebody to remind
	AddUnits  string   // for officers: where units are added
	Progress  string   // of plans: the board of their tasks
	Appraisal string   // of self-assessments: how far their appraisal is
	CityPlan  string   // of plans, for officers: where the city's own is named
	Index     []Button // of the index: its ranking and its published result
	Asking    *Button  // for officers: open requests for more time; nil: none
	Overdue   *Button  // the register of what is overdue; nil while nothing is
	Take      Takeaway
}

// Takeaway is how a list leaves the screen: as a workbook, or printed in one
// piece with its head.
type Takeaway struct {
	Excel string   // where the workbook is; empty: none is offered
	Print string   // the whole list at once; empty: this is it
	Back  string   // from the whole list to the paged one
	Head  []string // of the print: title, moment and person, filter
	Cut   string   // said when there are more rows than one piece may have
}

// DeskLoad is how many documents lie at one kind of desk.
type DeskLoad struct {
	Name   string
	Open   int
	Median string // working days, "2,5"
	Late   int
	Oldest string // working days of the one held longest
	URL    string // the board narrowed to it
}

// BoardFilters is the GET form above the table.
type BoardFilters struct {
	URL      string
	Query    string
	Groups   []Option
	Statuses []Option
	Classes  []Option
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

// BoardRow is one unit's document.
type BoardRow struct {
	URL    string
	Unit   string
	Status document.Status
	// Appraisal is the round that a self-assessment is in which was handed in; nil: the
	// status says how it stands.
	Appraisal *Chip
	Pending   string // a decision is recorded but not applied yet
	Holder    string // names, or that nobody holds the desk
	Role      string
	Vacant    bool
	Since     string
	Days      []DeskDays // one a desk, in the order of the heads
	Due       string
	Flags     []Flag
	Revision  int // 0: never submitted
}

// DeskDays is how many working days a document has lain at one desk so far.
type DeskDays struct {
	Days    string // empty: it has not been there
	Present bool   // it lies there now
}

// Words of a board's filters.
const (
	RosterSentence  = "Tổng các bước luôn bằng số đơn vị trong danh sách"
	OwnUnitSentence = "Văn bản của đơn vị bạn trong đợt này"
	allFlags        = "Tất cả"
	maxNames        = 2
)

// BoardTitle is the head of the table: "30 đơn vị quá hạn".
func BoardTitle(n int, status document.Status, class document.Punctuality, flag string) string {
	title := counted(n, "đơn vị")
	if class != "" {
		title += " " + words.Lower(words.Punctuality(class))
	}
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
	"asking": "Xin gia hạn", "sent_back": "Từng bị trả lại", "reopened": "Mở lại sau khi duyệt", "explained": "Quá hạn, đã ghi nguyên nhân", "unexplained": "Quá hạn, chưa ghi nguyên nhân",
}

// FlagOptions are the choices of the flag filter.
func FlagOptions(chosen string) []Option {
	options := []Option{{Value: "", Label: allFlags, Selected: chosen == ""}}
	for _, flag := range []string{"overdue", "asking", "extended", "vacant", "sent_back", "reopened"} {
		options = append(options, Option{Value: flag, Label: flagWords[flag], Selected: flag == chosen})
	}
	return options
}

// SortOptions are the choices of a board's order.
func SortOptions(chosen string) []Option {
	var options []Option
	for _, sort := range []string{"held", "due", "unit", "status"} {
		options = append(options, Option{Value: sort, Label: sortWords[sort]})
	}
	for i := range options {
		options[i].Selected = options[i].Value == chosen
	}
	return options
}

var sortWords = map[string]string{
	"held": "Giữ lâu nhất", "due": "Hạn gần nhất", "unit": "Tên đơn vị", "status": "Bước",
}

// ClassOptions are the choices of how documents stand to their due.
func ClassOptions(chosen string) []Option {
	options := []Option{{Value: "", Label: allFlags, Selected: chosen == ""}}
	for _, class := range append([]document.Punctuality{"punctual"}, document.Punctualities...) {
		options = append(options, Option{Value: string(class), Label: words.Punctuality(class), Selected: string(class) == chosen})
	}
	return options
}

// Narrowed says a board's filter in words: "Bộ lọc: quá hạn, phường; xếp theo giữ
// lâu nhất". Arguments are values of the filters, empty where not used.
func Narrowed(query, group string, status document.Status, class document.Punctuality, flag, sort string) string {
	var parts []string
	add := func(set bool, word string) {
		if set {
			parts = append(parts, word)
		}
	}
	add(query != "", "tên có “"+query+"”")
	add(group != "", words.Lower(words.UnitGroup(group)))
	add(status != "", "bước "+words.Lower(words.Status(status)))
	add(class != "", words.Lower(words.Punctuality(class)))
	add(flag != "", words.Lower(flagWords[flag]))
	said := "Bộ lọc: không lọc"
	if len(parts) > 0 {
		said = "Bộ lọc: " + strings.Join(parts, ", ")
	}
	if sort != "" {
		said += "; xếp theo " + words.Lower(sortWords[sort])
	}
	return said
}

// GroupOptions are the choices of the kind of units, with their counts.
func GroupOptions(chosen string, counts map[string]int, total int) []Option {
	options := []Option{{Value: "", Label: "Tất cả " + words.Number(total), Selected: chosen == ""}}
	for _, group := range words.UnitGroups {
		if counts[group] > 0 {
			options = append(options, Option{Value: group, Label: words.UnitGroup(group) + ", " + words.Number(counts[group]), Selected: group == chosen})
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

// BoardAsking leads an officer to a campaign's open requests for more time.
func BoardAsking(n int, campaign string) *Button {
	if n == 0 {
		return nil
	}
	return &Button{Icon: "calendar-plus", Label: counted(n, "đơn vị xin gia hạn"), URL: "/extensions?campaign=" + campaign}
}

// AskingPill leads to the units that ask for more time.
func AskingPill(n int, url string, current bool) Pill {
	return Pill{Icon: "calendar-plus", Label: fmt.Sprintf("Xin gia hạn %d", n), URL: url, Current: current}
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

// DeskHeads are the heads of the columns of working days at each desk, in the
// order of document.DeskStages.
func DeskHeads() []string {
	heads := make([]string, len(document.DeskStages))
	for i, stage := range document.DeskStages {
		heads[i] = DeskName(stage)
	}
	return heads
}

// DeskName is whose desk a stage waits for: "Chuyên viên", "Sở Nội vụ".
func DeskName(stage document.Stage) string {
	role, at, _ := document.DeskOf(stage)
	if at == document.AtAuthority {
		return words.Stage(stage)
	}
	return words.Role(role)
}

// HalfDays writes a median given in half days: "2,5".
func HalfDays(halves int) string {
	if halves%2 == 0 {
		return fmt.Sprintf("%d,0", halves/2)
	}
	return fmt.Sprintf("%d,5", halves/2)
}

// ExtendedFlag tells that the unit was given more time.
func ExtendedFlag(word string) Flag { return Flag{Icon: "calendar-plus", Class: "warn", Word: word} }

// AskedFlag tells that the unit asks for more time.
func AskedFlag(until time.Time) Flag {
	return Flag{Icon: "calendar-plus", Word: "Xin gia hạn đến " + words.InstantShort(until)}
}

// ReopenedFlag tells that the authority has reopened it after it was approved.
func ReopenedFlag(n int) Flag {
	return Flag{Icon: "arrow-counterclockwise", Word: words.ReopenedFlag(n)}
}

// RemindLabel is the button: whom one click reminds.
func RemindLabel(n int, overdue bool) string {
	if overdue {
		return "Nhắc " + counted(n, "đơn vị quá hạn")
	}
	return "Nhắc " + counted(n, "đơn vị đang giữ")
}

// NoRows is an empty board under a filter.
func NoRows(url string) Empty {
	return Empty{Title: "Không có đơn vị nào khớp bộ lọc", Text: "Thử tên khác hoặc bỏ bớt điều kiện.", URL: url, Label: "Bỏ mọi lọc"}
}

// TakenHead is the head of a print or workbook: what it is, when and by whom, and
// under which filter.
func TakenHead(title, moment, name, filter string) []string {
	return []string{title, fmt.Sprintf("Lập lúc %s, %s", moment, name), filter}
}

// BoardPrintTitle heads a board on paper.
func BoardPrintTitle(campaign string) string { return "Theo dõi đợt: " + campaign }

// CutNote says that a list in one piece does not hold everything.
func CutNote(shown, all int) string {
	return fmt.Sprintf("Chỉ gồm %s dòng đầu trong %s. Lọc bớt để lấy đủ.", words.Number(shown), words.Number(all))
}

// PartOf is "103/188".
func PartOf(part, all int) string { return words.Number(part) + "/" + words.Number(all) }

// UpdatedAt tells at which instant the board was read.
func UpdatedAt(now time.Time) string { return "Cập nhật " + words.Clock(now) }

// AllNames are all the names at a desk.
func AllNames(names []string) string { return strings.Join(names, ", ") }
