package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

func outages() []Sample {
	began := time.Date(2026, 10, 5, 10, 0, 0, 0, calendar.Zone)
	ended := began.Add(50 * time.Hour)
	mark := time.Date(2026, 10, 7, 10, 0, 0, 0, calendar.Zone)
	rows := []templates.OutageRow{
		{URL: "/outages/2", Title: words.OutageName(outage.Stopped, began), About: templates.OutageUntil(outage.Stopped, nil), Chip: templates.OutageChip("", false)},
		{URL: "/outages/3", Title: words.OutageName(outage.AtRisk, began), About: templates.OutageUntil(outage.AtRisk, nil), Chip: templates.OutageChip("", true)},
	}
	var past []templates.OutageRow
	for _, closing := range []outage.Closing{outage.Quietly, outage.Noticed, outage.Dismissed, outage.Withdrawn} {
		past = append(past, templates.OutageRow{URL: "/outages/1", Title: words.OutageName(outage.Stopped, began), About: templates.OutageUntil(outage.Stopped, &ended), Chip: templates.OutageChip(closing, true)})
	}
	list := templates.OutagesPage{Shell: officer(templates.TitleOutages, templates.AtNowhere), Open: rows, Past: past, Keeps: true,
		Beats: []templates.OutageBeat{templates.BeatRow("server", ended, false), templates.BeatRow("worker", ended, false), templates.BeatRow("watch", began, true)},
		Watch: templates.WatchNotes(outage.Health{Witness: outage.Silent, Mail: outage.Silent, Refused: outage.NoContacts, Torn: true})}
	none := templates.OutagesPage{Shell: officer(templates.TitleOutages, templates.AtNowhere), Empty: templates.NoOutages()}
	form := templates.OutageFormPage{Shell: officer(templates.TitleNewOutage, templates.AtNowhere), Key: key, URL: "/outages/new", Back: "/outages", Submit: templates.TitleNewOutage,
		Draft: templates.OutageTyped{BeganDay: "05/10/2026", BeganClock: "25:00"}}
	form.Errors = append(rule.Broken("form_clock", "began.clock"), rule.Broken("outage_text", "what")...)
	fixed := templates.OutageFormPage{Shell: officer(templates.TitleEditOutage, templates.AtNowhere), Key: key, URL: "/outages/2/edit", Back: "/outages/2", Version: 3, Fixed: true, Submit: templates.SaveOutage,
		Draft: templates.OutageTyped{BeganDay: "05/10/2026", BeganClock: "10:00", What: "Hỏng máy chủ."}}
	return append([]Sample{
		{"outages", "outages/list", list}, {"outages-none", "outages/list", none}, {"outage-new", "outages/form", form}, {"outage-edit", "outages/form", fixed},
		{"outage", "outages/show", waitingOutage(began, mark)}, {"outage-told", "outages/show", toldOutage(began, ended)},
	}, outageForms(began, ended)...)
}

var stoppedText = []string{
	"Thực hiện khoản 5 Điều 11 Quy chế ban hành kèm theo Quyết định số 1439/QĐ-UBND, Sở Nội vụ phối hợp với Sở Khoa học và Công nghệ thông báo: Phần mềm ngừng hoạt động từ 10:00 ngày 05/10/2026.",
	"Dự kiến Phần mềm hoạt động trở lại lúc 07:30 ngày 08/10/2026.",
}

func waitingOutage(began, mark time.Time) templates.OutagePage {
	page := templates.OutagePage{Shell: officer(words.OutageName(outage.Stopped, began), templates.AtNowhere), Key: key, URL: "/outages/2", Version: 2,
		Chip: templates.OutageChip("", false), EditURL: "/outages/2/edit", Confirms: true, Dismisses: true, Engine: "https://temporal.example.test/outage-2",
		Ends: &templates.OutageEnd{Day: "07/10/2026", Clock: "10:15", Label: templates.EndLabel(outage.Stopped)}, What: []string{"Hỏng máy chủ cơ sở dữ liệu."}, Advice: []string{"Tiếp tục chuẩn bị nội dung."},
		Next:  templates.OutageNextNote(outage.Stopped, &mark, nil, began),
		Facts: append(templates.OutageFacts(outage.Stopped, began, nil, &mark, "watch", "", began), templates.LostPair(15*time.Hour+30*time.Minute, 8*time.Hour))}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleOutages, URL: "/outages"}, {Label: page.Title}}
	page.Errors = rule.Broken("outage_text", "reason")
	page.Draft = &templates.OutageDraft{URL: "/outages/2/notices/1/word", Version: 1, Hash: "9f2c", Heading: templates.NoticeHeading(""), Title: "Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động",
		Text: stoppedText, Due: templates.DraftDue(mark.Add(6*time.Hour), false), EditURL: "/outages/2/notices/1/edit", PDFURL: "/outages/2/notices/1.pdf", Page: "/outages/2/notices/1.html", Note: templates.NumberHint(),
		Words: []templates.OutageWord{
			{Party: "Sở Nội vụ", Chip: templates.WordChip("")},
			{Party: "Sở Khoa học và Công nghệ", Chip: templates.WordChip("return"), About: templates.WordAbout("Trần Văn Khoa", "page", mark), Reason: "Nêu rõ nguyên nhân."},
		},
		Speaks: []templates.OutageSpeaker{{Party: outage.Authority, Name: "Sở Nội vụ", Key: key, FieldID: "reason"}}}
	for _, event := range []templates.OutageHappened{
		{Event: "returned", Who: "Trần Văn Khoa", Party: "Sở Khoa học và Công nghệ", Reason: "Nêu rõ nguyên nhân."},
		{Event: "reminded", Parties: []string{"Sở Nội vụ"}}, {Event: "rewritten", Who: "Phạm Đức Long", Kind: outage.TheNotice}, {Event: "drafted", Kind: outage.TheNotice},
		{Event: "marked"}, {Event: "again", Source: "gap", From: &began}, {Event: "opened", Source: "watch"},
	} {
		event.At = mark
		page.Timeline = append(page.Timeline, templates.OutageLine(event))
	}
	return page
}

