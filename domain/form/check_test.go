package form_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/rule"
)

var windowEnd = calendar.Date(2026, 12, 14)

// complete is a content of the quarterly form in which nothing is wrong.
func complete(t *testing.T) form.Content {
	t.Helper()
	v := quarterly(t)
	c := form.Content{Form: v.Code, FormVersion: v.Number, Sections: map[string]string{}, Figures: map[string]form.Figure{}}
	for _, section := range v.Sections {
		c.Sections[section.Code] = "Đã thực hiện."
	}
	for _, indicator := range v.Active(windowEnd) {
		if indicator.Type != form.TypeRatio {
			set(t, &c, indicator.Code, "0")
		}
	}
	for code, value := range map[string]string{
		"3.13": "10", "3.14": "100", "3.15": "60", "3.16": "30", "3.17": "10",
		"3.18": "95", "3.19": "40", "3.20": "54", "3.21": "1", "3.22": "13", "3.23": "12", "3.24": "1", "3.25": "2", "3.27": "1",
	} {
		set(t, &c, code, value)
	}
	return c
}

func set(t *testing.T, c *form.Content, code, value string) {
	t.Helper()
	figure := form.Figure{Code: code, Reason: c.Figures[code].Reason}
	if value != "" {
		d := decimal(t, value)
		figure.Value = &d
	}
	c.Figures[code] = figure
}

func values(t *testing.T, pairs map[string]string) map[string]form.Figure {
	t.Helper()
	all := map[string]form.Figure{}
	for code, value := range pairs {
		d := decimal(t, value)
		all[code] = form.Figure{Code: code, Value: &d}
	}
	return all
}

func TestCompleteContentHasNothingWrong(t *testing.T) {
	result := quarterly(t).Check(complete(t), form.Context{WindowEnd: windowEnd})
	if len(result.Errors) != 0 || len(result.Warnings) != 0 || len(result.Missing) != 0 {
		t.Errorf("errors %v, warnings %v, missing %v", result.Errors, result.Warnings, result.Missing)
	}
	// (40+54)/95 = 98.947...%
	if got := result.Ratios["3.26"]; got != decimal(t, "98.95") {
		t.Errorf("on time %s%%, want 98.95%%", got)
	}
	if _, ok := result.Ratios["1.3"]; ok {
		t.Error("a ratio with denominator zero has a value")
	}
}

