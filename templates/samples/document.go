package samples

import (
	"strconv"

	"cchc/domain/document"
	"cchc/domain/prose"
	"cchc/domain/rule"
	"cchc/templates"
)

const stc = "bc-2026q4-STC"

// head is the sample document at a status.
func head(status document.Status, revision int, flags ...templates.Flag) templates.DocumentHead {
	return templates.DocumentHead{ID: stc, Title: quarterly, Noun: "báo cáo", Unit: "Sở Tài chính", Window: "Số liệu từ 15/09/2026 đến 14/12/2026",
		Form: "Biểu mẫu phiên bản 1", Revision: revision, Status: status, Flags: flags}
}

func crumbs(last string) []templates.Crumb {
	return []templates.Crumb{{Label: "Đợt báo cáo", URL: "/campaigns"}, {Label: quarterly, URL: "/campaigns/bc-2026q4"}, {Label: "Sở Tài chính", URL: "/documents/" + stc}, {Label: last}}
}

// steps puts the mark at the n-th step, from 1.
func steps(now int) []templates.Step {
	all := []templates.Step{
		{Name: "Soạn", Person: "Nguyễn Thị Minh Hạnh", When: "09:40 ngày 16/12"},
		{Name: "Trưởng phòng", Person: "Trần Quốc Bảo", When: "14:05 ngày 16/12"},
		{Name: "Ký số", Person: "Lê Hoàng Phương", When: "15:20 ngày 16/12"},
		{Name: "Sở Nội vụ", Person: "Chuyên viên Sở Nội vụ", When: "trong 2 ngày làm việc"},
		{Name: "Duyệt"},
	}
	for i := range all {
		switch {
		case i+1 < now:
			all[i].State = "done"
		case i+1 == now:
			all[i].State, all[i].When = "now", "đang giữ từ 14:05 ngày 16/12"
		default:
			all[i].When = ""
		}
	}
	return all
}

func due() *templates.DueLine {
	return &templates.DueLine{Sentence: "Còn 2 ngày làm việc, nộp trước thứ Sáu 18/12/2026, chậm nhất 24:00 thứ Năm 17/12/2026.",
		Reason: "Giờ nộp tính theo lúc Thủ trưởng ký số.",
		Why: &templates.Why{Steps: []string{
			"Thời gian chốt số liệu: từ 15/09/2026 đến 14/12/2026 (Nghị định 09/2019/NĐ-CP Điều 12.2).",
			"Sau ngày chốt, đơn vị có 3 ngày làm việc: 15, 16 và 17/12/2026.",
			"Nộp trước ngày 18/12/2026, không tính ngày 18/12 (Quyết định 1439/QĐ-UBND Điều 8.1a).",
			"Chậm nhất 24:00 thứ Năm 17/12/2026.",
		}, Days: []templates.CalendarDay{
			{Weekday: "CN", Date: "13/12", Word: "nghỉ", Class: "off"}, {Weekday: "T2", Date: "14/12", Word: "chốt số liệu", Class: "key"},
			{Weekday: "T3", Date: "15/12"}, {Weekday: "T4", Date: "16/12"}, {Weekday: "T5", Date: "17/12", Word: "hạn cuối", Class: "last"},
			{Weekday: "T6", Date: "18/12", Word: "trước ngày"}, {Weekday: "T7", Date: "19/12", Word: "nghỉ", Class: "off"},
		}}}
}

func comments() *templates.Comments {
	return &templates.Comments{URL: "/documents/" + stc + "/comments", Key: "k7", All: []templates.Comment{
		{ID: 1, Who: "Trần Quốc Bảo", Body: "Phần II.2 nêu rõ nguyên nhân hồ sơ trễ hạn lĩnh vực đăng ký doanh nghiệp.", At: at(14, 16, 40)},
		{ID: 2, Who: "Trần Văn Khoa", Body: "Đã hỏi Phòng Đăng ký kinh doanh, chiều nay có số.", At: at(15, 9, 10)},
	}}
}

func timeline() []templates.TimelineEntry {
	return []templates.TimelineEntry{
		{Icon: "arrow-return-left", Tone: "warn", Who: "Trần Quốc Bảo", Text: "đã trả lại để bổ sung", Quote: "II.2: nêu rõ nguyên nhân hồ sơ trễ hạn.\n3.21: đối chiếu lại với Cổng Dịch vụ công.", At: at(16, 14, 5)},
		{Icon: "send", Tone: "act", Who: "Nguyễn Thị Minh Hạnh", Text: "đã trình trưởng phòng lần 1", At: at(16, 9, 40)},
		{Icon: "bell", Text: "Hệ thống nhắc trước hạn 1 ngày làm việc", At: at(16, 8, 0)},
		{Icon: "play-fill", Tone: "ok", Who: "Phạm Đức Long", Text: "đã mở đợt", At: at(1, 8, 15)},
	}
}

