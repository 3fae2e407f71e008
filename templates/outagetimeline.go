package templates

import (
	"strings"
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

// OutageHappened is a line of an outage's timeline as storage keeps it.
type OutageHappened struct {
	Event    string
	At       time.Time
	Who      string // "": the system
	Source   string
	Reason   string
	Number   string
	Name     string // who gave a word at the watcher
	Kind     outage.NoticeKind
	Party    string // in words
	Parties  []string
	From, To *time.Time
	Risk     bool
	All      int
	How      outage.Closing
}

// outageSigns are icon and tone of each event; what is not listed is plain.
var outageSigns = map[string]struct{ icon, tone string }{
	"opened":    {"exclamation-octagon-fill", "bad"},
	"declared":  {"exclamation-triangle-fill", "warn"},
	"again":     {"arrow-repeat", ""},
	"edited":    {"pencil", ""},
	"ended":     {"check-circle-fill", "ok"},
	"resumed":   {"exclamation-octagon-fill", "bad"},
	"confirmed": {"shield-check", "act"},
	"dismissed": {"slash-circle", ""},
	"marked":    {"clock-history", "warn"},
	"drafted":   {"file-earmark-text", ""},
	"rewritten": {"pencil", ""},
	"approved":  {"check-lg", "ok"},
	"returned":  {"arrow-return-left", "warn"},
	"reminded":  {"bell", ""},
	"published": {"send", "act"},
	"taken":     {"send", "act"},
	"rest":      {"envelope", ""},
	"closed":    {"check-all", "ok"},
}

// OutageLine lays one line out.
func OutageLine(h OutageHappened) TimelineEntry {
	sign := outageSigns[h.Event]
	entry := TimelineEntry{Icon: sign.icon, Tone: sign.tone, Who: h.Who, Text: h.text(), Quote: h.Reason, At: h.At}
	if entry.Icon == "" {
		entry.Icon = "circle"
	}
	if h.Who == "" {
		entry.Text = words.Upper(entry.Text)
	}
	return entry
}

func (h OutageHappened) text() string {
	switch h.Event {
	case "opened", "declared", "again", "ended", "resumed":
		return h.sighted()
	case "edited":
		return "sửa thông tin sự cố"
	case "confirmed":
		if h.Name != "" {
			return h.Name + " xác nhận sự cố khi duyệt thông báo tại bộ giám sát"
		}
		return "xác nhận sự cố"
	case "dismissed":
		return "ghi: không phải sự cố"
	case "closed":
		return h.closed()
	}
	return h.told()
}

// sighted tells what was seen of the outage itself.
func (h OutageHappened) sighted() string {
	source := ""
	if h.Who == "" {
		source = words.Lower(sourceText(h.Source, "hệ thống")) + ": "
	}
	switch {
	case h.Event == "declared":
		return "báo nguy cơ sự cố"
	case h.Event == "opened":
		return source + "ghi nhận sự cố"
	case h.Event == "again" && h.From != nil:
		return source + "sự cố bắt đầu từ " + words.Moment(*h.From)
	case h.Event == "ended" && h.To != nil && h.Risk:
		return source + "hết nguy cơ từ " + words.Moment(*h.To)
	case h.Event == "ended" && h.To != nil:
		return source + "phần mềm hoạt động trở lại từ " + words.Moment(*h.To)
	case h.Event == "resumed":
		return source + "phần mềm lại ngừng"
	}
	return source + "cùng một sự cố"
}

// told tells what became of what units are told.
func (h OutageHappened) told() string {
	what := noticeKinds[h.Kind]
	if h.Risk && h.Kind == outage.AllClear {
		what = "thông báo hết nguy cơ"
	}
	switch h.Event {
	case "marked":
		return "phần mềm đã ngừng đủ số ngày phải thông báo"
	case "drafted":
		return "soạn dự thảo " + what
	case "rewritten":
		return "sửa dự thảo " + what + "; hai cơ quan được hỏi lại"
	case "approved":
		return "duyệt dự thảo, thay mặt " + h.Party
	case "returned":
		return "đề nghị sửa dự thảo, thay mặt " + h.Party
	case "reminded":
		return "nhắc cho ý kiến: " + strings.Join(h.Parties, ", ")
	case "published":
		return "phát hành " + what + numbered(h.Number)
	case "taken":
		return "bộ giám sát đã phát hành " + what + numbered(h.Number) + ", gửi " + counted(h.All, "thư")
	case "rest":
		return "gửi " + what + " đến những người bộ giám sát chưa gửi được"
	}
	return h.Event
}

func numbered(number string) string {
	if number == "" {
		return ""
	}
	return " số " + number
}

func (h OutageHappened) closed() string {
	return "kết thúc: " + words.Lower(OutageChip(h.How, true).Word)
}

var noticeKinds = map[outage.NoticeKind]string{
	outage.TheNotice: "thông báo", outage.AllClear: "thông báo hoạt động trở lại", outage.Deadlines: "thông báo gia hạn",
}
