package outage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/migrations/seedtest"
)

// at reads "2026-11-23 10:00".
func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// span reads "2026-11-23 10:00 > 2026-11-25 10:00"; without an end: open.
func span(t *testing.T, text string) outage.Span {
	t.Helper()
	from, to, ended := strings.Cut(text, " > ")
	s := outage.Span{From: at(t, from)}
	if ended {
		s.To = at(t, to)
	}
	return s
}

// announced reads maintenance that was announced on the day before it, or later.
func announced(t *testing.T, text string, ahead time.Duration) outage.Window {
	t.Helper()
	s := span(t, text)
	return outage.Window{Span: s, Announced: s.From.Add(-ahead)}
}

func byWholeDays() outage.Rule {
	r := outage.DefaultRule()
	r.Count = outage.ByWholeDays
	return r
}

// The notice is due once the software has stopped for two consecutive working days
// (QD 1439 art. 11.5). 24/11/2026, a Tuesday, is a holiday.
func TestMark(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		why         string
		outage      string
		hours, days string // the mark when counted by hours, by whole days
	}{
		{"from a Monday's opening", "2026-10-05 07:30", "2026-10-06 17:00", "2026-10-06 17:00"},
		{"from a Monday before opening", "2026-10-05 06:00", "2026-10-06 17:00", "2026-10-06 17:00"},
		{"from a Sunday night", "2026-10-04 22:00", "2026-10-06 17:00", "2026-10-06 17:00"},
		{"from a Monday at ten", "2026-10-05 10:00", "2026-10-07 10:00", "2026-10-07 17:00"},
		{"from a Monday at noon, the office is closed", "2026-10-05 12:00", "2026-10-07 11:30", "2026-10-07 17:00"},
		{"a half day in the afternoon", "2026-10-05 13:00", "2026-10-07 11:30", "2026-10-07 17:00"},
		{"from the last minute of a Monday", "2026-10-05 16:59", "2026-10-07 16:59", "2026-10-07 17:00"},
		{"from a Monday's closing", "2026-10-05 17:00", "2026-10-07 17:00", "2026-10-07 17:00"},
		{"in the night", "2026-10-06 02:00", "2026-10-07 17:00", "2026-10-07 17:00"},
		{"over a weekend", "2026-10-08 10:00", "2026-10-12 10:00", "2026-10-12 17:00"},
		{"from a Friday afternoon", "2026-10-09 15:00", "2026-10-13 15:00", "2026-10-13 17:00"},
		{"from a Friday evening", "2026-10-09 20:00", "2026-10-13 17:00", "2026-10-13 17:00"},
		{"from a Saturday", "2026-10-10 09:00", "2026-10-13 17:00", "2026-10-13 17:00"},
		{"around a holiday in the week (NQ 28/2026/QH16)", "2026-11-23 07:30", "2026-11-25 17:00", "2026-11-25 17:00"},
		{"beginning on that holiday", "2026-11-24 09:00", "2026-11-26 17:00", "2026-11-26 17:00"},
		{"into Tet 2026", "2026-02-13 10:00", "2026-02-24 10:00", "2026-02-24 17:00"},
		{"the whole of Tet", "2026-02-14 08:00", "2026-02-24 17:00", "2026-02-24 17:00"},
		{"into Tet 2027, days off in lieu", "2027-02-04 13:00", "2027-02-15 11:30", "2027-02-15 17:00"},
		{"a Saturday worked for another day", "2026-08-21 07:30", "2026-08-22 17:00", "2026-08-22 17:00"},
		{"beginning on that Saturday", "2026-08-22 10:00", "2026-08-25 10:00", "2026-08-25 17:00"},
		{"the Monday it was worked for, and National Day", "2026-08-28 13:00", "2026-09-04 11:30", "2026-09-04 17:00"},
		{"a day off in lieu (Labour Code art. 111.3)", "2026-04-24 07:30", "2026-04-28 17:00", "2026-04-28 17:00"},
		{"over New Year with a swapped Friday", "2025-12-31 07:30", "2026-01-05 17:00", "2026-01-05 17:00"},
		{"29 February", "2028-02-28 08:30", "2028-03-01 08:30", "2028-03-01 17:00"},
	} {
		for _, counted := range []struct {
			rule outage.Rule
			want string
		}{{outage.DefaultRule(), row.hours}, {byWholeDays(), row.days}} {
			got, ever := counted.rule.Mark(c, span(t, row.outage), nil)
			if want := at(t, counted.want); !ever || !got.Equal(want) {
				t.Errorf("%s, by %s: mark %v, want %v", row.why, counted.rule.Count, got, want)
			}
		}
	}
}

