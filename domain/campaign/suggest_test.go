package campaign_test

import (
	"slices"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/migrations/seedtest"
)

func day(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNextPeriod(t *testing.T) {
	c, rules := calendar.New(nil), seedtest.Rules(t)
	for _, row := range []struct {
		kind            period.Kind
		on, taken, want string
		why             string
	}{
		{period.Quarter, "2026-11-22", "", "2026q4", "the window of ND 09/2019 art. 12.2 still runs"},
		{period.Quarter, "2026-12-15", "", "2026q4", "the window is over, the due still ahead"},
		{period.Quarter, "2026-12-31", "", "2027q1", "the suggested due has passed"},
		{period.Quarter, "2026-11-22", "2026q4", "2027q1", "it has a campaign already"},
		{period.Quarter, "2026-03-10", "", "2026q1", "first quarter"},
		{period.Month, "2026-11-22", "", "2026m12", "November's due was on the 18th"},
		{period.Month, "2026-11-17", "", "2026m11", "the last day of November's due"},
		{period.HalfYear, "2026-06-20", "", "2026h2", "the first half's due has passed, its end has not"},
		{period.NineMonths, "2026-11-22", "", "2027n9", "those of the year are over"},
		{period.Year, "2026-11-22", "2026y", "2027y", "the year has a campaign"},
	} {
		got := campaign.NextPeriod(row.kind, day(t, row.on).At(600), func(code string) bool { return code == row.taken }, rules, c)
		if got.Code() != row.want {
			t.Errorf("on %s: %s, want %s: %s", row.on, got.Code(), row.want, row.why)
		}
	}
	everything := func(string) bool { return true }
	if got := campaign.NextPeriod(period.Quarter, day(t, "2026-11-22").At(0), everything, rules, c); got.Kind != period.Quarter || got.Year < 2030 {
		t.Errorf("with every period taken: %s", got.Code())
	}
}

// Every kind is offered, the present period of it too.
func TestPeriodsOfEveryKind(t *testing.T) {
	today := day(t, "2026-11-22")
	offered := campaign.Periods(today)
	for _, kind := range period.Kinds {
		if now := period.Of(kind, today); !slices.Contains(offered, now) || !slices.Contains(offered, now.Previous()) || !slices.Contains(offered, now.Next()) {
			t.Errorf("%s, or the one before or after, is not offered: %v", now.Code(), period.Codes(offered))
		}
	}
}

// A campaign remembers the rule that its due follows from.
func TestDueRule(t *testing.T) {
	c, rules := calendar.New(nil), seedtest.Rules(t)
	for _, row := range []struct {
		change func(*campaign.Plan)
		want   int64
		why    string
	}{
		{func(*campaign.Plan) {}, 2, "as suggested"},
		{func(p *campaign.Plan) { p.Due.Day++ }, 0, "another day"},
		{func(p *campaign.Plan) { p.Due.Cutoff = 17 * 60 }, 0, "another hour"},
		{func(p *campaign.Plan) { p.Due.Inclusive = true }, 0, "the day included"},
		{func(p *campaign.Plan) { p.Window.To++ }, 0, "the window is longer, the due is not"},
		{func(p *campaign.Plan) { p.Window.To, p.Due.Day = p.Window.To+1, p.Due.Day+1 }, 2, "both are a day later"},
		{func(p *campaign.Plan) { p.Period = "" }, 0, "no period"},
	} {
		plan := whole(t)
		row.change(&plan)
		if got := plan.DueRule(rules, c); got != row.want {
			t.Errorf("%s: rule %d, want %d", row.why, got, row.want)
		}
	}
}

func TestPeriodsAreValidAndOnce(t *testing.T) {
	for month := range 24 {
		seen := map[string]bool{}
		for _, p := range campaign.Periods(calendar.Date(2026, 1, 15).Add(month * 30)) {
			if !p.Valid() || seen[p.Code()] {
				t.Errorf("%s is offered twice or does not exist", p.Code())
			}
			seen[p.Code()] = true
		}
	}
}

func TestSuggestCode(t *testing.T) {
	q4 := period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	taken := map[string]bool{"bc-2026q4": true, "bc-2026q4-2": true}
	if got := campaign.SuggestCode(document.Report, q4, func(code string) bool { return taken[code] }); got != "bc-2026q4-3" {
		t.Errorf("suggests %s", got)
	}
	for _, kind := range document.Kinds {
		plan := whole(t)
		plan.Code = campaign.SuggestCode(kind, q4, func(string) bool { return false })
		if broken := plan.Validate(calendar.New(nil), day(t, "2026-11-22").At(0)); broken.Has(campaign.CodeBad) {
			t.Errorf("the suggested code %s is refused", plan.Code)
		}
	}
}

func TestNameRungs(t *testing.T) {
	ladder := period.Ladder{
		{Code: "before_5", WorkingDays: -7, To: []string{period.ToHolder}},
		{WorkingDays: -5, To: []string{period.ToHolder}},
		{WorkingDays: 0, To: []string{period.ToDirector}},
		{WorkingDays: 2, To: []string{period.ToDirector}},
		{WorkingDays: 2, To: []string{period.ToAuthorityHead}},
		{WorkingDays: 1, Repeat: true, To: []string{period.ToHolder}},
		{WorkingDays: 2, Repeat: true, To: []string{period.ToHolder}},
	}
	want := []string{"before_7", "before_5", "due", "after_2", "after_2_2", "nudge", "daily_2"}
	named := campaign.NameRungs(ladder)
	for i, rung := range named {
		if rung.Code != want[i] {
			t.Errorf("rung %d is called %s, want %s", i, rung.Code, want[i])
		}
	}
	if broken := named.Validate(); broken != nil {
		t.Errorf("the named ladder: %v", broken)
	}
	if ladder[0].Code != "before_5" {
		t.Error("the ladder given was changed")
	}
	for i, rung := range campaign.NameRungs(period.DefaultLadder()) {
		if rung.Code != period.DefaultLadder()[i].Code {
			t.Errorf("a rung of the default ladder is renamed to %s", rung.Code)
		}
	}
}

func whole(t *testing.T) campaign.Plan {
	t.Helper()
	return campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: "Q4", Form: "f", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: day(t, "2026-09-15"), To: day(t, "2026-12-14")},
		Due:    period.Due{Day: day(t, "2026-12-17"), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC", "SYT"},
	}
}