var sectionNames = [][2]string{
	{"I", "Công tác chỉ đạo, điều hành cải cách hành chính"}, {"II.1", "Cải cách thể chế"}, {"II.2", "Cải cách thủ tục hành chính"},
	{"II.3", "Cải cách tổ chức bộ máy"}, {"II.4", "Cải cách chế độ công vụ"}, {"II.5", "Cải cách tài chính công"},
	{"II.6", "Xây dựng, phát triển Chính quyền số"}, {"III", "Đánh giá chung"}, {"IV", "Phương hướng, nhiệm vụ kỳ sau"}, {"V", "Kiến nghị, đề xuất"},
}

func sectionList() *templates.SectionList {
	list := &templates.SectionList{Summary: "Đã viết 6 trong 9 phần bắt buộc", PrintURL: "/documents/" + stc + "/draft.pdf", CopyURL: "/documents/" + stc + "/copy", CopyFrom: "Quý III"}
	for i, s := range sectionNames {
		task := templates.SectionTask{Code: s[0], Title: s[1], URL: "/documents/" + stc + "/sections/" + s[0], About: "Minh Hạnh sửa lúc 16:20 ngày 14/12", State: templates.SectionChip(templates.SectionWritten, 0)}
		if i > 5 {
			task.About, task.State = "Kỳ trước có 412 từ", templates.SectionChip(templates.SectionBlank, 0)
		}
		if i == 9 {
			task.About, task.State = "Không bắt buộc", templates.SectionChip(templates.SectionOptional, 0)
		}
		switch i {
		case 1:
			task.About, task.State = "Được nêu khi trả lại, chưa sửa từ đó", templates.SectionChip(templates.SectionMend, 0)
		case 2:
			task.Place, task.Here = "sections/II.2", "Trần Văn Khoa đang mở phần này"
		case 3:
			task.About, task.State = "Minh Hạnh sửa lúc 16:20 ngày 14/12 · 318 từ · 3 đoạn chưa cập nhật", templates.SectionChip(templates.SectionStale, 0)
		}
		list.Sections = append(list.Sections, task)
	}
	states := []templates.SectionState{templates.SectionFull, templates.SectionFull, templates.SectionBroken, templates.SectionPartly, templates.SectionDoubtful, templates.SectionFull, templates.SectionBlank}
	for i, name := range []string{"Chỉ đạo, điều hành", "Cải cách thể chế", "Cải cách thủ tục hành chính", "Cải cách tổ chức bộ máy", "Cải cách chế độ công vụ", "Cải cách tài chính công", "Xây dựng Chính quyền số"} {
		code := string(rune('1' + i))
		list.Figures = append(list.Figures, templates.SectionTask{Code: code, Title: name, URL: "/documents/" + stc + "/figures/" + code, About: "30/31 chỉ tiêu đã nhập", State: templates.SectionChip(states[i], 1)})
	}
	list.Files = []templates.SectionTask{{Code: "Tệp", Title: "Tệp kèm theo", URL: "/documents/" + stc + "/files", About: "2 tệp, 3,4 MB", State: templates.SectionChip(templates.SectionFull, 0)}}
	return list
}

// narrative has every kind of block that a section may hold.
const narrative = `**a) Kiểm soát và công khai thủ tục hành chính**
Trong kỳ, Sở đã tham mưu công bố mới, sửa đổi 17 thủ tục hành chính và bãi bỏ 6 thủ tục. Toàn bộ 214 thủ tục đang có hiệu lực được công khai *đúng hạn* trên Cổng Dịch vụ công quốc gia và tại nơi tiếp nhận.
**b) Giải quyết hồ sơ**
Tiếp nhận mới **12.934** hồ sơ, tăng 9,0% so với quý III. Hồ sơ trễ hạn tập trung ở lĩnh vực đăng ký doanh nghiệp. Nguyên nhân chính:
- Hệ thống liên thông thuế gián đoạn từ ngày 02 đến ngày 04 tháng 11 năm 2026;
  - lần thứ nhất vào giờ cao điểm;
  - lần thứ hai kéo dài một ngày.
- Số hồ sơ thành lập mới tăng vào cuối năm.
1. Đã gửi 121 thư xin lỗi.
2. Đã bổ sung 02 nhân sự cho bộ phận tiếp nhận.
| Chỉ tiêu | Quý III | Quý IV |
| --- | --- | --- |
| Hồ sơ tiếp nhận | 11.870 | **12.934** |
| Hồ sơ trễ hạn | 122 | 146 |`

