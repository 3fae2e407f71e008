package samples

import (
	"cchc/domain/document"
	"cchc/domain/prose"
	"cchc/domain/rule"
	"cchc/templates"
)

const hash = "7c419e0b55a318f2c0d76a943b1e80cc94f207ab6d15e3c822905b7fa6e1d2f6"

func reviews() []Sample {
	check := templates.CheckPage{Shell: specialist("Kiểm tra trước khi trình", templates.AtCampaigns), Document: head(document.InDrafting, 0), Key: "k2", ContentHash: hash, Reviewer: "Trưởng phòng Trần Quốc Bảo sẽ xem xét",
		Warnings: []templates.Problem{{Text: "3.22: Thay đổi quá 30 %.", About: "Hồ sơ đăng ký doanh nghiệp tăng cuối năm.", URL: "/documents/" + stc + "/figures/3#figure-3-22"}},
		Ready:    []templates.CheckLine{{State: "ok", Text: "10 phần lời đã đủ"}, {State: "ok", Text: "105/105 chỉ tiêu"}, {State: "ok", Text: "Người soạn, người duyệt khác nhau"}}}
	check.Crumbs = crumbs("Kiểm tra")
	broken := check
	broken.Ready = check.Ready[2:]
	broken.Problems = []templates.Problem{{Text: "3.18: phải bằng 3.19 + 3.20 + 3.21. Đang lệch 2.", URL: "/documents/" + stc + "/figures/3#figure-3-18"}, {Text: "III. Đánh giá chung: chưa có nội dung.", URL: "/documents/" + stc + "/sections/III#text"}}
	recall := templates.RecallPage{Shell: specialist("Thu hồi văn bản", templates.AtCampaigns), Document: head(document.InDivisionReview, 1), Key: "k3", Revision: 1, Holder: "Trưởng phòng Trần Quốc Bảo"}
	recall.Crumbs = crumbs("Thu hồi")
	review := templates.ReviewPage{Shell: officer("Sở Tài chính: "+quarterly, templates.AtTasks), Document: head(document.InAuthorityReview, 2, templates.Flag{Icon: "check-circle-fill", Class: "ok", Word: "Nộp lần đầu đúng hạn"}), Key: "k4", Revision: 2, ContentHash: hash, Steps: steps(4),
		Due:       &templates.DueLine{Sentence: "Sở Nội vụ xử lý trước 24:00 thứ Sáu 18/12/2026.", Reason: "Bạn đang giữ từ 09:18 ngày 17/12/2026."},
		Authority: true, MayDecide: true, MayReturn: true,
		Summary: []templates.CheckLine{{State: "ok", Text: "Chữ ký hợp lệ", About: "Lê Hoàng Phương, Giám đốc"}, {State: "ok", Text: "Đủ 10 phần, 105/105 chỉ tiêu"}, {State: "warn", Text: "1 cảnh báo số liệu, có lý do", About: "3.22"}},
		Tabs:    []templates.Tab{{Label: "Nội dung", URL: "/documents/" + stc + "/review", Current: true}, {Label: "Khác lần 1", URL: "/documents/" + stc + "/review?view=changes", Count: 3}},
		Reading: reading(), Prints: []templates.File{{Label: "Số 412/BC-STC, đã ký số", About: "486 KB", URL: "/documents/" + stc + "/revisions/2/signed.pdf"}}, Timeline: timeline(),
		Returned: nil}
	review.Crumbs = []templates.Crumb{{Label: "Việc của tôi", URL: "/tasks"}, {Label: "Sở Tài chính"}}
	changed := review
	changed.Reading, changed.Changes, changed.Points = nil, changes(), pointList(false)
	changed.Tabs = []templates.Tab{{Label: "Nội dung", URL: "/documents/" + stc + "/review"}, {Label: "Khác lần 1", URL: "/documents/" + stc + "/review?view=changes", Count: 3, Current: true}}
	returning := templates.ReturnPage{Shell: officer("Trả lại để bổ sung", templates.AtTasks), Document: head(document.InAuthorityReview, 2), Key: "k5", Revision: 2, ContentHash: hash, ReceiverIs: "Nguyễn Thị Minh Hạnh, chuyên viên Sở Tài chính", NewDue: "Hạn nộp lại 24:00 thứ Ba 22/12/2026."}
	returning.Crumbs = []templates.Crumb{{Label: "Việc của tôi", URL: "/tasks"}, {Label: "Sở Tài chính", URL: "/documents/" + stc + "/review"}, {Label: "Trả lại"}}
	returning.Errors = rule.Broken(document.ReasonMissing, "reason")
	places := []templates.Option{{Label: templates.WholeContent}, {Value: "section.II.2", Label: "Phần II.2. Cải cách thủ tục hành chính"}, {Value: "figure.3.21", Label: "3.21 Hồ sơ trễ hạn"}}
	typed := []document.Point{{Field: "section.II.2", Must: true, Text: "Nêu rõ nguyên nhân hồ sơ trễ hạn."}, {Field: "figure.3.21"}, {Must: true}}
	for i, one := range typed {
		returning.Points = append(returning.Points, templates.NewPointRow(i+1, places, one))
	}
	returning.Errors.Add(document.PointBlank, document.PointField(2, "text"))
	extend := templates.DuePage{Shell: officer("Gia hạn", templates.AtCampaigns), Document: head(document.InDrafting, 0), Key: "k13", Action: document.Extend, Due: due(), Until: "22/12/2026"}
	extend.Crumbs = crumbs("Gia hạn")
	exempt := extend
	exempt.Title, exempt.Action = "Miễn báo cáo", document.Exempt
	exempt.Errors = rule.Broken(document.ReasonMissing, "reason")
	return []Sample{{"extend", "document/due", extend}, {"exempt", "document/due", exempt}, {"check", "document/check", check}, {"check-broken", "document/check", broken}, {"recall", "document/recall", recall},
		{"review", "document/review", review}, {"review-changes", "document/review", changed}, {"return", "document/return", returning}}
}

