package prose

import "slices"

// mostPairs bounds the work of one comparison: where more pairs would have to be
// looked at, the middle is taken as wholly different.
const mostPairs = 1 << 19

// piece is a run of equal elements, or of elements that one side has and the
// other has not.
type piece[T any] struct {
	before, after []T
	same          bool
}

// compare finds the fewest changes from before to after, by the longest common
// subsequence under equal.
func compare[T any](before, after []T, equal func(a, b T) bool) []piece[T] {
	head := 0
	for head < len(before) && head < len(after) && equal(before[head], after[head]) {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head &&
		equal(before[len(before)-1-tail], after[len(after)-1-tail]) {
		tail++
	}
	var w pieceWriter[T]
	w.add(before[:head], after[:head], true)
	w.middle(before[head:len(before)-tail], after[head:len(after)-tail], equal)
	w.add(before[len(before)-tail:], after[len(after)-tail:], true)
	return w.pieces
}

type pieceWriter[T any] struct{ pieces []piece[T] }

// add joins what is alike with what it follows.
func (w *pieceWriter[T]) add(before, after []T, same bool) {
	if len(before) == 0 && len(after) == 0 {
		return
	}
	if last := len(w.pieces) - 1; last >= 0 && w.pieces[last].same == same {
		w.pieces[last].before = append(w.pieces[last].before, before...)
		w.pieces[last].after = append(w.pieces[last].after, after...)
		return
	}
	w.pieces = append(w.pieces, piece[T]{slices.Clone(before), slices.Clone(after), same})
}

func (w *pieceWriter[T]) middle(before, after []T, equal func(a, b T) bool) {
	if len(before)*len(after) > mostPairs {
		w.add(before, after, false)
		return
	}
	// lengths[i][j] is the length of the longest common subsequence of the tails.
	width := len(after) + 1
	lengths := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if equal(before[i], after[j]) {
				lengths[i*width+j] = lengths[(i+1)*width+j+1] + 1
			} else {
				lengths[i*width+j] = max(lengths[(i+1)*width+j], lengths[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		switch {
		case equal(before[i], after[j]):
			w.add(before[i:i+1], after[j:j+1], true)
			i, j = i+1, j+1
		case lengths[(i+1)*width+j] >= lengths[i*width+j+1]:
			w.add(before[i:i+1], nil, false)
			i++
		default:
			w.add(nil, after[j:j+1], false)
			j++
		}
	}
	w.add(before[i:], after[j:], false)
}
