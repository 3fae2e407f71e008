package words

import (
	"fmt"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// versionMessages are about a form that is being edited, and about what becomes
// of its indicators. The codes are domain/form's own.
var versionMessages = map[rule.Code]sentence{
	"form_choice_code": fixed("Mã gồm chữ thường không dấu, chữ số và dấu gạch ngang, tối đa 40 ký tự, ví dụ the-che."),
	"form_code":        fixed("Mã biểu mẫu gồm chữ thường không dấu, chữ số và dấu gạch ngang, từ 2 đến 40 ký tự, ví dụ bc-cchc-quy."),
	"form_empty":       fixed("Biểu mẫu cần ít nhất một phần lời hoặc một chỉ tiêu."),
	"form_missing":     fixed("Chưa điền."),
	"form_long": func(a []any) string {
		return fmt.Sprintf("Quá dài, tối đa %s chữ cái.", text(a, 0))
	},
	"form_many": func(a []any) string {
		return fmt.Sprintf("Quá nhiều dòng, tối đa %s.", text(a, 0))
	},
	"form_tolerance": func(a []any) string {
		return fmt.Sprintf("Ghi số phần trăm từ 0 đến %s; 0 là không cảnh báo.", text(a, 0))
	},
	"form_section_code":   fixed("Mã phần gồm chữ hoa không dấu và chữ số, các bậc cách nhau bằng dấu chấm, ví dụ II.2."),
	"form_indicator_code": fixed("Mã chỉ tiêu là các số cách nhau bằng dấu chấm, ít nhất hai bậc, ví dụ 3.18."),
	"form_twice": func(a []any) string {
		return fmt.Sprintf("Mã này đã có ở dòng %s.", text(a, 0))
	},
	"form_group_apart":  fixed("Nhóm này đã có ở trên; các chỉ tiêu cùng nhóm phải đứng liền nhau."),
	"form_group_taken":  fixed("Nhóm này đã có."),
	"form_type":         fixed("Chọn kiểu số."),
	"form_across_units": fixed("Số đếm được cộng qua các đơn vị; tỷ lệ được tính lại từ tổng, không lấy trung bình."),
	"form_across_time":  fixed("Chọn cách gộp qua các kỳ."),
	"form_last_day":     fixed("Ghi ngày cuối còn thu thập theo dạng ngày/tháng/năm, hoặc để trống."),
	"form_indent":       fixed("Chọn chỉ tiêu chính hoặc chỉ tiêu con."),
	"form_severity":     fixed("Chọn lỗi hoặc cảnh báo."),
	"form_rule_syntax":  ruleSyntax,
	"form_rule_unknown": func(a []any) string {
		return fmt.Sprintf("Biểu mẫu không có chỉ tiêu %s.", text(a, 0))
	},
	"form_ratio_of_ratio": func(a []any) string {
		return fmt.Sprintf("%s là tỷ lệ; tử số và mẫu số chỉ gồm số đếm được.", text(a, 0))
	},
	"form_ratio_operand":  fixed("Tử số và mẫu số chỉ gồm mã chỉ tiêu của kỳ này, cộng hoặc trừ với nhau."),
	"form_rule_no_figure": fixed("Quy tắc không nhắc đến chỉ tiêu nào của kỳ này."),
	"form_rule_ratio_then": func(a []any) string {
		return fmt.Sprintf("%s là tỷ lệ; tỷ lệ của kỳ trước không được lưu, nên không so được.", text(a, 0))
	},
	"form_rule_twice": func(a []any) string {
		return fmt.Sprintf("Quy tắc này đã có ở dòng %s.", text(a, 0))
	},

	"form_code_taken":        fixed("Mã này đã có biểu mẫu khác dùng."),
	"form_draft_changed":     fixed("Bản soạn đã thay đổi sau khi bạn mở trang này. Xem lại các khác biệt rồi công bố."),
	"form_guidance":          fixed("Ghi số và ngày của văn bản hướng dẫn, ví dụ 6218/SNV-CCHC ngày 20/11/2026."),
	"form_nothing_different": fixed("Bản soạn không khác phiên bản đang dùng, nên không có gì để công bố."),
	"form_reason":            fixed("Ghi lý do thôi dùng phiên bản này."),
	"campaign_form_retired":  fixed("Phiên bản biểu mẫu này đã thôi dùng. Chọn phiên bản khác."),

	"form_map_missing": fixed("Ghi mã cũ mà chỉ tiêu này tiếp nối, hoặc chọn là chỉ tiêu mới."),
	"form_map_lost":    fixed("Mã cũ này chưa dẫn đến đâu: đánh dấu thôi thu thập, hoặc ghi nó ở chỉ tiêu tiếp nối."),
	"form_map_unknown": func(a []any) string {
		return fmt.Sprintf("Phiên bản kia không có mã %s.", text(a, 0))
	},
	"form_map_split": fixed("Mã cũ được tách hoặc gộp, nên phải đánh dấu không so sánh được."),
	"form_map_measure": func(a []any) string {
		return fmt.Sprintf("Cách đo đã khác (trước: %s; nay: %s), nên phải đánh dấu không so sánh được.", text(a, 0), text(a, 1))
	},
	"form_map_note":  fixed("Ghi lý do không so sánh được với số liệu trước."),
	"form_map_gone":  fixed("Mã này vừa thôi thu thập vừa được tiếp nối; chọn một."),
	"form_map_fresh": fixed("Chỉ tiêu này vừa là mới vừa tiếp nối mã cũ; chọn một."),
}

// wanted are the things that may be wanted at a place of a rule.
var wanted = map[string]string{
	form.WantOperand:    "mã chỉ tiêu, previous(…), previous_in_year(…) hoặc số phần trăm",
	form.WantIndicator:  "mã chỉ tiêu",
	form.WantPercentage: "số phần trăm, ví dụ 95%",
	form.WantComparison: "<=, >= hoặc =",
	form.WantEnd:        "hết quy tắc",
	form.WantSum:        "+, − hoặc hết dòng",
	form.WantOpen:       "dấu (",
	form.WantClose:      "dấu )",
}

// ruleSyntax is "Không đọc được từ ký tự 4, “<1.1”: ở đây cần <=, >= hoặc =."
func ruleSyntax(a []any) string {
	what, known := wanted[text(a, 1)]
	if !known {
		what = "phần khác"
	}
	if rest := text(a, 2); rest != "" {
		return fmt.Sprintf("Không đọc được từ ký tự %s, “%s”: ở đây cần %s.", text(a, 0), rest, what)
	}
	return fmt.Sprintf("Quy tắc dừng ở ký tự %s, còn thiếu %s.", text(a, 0), what)
}

// rowNouns name the tables of a form's rows.
var rowNouns = map[string]string{"sections": "Phần", "indicators": "Chỉ tiêu", "checks": "Quy tắc",
	"fields": "Lĩnh vực", "criteria": "Tiêu chí", "groups": "Nhóm khảo sát", "classes": "Xếp loại",
	"plan.fields": "Lĩnh vực", "plan.products": "Loại sản phẩm"}

// rowPlace names a row of a form that is being edited, "Quy tắc dòng 4", or a code
// of its mapping.
func rowPlace(field string) (string, bool) {
	if table, row, ok := form.RowOf(field); ok && rowNouns[table] != "" {
		return fmt.Sprintf("%s dòng %d", rowNouns[table], row+1), true
	}
	for _, prefix := range []string{form.MapField(""), form.RetiredField("")} {
		if len(field) > len(prefix) && field[:len(prefix)] == prefix {
			return field[len(prefix):], true
		}
	}
	return "", false
}
