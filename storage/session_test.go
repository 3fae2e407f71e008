package storage_test

import (
	"context"
	"strings"
	"testing"
	"time"

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
