package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

func TestSavedViews(t *testing.T) {
	d := newDesk(t)
	ctx, store := context.Background(), d.db.Store
	me, other := d.people[staff.Officer].Person, d.people[staff.Director].Person
	save := func(person int64, name, query string, home bool) error {
		return store.SaveView(ctx, person, storage.SavedView{Name: name, Query: query, Home: home})
	}
	for _, row := range []struct {
		name, query string
		want        rule.Code
	}{
		{"  Quá   hạn ", "due=overdue", ""},
		{"Quá hạn", "due=overdue", ""}, // the same form once more
		{"QUÁ HẠN", "due=today", storage.ViewNameTaken},
		{"Qua han", "due=today", ""}, // names differ by their diacritics
		{" ", "due=today", storage.ViewNameMissing},
		{strings.Repeat("ă", 61), "due=today", storage.ViewNameLong},
	} {
		err := save(me, row.name, row.query, false)
		if row.want == "" && err != nil || row.want != "" && !has(err, row.want) {
			t.Errorf("%q: %v, want %q", row.name, err, row.want)
		}
	}
	if err := save(other, "Quá hạn", "due=later", true); err != nil {
		t.Fatal("another person's name is taken by mine:", err)
	}
	views, err := store.SavedViews(ctx, me)
	if err != nil || len(views) != 2 || views[0].Name != "Qua han" || views[1].Name != "Quá hạn" {
		t.Fatalf("%+v, %v", views, err)
	}
	if query, err := store.HomeView(ctx, me); query != "" || err != nil {
		t.Errorf("home %q, %v before one is chosen", query, err)
	}
	for _, id := range []int64{views[0].ID, views[1].ID} { // the second takes the place of the first
		if err := store.SetHomeView(ctx, me, id); err != nil {
			t.Fatal(err)
		}
	}
	if query, _ := store.HomeView(ctx, me); query != "due=overdue" {
		t.Errorf("home %q", query)
	}
	if err := store.RenameView(ctx, me, views[0].ID, "quá hạn"); !has(err, storage.ViewNameTaken) {
		t.Errorf("renamed to a taken name: %v", err)
	}
	for what, err := range map[string]error{
		"rename": store.RenameView(ctx, other, views[0].ID, "x"), "set home": store.SetHomeView(ctx, other, views[0].ID),
	} {
		if !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s of somebody else's view: %v", what, err)
		}
	}
	if query, _ := store.HomeView(ctx, other); query != "due=later" {
		t.Errorf("a failed choice changed the home view: %q", query)
	}
	if err := store.RemoveView(ctx, other, views[1].ID); err != nil {
		t.Fatal(err)
	}
	if err := store.RemoveView(ctx, me, views[0].ID); err != nil {
		t.Fatal(err)
	}
	if left, _ := store.SavedViews(ctx, me); len(left) != 1 || left[0].ID != views[1].ID {
		t.Errorf("left: %+v", left)
	}
	if err := store.SetHomeView(ctx, me, 0); err != nil {
		t.Fatal(err)
	}
	if query, _ := store.HomeView(ctx, me); query != "" {
		t.Errorf("home %q after none was chosen", query)
	}
}

// TestSavedViewsAreCounted lets many forms race for the last places.
func TestSavedViewsAreCounted(t *testing.T) {
	d := newDesk(t)
	me := d.people[staff.Officer].Person
	var wait sync.WaitGroup
	for n := range storage.ViewsMax + 5 {
		wait.Go(func() {
			err := d.db.Store.SaveView(context.Background(), me, storage.SavedView{Name: fmt.Sprint("view ", n), Query: "due=today"})
			if err != nil && !has(err, storage.ViewsMany) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := d.count(`select count(*) from saved_views`); n != storage.ViewsMax {
		t.Errorf("%d views", n)
	}
}
