package templates

import "cchc/domain/document"

// TasksPage is GET /tasks, "Việc của tôi": the home of every role. Filters are
// query parameters tab, q, campaign, group, status, due and page.
type TasksPage struct {
	Shell
	Today   string // "Chủ nhật 22/11/2026"
	Late    int    // overdue tasks, for the line under the title
	DueNow  int    // tasks due today
	Tabs    []Tab  // Cần xử lý, Yêu cầu bổ sung, Đang theo dõi, Đã xử lý: exact counts
	Tab     string // the current tab's value, kept by the filter form
	Filters TaskFilters
	Groups  []TaskGroup // empty groups are left out
	Paging  Paging
	Empty   Empty // shown when there is no group
}

// TaskFilters is the GET form above the list, as filled in.
type TaskFilters struct {
	Query     string
	Campaigns []Option // first: all
	Groups    []Option // kinds of units; none: the field is left out (a unit's own people)
	Statuses  []Option
	Dues      []Option
	Active    int    // how many narrow the list
	ClearURL  string // "Bỏ mọi lọc"
}

// TaskGroup is the rows of one due class.
type TaskGroup struct {
	Name string // Quá hạn, Hạn hôm nay, Sau hôm nay; Đã xử lý has one group
	Icon string // exclamation-octagon-fill, calendar-event
	Late bool
	Rows []TaskRow
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