// Each row spoils a complete content in one way and names everything that must be
// found. Sources are the numbered checks of the annex.
func TestCheck(t *testing.T) {
	broken := func(code rule.Code, field string, args ...any) rule.Error {
		return rule.Error{Code: code, Field: field, Args: args}
	}
	reason := func(field string) rule.Error { return broken("figure_reason_missing", field) }
	for _, row := range []struct {
		name     string
		set      map[string]string
		context  form.Context
		errors   rule.Errors
		warnings rule.Errors
	}{
		{name: "E1 more done than planned", set: map[string]string{"1.2": "3", "1.1": "2"},
			errors: rule.Errors{broken("figure_inequality", "figure.1.2", "1.2<=1.1", "3", "2")}},
		{name: "E2 parts of 1.12", set: map[string]string{"1.12": "5", "1.13": "2", "1.16": "2"},
			errors: rule.Errors{broken("figure_equation", "figure.1.12", "1.12=1.13+1.14+1.15+1.16", "5", "4")}},
		{name: "E4 levels without districts", set: map[string]string{"3.3": "9", "3.4": "3", "3.6": "5"},
			errors:   rule.Errors{reason("figure.3.3")},
			warnings: rule.Errors{broken("figure_inequality", "figure.3.3", "3.3<=3.4+3.5+3.6", "9", "8")}},
		{name: "E4 levels cover the total", set: map[string]string{"3.3": "8", "3.4": "3", "3.6": "5"}},
		{name: "E5, E7 channels and stock", set: map[string]string{"3.14": "101"},
			errors: rule.Errors{
				broken("figure_equation", "figure.3.14", "3.14=3.15+3.16+3.17", "101", "100"),
				broken("figure_equation", "figure.3.13", "3.13+3.14=3.18+3.22+3.25", "111", "110"),
			}},
		{name: "E8 opening stock", context: form.Context{Previous: values(t, map[string]string{"3.22": "11"})},
			errors: rule.Errors{broken("figure_equation", "figure.3.13", "3.13=previous(3.22)", "10", "11")}},
		{name: "E8 opening stock agrees", context: form.Context{Previous: values(t, map[string]string{"3.22": "10"})}},
		{name: "E8 the period before is known, this figure of it is not", context: form.Context{Previous: values(t, nil)}},
		{name: "E9 answered with carry-over", set: map[string]string{"3.28": "5", "3.29": "7"},
			context: form.Context{Previous: values(t, map[string]string{"3.22": "10", "3.28": "4", "3.29": "3"})},
			errors: rule.Errors{broken("figure_inequality", "figure.3.29",
				"3.29<=3.28+previous(3.28)-previous(3.29)", "7", "6")}},
		{name: "E11 cumulative", set: map[string]string{"4.10": "3"},
			context: form.Context{PreviousInYear: values(t, map[string]string{"4.10": "4"})},
			errors:  rule.Errors{broken("figure_inequality", "figure.4.10", "4.10>=previous_in_year(4.10)", "3", "4")}},
		{name: "E13 a flow of nine months below that of half a year", set: map[string]string{"1.4": "9"},
			context: form.Context{Begun: values(t, map[string]string{"1.4": "10"})},
			errors:  rule.Errors{broken("figure_cumulative", "figure.1.4", "10", "9")}},
		{name: "E13 as much as half a year", set: map[string]string{"1.4": "10"},
			context: form.Context{Begun: values(t, map[string]string{"1.4": "10"})}},
		{name: "E13 a stock may fall within the year", set: map[string]string{"1.1": "3", "1.2": "2"},
			context: form.Context{Begun: values(t, map[string]string{"1.1": "4"})}},
		{name: "W2 exactly 95% on time", set: map[string]string{
			"3.18": "100", "3.19": "40", "3.20": "55", "3.21": "5", "3.13": "15", "3.27": "5"}},
		{name: "W2 under 95% on time", set: map[string]string{
			"3.18": "100", "3.19": "40", "3.20": "54", "3.21": "6", "3.13": "15", "3.27": "6"},
			errors:   rule.Errors{reason("figure.3.26")},
			warnings: rule.Errors{broken("figure_inequality", "figure.3.26", "3.26>=95%", "94", "95")}},
		{name: "W3 fewer apologies than late files", set: map[string]string{"3.27": "0"},
			errors:   rule.Errors{reason("figure.3.27")},
			warnings: rule.Errors{broken("figure_inequality", "figure.3.27", "3.27>=3.21", "0", "1")}},
		{name: "W4 blank is not zero, and silences its rules", set: map[string]string{"1.1": "", "1.2": "7"},
			errors: rule.Errors{broken("figure_blank", "figure.1.1")}},
		{name: "E12 a percentage typed", set: map[string]string{"3.26": "99"},
			errors: rule.Errors{broken("figure_computed", "figure.3.26")}},
		{name: "E14 an integer with decimals", set: map[string]string{"1.4": "2.5"},
			errors: rule.Errors{broken("figure_not_integer", "figure.1.4")}},
		{name: "decimals where they belong", set: map[string]string{"6.1": "1000.25", "6.2": "1000.25"}},
		{name: "a hundredth too much", set: map[string]string{"6.1": "1000.25", "6.2": "1000.26"},
			errors: rule.Errors{broken("figure_inequality", "figure.6.2", "6.2<=6.1", "1000.26", "1000.25")}},
		{name: "negative", set: map[string]string{"1.4": "-1"},
			errors: rule.Errors{broken("figure_negative", "figure.1.4")}},
		{name: "too big", set: map[string]string{"1.4": "100000000000"},
			errors: rule.Errors{broken("figure_too_big", "figure.1.4", 11)}},
		{name: "no longer asked", set: map[string]string{"3.5": "0"},
			errors: rule.Errors{broken("figure_not_asked", "figure.3.5", "2025-06-30")}},
		{name: "unknown", set: map[string]string{"9.9": "1"},
			errors: rule.Errors{broken("figure_unknown", "figure.9.9")}},
		{name: "W1 30% more is within tolerance", set: map[string]string{"1.4": "13"},
			context: form.Context{SameLastYear: values(t, map[string]string{"1.4": "10"})}},
		{name: "W1 31% more", set: map[string]string{"1.4": "131"},
			context:  form.Context{SameLastYear: values(t, map[string]string{"1.4": "100"})},
			errors:   rule.Errors{reason("figure.1.4")},
			warnings: rule.Errors{broken("figure_change", "figure.1.4", "100", "131", 30)}},
		{name: "W1 31% less", set: map[string]string{"1.4": "69"},
			context:  form.Context{SameLastYear: values(t, map[string]string{"1.4": "100"})},
			errors:   rule.Errors{reason("figure.1.4")},
			warnings: rule.Errors{broken("figure_change", "figure.1.4", "100", "69", 30)}},
		{name: "W1 from zero has no percentage", set: map[string]string{"1.4": "5"},
			context: form.Context{SameLastYear: values(t, map[string]string{"1.4": "0"})}},
		{name: "two warnings at one figure ask for one reason", set: map[string]string{"3.27": "0"},
			context: form.Context{SameLastYear: values(t, map[string]string{"3.27": "10"})},
			errors:  rule.Errors{reason("figure.3.27")},
			warnings: rule.Errors{
				broken("figure_inequality", "figure.3.27", "3.27>=3.21", "0", "1"),
				broken("figure_change", "figure.3.27", "10", "0", 30),
			}},
	} {
		content := complete(t)
		for code, value := range row.set {
			set(t, &content, code, value)
		}
		row.context.WindowEnd = windowEnd
		result := quarterly(t).Check(content, row.context)
		wantBroken(t, row.name+": errors", result.Errors, row.errors)
		wantBroken(t, row.name+": warnings", result.Warnings, row.warnings)
	}
}

