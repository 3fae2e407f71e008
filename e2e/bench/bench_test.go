// Package bench measures the running system: the same binaries as in
// production, a PostgreSQL with fsync on, a real Temporal. It asserts results,
// never times: a busy machine must not fail it. Beside each figure stands a
// floor measured in the same run, and the ratio of the two is what to read; see
// docs/figures.md.
//
// `go test` alone runs nothing of it; each part is a benchmark of its own below
// BenchmarkFigures (make bench, make bench PARTS=chain).
package bench

import (
	"testing"
)

// parts run in this order: memory is read after the work.
var parts = []struct {
	name    string
	measure func(*town, *testing.B)
}{
	{"pages", (*town).measurePages},
	{"compare", (*town).measureCompare},
	{"plans", (*town).measurePlanBoards},
	{"queue", (*town).measureQueue},
	{"ranking", (*town).measureRanking},
	{"autosave", (*town).measureAutosave},
	{"signing", (*town).measureSigning},
	{"chain", (*town).measureChain},
	{"answers", (*town).measureAnswers},
	{"launch", (*town).measureLaunch},
	{"deadlines", (*town).measureDeadlines},
	{"extend", (*town).measureExtensions},
	{"burst", (*town).measureBurst},
	{"bundle", (*town).measureBundle},
	{"memory", (*town).measureMemory},
	{"soak", (*town).measureSoak}, // only when it is asked for: make bench names the others
}

// BenchmarkFigures takes every figure once; -benchtime 1x.
func BenchmarkFigures(b *testing.B) {
	t := newTown(b)
	for _, part := range parts {
		b.Run(part.name, func(b *testing.B) {
			b.ReportMetric(0, "ns/op") // the table below says it better
			t.forgetStatements(b)
			part.measure(t, b)
			t.keepStatements(b, part.name)
		})
	}
	print(b, t.pages, t.soaked, t.figures)
}
