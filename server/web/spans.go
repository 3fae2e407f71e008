package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"cchc/templates"
)

// The marks of spans, as templates know them.
const (
	markAdded   = "ins"
	markDropped = "del"
	markDiffers = "differs"
)

// mostPairs bounds the work of comparing: beyond it the middle is taken as
// wholly different.
const mostPairs = 4 << 20

// piece is a run of equal tokens, or of tokens that one side has and the other
// has not.
type piece struct {
	before, after []string
	same          bool // before and after are equal
}

// compare finds the fewest changes from before to after by their longest common
// subsequence.
func compare(before, after []string) []piece {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head &&
		before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	var pieces []piece
	if head > 0 {
		pieces = append(pieces, piece{before[:head], after[:head], true})
	}
	pieces = append(pieces, middle(before[head:len(before)-tail], after[head:len(after)-tail])...)
	if tail > 0 {
		pieces = append(pieces, piece{before[len(before)-tail:], after[len(after)-tail:], true})
	}
	return pieces
}

func middle(before, after []string) []piece {
	switch {
	case len(before) == 0 && len(after) == 0:
		return nil
	case len(before) == 0 || len(after) == 0 || len(before)*len(after) > mostPairs:
		return []piece{{before, after, false}}
	}
	// lengths[i][j] is the length of the longest common subsequence of the tails.
	width := len(after) + 1
	lengths := make([]int32, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				lengths[i*width+j] = lengths[(i+1)*width+j+1] + 1
			} else {
				lengths[i*width+j] = max(lengths[(i+1)*width+j], lengths[i*width+j+1])
			}
		}
	}
	var pieces []piece
	add := func(b, a []string, same bool) {
		if last := len(pieces) - 1; last >= 0 && pieces[last].same == same {
			pieces[last].before = append(pieces[last].before, b...)
			pieces[last].after = append(pieces[last].after, a...)
			return
		}
		pieces = append(pieces, piece{slices.Clone(b), slices.Clone(a), same})
	}
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		switch {
		case before[i] == after[j]:
			add(before[i:i+1], after[j:j+1], true)
			i, j = i+1, j+1
		case lengths[(i+1)*width+j] >= lengths[i*width+j+1]:
			add(before[i:i+1], nil, false)
			i++
		default:
			add(nil, after[j:j+1], false)
			j++
		}
	}
	if i < len(before) || j < len(after) {
		add(before[i:], after[j:], false)
	}
	return pieces
}

// tokens cuts text into words, each with the space after it. Breaks between
// paragraphs stand alone: a paragraph added after a word leaves the word as it is.
func tokens(text string) []string {
	var out []string
	begin, inSpace, inBreak := 0, false, false
	for at, r := range text {
		space, breaks := unicode.IsSpace(r), r == '\n'
		if at > begin && (inSpace && !space || breaks && !inBreak) {
			out = append(out, text[begin:at])
			begin, inBreak = at, false
		}
		inSpace, inBreak = space, inBreak || breaks
	}
	if begin < len(text) {
		out = append(out, text[begin:])
	}
	return out
}

// wordSpans marks what was added and dropped, word by word.
func wordSpans(before, after string) []templates.Span {
	var spans []templates.Span
	add := func(words []string, mark string) {
		if len(words) > 0 {
			spans = append(spans, templates.Span{Text: strings.Join(words, ""), Mark: mark})
		}
	}
	for _, p := range compare(tokens(before), tokens(after)) {
		if p.same {
			add(p.after, "")
			continue
		}
		add(p.before, markDropped)
		add(p.after, markAdded)
	}
	return spans
}

// conflictBlocks lays two texts side by side: runs of equal paragraphs, and
// numbered ones that differ.
func conflictBlocks(mine, theirs string) []templates.ConflictBlock {
	var blocks []templates.ConflictBlock
	number := 0
	for _, p := range compare(strings.Split(mine, "\n"), strings.Split(theirs, "\n")) {
		if p.same {
			// A blank line is a paragraph too; an empty text would mean "differs".
			blocks = append(blocks, templates.ConflictBlock{Same: cmp.Or(strings.Join(p.before, "\n"), "\n")})
			continue
		}
		block := templates.ConflictBlock{Number: number}
		block.Mine, block.Theirs = differing(p.before, p.after)
		blocks = append(blocks, block)
		number++
	}
	return blocks
}

// differing marks on both sides what the other has not: neither is right. A side
// without any paragraph stays empty.
func differing(mine, theirs []string) (left, right []templates.Span) {
	add := func(spans []templates.Span, words []string, mark string) []templates.Span {
		if len(words) == 0 {
			return spans
		}
		return append(spans, templates.Span{Text: strings.Join(words, ""), Mark: mark})
	}
	for _, p := range compare(tokens(strings.Join(mine, "\n")), tokens(strings.Join(theirs, "\n"))) {
		mark := markDiffers
		if p.same {
			mark = ""
		}
		left, right = add(left, p.before, mark), add(right, p.after, mark)
	}
	return left, right
}

// merge puts a text together from the blocks by the choice for each that
// differs: mine, theirs, else both, mine after theirs.
func merge(mine, theirs string, choice func(number int) string) string {
	var lines []string
	number := 0
	for _, p := range compare(strings.Split(mine, "\n"), strings.Split(theirs, "\n")) {
		if p.same {
			lines = append(lines, p.before...)
			continue
		}
		switch choice(number) {
		case "mine":
			lines = append(lines, p.before...)
		case "theirs":
			lines = append(lines, p.after...)
		default:
			lines = append(append(lines, p.after...), p.before...)
		}
		number++
	}
	return strings.Join(lines, "\n")
}
