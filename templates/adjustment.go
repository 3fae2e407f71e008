package templates

import (
	"fmt"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/templates/words"
)

// Words of the pages of adjustments.
const (
	TitleAdjustments  = "Các lần điều chỉnh"
	TitleAdjusting    = "Điều chỉnh kế hoạch"
	TitleOrder        = "Văn bản điều chỉnh"
	TitleWaiting      = "Bản điều chỉnh kế hoạch chờ xem xét"
	TitleAddTask      = "Thêm nhiệm vụ"
	OrderFlash        = "Đã lưu văn bản điều chỉnh."
	AdjustedFlash     = "Đã lưu điều chỉnh của nhiệm vụ."
	DroppedFlash      = "Nhiệm vụ giữ nguyên như trong kế hoạch."
	OpenAdjustLabel   = "Bản điều chỉnh đang làm"
	OrderUnwritten    = "Chưa ghi"
	AdjustmentNote    = "Kế hoạch giữ nguyên đến khi Sở Nội vụ xác nhận bản điều chỉnh."
	chosenNothingText = "Chọn nhiệm vụ"
)

// AdjustmentsPage is GET /documents/{id}/adjustments: every version of a living plan.
type AdjustmentsPage struct {
	Shell
	Document DocumentHead
	Key      string // of the form that begins one
	Begins   bool   // the reader may begin one: posts key to the same address
	Rows     []AdjustmentRow
	FirstURL string // the plan as it was approved
	Count    string // of its tasks today
}

// AdjustmentRow is one adjustment in the list.
type AdjustmentRow struct {
	Name   string // "Điều chỉnh lần 2", "Bản đang làm"
	URL    string
	Chip   Chip
	Order  string // "Số 12/QĐ-STC ngày 10/05/2027: Điều chỉnh kế hoạch"
	Issuer string
	When   string
}

// AdjustmentPage is GET /documents/{id}/adjustments/{adjustment}. Its form posts key,
// hash, reason and action (a document.Action) to the same address.
type AdjustmentPage struct {
	Shell
	Document DocumentHead
	Path     string
	Chip     Chip
	Note     string
	Returned *ReturnNotice
	Order    []Pair
	File     *File
	Missing  bool // no order has been written
	Writes   bool
	Problems []Problem // before it may be submitted
	// ProblemsTitle is what these keep from: submitting, or confirming.
	ProblemsTitle string
	Failed        bool // the reader tried, and they stood in the way
	Changes       []AdjustedTask
	Tasks         []Option // that may be adjusted still
	AddURL        string
	Key           string
	Hash          string
	Actions       []AdjustmentAction
	Reasons       bool // the form has a reason
	Reason        string
	ReasonOf      string // its label
	Before        string // beside the actions
	History       []TimelineEntry
	After         []ReadTaskGroup // the plan as it is then
	Count         string          // of its tasks
	ListURL       string
	PrintURL      string // of the plan as it makes it; empty: not in force
}

// AdjustedTask is what an adjustment does to one task.
type AdjustedTask struct {
	TaskDifference
	Reason string
	URL    string // where it is written; empty: not here
	About  string
}

// AdjustmentAction is one button of an adjustment.
type AdjustmentAction struct {
	Action  document.Action
	Label   string
	Primary bool
	Danger  bool
}

// OrderPage is GET /documents/{id}/adjustments/{adjustment}/order: the document that
// orders it. Posts base_version, number, issued_on, issuer, title and, last, file to
// the same address.
type OrderPage struct {
	Shell
	Document DocumentHead
	Path     string
	Base     int
	Draft    OrderDraft
	File     *File // kept already
	Lost     string
	Stale    bool // somebody else has saved it since
	Accept   string
	MaxSize  string
}

// OrderDraft is what stands in the fields, as typed.
type OrderDraft struct{ Number, IssuedOn, Issuer, Title string }

// AdjustTaskPage is GET /documents/{id}/adjustments/{adjustment}/tasks/{key}: what
// becomes of one task. Posts base_version, the columns, reason and do: save, remove
// (the task is carried out no more) or drop (it stays as it is).
type AdjustTaskPage struct {
	Shell
	Document DocumentHead
	Path     string // of the adjustment
	Action   string
	Base     int
	Heading  string
	New      bool // the plan does not have it
	Touched  bool // the adjustment says something of it already
	Removed  bool // namely that it is carried out no more
	Draft    TaskDraft
	Reason   string
	Fields   []Option
	Products []Option
	Year     int
	// CityTasks as in TaskPage.
	CityTasks []string
	Now       *TaskText // as it stands in the plan
	Conflict  *TaskConflict
}

// WaitingAdjustmentsPage is GET /adjustments: those that wait for the reader.
type WaitingAdjustmentsPage struct {
	Shell
	Facts []string
	Rows  []WaitingAdjustment
	Empty Empty
}

// WaitingAdjustment is one of them.
type WaitingAdjustment struct {
	URL, Unit, Campaign string
	Order               string
	Tasks               string
	Since               string
	Chip                Chip
}

// AdjustmentChip tells where an adjustment lies.
func AdjustmentChip(stage document.Stage, returned bool) Chip {
	switch stage {
	case document.Approved:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Có hiệu lực"}
	case document.Discarded:
		return Chip{Icon: "slash-circle", Class: "off", Word: "Đã bỏ"}
	}
	return StatusChip(document.StatusOf(stage, true, returned))
}

// AdjustmentName is "Điều chỉnh lần 2", or what an open one is called.
func AdjustmentName(n *int) string {
	if n == nil {
		return "Bản đang làm"
	}
	return words.AdjustmentNumbered(*n)
}

