package main

import "syscall"

// apart gives a child a process group of its own, so that Ctrl-C reaches us
// alone, and lets the kernel end it when we die.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