// Maintenance excuses only what it covers, and only when it was announced in time.
func TestMarkWithMaintenance(t *testing.T) {
	c := seedtest.Calendar(t)
	const day = 24 * time.Hour
	for _, row := range []struct {
		why     string
		outage  string
		windows []outage.Window
		mark    string // "": never
	}{
		{"none", "2026-10-05 07:30", nil, "2026-10-06 17:00"},
		{"a morning that was announced", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 07:30 > 2026-10-05 11:30", day)}, "2026-10-07 11:30"},
		{"told an hour ahead", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 07:30 > 2026-10-05 11:30", time.Hour)}, "2026-10-06 17:00"},
		{"told afterwards", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 07:30 > 2026-10-05 11:30", -day)}, "2026-10-06 17:00"},
		{"at night", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 22:00 > 2026-10-06 05:00", day)}, "2026-10-06 17:00"},
		{"over the whole weekend and Monday", "2026-10-09 17:00", []outage.Window{announced(t, "2026-10-09 18:00 > 2026-10-13 07:30", day)}, "2026-10-14 17:00"},
		{"in the middle of a session", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 09:00 > 2026-10-05 10:00", day)}, "2026-10-07 08:30"},
		{"two that overlap count once", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 09:00 > 2026-10-05 10:00", day), announced(t, "2026-10-05 09:30 > 2026-10-05 10:30", day)}, "2026-10-07 09:00"},
		{"before the outage", "2026-10-05 13:00", []outage.Window{announced(t, "2026-10-05 07:30 > 2026-10-05 11:30", day)}, "2026-10-07 11:30"},
		{"longer than announced", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 07:30 > 2026-10-06 07:30", day)}, "2026-10-07 17:00"},
		{"without an end", "2026-10-05 07:30", []outage.Window{announced(t, "2026-10-05 07:30", day)}, ""},
	} {
		got, ever := outage.DefaultRule().Mark(c, span(t, row.outage), row.windows)
		if ever != (row.mark != "") {
			t.Errorf("%s: ever %v", row.why, ever)
			continue
		}
		if ever && !got.Equal(at(t, row.mark)) {
			t.Errorf("%s: mark %v, want %s", row.why, got, row.mark)
		}
	}
}

func TestReached(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		why, outage, now string
		reached          bool
	}{
		{"a minute before the mark", "2026-10-05 10:00", "2026-10-07 09:59", false},
		{"at the mark", "2026-10-05 10:00", "2026-10-07 10:00", true},
		{"ended a minute before it", "2026-10-05 10:00 > 2026-10-07 09:59", "2026-10-08 12:00", false},
		{"ended at it", "2026-10-05 10:00 > 2026-10-07 10:00", "2026-10-08 12:00", true},
		{"one day, then a weekend", "2026-10-09 07:30 > 2026-10-12 07:30", "2026-10-12 08:00", false},
		{"nothing but nights and days off", "2026-02-14 00:00 > 2026-02-23 07:30", "2026-02-23 09:00", false},
	} {
		if got := outage.DefaultRule().Reached(c, span(t, row.outage), nil, at(t, row.now)); got != row.reached {
			t.Errorf("%s: reached %v", row.why, got)
		}
	}
}

// A log is written as minutes from 08:00 of a Monday: "+" usable, "-" not.
func TestOutages(t *testing.T) {
	zero := at(t, "2026-10-05 08:00")
	for _, row := range []struct {
		why, log string
		now      int
		want     string
	}{
		{"nobody has looked", "", 100, ""},
		{"all is well", "0+ 5+ 10+", 12, ""},
		{"one look failed", "0+ 5- 10+", 60, ""},
		{"a restart", "0+ 1- 8+ 10+", 60, ""},
		{"just ten minutes", "0+ 5- 10- 15+ 20+", 60, "5-15"},
		{"it still is", "0+ 5- 10- 15- 20-", 22, "5-"},
		{"not long enough yet", "0+ 5- 10-", 14, ""},
		{"usable again, but not for long", "0+ 5- 10- 15- 20+ 25+", 40, "5-"},
		{"usable again for half an hour", "0+ 5- 10- 15- 20+ 25+", 50, "5-20"},
		{"flapping", "0+ 5- 15+ 25- 35+ 45- 55+ 90+", 100, "5-55"},
		{"flapping, each too short for itself", "0- 4+ 20- 24+ 40- 44+", 100, "0-44"},
		{"two of them", "0- 20+ 60- 80+", 200, "0-20 60-80"},
		{"failed at the very first look", "0- 30+", 100, "0-30"},
		{"nobody looked while it failed", "0+ 5- 500+", 600, "5-500"},
		{"nobody looked before it failed", "0+ 500- 520+", 600, "500-520"},
		{"the watcher itself was off, all is well", "0+ 500+", 600, ""},
		{"nobody has looked since", "0+ 5-", 6000, "5-"},
	} {
		var looks []outage.Look
		for _, one := range strings.Fields(row.log) {
			var minute int
			var sign rune
			if _, err := fmt.Sscanf(one, "%d%c", &minute, &sign); err != nil {
				t.Fatal(err)
			}
			looks = append(looks, outage.Look{At: zero.Add(time.Duration(minute) * time.Minute), Up: sign == '+'})
		}
		var got []string
		for _, s := range outage.DefaultRule().Outages(looks, zero.Add(time.Duration(row.now)*time.Minute)) {
			text := fmt.Sprintf("%d-", int(s.From.Sub(zero).Minutes()))
			if !s.Open() {
				text += fmt.Sprint(int(s.To.Sub(zero).Minutes()))
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// Lost days among the last three before a deadline are given back.
func TestExtended(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		why, outage, lastDay, want string // "": not touched
		given                      int
	}{
		{"the last day alone", "2026-10-09 08:00 > 2026-10-09 18:00", "2026-10-09", "2026-10-12", 1},
		{"an hour of the last day", "2026-10-09 16:00 > 2026-10-09 18:00", "2026-10-09", "2026-10-12", 1},
		{"its evening: the office had closed", "2026-10-09 17:00 > 2026-10-09 23:00", "2026-10-09", "", 0},
		{"the two last days", "2026-10-08 08:00 > 2026-10-09 18:00", "2026-10-09", "2026-10-13", 2},
		{"three days before", "2026-10-07 08:00 > 2026-10-07 18:00", "2026-10-09", "2026-10-12", 1},
		{"four days before: time enough was left", "2026-10-06 08:00 > 2026-10-06 18:00", "2026-10-09", "", 0},
		{"past the deadline: counted from when it ended", "2026-10-09 13:00 > 2026-10-13 10:00", "2026-10-09", "2026-10-14", 1},
		{"long past it: no more than the lost days before it", "2026-10-05 08:00 > 2026-10-16 10:00", "2026-10-09", "2026-10-21", 3},
		{"after the deadline", "2026-10-12 08:00 > 2026-10-13 10:00", "2026-10-09", "", 0},
		{"a deadline on a Sunday", "2026-10-09 08:00 > 2026-10-09 18:00", "2026-10-11", "2026-10-12", 1},
		{"over Tet", "2026-02-13 08:00 > 2026-02-23 10:00", "2026-02-13", "2026-02-24", 1},
		{"not over yet", "2026-10-09 08:00", "2026-10-09", "", 0},
	} {
		lastDay, err := calendar.ParseDay(row.lastDay)
		if err != nil {
			t.Fatal(err)
		}
		got, given, touched := outage.DefaultRule().Extended(c, span(t, row.outage), nil, lastDay)
		if touched != (row.want != "") || given != row.given {
			t.Errorf("%s: touched %v, given %d", row.why, touched, given)
		}
		if touched && got.String() != row.want {
			t.Errorf("%s: last day %s, want %s", row.why, got, row.want)
		}
	}
}

// Days that outages took are not counted as days of delay; one day is counted once.
func TestStandingDays(t *testing.T) {
	c := seedtest.Calendar(t)
	var confirmed []outage.Confirmed
	for _, text := range []string{
		"2026-10-05 10:00 > 2026-10-07 10:00",
		"2026-10-07 15:00 > 2026-10-07 16:00",
		"2026-10-10 08:00 > 2026-10-11 18:00", // a weekend
		"2026-10-12 20:00",                    // not over
	} {
		confirmed = append(confirmed, outage.Confirmed{Span: span(t, text), Rule: outage.DefaultRule()})
	}
	for _, row := range []struct {
		from, to string
		want     int
	}{
		{"2026-10-02 17:00", "2026-10-09 17:00", 3},
		{"2026-10-06 08:00", "2026-10-09 17:00", 1},
		{"2026-10-08 08:00", "2026-10-12 17:00", 0},
		{"2026-10-08 08:00", "2026-10-14 09:00", 2},
		{"2026-10-08 08:00", "2026-10-14 07:00", 1}, // before the office opens nothing is lost
		{"2026-10-14 09:00", "2026-10-08 08:00", 0},
	} {
		from, to := at(t, row.from), at(t, row.to)
		still := c.Standing(outage.StandingDays(c, confirmed, to))
		if got := len(still.DaysStill(calendar.DayOf(from), calendar.DayOf(to))); got != row.want {
			t.Errorf("%s to %s: %d, want %d", row.from, row.to, got, row.want)
		}
		if whole := c.WorkingDaysHeld(from, to); still.WorkingDaysHeld(from, to) != whole-row.want {
			t.Errorf("%s to %s: held %d of %d", row.from, row.to, still.WorkingDaysHeld(from, to), whole)
		}
	}
	if days := outage.StandingDays(c, nil, at(t, "2026-10-09 08:00")); days != nil {
		t.Errorf("without outages: %v", days)
	}
}

// Whenever an outage begins: at its mark exactly two office days have been lost, a
// minute before it less, the mark lies in office hours of a working day, and counting
// by whole days never notifies sooner.
func TestMarkProperties(t *testing.T) {
	c := seedtest.Calendar(t)
	random := rand.New(rand.NewPCG(11, 5))
	byHours, byDays := outage.DefaultRule(), byWholeDays()
	first := at(t, "2026-01-01 00:00")
	for range 2000 {
		down := outage.Span{From: first.Add(time.Duration(random.IntN(2*365*24*60)) * time.Minute)}
		mark, _ := byHours.Mark(c, down, nil)
		two := 2 * byHours.OfficeDay()
		if lost := byHours.Lost(c, down, nil, mark); lost != two {
			t.Fatalf("from %v: lost %v at the mark %v", down.From, lost, mark)
		}
		if lost := byHours.Lost(c, down, nil, mark.Add(-time.Minute)); lost != two-time.Minute {
			t.Fatalf("from %v: lost %v a minute before the mark %v", down.From, lost, mark)
		}
		if !c.IsWorkingDay(calendar.DayOf(mark)) {
			t.Fatalf("from %v: the mark %v is on a day off", down.From, mark)
		}
		if whole, _ := byDays.Mark(c, down, nil); whole.Before(mark) {
			t.Fatalf("from %v: whole days %v before hours %v", down.From, whole, mark)
		}
	}
}

func TestValidate(t *testing.T) {
	if broken := outage.DefaultRule().Validate(); broken != nil {
		t.Errorf("the default: %v", broken)
	}
	for field, spoil := range map[string]func(*outage.Rule){
		"days":     func(r *outage.Rule) { r.Days = 0 },
		"count":    func(r *outage.Rule) { r.Count = "weeks" },
		"office":   func(r *outage.Rule) { r.Office[1].Opens = r.Office[0].Opens },
		"confirm":  func(r *outage.Rule) { r.Confirm = -time.Second },
		"recovery": func(r *outage.Rule) { r.Recovery = 25 * time.Hour },
		"announce": func(r *outage.Rule) { r.Announce = -1 },
		"lead":     func(r *outage.Rule) { r.Lead = 31 },
	} {
		r := outage.DefaultRule()
		spoil(&r)
		if broken := r.Validate(); len(broken) != 1 || broken[0].Field != field {
			t.Errorf("%s: %v", field, broken)
		}
	}
}
