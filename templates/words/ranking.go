package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/par"
)

var rankGroups = map[string]string{
	"departments": "Sở, ban, ngành", "communes": "Phường, xã, đặc khu",
}

// RankGroup is the software's own name of a group of units that are ranked together; a
// kind of units that is ranked by itself has its own name.
func RankGroup(group string) string {
	if name, known := rankGroups[group]; known {
		return name
	}
	if name := UnitGroup(group); name != "" {
		return name
	}
	return group
}

var extraKinds = map[par.ExtraKind]string{par.ExtraBonus: "Điểm thưởng", par.ExtraPenalty: "Điểm trừ"}

// ExtraKind is a bonus or a penalty.
func ExtraKind(kind par.ExtraKind) string { return named(extraKinds, kind) }

// ExtraPoints writes what a bonus adds or a penalty takes: "+0,50".
func ExtraPoints(kind par.ExtraKind, p par.Points) string {
	if kind == par.ExtraPenalty {
		return "−" + p.VN()
	}
	return "+" + p.VN()
}

// Extras writes bonus and penalty of a total: "+0,50 −0,25"; empty: neither.
func Extras(bonus, penalty par.Points) string {
	var parts []string
	if bonus > 0 {
		parts = append(parts, ExtraPoints(par.ExtraBonus, bonus))
	}
	if penalty > 0 {
		parts = append(parts, ExtraPoints(par.ExtraPenalty, penalty))
	}
	return strings.Join(parts, " ")
}

// ExtraCaps tells how much bonuses and penalties may come to.
func ExtraCaps(s par.Set) string {
	return fmt.Sprintf("Mỗi đơn vị được thưởng tối đa %s điểm, bị trừ tối đa %s điểm một năm; phần vượt không tính.", s.Bonus.VN(), s.Penalty.VN())
}

// ExtraDocument names the document that a bonus or a penalty rests on.
func ExtraDocument(e par.Extra) string {
	text := "Số " + e.Number
	if e.IssuedOn != nil {
		text += " ngày " + Date(*e.IssuedOn)
	}
	return text + ": " + e.Title
}

// AddedBy tells who wrote something down, and when.
func AddedBy(name string, at, now time.Time) string { return name + " ghi lúc " + MomentNear(at, now) }

// WithdrawnBy tells who took something back, when and why.
func WithdrawnBy(name string, at, now time.Time, why string) string {
	return fmt.Sprintf("%s rút lúc %s: %s", name, MomentNear(at, now), why)
}

// Missing names what a unit lacks for a rank, the criteria that have no points: "Thiếu
// 1.1.2, 1.7.1 và 12 tiêu chí khác", or the end of its appraisal; empty: nothing.
func Missing(codes []string, open bool) string {
	const named = 4
	switch {
	case len(codes) == 0 && open:
		return "Chưa thẩm định xong"
	case len(codes) == 0:
		return ""
	case len(codes) <= named:
		return "Thiếu " + strings.Join(codes, ", ")
	}
	return fmt.Sprintf("Thiếu %s và %d tiêu chí khác", strings.Join(codes[:named-1], ", "), len(codes)-named+1)
}

// Unranked tells what a unit lacks for a rank, and what of it is published: while its
// appraisal is under way, what rounds that are over gave.
func Unranked(stage appraisal.Stage, codes []string) string {
	switch stage {
	case appraisal.First:
		return "Đang thẩm định lần 1; công bố điểm tự chấm"
	case appraisal.Explaining:
		return "Đang chờ giải trình; công bố điểm thẩm định lần 1"
	case appraisal.Second:
		return "Đang thẩm định lần 2; công bố điểm có trước lần này"
	case appraisal.Done:
		return Missing(codes, false)
	}
	return "Chưa nộp tự đánh giá"
}

// RankOf is "Hạng 3 trên 22 đơn vị"; of units that share it so too.
func RankOf(rank, of, shared int) string {
	text := fmt.Sprintf("Hạng %d trên %s đơn vị", rank, Number(of))
	if shared > 1 {
		text += fmt.Sprintf(" (%d đơn vị bằng điểm)", shared)
	}
	return text
}

