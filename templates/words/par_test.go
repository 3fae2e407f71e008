package words_test

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/templates/words"
)

func TestEveryWordOfTheIndex(t *testing.T) {
	said := func(key, word string) {
		t.Helper()
		if word == key || word == "" {
			t.Errorf("%s has no word", key)
		}
	}
	for _, k := range par.Kinds {
		said(string(k), words.CriterionKind(k))
	}
	for _, b := range par.Bases {
		said(string(b), words.BandBasis(b))
	}
	for _, e := range par.EvidenceRules {
		said(string(e), words.EvidenceRule(e))
	}
	for _, w := range par.Withouts {
		said(string(w), words.WithoutCases(w))
	}
	for _, f := range par.FactNames {
		said(string(f), words.FactName(f))
	}
	for _, m := range par.Members {
		said(m, words.AnswerMember(m))
	}
	for _, code := range par.Reasons {
		if got := words.Why([]par.Reason{{Code: code, Args: []any{1, 2, 3, 4, 5}}})[0]; got == string(code) || strings.Contains(got, "%!") {
			t.Errorf("%s has no words: %q", code, got)
		}
	}
}

func TestWhy(t *testing.T) {
	floor, target := decimal.Of(80), decimal.Of(80)
	n := func(v int64) *decimal.Number { d := decimal.Of(v); return &d }
	yes, no, claim := true, false, par.Points(25)
	day := calendar.Date(2026, 2, 10)
	formula := par.Criterion{Max: 150, Kind: par.Formula, MayNotApply: true, Rule: par.Rule{Floor: &floor}}
	for _, row := range []struct {
		c    par.Criterion
		a    par.Answer
		want []string
	}{
		{formula, par.Answer{Done: n(54), Of: n(60)}, []string{"54 trên 60 là 90 %.", "90 % của 1,50 điểm: 1,35 điểm."}},
		{formula, par.Answer{Done: n(47), Of: n(60)}, []string{"47 trên 60 là 78,33 %.", "78,33 %, chưa đạt mức tối thiểu 80 %: 0 điểm."}},
		{formula, par.Answer{NotApplicable: true}, []string{"Đơn vị không áp dụng tiêu chí này: 1,50 điểm tối đa không tính vào tổng."}},
		{formula, par.Answer{}, []string{"Chưa đủ số liệu để tính điểm."}},
		{par.Criterion{Max: 200, Kind: par.Cap, Rule: par.Rule{Target: &target}}, par.Answer{Done: n(1200), Of: n(3000)},
			[]string{"1.200 trên 3.000 là 40 %.", "40 %, chưa đạt ngưỡng 80 %: 40 × 2,00 / 80 = 1,00 điểm."}},
		{par.Criterion{Max: 50, Kind: par.Date, Rule: par.Rule{Deadline: &par.Deadline{Month: 1, Day: 31}, Late: []par.LateStep{{Days: 15, Points: 25}}}}, par.Answer{Day: &day},
			[]string{"Hoàn thành ngày 10/02/2026, trễ 10 ngày so với hạn 31/01/2026, không quá 15 ngày: 0,25 điểm."}},
		{par.Criterion{Max: 100, Kind: par.Deduct, Fact: par.FactLate, Rule: par.Rule{Step: 25}}, par.Answer{Number: n(1), Sources: []string{"bc-2026q1-STC"}},
			[]string{"Hệ thống tự xét theo dữ liệu của phần mềm, 1 văn bản được tính.", "1,00 trừ 0,25 cho mỗi trường hợp, có 1 trường hợp: 0,75 điểm."}},
		{par.Criterion{Max: 100, Kind: par.Deduct, Fact: par.FactLate, Rule: par.Rule{Step: 25}}, par.Answer{Number: n(0)},
			[]string{"Hệ thống tự xét theo dữ liệu của phần mềm, không văn bản nào bị tính.", "1,00 trừ 0,25 cho mỗi trường hợp, có 0 trường hợp: 1,00 điểm."}},
		{par.Criterion{Max: 50, Kind: par.YesNo}, par.Answer{Yes: &no, Claim: &claim}, []string{"Không đạt yêu cầu: 0 điểm.", "Theo quy tắc được 0,00 điểm, đơn vị đề nghị 0,25 điểm."}},
		{par.Criterion{Max: 50, Kind: par.YesNo}, par.Answer{Claim: &claim}, []string{"Chưa đủ số liệu để tính điểm.", "Chưa đủ số liệu để tính theo quy tắc, đơn vị đề nghị 0,25 điểm."}},
		{par.Criterion{Max: 50, Kind: par.YesNo}, par.Answer{Yes: &yes}, []string{"Đạt yêu cầu: 0,50 điểm."}},
	} {
		if got := words.Why(row.c.Score(row.a, 2026).Why); !slices.Equal(got, row.want) {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
	for _, row := range []struct {
		score par.Score
		want  string
	}{
		{par.Score{Known: true, Points: 135}, "Vì sao 1,35 điểm?"}, {par.Score{}, "Vì sao chưa có điểm?"},
		{par.Score{Known: true, NotApplicable: true}, "Vì sao không áp dụng?"},
	} {
		if got := words.WhyTitle(row.score); got != row.want {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
	marked := par.Appraised{First: &par.Mark{Round: 1, Points: 100, Reason: "thiếu văn bản."}}
	if got := strings.Join(words.Why(marked.Final().Why), " "); got != "Đơn vị chưa tự chấm điểm. Thẩm định lần 1: 1,00 điểm. Lý do: thiếu văn bản." {
		t.Error(got)
	}
}

func TestASelfAssessmentOnPaper(t *testing.T) {
	for guidance, want := range map[string]string{
		"":                          "Thực hiện Kế hoạch của Ủy ban nhân dân Thành phố về xác định chỉ số cải cách hành chính",
		" Công văn số 12/SNV-CCHC ": "Thực hiện Công văn số 12/SNV-CCHC",
	} {
		want += ", Sở Tài chính báo cáo kết quả tự đánh giá, xác định chỉ số cải cách hành chính năm 2026 như sau:"
		if got := words.PaperScoresOpening("Sở Tài chính", 2026, guidance); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestProblemsOfASelfAssessment(t *testing.T) {
	got := words.Problem(rule.Error{Code: par.EvidenceMissing, Field: par.AnswerField("1.1.3", par.MemberEvidence)})
	if got != "Tiêu chí 1.1.3, minh chứng: Chưa có tệp minh chứng." {
		t.Error(got)
	}
	got = words.Problem(rule.Error{Code: par.SetMax, Field: "criteria.3.max"})
	if got != "Tiêu chí dòng 4: Điểm tối đa phải lớn hơn 0 và không quá thang điểm." {
		t.Error(got)
	}
}
