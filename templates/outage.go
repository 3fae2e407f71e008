package templates

import (
	"fmt"
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

// Titles of the pages about outages.
const (
	TitleOutages     = "Sự cố phần mềm"
	TitleNewOutage   = "Ghi nhận sự cố"
	TitleNewRisk     = "Báo nguy cơ sự cố"
	TitleEditOutage  = "Sửa thông tin sự cố"
	TitleDraft       = "Sửa dự thảo thông báo"
	TitleMaintenance = "Bảo trì đã báo trước"
	TitleOutageRule  = "Quy tắc xử lý sự cố"
)

// OutagesPage is GET /outages: what has stopped or may stop, and what did.
type OutagesPage struct {
	Shell
	Open  []OutageRow
	Past  []OutageRow
	Beats []OutageBeat
	Watch []Note // what the watcher lacks for the day on which it is needed
	Keeps bool   // may lay down what happens
	Empty Empty
}

// OutageRow is one outage or risk.
type OutageRow struct {
	URL   string
	Title string
	About string
	Chip  Chip
}

// OutageBeat is when a program was last heard.
type OutageBeat struct {
	Name string
	When string
	Chip Chip
}

// NoOutages is the list before anything happened.
func NoOutages() Empty {
	return Empty{Title: "Chưa có sự cố nào", Text: "Sự cố do bộ giám sát phát hiện, khoảng ngừng thấy được khi khởi động lại và sự cố do cán bộ ghi nhận sẽ hiện ở đây."}
}

// OutageUntil tells when it ended: "Đến 12:00 ngày 05/10/2026", or that it has not.
func OutageUntil(kind outage.Kind, ended *time.Time) string {
	switch {
	case ended != nil && kind == outage.AtRisk:
		return "Hết nguy cơ lúc " + words.Moment(*ended)
	case ended != nil:
		return "Hoạt động trở lại lúc " + words.Moment(*ended)
	case kind == outage.AtRisk:
		return "Còn nguy cơ"
	}
	return "Chưa hoạt động trở lại"
}

// OutageChip is how it stands, in a word.
func OutageChip(closing outage.Closing, ended bool) Chip {
	switch closing {
	case outage.Quietly:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Kết thúc, không phải thông báo"}
	case outage.Noticed:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã thông báo, kết thúc"}
	case outage.Dismissed:
		return Chip{Icon: "slash-circle", Class: "off", Word: "Không phải sự cố"}
	case outage.Withdrawn:
		return Chip{Icon: "slash-circle", Class: "off", Word: "Hết nguy cơ, không thông báo"}
	}
	if ended {
		return Chip{Icon: "hourglass-split", Class: "back", Word: "Đang theo dõi thêm"}
	}
	return Chip{Icon: "exclamation-octagon-fill", Class: "bad", Word: "Đang diễn ra"}
}

var beatNames = map[string]string{
	"server": "Trang web", "worker": "Xử lý nền", "watch": "Bộ giám sát bên ngoài",
}

// BeatRow tells when a program was last heard. The watcher calls once an hour while
// all is well.
func BeatRow(program string, at time.Time, late bool) OutageBeat {
	beat := OutageBeat{Name: beatNames[program], When: words.Second(at), Chip: Chip{Icon: "check-circle-fill", Class: "done", Word: "Có tín hiệu"}}
	if late {
		beat.Chip = Chip{Icon: "exclamation-triangle-fill", Class: "back", Word: "Mất tín hiệu"}
	}
	return beat
}

// OutageFormPage is GET and POST /outages/new, and /outages/{id}/edit: what people are
// told of an outage or a risk.
type OutageFormPage struct {
	Shell
	Key     string
	URL     string
	Back    string
	Version int  // of the one that is edited
	Risk    bool // of a new one, the kind
	Fixed   bool // it is confirmed: its beginning stays
	Draft   OutageTyped
	Submit  string
}

// OutageTyped is what stands in the fields, as typed.
type OutageTyped struct {
	BeganDay, BeganClock       string
	ExpectedDay, ExpectedClock string
	What, Advice               string
}

// OutagePage is GET /outages/{id}: one outage, what was told about it, and what
// happened.
type OutagePage struct {
	Shell
	Key       string
	URL       string
	Version   int
	Chip      Chip
	Facts     []Pair
	Next      *Note // what comes next by itself
	What      []string
	Advice    []string
	Draft     *OutageDraft
	Told      []OutageTold
	Timeline  []TimelineEntry
	EditURL   string // "": not for this reader, or it is closed
	Deadlines *Link  // where deadlines are extended
	Ends      *OutageEnd
	Confirms  bool
	Dismisses bool
	Reason    string // as typed, where a dismissal went wrong
	Engine    string // where operators see the workflow
}

// OutageEnd is the form that ends it.
type OutageEnd struct {
	Day, Clock string
	Label      string
}

// OutageDraft is a draft that waits for words.
type OutageDraft struct {
	URL     string // of its words: POST
	Version int
	Hash    string
	Heading string
	Title   string
	Text    []string
	Due     string
	Late    bool
	Words   []OutageWord
	Speaks  []OutageSpeaker // parties for which the reader may speak now
	EditURL string
	PDFURL  string
	Page    string // the file for the authority's own site
	Note    *Note
	Reason  string
}

// OutageSpeaker is a party for which the reader may give the word.
type OutageSpeaker struct {
	Party   outage.Party
	Name    string
	Key     string
	FieldID string // of its reason: that of the first is where errors lead to
}

// OutageWord is what one party has said about the version.
type OutageWord struct {
	Party  string
	Chip   Chip
	About  string
	Reason string
}

// OutageTold is what units were told.
type OutageTold struct {
	ID      string
	Heading string
	Title   string
	Text    []string
	About   string
	Words   []OutageWord
	PDFURL  string
	Page    string
	RestURL string // has the server send what the watcher has not; "": nothing is left
	Key     string
}

// PartyName is the department in words.
func PartyName(party outage.Party, authority, it string) string {
	if party == outage.Authority {
		return authority
	}
	return it
}

// WordChip is a party's word.
func WordChip(verdict string) Chip {
	switch verdict {
	case "approve":
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã duyệt"}
	case "return":
		return Chip{Icon: "arrow-return-left", Class: "bad", Word: "Đề nghị sửa"}
	}
	return Chip{Icon: "hourglass-split", Class: "back", Word: "Chờ ý kiến"}
}

// WordAbout tells who has said it, when and on which road.
func WordAbout(name, road string, at time.Time) string {
	text := name + ", " + words.Moment(at)
	switch road {
	case "link":
		text += ", qua liên kết trong thư của bộ giám sát"
	case "command":
		text += ", bằng lệnh trên máy giám sát"
	}
	return text
}

// NoticeHeading is "Thông báo số 12/TB-SNV".
func NoticeHeading(number string) string {
	if number == "" {
		return "Thông báo"
	}
	return "Thông báo số " + number
}

// ToldAbout tells when a notice was published, and by whom.
func ToldAbout(at time.Time, watcher bool) string {
	if watcher {
		return "Bộ giám sát phát hành lúc " + words.Moment(at)
	}
	return "Phát hành lúc " + words.Moment(at)
}

// DraftDue tells until when words are asked for.
func DraftDue(due time.Time, late bool) string {
	if late {
		return "Quá hạn cho ý kiến từ " + words.Moment(due)
	}
	return "Cho ý kiến trước " + words.Moment(due)
}

// NumberHint tells that a draft has no number yet.
func NumberHint() *Note {
	return &Note{Tone: ToneInfo, Bold: "Dự thảo chưa có số.", Text: "Bản PDF gửi kèm thư ghi “Chưa cấp số” nếu phát hành khi chưa có số."}
}

// OutageNextNote says what comes by itself: the mark of an outage that lasts, the end of
// the time in which it must stay usable, or the all-clear; nil: nothing. A risk has no
// mark: its notice is drafted at once, and it ends by somebody's word.
func OutageNextNote(kind outage.Kind, mark, settles *time.Time, now time.Time) *Note {
	switch {
	case kind == outage.AtRisk && settles != nil:
		return &Note{Tone: ToneInfo, Bold: "Nguy cơ đã hết.", Text: "Nếu đã thông báo nguy cơ, các đơn vị được thông báo tiếp là đã hết."}
	case kind == outage.AtRisk:
		return nil
	case settles != nil && !settles.After(now):
		return &Note{Tone: ToneInfo, Bold: "Phần mềm đã hoạt động trở lại.", Text: "Nếu đã thông báo sự cố, các đơn vị được thông báo tiếp là đã hoạt động trở lại."}
	case settles != nil:
		return &Note{Tone: ToneInfo, Bold: "Phần mềm đã hoạt động trở lại.", Text: "Nếu không ngừng lại, sự cố kết thúc lúc " + words.Moment(*settles) + "."}
	case mark != nil && mark.After(now):
		return &Note{Tone: ToneWarn, Bold: "Phải thông báo lúc " + words.Moment(*mark) + " nếu phần mềm còn ngừng.", Text: "Đến lúc đó dự thảo được soạn và gửi lấy ý kiến hai cơ quan."}
	case mark == nil:
		return &Note{Tone: ToneInfo, Bold: "Chưa phải thông báo.", Text: "Thời gian ngừng nằm trong khoảng bảo trì đã báo trước."}
	}
	return nil
}

// OutageFacts are the pairs at the head of an outage's page.
func OutageFacts(kind outage.Kind, began time.Time, ended, expected *time.Time, source, by string, opened time.Time) []Pair {
	facts := []Pair{{Name: "Bắt đầu", Value: words.Moment(began)}, {Name: "Kết thúc", Value: OutageUntil(kind, ended)}}
	if expected != nil && ended == nil {
		facts = append(facts, Pair{Name: "Dự kiến", Value: "Hoạt động trở lại lúc " + words.Moment(*expected)})
	}
	return append(facts, Pair{Name: "Ghi nhận", Value: sourceText(source, by) + ", " + words.Moment(opened)})
}

func sourceText(source, by string) string {
	switch source {
	case "watch":
		return "Bộ giám sát bên ngoài"
	case "gap":
		return "Khoảng ngừng thấy khi khởi động lại"
	}
	return by
}

// ConfirmedPair tells by whom it was confirmed.
func ConfirmedPair(at time.Time, by string) Pair {
	if by == "" {
		by = "Duyệt tại bộ giám sát"
	}
	return Pair{Name: "Xác nhận sự cố", Value: by + ", " + words.Moment(at)}
}

// DismissedPair tells that it was none.
func DismissedPair(at time.Time, by, reason string) Pair {
	return Pair{Name: "Không phải sự cố", Value: by + ", " + words.Moment(at) + ": " + reason}
}

// LostPair tells how much office time was lost, also in tenths of an office day.
func LostPair(lost, day time.Duration) Pair {
	day = max(day, time.Minute)
	tenths := int((lost*10 + day/2) / day)
	return Pair{Name: "Giờ làm việc bị mất", Value: fmt.Sprintf("%d giờ %d phút (%s ngày làm việc)",
		int(lost.Hours()), int(lost.Minutes())%60, words.Decimal(fmt.Sprintf("%d.%d", tenths/10, tenths%10)))}
}

// EndLabel is what ends it.
func EndLabel(kind outage.Kind) string {
	if kind == outage.AtRisk {
		return "Ghi hết nguy cơ"
	}
	return "Ghi hoạt động trở lại"
}

// LinkOutageDeadlines leads to the deadlines that an outage touched.
const LinkOutageDeadlines = "Gia hạn theo sự cố"

// SaveOutage saves what was edited.
const SaveOutage = "Lưu thông tin"

// Banners after what was done.
var (
	OutageOpenedFlash    = Flash{Tone: ToneOK, Text: "Đã ghi nhận.", More: "Những người trực hệ thống được báo."}
	OutageEditedFlash    = Flash{Tone: ToneOK, Text: "Đã lưu thông tin sự cố."}
	OutageEndedFlash     = Flash{Tone: ToneOK, Text: "Đã ghi thời điểm kết thúc."}
	OutageConfirmedFlash = Flash{Tone: ToneOK, Text: "Đã xác nhận sự cố.", More: "Đồng hồ quá hạn dừng trong thời gian sự cố."}
	OutageDismissedFlash = Flash{Tone: ToneOK, Text: "Đã ghi: không phải sự cố.", More: "Không có thông báo nào được gửi."}
	DraftEditedFlash     = Flash{Tone: ToneOK, Text: "Đã lưu dự thảo.", More: "Ý kiến trước đó không còn hiệu lực; hai cơ quan được hỏi lại."}
	WordGivenFlash       = Flash{Tone: ToneOK, Text: "Đã duyệt dự thảo.", More: "Khi đủ ý kiến, thông báo được phát hành ngay."}
	WordReturnedFlash    = Flash{Tone: ToneOK, Text: "Đã gửi đề nghị sửa.", More: "Cán bộ Sở Nội vụ được báo."}
	RestSentFlash        = Flash{Tone: ToneOK, Text: "Đã xếp thư cho những người chưa nhận được."}
	WindowAnnouncedFlash = Flash{Tone: ToneOK, Text: "Đã báo trước lịch bảo trì.", More: "Các đơn vị nhận được thông báo."}
	WindowCancelledFlash = Flash{Tone: ToneOK, Text: "Đã hủy lịch bảo trì.", More: "Các đơn vị nhận được thông báo."}
	OutageRuleSavedFlash = Flash{Tone: ToneOK, Text: "Đã ghi quy tắc mới.", More: "Sự cố chưa kết thúc được xét theo quy tắc này."}
)

// DraftPage is GET and POST /outages/{id}/notices/{notice}/edit.
type DraftPage struct {
	Shell
	Key     string
	URL     string
	Back    string
	Version int
	Number  string
	Subject string
	Text    string // paragraphs, an empty line between
}

// DraftAskedNote is the line of "my tasks" about a draft that waits for the reader's word.
func DraftAskedNote(title, url string, due time.Time, late bool, more int) *LinkedNote {
	note := &LinkedNote{Note: Note{Tone: ToneWarn, Bold: "Dự thảo thông báo sự cố chờ ông/bà cho ý kiến.", Text: title + ". " + DraftDue(due, late) + "."},
		URL: url, Label: "Xem dự thảo"}
	if more > 0 {
		note.Text += " Còn " + counted(more, "dự thảo") + " khác."
	}
	return note
}
