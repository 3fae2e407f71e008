package samples

import (
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

func overdues() []Sample {
	now := time.Date(2026, 12, 18, 8, 30, 0, 0, calendar.Zone)
	last := words.InstantShort(calendar.Date(2026, 12, 17).Start())
	page := templates.OverduePage{
		Shell: shellUnder(templates.TitleOverdue), Facts: []string{quarterly, templates.OverdueHeading(27), templates.UpdatedAt(now)}, Heading: templates.OverdueHeading(27),
		Filters: &templates.OverdueFilters{URL: campaignURL + "/overdue", Groups: templates.GroupOptions("", map[string]int{"department": 20, "ward": 168}, 188), Statuses: templates.StatusOptions(""), Noted: templates.NotedOptions("no"), Active: 1},
		Rows: []templates.OverdueRow{
			{URL: "/documents/a", Unit: "Xã Minh Thạnh", Desk: templates.DeskName(document.Drafting), Holder: templates.NobodyHolds, Vacant: true, Due: last, Over: "2", Cause: words.Cause(document.CauseVacant, 18, 0), Write: "/documents/a/cause"},
			{URL: "/documents/b", Unit: "Sở Quy hoạch - Kiến trúc", Desk: templates.DeskName(document.Signing), Holder: "Nguyễn Hữu Phước", Due: last, Over: "2", Cause: words.Cause(document.CauseSignature, 3, 0), Note: "Giám đốc đi công tác, ký khi về ngày 19/12", NoteBy: templates.NotedBy("Lâm Quốc Việt", "Chuyên viên, Sở Quy hoạch - Kiến trúc", now.Add(-time.Hour), now), Write: "/documents/b/cause"},
		},
		Paging: templates.Paging{From: 1, To: 2, Total: 27, Noun: templates.UnitNoun, NextURL: campaignURL + "/overdue?page=2"},
		Remind: templates.RemindLink(27, true, campaignURL+"/remind?flag=overdue"),
		Take:   templates.Takeaway{Excel: campaignURL + "/overdue.xlsx", Print: campaignURL + "/overdue?all=1", Head: templates.TakenHead(templates.OverduePrintTitle(quarterly), "08:30 ngày 18/12/2026", "Phạm Đức Long", templates.Narrowed("", "", "", "", "overdue", "due"))},
	}
	none := page
	none.Rows, none.Filters, none.Remind, none.Empty = nil, nil, nil, templates.NothingOverdue(campaignURL+"/overdue", campaignURL, false)
	cause := templates.CausePage{
		Shell: shellUnder(templates.TitleCause), Key: key, URL: "/documents/b/cause", Back: "/documents/b", Max: 300,
		Due: templates.DueLine{Tone: "late", Icon: "exclamation-octagon-fill", Sentence: words.Due(calendar.Date(2026, 12, 17).Start(), now, working)}, Derived: page.Rows[1].Cause,
		Notes: []templates.CauseNote{{Text: page.Rows[1].Note, By: "Lâm Quốc Việt", Role: "Chuyên viên, Sở Quy hoạch - Kiến trúc", At: now.Add(-time.Hour)}},
	}
	broken := cause
	broken.Errors = rule.Broken("cause_missing", "cause")
	closed := cause
	closed.Closed = true
	return []Sample{{"overdue", "campaigns/overdue", page}, {"overdue-none", "campaigns/overdue", none}, {"cause", "document/cause", cause}, {"cause-broken", "document/cause", broken}, {"cause-closed", "document/cause", closed}}
}

func reminders() []Sample {
	rows := []templates.RemindRow{{URL: "/documents/b", Unit: "Sở Quy hoạch - Kiến trúc", Desk: words.Role(staff.Director), Holder: "Nguyễn Hữu Phước", Due: "24:00 16/12/2026"}}
	page := templates.RemindPage{Shell: shellUnder(templates.TitleRemind), Facts: templates.RemindTotals(24, 3, false), Back: campaignURL + "?flag=overdue"}
	page.Form = &templates.RemindForm{URL: campaignURL + "/remind", Key: key, Label: templates.RemindButton(24), Hidden: []templates.HiddenField{{Name: "flag", Value: "overdue"}}}
	result := page
	result.Form, result.Facts = nil, append(templates.RemindTotals(24, 3, true), templates.RemindedAt("Phạm Đức Long", time.Date(2026, 12, 18, 8, 30, 0, 0, calendar.Zone)))
	for _, outcome := range []string{"sent", "vacant", "recent", "busy", "today"} {
		before, after := templates.RemindGroupOf(outcome, 301, false), templates.RemindGroupOf(outcome, 1, true)
		before.Rows, before.More, before.MoreURL, after.Rows = rows, 300, campaignURL+"/remind?outcome="+outcome+"&page=2", rows
		page.Groups, result.Groups = append(page.Groups, before), append(result.Groups, after)
	}
	one := page
	one.Groups = []templates.RemindGroup{templates.RemindGroupOf("sent", 601, false)}
	one.Groups[0].Rows, one.AllURL = rows, campaignURL+"/remind"
	one.Groups[0].Paging = templates.Paging{From: 301, To: 600, Total: 601, Noun: templates.UnitNoun, PreviousURL: campaignURL + "/remind?outcome=sent&page=1", NextURL: campaignURL + "/remind?outcome=sent&page=3"}
	nobody := templates.RemindPage{Shell: page.Shell, Facts: templates.RemindTotals(0, 0, false), Back: campaignURL, Empty: templates.NobodyToRemind(campaignURL)}
	return []Sample{{"remind", "campaigns/remind", page}, {"reminded", "campaigns/remind", result}, {"remind-one", "campaigns/remind", one}, {"remind-nobody", "campaigns/remind", nobody}}
}

func boards() []Sample {
	now := time.Date(2026, 12, 18, 8, 30, 0, 0, calendar.Zone)
	last := calendar.Date(2026, 12, 17).Start()
	late := templates.OverdueFlag(words.Overdue(last, now, working))
	shell := officer(quarterly, templates.AtCampaigns)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: quarterly}}
	head := templates.TakenHead(templates.BoardPrintTitle(quarterly), "08:30 ngày 18/12/2026", "Phạm Đức Long", templates.Narrowed("", "", "", "", "overdue", "held"))
	round := templates.AppraisalChip(appraisal.First)
	page := templates.BoardPage{
		Shell: shell, Facts: append(templates.CampaignFacts("report", "2026q4", window()), "Cập nhật 08:30"),
		Due:    templates.DueLine{Tone: "late", Sentence: words.Due(last, now, working), Why: whyDue()},
		Funnel: templates.StatusFunnel(spread, "", statusURL), Sum: "188/188", Roster: templates.RosterSentence,
		Desks:   []templates.DeskLoad{{Name: words.Role(staff.Specialist), Open: 24, Median: templates.HalfDays(12)}, {Name: words.Role(staff.Director), Open: 7, Median: templates.HalfDays(5)}},
		Filters: &templates.BoardFilters{URL: campaignURL, Groups: templates.GroupOptions("", map[string]int{"department": 20, "ward": 113, "commune": 54, "special_zone": 1}, 188), Statuses: templates.StatusOptions(""), Flags: templates.FlagOptions("overdue"), Classes: templates.ClassOptions(""), Sorts: templates.SortOptions("held"), Active: 1, Pills: []templates.Pill{templates.OverduePill(27, campaignURL+"?flag=overdue", true), templates.ExtendedPill(3, campaignURL+"?flag=extended", false)}},
		Heading: templates.BoardTitle(30, "", "", "overdue"),
		Rows: []templates.BoardRow{
			{URL: "/documents/a", Unit: "Xã Minh Thạnh", Status: document.NotStarted, Holder: templates.NobodyHolds, Role: words.Role(staff.Specialist), Vacant: true, Since: "23/11/2026", Days: []templates.DeskDays{{Days: "18", Present: true}, {}, {}, {}}, Due: words.InstantShort(last), Flags: []templates.Flag{late}},
			{URL: "/documents/b", Unit: "Sở Quy hoạch - Kiến trúc", Status: document.InDrafting, Holder: templates.HolderNames([]string{"Đinh Hoài An", "Lâm Quốc Việt", "Trần Thị Bé"}), Role: words.Role(staff.Specialist), Since: "02/12/2026", Days: []templates.DeskDays{{Days: "12", Present: true}, {Days: "2"}, {}, {}}, Due: words.InstantShort(last), Flags: []templates.Flag{late}, Revision: 1},
			{URL: "/documents/c", Unit: "Thanh tra Thành phố", Status: document.InSigning, Holder: "Nguyễn Hữu Phước", Role: words.Role(staff.Director), Since: "15/12/2026", Days: []templates.DeskDays{{Days: "9"}, {Days: "2"}, {Days: "3", Present: true}, {}}, Due: "24:00 21/12/2026", Flags: []templates.Flag{templates.ExtendedFlag("Gia hạn đến 21/12")}, Revision: 2, Pending: "Đã ghi nhận lúc 08:29, đang xử lý"},
			{URL: "/documents/d", Unit: "Đặc khu Côn Đảo", Status: document.IsApproved, Holder: templates.NobodyIsAsked, Since: "16/12/2026", Days: []templates.DeskDays{{Days: "6"}, {Days: "1"}, {Days: "1"}, {Days: "2"}}, Due: words.InstantShort(last), Revision: 1},
			{URL: "/documents/e", Unit: "Sở Tài chính", Status: document.IsHandedIn, Appraisal: &round, Holder: templates.AppraiserNames([]string{"Sở Nội vụ", "Sở Tư pháp", "Văn phòng UBND Thành phố"}), Role: words.AppraisalStage(appraisal.First), Since: "16/12/2026", Days: []templates.DeskDays{{Days: "6"}, {Days: "1"}, {Days: "1"}, {}}, Due: words.InstantShort(last), Flags: []templates.Flag{late}, Revision: 1},
		},
		Paging: templates.Paging{From: 1, To: 4, Total: 30, NextURL: campaignURL + "?page=2", Noun: templates.UnitNoun},
		Remind: templates.RemindLink(27, true, campaignURL+"/remind?flag=overdue"), AddUnits: campaignURL + "/units", Overdue: templates.OverdueLink(campaignURL+"/overdue", 27), DeskDays: templates.DeskHeads(),
		Take: templates.Takeaway{Excel: campaignURL + "/board.xlsx?flag=overdue", Print: campaignURL + "?all=1&flag=overdue", Head: head},
	}
	for _, rung := range period.DefaultLadder() {
		page.Ladder = append(page.Ladder, words.Rung(rung))
	}
	starting := page
	starting.Starting, starting.Rows, starting.Empty = templates.StartingNote(40, 188), nil, templates.NoRows(campaignURL)
	starting.Flash = &templates.Flash{}
	*starting.Flash = templates.LaunchedFlash(188)
	whole := page
	whole.Take, whole.Paging = templates.Takeaway{Excel: page.Take.Excel, Back: campaignURL + "?flag=overdue", Head: head, Cut: templates.CutNote(5000, 5200)}, templates.Paging{}
	own := templates.BoardPage{
		Shell: specialist(quarterly, templates.AtCampaigns), Facts: page.Facts, Due: page.Due, Roster: templates.OwnUnitSentence, Sum: "1/1",
		Funnel: templates.StatusFunnel(map[document.Status]int{document.InDrafting: 1}, "", statusURL), Heading: templates.BoardTitle(1, "", "", ""), Rows: page.Rows[1:2],
		Paging: templates.Paging{From: 1, To: 1, Total: 1, Noun: templates.UnitNoun},
	}
	return []Sample{{"board", "campaigns/board", page}, {"board-starting", "campaigns/board", starting}, {"board-own", "campaigns/board", own}, {"board-print", "campaigns/board", whole}}
}
