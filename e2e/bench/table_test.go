package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"cchc/e2e/stack"
)

// table is one of those that the run prints in the end.
type table struct {
	head []string
	rows [][]string
}

// figures are beside a floor where there is one.
func newFigures() table { return table{head: []string{"Figure", "Measured", "Floor", "Ratio"}} }

// add takes a figure, its floor and the ratio of the two; a figure without a
// floor has neither.
func (t *table) add(what, measured, floor string, ratio float64) {
	row := []string{what, measured, floor, ""}
	if floor != "" {
		row[3] = fmt.Sprintf("%.2f", ratio)
	}
	t.rows = append(t.rows, row)
}

// print writes the tables to the screen, and as Markdown to out/figures.md.
func print(b *testing.B, tables ...table) {
	b.Helper()
	screen := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	var file strings.Builder
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		_, _ = fmt.Fprintf(screen, "\n\n%s\n", strings.ToUpper(strings.Join(t.head, "\t")))
		_, _ = fmt.Fprintf(&file, "| %s |\n|%s\n", strings.Join(t.head, " | "), strings.Repeat("---|", len(t.head)))
		for _, row := range t.rows {
			_, _ = fmt.Fprintln(screen, strings.Join(row, "\t"))
			_, _ = fmt.Fprintf(&file, "| %s |\n", strings.Join(row, " | "))
		}
		_, _ = fmt.Fprintln(&file)
	}
	_ = screen.Flush()
	out := filepath.Join(stack.Root(), "out")
	if err := os.MkdirAll(out, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "figures.md"), []byte(file.String()), 0o644); err != nil {
		b.Fatal(err)
	}
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// median is the middle one; of an even number, the lower of the two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}

// percentile is the smallest value that p of 100 do not exceed.
func percentile(values []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*p+99)/100-1]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
