package words

import (
	"fmt"

	"cchc/domain/par"
	"cchc/domain/rule"
)

// rankingMessages are the words of surveys, bonuses, penalties and publications.
var rankingMessages = map[rule.Code]sentence{
	par.SurveyUnit: func(a []any) string {
		return fmt.Sprintf("Đợt này không có đơn vị mã “%s”.", text(a, 0))
	},
	par.SurveyGroup: func(a []any) string {
		return fmt.Sprintf("Bộ tiêu chí không có nhóm trả lời “%s”.", text(a, 0))
	},
	par.SurveyTwice:    func(a []any) string { return fmt.Sprintf("Trùng đơn vị và nhóm với dòng %s.", text(a, 0)) },
	par.SurveyMean:     fixed("Ghi phần trăm từ 0 đến 100, ví dụ 82,5."),
	par.SurveyAnswers:  fixed("Ghi số phiếu bằng số nguyên."),
	par.SurveyNoMean:   fixed("Có số phiếu thì phải có điểm trung bình."),
	par.SurveyNoCount:  fixed("Có điểm trung bình thì phải có số phiếu."),
	par.SurveyNotAsked: fixed("Nhóm này không được hỏi về tiêu chí này. Để trống ô."),
	"survey_no_table": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” không có bảng kết quả: cần một dòng tiêu đề có cột Mã đơn vị, Nhóm trả lời và các cột tiêu chí như trong tệp mẫu.", text(a, 0))
	},
	"survey_empty": func(a []any) string {
		return fmt.Sprintf("Bảng trong tệp “%s” chưa có dòng nào.", text(a, 0))
	},
	"survey_moved_on": fixed("Kết quả khảo sát vừa được người khác thay đổi. Xem lại thay đổi trước khi nhập."),

	par.ExtraKindBad:  fixed("Chọn thưởng hoặc trừ."),
	par.ExtraNone:     fixed("Bộ tiêu chí không có loại điểm này."),
	par.ExtraPoints:   fixed("Ghi số điểm lớn hơn 0."),
	par.ExtraOver:     func(a []any) string { return fmt.Sprintf("Tối đa %s điểm.", Decimal(text(a, 0))) },
	par.ExtraMissing:  func(a []any) string { return missingIn(extraFields, a) },
	par.ExtraLong:     func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	par.ExtraIssued:   fixed("Ngày văn bản không được sau hôm nay."),
	par.ExtraWithdraw: fixed("Ghi lý do rút."),
	"extra_unit":      fixed("Chọn một đơn vị của đợt."),
	"extra_gone":      fixed("Mục này đã được rút trước đó."),

	par.GroupMissing:       fixed("Ghi tên nhóm. Muốn xếp hạng riêng thì ghi một tên khác các nhóm kia."),
	par.GroupLong:          func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	"rank_groups_reason":   fixed("Ghi lý do sửa."),
	"rank_groups_same":     fixed("Chưa có gì thay đổi."),
	"rank_groups_replaced": fixed("Người khác vừa sửa nhóm xếp hạng. Nội dung bạn ghi vẫn còn; xem lại nhóm đang áp dụng rồi ghi lại."),

	par.AnnounceMissing: func(a []any) string { return missingIn(announceFields, a) },
	par.AnnounceLong:    func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	par.AnnounceIssued:  fixed("Ngày quyết định không được sau hôm nay."),
	par.AnnounceReason:  fixed("Kết quả đã công bố trước đó. Ghi lý do công bố lại."),
	"publish_moved_on":  fixed("Kết quả vừa thay đổi sau khi mở trang này. Xem lại danh sách rồi công bố."),
	"publish_overtaken": fixed("Kết quả vừa được công bố sau khi mở trang này. Xem lại rồi chỉ công bố lại nếu cần đính chính."),
	"publish_unranked": func(a []any) string {
		return fmt.Sprintf("Còn %s đơn vị chưa đủ điểm. Đánh dấu đồng ý để công bố mà không xếp hạng các đơn vị này.", text(a, 0))
	},
	"publish_nobody": fixed("Chưa có đơn vị nào đủ điểm để xếp hạng."),
}

// What the fields of a bonus or a penalty, and of an announcement, are called when they
// are missing.
var (
	extraFields = map[string]string{
		"reason": "Ghi lý do.", "number": "Ghi số, ký hiệu văn bản căn cứ.", "title": "Ghi trích yếu văn bản căn cứ.", "issued_on": "Ghi ngày văn bản căn cứ.",
	}
	announceFields = map[string]string{
		"number": "Ghi số, ký hiệu quyết định.", "title": "Ghi trích yếu quyết định.", "issued_on": "Ghi ngày quyết định.", "file": "Chọn tệp quyết định.",
	}
)

func missingIn(fields map[string]string, args []any) string {
	if sentence, known := fields[text(args, 0)]; known {
		return sentence
	}
	return "Chưa ghi nội dung."
}
