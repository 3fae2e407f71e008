package words_test

import (
	"testing"

	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/templates/words"
)

func TestRulesAreReadAloud(t *testing.T) {
	names := map[string]string{"3.13": "Hồ sơ tồn", "3.22": "Hồ sơ đang giải quyết", "3.26": "Tỷ lệ đúng hạn"}
	for _, row := range []struct{ rule, want string }{
		{"3.13=previous(3.22)", "3.13 (Hồ sơ tồn) phải bằng số kỳ trước của 3.22 (Hồ sơ đang giải quyết)"},
		{"3.26>=95.5%", "3.26 (Tỷ lệ đúng hạn) không được nhỏ hơn 95,5 %"},
		{"1.1<=1.2+1.3-previous_in_year(1.4)", "1.1 không được lớn hơn 1.2 cộng 1.3 trừ số kỳ trước trong năm của 1.4"},
	} {
		parsed, err := form.ParseRule(row.rule)
		if err != nil {
			t.Fatal(err)
		}
		if got := words.Rule(parsed, func(code string) string { return names[code] }); got != row.want {
			t.Errorf("%s: %q, want %q", row.rule, got, row.want)
		}
	}
}

func TestProblemsOfAFormNameTheirRow(t *testing.T) {
	broken := form.Version{Code: "bc", Title: "t", Checks: []form.Check{{Severity: "error", Rule: "1.2<1.1"}, {Severity: "error", Rule: "1.2<="}}}.Validate()
	var got []string
	for _, one := range broken {
		got = append(got, words.Problem(one))
	}
	want := []string{
		"Biểu mẫu cần ít nhất một phần lời hoặc một chỉ tiêu.",
		"Quy tắc dòng 1: Không đọc được từ ký tự 4, “<1.1”: ở đây cần <=, >= hoặc =.",
		"Quy tắc dòng 2: Quy tắc dừng ở ký tự 6, còn thiếu mã chỉ tiêu, previous(…), previous_in_year(…) hoặc số phần trăm.",
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
	if said := words.Problem(rule.Error{Code: "form_map_lost", Field: "retired.3.4"}); said[:5] != "3.4: " {
		t.Errorf("%q", said)
	}
}