func toldOutage(began, ended time.Time) templates.OutagePage {
	page := templates.OutagePage{Shell: director(words.OutageName(outage.Stopped, began), templates.AtNowhere), Key: key, URL: "/outages/1", Chip: templates.OutageChip(outage.Noticed, true),
		Facts: append(templates.OutageFacts(outage.Stopped, began, &ended, nil, "hand", "Đỗ Quang Vinh", began),
			templates.ConfirmedPair(ended, "Phạm Đức Long"), templates.ConfirmedPair(ended, ""), templates.DismissedPair(ended, "Phạm Đức Long", "Đường truyền của máy giám sát.")),
		Next:      templates.OutageNextNote(outage.Stopped, nil, &ended, ended),
		Deadlines: &templates.Link{Label: "Gia hạn theo sự cố", URL: "/outages/1/deadlines"}}
	page.Told = []templates.OutageTold{
		{ID: "tb-2", Heading: templates.NoticeHeading("14/TB-SNV"), Title: "Phần mềm hoạt động trở lại", Text: []string{"Phần mềm đã hoạt động trở lại từ 12:00 ngày 07/10/2026."}, About: templates.ToldAbout(ended, false), PDFURL: "/outages/1/notices/2.pdf", Page: "/outages/1/notices/2.html"},
		{ID: "tb-1", Heading: templates.NoticeHeading(""), Title: "Phần mềm ngừng hoạt động", Text: stoppedText, About: templates.ToldAbout(began, true), Page: "/outages/1/notices/1.html", RestURL: "/outages/1/notices/1/rest", Key: key,
			Words: []templates.OutageWord{{Party: "Sở Nội vụ", Chip: templates.WordChip("approve"), About: templates.WordAbout("Phạm Đức Long", "link", began)}, {Party: "Sở Khoa học và Công nghệ", Chip: templates.WordChip("approve"), About: templates.WordAbout("Trần Văn Khoa", "command", began)}}},
	}
	for _, event := range []templates.OutageHappened{
		{Event: "closed", How: outage.Noticed}, {Event: "rest", Kind: outage.TheNotice}, {Event: "taken", Kind: outage.TheNotice, Number: "12/TB-SNV", All: 188}, {Event: "published", Kind: outage.AllClear, Number: "14/TB-SNV"},
		{Event: "approved", Who: "Phạm Đức Long", Party: "Sở Nội vụ"}, {Event: "confirmed", Name: "Phạm Đức Long"}, {Event: "confirmed", Who: "Phạm Đức Long"}, {Event: "dismissed", Who: "Phạm Đức Long", Reason: "Nhầm."},
		{Event: "resumed", Source: "watch"}, {Event: "ended", Source: "watch", To: &ended}, {Event: "ended", Who: "Đỗ Quang Vinh", To: &ended, Risk: true}, {Event: "edited", Who: "Đỗ Quang Vinh"}, {Event: "declared", Who: "Đỗ Quang Vinh"}, {Event: "later"},
	} {
		event.At = ended
		page.Timeline = append(page.Timeline, templates.OutageLine(event))
	}
	return page
}

