// Command checks runs everything that must hold before a change is taken: it
// installs what the tests look at their results with, builds the linters that
// tools/ pins, and runs linters and tests in the order in which they fail
// fastest. "checks lint" stops before the tests.
//
// It decides nothing about what is tested: every test is found by go test, and
// a test of its own holds that every package of e2e is run. The last lines of a run
// that failed say which tests did and why.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
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
	beside    bool // it mostly waits: it runs beside the steps after it, and its words come at the end
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

// testSteps leave vet out: golangci-lint has asked it of every package. One more test
// program, and two more journeys, run at once than there are usually cores: each waits
// for a database, an engine or a page half of its time.
func testSteps() []step {
	return []step{
		{what: "build the local Temporal (the first time takes 5 to 10 minutes) and the programs", dir: ".",
			args: []string{"go", "run", "./dev", "build"}},
		{what: "crash tests of the whole system, beside the others", dir: "e2e", beside: true,
			args: []string{"nice", "-n", "5", "go", "test", "-vet=off", "-count=1", "-parallel", "4", "-timeout", "60m", "-v", "./crash"}}, // "nice": others count seconds
		{what: "tests", dir: ".", args: []string{"go", "test", "-vet=off", "-p", "3", "-timeout", "20m", "./..."}},
		{what: "tests of the local Temporal", dir: "dev/temporal", args: []string{"go", "test", "./..."}},
		{what: "the whole system in a browser", dir: "e2e",
			args: []string{"go", "test", "-vet=off", "-count=1", "-parallel", "3", "-timeout", "60m", "-v", "./bench", "./browser"}},
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
	var failed summary
	err := runAll(ctx, os.Stdout, steps, &failed, func(s step) {
		fmt.Printf("\n=== [%v] %s\n", time.Since(began).Round(time.Second), s.what)
	})
	if err == nil {
		fmt.Printf("\n=== [%v] all passed\n", time.Since(began).Round(time.Second))
	}
	failed.print(os.Stdout)
	return err
}

// runAll runs the steps in their order and stops at the first that fails. It
// returns when those beside have ended too: what they started must be taken down.
func runAll(ctx context.Context, out io.Writer, steps []step, tests *summary, began func(step)) error {
	var beside []func() error
	var failed error
	for _, s := range steps {
		began(s)
		if s.beside {
			beside = append(beside, s.start(ctx, out, tests))
			continue
		}
		if err := s.run(ctx, out, tests); err != nil {
			failed = fmt.Errorf("%s: %w", s.what, err)
			_, _ = fmt.Fprintln(out, "FAILED:", failed)
			break
		}
	}
	for _, wait := range beside {
		failed = errors.Join(failed, wait())
	}
	return failed
}

// start runs the step in the background; the function it returns waits for its
// end and passes its words on.
func (s step) start(ctx context.Context, out io.Writer, tests *summary) (wait func() error) {
	var words bytes.Buffer
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, &words, tests) }()
	return func() error {
		err := <-ended
		_, _ = fmt.Fprintf(out, "\n=== %s\n%s", s.what, &words)
		if err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		return nil
	}
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
// is still at work. Tests that fail are kept in the summary.
func (s step) run(ctx context.Context, out io.Writer, tests *summary) error {
	var heard heard
	var said strings.Builder
	args, words := s.args, io.MultiWriter(out, &heard)
	if s.clean {
		words = io.MultiWriter(out, &said)
	}
	if at := slices.Index(args, "test"); at > 0 && args[at-1] == "go" {
		args = slices.Insert(slices.Clone(args), at+1, "-json")
		words = newReader(words, slices.Contains(args, "-v"), tests)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = s.dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdout, cmd.Stderr = words, words
	finished := make(chan struct{})
	defer close(finished)
	if !s.beside {
		go heard.breakSilence(out, finished)
	}
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

func (h *heard) breakSilence(out io.Writer, finished <-chan struct{}) {
	began := time.Now()
	for {
		select {
		case <-finished:
			return
		case <-time.After(30 * time.Second):
			if !h.Swap(false) {
				_, _ = fmt.Fprintf(out, "... still at work, %v\n", time.Since(began).Round(time.Second))
			}
		}
	}
}
