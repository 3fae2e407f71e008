package paper

import (
	"cmp"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/templates/words"
)

// Announcement is a notice about an outage as a document (THÔNG BÁO, NĐ 30/2020, Phụ
// lục III). It is a draft until it is released, and is dated on the day of that. One that
// is released before it has a number or a signer says so in its margin: units are told
// first, and the rest follows.
func Announcement(head outage.Letterhead, n outage.Notice, cc []string) Report {
	r := Report{
		Superior: head.Superior, Agency: head.Agency, Place: head.Place,
		Number: n.Number, NumberSuffix: "/" + head.Symbol,
		Type: words.PaperAnnouncement, Subject: n.Title, Opening: strings.Join(n.Text, "\n"),
		SignerCapacity: head.Capacity, SignerName: head.Signer, CC: cc, Created: n.Drafted, Draft: true,
	}
	if n.Released.IsZero() {
		return r
	}
	r.Created, r.Date = n.Released, calendar.DayOf(n.Released)
	switch {
	case n.Number == "":
		r.Mark = words.PaperUnnumbered
	case head.Signer == "" || len(head.Capacity) == 0:
		r.Mark = words.PaperUnsigned
	default:
		r.Draft = false
	}
	return r
}

// AnnouncementFile names the print of a released notice, for whoever gets it by mail.
func AnnouncementFile(n outage.Notice) string {
	number := cmp.Or(n.Number, words.PaperUnnumbered)
	return Filename(Report{Number: number, Type: words.PaperAnnouncement, Subject: n.Title})
}
