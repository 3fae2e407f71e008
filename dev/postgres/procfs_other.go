//go:build unix && !linux

package postgres

import "syscall"

// worksHere believes the number in the file: without /proc a live process
// cannot be asked where it works.
func (h home) worksHere(pid int) bool { return syscall.Kill(pid, 0) == nil }

func (h home) occupied() bool {
	_, alive := h.running()
	return alive
}
