package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cchc/storage"
)

// starters is how many starts the floor of a launch has under way at once: as
// many as the launch itself.
const starters = 8

// ahead is how far from a launch of everyone its due lies, in times of what the
// floor took just before: far enough for every workflow to be started and asleep.
const ahead = 5

// launchEveryone launches the campaign of all units, due at a whole minute, after
// as many bare starts.
func (t *town) launchEveryone(b *testing.B) *launched {
	b.Helper()
	began := time.Now()
	if _, err := t.floor.start(everyone, starters); err != nil {
		b.Fatal(err)
	}
	t.started = time.Since(began)
	due := time.Now().Add(ahead * t.started).Truncate(time.Minute).Add(time.Minute)
	t.big = t.launch(b, everyone, due)
	if late := time.Since(due); late > 0 {
		b.Fatalf("the launch ended %v after its due: this machine is too busy to measure", late.Round(time.Second))
	}
	return t.big
}

// measureLaunch: a campaign over every unit, beside as many bare starts.
func (t *town) measureLaunch(b *testing.B) {
	l := t.launchEveryone(b)
	what := fmt.Sprintf("launch of %d units: ", everyone)
	t.figures.add(what+"campaign and documents committed", seconds(l.committed.Sub(l.began)), "", 0)
	t.figures.add(what+"every workflow started (floor: as many bare starts)", seconds(l.started.Sub(l.began)), seconds(t.started),
		l.started.Sub(l.began).Seconds()/t.started.Seconds())
	t.figures.add(what+"every workflow has looked and waits", seconds(l.looked.Sub(l.began)), "", 0)
}

// measureDeadlines: the due of all of them in the same second.
func (t *town) measureDeadlines(b *testing.B) {
	l := t.big
	if l == nil || time.Until(l.due) < 0 {
		l = t.launchEveryone(b)
	}
	time.Sleep(time.Until(l.due) + 10*time.Millisecond)
	asked := time.Now()
	board, err := t.Store.Board(context.Background(), t.officer.Reads(), l.code, storage.BoardFilter{})
	if err != nil || board.Overdue != everyone {
		b.Fatalf("%d overdue on the board at once, want %d (%v)", board.Overdue, everyone, err)
	}
	read := time.Since(asked)
	const told = `select count(distinct document_id) from notices where kind = $2 and document_id in (select id from documents where campaign = $1)`
	last := t.within(b, 10*time.Minute, everyone, told, l.code, storage.NoticeDue)
	if n := t.Count(`select count(*) from history join documents d on d.id = document_id where campaign = $1 and event = 'due_passed'`, l.code); n != everyone {
		b.Fatalf("due passed %d times, want %d", n, everyone)
	}
	what := fmt.Sprintf("%d deadlines in one second: ", everyone)
	t.figures.add(what+"board read with all of them overdue", fmt.Sprintf("%d ms", read.Milliseconds()), "", 0)
	t.figures.add(what+"last due notice written", seconds(last.Sub(l.due)), "", 0)
}
