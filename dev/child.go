package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"cchc/dev/logs"
)

// program is what a child is: how to start it and where its words go.
type program struct {
	name     string
	path     string
	args     []string
	env      []string
	dir      string
	log      string        // file that takes its output
	patience time.Duration // how long it may take to stop
	lines    func(string)  // also told every line of standard output; may be nil
}

// child is a running program. It dies with us, even if we are killed.
type child struct {
	program
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has gone and its output is read
	err   error         // how it went; read after ended
}

// startChild starts the program.
func startChild(p program) (*child, error) {
	log, err := logs.Open(p.log)
	if err != nil {
		return nil, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	c := &child{program: p, ended: make(chan struct{})}
	c.cmd = exec.Command(p.path, p.args...)
	c.cmd.Env, c.cmd.Dir = p.env, p.dir
	c.cmd.SysProcAttr = apart()
	c.cmd.Stdout, c.cmd.Stderr = writer, log
	started := make(chan error)
	go func() {
		// The kernel's signal at our death is tied to the thread that started
		// the child: it must live as long as the child.
		runtime.LockOSThread()
		err := c.cmd.Start()
		_ = writer.Close()
		started <- err
		if err != nil {
			_, _ = reader.Close(), log.Close()
			return
		}
		copyLines(reader, log, p.lines)
		c.err = c.cmd.Wait()
		_ = log.Close()
		close(c.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	return c, nil
}

func copyLines(from io.ReadCloser, log io.Writer, tell func(string)) {
	defer func() { _ = from.Close() }()
	reader := bufio.NewReader(from)
	for {
		line, err := reader.ReadString('\n')
		if line != "" {
			_, _ = io.WriteString(log, line)
			if tell != nil {
				tell(strings.TrimRight(line, "\n"))
			}
		}
		if err != nil {
			return
		}
	}
}

// stop asks the program to end and forces it when it does not.
func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(c.patience):
		_ = c.cmd.Process.Kill()
		<-c.ended
	}
}

// runOnce runs a program to its end and returns what it wrote to standard
// output.
func runOnce(ctx context.Context, p program) (string, error) {
	var said strings.Builder
	p.lines = func(line string) { said.WriteString(line + "\n") }
	c, err := startChild(p)
	if err != nil {
		return "", err
	}
	select {
	case <-c.ended:
	case <-ctx.Done():
		c.stop()
		return "", ctx.Err()
	}
	if c.err != nil {
		return "", fmt.Errorf("%s: %w, its last words:\n%s", p.name, c.err, logs.Tail(p.log, 10))
	}
	return said.String(), nil
}
