package templates

import (
	"fmt"
	"time"

	"cchc/domain/form"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/templates/words"
)

// FormDraftHead is what every page of the editor says of the draft. All its forms
// post base_version, the save that was on the screen, and do: "save", "add",
// "insert.<row>", "up.<row>", "down.<row>", "remove.<row>" or "undo".
type FormDraftHead struct {
	URL     string // /forms/<code>/draft
	Name    string // "Báo cáo quý, phiên bản 2"
	Version int    // of the save on the screen
	Saved   string // "Đã lưu 10:42, Phạm Đức Long"
	List    []SideItem
	Settled bool          // what was typed before has been saved
	Undo    int           // the save before a row was removed; 0: nothing to undo
	Clash   *FormConflict // somebody else has saved this part too
}

// FormConflict tells what somebody else has saved in the part that was typed here.
// What was typed stands in the fields; saving once more puts it over theirs.
type FormConflict struct {
	By, When string
	Changes  []FormChange // from theirs to what was typed
	URL      string       // shows theirs
}

// FormSaved says when a draft was saved.
func FormSaved(by string, at, now time.Time) string {
	return fmt.Sprintf("Đã lưu %s, %s", words.MomentNear(at, now), by)
}

// FormEditPage is GET /forms/{form}/draft: the draft as a whole. Its form posts
// title and tolerance; do may be "group-add" with group, "group-up.<n>",
// "group-down.<n>" or "discard".
type FormEditPage struct {
	Shell
	Head      FormDraftHead
	Key       string
	Draft     form.Version
	Tolerance string // as typed
	Group     string // the name of a group to be added, as typed
	Groups    []FormGroupRow
	Size      string
	Index     bool   // a set of criteria, without figures
	Problems  []Link // all that speaks against publishing, each with its place
}

// FormGroupRow is one group of indicators.
type FormGroupRow struct {
	Heading, Name string
	URL           string
	Count         string
	First, Last   bool
}

// GroupCountOf counts the indicators of a group.
func GroupCountOf(n int) string { return counted(n, "chỉ tiêu") }

// FormSectionsPage is GET and POST /forms/{form}/draft/sections.
type FormSectionsPage struct {
	Shell
	Head FormDraftHead
	Rows []FormSectionRow
}

// FormSectionRow is one section, as typed.
type FormSectionRow struct {
	FormRow
	form.Section
}

// FormRow is the place of a row in its table.
type FormRow struct {
	Index       int
	First, Last bool
	Stays       bool        // it cannot be taken out
	Errors      rule.Errors // of the whole page
}

// Field is the name of one of the row's fields.
func (r FormRow) Field(table, field string) string { return form.RowField(table, r.Index, field) }

// RowAt is a row's place among so many.
func RowAt(index, of int, errors rule.Errors) FormRow {
	return FormRow{Index: index, First: index == 0, Last: index == of-1, Errors: errors}
}

// FormIndicatorsPage is GET and POST /forms/{form}/draft/groups/{group}, the group
// by its place from 1. It posts group, the name that the page shows, and name,
// what it is to be.
type FormIndicatorsPage struct {
	Shell
	Head   FormDraftHead
	URL    string
	Group  string // on the screen
	Name   string // as typed
	Number int
	Rows   []FormIndicatorRow
}

// FormIndicatorRow is one indicator, as typed.
type FormIndicatorRow struct {
	FormRow
	form.Indicator
	Types   []Option
	Times   []Option
	Indents []Option
	Groups  []Option
	Open    bool   // the lesser fields are open
	Reading string // of a ratio, in words
}

// Ratio tells whether the indicator is computed.
func (r FormIndicatorRow) Ratio() bool { return r.Type == form.TypeRatio }

// FormGroupOptions are the groups that an indicator may be moved to.
func FormGroupOptions(groups []string, chosen string) []Option {
	options := make([]Option, len(groups))
	for i, name := range groups {
		options[i] = Option{Value: name, Label: words.Group(i+1, name), Selected: name == chosen}
	}
	return options
}

// FormChecksPage is GET and POST /forms/{form}/draft/checks.
type FormChecksPage struct {
	Shell
	Head FormDraftHead
	Rows []FormCheckRow
}

// FormCheckRow is one check, as typed, with its reading.
type FormCheckRow struct {
	FormRow
	form.Check
	Severities []Option
	Reading    string
}

// FormChoicesPage is GET and POST /forms/{form}/draft/plan-fields and plan-products:
// what the tasks of a plan choose from, and for fields how deadlines are read.
type FormChoicesPage struct {
	Shell
	Head    FormDraftHead
	URL     string
	Table   string // as its fields are named
	Noun    string // of a row
	Hint    string
	Add     string
	Rows    []FormChoiceRow
	Exclude []Option // of fields: whether a date itself still counts
	Shifts  []Option
}

// FormChoiceRow is one choice, as typed.
type FormChoiceRow struct {
	FormRow
	plan.Choice
}

// FieldsPage and ProductsPage are the words of the two pages.
func FieldsPage(page FormChoicesPage, rule plan.DeadlineRule) FormChoicesPage {
	page.Noun, page.Add, page.Hint = "Lĩnh vực", "Thêm lĩnh vực", "Bảng nhiệm vụ in theo thứ tự này. Mã giữ nguyên giữa các phiên bản, để nhiệm vụ các năm so được với nhau."
	page.Exclude = chosenOption([]Option{{Value: "", Label: "Hết ngày đó"}, {Value: "yes", Label: "Trước ngày đó"}}, map[bool]string{true: "yes"}[rule.ExcludesDate])
	page.Shifts = ShiftOptions(string(rule.Shift))
	return page
}

// ProductsPage is the page of the kinds of products.
func ProductsPage(page FormChoicesPage) FormChoicesPage {
	page.Noun, page.Add, page.Hint = "Loại sản phẩm", "Thêm loại sản phẩm", "Đơn vị chọn một loại cho mỗi nhiệm vụ, không bắt buộc."
	return page
}

// FormAutosaved answers a page that saved by itself.
type FormAutosaved struct {
	Saved   string `json:"saved"`   // when, in words
	Version int    `json:"version"` // of the save: what the next one is based on
	Group   string `json:"group,omitempty"`
}

// RuleReading answers a script that asks how a rule reads.
type RuleReading struct {
	Reading string `json:"reading"` // empty: it cannot be read
	Problem string `json:"problem"`
}

// FormPreviewPage is GET /forms/{form}/draft/preview: the list of sections and a
// group's grid as a specialist will find them, empty. The group is the query
// parameter group, from 1.
type FormPreviewPage struct {
	Shell
	Head     FormDraftHead
	Sections []SectionTask
	Groups   []SectionTask
	Criteria []SectionTask // the fields of the index
	Grid     FiguresPage   // its rows, heads and heading
}

// FormPartGeneral is the first part in the list beside the editor.
const FormPartGeneral = "Tổng quan"

// PreviewPeriod is the head of the figures in a preview.
const PreviewPeriod = "Kỳ này"

// FormPartState counts what is wrong with a part, or its rows.
func FormPartState(rows, problems int) string {
	if problems > 0 {
		return counted(problems, "lỗi")
	}
	return words.Number(rows)
}