func wantBroken(t *testing.T, name string, got, want rule.Errors) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(a, b rule.Error) bool {
		return a.Code == b.Code && a.Field == b.Field && slices.Equal(a.Args, b.Args)
	})
	if !same {
		t.Errorf("%s:\n got %v\nwant %v", name, []rule.Error(got), []rule.Error(want))
	}
}

func TestAReasonSettlesAWarning(t *testing.T) {
	content := complete(t)
	set(t, &content, "3.27", "0")
	for reason, missing := range map[string]bool{"": true, " \n": true, "Đã xin lỗi trực tiếp.": false} {
		figure := content.Figures["3.27"]
		figure.Reason = reason
		content.Figures["3.27"] = figure
		result := quarterly(t).Check(content, form.Context{WindowEnd: windowEnd})
		if len(result.Warnings) != 1 || result.Errors.Has("figure_reason_missing") != missing {
			t.Errorf("reason %q: errors %v, warnings %v", reason, result.Errors, result.Warnings)
		}
	}
	// A computed percentage has no value of its own, but its warning needs a reason too.
	content = complete(t)
	for code, value := range map[string]string{"3.18": "100", "3.19": "40", "3.20": "54", "3.21": "6", "3.13": "15", "3.27": "6"} {
		set(t, &content, code, value)
	}
	content.Figures["3.26"] = form.Figure{Code: "3.26", Reason: "Mưa bão."}
	if result := quarterly(t).Check(content, form.Context{WindowEnd: windowEnd}); len(result.Errors) != 0 || len(result.Warnings) != 1 {
		t.Errorf("errors %v, warnings %v", result.Errors, result.Warnings)
	}
}

func TestSectionsAndForm(t *testing.T) {
	content := complete(t)
	content.Sections["II.2"] = " \r\n\t"
	delete(content.Sections, "III")
	delete(content.Sections, "V")
	content.Sections["VI"] = "x"
	content.FormVersion = 2
	result := quarterly(t).Check(content, form.Context{WindowEnd: windowEnd})
	wantBroken(t, "errors", result.Errors, rule.Errors{
		{Code: "form_version", Args: []any{"bc-cchc-quy", 1}},
		{Code: "section_blank", Field: "section.II.2"},
		{Code: "section_blank", Field: "section.III"},
		{Code: "section_unknown", Field: "section.VI"},
	})
}

