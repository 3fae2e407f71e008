package prose

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The editor in the browser is held to the same cases.
func TestCases(t *testing.T) {
	file, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Source, Written string
		Blocks                Text
	}
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 15 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			got := Parse(c.Source)
			if len(got)+len(c.Blocks) > 0 && !reflect.DeepEqual(got, c.Blocks) {
				t.Errorf("blocks\n got %s\nwant %s", asJSON(t, got), asJSON(t, c.Blocks))
			}
			if written := got.String(); written != c.Written {
				t.Errorf("written\n got %q\nwant %q", written, c.Written)
			}
			checkRoundTrip(t, c.Source)
		})
	}
}

func asJSON(t *testing.T, text Text) string {
	t.Helper()
	out, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// checkRoundTrip is what every text must hold to.
func checkRoundTrip(t *testing.T, source string) {
	t.Helper()
	text := Parse(source)
	if again := Parse(text.String()); !reflect.DeepEqual(again, text) {
		t.Fatalf("%q was read as\n %s\nwritten as %q, and read again as\n %s",
			source, asJSON(t, text), text.String(), asJSON(t, again))
	}
	checkSound(t, text)
}

// checkSound checks what the types promise.
func checkSound(t *testing.T, text Text) {
	t.Helper()
	level := -1
	for _, block := range text {
		switch {
		case block.Kind == Table:
			for _, row := range block.Rows {
				if len(row) != len(block.Rows[0]) || len(row) == 0 || len(row) > MostColumns {
					t.Fatalf("a row of %d cells in %s", len(row), asJSON(t, text))
				}
				for _, cell := range row {
					checkRuns(t, cell)
				}
			}
		case len(block.Runs) == 0:
			t.Fatalf("a block without letters in %s", asJSON(t, text))
		case block.Level > level+1 || block.Level > DeepestLevel:
			t.Fatalf("level %d under %d in %s", block.Level, level, asJSON(t, text))
		}
		checkRuns(t, block.Runs)
		level = -1
		if block.Item() {
			level = block.Level
		}
	}
}

func checkRuns(t *testing.T, runs []Run) {
	t.Helper()
	for i, run := range runs {
		if run.Text == "" || strings.Contains(run.Text, "\n") || i > 0 && run.Bold == runs[i-1].Bold && run.Italic == runs[i-1].Italic {
			t.Fatalf("run %d of %+v", i, runs)
		}
		opens := edge{before: Run{}, after: run}
		if i > 0 {
			opens.before = runs[i-1]
		}
		if opens.opens() && trimLeft(run.Text) != run.Text {
			t.Fatalf("a look begins with a space: %+v", runs)
		}
	}
	if all := plain(runs); trim(all) != all {
		t.Fatalf("spaces at an end: %+v", runs)
	}
}

// Texts made of what the notation is made of must come back, whatever the order.
func TestAnyTextComesBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"*", "**", "***", "****", `\`, " ", "  ", "\t", "\n", "\n\n", "-", "- ", "+ ", "1. ", "12.", "|", "| ", " |", "---", "(", ")", "a", "chữ", "\u00a0", "."}
	for range 40_000 {
		var source strings.Builder
		for range random.IntN(14) {
			source.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkRoundTrip(t, source.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "**a** *b*", "- a\n  1. b", "| a |\n| --- |\n| b \\| |", "\xff\x00", `\***a\(***`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) { checkRoundTrip(t, source) })
}

// Hostile texts must not take longer than their length explains.
func TestParseIsLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"stars": "*a ", "rows": "| a |\n", "bars": "||||||||||||\n", "deep": "- a\n  - a\n    - a\n", "unclosed": "|a", "escapes": `\*`,
	} {
		source := strings.Repeat(piece, 40_000)
		began := time.Now()
		written := Parse(source).String()
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %v for %d bytes", name, took, len(source))
		}
		if len(written) == 0 || len(written) > 4*len(source) {
			t.Errorf("%s: %d bytes became %d", name, len(source), len(written))
		}
	}
}

func TestPlain(t *testing.T) {
	source := "Đã **công khai**:\n- *đúng hạn*\n  1. hai \\* ba\n| a | **b** |\n| --- | --- |\n| c |"
	want := "Đã công khai:\n- đúng hạn\n  1. hai * ba\na\tb\nc\t"
	text := Parse(source)
	if got := text.Plain(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := text.Words(); got != 11 {
		t.Errorf("%d words", got)
	}
}
