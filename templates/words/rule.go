package words

import (
	"strings"

	"cchc/domain/form"
)

// Rule reads a check aloud: "3.14 (Hồ sơ tiếp nhận) phải bằng 3.15 (Trực tuyến)
// cộng 3.16 (Trực tiếp)". name gives an indicator its name; "" leaves it out.
func Rule(r form.Rule, name func(code string) string) string {
	verb := map[string]string{
		"=": "phải bằng", "<=": "không được lớn hơn", ">=": "không được nhỏ hơn",
	}[r.Op]
	return Sum(r.Left, name) + " " + verb + " " + Sum(r.Right, name)
}

// Sum reads one side of a check, or of a ratio, aloud.
func Sum(side []form.Operand, name func(code string) string) string {
	var out strings.Builder
	for i, operand := range side {
		switch {
		case operand.Negative:
			out.WriteString(" trừ ")
		case i > 0:
			out.WriteString(" cộng ")
		}
		out.WriteString(operandWords(operand, name))
	}
	return out.String()
}

func operandWords(o form.Operand, name func(code string) string) string {
	if o.Source == form.FromLiteral {
		return Decimal(o.Literal.String()) + " %"
	}
	said := o.Code
	if known := name(o.Code); known != "" {
		said += " (" + known + ")"
	}
	switch o.Source {
	case form.FromPrevious:
		return "số kỳ trước của " + said
	case form.FromPreviousInYear:
		return "số kỳ trước trong năm của " + said
	}
	return said
}

// Ratio reads a ratio aloud.
func Ratio(above, below []form.Operand, name func(code string) string) string {
	return "Bằng " + Sum(above, name) + ", chia cho " + Sum(below, name) + "."
}
