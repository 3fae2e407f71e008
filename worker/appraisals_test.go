package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cchc/storage"
)

// One that cannot be begun is logged once, tried again at each look, and logged anew once
// it fails otherwise; all pages of a look are gone through.
func TestWhatCannotBeBegunIsLoggedOnce(t *testing.T) {
	var out bytes.Buffer
	usual := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(usual)
	why, looks := errors.New("no criteria"), 0
	b := &beginner{failed: map[string]string{}, begin: func(_ context.Context, after string, _ int) (storage.Beginning, error) {
		if after == "" {
			return storage.Beginning{Failed: map[string]error{"a": why}, Next: "a"}, nil
		}
		looks++
		return storage.Beginning{Begun: 1}, nil
	}}
	now := time.Date(2027, time.March, 1, 8, 0, 0, 0, time.UTC)
	logged := func(want int) {
		t.Helper()
		if n := strings.Count(out.String(), "document=a"); n != want {
			t.Errorf("logged %d times, want %d:\n%s", n, want, &out)
		}
	}
	b.look(context.Background(), now)
	b.look(context.Background(), now.Add(time.Minute)) // not yet
	if looks != 1 {
		t.Fatalf("%d looks went through both pages", looks)
	}
	b.look(context.Background(), now.Add(beginEvery))
	logged(1)
	why = errors.New("the file is gone")
	b.look(context.Background(), now.Add(2*beginEvery))
	logged(2)
	if looks != 3 {
		t.Errorf("%d looks", looks)
	}
}
