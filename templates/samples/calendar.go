package samples

import (
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/templates"
)

// calendarEditor are the pages on which officers edit the calendar.
func calendarEditor() []Sample {
	issued := calendar.Date(2026, 12, 10)
	swap := calendar.Swap(calendar.Mark{Name: "Hoán đổi dịp Tết Dương lịch", Certainty: calendar.Official, LegalNumber: "12445/TB-BNV", LegalDate: &issued}, calendar.Date(2026, 12, 16), calendar.Date(2026, 12, 19))
	list := templates.CalendarPage{
		Shell: officer(templates.TitleCalendar, templates.AtNowhere), Warning: templates.CalendarWarning([]int{2027}), Add: "/calendar/edit",
		Years:   []templates.Tab{{Label: "2026", URL: "/calendar?year=2026", Current: true}, {Label: "2027", URL: "/calendar?year=2027"}},
		Changes: []templates.CalendarLine{{What: templates.ChangeLines(calendar.Change{Put: swap}, calendar.Calendar{}), About: templates.CalendarEditAbout("Trần Quốc Bảo", calendar.Date(2026, 12, 11).At(600), templates.CalendarMoves{Campaigns: 1, Documents: 186, Tasks: 214})}},
	}
	for _, mark := range swap {
		row := templates.MarkRow(mark)
		row.URL = "/calendar/edit?date=" + mark.Date.String()
		list.Days = append(list.Days, row)
	}
	mark := templates.MarkPage{Shell: officer(templates.TitleMark, templates.AtNowhere), Key: key, Kinds: templates.MarkKinds(""), Certainties: templates.MarkCertainties(calendar.Official)}
	editing := mark
	editing.Shell = officer(templates.TitleMarkOf, templates.AtNowhere)
	editing.Editing, editing.Kinds, editing.From, editing.Work, editing.Name = "2026-12-16", templates.MarkKinds(templates.KindSwap), "16/12/2026", "19/12/2026", "Hoán đổi dịp Tết Dương lịch"
	editing.Removable = templates.RemovalText(calendar.Change{Remove: []calendar.Day{swap[0].Date, swap[1].Date}})
	broken := mark
	broken.From, broken.Errors = "30/02/2027", rule.Errors{{Code: "date_bad", Field: "from"}, {Code: calendar.NameMissing, Field: "name"}, {Code: calendar.LegalMissing, Field: "legal_number"}}
	preview := calendarPreview(swap)
	changed, still := preview, preview
	changed.Errors = rule.Broken("calendar_changed", "")
	still.Campaigns, still.Tasks, still.Proposals = nil, nil, nil
	still.Facts, still.Still = templates.PreviewFacts(templates.CalendarMoves{}, 2), append(still.Still, templates.StillText(quarterly, 188))
	together := mark
	together.Others, together.Carried = templates.ChangeLines(calendar.Change{Put: swap}, calendar.Calendar{}), []string{"kind=swap"}
	opened := together
	opened.Opened, opened.Name, opened.From = "kind=holiday", "Nghỉ thêm", "02/09/2027"
	return []Sample{
		{"mark-together", "campaigns/mark", together}, {"mark-opened", "campaigns/mark", opened},
		{"calendar-officer", "campaigns/calendar", list}, {"mark", "campaigns/mark", mark}, {"mark-editing", "campaigns/mark", editing},
		{"mark-broken", "campaigns/mark", broken}, {"calendar-preview", "campaigns/calendar-preview", preview},
		{"calendar-preview-changed", "campaigns/calendar-preview", changed}, {"calendar-preview-still", "campaigns/calendar-preview", still},
	}
}

func calendarPreview(swap []calendar.Mark) templates.CalendarPreviewPage {
	before := calendar.New(nil)
	after := before.With(calendar.Change{Put: swap})
	from, to, now := calendar.Date(2026, 12, 17).Start(), calendar.Date(2026, 12, 18).Start(), calendar.Date(2026, 12, 9).At(14*60)
	moves := templates.CampaignMoves{
		ID: "moves-bc-2026q4", Name: quarterly, URL: campaignURL, Due: templates.CampaignDueMove(from, to, true),
		Moves: []templates.DueMoves{
			{Text: templates.DueMoveText(184, from, to), Rows: []templates.Link{{Label: "Sở Tài chính", URL: "/documents/bc-2026q4-STC"}, {Label: "Ủy ban nhân dân phường Sài Gòn", URL: "/documents/bc-2026q4-26740"}}, More: 182},
			{Text: templates.DueMoveText(1, from.AddDate(0, 0, -1), from), Rows: []templates.Link{{Label: "Sở Y tế", URL: "/documents/bc-2026q4-SYT"}}},
		},
		Kept: templates.KeptLines(map[campaign.Kept]int{campaign.KeptExtended: 2, campaign.KeptHandedIn: 1}),
	}
	for _, move := range campaign.MovedRungs(period.DefaultLadder(), from, to, before, after, now) {
		moves.Rungs = append(moves.Rungs, templates.RungMoveOf(move, now))
	}
	return templates.CalendarPreviewPage{
		Shell: officer(templates.TitlePreview, templates.AtNowhere), Facts: templates.PreviewFacts(templates.CalendarMoves{Campaigns: 1, Documents: 185, Tasks: 214, Proposals: 1}, 2),
		Edits: []templates.CalendarEdit{
			templates.CalendarEditOf(0, calendar.Change{Put: swap}, before),
			templates.CalendarEditOf(1, calendar.Change{Put: []calendar.Mark{{Date: calendar.Date(2027, 6, 30), Kind: calendar.Holiday, Name: "Nghỉ thêm theo thông báo", Certainty: calendar.Expected}}}, after),
		},
		Campaigns: []templates.CampaignMoves{moves}, More: true,
		Tasks: []templates.DueMoves{{
			Text: templates.TaskMoveText(214, 188, calendar.Date(2027, 6, 30), calendar.Date(2027, 7, 1)), More: 213,
			Rows: []templates.Link{{Label: "Sở Tài chính: Rà soát văn bản quy phạm pháp luật về ngân sách", URL: "/documents/kh-2027y-STC/tracking/a"}},
		}},
		Proposals: []templates.Link{{Label: templates.ProposalMoveText("Báo cáo CCHC tháng 12 năm 2026", from, to), URL: "/proposals/7"}},
		Still:     []string{templates.StillText("Kế hoạch CCHC năm 2027", 188)}, Key: key,
		Hidden: []templates.HiddenField{{Name: "version", Value: "3"}, {Name: "kind", Value: templates.KindSwap}},
	}
}
