package storage

import (
	"slices"
	"strings"
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
	terms []term
	known map[string]int // word as written: index of its term, -1: none
}

// NewMarker is a marker for one query.
func NewMarker(t Terms) *Marker { return &Marker{terms: t.words, known: map[string]int{}} }

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

func (m *Marker) words(text string) []found {
	var words []found
	eachWord(text, func(word string, from, to int) {
		words = append(words, found{from, to, m.fit(word)})
	})
	return words
}

// Snippet is the part of the texts that has most of the words together; nil when
// none has any: then it was found by its name or number.
func (m *Marker) Snippet(texts []string) []Piece {
	var best []Piece
	most := 0
	for _, text := range texts {
		words := m.words(text)
		at, different := m.densest(words)
		if different <= most {
			continue
		}
		first := max(at-snippetBefore, 0)
		last := min(first+snippetWords, len(words))
		most, best = different, shortened(text, words, first, last)
		if most == len(m.terms) {
			break
		}
	}
	return best
}

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
