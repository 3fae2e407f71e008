package templates

import (
	"fmt"
	"time"

	"cchc/domain/form"
	"cchc/templates/words"
)

// Titles and nouns of the pages about forms.
const (
	TitleForms       = "Biểu mẫu"
	TitleFormDraft   = "Bản soạn"
	TitleFormSection = "Các phần lời"
	TitleFormChecks  = "Quy tắc kiểm tra"
	// Of a plan's form.
	TitlePlanFields   = "Lĩnh vực và thời hạn"
	TitlePlanProducts = "Loại sản phẩm"
	TitleFormPreview  = "Xem trước"
	TitleFormPublish  = "Công bố"
)

// FormsPage is GET /forms: every form with its versions. POST /forms with from
// ("code.version", or empty), and for a new form code and title, opens a draft.
type FormsPage struct {
	Shell
	Edits bool // may edit
	Key   string
	Forms []FormCard
	New   NewForm
	Empty Empty
}

// NewForm is the form in which a new form is begun, as filled in.
type NewForm struct {
	Code, Title string
	From        []Option
	Open        bool
}

// FormCard is one form in the list.
type FormCard struct {
	Code, Title string
	Versions    []FormVersionRow
	Draft       *FormDraftNote // nil: nobody edits it
	From        string         // what a next version begins as; empty: nothing is published
}

// FormDraftNote is a draft in the list.
type FormDraftNote struct{ URL, Text string }

// FormVersionRow is one version in the list.
type FormVersionRow struct {
	URL       string
	Name      string
	Published string
	By        string
	Size      string
	Uses      string
	Chip      Chip
}

// NoForms is the list before the first form.
func NoForms() Empty {
	return Empty{Title: "Chưa có biểu mẫu nào", Text: "Biểu mẫu do Sở Nội vụ soạn và công bố trước khi mở đợt báo cáo."}
}

// FormToleranceName is the label of the tolerance.
const FormToleranceName = "Ngưỡng thay đổi"

// FormSize counts what a version asks.
func FormSize(sections, indicators, checks int) string {
	return fmt.Sprintf("%d phần lời, %d chỉ tiêu, %d quy tắc", sections, indicators, checks)
}

// FormUses counts the campaigns that use a version.
func FormUses(n int) string {
	if n == 0 {
		return "Chưa đợt nào dùng"
	}
	return counted(n, "đợt")
}

// FormShipped is said instead of who has published a version.
const FormShipped = "có sẵn trong phần mềm"

// FormChip is whether a version is offered at a launch.
func FormChip(retired bool) Chip {
	if retired {
		return Chip{Icon: "slash-circle", Class: "off", Word: "Thôi dùng"}
	}
	return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đang dùng"}
}

// FormDraftText says who is editing a form.
func FormDraftText(by string, at, now time.Time) string {
	return fmt.Sprintf("Đang soạn phiên bản mới, %s lưu lúc %s.", by, words.MomentNear(at, now))
}

// NewFormFrom are the choices of what a new form begins as.
func NewFormFrom(chosen string, forms []FormCard) []Option {
	options := []Option{{Value: "", Label: "Biểu mẫu trống", Selected: chosen == ""}}
	for _, one := range forms {
		if one.From != "" {
			options = append(options, Option{Value: one.From, Label: "Chép từ: " + one.Title, Selected: one.From == chosen})
		}
	}
	return options
}

// FormVersionPage is GET /forms/{form}/versions/{version}: what a version asks.
// Its forms post reason and key to .../retire, or key alone to .../restore.
type FormVersionPage struct {
	Shell
	Edits    bool
	Key      string
	URL      string
	Chip     Chip
	Facts    []string
	About    []Pair
	Draft    string // its address, while the form is edited
	From     string // begins the next version; only of the newest
	Retired  *Note
	Reason   string // of retiring, as typed
	Sections []form.Section
	Groups   []FormGroup
	Fields   []FormField // of a set of criteria
	Checks   []FormCheck
	Changes  []FormChangePart // against the version before
	Uses     []Link
	More     string // how many uses are not listed
}

// FormGroup is the indicators of one group.
type FormGroup struct {
	Heading string
	Rows    []FormIndicator
}

// FormIndicator is one indicator in words.
type FormIndicator struct {
	Code, Name, Unit string
	Indent           int
	Kind             string // how it is typed, or of what it is the ratio
	Combined         string // over units and periods
	Until            string // last day asked; empty: still asked
}

// FormCheck is one check in words.
type FormCheck struct {
	Rule    string
	Reading string
	Note    string
	Chip    Chip
}

// SeverityChip is how strict a check is.
func SeverityChip(severity string) Chip {
	if severity == form.SeverityWarning {
		return Chip{Icon: "exclamation-triangle-fill", Class: "back", Word: "Cảnh báo"}
	}
	return Chip{Icon: "x-octagon-fill", Class: "bad", Word: "Lỗi"}
}

