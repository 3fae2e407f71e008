package bench

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// table is what the run prints in the end.
type table [][4]string

// add takes a figure, its floor and the ratio of the two; a figure without a
// floor has neither.
func (t *table) add(what, measured, floor string, ratio float64) {
	row := [4]string{what, measured, floor, ""}
	if floor != "" {
		row[3] = fmt.Sprintf("%.2f", ratio)
	}
	*t = append(*t, row)
}

func (t *table) print() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintf(out, "\n\nFIGURE\tMEASURED\tFLOOR\tRATIO\n")
	for _, row := range *t {
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", row[0], row[1], row[2], row[3])
	}
	_ = out.Flush()
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
