package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The last lines of a run say of each failed test why it failed, whatever else was said
// after it.
func TestTheSummarySaysWhatFailedAndWhy(t *testing.T) {
	const head = "package sample\n\nimport \"testing\"\n\n"
	rows := []struct {
		name, source string
		fails        bool
		want, not    []string
	}{
		{"all pass", head + `func TestFine(t *testing.T) { t.Log("all is well") }`, false, nil, []string{"failed", "all is well"}},
		{
			"a test within a test", head + `
func TestTown(t *testing.T) {
	t.Cleanup(func() { for range 100 { t.Log("last words") } })
	t.Run("fine", func(t *testing.T) { t.Log("all is well") })
	t.Run("narrative", func(t *testing.T) { t.Fatal("the text is not there\nit is elsewhere") })
}`, true,
			[]string{"--- sample TestTown\n", "last words", "and 92 more lines", "--- sample TestTown/narrative\n    sample_test.go:9: the text is not there\n        it is elsewhere\n"},
			[]string{"all is well", "--- FAIL"},
		},
		{
			"a panic while another waits", head + `
func TestWaits(t *testing.T) { t.Parallel(); select {} }
func TestPanics(t *testing.T) { t.Parallel(); panic("no such unit") }`, true, []string{"panic: no such unit"}, nil,
		},
		{"not built", head + `func TestFine(t *testing.T) { nothing() }`, true, []string{"--- sample", "undefined: nothing"}, nil},
		{"not even begun", head + "func init() { panic(\"no database\") }\n" + `func TestFine(t *testing.T) {}`, true, []string{"--- sample", "panic: no database"}, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.24\n", "sample_test.go": row.source} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out, last strings.Builder
			var failed summary
			tests := step{dir: dir, args: []string{"go", "test", "-vet=off", "-parallel", "2", "."}} // one waits for ever
			if err := tests.run(context.Background(), &out, &failed); (err != nil) != row.fails {
				t.Fatalf("got %v:\n%s", err, &out)
			}
			failed.print(&last)
			for _, want := range row.want {
				if !strings.Contains(last.String(), want) {
					t.Errorf("the summary does not say %q:\n%s\nafter\n%s", want, &last, &out)
				}
			}
			for _, not := range row.not {
				if strings.Contains(last.String(), not) {
					t.Errorf("the summary says %q:\n%s", not, &last)
				}
			}
		})
	}
}
