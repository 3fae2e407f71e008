package web

import "sync"

// turns lets one request at a time work on something, by its name.
type turns struct{ held sync.Map }

// take waits for the turn; call the result to give it back.
func (t *turns) take(name string) func() {
	lock, _ := t.held.LoadOrStore(name, &sync.Mutex{})
	mutex := lock.(*sync.Mutex)
	mutex.Lock()
	return mutex.Unlock
}
