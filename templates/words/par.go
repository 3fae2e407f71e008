package words

import (
	"fmt"
	"slices"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
)

var criterionKinds = map[par.Kind]string{
	par.YesNo: "Đạt hoặc không", par.Date: "Theo ngày hoàn thành", par.Formula: "Theo tỷ lệ",
	par.Banded: "Theo bậc", par.Cap: "Theo ngưỡng", par.Deduct: "Trừ dần",
	par.Count: "Cộng dần", par.Checklist: "Theo danh mục", par.Survey: "Khảo sát",
}

// CriterionKind is how a criterion scores, in a word.
func CriterionKind(k par.Kind) string { return named(criterionKinds, k) }

var bandBases = map[par.Basis]string{
	par.OfRatio: "Tỷ lệ phần trăm", par.OfCount: "Số lượng", par.OfValue: "Giá trị",
}

// BandBasis is what bands are steps of.
func BandBasis(b par.Basis) string { return named(bandBases, b) }

var evidenceRules = map[par.Evidence]string{
	par.EvidenceRequired: "Bắt buộc", par.EvidenceOptional: "Không bắt buộc", par.EvidenceNone: "Không cần",
}

// EvidenceRule is whether a criterion wants files.
func EvidenceRule(e par.Evidence) string { return named(evidenceRules, e) }

var withouts = map[par.Without]string{
	par.WithoutNothing: "Không điểm", par.WithoutAll: "Đủ điểm", par.WithoutOut: "Không áp dụng tiêu chí",
}

// WithoutCases is what a ratio without cases scores.
func WithoutCases(w par.Without) string { return named(withouts, w) }

var factNames = map[par.FactName]string{
	par.FactLate:       "Số báo cáo trễ hạn hoặc thiếu",
	par.FactReturns:    "Số lần báo cáo bị trả lại",
	par.FactCompliance: "Chấp hành Quy chế 1439",
}

// FactName is what the system knows by itself.
func FactName(f par.FactName) string { return named(factNames, f) }

var answerMembers = map[string]string{
	par.MemberNotApplicable: "Không áp dụng", par.MemberYes: "Kết quả", par.MemberDay: "Ngày hoàn thành",
	par.MemberDone: "Số đã thực hiện", par.MemberOf: "Tổng số", par.MemberNumber: "Số lượng",
	par.MemberItems: "Danh mục", par.MemberClaim: "Điểm đề nghị", par.MemberExplanation: "Giải thích",
	par.MemberEvidence: "Minh chứng", par.MemberSources: "Văn bản được tính",
}

// AnswerMember is a part of an answer to a criterion.
func AnswerMember(member string) string { return named(answerMembers, member) }

func named[K ~string](words map[K]string, key K) string {
	if word, known := words[key]; known {
		return word
	}
	return string(key)
}

// ScorePoints writes points with their two decimals: "1,25 điểm".
func ScorePoints(p par.Points) string { return p.VN() + " điểm" }

// CriterionRule tells how a criterion scores: a sentence a rule.
func CriterionRule(s par.Set, c par.Criterion) []string {
	r, most := c.Rule, c.Max.VN()
	var told []string
	say := func(pattern string, args ...any) { told = append(told, fmt.Sprintf(pattern, args...)) }
	switch c.Kind {
	case par.YesNo:
		say("Đạt: %s điểm; không đạt: 0 điểm.", most)
	case par.Date:
		say("Đúng hạn %s%s: %s điểm.", par.WriteDeadline(r.Deadline), deadlineYear(r.Deadline), most)
		for _, step := range r.Late {
			say("Trễ không quá %d ngày: %s điểm.", step.Days, step.Points.VN())
		}
		say("Trễ hơn hoặc không thực hiện: 0 điểm.")
	case par.Formula:
		say("Tỷ lệ thực hiện nhân %s điểm.", most)
		if r.Floor != nil && r.Floor.Sign() > 0 {
			say("Dưới %s %%: 0 điểm.", r.Floor.VN())
		}
	case par.Cap:
		if r.Target != nil {
			say("Từ %[1]s %% trở lên: %[2]s điểm; thấp hơn: tỷ lệ nhân %[2]s chia %[1]s.", r.Target.VN(), most)
		}
	case par.Banded:
		told = append(told, bandWords(r)...)
	case par.Deduct:
		say("%s trừ %s cho mỗi trường hợp, thấp nhất là 0.", most, r.Step.VN())
	case par.Count:
		say("%s cho mỗi trường hợp, tối đa %s điểm.", r.Step.VN(), most)
	case par.Checklist:
		for _, item := range r.Items {
			say("%s: %s điểm.", item.Name, item.Points.VN())
		}
	case par.Survey:
		told = append(told, surveyWords(s, c)...)
	}
	if c.Ratio() {
		say("Không phát sinh trường hợp nào: %s.", lower(WithoutCases(r.Without)))
	}
	if c.MayNotApply {
		say("Đơn vị có thể chọn không áp dụng và ghi lý do.")
	}
	return told
}

