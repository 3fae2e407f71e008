package templates

import (
	"fmt"
	"time"

	"cchc/domain/staff"
	"cchc/templates/words"
)

// Titles of the pages of what is overdue.
const (
	TitleOverdue = "Sổ theo dõi quá hạn"
	TitleCause   = "Ghi nguyên nhân quá hạn"
)

// OverduePage is GET /campaigns/{code}/overdue: which documents are overdue, at
// whose desk and why. Filters are query parameters q, group, status, noted and
// page.
type OverduePage struct {
	Shell
	Facts   []string
	Filters *OverdueFilters
	Heading string
	Rows    []OverdueRow
	Paging  Paging
	Empty   Empty
	Remind  *Button
	Take    Takeaway
}

// OverdueFilters is the GET form above the register.
type OverdueFilters struct {
	URL      string
	Query    string
	Groups   []Option
	Statuses []Option
	Noted    []Option
	Active   int
}

// OverdueRow is one overdue document.
type OverdueRow struct {
	URL    string
	Unit   string
	Desk   string // whose turn it is
	Holder string
	Vacant bool
	Due    string
	Over   string // working days past the due
	Cause  string // as its state tells
	Note   string // as somebody noted; empty: nobody has
	NoteBy string // who and when
	Write  string // where a note is written; empty: the reader may not
}

// NotedOptions are the choices of whether a cause has been noted.
func NotedOptions(chosen string) []Option {
	return []Option{
		{Value: "", Label: allFlags, Selected: chosen == ""},
		{Value: "yes", Label: "Đã ghi nguyên nhân", Selected: chosen == "yes"},
		{Value: "no", Label: "Chưa ghi nguyên nhân", Selected: chosen == "no"},
	}
}

// OverdueHeading is the head of the register.
func OverdueHeading(n int) string { return counted(n, "đơn vị quá hạn") }

// OverdueLink leads to the register.
func OverdueLink(url string, n int) *Button {
	return &Button{Label: "Sổ quá hạn, " + counted(n, "đơn vị"), URL: url, Icon: "list-task"}
}

// NothingOverdue is the empty register; filtered: under a filter.
func NothingOverdue(url, board string, filtered bool) Empty {
	if filtered {
		return NoRows(url)
	}
	return Empty{Title: "Không có đơn vị nào quá hạn", Text: "Đơn vị quá hạn hiện ở đây ngay khi hạn qua.", URL: board, Label: "Về bảng theo dõi"}
}

// NotedBy is who noted a cause, and when.
func NotedBy(name, position string, at, now time.Time) string {
	return fmt.Sprintf("%s, %s, %s", name, position, words.MomentNear(at, now))
}

// CausePage is GET and POST /documents/{id}/cause: why the document is overdue,
// what has been noted so far, and a field for a new note.
type CausePage struct {
	Shell
	Key     string
	URL     string
	Back    string // the document
	Due     DueLine
	Derived string
	Text    string
	Max     int
	Notes   []CauseNote
	Closed  bool // not overdue any more: nothing can be noted
}

// CauseNote is one note, the newest first.
type CauseNote struct {
	Text string
	By   string
	Role string
	At   time.Time
}

// CauseFlash is the banner after a note.
const CauseFlash = "Đã ghi nguyên nhân."

// CausePosition is in which capacity somebody noted a cause.
func CausePosition(role staff.Role, unit string) string { return words.Position(role, unit) }

// OverduePrintTitle heads the register on paper.
func OverduePrintTitle(campaign string) string { return TitleOverdue + ": " + campaign }
