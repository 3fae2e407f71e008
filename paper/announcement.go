package paper

import (
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/templates/words"
)

// Announcement is a notice about an outage as a document (THÔNG BÁO, NĐ 30/2020, Phụ
// lục III). Without a number it is a draft, and is printed as one. It is dated on the
// day on which it is made.
func Announcement(head outage.Letterhead, n outage.Notice, cc []string, created time.Time) Report {
	r := Report{
		Superior: head.Superior, Agency: head.Agency, Place: head.Place,
		Number: n.Number, NumberSuffix: "/" + head.Symbol,
		Type: words.PaperAnnouncement, Subject: n.Title, Opening: strings.Join(n.Text, "\n"),
		SignerCapacity: head.Capacity, SignerName: head.Signer, CC: cc, Created: created,
	}
	if n.Number != "" {
		r.Date = calendar.DayOf(created)
	}
	return r
}
