package templates

import (
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

// MaintenancePage is GET and POST /maintenance: windows in which the software is away
// by plan, and what was announced before.
type MaintenancePage struct {
	Shell
	Key     string
	Typed   MaintenanceTyped
	Ahead   string // how long ahead it must be announced to excuse
	Windows []MaintenanceRow
	Empty   Empty
}

// MaintenanceTyped is what stands in the fields, as typed.
type MaintenanceTyped struct {
	FromDay, FromClock, ToDay, ToClock, Purpose string
}

// MaintenanceRow is one window.
type MaintenanceRow struct {
	ID      int64
	When    string
	Purpose string
	About   string
	Chip    Chip
	URL     string // where it is cancelled: POST; "": it has begun, or is cancelled
	Reason  string // as typed
	Broken  bool   // the page's errors are about this row
}

// FieldID is the id of the row's field: there is one in every row.
func (r MaintenanceRow) FieldID() string { return "reason-" + words.Number(int(r.ID)) }

// MaintenanceAhead says how long ahead maintenance must be announced.
func MaintenanceAhead(ahead time.Duration) string {
	return "Báo trước ít nhất " + counted(int(ahead.Hours()), "giờ") + " thì thời gian bảo trì không tính là ngừng hoạt động."
}

// NoMaintenance is the page before any.
func NoMaintenance() Empty {
	return Empty{Title: "Chưa báo trước lần bảo trì nào", Text: "Ghi khoảng bảo trì ở trên; các đơn vị nhận được thông báo và thời gian ấy không tính là sự cố."}
}

// MaintenanceChip is how a window stands.
func MaintenanceChip(cancelled, over, running, late bool) Chip {
	switch {
	case cancelled:
		return Chip{Icon: "slash-circle", Class: "off", Word: "Đã hủy"}
	case over:
		return Chip{Icon: "clock-history", Class: "off", Word: "Đã qua"}
	case late:
		return Chip{Icon: "exclamation-triangle-fill", Class: "back", Word: "Báo muộn, vẫn tính là sự cố"}
	case running:
		return Chip{Icon: "gear", Class: "work", Word: "Đang bảo trì"}
	}
	return Chip{Icon: "hourglass-split", Class: "back", Word: "Sắp tới"}
}

// MaintenanceWhen is the window in words.
func MaintenanceWhen(from, to time.Time) string {
	return words.Moment(from) + " đến " + words.Moment(to)
}

// MaintenanceAbout tells who announced it, and who cancelled it.
func MaintenanceAbout(by string, at time.Time, cancelledBy string, cancelledAt *time.Time, reason string) string {
	text := by + " báo lúc " + words.Moment(at)
	if cancelledAt != nil {
		text += "; " + cancelledBy + " hủy lúc " + words.Moment(*cancelledAt) + ": " + reason
	}
	return text
}

// OutageRulePage is GET and POST /outage-rule: how outages are judged and handled.
type OutageRulePage struct {
	Shell
	Key      string
	Replaces int64
	Typed    OutageRuleTyped
	History  []OutageRuleRow
}

// OutageRuleTyped is what stands in the fields, as typed.
type OutageRuleTyped struct {
	Days, Confirm, Recovery, Announce, Lead, ApprovalHours  string
	MorningOpens, MorningCloses, NoonOpens, AfternoonCloses string
	Counts, ITUnits                                         []Option
	SiteURL, Hotline, Reason                                string
}

// OutageRuleRow is one rule that was laid down.
type OutageRuleRow struct {
	State  Chip
	Text   []string
	Edited string
	Reason string
}

// OutageCounts are the ways of counting.
func OutageCounts(chosen outage.Count) []Option {
	return []Option{
		{Value: string(outage.ByHours), Label: "Cộng giờ làm việc đã ngừng cho đủ số ngày", Selected: chosen == outage.ByHours},
		{Value: string(outage.ByWholeDays), Label: "Chỉ tính ngày ngừng trọn ngày làm việc", Selected: chosen == outage.ByWholeDays},
	}
}

// OutageRuleText is a rule as it is read.
func OutageRuleText(r outage.Rule, itUnit string, hours int) []string {
	count := "cộng giờ làm việc"
	if r.Count == outage.ByWholeDays {
		count = "theo ngày trọn"
	}
	return []string{
		"Thông báo sau " + counted(r.Days, "ngày làm việc") + " liên tiếp, " + count + ".",
		"Ngừng từ " + minutes(r.Confirm) + " là sự cố; hoạt động lại " + minutes(r.Recovery) + " là đã khắc phục.",
		"Bảo trì báo trước ít nhất " + counted(int(r.Announce.Hours()), "giờ") + ". Bù ngày mất trong " + counted(r.Lead, "ngày làm việc") + " cuối trước hạn.",
		"Phối hợp: " + itUnit + ". Cho ý kiến trong " + counted(hours, "giờ làm việc") + ".",
	}
}

func minutes(d time.Duration) string { return counted(int(d.Minutes()), "phút") }

// AnnouncementsPage is GET /announcements/: what units were told, for everybody.
type AnnouncementsPage struct {
	Shell
	State  Note
	Coming []string // maintenance
	Items  []Announcement
	Feed   string
	Site   *Link // the authority's own, where they also stand; nil: none
	Empty  Empty
}

// AuthoritySite leads to the authority's own site; nil: it has none.
func AuthoritySite(agency, url string) *Link {
	if url == "" {
		return nil
	}
	return &Link{Label: "Trang thông tin điện tử của " + agency, URL: url}
}

// Announcement is one of them.
type Announcement struct {
	ID      string
	Heading string
	Title   string
	Text    []string
	About   string
	PDF     string
}

// TitleAnnouncements is the public page.
const TitleAnnouncements = "Thông báo về phần mềm"

// NoAnnouncements is the public page before any.
func NoAnnouncements() Empty {
	return Empty{Title: "Chưa có thông báo nào", Text: "Thông báo về sự cố, nguy cơ sự cố và việc hoạt động trở lại của phần mềm đăng ở đây."}
}

// AnnouncedState says how the software stands; since is nil while it runs.
func AnnouncedState(since *time.Time, expected *time.Time) Note {
	switch {
	case since == nil:
		return Note{Tone: ToneOK, Bold: "Phần mềm đang hoạt động."}
	case expected != nil:
		return Note{Tone: ToneBad, Bold: "Phần mềm đang có sự cố từ " + words.Moment(*since) + ".", Text: "Dự kiến hoạt động bình thường lúc " + words.Moment(*expected) + "."}
	}
	return Note{Tone: ToneBad, Bold: "Phần mềm đang có sự cố từ " + words.Moment(*since) + ".", Text: "Chưa xác định được thời điểm hoạt động bình thường."}
}

// AnnouncedAbout is the last line of an announcement.
func AnnouncedAbout(agency string, at time.Time) string {
	return agency + ". Đăng lúc " + words.Moment(at)
}
