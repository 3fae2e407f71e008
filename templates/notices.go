package templates

import (
	"time"

	"cchc/templates/words"
)

// Words of the notice pages.
const (
	TitleNotices   = "Thông báo"
	TitleUnreached = "Thông báo chưa đến được"
)

// NoticesPage is GET /notices, the bell: newest first. "Đánh dấu đã đọc" posts
// to /notices/read.
type NoticesPage struct {
	Shell
	Unread  int
	UpTo    int64 // id of the newest one shown, posted as up_to
	Notices []Notice
	Newest  string // leads back to the first page; empty there
	Older   string // leads to the next page; empty on the last
	Empty   Empty
	// Unreached leads the authority's people to UnreachedPage; empty for others.
	Unreached string
}

// Notice is one message to this person.
type Notice struct {
	Icon   string // bell, clock, arrow-return-left, ...: by kind
	Text   string // words.NoticeHead and words.NoticeSubject
	URL    string // the document
	At     time.Time
	Unread bool
	Mail   string // "Đã gửi thư" or why not; may be empty
}

// NoNotices is the empty bell.
func NoNotices() Empty {
	return Empty{Title: "Chưa có thông báo nào", Text: "Thông báo về văn bản và hạn nộp của bạn sẽ hiện ở đây."}
}

// NoticeText is one line at the bell. due is nil where none is told.
func NoticeText(head, subject string, due *time.Time) string {
	text := head + ": " + subject
	if due != nil {
		text += ", hạn " + words.InstantShort(*due)
	}
	return text
}

// UnreachedPage is GET /notices/unreached: whom the system could not tell, for
// the authority, who staffs the desks and keeps the addresses.
type UnreachedPage struct {
	Shell
	Desks     []UnreachedDesk
	Addresses []RefusedAddress
	Empty     Empty // when there is neither
}

// UnreachedDesk is a role at a unit that notices do not reach.
type UnreachedDesk struct {
	Unit  string
	Role  string // words.Role
	Why   string // UnreachedWhy
	Count int    // notices about open documents
	Since time.Time
}

// RefusedAddress is a person whose mail server refuses them.
type RefusedAddress struct {
	Person  int64 // "Gửi lại" posts to /notices/resend
	Name    string
	URL     string // their account; empty for those who may not change it
	Address string
	Answer  string // the mail server's own words
	At      time.Time
}

// UnreachedWhy says why notices do not arrive, from how many were posted while
// nobody held the desk, and how many to a holder without an address.
func UnreachedWhy(nobody, noAddress int) string {
	switch {
	case noAddress == 0:
		return "Chưa có người giữ vai trò"
	case nobody == 0:
		return "Người giữ vai trò chưa có địa chỉ thư"
	}
	return "Từng chưa có người giữ vai trò; người đang giữ chưa có địa chỉ thư"
}

// AllReached is the page without rows.
func AllReached() Empty {
	return Empty{Title: "Mọi thông báo đều đến được người nhận", Text: "Vai trò chưa có người giữ và địa chỉ thư bị từ chối sẽ hiện ở đây."}
}

// ResentFlash tells how many notices are on their way again; none when somebody
// else was faster.
func ResentFlash(notices int) Flash {
	if notices == 0 {
		return Flash{Tone: ToneInfo, Text: "Không còn thông báo nào phải gửi lại."}
	}
	return Flash{
		Tone: ToneOK, Text: "Đã xếp " + words.Number(notices) + " thông báo để gửi lại.",
		More: "Thông báo không còn đúng sẽ được bỏ qua. Địa chỉ bị từ chối lần nữa sẽ hiện lại ở đây.",
	}
}
