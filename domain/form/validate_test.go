package form_test

import (
	"strings"
	"testing"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// TestValidate spoils the form that ships: each mistake is told at its row.
func TestValidate(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(*form.Version)
		code  rule.Code
		field string
	}{
		"no code":             {func(v *form.Version) { v.Code = "" }, "form_code", "code"},
		"a code for people":   {func(v *form.Version) { v.Code = "Báo cáo" }, "form_code", "code"},
		"no title":            {func(v *form.Version) { v.Title = " " }, "form_missing", "title"},
		"a long title":        {func(v *form.Version) { v.Title = strings.Repeat("ô", 301) }, "form_long", "title"},
		"nothing asked":       {func(v *form.Version) { v.Sections, v.Indicators, v.Checks = nil, nil, nil }, "form_empty", "sections"},
		"a section twice":     {func(v *form.Version) { v.Sections[1].Code = "I" }, "form_twice", "sections.1.code"},
		"an untitled section": {func(v *form.Version) { v.Sections[0].Title = "" }, "form_missing", "sections.0.title"},
		"a code with a dash":  {func(v *form.Version) { v.Sections[0].Code = "I-a" }, "form_section_code", "sections.0.code"},
		"a long hint":         {func(v *form.Version) { v.Sections[2].Hint = strings.Repeat("x", 1001) }, "form_long", "sections.2.hint"},

		"an indicator twice":        {func(v *form.Version) { v.Indicators[1].Code = "1.1" }, "form_twice", "indicators.1.code"},
		"a bad code":                {func(v *form.Version) { v.Indicators[3].Code = "x" }, "form_indicator_code", "indicators.3.code"},
		"no code of an indicator":   {func(v *form.Version) { v.Indicators[3].Code = "" }, "form_indicator_code", "indicators.3.code"},
		"no unit":                   {func(v *form.Version) { v.Indicators[0].Unit = "" }, "form_missing", "indicators.0.unit"},
		"no name":                   {func(v *form.Version) { v.Indicators[0].Name = "" }, "form_missing", "indicators.0.name"},
		"a group in two places":     {func(v *form.Version) { v.Indicators[60].Group = v.Indicators[0].Group }, "form_group_apart", "indicators.60.group"},
		"an unknown type":           {func(v *form.Version) { v.Indicators[0].Type = "float" }, "form_type", "indicators.0.type"},
		"a bad date":                {func(v *form.Version) { v.Indicators[0].ValidTo = "30/6/2025" }, "form_last_day", "indicators.0.valid_to"},
		"an average across units":   {func(v *form.Version) { v.Indicators[0].AcrossUnits = "average" }, "form_across_units", "indicators.0.across_units"},
		"an average across time":    {func(v *form.Version) { v.Indicators[0].AcrossTime = "average" }, "form_across_time", "indicators.0.across_time"},
		"a summed ratio":            {func(v *form.Version) { v.Indicators[2].AcrossUnits = form.AcrossUnitsSum }, "form_across_units", "indicators.2.across_units"},
		"a last ratio":              {func(v *form.Version) { v.Indicators[2].AcrossTime = form.AcrossTimeLast }, "form_across_time", "indicators.2.across_time"},
		"a ratio of a ratio":        {func(v *form.Version) { v.Indicators[2].Numerator = "1.8" }, "form_ratio_of_ratio", "indicators.2.numerator"},
		"a ratio of nothing":        {func(v *form.Version) { v.Indicators[2].Denominator = "" }, "form_missing", "indicators.2.denominator"},
		"a ratio of another period": {func(v *form.Version) { v.Indicators[2].Denominator = "previous(1.1)" }, "form_ratio_operand", "indicators.2.denominator"},
		"an unknown numerator":      {func(v *form.Version) { v.Indicators[2].Numerator = "9.9" }, "form_rule_unknown", "indicators.2.numerator"},
		"an unreadable numerator":   {func(v *form.Version) { v.Indicators[2].Numerator = "1.2+" }, "form_rule_syntax", "indicators.2.numerator"},

		"an unknown severity":         {func(v *form.Version) { v.Checks[0].Severity = "fatal" }, "form_severity", "checks.0.severity"},
		"no rule":                     {func(v *form.Version) { v.Checks[4].Rule = "" }, "form_missing", "checks.4.rule"},
		"a rule that does not parse":  {func(v *form.Version) { v.Checks[0].Rule = "1.2<1.1" }, "form_rule_syntax", "checks.0.rule"},
		"a rule of the unknown":       {func(v *form.Version) { v.Checks[0].Rule = "9.9<=1.1" }, "form_rule_unknown", "checks.0.rule"},
		"a rule of no figure here":    {func(v *form.Version) { v.Checks[0].Rule = "previous(1.2)<=95%" }, "form_rule_no_figure", "checks.0.rule"},
		"a ratio of last period":      {func(v *form.Version) { v.Checks[0].Rule = "3.26>=previous(3.26)" }, "form_rule_ratio_then", "checks.0.rule"},
		"a rule twice, with a space":  {func(v *form.Version) { v.Checks[1].Rule = " " + v.Checks[0].Rule }, "form_rule_twice", "checks.1.rule"},
		"a negative tolerance":        {func(v *form.Version) { v.Tolerance = -1 }, "form_tolerance", "tolerance"},
		"too many checks to be sound": {func(v *form.Version) { v.Checks = make([]form.Check, 401) }, "form_many", "checks"},
	} {
		v := quarterly(t)
		row.spoil(&v)
		broken := v.Validate()
		found := false
		for _, one := range broken {
			found = found || one.Code == row.code && one.Field == row.field
		}
		if !found {
			t.Errorf("%s: %v, want %s at %s", name, broken, row.code, row.field)
		}
	}
}

// TestValidateFindsEverythingAtOnce: mistakes of several rows in one pass.
func TestValidateFindsEverythingAtOnce(t *testing.T) {
	v := quarterly(t)
	v.Sections[0].Title, v.Indicators[5].Unit, v.Checks[3].Rule = "", "", "1.1<"
	fields := map[string]bool{}
	for _, one := range v.Validate() {
		fields[one.Field] = true
	}
	for _, want := range []string{"sections.0.title", "indicators.5.unit", "checks.3.rule"} {
		if !fields[want] {
			t.Errorf("nothing at %s: %v", want, fields)
		}
	}
	if len(fields) != 3 {
		t.Errorf("told at %v", fields)
	}
}

func TestRuleProblems(t *testing.T) {
	v := quarterly(t)
	if broken := v.RuleProblems("3.18=3.19+3.20+3.21"); broken != nil {
		t.Errorf("a sound rule: %v", broken)
	}
	broken := v.RuleProblems("3.18=9.1+9.1+previous(3.26)")
	if len(broken) != 2 || broken[0].Field != "rule" || !broken.Has("form_rule_unknown") || !broken.Has("form_rule_ratio_then") {
		t.Errorf("%v", broken)
	}
}

func TestRowOf(t *testing.T) {
	if table, row, ok := form.RowOf(form.RowField("checks", 12, "rule")); !ok || table != "checks" || row != 12 {
		t.Errorf("%s %d %v", table, row, ok)
	}
	for _, field := range []string{"title", "figure.3.18.1.2", "checks.x.rule"} {
		if _, _, ok := form.RowOf(field); ok {
			t.Errorf("%s names a row", field)
		}
	}
}
