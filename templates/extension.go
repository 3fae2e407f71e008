package templates

import (
	"fmt"
	"time"

	"cchc/templates/words"
)

// Titles of the pages of requests for more time.
const (
	TitleAsk        = "Xin gia hạn"
	TitleExtensions = "Đề nghị gia hạn"
	TitleBatch      = "Kết quả quyết định"
)

// ExtensionPage is GET /documents/{id}/extension, where a unit asks for more time,
// or withdraws what it asked. Posts key, until and reason to the same address; key
// and request to its /withdraw.
type ExtensionPage struct {
	Shell
	Document DocumentHead
	Key      string
	Due      *DueLine
	Until    string // 22/12/2026, or as typed
	Reason   string
	Open     *AskedNote // nil: none is open
	Closed   string     // why nothing can be asked now; empty: it can
}

// AskedNote is an open request as a document's pages tell it.
type AskedNote struct {
	Request int64
	Text    string // "Sở Tài chính xin gia hạn đến 24:00 thứ Hai 21/12/2026."
	About   string // "Trần Thị Hạnh, chuyên viên, 09:12 hôm nay"
	Reason  string
	Waiting string // a decision about it is on its way; else empty
	URL     string // where the reader may act on it; empty: nowhere
	Label   string // of that link
}

// NewAskedNote tells an open request.
func NewAskedNote(unit string, until time.Time, by, role string, at, now time.Time, reason string, waiting bool) *AskedNote {
	note := &AskedNote{
		Text:  unit + " xin gia hạn đến " + words.Instant(until) + ".",
		About: RequestBy(by, role, at, now), Reason: reason,
	}
	if waiting {
		note.Waiting = "Quyết định đã được ghi nhận, đang xử lý."
	}
	return note
}

// Labels of the links of an open request, and of the button that leads to the
// form.
const (
	WithdrawLabel = "Xem hoặc rút đề nghị"
	DecideLabel   = "Quyết định"
	AskLabel      = "Xin gia hạn"
)

// AskFlash and WithdrawFlash tell that it is done.
const (
	AskFlash      = "Đã gửi đề nghị gia hạn đến Sở Nội vụ."
	WithdrawFlash = "Đã rút đề nghị gia hạn."
)

// ExtensionsPage is GET /extensions, the open requests, campaign by campaign, for
// the authority's officers. Posts key, verdict (grant or decline), reason, request
// (ids of the chosen) and until.<id> to the same address.
type ExtensionsPage struct {
	Shell
	Facts    []string
	Key      string
	Campaign string // narrowed to one campaign; empty: all
	All      string // where all are; empty: they are
	Reason   string
	Hidden   []HiddenField // the page that is shown
	Choose   *Choose       // all requests of the page; nil: one campaign's
	Groups   []RequestGroup
	Paging   Paging
	Empty    Empty
}

// RequestGroup is the open requests of one campaign.
type RequestGroup struct {
	ID, Campaign, URL string
	Count             string
	Choose            *Choose // nil: there is one request
	Rows              []RequestRow
}

// Choose is the button that ticks all requests, or none.
type Choose struct {
	Value     string
	All, None string // what it says before some, and when all are ticked
	Ticked    bool   // all are
	Of        string // the campaign; empty: all that are shown
}

// Label is what the button says now.
func (c Choose) Label() string {
	if c.Ticked {
		return c.None
	}
	return c.All
}

// Values of the button: all requests of a campaign, or of the page; none of them.
const (
	ChooseAll  = "all"
	ChooseNone = "none"
)

// ChooseOf is the button of a campaign, or without one of the page, when all of its
// requests are ticked or not.
func ChooseOf(campaign, name string, n int, ticked bool) *Choose {
	requests := counted(n, "đề nghị")
	c := &Choose{Value: ChooseAll, All: "Chọn tất cả " + requests, None: "Bỏ chọn " + requests, Ticked: ticked, Of: name}
	if ticked {
		c.Value = ChooseNone
	}
	if campaign != "" {
		c.Value += "." + campaign
	}
	return c
}

// RequestRow is one request.
type RequestRow struct {
	ID      int64
	Checked bool
	URL     string // the document
	Unit    string
	Status  string // of the desk
	Due     string
	Late    bool
	Wanted  string
	Reason  string
	By      string
	Waiting bool   // a decision about it is on its way
	Until   string // the day that would be granted, as typed
}

// ExtensionsFacts are the facts above the list.
func ExtensionsFacts(n int) []string {
	return []string{counted(n, "đề nghị chờ quyết định"), "Ngày đề nghị đã điền sẵn, sửa được từng dòng"}
}

// RequestCountText counts the open requests of a campaign.
func RequestCountText(n int) string { return counted(n, "đề nghị") }

// RequestBy tells who asked when.
func RequestBy(name, role string, at, now time.Time) string {
	return fmt.Sprintf("%s, %s, %s", name, words.Lower(role), words.MomentNear(at, now))
}

// RequestNoun is what the list has.
const RequestNoun = "đề nghị"

// NoRequests is the list without a request.
func NoRequests() Empty {
	return Empty{Title: "Không có đề nghị gia hạn nào chờ quyết định", Text: "Đề nghị của đơn vị hiện ở đây khi được gửi, và ở bảng theo dõi của đợt.", URL: "/campaigns", Label: "Xem các đợt báo cáo"}
}

// AskingLink leads from an officer's tasks to the requests; nil: there is none.
func AskingLink(n int) *Link {
	if n == 0 {
		return nil
	}
	return &Link{Label: counted(n, "đề nghị gia hạn") + " chờ quyết định", URL: "/extensions"}
}

// BatchPage is GET /extensions/batches/{key}: what one click did, request by
// request.
type BatchPage struct {
	Shell
	Facts  []string
	Reason string
	Groups []BatchGroup
}

// BatchGroup is the requests with the same end.
type BatchGroup struct {
	ID, Title, Why, Icon string
	Rows                 []BatchRow
}

// BatchRow is one request.
type BatchRow struct {
	URL, Unit, Wanted, Until string
	Why                      string // of a refusal
}

var batchWords = map[string]struct{ title, why, icon string }{
	"granted":  {"được gia hạn", "Hạn mới đã áp dụng; đơn vị đã được báo.", "check-circle-fill"},
	"declined": {"không được gia hạn", "Hạn cũ giữ nguyên; người xin đã được báo cùng lý do.", "slash-circle"},
	"waiting":  {"đang xử lý", "Đã ghi nhận, kết quả hiện ở đây trong ít phút. Có thể rời trang này.", "hourglass-split"},
	"refused":  {"không thực hiện được", "Văn bản đã đổi trong lúc đó; chưa có gì thay đổi.", "exclamation-triangle-fill"},
}

// BatchGroupOf begins the group of a state.
func BatchGroupOf(state string, n int) BatchGroup {
	w := batchWords[state]
	return BatchGroup{ID: "batch-" + state, Title: counted(n, "đơn vị ") + w.title, Why: w.why, Icon: w.icon}
}

// BatchFacts tell who decided when.
func BatchFacts(name string, at time.Time, n int) []string {
	return []string{fmt.Sprintf("%s, %s", name, words.Moment(at)), counted(n, "đề nghị")}
}
