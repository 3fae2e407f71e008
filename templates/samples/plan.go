package samples

import (
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/prose"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

const yearly = "kh-2027y-STC"

func planHead(status document.Status, revision int) templates.DocumentHead {
	h := head(status, revision)
	h.ID, h.Title, h.Noun, h.Window = yearly, "Kế hoạch CCHC năm 2027", "kế hoạch", "Nhiệm vụ từ 01/01/2027 đến 31/12/2027"
	return h
}

func taskTexts() []templates.TaskText {
	return []templates.TaskText{
		{Number: 1, Name: "Ban hành kế hoạch kiểm tra cải cách hành chính", Target: "30 % đơn vị trực thuộc được kiểm tra", Product: "Kế hoạch", Lead: "Văn phòng Sở", Coordinating: "Thanh tra Sở; Phòng Tổng hợp", Time: "Quý I/2027"},
		{Number: 2, Name: "Rà soát văn bản quy phạm pháp luật thuộc phạm vi quản lý của Sở, kiến nghị sửa đổi, bãi bỏ văn bản không còn phù hợp", Product: "Báo cáo kết quả rà soát", Lead: "Sở Tư pháp", Time: "01/02/2027 – 30/06/2027", Note: "Theo Kế hoạch của Thành phố"},
		{Number: 3, Name: "Công khai thủ tục hành chính", Product: "Danh mục thủ tục (Quyết định)", Lead: "Phòng Đăng ký kinh doanh", Time: "Thường xuyên"},
	}
}

func planGroups() []templates.PlanGroup {
	texts := taskTexts()
	broken := templates.PlanRow{Key: "c", ID: "task-c", URL: "/documents/" + yearly + "/plan/c", Version: 3, About: "Minh Hạnh sửa lúc 09:10 hôm nay", TaskText: templates.TaskText{Number: 3},
		Problems: []templates.Problem{
			{Text: "Chưa ghi nhiệm vụ.", URL: "/documents/" + yearly + "/plan/c#name"},
			{Text: "Chưa ghi đơn vị hoặc người chủ trì.", URL: "/documents/" + yearly + "/plan/c#lead"},
		}}
	return []templates.PlanGroup{
		{Name: "I. Chỉ đạo, điều hành cải cách hành chính", Rows: []templates.PlanRow{{TaskText: texts[0], Key: "a", ID: "task-a", URL: "/documents/" + yearly + "/plan/a", Version: 1, About: "Minh Hạnh sửa lúc 16:20 hôm qua"}}},
		{Name: "II. Cải cách thể chế", Rows: []templates.PlanRow{
			{TaskText: texts[1], Stale: true, Key: "b", ID: "task-b", URL: "/documents/" + yearly + "/plan/b", Version: 2, Down: true, About: "Minh Hạnh sửa lúc 16:24 hôm qua"}, broken}},
	}
}

func planSide() []templates.SideItem {
	return []templates.SideItem{
		{Code: "I.1", Title: "Mục đích", URL: "/documents/" + yearly + "/sections/I.1", Icon: "check-lg", State: "đã viết"},
		{Code: "II", Title: "Nhiệm vụ trọng tâm", URL: "/documents/" + yearly + "/sections/II", Icon: "circle", State: "để trống"},
		{Title: "Bảng nhiệm vụ", URL: "/documents/" + yearly + "/plan", State: "2 lỗi", Bad: true, Current: true},
	}
}

// planGrid are the columns of the grid, which scripts alone show.
func planGrid() []templates.PlanColumn {
	columns := make([]templates.PlanColumn, len(plan.Columns))
	for i, column := range plan.Columns {
		columns[i] = templates.PlanColumn{Code: column, Name: words.TaskColumn(column), Heads: column, Most: plan.MaxText}
	}
	columns[0].Short, columns[0].Offers = true, []string{"Cải cách thể chế"}
	return columns
}

func plans() []Sample {
	shell := specialist("Bảng nhiệm vụ", templates.AtTasks)
	list := templates.PlanPage{
		Shell: shell, Document: planHead(document.InDrafting, 0), List: planSide(), AddURL: "/documents/" + yearly + "/plan/new1",
		Count: "3 nhiệm vụ", Summary: "Còn 2 chỗ phải sửa.", Broken: true, Groups: planGroups(), Grid: planGrid(), Saved: "16:24 hôm qua", SavedBy: "Minh Hạnh",
		Key: "k", Stale: 1, Carry: &templates.CarryOffer{Text: "Kế hoạch năm 2026 còn 5 nhiệm vụ chưa hoàn thành.", URL: "/documents/kh-2026y-STC/tracking"},
		Removed: []templates.RemovedTask{{Key: "z", Version: 2, Name: "Mở lớp tập huấn", About: "Trần Văn Khoa sửa lúc 08:10 hôm nay"}},
	}
	empty := templates.PlanPage{Shell: shell, Document: planHead(document.NotStarted, 0), List: planSide(), AddURL: list.AddURL, Count: "0 nhiệm vụ", Grid: planGrid()}
	task := templates.TaskPage{
		Shell: specialist("Nhiệm vụ 2", templates.AtTasks), Document: planHead(document.InDrafting, 0), List: planSide(), Key: "b", Base: 2, Heading: "Nhiệm vụ 2",
		Draft:  templates.TaskDraft{Name: taskTexts()[1].Name, Product: "Báo cáo", Lead: "Sở Tư pháp", Coordinating: "Văn phòng; Thanh tra", Deadline: "Quý II/2027"},
		Fields: []templates.Option{{Label: "Chọn lĩnh vực"}, {Value: "the-che", Label: "Cải cách thể chế", Selected: true}}, Products: []templates.Option{{Label: "Không chọn"}},
		Year: 2027, Saved: "16:24 hôm qua", SavedBy: "Minh Hạnh",
	}
	broken := task
	broken.Errors = rule.Errors{{Code: plan.DeadlineUnclear, Field: plan.ColumnDeadline, Args: []any{2}}, {Code: plan.LeadMissing, Field: plan.ColumnLead, Args: []any{2}}}
	conflict := task
	conflict.Conflict = &templates.TaskConflict{By: "Trần Văn Khoa", When: "10:42 hôm nay", Cells: []templates.Pair{{Name: "Thời hạn", Value: "Quý III/2027"}}}
	gone := task
	gone.Conflict = &templates.TaskConflict{By: "Trần Văn Khoa", When: "10:42 hôm nay", Removed: true}
	show := templates.DocumentPage{
		Shell: specialist("Kế hoạch CCHC năm 2027", templates.AtTasks), Document: planHead(document.InSigning, 1), Steps: steps(3), Due: due(),
		Reading: &templates.Reading{
			Sections: []templates.ReadSection{{Code: "I.1", Title: "Mục đích", Parent: "I. Mục đích, yêu cầu", Text: "Nâng cao chất lượng phục vụ."}},
			Planned:  "3 nhiệm vụ", Tasks: []templates.ReadTaskGroup{{Name: "I. Chỉ đạo, điều hành", Rows: taskTexts()[:1]}, {Name: "II. Cải cách thể chế", Rows: taskTexts()[1:]}},
		},
	}
	adjusted := show
	adjusted.Document, adjusted.Reading = planHead(document.IsApproved, 1), &templates.Reading{
		Planned: show.Reading.Planned, Tasks: show.Reading.Tasks,
		Adjusted: templates.AdjustedTable(2, words.AdjustedBy("12/QĐ-STC", calendar.Date(2027, time.May, 10)), "/documents/"+yearly+"?plan=approved"),
	}
	spans := []prose.Span{{Run: prose.Run{Text: "Quý II/2027"}, Mark: prose.Dropped}, {Run: prose.Run{Text: "Quý III/2027"}, Mark: prose.Added}}
	compared := templates.DifferencesPage{
		Shell: specialist("So sánh hai bản", templates.AtTasks), Document: planHead(document.InSigning, 2),
		From: []templates.Option{{Value: "1", Label: "Lần 1", Selected: true}}, To: []templates.Option{{Value: "2", Label: "Lần 2", Selected: true}},
		Differences: &templates.Differences{Before: "Lần 1", After: "Lần 2", Count: 4, Tasks: []templates.TaskDifference{
			{Spot: templates.Spot{Number: 1, Of: 4}, Change: "Sửa", Row: "2", Name: "Rà soát văn bản", Cells: []templates.TaskCellDifference{{Column: "Thời hạn", Spans: spans}}},
			{Spot: templates.Spot{Number: 2, Of: 4}, Change: "Thêm", Row: "3", Name: "Mở lớp tập huấn", Added: true},
			{Spot: templates.Spot{Number: 3, Of: 4}, Change: "Bỏ", Row: "4", Name: "Khảo sát", Gone: true},
			{Spot: templates.Spot{Number: 4, Of: 4}, Change: "Chuyển chỗ", Row: "1 → 5", Name: "Công khai thủ tục"},
		}},
	}
	imported := templates.PlanImportPage{
		Shell: specialist("Nhập từ Excel", templates.AtTasks), Document: planHead(document.InDrafting, 0), Key: "k",
		Template: "/documents/" + yearly + "/plan/template.xlsx", Export: "/documents/" + yearly + "/plan/tasks.xlsx", MaxSize: "5 MB",
	}
	preview := imported
	preview.File, preview.Action, preview.Lines, preview.Same = "Kế hoạch CCHC 2027.xlsx", "/documents/"+yearly+"/plan/import/"+strings.Repeat("a", 64), 24, 21
	preview.Differences, preview.Missing = compared.Differences.Tasks, []string{"Khảo sát sự hài lòng", ""}
	preview.Bases = []templates.HiddenField{{Name: "base.a", Value: "2"}}
	preview.Marks = []templates.ImportMark{{Cell: "G7", Text: "Chưa ghi đơn vị hoặc người chủ trì."}}
	preview.Marked = preview.Action + "/marked.xlsx"
	wrong := preview
	wrong.Blocked = 2
	wrong.Marks = []templates.ImportMark{
		{Cell: "B6", Text: "Biểu mẫu không có lĩnh vực này."}, {Cell: "J6", Text: "Chưa đọc được thời hạn. Ghi ngày (30/06/2026), tháng (tháng 6/2026), quý (quý II/2026), thường xuyên hoặc theo yêu cầu."},
	}
	unread := imported
	unread.File, unread.Action = "Kế hoạch.xls", preview.Action
	unread.Errors = rule.Errors{{Code: "workbook_unreadable", Field: "file", Args: []any{"Kế hoạch.xls"}}}
	return []Sample{
		{"plan-import", "plan/import", imported}, {"plan-import-preview", "plan/import", preview},
		{"plan-import-wrong", "plan/import", wrong}, {"plan-import-unread", "plan/import", unread},
		{"plan", "plan/list", list}, {"plan-empty", "plan/list", empty},
		{"plan-task", "plan/task", task}, {"plan-task-broken", "plan/task", broken},
		{"plan-task-conflict", "plan/task", conflict}, {"plan-task-gone", "plan/task", gone},
		{"plan-tracking", "plan/tracking", tracking()}, {"plan-tracking-empty", "plan/tracking", trackingNone()},
		{"plan-tracked", "plan/tracked", tracked()}, {"plan-tracked-city", "plan/tracked", trackedCity()}, {"plan-tracked-city-none", "plan/tracked", trackedCityNone()}, {"plan-tracked-read", "plan/tracked", trackedDone()},
		{"plan-result", "plan/result", result()}, {"plan-result-broken", "plan/result", resultBroken()},
		{"plan-result-withdraw", "plan/result", withdrawal()},
		{"plan-read", "document/show", show}, {"plan-read-adjusted", "document/show", adjusted}, {"plan-differences", "document/differences", compared},
	}
}
