package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/templates"
	"cchc/templates/words"
)

const planBoardURL = "/campaigns/kh-2027y/tasks"

// cityTally is the tasks of a city's plans in July.
var cityTally = plan.Tally{plan.NotStarted: 61_204, plan.InProgress: 52_310, plan.Overdue: 9_871, plan.DoneInTime: 104_022, plan.DoneLate: 11_840, plan.Cancelled: 753}

func taskLink(status plan.Status) string { return planBoardURL + "?status=" + string(status) }

func planBoards() []Sample {
	const name = "Kế hoạch CCHC năm 2027"
	now := time.Date(2027, 7, 19, 8, 30, 0, 0, calendar.Zone)
	shell := officer(templates.TitlePlanBoard, templates.AtPlans)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitlePlans, URL: "/plans"}, {Label: name, URL: "/campaigns/kh-2027y"}, {Label: templates.TitlePlanBoard}}
	fields := []plan.Choice{{Code: "the-che", Name: "Cải cách thể chế"}, {Code: "thu-tuc", Name: "Cải cách thủ tục hành chính"}}
	page := templates.PlanBoardPage{
		Shell: shell, Facts: templates.PlanBoardFacts(3997, 4000, now), Back: templates.Link{Label: templates.BackToCampaign, URL: "/campaigns/kh-2027y"},
		Tabs:   planTabs(templates.PlanByTask),
		Shares: templates.TaskSharesOf(cityTally, plan.Overdue, taskLink), Heads: templates.TaskStatusHeads(),
		Filters: templates.PlanBoardFilters{
			URL: planBoardURL, Statuses: templates.TaskStatusOptions(plan.Overdue), Fields: templates.FieldOptions(fields, "the-che"),
			Months: templates.MonthOptions(2027, "none", ""), Groups: templates.GroupOptions("", map[string]int{"department": 1200, "ward": 238_800}, 240_000),
			Chips:    []templates.Chosen{{Label: "Trạng thái: Quá hạn", URL: planBoardURL}, {Label: "Lĩnh vực: Cải cách thể chế", URL: planBoardURL}},
			ClearURL: planBoardURL, Active: 2,
		},
		Heading: words.TaskCount(9871), Rows: planBoardRows(),
		Paging: templates.Paging{From: 1, To: 50, Total: 9871, Noun: templates.TaskNoun, NextURL: planBoardURL + "?page=2"},
		Take: templates.Takeaway{
			Excel: "/campaigns/kh-2027y/tasks.xlsx", Print: planBoardURL + "?all=1",
			Head: templates.TakenHead(templates.PlanBoardPrintTitle(name), "08:30 ngày 19/07/2027", "Phạm Đức Long", "Bộ lọc: quá hạn"),
		},
	}
	leads := page
	leads.Tabs, leads.Rows, leads.Heading, leads.Leads = planTabs(templates.PlanByLead), nil, templates.LeadsHeading(4000, false), planLeads()
	leads.Filters = templates.PlanBoardFilters{URL: planBoardURL, View: "leads", Named: true, Query: "tan", Sorts: templates.LeadSortOptions("late"), Groups: page.Filters.Groups, ClearURL: planBoardURL}
	leads.Paging.Noun = templates.LeadNoun
	months := page
	months.Tabs, months.Rows, months.Heading, months.Paging = planTabs(templates.PlanByMonth), nil, templates.PlanByMonth, templates.Paging{}
	months.Filters = templates.PlanBoardFilters{URL: planBoardURL, View: "months", Fields: page.Filters.Fields, ClearURL: planBoardURL}
	months.Months = planMonths(2027, 548)
	none := page
	none.Rows, none.Paging, none.Heading, none.Empty = nil, templates.Paging{}, words.TaskCount(0), templates.NoPlanTasks(planBoardURL)
	printed := months
	printed.Take = templates.Takeaway{Excel: page.Take.Excel, Back: planBoardURL, Head: page.Take.Head}
	own := unitPlanBoard(now, fields)
	years := templates.PlansPage{Shell: officer(templates.TitlePlans, templates.AtPlans), Rows: []templates.PlanCampaignRow{
		{Name: "Kế hoạch CCHC năm 2028", URL: "/campaigns/kh-2028y", Facts: templates.PlanLineFacts("2028y", 0, 4000), Done: templates.NoPlanLives},
		{
			Name: name, URL: planBoardURL, Facts: templates.PlanLineFacts("2027y", 3997, 4000), Done: templates.PlanDone(cityTally),
			Flags: []templates.Flag{templates.OverdueFlag(templates.LateFact(cityTally))}, Bars: templates.TaskBars(cityTally), Cells: templates.TaskCells(cityTally, taskLink),
		},
	}}
	noYears := templates.PlansPage{Shell: specialist(templates.TitlePlans, templates.AtPlans), Empty: templates.NoPlans()}
	return []Sample{
		{"plan-board", "plan/board", page}, {"plan-board-leads", "plan/board", leads}, {"plan-board-months", "plan/board", months},
		{"plan-board-none", "plan/board", none}, {"plan-board-print", "plan/board", printed}, {"plan-board-unit", "plan/board", own},
		{"plans", "plan/campaigns", years}, {"plans-none", "plan/campaigns", noYears},
	}
}

