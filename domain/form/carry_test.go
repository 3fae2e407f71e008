package form_test

import (
	"maps"
	"testing"

	"cchc/domain/form"
)

func TestCarriedFigures(t *testing.T) {
	v := quarterly(t)
	earlier := form.Context{Previous: values(t, map[string]string{"3.22": "1206", "4.10": "5"}), WindowEnd: windowEnd}
	want := map[string]form.Carry{"3.13": {From: "3.22", Value: form.DecimalOf(1206)}}
	if got := v.Carried(earlier); !maps.Equal(got, want) {
		t.Errorf("carried %v, want %v: only what must be equal", got, want)
	}
	for name, none := range map[string]form.Context{
		"no report before": {},
		"left blank then":  {Previous: values(t, map[string]string{"3.21": "4"})},
	} {
		if got := v.Carried(none); len(got) != 0 {
			t.Errorf("%s: carried %v", name, got)
		}
	}
	v.Checks = []form.Check{
		{Severity: form.SeverityWarning, Rule: "3.13=previous(3.22)"}, {Severity: form.SeverityError, Rule: "3.13<=previous(3.22)"},
		{Severity: form.SeverityError, Rule: "3.13+3.14=previous(3.22)"},
	}
	if got := v.Carried(earlier); len(got) != 0 {
		t.Errorf("carried %v by checks that leave a choice", got)
	}
}

func TestRatioTermsAreWhatIsAsked(t *testing.T) {
	v := quarterly(t)
	onTime, _ := v.Indicator("3.26")
	if above, below := v.RatioTerms(onTime, windowEnd); above != "3.19+3.20" || below != "3.18" {
		t.Errorf("terms %q and %q", above, below)
	}
	for i := range v.Indicators {
		if v.Indicators[i].Code == "3.20" {
			v.Indicators[i].ValidTo = "2026-01-31"
		}
	}
	if above, _ := v.RatioTerms(onTime, windowEnd); above != "3.19" {
		t.Errorf("numerator %q holds a figure no longer asked", above)
	}
	if above, below := v.RatioTerms(form.Indicator{Numerator: "3.20", Denominator: "3.18"}, windowEnd); above != "" || below != "" {
		t.Errorf("terms %q and %q of nothing that is asked", above, below)
	}
}
