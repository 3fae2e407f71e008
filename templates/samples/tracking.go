package samples

import (
	"strconv"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

const trackedURL = "/documents/" + yearly + "/tracking"

func taskResult() *templates.TaskResult {
	return &templates.TaskResult{
		Text: "Số 12/BC-STC ngày 12/03/2027: Báo cáo kết quả rà soát", About: "Minh Hạnh sửa lúc 09:10 hôm nay",
		File: &templates.File{Label: "12-bc-stc.pdf", About: "486 KB", URL: "/documents/" + yearly + "/results/ab", Icon: "paperclip"},
	}
}

func tracking() templates.TrackingPage {
	texts := taskTexts()
	row := func(n int, status plan.Status) templates.TrackedRow {
		return templates.TrackedRow{TaskText: texts[n], ID: "task-" + strconv.Itoa(n), URL: trackedURL + "/x", Chip: templates.TaskChip(status)}
	}
	late, working, done := row(0, plan.Overdue), row(1, plan.InProgress), row(2, plan.DoneInTime)
	late.Given = words.TaskGiven(new(calendar.Date(2027, 4, 2)))
	late.Left = "Quá 3 ngày làm việc"
	working.Left, working.Progress, working.About = "Còn 42 ngày làm việc", "40 %: Đã gửi phiếu rà soát đến các phòng", "Minh Hạnh, 09:10 hôm nay"
	done.Result = taskResult()
	tally := plan.Tally{plan.Overdue: 1, plan.InProgress: 1, plan.DoneInTime: 1}
	return templates.TrackingPage{
		Shell: specialist(templates.TitleTracking, templates.AtTasks), Document: planHead(document.IsApproved, 1), Late: "1 nhiệm vụ quá hạn",
		Adjustments: templates.AdjustmentsLink("/documents/"+yearly+"/adjustments", true),
		Facts:       append(templates.TrackingFacts(tally), templates.OutageGave(0, 0, 1)...), Board: "/documents/" + yearly + "/board",
		Tabs: []templates.Tab{
			{Label: templates.AllTasks, URL: trackedURL, Count: 3, HasZero: true, Current: true},
			{Label: "Quá hạn", URL: trackedURL + "?status=overdue", Count: 1, HasZero: true},
		},
		Groups: []templates.TrackedGroup{
			{Name: "I. Chỉ đạo, điều hành cải cách hành chính", Rows: []templates.TrackedRow{late}},
			{Name: "II. Cải cách thể chế", Rows: []templates.TrackedRow{working, done}},
		},
	}
}

func trackingNone() templates.TrackingPage {
	page := tracking()
	page.Groups, page.Empty = nil, templates.NoTrackedTasks(trackedURL)
	return page
}

func tracked() templates.TrackedPage {
	forty := 40
	at := time.Date(2027, 3, 1, 9, 10, 0, 0, time.UTC)
	page := templates.TrackedPage{
		Shell: specialist("Nhiệm vụ 2", templates.AtTasks), Document: planHead(document.IsApproved, 1), Key: "0b1f", Task: taskTexts()[1],
		Chip: templates.TaskChip(plan.InProgress), Writes: true, Path: trackedURL + "/b", ListURL: trackedURL, Adjusts: "/documents/" + yearly + "/adjustments", TaskKey: "b",
		Due:     &templates.DueLine{Sentence: "Còn 42 ngày làm việc, chậm nhất 24:00 thứ Tư 30/06/2027.", Reason: "Theo thời hạn trong kế hoạch: quý II/2027.", Why: &templates.Why{Steps: []string{"Hạn đến hết ngày 30/06/2027."}}},
		Percent: "140", Note: "Đã rà soát 12/30 văn bản",
		History: []templates.TimelineEntry{
			{Icon: "pencil", Tone: "act", Who: "Trần Thị Minh Hạnh", Text: templates.ProgressText(&forty), Quote: "Đã gửi phiếu rà soát đến các phòng", At: at},
			{Icon: "arrow-return-left", Tone: "warn", Who: "Nguyễn Bích Ngọc", Text: "rút văn bản kết quả", Quote: "Nhầm số văn bản", At: at},
		},
	}
	page.City = &templates.CityTask{Text: "12. Rà soát văn bản quy phạm pháp luật", About: "Chủ trì: Sở Tư pháp, Quý IV/2027"}
	page.Errors = rule.Broken(plan.EntryPercentBad, "percent")
	return page
}

func trackedCity() templates.TrackedPage {
	page := tracked()
	tally := plan.Tally{plan.Overdue: 1, plan.InProgress: 1, plan.DoneInTime: 1}
	page.Shell, page.Errors, page.Writes, page.City = officer("Nhiệm vụ 2", templates.AtTasks), nil, false, nil
	page.Adjusts = ""
	page.Linked = &templates.LinkedSum{Facts: templates.LinkedFacts(3, tally), More: templates.LinkedMore(2, 3), Chips: []templates.LinkedChip{
		{Chip: templates.TaskChip(plan.Overdue), Count: 1}, {Chip: templates.TaskChip(plan.InProgress), Count: 1}, {Chip: templates.TaskChip(plan.DoneInTime), Count: 1}},
		Rows: []templates.LinkedRow{
			{URL: trackedURL + "/b", Unit: "Sở Tài chính", Name: taskTexts()[1].Name, Lead: "Văn phòng Sở", Time: "Quý II/2027", Percent: "40 %", Chip: templates.TaskChip(plan.Overdue)},
			{URL: trackedURL + "/c", Unit: "Ủy ban nhân dân phường Sài Gòn", Name: taskTexts()[0].Name, Lead: "Văn phòng", Time: "30/09/2027", Chip: templates.TaskChip(plan.InProgress)},
		}}
	return page
}

func trackedCityNone() templates.TrackedPage {
	page := trackedCity()
	page.Linked = &templates.LinkedSum{Facts: templates.LinkedFacts(0, nil)}
	return page
}

func trackedDone() templates.TrackedPage {
	page := tracked()
	page.Errors, page.Writes, page.Result, page.Chip = nil, false, taskResult(), templates.TaskChip(plan.DoneInTime)
	page.Due = &templates.DueLine{Icon: "check-circle-fill", Tone: "done", Sentence: "Hoàn thành đúng hạn: văn bản kết quả ngày 12/03/2027, hạn đến hết ngày 30/06/2027."}
	return page
}

func result() templates.ResultPage {
	return templates.ResultPage{
		Shell: specialist(templates.TitleResult, templates.AtTasks), Document: planHead(document.IsApproved, 1), Key: "0b1f", Task: taskTexts()[1],
		Due: tracked().Due, Draft: templates.ResultDraft{IssuedOn: "01/03/2027"}, Accept: ".pdf,.docx", MaxSize: "20 MB", Path: trackedURL + "/b",
	}
}

func resultBroken() templates.ResultPage {
	page := result()
	page.Errors = rule.Errors{{Code: plan.EntryNumberMissing, Field: "number"}, {Code: plan.EntryNoEvidence, Field: "file"}}
	page.Lost = "12-bc-stc.pdf"
	return page
}

func withdrawal() templates.ResultPage {
	page := result()
	page.Result, page.Draft.Note = taskResult(), "Nhầm số văn bản"
	return page
}
