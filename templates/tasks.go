package templates

import (
	"strconv"

	"cchc/domain/document"
)

// TasksPage is GET /tasks, "Việc của tôi": the home of every role. Filters are
// query parameters tab, q, campaign, group, status, due and page.
type TasksPage struct {
	Shell
	Today  string // "Chủ nhật 22/11/2026"
	Late   int    // overdue tasks, for the line under the title
	DueNow int    // tasks due today
	// Warning tells an officer that the calendar lacks official days; nil: it does not.
	Warning *LinkedNote
	Asking  *Link // for officers: open requests for more time; nil: none
	// Adjusting leads to adjustments of living plans that wait for the reader; nil: none.
	Adjusting  *Link
	Appraising []Link // what of appraisals waits for the reader
	Tabs       []Tab  // Cần xử lý, Yêu cầu bổ sung, Đang theo dõi, Đã xử lý: exact counts
	Tab        string // the current tab's value, kept by the filter form
	NextURL    string // "Mở việc tiếp theo": the first open task that fits; empty: none, or another tab
	Filters    TaskFilters
	Views      []SavedView // the person's own filters
	Save       *SaveView   // nil: nothing to save, or it is saved already
	Groups     []TaskGroup // empty groups are left out
	Paging     Paging
	Empty      Empty // shown when there is no group
	// Outage tells of a draft about an outage that waits for the reader's word; nil: none.
	Outage *LinkedNote
	// Proposals tells an officer of campaigns that are to be launched; nil: none.
	Proposals *LinkedNote
}

// TaskFilters is the GET form above the list, as filled in.
type TaskFilters struct {
	Query     string
	Campaigns []Option // first: all
	Groups    []Option // kinds of units; none: the field is left out (a unit's own people)
	Statuses  []Option
	Dues      []Option
	Active    int // how many narrow the list
	Chips     []FilterChip
	ClearURL  string // "Bỏ mọi lọc"
}

// FilterChip is one condition that is set, with the way to take it away.
type FilterChip struct {
	Label string // "Đợt: Báo cáo CCHC quý IV năm 2026"
	URL   string // the list without it
}

// SavedView is one saved filter: as a link of the list, and as a row of its page.
type SavedView struct {
	ID      int64
	Name    string
	About   string // "Cần xử lý · Hạn: quá hạn"
	URL     string
	Home    bool
	Current bool
	Key     string
	Typed   string // the name as typed, where renaming went wrong
	Broken  bool   // the page's errors are about this row
}

// SaveView is the form that keeps the present filter: POST /tasks/views.
type SaveView struct {
	Key   string
	Query string // the filter
	Name  string // as typed
	Home  bool
	Open  bool // shown unfolded: something is wrong with it
}

// ViewsPage is GET /tasks/views: a person's saved filters, to rename, remove, or
// make the first page. Errors are about the row that is Broken.
type ViewsPage struct {
	Shell
	Views []SavedView
	Empty Empty
}

// TaskGroup is the rows of one due class.
type TaskGroup struct {
	Name  string // Quá hạn, Hạn hôm nay, Sau hôm nay; Đã xử lý has one group
	Icon  string // exclamation-octagon-fill, calendar-event
	Late  bool
	Count int // rows of the class on all pages
	Rows  []TaskRow
}

// TaskRow is one document waiting for somebody; the whole row is one link.
type TaskRow struct {
	URL      string
	Subject  string // the unit for readers of many units, else the document's title
	Document string // second line
	Revision int    // "lần n" from 2 on
	Flags    []Flag // at most two
	Sender   string // who sent it here
	Sent     string // role and when: "Giám đốc, ký số 15/12"
	Status   document.Status
	Pending  string // a decision is recorded but not yet applied: "Quyết định ghi nhận lúc 16:59"
	Due      string // words.InstantNear(...)
	Left     string // words.Left(...): "Còn 2 ngày làm việc"
	Late     bool
}

// FieldID is the id of the row's name field: there is one in every row.
func (v SavedView) FieldID() string { return "name-" + strconv.FormatInt(v.ID, 10) }

// NoViews is the page of saved filters before there is any.
func NoViews() Empty {
	return Empty{
		Title: "Chưa có bộ lọc nào", Text: "Lọc Việc của tôi theo ý bạn, rồi bấm Lưu bộ lọc này.",
		URL: "/tasks", Label: "Về Việc của tôi",
	}
}
