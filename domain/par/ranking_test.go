package par_test

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
)

func both(mean int64) []par.Opinion {
	return []par.Opinion{
		{Criterion: "1.2", Group: "dan", Mean: decimal.Of(mean), Answers: 10}, {Criterion: "1.2", Group: "dn", Mean: decimal.Of(mean), Answers: 5},
	}
}

// asked is an entry with the survey's mean of both groups; below 0: nobody was asked.
func asked(e par.Entry, mean int64) par.Entry {
	var opinions []par.Opinion
	if mean >= 0 {
		opinions = both(mean)
	}
	surveyed, missing := small().SumSurveys(opinions)
	e.Surveyed, e.Missing = surveyed, append(e.Missing, missing...)
	return e
}

func TestConclude(t *testing.T) {
	ranked := small().Conclude([]par.Entry{
		asked(par.Entry{Unit: "C", Group: "departments", Appraised: 700}, 50),
		asked(par.Entry{Unit: "A", Group: "departments", Appraised: 600}, 100),
		asked(par.Entry{Unit: "B", Group: "departments", Appraised: 700, Extras: par.Adjusted{Penalty: 20}}, 50),
		asked(par.Entry{Unit: "D", Group: "departments", Appraised: 800}, -1), // nobody was asked about it
		asked(par.Entry{Unit: "E", Group: "departments", Appraised: 500, Missing: []string{"2.1"}}, 100),
		asked(par.Entry{Unit: "F", Group: "departments", Appraised: 800, Open: true}, 100),
		asked(par.Entry{Unit: "W", Group: "communes", Appraised: 400, Out: 200}, 50),
	})
	want := []struct {
		unit          string
		rank, of, few int
		total         string
		missing       string
	}{
		{"W", 1, 1, 1, "6.25", ""}, // 5 of the 8 points that apply
		{"A", 1, 3, 2, "8", ""},    // 6 + 2
		{"C", 1, 3, 2, "8", ""},    // 7 + 1: they share a rank (dossier 3.2)
		{"B", 3, 3, 1, "7.8", ""},  // 7 + 1 - 0.2
		{"D", 0, 0, 0, "8", "1.2"}, // what has no points has no rank, however many the rest sum to
		{"E", 0, 0, 0, "7", "2.1"}, // -
		{"F", 0, 0, 0, "10", ""},   // while the unit may still explain, nothing is final (QD 1439 art. 15.2)
	}
	for i, w := range want {
		r := ranked[i]
		if r.Unit != w.unit || r.Rank != w.rank || r.Of != w.of || r.Shared != w.few || r.Total.String() != w.total || strings.Join(r.Missing, " ") != w.missing {
			t.Errorf("%d: %s %d/%d shared %d, %s, missing %v; want %+v", i, r.Unit, r.Rank, r.Of, r.Shared, r.Total, r.Missing, w)
		}
		if _, has := r.WhyRank(); has != (w.rank > 0) {
			t.Errorf("%s: tells of a rank: %v", r.Unit, has)
		}
	}
}

// TestNothingAppliesHasNoRank: with every criterion out there is no total to rank.
func TestNothingAppliesHasNoRank(t *testing.T) {
	set := small()
	set.Criteria = set.Criteria[2:]
	set.Total = 200
	if r := set.Conclude([]par.Entry{{Unit: "A", Group: "x", Out: 200}})[0]; r.Final() || !r.Complete {
		t.Errorf("%+v", r)
	}
}

func TestFieldSums(t *testing.T) {
	set := small()
	sums := set.FieldSums(map[string]par.Score{"1.1": known(300), "1.2": known(180), "2.1": {Known: true, NotApplicable: true}})
	if !slices.Equal(sums, []par.FieldSum{{Field: "1", Points: 480, Most: 800}, {Field: "2"}}) {
		t.Fatalf("%+v", sums)
	}
	if p, ok := sums[0].Percent(); !ok || p.String() != "60" {
		t.Errorf("%s %v", p, ok)
	}
	if _, ok := sums[1].Percent(); ok {
		t.Error("a field that does not apply has a percentage")
	}
	other := []par.FieldSum{{Field: "1", Points: 801, Most: 800}, {Field: "2", Points: 50, Most: 200}}
	means := set.MeanOfFields([][]par.FieldSum{sums, other, {}})
	// Field 1: (60 + 100.12) / 2 = 80.06; field 2 applies to one unit alone.
	if len(means) != 2 || means[0].Percent.String() != "80.06" || means[1].Percent.String() != "25" {
		t.Errorf("%+v", means)
	}
	if m := par.MeanTotal([]par.Points{100, 101}); m != 101 { // 1.005, half up
		t.Errorf("%s", m)
	}
	if m := par.MeanTotal(nil); m != 0 {
		t.Errorf("%s", m)
	}
}

func TestContinue(t *testing.T) {
	before, after := small(), small()
	after.Criteria = slices.Clone(after.Criteria)
	after.Criteria[0].Max = 500
	after.Criteria = append(after.Criteria[:2:2], par.Criterion{Code: "2.2", Field: "2", Name: "d", Max: 300, Kind: par.YesNo})
	got := ""
	for _, pair := range par.Continue(before, after) {
		switch {
		case pair.Before == nil:
			got += " +" + pair.Code
		case pair.After == nil:
			got += " -" + pair.Code
		case pair.Alike():
			got += " =" + pair.Code
		default:
			got += " ~" + pair.Code
		}
	}
	if got != " ~1.1 =1.2 +2.2 -2.1" {
		t.Errorf("%q", got)
	}
}

