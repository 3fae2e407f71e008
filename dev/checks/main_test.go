package main

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestStepReports(t *testing.T) {
	rows := []struct {
		name string
		step step
		want string // part of the error; empty: none
	}{
		{"a command that succeeds", step{dir: ".", args: []string{"true"}}, ""},
		{"a command that fails", step{dir: ".", args: []string{"false"}}, "exit status 1"},
		{"silence where words are problems", step{dir: ".", args: []string{"true"}, clean: true}, ""},
		{"words where words are problems", step{dir: ".", args: []string{"echo", "main.go"}, clean: true}, "not right"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := row.step.run(context.Background(), io.Discard, new(summary))
			if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestStepBesideOthers(t *testing.T) {
	rows := []struct {
		name, beside, after string // exit codes
		want                []string
	}{
		{"both succeed", "0", "0", nil},
		{"the one beside fails", "3", "0", []string{"first: exit status 3"}},
		{"the one after it fails", "0", "4", []string{"second: exit status 4"}},
		{"both fail", "3", "4", []string{"first: exit status 3", "second: exit status 4"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			steps := []step{
				{what: "first", dir: ".", beside: true, args: []string{"sh", "-c", "sleep 0.1; echo one; exit " + row.beside}},
				{what: "second", dir: ".", args: []string{"sh", "-c", "echo two; exit " + row.after}},
			}
			var out strings.Builder
			err := runAll(context.Background(), &out, steps, new(summary), func(step) {})
			if (err == nil) != (row.want == nil) {
				t.Fatalf("got %v, want %q", err, row.want)
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not tell %q", err, want)
				}
			}
			if two, one := strings.Index(out.String(), "two"), strings.Index(out.String(), "one"); two < 0 || one < two {
				t.Errorf("the words of the step beside do not come last:\n%s", &out)
			}
		})
	}
}

func TestEveryPackageOfTheWholeSystemIsRun(t *testing.T) {
	files, err := filepath.Glob("../../e2e/*/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests found: %v", err)
	}
	var run []string
	for _, s := range testSteps() {
		if s.dir == "e2e" {
			run = append(run, s.args...)
		}
	}
	for _, file := range files {
		if pkg := "./" + filepath.Base(filepath.Dir(file)); !slices.Contains(run, pkg) {
			t.Errorf("no step runs %s", file)
		}
	}
}