func reading() *templates.Reading {
	return &templates.Reading{Previous: "Quý III", Current: "Quý IV",
		Sections: []templates.ReadSection{
			{Code: "I", Title: "Công tác chỉ đạo, điều hành cải cách hành chính", Text: "Trong kỳ, Sở đã ban hành 14 văn bản chỉ đạo, điều hành; hoàn thành 46/48 nhiệm vụ của Kế hoạch năm, đạt 95,83%.\n\nĐã tổ chức 04 cuộc giao ban chuyên đề và kiểm tra tại 05 đơn vị trực thuộc; toàn bộ 11 vấn đề đặt ra sau kiểm tra đã được xử lý."},
			{Code: "II.1", Title: "Cải cách thể chế", Parent: "II. Kết quả thực hiện các nội dung", Text: "Đã tham mưu ban hành 03 quyết định quy phạm pháp luật đúng tiến độ."},
			{Code: "II.2", Title: "Cải cách thủ tục hành chính", Text: narrative},
			{Code: "V", Title: "Kiến nghị, đề xuất"},
		},
		Groups: []templates.ReadGroup{{Name: "3. Cải cách thủ tục hành chính", Rows: []templates.ReadFigure{
			{Code: "3.18", Name: "Hồ sơ đã giải quyết", Unit: "hồ sơ", Previous: "11.724", Value: "12.482", Change: "↑ 6,5 %"},
			{Code: "3.19", Name: "trước hạn", Unit: "hồ sơ", Indent: 1, Previous: "6.890", Value: "7.315", Change: "↑ 6,2 %"},
			{Code: "3.22", Name: "Hồ sơ đang giải quyết", Unit: "hồ sơ", Previous: "1.206", Value: "1.593", Change: "↑ 32,1 %", Warning: "Thay đổi quá 30 %.", Reason: "Hồ sơ đăng ký doanh nghiệp tăng cuối năm."},
			{Code: "3.26", Name: "Tỷ lệ đúng hạn", Unit: "%", Previous: "98,96", Value: "98,83"},
		}}},
		Files: []templates.File{{Label: "Danh mục văn bản.pdf", About: "1,2 MB", URL: "/documents/" + stc + "/files/0a1b", Icon: "paperclip"}},
	}
}

// pointList is what a return asks for; who writes has the forms.
func pointList(writes bool) *templates.PointList {
	list := &templates.PointList{Left: templates.PointsLeft(1), Open: true, All: []templates.PointItem{
		{ID: "point-1", Place: "Phần II.2. Cải cách thủ tục hành chính", Chip: templates.PointChip(true, false), Text: "Nêu rõ nguyên nhân hồ sơ trễ hạn."},
		{ID: "point-2", Place: "3.21 Hồ sơ trễ hạn", Chip: templates.PointChip(true, true), Text: "Đối chiếu lại với Cổng Dịch vụ công.", Answer: "Đã đối chiếu, số đúng là 146.", By: "Nguyễn Thị Minh Hạnh, 09:40 hôm nay"},
		{ID: "point-3", Place: templates.WholeContent, Chip: templates.PointChip(false, false), Text: "Rút gọn phần mở đầu."},
	}}
	if writes {
		for i := range list.All {
			one := &list.All[i]
			one.Form = &templates.PointForm{ID: "answer-" + strconv.Itoa(i+1), URL: "/documents/" + stc + "/points/" + strconv.Itoa(i+1), Key: "p" + strconv.Itoa(i), Typed: one.Answer, Again: one.Answer != "", Open: i == 0}
		}
		list.All[0].URL, list.All[1].URL = "/documents/"+stc+"/sections/II.2", "/documents/"+stc+"/figures/3#figure-3-21"
	}
	return list
}