func planTabs(current string) []templates.Tab {
	tabs := []templates.Tab{
		{Label: templates.PlanByTask, URL: planBoardURL}, {Label: templates.PlanByLead, URL: planBoardURL + "?view=leads"}, {Label: templates.PlanByMonth, URL: planBoardURL + "?view=months"},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

func planBoardRows() []templates.PlanBoardRow {
	row := func(n int, unit string, status plan.Status, left, percent string) templates.PlanBoardRow {
		return templates.PlanBoardRow{
			TaskText: taskTexts()[n], Unit: unit, Field: "Cải cách thể chế", URL: trackedURL + "/x", Chip: templates.TaskChip(status), Left: left, Percent: percent,
		}
	}
	return []templates.PlanBoardRow{
		row(0, "Sở Tài chính", plan.Overdue, "Quá 3 ngày làm việc", "40 %"), row(1, "Phường Sài Gòn", plan.Overdue, "Quá 1 ngày làm việc", ""),
		row(2, "Xã Cần Giờ", plan.Overdue, "Quá 1 ngày làm việc", "80 %"),
	}
}

func planLeads() []templates.PlanLeadRow {
	lead := func(name string, t plan.Tally) templates.PlanLeadRow {
		return templates.PlanLeadRow{
			Name: name, URL: planBoardURL + "?lead=STC", Planned: words.Number(t.Planned()), Share: words.PlanShare(t),
			Bars: templates.TaskBars(t), Cells: templates.TaskCells(t, taskLink),
		}
	}
	return []templates.PlanLeadRow{
		lead("Sở Quy hoạch - Kiến trúc", plan.Tally{plan.NotStarted: 12, plan.InProgress: 9, plan.Overdue: 14, plan.DoneInTime: 21, plan.DoneLate: 4}),
		lead("Phường Tân Định", plan.Tally{plan.NotStarted: 20, plan.InProgress: 9, plan.DoneInTime: 31, plan.Cancelled: 1}),
	}
}

func planMonths(year, now int) *templates.PlanMonths {
	var tallies []plan.Tally
	for month := 1; month <= 12; month++ {
		tally := plan.Tally{plan.DoneInTime: 14_000 + 900*month, plan.DoneLate: 1700, plan.Overdue: 1400, plan.Cancelled: 60}
		if month > 6 {
			tally = plan.Tally{plan.DoneInTime: 1200, plan.InProgress: 7000 + 100*month, plan.NotStarted: 9000, plan.Cancelled: 40}
		}
		tallies = append(tallies, tally)
	}
	m := templates.Timeline(year, tallies, plan.Tally{plan.InProgress: 8100, plan.NotStarted: 900}, now)
	for i, tally := range tallies {
		m.Rows = append(m.Rows, templates.PlanMonthRow{
			Name: templates.MonthOfYear(year, i+1), URL: planBoardURL + "?month=2027-01", Planned: words.Number(tally.Planned()), Share: words.PlanShare(tally),
			Cells: templates.TaskCells(tally, taskLink), Now: i == 6,
		})
	}
	return &m
}

func unitPlanBoard(now time.Time, fields []plan.Choice) templates.PlanBoardPage {
	tally := plan.Tally{plan.InProgress: 2, plan.Overdue: 1, plan.DoneInTime: 3}
	shell := specialist(templates.UnitPlanBoard, templates.AtTasks)
	shell.Crumbs = []templates.Crumb{{Label: words.TitleTasks, URL: "/tasks"}, {Label: templates.UnitPlanBoard}}
	return templates.PlanBoardPage{
		Shell: shell, Facts: templates.UnitPlanFacts("Sở Tài chính", "Kế hoạch CCHC năm 2027", now), Back: templates.Link{Label: templates.TitleTracking, URL: trackedURL},
		Tabs: planTabs(templates.PlanByTask), Shares: templates.TaskSharesOf(tally, "", taskLink), Heads: templates.TaskStatusHeads(), Heading: words.TaskCount(6),
		Filters: templates.PlanBoardFilters{URL: planBoardURL, Statuses: templates.TaskStatusOptions(""), Fields: templates.FieldOptions(fields, ""), Months: templates.MonthOptions(2027, "none", ""), ClearURL: planBoardURL},
		Rows:    planBoardRows()[:1], Paging: templates.Paging{From: 1, To: 1, Total: 1, Noun: templates.TaskNoun},
		Take: templates.Takeaway{Excel: planBoardURL, Print: planBoardURL, Head: []string{"x"}},
	}
}
