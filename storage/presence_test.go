package storage_test

import (
	"context"
	"testing"

	"cchc/domain/staff"
)

func TestPresenceIsOfOthersAndPasses(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	first, second := d.people[staff.Specialist], d.person("second", staff.Specialist, "STC")
	for _, place := range []string{"sections/I", "sections/II.2"} { // the newest place counts
		if err := d.db.Store.MarkPresent(ctx, d.id, second.Person, place); err != nil {
			t.Fatal(err)
		}
	}
	others, err := d.db.Store.Present(ctx, d.id, first.Person)
	if err != nil || len(others) != 1 || others[0].Place != "sections/II.2" || others[0].Name == "" {
		t.Fatalf("present %+v, %v", others, err)
	}
	if own, err := d.db.Store.Present(ctx, d.id, second.Person); err != nil || len(own) != 0 {
		t.Errorf("a person sees themselves: %+v, %v", own, err)
	}
	if swept, err := d.db.Store.SweepPresences(ctx); err != nil || swept != 0 {
		t.Errorf("swept %d of who is here, %v", swept, err)
	}
	d.exec(`update presences set seen_at = clock_timestamp() - interval '61 seconds'`)
	if others, err := d.db.Store.Present(ctx, d.id, first.Person); err != nil || len(others) != 0 {
		t.Errorf("after a minute: %+v, %v", others, err)
	}
	if swept, err := d.db.Store.SweepPresences(ctx); err != nil || swept != 1 {
		t.Errorf("swept %d, want 1, %v", swept, err)
	}
}