func changes() *templates.Differences {
	run := func(text string) prose.Run { return prose.Run{Text: text} }
	spot := func(n int) templates.Spot { return templates.Spot{Number: n, Of: 7} }
	return &templates.Differences{Before: "Lần 1", After: "Lần 2", Count: 7,
		Sections: []templates.SectionDifference{{Title: "II.2. Cải cách thủ tục hành chính", Parts: []templates.ProseDifference{
			{Same: "a) Kiểm soát thủ tục hành chính\nTrong kỳ, Sở đã công bố **17** thủ tục.", Alike: 2},
			{Spot: spot(1), Block: templates.BlockDifference{Kind: prose.Paragraph, Spans: []prose.Span{
				{Run: run("Số hồ sơ đã giải quyết là 12.482; có ")}, {Run: run("144 "), Mark: prose.Dropped}, {Run: run("146 "), Mark: prose.Added}, {Run: run("hồ sơ trễ hạn. ")},
				{Run: prose.Run{Text: "Nguyên nhân ", Bold: true}, Mark: prose.Restyled}, {Run: run("chủ yếu do khách quan."), Mark: prose.Dropped}, {Run: run("do hệ thống liên thông thuế gián đoạn từ ngày 02 đến ngày 04 tháng 11."), Mark: prose.Added}}}},
			{Spot: spot(2), Block: templates.BlockDifference{Kind: prose.Bullet, Lead: "–", Look: "Đổi cách trình bày: đoạn văn thành gạch đầu dòng.", Spans: []prose.Span{{Run: run("Sở đã gửi 121 thư xin lỗi.")}}}},
			{Spot: spot(3), Block: templates.BlockDifference{Kind: prose.Table, Rows: []prose.Row{
				{Cells: [][]prose.Span{{{Run: run("Lĩnh vực")}}, {{Run: run("Trễ hạn")}}}},
				{Cells: [][]prose.Span{{{Run: run("Đăng ký doanh nghiệp")}}, {{Run: run("98"), Mark: prose.Dropped}, {Run: run("100"), Mark: prose.Added}}}},
				{Mark: prose.Added, Cells: [][]prose.Span{{{Run: run("Đầu tư")}}, {{Run: run("46")}}}}}}},
		}}, {Title: "III. Đánh giá chung", Parts: []templates.ProseDifference{{Spot: spot(4), Block: templates.BlockDifference{Kind: prose.Paragraph,
			Spans: []prose.Span{{Run: run("So với quý IV năm 2025, số hồ sơ tiếp nhận tăng 11,4 %."), Mark: prose.Added}}}}}}},
		Cells: []templates.CellDifference{
			{Spot: spot(5), Code: "3.21", Name: "Hồ sơ trễ hạn", Before: "144", After: "146", Change: "+2", Reason: "Đã đối chiếu với Cổng Dịch vụ công."},
			{Spot: spot(6), Code: "3.26", Name: "Tỷ lệ đúng hạn", Before: "98,85", After: "98,83", Change: "−0,02", Computed: true}},
		Files: []templates.FileDifference{{Spot: spot(7), Name: "Bien-ban-su-co-lien-thong.pdf", About: "1,1 MB", URL: "/documents/" + stc + "/files/0a", Added: true}},
	}
}

func comparisons() []Sample {
	page := templates.DifferencesPage{Shell: specialist("So sánh hai bản", templates.AtTasks), Document: head(document.Returned, 2), Differences: changes(),
		From: []templates.Option{{Value: "1", Label: "Lần 1, Nguyễn Thị Minh Hạnh trình 09:40 ngày 16/12", Selected: true}, {Value: "2", Label: "Lần 2, Nguyễn Thị Minh Hạnh trình 08:12 ngày 17/12"}},
		To:   []templates.Option{{Value: "2", Label: "Lần 2, Nguyễn Thị Minh Hạnh trình 08:12 ngày 17/12", Selected: true}, {Value: "draft", Label: "Bản đang soạn"}}}
	page.Crumbs = crumbs("So sánh")
	none := page
	none.Differences, none.Only = nil, true
	return []Sample{{"differences", "document/differences", page}, {"differences-none", "document/differences", none}}
}
