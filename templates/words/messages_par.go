package words

import (
	"fmt"

	"cchc/domain/par"
	"cchc/domain/rule"
)

// parMessages are the words of domain/par.
var parMessages = map[rule.Code]sentence{
	"answers_unknown": fixed("Biểu mẫu này không có bộ tiêu chí."),
	"form_kinds":      fixed("Một biểu mẫu không thể vừa có bảng nhiệm vụ vừa có bộ tiêu chí."),

	par.Unknown:        fixed("Bộ tiêu chí không có tiêu chí này."),
	par.NotAsked:       fixed("Tiêu chí này lấy điểm khảo sát, đơn vị không tự chấm."),
	par.Missing:        fixed("Chưa trả lời. Nếu không có, ghi 0 hoặc chọn không."),
	par.NumberNegative: fixed("Số không được âm."),
	par.NumberWhole:    fixed("Ghi số nguyên."),
	par.NumberBig: func(a []any) string {
		return fmt.Sprintf("Số quá lớn, tối đa %s chữ số trước dấu phẩy.", text(a, 0))
	},
	par.DoneOverOf: func(a []any) string {
		return fmt.Sprintf("Số đã thực hiện (%s) không được lớn hơn tổng số (%s).", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	par.DayUndone: fixed("Đã chọn không thực hiện thì để trống ngày hoàn thành."),
	par.DayFar: func(a []any) string {
		return fmt.Sprintf("Ngày phải từ %s đến %s.", day(a, 0), day(a, 1))
	},
	par.ItemMissing:   func(a []any) string { return fmt.Sprintf("Chưa chọn có hoặc không: %s.", text(a, 0)) },
	par.ItemUnknown:   fixed("Danh mục không có nội dung này."),
	par.ClaimOver:     func(a []any) string { return fmt.Sprintf("Tối đa %s điểm.", Decimal(text(a, 0))) },
	par.ClaimNegative: fixed("Điểm không được âm."),
	par.ClaimUnexplained: func(a []any) string {
		return fmt.Sprintf("Theo quy tắc được %s điểm, đề nghị %s điểm. Ghi lý do.", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	par.NotAppRefused:   fixed("Tiêu chí này áp dụng cho mọi đơn vị."),
	par.NotAppWhy:       fixed("Ghi lý do không áp dụng tiêu chí."),
	par.EvidenceMissing: fixed("Chưa có tệp minh chứng."),
	par.EvidenceUnknown: fixed("Có tệp minh chứng không còn trong danh sách tệp kèm theo. Chọn lại."),
	par.ExplanationLong: func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	par.EvidenceMany:    func(a []any) string { return fmt.Sprintf("Tối đa %s tệp minh chứng.", text(a, 0)) },
	par.FactChanged:     fixed("Phần mềm có số liệu mới cho tiêu chí này. Mở tiêu chí rồi bấm Lưu điểm tự chấm."),

	par.MarkSurvey:   fixed("Tiêu chí này lấy điểm khảo sát, không thẩm định."),
	par.MarkRound:    fixed("Chưa có thẩm định lần 1."),
	par.MarkOver:     func(a []any) string { return fmt.Sprintf("Tối đa %s điểm.", Decimal(text(a, 0))) },
	par.MarkNegative: fixed("Điểm không được âm."),
	par.MarkUnexplained: func(a []any) string {
		if text(a, 0) == "" {
			return "Đơn vị chưa tự chấm điểm. Ghi lý do cho điểm thẩm định."
		}
		return fmt.Sprintf("Điểm khác với %s điểm đang có. Ghi lý do.", Decimal(text(a, 0)))
	},
	par.MarkRemark:     fixed("Tiêu chí này cần nhận xét của người thẩm định."),
	par.MarkLong:       func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	par.MarkNotApp:     fixed("Tiêu chí này áp dụng cho mọi đơn vị."),
	par.MarkNotAppPlus: fixed("Tiêu chí không áp dụng thì không có điểm."),

	par.LineUnread: func(a []any) string {
		return fmt.Sprintf("Không đọc được dòng %s. Viết như ví dụ, các phần cách nhau bằng dấu bằng.", text(a, 0))
	},
	"set_points":         fixed("Ghi điểm bằng số, tối đa hai chữ số sau dấu phẩy, ví dụ 0,25."),
	"set_percent":        fixed("Ghi phần trăm bằng số, ví dụ 80."),
	"set_deadline_typed": fixed("Ghi ngày và tháng, ví dụ 31/01."),

	par.SetEmpty: fixed("Chưa có tiêu chí nào."),
	par.SetTotal: func(a []any) string {
		return fmt.Sprintf("Tổng điểm tối đa của các tiêu chí là %s, phải bằng thang điểm %s.", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	par.SetMany:          func(a []any) string { return fmt.Sprintf("Nhiều quá, tối đa %s dòng.", text(a, 0)) },
	par.SetMissing:       fixed("Chưa ghi nội dung."),
	par.SetLong:          func(a []any) string { return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0)) },
	par.SetTwice:         func(a []any) string { return fmt.Sprintf("Trùng với dòng %s.", text(a, 0)) },
	par.SetFieldCode:     fixed("Mã lĩnh vực gồm 1 đến 6 chữ số hoặc chữ in hoa không dấu."),
	par.SetCriterionCode: fixed("Mã tiêu chí gồm các số cách nhau bằng dấu chấm, ví dụ 3.4.1."),
	par.SetChoiceCode:    fixed("Mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối."),
	par.SetFieldUnknown:  fixed("Không có lĩnh vực này."),
	par.SetFieldApart:    fixed("Các tiêu chí của một lĩnh vực phải đứng liền nhau."),
	par.SetFieldBare:     fixed("Lĩnh vực chưa có tiêu chí nào."),
	par.SetMax:           fixed("Điểm tối đa phải lớn hơn 0 và không quá thang điểm."),
	par.SetKind:          fixed("Chưa chọn cách tính điểm."),
	par.SetEvidence:      fixed("Chưa chọn yêu cầu minh chứng."),
	par.SetFact:          fixed("Dữ liệu của hệ thống không dùng được cho cách tính điểm này."),
	par.SetDeadline:      fixed("Hạn phải là một ngày có trong mọi năm."),
	par.SetLate:          fixed("Số ngày trễ phải tăng dần, điểm phải giảm dần và thấp hơn điểm tối đa."),
	par.SetFloor:         fixed("Mức tối thiểu phải từ 0 đến 100 %."),
	par.SetTarget:        fixed("Ngưỡng phải lớn hơn 0 và không quá 100 %."),
	par.SetBasis:         fixed("Chưa chọn bậc tính theo tỷ lệ, số lượng hay giá trị."),
	par.SetBandsMissing:  fixed("Chưa có bậc điểm nào."),
	par.SetBandsOrder:    fixed("Các bậc phải tăng dần từ dòng trên xuống dòng dưới."),
	par.SetBandsPoints: func(a []any) string {
		return fmt.Sprintf("Điểm của bậc phải từ 0 đến %s.", Decimal(text(a, 0)))
	},
	par.SetBandsReach: fixed("Không bậc nào cho điểm tối đa."),
	par.SetBandsShare: fixed("Chỉ bậc theo tỷ lệ mới tính được điểm theo tỷ lệ."),
	par.SetWithout:    fixed("Chưa chọn điểm khi không phát sinh trường hợp nào."),
	par.SetStep:       fixed("Điểm cho mỗi trường hợp phải lớn hơn 0 và không quá điểm tối đa."),
	par.SetItems: func(a []any) string {
		return fmt.Sprintf("Tổng điểm của danh mục là %s, phải bằng điểm tối đa %s.", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	par.SetWeights: func(a []any) string {
		return fmt.Sprintf("Tổng trọng số là %s %%, phải bằng 100 %%.", text(a, 0))
	},
	par.SetWeight: func(a []any) string {
		return fmt.Sprintf("Trọng số của nhóm %s phải lớn hơn 0.", text(a, 0))
	},
	par.SetGroupUnknown: func(a []any) string { return fmt.Sprintf("Không có nhóm khảo sát mang mã %s.", text(a, 0)) },
	par.SetClasses:      fixed("Các loại phải giảm dần từ trên xuống và loại cuối phải từ 0 %."),
	par.SetBonus:        fixed("Phải từ 0 đến thang điểm."),
}

// answerPlace names where in a self-assessment a rule is broken: "1.1.3, minh chứng".
func answerPlace(field string) (string, bool) {
	criterion, member, ok := par.ParseAnswerField(field)
	if !ok {
		return "", false
	}
	place := "Tiêu chí " + criterion
	if member != "" {
		place += ", " + lower(AnswerMember(member))
	}
	return place, true
}
