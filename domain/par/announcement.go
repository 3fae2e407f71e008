package par

import (
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// Announcement is the decision by which a result becomes public.
type Announcement struct {
	Number   string        // of the decision
	IssuedOn *calendar.Day // nil: not said
	Title    string
	Reason   string // of a correction
	File     bool   // the decision itself is there
}

// The codes of what is wrong with an announcement, each at the field that it names.
const (
	AnnounceMissing rule.Code = "announce_missing" // the field
	AnnounceLong    rule.Code = "announce_long"    // letters allowed
	AnnounceIssued  rule.Code = "announce_issued"  // a day to come
	AnnounceReason  rule.Code = "announce_reason"  // a correction says why
)

// CheckAnnouncement finds what is wrong with an announcement. A correction replaces a
// result that is public already, and says why.
func CheckAnnouncement(a Announcement, correction bool, today calendar.Day) rule.Errors {
	var broken rule.Errors
	for _, one := range []struct {
		field, text string
		most        int
	}{{"number", a.Number, MaxExtraNumber}, {"title", a.Title, MaxExtraTitle}, {"reason", a.Reason, MaxExtraReason}} {
		blank := strings.TrimSpace(one.text) == ""
		switch {
		case blank && one.field == "reason" && correction:
			broken.Add(AnnounceReason, one.field)
		case blank && one.field != "reason":
			broken.Add(AnnounceMissing, one.field, one.field)
		case len([]rune(one.text)) > one.most:
			broken.Add(AnnounceLong, one.field, one.most)
		}
	}
	switch {
	case a.IssuedOn == nil:
		broken.Add(AnnounceMissing, "issued_on", "issued_on")
	case *a.IssuedOn > today:
		broken.Add(AnnounceIssued, "issued_on")
	}
	if !a.File {
		broken.Add(AnnounceMissing, "file", "file")
	}
	return broken
}