func outageForms(began, ended time.Time) []Sample {
	draft := templates.DraftPage{Shell: officer(templates.TitleDraft, templates.AtNowhere), Key: key, URL: "/outages/2/notices/1/edit", Back: "/outages/2", Version: 1, Number: "12/TB-SNV", Subject: "Phần mềm ngừng hoạt động", Text: stoppedText[0] + "\n\n" + stoppedText[1]}
	draft.Errors = rule.Broken("outage_changed", "")
	windows := templates.MaintenancePage{Shell: officer(templates.TitleMaintenance, templates.AtNowhere), Key: key, Ahead: templates.MaintenanceAhead(24 * time.Hour), Typed: templates.MaintenanceTyped{FromDay: "10/10/2026", FromClock: "20:00"}}
	for i, chip := range []templates.Chip{templates.MaintenanceChip(false, false, false, false), templates.MaintenanceChip(false, false, false, true), templates.MaintenanceChip(false, false, true, false), templates.MaintenanceChip(false, true, true, false), templates.MaintenanceChip(true, false, false, false)} {
		row := templates.MaintenanceRow{ID: int64(i + 1), When: templates.MaintenanceWhen(began, ended), Purpose: "Nâng cấp máy chủ", Chip: chip, About: templates.MaintenanceAbout("Đỗ Quang Vinh", began, "", nil, "")}
		if i < 2 {
			row.URL, row.Broken = "/maintenance/1/cancel", i == 0
		}
		if i == 4 {
			row.About = templates.MaintenanceAbout("Đỗ Quang Vinh", began, "Đỗ Quang Vinh", &ended, "Hoãn")
		}
		windows.Windows = append(windows.Windows, row)
	}
	windows.Errors = append(rule.Broken("maintenance_window", "to.day"), rule.Broken("outage_text", "reason")...)
	noWindows := templates.MaintenancePage{Shell: specialist(templates.TitleMaintenance, templates.AtNowhere), Ahead: templates.MaintenanceAhead(24 * time.Hour), Empty: templates.NoMaintenance()}
	r := outage.DefaultRule()
	rulePage := templates.OutageRulePage{Shell: officer(templates.TitleOutageRule, templates.AtNowhere), Key: key, Replaces: 1,
		Typed: templates.OutageRuleTyped{Days: "0", Confirm: "10", Recovery: "30", Announce: "24", Lead: "3", ApprovalHours: "4", MorningOpens: "07:30", MorningCloses: "11:30", NoonOpens: "13:00", AfternoonCloses: "17:00",
			Counts: templates.OutageCounts(r.Count), ITUnits: []templates.Option{{Value: "SKHCN", Label: "Sở Khoa học và Công nghệ", Selected: true}}, Hotline: "Tổ hỗ trợ: 028 3829 0000"},
		History: []templates.OutageRuleRow{
			{State: templates.RuleChip(templates.RuleInForce), Text: templates.OutageRuleText(r, "Sở Khoa học và Công nghệ", 4), Edited: templates.RuleEdited("Phạm Đức Long", ended), Reason: "Thêm nơi hỗ trợ"},
			{State: templates.RuleChip(templates.RuleReplaced), Text: templates.OutageRuleText(r, "Sở Khoa học và Công nghệ", 4), Edited: templates.RuleEdited("", began)},
		}}
	rulePage.Errors = rule.Broken(outage.DaysBad, "days", 30)
	public := templates.AnnouncementsPage{Shell: templates.Shell{Title: templates.TitleAnnouncements, Path: "/announcements/"}, State: templates.AnnouncedState(&began, &ended), Site: templates.AuthoritySite("Sở Nội vụ", "https://sonoivu.example.vn/"), Coming: []string{words.MaintenanceWhen(began, ended) + " Nâng cấp máy chủ"}, Feed: "/announcements/feed.xml",
		Items: []templates.Announcement{{ID: "tb-1", Heading: templates.NoticeHeading("12/TB-SNV"), Title: "Phần mềm ngừng hoạt động", Text: stoppedText, About: templates.AnnouncedAbout("Sở Nội vụ", ended), PDF: "/announcements/tb-1.pdf"}}}
	empty := templates.AnnouncementsPage{Shell: templates.Shell{Title: templates.TitleAnnouncements, Path: "/announcements/"}, State: templates.AnnouncedState(nil, nil), Feed: "/announcements/feed.xml", Empty: templates.NoAnnouncements()}
	asked := templates.TasksPage{Shell: director(words.TitleTasks, templates.AtTasks), Today: "Thứ Tư 07/10/2026", Empty: templates.Empty{Title: "Không có việc", Text: "Việc mới hiện ở đây."},
		Outage: templates.DraftAskedNote("Phần mềm ngừng hoạt động", "/outages/2#draft", ended, true, 1)}
	return []Sample{
		{"outage-draft", "outages/draft", draft}, {"maintenance", "outages/maintenance", windows}, {"maintenance-none", "outages/maintenance", noWindows},
		{"outage-rule", "outages/rule", rulePage}, {"announcements", "outages/announcements", public}, {"announcements-none", "outages/announcements", empty}, {"tasks-outage", "tasks/list", asked},
	}
}
