// Package outage knows when the software counts as stopped, from when on the
// authority must notify every unit, and what an outage does to deadlines.
//
// The duty is that of QD 1439 art. 11.5: notice in writing and on the authority's
// site when the software has stopped for two consecutive working days. The article
// does not say how such days are counted; Rule does, as data that an administrator
// edits. All of it is reckoned from what was seen from outside, so that the separate
// watcher and the software itself come to the same answer.
//
// Probing, storing, drafting and sending live elsewhere. Nothing here may read a
// clock or know a unit.
package outage

import (
	"slices"
	"time"

	"cchc/domain/rule"
)

// Session is a part of the office day, in minutes after midnight.
type Session struct {
	Opens  int `json:"opens"`
	Closes int `json:"closes"`
}

// Count says how two consecutive working days are counted.
type Count string

// The counts. By hours, stopped office time adds up without a break to as many
// office days: from Monday 10:00 two days are over on Wednesday 10:00. By whole days
// only days that were lost from opening to closing count: there it is Wednesday's
// closing. Neither ever counts nights, days off, or time before the software was
// usable again.
const (
	ByHours     Count = "hours"
	ByWholeDays Count = "whole_days"
)

// Rule is how an outage is judged.
type Rule struct {
	Days     int           `json:"days"`     // consecutive working days until the notice is due
	Count    Count         `json:"count"`    // how they are counted
	Office   []Session     `json:"office"`   // of a working day, in their order
	Confirm  time.Duration `json:"confirm"`  // down for less is a restart, not an outage
	Recovery time.Duration `json:"recovery"` // usable for less does not end an outage (flapping)
	Announce time.Duration `json:"announce"` // maintenance counts as announced when told so long ahead
	Lead     int           `json:"lead"`     // working days before a deadline in which lost time is given back
}

// DefaultRule is two working days (QD 1439 art. 11.5) of the usual office hours.
// Everything but Days is a proposal.
func DefaultRule() Rule {
	return Rule{
		Days: 2, Count: ByHours,
		Office:  []Session{{Opens: 7*60 + 30, Closes: 11*60 + 30}, {Opens: 13 * 60, Closes: 17 * 60}},
		Confirm: 10 * time.Minute, Recovery: 30 * time.Minute,
		Announce: 24 * time.Hour, Lead: 3,
	}
}

// Codes of a rule that makes no sense, at its field.
const (
	DaysBad     rule.Code = "outage_days"     // 1 to most
	CountBad    rule.Code = "outage_count"    // neither of the two
	OfficeBad   rule.Code = "outage_office"   // none, overlapping or not in their order
	DurationBad rule.Code = "outage_duration" // negative or longer than a day
	LeadBad     rule.Code = "outage_lead"     // 0 to most
)

const maxDays = 30

// Validate finds all that is wrong with the rule.
func (r Rule) Validate() rule.Errors {
	var broken rule.Errors
	if r.Days < 1 || r.Days > maxDays {
		broken.Add(DaysBad, "days", maxDays)
	}
	if r.Count != ByHours && r.Count != ByWholeDays {
		broken.Add(CountBad, "count")
	}
	if !r.officeMakesSense() {
		broken.Add(OfficeBad, "office")
	}
	for _, one := range []struct {
		field string
		value time.Duration
	}{{"confirm", r.Confirm}, {"recovery", r.Recovery}} {
		if one.value < 0 || one.value > 24*time.Hour {
			broken.Add(DurationBad, one.field)
		}
	}
	if r.Announce < 0 || r.Announce > maxDays*24*time.Hour {
		broken.Add(DurationBad, "announce")
	}
	if r.Lead < 0 || r.Lead > maxDays {
		broken.Add(LeadBad, "lead", maxDays)
	}
	return broken
}

func (r Rule) officeMakesSense() bool {
	before := 0
	for _, s := range r.Office {
		if s.Opens < before || s.Closes <= s.Opens || s.Closes > 24*60 {
			return false
		}
		before = s.Closes
	}
	return len(r.Office) > 0
}

// Span is a stretch of time, From included, To not. A zero To has not come yet.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// Open tells whether the span's end has not come yet.
func (s Span) Open() bool { return s.To.IsZero() }

// until is the span as far as it has come.
func (s Span) until(now time.Time) Span {
	if s.Open() || s.To.After(now) {
		s.To = now
	}
	return s
}

// Window is maintenance that was announced.
type Window struct {
	Span
	Announced time.Time `json:"announced"`
}

// excused are the windows that were announced early enough, joined and in order.
func (r Rule) excused(windows []Window) []Span {
	var spans []Span
	for _, w := range windows {
		if w.From.Sub(w.Announced) >= r.Announce {
			spans = append(spans, w.Span)
		}
	}
	return joined(spans, 0)
}

// joined puts spans in order and makes one of those with no more than the gap between.
func joined(spans []Span, gap time.Duration) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var out []Span
	for _, s := range spans {
		if len(out) == 0 {
			out = append(out, s)
			continue
		}
		switch last := &out[len(out)-1]; {
		case last.Open():
			return out // it swallows all that comes
		case s.From.Sub(last.To) > gap:
			out = append(out, s)
		case s.Open() || s.To.After(last.To):
			last.To = s.To
		}
	}
	return out
}

// Look is what one probe from outside found.
type Look struct {
	At time.Time `json:"at"`
	Up bool      `json:"up"`
}

// Outages reads a log of looks, in their order, as of now. An outage begins with the
// first look that failed and ends with the first one that succeeded, once the software
// has stayed usable for Recovery: until then it is open. One that never held for
// Confirm is none. What happened while nobody looked is not known: it begins nothing,
// and an outage that was open goes on until a look succeeds.
func (r Rule) Outages(looks []Look, now time.Time) []Span {
	var out []Span
	for _, s := range joined(failures(looks), r.Recovery) {
		if !s.Open() && now.Sub(s.To) < r.Recovery {
			s.To = time.Time{}
		}
		if s.until(now).length() >= r.Confirm {
			out = append(out, s)
		}
	}
	return out
}

// failures are the runs of failed looks; the last one is open when no look has
// succeeded since.
func failures(looks []Look) []Span {
	var out []Span
	var down *Span
	for _, look := range looks {
		switch {
		case !look.Up && down == nil:
			out = append(out, Span{From: look.At})
			down = &out[len(out)-1]
		case look.Up && down != nil:
			down.To = look.At
			down = nil
		}
	}
	return out
}

func (s Span) length() time.Duration { return s.To.Sub(s.From) }
