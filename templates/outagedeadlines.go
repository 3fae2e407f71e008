package templates

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/templates/words"
)

// TitleOutageDeadlines is the page of deadlines that an outage touched.
const TitleOutageDeadlines = "Gia hạn sau sự cố"

// OutageDeadlinesPage is GET /outages/{outage}/deadlines: the deadlines that an outage
// touched, with whose attempts failed, for the authority's officers. Posts key, reason
// and, per group, who.<id> and until.<id> to the same address.
type OutageDeadlinesPage struct {
	Shell
	Facts   []string
	Key     string
	URL     string
	Blocked string // why nothing can be extended now; empty: it can
	Reason  string
	Groups  []OutageGroup
	Empty   *Empty // there is nothing to extend
	Others  []TriedRow
	Given   []OutageGiven
	Batches []OutageBatchRow
	Refused []Link // deadlines that were left alone, with why
}

// OutageGroup is deadlines of one campaign that the outage touched alike.
type OutageGroup struct {
	ID    string // in the form's names
	Name  string // of the campaign
	URL   string
	Kind  string // what the deadlines are of
	Size  string // "187 đơn vị"
	Due   string
	Given string   // "trả lại 2 ngày làm việc"
	Notes []string // what else there is to know
	Who   []Option
	Until string
	Tried []TriedRow
}

// Few tells whether the units whose attempts failed are so few that nothing is folded.
func (g OutageGroup) Few() bool { return len(g.Tried) <= 6 }

// TriedRow is a unit whose attempts failed.
type TriedRow struct {
	URL, Unit, What string
}

// OutageGiven is what has been extended because of the outage.
type OutageGiven struct {
	Kind, Name, URL, Size, From, Until string
}

// OutageBatchRow is one click and how far it has been carried out.
type OutageBatchRow struct {
	By, Text string
	Waiting  bool
}

// Choices of whose deadlines of a group are extended.
const (
	ExtendAll   = "all"
	ExtendTried = "tried"
	ExtendNone  = "none"
)

// WhoOptions are the choices of a group of n documents, in tried of which an attempt
// failed.
func WhoOptions(chosen, kind string, n, tried int) []Option {
	noun := outageNoun(kind)
	all := "Gia hạn cho cả "
	if n == 1 {
		all = "Gia hạn cho "
	}
	options := []Option{{Value: ExtendAll, Label: all + counted(n, noun), Selected: chosen == ExtendAll}}
	if tried > 0 && tried < n {
		options = append(options, Option{
			Value: ExtendTried, Label: "Chỉ " + counted(tried, noun) + " có thao tác không thành công", Selected: chosen == ExtendTried,
		})
	}
	return append(options, Option{Value: ExtendNone, Label: "Không gia hạn", Selected: chosen == ExtendNone})
}

var outageKinds = map[string]string{
	"documents":  "Hạn nộp của văn bản chưa nộp",
	"signed":     "Hạn nộp của văn bản đã ký sau hạn",
	"reviews":    "Hạn Sở Nội vụ xác nhận",
	"appraisals": "Hạn của vòng thẩm định, giải trình chỉ số",
	"tasks":      "Thời hạn nhiệm vụ trong kế hoạch đang theo dõi",
}

// outageNoun is what a group's documents are counted as.
func outageNoun(kind string) string {
	switch kind {
	case "tasks":
		return "kế hoạch"
	case "reviews":
		return "văn bản"
	}
	return "đơn vị"
}

// OutageKind says what sort of deadlines a group has.
func OutageKind(kind string) string { return outageKinds[kind] }

// OutageSize says how much a group has.
func OutageSize(kind string, documents, tasks int) string {
	size := counted(documents, outageNoun(kind))
	if tasks > 0 {
		return counted(tasks, "nhiệm vụ") + " của " + size
	}
	return size
}

// OutageGivenBack says how many working days are given back.
func OutageGivenBack(days int) string {
	return fmt.Sprintf("Trả lại %d ngày làm việc bị mất trong những ngày cuối của thời hạn.", days)
}

