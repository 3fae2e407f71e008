package form_test

import (
	"slices"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
)

// TestReckon: what a city's sums come to. Ratios are those of the sums (QĐ 766/QĐ-TTg:
// two decimals, a dash without a denominator), never averages.
func TestReckon(t *testing.T) {
	v := quarterly(t)
	v.Indicators = slices.Clone(v.Indicators)
	for i := range v.Indicators {
		if v.Indicators[i].Code == "3.20" {
			v.Indicators[i].ValidTo = "2026-03-31"
		}
	}
	sums := func(pairs map[string]string) map[string]form.Decimal {
		all := map[string]form.Decimal{}
		for code, value := range pairs {
			all[code] = decimal(t, value)
		}
		return all
	}
	for _, row := range []struct {
		name, source, code  string
		end                 calendar.Day
		sums                map[string]string
		asked               bool
		value, above, below string
	}{
		{"a count", "QĐ 1439 Đ10.2", "3.18", windowEnd, map[string]string{"3.18": "12480"}, true, "12480", "", ""},
		{"a count of nobody", "QĐ 1439 Đ8.1", "3.18", windowEnd, nil, true, "", "", ""},
		{"a ratio of sums", "QĐ 766/QĐ-TTg", "1.3", windowEnd, map[string]string{"1.1": "300", "1.2": "100"}, true, "33.33", "100", "300"},
		{"a ratio without a denominator", "QĐ 766/QĐ-TTg", "1.3", windowEnd, map[string]string{"1.1": "0", "1.2": "0"}, true, "", "0", "0"},
		{"a ratio with a term unknown", "QĐ 766/QĐ-TTg", "1.3", windowEnd, map[string]string{"1.1": "300"}, true, "", "", "300"},
		{"both terms while both are asked", "QĐ 1439 Đ10.2", "3.26", calendar.Date(2026, 3, 14), map[string]string{"3.18": "200", "3.19": "60", "3.20": "40"}, true, "50", "100", "200"},
		{"a term no longer asked drops out", "QĐ 1439 Đ10.2", "3.26", windowEnd, map[string]string{"3.18": "200", "3.19": "60"}, true, "30", "60", "200"},
		{"no longer asked itself", "NĐ 09/2019 Đ12", "3.20", windowEnd, map[string]string{"3.20": "9"}, false, "", "", ""},
		{"not of this form", "QĐ 1439 Đ10.2", "9.9", windowEnd, map[string]string{"9.9": "9"}, false, "", "", ""},
	} {
		got := v.Reckon(row.code, row.end, sums(row.sums))
		if got.Asked != row.asked || text(got.Value) != row.value || text(got.Above) != row.above || text(got.Below) != row.below {
			t.Errorf("%s (%s): asked %v, %s = %s / %s", row.name, row.source, got.Asked, text(got.Value), text(got.Above), text(got.Below))
		}
	}
}

func text(d *form.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func TestPartsOfAnIndicator(t *testing.T) {
	v := quarterly(t)
	for code, want := range map[string][]string{"3.18": {"3.18"}, "3.26": {"3.19", "3.20", "3.18"}, "9.9": nil} {
		if got := v.Parts(code); !slices.Equal(got, want) {
			t.Errorf("%s is reckoned from %v, want %v", code, got, want)
		}
	}
}