func documents() []Sample {
	drafting := templates.DocumentPage{Comments: comments(), Shell: specialist(quarterly, templates.AtCampaigns), Document: head(document.InDrafting, 0), Steps: steps(1), Due: due(),
		Sections: sectionList(), Before: "Trước khi trình: còn 3 phần, 1 lỗi và 2 lý do phải bổ sung.",
		Actions: []templates.Button{{Label: "Trình trưởng phòng", URL: "/documents/" + stc + "/check", Primary: true}}, Timeline: timeline()[3:],
		Facts: []templates.Pair{{Name: "Đơn vị", Value: "Sở Tài chính"}, {Name: "Người soạn", Value: "Nguyễn Thị Minh Hạnh"}}}
	drafting.Document.Company = company()
	drafting.Crumbs = crumbs("")[:3]
	drafting.Crumbs[2].URL = ""
	returned := drafting
	returned.Document = head(document.Returned, 1, templates.OverdueFlag("Quá hạn 1 ngày làm việc"))
	returned.Due = &templates.DueLine{Tone: "late", Sentence: "Quá 1 ngày làm việc, hạn 24:00 thứ Năm 17/12/2026.", Why: due().Why}
	returned.Returned = &templates.ReturnNotice{What: "đã trả lại để bổ sung", By: "Trần Quốc Bảo", When: "14:05 ngày 16/12/2026", Until: "nộp lại trước 24:00 thứ Ba 22/12/2026", Reason: "II.2: nêu rõ nguyên nhân hồ sơ trễ hạn.\n3.21: đối chiếu lại với Cổng Dịch vụ công.", Round: 2}
	returned.Points = pointList(true)
	returned.Timeline = timeline()
	returned.Prints = []templates.File{{Label: "Bản in lần 1", About: "Dự thảo, trình 09:40 ngày 16/12/2026", URL: "/documents/" + stc + "/revisions/1/print.pdf"}}
	approved := templates.DocumentPage{Shell: officer("Sở Tài chính: "+quarterly, templates.AtCampaigns), Document: head(document.IsApproved, 2), Steps: steps(6),
		Due:     &templates.DueLine{Icon: "check-circle", Tone: "done", Sentence: "Nộp lần đầu đúng hạn, 16/12/2026 lúc 15:20."},
		Reading: reading(), Timeline: timeline(), Operator: &templates.Link{Label: "Mở quy trình trong Temporal", URL: "https://temporal.example.test/namespaces/cchc/workflows/" + stc},
		Prints: []templates.File{{Label: "Số 412/BC-STC, đã ký số", About: "Lần 2, Lê Hoàng Phương ký 09:18 ngày 17/12/2026, 486 KB", URL: "/documents/" + stc + "/revisions/2/signed.pdf"}, {Label: "Bản in lần 1", About: "Dự thảo", URL: "/documents/" + stc + "/revisions/1/print.pdf"}},
		Facts:  []templates.Pair{{Name: "Số văn bản", Value: "412/BC-STC"}, {Name: "Mã tiếp nhận", Value: "2026Q4-STC-7C41", Mono: true}, {Name: "Nộp lần đầu", Value: "15:20 ngày 16/12/2026"}}}
	approved.Document.Number = "412/BC-STC"
	approved.Crumbs = drafting.Crumbs
	pending := approved
	pending.Document = head(document.InAuthorityReview, 2)
	pending.Steps = steps(4)
	pending.Due = due()
	pending.Pending = &templates.Note{Tone: templates.ToneInfo, Bold: "Xác nhận đạt yêu cầu đã ghi nhận lúc 16:59, đang xử lý.", Text: "Không cần bấm lại."}
	return append([]Sample{
		{"document", "document/show", drafting}, {"document-returned", "document/show", returned},
		{"document-approved", "document/show", approved}, {"document-pending", "document/show", pending},
	}, writing()...)
}

// differs is one side of a conflict: what both have, and what this side alone has.
func differs(same, own string) *templates.BlockDifference {
	return &templates.BlockDifference{Kind: prose.Paragraph, Spans: []prose.Span{
		{Run: prose.Run{Text: same}}, {Run: prose.Run{Text: own}, Mark: prose.Added}}}
}

func company() *templates.Company {
	return &templates.Company{URL: "/documents/" + stc + "/presence", Others: []templates.Companion{
		{Place: "sections/II.2", Text: "Trần Văn Khoa đang soạn phần II.2", Here: "Trần Văn Khoa đang mở phần này"}}}
}

