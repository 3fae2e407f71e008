package templates

import (
	"fmt"
	"strings"

	"cchc/domain/period"
	"cchc/templates/words"
)

// TitleAdHoc is the page that asks units for an ad hoc report.
const TitleAdHoc = "Yêu cầu báo cáo đột xuất"

// AdHocPage is GET and POST /campaigns/ad-hoc/new: what asks for the report, what is
// to be written, and until when. One form holds it all; every button posts it, and
// the answer shows what was typed. Empty fields of the outline are left out.
type AdHocPage struct {
	Shell
	Key    string
	Draft  LaunchDraft // Form is the one whose indicators are offered; empty: no appendix
	Number string      // of the requesting document
	Date   string
	Issuer string
	// RequestTitle is what the requesting document is about.
	RequestTitle string
	File         string // its name and size, once it is here; empty: none
	Accept       string
	MaxSize      string
	Sections     []OutlineRow
	Forms        []Option
	Groups       []PickGroup // indicators of the chosen form
	Spans        []Option
	Count        string
	Fitted       string // for which due the ladder was filled in
	Units        []RosterGroup
	List         string // units as they were pasted
}

// OutlineRow is one section that is asked for.
type OutlineRow struct {
	FormRow
	Title, Hint string
	Required    bool
}

// PickGroup is the indicators of one group, to be ticked.
type PickGroup struct {
	Name   string
	Rows   []PickRow
	Chosen int
}

// PickRow is one indicator.
type PickRow struct {
	Code, Name, Unit string
	Checked          bool
}

// NoAppendix is the first choice of the appendix.
func NoAppendix(chosen string) Option {
	return Option{Label: "Không kèm phụ lục số liệu", Selected: chosen == ""}
}

// SpanOptions are the ways to set the due.
func SpanOptions(chosen period.Span) []Option {
	options := make([]Option, len(period.Spans))
	for i, span := range period.Spans {
		options[i] = Option{Value: spanValue(span), Label: words.SpanName(span), Selected: span == chosen}
	}
	return options
}

// spanAt is the value of the choice of a day and an hour.
const spanAt = "at"

func spanValue(span period.Span) string {
	if span == period.SpanInstant {
		return spanAt
	}
	return string(span)
}

// SpanOf reads a value of the choice.
func SpanOf(value string) period.Span {
	if value == spanAt {
		return period.SpanInstant
	}
	return period.Span(value)
}

// OwnOutline says what a campaign's own form holds.
func OwnOutline(sections, indicators int) string {
	text := "Đề cương riêng, " + counted(sections, "phần")
	if indicators > 0 {
		text += ", " + counted(indicators, "chỉ tiêu")
	}
	return text
}

// OffHoursNote warns of a due at which nobody works.
func OffHoursNote(sentence string) Note {
	return Note{Tone: ToneWarn, Bold: "Hạn rơi vào ngoài giờ làm việc.", Text: sentence + " Kiểm tra lại nếu văn bản yêu cầu không ghi đúng giờ này."}
}

// KeptFile tells which file is here already.
func KeptFile(name string, size int64) string { return fmt.Sprintf("%s (%s)", name, words.Size(size)) }

// UnknownUnits are those of a pasted list, in one sentence.
func UnknownUnits(names []string) string { return strings.Join(names, "; ") }

// RequestCard is what asks for the report, on the pages of those who write it.
type RequestCard struct {
	Line    string // number, date and issuer
	Title   string
	FileURL string // empty: no file came with it
	File    string
	About   string // its size
	Allowed string // "24 giờ, kể từ ..."; empty: a day and an hour were set
}
