package bounded

import "testing"

func TestBoundedForgetsWhatWasAskedForLongestAgo(t *testing.T) {
	b := New[string, int](100)
	b.Keep("a", 1, 40)
	b.Keep("b", 2, 40)
	if got, ok := b.Get("a"); got != 1 || !ok {
		t.Errorf("a: %d, %v", got, ok)
	}
	b.Keep("c", 3, 40)
	b.Keep("huge", 4, 101)
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "huge": false} {
		if _, ok := b.Get(key); ok != want {
			t.Errorf("%s is kept: %v, want %v", key, ok, want)
		}
	}
	b.Keep("a", 9, 40)
	if got, _ := b.Get("a"); got != 1 || b.used != 80 || len(b.kept) != 2 {
		t.Errorf("a: %d; %d bytes in %d", got, b.used, len(b.kept))
	}
}
