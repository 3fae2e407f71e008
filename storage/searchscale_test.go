package storage_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/storage/storagetest/volume"
)

func TestSearchCity(t *testing.T) {
	if os.Getenv("CCHC_CITY") == "" {
		t.SkipNow()
	}
	d := storagetest.Open(t)
	ctx := context.Background()
	begun := time.Now()
	if err := volume.Fill(ctx, d.Owner, volume.City, time.Now()); err != nil {
		t.Fatal(err)
	}
	t.Log("filled", time.Since(begun))
	begun = time.Now()
	n, err := storage.Reindex(ctx, d.Owner)
	t.Log("reindexed", n, time.Since(begun), err)
	d.Owner.Exec(`vacuum analyze`)
	var size string
	d.Owner.QueryRow(`select pg_size_pretty(pg_total_relation_size('search_texts')) || ' ' || pg_size_pretty(pg_relation_size('search_texts_words')) || ' ' || (select count(*) from search_words)`).Scan(&size)
	t.Log(size)
	var officer staff.Actor
	d.Owner.QueryRow(`select id from persons where username = $1`, volume.Officer).Scan(&officer.Person)
	officer.Positions = []staff.Position{{Unit: "SNV", Role: staff.Officer}}
	for _, text := range []string{"báo cáo", "bao cao", "b", "th", "báo cáo quý i", "2022", "12", "so tai chinh", "zzz", "rà soát thủ tục", "thủ tục hành chính báo cáo cải cách năm"} {
		var found storage.Found
		took := measured(t, func() (err error) { found, err = d.Store.Search(ctx, officer, storage.SearchQuery{Text: text}); return err })
		t.Logf("%-24s %5d %v %s", text, found.Total, found.More, took)
	}
	fmt.Fprintln(os.Stderr, d.OwnerURL)
	if os.Getenv("CCHC_CITY") == "keep" {
		time.Sleep(20 * time.Minute)
	}
}
