package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"
)

// buildAll compiles what is not up to date into bin/. It says every ten seconds
// how far it is: the first build of Temporal takes minutes, and silence looks
// like a fault. The compiler's flags are the plain ones, as everywhere: others
// would compile everything once more. The linker alone is told to leave out of
// Temporal what only a debugger reads, which is half of a slow link.
func buildAll(ctx context.Context, root string, out *report) error {
	bin := filepath.Join(root, "bin") + string(filepath.Separator)
	if _, err := os.Stat(filepath.Join(bin, "temporal")); err != nil {
		out.say("building Temporal; the first time takes 5 to 10 minutes on two cores")
	}
	err := compile(ctx, out, "Temporal", filepath.Join(root, "dev", "temporal"), "-ldflags=-s -w", "-o", bin, ".")
	if err != nil {
		return err
	}
	return compile(ctx, out, "server, worker, watch and proxy", root, "-o", bin, "./server", "./worker", "./watch", "./proxy")
}

func compile(ctx context.Context, out *report, what, dir string, args ...string) error {
	args = append([]string{"build", "-v"}, args...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	words := &compileOutput{}
	cmd.Stderr = words
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		began := time.Now()
		for {
			select {
			case <-finished:
				return
			case <-time.After(10 * time.Second):
				took := time.Since(began).Round(time.Second)
				if compiled := words.compiled.Load(); compiled > 1 {
					out.say("still building %s: %d packages compiled, %v", what, compiled, took)
				} else {
					out.say("still building %s: putting it together, %v", what, took)
				}
			}
		}
	}()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, words.text.Bytes())
	}
	return nil
}

// compileOutput counts the packages that go build -v names, one a line.
type compileOutput struct {
	text     bytes.Buffer
	compiled atomic.Int64
}

func (o *compileOutput) Write(p []byte) (int, error) {
	o.compiled.Add(int64(bytes.Count(p, []byte("\n"))))
	return o.text.Write(p)
}
