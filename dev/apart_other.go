//go:build unix && !linux

package main

import "syscall"

// apart gives a child a process group of its own, so that Ctrl-C reaches us
// alone. Here the kernel does not end it when we are killed.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