func deadlineYear(d *par.Deadline) string {
	switch {
	case d == nil || d.Year == 0:
		return ""
	case d.Year > 0:
		return " năm sau"
	}
	return " năm trước"
}

func bandWords(r par.Rule) []string {
	percent := ""
	if r.Basis == par.OfRatio {
		percent = " %"
	}
	told := make([]string, 0, len(r.Bands)+1)
	for _, band := range slices.Backward(r.Bands) {
		points := band.Points.VN() + " điểm"
		if band.Share {
			points = "tính theo tỷ lệ"
		}
		told = append(told, fmt.Sprintf("Từ %s%s trở lên: %s.", band.From.VN(), percent, points))
	}
	if len(r.Bands) > 0 && r.Bands[0].From.Sign() > 0 {
		told = append(told, fmt.Sprintf("Dưới %s%s: 0 điểm.", r.Bands[0].From.VN(), percent))
	}
	return told
}

func surveyWords(s par.Set, c par.Criterion) []string {
	told := []string{fmt.Sprintf("Trung bình các phiếu khảo sát nhân %s điểm.", c.Max.VN())}
	for _, w := range c.Rule.Weights {
		name := w.Group
		for _, g := range s.Groups {
			if g.Code == w.Group {
				name = g.Name
			}
		}
		told = append(told, fmt.Sprintf("%s: trọng số %d %%.", name, w.Percent))
	}
	return told
}

// Classes names the classes with where they begin: "Xuất sắc từ 90 %, Tốt từ 80 %".
func Classes(classes []par.Class) string {
	told := make([]string, len(classes))
	for i, c := range classes {
		told[i] = fmt.Sprintf("%s từ %s %%", c.Name, c.From.VN())
	}
	return strings.Join(told, ", ")
}

// Why answers "Vì sao?": a sentence a step.
func Why(steps []par.Reason) []string {
	sentences := make([]string, len(steps))
	for i, step := range steps {
		sentences[i] = reason(step)
	}
	return sentences
}

// WhyTitle asks why a score is what it is.
func WhyTitle(s par.Score) string {
	switch {
	case s.NotApplicable:
		return "Vì sao không áp dụng?"
	case !s.Known:
		return "Vì sao chưa có điểm?"
	}
	return "Vì sao " + ScorePoints(s.Points) + "?"
}

// reason is one step in words. A code without words would be a mistake of ours, which
// a test excludes.
func reason(r par.Reason) string {
	pattern, known := reasons[r.Code]
	if !known {
		return string(r.Code)
	}
	texts := make([]any, len(r.Args))
	for i, arg := range r.Args {
		texts[i] = reasonText(arg)
	}
	if say, special := reasonsByArgs[r.Code]; special {
		pattern = say(r.Args)
	}
	if !strings.Contains(pattern, "%") {
		return pattern // says nothing of its arguments
	}
	return fmt.Sprintf(pattern, texts...)
}

