package bench

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/storage"
)

// measureExtensions: an outage touched the due of every unit, and an officer extends all
// of them with one click. As in the pages, the request carries them out for a while and
// leaves the rest to the worker.
func (t *town) measureExtensions(b *testing.B) {
	ctx := context.Background()
	l := t.big
	if l == nil {
		l = t.launchEveryone(b)
	}
	id := t.stopped(b, l)
	asked := time.Now()
	found, err := t.Store.OutageDeadlines(ctx, t.officer.Reads(), id)
	if err != nil {
		b.Fatal(err)
	}
	proposed := time.Since(asked)
	n := storage.NewOutageBatch{Key: uuid.New(), Outage: id, Actor: t.officer, Reason: "Phần mềm ngừng hoạt động"}
	for _, g := range found.Groups {
		if g.Campaign == l.code && g.Kind == storage.DeadlineDocuments {
			n.Answers = append(n.Answers, storage.DeadlineAnswer{Kind: g.Kind, Campaign: g.Campaign, Due: g.Due, Extended: g.Extended, Until: g.Until})
		}
	}
	began := time.Now()
	if err := t.Store.AddOutageBatch(ctx, n); err != nil {
		b.Fatal(err)
	}
	clicked := time.Since(began)
	const patience = 10 * time.Second // of server/web
	waits, stop := context.WithTimeout(ctx, patience)
	err = t.Store.AnswerOutageBatch(waits, n.Key)
	stop()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		b.Fatal(err)
	}
	carried := t.within(b, 10*time.Minute, 0, `select count(*) from outage_batch_items where batch = $1 and outcome is null`, n.Key)
	moved := t.within(b, 10*time.Minute, everyone, `
		select count(*) from documents d join outage_batch_items i on i.document_id = d.id join decisions x on x.id = i.decision_id
		where i.batch = $1 and x.outcome = 'applied' and d.due_at = i.until and d.unit_due_at = i.until`, n.Key)
	if twice := t.Count(`select count(*) - count(distinct document_id) from history where event = 'extend' and document_id in (select id from documents where campaign = $1)`, l.code); twice != 0 {
		b.Fatalf("%d documents were extended twice", twice)
	}
	what := fmt.Sprintf("%d deadlines extended after an outage: ", everyone)
	t.figures.add(what+"what it touched is found", fmt.Sprintf("%d ms", proposed.Milliseconds()), "", 0)
	t.figures.add(what+"the click is stored", fmt.Sprintf("%d ms", clicked.Milliseconds()), "", 0)
	t.figures.add(what+"every decision is recorded", seconds(carried.Sub(began)), "", 0)
	t.figures.add(what+"every due has moved, with task, history and notices", seconds(moved.Sub(began)), "", 0)
}

// stopped lays down a confirmed outage of the two working days before the campaign's last.
func (t *town) stopped(b *testing.B, l *launched) int64 {
	b.Helper()
	days, err := t.Store.Calendar(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	last := calendar.DayOf(l.due.Add(-time.Nanosecond))
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, confirmed_by, opened_at, rung_at)
		select gen_random_uuid(), 'outage', 'hand', $1, $2, max(id), clock_timestamp(), $3, $1, $1 from outage_rules returning id`
	var id int64
	from, to := days.AddWorkingDays(last, -2).At(8*60), days.AddWorkingDays(last, -1).At(17*60)
	if err := t.Owner.QueryRow(add, from, to, t.officer.Person).Scan(&id); err != nil {
		b.Fatal(err)
	}
	return id
}
