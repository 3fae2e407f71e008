package samples

import (
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/templates"
)

func signing() []Sample {
	choose := templates.SignPage{Shell: director("Ký số: "+quarterly, templates.AtTasks), Document: head(document.InSigning, 1), Key: "k6", Revision: 1, ContentHash: hash, Due: due(), Steps: steps(3),
		Facts:    []templates.Pair{{Name: "Văn bản", Value: "Báo cáo công tác cải cách hành chính quý IV năm 2026"}, {Name: "Người soạn", Value: "Nguyễn Thị Minh Hạnh"}, {Name: "Trưởng phòng duyệt", Value: "Trần Quốc Bảo, 14:05 ngày 16/12/2026"}, {Name: "Số liệu chính", Value: "Tiếp nhận 12.934 hồ sơ, đúng hạn 98,83 %, trễ 146"}, {Name: "Cảnh báo", Value: "1 cảnh báo, có lý do", URL: "/documents/" + stc}},
		PrintURL: "/documents/" + stc + "/revisions/1/print.pdf", Number: templates.NumberChoice{Next: "412", Assigned: true, Symbol: "BC-STC", Date: "17/12/2026"},
		Certificate: &templates.Certificate{Owner: "Lê Hoàng Phương", Position: "Giám đốc, Sở Tài chính", Issuer: "CCHC Demo CA", Serial: "5A:0C:77:E1:42:9B:10", Algorithm: "RSA 3072, SHA-256", Expires: "11/03/2029, còn 815 ngày"},
		Preflight: []templates.CheckLine{{State: "ok", Text: "Chứng thư thuộc về bạn", About: "Khớp họ tên và chức vụ Giám đốc Sở Tài chính"}, {State: "ok", Text: "Còn hiệu lực", About: "12/03/2024 đến 11/03/2029"},
			{State: "ok", Text: "Chuỗi tin cậy đầy đủ", About: "CCHC Demo CA"}, {State: "ok", Text: "Bạn có quyền ký"}, {State: "ok", Text: "Nội dung chưa thay đổi", About: "Trùng với bản trưởng phòng đã duyệt"}}, MayReturn: true}
	choose.Crumbs = []templates.Crumb{{Label: "Việc của tôi", URL: "/tasks"}, {Label: quarterly, URL: "/documents/" + stc}, {Label: "Ký số"}}
	wrong := choose
	wrong.Errors = rule.Broken("key_password_wrong", "password")
	wrong.Number.Typed, wrong.Number.Number, wrong.Agreed = true, "415", true
	wrong.Errors.Add("number_used", "number", 415, 416)
	number := templates.NumberPage{Shell: specialist("Cấp số văn bản", templates.AtTasks), Document: head(document.InSigning, 1), Key: "k12", Number: templates.NumberChoice{Next: "412", Symbol: "BC-STC", Date: "17/12/2026", Number: "412"}}
	number.Crumbs = crumbs("Cấp số")
	blocked := choose
	blocked.Blocked = true
	blocked.Preflight = append([]templates.CheckLine{{State: "fail", Text: "Chứng thư đã hết hạn", About: "Hết hạn ngày 11/03/2026. Báo văn thư để xin cấp lại chứng thư."}}, choose.Preflight[2:]...)
	return []Sample{{"sign", "document/sign", choose}, {"sign-wrong", "document/sign", wrong}, {"number", "document/number", number}, {"sign-blocked", "document/sign", blocked}}
}

func decisions() []Sample {
	receipt := templates.ReceiptPage{Shell: director("Đã ký số và gửi Sở Nội vụ", templates.AtTasks), Document: head(document.InAuthorityReview, 1), Headline: "Đã ký số và gửi Sở Nội vụ", Line: "Nộp đúng hạn: 15:20 ngày 16/12/2026, trước hạn 1 ngày làm việc.", Steps: steps(4),
		Facts: []templates.Pair{{Name: "Mã tiếp nhận", Value: "2026Q4-STC-7C41", Mono: true}, {Name: "Ai đang giữ", Value: "Chuyên viên Sở Nội vụ"}, {Name: "Đến khi nào", Value: "24:00 thứ Sáu 18/12/2026"}, {Name: "Việc tiếp theo", Value: "Sở Nội vụ xác nhận thời gian và nội dung. Nếu trả lại, văn bản về chuyên viên kèm lý do."}},
		Next:  goOn(), Files: []templates.Button{{Label: "Tải PDF đã ký", URL: "/documents/" + stc + "/revisions/1/signed.pdf", Icon: "download"}}}
	pending := templates.PendingPage{Shell: director("Quyết định đã ghi nhận, đang xử lý", templates.AtTasks), Document: head(document.InSigning, 1), Action: "Ký số báo cáo", Received: at(16, 16, 59), Poll: "/decisions/k9?poll=1", Next: goOn()}
	refused := templates.RefusedPage{Shell: specialist("Chưa trình được", templates.AtTasks), Document: head(document.InDivisionReview, 1), Action: "Trình trưởng phòng", Received: "16:59 ngày 17/12/2026", Kept: "Đã đối chiếu với Cổng Dịch vụ công.", Meanwhile: meanwhile(), Next: goOn()}
	refused.Errors = rule.Broken(document.WrongStage, "", string(document.DivisionReview))
	changed := templates.ChangedPage{Shell: officer("Nội dung đã thay đổi", templates.AtTasks), Document: head(document.InDivisionReview, 2), Action: "Trình ký số", Changes: changes(), AgainURL: "/documents/" + stc + "/review", Meanwhile: meanwhile(), Next: goOn()}
	changed.Crumbs = []templates.Crumb{{Label: "Việc của tôi", URL: "/tasks"}, {Label: "Sở Tài chính"}}
	return []Sample{{"receipt", "decision/receipt", receipt}, {"pending", "decision/pending", pending}, {"refused", "decision/refused", refused}, {"changed", "decision/changed", changed}}
}

func failures() []Sample {
	return []Sample{
		{"forbidden", "errors/error", templates.Forbidden(specialist("", templates.AtNowhere))},
		{"not-found", "errors/error", templates.NotFound(templates.Shell{})},
		{"failed", "errors/error", templates.Failed(officer("", templates.AtNowhere), "7F2C")},
	}
}

// goOn is where a person goes on to from a decision.
func goOn() templates.NextTask {
	return templates.NextTask{URL: "/tasks/next?due=overdue", Left: "Còn 12 việc trong danh sách.", ListURL: "/tasks?due=overdue"}
}

// meanwhile is somebody who was quicker.
func meanwhile() *templates.Meanwhile {
	return &templates.Meanwhile{
		Who: "Trần Quốc Bảo đã xác nhận lúc 10:42 hôm nay.", Now: "Văn bản đã kết thúc: Đã duyệt.", Next: goOn(),
	}
}
