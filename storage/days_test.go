package storage

import (
	"testing"
	"time"

	"github.com/lib/pq"

	"cchc/domain/calendar"
)

func TestDaysAreKeptWhileChangesAreHeardOf(t *testing.T) {
	var d days
	now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	isKept := func(at time.Time) bool { known, _ := d.get(at); return known != nil }
	read := func() { _, turn := d.get(now); d.put(calendar.New(nil), now, turn) }

	if read(); isKept(now) {
		t.Error("kept while nobody hears of changes")
	}
	d.hear(pq.ListenerEventConnected)
	if read(); !isKept(now.Add(daysAge-1)) || isKept(now.Add(daysAge)) {
		t.Error("not kept for its age")
	}
	if d.forget(); isKept(now) {
		t.Error("kept after a change")
	}
	_, turn := d.get(now)
	d.forget()
	if d.put(calendar.New(nil), now, turn); isKept(now) {
		t.Error("kept though it changed while it was read")
	}
	read()
	if d.hear(pq.ListenerEventDisconnected); isKept(now) {
		t.Error("kept after the connection broke")
	}
	if read(); isKept(now) {
		t.Error("kept while the connection is away")
	}
	d.hear(pq.ListenerEventReconnected)
	if read(); !isKept(now) {
		t.Error("not kept after the connection has come back")
	}
}
