package samples

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

var (
	fourth      = period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	marks       = []calendar.Mark{{Date: calendar.Date(2026, 11, 24), Kind: calendar.Holiday, Name: "Ngày Văn hóa Việt Nam", Certainty: "official"}, {Date: calendar.Date(2027, 2, 5), Kind: calendar.Holiday, Name: "Tết Âm lịch", Certainty: "expected"}, {Date: calendar.Date(2026, 8, 22), Kind: calendar.SwappedWork, Name: "Làm bù", Certainty: "official"}}
	working     = calendar.New(marks)
	spread      = map[document.Status]int{document.NotStarted: 4, document.InDrafting: 11, document.InDivisionReview: 8, document.InSigning: 7, document.InAuthorityReview: 46, document.Returned: 9, document.IsApproved: 101, document.IsExempt: 2}
	campaignURL = "/campaigns/bc-2026q4"
)

func statusURL(s document.Status) string { return campaignURL + "?status=" + string(s) }

// quarters is the rule that comes with the software.
var quarters = period.Rule{
	ID: 2, Kind: period.Quarter, ValidFrom: calendar.Date(2019, 3, 12), MonthsBefore: 1, FromDay: 15, ToDay: 14,
	WorkingDays: 2, Cutoff: period.MidnightCutoff, Shift: period.ShiftNone,
	WindowSource: "Nghị định 09/2019/NĐ-CP Điều 12.2", WindowCertainty: period.CertaintyOfficial,
	DueSource: "Nghị định 09/2019/NĐ-CP Điều 8.5b: ít nhất 1 ngày làm việc", DueCertainty: period.CertaintyUnverified,
}

func window() period.Window { return quarters.Window(fourth) }

func whyDue() *templates.Why {
	due, steps := quarters.Suggest(fourth, window(), working)
	return &templates.Why{Steps: words.Explain(steps), Days: templates.DueDays(window(), due.LastDay(working), working)}
}

func campaigns() []Sample {
	shell := officer(templates.TitleCampaigns, templates.AtCampaigns)
	list := templates.CampaignsPage{
		Shell: shell, Launch: true, Open: proposed(),
		Filters: templates.CampaignFilters{Years: templates.CampaignYears("", []int{2026, 2027}), States: templates.CampaignStates("")},
		Rows: []templates.CampaignRow{
			{URL: campaignURL, Name: quarterly, Facts: templates.CampaignFacts("report", "2026q4", window()), Due: "Quá 1 ngày làm việc, hạn 24:00 thứ Tư 16/12/2026.", Late: true,
				Flags: []templates.Flag{templates.OverdueCount(27)}, Funnel: templates.StatusFunnel(spread, "", statusURL), Done: templates.DoneOf(103, 188)},
			{URL: "/campaigns/bc-2026q3", Name: "Báo cáo CCHC quý III năm 2026", Facts: templates.CampaignFacts("report", "2026q3", window()), Due: templates.CampaignDone,
				Funnel: templates.StatusFunnel(map[document.Status]int{document.IsApproved: 186, document.IsExempt: 2}, "", statusURL), Done: templates.DoneOf(188, 188)},
		},
		Paging: templates.Paging{From: 1, To: 2, Total: 2, Noun: templates.CampaignNoun},
	}
	none := templates.CampaignsPage{Shell: specialist(templates.TitleCampaigns, templates.AtCampaigns), Filters: list.Filters, Empty: templates.NoCampaigns(true, false)}
	none.Filters.Active = 1
	city := templates.CityPlanPage{
		Shell: officer(templates.TitleCityPlan, templates.AtCampaigns), URL: "/campaigns/kh-2027y/city-plan", Back: "/campaigns/kh-2027y",
		Campaign: "Kế hoạch CCHC năm 2027", Units: "/campaigns/kh-2027y/units",
	}
	city.Errors = rule.Broken(campaign.CityNoReason, "reason")
	named := city
	named.Errors, named.Named, named.Unit, named.Plan = rule.Broken(campaign.CityInUse, "", "12"), true, "Sở Nội vụ", "/documents/kh-2027y-SNV"
	broken := launch()
	broken.Errors = rule.Errors{{Code: campaign.NameBad, Field: "name", Args: []any{300}}, {Code: campaign.DueTooEarly, Field: "due_day", Args: []any{"2026-12-14"}}, {Code: "ladder_recipient_missing", Field: "ladder.1"}, {Code: campaign.UnitsMissing, Field: "units"}}
	broken.Draft.Name, broken.Draft.DueDay = "", "14/12/2026"
	broken.Draft.Rungs[1].Problem = words.Message(broken.Errors[2])
	late := templates.LateUnitsNote(calendar.Date(2026, 12, 17).Start())
	units := templates.UnitsPage{Shell: shellUnder(templates.TitleAddUnits), Key: key, URL: campaignURL + "/units", Groups: roster(false)[:1], Note: late}
	full := templates.UnitsPage{Shell: shellUnder(templates.TitleAddUnits), Key: key, URL: units.URL, Empty: templates.AllInRoster(campaignURL)}
	days := templates.CalendarPage{Shell: shellUnder(templates.TitleCalendar), Years: []templates.Tab{{Label: "2026", URL: "/calendar?year=2026", Current: true}, {Label: "2027", URL: "/calendar?year=2027"}}}
	for _, mark := range marks {
		days.Days = append(days.Days, templates.MarkRow(mark))
	}
	empty := templates.CalendarPage{Shell: shellUnder(templates.TitleCalendar), Empty: templates.NoMarks()}
	return []Sample{
		{"campaigns", "campaigns/list", list}, {"campaigns-none", "campaigns/list", none},
		{"launch", "campaigns/launch", launch()}, {"launch-errors", "campaigns/launch", broken}, {"launch-review", "campaigns/review", launchReview()},
		{"ad-hoc", "campaigns/ad-hoc", adHoc(false)}, {"ad-hoc-errors", "campaigns/ad-hoc", adHoc(true)},
		{"campaign-units", "campaigns/units", units}, {"campaign-units-full", "campaigns/units", full},
		{"city-plan", "campaigns/city-plan", city}, {"city-plan-named", "campaigns/city-plan", named},
		{"calendar", "campaigns/calendar", days}, {"calendar-empty", "campaigns/calendar", empty},
	}
}

