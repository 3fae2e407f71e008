package calendar_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

func dayAt(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mark(t *testing.T, iso string, kind calendar.Kind) calendar.Mark {
	t.Helper()
	return calendar.Mark{Date: dayAt(t, iso), Kind: kind, Name: "Nghỉ Tết", Certainty: calendar.Expected}
}

func TestCheckChange(t *testing.T) {
	today := dayAt(t, "2026-12-14")
	c := calendar.New([]calendar.Mark{mark(t, "2026-09-02", calendar.Holiday), mark(t, "2027-01-01", calendar.Holiday)})
	for _, row := range []struct {
		why, day string
		kind     calendar.Kind
		change   func(*calendar.Mark)
		want     rule.Code // "": in order
	}{
		{"BLLĐ Đ112: Tết Dương lịch", "2027-01-01", calendar.Holiday, nil, ""},
		{"BLLĐ Đ112: ngày lễ vào Chủ nhật vẫn ghi được", "2027-01-03", calendar.Holiday, nil, ""},
		{"BLLĐ Đ111.3: nghỉ bù thứ Hai", "2027-01-04", calendar.Compensatory, nil, ""},
		{"BLLĐ Đ111.3: nghỉ bù vào Chủ nhật", "2027-01-03", calendar.Compensatory, nil, calendar.NotAWorkday},
		{"hoán đổi: nghỉ thứ Hai", "2027-02-08", calendar.SwappedOff, nil, ""},
		{"hoán đổi: nghỉ vào thứ Bảy", "2027-02-13", calendar.SwappedOff, nil, calendar.NotAWorkday},
		{"hoán đổi: làm bù thứ Bảy", "2027-02-13", calendar.SwappedWork, nil, ""},
		{"hoán đổi: làm bù thứ Tư", "2027-02-17", calendar.SwappedWork, nil, calendar.NotARestDay},
		{"hôm nay trở đi thì được", "2026-12-14", calendar.Holiday, nil, ""},
		{"hôm qua đã tính rồi", "2026-12-11", calendar.Holiday, nil, calendar.DayPast},
		{"ngày đã qua, sửa tên và căn cứ thì được", "2026-09-02", calendar.Holiday, nil, ""},
		{"ngày đã qua, đổi thành làm bù", "2026-09-05", calendar.SwappedWork, nil, calendar.DayPast},
		{"thiếu tên", "2027-01-01", calendar.Holiday, func(m *calendar.Mark) { m.Name = " " }, calendar.NameMissing},
		{"tên quá dài", "2027-01-01", calendar.Holiday, func(m *calendar.Mark) { m.Name = strings.Repeat("ă", 121) }, calendar.NameTooLong},
		{"không có loại này", "2027-01-01", "party", nil, calendar.KindUnknown},
		{"độ chắc chắn lạ", "2027-01-01", calendar.Holiday, func(m *calendar.Mark) { m.Certainty = "sure" }, calendar.CertaintyBad},
		{"chính thức phải có thông báo", "2027-01-01", calendar.Holiday, func(m *calendar.Mark) { m.Certainty = calendar.Official }, calendar.LegalMissing},
		{"chính thức thiếu ngày thông báo", "2027-01-01", calendar.Holiday, func(m *calendar.Mark) {
			m.Certainty, m.LegalNumber = calendar.Official, "9441/TB-BNV"
		}, calendar.LegalMissing},
		{"năm gõ nhầm", "2207-01-01", calendar.Holiday, nil, calendar.YearOutOfRange},
	} {
		m := mark(t, row.day, row.kind)
		if row.change != nil {
			row.change(&m)
		}
		broken := c.Check(calendar.Change{Put: []calendar.Mark{m}}, today)
		if row.want == "" && broken != nil || row.want != "" && !broken.Has(row.want) {
			t.Errorf("%s: %v, want %q", row.why, broken, row.want)
		}
	}
	if broken := c.Check(calendar.Change{}, today); !broken.Has(calendar.ChangeEmpty) {
		t.Errorf("nothing: %v", broken)
	}
	if broken := c.Check(calendar.Change{Remove: []calendar.Day{dayAt(t, "2026-09-02")}}, today); !broken.Has(calendar.DayPast) {
		t.Errorf("a past holiday is removed: %v", broken)
	}
}

func TestSpan(t *testing.T) {
	for _, row := range []struct {
		why, from, to string
		kind          calendar.Kind
		want          []string
		broken        rule.Code
	}{
		{"một ngày", "2027-01-01", "2027-01-01", calendar.Holiday, []string{"2027-01-01"}, ""},
		{"Tết từ thứ Sáu đến thứ Ba, kể cả cuối tuần", "2027-02-05", "2027-02-09", calendar.Holiday,
			[]string{"2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"}, ""},
		{"nghỉ bù bỏ qua cuối tuần", "2027-02-05", "2027-02-09", calendar.Compensatory, []string{"2027-02-05", "2027-02-08", "2027-02-09"}, ""},
		{"ngược", "2027-02-09", "2027-02-05", calendar.Holiday, nil, calendar.SpanBackwards},
		{"quá dài", "2027-02-01", "2027-03-10", calendar.Holiday, nil, calendar.SpanTooLong},
	} {
		marks, broken := calendar.Span(mark(t, row.from, row.kind), dayAt(t, row.from), dayAt(t, row.to))
		var days []string
		for _, m := range marks {
			days = append(days, m.Date.String())
		}
		if !slices.Equal(days, row.want) || row.broken != "" && !broken.Has(row.broken) {
			t.Errorf("%s: %v, %v", row.why, days, broken)
		}
	}
}

// The days of a swap come and go together.
func TestSwapIsAPair(t *testing.T) {
	off, work := dayAt(t, "2027-02-08"), dayAt(t, "2027-02-13")
	ch := calendar.Change{Put: calendar.Swap(mark(t, "2027-02-08", ""), off, work)}
	c := calendar.New(nil)
	if broken := c.Check(ch, dayAt(t, "2026-12-14")); broken != nil {
		t.Fatal(broken)
	}
	swapped := c.With(ch)
	if swapped.IsWorkingDay(off) || !swapped.IsWorkingDay(work) || !c.IsWorkingDay(off) {
		t.Error("the pair is not swapped, or the calendar before has changed")
	}
	for _, day := range []calendar.Day{off, work} {
		removal := swapped.Removal(day)
		if len(removal.Remove) != 2 {
			t.Errorf("%s is removed alone", day)
		}
		back := swapped.With(removal)
		if !back.IsWorkingDay(off) || back.IsWorkingDay(work) {
			t.Errorf("after the removal of %s the other stays", day)
		}
	}
	if removal := swapped.Removal(dayAt(t, "2027-05-01")); len(removal.Remove) != 0 {
		t.Errorf("what is not marked is removed: %v", removal)
	}
}

func TestYearsWithoutOfficialDays(t *testing.T) {
	official := mark(t, "2026-09-02", calendar.Holiday)
	official.Certainty = calendar.Official
	expected := mark(t, "2027-01-01", calendar.Holiday)
	c := calendar.New([]calendar.Mark{official, expected})
	for today, want := range map[string][]int{
		"2026-11-30": nil, "2026-12-01": {2027}, "2026-12-31": {2027}, "2027-01-01": {2027}, "2027-12-01": {2027, 2028},
	} {
		if got := c.WithoutOfficial(dayAt(t, today)); !slices.Equal(got, want) {
			t.Errorf("on %s: %v, want %v", today, got, want)
		}
	}
}

// Several edits of one sitting are one: the later word holds (BLLĐ Đ112: days announced
// first and corrected by the notice that follows).
func TestEditsOfOneSitting(t *testing.T) {
	base := calendar.New([]calendar.Mark{mark(t, "2027-01-01", calendar.Holiday), mark(t, "2027-09-02", calendar.Holiday)})
	put := func(iso string, kind calendar.Kind) calendar.Change {
		return calendar.Change{Put: []calendar.Mark{mark(t, iso, kind)}}
	}
	remove := func(iso string) calendar.Change { return calendar.Change{Remove: []calendar.Day{dayAt(t, iso)}} }
	for why, row := range map[string]struct {
		edits []calendar.Change
		want  calendar.Change
	}{
		"two days, in order of time": {
			[]calendar.Change{put("2027-09-03", calendar.Holiday), put("2027-02-08", calendar.Holiday)},
			calendar.Change{Put: []calendar.Mark{mark(t, "2027-02-08", calendar.Holiday), mark(t, "2027-09-03", calendar.Holiday)}},
		},
		"put twice": {
			[]calendar.Change{put("2027-02-08", calendar.Holiday), put("2027-02-08", calendar.SwappedOff)}, put("2027-02-08", calendar.SwappedOff),
		},
		"put and taken off again":        {[]calendar.Change{put("2027-02-08", calendar.Holiday), remove("2027-02-08")}, calendar.Change{}},
		"removed and put again":          {[]calendar.Change{remove("2027-01-01"), put("2027-01-01", calendar.Compensatory)}, put("2027-01-01", calendar.Compensatory)},
		"put over what stood, then gone": {[]calendar.Change{put("2027-01-01", calendar.Compensatory), remove("2027-01-01")}, remove("2027-01-01")},
		"removed twice":                  {[]calendar.Change{remove("2027-09-02"), remove("2027-09-02")}, remove("2027-09-02")},
	} {
		var whole calendar.Change
		after := base
		for _, one := range row.edits {
			whole, after = whole.Then(one, base), after.With(one)
		}
		if !reflect.DeepEqual(whole, row.want) {
			t.Errorf("%s: %+v, want %+v", why, whole, row.want)
		}
		for day := dayAt(t, "2027-01-01"); day <= dayAt(t, "2027-12-31"); day++ {
			if base.With(whole).IsWorkingDay(day) != after.IsWorkingDay(day) {
				t.Fatalf("%s: one after the other says otherwise of %s", why, day)
			}
		}
	}
}
