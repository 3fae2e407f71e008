package words

import (
	"fmt"
	"math/big"
	"strings"

	"cchc/domain/rule"
)

// formMessages are the words of domain/form, whose codes are its own; they are
// stable and named there.
var formMessages = map[rule.Code]sentence{
	"form_version": func(a []any) string {
		return fmt.Sprintf("Nội dung thuộc biểu mẫu khác; đợt này dùng biểu mẫu phiên bản %s.", text(a, 1))
	},
	"section_blank":   fixed("Chưa có nội dung."),
	"section_unknown": fixed("Biểu mẫu không có phần này."),
	"figure_blank":    fixed("Chưa nhập. Nếu không có, ghi 0."),
	"figure_unknown":  fixed("Biểu mẫu không có chỉ tiêu này."),
	"figure_not_asked": func(a []any) string {
		return fmt.Sprintf("Chỉ tiêu này đã thôi thu thập từ sau ngày %s.", day(a, 0))
	},
	"figure_computed":    fixed("Tỷ lệ do hệ thống tính, không nhập."),
	"figure_not_number":  fixed("Nhập số, ví dụ 1.234 hoặc 1.234,5."),
	"figure_ambiguous":   fixed("Chưa rõ dấu chấm là phần nghìn hay phần thập phân. Dùng dấu phẩy cho phần thập phân, ví dụ 1234,5."),
	"figure_negative":    fixed("Số không được âm."),
	"figure_not_integer": fixed("Nhập số nguyên, không có phần thập phân."),
	"figure_too_big": func(a []any) string {
		return fmt.Sprintf("Số quá lớn, tối đa %s chữ số trước dấu phẩy.", text(a, 0))
	},
	"figure_too_precise": func(a []any) string {
		return fmt.Sprintf("Tối đa %s chữ số sau dấu phẩy.", text(a, 0))
	},
	"figure_equation":   equation,
	"figure_inequality": inequality,
	"figure_change":     change,
	"figure_cumulative": func(a []any) string {
		return fmt.Sprintf("Số của cả kỳ không được nhỏ hơn số đã báo cáo cho phần đầu kỳ (%s, nay %s).", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	"figure_known": func(a []any) string {
		return fmt.Sprintf("Khác số trong kế hoạch đang theo dõi của đơn vị (%s, nay %s). Ghi lý do đối chiếu.", Decimal(text(a, 0)), Decimal(text(a, 1)))
	},
	"figure_reason_missing": fixed("Ghi lý do cho cảnh báo ở chỉ tiêu này."),
}

// equation is "3.18 phải bằng 3.19 + 3.20 + 3.21. Đang lệch 2 (12.480 và 12.482)."
func equation(a []any) string {
	left, right, _ := strings.Cut(text(a, 0), "=")
	return fmt.Sprintf("%s phải bằng %s. Đang lệch %s (%s và %s).", side(left), side(right),
		apart(text(a, 1), text(a, 2)), Decimal(text(a, 1)), Decimal(text(a, 2)))
}

// inequality is "1.2 không được lớn hơn 1.1. Đang là 48 và 46."
func inequality(a []any) string {
	verb, op := "không được lớn hơn", "<="
	if strings.Contains(text(a, 0), ">=") {
		verb, op = "không được nhỏ hơn", ">="
	}
	left, right, _ := strings.Cut(text(a, 0), op)
	return fmt.Sprintf("%s %s %s. Đang là %s và %s.", side(left), verb, side(right), Decimal(text(a, 1)), Decimal(text(a, 2)))
}

// change is "Thay đổi quá 30 % so với cùng kỳ năm trước (1.206, nay 1.593). Ghi lý do."
func change(a []any) string {
	return fmt.Sprintf("Thay đổi quá %s %% so với cùng kỳ năm trước (%s, nay %s). Ghi lý do.",
		text(a, 2), Decimal(text(a, 0)), Decimal(text(a, 1)))
}

var sideWords = strings.NewReplacer(
	"previous_in_year(", "số kỳ trước trong năm của ", "previous(", "số kỳ trước của ", ")", "",
	"+", " + ", "-", " − ", "%", " %")

// side writes one side of a rule for people: "previous(3.22)" becomes "số kỳ
// trước của 3.22".
func side(expression string) string { return sideWords.Replace(expression) }

// apart is the exact distance of two decimals.
func apart(a, b string) string {
	left, okLeft := new(big.Rat).SetString(a)
	right, okRight := new(big.Rat).SetString(b)
	if !okLeft || !okRight {
		return ""
	}
	distance := left.Sub(left, right)
	exact := distance.Abs(distance).FloatString(4)
	return Decimal(strings.TrimSuffix(strings.TrimRight(exact, "0"), "."))
}
