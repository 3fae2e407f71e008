package storage

import (
	"context"
	"fmt"
	"sync"
)

// sharedReads lets those who ask for the same at the same time have one reading. Nobody
// gets one that began before they asked: whoever comes while one is under way waits for
// the next, together with all who come until that begins. So a reading is never older
// than its question, and however many ask, only one at a time is made. The zero value is
// ready for use.
type sharedReads[V any] struct {
	mutex   sync.Mutex
	next    map[string]*reading[V] // asked for, not begun
	running map[string]bool
}

// reading is one reading and those who wait for it. What it gives is everybody's: nobody
// may change it.
type reading[V any] struct {
	read  func(ctx context.Context) (V, error)
	done  chan struct{}
	value V
	err   error
}

// get is what read gives; the key says what is the same. One reader's leaving ends the
// reading for nobody else.
func (s *sharedReads[V]) get(ctx context.Context, key string, read func(ctx context.Context) (V, error)) (V, error) {
	one := s.ask(context.WithoutCancel(ctx), key, read)
	select {
	case <-one.done:
		return one.value, one.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// ask joins the reading of the key that has not begun, or begins one as soon as the one
// under way has ended.
func (s *sharedReads[V]) ask(ctx context.Context, key string, read func(ctx context.Context) (V, error)) *reading[V] {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.next == nil {
		s.next, s.running = map[string]*reading[V]{}, map[string]bool{}
	}
	one := s.next[key]
	if one == nil {
		one = &reading[V]{read: read, done: make(chan struct{})}
		s.next[key] = one
	}
	if !s.running[key] {
		s.running[key] = true
		go s.run(ctx, key)
	}
	return one
}

// run makes the readings that are asked for, one after the other.
func (s *sharedReads[V]) run(ctx context.Context, key string) {
	for {
		one := s.begin(key)
		if one == nil {
			return
		}
		one.make(ctx)
	}
}

// begin takes the reading that nobody may join any more; nil: none is asked for.
func (s *sharedReads[V]) begin(key string) *reading[V] {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	one := s.next[key]
	delete(s.next, key)
	if one == nil {
		delete(s.running, key)
	}
	return one
}

func (r *reading[V]) make(ctx context.Context) {
	defer close(r.done)
	defer func() { // no request's own goroutine: nothing else would stop a panic
		if p := recover(); p != nil {
			r.err = fmt.Errorf("read what others ask for too: %v", p)
		}
	}()
	r.value, r.err = r.read(ctx)
}
