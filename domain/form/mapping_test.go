package form_test

import (
	"reflect"
	"slices"
	"testing"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// count is an indicator that is summed; share is a ratio of two of them.
func count(code, name, unit string) form.Indicator {
	return form.Indicator{Code: code, Group: "3. Thủ tục", Name: name, Unit: unit, Type: form.TypeInteger, AcrossUnits: form.AcrossUnitsSum, AcrossTime: form.AcrossTimeSum}
}

func share(code, name, above, below string) form.Indicator {
	return form.Indicator{
		Code: code, Group: "3. Thủ tục", Name: name, Unit: "%", Type: form.TypeRatio, Numerator: above, Denominator: below,
		AcrossUnits: form.AcrossUnitsRatio, AcrossTime: form.AcrossTimeRatio,
	}
}

func version(number int, indicators ...form.Indicator) form.Version {
	return form.Version{Code: "bc", Number: number, Title: "Báo cáo", Indicators: indicators}
}

// before is the older version of the tables below.
func before() form.Version {
	return version(1, count("3.1", "Hồ sơ tiếp nhận", "hồ sơ"), count("3.2", "Hồ sơ giải quyết", "hồ sơ"),
		count("3.3", "Hồ sơ trễ hạn", "hồ sơ"), share("3.4", "Tỷ lệ đúng hạn", "3.2-3.3", "3.2"))
}

func TestSuggestMapping(t *testing.T) {
	stock := count("3.2", "Hồ sơ giải quyết", "hồ sơ")
	stock.AcrossTime = form.AcrossTimeLast
	for _, row := range []struct {
		name   string
		source string
		after  form.Version
		want   []form.MapRow
	}{
		{"nothing has changed", "QĐ 1439 Đ10.2", before(),
			[]form.MapRow{{From: "3.1", To: "3.1"}, {From: "3.2", To: "3.2"}, {From: "3.3", To: "3.3"}, {From: "3.4", To: "3.4"}}},
		{"a new name keeps its code", "QĐ 1439 Đ10.2",
			version(2, count("3.1", "Hồ sơ đã nhận", "hồ sơ")),
			[]form.MapRow{{From: "3.1", To: "3.1"}, {From: "3.2"}, {From: "3.3"}, {From: "3.4"}}},
		{"a new code keeps its name", "QĐ 1439 Đ10.2",
			version(2, count("4.7", " hồ sơ tiếp nhận", "Hồ sơ"), count("3.2", "Hồ sơ giải quyết", "hồ sơ"), count("3.3", "Hồ sơ trễ hạn", "hồ sơ")),
			[]form.MapRow{{From: "3.1", To: "4.7"}, {From: "3.2", To: "3.2"}, {From: "3.3", To: "3.3"}, {From: "3.4"}}},
		{"another unit of measure is a break", "QĐ 1439 Đ10.2",
			version(2, count("3.1", "Hồ sơ tiếp nhận", "nghìn hồ sơ")),
			[]form.MapRow{{From: "3.1", To: "3.1", Break: true}, {From: "3.2"}, {From: "3.3"}, {From: "3.4"}}},
		{"a ratio does not continue a figure", "QĐ 1439 Đ10.2",
			version(2, share("3.1", "Hồ sơ tiếp nhận", "3.2", "3.3"), count("3.2", "Hồ sơ giải quyết", "hồ sơ"), count("3.3", "Hồ sơ trễ hạn", "hồ sơ")),
			[]form.MapRow{{From: "3.1", To: "3.1", Break: true}, {From: "3.2", To: "3.2"}, {From: "3.3", To: "3.3"}, {From: "3.4"}}},
		{"a stock does not continue a flow", "NĐ 09/2019 Đ12",
			version(2, stock),
			[]form.MapRow{{From: "3.2", To: "3.2", Break: true}, {From: "3.1"}, {From: "3.3"}, {From: "3.4"}}},
		{"a new indicator", "QĐ 1439 Đ10.2",
			version(2, append(before().Indicators, count("3.5", "Thư xin lỗi", "thư"))...),
			[]form.MapRow{{From: "3.1", To: "3.1"}, {From: "3.2", To: "3.2"}, {From: "3.3", To: "3.3"}, {From: "3.4", To: "3.4"}, {To: "3.5"}}},
	} {
		m := form.SuggestMapping(before(), row.after)
		if m.From != 1 || m.To != row.after.Number || !slices.Equal(m.Rows, row.want) {
			t.Errorf("%s (%s): %+v, want %v", row.name, row.source, m, row.want)
		}
	}
}

// after is a version that merges, splits, renames, retires and adds.
func after() form.Version {
	return version(2, count("3.1", "Hồ sơ tiếp nhận", "hồ sơ"), count("3.5", "Hồ sơ giải quyết trực tuyến", "hồ sơ"),
		count("3.6", "Hồ sơ giải quyết trực tiếp", "hồ sơ"), share("3.7", "Tỷ lệ trực tuyến", "3.5", "3.5+3.6"))
}

func TestMappingValidate(t *testing.T) {
	sound := []form.MapRow{
		{From: "3.1", To: "3.1"}, {From: "3.2", To: "3.5", Break: true, Note: "Tách theo kênh"}, {From: "3.2", To: "3.6", Break: true, Note: "Tách theo kênh"},
		{From: "3.3"}, {From: "3.4"}, {To: "3.7"},
	}
	change := func(i int, row form.MapRow) []form.MapRow {
		rows := slices.Clone(sound)
		rows[i] = row
		return rows
	}
	for name, row := range map[string]struct {
		rows  []form.MapRow
		code  rule.Code
		field string
	}{
		"sound":                          {sound, "", ""},
		"an older code leads nowhere":    {slices.Delete(slices.Clone(sound), 3, 4), "form_map_lost", "retired.3.3"},
		"a newer one comes from nowhere": {slices.Delete(slices.Clone(sound), 5, 6), "form_map_missing", "map.3.7"},
		"a split that is comparable":     {change(1, form.MapRow{From: "3.2", To: "3.5"}), "form_map_split", "map.3.5"},
		"a break without a reason":       {change(1, form.MapRow{From: "3.2", To: "3.5", Break: true, Note: " "}), "form_map_note", "map.3.5"},
		"a ratio that continues a count": {slices.Delete(change(3, form.MapRow{From: "3.3", To: "3.7"}), 5, 6), "form_map_measure", "map.3.7"},
		"an older code that is not":      {change(5, form.MapRow{From: "9.9", To: "3.7", Break: true, Note: "x"}), "form_map_unknown", "map.3.7"},
		"a newer code that is not":       {append(slices.Clone(sound), form.MapRow{From: "3.1", To: "9.9"}), "form_map_unknown", "retired.3.1"},
		"retired and continued":          {append(slices.Clone(sound), form.MapRow{From: "3.1"}), "form_map_gone", "retired.3.1"},
		"new and continued":              {append(slices.Clone(sound), form.MapRow{To: "3.1"}), "form_map_fresh", "map.3.1"},
	} {
		broken := form.Mapping{From: 1, To: 2, Rows: row.rows}.Validate(before(), after())
		if row.code == "" {
			if broken != nil {
				t.Errorf("%s: %v", name, broken)
			}
			continue
		}
		if !slices.ContainsFunc(broken, func(e rule.Error) bool { return e.Code == row.code && e.Field == row.field }) {
			t.Errorf("%s: %v, want %s at %s", name, broken, row.code, row.field)
		}
	}
}

// TestLineage follows codes through four versions: 1.1 is renamed 1.2, then counted
// otherwise; 2.1 is split into 2.2 and 2.3; 3.1 and 3.2 are merged into 3.9; 4.1 is
// retired; 5.1 is new.
func TestLineage(t *testing.T) {
	broken := func(from, to string) form.MapRow {
		return form.MapRow{From: from, To: to, Break: true, Note: "vì " + to}
	}
	chain := []form.Mapping{
		{From: 1, To: 2, Rows: []form.MapRow{{From: "1.1", To: "1.2"}, {From: "2.1", To: "2.1"}, {From: "3.1", To: "3.1"}, {From: "3.2", To: "3.2"}, {From: "4.1", To: "4.1"}}},
		{From: 2, To: 3, Rows: []form.MapRow{broken("1.2", "1.2"), broken("2.1", "2.2"), broken("2.1", "2.3"), {From: "3.1", To: "3.1"}, {From: "3.2", To: "3.2"}, {From: "4.1"}, {To: "5.1"}}},
		{From: 3, To: 4, Rows: []form.MapRow{{From: "1.2", To: "1.2"}, {From: "2.2", To: "2.2"}, {From: "2.3", To: "2.3"}, broken("3.1", "3.9"), broken("3.2", "3.9"), {From: "5.1", To: "5.1"}}},
	}
	for _, row := range []struct {
		name   string
		number int
		code   string
		want   map[int]form.Place
	}{
		{"renamed, then a break", 4, "1.2", map[int]form.Place{1: {Code: "1.1"}, 2: {Code: "1.2"}, 3: {Code: "1.2", Break: true, Note: "vì 1.2"}, 4: {Code: "1.2"}}},
		{"the same from the oldest on", 1, "1.1", map[int]form.Place{1: {Code: "1.1"}, 2: {Code: "1.2"}, 3: {Code: "1.2", Break: true, Note: "vì 1.2"}, 4: {Code: "1.2"}}},
		{"made by a split", 4, "2.3", map[int]form.Place{1: {}, 2: {Apart: []string{"2.1"}}, 3: {Code: "2.3", Break: true, Note: "vì 2.3"}, 4: {Code: "2.3"}}},
		{"split on", 2, "2.1", map[int]form.Place{1: {Code: "2.1"}, 2: {Code: "2.1"}, 3: {Apart: []string{"2.2", "2.3"}, Break: true, Note: "vì 2.2"}, 4: {}}},
		{"merged", 4, "3.9", map[int]form.Place{1: {}, 2: {}, 3: {Apart: []string{"3.1", "3.2"}}, 4: {Code: "3.9", Break: true, Note: "vì 3.9"}}},
		{"merged on", 1, "3.2", map[int]form.Place{1: {Code: "3.2"}, 2: {Code: "3.2"}, 3: {Code: "3.2"}, 4: {Apart: []string{"3.9"}, Break: true, Note: "vì 3.9"}}},
		{"retired", 1, "4.1", map[int]form.Place{1: {Code: "4.1"}, 2: {Code: "4.1"}, 3: {}, 4: {}}},
		{"new", 4, "5.1", map[int]form.Place{1: {}, 2: {}, 3: {Code: "5.1"}, 4: {Code: "5.1"}}},
	} {
		if got := form.Lineage(chain, row.number, row.code); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s:\n got %v\nwant %v", row.name, got, row.want)
		}
	}
}

