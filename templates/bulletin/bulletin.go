// Package bulletin holds every word that tells of an outage outside the pages of the
// system itself: the notice and the all-clear (QĐ 1439 Đ11.5), their public page and
// feed, the mails, and the pages on which an officer approves a draft.
//
// The separate watcher uses it while the system is down, so nothing here needs the
// system's styles, scripts or fonts: a page is one file. When an outage counts, who is
// told and who approves is decided elsewhere.
package bulletin

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

// Kind is what a bulletin tells.
type Kind string

// The kinds.
const (
	Stopped  Kind = "stopped"   // the software has stopped
	Risk     Kind = "risk"      // it may stop
	AllClear Kind = "all_clear" // it is usable again
	RiskOver Kind = "risk_over" // it did not stop, and no longer may
)

// Event is what a bulletin is written from.
type Event struct {
	Kind       Kind
	Span       outage.Span // for an all-clear with an end
	Made       time.Time   // as of when
	Until      time.Time   // when it is expected back; zero: not known
	Days       int         // working days on end until the notice is due; 0: the notice comes before
	Note       string      // what an officer adds; a line is a paragraph
	Earlier    string      // the number of the notice that an all-clear follows; "": it had none
	Deadlines  []string    // sentences about deadlines, in place of the usual one
	Letterhead outage.Letterhead
	Help       []string // whom units call
}

// Bulletin is a notice as everybody may read it.
type Bulletin struct {
	ID        string // for good: part of addresses
	Kind      Kind
	Number    string // "12/TB-SNV"; may be empty
	Title     string
	Text      []string // paragraphs
	Agency    string
	Published time.Time
	PDF       string // address of the print, from the page; "": there is none
	Site      string // the agency's own site, where it also stands; "": none
}

// Heading is "Thông báo số 12/TB-SNV" or "Thông báo".
func (b Bulletin) Heading() string {
	if b.Number == "" {
		return announcement
	}
	return announcement + " số " + b.Number
}

// At is when it was published, in words.
func (b Bulletin) At() string { return words.Moment(b.Published) }

const (
	announcement = "Thông báo"
	software     = "Phần mềm quản lý công tác cải cách hành chính"
	risk         = "Nguy cơ xảy ra sự cố ảnh hưởng đến "
	basis        = "khoản 5 Điều 11 Quy chế ban hành kèm theo Quyết định số 1439/QĐ-UBND ngày 16/4/2019"
)

// Write words the bulletin: its title (trích yếu) and its paragraphs.
func Write(e Event) (title string, text []string) {
	switch e.Kind {
	case AllClear:
		title, text = software+" hoạt động trở lại", e.allClear()
	case Risk:
		title, text = risk+software, e.risk()
	case RiskOver:
		title, text = "Hết "+words.Lower(risk)+software, e.riskOver()
	default:
		title, text = software+" ngừng hoạt động", e.stopped()
	}
	text = append(text, paragraphs(e.Note)...)
	if help := paragraphs(strings.Join(e.Help, "\n")); len(help) > 0 {
		text = append(text, "Khi cần hỗ trợ, các cơ quan, đơn vị liên hệ: "+strings.Join(help, "; ")+".")
	}
	return title, text
}

func (e Event) who() string { return PartyName(outage.Authority, e.Letterhead) }

// lead is who tells, on what ground.
func (e Event) lead() string {
	who := e.who()
	if it := e.Letterhead.ITAgency; it != "" {
		who += " phối hợp với " + it
	}
	return "Thực hiện " + basis + ", " + who + " thông báo: "
}

func (e Event) stopped() []string {
	first := fmt.Sprintf("%s%s ngừng hoạt động từ %s; đến %s chưa hoạt động trở lại",
		e.lead(), software, words.Moment(e.Span.From), words.Moment(e.Made))
	if e.Days > 0 {
		first += fmt.Sprintf(" (đủ %02d ngày làm việc liên tiếp)", e.Days)
	}
	return append([]string{first + ".", e.until()},
		e.deadlines("Các cơ quan, đơn vị tiếp tục chuẩn bị nội dung, số liệu để cập nhật khi Phần mềm hoạt động trở lại. "+
			"Các hạn nộp chịu ảnh hưởng của sự cố được xem xét gia hạn.")...)
}

func (e Event) risk() []string {
	when := ""
	if !e.Span.From.IsZero() {
		when = " từ " + words.Moment(e.Span.From)
		if !e.Span.Open() {
			when += " đến " + words.Moment(e.Span.To)
		}
	}
	return append([]string{fmt.Sprintf("%s%s có nguy cơ ngừng hoạt động%s.", e.lead(), software, when)},
		e.deadlines("Các cơ quan, đơn vị chủ động hoàn thành, nộp văn bản sớm và lưu nội dung đang soạn.")...)
}

// follows begins what comes after an earlier notice.
func (e Event) follows() string {
	if e.Earlier == "" {
		return e.who() + " thông báo: "
	}
	return "Tiếp theo Thông báo số " + e.Earlier + ", " + e.who() + " thông báo: "
}

func (e Event) riskOver() []string {
	first := fmt.Sprintf("%snguy cơ ngừng hoạt động của %s từ %s đã hết lúc %s.",
		e.follows(), software, words.Moment(e.Span.From), words.Moment(e.Span.To))
	return append([]string{first}, e.deadlines("Các cơ quan, đơn vị tiếp tục thực hiện trên Phần mềm như bình thường; các hạn nộp giữ nguyên.")...)
}

func (e Event) allClear() []string {
	first := fmt.Sprintf("%s%s đã hoạt động trở lại từ %s, sau thời gian ngừng hoạt động từ %s.",
		e.follows(), software, words.Moment(e.Span.To), words.Moment(e.Span.From))
	return append([]string{first},
		e.deadlines("Các cơ quan, đơn vị kiểm tra nội dung đã lưu và tiếp tục thực hiện trên Phần mềm. "+
			"Các hạn nộp chịu ảnh hưởng của sự cố được xem xét gia hạn; việc gia hạn được báo đến từng đơn vị.")...)
}

func (e Event) until() string {
	if e.Until.IsZero() {
		return "Chưa xác định được thời điểm hoạt động trở lại. Khi Phần mềm hoạt động trở lại, các cơ quan, đơn vị được thông báo ngay."
	}
	return "Dự kiến Phần mềm hoạt động trở lại lúc " + words.Moment(e.Until) + "."
}

func (e Event) deadlines(usual string) []string {
	if len(e.Deadlines) == 0 {
		return []string{usual}
	}
	return e.Deadlines
}

// paragraphs are the lines that say something.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}