// Remarks about a group.
const (
	OutageWholeCampaign = "Khi gia hạn cho cả đợt, hạn chung của đợt dời theo, kể cả với đơn vị được thêm sau."
	OutageExtendedSince = "Đã được gia hạn riêng từ khi sự cố bắt đầu, nên không chọn sẵn."
	OutageReviewed      = "Hạn của Sở Nội vụ; kết quả nộp của đơn vị không đổi."
	OutageRound         = "Vòng đang diễn ra kéo dài theo hạn mới. Giải trình đã hết thời gian trong sự cố vẫn nộp được; Sở Nội vụ quyết định tiếp nhận."
	OutageExcused       = "Kết quả đúng hạn, trễ hạn được tính lại theo hạn mới; văn bản giữ nguyên bước đang xử lý."
)

// OutageKindNote says what else extending deadlines of a kind does; empty: nothing.
func OutageKindNote(kind string) string {
	switch kind {
	case "signed":
		return OutageExcused
	case "reviews":
		return OutageReviewed
	case "appraisals":
		return OutageRound
	}
	return ""
}

// OutageSpan says from when to when the software was away.
func OutageSpan(from, to time.Time) string {
	if to.IsZero() {
		return "Ngừng hoạt động từ " + words.Moment(from) + ", chưa kết thúc"
	}
	return fmt.Sprintf("Ngừng hoạt động từ %s đến %s", words.Moment(from), words.Moment(to))
}

// OutageStood says which days are no days of delay because of the outage.
func OutageStood(days []calendar.Day) []string {
	if len(days) == 0 {
		return nil
	}
	return []string{words.StoodStill(days)}
}

// OutageGave says how much was given more time because of outages.
func OutageGave(documents, rounds, tasks int) []string {
	var given []string
	for _, one := range []struct {
		n    int
		noun string
	}{{documents, "đơn vị"}, {rounds, "hồ sơ thẩm định"}, {tasks, "nhiệm vụ"}} {
		if one.n > 0 {
			given = append(given, counted(one.n, one.noun))
		}
	}
	if given == nil {
		return nil
	}
	return []string{"Gia hạn do sự cố: " + strings.Join(given, ", ")}
}

// OutageReason is the reason as it is proposed.
func OutageReason(from, to time.Time) string {
	return fmt.Sprintf("Phần mềm ngừng hoạt động từ %s đến %s (khoản 5 Điều 11 Quy chế ban hành kèm theo Quyết định số 1439/QĐ-UBND).",
		words.Moment(from), words.Moment(to))
}

// OutageTried tells what failed at a unit: what the server saw, and what a browser told.
func OutageTried(seen, told int, first, last time.Time) string {
	var parts []string
	if seen > 0 {
		parts = append(parts, counted(seen, "lần máy chủ ghi nhận"))
	}
	if told > 0 {
		parts = append(parts, counted(told, "lần trình duyệt báo lại"))
	}
	text := strings.Join(parts, ", ") + ", " + words.Moment(first)
	if !first.Equal(last) {
		text += " đến " + words.Moment(last)
	}
	return text
}

// NothingTouched says that the outage touched no deadline that is not extended yet.
func NothingTouched(outage string, before bool) *Empty {
	e := &Empty{Title: "Không có thời hạn nào cần gia hạn", Text: "Sự cố không lấy mất giờ làm việc nào trong những ngày cuối của các thời hạn.", URL: outage, Label: "Về trang sự cố"}
	if before {
		e.Title, e.Text = "Không còn thời hạn nào cần gia hạn", "Mọi thời hạn bị ảnh hưởng đã được quyết định."
	}
	return e
}

// OutageBatchText tells how far a click has been carried out.
func OutageBatchText(at time.Time, items, done, refused, waiting int) string {
	text := fmt.Sprintf("%s: đã gia hạn %d/%s", words.Moment(at), done, counted(items, "văn bản"))
	if refused > 0 {
		text += ", " + counted(refused, "văn bản không thực hiện được")
	}
	if waiting > 0 {
		text += ", " + counted(waiting, "văn bản đang xử lý")
	}
	return text
}

// OutageRefused tells which deadline was left alone and why; a campaign's own has no
// unit.
func OutageRefused(document, campaign, unit, why string) Link {
	link := Link{Label: campaign + ": " + why}
	if unit != "" {
		link.Label, link.URL = unit+", "+link.Label, "/documents/"+document
	}
	return link
}

// ExtendedFlash is the banner after the click.
const ExtendedFlash = "Đã ghi nhận quyết định gia hạn. Thời hạn, nhắc việc và bảng theo dõi tự theo hạn mới."
