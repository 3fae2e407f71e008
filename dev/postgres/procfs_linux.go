package postgres

import (
	"os"
	"path/filepath"
	"strconv"
)

// worksHere tells whether a live process works in the data folder. A zombie,
// which stays for ever where process 1 does not reap, has no folder.
func (h home) worksHere(pid int) bool {
	folder, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	return err == nil && folder == h.realData()
}

// occupied tells whether any process, the server or one of its backends, still
// works in the data folder.
func (h home) occupied() bool {
	data := h.realData()
	processes, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is well formed
	for _, cwd := range processes {
		if folder, err := os.Readlink(cwd); err == nil && folder == data {
			return true
		}
	}
	return false
}

// realData is the data folder as the kernel names it.
func (h home) realData() string {
	if real, err := filepath.EvalSymlinks(h.data()); err == nil {
		return real
	}
	return h.data()
}
