package words

import (
	"strings"

	"cchc/domain/document"
	"cchc/domain/period"
)

// Words of a report on paper that follow from what it is.

var paperTypes = map[document.Kind]string{
	document.Report: "Báo cáo", document.AdHoc: "Báo cáo", document.Plan: paperPlanType, document.Index: "Báo cáo",
}

// PaperType is the document's type above its subject (NĐ 30/2020, Điều 7).
func PaperType(k document.Kind) string { return paperTypes[k] }

// PaperSubject is the subject (trích yếu): "Công tác cải cách hành chính quý IV
// năm 2026".
func PaperSubject(p period.Period) string { return "Công tác cải cách hành chính " + Period(p) }

// PaperOpening is the paragraph before the first part.
func PaperOpening(unit string, p period.Period, guidance string) string {
	return following(guidance, "chế độ báo cáo công tác cải cách hành chính") + ", " + unit +
		" báo cáo kết quả công tác cải cách hành chính " + Period(p) + " như sau:"
}

// following names what a document carries out: the guidance that asked for it, else
// what is usual.
func following(guidance, usual string) string {
	if guidance = strings.TrimSpace(guidance); guidance != "" {
		return "Thực hiện " + guidance
	}
	return "Thực hiện " + usual
}

// PaperReceiver is whom a report goes to.
const PaperReceiver = "Sở Nội vụ"

// PaperFile is the last line of the receivers: where the copy is kept.
const PaperFile = "Lưu: VT"

// PaperAppendixTitle is the title of the table of figures.
func PaperAppendixTitle(p period.Period) string {
	return "Số liệu cải cách hành chính " + Period(p)
}
