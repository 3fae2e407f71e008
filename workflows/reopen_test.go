package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"

	"cchc/activities"
	"cchc/domain/document"
	"cchc/domain/staff"
)

func (l *life) events(name string) int {
	l.t.Helper()
	var n int
	l.query(&n, `select count(*) from history where document_id = $1 and event = $2`, l.id, name)
	return n
}

// An approved document is reopened: a run of the same id begins, deadlines run
// against the new due, and the whole chain is gone again.
func TestReopenedLife(t *testing.T) {
	l := newLife(t)
	l.after(wholeChain)
	l.run(document.Approved)

	l.start() // what SignalWithStart makes of the signal
	l.decide(staff.Officer, document.Reopen, true, l.due.Add(10*day))
	l.after([]step{
		{after: 60 * day, role: staff.Specialist, action: document.Submit}, // late: reminded, due passed
		{after: 61 * day, role: staff.DivisionHead, action: document.Approve},
		{after: 62 * day, role: staff.Director, action: document.Sign},
		{after: 62*day + time.Hour, role: staff.Officer, action: document.Confirm},
	})
	l.run(document.Approved)
	for event, want := range map[string]int{"reopen": 1, "submit": 2, "sign": 2, "confirm": 2} {
		if got := l.events(event); got != want {
			t.Errorf("%s stands %d times in the history, want %d", event, got, want)
		}
	}
	var passed int
	l.query(&passed, `select count(*) from history where document_id = $1 and event = 'due_passed' and from_stage = 'drafting'`, l.id)
	if passed != 1 {
		t.Errorf("the unit's due passed %d times", passed)
	}
	if l.events("reminder_sent") < 3 {
		t.Errorf("%d reminders", l.events("reminder_sent"))
	}
	var class string
	l.query(&class, `select punctuality from documents where id = $1`, l.id)
	if class != string(document.OnTime) {
		t.Errorf("the first receipt was in time, now it is %s", class)
	}
}

// It is reopened while the ending run still sends its last notice: the same run
// looks once more and goes on.
func TestReopenedWhileTheRunIsEnding(t *testing.T) {
	l := newLife(t)
	real := &activities.Activities{Store: l.db.Store}
	l.env.OnActivity(real.SendReminder, mock.Anything, mock.Anything).Return(nil).After(10 * day).Once()
	l.env.OnActivity(real.SendReminder, mock.Anything, mock.Anything).Return(nil)
	l.env.OnActivity(real.Escalate, mock.Anything, mock.Anything).Return(nil)
	l.after([]step{
		{after: 26 * day, role: staff.Specialist, action: document.Submit},
		{after: 26*day + time.Hour, role: staff.DivisionHead, action: document.Approve},
		{after: 26*day + 2*time.Hour, role: staff.Director, action: document.Sign},
		{after: 26*day + 3*time.Hour, role: staff.Officer, action: document.Confirm},
		{after: 27 * day, role: staff.Officer, action: document.Reopen, until: 30 * day},
		{after: 45 * day, role: staff.Officer, action: document.Exempt},
	})
	l.run(document.Exempted)
	if l.events("reopen") != 1 || l.events("exempt") != 1 {
		t.Errorf("reopened %d times, exempted %d times", l.events("reopen"), l.events("exempt"))
	}
}
