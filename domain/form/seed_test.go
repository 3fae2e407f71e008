package form_test

import (
	"encoding/json"
	"os"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
)

// quarterly is the form that ships with the software.
func quarterly(t *testing.T) form.Version {
	t.Helper()
	text, err := os.ReadFile("../../migrations/seed/form-bc-cchc-quy-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var version form.Version
	if err := json.Unmarshal(text, &version); err != nil {
		t.Fatal(err)
	}
	return version
}

func TestQuarterlyForm(t *testing.T) {
	v := quarterly(t)
	if err := v.Validate(); err != nil {
		t.Error(err)
	}
	if len(v.Sections) != 10 || len(v.Indicators) != 105 || len(v.Checks) != 42 || v.Tolerance != 30 {
		t.Errorf("%d sections, %d indicators, %d checks, tolerance %d", len(v.Sections), len(v.Indicators), len(v.Checks), v.Tolerance)
	}
	for i, code := range []string{"I", "II.1", "II.2", "II.3", "II.4", "II.5", "II.6", "III", "IV", "V"} {
		if section := v.Sections[i]; section.Code != code || section.Hint == "" || section.Required != (code != "V") {
			t.Errorf("section %d is %+v, want %s", i, section, code)
		}
	}
	warnings := 0
	for _, check := range v.Checks {
		if check.Severity == form.SeverityWarning {
			warnings++
		}
	}
	if warnings != 3 {
		t.Errorf("%d checks are warnings, want 3", warnings)
	}
}

func TestActiveIndicators(t *testing.T) {
	v := quarterly(t)
	for _, row := range []struct {
		windowEnd string
		want      int
		why       string
	}{
		{"2025-06-14", 105, "districts still exist"},
		{"2025-06-30", 105, "their last day"},
		{"2025-07-01", 104, "3.5 ends with the districts on 30/6/2025"},
		{"2026-12-14", 104, "the fourth quarter of 2026"},
	} {
		end, err := calendar.ParseDay(row.windowEnd)
		if err != nil {
			t.Fatal(err)
		}
		active := v.Active(end)
		if len(active) != row.want {
			t.Errorf("%s: %d indicators, want %d (%s)", row.windowEnd, len(active), row.want, row.why)
		}
	}
}

func TestValidateFindsWhatIsWrongWithAForm(t *testing.T) {
	for name, spoil := range map[string]func(*form.Version){
		"no title":                   func(v *form.Version) { v.Title = "" },
		"a section twice":            func(v *form.Version) { v.Sections[1].Code = "I" },
		"a section without title":    func(v *form.Version) { v.Sections[0].Title = "" },
		"an indicator twice":         func(v *form.Version) { v.Indicators[1].Code = "1.1" },
		"a bad code":                 func(v *form.Version) { v.Indicators[3].Code = "x" },
		"no unit":                    func(v *form.Version) { v.Indicators[0].Unit = "" },
		"an unknown type":            func(v *form.Version) { v.Indicators[0].Type = "float" },
		"a bad date":                 func(v *form.Version) { v.Indicators[0].ValidTo = "30/6/2025" },
		"an average across units":    func(v *form.Version) { v.Indicators[0].AcrossUnits = "average" },
		"an average across time":     func(v *form.Version) { v.Indicators[0].AcrossTime = "average" },
		"a summed ratio":             func(v *form.Version) { v.Indicators[2].AcrossUnits = form.AcrossUnitsSum },
		"a ratio of a ratio":         func(v *form.Version) { v.Indicators[2].Numerator = "1.8" },
		"a ratio of nothing":         func(v *form.Version) { v.Indicators[2].Denominator = "" },
		"a ratio of another period":  func(v *form.Version) { v.Indicators[2].Denominator = "previous(1.1)" },
		"an unknown numerator":       func(v *form.Version) { v.Indicators[2].Numerator = "9.9" },
		"an unknown severity":        func(v *form.Version) { v.Checks[0].Severity = "fatal" },
		"a rule that does not parse": func(v *form.Version) { v.Checks[0].Rule = "1.2<1.1" },
		"a rule of the unknown":      func(v *form.Version) { v.Checks[0].Rule = "9.9<=1.1" },
		"a rule of no figure here":   func(v *form.Version) { v.Checks[0].Rule = "previous(1.2)<=95%" },
		"a ratio of last period":     func(v *form.Version) { v.Checks[0].Rule = "3.26>=previous(3.26)" },
		"a negative tolerance":       func(v *form.Version) { v.Tolerance = -1 },
	} {
		v := quarterly(t)
		spoil(&v)
		if v.Validate() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
