package outage

import (
	"time"

	"cchc/domain/calendar"
)

// horizon bounds the search for a mark, in days: longer than any run of days off.
const horizon = 400

// lostOn are the stretches of office time of a day that fall into the outage and
// into no announced maintenance.
func (r Rule) lostOn(c calendar.Calendar, day calendar.Day, outage Span, excused []Span) []Span {
	if !c.IsWorkingDay(day) {
		return nil
	}
	var lost []Span
	for _, session := range r.Office {
		rest := []Span{cut(Span{From: day.At(session.Opens), To: day.At(session.Closes)}, outage)}
		for _, w := range excused {
			rest = without(rest, w)
		}
		for _, s := range rest {
			if s.length() > 0 {
				lost = append(lost, s)
			}
		}
	}
	return lost
}

// cut is what of s lies within the other; without a length when nothing does.
func cut(s, within Span) Span {
	if within.From.After(s.From) {
		s.From = within.From
	}
	if !within.Open() && within.To.Before(s.To) {
		s.To = within.To
	}
	return s
}

// without takes a stretch out of others.
func without(spans []Span, out Span) []Span {
	var rest []Span
	for _, s := range spans {
		if !out.From.Before(s.To) || !out.Open() && !out.To.After(s.From) {
			rest = append(rest, s)
			continue
		}
		if out.From.After(s.From) {
			rest = append(rest, Span{From: s.From, To: out.From})
		}
		if !out.Open() && out.To.Before(s.To) {
			rest = append(rest, Span{From: out.To, To: s.To})
		}
	}
	return rest
}

// OfficeDay is the office time of one working day.
func (r Rule) OfficeDay() time.Duration {
	minutes := 0
	for _, s := range r.Office {
		minutes += s.Closes - s.Opens
	}
	return time.Duration(minutes) * time.Minute
}

// Lost is the office time that the outage has taken as of now, less maintenance that
// was announced in time.
func (r Rule) Lost(c calendar.Calendar, outage Span, windows []Window, now time.Time) time.Duration {
	outage = outage.until(now)
	excused := r.excused(windows)
	var total time.Duration
	for day := calendar.DayOf(outage.From); day <= calendar.DayOf(outage.To); day++ {
		for _, s := range r.lostOn(c, day, outage, excused) {
			total += s.length()
		}
	}
	return total
}

// Mark is the instant at which the notice is due (QD 1439 art. 11.5) if the outage
// lasts until then. False where maintenance without an end keeps it from ever coming.
func (r Rule) Mark(c calendar.Calendar, outage Span, windows []Window) (time.Time, bool) {
	excused := r.excused(windows)
	left, whole := time.Duration(r.Days)*r.OfficeDay(), 0
	lasting := Span{From: outage.From}
	first := calendar.DayOf(outage.From)
	for day := first; day < first+horizon; day++ {
		if !c.IsWorkingDay(day) {
			continue
		}
		var today time.Duration
		for _, s := range r.lostOn(c, day, lasting, excused) {
			if r.Count == ByHours && s.length() >= left {
				return s.From.Add(left), true
			}
			left -= s.length()
			today += s.length()
		}
		if whole++; today < r.OfficeDay() {
			whole = 0 // not the whole of the day: the run begins anew
		}
		if r.Count == ByWholeDays && whole == r.Days {
			return day.At(r.Office[len(r.Office)-1].Closes), true
		}
	}
	return time.Time{}, false
}

// Reached tells whether the notice is due: the mark has come, and the outage had not
// ended before it.
func (r Rule) Reached(c calendar.Calendar, outage Span, windows []Window, now time.Time) bool {
	mark, ever := r.Mark(c, outage, windows)
	return ever && !outage.until(now).To.Before(mark)
}