func reasonText(arg any) string {
	switch v := arg.(type) {
	case par.Points:
		return v.VN()
	case decimal.Number:
		return v.VN()
	case calendar.Day:
		return Date(v)
	case int:
		return Number(v)
	}
	return fmt.Sprint(arg)
}

// reasons are the sentences; %[n]s is the n-th argument of the step.
var reasons = map[par.ReasonCode]string{
	par.WhyMissing:       "Chưa đủ số liệu để tính điểm.",
	par.WhyNotApplicable: "Đơn vị không áp dụng tiêu chí này: %[1]s điểm tối đa không tính vào tổng.",
	par.WhyYes:           "Đạt yêu cầu: %[1]s điểm.",
	par.WhyNo:            "Không đạt yêu cầu: 0 điểm.",
	par.WhyOnTime:        "Hoàn thành ngày %[1]s, không sau hạn %[2]s: %[3]s điểm.",
	par.WhyLate:          "Hoàn thành ngày %[1]s, trễ %[3]s ngày so với hạn %[2]s, không quá %[4]s ngày: %[5]s điểm.",
	par.WhyTooLate:       "Hoàn thành ngày %[1]s, trễ %[3]s ngày so với hạn %[2]s: 0 điểm.",
	par.WhyNeverDone:     "Chưa thực hiện, hạn là %[1]s: 0 điểm.",
	par.WhyRatio:         "%[1]s trên %[2]s là %[3]s %%.",
	par.WhyNoCases:       "Không có trường hợp nào phát sinh: %[1]s điểm.",
	par.WhyNoCasesOut:    "Không có trường hợp nào phát sinh nên không áp dụng tiêu chí: %[1]s điểm tối đa không tính vào tổng.",
	par.WhyFull:          "Thực hiện đủ 100 %%: %[1]s điểm.",
	par.WhyBelowFloor:    "%[1]s %%, chưa đạt mức tối thiểu %[2]s %%: 0 điểm.",
	par.WhyShare:         "%[1]s %% của %[2]s điểm: %[3]s điểm.",
	par.WhyTargetMet:     "%[1]s %%, đạt ngưỡng %[2]s %%: %[3]s điểm.",
	par.WhyTargetShare:   "%[1]s %%, chưa đạt ngưỡng %[2]s %%: %[1]s × %[3]s / %[2]s = %[4]s điểm.",
	par.WhyBand:          "%[1]s thuộc bậc từ %[2]s: %[3]s điểm.",
	par.WhyBandBelow:     "%[1]s, dưới bậc thấp nhất là %[2]s: 0 điểm.",
	par.WhyDeducted:      "%[3]s trừ %[2]s cho mỗi trường hợp, có %[1]s trường hợp: %[4]s điểm.",
	par.WhyCounted:       "%[2]s cho mỗi trường hợp, có %[1]s trường hợp, tối đa %[3]s: %[4]s điểm.",
	par.WhyItem:          "%[1]s: có, %[2]s điểm.",
	par.WhyItemMissing:   "%[1]s: không, 0 điểm.",
	par.WhyClaimed:       "Theo quy tắc được %[1]s điểm, đơn vị đề nghị %[2]s điểm.",
	par.WhyFact:          "Hệ thống tự xét theo dữ liệu của phần mềm, %[1]s văn bản được tính.",

	par.WhySurveyGroup:   "%[1]s: trung bình %[2]s %%, trọng số %[3]s %%, %[4]s phiếu.",
	par.WhySurveyUnasked: "%[1]s: không có phiếu, trọng số chia cho các nhóm khác.",
	par.WhySurveyMean:    "Trung bình chung %[1]s %% của %[2]s điểm: %[3]s điểm.",
	par.WhySurveyNone:    "Chưa có kết quả khảo sát.",

	par.WhySelf:        "Đơn vị tự chấm %[1]s điểm.",
	par.WhySelfBlank:   "Đơn vị chưa tự chấm điểm.",
	par.WhyConfirmed:   "Thẩm định lần %[1]s giữ nguyên: %[2]s điểm.",
	par.WhyMarked:      "Thẩm định lần %[1]s: %[2]s điểm. Lý do: %[3]s",
	par.WhyMarkedOut:   "Thẩm định lần %[1]s: không áp dụng tiêu chí. Lý do: %[2]s",
	par.WhyUnappraised: "Chưa thẩm định nên chưa có điểm chính thức.",
	par.WhySum:         "Điểm thẩm định %[1]s cộng điểm khảo sát %[2]s: %[3]s điểm.",
	par.WhyRescaled:    "Quy đổi vì có tiêu chí không áp dụng: %[1]s / %[2]s × %[3]s = %[4]s điểm.",
	par.WhyBonus:       "Điểm thưởng đề nghị %[1]s, tối đa %[2]s: cộng %[3]s điểm.",
	par.WhyPenalty:     "Điểm trừ đề nghị %[1]s, tối đa %[2]s: trừ %[3]s điểm.",
	par.WhyBounded:     "Tổng %[1]s điểm đưa về giới hạn của thang điểm: %[2]s điểm.",
	par.WhyClass:       "Đạt %[3]s %%, từ %[2]s %% trở lên: xếp loại %[1]s.",
	par.WhyRank:        "Xếp hạng %[1]s trên %[2]s đơn vị cùng nhóm.",
	par.WhyRankShared:  "Xếp hạng %[1]s trên %[2]s đơn vị cùng nhóm, %[3]s đơn vị bằng điểm nhau.",
	par.WhyIncomplete:  "%[1]s tiêu chí chưa có điểm, kết quả chưa chính thức.",
	par.WhyAllOut:      "Không tiêu chí nào áp dụng cho đơn vị.",
	par.WhyOpen:        "Chưa thẩm định xong, kết quả chưa chính thức.",
}