func TestAWholePlanIsInOrder(t *testing.T) {
	plan := whole(t)
	now := day(t, "2026-11-22").At(0)
	if broken := plan.Validate(calendar.New(nil), now); broken != nil {
		t.Fatal(broken)
	}
	plan.Code = "new"
	if !plan.Validate(calendar.New(nil), now).Has(campaign.CodeBad) {
		t.Error("a campaign may be called like the page that launches it")
	}
}

func TestSimulate(t *testing.T) {
	held := campaign.Staffing{
		{Unit: "STC", Role: staff.Specialist}:    {1, 2},
		{Unit: "STC", Role: staff.FocalOfficer}:  {2}, // also a specialist: told once
		{Unit: "STC", Role: staff.DivisionHead}:  {3},
		{Unit: "STC", Role: staff.Director}:      {4},
		{Unit: "SNV", Role: staff.Officer}:       {5, 6},
		{Unit: "SNV", Role: staff.AuthorityHead}: {7},
		{Unit: "SXD", Role: staff.Specialist}:    {8}, // not in the roster
	}
	s := whole(t).Simulate(held, "SNV", calendar.New(nil), day(t, "2026-11-22").At(600))
	if s.Units != 2 || s.Reached != 1 || s.Launch != 2 {
		t.Errorf("%d units, %d reached, %d told at the launch", s.Units, s.Reached, s.Launch)
	}
	// Five and one day before and at the due: two specialists each.
	if s.UntilDue != 2+3*2 {
		t.Errorf("%d notices until the due, want 8", s.UntilDue)
	}
	// Thirty nudges for two specialists; the director; head and two officers, for each of two units.
	if want := period.MaxNudges*2 + 1 + 2*(1+2); s.AfterDue != want {
		t.Errorf("%d notices after the due, want %d", s.AfterDue, want)
	}
	if len(s.Rungs) != len(period.DefaultLadder()) {
		t.Errorf("%d rungs", len(s.Rungs))
	}
	total := s.Launch
	for i, one := range s.Rungs {
		total += one.Times * one.Each
		if i > 0 && one.First.Before(s.Rungs[i-1].First) {
			t.Errorf("rung %s stands out of order", one.Rung.Code)
		}
	}
	if total != s.UntilDue+s.AfterDue {
		t.Errorf("the rungs sum to %d, the whole to %d", total, s.UntilDue+s.AfterDue)
	}
	if len(s.Unstaffed) != 3 || s.Unstaffed[0] != (staff.Position{Unit: "SYT", Role: staff.Specialist}) {
		t.Errorf("desks without a holder: %v", s.Unstaffed)
	}
}

