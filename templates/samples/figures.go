package samples

import (
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

func figures() []Sample {
	page := templates.FiguresPage{Shell: specialist("3. Cải cách thủ tục hành chính", templates.AtCampaigns), Document: head(document.InDrafting, 0), Group: 3, Heading: "3. Cải cách thủ tục hành chính",
		Saved: "10:42", Previous: "Quý III", LastYear: "Quý IV năm 2025", Current: "Quý IV",
		Summary: "Nhóm 3: còn 1 lỗi, 1 lý do và 1 ô chưa nhập.", Problem: &templates.Link{URL: "#figure-3-18"}, Next: &templates.Link{URL: "/documents/" + stc + "/figures/4"},
		List: []templates.SideItem{{Code: "II.2", Title: "Cải cách thủ tục hành chính", URL: "/documents/" + stc + "/sections/II.2", State: "đã viết", Icon: "check-lg"},
			{Group: 1, Code: "1", Title: "Chỉ đạo, điều hành", URL: "/documents/" + stc + "/figures/1", State: "21/21"}, {Group: 2, Code: "2", Title: "Cải cách thể chế", URL: "/documents/" + stc + "/figures/2", State: "9/9"},
			{Group: 3, Code: "3", Title: "Cải cách thủ tục hành chính", URL: "/documents/" + stc + "/figures/3", State: "1 lỗi", Bad: true, Current: true}, {Group: 4, Code: "4", Title: "Cải cách tổ chức bộ máy", URL: "/documents/" + stc + "/figures/4", State: "10/10"}},
		Rows: figureRows()}
	page.Crumbs = crumbs("Nhóm 3")
	first := page
	first.Previous, first.LastYear, first.Problem = "", "", nil
	first.Rows = []templates.FigureRow{{Code: "3.14", Name: "Hồ sơ tiếp nhận mới trong kỳ", Unit: "hồ sơ", Value: "12.934", Version: 1}}
	conflict := page
	conflict.Rows = append([]templates.FigureRow{}, page.Rows...)
	conflict.Rows[1].Conflict = &templates.FigureConflict{Version: 2, By: "Trần Văn Khoa", When: "10:42 hôm nay", Mine: "12.934", Theirs: "12.943", TheirsReason: "Đối chiếu lại với Cổng Dịch vụ công"}
	conflict.Rows[9].Conflict = &templates.FigureConflict{Version: 1, By: "Trần Văn Khoa", When: "10:42 hôm nay", Mine: "2"}
	return []Sample{{"figures", "document/figures", page}, {"figures-first", "document/figures", first}, {"figures-conflict", "document/figures", conflict}}
}

func figureRows() []templates.FigureRow {
	row := func(code, name, unit, value string, previous, lastYear templates.Compared) templates.FigureRow {
		return templates.FigureRow{Code: code, Name: name, Unit: unit, Value: value, Previous: previous, LastYear: lastYear, Version: 1}
	}
	was := func(value, change string) templates.Compared { return templates.Compared{Value: value, Change: change} }
	rows := []templates.FigureRow{
		row("3.13", "Hồ sơ tồn kỳ trước chuyển sang", "hồ sơ", "1.206", was("1.118", "+7,9 %"), was("1.044", "+15,5 %")),
		row("3.14", "Hồ sơ tiếp nhận mới trong kỳ", "hồ sơ", "12.934", was("11.870", "+9,0 %"), was("12.410", "+4,2 %")),
		row("3.15", "Trực tuyến", "hồ sơ", "11.902", was("10.512", "+13,2 %"), was("9.870", "+20,6 %")),
		row("3.18", "Hồ sơ đã giải quyết", "hồ sơ", "12.480", was("11.724", "+6,4 %"), was("12.190", "+2,4 %")),
		row("3.19", "Trước hạn", "hồ sơ", "7.315", was("6.890", "+6,2 %"), was("7.020", "+4,2 %")),
		row("3.20", "Đúng hạn", "hồ sơ", "5.021", was("4.712", "+6,6 %"), was("5.010", "+0,2 %")),
		row("3.22", "Hồ sơ đang giải quyết", "hồ sơ", "1.593", was("1.206", "+32,1 %"), was("1.206", "+32,1 %")),
		row("3.26", "Tỷ lệ đúng hạn", "%", "98,85", was("98,96", ""), was("98,69", "")),
		row("3.28", "PAKN tiếp nhận", "PAKN", "38", was("29", "+31,0 %"), was("29", "+31,0 %")),
		row("3.31", "PAKN quá hạn (trên 15 ngày làm việc)", "PAKN", "", was("0", ""), templates.Compared{}),
	}
	for i := range rows {
		switch rows[i].Code {
		case "3.13":
			rows[i].Locked = "Lấy từ 3.22 của quý III"
		case "3.15", "3.19", "3.20":
			rows[i].Indent = 1
		case "3.18":
			rows[i].Errors = rule.Broken("figure_equation", "figure.3.18", "3.18=3.19+3.20+3.21", "12480", "12482")
		case "3.22":
			rows[i].Warnings, rows[i].Reason = changed("3.22", "1206", "1593"), "Hồ sơ đăng ký doanh nghiệp tăng cuối năm"
		case "3.26":
			rows[i].Computed, rows[i].Above, rows[i].Below = true, "3.19+3.20", "3.18"
		case "3.28":
			rows[i].Warnings, rows[i].Offered = changed("3.28", "29", "38"), "Đợt đối thoại doanh nghiệp"
			rows[i].Known = &templates.KnownNumber{Text: templates.KnownText("Kế hoạch CCHC năm 2026", "36", true, calendar.Date(2026, 12, 14)), URL: "/documents/kh-2026y-STC/board"}
		case "3.31":
			rows[i].Blank = true
		}
	}
	return rows
}

func changed(code, before, now string) rule.Errors {
	return rule.Broken("figure_change", "figure."+code, before, now, 30)
}