// TestContinueUnderAnotherCode: a criterion is put in, and those behind it get the next
// code each.
func TestContinueUnderAnotherCode(t *testing.T) {
	named := func(rows ...string) (s par.Set) {
		for i := 0; i < len(rows); i += 2 {
			s.Criteria = append(s.Criteria, par.Criterion{Code: rows[i], Name: rows[i+1], Max: 100, Kind: par.YesNo})
		}
		return s
	}
	before := named("1.1", "Kế hoạch", "1.2", "Kiểm tra", "1.3", "Tuyên truyền", "1.4", "Hài lòng", "2.4", "Hài lòng")
	after := named("1.1", "Kế hoạch", "1.2", "Sáng kiến", "1.3", "Kiểm  tra", "1.4", "tuyên truyền", "1.5", "Hài lòng", "2.4", "Hài lòng của dân")
	var got []string
	for _, pair := range par.Continue(before, after) {
		told := pair.Code + "<-"
		if pair.Before != nil {
			told += pair.Before.Code
		}
		if pair.After == nil {
			told = pair.Code + " is gone"
		}
		if pair.Moved() != (pair.Before != nil && pair.After != nil && pair.Before.Code != pair.After.Code) {
			t.Errorf("%s: moved: %v", told, pair.Moved())
		}
		got = append(got, told)
	}
	// Two of one name before: which of them goes on as 1.5 nobody can tell.
	want := "1.1<-1.1, 1.2<-, 1.3<-1.2, 1.4<-1.3, 1.5<-, 2.4<-2.4, 1.4 is gone"
	if told := strings.Join(got, ", "); told != want {
		t.Errorf("%s\nwant %s", told, want)
	}
}

func TestCheckExtra(t *testing.T) {
	today := calendar.Date(2027, 3, 1)
	tomorrow := today.Add(1)
	whole := par.Extra{Kind: par.ExtraBonus, Points: 50, Reason: "Sáng kiến cấp thành phố", Number: "12/QĐ-UBND", IssuedOn: &today, Title: "Công nhận sáng kiến"}
	none := small()
	none.Penalty = 0
	for name, row := range map[string]struct {
		set    par.Set
		change func(*par.Extra)
		want   string
	}{
		"a bonus up to the cap":          {small(), func(*par.Extra) {}, ""},
		"above the cap":                  {small(), func(e *par.Extra) { e.Points = 51 }, "extra_over points"},
		"a penalty has its own cap":      {small(), func(e *par.Extra) { e.Kind, e.Points = par.ExtraPenalty, 100 }, ""},
		"nothing":                        {small(), func(e *par.Extra) { e.Points = 0 }, "extra_points points"},
		"below nothing":                  {small(), func(e *par.Extra) { e.Points = -1 }, "extra_points points"},
		"of no kind":                     {small(), func(e *par.Extra) { e.Kind = "gift" }, "extra_kind kind"},
		"the set has no penalties":       {none, func(e *par.Extra) { e.Kind = par.ExtraPenalty }, "extra_none kind"},
		"without a reason":               {small(), func(e *par.Extra) { e.Reason = " " }, "extra_missing reason"},
		"without a document":             {small(), func(e *par.Extra) { e.Number, e.Title, e.IssuedOn = "", "", nil }, "extra_missing number, extra_missing title, extra_missing issued_on"},
		"of a document of tomorrow":      {small(), func(e *par.Extra) { e.IssuedOn = &tomorrow }, "extra_issued issued_on"},
		"longer than anybody would read": {small(), func(e *par.Extra) { e.Reason = strings.Repeat("ă", par.MaxExtraReason+1) }, "extra_long reason"},
	} {
		one := whole
		row.change(&one)
		var got []string
		for _, b := range row.set.CheckExtra(one, today) {
			got = append(got, string(b.Code)+" "+b.Field)
		}
		if told := strings.Join(got, ", "); told != row.want {
			t.Errorf("%s: %q, want %q", name, told, row.want)
		}
	}
}

func TestCheckAnnouncement(t *testing.T) {
	today := calendar.Date(2027, 3, 1)
	tomorrow := today.Add(1)
	whole := par.Announcement{Number: "45/QĐ-UBND", IssuedOn: &today, Title: "Công bố chỉ số", File: true}
	for name, row := range map[string]struct {
		change     func(*par.Announcement)
		correction bool
		want       string
	}{
		"whole":                          {func(*par.Announcement) {}, false, ""},
		"nothing":                        {func(a *par.Announcement) { *a = par.Announcement{} }, false, "announce_missing number, announce_missing title, announce_missing issued_on, announce_missing file"},
		"a decision of tomorrow":         {func(a *par.Announcement) { a.IssuedOn = &tomorrow }, false, "announce_issued issued_on"},
		"a correction without a reason":  {func(*par.Announcement) {}, true, "announce_reason reason"},
		"a correction":                   {func(a *par.Announcement) { a.Reason = "Tính sai điểm khảo sát" }, true, ""},
		"longer than anybody would read": {func(a *par.Announcement) { a.Number = strings.Repeat("1", par.MaxExtraNumber+1) }, false, "announce_long number"},
	} {
		one := whole
		row.change(&one)
		var got []string
		for _, b := range par.CheckAnnouncement(one, row.correction, today) {
			got = append(got, string(b.Code)+" "+b.Field)
		}
		if told := strings.Join(got, ", "); told != row.want {
			t.Errorf("%s: %q, want %q", name, told, row.want)
		}
	}
}
