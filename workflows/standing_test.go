package workflows_test

import (
	"context"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/outage"
	"cchc/domain/staff"
)

// A report was due on the evening before two working days on which the software was
// down. Where the notice of that outage is approved, those are no days of delay: nudges
// and escalations of the document's run count from the day after. Where the outage is
// found to be none, they are days as any other.
func TestOverdueClockStandsStillDuringAnOutage(t *testing.T) {
	for name, row := range map[string]struct {
		settle func(*trouble)
		how    outage.Closing
		stood  int // working days
	}{
		"approved":  {(*trouble).approve, outage.Noticed, 2},
		"dismissed": {(*trouble).dismiss, outage.Dismissed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.people[staff.SystemAdmin], l.people[staff.Director] = l.person(staff.SystemAdmin, "SNV"), l.person(staff.Director, "SKHCN")
			days, err := l.db.Store.Calendar(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			lost := days.AddWorkingDays(calendar.DayOf(time.Now()), -2)
			due := days.AddWorkingDays(lost, -1)
			l.dueOn(due)

			x := troubleOf(l, outage.Stopped, lost.At(7*60))
			x.ends(days.AddWorkingDays(lost, 1).At(20 * 60))
			x.at(x.env.Now().Add(time.Minute), true, func() { row.settle(x) })
			x.run()
			if how := x.closing(); how != string(row.how) {
				t.Fatalf("closed %q, want %q", how, row.how)
			}

			l.start()
			l.after([]step{{after: 90 * day, role: staff.Officer, action: document.Exempt}})
			l.run(document.Exempted)
			for rung, after := range map[string]int{"escalate_director": 1, "escalate_authority": 3, "nudge": 30} {
				var at time.Time
				l.query(&at, `select max(at) from history where document_id = $1 and detail ->> 'rung' = $2`, l.id, rung)
				if want := days.AddWorkingDays(due, after+row.stood); calendar.DayOf(at) != want {
					t.Errorf("the last %s comes on %v, want %v", rung, calendar.DayOf(at), want)
				}
			}
			var passed int
			l.query(&passed, `select count(*) from history where document_id = $1 and event = 'due_passed'`, l.id)
			if passed != 1 {
				t.Errorf("the due has passed %d times", passed)
			}
		})
	}
}

// dueOn lays the document's due back to the evening of a day, an hour before which the
// document was looked at last.
func (l *life) dueOn(d calendar.Day) {
	l.due = d.At(17 * 60)
	l.exec(`update documents set due_at = $2, unit_due_at = $2, rung_at = $2::timestamptz - interval '1 hour', created_at = $2::timestamptz - interval '20 days' where id = $1`, l.id, l.due)
	l.exec(`update tasks set due_at = $2 where document_id = $1`, l.id, l.due)
}

// dismiss is an officer's word that it was none.
func (x *trouble) dismiss() {
	one, err := x.db.Store.Outage(context.Background(), x.id)
	if err != nil {
		x.t.Error(err)
		return
	}
	if err := x.db.Store.DismissOutage(context.Background(), x.id, one.Version, x.people[staff.Officer], "Chỉ đứt cáp"); err != nil {
		x.t.Error(err)
	}
}
