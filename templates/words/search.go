package words

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

// Words of the search.
const (
	TitleSearch    = "Tìm kiếm"
	SearchUnits    = "Đơn vị"
	SearchRounds   = "Đợt báo cáo"
	SearchPapers   = "Văn bản"
	SearchAll      = "Xem tất cả kết quả"
	SearchMore     = "Xem thêm"
	DocumentNoun   = "văn bản"
	AllYears       = "Mọi năm"
	AllKinds       = "Mọi loại văn bản"
	SearchNothing  = "Gõ số, tên đơn vị, tên đợt hoặc một vài chữ trong nội dung."
	SearchExamples = "Ví dụ: 12/BC-STC, so tai chinh quy iv, một cửa điện tử."
)

// FoundCount is how many documents fit: "12 văn bản", "Hơn 1.000 văn bản".
func FoundCount(n int, more bool) string {
	switch {
	case more:
		return "Hơn " + Number(n) + " văn bản"
	case n == 0:
		return "Không có văn bản nào"
	}
	return Number(n) + " văn bản"
}

// FoundAtAGlance is the same where only the first are looked up.
func FoundAtAGlance(n int, more bool) string {
	if more {
		return fmt.Sprintf("%d văn bản mới nhất; bấm Enter để xem tất cả.", n)
	}
	if n == 0 {
		return "Không có văn bản nào."
	}
	return fmt.Sprintf("%d văn bản.", n)
}

// SearchEmpty says why there is nothing, and what may bring something.
func SearchEmpty(asked, filtered bool) (title, about string) {
	switch {
	case !asked:
		return "Tìm trong văn bản bạn được xem", SearchNothing + " " + SearchExamples
	case filtered:
		return "Không có văn bản nào khớp", "Bỏ bớt điều kiện lọc, hoặc tìm ít chữ hơn."
	}
	return "Không có văn bản nào khớp", "Tìm ít chữ hơn, hoặc chữ khác. Chỉ những văn bản bạn được xem mới hiện ở đây."
}

// ChipYear and ChipKind name one condition of a search.
func ChipYear(year int) string { return chipOf("Năm", fmt.Sprint(year)) }

// ChipKind is the sort of document that is looked for.
func ChipKind(k document.Kind) string { return chipOf("Loại", Kind(k)) }

// FoundAt is the day of the newest change to what was found.
func FoundAt(at time.Time) string { return Date(calendar.DayOf(at)) }

// FoundNumber stands in front of what was found: "Số 12/BC-STC · ".
func FoundNumber(number string) string { return "Số " + number + " · " }
