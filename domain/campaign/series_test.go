package campaign_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/migrations/seedtest"
)

var city = []staff.Unit{
	{Code: "STC", Group: "department"}, {Code: "SYT", Group: "department"}, {Code: "SXD", Group: "department"},
	{Code: "P1", Group: "ward"}, {Code: "P2", Group: "ward"}, {Code: "P3", Group: "ward"},
}

func monthly(t *testing.T) campaign.Series {
	t.Helper()
	return campaign.Series{
		Code: "hang-thang", Name: "Báo cáo CCHC", Form: "bc", Period: period.Month, Groups: []string{"department", "ward"},
		LeadDays: 10, Active: true, Since: day(t, "2026-11-20").At(0),
	}
}

func TestSeriesValidate(t *testing.T) {
	for _, row := range []struct {
		change func(*campaign.Series)
		code   rule.Code
	}{
		{func(s *campaign.Series) { s.Code = "Hàng tháng" }, campaign.SeriesCodeBad},
		{func(s *campaign.Series) { s.Code = "new" }, campaign.SeriesCodeBad},
		{func(s *campaign.Series) { s.Name = " " }, campaign.SeriesNameBad},
		{func(s *campaign.Series) { s.Name = strings.Repeat("ă", 151) }, campaign.SeriesNameBad},
		{func(s *campaign.Series) { s.Form = "" }, campaign.SeriesFormBad},
		{func(s *campaign.Series) { s.Period = "week" }, campaign.SeriesPeriodBad},
		{func(s *campaign.Series) { s.LeadDays = 91 }, campaign.SeriesLeadBad},
		{func(s *campaign.Series) { s.LeadDays = -1 }, campaign.SeriesLeadBad},
		{func(s *campaign.Series) { s.Groups = nil }, campaign.SeriesUnitsNone},
	} {
		s := monthly(t)
		row.change(&s)
		if broken := s.Validate(city); len(broken) != 1 || broken[0].Code != row.code {
			t.Errorf("want %s: %v", row.code, broken)
		}
	}
	if broken := monthly(t).Validate(city); broken != nil {
		t.Errorf("a whole series: %v", broken)
	}
}

// A kind of which most units are chosen is the kind but for those left out: a
// unit founded later belongs to it.
func TestSeriesRoster(t *testing.T) {
	founded := append(slices.Clone(city), staff.Unit{Code: "P4", Group: "ward"}, staff.Unit{Code: "SKH", Group: "department"})
	for _, row := range []struct{ chosen, later string }{
		{"STC SYT SXD P1 P2 P3", "STC SYT SXD P1 P2 P3 P4 SKH"},
		{"STC P1 P2", "STC P1 P2 P4"},
		{"STC SYT", "STC SYT SKH"},
		{"P3", "P3"},
		{"", ""},
	} {
		var s campaign.Series
		s.Choose(strings.Fields(row.chosen), city)
		if got := strings.Join(s.Roster(city), " "); got != row.chosen {
			t.Errorf("chosen %q, roster %q", row.chosen, got)
		}
		if got := strings.Join(s.Roster(founded), " "); got != row.later {
			t.Errorf("chosen %q, later %q, want %q", row.chosen, got, row.later)
		}
	}
}

