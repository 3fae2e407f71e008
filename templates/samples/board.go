package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

func boards() []Sample {
	now := time.Date(2026, 12, 18, 8, 30, 0, 0, calendar.Zone)
	last := calendar.Date(2026, 12, 17).Start()
	late := templates.OverdueFlag(words.Overdue(last, now, working))
	shell := officer(quarterly, templates.AtCampaigns)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: quarterly}}
	page := templates.BoardPage{
		Shell: shell, Facts: append(templates.CampaignFacts("2026q4", window()), "Cập nhật 08:30"),
		Due:    templates.DueLine{Tone: "late", Sentence: words.Due(last, now, working), Why: whyDue()},
		Funnel: templates.StatusFunnel(spread, "", statusURL), Sum: "188/188", Roster: templates.RosterSentence,
		Desks:   []templates.DeskLoad{{Name: words.Role(staff.Specialist), Open: 24, Median: templates.HalfDays(12)}, {Name: words.Role(staff.Director), Open: 7, Median: templates.HalfDays(5)}},
		Filters: &templates.BoardFilters{URL: campaignURL, Groups: templates.GroupOptions("", map[string]int{"department": 20, "ward": 113, "commune": 54, "special_zone": 1}, 188), Statuses: templates.StatusOptions(""), Flags: templates.FlagOptions("overdue"), Sorts: templates.SortOptions("held"), Active: 1, Pills: []templates.Pill{templates.OverduePill(27, campaignURL+"?flag=overdue", true), templates.ExtendedPill(3, campaignURL+"?flag=extended", false)}},
		Heading: templates.BoardTitle(30, "", "overdue"),
		Rows: []templates.BoardRow{
			{URL: "/documents/a", Unit: "Xã Minh Thạnh", Status: document.NotStarted, Holder: templates.NobodyHolds, Role: words.Role(staff.Specialist), Vacant: true, Since: "23/11/2026", Held: "18", Due: words.InstantShort(last), Flags: []templates.Flag{late}},
			{URL: "/documents/b", Unit: "Sở Quy hoạch - Kiến trúc", Status: document.InDrafting, Holder: templates.HolderNames([]string{"Đinh Hoài An", "Lâm Quốc Việt", "Trần Thị Bé"}), Role: words.Role(staff.Specialist), Since: "02/12/2026", Held: "12", Due: words.InstantShort(last), Flags: []templates.Flag{late}, Revision: 1},
			{URL: "/documents/c", Unit: "Thanh tra Thành phố", Status: document.InSigning, Holder: "Nguyễn Hữu Phước", Role: words.Role(staff.Director), Since: "15/12/2026", Held: "3", Due: "24:00 21/12/2026", Flags: []templates.Flag{templates.ExtendedFlag("Gia hạn đến 21/12")}, Revision: 2, Pending: "Đã ghi nhận lúc 08:29, đang xử lý"},
			{URL: "/documents/d", Unit: "Đặc khu Côn Đảo", Status: document.IsApproved, Holder: templates.NobodyIsAsked, Since: "16/12/2026", Due: words.InstantShort(last), Revision: 1},
		},
		Paging: templates.Paging{From: 1, To: 4, Total: 30, NextURL: campaignURL + "?page=2", Noun: templates.UnitNoun},
		Remind: &templates.RemindForm{URL: campaignURL + "/remind", Key: key, Label: templates.RemindLabel(27, true), Hidden: []templates.HiddenField{{Name: "flag", Value: "overdue"}}}, AddUnits: campaignURL + "/units",
		Print: templates.PrintedBy("08:30 ngày 18/12/2026", "Phạm Đức Long"),
	}
	for _, rung := range period.DefaultLadder() {
		page.Ladder = append(page.Ladder, words.Rung(rung))
	}
	starting := page
	starting.Starting, starting.Rows, starting.Empty = templates.StartingNote(40, 188), nil, templates.NoRows(campaignURL)
	starting.Flash = &templates.Flash{}
	*starting.Flash = templates.LaunchedFlash(188)
	own := templates.BoardPage{
		Shell: specialist(quarterly, templates.AtCampaigns), Facts: page.Facts, Due: page.Due, Roster: templates.OwnUnitSentence, Sum: "1/1",
		Funnel: templates.StatusFunnel(map[document.Status]int{document.InDrafting: 1}, "", statusURL), Heading: templates.BoardTitle(1, "", ""), Rows: page.Rows[1:2],
		Paging: templates.Paging{From: 1, To: 1, Total: 1, Noun: templates.UnitNoun},
	}
	return []Sample{{"board", "campaigns/board", page}, {"board-starting", "campaigns/board", starting}, {"board-own", "campaigns/board", own}}
}
