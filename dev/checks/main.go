// Command checks runs everything that must hold before a change is taken: it
// installs what the tests look at their results with, builds the linters that
// tools/ pins, and runs linters and tests in the order in which they fail
// fastest. "checks lint" stops before the tests.
//
// It decides nothing about what is tested: every test is found by go test.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"cchc/dev/packages"
)

// needed are the programs the tests call, with Debian's package of each.
// PostgreSQL is not among them: whoever starts a cluster installs it.
var needed = []struct{ program, pkg string }{
	{"chromium", "chromium"},      // pages in a real browser
	{"pdfsig", "poppler-utils"},   // signatures, text and fonts of a PDF, by others than us
	{"qpdf", "qpdf"},              // structure of a PDF
	{"mutool", "mupdf-tools"},     // structure and signatures of a PDF
	{"openssl", "openssl"},        // signatures of a PDF
	{"certutil", "libnss3-tools"}, // the certificate store pdfsig asks
	{"flock", "util-linux"},       // stops the shared PostgreSQL after its last user
}

// step is one command of the run, in a folder of the checkout.
type step struct {
	what, dir string
	args      []string
	clean     bool // what it prints is itself a problem, as with gofmt -l
}

func lintSteps() []step {
	return []step{
		{what: "build the linters (the first time takes some minutes)", dir: "tools", args: []string{"go", "build", "-o", "../bin/",
			"github.com/golangci/golangci-lint/v2/cmd/golangci-lint", "go.temporal.io/sdk/contrib/tools/workflowcheck"}},
		{what: "gofmt", dir: ".", args: []string{"gofmt", "-l", "."}, clean: true},
		{what: "golangci-lint", dir: ".", args: []string{"bin/golangci-lint", "run", "./..."}},
		{what: "golangci-lint of the browser and crash tests", dir: "e2e",
			args: []string{"../bin/golangci-lint", "run", "--config", "../.golangci.yml", "./..."}},
		{what: "workflowcheck", dir: ".", args: []string{"bin/workflowcheck", "./workflows/..."}},
	}
}

func testSteps() []step {
	return []step{
		{what: "tests", dir: ".", args: []string{"go", "test", "-timeout", "20m", "./..."}},
		{what: "build the local Temporal (the first time takes 5 to 10 minutes) and the programs", dir: ".",
			args: []string{"go", "run", "./dev", "build"}},
		{what: "tests of the local Temporal", dir: "dev/temporal", args: []string{"go", "test", "./..."}},
		{what: "the whole system: crash and browser tests", dir: "e2e",
			args: []string{"go", "test", "-count=1", "-p", "1", "-timeout", "60m", "-v", "./..."}},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Println("FAILED:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	steps := lintSteps()
	switch {
	case len(args) == 0:
		if err := install(ctx); err != nil {
			return err
		}
		steps = append(steps, testSteps()...)
	case len(args) != 1 || args[0] != "lint":
		return errors.New("usage: checks [lint]")
	}
	began := time.Now()
	for _, s := range steps {
		fmt.Printf("\n=== [%v] %s\n", time.Since(began).Round(time.Second), s.what)
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	fmt.Printf("\n=== [%v] all passed\n", time.Since(began).Round(time.Second))
	return nil
}

func install(ctx context.Context) error {
	var missing []string
	for _, n := range needed {
		if _, err := exec.LookPath(n.program); err != nil {
			missing = append(missing, n.pkg)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return packages.Install(ctx, os.Stdout, missing...)
}

// run passes the command's words on, and says now and then that a silent one
// is still at work.
func (s step) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.Dir = s.dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	var heard heard
	var said strings.Builder
	cmd.Stdout = io.MultiWriter(os.Stdout, &heard)
	cmd.Stderr = io.MultiWriter(os.Stderr, &heard)
	if s.clean {
		cmd.Stdout = io.MultiWriter(os.Stdout, &said)
	}
	finished := make(chan struct{})
	defer close(finished)
	go heard.breakSilence(finished)
	if err := cmd.Run(); err != nil {
		return err
	}
	if said.Len() > 0 {
		return errors.New("these files are not right")
	}
	return nil
}

// heard remembers whether anything was printed lately.
type heard struct{ atomic.Bool }

func (h *heard) Write(p []byte) (int, error) {
	h.Store(true)
	return len(p), nil
}

func (h *heard) breakSilence(finished <-chan struct{}) {
	began := time.Now()
	for {
		select {
		case <-finished:
			return
		case <-time.After(30 * time.Second):
			if !h.Swap(false) {
				fmt.Printf("... still at work, %v\n", time.Since(began).Round(time.Second))
			}
		}
	}
}