const key = "1f0a7f0c-3f3a-4a55-9df4-0a4a35a0c001"

func shellUnder(title string) templates.Shell {
	shell := officer(title, templates.AtCampaigns)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: title}}
	return shell
}

func launch() templates.LaunchPage {
	page := templates.LaunchPage{
		Shell: shellUnder(templates.TitleLaunch), Key: key, Groups: roster(true), Why: whyDue(),
		Forms:   []templates.Option{templates.FormOption("bc-cchc-quy.1", "Báo cáo CCHC quý", 1, "bc-cchc-quy.1")},
		Periods: templates.PeriodOptions(campaign.Periods(calendar.Date(2026, 11, 22)), "2026q4"), Shifts: templates.ShiftOptions("none"),
		Draft: templates.LaunchDraft{Form: "bc-cchc-quy.1", Period: "2026q4", Code: "bc-2026q4", Name: quarterly, Guidance: "6218/SNV-CCHC ngày 20/11/2026",
			WindowFrom: "15/09/2026", WindowTo: "14/12/2026", DueDay: "17/12/2026", Cutoff: "24:00", ConfirmDays: "2", ResubmDays: "3"},
	}
	for i, rung := range append(period.DefaultLadder(), period.Rung{}) {
		row := templates.RungRow{Index: i, ID: fmt.Sprintf("ladder-%d", i), To: templates.RungRecipients(rung.To), Repeat: rung.Repeat}
		switch {
		case len(rung.To) == 0:
			row.Whens = templates.RungWhens(templates.RungOff)
		case rung.WorkingDays < 0:
			row.Whens, row.Days = templates.RungWhens(templates.RungBefore), fmt.Sprint(-rung.WorkingDays)
		case rung.WorkingDays > 0:
			row.Whens, row.Days = templates.RungWhens(templates.RungAfter), fmt.Sprint(rung.WorkingDays)
		default:
			row.Whens = templates.RungWhens(templates.RungAtDue)
		}
		page.Draft.Rungs = append(page.Draft.Rungs, row)
	}
	return page
}

func roster(checked bool) []templates.RosterGroup {
	groups := []templates.RosterGroup{
		{Name: "Sở, ban, ngành", Units: []templates.RosterUnit{{Code: "STC", Name: "Sở Tài chính"}, {Code: "SYT", Name: "Sở Y tế"}, {Code: "SQHKT", Name: "Sở Quy hoạch - Kiến trúc"}}},
		{Name: "Phường", Units: []templates.RosterUnit{{Code: "25747", Name: "Phường Thủ Dầu Một"}, {Code: "26527", Name: "Phường Chánh Phú Hòa"}}},
	}
	for g := range groups {
		for u := range groups[g].Units {
			groups[g].Units[u].Checked = checked
		}
		if checked {
			groups[g].Chosen = len(groups[g].Units)
		}
	}
	return groups
}

func launchReview() templates.LaunchReviewPage {
	due, _ := quarters.Suggest(fourth, window(), working)
	plan := campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: quarterly, Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4", Window: window(), Due: due,
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, Guidance: "6218/SNV-CCHC ngày 20/11/2026", Units: []string{"STC", "SYT"},
	}
	held := campaign.Staffing{{Unit: "STC", Role: staff.Specialist}: {1}, {Unit: "STC", Role: staff.DivisionHead}: {2}, {Unit: "STC", Role: staff.Director}: {3}, {Unit: "SNV", Role: staff.AuthorityHead}: {4}}
	simulated := plan.Simulate(held, "SNV", working, time.Date(2026, 11, 23, 8, 15, 0, 0, calendar.Zone))
	explained := due.Explain(working)
	page := templates.LaunchReviewPage{
		Shell: shellUnder(templates.TitleReview), Key: key, PostURL: "/campaigns", EditURL: "/campaigns/new", Facts: templates.LaunchFacts(plan, "Báo cáo CCHC quý, phiên bản 1"), Units: 188, Button: templates.LaunchButton(188),
		Hidden: []templates.HiddenField{{Name: "code", Value: "bc-2026q4"}, {Name: "unit", Value: "STC"}},
		Due: templates.DueLine{Sentence: words.DueBefore(due.Day, explained.LastInstant, time.Date(2026, 11, 23, 8, 15, 0, 0, calendar.Zone), working),
			Why: &templates.Why{Steps: words.Explain(explained.Steps), Days: templates.DueDays(window(), explained.LastDay, working)}},
		Groups:  []templates.GroupCount{{Name: "Sở, ban, ngành", Chosen: 20, All: 20}, {Name: "Phường", Chosen: 113, All: 113}, {Name: "Xã", Chosen: 54, All: 54}, {Name: "Đặc khu", Chosen: 1, All: 1}},
		Sends:   templates.SendRows(simulated),
		Summary: templates.SimulationSummary(simulated), Ahead: templates.SimulationAhead(simulated), Unmanned: 1,
		Notes: []templates.Note{templates.UnstaffedNote(1), templates.SamePeriodNote("bc-2026q4")},
	}
	for _, desk := range simulated.Unstaffed {
		page.Unstaffed = append(page.Unstaffed, templates.UnstaffedDesk(desk.Role, "Sở Y tế"))
	}
	return page
}
