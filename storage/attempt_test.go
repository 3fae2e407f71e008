package storage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

// What the server saw fail while the database was away is known once it is back: by the
// session alone, once a minute, and only of people of the document's unit.
func TestFailedAttemptsAreTakenOver(t *testing.T) {
	d := newDesk(t)
	ctx, s := context.Background(), d.db.Store
	now := time.Now().Add(-time.Hour).Truncate(time.Minute)
	author, stranger := d.people[staff.Specialist].Person, d.person("khac", staff.Specialist, "SYT").Person
	d.exec(`update positions set valid_from = now() - interval '1 year'`)
	d.exec(`insert into sessions (token_hash, data, expires_at, person_id) values (sha256('secret'), '', now() - interval '1 minute', $1)`, author)
	seen := storage.FailedAttempt{Document: d.id, Session: storage.SessionMark("secret"), Source: storage.SeenByServer, At: now}
	for _, change := range []func(*storage.FailedAttempt){
		func(*storage.FailedAttempt) {},
		func(a *storage.FailedAttempt) { a.At = now.Add(20 * time.Second) }, // the same minute
		func(a *storage.FailedAttempt) { a.At = now.Add(5 * time.Minute) },
		func(a *storage.FailedAttempt) { a.Session, a.Person = "", stranger },
		func(a *storage.FailedAttempt) { a.Session = storage.SessionMark("another") },
		func(a *storage.FailedAttempt) { a.Session = "" },
		func(a *storage.FailedAttempt) { a.Document = "no-such" },
		func(a *storage.FailedAttempt) { a.Document = "no-such\x00" },                     // no text for the database
		func(a *storage.FailedAttempt) { a.Document = strings.Repeat("no-such", 20_000) }, // no line for a reader
		func(a *storage.FailedAttempt) { a.At = time.Now().Add(time.Hour) },
		func(a *storage.FailedAttempt) { a.At = now.AddDate(0, -2, 0) },
	} {
		one := seen
		change(&one)
		if err := s.NoteAttempt(one); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // nothing is brought twice
		if err := s.TakeAttempts(ctx); err != nil {
			t.Fatal(err)
		}
		if n := d.count(`select count(*) from failed_attempts where person_id = $1 and document_id = $2 and source = 'server'`, author, d.id); n != 2 {
			t.Errorf("%d attempts, want 2", n)
		}
	}
	if n := d.count(`select count(*) from failed_attempts`); n != 2 {
		t.Errorf("%d attempts in all, want 2", n)
	}
}

// A browser's word is kept apart from what the server saw.
func TestToldAttemptsStandApart(t *testing.T) {
	d, id := struckDesk(t)
	at := outageFrom.Add(2 * time.Hour)
	// The instant lies ahead of the test's clock: rows as they stand afterwards.
	for _, source := range []storage.AttemptSource{storage.SeenByServer, storage.ToldByBrowser} {
		d.exec(`insert into failed_attempts (person_id, document_id, source, at) values ($1, 'bc-su-co-STC', $2, $3)`, d.people[staff.Specialist].Person, source, at)
	}
	units, err := d.db.Store.TriedUnits(context.Background(), staff.Scope{All: true}, d.deadlines(id))
	if err != nil || len(units) != 1 || units[0].Seen != 1 || units[0].Told != 1 || !units[0].First.Equal(at) {
		t.Errorf("%+v, %v", units, err)
	}
	for _, g := range d.deadlines(id).Groups {
		if want := map[storage.DeadlineKind]int{storage.DeadlineSigned: 1}[g.Kind]; g.Tried != want {
			t.Errorf("%s: %d tried, want %d", g.Kind, g.Tried, want)
		}
	}
	n, err := d.extendAll(id, answers(d.deadlines(id), true, storage.DeadlineDocuments, storage.DeadlineSigned))
	if err != nil || d.count(`select count(*) from outage_batch_items where batch = $1`, n.Key) != 1 || d.count(`select count(*) from outage_batch_items where kind = 'signed'`) != 1 {
		t.Errorf("those who tried alone: %v", err)
	}
	if units, _ := d.db.Store.TriedUnits(context.Background(), staff.Scope{Units: []string{"SYT"}}, d.deadlines(id)); len(units) != 0 {
		t.Errorf("beyond the scope: %+v", units)
	}
}
