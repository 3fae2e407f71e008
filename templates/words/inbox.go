package words

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
)

var inboxTabs = map[string]string{
	"todo": "Cần xử lý", "returned": "Yêu cầu bổ sung", "following": "Đang theo dõi", "done": "Đã xử lý",
}

// InboxTab is the name of a tab of "Việc của tôi".
func InboxTab(tab string) string { return inboxTabs[tab] }

var inboxDues = map[string]string{"overdue": "Quá hạn", "today": "Hạn hôm nay", "later": "Sau hôm nay"}

// InboxDue is a due class, as a choice and as the head of a group.
func InboxDue(class string) string { return inboxDues[class] }

// The first choices of filters, and the head of the one group of what is done.
const (
	AllCampaigns = "Mọi đợt"
	AllGroups    = "Mọi loại đơn vị"
	AllStatuses  = "Mọi bước"
	AllDues      = "Mọi hạn"
	Closed       = "Đã kết thúc"
	TaskNoun     = "việc"
)

var unitGroups = map[string]string{
	"department": "Sở, ban, ngành", "ward": "Phường", "commune": "Xã", "special_zone": "Đặc khu",
}

// UnitGroups lists the kinds of units in the order of choices.
var UnitGroups = []string{"department", "ward", "commune", "special_zone"}

// UnitGroup is a kind of units.
func UnitGroup(group string) string { return unitGroups[group] }

// Today is "Chủ nhật 22/11/2026".
func Today(now time.Time) string { return upper(DateLong(calendar.DayOf(now))) }

// Sent tells in which role and when a document was sent on: "Giám đốc, ký số
// 15/12".
func Sent(r staff.Role, a document.Action, at time.Time) string {
	what := "mở đợt"
	if a != "" {
		what = sentBy[a]
	}
	return fmt.Sprintf("%s, %s %s", Role(r), what, DateShort(calendar.DayOf(at)))
}

var sentBy = map[document.Action]string{
	document.Submit: "trình", document.Approve: "duyệt", document.Return: "trả lại",
	document.Sign: "ký số", document.Confirm: "xác nhận", document.Recall: "thu hồi",
	document.Exempt: "miễn", document.Extend: "gia hạn",
}

// InboxEmpty says why a tab has no rows: a fact, and what will bring some.
func InboxEmpty(tab string, filtered bool) (title, about string) {
	if filtered {
		return "Không có việc nào khớp bộ lọc", "Bớt một điều kiện lọc để thấy thêm."
	}
	switch tab {
	case "todo":
		return "Bạn đã xử lý hết việc", "Việc mới hiện ở đây khi văn bản đến lượt bạn."
	case "returned":
		return "Không có văn bản nào phải bổ sung", "Văn bản bị trả lại hiện ở đây kèm lý do."
	case "following":
		return "Không có văn bản nào đang theo dõi", "Văn bản của đơn vị bạn hoặc bạn đã xử lý hiện ở đây đến khi kết thúc."
	}
	return "Bạn chưa xử lý văn bản nào", "Văn bản hiện ở đây sau khi bạn trình, duyệt, ký hoặc xác nhận."
}

// ClearFilters is the way out of an empty filtered list.
const ClearFilters = "Bỏ mọi lọc"
