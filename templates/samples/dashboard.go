package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/chart"
	"cchc/templates/words"
)

var viewerActor = staff.Actor{Person: 9, Positions: []staff.Position{{Unit: "VP", Role: staff.Viewer}}}

func leader(title string) templates.Shell {
	return templates.Shell{
		Title: title, User: &templates.User{Name: "Đặng Thu Hà", Position: "Lãnh đạo Thành phố", Username: "vp.hadt"},
		Menu: templates.MenuFor(viewerActor, templates.AtDashboard, 0), Bell: 4, Path: "/dashboard",
	}
}

func dashboards() []Sample {
	now := time.Date(2026, 12, 18, 8, 30, 12, 0, calendar.Zone)
	counts := []int{128, 21, 7, 30}
	link := func(class document.Punctuality) string { return campaignURL + "?class=" + string(class) }
	change, icon := templates.Against(-80, "quý III năm 2026")
	page := templates.DashboardPage{
		Shell: leader(templates.TitleDashboard), Facts: templates.DashboardFacts(quarterly, now, 186, 2), Board: campaignURL,
		Campaigns: []templates.Option{templates.CampaignChoice("bc-2026q4", quarterly, true), templates.CampaignChoice("bc-2026q3", "Báo cáo CCHC quý III năm 2026", false)},
		Tiles: []templates.StatTile{
			{Label: templates.TileInTime, Value: "80,1", Of: "%", Tenths: 801, Change: change, Icon: icon, Note: "149/186", URL: campaignURL + "?class=punctual"},
			{Label: templates.TileMissing, Value: "30", Of: "/ 186", Tenths: 161, Change: templates.Before("2/186", "quý III năm 2026"), Note: "27 đang quá hạn", Bad: true, URL: campaignURL + "?class=missing"},
			{Label: templates.TileReturned, Value: "13,4", Of: "%", Tenths: 134, Change: templates.NothingBefore, Note: "25/186", URL: campaignURL + "?flag=sent_back"},
			{Label: templates.TileApproved, Value: "101", Of: "/ 186", Tenths: 543, Change: templates.Before("184/186", "quý III năm 2026"), URL: campaignURL + "?status=approved"},
		},
		Classes: templates.ClassShare(counts, document.Shares(counts), link, templates.Beside(27, 25)),
		Desks:   []templates.DeskLoad{{Name: templates.DeskName(document.Drafting), Open: 24, Late: 20, Median: templates.HalfDays(12), Oldest: "18", URL: campaignURL}, {Name: templates.DeskName(document.AuthorityReview), Open: 46, Median: templates.HalfDays(2), Oldest: "3", URL: campaignURL + "?status=authority_review"}},
		Worst:   []templates.WorstUnit{{Name: "Xã Minh Thạnh", URL: "/dashboard/units/25777", Late: 3, Missing: 1, Returned: 2, Asked: 8}, {Name: "Sở Xây dựng", URL: "/dashboard/units/SXD", Late: 2, Asked: 8}},
		WorstOf: templates.WorstOver(8), Trend: templates.Trend{Heads: templates.ClassHeads()}, Heat: &templates.Heat{},
	}
	for kind, part := range map[string][]int{"department": {14, 3, 1, 2}, "ward": {80, 12, 4, 16}} {
		page.Groups = append(page.Groups, templates.GroupShare{Name: words.UnitGroup(kind), Asked: 112, Bars: templates.ClassBars(part), Cells: templates.ClassCells(part, document.Shares(part), link), InTime: "85,0 %", Late: part[3] - 2, URL: campaignURL + "?group=" + kind})
	}
	var labels []string
	inTime := []int{824, 840, 796, 712, 808, 851, 881, 801}
	p := fourth
	for range inTime {
		labels = append([]string{words.PeriodAxis(p)}, labels...)
		page.Trend.Rows = append(page.Trend.Rows, templates.TrendRow{Period: words.PeriodShort(p), URL: "/dashboard?campaign=x", Asked: 186, Cells: templates.ClassCells(counts, document.Shares(counts), link), Late: "25"})
		p = p.Previous()
	}
	lines := []chart.Series{{Name: templates.LineInTime, Values: inTime}, {Name: templates.LineClean, Values: []int{740, 752, 688, 600, 701, 760, 790, 688}}}
	page.Trend.Wide, page.Trend.Small = chart.Lines(560, 230, labels, lines...), chart.Lines(290, 190, labels, lines...)
	page.Trend.Spoken, page.Heat.Periods = templates.TrendSpoken(labels, inTime), labels
	for i, kind := range []string{"department", "ward", "commune", "special_zone"} {
		row := templates.HeatRow{Name: words.UnitGroup(kind)}
		for j, share := range inTime {
			if share += 150 - 90*i; i == 3 && j < 3 {
				share = chart.None
			}
			row.Cells = append(row.Cells, templates.HeatCell{Step: chart.Heat(min(share, 1000)), Text: templates.HeatText(min(share, 1000))})
		}
		page.Heat.Rows = append(page.Heat.Rows, row)
	}
	one := page
	one.Groups, one.Heat, one.Worst, one.Desks = nil, nil, nil, nil
	none := templates.DashboardPage{Shell: page.Shell, Empty: templates.NoDashboard()}
	unit := templates.UnitRecordPage{
		Shell: leader("Xã Minh Thạnh"), Facts: append([]string{words.UnitGroup("commune"), templates.UnitRecordFact}, templates.OutageStood([]calendar.Day{calendar.Date(2026, 12, 18)})...),
		Rows: []templates.UnitRecordRow{
			{URL: "/documents/a", Campaign: quarterly, Status: document.NotStarted, Class: words.Punctuality(document.Missing), Due: "24:00 16/12/2026", Flags: []templates.Flag{templates.OverdueFlag("Quá hạn 2 ngày làm việc")}},
			{URL: "/documents/b", Campaign: "Báo cáo CCHC quý III năm 2026", Status: document.IsApproved, Class: words.Punctuality(document.OnTimeReturned), Due: "24:00 16/09/2026", Signed: "15:20 ngày 15/09/2026", Returns: 1,
				Flags: []templates.Flag{templates.ExtendedFlag(words.ExtendedByOutage(time.Date(2026, 9, 17, 0, 0, 0, 0, calendar.Zone)))}},
		},
		Paging: templates.Paging{From: 1, To: 2, Total: 2, Noun: templates.DocumentNoun},
	}
	unit.Crumbs = []templates.Crumb{{Label: templates.TitleDashboard, URL: "/dashboard"}, {Label: unit.Title}}
	nothing := templates.UnitRecordPage{Shell: unit.Shell, Empty: templates.NoDocuments()}
	return []Sample{{"dashboard", "dashboard/show", page}, {"dashboard-one", "dashboard/show", one}, {"dashboard-none", "dashboard/show", none}, {"unit-record", "dashboard/unit", unit}, {"unit-record-none", "dashboard/unit", nothing}}
}
