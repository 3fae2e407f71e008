package templates

import "time"

// NoticesPage is GET /notices, the bell: newest first. "Đánh dấu đã đọc" posts
// to /notices/read.
type NoticesPage struct {
	Shell
	Unread  int
	UpTo    int64 // id of the newest one shown, posted as up_to
	Notices []Notice
	Paging  Paging
	Empty   Empty
}

// Notice is one message to this person.
type Notice struct {
	Icon   string // bell, clock, arrow-return-left, ...: by kind
	Text   string // words.Notice(...)
	URL    string // the document
	At     time.Time
	Unread bool
	Mail   string // "Đã gửi thư" or why not; may be empty
}
