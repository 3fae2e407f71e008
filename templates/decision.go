package templates

import "time"

// ReceiptPage is GET /decisions/{key} once the decision is applied: what was
// done, who has it now, until when, what happens next.
type ReceiptPage struct {
	Shell
	Document DocumentHead
	Headline string // "Đã ký số và gửi Sở Nội vụ"
	Line     string // "Nộp đúng hạn: 15:20 ngày 16/12/2026, trước hạn 1 ngày làm việc."
	Steps    []Step
	Facts    []Pair // Mã tiếp nhận, Ai đang giữ, Đến khi nào, Việc tiếp theo
	Next     NextTask
	Files    []Button // e.g. the signed PDF
}

// PendingPage is GET /decisions/{key} while the decision is recorded and waits.
// It asks again by itself: by Poll every few seconds with scripts (an address
// that answers {"url": "/decisions/..."} once there is an answer, {} before),
// and by a refresh every ten seconds without.
type PendingPage struct {
	Shell
	Document DocumentHead
	Action   string    // words.Action(...)
	Received time.Time // the legal time
	Poll     string    // "/decisions/{key}?poll=1"
	Next     NextTask
}

// NextTask is where a person goes on to from a decision: the next open task of
// the list that they came from, or back to that list.
type NextTask struct {
	URL     string // empty: no task is left
	Left    string // "Còn 12 việc trong danh sách."
	ListURL string // the list, as they had filtered it
}

// Meanwhile tells who decided on a document before the reader could, and where
// it is now: never a dead end.
type Meanwhile struct {
	Who  string // "Trần Quốc Bảo đã xác nhận lúc 10:42 hôm nay."
	Now  string // "Văn bản nay ở bước Chờ ký số, ..."
	Next NextTask
}

// RefusedPage is GET /decisions/{key} when the decision was not applied, and the
// immediate answer 422 or 409 without differences: the reasons stand in Errors.
type RefusedPage struct {
	Shell
	Document DocumentHead
	Action   string // words.Action(...)
	Received string // "16:59 ngày 17/12/2026"; empty: not even recorded
	Kept     string // what the person had typed, to copy; may be empty
	// Meanwhile is set where somebody at the same desk was quicker: news, no error.
	Meanwhile *Meanwhile
	Next      NextTask
}

// ChangedPage answers 409 when the content is no longer what was on the screen:
// nothing was decided, and here is what changed since.
type ChangedPage struct {
	Shell
	Document DocumentHead
	Action   string       // what the person wanted
	Changes  *Differences // from what was on the screen to now; nil: unknown
	Edited   []Problem    // of a draft, which keeps no earlier text: who saved which part since
	Kept     string       // the reason they had typed, and the points
	AgainURL string       // the page to look and decide again
	// Meanwhile is set where somebody at the same desk was quicker: news, no error.
	Meanwhile *Meanwhile
	Next      NextTask
}
