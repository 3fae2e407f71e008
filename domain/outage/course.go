package outage

import (
	"time"

	"cchc/domain/calendar"
)

// Kind is what the authority has to tell of.
type Kind string

// The kinds (QD 1439 art. 11.5: an incident that has happened, or the risk of one).
const (
	Stopped Kind = "outage"
	AtRisk  Kind = "risk"
)

const (
	morning = 8 * 60 // of the daily reminder, in minutes after midnight
	// watcherTime is how long the watcher, which brought the notice out, has to tell of
	// its all-clear: it looks for itself, and reports within minutes.
	watcherTime = 15 * time.Minute
	longWait    = 3650 // days in which a search for office time ends
)

// NoticeKind is what a notice tells units.
type NoticeKind string

// The kinds of notices. What became of deadlines may be told more than once.
const (
	TheNotice NoticeKind = "notice"
	AllClear  NoticeKind = "all_clear"
	Deadlines NoticeKind = "deadlines"
)

// Told is a notice on its way: one that was withdrawn is none.
type Told struct {
	ID        int64
	Kind      NoticeKind
	Drafted   time.Time
	Due       time.Time // the words that it needs are asked for until then
	Published time.Time // zero: not yet
	Ready     bool      // every word that it needs is there
	Ended     bool      // it says that the outage is over
	Taken     bool      // the separate watcher brought it out
	Posted    bool      // page, feed and files show it
}

// Course is how an outage stands on the road of QD 1439 art. 11.5.
type Course struct {
	Kind      Kind
	Span      Span
	Mark      time.Time // the notice is due; zero: never
	Recovery  time.Duration
	Dismissed bool // it was none
	Closed    bool
	Notices   []Told // in their order
}

// Step is what is to be done next.
type Step string

// The steps.
const (
	Wait          Step = "wait"
	WriteNotice   Step = "write_notice" // for the first time, or anew because it is over meanwhile, or no longer over
	WriteAllClear Step = "write_all_clear"
	PublishNotice Step = "publish"
	PostNotice    Step = "post"
	Finish        Step = "finish"
	Over          Step = "over"
)

// Closing is how it ended.
type Closing string

// The closings.
const (
	Quietly   Closing = "quiet"     // it was over before the notice was due
	Noticed   Closing = "noticed"   // units were told, and told that it is over
	Dismissed Closing = "dismissed" // it was none
	Withdrawn Closing = "withdrawn" // a risk that passed before units were told
)

// Turn is the next step, about which notice, or until when to wait.
type Turn struct {
	Step   Step
	Notice int64     // of PublishNotice, PostNotice, and of WriteNotice where there is one
	At     time.Time // of Wait: when to look again; zero: only when told to
	How    Closing   // of Finish
}

// Turn says what is to be done now. Every step changes the course, so that asking
// again after it leads on; doing a step twice must be harmless.
func (c Course) Turn(now time.Time) Turn {
	for _, n := range c.Notices {
		if !n.Published.IsZero() && !n.Posted {
			return Turn{Step: PostNotice, Notice: n.ID}
		}
	}
	if c.Dismissed && !c.Closed {
		return Turn{Step: Finish, How: Dismissed}
	}
	notice, drafted := c.find(TheNotice)
	if c.passed(notice, drafted, now) { // before a word that comes too late can publish it
		return Turn{Step: Finish, How: Withdrawn}
	}
	stale := drafted && notice.Published.IsZero() && c.belies(notice, now)
	for _, n := range c.Notices {
		if n.Published.IsZero() && n.Ready && !(stale && n.ID == notice.ID) {
			return Turn{Step: PublishNotice, Notice: n.ID}
		}
	}
	switch {
	case c.Closed:
		return Turn{Step: Over}
	case !drafted && c.due(now), stale:
		return Turn{Step: WriteNotice, Notice: notice.ID}
	case !drafted && c.over(now):
		return Turn{Step: Finish, How: Quietly}
	case !drafted:
		return Turn{Step: Wait, At: c.earlier(c.ahead(), now)}
	case notice.Published.IsZero() || !c.over(now):
		return Turn{Step: Wait, At: c.earlier(time.Time{}, now)}
	case notice.Ended || c.has(AllClear):
		return Turn{Step: Finish, How: Noticed}
	case notice.Taken && now.Before(c.settles().Add(watcherTime)):
		return Turn{Step: Wait, At: c.settles().Add(watcherTime)} // nobody is told twice
	}
	return Turn{Step: WriteAllClear}
}

// belies tells whether the draft says what is no longer so: that the software has
// stopped, though it is over, or that it is usable again, though it has stopped anew.
func (c Course) belies(draft Told, now time.Time) bool {
	return c.over(now) && !draft.Ended || c.Span.Open() && draft.Ended
}

