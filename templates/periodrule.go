package templates

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/templates/words"
)

// Titles of the pages of rules.
const (
	TitleRules = "Quy tắc kỳ báo cáo"
	TitleRule  = "Sửa quy tắc kỳ"
)

// RulesPage is GET /period-rules: from when to when the data of each kind of
// period are taken, when reports are due, and who has laid that down.
type RulesPage struct {
	Shell
	Kinds []RuleKind
}

// RuleKind is one kind of period with its rules.
type RuleKind struct {
	Name    string
	EditURL string
	Rules   []RuleView // the one in force, then those to come
	Past    []RuleView // replaced, the last one first
}

// RuleView is one rule as it is read.
type RuleView struct {
	State        Chip // in force, to come, replaced
	Valid        string
	Window       string
	WindowSource string
	WindowSure   Chip
	Due          string
	DueSource    string
	DueSure      Chip
	Edited       string
	Reason       string
	Example      string // the next period by this rule; empty: the rule is over
	Past         bool
}

// How a rule stands.
const (
	RuleInForce  = "now"
	RuleComing   = "coming"
	RuleReplaced = "replaced"
)

// RuleChip is how a rule stands, in a word.
func RuleChip(state string) Chip {
	switch state {
	case RuleInForce:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đang áp dụng"}
	case RuleComing:
		return Chip{Icon: "hourglass-split", Class: "back", Word: "Sắp áp dụng"}
	}
	return Chip{Icon: "clock-history", Class: "off", Word: "Đã thay"}
}

// RuleOf lays a rule out; edited is by whom and when, see RuleEdited.
func RuleOf(r period.Rule, state, edited, reason string) RuleView {
	return RuleView{
		State: RuleChip(state), Past: state == RuleReplaced,
		Valid:  "Cho kỳ bắt đầu từ " + words.Date(r.ValidFrom),
		Window: words.RuleWindow(r), WindowSource: r.WindowSource, WindowSure: certaintyChip(r.WindowCertainty),
		Due: words.RuleDue(r), DueSource: r.DueSource, DueSure: certaintyChip(r.DueCertainty),
		Edited: edited, Reason: reason,
	}
}

// RuleEdited tells who laid a rule down, and when.
func RuleEdited(by string, at time.Time) string {
	if by == "" {
		return "Có sẵn trong phần mềm"
	}
	return by + " ghi lúc " + words.Moment(at)
}

// RuleExample is a period by a rule: "Quý IV năm 2026: số liệu từ 15/09/2026 đến
// 14/12/2026, nộp trước 17/12/2026".
func RuleExample(p period.Period, w period.Window, due period.Due) string {
	return fmt.Sprintf("%s: %s, %s", words.Upper(words.Period(p)), words.Lower(words.Window(w)), words.DueSet(due))
}

// RulePage is GET and POST /period-rules/{kind}: a new rule in the place of the
// newest one of its kind.
type RulePage struct {
	Shell
	Key      string
	URL      string
	Replaces int64
	Name     string // of the kind
	Now      RuleView
	Draft    RuleDraft
	Coming   []ComingRow // what the typed rule makes of the next periods; none before it was asked for
}

// RuleDraft is what stands in the fields, as typed.
type RuleDraft struct {
	ValidFrom, MonthsBefore, FromDay, ToDay string
	WorkingDays, Cutoff                     string
	Inclusive                               bool
	Shifts                                  []Option
	WindowSource, DueSource, Reason         string
	WindowCertainties, DueCertainties       []Option
}

// CertaintyOptions are the choices of how sure a source is.
func CertaintyOptions(chosen string) []Option {
	var options []Option
	for _, one := range []string{period.CertaintyOfficial, period.CertaintyExpected, period.CertaintyUnverified} {
		options = append(options, Option{Value: one, Label: words.Certainty(one), Selected: one == chosen})
	}
	return options
}

// RuleSavedFlash is the banner after an edit.
func RuleSavedFlash(name string, from calendar.Day) Flash {
	return Flash{Tone: ToneOK, Text: "Đã ghi quy tắc mới cho kỳ " + words.Lower(name) + ".",
		More: "Áp dụng cho kỳ bắt đầu từ " + words.Date(from) + "; đợt đã mở giữ nguyên hạn."}
}
