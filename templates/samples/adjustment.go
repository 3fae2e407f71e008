package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/prose"
	"cchc/domain/rule"
	"cchc/templates"
)

const adjustmentURL = "/documents/" + yearly + "/adjustments/7"

func orderPairs() []templates.Pair {
	return templates.OrderPairs("12/QĐ-STC", "10/05/2027", "Sở Tài chính", "Điều chỉnh Kế hoạch cải cách hành chính năm 2027")
}

func orderKept() *templates.File {
	return &templates.File{Label: "12-qd-stc.pdf", About: "486 KB", URL: adjustmentURL + "/file", Icon: "paperclip"}
}

func adjustedTasks(writes bool) []templates.AdjustedTask {
	spans := func(before, after string) []prose.Span {
		return []prose.Span{{Run: prose.Run{Text: before}, Mark: prose.Dropped}, {Run: prose.Run{Text: " "}}, {Run: prose.Run{Text: after}, Mark: prose.Added}}
	}
	texts := taskTexts()
	tasks := []templates.AdjustedTask{
		{TaskDifference: templates.TaskDifference{Spot: templates.Spot{Number: 1, Of: 3}, Change: "Sửa", Row: "2", Name: texts[1].Name, Cells: []templates.TaskCellDifference{
			{Column: "Chủ trì", Spans: spans("Sở Tư pháp", "Văn phòng Sở")}, {Column: "Thời hạn", Spans: spans("Quý II/2027", "Quý III/2027")}}},
			Reason: "Chờ nghị định mới về kiểm soát thủ tục hành chính."},
		{TaskDifference: templates.TaskDifference{Spot: templates.Spot{Number: 2, Of: 3}, Change: "Bỏ", Row: "3", Name: texts[2].Name, Gone: true}, Reason: "Trùng nhiệm vụ của Thành phố."},
		{TaskDifference: templates.TaskDifference{Spot: templates.Spot{Number: 3, Of: 3}, Change: "Thêm", Row: "4", Name: "Mở lớp tập huấn kiểm soát thủ tục", Added: true, Cells: []templates.TaskCellDifference{
			{Column: "Thời hạn", Spans: []prose.Span{{Run: prose.Run{Text: "15/09/2027"}, Mark: prose.Added}}}}}},
	}
	if writes {
		for i := range tasks {
			tasks[i].URL, tasks[i].About = adjustmentURL+"/tasks/x", "Minh Hạnh sửa lúc 09:10 hôm nay"
		}
	}
	return tasks
}

func adjustment(stage document.Stage, offers ...document.Action) templates.AdjustmentPage {
	texts := taskTexts()
	return templates.AdjustmentPage{
		Shell: specialist(templates.TitleAdjusting, templates.AtTasks), Document: planHead(document.IsApproved, 1), Path: adjustmentURL,
		Chip: templates.AdjustmentChip(stage, false), Note: templates.AdjustmentNote, Order: orderPairs(), File: orderKept(),
		ProblemsTitle: templates.ProblemsBefore,
		Changes:       adjustedTasks(false), Key: "0b1f", Hash: "3f6c0e1a9d5b47c28e104f7d6a3b92c15d8e7f60419a2b3c4d5e6f708192a3b4",
		Actions: templates.AdjustmentButtons(offers), ReasonOf: templates.AdjustmentReason,
		After: []templates.ReadTaskGroup{{Name: "I. Chỉ đạo, điều hành", Rows: texts[:1]}, {Name: "II. Cải cách thể chế", Rows: texts[1:]}},
		Count: "3 nhiệm vụ", ListURL: "/documents/" + yearly + "/adjustments",
		History: []templates.TimelineEntry{{Icon: "arrow-right", Tone: "act", Who: "Trần Thị Minh Hạnh, Sở Tài chính", Text: "đã trình trưởng phòng bản điều chỉnh kế hoạch", At: time.Date(2027, 5, 11, 2, 0, 0, 0, time.UTC)}},
	}
}

func adjustmentDraft() templates.AdjustmentPage {
	page := adjustment(document.Drafting, document.Submit, document.Discard)
	page.Chip, page.Writes, page.Changes, page.AddURL = templates.AdjustmentChip(document.Drafting, true), true, adjustedTasks(true), adjustmentURL+"/tasks/new1"
	page.Returned = &templates.ReturnNotice{By: "Nguyễn Bích Ngọc, Sở Tài chính", What: "đã trả lại để bổ sung", When: "08:20 ngày 11/05/2027", Reason: "Nhiệm vụ 2 ghi rõ nghị định nào."}
	page.Tasks = []templates.Option{templates.ChooseTask(), {Value: "a", Label: "1. Ban hành kế hoạch kiểm tra cải cách hành chính"}}
	page.Problems, page.Before = []templates.Problem{{Text: "Nhiệm vụ 3, lý do: Chưa ghi lý do điều chỉnh.", URL: adjustmentURL + "/tasks/x#reason"}}, templates.AdjustmentLeft(1)
	return page
}

func adjustTask() templates.AdjustTaskPage {
	texts := taskTexts()
	return templates.AdjustTaskPage{
		Shell: specialist("Nhiệm vụ 2", templates.AtTasks), Document: planHead(document.IsApproved, 1), Path: adjustmentURL, Action: adjustmentURL + "/tasks/x",
		CityTasks: []string{"1. Kiểm tra cải cách hành chính", "12. Rà soát văn bản"},
		Base:      1, Heading: "Nhiệm vụ 2", Touched: true, Year: 2027, Now: &texts[1],
		Draft:  templates.TaskDraft{Name: texts[1].Name, Product: "Báo cáo", Lead: "Văn phòng Sở", Deadline: "Quý III/2027"},
		Fields: []templates.Option{{Label: "Chọn lĩnh vực"}, {Value: "the-che", Label: "Cải cách thể chế", Selected: true}}, Products: []templates.Option{{Label: "Không chọn"}},
	}
}

