package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/e2e/stack"
)

// cpu is what each part has computed so far. On a machine that others use too,
// the CPU a document costs tells more than the clock.
type cpu map[string]time.Duration

// The parts of a cpu beside those of the stack: people and signatures are in
// this process, and so is the floor's worker.
const (
	clientSide = "clients"
	database   = "postgres"
)

func (t *town) cpu(b *testing.B) cpu {
	b.Helper()
	postmaster, err := t.Cluster.PID()
	if err != nil {
		b.Fatal(err)
	}
	all := cpu{clientSide: computed(b, os.Getpid()), database: computedByFamily(b, postmaster)}
	for _, part := range []string{stack.Server, stack.Worker, stack.Temporal} {
		if t.Runs(part) {
			all[part] = computed(b, t.PID(part))
		}
	}
	return all
}

// since is what n documents cost each since an earlier look, in milliseconds.
func (c cpu) since(before cpu, n int) (total float64, parts string) {
	var words []string
	for _, part := range []string{clientSide, stack.Server, stack.Worker, stack.Temporal, database} {
		if _, ran := c[part]; !ran {
			continue
		}
		one := (c[part] - before[part]).Seconds() * 1000 / float64(n)
		total += one
		words = append(words, fmt.Sprintf("%s %.*f", part, digits(one), one))
	}
	return total, strings.Join(words, ", ")
}

// digits that a figure of some milliseconds is told with.
func digits(ms float64) int {
	if ms < 2 {
		return 2
	}
	return 0
}

const tick = 10 * time.Millisecond // of /proc, on every Linux that Go runs on

// computed is a process's own time, with that of the children it has waited for.
func computed(b *testing.B, pid int) time.Duration {
	b.Helper()
	fields, ok := stat(pid)
	if !ok {
		b.Fatalf("process %d is gone", pid)
	}
	var sum time.Duration
	for _, field := range fields[11:15] {
		ticks, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ticks) * tick
	}
	return sum
}

// computedByFamily adds the living children.
func computedByFamily(b *testing.B, parent int) time.Duration {
	b.Helper()
	sum := computed(b, parent)
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, process := range processes {
		pid, err := strconv.Atoi(filepath.Base(process))
		if err != nil {
			b.Fatal(err)
		}
		if fields, ok := stat(pid); ok && fields[1] == strconv.Itoa(parent) {
			sum += computed(b, pid)
		}
	}
	return sum
}

// stat is /proc/<pid>/stat from the state on; the name before it may hold anything.
func stat(pid int) (fields []string, ok bool) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, false
	}
	fields = strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	return fields, len(fields) > 15
}
