package storage_test

import (
	"context"
	"testing"

	"cchc/storage"
)

// A program is missed by its own measure: the watcher is heard once an hour.
func TestWhoIsMissed(t *testing.T) {
	for _, row := range []struct {
		program string
		silent  string
		late    bool
	}{
		{storage.BeatServer, "30 seconds", false},
		{storage.BeatServer, "90 seconds", true},
		{storage.BeatWorker, "90 seconds", true},
		{storage.BeatWatch, "61 minutes", false},
		{storage.BeatWatch, "3 hours", true},
	} {
		t.Run(row.program+" "+row.silent, func(t *testing.T) {
			m := newMishap(t)
			if err := m.db.Store.Beat(context.Background(), row.program); err != nil {
				t.Fatal(err)
			}
			m.exec(`update heartbeats set at = at - $1::interval`, row.silent)
			beats, err := m.db.Store.Heartbeats(context.Background())
			if err != nil || len(beats) != 1 || beats[0].Late != row.late {
				t.Errorf("%+v (%v), want late %v", beats, err, row.late)
			}
		})
	}
}