// reasonsByArgs are sentences that differ by what is in them.
var reasonsByArgs = map[par.ReasonCode]func(args []any) string{
	par.WhyClaimed: func(args []any) string {
		if p, ok := first[par.Points](args); ok && p < 0 {
			return "Chưa đủ số liệu để tính theo quy tắc, đơn vị đề nghị %[2]s điểm."
		}
		return reasons[par.WhyClaimed]
	},
	par.WhyFact: func(args []any) string {
		if n, ok := first[int](args); ok && n == 0 {
			return "Hệ thống tự xét theo dữ liệu của phần mềm, không văn bản nào bị tính."
		}
		return reasons[par.WhyFact]
	},
	par.WhyMarked: func(args []any) string {
		if len(args) == 3 && args[2] == "" {
			return "Thẩm định lần %[1]s: %[2]s điểm.%[3]s"
		}
		return reasons[par.WhyMarked]
	},
	par.WhyMarkedOut: func(args []any) string {
		if len(args) == 2 && args[1] == "" {
			return "Thẩm định lần %[1]s: không áp dụng tiêu chí.%[2]s"
		}
		return reasons[par.WhyMarkedOut]
	},
}

func first[V any](args []any) (V, bool) {
	var none V
	if len(args) == 0 {
		return none, false
	}
	v, ok := args[0].(V)
	return v, ok
}

// Words of a self-assessment's pages.
const (
	Yes           = "Có"
	No            = "Không"
	NotApplicable = "Không áp dụng"
	BySurvey      = "Lấy điểm khảo sát"
	ScoresSaved   = "Đã lưu điểm tự chấm."
	ChangedAnswer = "Sửa"
	TitleScores   = "Tự chấm điểm"
)

// YesOrNo is a plain answer.
func YesOrNo(yes bool) string {
	if yes {
		return Yes
	}
	return No
}

// AnswerYes and AnswerNo are the answers that a criterion offers.
func AnswerYes(c par.Criterion) string {
	if c.Kind == par.Date {
		return "Đã thực hiện"
	}
	return "Đạt"
}

// AnswerNo is the other one.
func AnswerNo(c par.Criterion) string {
	if c.Kind == par.Date {
		return "Không thực hiện"
	}
	return "Không đạt"
}

