package templates

import (
	"fmt"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/templates/words"
)

// Words of the pages of a plan that lives.
const (
	TitleTracking  = "Theo dõi kế hoạch"
	TitleResult    = "Văn bản kết quả"
	AllTasks       = "Tất cả"
	ProgressFlash  = "Đã ghi tiến độ."
	ResultFlash    = "Đã ghi văn bản kết quả. Nhiệm vụ đã hoàn thành."
	WithdrawnFlash = "Đã rút văn bản kết quả. Nhiệm vụ trở lại chưa hoàn thành."
)

// TrackingPage is GET /documents/{id}/tracking: the tasks of a plan that lives, all
// or with status=<plan.Status> those of one status.
type TrackingPage struct {
	Shell
	Document DocumentHead
	Facts    []string
	Late     string // how many tasks are overdue; "": none
	Board    string // by lead and by month
	Tabs     []Tab
	Groups   []TrackedGroup
	Empty    Empty
	// Adjustments is where the versions of the plan are, and how they are called there.
	Adjustments Link
}

// TrackedGroup is the tasks of one field.
type TrackedGroup struct {
	Name string
	Rows []TrackedRow
}

// TrackedRow is one task of a living plan.
type TrackedRow struct {
	TaskText
	ID, URL  string
	Chip     Chip
	Left     string // "Còn 12 ngày làm việc"; "" where nothing runs
	Progress string // newest
	About    string // of it: who, when
	Result   *TaskResult
}

// TaskResult is the document that completes a task.
type TaskResult struct {
	Text  string // "Số 12/BC-STC ngày 30/06/2027: Báo cáo kết quả rà soát"
	Note  string
	About string
	File  *File // nil: none is attached
}

// TrackedPage is GET /documents/{id}/tracking/{key}: one task. The form of progress
// posts key, note and percent to Path/progress.
type TrackedPage struct {
	Shell
	Document DocumentHead
	Key      string
	Task     TaskText
	Chip     Chip
	Due      *DueLine
	Result   *TaskResult // nil: none stands
	Writes   bool        // the reader answers for the task
	Note     string      // as typed
	Percent  string
	History  []TimelineEntry
	Path     string
	ListURL  string
	Adjusts  string // where the task is adjusted: posts key and task; empty: not by this reader
	TaskKey  string
	City     *CityTask  // the task of the city's plan that it carries out; nil: none
	Linked   *LinkedSum // of a task of the city's plan; nil: it is none
}

// CityTask is the task of the city's plan that a unit's task carries out.
type CityTask struct {
	Text  string // "12. Rà soát văn bản"
	About string // its lead and deadline; "" where the plan has it no more
	URL   string // for readers of that plan; else empty
}

// LinkedSum is what units do for a task of the city's plan.
type LinkedSum struct {
	Facts []string
	Chips []LinkedChip
	Rows  []LinkedRow
	More  string // how many are not listed
}

// LinkedChip counts the units' tasks of one status.
type LinkedChip struct {
	Chip  Chip
	Count int
}

// LinkedRow is one unit's task.
type LinkedRow struct {
	URL, Unit, Name, Lead, Time, Percent string
	Given                                string // more time after an outage; "": none
	Chip                                 Chip
}

// MostLinked is how many units' tasks a page of the city's task lists.
const MostLinked = 300

// LinkedFacts sum up what units do for a task of the city's plan.
func LinkedFacts(units int, t plan.Tally) []string {
	return []string{
		counted(units, "đơn vị"), words.TaskCount(t.Planned()), fmt.Sprintf("hoàn thành %d, đạt %s", t.Done(), words.PlanShare(t)),
	}
}

// LinkedMore tells that a list ends before its end.
func LinkedMore(shown, all int) string {
	return fmt.Sprintf("Hiện %s trong %s nhiệm vụ, quá hạn ở trên.", words.Number(shown), words.Number(all))
}

// CityTaskAbout is the lead and deadline of a task of the city's plan.
func CityTaskAbout(c plan.CityTask) string {
	return words.Join("Chủ trì: "+c.Lead, words.TaskDeadline(c.Deadline))
}

// LinkedPercent is how far a unit's task has come, as last noted.
func LinkedPercent(percent *int) string {
	if percent == nil {
		return ""
	}
	return fmt.Sprintf("%d %%", *percent)
}

// ResultPage is GET /documents/{id}/tracking/{key}/result. Posts key, number,
// issued_on, title, note and, last, file to the same address; where a result stands,
// key and note to Path/withdraw.
type ResultPage struct {
	Shell
	Document DocumentHead
	Key      string
	Task     TaskText
	Due      *DueLine
	Result   *TaskResult
	Closed   bool // the task is carried out no more
	Draft    ResultDraft
	Lost     string // name of the file that has to be chosen again; ""
	Accept   string
	MaxSize  string
	Path     string
}

