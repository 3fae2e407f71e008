package samples

import (
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

const quarterly = "Báo cáo CCHC quý IV năm 2026"

func tasks() []Sample {
	review := func(unit, sender, sent, due, left string, late bool, flags ...templates.Flag) templates.TaskRow {
		return templates.TaskRow{URL: "/documents/bc-2026q4-STC", Subject: unit, Document: quarterly, Revision: 1, Flags: flags, Sender: sender, Sent: sent,
			Status: document.InAuthorityReview, Due: due, Left: left, Late: late}
	}
	warned := templates.Flag{Icon: "exclamation-triangle-fill", Class: "warn", Word: "2 cảnh báo có lý do"}
	valid := templates.Flag{Icon: "shield-check", Word: "Chữ ký hợp lệ"}
	again := review("Sở Tài chính", "Lê Hoàng Phương", "Giám đốc, ký số 17/12", "17:00 hôm nay", "Còn 6 giờ", false, valid)
	again.Revision = 2
	waiting := review("Xã Cần Giờ", "Nguyễn Văn Sáu", "Chủ tịch UBND, ký số 16/12", "17:00 hôm nay", "Còn 6 giờ", false)
	waiting.Pending = "Quyết định ghi nhận lúc 10:59"
	page := templates.TasksPage{
		Shell: officer("Việc của tôi", templates.AtTasks), Today: "Thứ Sáu 18/12/2026", Late: 1, DueNow: 6, Tab: "open",
		Tabs: []templates.Tab{{Label: "Cần xử lý", URL: "/tasks", Count: 23, HasZero: true, Current: true}, {Label: "Yêu cầu bổ sung", URL: "/tasks?tab=returned", Count: 9, HasZero: true},
			{Label: "Đang theo dõi", URL: "/tasks?tab=following", Count: 41, HasZero: true}, {Label: "Đã xử lý", URL: "/tasks?tab=done", Count: 156, HasZero: true}},
		Filters: templates.TaskFilters{Campaigns: options("Tất cả", "Quý IV năm 2026"), Groups: options("Tất cả", "Sở, ngành", "Phường", "Xã"),
			Statuses: options("Tất cả", "Chờ Sở Nội vụ"), Dues: options("Mọi hạn", "Quá hạn", "Hạn hôm nay"), Active: 2, ClearURL: "/tasks",
			Chips: []templates.FilterChip{{Label: "Đợt: Báo cáo CCHC quý IV năm 2026", URL: "/tasks?due=overdue"}, {Label: "Hạn: quá hạn", URL: "/tasks?campaign=bc-2026q4"}}},
		NextURL: "/tasks/next?due=overdue", Save: &templates.SaveView{Key: "k20", Query: "due=overdue"},
		Views: []templates.SavedView{{ID: 1, Name: "Quá hạn quý IV", URL: "/tasks?due=overdue", Home: true, Current: true}, {ID: 2, Name: "Phường đang chờ", URL: "/tasks?group=ward"}},
		Groups: []templates.TaskGroup{
			{Name: "Quá hạn", Icon: "exclamation-octagon-fill", Late: true, Count: 1, Rows: []templates.TaskRow{review("Sở Y tế", "Trần Hữu Nghĩa", "Giám đốc, ký số 15/12", "17:00 17/12/2026", "Quá 1 ngày làm việc", true, warned)}},
			{Name: "Hạn hôm nay", Icon: "calendar-event", Count: 3, Rows: []templates.TaskRow{again, waiting, review("Đặc khu Côn Đảo", "Phan Thị Diễm", "KT. Chủ tịch, ký số 16/12", "17:00 hôm nay", "Còn 6 giờ", false, warned, valid)}},
			{Name: "Sau hôm nay", Icon: "calendar-event", Count: 19, Rows: []templates.TaskRow{review("Phường Dĩ An", "Bùi Thế Vinh", "Chủ tịch UBND, ký số 17/12", "17:00 21/12/2026", "Còn 1 ngày làm việc", false)}},
		},
		Paging: templates.Paging{From: 1, To: 5, Total: 23, NextURL: "/tasks?page=2", Noun: "việc"},
	}
	none := page
	none.Shell = specialist("Việc của tôi", templates.AtTasks)
	none.Late, none.DueNow, none.Groups, none.Views, none.NextURL, none.Save = 0, 0, nil, nil, "", nil
	none.Flash = &templates.Flash{Tone: templates.ToneOK, Text: "Đã trình báo cáo.", More: "Trưởng phòng Trần Quốc Bảo đang giữ, hạn xử lý 17:00 thứ Năm 17/12/2026.", NextURL: "/tasks"}
	none.Filters = templates.TaskFilters{ClearURL: "/tasks"}
	none.Empty = templates.Empty{Title: "Bạn đã xử lý hết việc", Text: "Việc mới sẽ hiện ở đây khi có văn bản chuyển đến bạn.", URL: "/tasks?tab=following", Label: "Xem văn bản đang theo dõi"}
	broken := page
	broken.Errors = rule.Broken("view_name_taken", "name")
	broken.Save = &templates.SaveView{Key: "k21", Query: "due=overdue", Name: "Phường đang chờ", Open: true}
	views := templates.ViewsPage{Shell: officer("Bộ lọc đã lưu", templates.AtTasks), Views: []templates.SavedView{
		{ID: 1, Name: "Quá hạn quý IV", About: "Cần xử lý · Đợt: Báo cáo CCHC quý IV năm 2026 · Hạn: quá hạn", URL: "/tasks?due=overdue", Home: true, Key: "k22"},
		{ID: 2, Name: "Phường đang chờ", About: "Cần xử lý · Loại đơn vị: Phường", URL: "/tasks?group=ward", Key: "k23", Broken: true, Typed: "Quá hạn quý IV"},
	}}
	views.Crumbs = []templates.Crumb{{Label: "Việc của tôi", URL: "/tasks"}, {Label: "Bộ lọc đã lưu"}}
	views.Errors = rule.Broken("view_name_taken", "name")
	noViews := views
	noViews.Views, noViews.Errors, noViews.Empty = nil, nil, templates.NoViews()
	return []Sample{{"tasks", "tasks/list", page}, {"tasks-empty", "tasks/list", none}, {"tasks-broken", "tasks/list", broken},
		{"views", "tasks/views", views}, {"views-empty", "tasks/views", noViews}}
}

// options makes a select whose first choice is taken.
func options(labels ...string) []templates.Option {
	made := make([]templates.Option, len(labels))
	for i, label := range labels {
		made[i] = templates.Option{Value: label, Label: label, Selected: i == 0}
	}
	return made
}
