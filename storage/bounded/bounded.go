// Package bounded keeps what never changes, up to a number of bytes. It knows neither
// what it keeps nor who may read it.
package bounded

import (
	"container/list"
	"sync"
)

// Cache keeps what has been read or reckoned from rows that never change, up to a
// number of bytes; what was asked for longest ago goes first. It says nothing of who
// may read: whoever asks it has been let through by a statement already.
type Cache[K comparable, V any] struct {
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

// New makes an empty cache of that many bytes.
func New[K comparable, V any](most int) *Cache[K, V] {
	return &Cache[K, V]{most: most, kept: map[K]*list.Element{}}
}

// Get gives what is kept. Nobody may change it.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.kept[key]
	if !ok {
		return value, false
	}
	c.newest.MoveToFront(at)
	one, _ := at.Value.(entry[K, V])
	return one.value, true
}

// Keep takes a value of about so many bytes.
func (c *Cache[K, V]) Keep(key K, value V, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.kept[key]; known || bytes > c.most {
		return
	}
	c.kept[key] = c.newest.PushFront(entry[K, V]{key, value, bytes})
	c.used += bytes
	for c.used > c.most {
		oldest, _ := c.newest.Remove(c.newest.Back()).(entry[K, V])
		delete(c.kept, oldest.key)
		c.used -= oldest.bytes
	}
}