func adjustments() []Sample {
	two := 2
	day := calendar.Date(2027, time.May, 10)
	list := templates.AdjustmentsPage{
		Shell: specialist(templates.TitleAdjustments, templates.AtTasks), Document: planHead(document.IsApproved, 1), Key: "0b1f", Begins: true,
		Rows: []templates.AdjustmentRow{
			{Name: templates.AdjustmentName(&two), URL: adjustmentURL, Chip: templates.AdjustmentChip(document.Approved, false), Order: templates.OrderText("12/QĐ-STC", &day, "Điều chỉnh Kế hoạch cải cách hành chính năm 2027"), Issuer: "Sở Tài chính", When: "10:20 ngày 12/05/2027"},
			{Name: templates.AdjustmentName(nil), URL: adjustmentURL, Chip: templates.AdjustmentChip(document.DivisionReview, false), When: "10:20 hôm nay"},
		},
		FirstURL: "/documents/" + yearly, Count: "24 nhiệm vụ",
	}
	head := adjustment(document.DivisionReview, document.Approve, document.Return)
	head.Reasons = true
	failed := adjustment(document.AuthorityReview, document.Confirm, document.Return)
	failed.Shell, failed.Reasons, failed.Failed, failed.ProblemsTitle = officer(templates.TitleAdjusting, templates.AtTasks), true, true, templates.ProblemsFound
	failed.Problems = []templates.Problem{{Text: "Nhiệm vụ 2: Nhiệm vụ đã có văn bản kết quả, không điều chỉnh được. Giữ nguyên như kế hoạch.", URL: adjustmentURL}}
	inForce := adjustment(document.Approved)
	inForce.Title, inForce.Note, inForce.PrintURL = "Điều chỉnh lần 2", "", "/documents/"+yearly+"/print.pdf?adjusted=2"
	blank := adjustment(document.Drafting, document.Submit, document.Discard)
	blank.Missing, blank.Writes, blank.Changes, blank.File, blank.Order, blank.History = true, true, nil, nil, nil, nil
	blank.AddURL, blank.Tasks = adjustmentURL+"/tasks/new1", []templates.Option{templates.ChooseTask()}
	order := templates.OrderPage{
		Shell: specialist(templates.TitleOrder, templates.AtTasks), Document: planHead(document.IsApproved, 1), Path: adjustmentURL, Base: 2,
		Draft: templates.OrderDraft{Number: "12/QĐ-STC", IssuedOn: "10/05/2027", Title: "Điều chỉnh kế hoạch"}, File: orderKept(), Accept: ".pdf", MaxSize: "20 MB",
	}
	order.Errors = rule.Broken(plan.OrderIssuerMissing, "issuer")
	stale := order
	stale.Errors, stale.Stale, stale.Lost = nil, true, "12-qd-stc.pdf"
	removed := adjustTask()
	removed.Removed, removed.Errors = true, rule.Broken(plan.AdjustReason, "reason", 2)
	added := adjustTask()
	added.New, added.Touched, added.Heading, added.Now, added.Draft = true, false, templates.TitleAddTask, nil, templates.TaskDraft{}
	conflict := adjustTask()
	conflict.Conflict = &templates.TaskConflict{By: "Trần Văn Khoa", When: "10:42 hôm nay", Cells: []templates.Pair{{Name: "Thời hạn", Value: "Quý IV/2027"}}}
	gone := adjustTask()
	gone.Conflict = &templates.TaskConflict{By: "Trần Văn Khoa", When: "10:42 hôm nay", Removed: true, Cells: []templates.Pair{{Name: "Lý do", Value: "Trùng nhiệm vụ của Thành phố"}}}
	waiting := templates.WaitingAdjustmentsPage{
		Shell: officer(templates.TitleWaiting, templates.AtTasks), Facts: templates.WaitingFacts(1),
		Rows: []templates.WaitingAdjustment{{URL: adjustmentURL, Unit: "Sở Tài chính", Campaign: "Kế hoạch CCHC năm 2027", Order: "Số 12/QĐ-STC: Điều chỉnh kế hoạch", Tasks: templates.AdjustedCount(3), Since: "10:20 ngày 12/05/2027", Chip: templates.AdjustmentChip(document.AuthorityReview, false)}},
	}
	none := templates.WaitingAdjustmentsPage{Shell: officer(templates.TitleWaiting, templates.AtTasks), Empty: templates.NoWaiting()}
	return []Sample{
		{"adjustments", "plan/adjustments", list}, {"adjustment-draft", "plan/adjustment", adjustmentDraft()}, {"adjustment-blank", "plan/adjustment", blank},
		{"adjustment-head", "plan/adjustment", head}, {"adjustment-failed", "plan/adjustment", failed}, {"adjustment-in-force", "plan/adjustment", inForce},
		{"adjustment-order", "plan/order", order}, {"adjustment-order-stale", "plan/order", stale},
		{"adjustment-task", "plan/adjust", adjustTask()}, {"adjustment-task-removed", "plan/adjust", removed},
		{"adjustment-task-new", "plan/adjust", added}, {"adjustment-task-conflict", "plan/adjust", conflict}, {"adjustment-task-gone", "plan/adjust", gone},
		{"adjustments-waiting", "plan/waiting", waiting}, {"adjustments-none", "plan/waiting", none},
	}
}
