package storage

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"cchc/domain/prose"
)

// Piece is a part of a text: marked, it is one of the words looked for. Pages
// write each piece as text; nothing of it is markup.
type Piece struct {
	Text   string
	Marked bool
}

const (
	snippetWords  = 36 // of a snippet
	snippetBefore = 8  // of them before the first word found
)

// Marker finds the words of a query in texts. It keeps how words fold: a text
// repeats the same few hundred.
type Marker struct {
	terms  []term
	folded []string       // the terms without diacritics
	known  map[string]int // word as written: index of its term, -1: none
	read   []found        // of the text that was read last
}

// NewMarker is a marker for one query.
func NewMarker(t Terms) *Marker {
	m := &Marker{terms: t.words, known: map[string]int{}}
	for _, one := range t.words {
		m.folded = append(m.folded, Fold(one.word))
	}
	return m
}

// fit is which term a word is meant by; -1: none.
func (m *Marker) fit(word string) int {
	if at, ok := m.known[word]; ok {
		return at
	}
	kept := asKept(word)
	folded := Fold(kept)
	at := slices.IndexFunc(m.terms, func(t term) bool { return t.fits(kept, folded) })
	m.known[word] = at
	return at
}

// found is one word of a text.
type found struct {
	from, to int
	term     int // -1: none
}

// Mark cuts a short text, such as a name, into pieces.
func (m *Marker) Mark(text string) []Piece {
	return pieces(text, 0, len(text), m.words(text))
}

// words is the words of a text; it holds until the next text is read.
func (m *Marker) words(text string) []found {
	m.read = m.read[:0]
	eachWord(text, func(word string, from, to int) {
		m.read = append(m.read, found{from, to, m.fit(word)})
	})
	return m.read
}

// A Passage is a section as it is written, and beside it its letters without
// diacritics, among which a word is looked for in no time; its text is read only
// where that has words.
type Passage struct {
	source, folded string
	plain          func() string
	former         bool // it has been replaced since
}

func newPassage(source string) Passage {
	plain := sync.OnceValue(func() string { return prose.Parse(source).Plain() })
	return Passage{source: source, folded: Fold(source), plain: plain}
}

// Passages is the sections in the order of their codes.
func Passages(sections map[string]string) []Passage {
	passages := make([]Passage, 0, len(sections)+1)
	for _, code := range slices.Sorted(maps.Keys(sections)) {
		passages = append(passages, newPassage(sections[code]))
	}
	return passages
}

// Snippet is the part of the passages that has most of the words together; nil
// when none has any: then it was found by its name or number. The passages that
// may have most are read first.
func (m *Marker) Snippet(passages []Passage) []Piece {
	pieces, _ := m.snippet(passages)
	return pieces
}

// snippet tells besides whether the passage has been replaced since.
func (m *Marker) snippet(passages []Passage) (best []Piece, former bool) {
	within, order := make([]int, len(passages)), make([]int, len(passages))
	for i, one := range passages {
		within[i], order[i] = m.within(one.folded), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return within[b] - within[a] })
	most := 0
	for _, i := range order {
		if within[i] <= most {
			break
		}
		text := passages[i].plain()
		words := m.words(text)
		if at, different := m.densest(words); different > most {
			first := max(at-snippetBefore, 0)
			most, best = different, shortened(text, words, first, min(first+snippetWords, len(words)))
			former = passages[i].former
		}
	}
	return best, former
}

// within is how many of the terms a folded text can have at most.
func (m *Marker) within(folded string) (most int) {
	for i, letters := range m.folded {
		if hasWord(folded, letters, m.terms[i].begun) {
			most++
		}
	}
	return most
}

// hasWord tells whether a word may be in a folded text, which is so unless every
// place where its letters stand is within a longer word.
func hasWord(folded, word string, begun bool) bool {
	for from := 0; ; {
		at := strings.Index(folded[from:], word)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(word)
		if (at == 0 || !plainLetter(folded[at-1])) && (begun || end == len(folded) || !plainLetter(folded[end])) {
			return true
		}
		from = end
	}
}

// plainLetter tells of letters and digits without marks.
func plainLetter(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// densest is the word from which on the next ones hold most different terms.
func (m *Marker) densest(words []found) (at, different int) {
	for i, word := range words {
		if word.term < 0 {
			continue
		}
		seen := map[int]bool{}
		for _, next := range words[i:min(i+snippetWords-snippetBefore, len(words))] {
			if next.term >= 0 {
				seen[next.term] = true
			}
		}
		if len(seen) > different {
			at, different = i, len(seen)
		}
		if different == len(m.terms) {
			return at, different
		}
	}
	return at, different
}

// shortened is the words from first to last, with a sign where text is left out.
func shortened(text string, words []found, first, last int) []Piece {
	from, to := 0, len(text)
	var all []Piece
	if first > 0 {
		from = words[first].from
		all = append(all, Piece{Text: "… "})
	}
	if last < len(words) {
		to = words[last-1].to
	}
	all = append(all, pieces(text, from, to, words[first:last])...)
	if last < len(words) {
		all = append(all, Piece{Text: " …"})
	}
	return all
}

// pieces cuts text[from:to] at the words found; runs of space become one.
func pieces(text string, from, to int, words []found) []Piece {
	var all []Piece
	add := func(part string, marked bool) {
		if part = oneSpace(part); part != "" {
			all = append(all, Piece{Text: part, Marked: marked})
		}
	}
	at := from
	for _, word := range words {
		if word.term >= 0 {
			add(text[at:word.from], false)
			add(text[word.from:word.to], true)
			at = word.to
		}
	}
	add(text[at:to], false)
	return all
}

// oneSpace makes runs of space one, keeping those at the ends.
func oneSpace(text string) string {
	inner := strings.Join(strings.Fields(text), " ")
	if inner == "" {
		if text == "" {
			return ""
		}
		return " "
	}
	if strings.TrimLeft(text, " \n\t") != text {
		inner = " " + inner
	}
	if strings.TrimRight(text, " \n\t") != text {
		inner += " "
	}
	return inner
}