// OwnResult tells a unit its own result in a sentence.
func OwnResult(group string, rank, of, shared int, total par.Points, class string) string {
	if rank == 0 {
		return "Chưa xếp hạng vì chưa thẩm định xong hoặc còn tiêu chí chưa có điểm."
	}
	return fmt.Sprintf("%s thuộc nhóm %s, %s, xếp loại %s.", RankOf(rank, of, shared), group, ScorePoints(total), class)
}

// WhyRank is the words of where a rank comes from.
func WhyRank(step par.Reason) string { return reason(step) }

// PublicationName is "Công bố lần 2".
func PublicationName(number int) string { return fmt.Sprintf("Công bố lần %d", number) }

// PublicationAbout tells by which decision and when a result became public.
func PublicationAbout(decision string, decided calendar.Day, at time.Time) string {
	return fmt.Sprintf("Quyết định số %s ngày %s, công bố lúc %s", decision, Date(decided), Moment(at))
}

// PublishedFlash tells that a result is public.
func PublishedFlash(number int) string {
	return fmt.Sprintf("Đã công bố kết quả lần %d.", number)
}

// NewerPublication is said over a result that was replaced.
func NewerPublication(number, newest int) (bold, text string) {
	return fmt.Sprintf("Đây là kết quả công bố lần %d, đã được thay.", number), fmt.Sprintf("Kết quả đang có hiệu lực là lần %d.", newest)
}

// Correction is said over a result that replaced another.
func Correction(number int, reason string) (bold, text string) {
	return fmt.Sprintf("Kết quả này thay kết quả công bố lần %d.", number-1), "Lý do: " + reason
}

// The steps towards a publication: how far each is.
func HandedInOf(n, of int) string {
	return fmt.Sprintf("%s/%s đơn vị đã nộp tự đánh giá", Number(n), Number(of))
}
func AppraisedOf(n, of int) string {
	return fmt.Sprintf("%s/%s hồ sơ đã thẩm định xong", Number(n), Number(of))
}
func SurveyedOf(n, of int) string {
	return fmt.Sprintf("%s/%s đơn vị đã đủ điểm khảo sát", Number(n), Number(of))
}
func RankedOf(n, of int) string {
	return fmt.Sprintf("%s/%s đơn vị đủ điểm để xếp hạng", Number(n), Number(of))
}

// UnitsOf counts units: "186 đơn vị".
func UnitsOf(n int) string { return Number(n) + " đơn vị" }

// UnitsPart is "186/190 đơn vị".
func UnitsPart(n, of int) string { return Number(n) + "/" + Number(of) + " đơn vị" }

// ExemptUnits tells of units that need not assess themselves.
func ExemptUnits(n int) string { return Number(n) + " đơn vị được miễn, không xếp hạng" }

// AnswersOf counts the answers to a survey: "1.200 phiếu".
func AnswersOf(n int) string { return Number(n) + " phiếu" }

// Opinion is a survey's result in a line: "80,5 %, 1.200 phiếu".
func Opinion(o par.Opinion) string {
	if o.Answers == 0 {
		return "Không có phiếu"
	}
	return o.Mean.VN() + " %, " + AnswersOf(o.Answers)
}

// SurveyApplied is the banner after results were taken over.
func SurveyApplied(changed int, name string) string {
	if changed == 0 {
		return fmt.Sprintf("Kết quả trong tệp “%s” đã có sẵn, không có gì thay đổi.", name)
	}
	return fmt.Sprintf("Đã nhập %s kết quả khảo sát từ tệp “%s”.", Number(changed), name)
}

// SurveyTaken names a workbook that was taken over.
func SurveyTaken(name, by string, at time.Time) string {
	return fmt.Sprintf("%s, %s nhập lúc %s", name, by, Moment(at))
}

// The words of a workbook with survey results.
const (
	SheetSurvey      = "Khảo sát"
	SurveyUnitHead   = "Mã đơn vị"
	SurveyNameHead   = "Đơn vị"
	SurveyGroupHead  = "Nhóm trả lời"
	SurveyHint       = "Ghi điểm trung bình theo phần trăm của mức cao nhất (0 đến 100) và số phiếu hợp lệ. Ô để trống là chưa có kết quả; không có phiếu nào thì ghi 0 phiếu."
	SurveyAllGroups  = "Mẫu cho mọi nhóm"
	SurveyMovedFlash = "Kết quả khảo sát vừa được người khác thay đổi. Xem lại thay đổi trước khi nhập."
	TitleWhySurvey   = "Điểm khảo sát"
)

