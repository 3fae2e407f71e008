package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

// outageDeadlines are the officers' page of deadlines that an outage touched.
func outageDeadlines() []Sample {
	from, to := calendar.Date(2026, 12, 15).At(8*60+5), calendar.Date(2026, 12, 16).At(17*60+40)
	tried := []templates.TriedRow{
		{URL: "/documents/bc-2026q4-STC", Unit: "Sở Tài chính", What: templates.OutageTried(3, 2, from, to)},
		{URL: "/documents/bc-2026q4-SYT", Unit: "Sở Y tế", What: templates.OutageTried(0, 1, from, from)},
	}
	page := templates.OutageDeadlinesPage{
		Shell: officer(templates.TitleOutageDeadlines, templates.AtCampaigns), Key: "k1", URL: "/outages/3/deadlines",
		Facts:  append([]string{templates.OutageSpan(from, to)}, templates.OutageStood([]calendar.Day{calendar.DayOf(from), calendar.DayOf(to)})...),
		Reason: templates.OutageReason(from, to),
		Groups: []templates.OutageGroup{
			{
				ID: "documents-bc-2026q4-1", Name: quarterly, URL: campaignURL, Kind: templates.OutageKind("documents"), Size: templates.OutageSize("documents", 143, 0),
				Due: "24:00 16/12/2026", Given: templates.OutageGivenBack(2), Notes: []string{templates.OutageWholeCampaign},
				Who: templates.WhoOptions(templates.ExtendAll, "documents", 143, 2), Until: "18/12/2026", Tried: tried,
			},
			{
				ID: "signed-bc-2026q4-1", Name: quarterly, URL: campaignURL, Kind: templates.OutageKind("signed"), Size: templates.OutageSize("signed", 6, 0),
				Due: "24:00 16/12/2026", Given: templates.OutageGivenBack(2), Notes: []string{templates.OutageExcused, templates.OutageExtendedSince},
				Who: templates.WhoOptions(templates.ExtendNone, "signed", 6, 0), Until: "18/12/2026",
			},
			{
				ID: "reviews-bc-2026q4-1", Name: quarterly, URL: campaignURL, Kind: templates.OutageKind("reviews"), Size: templates.OutageSize("reviews", 19, 0),
				Due: "24:00 16/12/2026", Given: templates.OutageGivenBack(2), Notes: []string{templates.OutageReviewed},
				Who: templates.WhoOptions(templates.ExtendAll, "reviews", 19, 0), Until: "18/12/2026",
			},
			{
				ID: "appraisals-cs-2026y-1", Name: "Chỉ số CCHC năm 2026", URL: "/campaigns/cs-2026y", Kind: templates.OutageKind("appraisals"), Size: templates.OutageSize("appraisals", 24, 0),
				Due: "24:00 16/12/2026", Given: templates.OutageGivenBack(2), Notes: []string{templates.OutageRound},
				Who: templates.WhoOptions(templates.ExtendAll, "appraisals", 24, 0), Until: "18/12/2026",
			},
			{
				ID: "tasks-kh-2026y-1", Name: "Kế hoạch CCHC năm 2026", URL: "/campaigns/kh-2026y", Kind: templates.OutageKind("tasks"), Size: templates.OutageSize("tasks", 31, 58),
				Due: "24:00 15/12/2026", Given: templates.OutageGivenBack(1), Who: templates.WhoOptions(templates.ExtendAll, "tasks", 31, 0), Until: "17/12/2026",
			},
		},
		Others: tried[1:],
	}
	broken := page
	broken.Errors = rule.Errors{
		{Code: document.ExtensionNotLater, Field: "until.documents-bc-2026q4-1"}, {Code: document.ReasonMissing, Field: "reason"}, {Code: "due_moved_meanwhile"},
	}
	broken.Reason = ""
	decided := page
	decided.Groups, decided.Others, decided.Empty = nil, nil, templates.NothingTouched("/outages/3", true)
	decided.Batches = []templates.OutageBatchRow{
		{By: "Trần Quốc Bảo", Text: templates.OutageBatchText(to, 31, 12, 0, 19), Waiting: true},
		{By: "Trần Quốc Bảo", Text: templates.OutageBatchText(to, 149, 148, 1, 0)},
	}
	decided.Given = []templates.OutageGiven{
		{Kind: templates.OutageKind("documents"), Name: quarterly, URL: campaignURL, Size: templates.OutageSize("documents", 142, 0), From: "24:00 16/12/2026", Until: "24:00 18/12/2026"},
		{Kind: templates.OutageKind("tasks"), Name: "Kế hoạch CCHC năm 2026", URL: "/campaigns/kh-2026y", Size: templates.OutageSize("tasks", 12, 20), From: "24:00 15/12/2026", Until: "24:00 17/12/2026"},
	}
	decided.Refused = []templates.Link{templates.OutageRefused("bc-2026q4-SXD", quarterly, "Sở Xây dựng", "Hạn đã thay đổi sau khi bạn mở trang. Chưa có gì bị ghi đè; xem lại hạn mới.")}
	goesOn := templates.OutageDeadlinesPage{Shell: page.Shell, URL: page.URL, Facts: []string{templates.OutageSpan(from, time.Time{})}, Blocked: "Sự cố chưa kết thúc. Gia hạn được khi phần mềm hoạt động trở lại."}
	return []Sample{
		{"outage-deadlines", "outages/deadlines", page}, {"outage-deadlines-broken", "outages/deadlines", broken},
		{"outage-deadlines-decided", "outages/deadlines", decided}, {"outage-deadlines-open", "outages/deadlines", goesOn},
	}
}
