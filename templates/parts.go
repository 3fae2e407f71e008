package templates

import (
	"time"

	"cchc/domain/document"
)

// Chip is the one word of state beside a name: icon, word and colour.
type Chip struct {
	Icon  string // name in the sprite
	Class string // idle, work, back, done, off, bad
	Word  string
}

// Flag is a remark beside a chip: icon and words without a box.
type Flag struct {
	Icon  string
	Class string // "", bad, warn, ok
	Word  string
}

// Note is a message on a tint.
type Note struct {
	Tone Tone
	Bold string // first sentence
	Text string // the rest
}

// DueLine says how long is left and why that day.
type DueLine struct {
	Icon     string // clock when empty
	Tone     string // "", late, done
	Sentence string // bold: words.Due(...)
	Reason   string // grey, after it; optional
	Why      *Why   // "Vì sao ngày này?"; nil: no link
}

// Why answers "Vì sao ngày này?".
type Why struct {
	Steps []string      // words.Why(explanation)
	Days  []CalendarDay // the strip of days, optional
}

// CalendarDay is one cell of the strip.
type CalendarDay struct {
	Weekday string // "T2" ... "CN"
	Date    string // "15/06"
	Word    string // "nghỉ", "chốt số liệu", "hạn cuối"; may be empty
	Class   string // "", off, key, last
}

// Step is one mark of the stepper.
type Step struct {
	Name   string
	State  string // done, now, or empty for later
	Person string // who has or had it, or the unit's role
	When   string // since when, done when, or how long it usually takes
}

// TimelineEntry is one line of "Diễn biến", newest first.
type TimelineEntry struct {
	Icon   string
	Tone   string // "", act, warn, ok, bad
	Who    string // bold; empty for the system
	Text   string // what happened; follows the name
	Quote  string // the reason given, if any
	At     time.Time
	Source string // link to what it is about, optional
}

// File is something to download.
type File struct {
	Label string // "Bản in dự thảo lần 1", "Số 412/BC-STC, đã ký số"
	About string // second line: size, hash, state
	Hash  string // SHA-256 of it, for whoever checks what they have got; may be empty
	URL   string
	Icon  string // file-earmark-pdf when empty
}

// CheckLine is one line of a list of checks.
type CheckLine struct {
	State string // ok, warn, fail
	Text  string // bold
	About string // second line
}

// Button is one offered action.
type Button struct {
	Label   string
	URL     string
	Icon    string
	Primary bool
	Danger  bool
}

// Tab is one tab with its count.
type Tab struct {
	Label   string
	URL     string
	Count   int
	HasZero bool // show the count also when it is zero
	Current bool
}

// Option is one choice of a select.
type Option struct {
	Value    string
	Label    string
	Selected bool
}

// Paging tells which rows of a list are shown; the URLs keep the filters.
type Paging struct {
	From, To, Total int
	PreviousURL     string // empty on the first page
	NextURL         string // empty on the last page
	Noun            string // "việc", "đơn vị"
}

// Empty is the state of a list without rows.
type Empty struct {
	Title string // a sentence of fact
	Text  string // what will bring something here
	URL   string // one secondary action, optional
	Label string
}

// Funnel is the distribution of a campaign's documents over the statuses.
type Funnel struct {
	Total int
	Cells []FunnelCell // in the order of document.Statuses
}

// FunnelCell is one segment and its cell.
type FunnelCell struct {
	Status  document.Status
	Name    string
	Count   int
	URL     string // filter link
	Current bool
}

// Segment is one drawn part of the funnel's bar, in units of a 1000 wide box.
type Segment struct {
	Status   document.Status
	X, Width int
}

// Segments lays the cells out over 1000 units with a gap of 2 between them; a
// cell with a count is never thinner than 6, so that nobody disappears.
func (f Funnel) Segments() []Segment {
	const width, gap, least = 1000, 2, 6
	var segments []Segment
	x := 0
	for _, c := range f.Cells {
		if c.Count == 0 || f.Total == 0 {
			continue
		}
		w := max(c.Count*width/f.Total, least)
		segments = append(segments, Segment{Status: c.Status, X: x, Width: max(w-gap, 1)})
		x += w
	}
	fit(segments, x, width)
	return segments
}

// fit shortens or lengthens the widest segment so that the bar ends at width.
func fit(segments []Segment, used, width int) {
	widest := -1
	for i, s := range segments {
		if widest < 0 || s.Width > segments[widest].Width {
			widest = i
		}
	}
	if widest < 0 {
		return
	}
	segments[widest].Width += width - used
	for i := widest + 1; i < len(segments); i++ {
		segments[i].X += width - used
	}
}