// What is past at the launch is not sent.
func TestSimulateALateLaunch(t *testing.T) {
	held := campaign.Staffing{{Unit: "STC", Role: staff.Specialist}: {1}}
	s := whole(t).Simulate(held, "SNV", calendar.New(nil), day(t, "2026-12-16").At(600))
	for _, one := range s.Rungs {
		if one.Rung.WorkingDays < 0 {
			t.Errorf("rung %s would be sent", one.Rung.Code)
		}
	}
}

func TestPlansAreAskedForByYear(t *testing.T) {
	none := func(string) bool { return false }
	has := func(codes ...string) func(string) bool {
		return func(code string) bool { return slices.Contains(codes, code) }
	}
	for _, row := range []struct {
		today string
		taken func(string) bool
		want  string
		why   string
	}{
		{"2026-01-05", none, "2026y", "a plan of the year that has begun"},
		{"2026-06-30", none, "2026y", "the last day on which this year is meant"},
		{"2026-07-01", none, "2027y", "from July on the next year"},
		{"2026-12-31", has("2027y"), "2028y", "the next year has its plans"},
		{"2026-02-01", has("2026y"), "2027y", "so has this one"},
	} {
		if got := campaign.NextPlanYear(day(t, row.today), row.taken).Code(); got != row.want {
			t.Errorf("on %s (%s): %s, want %s", row.today, row.why, got, row.want)
		}
	}
	if got := campaign.PlanYears(day(t, "2026-11-23")); len(got) != 3 || got[0].Code() != "2026y" || got[2].Code() != "2028y" {
		t.Errorf("years: %v", got)
	}
}

func TestTheIndexIsOfAYearThatEnds(t *testing.T) {
	for _, row := range []struct{ today, taken, want, why string }{
		{"2027-01-05", "", "2026y", "the year that has just ended"},
		{"2027-06-30", "", "2026y", "the last day on which it is meant"},
		{"2027-07-01", "", "2027y", "from July on this year"},
		{"2027-01-05", "2026y", "2027y", "the last one has been asked for"},
		{"2026-11-23", "", "2026y", "before its end"},
	} {
		if got := campaign.NextIndexYear(day(t, row.today), func(code string) bool { return code == row.taken }).Code(); got != row.want {
			t.Errorf("on %s (%s): %s, want %s", row.today, row.why, got, row.want)
		}
	}
	if got := campaign.IndexYears(day(t, "2027-01-05")); len(got) != 2 || got[0].Code() != "2027y" || got[1].Code() != "2026y" {
		t.Errorf("years: %v", got)
	}
}

func TestSuggestPlan(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct{ today, lastDay, source string }{
		{"2026-11-23", "2026-12-22", "20 working days, without Culture Day (NQ 28/2026/QH16)"},
		{"2027-01-20", "2027-02-24", "across Tet 2027 and its days in lieu (BLLD art. 111.3)"},
		{"2026-08-10", "2026-09-09", "with the swapped Saturday 22/8, without 31/8 to 2/9/2026"},
	} {
		window, due, steps := campaign.SuggestPlan(period.Period{Kind: period.Year, Year: 2027, Number: 1}, day(t, row.today), c)
		if got := due.LastDay(c).String(); got != row.lastDay {
			t.Errorf("asked on %s (%s): last day %s, want %s", row.today, row.source, got, row.lastDay)
		}
		if window.From.String() != "2027-01-01" || window.To.String() != "2027-12-31" || len(steps) != 2 {
			t.Errorf("window %v, steps %v", window, steps)
		}
	}
}

// A plan is due before the year for which it plans begins: no data is closed.
func TestPlansAreLaunched(t *testing.T) {
	c, now := seedtest.Calendar(t), day(t, "2026-11-23").At(600)
	year := period.Period{Kind: period.Year, Year: 2027, Number: 1}
	window, due, _ := campaign.SuggestPlan(year, calendar.DayOf(now), c)
	p := campaign.Plan{
		Code: "kh-2027y", Kind: document.Plan, Name: "Kế hoạch", Form: "kh-cchc-nam", FormVersion: 1, Period: year.Code(),
		Window: window, Due: due, Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	}
	if broken := p.Validate(c, now); broken != nil {
		t.Errorf("a plan: %v", broken)
	}
	p.Period = "2027q1"
	if broken := p.Validate(c, now); !broken.Has(campaign.PlanNotYear) {
		t.Errorf("a plan of a quarter: %v", broken)
	}
	p.Kind = document.Report
	if broken := p.Validate(c, now); !broken.Has(campaign.DueTooEarly) {
		t.Errorf("a report due before its data is closed: %v", broken)
	}
}
