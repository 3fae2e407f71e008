package words

import (
	"fmt"

	"cchc/domain/document"
)

var punctualities = map[document.Punctuality]string{
	"punctual":              "Nộp đúng hạn",
	document.OnTime:         "Đúng hạn, không bị trả lại",
	document.OnTimeReturned: "Đúng hạn, bị trả lại",
	document.Late:           "Nộp muộn",
	document.Missing:        "Chưa nộp",
	document.ExemptFromDue:  "Miễn báo cáo",
}

// Punctuality is how a document stands to its due; "punctual" is both classes of
// what was handed in on time.
func Punctuality(p document.Punctuality) string { return punctualities[p] }

// Cause says why an open document is overdue, from its own state: "Nằm ở trưởng
// phòng 4 ngày làm việc". held is working days at the desk, returns how often the
// authority has returned it.
func Cause(c document.Cause, held, returns int) string {
	switch c {
	case document.CauseVacant:
		return "Bàn trống, chưa có người giữ"
	case document.CauseUnopened:
		return "Chưa mở, chưa viết dòng nào"
	case document.CauseDrafting:
		return "Đang soạn, " + heldDays(held)
	case document.CauseReturned:
		if returns > 0 {
			return fmt.Sprintf("Sở Nội vụ trả lại lần %d, chưa trình lại, %s", returns, heldDays(held))
		}
		return "Đơn vị trả lại để sửa, chưa trình lại, " + heldDays(held)
	case document.CauseReview:
		return "Nằm ở trưởng phòng " + heldDays(held)
	case document.CauseSignature:
		return "Chờ ký số " + heldDays(held)
	case document.CauseAuthority:
		return "Chờ Sở Nội vụ xác nhận " + heldDays(held)
	}
	return ""
}

func heldDays(held int) string {
	if held == 0 {
		return "chưa đến 1 ngày làm việc"
	}
	return fmt.Sprintf("%d ngày làm việc", held)
}

// Tenths writes tenths of a percent: "80,1 %".
func Tenths(tenths int) string { return fmt.Sprintf("%d,%d %%", tenths/10, tenths%10) }

// Points writes a change in tenths of a percentage point: "tăng 3,2 điểm".
func Points(tenths int) string {
	switch {
	case tenths > 0:
		return fmt.Sprintf("tăng %d,%d điểm", tenths/10, tenths%10)
	case tenths < 0:
		return fmt.Sprintf("giảm %d,%d điểm", -tenths/10, -tenths%10)
	}
	return "không đổi"
}
