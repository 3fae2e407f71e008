package storage_test

import (
	"context"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/storage/storagetest"
)

// TestCalendarIsHeardOf: a program that listens shows a new day off as soon as it
// is told of, also when the calendar is kept.
func TestCalendarIsHeardOf(t *testing.T) {
	d := storagetest.Open(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	day := calendar.Date(2026, time.December, 1)
	isOff := func() bool {
		t.Helper()
		days, err := d.Store.Calendar(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, marked := days.Mark(day)
		return marked
	}
	change := func(statement string) {
		t.Helper()
		if _, err := d.Owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	const add, remove, tell = `insert into holidays (date, kind, name, certainty) values ('2026-12-01', 'holiday', 'x', 'official')`,
		`delete from holidays where date = '2026-12-01'`, `notify calendar`
	if change(add); !isOff() {
		t.Error("without listening, the table is not read")
	}
	change(remove)
	ended := make(chan error, 1)
	go func() { ended <- d.Store.Listen(ctx, nil) }()
	until := time.Now().Add(time.Minute)
	// Once it is kept, a change that nobody tells of is not seen: whichever way it stood then.
	for {
		if time.Now().After(until) {
			t.Fatal("the calendar is not kept")
		}
		if change(remove); isOff() {
			break
		}
		if change(add); !isOff() {
			break
		}
	}
	kept := isOff()
	if change(remove); !kept {
		change(add)
	}
	if isOff() != kept {
		t.Error("a change that nobody told of is seen")
	}
	change(tell)
	for isOff() == kept {
		if time.Now().After(until) {
			t.Fatal("the change is not heard of")
		}
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
