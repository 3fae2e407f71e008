package outage_test

import (
	"testing"
	"time"

	"cchc/domain/outage"
	"cchc/migrations/seedtest"
)

// The road of an outage and of a risk (QD 1439 art. 11.5), step by step. 05/10/2026 is a
// Monday; an outage from its opening on is to be told of on Tuesday at 17:00.
func TestTurn(t *testing.T) {
	const (
		began   = "2026-10-05 07:30"
		mark    = "2026-10-06 17:00"
		drafted = "2026-10-06 17:00"
		told    = "2026-10-07 08:00"
	)
	draft := outage.Told{ID: 7, Kind: outage.TheNotice, Drafted: at(t, drafted)}
	ready, published := draft, draft
	ready.Ready = true
	published.Ready, published.Published = true, at(t, told)
	posted := published
	posted.Posted = true
	ended := func(n outage.Told) outage.Told { n.Ended = true; return n }
	taken := posted
	taken.Taken = true
	clear := outage.Told{ID: 8, Kind: outage.AllClear, Ready: true, Published: at(t, "2026-10-07 12:00"), Posted: true}
	more := outage.Told{ID: 9, Kind: outage.Deadlines, Ready: true}
	for _, row := range []struct {
		why     string
		kind    outage.Kind
		span    string
		now     string
		notices []outage.Told
		flags   string // dismissed, closed
		want    outage.Turn
	}{
		{"it lasts: until the mark", outage.Stopped, began, "2026-10-05 09:00", nil, "", outage.Turn{Step: outage.Wait, At: at(t, mark)}},
		{"at the mark", outage.Stopped, began, mark, nil, "", outage.Turn{Step: outage.WriteNotice}},
		{"long after the mark: a gap found at the restart", outage.Stopped, began + " > 2026-10-09 09:00", "2026-10-09 09:00", nil, "", outage.Turn{Step: outage.WriteNotice}},
		{"it ended before: until it has stayed usable", outage.Stopped, began + " > 2026-10-05 10:00", "2026-10-05 10:10", nil, "", outage.Turn{Step: outage.Wait, At: at(t, "2026-10-05 10:30")}},
		{"ended before, and stayed usable", outage.Stopped, began + " > 2026-10-05 10:00", "2026-10-05 10:30", nil, "", outage.Turn{Step: outage.Finish, How: outage.Quietly}},
		{"ended a minute before the mark, looked at after it", outage.Stopped, began + " > 2026-10-06 16:59", "2026-10-06 17:29", nil, "", outage.Turn{Step: outage.Finish, How: outage.Quietly}},
		{"drafted: until a word comes", outage.Stopped, began, told, []outage.Told{draft}, "", outage.Turn{Step: outage.Wait}},
		{"both words are there", outage.Stopped, began, told, []outage.Told{ready}, "", outage.Turn{Step: outage.PublishNotice, Notice: 7}},
		{"ended while words are asked for: the draft says so", outage.Stopped, began + " > " + told, "2026-10-07 08:30", []outage.Told{draft}, "", outage.Turn{Step: outage.WriteNotice, Notice: 7}},
		{"ended as the last word comes: not what is no longer so", outage.Stopped, began + " > " + told, "2026-10-07 08:30", []outage.Told{ready}, "", outage.Turn{Step: outage.WriteNotice, Notice: 7}},
		{"usable for minutes: the draft stands", outage.Stopped, began + " > " + told, "2026-10-07 08:10", []outage.Told{draft}, "", outage.Turn{Step: outage.Wait, At: at(t, "2026-10-07 08:30")}},
		{"it stopped anew: the draft no longer says that it is over", outage.Stopped, began, "2026-10-07 09:00", []outage.Told{ended(draft)}, "", outage.Turn{Step: outage.WriteNotice, Notice: 7}},
		{"it stopped anew as the last word comes", outage.Stopped, began, "2026-10-07 09:00", []outage.Told{ended(ready)}, "", outage.Turn{Step: outage.WriteNotice, Notice: 7}},
		{"its end is later than the draft says: until it has stayed usable", outage.Stopped, began + " > 2026-10-07 08:50", "2026-10-07 09:00", []outage.Told{ended(draft)}, "", outage.Turn{Step: outage.Wait, At: at(t, "2026-10-07 09:20")}},
		{"published: page and feed", outage.Stopped, began, told, []outage.Told{published}, "", outage.Turn{Step: outage.PostNotice, Notice: 7}},
		{"told, it lasts", outage.Stopped, began, told, []outage.Told{posted}, "", outage.Turn{Step: outage.Wait}},
		{"told, and usable again", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-07 11:30", []outage.Told{posted}, "", outage.Turn{Step: outage.WriteAllClear}},
		{"the watcher told, and usable again: its all-clear comes", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-07 11:30", []outage.Told{taken}, "", outage.Turn{Step: outage.Wait, At: at(t, "2026-10-07 11:45")}},
		{"the watcher told, and has gone silent", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-07 11:45", []outage.Told{taken}, "", outage.Turn{Step: outage.WriteAllClear}},
		{"the watcher's all-clear has come", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-07 11:32", []outage.Told{taken, clear}, "", outage.Turn{Step: outage.Finish, How: outage.Noticed}},
		{"told, with its end: no all-clear besides", outage.Stopped, began + " > 2026-10-07 07:00", told, []outage.Told{ended(posted)}, "", outage.Turn{Step: outage.Finish, How: outage.Noticed}},
		{"all clear", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-07 12:00", []outage.Told{posted, clear}, "", outage.Turn{Step: outage.Finish, How: outage.Noticed}},
		{"dismissed", outage.Stopped, began, told, []outage.Told{ready}, "dismissed", outage.Turn{Step: outage.Finish, How: outage.Dismissed}},
		{"closed", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-08 12:00", []outage.Told{posted, clear}, "closed", outage.Turn{Step: outage.Over}},
		{"closed, then deadlines were extended", outage.Stopped, began + " > 2026-10-07 11:00", "2026-10-08 12:00", []outage.Told{posted, clear, more}, "closed", outage.Turn{Step: outage.PublishNotice, Notice: 9}},

		{"a risk: at once", outage.AtRisk, began, began, nil, "", outage.Turn{Step: outage.WriteNotice}},
		{"a risk, drafted", outage.AtRisk, began, told, []outage.Told{draft}, "", outage.Turn{Step: outage.Wait}},
		{"a risk that passed before anybody was told", outage.AtRisk, began + " > 2026-10-05 10:00", "2026-10-05 10:00", []outage.Told{ready}, "", outage.Turn{Step: outage.Finish, How: outage.Withdrawn}},
		{"a risk told, lasting", outage.AtRisk, began, told, []outage.Told{posted}, "", outage.Turn{Step: outage.Wait}},
		{"a risk told, that has passed", outage.AtRisk, began + " > 2026-10-07 11:00", "2026-10-07 11:00", []outage.Told{posted}, "", outage.Turn{Step: outage.WriteAllClear}},
	} {
		c := outage.Course{
			Kind: row.kind, Span: span(t, row.span), Recovery: 30 * time.Minute, Notices: row.notices,
			Dismissed: row.flags == "dismissed", Closed: row.flags == "closed",
		}
		if row.kind == outage.Stopped {
			c.Mark = at(t, mark)
		}
		if got := c.Turn(at(t, row.now)); got.Step != row.want.Step || got.Notice != row.want.Notice || got.How != row.want.How || !got.At.Equal(row.want.At) {
			t.Errorf("%s: %+v, want %+v", row.why, got, row.want)
		}
	}
}

// A mark that never comes, under maintenance without an end, leaves it open and quiet.
func TestTurnWithoutMark(t *testing.T) {
	c := outage.Course{Kind: outage.Stopped, Span: span(t, "2026-10-05 07:30"), Recovery: time.Minute}
	if got := c.Turn(at(t, "2026-12-05 07:30")); got.Step != outage.Wait || !got.At.IsZero() {
		t.Errorf("%+v, want to wait until told", got)
	}
}

func TestAddOffice(t *testing.T) {
	c, r := seedtest.Calendar(t), outage.DefaultRule()
	for _, row := range []struct {
		why, from, want string
		hours           int
	}{
		{"in the morning", "2026-10-05 08:00", "2026-10-05 10:00", 2},
		{"over noon", "2026-10-05 10:30", "2026-10-05 14:00", 2},
		{"in the evening", "2026-10-05 20:00", "2026-10-06 11:30", 4},
		{"on a Friday afternoon", "2026-10-09 16:00", "2026-10-12 10:30", 4},
		{"before a holiday in the week (NQ 28/2026/QH16)", "2026-11-23 15:00", "2026-11-25 09:30", 4},
		{"before Tet 2026", "2026-02-13 15:00", "2026-02-23 09:30", 4},
	} {
		if got := r.AddOffice(c, at(t, row.from), time.Duration(row.hours)*time.Hour); !got.Equal(at(t, row.want)) {
			t.Errorf("%s: %v, want %s", row.why, got, row.want)
		}
	}
}

// Who has not given a word is reminded at half of the time, at its end, and then in
// the morning of every working day.
func TestReminder(t *testing.T) {
	c, r := seedtest.Calendar(t), outage.DefaultRule()
	asked := outage.Told{Drafted: at(t, "2026-10-08 15:00"), Due: at(t, "2026-10-09 09:30")}
	want := []string{"2026-10-08 17:00", "2026-10-09 09:30", "2026-10-12 08:00", "2026-10-13 08:00", "2026-10-14 08:00"}
	after := asked.Drafted
	for _, instant := range want {
		got := r.Reminder(c, asked, after)
		if !got.Equal(at(t, instant)) {
			t.Fatalf("after %v: %v, want %s", after, got, instant)
		}
		after = got
	}
}

func TestPlanned(t *testing.T) {
	r := outage.DefaultRule()
	night := announced(t, "2026-10-05 20:00 > 2026-10-06 05:00", 48*time.Hour)
	late := announced(t, "2026-10-05 20:00 > 2026-10-06 05:00", time.Hour)
	for _, row := range []struct {
		why, span string
		windows   []outage.Window
		want      bool
	}{
		{"within", "2026-10-05 21:00 > 2026-10-06 04:00", []outage.Window{night}, true},
		{"the whole of it", "2026-10-05 20:00 > 2026-10-06 05:00", []outage.Window{night}, true},
		{"longer", "2026-10-05 21:00 > 2026-10-06 05:01", []outage.Window{night}, false},
		{"it lasts", "2026-10-05 21:00", []outage.Window{night}, false},
		{"announced too late", "2026-10-05 21:00 > 2026-10-06 04:00", []outage.Window{late}, false},
		{"none", "2026-10-05 21:00 > 2026-10-06 04:00", nil, false},
	} {
		if got := r.Planned(row.windows, span(t, row.span)); got != row.want {
			t.Errorf("%s: %v", row.why, got)
		}
	}
}

// What two sources tell of the same time is one outage, whichever comes first.
func TestTogether(t *testing.T) {
	r := outage.DefaultRule()
	for _, row := range []struct{ why, a, b, want string }{
		{"one within the other", "2026-10-05 08:00 > 2026-10-05 12:00", "2026-10-05 09:00 > 2026-10-05 10:00", "2026-10-05 08:00 > 2026-10-05 12:00"},
		{"they overlap", "2026-10-05 08:00 > 2026-10-05 12:00", "2026-10-05 11:00 > 2026-10-05 13:00", "2026-10-05 08:00 > 2026-10-05 13:00"},
		{"flapping", "2026-10-05 08:00 > 2026-10-05 12:00", "2026-10-05 12:30 > 2026-10-05 13:00", "2026-10-05 08:00 > 2026-10-05 13:00"},
		{"one knows no end yet", "2026-10-05 08:00", "2026-10-05 08:01 > 2026-10-05 12:00", "2026-10-05 08:00 > 2026-10-05 12:00"},
		{"it began anew", "2026-10-05 08:00 > 2026-10-05 12:00", "2026-10-05 12:10", "2026-10-05 08:00"},
		{"both last", "2026-10-05 08:00", "2026-10-05 09:00", "2026-10-05 08:00"},
		{"apart", "2026-10-05 08:00 > 2026-10-05 12:00", "2026-10-05 12:31 > 2026-10-05 13:00", ""},
	} {
		a, b := span(t, row.a), span(t, row.b)
		for range 2 {
			if same := r.Same(a, b); same != (row.want != "") {
				t.Errorf("%s: same %v", row.why, same)
			}
			if got := outage.Together(a, b); row.want != "" && got != span(t, row.want) {
				t.Errorf("%s: %v, want %s", row.why, got, row.want)
			}
			a, b = b, a
		}
	}
}
