package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
)

// dice answers "how much" by names instead of by chance: the same names always
// give the same answer, in any order of asking.
type dice string

func throw(names ...string) dice { return dice(strings.Join(names, "\x00")) }

// more is other dice about the same thing.
func (d dice) more(names ...string) dice { return throw(append([]string{string(d)}, names...)...) }

func (d dice) number() uint64 {
	sum := sha256.Sum256([]byte(d))
	return binary.BigEndian.Uint64(sum[:])
}

// between is a number from low to high, both included; low when high is less.
func (d dice) between(low, high int64) int64 {
	if high <= low {
		return low
	}
	return low + int64(d.number()%uint64(high-low+1))
}

// oneIn is true once in n times.
func (d dice) oneIn(n int64) bool { return d.between(1, n) == 1 }

// shuffled is the list in the order of the dice.
func (d dice) shuffled(list []string) []string {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b string) int { return compare(d.more(a).number(), d.more(b).number()) })
	return out
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
