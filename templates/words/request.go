package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

// Words of an ad hoc report: what asks for it, and the time allowed.

// RequestLine names the requesting document: "2315/UBND-KSTTHC ngày 23/11/2026 của
// Ủy ban nhân dân Thành phố".
func RequestLine(number string, date calendar.Day, issuer string) string {
	return fmt.Sprintf("%s ngày %s của %s", number, Date(date), issuer)
}

// ByRequest says on what word a campaign asks: "Theo văn bản số 2315/...".
func ByRequest(line string) string { return "Theo văn bản số " + line }

var spans = map[period.Span]string{
	period.SpanHours: "giờ", period.SpanDays: "ngày", period.SpanWorkingDays: "ngày làm việc",
}

// SpanName is the span in a choice.
func SpanName(s period.Span) string {
	if s == period.SpanInstant {
		return "Đến ngày giờ ghi bên cạnh"
	}
	return upper(spans[s]) + " kể từ lúc mở đợt"
}

// Allowed is the time that was allowed: "24 giờ, kể từ 09:15 23/11/2026"; empty when
// a day and an hour were set.
func Allowed(a period.Ahead, launched time.Time) string {
	if a.Span == period.SpanInstant {
		return ""
	}
	return fmt.Sprintf("%d %s, kể từ %s", a.Count, spans[a.Span], Moment(launched))
}

// PaperRequestSubject is the subject of an ad hoc report: the campaign's name without
// the document's type, which stands above it.
func PaperRequestSubject(name string) string {
	for _, kind := range []string{"báo cáo đột xuất", "báo cáo"} {
		if strings.HasPrefix(lower(name), kind) && len(name) > len(kind)+1 {
			return upper(strings.TrimSpace(name[len(kind):]))
		}
	}
	return name
}

// PaperRequestOpening is the paragraph before the first part.
func PaperRequestOpening(unit, name, request string) string {
	return fmt.Sprintf("Thực hiện văn bản số %s, %s báo cáo %s như sau:", request, unit, lower(PaperRequestSubject(name)))
}

// PaperRequestAppendix is the title of its table of figures.
const PaperRequestAppendix = "Số liệu kèm theo báo cáo"

// FactRequest is the name of the fact that names the requesting document.
const FactRequest = "Văn bản yêu cầu"

// OwnFigures heads the column of figures that belong to no period.
const OwnFigures = "Số liệu"