// DoneLabel names the number that a criterion asks for.
func DoneLabel(c par.Criterion) string {
	switch {
	case c.DoneLabel != "":
		return c.DoneLabel
	case c.Ratio():
		return AnswerMember(par.MemberDone)
	}
	return AnswerMember(par.MemberNumber)
}

// OfLabel names what a ratio is out of.
func OfLabel(c par.Criterion) string {
	if c.OfLabel != "" {
		return c.OfLabel
	}
	return AnswerMember(par.MemberOf)
}

// SumOf is points out of the most: "5,25 / 8,00 điểm".
func SumOf(sum, most par.Points) string { return sum.VN() + " / " + ScorePoints(most) }

// Answered counts the criteria that have been answered.
func Answered(answered, of int) string { return fmt.Sprintf("%d/%d tiêu chí", answered, of) }

// ScoreConflict tells who was faster at a criterion.
func ScoreConflict(by, when string) string {
	return fmt.Sprintf("%s đã lưu tiêu chí này trước bạn, %s. Chưa có gì bị ghi đè; chọn bản giữ lại rồi bấm Lưu.", by, when)
}

// ScoresReady sums up the answers for whoever decides on them.
func ScoresReady(answered, of int, sum, most par.Points) string {
	return fmt.Sprintf("%d/%d tiêu chí đã tự chấm, %s", answered, of, SumOf(sum, most))
}

// PaperScoresTitle is the title of the annex of a self-assessment.
func PaperScoresTitle(year int) string {
	return fmt.Sprintf("Kết quả tự đánh giá chỉ số cải cách hành chính năm %d", year)
}

// PaperScoreHeads are the heads of its columns.
func PaperScoreHeads() []string {
	return []string{"Mã", "Tiêu chí", "Điểm tối đa", "Điểm tự chấm", "Kết quả thực hiện, giải thích", "Minh chứng"}
}

// PaperScoresSubject is the subject of a self-assessment on paper.
func PaperScoresSubject(year int) string {
	return fmt.Sprintf("Tự đánh giá, xác định chỉ số cải cách hành chính năm %d", year)
}

// PaperScoresOpening is the paragraph before its first part: it is asked for by the
// city's yearly plan (QĐ 1439 Đ8.3a), which the guidance names if it is given.
func PaperScoresOpening(unit string, year int, guidance string) string {
	return fmt.Sprintf("%s, %s báo cáo kết quả tự đánh giá, xác định chỉ số cải cách hành chính năm %d như sau:",
		following(guidance, "Kế hoạch của Ủy ban nhân dân Thành phố về xác định chỉ số cải cách hành chính"), unit, year)
}

// PaperBundle is the line of the annex that binds the evidence to the signature: how
// many files the one ZIP holds, and its hash.
func PaperBundle(files int, size int64, hash string) string {
	return fmt.Sprintf("Hồ sơ minh chứng: 01 tệp ZIP %s, %s. Mã SHA-256: %s", bundled(files), Size(size), hash)
}

func bundled(files int) string {
	if files == 0 {
		return "không kèm tệp nào"
	}
	return fmt.Sprintf("gồm %d tệp", files)
}

// Bundle names the evidence of a submission among its files.
func Bundle(revision int) string {
	return fmt.Sprintf("Hồ sơ minh chứng, lần trình %d", revision)
}

// BundleAbout tells what it holds: "34 tệp trong một tệp ZIP, 120,5 MB".
func BundleAbout(files int, size int64) string {
	return fmt.Sprintf("Một tệp ZIP %s, %s", bundled(files), Size(size))
}

// BundleWaiting stands where a bundle is not sealed yet.
const BundleWaiting = "Đang gộp các tệp thành một tệp ZIP"

// PaperScoresTotal is the last line of the annex.
func PaperScoresTotal(sum, most par.Points) string {
	return fmt.Sprintf("Tổng cộng: %s (chưa gồm điểm khảo sát)", SumOf(sum, most))
}
