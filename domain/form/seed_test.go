package form_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/migrations/seedtest"
)

// quarterly is the form that ships with the software.
func quarterly(t *testing.T) form.Version {
	t.Helper()
	return seedtest.Form(t, "bc-cchc-quy", 1)
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