// ResultDraft is what stands in the fields, as typed.
type ResultDraft struct {
	Number, IssuedOn, Title, Note string
}

// Entry is what somebody wrote about a task.
type Entry struct {
	Kind      plan.EntryKind
	Note      string
	Percent   *int
	Number    string
	IssuedOn  *calendar.Day
	Title     string
	FileName  string
	Withdrawn bool
}

var taskChips = map[plan.Status]Chip{
	plan.NotStarted: {Icon: "circle", Class: "idle"},
	plan.InProgress: {Icon: "pencil", Class: "work"},
	plan.Overdue:    {Icon: "exclamation-octagon-fill", Class: "bad"},
	plan.DoneInTime: {Icon: "check-circle-fill", Class: "done"},
	plan.DoneLate:   {Icon: "check-lg", Class: "back"},
	plan.Cancelled:  {Icon: "slash-circle", Class: "off"},
}

// TaskChip is the chip of a task's status.
func TaskChip(s plan.Status) Chip {
	chip := taskChips[s]
	chip.Word = words.TaskStatus(s)
	return chip
}

// AdjustmentsLink leads from the tasks to the versions of the plan.
func AdjustmentsLink(url string, open bool) Link {
	if open {
		return Link{Label: OpenAdjustLabel, URL: url}
	}
	return Link{Label: TitleAdjustments, URL: url}
}

// TrackingFacts sum a living plan up.
func TrackingFacts(t plan.Tally) []string {
	return []string{
		words.TaskCount(t.Planned()),
		fmt.Sprintf("Hoàn thành %d, đạt %s", t.Done(), words.PlanShare(t)),
	}
}

// LateFact tells how many tasks are overdue; "": none.
func LateFact(t plan.Tally) string {
	if t[plan.Overdue] == 0 {
		return ""
	}
	return words.TaskCount(t[plan.Overdue]) + " quá hạn"
}

// NoTrackedTasks is the list with no task of the chosen status.
func NoTrackedTasks(all string) Empty {
	return Empty{
		Title: "Không có nhiệm vụ nào ở trạng thái này",
		Text:  "Trạng thái tự tính theo thời hạn và văn bản kết quả của từng nhiệm vụ.",
		URL:   all, Label: "Xem tất cả nhiệm vụ",
	}
}

// EntryText tells an entry in one sentence.
func EntryText(e Entry) string {
	switch e.Kind {
	case plan.Result:
		text := "ghi văn bản kết quả: " + words.Lower(ResultText(e))
		if e.Withdrawn {
			text += " (đã rút)"
		}
		return text
	case plan.Withdrawal:
		return "rút văn bản kết quả"
	}
	if e.Percent == nil {
		return e.Note
	}
	return fmt.Sprintf("%d %%: %s", *e.Percent, e.Note)
}

// ProgressText tells that progress was noted.
func ProgressText(percent *int) string {
	if percent == nil {
		return "ghi tiến độ"
	}
	return fmt.Sprintf("ghi tiến độ %d %%", *percent)
}

// ResultText is a result document in one line.
func ResultText(e Entry) string {
	date := ""
	if e.IssuedOn != nil {
		date = " ngày " + words.Date(*e.IssuedOn)
	}
	return "Số " + e.Number + date + ": " + e.Title
}

// EntryMark is the sign of an entry in the history.
func EntryMark(k plan.EntryKind) (icon, tone string) {
	switch k {
	case plan.Result:
		return "check-lg", "ok"
	case plan.Withdrawal:
		return "arrow-return-left", "warn"
	}
	return "pencil", "act"
}

// DoneSentence tells when a task was completed, and against which day.
func DoneSentence(s plan.Status, done calendar.Day, last *calendar.Day) string {
	if last == nil {
		return fmt.Sprintf("Hoàn thành ngày %s theo văn bản kết quả.", words.Date(done))
	}
	return fmt.Sprintf("%s: văn bản kết quả ngày %s, hạn đến hết ngày %s.", words.TaskStatus(s), words.Date(done), words.Date(*last))
}

// UndatedSentence is the due line of a task whose deadline names no day, or that is
// carried out no more.
func UndatedSentence(s plan.Status, d plan.Deadline) string {
	switch {
	case s == plan.Cancelled:
		return "Nhiệm vụ không còn trong kế hoạch đã duyệt; diễn biến được giữ lại."
	case d.Kind == plan.OnRequest:
		return "Thực hiện khi có yêu cầu, không có ngày cuối."
	}
	return "Thực hiện thường xuyên trong năm, không có ngày cuối."
}

// DeadlineReason tells which deadline of the plan the last day comes from.
func DeadlineReason(d plan.Deadline) string {
	return fmt.Sprintf("Theo thời hạn trong kế hoạch: %s.", words.Lower(words.TaskDeadline(d)))
}