// TestContinue: what a unit reported on an earlier version, as the next report's
// checks may compare with it (QĐ 1439 Đ10.2).
func TestContinue(t *testing.T) {
	chain := []form.Mapping{
		{From: 1, To: 2, Rows: []form.MapRow{{From: "1.1", To: "1.2"}, {From: "1.3", To: "1.3", Break: true, Note: "x"}, {From: "1.4", To: "1.4"}, {From: "1.5"}, {To: "1.6"}}},
		{From: 2, To: 3, Rows: []form.MapRow{{From: "1.2", To: "1.9"}, {From: "1.3", To: "1.3"}, {From: "1.4", To: "1.7", Break: true, Note: "x"}, {From: "1.4", To: "1.8", Break: true, Note: "x"}, {From: "1.6", To: "1.6"}}},
	}
	figures := values(t, map[string]string{"1.1": "10", "1.3": "30", "1.4": "40", "1.5": "50"})
	for _, row := range []struct {
		to   int
		want map[string]string
	}{
		{1, map[string]string{"1.1": "10", "1.3": "30", "1.4": "40", "1.5": "50"}},
		{2, map[string]string{"1.2": "10", "1.4": "40"}},
		{3, map[string]string{"1.9": "10"}},
	} {
		if got := form.Continue(chain, 1, row.to, figures); !reflect.DeepEqual(got, values(t, row.want)) {
			t.Errorf("in version %d: %v, want %v", row.to, got, row.want)
		}
	}
	later := values(t, map[string]string{"1.9": "10", "1.3": "30", "1.8": "8"})
	if got := form.Continue(chain, 3, 1, later); !reflect.DeepEqual(got, values(t, map[string]string{"1.1": "10"})) {
		t.Errorf("the other way: %v", got)
	}
	if got := form.Continue(chain, 1, 2, nil); got != nil {
		t.Errorf("nothing known has become %v", got)
	}
}