// The next twelve of every kind, with windows of ND 09/2019 art. 12.
func TestSeriesNext(t *testing.T) {
	c, rules := seedtest.Calendar(t), seedtest.Rules(t)
	now := day(t, "2026-11-23").At(500)
	for kind, want := range map[period.Kind]string{
		period.Month:      "2026m12 2027m01 2027m02 2027m03 2027m04 2027m05 2027m06 2027m07 2027m08 2027m09 2027m10 2027m11",
		period.Quarter:    "2026q4 2027q1 2027q2 2027q3 2027q4 2028q1 2028q2 2028q3 2028q4 2029q1 2029q2 2029q3",
		period.HalfYear:   "2026h2 2027h1 2027h2 2028h1 2028h2 2029h1 2029h2 2030h1 2030h2 2031h1 2031h2 2032h1",
		period.NineMonths: "2027n9 2028n9 2029n9 2030n9 2031n9 2032n9 2033n9 2034n9 2035n9 2036n9 2037n9 2038n9",
		period.Year:       "2026y 2027y 2028y 2029y 2030y 2031y 2032y 2033y 2034y 2035y 2036y 2037y",
	} {
		s := monthly(t)
		s.Period = kind
		var got []string
		for _, one := range s.Next(12, now, rules, c) {
			got = append(got, one.Period.Code())
			if one.ProposeAt != one.Window.To.Add(-10).At(8*60) || len(one.Why) == 0 || !one.Due.LastInstant(c).After(now) {
				t.Errorf("%s is proposed %s, due %s", one.Period.Code(), one.ProposeAt, one.Due.Day)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s:\n got %v\nwant %s", kind, got, want)
		}
	}
}

// What is to be proposed at an instant; done are the periods that have been.
func TestSeriesMissing(t *testing.T) {
	c, rules := seedtest.Calendar(t), seedtest.Rules(t)
	for _, row := range []struct {
		on, since, done, want string
		change                func(*campaign.Series)
		why                   string
	}{
		{on: "2026-11-23", since: "2026-11-20", want: "", why: "December is proposed on the 4th"},
		{on: "2026-12-04", since: "2026-11-20", want: "2026m12", why: "eight o'clock on the day"},
		{on: "2026-12-03", since: "2026-11-20", want: "", why: "the day before"},
		{on: "2026-12-04", since: "2026-11-20", done: "2026m12", want: "", why: "proposed or launched already"},
		{on: "2026-12-10", since: "2026-12-10", want: "2026m12", why: "laid down after the instant, the due still ahead"},
		{on: "2026-12-20", since: "2026-12-18", want: "", why: "laid down after the due"},
		{on: "2027-03-20", since: "2026-11-20", done: "2026m12", want: "2027m01 2027m02 2027m03", why: "everything stood still for three months"},
		{on: "2028-12-20", since: "2020-01-01", want: "2027m12 2028m01 2028m02 2028m03 2028m04 2028m05 2028m06 2028m07 2028m08 2028m09 2028m10 2028m11 2028m12", why: "at most a year is made up for"},
		{on: "2026-12-04", since: "2026-11-20", change: func(s *campaign.Series) { s.Active = false }, want: "", why: "not in force"},
		{on: "2028-02-29", since: "2028-02-01", change: func(s *campaign.Series) { s.Period, s.LeadDays = period.Quarter, 14 }, want: "2028q1", why: "14 days before 14 March of a leap year"},
		{on: "2027-02-28", since: "2027-02-01", change: func(s *campaign.Series) { s.Period, s.LeadDays = period.Quarter, 14 }, want: "2027q1", why: "14 days before 14 March of another"},
		{on: "2026-12-14", since: "2026-11-20", change: func(s *campaign.Series) { s.Period, s.LeadDays = period.Year, 0 }, want: "2026y", why: "on the window's last day"},
	} {
		s := monthly(t)
		s.Since = day(t, row.since).At(0)
		if row.change != nil {
			row.change(&s)
		}
		done := func(code string) bool { return slices.Contains(strings.Fields(row.done), code) }
		var got []string
		for _, one := range s.Missing(day(t, row.on).At(8*60), done, rules, c) {
			got = append(got, one.Period.Code())
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("on %s (%s): %v, want %q", row.on, row.why, got, row.want)
		}
	}
}

func TestSeriesInstants(t *testing.T) {
	c, rules := seedtest.Calendar(t), seedtest.Rules(t)
	s := monthly(t)
	at := s.Instants(12, day(t, "2026-11-23").At(500), rules, c)
	if len(at) != 12 || at[0] != day(t, "2026-12-04").At(480) || at[11] != day(t, "2027-11-04").At(480) {
		t.Errorf("%d instants, from %v", len(at), at)
	}
	s.Since = time.Time{}
	at = s.Instants(12, day(t, "2026-12-04").At(480), rules, calendar.New(nil))
	if len(at) != 15 || at[2] != day(t, "2026-12-04").At(480) || at[3] != day(t, "2027-01-04").At(480) {
		t.Errorf("an instant that has just come is not among %v", at)
	}
}

// A proposed campaign needs its guidance document (QD 1439 art. 3.6).
func TestProposedPlanNeedsGuidance(t *testing.T) {
	plan := whole(t)
	now := day(t, "2026-11-22").At(0)
	plan.Proposal = 7
	if broken := plan.Validate(calendar.New(nil), now); len(broken) != 1 || broken[0].Code != campaign.GuidanceMissing || broken[0].Field != "guidance" {
		t.Errorf("without a guidance document: %v", broken)
	}
	plan.Guidance = "6218/SNV-CCHC ngày 20/11/2026"
	if broken := plan.Validate(calendar.New(nil), now); broken != nil {
		t.Errorf("with a guidance document: %v", broken)
	}
}

// A series of plans asks for those of the year to come, so many days before it begins;
// asked late, units still have their working days (QĐ 1439 Đ9).
func TestSeriesOfPlans(t *testing.T) {
	c := calendar.New(nil)
	s := campaign.Series{Code: "ke-hoach", Name: "Kế hoạch CCHC", Form: "kh-cchc-nam", Plans: true, Period: period.Year, LeadDays: 60, Active: true, Added: []string{"STC"}}
	units := []staff.Unit{{Code: "STC", Group: "department"}}
	if broken := s.Validate(units); len(broken) > 0 {
		t.Fatal(broken)
	}
	monthly := s
	monthly.Period = period.Month
	if !monthly.Validate(units).Has(campaign.SeriesPlansYear) {
		t.Error("plans of a month are taken")
	}
	none := func(string) bool { return false }
	for _, row := range []struct {
		why, now string
		years    []string // proposed by then
		due      string   // of the first, its last day
	}{
		{"the day before 60 days ahead", "2026-11-01", nil, ""},
		{"60 days before the year", "2026-11-02", []string{"2027y"}, "2026-11-30"},
		{"three weeks late: 20 working days from the day of asking", "2026-11-23", []string{"2027y"}, "2026-12-21"},
		{"on the last day of the year before", "2026-12-31", []string{"2027y"}, "2027-01-28"},
		{"the year has begun and it was never in force before", "2027-01-05", nil, ""},
	} {
		now := day(t, row.now).At(9 * 60)
		s.Since = now
		var years []string
		for _, one := range s.Missing(now, none, nil, c) {
			years = append(years, one.Period.Code())
			if last := one.Due.LastDay(c); last != day(t, row.due) || one.Window.From != one.Period.From() || one.Window.To != one.Period.To() {
				t.Errorf("%s: %s is due %s, for %v", row.why, one.Period.Code(), last, one.Window)
			}
			if plan := s.Plan(one, 1, units, period.DefaultLadder(), campaign.DefaultConfirmLadder()); plan.Kind != document.Plan || len(plan.Units) != 1 {
				t.Errorf("%s: %+v", row.why, plan)
			}
		}
		if !slices.Equal(years, row.years) {
			t.Errorf("%s: %v, want %v", row.why, years, row.years)
		}
	}
	now := day(t, "2026-11-23").At(9 * 60)
	next := s.Next(3, now, nil, c)
	if len(next) != 3 || next[0].Period.Code() != "2027y" || next[1].ProposeAt != day(t, "2027-11-02").At(8*60) {
		t.Errorf("%+v", next)
	}
	if at := s.Instants(2, now, nil, c); len(at) != 2 || at[0] != day(t, "2027-11-02").At(8*60) {
		t.Errorf("%v", at)
	}
	s.Since = day(t, "2026-10-01").At(0)
	if late := s.Missing(day(t, "2027-01-05").At(0), none, nil, c); len(late) != 1 {
		t.Errorf("what came while everything stood still: %+v", late)
	}
}
