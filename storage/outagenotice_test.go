package storage_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/storage"
)

// What an officer writes while the software words the draft anew is not lost.
func TestOfficersWordsOutliveTheSoftwares(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	id, err := s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().AddDate(0, 0, -20), What: "Hỏng máy chủ"})
	if err != nil {
		t.Fatal(err)
	}
	m.record(id, time.Time{})
	if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, 0, content("Một"), false); err != nil {
		t.Fatal(err)
	}
	if err := s.EndOutage(ctx, id, 1, m.admin, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if state := m.record(id, time.Time{}); state.Step != outage.WriteNotice || state.Notice == 0 {
		t.Fatalf("%+v, want new words", state)
	}
	read := m.notice(id).Version
	if err := s.EditOutageNotice(ctx, m.notice(id).ID, read, m.officer, content("Hai")); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		over int
		want string
	}{{read, "Hai"}, {read + 1, "Ba"}} {
		if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, row.over, content("Ba"), true); err != nil {
			t.Fatal(err)
		}
		if n := m.notice(id); n.Text[0] != row.want || n.Ended != (row.want == "Ba") {
			t.Errorf("made from version %d: %+v, want %s", row.over, n.Notice, row.want)
		}
	}
}

// A draft that said that the outage is over no longer does once it has begun anew; what
// was said about it is void.
func TestADraftUnsaysTheEnd(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	id, err := s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().AddDate(0, 0, -20), What: "Hỏng máy chủ"})
	if err != nil {
		t.Fatal(err)
	}
	m.record(id, time.Time{})
	if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, 0, content("Một"), false); err != nil {
		t.Fatal(err)
	}
	m.exec(`update outages set ended_at = clock_timestamp() - interval '1 hour' where id = $1`, id)
	if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, 1, content("Hai"), true); err != nil {
		t.Fatal(err)
	}
	n := m.notice(id)
	if !n.Ended {
		t.Fatal("the draft does not say that it is over")
	}
	if err := s.EditOutageNotice(ctx, n.ID, n.Version, m.officer, content("Ba")); err != nil || !m.notice(id).Ended {
		t.Fatalf("an officer's words unsay the end: %v", err)
	}
	n = m.notice(id)
	err = s.GiveOutageWord(ctx, m.it, m.it.Positions[0], storage.OutageWord{
		Key: uuid.New(), Notice: n.ID, Version: n.Version, Hash: n.Hash, Party: outage.IT, Verdict: storage.OutageApprove,
	})
	if err != nil {
		t.Fatal(err)
	}
	m.exec(`update outages set ended_at = null where id = $1`, id)
	if state := m.record(id, time.Time{}); state.Step != outage.WriteNotice || state.Notice != n.ID {
		t.Fatalf("%+v, want new words", state)
	}
	if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, n.Version, content("Bốn"), false); err != nil {
		t.Fatal(err)
	}
	if n = m.notice(id); n.Ended || n.Text[0] != "Bốn" || len(n.Missing) != 2 {
		t.Errorf("%+v", n)
	}
	if state := m.record(id, time.Time{}); state.Step != outage.Wait {
		t.Errorf("%+v, want to wait for words", state)
	}
}

// Another calendar may bring the notice's mark forward: the workflow reckons it anew.
func TestCalendarEditWakesOutages(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	id, err := s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().Add(-time.Minute), What: "Hỏng máy chủ"})
	if err != nil {
		t.Fatal(err)
	}
	m.record(id, time.Time{})
	if ids, err := s.ClaimOutages(ctx, 10); err != nil || len(ids) != 0 {
		t.Fatalf("woken before: %v, %v", ids, err)
	}
	days, err := s.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	edit := storage.CalendarEdit{
		Key: uuid.New(), Change: off(days.AddWorkingDays(calendar.DayOf(time.Now()), 1)), Actor: m.officer, Audit: storage.Audit{Person: m.officer.Person},
	}
	if err := s.ChangeCalendar(ctx, edit); err != nil {
		t.Fatal(err)
	}
	if ids, err := s.ClaimOutages(ctx, 10); err != nil || !slices.Equal(ids, []int64{id}) {
		t.Errorf("woken: %v, %v, want %d", ids, err, id)
	}
}
