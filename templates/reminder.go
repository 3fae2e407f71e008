package templates

import (
	"fmt"
	"time"

	"cchc/templates/words"
)

// Titles of the pages of reminding.
const (
	TitleRemind   = "Nhắc đơn vị đang giữ"
	TitleReminded = "Kết quả nhắc"
)

// RemindPage is GET /campaigns/{code}/remind, whom one click would reach, and GET
// /campaigns/{code}/reminders/{key}, whom it has reached.
type RemindPage struct {
	Shell
	Facts  []string
	Form   *RemindForm // nil on the result, and while there is nobody to remind
	Groups []RemindGroup
	AllURL string // every outcome again; empty: they are all here
	Back   string // the board as it was narrowed
	Empty  Empty
}

// RemindForm is the one click that reminds the holders. It carries the filter.
type RemindForm struct {
	URL    string
	Key    string
	Label  string
	Hidden []HiddenField
}

// RemindGroup is the units with which the click does the same.
type RemindGroup struct {
	ID      string
	Title   string // "27 đơn vị được nhắc"
	Why     string
	Icon    string
	Rows    []RemindRow
	More    int    // units that are not listed
	MoreURL string // where they are
	Paging  Paging // of the page that lists this group alone
}

// RemindRow is one unit.
type RemindRow struct {
	URL, Unit, Desk, Holder, Due string
}

// remindWords are what a group says before and after the click.
var remindWords = map[string]struct{ before, after, why, icon string }{
	"sent":   {"sẽ được nhắc", "đã được nhắc", "Thông báo hiện ở chuông và gửi qua thư cho người đang giữ.", "bell"},
	"vacant": {"chưa có người giữ", "chưa có người giữ", "Thông báo chờ ở mục chưa đến người nhận, người nhận bàn sau sẽ thấy.", "person"},
	"recent": {"vừa xử lý, bỏ qua", "vừa xử lý, đã bỏ qua", "Có thay đổi trong 4 giờ qua: vừa nhận văn bản hoặc vừa lưu bản soạn.", "clock-history"},
	"busy":   {"đang xử lý, bỏ qua", "đang xử lý, đã bỏ qua", "Quyết định của đơn vị vừa được ghi nhận.", "hourglass-split"},
	"today":  {"đã được nhắc hôm nay, bỏ qua", "đã được nhắc trước đó trong ngày, đã bỏ qua", "Mỗi văn bản chỉ nhắc một lần trong ngày.", "check"},
}

// RemindGroupOf begins the group of an outcome; done tells whether the click has
// happened.
func RemindGroupOf(outcome string, n int, done bool) RemindGroup {
	w := remindWords[outcome]
	title := w.before
	if done {
		title = w.after
	}
	return RemindGroup{ID: "remind-" + outcome, Title: counted(n, "đơn vị ") + title, Why: w.why, Icon: w.icon}
}

// RemindTotals are the facts under the title of a preview or result.
func RemindTotals(reached, skipped int, done bool) []string {
	if done {
		return []string{"Đã nhắc " + counted(reached, "đơn vị"), "Bỏ qua " + counted(skipped, "đơn vị")}
	}
	return []string{"Sẽ nhắc " + counted(reached, "đơn vị"), "Bỏ qua " + counted(skipped, "đơn vị")}
}

// RemindButton is the label of the click itself.
func RemindButton(n int) string { return "Nhắc " + counted(n, "đơn vị") }

// RemindedAt tells who clicked when.
func RemindedAt(name string, at time.Time) string {
	return fmt.Sprintf("%s, %s", name, words.Moment(at))
}

// RemindLink leads to the preview: whom one click would remind.
func RemindLink(n int, overdue bool, url string) *Button {
	return &Button{Label: RemindLabel(n, overdue), URL: url, Icon: "bell", Primary: true}
}

// NobodyToRemind is said when every desk was left alone.
func NobodyToRemind(board string) Empty {
	return Empty{Title: "Không có đơn vị nào cần nhắc lúc này", Text: "Bộ lọc này không còn văn bản mở ở bàn của đơn vị.", URL: board, Label: "Về bảng theo dõi"}
}
