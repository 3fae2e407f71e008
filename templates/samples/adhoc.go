package samples

import (
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

// adHoc is a request for a report in 24 hours; broken: with what is missing in it.
func adHoc(broken bool) templates.AdHocPage {
	page := templates.AdHocPage{
		Shell: shellUnder(templates.TitleAdHoc), Key: key, Units: roster(false), List: "STC\nPhường Thủ Dầu Một",
		Number: "2315/UBND-KSTTHC", Date: "23/11/2026", Issuer: "Ủy ban nhân dân Thành phố", RequestTitle: "Về việc báo cáo tình hình xử lý hồ sơ trễ hạn",
		File: templates.KeptFile("2315-UBND-KSTTHC.pdf", 412_000), Accept: ".pdf", MaxSize: words.Size(20 << 20),
		Spans: templates.SpanOptions(period.SpanHours), Count: "24", Fitted: "1440",
		Draft: templates.LaunchDraft{Code: "dx-20261123", Name: "Báo cáo tình hình xử lý hồ sơ trễ hạn", Cutoff: "17:00", ConfirmDays: "2", ResubmDays: "3"},
		Forms: []templates.Option{templates.NoAppendix(""), templates.FormOption("bc-cchc-quy.1", "Báo cáo CCHC quý", 1, "bc-cchc-quy.1")},
		Groups: []templates.PickGroup{{Name: "Cải cách thủ tục hành chính", Chosen: 1, Rows: []templates.PickRow{
			{Code: "3.18", Name: "Hồ sơ giải quyết trước hạn, đúng hạn", Unit: "Hồ sơ", Checked: true}, {Code: "3.22", Name: "Hồ sơ đang giải quyết", Unit: "Hồ sơ"},
		}}},
	}
	for i, rung := range campaign.NameRungs(period.HoursLadder(24)) {
		row := templates.RungRow{Index: i, ID: "ladder-" + string(rune('0'+i)), To: templates.RungRecipients(rung.To), Whens: templates.RungWhens(templates.RungHoursBefore), Days: "2"}
		page.Draft.Rungs = append(page.Draft.Rungs, row)
	}
	titles := []string{"Tình hình chung", "Nguyên nhân và giải pháp", ""}
	if broken {
		titles = []string{"", "", ""}
		page.Number, page.File = "", ""
		page.Errors = rule.Errors{
			{Code: campaign.RequestNumberBad, Field: "request_number", Args: []any{60}}, {Code: campaign.OutlineMissing, Field: "sections"},
			{Code: "request_units_unknown", Field: "unit_list", Args: []any{"XYZ; Phường Không Có"}},
		}
	}
	for i, title := range titles {
		page.Sections = append(page.Sections, templates.OutlineRow{FormRow: templates.RowAt(i, len(titles), page.Errors), Title: title, Required: i == 0})
	}
	return page
}
