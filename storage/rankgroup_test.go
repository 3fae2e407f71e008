package storage_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/par"
	"cchc/storage"
)

// TestRankGroups: groups are laid down after those that were on the screen, with a reason;
// rankings follow at once, published results keep theirs.
func TestRankGroups(t *testing.T) {
	d := newRankDesk(t, "STC", "26740")
	for _, unit := range []string{"STC", "26740"} {
		d.appraised(unit, 50, nil, nil)
	}
	d.surveyed(80, "STC", "26740")
	if _, err := d.publish(nil); err != nil {
		t.Fatal(err)
	}
	ctx, store := context.Background(), d.db.Store
	stands, err := store.RankGrouping(ctx)
	if err != nil || stands.Groups.Of("ward") != "communes" || stands.EditedBy != "" {
		t.Fatalf("%+v %v", stands, err)
	}
	together := make(par.RankGroups, len(stands.Groups))
	for i, one := range stands.Groups {
		together[i] = par.RankGroup{Kind: one.Kind, Code: "all", Name: "Toàn Thành phố"}
	}
	n := storage.NewRankGroups{Key: uuid.New(), Replaces: stands.ID, Groups: together, Actor: d.officer(), Audit: storage.Audit{Person: d.officer().Person}}
	if err := store.AddRankGroups(ctx, n); brokenAt(err) != "rank_groups_reason reason" {
		t.Errorf("without a reason: %v", err)
	}
	n.Reason = "Xếp hạng chung"
	for range 2 { // a double click
		if err := store.AddRankGroups(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	n.Reason = "Xếp hạng riêng"
	if err := store.AddRankGroups(ctx, n); brokenAt(err) != "key_reused" {
		t.Errorf("other words from the same form are said to be kept: %v", err)
	}
	n.Key = uuid.New()
	if err := store.AddRankGroups(ctx, n); brokenAt(err) != "rank_groups_replaced" {
		t.Errorf("over somebody else's: %v", err)
	}
	history, err := store.RankGroupings(ctx)
	if err != nil || len(history) != 2 || history[0].EditedBy == "" || history[0].Reason != "Xếp hạng chung" || history[1].ID != stands.ID {
		t.Errorf("%+v %v", history, err)
	}
	var audits int
	if err := d.db.Owner.QueryRow(`select count(*) from audit where action = 'rank_groups_changed' and detail -> 'before' <> detail -> 'after'`).Scan(&audits); err != nil || audits != 1 {
		t.Errorf("%d lines of evidence, %v", audits, err)
	}

	before := d.ranking()
	if d.c, err = store.IndexCampaign(ctx, d.all, d.code); err != nil {
		t.Fatal(err)
	}
	after := d.ranking()
	if after.Digest == before.Digest {
		t.Error("other groups have the same digest")
	}
	for _, u := range after.Units {
		if u.Group != "all" || u.Of != 2 {
			t.Errorf("%s is one of %d in %s", u.Unit, u.Of, u.Group)
		}
	}
	groups, err := store.PublishedGroups(ctx, d.code, 1)
	if err != nil || len(groups) != 2 || groups[0].Group != "departments" || groups[1].Group != "communes" {
		t.Errorf("what is published has other groups: %+v %v", groups, err)
	}
	if _, err := d.publish(func(n *storage.NewPublication) { n.Reason = "Xếp hạng chung" }); err != nil {
		t.Fatal(err)
	}
	if groups, err = store.PublishedGroups(ctx, d.code, 2); err != nil || len(groups) != 1 || groups[0].Name != "Toàn Thành phố" {
		t.Errorf("%+v %v", groups, err)
	}
	list, err := store.PublishedList(ctx, d.code, 2, storage.PublishedFilter{})
	if err != nil || len(list.Rows) != 2 || list.Rows[0].GroupName != "Toàn Thành phố" {
		t.Errorf("%+v %v", list, err)
	}
}
