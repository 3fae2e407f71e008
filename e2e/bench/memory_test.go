package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// measureMemory: what the programs hold after all this, and the most they held.
// The server is asked for pages first; the rest of the work went past it.
func (t *town) measureMemory(b *testing.B) {
	t.readPages(b)
	for _, part := range []string{stack.Worker, stack.Server, stack.Temporal} {
		now, most := memory(b, t.PID(part))
		t.figures.add("memory of "+part+", now / at most", fmt.Sprintf("%d / %d MB", now, most), "", 0)
	}
}

// readPages reads work list, document and print, several readers at once.
func (t *town) readPages(b *testing.B) {
	b.Helper()
	const rounds = 25
	t.lives(b, readers, readers)
	t.open(b)
	v := t.mustVisit(b, volume.Officer)
	var document string
	if err := t.Owner.QueryRow(`select id from documents where stage = 'approved' order by closed_at desc limit 1`).Scan(&document); err != nil {
		b.Fatal(err)
	}
	var group errgroup.Group
	group.SetLimit(readers)
	for range readers * rounds {
		for _, page := range []string{"/tasks", "/documents/" + document, "/documents/" + document + "/print.pdf"} {
			group.Go(func() error {
				a, err := v.get(page)
				return a.in(page, err)
			})
		}
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// memory reads the resident set of a process and its peak, in MB.
func memory(b *testing.B, pid int) (now, most int) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kilobytes, _ := strconv.Atoi(fields[1]) // other lines are not wanted
		switch fields[0] {
		case "VmRSS:":
			now = kilobytes / 1024
		case "VmHWM:":
			most = kilobytes / 1024
		}
	}
	return now, most
}
