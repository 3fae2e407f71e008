package prose

import (
	"slices"
	"strings"
	"unicode"
)

// Pair is one place of two texts that were compared: the same block in both, a
// block that became another, or one that only one side has.
type Pair struct {
	Before, After *Block // nil: that side has none
	Same          bool   // in words, look and place in a list
}

// Compare lays two texts side by side, block by block, in order. A changed block
// stands beside the one it most likely came from. The work is bounded: very long
// texts are paired more coarsely, never wrongly: every block of both sides
// appears once, in its order.
func Compare(before, after Text) []Pair {
	var pairs []Pair
	for _, p := range compare(keyed(before), keyed(after), func(a, b keyedBlock) bool { return a.key == b.key }) {
		if !p.same {
			pairs = append(pairs, align(p.before, p.after)...)
			continue
		}
		for i := range p.before {
			pairs = append(pairs, Pair{Before: p.before[i].block, After: p.after[i].block, Same: true})
		}
	}
	return pairs
}

// Facing puts blocks that only one side has opposite each other where they stand
// in the same place, for a reader who has to choose between them.
func Facing(pairs []Pair) []Pair {
	var faced []Pair
	var before, after []keyedBlock
	end := func() {
		faced = append(faced, inOrder(before, after)...)
		before, after = nil, nil
	}
	for _, pair := range pairs {
		switch {
		case pair.After == nil:
			before = append(before, keyedBlock{block: pair.Before})
		case pair.Before == nil:
			after = append(after, keyedBlock{block: pair.After})
		default:
			end()
			faced = append(faced, pair)
		}
	}
	end()
	return faced
}

// keyedBlock is a block with what makes it equal to another.
type keyedBlock struct {
	key   string // notation
	block *Block
	words map[string]int // counted, when it is looked for a likely partner
	total int
}

func keyed(text Text) []keyedBlock {
	blocks := make([]keyedBlock, len(text))
	for i := range text {
		blocks[i] = keyedBlock{key: Text{text[i]}.String(), block: &text[i]}
	}
	return blocks
}

// Two blocks are one that changed when they share enough words.
const (
	likely   = 400     // of 1,000
	mostLook = 1 << 14 // pairs of blocks to be looked at; beyond, they pair by their order
)

// align pairs the blocks of a stretch where nothing is equal, so that the most
// words stay where they were.
func align(before, after []keyedBlock) []Pair {
	if len(before) == 0 || len(after) == 0 || len(before)*len(after) > mostLook {
		return inOrder(before, after)
	}
	countWords(before)
	countWords(after)
	width := len(after) + 1
	shared := make([]int, len(before)*len(after))
	best := make([]int, (len(before)+1)*width)
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			with := likeness(before[i], after[j])
			shared[i*len(after)+j] = with
			best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			if with >= likely {
				best[i*width+j] = max(best[i*width+j], best[(i+1)*width+j+1]+with)
			}
		}
	}
	var pairs []Pair
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		with := shared[i*len(after)+j]
		switch {
		case with >= likely && best[i*width+j] == best[(i+1)*width+j+1]+with:
			pairs = append(pairs, Pair{Before: before[i].block, After: after[j].block})
			i, j = i+1, j+1
		case best[i*width+j] == best[(i+1)*width+j]:
			pairs = append(pairs, Pair{Before: before[i].block})
			i++
		default:
			pairs = append(pairs, Pair{After: after[j].block})
			j++
		}
	}
	return append(pairs, apart(before[i:], after[j:])...)
}

// inOrder pairs without looking.
func inOrder(before, after []keyedBlock) []Pair {
	both := min(len(before), len(after))
	var pairs []Pair
	for i := range both {
		pairs = append(pairs, Pair{Before: before[i].block, After: after[i].block})
	}
	return append(pairs, apart(before[both:], after[both:])...)
}

func apart(before, after []keyedBlock) []Pair {
	var pairs []Pair
	for _, one := range before {
		pairs = append(pairs, Pair{Before: one.block})
	}
	for _, one := range after {
		pairs = append(pairs, Pair{After: one.block})
	}
	return pairs
}

func countWords(blocks []keyedBlock) {
	for i := range blocks {
		words := strings.Fields(Text{*blocks[i].block}.Plain())
		blocks[i].words, blocks[i].total = make(map[string]int, len(words)), len(words)
		for _, word := range words {
			blocks[i].words[word]++
		}
	}
}

// likeness is how many words of 1,000 two blocks share. A table is never likely
// to have become a paragraph.
func likeness(a, b keyedBlock) int {
	if (a.block.Kind == Table) != (b.block.Kind == Table) || a.total+b.total == 0 {
		return 0
	}
	both := 0
	for word, n := range a.words {
		both += min(n, b.words[word])
	}
	return 2000 * both / (a.total + b.total)
}

