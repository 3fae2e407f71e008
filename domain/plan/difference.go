package plan

import "slices"

// ChangeKind says what happened to a task between two versions of a plan.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed" // some column says something else; it may stand elsewhere too
	Moved   ChangeKind = "moved"   // the same words at another place
)

// Change is one task that differs. Rows are counted from 1; 0 where there is none.
type Change struct {
	Key       string
	Kind      ChangeKind
	Before    Task // the zero Task when added
	After     Task // the zero Task when removed
	RowBefore int
	RowAfter  int
	Columns   []string // of Changed: those that differ, in the order of Columns
	Moved     bool     // it stands elsewhere among the tasks that both versions have
}

// Differences lists the tasks that differ from one table to the other, in the order
// of the later one; removed tasks come where they stood. Tasks are told by their
// keys. It is empty exactly when both say the same in the same order. Of tasks that
// changed places the fewest possible are called moved.
func Differences(before, after []Task) []Change {
	moved := movedKeys(before, after)
	var found []Change
	next := 0 // rows of before that have been passed
	for row, task := range after {
		at := Index(before, task.Key)
		if at < 0 {
			found = append(found, Change{Key: task.Key, Kind: Added, After: task, RowAfter: row + 1})
			continue
		}
		if !moved[task.Key] {
			found = append(found, removals(before[next:at], after, next)...)
			next = at + 1
		}
		change := Change{
			Key: task.Key, Before: before[at], After: task, RowBefore: at + 1, RowAfter: row + 1,
			Columns: before[at].Differing(task), Moved: moved[task.Key],
		}
		switch {
		case len(change.Columns) > 0:
			change.Kind = Changed
		case change.Moved:
			change.Kind = Moved
		default:
			continue
		}
		found = append(found, change)
	}
	return append(found, removals(before[next:], after, next)...)
}

// removals are those of the rows, the first of which is the offset-th from 0, that
// the later table lacks.
func removals(rows, after []Task, offset int) []Change {
	var gone []Change
	for i, task := range rows {
		if Index(after, task.Key) < 0 {
			gone = append(gone, Change{Key: task.Key, Kind: Removed, Before: task, RowBefore: offset + i + 1})
		}
	}
	return gone
}

// movedKeys are the tasks outside the longest run that keeps its order.
func movedKeys(before, after []Task) map[string]bool {
	var places []int // where the tasks of after stood, those that did
	for _, task := range after {
		if at := Index(before, task.Key); at >= 0 {
			places = append(places, at)
		}
	}
	kept := longestIncreasing(places)
	moved := map[string]bool{}
	for _, at := range places {
		if _, stays := slices.BinarySearch(kept, at); !stays {
			moved[before[at].Key] = true
		}
	}
	return moved
}

// longestIncreasing is a longest increasing part of a list of distinct numbers.
func longestIncreasing(numbers []int) []int {
	length, from, best := make([]int, len(numbers)), make([]int, len(numbers)), -1
	for i, n := range numbers {
		length[i], from[i] = 1, -1
		for j := range i {
			if numbers[j] < n && length[j]+1 > length[i] {
				length[i], from[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	var run []int
	for i := best; i >= 0; i = from[i] {
		run = append(run, numbers[i])
	}
	slices.Reverse(run)
	return run
}
