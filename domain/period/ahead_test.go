package period_test

import (
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// The due of an ad hoc report is as the requesting body asks (ND 09/2019 art. 8.5c),
// counted as the civil code counts (BLDS 2015 art. 147, 148).
func TestDueAhead(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		launch string
		ahead  period.Ahead
		ends   string // 00:00 is 24:00 of the day before
		legal  string
	}{
		{"2026-11-20 14:30:00", period.Ahead{Span: period.SpanHours, Count: 24}, "2026-11-21 14:30:00", "BLDS 147.1: from a Friday afternoon into Saturday"},
		{"2026-11-20 14:30:25", period.Ahead{Span: period.SpanHours, Count: 24}, "2026-11-21 14:31:00", "never sooner than asked"},
		{"2026-11-20 14:30:00", period.Ahead{Span: period.SpanHours, Count: 72}, "2026-11-23 14:30:00", "hours run through a weekend"},
		{"2026-11-23 16:00:00", period.Ahead{Span: period.SpanHours, Count: 10}, "2026-11-24 02:00:00", "due in the night"},
		{"2026-11-23 12:00:00", period.Ahead{Span: period.SpanHours, Count: 12}, "2026-11-24 00:00:00", "midnight is the end of the day before"},
		{"2026-11-23 09:00:00", period.Ahead{Span: period.SpanHours, Count: 48}, "2026-11-25 09:00:00", "over Culture Day, 24/11"},
		{"2026-02-13 15:00:00", period.Ahead{Span: period.SpanHours, Count: 48}, "2026-02-15 15:00:00", "into Tet 2026"},
		{"2028-02-28 10:00:00", period.Ahead{Span: period.SpanHours, Count: 24}, "2028-02-29 10:00:00", "29 February"},
		{"2026-12-31 20:00:00", period.Ahead{Span: period.SpanHours, Count: 6}, "2027-01-01 02:00:00", "over New Year"},
		{"2026-11-18 09:00:00", period.Ahead{Span: period.SpanDays, Count: 1}, "2026-11-20 00:00:00", "BLDS 147.2: the day of the event does not count"},
		{"2026-11-20 09:00:00", period.Ahead{Span: period.SpanDays, Count: 1}, "2026-11-24 00:00:00", "BLDS 148.5: Saturday, so to the end of Monday"},
		{"2026-11-18 09:00:00", period.Ahead{Span: period.SpanDays, Count: 3}, "2026-11-24 00:00:00", "the third day is a Saturday"},
		{"2026-02-12 09:00:00", period.Ahead{Span: period.SpanDays, Count: 5}, "2026-02-24 00:00:00", "Tet 2026 moves the last day on"},
		{"2027-02-03 09:00:00", period.Ahead{Span: period.SpanDays, Count: 2}, "2027-02-13 00:00:00", "Tet 2027 from 05/02 to its compensation on 11/02"},
		{"2026-08-20 09:00:00", period.Ahead{Span: period.SpanDays, Count: 2}, "2026-08-23 00:00:00", "the worked Saturday 22/08 is a working day"},
		{"2026-11-20 09:00:00", period.Ahead{Span: period.SpanWorkingDays, Count: 1}, "2026-11-24 00:00:00", "Friday to Monday"},
		{"2026-11-23 09:00:00", period.Ahead{Span: period.SpanWorkingDays, Count: 2}, "2026-11-27 00:00:00", "Culture Day between"},
		{"2026-02-13 09:00:00", period.Ahead{Span: period.SpanWorkingDays, Count: 1}, "2026-02-24 00:00:00", "the first day after Tet"},
		{"2026-04-28 09:00:00", period.Ahead{Span: period.SpanWorkingDays, Count: 2}, "2026-05-05 00:00:00", "30/04, 01/05 and a weekend"},
	} {
		due := row.ahead.Due(instant(t, row.launch), c)
		if got := due.LastInstant(c).In(calendar.Zone).Format(time.DateTime); got != row.ends {
			t.Errorf("%s + %+v (%s): ends %s, want %s", row.launch, row.ahead, row.legal, got, row.ends)
		}
		if broken := due.Validate(); broken != nil {
			t.Errorf("%s + %+v: %v", row.launch, row.ahead, broken)
		}
	}
}