func writing() []Sample {
	side := func(current string) []templates.SideItem {
		var items []templates.SideItem
		for i, s := range sectionNames {
			item := templates.SideItem{Code: s[0], Title: s[1], URL: "/documents/" + stc + "/sections/" + s[0], State: "đã viết", Icon: "check-lg", Current: s[0] == current}
			if i > 5 {
				item.State, item.Icon = "chưa soạn", "circle"
			}
			items = append(items, item)
		}
		return items
	}
	section := templates.SectionPage{Shell: specialist("II.2. Cải cách thủ tục hành chính", templates.AtCampaigns), Document: head(document.InDrafting, 0), Code: "II.2", Heading: "Nội dung phần II.2",
		Hint: "Kiểm soát và công khai thủ tục, kết quả giải quyết hồ sơ, nguyên nhân trễ hạn, thư xin lỗi, tiếp nhận và xử lý phản ánh, kiến nghị.", Required: true,
		Text:    narrative,
		Version: 7, Saved: "10:42", SavedBy: "Trần Văn Khoa", List: side("II.2"), Previous: &templates.Link{Label: "II.1. Cải cách thể chế", URL: "/documents/" + stc + "/sections/II.1"}, Next: &templates.Link{Label: "II.3", URL: "/documents/" + stc + "/sections/II.3"},
		Figures: []templates.Pair{{Name: "3.14 Tiếp nhận mới", Value: "12.934"}, {Name: "3.18 Đã giải quyết", Value: "12.480"}, {Name: "3.21 Trễ hạn", Value: "146"}},
		Earlier: &templates.EarlierText{Period: "Quý III", Text: "Đã giải quyết **11.724** hồ sơ, trong đó 98,96 % trước hạn và đúng hạn.\n- Sở gửi 122 thư xin lỗi.", URL: "/documents/bc-2026q3-STC", Words: 402},
		Stale:   []templates.StaleText{{Hash: hash, Text: "Toàn bộ 214 thủ tục đang có hiệu lực được công khai đúng hạn trên Cổng Dịch vụ công quốc gia và tại nơi tiếp nhận."}, {Hash: "b", Text: "Tiếp nhận mới 12.934 hồ sơ."}}}
	section.Document.Company = company()
	section.Crumbs = crumbs("II.2")
	conflict := templates.ConflictPage{Shell: specialist("Nội dung đã thay đổi", templates.AtCampaigns), Document: head(document.InDrafting, 0), Code: "II.2", Mine: "…", Version: 8, Them: "Trần Văn Khoa", When: "10:42 hôm nay",
		Blocks: []templates.ConflictBlock{{Same: "Số hồ sơ đã giải quyết là **12.482**; có 146 hồ sơ trễ hạn."},
			{Number: 0, Mine: differs("Nguyên nhân chính là ", "số hồ sơ thành lập mới tăng vào cuối năm"), Theirs: differs("Nguyên nhân chính là ", "hệ thống liên thông thuế gián đoạn từ ngày 02 đến ngày 04 tháng 11 năm 2026")},
			{Number: 1, Theirs: differs("", "Sở đã gửi 121 thư xin lỗi.")}}}
	conflict.Crumbs = crumbs("II.2")
	files := templates.FilesPage{Shell: specialist("Tệp kèm theo", templates.AtCampaigns), Document: head(document.InDrafting, 0), Key: "k10", Accept: ".pdf,.docx", MaxSize: "20,0 MB", MaxFiles: 30, MaxTogether: "600,0 MB", Held: "2 tệp, 1,9 MB",
		Files: []templates.AttachedFile{{Name: "Danh mục văn bản.pdf", About: "1,2 MB, Minh Hạnh thêm lúc 16:20 ngày 14/12", URL: "/documents/" + stc + "/files/" + hash, Hash: hash, Key: "k11"}}}
	files.Crumbs = crumbs("Tệp kèm theo")
	files.Errors = rule.Broken("file_too_big", "file", "Ảnh.zip", 20)
	point := templates.PointPage{Shell: specialist(templates.TitlePoint, templates.AtTasks), Document: head(document.Returned, 1), Point: pointList(true).All[0]}
	point.Crumbs = crumbs(templates.TitlePoint)
	point.Errors = rule.Broken(document.AnswerBlank, "answer")
	comment := templates.CommentsPage{Shell: specialist(templates.TitleComments, templates.AtTasks), Document: head(document.InDrafting, 0), Comments: comments()}
	comment.Crumbs, comment.Errors = crumbs(templates.TitleComments), rule.Broken("comment_empty", "comment")
	return []Sample{{"comment-empty", "document/comments", comment}, {"point-empty", "document/point", point}, {"files", "document/files", files}, {"section", "document/section", section}, {"conflict", "document/conflict", conflict}}
}