// SurveyMeanHead and SurveyAnswersHead are the heads of a criterion's columns.
func SurveyMeanHead(criterion string) string { return criterion + " trung bình (%)" }

// SurveyAnswersHead is the head of how many answered.
func SurveyAnswersHead(criterion string) string { return criterion + " số phiếu" }

// SurveyTitle heads a workbook to fill in.
func SurveyTitle(campaign string) string { return "Kết quả khảo sát: " + campaign }

// SurveyTemplate names the workbook to fill in for a group.
func SurveyTemplate(group string) string { return "Mẫu cho nhóm " + group }

// ExtraFlash tells that a bonus or a penalty was added.
func ExtraFlash(kind par.ExtraKind, unit string, p par.Points) string {
	return fmt.Sprintf("Đã ghi %s %s điểm cho %s.", lower(ExtraKind(kind)), p.VN(), unit)
}

// ExtraWithdrawn tells that one was taken back.
const ExtraWithdrawn = "Đã rút. Tổng điểm không còn tính mục này."

// UnlikeBefore tells why a criterion cannot be compared with the year before.
const UnlikeBefore = "Cách tính khác năm trước"

// EarlierCode tells under which code a criterion stood the year before.
func EarlierCode(code string) string { return "Năm trước là tiêu chí " + code }

// UnlikeSet tells why a year's total cannot be compared.
func UnlikeSet(version int) string { return fmt.Sprintf("Bộ tiêu chí phiên bản %d", version) }

// YearName is "Năm 2026".
func YearName(year int) string { return fmt.Sprintf("Năm %d", year) }

// PointsChange is how points differ from before: "tăng 1,25 điểm".
func PointsChange(before, now par.Points) string {
	switch {
	case now > before:
		return "tăng " + (now - before).VN() + " điểm"
	case now < before:
		return "giảm " + (before - now).VN() + " điểm"
	}
	return "không đổi"
}

// MeanOfGroup is the mean of the units of a group: "Trung bình nhóm: 84,20 điểm".
func MeanOfGroup(p par.Points) string { return "Trung bình nhóm: " + ScorePoints(p) }

// FieldSpoken says a drawing of the fields as a sentence.
func FieldSpoken(unit string, parts []string) string {
	return "Tỷ lệ điểm đạt được theo lĩnh vực của " + unit + ": " + strings.Join(parts, "; ") + "."
}

// ClassSpoken says how many units have which class.
func ClassSpoken(group string, parts []string) string {
	return group + ": " + strings.Join(parts, "; ") + "."
}

// The words of the list as an annex of the decision (NĐ 30/2020, Phụ lục I, phần III).

// PaperRankingTitle is the title of a group's list.
func PaperRankingTitle(year int, group string) string {
	return fmt.Sprintf("Kết quả xác định chỉ số cải cách hành chính năm %d, nhóm %s", year, group)
}

// PaperRankingHeads are the heads of its columns.
func PaperRankingHeads() []string {
	return []string{"Hạng", "Đơn vị", "Điểm thẩm định", "Điểm khảo sát", "Thưởng, trừ", "Tổng điểm", "Xếp loại"}
}

// PaperRankingUnranked heads those without a rank.
const PaperRankingUnranked = "Chưa xếp hạng (chưa thẩm định xong hoặc còn tiêu chí chưa có điểm)"

// PaperWith is the line that says which decision the annex belongs to.
func PaperWith(decision string, decided calendar.Day) string {
	return fmt.Sprintf("(Kèm theo Quyết định số %s ngày %s)", decision, paperDay(decided))
}

// paperDay writes days below 10 and the months 1 and 2 with a leading zero (NĐ 30/2020,
// Phụ lục I, phần II, điểm 4b).
func paperDay(d calendar.Day) string {
	month := fmt.Sprint(int(d.Month()))
	if d.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("%02d tháng %s năm %d", d.Day(), month, d.Year())
}