// Types, severities and combinations as people choose them.
var (
	typeWords     = map[string]string{form.TypeInteger: "Số nguyên", form.TypeDecimal: "Số thập phân", form.TypeRatio: "Tỷ lệ (tự tính)"}
	severityWords = map[string]string{form.SeverityError: "Lỗi: không trình được", form.SeverityWarning: "Cảnh báo: phải ghi lý do"}
	timeWords     = map[string]string{
		form.AcrossTimeSum: "Cộng các kỳ", form.AcrossTimeFirst: "Lấy kỳ đầu", form.AcrossTimeLast: "Lấy kỳ cuối", form.AcrossTimeRatio: "Tính lại từ tổng",
	}
)

func wordOptions(known map[string]string, chosen string, order ...string) []Option {
	options := make([]Option, len(order))
	for i, value := range order {
		options[i] = Option{Value: value, Label: known[value], Selected: value == chosen}
	}
	return options
}

// TypeOptions are the types of an indicator.
func TypeOptions(chosen string) []Option {
	return wordOptions(typeWords, chosen, form.TypeInteger, form.TypeDecimal, form.TypeRatio)
}

// AcrossTimeOptions are how a figure combines over periods.
func AcrossTimeOptions(chosen string) []Option {
	return wordOptions(timeWords, chosen, form.AcrossTimeSum, form.AcrossTimeFirst, form.AcrossTimeLast)
}

// SeverityOptions are how strict a check may be.
func SeverityOptions(chosen string) []Option {
	return wordOptions(severityWords, chosen, form.SeverityError, form.SeverityWarning)
}

// IndentOptions are whether a row is part of the one above.
func IndentOptions(chosen int) []Option {
	return []Option{
		{Value: "0", Label: "Chỉ tiêu chính", Selected: chosen == 0},
		{Value: "1", Label: "Chỉ tiêu con của dòng trên", Selected: chosen == 1},
	}
}

// IndicatorOf is an indicator in words.
func IndicatorOf(i form.Indicator) FormIndicator {
	row := FormIndicator{Code: i.Code, Name: i.Name, Unit: i.Unit, Indent: i.Indent, Kind: typeWords[i.Type], Until: i.ValidTo}
	row.Combined = "Cộng các đơn vị; " + words.Lower(timeWords[i.AcrossTime])
	if i.Type == form.TypeRatio {
		row.Kind = "Tỷ lệ: " + i.Numerator + " trên " + i.Denominator
		row.Combined = "Tính lại từ tổng tử số và tổng mẫu số"
	}
	return row
}

// ToleranceText says which change against last year asks for a reason.
func ToleranceText(percent int) string {
	if percent == 0 {
		return "Không cảnh báo theo mức thay đổi so với cùng kỳ năm trước."
	}
	return fmt.Sprintf("Thay đổi quá %d %% so với cùng kỳ năm trước phải ghi lý do.", percent)
}

// RetiredNote tells why a version is no longer offered.
func RetiredNote(by string, at time.Time, reason string) *Note {
	return &Note{Tone: ToneWarn, Bold: "Phiên bản này đã thôi dùng.", Text: fmt.Sprintf("%s, %s: %s Đợt đã mở vẫn dùng bình thường.", by, words.Moment(at), reason)}
}

// FormFacts are the grey facts under a version's title.
func FormFacts(code string, version int, size string) []string {
	return []string{"Mã " + code, fmt.Sprintf("Phiên bản %d", version), size}
}

// FormAbout says where a version comes from.
func FormAbout(published time.Time, by, guidance, note string) []Pair {
	about := []Pair{{Name: "Công bố", Value: words.Moment(published) + ", " + by}}
	if guidance != "" {
		about = append(about, Pair{Name: "Văn bản hướng dẫn", Value: guidance})
	}
	if note != "" {
		about = append(about, Pair{Name: "Lý do", Value: note})
	}
	return about
}

// FormTitle names a version of a form.
func FormTitle(title string, version int) string {
	return fmt.Sprintf("%s, phiên bản %d", title, version)
}

// VersionName is "Phiên bản 2".
func VersionName(version int) string { return fmt.Sprintf("Phiên bản %d", version) }

// MoreUses counts the campaigns that are not listed.
func MoreUses(n int) string { return fmt.Sprintf("và %s khác", counted(n, "đợt")) }

// Banners after an action.
func FormPublishedFlash(version int) Flash {
	return Flash{Tone: ToneOK, Text: fmt.Sprintf("Đã công bố phiên bản %d.", version), More: "Trang mở đợt đã có phiên bản này. Đợt đã mở giữ phiên bản của mình."}
}

// FormRetiredFlash tells what retiring has done.
func FormRetiredFlash(retired bool) Flash {
	if retired {
		return Flash{Tone: ToneOK, Text: "Đã thôi dùng phiên bản này.", More: "Trang mở đợt không còn hiện nó."}
	}
	return Flash{Tone: ToneOK, Text: "Phiên bản này được dùng lại.", More: "Trang mở đợt lại hiện nó."}
}

// FormDiscardedFlash tells what giving up a draft has done.
func FormDiscardedFlash() Flash {
	return Flash{Tone: ToneOK, Text: "Đã bỏ bản soạn.", More: "Phiên bản đang dùng không đổi."}
}
