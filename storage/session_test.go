package storage_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestSessionsKeepNoToken(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	sessions := d.Store.Sessions()
	const token = "the token in the cookie"
	if err := sessions.CommitCtx(ctx, token, []byte("data"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := sessions.CommitCtx(ctx, token, []byte("newer"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	data, found, err := sessions.FindCtx(ctx, token)
	if err != nil || !found || string(data) != "newer" {
		t.Errorf("found %q, %t, %v", data, found, err)
	}
	var row string
	if err := d.Owner.QueryRow(`select string_agg(s::text || encode(token_hash, 'escape'), '') from sessions s`).Scan(&row); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(row, token) {
		t.Error("the table holds the token itself")
	}
	if err := sessions.DeleteCtx(ctx, token); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.FindCtx(ctx, token); err != nil || found {
		t.Errorf("after its end: %t, %v", found, err)
	}
}

func TestSessionsExpire(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	sessions := d.Store.Sessions()
	for token, life := range map[string]time.Duration{"old": -time.Second, "young": time.Hour} {
		if err := sessions.CommitCtx(ctx, token, []byte("data"), time.Now().Add(life)); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := sessions.FindCtx(ctx, "old"); err != nil || found {
		t.Errorf("an expired session: %t, %v", found, err)
	}
	if n, err := sessions.Sweep(ctx); err != nil || n != 1 {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
	if _, found, err := sessions.FindCtx(ctx, "young"); err != nil || !found {
		t.Errorf("a session in use: %t, %v", found, err)
	}
}

// Requests in one second do not each write the session; what it holds, and a
// later end, are written.
func TestSessionsAreWrittenWhenSomethingChanges(t *testing.T) {
	d := storagetest.Open(t)
	ctx, sessions := context.Background(), d.Store.Sessions()
	row := func() (version string) {
		if err := d.Owner.QueryRow(`select xmin || ' ' || ctid::text from sessions`).Scan(&version); err != nil {
			t.Fatal(err)
		}
		return version
	}
	commit := func(data string, expires time.Time) string {
		ctx := sessions.With(ctx)
		if _, _, err := sessions.FindCtx(ctx, "token"); err != nil {
			t.Fatal(err)
		}
		if err := sessions.CommitCtx(ctx, "token", []byte(data), expires); err != nil {
			t.Fatal(err)
		}
		return row()
	}
	end := time.Now().Add(time.Hour)
	first := commit("a", end)
	if again := commit("a", end.Add(storage.SessionSlack/2)); again != first {
		t.Error("written although nothing has changed")
	}
	second := commit("b", end.Add(storage.SessionSlack/2))
	if second == first {
		t.Error("what it holds was not written")
	}
	if commit("b", end.Add(3*storage.SessionSlack)) == second {
		t.Error("a later end was not written")
	}
}

func TestWhatIsLeftOfASession(t *testing.T) {
	d := storagetest.Open(t)
	ctx, sessions := context.Background(), d.Store.Sessions()
	if left, err := sessions.Left(ctx, "unknown"); err != nil || left != 0 {
		t.Errorf("of an unknown session: %v, %v", left, err)
	}
	if err := sessions.CommitCtx(ctx, "token", []byte("data"), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if left, err := sessions.Left(ctx, "token"); err != nil || left < 50*time.Second || left > time.Minute {
		t.Errorf("%v is left, %v, want about a minute", left, err)
	}
	if err := sessions.CommitCtx(ctx, "token", []byte("data"), time.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	if left, err := sessions.Left(ctx, "token"); err != nil || left != 0 {
		t.Errorf("after its end: %v, %v", left, err)
	}
}

// A request reads its session and its person at once; a right that has ended
// since the request before is gone, and so is a closed account.
func TestSessionBringsItsPerson(t *testing.T) {
	d := newDesk(t)
	sessions, actor := d.db.Store.Sessions(), d.people[staff.Specialist]
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'SYT', 'clerk')`, actor.Person)
	begin := func() context.Context { return sessions.With(context.Background()) }
	opened := begin()
	sessions.Belongs(opened, actor.Person)
	if err := sessions.CommitCtx(opened, "token", []byte("data"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	account := func() (storage.Account, error) {
		ctx := begin()
		if _, found, err := sessions.FindCtx(ctx, "token"); err != nil || !found {
			t.Fatalf("session: %t, %v", found, err)
		}
		return sessions.Account(ctx, actor.Person)
	}
	want, err := d.db.Store.Account(context.Background(), actor.Person)
	if err != nil || len(want.Positions) != 2 {
		t.Fatalf("%+v, %v", want, err)
	}
	if got, err := account(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v (%v), want %+v", got, err, want)
	}
	d.exec(`update positions set valid_to = clock_timestamp() where person_id = $1 and unit_code = 'STC'`, actor.Person)
	if got, err := account(); err != nil || got.Holds(staff.Specialist, "STC") || !got.Holds(staff.Clerk, "SYT") {
		t.Errorf("after a position has ended: %+v (%v)", got.Positions, err)
	}
	d.exec(`update persons set state = 'closed' where id = $1`, actor.Person)
	if _, err := account(); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a closed account: %v", err)
	}
}

// Nobody gets another's rights by a session whose row and content differ.
func TestSessionOfAnotherPerson(t *testing.T) {
	d := newDesk(t)
	sessions := d.db.Store.Sessions()
	author, officer := d.people[staff.Specialist].Person, d.people[staff.Officer].Person
	ctx := sessions.With(context.Background())
	sessions.Belongs(ctx, officer)
	if err := sessions.CommitCtx(ctx, "token", []byte("of the author"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, found, err := sessions.FindCtx(ctx, "token"); err != nil || !found {
		t.Fatalf("session: %t, %v", found, err)
	}
	if got, err := sessions.Account(ctx, author); err != nil || got.Person != author || got.Holds(staff.Officer, "SNV") {
		t.Errorf("%+v (%v)", got, err)
	}
}