func TestChanges(t *testing.T) {
	older, newer := quarterly(t), quarterly(t)
	newer.Tolerance = 25
	newer.Sections[1].Title = "Thể chế"
	newer.Sections = slices.Insert(newer.Sections, 2, form.Section{Code: "II.1A", Title: "Thi hành pháp luật"})
	newer.Sections = newer.Sections[:len(newer.Sections)-1] // V
	newer.Indicators[0].Code = "1.99"
	newer.Indicators[3], newer.Indicators[4] = newer.Indicators[4], newer.Indicators[3]
	newer.Checks[1].Severity = form.SeverityWarning
	newer.Checks[2].Rule = "1.11<=1.12"
	mapping := form.SuggestMapping(older, newer)
	type line struct{ part, how, code string }
	var got []line
	for _, one := range form.Changes(older, newer, mapping) {
		got = append(got, line{one.Part, one.How, one.Code})
	}
	want := []line{
		{"general", "changed", ""},
		{"section", "changed", "II.1"}, {"section", "added", "II.1A"}, {"section", "removed", "V"},
		{"indicator", "changed", "1.99"}, {"indicator", "moved", newer.Indicators[4].Code},
		{"check", "changed", older.Checks[1].Rule}, {"check", "added", "1.11<=1.12"}, {"check", "removed", older.Checks[2].Rule},
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	if same := form.Changes(older, quarterly(t), form.Mapping{}); same != nil {
		t.Errorf("a version against itself: %v", same)
	}
}

// Which codes go on is the same, asked of one code or of all at once.
func TestContinuedAsLineageHasIt(t *testing.T) {
	m := form.Mapping{From: 1, To: 2, Rows: []form.MapRow{
		{From: "1.1", To: "1.1"}, {From: "1.2", To: "1.20"}, {From: "1.3", To: "1.3", Break: true, Note: "đo khác"},
		{From: "1.4", To: "1.41"}, {From: "1.4", To: "1.42"}, // split
		{From: "1.5", To: "1.6"}, {From: "1.6", To: "1.6"}, // merged
		{From: "1.7", To: ""}, {From: "", To: "1.8"}, // retired, new
	}}
	continued := m.Continued()
	for _, code := range []string{"1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", ""} {
		if want := form.Lineage([]form.Mapping{m}, 1, code)[2].Code; continued[code] != want {
			t.Errorf("%q goes on as %q, want %q", code, continued[code], want)
		}
	}
}
