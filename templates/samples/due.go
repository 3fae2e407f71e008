package samples

import (
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

// dues are the authority's forms about a document's due.
func dues() []Sample {
	extend := templates.DuePage{
		Shell: officer("Gia hạn", templates.AtTasks), Document: head(document.InDrafting, 0), Key: "k1",
		ContentHash: "", Action: document.Extend, Due: due(), Until: "22/12/2026",
	}
	broken := extend
	broken.Until, broken.Reason = "hôm kia", "Mưa lũ từ ngày 10/12."
	broken.Errors = rule.Errors{{Code: "date_bad", Field: "until"}}
	exempt := extend
	exempt.Action, exempt.Title = document.Exempt, "Miễn báo cáo"
	asked := extend
	asked.Asked, asked.Until = askedNote(), "21/12/2026"
	ask := templates.ExtensionPage{Shell: specialist(templates.TitleAsk, templates.AtTasks), Document: head(document.InDrafting, 0), Key: "k2", Due: due(), Until: "21/12/2026"}
	askBroken := ask
	askBroken.Until, askBroken.Reason, askBroken.Errors = "16/12/2026", "", rule.Errors{{Code: document.ExtensionNotLater, Field: "until"}, {Code: document.ReasonMissing, Field: "reason"}}
	reopen := exempt
	reopen.Shell, reopen.Action, reopen.Document, reopen.Until, reopen.ContentHash = officer("Mở lại để chỉnh sửa", templates.AtTasks), document.Reopen, head(document.IsApproved, 1), "28/12/2026", hash
	open, late := ask, ask
	open.Open = askedNote()
	late.Closed = "Văn bản đã kết thúc, không xử lý thêm được."
	return append(append(requests(), calendarEditor()...), []Sample{
		{"due-reopen", "document/due", reopen},
		{"due-extend-asked", "document/due", asked},
		{"extension", "document/extension", ask},
		{"extension-broken", "document/extension", askBroken},
		{"extension-open", "document/extension", open},
		{"extension-closed", "document/extension", late},
		{"due-extend", "document/due", extend},
		{"due-extend-broken", "document/due", broken},
		{"due-exempt", "document/due", exempt},
	}...)
}

func askedNote() *templates.AskedNote {
	at := calendar.Date(2026, 12, 14)
	note := templates.NewAskedNote("Sở Tài chính", calendar.Date(2026, 12, 22).Start(), "Nguyễn Thị Minh Hạnh", "Chuyên viên", at.At(9*60+12), at.At(11*60),
		"Chờ số liệu quyết toán của 3 đơn vị trực thuộc, công văn số 512/STC-VP ngày 13/12/2026.", false)
	note.Request, note.URL, note.Label = 12, "/extensions?pick=12", templates.DecideLabel
	return note
}

// requests are the officers' pages about requests for more time.
func requests() []Sample {
	list := templates.ExtensionsPage{Shell: officer(templates.TitleExtensions, templates.AtCampaigns), Key: "k3", Facts: templates.ExtensionsFacts(3), Reason: "Theo Công văn số 6401/SNV-CCHC."}
	list.Groups = []templates.RequestGroup{{ID: "campaign-bc-2026q4", Campaign: quarterly, URL: campaignURL, Count: templates.RequestCountText(3)}}
	for i, unit := range []string{"Sở Tài chính", "Ủy ban nhân dân phường Sài Gòn", "Sở Y tế"} {
		list.Groups[0].Rows = append(list.Groups[0].Rows, templates.RequestRow{
			ID: int64(i + 1), Checked: i == 0, URL: "/documents/bc-2026q4-STC", Unit: unit, Status: "Chuyên viên", Due: "24:00 16/12/2026", Late: i == 1, Wanted: "24:00 21/12/2026",
			Reason: "Chờ số liệu quyết toán của 3 đơn vị trực thuộc.", By: "Nguyễn Thị Minh Hạnh, chuyên viên, 09:12 hôm nay", Until: "21/12/2026", Waiting: i == 2,
		})
	}
	list.Groups[0].Choose = templates.ChooseOf("bc-2026q4", quarterly, 2, false)
	broken, none := list, list
	broken.Choose = templates.ChooseOf("", "", 2, true)
	broken.Errors = rule.Errors{{Code: "date_bad", Field: "until.1"}, {Code: document.ReasonMissing, Field: "reason"}}
	none.Groups, none.Empty, none.Facts = nil, templates.NoRequests(), nil
	batch := templates.BatchPage{Shell: officer(templates.TitleBatch, templates.AtCampaigns), Reason: "Theo Công văn số 6401/SNV-CCHC.", Facts: templates.BatchFacts("Trần Quốc Bảo", calendar.Date(2026, 12, 14).At(600), 4)}
	for _, state := range []string{"granted", "declined", "waiting", "refused"} {
		group := templates.BatchGroupOf(state, 1)
		row := templates.BatchRow{URL: "/documents/bc-2026q4-STC", Unit: "Sở Tài chính", Wanted: "24:00 21/12/2026", Until: "24:00 18/12/2026"}
		if state == "refused" {
			row.Why = "Đề nghị này đã kết thúc: đã được quyết định hoặc đơn vị đã rút."
		}
		group.Rows = []templates.BatchRow{row}
		batch.Groups = append(batch.Groups, group)
	}
	return []Sample{
		{"extensions", "extensions/list", list}, {"extensions-broken", "extensions/list", broken},
		{"extensions-none", "extensions/list", none}, {"extensions-batch", "extensions/batch", batch},
	}
}
