package templates

import (
	"fmt"
	"time"

	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/templates/words"
)

// Titles of the pages of reminders' steps.
const (
	TitleLadders = "Bước nhắc và báo cấp trên"
	TitleLadder  = "Sửa bước nhắc"
)

// LaddersPage is GET /reminders: by which steps people are reminded of each kind of work.
type LaddersPage struct {
	Shell
	Kinds []LadderKind
}

// LadderKind is one kind of work with its steps.
type LadderKind struct {
	Name    string
	About   string // what the steps are counted from
	Reach   string // what an edit takes effect on
	EditURL string
	Now     LadderView
	Past    []LadderView // replaced, the last one first
}

// LadderView is the steps of a kind as they are read.
type LadderView struct {
	Steps  []string
	Edited string
	Reason string
	Reach  string // what it took effect on
}

// LadderPage is GET and POST /reminders/{kind}: other steps in the place of those that
// hold. It posts key, base, the rows of the ladder's table, reason and, for what campaigns
// keep, running.
type LadderPage struct {
	Shell
	Key     string
	URL     string
	Base    int
	Name    string
	About   string
	Hint    string
	Reach   string // of kinds without a choice
	Rungs   []RungRow
	Reason  string
	Choices []LadderChoice // whom it takes effect on; none: there is no choice
}

// LadderChoice is one answer to the question whom new steps take effect on.
type LadderChoice struct {
	Value, Label, Hint string
	Chosen             bool
}

// The values of the field running.
const (
	LadderComing  = "coming"
	LadderRunning = "running"
)

var ladderNames = map[reminder.Kind]string{
	reminder.Report: "Văn bản ở bàn của đơn vị", reminder.Confirm: "Văn bản chờ Sở Nội vụ xác nhận",
	reminder.Task: "Nhiệm vụ của kế hoạch", reminder.Adjustment: "Điều chỉnh kế hoạch đang chờ", reminder.Appraisal: "Thẩm định chỉ số",
}

// LadderName names a kind of work.
func LadderName(k reminder.Kind) string { return ladderNames[k] }

var ladderAbouts = map[reminder.Kind]string{
	reminder.Report:     "Tính theo hạn nộp của từng đơn vị. Áp dụng cho báo cáo, kế hoạch và tự đánh giá chỉ số; báo cáo đột xuất gấp tính bước riêng theo số giờ được cho.",
	reminder.Confirm:    "Tính theo hạn xác nhận của Sở Nội vụ.",
	reminder.Task:       "Tính theo thời hạn của từng nhiệm vụ. Các nhiệm vụ đến bước cùng lúc gộp thành một thông báo cho mỗi người.",
	reminder.Adjustment: "Tính từ lúc bản điều chỉnh đến bàn đang giữ. Ở bàn của đơn vị chỉ nhắc người của đơn vị, ở Sở Nội vụ chỉ nhắc người của Sở.",
	reminder.Appraisal:  "Tính theo hạn của từng vòng. Vòng chấm nhắc cơ quan thẩm định; vòng giải trình nhắc đơn vị. Mỗi cơ quan thẩm định nhận một thông báo cho cả đợt.",
}

// LadderAbout tells what the steps of a kind are counted from.
func LadderAbout(k reminder.Kind) string { return ladderAbouts[k] }

// LadderReach tells what an edit of a kind's steps takes effect on.
func LadderReach(k reminder.Kind) string {
	if k.PerCampaign() {
		return "Mỗi đợt giữ các bước từ lúc mở. Sửa ở đây áp dụng cho đợt mở sau đó; chọn thêm được các đợt đang mở."
	}
	return "Sửa ở đây có hiệu lực ngay với mọi kế hoạch đang thực hiện."
}

// LadderHint tells how the table is filled in.
func LadderHint(k reminder.Kind) string {
	switch k {
	case reminder.Report, reminder.Confirm:
		return "Mỗi dòng là một bước, tính theo ngày làm việc hoặc theo giờ liên tục; phải có một bước đúng hạn. Chọn “Không dùng” để bỏ một bước."
	case reminder.Adjustment:
		return "Mỗi dòng là một bước, tính theo ngày làm việc hoặc theo giờ liên tục từ lúc đến bàn. Chọn “Không dùng” để bỏ một bước."
	}
	return "Mỗi dòng là một bước, tính theo ngày làm việc hoặc theo giờ liên tục. Chọn “Không dùng” để bỏ một bước."
}

// How tells how a step reaches people.
func (LadderPage) How() string { return ladderHow }

const ladderHow = "Mỗi bước báo trong phần mềm và qua thư điện tử theo lựa chọn nhận thư của từng người; việc đã xong lúc đến bước thì không gửi. Bước theo ngày gửi lúc 08:00 ngày làm việc. Sửa xong chỉ tính các bước còn ở phía trước, không gửi bù."

// LadderChoices are the answers to the question whom new steps take effect on.
func LadderChoices(followers int, running bool) []LadderChoice {
	choices := []LadderChoice{{Value: LadderComing, Label: "Chỉ đợt mở từ nay", Hint: "Đợt đang mở giữ nguyên các bước.", Chosen: !running || followers == 0}}
	if followers > 0 {
		choices = append(choices, LadderChoice{
			Value: LadderRunning, Label: fmt.Sprintf("Cả %d đợt đang mở theo các bước hiện nay", followers),
			Hint: "Đợt đang mở có bước riêng giữ nguyên bước của mình.", Chosen: running,
		})
	}
	return choices
}

// LadderSteps are the steps of a kind in words.
func LadderSteps(k reminder.Kind, l period.Ladder) []string {
	steps := make([]string, len(l))
	for i, rung := range l {
		steps[i] = words.Rung(rung)
		if !k.HasDue() {
			steps[i] = words.RungSince(rung)
		}
	}
	return steps
}

// LadderEdited tells who laid steps down, and when.
func LadderEdited(by string, at, now time.Time) string { return words.Edited(by, at, now) }

// LadderShipped is said of steps that nobody has changed.
const LadderShipped = "Có sẵn trong phần mềm, chưa ai sửa"

// LadderTook tells what an edit took effect on.
func LadderTook(k reminder.Kind, running bool, followed int) string {
	switch {
	case !k.PerCampaign():
		return "Áp dụng ngay cho mọi kế hoạch đang thực hiện"
	case running:
		return fmt.Sprintf("Áp dụng cho %d đợt đang mở lúc đó và các đợt mở sau", followed)
	}
	return "Áp dụng cho các đợt mở sau đó"
}

// LadderSaved is the banner after an edit.
func LadderSaved(k reminder.Kind, running bool) Flash {
	flash := Flash{Tone: ToneOK, Text: "Đã ghi bước nhắc mới: " + words.Lower(LadderName(k)) + ".", More: "Đợt mở từ nay theo các bước này."}
	switch {
	case !k.PerCampaign():
		flash.More = "Các kế hoạch đang thực hiện theo các bước này từ bây giờ."
	case running:
		flash.More = "Các đợt đang mở theo bước cũ và đợt mở từ nay theo các bước này."
	}
	return flash
}

// LadderWhens are the choices of when a step of a kind comes.
func LadderWhens(k reminder.Kind, chosen string) []Option {
	if k.HasDue() {
		return RungWhens(chosen)
	}
	return []Option{
		{Value: RungOff, Label: "Không dùng", Selected: chosen == RungOff},
		{Value: RungHoursAfter, Label: "Sau khi đến bàn (giờ)", Selected: chosen == RungHoursAfter},
		{Value: RungAfter, Label: "Sau khi đến bàn (ngày)", Selected: chosen == RungAfter},
	}
}
