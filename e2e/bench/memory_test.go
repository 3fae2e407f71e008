package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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

// memories is how the programs' memory went over time.
type memories struct {
	*town
	mutex sync.Mutex
	seen  map[string][]remembered // by part
}

// remembered is one look, in MB.
type remembered struct {
	at             time.Time
	resident, heap float64
}

const lookEvery = 5 * time.Second

func newMemories(t *town) *memories { return &memories{town: t, seen: map[string][]remembered{}} }

// watch looks every few seconds until the context ends.
func (m *memories) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		for _, part := range []string{stack.Server, stack.Worker} {
			one := remembered{at: time.Now(), resident: residentOf(m.PID(part)), heap: heapOf(m.Admin(part))}
			m.mutex.Lock()
			m.seen[part] = append(m.seen[part], one)
			m.mutex.Unlock()
		}
	}
}

func residentOf(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid)) // gone: 0, which is seen
	var size, resident float64
	_, _ = fmt.Sscan(string(raw), &size, &resident)
	return resident * float64(os.Getpagesize()) / (1 << 20)
}

// heapOf reads the heap in use from the program's own metrics.
func heapOf(admin string) float64 {
	response, err := http.Get(admin + "/metrics")
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	raw, _ := io.ReadAll(response.Body)
	for line := range strings.Lines(string(raw)) {
		if value, found := strings.CutPrefix(line, "go_memstats_heap_inuse_bytes "); found {
			bytes, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return bytes / (1 << 20)
		}
	}
	return 0
}

// tell adds where each began and ended, and the slope of the second half.
func (m *memories) tell(figures *table, part string) {
	seen := m.seen[part]
	if len(seen) < 4 {
		return
	}
	second := seen[len(seen)/2:]
	for name, of := range map[string]func(remembered) float64{
		"resident": func(r remembered) float64 { return r.resident }, "Go heap": func(r remembered) float64 { return r.heap },
	} {
		most := 0.0
		for _, one := range seen {
			most = max(most, of(one))
		}
		figures.add(fmt.Sprintf("%s, %s: at half, at the end, most; slope of the second half", part, name),
			fmt.Sprintf("%.0f, %.0f, %.0f MB; %+.1f MB an hour", of(second[0]), of(second[len(second)-1]), most, slope(second, of)), "", 0)
	}
}

// slope is that of the line of least squares, in MB an hour.
func slope(seen []remembered, of func(remembered) float64) float64 {
	var meanX, meanY float64
	for _, one := range seen {
		meanX += one.at.Sub(seen[0].at).Hours() / float64(len(seen))
		meanY += of(one) / float64(len(seen))
	}
	var above, below float64
	for _, one := range seen {
		x := one.at.Sub(seen[0].at).Hours() - meanX
		above += x * (of(one) - meanY)
		below += x * x
	}
	return above / below
}