// The ladder of a due in hours, walked as the workflow walks it.
func TestHoursLadderWalked(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		launch string
		hours  int
		want   []string
	}{
		{"2026-11-20 14:00:00", 24, []string{
			"before_12h 2026-11-21 02:00:00", "before_2h 2026-11-21 12:00:00", "due 2026-11-21 14:00:00",
			"after_2h 2026-11-21 16:00:00", "after_24h 2026-11-22 14:00:00"}},
		{"2026-11-23 08:00:00", 4, []string{
			"before_2h 2026-11-23 10:00:00", "due 2026-11-23 12:00:00", "after_2h 2026-11-23 14:00:00", "after_24h 2026-11-24 12:00:00"}},
		{"2026-02-13 16:00:00", 6, []string{
			"before_3h 2026-02-13 19:00:00", "before_2h 2026-02-13 20:00:00", "due 2026-02-13 22:00:00",
			"after_2h 2026-02-14 00:00:00", "after_24h 2026-02-14 22:00:00"}},
		{"2026-11-23 08:00:00", 1, []string{"due 2026-11-23 09:00:00", "after_2h 2026-11-23 11:00:00", "after_24h 2026-11-24 09:00:00"}},
	} {
		launch := instant(t, row.launch)
		last := period.Ahead{Span: period.SpanHours, Count: row.hours}.Due(launch, c).LastInstant(c)
		ladder, after := period.LadderFor(launch, last), launch
		if broken := ladder.Validate(); broken != nil {
			t.Errorf("%d hours: %v", row.hours, broken)
		}
		for _, want := range row.want {
			rung, _, at, ok := ladder.Next(after, last, c)
			if got := rung.Code + " " + at.In(calendar.Zone).Format(time.DateTime); !ok || got != want {
				t.Errorf("%d hours from %s: %s, want %s", row.hours, row.launch, got, want)
			}
			after = at
		}
		if _, _, at, ok := ladder.Next(after, last, c); ok {
			t.Errorf("%d hours: something comes at %s after the last", row.hours, at)
		}
	}
}

func TestLadderFitsTheTime(t *testing.T) {
	launch := instant(t, "2026-11-23 08:00:00")
	if got := period.LadderFor(launch, launch.Add(96*time.Hour)); got[0].Hours != -48 {
		t.Errorf("four days: %+v", got[0])
	}
	if got := period.LadderFor(launch, launch.Add(97*time.Hour)); got[0].WorkingDays != -5 {
		t.Errorf("more than four days: %+v", got[0])
	}
}

// Rungs in hours and in working days that fall on one instant stay apart.
func TestRungsOfOneInstantStayApart(t *testing.T) {
	c := seedtest.Calendar(t)
	last := instant(t, "2026-11-19 08:00:00")
	ladder := period.Ladder{
		{Code: "due", To: []string{period.ToHolder}},
		{Code: "after_24h", Hours: 24, To: []string{period.ToDirector}},
		{Code: "after_1", WorkingDays: 1, To: []string{period.ToHolder}},
	}
	all := ladder.All(last.Add(-time.Hour), last, c)
	if len(all) != 3 || !all[0].Time.Equal(last) || !all[2].Time.Equal(all[1].Time.Add(time.Second)) {
		t.Errorf("%+v", all)
	}
}

func TestHoursOfARungAreBounded(t *testing.T) {
	for _, rung := range []period.Rung{
		{Code: "a", Hours: 241, To: []string{period.ToHolder}}, {Code: "a", Hours: -241, To: []string{period.ToHolder}},
		{Code: "a", Hours: 2, WorkingDays: 1, To: []string{period.ToHolder}},
	} {
		if broken := (period.Ladder{rung}).Validate(); !broken.Has("ladder_hours") {
			t.Errorf("%+v: %v", rung, broken)
		}
	}
}

func TestOffHours(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		ends string // of the time allowed; 00:00 is 24:00 of the day before
		off  bool
		why  string
	}{
		{"2026-11-23 17:00:00", false, "a Monday afternoon"},
		{"2026-11-23 07:00:00", false, "as work begins"},
		{"2026-11-23 06:59:00", true, "before it begins"},
		{"2026-11-23 18:00:00", false, "as work ends"},
		{"2026-11-23 18:01:00", true, "after it has ended"},
		{"2026-11-24 00:00:00", false, "the whole of a working day"},
		{"2026-11-22 00:00:00", true, "the whole of a Saturday"},
		{"2026-11-22 10:00:00", true, "a Sunday"},
		{"2026-11-24 10:00:00", true, "Culture Day, a holiday (NQ 28/2026/QH16)"},
		{"2026-08-22 10:00:00", false, "a Saturday worked for another day"},
		{"2026-08-31 10:00:00", true, "the Monday it was worked for"},
	} {
		if got := period.EndingAt(instant(t, row.ends)).OffHours(c); got != row.off {
			t.Errorf("%s, %s: off hours %v, want %v", row.ends, row.why, got, row.off)
		}
	}
}
