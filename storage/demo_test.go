package storage_test

import (
	"context"
	"testing"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestSeedDemo(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	if err := d.Store.SeedDemo(ctx); err != nil {
		t.Fatal(err)
	}
	people, err := storage.DemoPeople()
	if err != nil {
		t.Fatal(err)
	}
	// Every desk of the chain is held at four units, at those that appraise a field of the
	// index, and at the one that runs IT: all can be walked without the year of examples.
	for _, unit := range []string{"STC", "SYT", "26740", "27664", "SKHCN", "STP", "VP"} {
		for _, role := range []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director, staff.Clerk} {
			if holders, err := d.Store.PeopleAt(ctx, unit, role); err != nil || len(holders) == 0 {
				t.Errorf("nobody is %s at %s, %v", role, unit, err)
			}
		}
	}
	account, err := d.Store.SignIn(ctx, people[0].Username, storage.DemoPassword)
	if err != nil || account.MustChange {
		t.Fatalf("%+v, %v", account, err)
	}
	// What a visitor of the demonstration changed stays through the next start.
	const changed = "con đường xưa em đi qua"
	if err := d.Store.ChangePassword(ctx, account.Person, storage.DemoPassword, changed, changed); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.SeedDemo(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.SignIn(ctx, people[0].Username, changed); err != nil {
		t.Errorf("after a second seed: %v", err)
	}
	if _, total, err := d.Store.Accounts(ctx, storage.AccountFilter{Limit: 1}); err != nil || total != len(people) {
		t.Errorf("%d accounts, %v; want %d", total, err, len(people))
	}
}
