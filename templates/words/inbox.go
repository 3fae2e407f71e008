package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// inboxMessages are about saved views of the list.
var inboxMessages = map[rule.Code]sentence{
	"view_name_missing": fixed("Ghi tên cho bộ lọc."),
	"view_name_long":    func(a []any) string { return "Tên dài quá, tối đa " + text(a, 0) + " chữ cái." },
	"view_name_taken":   fixed("Bạn đã có bộ lọc tên này. Ghi tên khác."),
	"views_many": func(a []any) string {
		return "Bạn đã lưu " + text(a, 0) + " bộ lọc, là nhiều nhất. Xóa bớt một bộ lọc rồi lưu lại."
	},
}

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
	document.Exempt: "miễn", document.Extend: "gia hạn", document.Reopen: "mở lại",
	document.Excuse: "tính lại hạn", document.Prolong: "gia hạn xác nhận",
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

// The chips of what is set: "Đợt: Báo cáo CCHC quý IV năm 2026".
func chipOf(name, value string) string { return name + ": " + value }

// ChipQuery, ChipCampaign, ChipGroup, ChipStatus and ChipDue name one condition
// of the filter with its value.
func ChipQuery(text string) string             { return chipOf("Tìm", "“"+text+"”") }
func ChipCampaign(name string) string          { return chipOf("Đợt", name) }
func ChipGroup(group string) string            { return chipOf("Loại đơn vị", UnitGroup(group)) }
func ChipStatus(status document.Status) string { return chipOf("Bước", Status(status)) }
func ChipDue(due string) string                { return chipOf("Hạn", lower(InboxDue(due))) }

// UnknownCampaign stands for a campaign that the filter names and nobody knows.
const UnknownCampaign = "không còn trong danh sách"

// ViewAbout describes what a saved view shows: its tab and its conditions.
func ViewAbout(tab string, chips []string) string {
	return strings.Join(append([]string{InboxTab(tab)}, chips...), " · ")
}

// Words of saved views.
const TitleViews = "Bộ lọc đã lưu"

// ViewSaved, ViewRenamed and the others say what became of a view.
func ViewSaved(name string) string { return "Đã lưu bộ lọc “" + name + "”." }

const (
	ViewRenamed  = "Đã đổi tên bộ lọc."
	ViewRemoved  = "Đã xóa bộ lọc."
	ViewIsHome   = "Từ nay trang chủ mở bộ lọc này."
	ViewHomeGone = "Từ nay trang chủ mở mục Cần xử lý."
)

// AllDone is said where no task is left, and what is left outside the filter.
func AllDone(filtered bool, others int) (title, more string) {
	switch {
	case !filtered:
		return "Bạn đã xử lý hết việc.", "Việc mới hiện ở đây khi văn bản đến lượt bạn."
	case others > 0:
		return "Không còn việc nào khớp bộ lọc.", fmt.Sprintf("Còn %s việc khác cần xử lý.", Number(others))
	}
	return "Không còn việc nào khớp bộ lọc.", "Bạn đã xử lý hết việc."
}

// TasksLeft counts what is left in the list: "Còn 12 việc trong danh sách."
func TasksLeft(n int) string {
	if n == 0 {
		return "Không còn việc nào trong danh sách."
	}
	return fmt.Sprintf("Còn %s việc trong danh sách.", Number(n))
}

// Meanwhile says who decided on a document before the reader could: "Trần Quốc
// Bảo đã xác nhận lúc 10:42 hôm nay."
func Meanwhile(name string, action document.Action, at, now time.Time) string {
	return fmt.Sprintf("%s %s lúc %s.", name, Done(action), MomentNear(at, now))
}

// You is the reader in the sentence of Meanwhile.
const You = "Bạn"

// WhereNow says where a document is: "Văn bản nay ở bước Chờ ký số, Lê Hoàng
// Phương đang giữ, hạn 24:00 thứ Năm 17/12/2026."
func WhereNow(status document.Status, holder string, due time.Time) string {
	if holder == "" {
		return "Văn bản đã kết thúc: " + Status(status) + "."
	}
	return fmt.Sprintf("Văn bản nay ở bước %s, %s đang giữ, hạn %s.", Status(status), holder, Instant(due))
}

// SeeFollowing leads from an empty list to what goes on elsewhere.
func SeeFollowing(n int) string { return fmt.Sprintf("Xem %s văn bản đang theo dõi", Number(n)) }

// ExtendedShort is the flag of a moved due where the due stands beside it.
func ExtendedShort(due time.Time) string { return "Gia hạn đến " + DateShort(LastDay(due)) }

// ClearFilters is the way out of an empty filtered list.
const ClearFilters = "Bỏ mọi lọc"
