package templates

import (
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// TitleOperations is the operators' page.
const TitleOperations = "Vận hành"

// OperationsPage is GET /operations: what is stuck, for system operators. It
// tells where documents stand and nothing of what is in them. "document" in the
// query chooses one; "check" asks the engine about those listed.
type OperationsPage struct {
	Shell
	Key        string
	Counts     []Pair
	Query      string
	Chosen     *OperatedRow // the document asked for
	Missing    bool         // there is none with that id
	Reason     string       // typed
	Checked    bool         // the engine was asked
	Unanswered []DecisionRow
	Failed     []DecisionRow
	Stuck      []StuckRow
	Silent     []OperatedRow
	SilentAll  int
	Desks      []UnreachedDesk
	Addresses  []RefusedAddress
	AllWell    bool
}

// DecisionRow is a decision that waits or has failed.
type DecisionRow struct {
	Document string
	URL      string // chooses the document here
	Action   string
	Role     string
	Received time.Time
	Age      string
	Failures int
	Relayed  int
	Known    *Chip
}

// StuckRow is something of an officer's decision about many documents that could not be
// carried out.
type StuckRow struct {
	Document string // empty: a campaign's own due
	Campaign string
	Kind     string
	Made     time.Time
	Failures int
	Next     string // when it is tried again, or that it is not
}

// StuckKind says what sort of decision it is of.
func StuckKind(outage bool) string {
	if outage {
		return "Gia hạn theo sự cố"
	}
	return "Trả lời đề nghị gia hạn"
}

// StuckNext says when something is tried again; nil: it is not any more.
func StuckNext(at *time.Time, now time.Time) string {
	switch {
	case at == nil:
		return "Đã để riêng; người quyết định cần làm lại"
	case !at.After(now):
		return "Đang thử lại"
	}
	return "Thử lại lúc " + words.MomentNear(*at, now)
}

// OperatedRow is a document and its workflow.
type OperatedRow struct {
	Document string
	URL      string // chooses the document here
	Status   document.Status
	Expected string // when the workflow was expected
	Relayed  int
	Waiting  int    // unanswered decisions
	Engine   string // link into the engine's own pages; empty: none
	Gone     string // why there is no link
	Known    *Chip
}

// OperationCounts are the numbers at the head of the page.
func OperationCounts(documents, unanswered, mails, bundles int) []Pair {
	return []Pair{
		{Name: "Văn bản đang mở", Value: words.Number(documents)},
		{Name: "Quyết định chờ ghi nhận", Value: words.Number(unanswered)},
		{Name: "Thư chờ gửi", Value: words.Number(mails)},
		{Name: "Hồ sơ minh chứng chờ gộp", Value: words.Number(bundles)},
	}
}

// DecisionAction names what a decision asks for.
func DecisionAction(a document.Action, r staff.Role) (action, role string) {
	return words.Action(a), words.Role(r)
}

// KnownChip tells what the engine answered about a document.
func KnownChip(runs bool, failed bool) *Chip {
	switch {
	case failed:
		return &Chip{Icon: "cloud-slash", Class: "back", Word: "Không hỏi được"}
	case runs:
		return &Chip{Icon: "check-circle-fill", Class: "done", Word: "Đang chạy"}
	}
	return &Chip{Icon: "x-octagon-fill", Class: "bad", Word: "Không chạy"}
}

// Why a document has no link into the engine's pages.
const (
	EngineNotBegun  = "Quy trình chưa chạy lần nào."
	EngineRetention = "Lịch sử quy trình đã hết thời gian lưu; diễn biến vẫn còn tại trang văn bản."
	EngineNoPages   = "Chưa cấu hình địa chỉ trang Temporal."
)

// WokenFlash is the banner after one document was woken.
func WokenFlash(id string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã yêu cầu đánh thức quy trình của " + id + ".", More: "Quy trình được gọi trong vòng một phút."}
}

// AllWokenFlash is the banner after every open document was woken.
func AllWokenFlash(n int64) Flash {
	return Flash{Tone: ToneOK, Text: "Đã yêu cầu đánh thức " + counted(int(n), "quy trình") + ".", More: "Các quy trình được gọi lần lượt trong vài phút."}
}
