package web

import (
	"bytes"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
)

func TestSessionsAreWrittenAlike(t *testing.T) {
	deadline := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	values := map[string]any{personKey: int64(7), stampKey: "abc", flashKey: "{}", "more": "x"}
	first, err := sessionCodec{}.Encode(deadline, values)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		again, err := sessionCodec{}.Encode(deadline, values)
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("the same session is written in two ways (%v)", err)
		}
	}
	until, read, err := sessionCodec{}.Decode(first)
	if err != nil || !until.Equal(deadline) || len(read) != 4 || read[personKey] != int64(7) || read[stampKey] != "abc" {
		t.Errorf("read %v, %v (%v)", until, read, err)
	}
}

// A session of an earlier release is no error: its person signs in again.
func TestSessionsOfAnotherShapeAreEmpty(t *testing.T) {
	old, err := scs.GobCodec{}.Encode(time.Now(), map[string]any{personKey: int64(7)})
	if err != nil {
		t.Fatal(err)
	}
	if _, read, err := (sessionCodec{}).Decode(old); err != nil || len(read) != 0 {
		t.Errorf("read %v (%v)", read, err)
	}
}
