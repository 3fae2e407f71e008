package words

import (
	"fmt"
	"strings"

	"cchc/domain/document"
)

// RiskWhy says why a document will probably be late: "Còn 2 ngày làm việc, trong khi 8
// văn bản gần đây của đơn vị thường cần thêm 4 ngày: Đang soạn 1, Chờ trưởng phòng 2,
// Chờ ký số 1."
func RiskWhy(r document.Risk) string {
	left := fmt.Sprintf("Còn %d ngày làm việc sau hôm nay", r.Left)
	if r.Left == 0 {
		left = "Sau hôm nay không còn ngày làm việc nào"
	}
	desks := make([]string, 0, len(r.Desks))
	for _, one := range r.Desks {
		if one.Days > 0 {
			desks = append(desks, fmt.Sprintf("%s %d", lower(Stage(one.Stage)), one.Days))
		}
	}
	return fmt.Sprintf("%s, trong khi %d văn bản gần đây của đơn vị thường cần thêm %d ngày làm việc (%s).", left, r.Of, r.Needed, strings.Join(desks, ", "))
}