// OrderText is an adjusting document in one line; "" where nothing is written yet.
func OrderText(number string, issued *calendar.Day, title string) string {
	if number == "" && title == "" {
		return ""
	}
	return ResultText(Entry{Number: number, IssuedOn: issued, Title: title})
}

// OrderPairs are the parts of an adjusting document.
func OrderPairs(number, date, issuer, title string) []Pair {
	return []Pair{{Name: "Số, ký hiệu", Value: number}, {Name: "Ngày văn bản", Value: date}, {Name: "Cơ quan, người ban hành", Value: issuer}, {Name: "Trích yếu", Value: title}}
}

var adjustmentActions = map[document.Action]AdjustmentAction{
	document.Submit:  {Label: "Trình trưởng phòng", Primary: true},
	document.Approve: {Label: "Trình Sở Nội vụ", Primary: true},
	document.Confirm: {Label: "Xác nhận điều chỉnh", Primary: true},
	document.Return:  {Label: "Trả lại", Danger: true},
	document.Recall:  {Label: "Thu hồi"},
	document.Discard: {Label: "Bỏ bản điều chỉnh", Danger: true},
}

// AdjustmentButtons are the offered actions, the primary one last.
func AdjustmentButtons(offers []document.Action) []AdjustmentAction {
	var plain, primary []AdjustmentAction
	for _, offer := range offers {
		button := adjustmentActions[offer]
		button.Action = offer
		if button.Primary {
			primary = append(primary, button)
		} else {
			plain = append(plain, button)
		}
	}
	return append(plain, primary...)
}

var adjustmentFlashes = map[document.Action]string{
	document.Submit:  "Đã trình trưởng phòng bản điều chỉnh.",
	document.Approve: "Đã trình Sở Nội vụ bản điều chỉnh.",
	document.Confirm: "Đã xác nhận. Kế hoạch được theo dõi theo bản điều chỉnh này.",
	document.Return:  "Đã trả lại bản điều chỉnh cho đơn vị.",
	document.Recall:  "Đã thu hồi bản điều chỉnh để sửa.",
	document.Discard: "Đã bỏ bản điều chỉnh. Kế hoạch giữ nguyên.",
}

// AdjustmentFlash tells that the action is done.
func AdjustmentFlash(a document.Action) string { return adjustmentFlashes[a] }

// AdjustmentReason is the label of the reason; a return needs one.
const AdjustmentReason = "Lý do trả lại"

// Headings of what is wrong with an adjustment, for its writers and for others.
const (
	ProblemsBefore = "Phải sửa trước khi trình"
	ProblemsFound  = "Chưa duyệt được, cần trả lại"
)

// AdjustmentLeft sums up what is to be mended before an adjustment is submitted.
func AdjustmentLeft(problems int) string {
	if problems == 0 {
		return "Đã đủ để trình."
	}
	return fmt.Sprintf("Còn %d chỗ phải sửa trước khi trình.", problems)
}

// AdjustedTable says of a plan's table that an adjustment has made it, and leads to
// the one that was approved.
func AdjustedTable(n int, by, approved string) *LinkedNote {
	return &LinkedNote{
		Note: Note{Tone: ToneInfo, Bold: words.AdjustmentNumbered(n) + ".", Text: by + "."}, URL: approved, Label: "Xem bảng được duyệt",
	}
}

// ApprovedTable says of a plan's table that it is the one that was approved, and leads
// to what adjustments have made of it.
func ApprovedTable(n int, now string) *LinkedNote {
	return &LinkedNote{
		Note: Note{Tone: ToneInfo, Bold: "Bảng được duyệt, trước khi điều chỉnh.", Text: "Bảng đang thực hiện: " + words.Lower(words.AdjustmentNumbered(n)) + "."}, URL: now, Label: "Xem bảng đang thực hiện",
	}
}

// AdjustedCount is how many tasks an adjustment changes.
func AdjustedCount(n int) string { return words.TaskCount(n) + " được điều chỉnh" }

// WaitingLink leads from the tasks to the adjustments; nil: none waits.
func WaitingLink(n int) *Link {
	if n == 0 {
		return nil
	}
	return &Link{Label: counted(n, "bản điều chỉnh kế hoạch"), URL: "/adjustments"}
}

// WaitingFacts are the facts above the list.
func WaitingFacts(n int) []string { return []string{counted(n, "bản chờ bạn xem xét")} }

// NoWaiting is the list without an adjustment.
func NoWaiting() Empty {
	return Empty{
		Title: "Không có bản điều chỉnh nào chờ bạn", Text: "Bản điều chỉnh hiện ở đây khi được trình hoặc trả lại.",
		URL: "/tasks", Label: "Về Việc của tôi",
	}
}

// ChooseTask is the first choice of the tasks that may be adjusted.
func ChooseTask() Option { return Option{Label: chosenNothingText, Selected: true} }

// AdjustedText tells in a task's history what an adjustment did: "điều chỉnh theo văn
// bản 12/QĐ-STC ngày 10/05/2027: thời hạn Quý II/2027 → Quý III/2027".
func AdjustedText(kind plan.ChangeKind, number string, issued calendar.Day, changes []string) string {
	by := " theo văn bản " + number + " ngày " + words.Date(issued)
	switch kind {
	case plan.Added:
		return "thêm nhiệm vụ" + by
	case plan.Removed:
		return "thôi thực hiện nhiệm vụ" + by
	}
	text := "điều chỉnh" + by
	for i, change := range changes {
		if i == 0 {
			text += ": " + change
		} else {
			text += "; " + change
		}
	}
	return text
}