// Mark says what became of a span.
type Mark string

// The marks.
const (
	Kept     Mark = ""
	Added    Mark = "added"
	Dropped  Mark = "dropped"
	Restyled Mark = "restyled" // the same letters, now of another look
)

// Span is letters of one look with what became of them.
type Span struct {
	Run
	Mark Mark
}

// Spans compares two rows of runs word by word. Without the added spans it is
// before, save for the look of restyled ones; without the dropped ones it is
// after.
func Spans(before, after []Run) []Span {
	var spans []Span
	add := func(words []word, mark Mark) {
		for _, one := range words {
			for _, run := range one.runs {
				spans = join(spans, Span{run, mark})
			}
		}
	}
	for _, p := range compare(words(before), words(after), func(a, b word) bool { return a.text == b.text }) {
		if !p.same {
			add(p.before, Dropped)
			add(p.after, Added)
			continue
		}
		for i, now := range p.after {
			mark := Kept
			if !slices.Equal(p.before[i].runs, now.runs) {
				mark = Restyled
			}
			add([]word{now}, mark)
		}
	}
	return spans
}

func join(spans []Span, next Span) []Span {
	if last := len(spans) - 1; last >= 0 && spans[last].Mark == next.Mark &&
		spans[last].Bold == next.Bold && spans[last].Italic == next.Italic {
		spans[last].Text += next.Text
		return spans
	}
	return append(spans, next)
}

// word is letters up to the next word, with the space after them.
type word struct {
	text string
	runs []Run
}

// words cuts runs into words.
func words(runs []Run) []word {
	var all []word
	inSpace := true
	for _, run := range runs {
		begin := 0
		for at, letter := range run.Text {
			space := unicode.IsSpace(letter)
			if inSpace && !space {
				all = extend(all, run, begin, at)
				all = append(all, word{})
				begin = at
			}
			inSpace = space
		}
		all = extend(all, run, begin, len(run.Text))
	}
	return all
}

// extend adds a part of the run to the last word.
func extend(all []word, run Run, from, to int) []word {
	if from == to {
		return all
	}
	if len(all) == 0 {
		all = append(all, word{})
	}
	last := &all[len(all)-1]
	run.Text = run.Text[from:to]
	last.text += run.Text
	last.runs = append(last.runs, run)
	return all
}

// Row is one row of two tables that were compared.
type Row struct {
	Mark  Mark     // Added or Dropped: the whole row
	Cells [][]Span // one a column
}

// Rows compares two tables row by row and cell by cell. Rows with another number
// of columns are other rows.
func Rows(before, after [][]Cell) []Row {
	var rows []Row
	whole := func(cells []Cell, mark Mark) {
		row := Row{Mark: mark}
		for _, cell := range cells {
			row.Cells = append(row.Cells, Spans(cell, cell))
		}
		rows = append(rows, row)
	}
	equal := func(a, b []Cell) bool {
		return slices.EqualFunc(a, b, func(a, b Cell) bool { return slices.Equal(a, b) })
	}
	for _, p := range compare(before, after, equal) {
		for i := range max(len(p.before), len(p.after)) {
			switch {
			case i < len(p.before) && i < len(p.after) && len(p.before[i]) == len(p.after[i]):
				row := Row{}
				for c := range p.before[i] {
					row.Cells = append(row.Cells, Spans(p.before[i][c], p.after[i][c]))
				}
				rows = append(rows, row)
				continue
			}
			if i < len(p.before) {
				whole(p.before[i], Dropped)
			}
			if i < len(p.after) {
				whole(p.after[i], Added)
			}
		}
	}
	return rows
}

// Choice is what to keep of a pair that differs.
type Choice string

// The choices.
const (
	KeepBefore Choice = "before"
	KeepAfter  Choice = "after"
	KeepBoth   Choice = "both" // after's first, then before's
)

// Merge puts a text together from pairs: what is the same, and of each pair that
// differs what was chosen, by its number from 0.
func Merge(pairs []Pair, choose func(number int) Choice) Text {
	var merged Text
	add := func(block *Block) {
		if block != nil {
			merged = append(merged, *block)
		}
	}
	number := 0
	for _, pair := range pairs {
		choice := KeepAfter
		if !pair.Same {
			choice = choose(number)
			number++
		}
		if choice != KeepBefore {
			add(pair.After)
		}
		if choice != KeepAfter {
			add(pair.Before)
		}
	}
	return merged
}
