package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A failure is a test, or a whole package, that did not pass, with what it said.
type failure struct {
	pkg, test string // without a test: the package was not built, or ended by itself
	said      []string
}

// summary gathers what failed over all steps, for the last lines of a run.
type summary struct {
	mutex    sync.Mutex
	failures []failure
}

func (s *summary) add(f failure) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failures = append(s.failures, f)
}

// How much of a failed test the summary repeats: its first lines say why.
const (
	mostLines      = 30
	mostOfParent   = 8 // whose children say more
	mostCharacters = 300
)

// print says what failed and why, what contains others before them.
func (s *summary) print(out io.Writer) {
	if len(s.failures) == 0 {
		return
	}
	_, _ = fmt.Fprintf(out, "\n=== what failed, and why\n")
	for _, f := range slices.Backward(s.failures) {
		most := mostLines
		if s.hasChildren(f) {
			most = mostOfParent
		}
		_, _ = fmt.Fprintf(out, "--- %s %s\n", f.pkg, f.test)
		for _, line := range f.said[:min(len(f.said), most)] {
			if letters := []rune(line); len(letters) > mostCharacters {
				line = string(letters[:mostCharacters]) + "…"
			}
			_, _ = fmt.Fprintln(out, line)
		}
		if left := len(f.said) - most; left > 0 {
			_, _ = fmt.Fprintf(out, "    … and %d more lines above\n", left)
		}
	}
}

func (s *summary) hasChildren(of failure) bool {
	return slices.ContainsFunc(s.failures, func(f failure) bool {
		return f.pkg == of.pkg && f.test != of.test && (of.test == "" || strings.HasPrefix(f.test, of.test+"/"))
	})
}

// event is a line of go test -json, or of the build before it.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of what is built
	FailedBuild                   string
}

// reader turns what go test -json says into words: what each test has said in one piece
// as it ends, if it failed or all are wanted; and keeps what failed.
type reader struct {
	out     io.Writer
	all     bool
	summary *summary
	rest    []byte              // an unfinished line
	said    map[string][]string // by package and test, of what has not ended
	failed  map[string]bool     // packages with a failed test
}

func newReader(out io.Writer, all bool, s *summary) *reader {
	return &reader{out: out, all: all, summary: s, said: map[string][]string{}, failed: map[string]bool{}}
}

func (r *reader) Write(p []byte) (int, error) {
	r.rest = append(r.rest, p...)
	for {
		end := bytes.IndexByte(r.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		line := string(r.rest[:end])
		r.rest = r.rest[end+1:]
		var e event
		if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
			_, _ = fmt.Fprintln(r.out, line) // go itself speaks: a download, a build
			continue
		}
		r.take(e)
	}
}

func (r *reader) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		r.hear(key, e)
	case "build-output":
		r.said[e.ImportPath] = append(r.said[e.ImportPath], strings.TrimRight(e.Output, "\n"))
		_, _ = fmt.Fprint(r.out, e.Output)
	case "build-fail":
		r.summary.add(failure{pkg: e.ImportPath, said: r.said[e.ImportPath]})
	case "pass", "skip":
		if e.Test != "" && r.all {
			r.speak(key)
		}
		delete(r.said, key)
	case "fail":
		if e.Test == "" {
			r.packageFailed(e)
			return
		}
		r.failed[e.Package] = true
		r.speak(key)
		r.fail(e.Package, e.Test)
	}
}

// hear keeps what a test says; what a package says comes at once. That a test runs,
// pauses and goes on is no news.
func (r *reader) hear(key string, e event) {
	if strings.HasPrefix(e.Output, "=== ") {
		return
	}
	r.said[key] = append(r.said[key], strings.TrimRight(e.Output, "\n"))
	if e.Test == "" && strings.TrimSpace(e.Output) != "PASS" {
		_, _ = fmt.Fprint(r.out, e.Output)
	}
}

func (r *reader) speak(key string) {
	for _, line := range r.said[key] {
		_, _ = fmt.Fprintln(r.out, line)
	}
}

func (r *reader) fail(pkg, test string) {
	key := pkg + " " + test
	said := slices.DeleteFunc(r.said[key], func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "--- FAIL: ") })
	r.summary.add(failure{pkg: pkg, test: test, said: said})
	delete(r.said, key)
}

// packageFailed keeps what cut a package short: tests that never ended, then the package
// itself, unless a failed test or build has said it all.
func (r *reader) packageFailed(e event) {
	for _, key := range slices.Sorted(maps.Keys(r.said)) {
		test, own := strings.CutPrefix(key, e.Package+" ")
		if own && test != "" {
			r.speak(key)
			r.fail(e.Package, test)
			r.failed[e.Package] = true
		}
	}
	if !r.failed[e.Package] && e.FailedBuild == "" {
		r.fail(e.Package, "")
	}
	delete(r.said, e.Package+" ")
}
