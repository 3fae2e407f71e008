package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"cchc/e2e/stack"
)

// measureMemory: what the programs hold after all this, and the most they held.
func (t *town) measureMemory(b *testing.B) {
	for _, part := range []string{stack.Worker, stack.Temporal} {
		now, most := memory(b, t.PID(part))
		t.figures.add("memory of "+part+", now / at most", fmt.Sprintf("%d / %d MB", now, most), "", 0)
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
