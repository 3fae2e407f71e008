package storage

import (
	"testing"
	"time"

	"cchc/domain/calendar"
)

func TestTheDayOfDigestsTurnsAfterTheRungs(t *testing.T) {
	monday := calendar.Date(2026, time.December, 14)
	for _, c := range []struct {
		name  string
		now   time.Time
		since calendar.Day
	}{
		{"midnight belongs to the day before", monday.Start(), monday - 1},
		{"the rungs' minute belongs to the day before", monday.At(8*60 + 4), monday - 1},
		{"five past eight", monday.At(8*60 + 5), monday},
		{"late evening, the next day already in UTC+7 only", monday.At(23 * 60).UTC(), monday},
	} {
		since, until := digestDay(c.now)
		if want := c.since.At(8*60 + 5); !since.Equal(want) || !until.Equal(want.Add(24*time.Hour)) {
			t.Errorf("%s: from %s until %s", c.name, since, until)
		}
	}
}
