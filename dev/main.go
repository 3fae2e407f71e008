// Command dev is the one command of a developer: it brings up the whole system
// on this machine and takes it down again.
//
// It finds or installs PostgreSQL and runs a private cluster, builds and runs
// the local Temporal, migrates and seeds, and starts worker and server as the
// same binaries, told by the same variables, as production. It decides nothing
// about documents; production never runs it. "dev build" only compiles the
// binaries into bin/; "dev stop server" and "dev start server" take one part of
// the running system away and bring it back.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

func main() {
	out := newReport(os.Stdout)
	if err := run(out, os.Args[1:]); err != nil {
		out.say("cannot go on: %v", err)
		os.Exit(1)
	}
}

func run(out *report, args []string) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	s, err := readSettings(root, os.Getenv)
	if err != nil {
		return err
	}
	ctx, stop := untilSignalled(out)
	defer stop()
	switch {
	case len(args) == 1 && args[0] == "build":
		return buildAll(ctx, root, out)
	case len(args) == 2 && (args[0] == "stop" || args[0] == "start"):
		return turn(s, root, args[1], args[0] == "start", out)
	case len(args) > 0:
		return errors.New("usage: dev [build | stop PART | start PART]")
	}
	l := &launcher{settings: s, out: out, root: root}
	defer l.stop()
	err = l.start(ctx)
	if ctx.Err() != nil {
		return nil // Ctrl-C in the middle of starting is no error
	}
	if err != nil {
		return err
	}
	l.watch(ctx)
	return nil
}

// untilSignalled ends the context at the first Ctrl-C, kill or hang-up. One
// press may arrive more than once, from the terminal and from make; only a
// later one, by somebody who does not want to wait, ends the launcher at once,
// and the kernel then ends its children.
func untilSignalled(out *report) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		first := time.Now()
		out.say("stopping; once more to stop at once")
		cancel()
		for range signals {
			if time.Since(first) > 2*time.Second {
				os.Exit(130)
			}
		}
	}()
	return ctx, cancel
}

// findRoot is the checkout: the nearest folder above that holds go.mod and
// this program.
func findRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "dev", "temporal", "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("run this inside the checkout")
		}
	}
}

// report tells a person what happens, with the time since the start. Lines of
// several goroutines do not mix.
type report struct {
	began time.Time
	mutex sync.Mutex
	to    io.Writer
}

func newReport(to io.Writer) *report { return &report{began: time.Now(), to: to} }

func (r *report) say(format string, args ...any) {
	r.print("[%3.0fs] "+format, append([]any{time.Since(r.began).Seconds()}, args...)...)
}

func (r *report) print(format string, args ...any) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_, _ = fmt.Fprintf(r.to, format+"\n", args...)
}

// Write lets other packages tell their progress, a line a call.
func (r *report) Write(line []byte) (int, error) {
	r.say("%s", bytes.TrimRight(line, "\n"))
	return len(line), nil
}
