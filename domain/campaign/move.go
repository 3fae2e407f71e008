package campaign

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
)

// DueBasis is what a campaign's due follows from: by a rule from its period and
// window, or set by hand.
type DueBasis struct {
	Due    period.Due
	DueAt  time.Time // as it stands
	Period period.Period
	Window period.Window
	Rule   *period.Rule // nil: set by hand
}

// After is the campaign's due once the calendar has changed. A due that follows
// from a rule is reckoned anew; of one set by hand the day stays, and only its shift
// off a rest day is. An instant that is not the end of a due day stays.
func (b DueBasis) After(before, after calendar.Calendar) (period.Due, time.Time) {
	if !b.Due.LastInstant(before).Equal(b.DueAt) {
		return b.Due, b.DueAt
	}
	due := b.Due
	if b.Rule != nil {
		due, _ = b.Rule.Suggest(b.Period, b.Window, after)
	}
	return due, due.LastInstant(after)
}

// Standing is what an open document's dues follow from.
type Standing struct {
	Stage       document.Stage
	CampaignDue time.Time
	UnitDue     time.Time // by which on time is measured
	Due         time.Time // of the present desk
	Extended    bool
	Signed      bool       // it was handed in at least once
	Arrived     time.Time  // at the present desk
	SentBack    *time.Time // when the authority returned it last; nil: never
	ConfirmDays int
	Resubmit    int // working days
}

// Dues are the two dues of a document.
type Dues struct {
	Unit, Desk time.Time
}

// Kept is why a document's due stays though its campaign's moves.
type Kept string

// The reasons; the first that holds is told.
const (
	KeptHandedIn Kept = "handed_in" // what was handed in is measured against the due of then
	KeptExtended Kept = "extended"  // the authority gave it a due of its own
	KeptByHand   Kept = "by_hand"   // typed by hand, at a reopening or otherwise
)

// After is how the document's dues stand once the calendar has changed and its
// campaign is due at the given instant. A due moves when it is what its rule gives
// by the calendar before, and then becomes what the same rule gives by the new one;
// what somebody decided stays. On time is measured by the due in force when the
// document was handed in (QĐ 1439 Đ8.1a).
func (s Standing) After(before, after calendar.Calendar, campaignDue time.Time) Dues {
	dues := Dues{Unit: s.UnitDue, Desk: s.Due}
	if !s.Extended && !s.Signed && s.UnitDue.Equal(s.CampaignDue) {
		dues.Unit = campaignDue
	}
	switch {
	case s.Stage == document.AuthorityReview:
		if s.Due.Equal(document.DeskDue(s.Arrived, s.ConfirmDays, before)) {
			dues.Desk = document.DeskDue(s.Arrived, s.ConfirmDays, after)
		}
	case s.SentBack != nil && s.Due.Equal(document.ResubmitDue(*s.SentBack, s.UnitDue, s.Resubmit, before)):
		dues.Desk = document.ResubmitDue(*s.SentBack, dues.Unit, s.Resubmit, after)
	case s.Due.Equal(s.UnitDue):
		dues.Desk = dues.Unit
	}
	return dues
}

// Kept tells why the document does not follow its campaign's due; empty when it
// does, or when it lies at the authority, whose due is its own.
func (s Standing) Kept() Kept {
	switch {
	case s.Signed:
		return KeptHandedIn
	case s.Extended:
		return KeptExtended
	case !s.UnitDue.Equal(s.CampaignDue) || !s.Due.Equal(s.UnitDue):
		return KeptByHand
	}
	return ""
}

// RungMove is one occurrence of a ladder's rung that comes at another instant.
type RungMove struct {
	Rung     period.Rung
	From, To time.Time
}

// MovedRungs are the rungs of a ladder that move with a due or with the calendar,
// as far as they lie ahead now or come to: each rung's first such occurrence.
func MovedRungs(ladder period.Ladder, due, newDue time.Time, before, after calendar.Calendar, now time.Time) []RungMove {
	was, is := byRung(ladder, due, before), byRung(ladder, newDue, after)
	var moves []RungMove
	for index, rung := range ladder {
		for i, from := range was[index] {
			to := is[index][i]
			if !from.Equal(to) && (from.After(now) || to.After(now)) {
				moves = append(moves, RungMove{Rung: rung, From: from, To: to})
				break
			}
		}
	}
	return moves
}

// byRung are the occurrences of each rung in order of time.
func byRung(ladder period.Ladder, due time.Time, c calendar.Calendar) map[int][]time.Time {
	times := map[int][]time.Time{}
	for _, at := range ladder.All(time.Time{}, due, c) {
		times[at.Index] = append(times[at.Index], at.Time)
	}
	return times
}