// passed tells of a risk that is over before units were told of it.
func (c Course) passed(notice Told, drafted bool, now time.Time) bool {
	return !c.Closed && c.Kind == AtRisk && drafted && notice.Published.IsZero() && c.over(now)
}

// due tells whether the notice is to be drafted: at once of a risk, and of an outage
// once its mark has come and the software was not usable again before.
func (c Course) due(now time.Time) bool {
	if c.Kind == AtRisk {
		return !c.over(now)
	}
	return !c.Mark.IsZero() && !now.Before(c.Mark) && !c.endedBefore(c.Mark)
}

func (c Course) endedBefore(at time.Time) bool { return !c.Span.Open() && c.Span.To.Before(at) }

// over tells whether the software has stayed usable for Recovery. A risk is over by
// somebody's word.
func (c Course) over(now time.Time) bool {
	return !c.Span.Open() && !now.Before(c.settles())
}

// settles is when an end counts.
func (c Course) settles() time.Time {
	if c.Kind == AtRisk {
		return c.Span.To
	}
	return c.Span.To.Add(c.Recovery)
}

// ahead is the mark while it can still be reached.
func (c Course) ahead() time.Time {
	if c.Kind == AtRisk || c.Mark.IsZero() || c.endedBefore(c.Mark) {
		return time.Time{}
	}
	return c.Mark
}

// earlier is the first of at and the instant at which the end counts, after now.
func (c Course) earlier(at, now time.Time) time.Time {
	if c.Span.Open() || !c.settles().After(now) {
		return at
	}
	if at.IsZero() || c.settles().Before(at) {
		return c.settles()
	}
	return at
}

func (c Course) find(kind NoticeKind) (Told, bool) {
	for _, n := range c.Notices {
		if n.Kind == kind {
			return n, true
		}
	}
	return Told{}, false
}

func (c Course) has(kind NoticeKind) bool {
	n, found := c.find(kind)
	return found && !n.Published.IsZero()
}

// Asked is the notice that waits for words, if there is one.
func (c Course) Asked() (Told, bool) {
	n, drafted := c.find(TheNotice)
	return n, drafted && n.Published.IsZero() && !n.Ready && !c.Closed && !c.Dismissed
}

// AddOffice is the instant at which so much office time has passed since from, with
// no maintenance taken out. An hour on a Friday evening is over on Monday morning.
func (r Rule) AddOffice(c calendar.Calendar, from time.Time, span time.Duration) time.Time {
	for day := calendar.DayOf(from); day < calendar.DayOf(from)+longWait; day++ {
		for _, s := range r.lostOn(c, day, Span{From: from}, nil) {
			if s.length() >= span {
				return s.From.Add(span)
			}
			span -= s.length()
		}
	}
	return from.Add(span) // a calendar of days off alone
}

// Reminder is the first instant after the given one at which those whose word is
// missing are reminded: at half of the time they have, at its end, and then on every
// working day in the morning.
func (r Rule) Reminder(c calendar.Calendar, n Told, after time.Time) time.Time {
	half := r.AddOffice(c, n.Drafted, r.Lost(c, Span{From: n.Drafted, To: n.Due}, nil, n.Due)/2)
	for _, at := range []time.Time{half, n.Due} {
		if at.After(after) {
			return at
		}
	}
	for day := calendar.DayOf(after); ; day++ {
		if at := day.At(morning); c.IsWorkingDay(day) && at.After(after) && at.After(n.Due) {
			return at
		}
	}
}

// Planned tells whether the stretch lies within maintenance that was announced in
// time: then it is no outage.
func (r Rule) Planned(windows []Window, s Span) bool {
	rest := []Span{s}
	for _, w := range r.excused(windows) {
		rest = without(rest, w)
	}
	return !s.Open() && len(rest) == 0
}

// Same tells whether two spans tell of one outage: between them the software was
// usable for no longer than Recovery.
func (r Rule) Same(a, b Span) bool {
	if a.From.After(b.From) {
		a, b = b, a
	}
	return a.Open() || b.From.Sub(a.To) <= r.Recovery
}

// Together is the span of one outage that two sources tell of. Who does not know of
// an end yet does not deny it, unless what they tell of began after it. Of two ends
// the later one counts.
func Together(a, b Span) Span {
	if b.From.Before(a.From) {
		a, b = b, a
	}
	switch {
	case b.Open() && !a.Open() && b.From.After(a.To):
		a.To = time.Time{} // it began anew
	case a.Open() || !b.Open() && b.To.After(a.To):
		a.To = b.To
	}
	return a
}
