package storage

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSharedReadsAreNeverOlderThanTheQuestion: whoever asks after a change sees it, and
// those who wait together cost one reading.
func TestSharedReadsAreNeverOlderThanTheQuestion(t *testing.T) {
	var s sharedReads[int64]
	var stands, made atomic.Int64
	began, goOn := make(chan struct{}, 1), make(chan struct{})
	read := func(context.Context) (int64, error) {
		made.Add(1)
		value := stands.Load() // what its snapshot sees
		began <- struct{}{}
		<-goOn
		return value, nil
	}
	var group sync.WaitGroup
	ask := func(want int64) {
		group.Go(func() {
			if got, err := s.get(context.Background(), "a", read); err != nil || got < want {
				t.Errorf("%d, %v: a change to %d came before the question", got, err, want)
			}
		})
	}
	ask(0)
	<-began
	stands.Store(1)
	for range 20 {
		ask(1)
	}
	for waits := 0; waits == 0; { // until somebody waits for the next reading
		s.mutex.Lock()
		waits = len(s.next)
		s.mutex.Unlock()
	}
	close(goOn)
	go func() {
		for range began {
			continue
		}
	}()
	group.Wait()
	close(began)
	if n := made.Load(); n > 21 || n < 2 {
		t.Errorf("%d readings were made", n)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.next) > 0 {
		t.Error("something is left over")
	}
}

// TestOneReadersLeavingEndsNobodyElsesReading, nor does a reading that breaks down.
func TestOneReadersLeavingEndsNobodyElsesReading(t *testing.T) {
	var s sharedReads[string]
	goOn := make(chan struct{})
	read := func(ctx context.Context) (string, error) {
		<-goOn
		return "there", ctx.Err()
	}
	leaving, leave := context.WithCancel(context.Background())
	first := s.ask(context.WithoutCancel(leaving), "a", read)
	leave()
	if _, err := s.get(leaving, "a", read); !errors.Is(err, context.Canceled) {
		t.Errorf("who has left is answered: %v", err)
	}
	close(goOn)
	if <-first.done; first.value != "there" || first.err != nil {
		t.Errorf("%q, %v", first.value, first.err)
	}
	if _, err := s.get(context.Background(), "b", func(context.Context) (string, error) { panic("x") }); err == nil {
		t.Error("a panic is no error")
	}
	if got, err := s.get(context.Background(), "b", read); got != "there" || err != nil {
		t.Errorf("after it: %q, %v", got, err)
	}
}
