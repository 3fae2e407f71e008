package main

import "syscall"

// apart gives a child a process group of its own, so that Ctrl-C reaches us
// alone, and lets the kernel end it when we are killed. By force: the next
// start wants the ports, and every program survives kill -9 anyway.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
