package storage

import (
	"container/list"
	"sync"
)

// bounded keeps what has been read of rows that never change, up to a number of
// bytes; what was asked for longest ago goes first. It says nothing of who may
// read: whoever asks it has been let through by a statement already.
type bounded[K comparable, V any] struct {
	most int // bytes

	mu     sync.Mutex
	used   int
	kept   map[K]*list.Element
	newest list.List // of entry[K, V]
}

type entry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

func newBounded[K comparable, V any](most int) *bounded[K, V] {
	return &bounded[K, V]{most: most, kept: map[K]*list.Element{}}
}

// get gives what is kept. Nobody may change it.
func (b *bounded[K, V]) get(key K) (value V, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at, ok := b.kept[key]
	if !ok {
		return value, false
	}
	b.newest.MoveToFront(at)
	one, _ := at.Value.(entry[K, V])
	return one.value, true
}

// keep takes a value of about so many bytes.
func (b *bounded[K, V]) keep(key K, value V, bytes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.kept[key]; known || bytes > b.most {
		return
	}
	b.kept[key] = b.newest.PushFront(entry[K, V]{key, value, bytes})
	b.used += bytes
	for b.used > b.most {
		oldest, _ := b.newest.Remove(b.newest.Back()).(entry[K, V])
		delete(b.kept, oldest.key)
		b.used -= oldest.bytes
	}
}
