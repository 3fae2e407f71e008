package storage

import "testing"

func TestBoundedForgetsWhatWasAskedForLongestAgo(t *testing.T) {
	b := newBounded[string, int](100)
	b.keep("a", 1, 40)
	b.keep("b", 2, 40)
	if got, ok := b.get("a"); got != 1 || !ok {
		t.Errorf("a: %d, %v", got, ok)
	}
	b.keep("c", 3, 40)
	b.keep("huge", 4, 101)
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "huge": false} {
		if _, ok := b.get(key); ok != want {
			t.Errorf("%s is kept: %v, want %v", key, ok, want)
		}
	}
	b.keep("a", 9, 40)
	if got, _ := b.get("a"); got != 1 || b.used != 80 || len(b.kept) != 2 {
		t.Errorf("a: %d; %d bytes in %d", got, b.used, len(b.kept))
	}
}