func TestAnEmptyContentListsEveryBlank(t *testing.T) {
	v := quarterly(t)
	result := v.Check(form.Content{Form: v.Code, FormVersion: v.Number}, form.Context{WindowEnd: windowEnd})
	asked := 0
	for _, indicator := range v.Active(windowEnd) {
		if indicator.Type != form.TypeRatio {
			asked++
		}
	}
	if len(result.Missing) != asked || len(result.Errors) != asked+9 || len(result.Ratios) != 0 {
		t.Errorf("%d missing, %d errors, %d ratios; %d are asked", len(result.Missing), len(result.Errors), len(result.Ratios), asked)
	}
	if before := v.Check(form.Content{}, form.Context{}); !slices.Contains(before.Missing, "3.5") {
		t.Error("without a window's end 3.5 is not asked")
	}
}

// Every one of the 42 checks can be broken, and says so at a figure it names.
func TestEveryCheckFires(t *testing.T) {
	v := quarterly(t)
	end := calendar.Date(2025, 6, 14) // all 105 are asked
	for _, check := range v.Checks {
		only := v
		only.Checks = []form.Check{check}
		found := map[bool]bool{}
		random := rand.New(rand.NewSource(6))
		for range 150 {
			content := form.Content{Form: v.Code, FormVersion: v.Number, Figures: map[string]form.Figure{}}
			previous := map[string]form.Figure{}
			for _, indicator := range v.Indicators {
				d, before := form.DecimalOf(random.Int63n(4)), form.DecimalOf(random.Int63n(4))
				previous[indicator.Code] = form.Figure{Value: &before}
				if indicator.Type != form.TypeRatio {
					content.Figures[indicator.Code] = form.Figure{Value: &d}
				}
			}
			result := only.Check(content, form.Context{Previous: previous, PreviousInYear: previous, WindowEnd: end})
			all := append(slices.Clone(result.Errors), result.Warnings...)
			index := slices.IndexFunc(all, func(e rule.Error) bool { return len(e.Args) > 0 && e.Args[0] == check.Rule })
			found[index >= 0] = true
			if index >= 0 && !strings.Contains(check.Rule, strings.TrimPrefix(all[index].Field, "figure.")) {
				t.Fatalf("%s is shown at %s", check.Rule, all[index].Field)
			}
		}
		if !found[true] || !found[false] {
			t.Errorf("%s: broken at times %v, kept at times %v", check.Rule, found[true], found[false])
		}
	}
}

func TestParseFigure(t *testing.T) {
	v := quarterly(t)
	for _, row := range []struct {
		code, typed, want string
		broken            rule.Code
	}{
		{"1.4", "", "", ""}, {"1.4", "  ", "", ""}, {"1.4", "0", "0", ""}, {"1.4", "1.234", "1234", ""},
		{"6.1", "1.234,5", "1234.5", ""},
		{"1.4", "12,5", "", "figure_not_integer"}, {"1.4", "12,0", "12", ""}, {"1.4", "mười", "", "figure_not_number"},
		{"1.4", "-3", "", "figure_negative"}, {"6.1", "0.123", "", "figure_ambiguous"},
		{"3.26", "95", "", "figure_computed"}, {"9.9", "1", "", "figure_unknown"},
	} {
		value, broken := v.ParseFigure(row.code, row.typed)
		got := ""
		if value != nil {
			got = value.String()
		}
		if got != row.want || (row.broken == "") != (broken == nil) {
			t.Errorf("%s %q: %q, %v; want %q, %s", row.code, row.typed, got, broken, row.want, row.broken)
		}
		if broken != nil && (broken[0].Code != row.broken || broken[0].Field != "figure."+row.code) {
			t.Errorf("%s %q: %v, want %s", row.code, row.typed, broken, row.broken)
		}
	}
}
